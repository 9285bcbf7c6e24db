//! `pacioli prices aggregate`: a prices file out of feeds, or none.

use std::{env, fs};

use crate::venue::{Run, Venue, setup};

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
    assert_eq!((run.code, run.warnings().as_str()), (0, ""));
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

/// Two sources that agree on everything but ETH.
const APART: &str = "source,asset,time,price
A,BTC,2026-01-01T00:00:00Z,100000
B,BTC,2026-01-01T00:00:00Z,100000
A,USDC,2026-01-01T00:00:00Z,1
B,USDC,2026-01-01T00:00:00Z,1
A,ETH,2026-01-01T00:00:00Z,4000
B,ETH,2026-01-01T00:00:00Z,5000
";

/// A venue whose customers hold ETH, and whose policy would let it leave that out.
fn holding_eth() -> Venue {
    let venue = venue(APART);
    venue.write("book.csv", venue.read("book.csv") + "erin,deposit ETH,30\n");
    let allows = "[policy]\nleft_out = { assets = { ETH = \"1000\" } }";
    venue.edit("rules.toml", "[policy]", allows);
    let run = aggregate(&venue, &["--leave-out", "ETH"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    venue.write("prices.json", venue.read("new.json"));
    venue
}

const VECTORS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/vectors/refused");

#[test]
fn an_asset_whose_price_was_refused_cannot_be_left_out_of_a_book() {
    let venue = holding_eth();
    let refused =
        "\"refused\": {\n    \"ETH\": \"1 of the 2 fresh sources agree, 2 are needed\"\n  }";
    assert!(venue.read("prices.json").contains(refused), "{}", venue.read("prices.json"));
    let leave_out = ["--leave-out", "ETH"];
    let run = venue.prove("out", &leave_out);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let warned =
        "warning: prices.json: `ETH` is left out, whose price was refused (1 of the 2 fresh";
    assert!(run.stderr.contains(warned), "{}", run.stderr);
    let run = venue.verify("out", &[]);
    let clause = "left_out.refused.ETH: deposits of 30 ETH and borrows of 0 ETH left out, whose price was \
                  refused: 1 of the 2 fresh sources agree, 2 are needed";
    let one_line = run.stdout.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(run.code == 1 && one_line.contains(clause), "{}", run.stdout);
    assert!(one_line.contains("NO PRICE: ETH: 1 of the 2 fresh sources agree"), "{}", run.stdout);
    assert!(one_line.contains("holds left_out.assets: 1 asset left out"), "{}", run.stdout);
    if env::var_os("PACIOLI_BLESS").is_some_and(|value| value == "proofs") {
        let export = ["statements", "export", "--account", "alice", "--out", "statement.json"];
        let more = ["--run", "out", "--setup", setup(11)];
        assert_eq!(venue.run(&[&export[..], &more].concat()).code, 0);
        fs::create_dir_all(VECTORS).unwrap();
        for (from, to) in
            [("out/attestation.json", "attestation.json"), ("statement.json", "statement.json")]
        {
            fs::write(format!("{VECTORS}/{to}"), venue.read(from)).unwrap();
        }
    }
    // The one that the web page's test reads says the same here.
    let stored = format!("{VECTORS}/attestation.json");
    let run = venue.run(&["verify", "--accept-insecure-setup", &stored, "--json"]);
    let policy = run.json()["policy"].as_array().unwrap().clone();
    let failing: Vec<_> = policy.iter().filter(|clause| clause["holds"] == false).collect();
    assert_eq!((run.code, failing.len()), (1, 1), "{policy:?}");
    assert_eq!(failing[0]["name"], "left_out.refused.ETH");

    // What remains to a publisher is to take it out of the file; whoever has the feeds sees it.
    let check = |file: &str| venue.run(&["prices", "check", file, "feed.csv"]);
    let run = check("prices.json");
    let said =
        "prices.json: it is what these feeds give\n  by its own word: lower median of sources'";
    assert!(run.code == 0 && run.stdout.starts_with(said), "{}", run.stdout);
    let stripped = venue.read("prices.json").replace(&format!(",\n  {refused}"), "");
    venue.write("prices.json", &stripped);
    assert_eq!(venue.prove("stripped", &leave_out).code, 0);
    assert_eq!(venue.verify("stripped", &[]).code, 0, "the policy allows it");
    let run = check("prices.json");
    assert_eq!(run.code, 1);
    assert!(
        run.stdout.starts_with("prices.json: IT IS NOT what these feeds give\n"),
        "{}",
        run.stdout
    );
    assert!(run.stdout.contains("refused.ETH: the file has nothing"), "{}", run.stdout);
    venue.write("feed.csv", APART.replace("5000", "4001"));
    let error = check("prices.json");
    let error = error.refusal(2);
    assert!(
        error.starts_with("prices.json: the file was made from `feed.csv`, with the"),
        "{error}"
    );
}

#[test]
fn feeds_of_exchanges_and_aggregators_are_read() {
    let venue = venue(FEED);
    venue.write(
        "binance.json",
        r#"{ "source": "binance", "tickers": {
            "BTC/USDT": { "symbol": "BTC/USDT", "timestamp": 1767225600000, "last": 20001.5 },
            "SHIB/USDT": { "symbol": "SHIB/USDT", "timestamp": null, "last": null } } }"#,
    );
    venue.write(
        "chainlink.json",
        r#"[{ "aggregator": "0xF4030086522a5bEEa4988F8cA5B36dbC97BeE88c", "decimals": 8,
            "description": "BTC / USD", "roundId": "110680464442257320164", "answer": "2000200000000",
            "startedAt": 1767225590, "updatedAt": 1767225590, "answeredInRound": "110680464442257320164" }]"#,
    );
    let feeds = |more: &[&str]| {
        let feeds = ["prices", "aggregate", "binance.json", "chainlink.json", "--quote", "USD"];
        let rest = ["--at", "2026-01-01T00:00:00Z", "--out", "new.json"];
        venue.run(&[&feeds[..], &rest, more].concat())
    };
    let error = feeds(&[]);
    let said = "binance.json: tickers: say which asset `BTC/USDT` is, with --symbol BTC/USDT=ASSET: only \
                `ASSET/QUOTE` in the currency of the prices says so itself";
    assert_eq!(error.refusal(2), said);
    let run = feeds(&["--symbol", "BTC/USDT=BTC"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let prices = venue.read("new.json");
    assert!(prices.contains("\"BTC\": \"20001.5\""), "{prices}");
    assert!(prices.contains("; symbols: BTC/USDT as BTC; feeds: binance.json 0x"), "{prices}");
    let check = venue.run(&["prices", "check", "new.json", "chainlink.json", "binance.json"]);
    assert_eq!(check.code, 0, "{}{}", check.stdout, check.stderr);
    let error = feeds(&["--symbol", "BTC/USDT=BTC,BTC/EUR=BTC"]);
    assert_eq!(error.refusal(2), "--symbol: no feed has the symbol `BTC/EUR`");
    let error = feeds(&["--symbol", "BTC/USDT"]);
    assert!(error.refusal(2).contains("a symbol and its asset are expected"), "{}", error.stderr);
}
