//! A proved book, and a chain with the evaluator, the verifier and the program as code.

use alloy_primitives::{Address, B256, Bytes, U256, keccak256};
use alloy_sol_types::SolCall;
use pacioli_attestation::{Attestation, program::Program, setup::insecure_setup};
use pacioli_circuits::{Total, Totals};
use pacioli_prover::{Book, Inputs, Strictness, snapshot::read_csv};
use pacioli_rules::{Compiled, Prices, Rules, compile};
use pacioli_verifier_contract::{
    artifacts,
    bindings::{Aside, Evaluator as E, Holding, Submission, Volume},
    evm::{Evm, GAS_LIMIT, Output, Revert},
    submission,
    system::creation,
};

pub const RULES: &str = include_str!("../../../../tests/fixtures/rules.toml");
pub const PRICES: &str = include_str!("../../../../tests/fixtures/prices.json");
pub const AS_OF: &str = "2026-01-01T00:00:00Z";
/// A minute later.
pub const NOW: u64 = 1_767_225_660;

/// Rules with a second stress, four scenarios and no cover, and as many assets as make a table of so
/// many rows, from 19 on.
pub fn rules_and_prices(rows: usize) -> (String, String) {
    use std::fmt::Write;
    let stress =
        "[[scenarios]]\nname = \"2020-03-12\"\nkind = \"stress\"\ndefault_move = \"-0.45\"\n";
    let tiers = "tiers = [{ up_to = \"1\", maintenance = \"0.05\" }, { maintenance = \"0.1\" }]";
    let rules = RULES.replacen("quote =", "cover = false\nquote =", 1);
    let mut rules = rules.replacen("[assets.USDC]", &format!("{stress}\n[assets.USDC]"), 1);
    rules = rules.replacen(tiers, "tiers = [{ maintenance = \"0.05\" }]", 1);
    let mut prices = String::new();
    for asset in 0..rows - 19 {
        let rule = "decimals = 6\nmaintenance = \"0.75\"\nborrow = false";
        write!(rules, "\n[assets.A{asset:03}]\n{rule}\n").unwrap();
        write!(prices, "\"A{asset:03}\": \"{}.25\", ", 100 + asset * 37).unwrap();
    }
    (rules, PRICES.replacen("\"BTC\"", &format!("{prices}\"BTC\""), 1))
}

/// A book of so many accounts, of which 300 are in one volume: some hold alone, the others trade with each
/// other.
pub fn book(accounts: usize) -> String {
    use std::fmt::Write;
    let mut csv = String::from("account,instrument,quantity\n");
    for id in 0..accounts {
        if id % 3 == 0 {
            writeln!(csv, "{id},deposit BTC,1.5\n{id},deposit USDC,{id}").unwrap();
            continue;
        }
        let (side, entry) = [("long", "debit"), ("short", "credit")][id % 2];
        writeln!(csv, "{id},deposit BTC,{}.5", id % 5).unwrap();
        writeln!(csv, "{id},{side} BTC-PERP,0.5\n{id},quote {entry},10000").unwrap();
    }
    csv
}

pub fn proved(rules: &str, prices: &str, csv: &str) -> Attestation {
    let mut prices = Prices::parse(prices).unwrap();
    prices.as_of = AS_OF.parse().unwrap();
    let book = Book::new(Inputs {
        venue: "Venue".to_owned(),
        as_of: AS_OF.parse().unwrap(),
        drawn: None,
        previous: None,
        rules: Rules::parse(rules).unwrap(),
        prices,
        reserves: None,
        snapshot: read_csv(csv.as_bytes(), "book.csv").unwrap(),
        strictness: Strictness::default(),
    });
    book.unwrap().prove_without_statements(&insecure_setup(12).unwrap(), &()).unwrap()
}

/// The chain, and an attestation in the form of the contracts.
pub struct Stand {
    pub evm: Evm,
    pub tables: Address,
    pub evaluator: Address,
    pub verifier: Address,
    pub chunks: Vec<Address>,
    pub compiled: Compiled,
    pub submission: Submission,
    pub volumes: Vec<Volume>,
    pub totals: Totals,
}

impl Stand {
    pub fn of(attestation: &Attestation) -> Self {
        let rules = Rules::parse(&attestation.rules).unwrap();
        let compiled = compile(&rules, &attestation.prices).unwrap();
        let program = Program::of(&rules, &compiled, &attestation.prices).unwrap();
        let mut evm = Evm::new();
        evm.set_time(NOW);
        let [tables, verifier] = ["Tables", "VolumeVerifier"]
            .map(|name| evm.deploy(artifacts::get(name).bytecode.clone()).unwrap().0);
        let (draws, _) = evm.deploy(artifacts::get("MockDraws").bytecode.clone()).unwrap();
        let (evaluator, _) = evm.deploy(creation("Evaluator", &[tables, draws])).unwrap();
        let chunks = submission::chunks(&attestation.prices, &program).unwrap();
        let chunks = chunks.iter().map(|code| chunk(&mut evm, code)).collect();
        let submission =
            submission::submission(B256::ZERO, verifier, attestation, &program, Vec::new());
        let mut totals = vec![Total::default(); compiled.rows.len()];
        for volume in &attestation.volumes {
            for (row, total) in totals.iter_mut().enumerate() {
                total.count += volume.counts[row];
                total.quantity += volume.quantities[row];
            }
        }
        let volumes = submission::volumes(attestation).unwrap();
        let (submission, totals) = (submission.unwrap(), Totals(totals));
        Self { evm, tables, evaluator, verifier, chunks, compiled, submission, volumes, totals }
    }

    /// A book of so many volumes under a table of so many rows.
    pub fn new(rows: usize, volumes: usize) -> Self {
        let (rules, prices) = rules_and_prices(rows);
        let stand = Self::of(&proved(&rules, &prices, &book(300 * volumes)));
        assert_eq!((stand.compiled.rows.len(), stand.volumes.len()), (rows, volumes));
        assert_eq!(stand.compiled.scenarios.len(), 4);
        stand
    }

    /// The whole question, with the reserves of the fixture.
    pub fn all(&self) -> E::evaluateAllCall {
        E::evaluateAllCall {
            submission: self.submission.clone(),
            volumes: self.volumes.clone(),
            chunks: self.chunks.clone(),
            verifier: self.verifier,
            holdings: vec![holding("BTC", 5_000, 0), holding("USDC", 10_000, 500)],
            aside: reserves_only(true),
        }
    }

    pub fn ask(&mut self, call: impl SolCall) -> Result<Output, Revert> {
        self.ask_encoded(&call.abi_encode())
    }

    pub fn ask_encoded(&mut self, calldata: &[u8]) -> Result<Output, Revert> {
        let calldata = Bytes::copy_from_slice(calldata);
        self.evm.view_within(Address::ZERO, self.evaluator, calldata, GAS_LIMIT)
    }
}

/// What a registry knows beside a submission whose time was not drawn.
pub fn reserves_only(any: bool) -> Aside {
    Aside { anyReserve: any, tracks: true, markedBy: 0, lastDay: 0, lastMost: 0 }
}

/// A contract with this code.
pub fn chunk(evm: &mut Evm, code: &[u8]) -> Address {
    let (at, _) = evm.deploy(submission::creation_code(code)).unwrap();
    assert_eq!(evm.code(at)[..], *code);
    at
}

/// Reserves in whole units.
pub fn holding(asset: &str, customers: u64, insurance: u64) -> Holding {
    let [customers, insurance] =
        [customers, insurance].map(|units| U256::from(units) * U256::from(10).pow(U256::from(36)));
    Holding { asset: keccak256(asset), customers, insurance }
}
