//! Figures at other prices that the web page is compared with. `PACIOLI_BLESS=1` makes them anew.

use std::path::PathBuf;

use pacioli_attestation::{
    Candidate, Findings, Verified, VerifyingKey,
    bound::{Certificates, Repriced, Repricing, overall},
};
use pacioli_rules::{Decimal, Prices, testing::bless};
use serde_json::{Value, json};

fn path(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("web/test/native").join(name)
}

fn verified(name: &str) -> Verified {
    let file = match name {
        "options" => path("../../../tests/vectors/options/attestation.json"),
        _ => path(&format!("{name}.attestation.json")),
    };
    let bytes = std::fs::read(file).unwrap();
    let candidate = Candidate::read(&bytes).unwrap();
    let key = VerifyingKey::insecure(candidate.shape());
    candidate.verify(key, &()).unwrap()
}

/// The prices with each multiplied by so many hundredths, in turn; digits that they have no room for are
/// cut off.
fn moved(prices: &Prices, hundredths: &[i128]) -> Prices {
    let mut prices = prices.clone();
    let turns = hundredths.iter().cycle();
    for ((name, price), by) in prices.prices.iter_mut().zip(turns) {
        if *name != prices.quote {
            *price = Decimal::new(price.mantissa() * by / 100, price.scale());
        }
    }
    prices
}

/// What is said at these prices, with these certificates or those that are found.
fn case(name: &str, findings: &Findings, prices: &Prices, given: Option<Certificates>) -> Value {
    let compiled = &findings.compiled;
    let repricing = Repricing::new(findings, prices).unwrap();
    let repriced = match given {
        None => Repriced::find(&repricing, &()),
        Some(certificates) => Repriced::check(&repricing, &certificates).unwrap(),
    };
    // Whoever checks what was found, finds the same.
    assert_eq!(Repriced::check(&repricing, &repriced.certificates).unwrap(), repriced);
    let clauses = repriced.clauses(findings.rules.policy(), compiled, &findings.clauses);
    json!({
        "attestation": name,
        "prices": prices,
        "certificates": repriced.certificates,
        "bounds": repriced.scenarios,
        "clauses": clauses,
        "standing": overall(&clauses, false),
    })
}

#[test]
fn the_pages_figures_at_other_prices_are_what_this_implementation_says() {
    let mut cases = Vec::new();
    for name in ["rich", "sample", "options"] {
        let verified = verified(name);
        let prices = &verified.attestation.prices;
        for hundredths in [&[100][..], &[90], &[99, 97, 101], &[150], &[30, 100], &[100, 140]] {
            cases.push(case(name, &verified, &moved(prices, hundredths), None));
        }
        let names = verified.compiled.scenarios.iter().map(|scenario| &scenario.name);
        let certificate: serde_json::Map<_, _> = names
            .zip(1..)
            .map(|(name, number)| (name.clone(), format!("0.{number:02}7").into()))
            .collect();
        for scenarios in [&["mark"][..], &[]] {
            let given = scenarios.iter().map(|one| (one.to_string(), certificate.clone().into()));
            let given = serde_json::from_value(Value::Object(given.collect())).unwrap();
            cases.push(case(name, &verified, &moved(prices, &[95]), Some(given)));
        }
    }
    let text = serde_json::to_string_pretty(&json!({ "cases": cases })).unwrap() + "\n";
    bless(path("repricing.json"), text);
}

/// What was rounded is below 0.0001 GOLD, which is below the 0.3 EUR that are allowed at mark, and not where
/// gold costs ten times as much.
#[test]
fn a_bound_of_rounding_in_the_quote_currency_is_as_of_the_proof() {
    let verified = verified("rich");
    let mut prices = verified.attestation.prices.clone();
    let gold = prices.prices.get_mut("GOLD").unwrap();
    *gold = Decimal::new(gold.mantissa() * 10, gold.scale());
    let case = case("rich", &verified, &prices, None);
    let clauses = case["clauses"].as_array().unwrap();
    let rounding = clauses.iter().find(|clause| clause["name"] == "left_out.rounding").unwrap();
    assert_eq!((&rounding["standing"], &rounding["rests_on"]), (&json!("held"), &json!("proof")));
}
