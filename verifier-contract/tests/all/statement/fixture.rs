//! A venue of the demo's rules, without cover and with it, attestations of it, and a chain that knows
//! them.

use std::{collections::BTreeMap, fmt::Write, sync::OnceLock};

use alloy_primitives::{Address, B256, Bytes, U256, keccak256};
use alloy_sol_types::{SolCall, SolConstructor, SolError, SolValue, sol};
use pacioli_attestation::{
    Candidate, Verified, VerifyingKey, VolumeId,
    encoding::{parse_point, parse_value, value_bytes},
    opening::Opened,
    proof_layout,
    setup::{Setup, insecure_setup},
    statement::{Statement, StatementError, check},
};
use pacioli_circuits::{Account, InstrumentId, Line, Quantity};
use pacioli_prover::{
    Book, Inputs, OperatorSecret, Placement, RunSecrets, RunStore, Salt, Strictness,
    snapshot::read_csv,
    statements::{Holder, Run, make},
};
use pacioli_rules::{Compiled, Prices, Rules};
use pacioli_verifier_contract::{
    artifacts,
    bindings::Worth,
    evm::{Evm, Output, Revert},
    statement::{
        Appended, OnChain as Encoded, Record,
        StatementVerifier::{checkCall, checkReturn, constructorCall},
        encode, form_bytes, show_page, table_hash, table_words,
    },
};

sol! {
    contract MockVerifier {
        constructor(bytes32 key, uint256 k, uint256 pageSize);
    }

    contract MockVolumes {
        error MockNoVolume();
        function revoke(bytes32 venue, uint64 round) external;
    }
}

const RULES: &str = include_str!("../../../../cli/sample/rules.toml");
const PRICES: &str = include_str!("../../../../cli/sample/prices.json");

/// Accounts of the book: two or three on a page.
const ACCOUNTS: u8 = 0x70;

/// Whose statement most tests are about.
pub const ALICE: Address = Address::repeat_byte(0xa1);
/// Another, with the very lines of [`ALICE`].
pub const TWIN: Address = Address::repeat_byte(0x7b);
/// A sub-account of [`ALICE`].
pub const DESK: &str = "/desk one";

/// The venue in the registry.
pub const VENUE_ID: B256 = B256::repeat_byte(0x99);

/// An address as an id.
pub fn id(address: Address) -> String {
    format!("{address:#x}")
}

/// Holds little: one form is a line for each holding.
pub const PLAIN: Address = Address::repeat_byte(0xb0);
/// Owes something, and has much more.
pub const COVERED: Address = Address::repeat_byte(0xb1);

/// The demo's rules of five scenarios, of which the cover is one, or a stress in its place, with which
/// every account is closed in each.
fn rules(has_cover: bool) -> String {
    if has_cover {
        return RULES.to_owned();
    }
    let stress =
        "[[scenarios]]\nname = \"flat\"\nkind = \"stress\"\ndefault_move = \"0\"\n\n[assets.USDC]";
    let rules = RULES.replacen("quote =", "cover = false\nquote =", 1);
    rules.replacen("[assets.USDC]", stress, 1)
}

fn snapshot(has_cover: bool) -> String {
    let mut csv = String::from("account,instrument,quantity\n");
    for number in 0..ACCOUNTS {
        let holder = id(Address::repeat_byte(number));
        writeln!(csv, "{holder},deposit USDC,{}.5", 1_000 + u32::from(number)).unwrap();
        writeln!(csv, "{holder},deposit ETH,0.{}5", 1 + number).unwrap();
    }
    for holder in [id(ALICE), id(TWIN), id(ALICE) + DESK] {
        writeln!(csv, "{holder},deposit BTC,7.5\n{holder},deposit USDC,1037.25").unwrap();
    }
    if has_cover {
        let [plain, covered] = [PLAIN, COVERED].map(id);
        writeln!(csv, "{plain},deposit BTC,2.5\n{plain},deposit USDC,1037.25").unwrap();
        writeln!(csv, "{covered},deposit BTC,2.5\n{covered},borrow USDC,1037.25").unwrap();
    }
    csv
}

