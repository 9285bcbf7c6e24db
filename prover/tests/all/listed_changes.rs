//! The changes of rules and prices with which the web page's compiler is compared.

use pacioli_rules::{Prices, Rules, compile};
use serde_json::Value;

/// Asserts that each change of the list is taken or refused as it says: `from` is replaced by `to` in
/// the rules, and `prices`, where there are any, stand for the book's.
pub fn are_taken_or_refused(listed: &str, rules: &str, prices: &str) {
    let listed: Vec<Value> = serde_json::from_str(listed).unwrap();
    for change in &listed {
        let [from, to] = ["from", "to"].map(|key| change[key].as_str().unwrap_or_default());
        assert!(rules.contains(from), "{from}");
        let prices = change.get("prices").map_or_else(|| prices.to_owned(), Value::to_string);
        let rules = Rules::parse(&rules.replacen(from, to, 1)).ok();
        let taken = rules.zip(written(&prices));
        let taken = taken.is_some_and(|(rules, prices)| compile(rules.table(), &prices).is_ok());
        assert_eq!(taken, change["accepted"].as_bool().unwrap(), "{change}");
    }
}

/// Prices as they stand in an attestation, which the page reads: a time of an input in another spelling
/// than its shortest does not stand there.
pub fn written(prices: &str) -> Option<Prices> {
    let read = Prices::parse(prices).ok()?;
    let text: Value = serde_json::from_str(prices).unwrap();
    (text["as_of"] == read.as_of.to_string()).then_some(read)
}
