//! Contracts and programs as files.

use std::path::Path;

use serde_json::{Value, json};

use crate::venue::Venue;

#[test]
fn a_program_says_what_has_to_hold() {
    let venue = Venue::new();
    let args = ["contract", "program", "--rules", "rules.toml", "--prices", "prices.json"];
    let run = venue.run(&[&args[..], &["--out", "program.bin"]].concat());
    assert_eq!((run.code, run.warnings().as_str()), (0, ""));
    for clause in ["min_coverage", "bad_debt.crash", "open_interest_matched.BTC-PERP"] {
        assert!(run.stdout.contains(&format!("  - {clause}\n")), "{}", run.stdout);
    }
    assert_eq!(std::fs::read(venue.path("program.bin")).unwrap()[0], 4);
}

#[test]
fn the_contracts_of_a_key_are_written_for_the_compiler() {
    let venue = Venue::new();
    let args = ["contract", "--k", "12", "--out", "contracts"];
    assert!(venue.run(&args).refusal(2).starts_with("no key is given: "));
    let run = venue.run(&[&args[..], &["--accept-insecure-setup"]].concat());
    assert_eq!((run.code, run.warnings().as_str()), (0, ""));
    assert!(run.stdout.contains("npx solc@0.8.37 --standard-json"), "{}", run.stdout);
    let input: Value = serde_json::from_str(&venue.read("contracts/input.json")).unwrap();
    let generated = &input["sources"]["generated/VolumeVerifier.sol"]["content"];
    assert_eq!(generated, &json!(venue.read("contracts/generated/VolumeVerifier.sol")));
    let committed = "../verifier-contract/generated/VolumeVerifier.sol";
    let committed = Path::new(env!("CARGO_MANIFEST_DIR")).join(committed);
    assert_eq!(generated, &json!(std::fs::read_to_string(committed).unwrap()));
}
