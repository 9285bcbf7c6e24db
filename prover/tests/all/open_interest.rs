//! What the prices state of open interest against what the book has.

use pacioli_attestation::open_interest::check_lines;
use pacioli_prover::{
    Strictness, balance_accounts,
    snapshot::{read_classes, read_csv},
};
use pacioli_rules::{Prices, Rules, compile};

/// Checks a book of the rules whose initial rates rise with open interest, pools included.
fn checked(stated: &str, lines: &str) -> Result<(), String> {
    let rules =
        Rules::parse(include_str!("../../../rules/tests/books/open_interest/rules.toml")).unwrap();
    let prices = include_str!("../../../rules/tests/books/open_interest/prices.json");
    let prices = prices.replacen("\"3000000\"", stated, 1);
    let compiled = compile(&rules, &Prices::parse(&prices).unwrap()).unwrap();
    let csv = format!("account,instrument,quantity\n{lines}");
    let mut snapshot = read_csv(csv.as_bytes(), "book.csv").unwrap();
    let classes = "account,class\npool,pool\n";
    read_classes(&mut snapshot, classes.as_bytes(), "classes.csv").unwrap();
    let options = Strictness::default();
    let ledger = balance_accounts(snapshot, &compiled, &options, 64).unwrap();
    check_lines(&compiled, ledger.accounts.lines()).map_err(|error| error.to_string())
}

#[test]
fn neither_side_of_all_classes_is_more_than_what_is_stated() {
    let long = "1,long ADA-USD,2.5\npool,short ADA-USD,2.5\n2,long ADA-USD,0.01\n";
    assert_eq!(checked("\"2.51\"", long), Ok(()));
    assert_eq!(checked("\"2.510\"", long), Ok(()));
    let error = "open_interest.ADA-USD: the prices state 2.509, and the longs of the book are \
                 2.51: initial margin would be too low";
    assert_eq!(checked("\"2.509\"", long), Err(error.to_owned()));
    let short = "1,short ADA-USD,2.5\npool,short ADA-USD,0.02\n2,long ADA-USD,2.5\n";
    let error = error
        .replace("2.509", "2.51")
        .replace("longs of the book are 2.51", "shorts of the book are 2.52");
    assert_eq!(checked("\"2.51\"", short), Err(error));
    assert_eq!(checked("\"2.52\"", short), Ok(()));
}
