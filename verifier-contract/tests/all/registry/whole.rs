//! The whole path: a book is proved, its attestation verified, sent to the chain as it is, checked by the
//! generated verifier, and appended with the figures that the attestation itself gives.

use alloy_primitives::{Address, U256, keccak256};
use alloy_sol_types::{SolCall, SolEvent};
use pacioli_attestation::{
    Attestation, Candidate, VerifyingKey, program::Program, setup::insecure_setup,
};
use pacioli_prover::{Book, Inputs, Strictness, snapshot::read_csv};
use pacioli_rules::{Prices as PricesFile, Rules as RulesFile, compile};
use pacioli_verifier_contract::{
    bindings::{Continuation, Purpose, SolvencyRegistry as R, Submission, Volume},
    evm::Evm,
    submission,
    system::System,
};

use crate::registry::world::*;

/// A book in the verifier's shape, which 450 accounts fill: 2^12 rows, five scenarios with the cover, pages of 64. Some
/// accounts are plain, some covered, and the rest closed in each scenario.
pub fn attestation_of(as_of: &str, accounts: usize) -> Attestation {
    let stress =
        "[[scenarios]]\nname = \"2020-03-12\"\nkind = \"stress\"\ndefault_move = \"-0.45\"\n";
    let rules = RULES.replacen("[assets.USDC]", &format!("{stress}\n[assets.USDC]"), 1);
    let mut csv = String::from("account,instrument,quantity\n");
    for id in 0..accounts {
        use std::fmt::Write;
        if id % 3 == 0 {
            writeln!(csv, "{id},deposit BTC,1.5\n{id},deposit USDC,{id}").unwrap();
            continue;
        }
        let (side, entry) = [("long", "debit"), ("short", "credit")][id % 2];
        writeln!(csv, "{id},deposit BTC,{}.5", id % 5).unwrap();
        writeln!(csv, "{id},{side} BTC-PERP,0.5\n{id},quote {entry},10000").unwrap();
    }
    proved(&rules, PRICES, as_of, &csv)
}

/// The attestation of a book.
pub fn proved(rules: &str, prices: &str, as_of: &str, csv: &str) -> Attestation {
    let mut prices = PricesFile::parse(prices).unwrap();
    prices.as_of = as_of.parse().unwrap();
    proved_of(Inputs {
        venue: VENUE.to_owned(),
        as_of: as_of.parse().unwrap(),
        drawn: None,
        previous: None,
        rules: RulesFile::parse(rules).unwrap(),
        prices,
        reserves: None,
        snapshot: read_csv(csv.as_bytes(), "book.csv").unwrap(),
        strictness: Strictness::default(),
    })
}

/// The attestation of anything that can be proved.
pub fn proved_of(inputs: Inputs) -> Attestation {
    let book = Book::new(inputs).unwrap();
    book.prove_without_statements(&insecure_setup(12).unwrap(), &()).unwrap()
}

/// A registry with the generated verifier and a venue whose rules are an attestation's, and the
/// attestation as it is sent.
pub struct Registered {
    pub evm: Evm,
    pub system: System,
    pub registry: Address,
    program: Program,
    pub submission: Submission,
    pub volumes: Vec<Volume>,
}

impl Registered {
    pub fn new(attestation: &Attestation) -> Self {
        Self::at(attestation, START, MAX_LAG)
    }

    /// The same, registered at a time, for snapshots of so many seconds ago.
    pub fn at(attestation: &Attestation, start: u64, max_lag: u64) -> Self {
        let rules = RulesFile::parse(&attestation.rules).unwrap();
        let compiled = compile(&rules, &attestation.prices).unwrap();
        let program = Program::of(&rules, &compiled, &attestation.prices).unwrap();
        let mut evm = Evm::new();
        evm.set_time(start);
        let system = deploy_system(&mut evm);
        let verifier = deploy(&mut evm, "VolumeVerifier", &[]);
        let btc = token(&mut evm, 8);
        let names: Vec<_> = attestation.prices.prices.keys().map(keccak256).collect();
        let text = submission::rules(attestation);
        let terms = (PUBLISHER, limits(), max_lag);
        register_as(terms, &mut evm, &system, &names, &program, text, verifier);
        let venue = venue_of(OWNER, VENUE);
        list(&mut evm, &system, venue, new_reserve("BTC", btc, CUSTODIAN, Purpose::Customers));
        let balance = U256::from(500_000_000_000u64);
        let set = MockToken::setCall { account: CUSTODIAN, balance };
        evm.call(STRANGER, btc, set.abi_encode()).unwrap();
        evm.set_time(start + 60);
        let registry = system.registry;
        let submission =
            submission::submission(venue, verifier, attestation, &program, vec![]).unwrap();
        let volumes = submission::volumes(attestation).unwrap();
        Self { evm, system, registry, program, submission, volumes }
    }

    /// Sends another attestation from now on, under the same rules and verifier.
    pub fn next(&mut self, attestation: &Attestation) {
        let Submission { venue, verifier, .. } = self.submission;
        self.submission =
            submission::submission(venue, verifier, attestation, &self.program, vec![]).unwrap();
        self.volumes = submission::volumes(attestation).unwrap();
    }
}

