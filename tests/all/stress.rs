//! Stressed books against a second computation, to the unit; and how long a million accounts take.

use std::{fmt::Write, fs, path::Path, time::Instant};

use crate::independent::{self, Assumptions, PerAsset, Scenario, real_book, unpriced};
use num_bigint::BigUint;
use pacioli_prover::{Strictness, snapshot};
use pacioli_risk::stress::{Outcome, SETS, StressBook, StressScenario, shipped};
use pacioli_rules::{Prices, Rules};
use tempfile::tempdir;

/// Rules for balances and borrows; its stresses are replaced by the scenarios under test.
const RULES: &str = include_str!("real_book/rules.toml");
/// What the rules let keep its value.
const UNMOVED: [&str; 7] = ["AUD", "BUSD", "EUR", "GBP", "USD", "USDC", "USDT"];
/// What the rules give two decimals of quantity.
const CHEAP: [&str; 8] = ["BTTC", "DENT", "EPX", "LUNC", "SHIB", "SPELL", "WIN", "XEC"];
const VALUE_DECIMALS: u32 = 16;

fn scenarios(sets: &[&str]) -> Vec<StressScenario> {
    sets.iter().flat_map(|set| shipped(set).unwrap().scenarios).collect()
}

fn book(folder: &Path) -> StressBook {
    let prices = fs::read_to_string(folder.join("prices.json")).unwrap();
    let prices = Prices::parse(&prices).unwrap();
    let snapshot = snapshot::read(&folder.join("book.csv")).unwrap();
    let leave_out = unpriced(&snapshot.instruments, |asset| prices.get(asset).is_some());
    let rules = Rules::parse(RULES).unwrap();
    let strictness = Strictness { round: true, leave_out };
    StressBook::new(&rules, prices, None, snapshot, &strictness).unwrap()
}

/// Writes the scenarios in the form of the second computation.
fn write_scenarios(folder: &Path, scenarios: &[StressScenario]) {
    let moves = scenarios.iter().map(|scenario| {
        let listed: String =
            scenario.moves.iter().map(|(asset, by)| format!("\"{asset}\": {by}, ")).collect();
        let (name, default) = (&scenario.name, scenario.default_move);
        format!("\"{name}\": {{ \"moves\": {{ {listed}\"*\": {default} }} }}")
    });
    let text = format!("{{ {} }}", moves.collect::<Vec<_>>().join(", "));
    fs::write(folder.join("scenarios.json"), text).unwrap();
}

/// The figures of a folder's book are those of the second computation, which takes the scenarios'
/// moves from another folder.
fn compare(found: &[Outcome], folder: &Path, names: &[&str]) {
    let mut quantity_decimals = PerAsset::all(8);
    quantity_decimals.listed.extend(CHEAP.map(|asset| (asset.to_owned(), 2)));
    let scenarios = names.iter().map(|name| Scenario::crash(folder, name, &UNMOVED)).collect();
    let assumptions = Assumptions { quantity_decimals, value_decimals: VALUE_DECIMALS, scenarios };
    let expected = independent::figures(folder, &assumptions);
    assert!(expected.inexact.is_empty(), "{:?}", expected.inexact);
    assert_eq!(found.len(), expected.scenarios.len());
    for (found, expected) in found.iter().zip(&expected.scenarios) {
        let units = |number: &num_bigint::BigInt| BigUint::try_from(number.clone()).unwrap();
        let name = &found.name;
        assert_eq!(*name, expected.name);
        assert_eq!(found.owed.units, units(&expected.owed), "owed, {name}");
        assert_eq!(found.bad_debt.units, units(&expected.bad_debt), "bad debt, {name}");
        assert_eq!(found.accounts_with_equity, expected.positive as u64, "{name}");
        assert_eq!(found.accounts_with_shortfall, expected.short as u64, "{name}");
    }
}

/// Numbers that look thrown, the same every time: Knuth's MMIX generator.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((u128::from(self.0) * u128::from(sides)) >> 64) as u64
    }
}

/// Assets with prices, dear and cheap; how much of it is about a dollar's worth, and in how many
/// digits.
const PRICES: [(&str, &str, u128, u32); 10] = [
    ("BTC", "16916.02", 5_911, 8),
    ("ETH", "1259.27", 79_411, 8),
    ("BNB", "287.1", 348_311, 8),
    ("SOL", "17.06", 5_861_665, 8),
    ("FTT", "2.531", 39_510_075, 8),
    ("DOGE", "0.08517", 1_174_122_343, 8),
    ("SHIB", "0.00000967", 10_341_262, 2),
    ("WBTC", "16880", 5_924, 8),
    ("DAI", "0.9998", 100_020_004, 8),
    ("USDC", "1", 100_000_000, 8),
];