/// The setup of all tests.
pub fn setup() -> &'static Setup {
    static SETUP: OnceLock<Setup> = OnceLock::new();
    SETUP.get_or_init(|| insecure_setup(12).unwrap())
}

/// A holder's statement, and what it was made of.
#[derive(Clone)]
pub struct Given {
    pub statement: Statement,
    pub lines: Vec<Line>,
    pub placement: Placement,
}

/// One attestation and the statements of a few holders.
pub struct Proved {
    pub verified: Verified,
    pub given: BTreeMap<String, Given>,
}

/// Attestations under one key.
pub struct Venue {
    pub key: VerifyingKey,
    pub proved: Vec<Proved>,
}

impl Venue {
    /// The one that most tests share: two attestations.
    pub fn get() -> &'static Self {
        static VENUE: OnceLock<Venue> = OnceLock::new();
        VENUE.get_or_init(|| Self::of(&["2026-11-21T00:00:00Z", "2026-11-22T00:00:00Z"], false))
    }

    /// One under rules with cover: one attestation.
    pub fn with_cover() -> &'static Self {
        static VENUE: OnceLock<Venue> = OnceLock::new();
        VENUE.get_or_init(|| Self::of(&["2026-11-21T00:00:00Z"], true))
    }

    fn of(times: &[&str], has_cover: bool) -> Self {
        let proved: Vec<_> = times.iter().map(|as_of| prove(as_of, has_cover)).collect();
        let shape = proved[0].verified.attestation.header.shape().unwrap();
        Self { key: VerifyingKey::new(setup(), shape).unwrap(), proved }
    }

    /// The first attestation, which statements are about.
    pub fn first(&self) -> &Proved {
        &self.proved[0]
    }

    /// What rules and prices compile to.
    pub fn compiled(&self) -> &Compiled {
        &self.first().verified.compiled
    }

    /// A holder's statement of the first attestation.
    pub fn statement(&self, id: &str) -> Statement {
        self.first().given[id].statement.clone()
    }

    /// The same as the chain takes it.
    pub fn encoded(&self, id: &str) -> Encoded {
        self.encoded_of(0, id)
    }

    /// A holder's statement of any attestation as the chain takes it.
    pub fn encoded_of(&self, round: usize, id: &str) -> Encoded {
        let Proved { verified, given } = &self.proved[round];
        encode(&given[id].statement, verified, &self.appended(round)).unwrap()
    }

    /// What the native checker says.
    pub fn check(&self, statement: &Statement) -> Result<(), StatementError> {
        check(statement, &self.first().verified, None).map(|_| ())
    }

    /// The statement that a venue would write which claims these lines for a holder.
    pub fn with_lines(&self, id: &str, lines: Vec<Line>) -> Statement {
        let Given { statement, placement, .. } = &self.first().given[id];
        let (account, nonce) = (Account { lines }, statement.nonce.nonce());
        let holder = Holder { id, account: &account, placement: *placement, nonce: &nonce };
        let values: Vec<_> =
            statement.page_values.iter().map(|word| parse_value(word).unwrap()).collect();
        let opening = parse_point(&statement.opening).unwrap();
        make(statement.attestation, self.compiled(), &holder, &values, &opening)
    }

    /// The row of an instrument.
    pub fn row(&self, name: &str) -> InstrumentId {
        self.compiled().find(name).unwrap()
    }

    /// The lines with closing lines that balance them, whatever closed them before.
    pub fn balanced(&self, lines: &[Line]) -> Vec<Line> {
        let compiled = self.compiled();
        let closes = |line: &Line| {
            compiled.scenarios.iter().any(|s| s.balance().unwrap().contains(&line.instrument))
        };
        let held: Vec<Line> = lines.iter().filter(|line| !closes(line)).copied().collect();
        let mut lines = held.clone();
        for (id, scenario) in compiled.scenarios_by_id() {
            let worth = |line: &Line| {
                let values = &compiled.table.instruments()[line.instrument.row()].values;
                line.quantity.units() as i128 * values[id].units()
            };
            let equity: i128 = held.iter().map(worth).sum();
            let quantity = Quantity::new(u128::try_from(equity).unwrap()).unwrap();
            lines.push(Line { instrument: scenario.balance().unwrap()[0], quantity });
        }
        lines.sort_by_key(|line| line.instrument.row());
        lines
    }

    /// Makes the two points anew that follow from the rest of the statement.
    pub fn show(&self, encoded: &mut Encoded) {
        let word = self.first().verified.attestation.context().word(VolumeId::new(0));
        let proof = &self.first().verified.attestation.volumes[0].proof;
        let gamma = Opened::of(&self.key.shape(), word, proof).unwrap().gamma;
        show_page(&mut encoded.statement, &self.key, gamma).unwrap();
    }

    /// What a registry says of an attestation.
    pub fn appended(&self, round: usize) -> Appended {
        let verified = &self.proved[round].verified;
        let length = proof_layout(&self.key.shape()).phase1;
        let volumes = &verified.attestation.volumes;
        let phase1: Vec<_> =
            volumes.iter().map(|volume| keccak256(&volume.proof[..length])).collect();
        let table =
            table_hash(&table_words(&verified.compiled.table), &form_bytes(&verified.compiled));
        let attestation = verified.digest.0.into();
        let record = Record { attestation, ..record(table, &phase1) };
        Appended { venue: VENUE_ID, round: round as u64, record, phase1 }
    }

    /// The word of its volume 0.
    pub fn word(&self, round: usize) -> B256 {
        let context = self.proved[round].verified.attestation.context();
        value_bytes(&context.word(VolumeId::new(0))).into()
    }
}