#[test]
fn a_proved_book_is_appended_with_its_own_figures_and_a_forged_one_is_not() {
    let attestation = attestation_of("2026-01-01T00:00:00Z", 450);
    let bytes = attestation.to_bytes();
    let candidate = Candidate::read(&bytes).unwrap();
    let key = VerifyingKey::insecure(candidate.shape());
    let verified = candidate.verify(key, &()).unwrap();

    let compiled = &verified.compiled;
    let Registered { mut evm, registry, submission, volumes, .. } = Registered::new(&attestation);
    let honest = R::submitCall { submission, volumes, signatures: vec![] };

    let totals = |name: &str| verified.totals.0[compiled.find(name).unwrap().row()].quantity;
    for form in ["plain deposit BTC", "covered deposit BTC", "equity:mark"] {
        assert!(totals(form) > 0, "{form}");
    }

    // What is owed, one unit less; a covered and a plain line, one unit less; a price; the accounts in
    // the header.
    let rows = ["equity:mark", "covered deposit BTC", "plain deposit BTC"];
    let rows = rows.map(|name| compiled.find(name).unwrap().row());
    // Most do not even balance. Plain lines are worth nothing in the circuit.
    type Forgery = (&'static str, fn(&mut R::submitCall, [usize; 3]));
    let forgeries: [Forgery; 5] = [
        ("Unbalanced", |call, rows| add(&mut call.volumes[0], rows[0], -1)),
        ("Unbalanced", |call, rows| add(&mut call.volumes[0], rows[1], -1)),
        ("DoesNotHold", |call, rows| add(&mut call.volumes[0], rows[2], -1)),
        ("Unbalanced", |call, _| {
            let mut list = call.submission.prices.list.to_vec();
            // The mantissa of the first price.
            list[15] += 10;
            call.submission.prices.list = list.into();
        }),
        ("DoesNotHold", |call, _| call.submission.header.accounts -= 1),
    ];
    for (number, (name, forge)) in forgeries.into_iter().enumerate() {
        let mut call = honest.clone();
        forge(&mut call, rows);
        let revert = evm.view(PUBLISHER, registry, call.abi_encode()).unwrap_err();
        let error = pacioli_verifier_contract::errors::name(&revert.data);
        assert_eq!(error, Some(name), "forgery {number}");
    }

    let output = evm.call(PUBLISHER, registry, honest.abi_encode()).unwrap();
    // The proof's bytes, and so their price, are others each time.
    assert!((900_000..1_060_000).contains(&output.gas_used), "{}", output.gas_used);
    let attested = output.logs.iter().find_map(|log| R::Attested::decode_log(log).ok()).unwrap();
    let R::Attested { record, figures, phase1, .. } = attested.data;
    assert_eq!(record.context.0, attestation.context().0.0);
    for (scenario, expected) in verified.figures.scenarios.iter().enumerate() {
        let got = &figures[scenario];
        assert_eq!(expected.owed.units, got.owed.into());
        assert_eq!(expected.bad_debt.units, got.badDebt.into());
        assert_eq!((expected.accounts_with_equity, got.accountsWithEquity), (None, 0));
        assert_eq!(expected.accounts_with_shortfall, got.accountsWithShortfall);
    }
    assert_eq!(phase1.len(), 1);
}

/// Changes the quantity of a row.
fn add(volume: &mut Volume, row: usize, by: i128) {
    let mut totals = volume.totals.to_vec();
    let quantity = &mut totals[19 * row + 3..19 * row + 19];
    let changed = u128::from_be_bytes((&*quantity).try_into().unwrap()).strict_add_signed(by);
    quantity.copy_from_slice(&changed.to_be_bytes());
    volume.totals = totals.into();
}

#[test]
fn every_volume_balances_by_itself() {
    let attestation = attestation_of("2026-01-01T00:00:00Z", 900);
    let rules = RulesFile::parse(&attestation.rules).unwrap();
    let compiled = compile(&rules, &attestation.prices).unwrap();
    let owed = compiled.find("equity:mark").unwrap().row();
    let Registered { mut evm, registry, submission, volumes, .. } = Registered::new(&attestation);
    assert_eq!(volumes.len(), 2);
    // As much more is owed by one as less by the other: their sum is the honest book's.
    let mut forged = volumes.clone();
    add(&mut forged[0], owed, 1);
    add(&mut forged[1], owed, -1);

    let one = R::submitCall {
        submission: submission.clone(),
        volumes: forged.clone(),
        signatures: vec![],
    };
    let revert = evm.view(PUBLISHER, registry, one.abi_encode()).unwrap_err();
    assert_eq!(pacioli_verifier_contract::errors::name(&revert.data), Some("Unbalanced"));
    let begin = R::beginSubmissionCall { submission: submission.clone(), volumes: 2 };
    evm.call(PUBLISHER, registry, begin.abi_encode()).unwrap();
    let Submission { venue, header, prices, rounds, .. } = submission;
    let continuation = Continuation { venue, header, prices, rounds };
    for (number, forged) in forged.iter().enumerate() {
        let add = |proved: &Volume| {
            let (continuation, index) = (continuation.clone(), U256::from(number));
            R::addVolumeCall { continuation, index, proved: proved.clone() }.abi_encode()
        };
        let revert = evm.view(PUBLISHER, registry, add(forged)).unwrap_err();
        let error = pacioli_verifier_contract::errors::name(&revert.data);
        assert_eq!(error, Some("Unbalanced"), "volume {number}");
        evm.call(PUBLISHER, registry, add(&volumes[number])).unwrap();
    }
    // Nor does the last step take other totals than those that were proved.
    let mut finish = |volumes: &[Volume]| {
        let totals = volumes.iter().map(|volume| volume.totals.clone()).collect();
        let continuation = continuation.clone();
        let call = R::finishSubmissionCall { continuation, totals, signatures: vec![] };
        evm.call(PUBLISHER, registry, call.abi_encode())
    };
    let revert = finish(&forged).unwrap_err();
    assert_eq!(error_name(&revert), "OtherTotals");
    finish(&volumes).unwrap();
}
