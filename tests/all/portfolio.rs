//! A venue with portfolio margin and an insurance fund, from book to statement; and a publisher who
//! would hide what is owed behind a contingency.

use std::{fs, path::PathBuf, sync::OnceLock};

use pacioli_attestation::{
    Attestation, Candidate, ProofError, Verified, VerifyError, VerifyingKey, VolumeId, VolumeProof,
    setup::insecure_setup,
    statement::{CheckedStatement, Statement, check},
    verify_volume,
};
use pacioli_circuits::{
    Account, Instrument, InstrumentTable, Line, PublicInputs, Quantity, ScenarioId, Totals, Value,
    Volume,
};
use pacioli_prover::{
    Book, Inputs, OperatorSecret, ProofSeed, ProvingKey, RunSecrets, RunStore, Salt, Strictness,
    prove_volume, snapshot::read_csv, statements::Run,
};
use pacioli_rules::{Class, Compiled, Prices, Rules, RulesError, testing::blesses_proofs};

const RULES: &str = include_str!("../../rules/tests/books/portfolio_margin/rules.toml");
const PRICES: &str = include_str!("../../rules/tests/books/portfolio_margin/prices.json");

const BOOK: &str = "account,instrument,quantity,class
spread,deposit USDC,300,customer
spread,long BTC-PERP,0.1,customer
spread,quote debit,2000,customer
spread,short ETH-PERP,1.01,customer
spread,quote credit,1010,customer
cash,deposit USDC,1000,customer
fund,deposit USDC,50,insurance
";

fn rules() -> String {
    let fund = "[classes.insurance]\nassets = [\"USDC\"]\nmarkets = []\n\n[policy]";
    // The fund is to meet the bad debt of the crash, which so has a twin.
    let limits = "bad_debt = { mark = \"0\", maintenance = \"500\"";
    let rules = RULES.replace("[policy]", fund);
    assert!(rules.contains(limits));
    rules.replace(limits, &format!("{limits}, crash = \"insurance\""))
}

fn path(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/vectors/portfolio").join(name)
}

/// A stored file; `PACIOLI_BLESS=proofs` makes them all anew.
fn read(name: &str) -> Vec<u8> {
    static BLESSED: OnceLock<()> = OnceLock::new();
    BLESSED.get_or_init(|| {
        if blesses_proofs() {
            write();
        }
    });
    fs::read(path(name)).unwrap()
}

fn book() -> Book {
    let inputs = Inputs {
        venue: "Portfolio".to_owned(),
        as_of: "2026-01-01T00:00:00Z".parse().unwrap(),
        drawn: None,
        previous: None,
        rules: Rules::parse(&rules()).unwrap(),
        prices: Prices::parse(PRICES).unwrap(),
        reserves: None,
        snapshot: read_csv(BOOK.as_bytes(), "book.csv").unwrap(),
        strictness: Strictness::default(),
    };
    Book::new(inputs).unwrap()
}

/// Makes the files: an attestation, its key, and the statements of `spread` and `fund`.
fn write() {
    let setup = insecure_setup(11).unwrap();
    let (secret, salt) = (OperatorSecret::generate().unwrap(), Salt::generate().unwrap());
    let (secrets, mut store) =
        (|| RunSecrets { secret: &secret, salt: &salt }, RunStore::in_memory());
    let store = store.as_mut().unwrap();
    let attestation = book().prove(&setup, secrets(), store, &()).unwrap();
    let run = Run::new(&attestation, secrets(), store).unwrap();
    let key = VerifyingKey::new(&setup, attestation.header.shape().unwrap()).unwrap();
    fs::write(path("attestation.json"), attestation.to_bytes()).unwrap();
    fs::write(path("key.json"), key.to_bytes()).unwrap();
    for id in ["spread", "fund"] {
        let statement = run.statement(id, Some(&setup)).unwrap();
        fs::write(path(&format!("{id}.json")), statement.to_bytes()).unwrap();
    }
}

fn attestation() -> Attestation {
    Attestation::parse(&read("attestation.json")).unwrap()
}

fn key() -> VerifyingKey {
    VerifyingKey::from_bytes(&read("key.json"), attestation().header.key).unwrap()
}

fn verified(attestation: &Attestation) -> Result<Verified, VerifyError> {
    Candidate::read(&attestation.to_bytes())?.verify(key(), &())
}

