//! The cases as files, for checkers that are not this code. `PACIOLI_BLESS=proofs` makes them anew.

use std::{fs, path::PathBuf};

use pacioli_attestation::{
    Attestation, Candidate, VerifyingKey,
    statement::{Statement, check},
};
use pacioli_rules::testing::{bless, blesses_proofs};
use serde_json::{Value, json};

use crate::statements::{
    cases::{Case, cases},
    fixture::{ALICE, Venue},
};

/// Cases that are kept as files: one or more for every step of a check.
const KEPT: [&str; 18] = [
    "honest",
    "honest-by-id",
    "statement-of-another",
    "same-lines-for-another-id",
    "another-attestation",
    "another-volume",
    "page-switched-off",
    "slot-past-the-page",
    "another-nonce",
    "one-unit-more-and-balanced",
    "line-left-out",
    "line-of-nothing-at-the-end",
    "lines-reordered",
    "tier-swapped",
    "worth-changed",
    "value-not-below-r",
    "opening-off-the-curve",
    "opening-at-infinity",
];

fn path(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/vectors/statements").join(name)
}

fn read(name: &str) -> Vec<u8> {
    fs::read(path(name)).unwrap()
}

/// What the files say of a statement.
fn verdict(statement: &str, attestation: &str, id: Option<&str>) -> Result<(), String> {
    let statement = Statement::parse(&read(statement)).map_err(|error| error.to_string())?;
    // Whose key it is, the reader knows from elsewhere; here, from the honest attestation.
    let expected = Attestation::parse(&read("attestation.json")).unwrap().header.key;
    let key = VerifyingKey::from_bytes(&read("key.json"), expected).unwrap();
    let candidate = Candidate::read(&read(attestation)).map_err(|error| error.to_string())?;
    let verified = candidate.verify(key, &()).map_err(|error| error.to_string())?;
    check(&statement, &verified, id).map(|_| ()).map_err(|error| error.to_string())
}

/// Writes every file but `cases.json`, and says what is to be in that.
fn write(venue: &Venue) -> Vec<Value> {
    fs::write(path("attestation.json"), venue.attestation.to_bytes()).unwrap();
    fs::write(path("key.json"), venue.key.to_bytes()).unwrap();
    let mut listed = Vec::new();
    let mut list = |name: &str, bytes: &[u8], attestation: &str, id: Option<&str>| {
        let honest = bytes == venue.statement(ALICE).to_bytes();
        let file = if honest { "statement.json".to_owned() } else { format!("{name}.json") };
        fs::write(path(&file), bytes).unwrap();
        let verdict = verdict(&file, attestation, id);
        listed.push(json!({
            "name": name, "statement": file, "attestation": attestation, "id": id,
            "holds": verdict.is_ok(), "error": verdict.err(),
        }));
    };
    let all = cases(venue);
    for name in KEPT {
        let Case { statement, id, .. } = all.iter().find(|case| case.name == name).unwrap();
        list(name, &statement.to_bytes(), "attestation.json", *id);
    }
    let honest = venue.statement(ALICE).to_bytes();
    let text = String::from_utf8(honest).unwrap();
    let spaced = text.replacen("\"page\": ", "\"page\":  ", 1);
    list("not-canonical", spaced.as_bytes(), "attestation.json", None);
    // Totals that no proof was made for, and a statement that names their attestation.
    let mut forged = venue.attestation.clone();
    forged.volumes[0].quantities[1] -= 1;
    fs::write(path("attestation-forged.json"), forged.to_bytes()).unwrap();
    let mut statement = venue.statement(ALICE);
    statement.attestation = forged.digest();
    list("attestation-does-not-verify", &statement.to_bytes(), "attestation-forged.json", None);
    listed
}

#[test]
fn the_vectors_have_the_verdicts_they_are_listed_with() {
    if blesses_proofs() {
        let listed = serde_json::to_string_pretty(&write(Venue::get())).unwrap();
        fs::write(path("cases.json"), listed + "\n").unwrap();
    }
    let listed: Vec<Value> = serde_json::from_slice(&read("cases.json")).unwrap();
    assert_eq!(listed.len(), KEPT.len() + 2);
    let mut now = listed.clone();
    for (case, now) in listed.iter().zip(&mut now) {
        let text = |field: &str| case[field].as_str();
        let file = |field| text(field).unwrap();
        let got = verdict(file("statement"), file("attestation"), text("id"));
        assert_eq!(got.is_ok(), case["holds"].as_bool().unwrap(), "{case}");
        now["error"] = json!(got.err());
    }
    bless(path("cases.json"), serde_json::to_string_pretty(&now).unwrap() + "\n");
    let held = listed.iter().filter(|case| case["holds"] == true).count();
    assert_eq!(held, 2);
    let sizes = fs::read_dir(path("")).unwrap();
    let total: u64 = sizes.map(|entry| entry.unwrap().metadata().unwrap().len()).sum();
    assert!(total < 300_000, "{total} bytes");
}
