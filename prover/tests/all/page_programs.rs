//! The program of every change of rules with which the account holder's page is compared: the page
//! makes the same bytes, and none where there is none.

use std::{collections::BTreeMap, path::Path};

use pacioli_attestation::program::Program;
use pacioli_rules::{Rules, compile, testing::bless};
use serde_json::Value;

use crate::listed_changes::written;

/// The lists of changes, and whose rules and prices they change.
const LISTS: [(&str, &str); 5] = [
    ("rules", "small_book"),
    ("portfolio", "portfolio_margin"),
    ("credit", "credit"),
    ("priced_bounds", "priced_bounds"),
    ("volatility", "volatility_rates"),
];

/// The hash of a change's program, `none` where its rules make none, `refused` where they are none.
fn said(folder: &Path, change: &Value) -> String {
    let read = |file: &str| std::fs::read_to_string(folder.join(file)).unwrap();
    let replaced = |text: String, [from, to]: [&str; 2]| {
        let [from, to] = [from, to].map(|key| change[key].as_str().unwrap_or_default());
        assert!(text.contains(from), "{from}");
        text.replacen(from, to, 1)
    };
    let prices = match change.get("prices") {
        Some(prices) => prices.to_string(),
        None => replaced(read("prices.json"), ["price_from", "price_to"]),
    };
    let rules = Rules::parse(&replaced(read("rules.toml"), ["from", "to"])).ok();
    let compiled = rules.zip(written(&prices)).and_then(|(rules, prices)| {
        let compiled = compile(&rules, &prices).ok()?;
        Some(Program::of(&rules, &compiled, &prices))
    });
    match compiled {
        None => "refused".to_owned(),
        Some(Err(_)) => "none".to_owned(),
        Some(Ok(program)) => program.hash().to_string(),
    }
}

#[test]
fn every_change_has_the_program_that_is_listed() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let native = root.join("../web/test/native");
    let of = |(list, folder): (&str, &str)| {
        let text = std::fs::read_to_string(native.join(format!("{list}.json"))).unwrap();
        let changes: Vec<Value> = serde_json::from_str(&text).unwrap();
        let folder = root.join("../rules/tests/books").join(folder);
        let hashes = changes.iter().map(|change| said(&folder, change)).collect::<Vec<_>>();
        (list.to_owned(), hashes)
    };
    let listed: BTreeMap<_, _> = LISTS.into_iter().map(of).collect();
    let made = |one: &String| one.starts_with("0x");
    assert!(listed["rules"].iter().any(made) && listed["portfolio"].iter().any(made));
    assert!(!listed["credit"].iter().any(made), "a credit scenario has none");
    let text = serde_json::to_string_pretty(&listed).unwrap() + "\n";
    let path = native.join("programs.json");
    bless(path, text);
}