/// A book of balances: most accounts have borrowed one asset against two others.
fn made_up(accounts: usize) -> String {
    let mut dice = Dice(7);
    let mut csv = String::from("account,asset,amount\n");
    for account in 0..accounts {
        let first = dice.roll(10) as usize;
        for step in 0..3 {
            let (asset, _, dollar, decimals) = PRICES[(first + 3 * step) % 10];
            let units = dollar * u128::from(1 + dice.roll(99_999));
            let (whole, unit) = (units / 10u128.pow(decimals), 10u128.pow(decimals));
            let sign = if step == 2 && dice.roll(4) > 0 { "-" } else { "" };
            let (fraction, width) = (units % unit, decimals as usize);
            writeln!(csv, "{account},{asset},{sign}{whole}.{fraction:0width$}").unwrap();
        }
    }
    csv
}

fn write_made_up(folder: &Path, accounts: usize) {
    fs::write(folder.join("book.csv"), made_up(accounts)).unwrap();
    let prices = PRICES.map(|(asset, price, ..)| format!("\"{asset}\": \"{price}\""));
    let head = "\"as_of\": \"2022-11-11T14:00:00Z\", \"quote\": \"USD\", \"method\": \"close\"";
    let text = format!("{{ {head}, \"prices\": {{ {} }} }}", prices.join(", "));
    fs::write(folder.join("prices.json"), text).unwrap();
}

#[test]
fn every_shipped_scenario_has_the_figures_worked_out_a_second_time() {
    let folder = tempdir().unwrap();
    let folder = folder.path();
    write_made_up(folder, 400);
    let scenarios = scenarios(&SETS.map(|(name, _)| name));
    write_scenarios(folder, &scenarios);
    let found = book(folder).evaluate(&scenarios, &()).unwrap();
    let names: Vec<&str> = scenarios.iter().map(|scenario| scenario.name.as_str()).collect();
    compare(&found, folder, &names);
    assert!(
        found.iter().any(|outcome| outcome.accounts_with_shortfall > 40),
        "the book is no easy one"
    );
}

#[test]
#[expect(clippy::print_stderr, reason = "a skipped test says so, and a run tells its time")]
fn the_crashes_of_the_real_book_have_the_figures_worked_out_a_second_time() {
    let Some(folder) = real_book() else {
        eprintln!("skipped: PACIOLI_REAL_BOOK names no folder with a book.csv");
        return;
    };
    // The second computation takes the moves from the folder, so that the shipped ones are compared
    // with those too.
    let mut scenarios = scenarios(&["historical"]);
    scenarios.truncate(10);
    let started = Instant::now();
    let book = book(&folder);
    let read = started.elapsed();
    let found = book.evaluate(&scenarios, &()).unwrap();
    eprintln!("{} accounts read in {read:?}, all in {:?}", book.accounts(), started.elapsed());
    for Outcome { name, owed, bad_debt, accounts_with_shortfall, half_of_bad_debt, .. } in &found {
        eprintln!(
            "{name}: owed {owed}, bad debt {bad_debt} in {accounts_with_shortfall}, half in {half_of_bad_debt}"
        );
    }
    let names: Vec<&str> = scenarios.iter().map(|scenario| scenario.name.as_str()).collect();
    compare(&found, &folder, &names);
}

#[test]
#[ignore = "a million accounts: 0.8 GB, and some seconds to make and read them"]
#[expect(clippy::print_stderr, reason = "the run's own figures are what one runs it for")]
fn a_million_accounts_are_evaluated_in_seconds() {
    let folder = tempdir().unwrap();
    let folder = folder.path();
    write_made_up(folder, 1_000_000);
    let started = Instant::now();
    let book = book(folder);
    eprintln!("{} accounts read and balanced: {:?}", book.accounts(), started.elapsed());
    let scenarios = scenarios(&SETS.map(|(name, _)| name));
    let started = Instant::now();
    let found = book.evaluate(&scenarios, &()).unwrap();
    let evaluated = started.elapsed();
    eprintln!("{} scenarios: {evaluated:?}", found.len());
    let started = Instant::now();
    let sweep = book.sweep(None, &()).unwrap();
    let swept = started.elapsed();
    eprintln!("sweep of {} moves: {swept:?}", sweep.points.len());
    assert!(evaluated.as_secs() < 60 && swept.as_secs() < 120);
}
