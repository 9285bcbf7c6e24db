//! The example `verify`, run on files that a venue made.

#![expect(dead_code, reason = "the example's `main` is not called")]

#[path = "../../examples/verify.rs"]
mod verify;

use std::path::Path;

use pacioli_attestation::{
    Digest,
    setup::{Origin, insecure_setup},
};
use verify::{run, verdict};

fn file(name: &str) -> String {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../web/test/native");
    Path::new(folder).join(name).display().to_string()
}

fn error(args: &[&str]) -> String {
    run(args, |_| ()).unwrap_err().to_string()
}

#[test]
fn an_attestation_and_a_statement_are_verified_under_a_key_made_here() {
    let [attestation, statement] = ["rich.attestation.json", "bob.statement.json"].map(file);
    let expected = ("DOES NOT HOLD", false);
    assert_eq!(run(&[&attestation, &statement, "bob", "--insecure"], |_| ()).unwrap(), expected);
    // The same from the setup's file, with the digest that its reader knows.
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("setup");
    let setup = insecure_setup(11).unwrap();
    setup.write(&path).unwrap();
    let (path, digest) = (path.display().to_string(), setup.digest().to_string());
    let under = |digest: &str| [&attestation, &statement, "bob", &path, digest].map(str::to_owned);
    let args = under(&digest);
    assert_eq!(run(&args.each_ref().map(String::as_str), |_| ()).unwrap(), expected);
    let args = under(&Digest([7; 32]).to_string());
    let refused = error(&args.each_ref().map(String::as_str));
    assert!(refused.starts_with("the setup has digest"), "{refused}");
}

#[test]
fn a_statement_of_another_and_a_missing_key_are_refused() {
    let [attestation, statement] = ["rich.attestation.json", "bob.statement.json"].map(file);
    let other = error(&[&attestation, &statement, "cyn", "--insecure"]);
    assert_eq!(other, "the statement is for the account `bob`, not for `cyn`");
    let other = error(&[&file("sample.attestation.json"), &statement, "bob", "--insecure"]);
    assert!(other.starts_with("the statement belongs to the attestation 0x"), "{other}");
    let without = error(&[&attestation, &statement, "bob"]);
    assert!(without.starts_with("verify ATTESTATION STATEMENT ACCOUNT"), "{without}");
}

#[test]
fn only_a_trusted_setup_makes_a_policy_hold() {
    let vouched = Origin::Vouched(Digest([7; 32]));
    for (origin, trusted) in [
        (Origin::Ceremony("a ceremony"), true),
        (vouched, true),
        (Origin::Unknown, false),
        (Origin::Insecure, false),
    ] {
        let (said, is_proved) = verdict(origin, true);
        assert_eq!((said == "HOLDS", is_proved), (trusted, trusted), "{origin}");
        assert_eq!(verdict(origin, false), ("DOES NOT HOLD", false));
    }
}
