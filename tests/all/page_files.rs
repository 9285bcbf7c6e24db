//! What the web page is compared with: attestations, a key and statements that the native
//! implementation made, and what it says of them. `PACIOLI_BLESS=proofs` makes them anew.

use std::{fs, path::PathBuf};

use pacioli_attestation::{
    Attestation, Candidate, Digest, Reserves, VerifyingKey, VolumeId,
    encoding::value_bytes,
    setup::insecure_setup,
    statement::{Statement, check},
    to_hex,
};
use pacioli_prover::{
    Book, Inputs, OperatorSecret, RunSecrets, RunStore, Salt, Strictness, snapshot::read_csv,
    statements::Run,
};
use pacioli_rules::{
    Prices, Rules,
    testing::{bless, blesses_proofs},
};
use serde_json::{Value, json};

const RULES: &str = include_str!("../vectors/page/rules.toml");
const PRICES: &str = include_str!("../vectors/page/prices.json");
const RESERVES: &str = include_str!("../vectors/page/reserves.json");
const BOOK: &str = include_str!("../vectors/page/book.csv");

/// The holders who have a statement.
const HOLDERS: [&str; 2] = ["bob", "cyn"];

fn path(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("web/test/native").join(name)
}

fn read(name: &str) -> Vec<u8> {
    fs::read(path(name)).unwrap()
}

/// What the native implementation says of an attestation, and the table that it makes for it.
pub fn said(bytes: &[u8]) -> Value {
    let candidate = Candidate::read(bytes).unwrap();
    let key = VerifyingKey::insecure(candidate.shape());
    let verified = candidate.verify(key, &()).unwrap();
    let context = verified.attestation.context();
    let compiled = &verified.compiled;
    let rows = compiled.rows.iter().zip(compiled.table.instruments()).map(|(row, instrument)| {
        let values: Vec<_> =
            instrument.values.iter().map(|value| value.units().to_string()).collect();
        json!([row.name, row.decimals, instrument.cap.map(|cap| cap.units().to_string()), values])
    });
    json!({
        "digest": verified.digest,
        "context": context.0,
        "word0": to_hex(&value_bytes(&context.word(VolumeId::new(0)))),
        "program": verified.attestation.header.program,
        "figures": verified.figures,
        "policy": verified.clauses,
        "rows": rows.collect::<Vec<_>>(),
    })
}

/// Makes the attestation of the book with every kind of rule that a program can say, its key and its
/// statements.
fn write() {
    let setup = insecure_setup(11).unwrap();
    let book = Book::new(Inputs {
        venue: "B\u{f6}rse \"\u{dc}\" & S\u{f6}hne".to_owned(),
        as_of: "2024-02-29T23:59:59.25Z".parse().unwrap(),
        drawn: None,
        previous: Some((0, Digest::of(b"the one before"))),
        rules: Rules::parse(RULES).unwrap(),
        prices: Prices::parse(PRICES).unwrap(),
        reserves: Some(Reserves::parse(RESERVES).unwrap()),
        snapshot: read_csv(BOOK.as_bytes(), "book.csv").unwrap(),
        strictness: Strictness { round: true, leave_out: vec!["MOO".to_owned()] },
    });
    let (secret, salt) = (OperatorSecret::generate().unwrap(), Salt::generate().unwrap());
    let secrets = || RunSecrets { secret: &secret, salt: &salt };
    let mut store = RunStore::in_memory().unwrap();
    let rich = book.unwrap().prove(&setup, secrets(), &mut store, &()).unwrap();
    let run = Run::new(&rich, secrets(), &mut store).unwrap();
    let key = VerifyingKey::insecure(rich.header.shape().unwrap());
    fs::write(path("rich.attestation.json"), rich.to_bytes()).unwrap();
    fs::write(path("rich.key.json"), key.to_bytes()).unwrap();
    for id in HOLDERS {
        let statement = run.statement(id, Some(&setup)).unwrap();
        fs::write(path(&format!("{id}.statement.json")), statement.to_bytes()).unwrap();
    }
}

#[test]
fn the_pages_files_are_what_this_implementation_says_of_them() {
    if blesses_proofs() {
        write();
    }
    // The frozen attestation is the second one.
    let frozen = include_bytes!("../fixtures/attestation_v1_draft.json");
    bless(path("sample.attestation.json"), frozen);
    for name in ["rich", "sample"] {
        let said = said(&read(&format!("{name}.attestation.json")));
        let text = serde_json::to_string_pretty(&said).unwrap() + "\n";
        bless(path(&format!("{name}.native.json")), text);
    }
    let rich = read("rich.attestation.json");
    let key = Attestation::parse(&rich).unwrap().header.key;
    let key = VerifyingKey::from_bytes(&read("rich.key.json"), key).unwrap();
    let verified = Candidate::read(&rich).unwrap().verify(key, &()).unwrap();
    for id in HOLDERS {
        let statement = Statement::parse(&read(&format!("{id}.statement.json"))).unwrap();
        check(&statement, &verified, Some(id)).unwrap();
    }
}
