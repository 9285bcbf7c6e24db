//! The second computation of a book's figures, against sums done by hand and by others.

use std::{collections::BTreeMap, fs};

use crate::independent::{Assumptions, PerAsset, Ratio, Scenario, Tier, figures, real_book};
use num_bigint::BigInt;
use tempfile::tempdir;

/// Priced assets of the real book that are meant to hold a currency's value.
const UNMOVED: [&str; 7] = ["AUD", "BUSD", "EUR", "GBP", "USD", "USDC", "USDT"];

#[test]
fn a_small_book_is_worth_what_one_works_out_by_hand() {
    let folder = tempdir().unwrap();
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
    write(
        "book.csv",
        "account,asset,amount\na,BTC,1.501\nb,BTC,-0.019\nb,USD,3.00\nb,X,9\nc,X,1\n",
    );
    write("prices.json", r#"{"prices": {"BTC": "10.25", "USD": "1", "ETH": "7"}}"#);
    write("scenarios.json", r#"{"half": {"moves": {"BTC": -0.5, "*": -0.9}}}"#);
    let mut haircut = Scenario::mark();
    let tier =
        |cap: Option<u32>, weight| Tier { cap: cap.map(Into::into), weight: Ratio::parse(weight) };
    haircut.tiers.insert("BTC".to_owned(), vec![tier(Some(100), "0.9"), tier(None, "0.1")]);
    let book = Assumptions {
        quantity_decimals: PerAsset::all(2),
        value_decimals: 3,
        scenarios: vec![
            Scenario::mark(),
            Scenario::crash(folder.path(), "half", &["USD"]),
            haircut,
        ],
    };
    let figures = figures(folder.path(), &book);
    // One hundredth of a bitcoin is worth 102.5 thousandths of a dollar, which does not come out:
    // 102 for a deposit, 103 for a borrow; 1.501 becomes 1.51 and the borrow of 0.019 becomes 0.01.
    assert_eq!(figures.inexact.into_iter().collect::<Vec<_>>(), ["BTC"]);
    assert_eq!((figures.lines, figures.accounts, figures.rounded_lines), (3, 2, 2));
    assert_eq!(figures.excluded, BTreeMap::from([("X".to_owned(), 2)]));
    let owed = |scenario: usize| figures.scenarios[scenario].owed.clone();
    assert_eq!(owed(0), (151 * 102 + 3000 - 103).into());
    assert_eq!(owed(1), (151 * 51 + 3000 - 52).into());
    assert_eq!(owed(2), (100 * 92 + 51 * 10 + 3000 - 103).into());
}

#[test]
#[expect(clippy::print_stderr, reason = "a skipped test says so")]
fn the_real_book_is_worth_what_its_source_says() {
    let Some(folder) = real_book() else {
        eprintln!("skipped: PACIOLI_REAL_BOOK names no folder with a book.csv");
        return;
    };
    // More digits than any amount or price has: nothing is rounded.
    let exact = Assumptions {
        quantity_decimals: PerAsset::all(30),
        value_decimals: 40,
        scenarios: vec![Scenario::mark(), Scenario::crash(&folder, "luna-2022-05", &UNMOVED)],
    };
    let figures = figures(&folder, &exact);
    assert_eq!((figures.lines, figures.accounts, figures.rounded_lines), (101_244, 47_561, 0));
    assert!(figures.inexact.is_empty());
    let dollar = BigInt::from(10).pow(exact.value_decimals);
    let dollars = |value: &BigInt| (value + &dollar / 2) / &dollar;
    let expected = [(132_482_635, 14_761, 68), (108_272_673, 320_093, 166)];
    for (scenario, (owed, bad_debt, short)) in figures.scenarios.iter().zip(expected) {
        assert_eq!(dollars(&scenario.owed), owed.into());
        assert_eq!((dollars(&scenario.bad_debt), scenario.short), (bad_debt.into(), short));
    }
}
