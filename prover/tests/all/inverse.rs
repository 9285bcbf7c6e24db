//! Coin-margined contracts as `docs/snapshot.md` books them: never worth less to their holder than by the
//! venue's own formula, and more by less than one unit of quantity at the price.

use num_bigint::BigInt;
use pacioli_circuits::ScenarioId;
use pacioli_rules::{Compiled, Prices, Rules, compile};
use proptest::prelude::*;

const RULES: &str = r#"
name = "inverse"
source = "made up"
date = "2026-01-01"
exactness = "exact"
quote = "USD"
value_decimals = 18
scenarios = [
    { name = "mark", kind = "mark" },
    { name = "crash", kind = "stress", default_move = "-0.5" },
]
[assets.BTC]
decimals = 8
[markets.BTC-USD]
underlying = "BTC"
decimals = 12
tiers = [{}]
[policy]
min_coverage = "1"
"#;

fn at(price: u64) -> Compiled {
    let prices = format!(
        r#"{{ "as_of": "2026-01-01T00:00:00Z", "quote": "USD", "method": "made up",
            "prices": {{ "BTC": "{}.{:02}" }} }}"#,
        price / 100,
        price % 100
    );
    compile(&Rules::parse(RULES).unwrap(), &Prices::parse(&prices).unwrap()).unwrap()
}

fn value(table: &Compiled, name: &str, scenario: ScenarioId) -> BigInt {
    let row = table.find(name).unwrap().row();
    table.table.instruments()[row].values[scenario].units().into()
}

proptest! {
    #[test]
    fn a_coin_margined_contract_is_worth_what_the_venue_says(
        dollars in 1..10_000_000u64,
        entry in 100..20_000_000u64,
        price in 2..20_000_000u64,
    ) {
        // In cents, so that half of it is exact.
        let table = at(2 * (price / 2));
        let entry = BigInt::from(entry);
        let coins: BigInt = BigInt::from(dollars) * 100 * BigInt::from(10).pow(12);
        let dollars: BigInt = BigInt::from(dollars) * BigInt::from(10).pow(18);
        for scenario in [ScenarioId::MARK, ScenarioId::new(1)] {
            for (side, quote) in [("long", "quote debit"), ("short", "quote credit")] {
                let unit = value(&table, &format!("{side} BTC-USD"), scenario);
                let quantity = match side {
                    "long" => (coins.clone() + entry.clone() - 1) / entry.clone(),
                    _ => coins.clone() / entry.clone(),
                };
                let quote = value(&table, quote, scenario) * dollars.clone();
                // What quantities are rounded by, times the entry, so that nothing here is.
                let worth = (quantity * unit.clone() + quote.clone()) * entry.clone();
                let venues = coins.clone() * unit.clone() + quote * entry.clone();
                let above: BigInt = worth - venues;
                let most = BigInt::from(unit.magnitude().clone()) * entry.clone();
                prop_assert!(above >= BigInt::ZERO && above < most, "{side}: {above}");
            }
        }
    }
}
