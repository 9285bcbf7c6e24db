//! A real book, where there is one: proved from end to end, and its figures worked out twice.
//!
//! `cargo test --release --test real_book -- --ignored --nocapture` proves it. The folder is the one
//! that `PACIOLI_REAL_BOOK` names, or `../shared/data`: `book.csv`, `prices.json`, `scenarios.json`.

use std::{fs, path::Path, time::Instant};

use crate::independent::{self, Assumptions, PerAsset, Ratio, Scenario, Tier, real_book, unpriced};
use num_bigint::BigUint;
use pacioli_attestation::{Candidate, Figures, VerifyingKey, figures, setup::insecure_setup};
use pacioli_circuits::{Total, Totals};
use pacioli_prover::{Book, Inputs, Strictness, snapshot};
use pacioli_rules::{Prices, Rules};

const RULES: &str = include_str!("real_book/rules.toml");

/// What the rules let keep its value.
const UNMOVED: [&str; 7] = ["AUD", "BUSD", "EUR", "GBP", "USD", "USDC", "USDT"];
/// What the rules give two decimals of quantity.
const CHEAP: [&str; 8] = ["BTTC", "DENT", "EPX", "LUNC", "SHIB", "SPELL", "WIN", "XEC"];
/// The rules' historical scenarios, in order.
const CRASHES: [&str; 4] = ["black-thursday-2020", "luna-2022-05", "ftx-2022-11", "oct-10-2025"];
/// Digits of the quote currency in one unit of value: the rules' default.
const VALUE_DECIMALS: u32 = 16;

/// The rules once more, in the words of the second computation.
fn assumptions(folder: &Path) -> Assumptions {
    let mut maintenance = Scenario::mark();
    maintenance.name = "maintenance".to_owned();
    maintenance.deposit.default = Ratio::parse("0.8");
    let unmoved = UNMOVED.map(|asset| (asset.to_owned(), Ratio::one()));
    maintenance.deposit.listed.extend(unmoved);
    for (asset, up_to) in [("BTC", 100u64), ("ETH", 1_000)] {
        let cap = Some((up_to * 10u64.pow(8)).into());
        let first = Tier { cap, weight: Ratio::parse("0.95") };
        let rest = Tier { cap: None, weight: Ratio::parse("0.9") };
        maintenance.deposit.listed.insert(asset.to_owned(), Ratio::one());
        maintenance.tiers.insert(asset.to_owned(), vec![first, rest]);
    }
    let mut scenarios = vec![Scenario::mark(), maintenance];
    scenarios.extend(CRASHES.map(|crash| Scenario::crash(folder, crash, &UNMOVED)));
    let mut quantity_decimals = PerAsset::all(8);
    quantity_decimals.listed.extend(CHEAP.map(|asset| (asset.to_owned(), 2)));
    Assumptions { quantity_decimals, value_decimals: VALUE_DECIMALS, scenarios }
}

/// The real book, balanced: every account closed, or in the form with the fewest lines.
fn book(folder: &Path, cover: bool) -> Book {
    let prices = fs::read_to_string(folder.join("prices.json")).expect("prices");
    let prices = Prices::parse(&prices).expect("prices in the project's form");
    let snapshot = snapshot::read(&folder.join("book.csv")).expect("a snapshot");
    let leave_out = unpriced(&snapshot.instruments, |asset| prices.get(asset).is_some());
    Book::new(Inputs {
        venue: "real book".to_owned(),
        as_of: prices.as_of,
        drawn: None,
        previous: None,
        rules: Rules::parse(&RULES.replace("cover = false", &format!("cover = {cover}"))).unwrap(),
        prices,
        reserves: None,
        snapshot,
        strictness: Strictness { round: true, leave_out },
    })
    .expect("a book that fits the rules")
}

/// Every scenario's figures are those of the second computation, to the unit.
fn compare(found: &Figures, folder: &Path) {
    let expected = independent::figures(folder, &assumptions(folder));
    assert!(expected.inexact.is_empty(), "{:?}", expected.inexact);
    assert_eq!(found.scenarios.len(), expected.scenarios.len());
    for (found, expected) in found.scenarios.iter().zip(&expected.scenarios) {
        let units = |number: &num_bigint::BigInt| BigUint::try_from(number.clone()).unwrap();
        assert_eq!(found.name, expected.name);
        assert_eq!(found.owed.units, units(&expected.owed), "owed, {}", found.name);
        assert_eq!(found.bad_debt.units, units(&expected.bad_debt), "bad debt, {}", found.name);
        // Nobody knows how many have equity where some may be plain or covered.
        let with_equity = found.accounts_with_equity.unwrap_or(expected.positive as u64);
        assert_eq!(with_equity, expected.positive as u64, "{}", found.name);
        assert_eq!(found.accounts_with_shortfall, expected.short as u64, "{}", found.name);
    }
}

/// The folder of the real book, or a word on why the test does nothing.
#[expect(clippy::print_stderr, reason = "a skipped test says so")]
fn folder() -> Option<std::path::PathBuf> {
    let folder = real_book();
    if folder.is_none() {
        eprintln!("skipped: PACIOLI_REAL_BOOK names no folder with a book.csv");
    }
    folder
}

#[test]
fn the_ledger_has_the_figures_worked_out_a_second_time() {
    let Some(folder) = folder() else { return };
    for cover in [false, true] {
        let book = book(&folder, cover);
        let mut totals = Totals(vec![Total::default(); book.compiled().rows.len()]);
        for line in book.accounts().lines() {
            let total = &mut totals.0[line.instrument.row()];
            total.count += 1;
            total.quantity += line.quantity.units();
        }
        let figures = figures(book.compiled(), &totals).unwrap();
        assert_eq!(figures.scenarios[0].accounts_with_equity.is_some(), !cover);
        compare(&figures, &folder);
    }
}

#[test]
#[ignore = "takes minutes, in a release build"]
#[expect(clippy::print_stderr, reason = "the run's own figures are what one runs it for")]
fn the_real_book_is_proved() {
    let Some(folder) = folder() else { return };
    let started = Instant::now();
    let book = book(&folder, true);
    let k = book.smallest_k(18).unwrap();
    let setup = insecure_setup(k).unwrap();
    eprintln!(
        "{} accounts, {} lines: {:?}",
        book.accounts().len(),
        book.lines(),
        started.elapsed()
    );
    let started = Instant::now();
    let attestation = book.prove_without_statements(&setup, &()).unwrap();
    let volumes = attestation.volumes.len();
    eprintln!("{volumes} volumes of 2^{k} rows proved: {:?}", started.elapsed());
    let bytes = attestation.to_bytes();
    let started = Instant::now();
    let candidate = Candidate::read(&bytes).unwrap();
    let key = VerifyingKey::insecure(candidate.shape());
    let verified = candidate.verify(key, &()).unwrap();
    eprintln!("{} bytes verified: {:?}", bytes.len(), started.elapsed());
    for scenario in &verified.figures.scenarios {
        let pacioli_attestation::ScenarioFigures { name, owed, bad_debt, .. } = scenario;
        eprintln!(
            "{name}: owed {owed}, bad debt {bad_debt}, {} short",
            scenario.accounts_with_shortfall
        );
    }
    assert!(verified.holds(), "{:?}", verified.clauses);
    compare(&verified.figures, &folder);
}
