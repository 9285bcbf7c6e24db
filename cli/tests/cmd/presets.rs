//! Rules by the name of a preset.

use crate::venue::{Run, Venue, setup};

/// One WETH against a borrow of 1,000 USDC, and who lent them.
const BOOK: &str = "account,instrument,quantity
borrower,deposit WETH,1
borrower,borrow USDC,1000
lender,deposit USDC,1000
";

const PRICES: &str = r#"{ "as_of": "2026-01-01T00:00:00Z", "quote": "USD", "method": "made up",
  "prices": { "USDC": "1", "WETH": "2000.12345678" } }"#;

fn venue() -> Venue {
    let venue = Venue::new();
    venue.write("book.csv", BOOK);
    venue.write("prices.json", PRICES);
    venue.edit("reserves.json", "\"BTC\"", "\"WETH\"");
    venue
}

fn run(venue: &Venue, command: &str, rules: &str, more: &[&str]) -> Run {
    let files =
        ["--snapshot", "book.csv", "--prices", "prices.json", "--reserves", "reserves.json"];
    venue.run(&[&[command, "--rules", rules], &files[..], more].concat())
}

#[test]
fn prove_takes_a_preset_and_the_attestation_carries_its_text() {
    let venue = venue();
    let proved = run(&venue, "prove", "preset:lending", &["--setup", setup(11), "--out", "out"]);
    assert_eq!((proved.code, proved.warnings().as_str()), (0, ""));
    let attestation = venue.attestation("out");
    assert_eq!(attestation["rules"], include_str!("../../../presets/lending.toml"));
    assert_eq!(attestation["header"]["venue"], "lending");
    let verified = venue.verify("out", &[]);
    assert_eq!((verified.code, verified.warnings().as_str()), (0, ""), "{}", verified.stdout);
}

#[test]
fn stress_takes_a_preset() {
    let stressed = run(&venue(), "stress", "preset:lending", &["--set", "flat", "--json"]);
    assert_eq!((stressed.code, stressed.warnings().as_str()), (0, ""));
}

#[test]
fn an_unknown_preset_is_refused_before_anything_is_read() {
    let stressed = run(&venue(), "stress", "preset:spot", &["--set", "flat"]);
    let error = stressed.refusal(2);
    assert!(error.starts_with("there is no preset `spot`; there are "), "{error}");
}

#[test]
fn help_lists_the_presets() {
    for command in ["prove", "stress"] {
        let help = venue().run(&[command, "--help"]).stdout;
        // Lines are broken at the terminal's width.
        let help = help.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(help.contains("or preset:NAME for rules that come with pacioli: "), "{help}");
        assert!(help.contains("lending, ") && help.contains("spot-margin"), "{help}");
    }
}