/// The record of an attestation, as far as statements depend on it.
pub fn record(table: B256, phase1: &[B256]) -> Record {
    let phase1_words: Vec<u8> = phase1.iter().flat_map(|hash| hash.0).collect();
    Record {
        verifier: verifier(),
        table,
        phase1: keccak256(phase1_words),
        volumes: phase1.len() as u32,
        ..Record::default()
    }
}

/// Where every chain has its verifier: it is the first contract.
pub fn verifier() -> Address {
    static VERIFIER: OnceLock<Address> = OnceLock::new();
    *VERIFIER.get_or_init(|| deploy_verifier(&mut Evm::new(), B256::ZERO))
}

fn prove(as_of: &str, has_cover: bool) -> Proved {
    let book = Book::new(Inputs {
        venue: "Statements".to_owned(),
        as_of: as_of.parse().unwrap(),
        drawn: None,
        previous: None,
        rules: Rules::parse(&rules(has_cover)).unwrap(),
        prices: Prices::parse(PRICES).unwrap(),
        reserves: None,
        snapshot: read_csv(snapshot(has_cover).as_bytes(), "book.csv").unwrap(),
        strictness: Strictness::default(),
    });
    let (secret, salt) = (OperatorSecret::generate().unwrap(), Salt::generate().unwrap());
    let secrets = RunSecrets { secret: &secret, salt: &salt };
    let mut store = RunStore::in_memory().unwrap();
    let attestation = book.unwrap().prove(setup(), secrets, &mut store, &()).unwrap();
    let key = VerifyingKey::new(setup(), attestation.header.shape().unwrap()).unwrap();
    let verified = Candidate::read(&attestation.to_bytes()).unwrap().verify(key, &()).unwrap();
    let mut holders = vec![id(ALICE), id(TWIN), id(ALICE) + DESK, id(Address::repeat_byte(9))];
    if has_cover {
        holders.extend([PLAIN, COVERED].map(id));
    }
    let stored: Vec<_> = holders.iter().map(|id| store.account(id).unwrap().unwrap()).collect();
    let run = Run::new(&attestation, secrets, &mut store).unwrap();
    let given = holders.into_iter().zip(stored).map(|(id, stored)| {
        let statement = run.statement(&id, Some(setup())).unwrap();
        (id, Given { statement, lines: stored.account.lines, placement: stored.placement })
    });
    let given = given.collect();
    Proved { verified, given }
}

