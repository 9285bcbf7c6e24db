//! A venue of options with portfolio margin, as the web page is compared with it: its attestation, a
//! key, statements, and what this implementation says of them. `PACIOLI_BLESS=proofs` makes them anew.

use std::{fs, path::PathBuf};

use pacioli_attestation::{
    Attestation, Candidate, Reserves, VerifyingKey,
    setup::insecure_setup,
    statement::{Statement, check},
};
use pacioli_prover::{
    Book, Inputs, OperatorSecret, RunSecrets, RunStore, Salt, Strictness, snapshot::read_csv,
    statements::Run,
};
use pacioli_rules::{
    Prices, Rules,
    testing::{bless, blesses_proofs},
};

use crate::page_files::said;

/// With many lines, with options alone, with tiers that end at values, plain, and of the venue's own
/// class.
const HOLDERS: [&str; 5] = ["ann", "bob", "cyn", "eve", "maker"];

fn path(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/vectors/options").join(name)
}

fn text(name: &str) -> String {
    fs::read_to_string(path(name)).unwrap()
}

fn write() {
    let setup = insecure_setup(11).unwrap();
    let book = Book::new(Inputs {
        venue: "Options".to_owned(),
        as_of: "2026-01-01T00:00:00Z".parse().unwrap(),
        drawn: None,
        previous: None,
        rules: Rules::parse(&text("rules.toml")).unwrap(),
        prices: Prices::parse(&text("prices.json")).unwrap(),
        reserves: Some(Reserves::parse(&text("reserves.json")).unwrap()),
        snapshot: read_csv(text("book.csv").as_bytes(), "book.csv").unwrap(),
        strictness: Strictness::default(),
    });
    let (secret, salt) = (OperatorSecret::generate().unwrap(), Salt::generate().unwrap());
    let secrets = || RunSecrets { secret: &secret, salt: &salt };
    let mut store = RunStore::in_memory().unwrap();
    let attestation = book.unwrap().prove(&setup, secrets(), &mut store, &()).unwrap();
    let run = Run::new(&attestation, secrets(), &mut store).unwrap();
    let key = VerifyingKey::insecure(attestation.header.shape().unwrap());
    fs::write(path("attestation.json"), attestation.to_bytes()).unwrap();
    fs::write(path("key.json"), key.to_bytes()).unwrap();
    for id in HOLDERS {
        let statement = run.statement(id, Some(&setup)).unwrap();
        fs::write(path(&format!("{id}.json")), statement.to_bytes()).unwrap();
    }
}

#[test]
fn a_venue_of_options_is_proved_and_its_holders_find_their_options() {
    if blesses_proofs() {
        write();
    }
    let bytes = fs::read(path("attestation.json")).unwrap();
    bless(path("says.json"), serde_json::to_string_pretty(&said(&bytes)).unwrap() + "\n");
    let key = Attestation::parse(&bytes).unwrap().header.key;
    let key = VerifyingKey::from_bytes(&fs::read(path("key.json")).unwrap(), key).unwrap();
    let verified = Candidate::read(&bytes).unwrap().verify(key, &()).unwrap();
    for id in HOLDERS {
        let statement = Statement::parse(&fs::read(path(&format!("{id}.json"))).unwrap()).unwrap();
        check(&statement, &verified, Some(id)).unwrap();
    }
    let lines = |id: &str| text(&format!("{id}.json"));
    assert!(lines("ann").contains("contingency:scan") && lines("ann").contains("slack:delta"));
    assert!(lines("eve").contains("plain long BTC-30JAN26-80000-C"));
    assert!(lines("maker").contains("pool short BTC-27MAR26-90000-P"));
}
