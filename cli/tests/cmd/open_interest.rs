//! Open interest that the prices state, against that of the book.

use crate::venue::Venue;

const BOOK: &str = "account,instrument,quantity
ann,deposit USDC,100
ann,long ADA-USD,2.5
bob,deposit USDC,100
bob,short ADA-USD,2.5
";

fn venue() -> Venue {
    let venue = Venue::new();
    venue.write("rules.toml", include_str!("../../../rules/tests/books/open_interest/rules.toml"));
    venue
        .write("prices.json", include_str!("../../../rules/tests/books/open_interest/prices.json"));
    venue.write("book.csv", BOOK);
    venue.edit("reserves.json", "\"BTC\"", "\"USDC\"");
    venue
}

#[test]
fn more_in_the_book_than_is_stated_is_not_proved() {
    let venue = venue();
    venue.edit("prices.json", "\"3000000\"", "\"2.49\"");
    let error = "open_interest.ADA-USD: the prices state 2.49, and the longs of the book are 2.5: \
                 initial margin would be too low";
    assert_eq!(venue.prove("out", &[]).refusal(2), error);
    let files = ["--snapshot", "book.csv", "--rules", "rules.toml", "--prices", "prices.json"];
    let stressed = venue.run(&[&["stress", "--set", "flat"], &files[..]].concat());
    assert_eq!(stressed.refusal(2), error);
    venue.edit("prices.json", ",\n  \"open_interest\": { \"ADA-USD\": \"2.49\" }", "");
    let error =
        "rules.toml: markets.ADA-USD.open_interest: the prices have no `open_interest.ADA-USD`";
    let checked = venue.run(&["rules", "check", "rules.toml", "--prices", "prices.json"]);
    assert_eq!(checked.refusal(2), error);
}

#[test]
fn what_is_stated_stands_beside_what_is_open() {
    let venue = venue();
    assert_eq!(venue.prove("out", &[]).code, 0);
    let verified = venue.verify("out", &[]);
    let line = "\n  ADA-USD     2.5      2.5      3,000,000\n";
    assert!(verified.stdout.contains(line), "{}", verified.stdout);
    assert_eq!((verified.code, verified.stderr.as_str()), (0, ""));
}

#[test]
fn an_attestation_with_more_open_than_is_stated_is_refused() {
    let venue = venue();
    let understated = include_str!("../../../tests/vectors/open_interest/understated.json");
    venue.write("understated.json", understated);
    let run = venue.run(&["verify", "understated.json", "--accept-insecure-setup"]);
    let error = "in the attestation: open_interest.ADA-USD: the prices state 2.509, and the longs \
                 of the book are 2.51: initial margin would be too low";
    assert_eq!(run.refusal(1), error);
}