/// A chain with a registry and the contract.
pub struct Chain {
    pub evm: Evm,
    pub volumes: Address,
    pub contract: Address,
    pub deployment_gas: u64,
}

impl Chain {
    /// A registry without volumes.
    pub fn empty(key: &VerifyingKey) -> Self {
        let mut evm = Evm::new();
        let verifier = deploy_verifier(&mut evm, key.digest().0.into());
        assert_eq!(verifier, self::verifier());
        let volumes = evm.deploy(artifacts::get("MockVolumes").bytecode.clone()).unwrap().0;
        let code = artifacts::get("StatementVerifier").bytecode.to_vec();
        let arguments = constructorCall { volumes }.abi_encode();
        let (contract, deployment_gas) = evm.deploy([code, arguments].concat()).unwrap();
        Self { evm, volumes, contract, deployment_gas }
    }

    /// A registry with the attestations of the venue, numbered from 0.
    pub fn of(venue: &Venue) -> Self {
        let mut chain = Self::empty(&venue.key);
        for round in 0..venue.proved.len() {
            let Appended { round, record, .. } = venue.appended(round);
            let word = venue.word(round as usize);
            chain.append(round, record, vec![word]);
        }
        chain
    }

    /// Appends an attestation with the words of its volumes.
    pub fn append(&mut self, round: u64, record: Record, words: Vec<B256>) {
        // Bindings of the mock would have a `Record` of their own.
        let arguments = (VENUE_ID, round, record, words).abi_encode_params();
        let call = [&selector("MockVolumes", "append")[..], &arguments].concat();
        self.evm.call(Address::ZERO, self.volumes, call).unwrap();
    }

    /// Revokes an attestation.
    pub fn revoke(&mut self, round: u64) {
        let revoke = MockVolumes::revokeCall { venue: VENUE_ID, round };
        self.evm.call(Address::ZERO, self.volumes, revoke.abi_encode()).unwrap();
    }

    /// What the contract says to a statement.
    pub fn check(&mut self, encoded: &Encoded) -> Result<Output, Revert> {
        let Encoded { volume, statement } = encoded.clone();
        let call = checkCall { volume, statement };
        self.evm.view(Address::ZERO, self.contract, call.abi_encode())
    }

    /// What it says that the account is worth, and whether the attestation was revoked.
    #[track_caller]
    pub fn worth(&mut self, encoded: &Encoded) -> (Worth, bool) {
        let output = self.check(encoded).unwrap_or_else(|revert| panic!("{revert}"));
        let checkReturn { worth, revoked } = checkCall::abi_decode_returns(&output.bytes).unwrap();
        (worth, revoked)
    }

    /// The error that it gives.
    pub fn refusal(&mut self, encoded: &Encoded) -> Bytes {
        self.check(encoded).unwrap_err().data
    }
}

/// The selector of a contract's function.
fn selector(contract: &str, function: &str) -> [u8; 4] {
    fn typed(inputs: &serde_json::Value) -> String {
        let types = inputs.as_array().unwrap().iter().map(|input| {
            let kind = input["type"].as_str().unwrap();
            let within = || typed(&input["components"]);
            kind.strip_prefix("tuple").map_or(kind.to_owned(), |list| within() + list)
        });
        format!("({})", types.collect::<Vec<_>>().join(","))
    }
    let functions = artifacts::get(contract).abi.as_array().unwrap();
    let found = functions.iter().find(|entry| entry["name"] == function).unwrap();
    let hash = keccak256(format!("{function}{}", typed(&found["inputs"])));
    hash[..4].try_into().unwrap()
}

/// Deploys a volume verifier that says it has this key.
pub fn deploy_verifier(evm: &mut Evm, key: B256) -> Address {
    let (k, page_size) = (U256::from(12), U256::from(64));
    let arguments = MockVerifier::constructorCall { key, k, pageSize: page_size };
    let code = artifacts::get("MockVerifier").bytecode.to_vec();
    evm.deploy([code, arguments.abi_encode()].concat()).unwrap().0
}

/// The error as a contract gives it.
pub fn error(error: impl SolError) -> Bytes {
    error.abi_encode().into()
}