#[test]
fn a_venue_with_portfolio_margin_is_proved_and_its_holders_find_their_contingencies() {
    let verified = verified(&attestation()).unwrap();
    let [spread, fund] = ["spread.json", "fund.json"].map(|name| {
        let statement = Statement::parse(&read(name)).unwrap();
        let checked = check(&statement, &verified, None).unwrap();
        (statement, checked)
    });
    let line = |name: &str| {
        let line = spread.0.lines.iter().find(|line| line.instrument == name).unwrap();
        let worth: Vec<_> = line.worth.iter().map(ToString::to_string).collect();
        (line.quantity.to_string(), worth.join(" "))
    };
    assert_eq!(line("contingency:scan"), ("99".to_owned(), "0 -123.75 0 99 99 0 0".to_owned()));
    assert_eq!(line("contingency:naked"), ("20.2".to_owned(), "0 -20.2 0 0 0 20.2 0".to_owned()));
    assert_eq!(line("slack:up"), ("197".to_owned(), "0 0 0 0 -197 0 0".to_owned()));
    let balances = |one: &CheckedStatement| -> Vec<String> {
        one.balances.iter().map(|one| format!("{} {}", one.scenario, one.equity)).collect()
    };
    let expected = ["mark 300", "maintenance 156.05", "crash 0", "crash~insurance 0"];
    assert_eq!(balances(&spread.1), expected);
    let expected = ["mark 50", "maintenance 50", "crash 50", "crash~insurance 0"];
    assert_eq!(balances(&fund.1), expected, "nothing of the fund counts in a twin");
    assert_eq!((spread.1.class, fund.1.class), (Class::Customer, Class::Insurance));
    let fund = verified.figures.fund(Class::Insurance, "crash").unwrap();
    assert_eq!(fund.to_string(), "50");
    let [others] = &verified.figures.funds[..] else { panic!("one twin") };
    let owed = (others.scenario.as_str(), others.owed_to_others.to_string());
    assert_eq!(owed, ("crash", "1000".to_owned()));
    assert_eq!(verified.figures.scenarios.len(), 3, "a twin is no scenario of the report");
}

/// The compiled table with a contingency worth -1 a unit at mark, which no compiler makes.
fn forged_table(compiled: &Compiled) -> InstrumentTable {
    let scan = compiled.find("contingency:scan").unwrap().row();
    let mut rows: Vec<Instrument> = compiled.table.instruments().to_vec();
    rows[scan].values[ScenarioId::MARK] = Value::new(-100).unwrap();
    InstrumentTable::new(compiled.scenarios.len(), rows).unwrap()
}

/// What the attack would have hidden: a valid proof of a book of 1,000 USD in which nothing is owed.
#[test]
fn a_contingency_that_counts_at_mark_proves_that_nothing_is_owed_and_no_attestation_takes_it() {
    let (honest, setup) = (attestation(), insecure_setup(11).unwrap());
    let compiled = verified(&honest).unwrap().compiled.clone();
    let table = forged_table(&compiled);
    let line = |name: &str, units| Line {
        instrument: compiled.find(name).unwrap(),
        quantity: Quantity::new(units).unwrap(),
    };
    let hiding = Account {
        lines: vec![
            line("deposit USDC", 100_000),
            line("contingency:scan", 10_000_000),
            line("shortfall:maintenance", 250_000_000),
            line("equity:crash", 1_000_000_000),
            line("slack:down", 1_000_000_000),
            line("slack:up", 1_000_000_000),
            line("equity:crash~insurance", 1_000_000_000),
        ],
    };
    let key = ProvingKey::new(&setup, honest.header.shape().unwrap()).unwrap();
    let volume = Volume::new(&key.shape, [[&hiding]]).unwrap();
    let totals = Totals::of(&volume, table.instruments().len());
    let owed = compiled.find("equity:mark").unwrap().row();
    assert_eq!(totals.0[owed].quantity, 0);
    let context = honest.context().word(VolumeId::new(0));
    let public = PublicInputs { context, table: &table, totals: &totals };
    let seed = ProofSeed::fresh();
    let mut empty = seed.record().empty_seals();
    let seals = (0..key.shape.lines()).map(|_| empty()).collect();
    let proof = prove_volume(&key, &public, volume, seals, seed, |_| {});
    let verifying = VerifyingKey::new(&setup, honest.header.shape().unwrap()).unwrap();
    assert!(verify_volume(&verifying, &public, &proof).is_ok(), "the circuit knows no roles");

    let mut forged = honest.clone();
    let (counts, quantities) = totals.0.iter().map(|total| (total.count, total.quantity)).unzip();
    forged.volumes = vec![VolumeProof { counts, quantities, proof }];
    let refused = verified(&forged).unwrap_err();
    let VerifyError::Proof { volume, source: ProofError::DoesNotHold } = refused else {
        panic!("{refused}");
    };
    assert_eq!(volume, VolumeId::new(0));
}

/// Nor can the rules say so: there is no key for it.
#[test]
fn no_rules_let_a_contingency_count_at_mark_or_in_a_stress() {
    for field in ["mark = \"1\"", "crash = \"1\""] {
        let mut forged = attestation();
        forged.rules = forged.rules.replacen("1.25\"", &format!("1.25\"\n{field}"), 1);
        let refused = verified(&forged).unwrap_err();
        let VerifyError::Rules(RulesError::Malformed(error)) = refused else {
            panic!("{refused}");
        };
        assert!(error.to_string().contains("unknown field"), "{error}");
    }
    let mut forged = attestation();
    forged.rules =
        forged.rules.replacen("kind = \"stress\"", "kind = \"stress\"\ncontingency = \"scan\"", 1);
    let refused = verified(&forged).unwrap_err().to_string();
    assert!(refused.contains("scenarios[2].contingency: does not belong here"), "{refused}");
}
