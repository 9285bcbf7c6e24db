//! `pacioli prices aggregate`: a prices file out of feeds, or none.

use crate::venue::{Run, Venue};

const FEED: &str = "source,asset,time,price
A,BTC,2026-01-01T00:00:00Z,20000
B,BTC,2025-12-31T23:55:00Z,20010
C,BTC,2026-01-01T00:00:00Z,25000
A,USDC,2025-12-31T22:00:00Z,1.0002
A,USDC,2026-01-01T00:00:00Z,1
B,USDC,2026-01-01T00:00:00Z,1.0001
";

fn aggregate(venue: &Venue, more: &[&str]) -> Run {
    let args = ["prices", "aggregate", "feed.csv", "--quote", "USD", "--out", "new.json"];
    venue.run(&[&args[..], &["--at", "2026-01-01T00:00:00Z"], more].concat())
}

fn venue(feed: &str) -> Venue {
    let venue = Venue::new();
    venue.write("feed.csv", feed);
    venue
}

#[test]
fn the_median_of_fresh_and_agreeing_sources_is_written() {
    let venue = venue(FEED);
    let run = aggregate(&venue, &[]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    let expected = "\
new.json

  asset, source  price  average                  last                                          counts
  BTC            20000        -                                                       spread 0.0005
    A            20000        -  2026-01-01T00:00:00Z                                           yes
    B            20010        -  2025-12-31T23:55:00Z                                           yes
    C            25000        -  2026-01-01T00:00:00Z  no, dispersed: 0.249376 from the median
  USDC               1   1.0002                                                       spread 0.0001
    A                1   1.0002  2026-01-01T00:00:00Z                                           yes
    B           1.0001        -  2026-01-01T00:00:00Z                                           yes
";
    let words =
        |text: &str| -> Vec<String> { text.split_whitespace().map(str::to_owned).collect() };
    assert_eq!(words(&run.stdout), words(expected), "{}", run.stdout);
    let prices = venue.read("new.json");
    assert!(prices.contains("\"BTC\": \"20000\",\n    \"USDC\": \"1\""), "{prices}");
    assert!(prices.contains("\"method\": \"lower median of sources' latest prices; "), "{prices}");
    assert!(prices.contains("C 25000 at 2026-01-01T00:00:00Z (rejected, dispersed"), "{prices}");
    assert!(prices.contains("feeds: feed.csv 0x"), "{prices}");
    // And `prove` takes it.
    venue.write("prices.json", prices);
    assert_eq!(venue.run(&["rules", "check", "rules.toml", "--prices", "prices.json"]).code, 0);
}

#[test]
fn an_asset_without_enough_sources_is_refused_by_name_or_left_out_when_asked() {
    let venue = venue(&FEED.replace("B,USDC,2026-01-01T00:00:00Z,1.0001\n", ""));
    let run = aggregate(&venue, &[]);
    assert_eq!(run.code, 1);
    let start = "NOT WRITTEN: no price for USDC (without: --leave-out USDC)\n";
    assert!(run.stdout.starts_with(start), "{}", run.stdout);
    let why = "REFUSED: 1 of the 1 fresh sources agree, 2 are needed";
    assert!(run.stdout.contains(why), "{}", run.stdout);
    assert!(!venue.path("new.json").exists());
    let json = aggregate(&venue, &["--json"]).json();
    assert_eq!(json["holds"], false);
    assert_eq!(json["assets"][1]["price"], serde_json::Value::Null);

    // Another name than the one that has no price, and one that no source has.
    let run = aggregate(&venue, &["--leave-out", "BTC"]);
    assert!(run.code == 1 && run.stdout.starts_with(start), "{}", run.stdout);
    let run = aggregate(&venue, &["--leave-out", "USDC,usdc"]);
    assert_eq!(run.refusal(2), "--leave-out: no source has a price of `usdc`");
    assert!(!venue.path("new.json").exists());

    let run = aggregate(&venue, &["--leave-out", "USDC"]);
    assert_eq!(run.code, 0);
    assert!(run.stdout.starts_with("new.json, without USDC\n"), "{}", run.stdout);
    assert!(venue.read("new.json").contains("USDC: LEFT OUT, 1 of the 1 fresh"));
}

#[test]
fn averages_are_taken_when_asked() {
    let venue = venue(
        "source,asset,time,price\nA,BTC,2025-12-31T12:00:00Z,100\nA,BTC,2025-12-31T23:45:00Z,104\n",
    );
    let run = aggregate(&venue, &["--twap", "--min-sources", "1", "--max-age", "1h", "--json"]);
    let json = run.json();
    assert_eq!(json["assets"][0]["price"], "101");
    assert_eq!(json["assets"][0]["sources"][0]["latest"]["price"], "104");
    assert!(venue.read("new.json").contains("time-weighted averages over 1h"));
}

#[test]
fn a_feed_that_cannot_be_used_is_named_with_its_place() {
    let refusal = |feed: &str, more: &[&str]| aggregate(&venue(feed), more).refusal(2).to_owned();
    let error = refusal(&FEED.replace("25000", "2.5e4"), &[]);
    assert_eq!(error, "feed.csv:4:4: price: `2.5e4` is in exponent notation; write the digits out");
    let error = refusal(&format!("{FEED}A,BTC,2026-01-01T00:00:00Z,1\n"), &[]);
    let twice =
        "feed.csv:8: duplicate price of BTC at 2026-01-01T00:00:00Z from `A`: also at feed.csv:2";
    assert_eq!(error, twice);
    let error = refusal(FEED, &["--max-spread", "-1"]);
    assert!(error.starts_with("unexpected argument") || error.contains("--max-spread"), "{error}");
    let error = refusal(FEED, &["--min-sources", "0"]);
    assert_eq!(error, "the number of sources must be 1 or more");
    let error = refusal(FEED, &["--window", "soon"]);
    assert!(error.contains("--window <DURATION>"), "{error}");
    let error = refusal(FEED, &["--quote", "U SD"]);
    assert!(error.contains("cannot be used multiple times"), "{error}");
}
