//! Portfolios in the ledger of a preset.

use std::{collections::BTreeMap, fmt::Write};

use num_bigint::BigInt;
use pacioli_prover::{Strictness, balance_accounts, snapshot::read_csv};
use pacioli_rules::{Closing, Compiled, Prices, Rules, compile};

use crate::presets::number::{Number, decimal, read, write};

/// What an account holds: instruments of the snapshot with their quantity in whole units.
pub type Portfolio = Vec<(String, Number)>;

/// Prices of whole units.
pub type PriceList = BTreeMap<String, Number>;

/// A price list.
pub fn prices(list: &[(&str, &str)]) -> PriceList {
    list.iter().map(|(name, price)| ((*name).to_owned(), read(price))).collect()
}

/// The table of rules at prices of at most 18 digits.
pub fn table(rules: &Rules, prices: &PriceList) -> Compiled {
    table_with(rules, prices, &PriceList::new())
}

/// The same where so much is open in markets.
pub fn table_with(rules: &Rules, prices: &PriceList, open_interest: &PriceList) -> Compiled {
    let [prices, open_interest] = [prices, open_interest].map(|list| {
        let entry =
            |(name, number): (&String, &Number)| format!("\"{name}\": \"{}\"", write(number, 18));
        list.iter().map(entry).collect::<Vec<_>>().join(", ")
    });
    let head = r#""as_of": "2026-01-01T00:00:00Z", "quote": "USD", "method": "random""#;
    let lists = format!(r#""prices": {{ {prices} }}, "open_interest": {{ {open_interest} }}"#);
    compile(rules, &Prices::parse(&format!("{{ {head}, {lists} }}")).unwrap()).unwrap()
}

/// What each portfolio is worth in a scenario, in the quote currency, by the lines of its account,
/// closed, plain or covered.
pub fn worth(table: &Compiled, portfolios: &[Portfolio], scenario: &str) -> Vec<Number> {
    let mut csv = "account,instrument,quantity\n".to_owned();
    for (id, portfolio) in portfolios.iter().enumerate() {
        for (instrument, quantity) in portfolio {
            writeln!(csv, "{id},{instrument},{}", write(quantity, 18)).unwrap();
        }
    }
    let snapshot = read_csv(csv.as_bytes(), "book.csv").unwrap();
    let options = Strictness::default();
    let ledger = balance_accounts(snapshot, table, &options, 4096).unwrap();
    assert_eq!(ledger.accounts.len(), portfolios.len());
    let mut scenarios = table.scenarios_by_id();
    let (id, scenario) = scenarios.find(|(_, known)| known.name == scenario).unwrap();
    let Closing::Balance { equity, shortfall } = scenario.closing else { panic!("a constraint") };
    let closed = ledger.accounts.iter().map(|(_, account)| {
        let units = |instrument| {
            let line = account.lines.iter().find(|line| line.instrument == instrument);
            line.map_or(BigInt::ZERO, |line| line.quantity.units().into())
        };
        let outside = account.lines.iter().filter_map(|line| {
            let row = line.instrument.row();
            table.rows[row].role.stands_for()?;
            Some(BigInt::from(table.counts_for(row, id)) * line.quantity.units())
        });
        let outside: BigInt = outside.sum();
        decimal(units(equity) - units(shortfall) + outside, table.value_decimals)
    });
    closed.collect()
}

/// Changes a text that stands once in a preset.
pub fn mutated(preset: &str, from: &str, to: &str) -> Rules {
    assert_eq!(preset.matches(from).count(), 1, "`{from}`");
    Rules::parse(&preset.replace(from, to)).unwrap()
}

/// The preset with one number changed, for every number under `key`: `other` gives the other number.
/// What the reader of rules refuses by itself is left out.
pub fn mutants(preset: &str, key: &str, other: impl Fn(&Number) -> Number) -> Vec<(String, Rules)> {
    let start = format!("{key} = \"");
    let places = preset.match_indices(&start).filter(|(at, _)| {
        // Not the end of a longer key.
        preset[..*at].ends_with([' ', '\n'])
    });
    let mutant = |(at, _): (usize, &str)| {
        let (before, rest) = preset.split_at(at + start.len());
        let (number, after) = rest.split_once('"').unwrap();
        let text = format!("{before}{}\"{after}", write(&other(&read(number)), 18));
        let line = before.lines().count();
        Some((format!("{key} in line {line}"), Rules::parse(&text).ok()?))
    };
    let mutants: Vec<_> = places.filter_map(mutant).collect();
    assert!(!mutants.is_empty(), "{key}");
    mutants
}
