//! `stress`: its table, its chart, its exit codes, and what it refuses.

use serde_json::{Value, json};

use crate::venue::{Run, Venue};

/// The rules' own crash, which takes half of BTC and leaves dave 5,000 USD short.
const OWN: &str = "name = \"own\"\nsource = \"made up\"\nexactness = \"exact\"\n\n\
    [[scenarios]]\nname = \"half\"\ndate = \"2026-01-01\"\nsource = \"made up\"\n\
    default_move = \"-0.6\"\nmoves = { BTC = \"-0.5\", DOGE = \"3\", USD = \"0.1\" }\n\n\
    [[scenarios]]\nname = \"worse\"\ndate = \"2026-01-01\"\nsource = \"made up\"\n\
    default_move = \"-0.6\"\nstale_oracle = true\n";

fn stress(venue: &Venue, more: &[&str]) -> Run {
    let files = ["stress", "--snapshot", "book.csv", "--rules", "rules.toml"];
    let args = [&files[..], &["--prices", "prices.json", "--reserves", "reserves.json"][..], more];
    venue.run(&args.concat())
}

fn venue() -> Venue {
    let venue = Venue::new();
    venue.write("own.toml", OWN);
    venue
}

#[test]
fn the_table_is_the_one_computed_by_hand() {
    let run = stress(&venue(), &["--scenarios", "own.toml", "--sweep", "BTC"]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    // At half of BTC: 50,000, 60,000, 70,000 and dave's 25,000 - 30,000. At two fifths: 30,000,
    // 50,000, 80,000 and 20,000 - 30,000. Reserves for customers are 2.5 BTC and 50,000.
    let expected = "\
4 accounts

in USD; owed and bad debt are rounded up, the fund down
  scenario        owed   bad debt  insurance fund  coverage  accounts with shortfall  50 % in  90 % in  moves ignored
  mark      300,000.00       0.00        5,000.00    1.0000                        0        0        0              0
  half      180,000.00   5,000.00        5,000.00    0.9722                        1        1        1              2
  worse     160,000.00  10,000.00        5,000.00    0.9375                        1        1        1              0

  50 % in, 90 % in: the fewest accounts that make up so much of the bad debt
  half: the move of USD is ignored, because all figures are in it

with margin at the old prices, which a stale oracle still reports
  worse: the rules have no maintenance requirement

bad debt #, insurance fund |
  mark                           |
  half   ########################|
  worse  ########################|#######################

sweep of BTC from -90 % to +200 %: bad debt exceeds the insurance fund
  falling: from -50.1 %, 5,050.00 against 5,000.00, accounts with shortfall: 1
  rising: from +25.1 %, 5,100.00 against 5,000.00, accounts with shortfall: 1

bad debt #, insurance fund |
";
    assert!(run.stdout.starts_with(expected), "{}", run.stdout);
    assert!(run.stdout.contains("\n   -90.0 %  #|############\n"), "{}", run.stdout);
    let limits = "\nPrices move at once and positions stay as they are: no liquidations on the way, no \
                  slippage. Nothing is proved.\n";
    assert!(run.stdout.ends_with(limits), "{}", run.stdout);
}

#[test]
fn the_document_has_every_figure_to_the_unit() {
    let args = ["--json", "--scenarios", "own.toml", "--sweep", "BTC", "--svg", "a.svg"];
    let venue = venue();
    let document = stress(&venue, &args).json();
    let half = json!({
        "name": "half", "owed": "180000", "bad_debt": "5000", "accounts_with_equity": 3,
        "accounts_with_shortfall": 1, "own_accounts_with_shortfall": 0, "below_margin": [], "half_of_bad_debt": 1, "nine_tenths_of_bad_debt": 1,
        "customers": "175000", "insurance": "5000", "stale_oracle": false,
        "unliquidated": null, "not_in_book": ["DOGE"], "quote_would_move": true,
        "insured": true, "coverage": "0.9722"
    });
    assert_eq!(document["scenarios"][0], half);
    assert_eq!(document["scenarios"][1]["insured"], false);
    assert_eq!(document["mark"]["owed"], "300000");
    assert_eq!((&document["insured"], &document["accounts"]), (&json!(false), &json!(4)));
    assert_eq!(document["classes"], json!({ "customer": 4 }));
    assert_eq!(document["svg"], "a.svg");
    let down = json!({ "at": { "move": "-0.501", "owed": "179800", "bad_debt": "5050",
                               "accounts_with_shortfall": 1, "insurance": "5000" } });
    assert_eq!(document["sweep"]["down"], down);
    assert_eq!(document["sweep"]["points"].as_array().unwrap().len(), 291);
    let drawing = venue.read("a.svg");
    assert!(drawing.starts_with("<svg xmlns=") && drawing.ends_with("</svg>\n"));
    for part in [">half</text>", ">10,000.00</text>", ">-50.1 %</text>", ">+25.1 %</text>"] {
        assert!(drawing.contains(part), "{part}");
    }
}

#[test]
fn margin_at_the_old_prices_is_counted_where_the_rules_ask_for_it() {
    let venue = venue();
    let margin = "[[scenarios]]\nname = \"keep\"\nkind = \"margin\"\nmargin = \"maintenance\"\n\n\
                  [[scenarios]]\nname = \"crash\"";
    venue.edit("rules.toml", "[[scenarios]]\nname = \"crash\"", margin);
    venue.edit("rules.toml", "shocked = false\n", "shocked = false\nmaintenance = \"1\"\n");
    venue.edit("rules.toml", "[assets.BTC]\n", "[assets.BTC]\nmaintenance = \"0.9\"\n");
    venue.edit("rules.toml", "tiers = [{}]", "tiers = [{ maintenance = \"0.25\" }]");
    let run = stress(&venue, &["--scenarios", "own.toml"]);
    // carol's 120,000 do not carry a short of 100,000 and a quarter of it; dave's 45,000 carry
    // 30,000, so that he keeps his margin and lacks 10,000. At half of BTC: alice's 90,000 carry
    // 50,000 and carol's 120,000 carry 62,500; bob's 100,000 - 90,000 + 37,500 are enough; dave.
    let table = "
  accounts below margin     keep
  mark                         1
  half                         1
  worse, at the old prices     1
";
    assert!(run.stdout.contains(table), "{}", run.stdout);
    let stale = "\n  worse: shortfalls of 10,000.00 in 1 account that keeps its margin\n";
    assert!(run.stdout.contains(stale), "{}", run.stdout);
    let document = stress(&venue, &["--scenarios", "own.toml", "--json"]).json();
    let below = json!([{ "scenario": "keep", "accounts": 1, "own_accounts": 0 }]);
    assert_eq!(document["mark"]["below_margin"], below);
    assert_eq!(document["scenarios"][0]["below_margin"], below);
}

#[test]
fn accounts_of_the_house_are_no_customers() {
    let venue = venue();
    venue.edit("rules.toml", "[policy]", "[classes.insurance]\n[classes.house]\n[policy]");
    venue.edit("rules.toml", "mark = \"insurance\", ", "");
    let text =
        venue.read("book.csv") + "fund,deposit BTC,0.1\nown,deposit BTC,1\nown,borrow USDC,60000\n";
    venue.write("book.csv", text);
    venue.write("classes.csv", "account,class\nfund,insurance\nown,house\n");
    let args = ["--scenarios", "own.toml", "--classes", "classes.csv"];
    let both = "the insurance fund is a class of accounts here, and reserves of the purpose \
                `insurance` would count it twice";
    assert_eq!(stress(&venue, &args).refusal(2), both);
    venue.edit("reserves.json", "\"purpose\": \"insurance\"", "\"purpose\": \"customers\"");
    let run = stress(&venue, &args);
    let start =
        "6 accounts: 4 customer, 1 house, 1 insurance; the venue's own accounts are after a +\n";
    assert!(run.stdout.starts_with(start), "{}", run.stdout);
    // The house lacks 10,000 beside dave's 5,000, and the fund's bitcoin is worth half.
    let half = run.stdout.lines().find(|line| line.starts_with("  half ")).unwrap();
    let cells: Vec<_> = half.split_whitespace().collect();
    assert_eq!(cells[1..8], ["185,000.00", "15,000.00", "5,000.00", "0.9729", "1", "+", "1"]);
    let document = stress(&venue, &[&args[..], &["--json"]].concat()).json();
    assert_eq!(document["classes"], json!({ "customer": 4, "house": 1, "insurance": 1 }));
    let half = &document["scenarios"][0];
    assert_eq!(
        (&half["accounts_with_shortfall"], &half["own_accounts_with_shortfall"]),
        (&json!(2), &json!(1))
    );
    assert_eq!(half["insurance"], "5000");
    venue.write("classes.csv", "account,class\nnobody,house\n");
    let error = "classes.csv:2:1: the snapshot has no account `nobody`";
    assert_eq!(stress(&venue, &args).refusal(2), error);
}

#[test]
fn a_what_if_fails_only_where_it_is_asked_to() {
    let venue = venue();
    let code = |more: &[&str]| stress(&venue, more).code;
    assert_eq!(code(&["--scenarios", "own.toml"]), 0);
    assert_eq!(code(&["--scenarios", "own.toml", "--fail-on-bad-debt"]), 1);
    assert_eq!(code(&["--set", "depegs", "--fail-on-bad-debt"]), 0);
    assert_eq!(code(&["--sweep", "--fail-on-bad-debt"]), 0, "a sweep does not count");
    venue.edit("reserves.json", "\"5000\"", "\"10000\"");
    assert_eq!(code(&["--scenarios", "own.toml", "--fail-on-bad-debt"]), 0);
}

#[test]
fn without_reserves_the_fund_is_nothing() {
    let venue = venue();
    let files = ["stress", "--snapshot", "book.csv", "--rules", "rules.toml", "--prices"];
    let args = ["prices.json", "--scenarios", "own.toml", "--fail-on-bad-debt"];
    let run = venue.run(&[&files[..], &args].concat());
    assert_eq!(run.code, 1);
    assert!(run.stdout.contains("\n  no reserves are given: the insurance fund counts as 0\n"));
    let json = venue.run(&[&files[..], &args, &["--json"]].concat()).json();
    assert_eq!(
        (&json["mark"]["insurance"], &json["mark"]["coverage"]),
        (&Value::Null, &Value::Null)
    );
}

#[test]
fn sets_are_taken_by_name_and_all_of_them_where_nothing_is_asked_for() {
    let venue = venue();
    let names = |more: &[&str]| -> Vec<String> {
        let document = stress(&venue, &[&["--json"], more].concat()).json();
        let scenarios = document["scenarios"].as_array().unwrap().iter();
        scenarios.map(|one| one["name"].as_str().unwrap().to_owned()).collect()
    };
    let [historical, flat] = [names(&["--set", "historical"]), names(&["--set", "flat"])];
    assert_eq!((historical.len(), historical[0].as_str()), (11, "black-thursday-2020"));
    assert_eq!(names(&["--set", "flat,historical"]), [historical, flat].concat());
    let all = names(&[]);
    assert_eq!((all.len(), names(&["--set", "all"])), (43, all));
    assert_eq!(names(&["--sweep"]), [""; 0]);
    assert_eq!(names(&["--set", "flat", "--scenarios", "own.toml"])[4..], ["half", "worse"]);
}

#[test]
fn nobody_is_named() {
    let venue = venue();
    let mut book = venue.read("book.csv");
    let ids = ["alice", "bob", "carol", "dave"];
    for id in ids {
        book = book.replace(id, &format!("MARKER-{id}"));
    }
    venue.write("book.csv", book);
    let more = ["--set", "all", "--sweep", "--svg", "a.svg"];
    for run in [stress(&venue, &more), stress(&venue, &[&more[..], &["--json"]].concat())] {
        assert_eq!(run.code, 0);
        for said in [&run.stdout, &run.stderr, &venue.read("a.svg")] {
            assert!(!said.contains("MARKER") && ids.iter().all(|id| !said.contains(id)), "{said}");
        }
    }
}

#[test]
fn what_cannot_be_used_is_named() {
    let refused = |change: &dyn Fn(&Venue), more: &[&str]| {
        let venue = venue();
        change(&venue);
        stress(&venue, more).refusal(2).to_owned()
    };
    let nothing = |_: &Venue| {};
    let own: &[&str] = &["--scenarios", "own.toml"];
    let edit = |from: &'static str, to: &'static str| {
        move |venue: &Venue| venue.edit("own.toml", from, to)
    };
    assert_eq!(
        refused(&edit("BTC = \"-0.5\"", "BTC = \"-1.5\""), own),
        "own.toml: scenarios[0].moves.BTC: -1.5 is not at least -1"
    );
    let error = refused(&edit("stale_oracle", "stale_oracles"), own);
    assert!(error.contains("line 17, column 1") && error.contains("stale_oracles"), "{error}");
    assert_eq!(refused(&edit("\"worse\"", "\"mark\""), own), "duplicate scenario `mark`");
    let both = ["--set", "flat", "--scenarios", "own.toml"];
    assert_eq!(refused(&edit("\"worse\"", "\"crash-20\""), &both), "duplicate scenario `crash-20`");
    let error = refused(&edit("DOGE = \"3\"", "USDC = \"99999999999999999\""), own);
    assert!(error.starts_with("rules.toml: assets.USDC: USDC: worth "), "{error}");
    assert!(error.contains(" in scenario `half`, which is not below 2^64"), "{error}");
    let missing = "No such file or directory (os error 2)";
    assert_eq!(
        refused(&nothing, &["--scenarios", "no.toml"]),
        format!("cannot read no.toml: {missing}")
    );
    let json = |venue: &Venue| venue.write("own.json", OWN);
    let error = refused(&json, &["--scenarios", "own.json"]);
    assert!(error.starts_with("own.json: the scenarios are malformed: expected ident"), "{error}");
    assert_eq!(
        refused(&nothing, &["--sweep", "DOGE"]),
        "cannot sweep `DOGE`: the book has no such asset or underlying"
    );
    assert_eq!(
        refused(&nothing, &["--sweep", "USD"]),
        "cannot sweep USD: it is the quote currency, in which everything is counted"
    );
    let doge = |venue: &Venue| venue.edit("book.csv", "dave,deposit BTC", "dave,deposit DOGE");
    assert_eq!(
        refused(&doge, own),
        "book.csv: no price for `DOGE` (line 10, column 3, account `dave`): add prices, or \
         --leave-out DOGE"
    );
    assert_eq!(
        refused(&nothing, &["--set", "flat", "--svg", "no/a.svg"]),
        format!("cannot write no/a.svg: {missing}")
    );
    let run = stress(&venue(), &["--set", "history"]);
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("[possible values: all, historical, squeezes"), "{}", run.stderr);
}

#[test]
fn what_was_left_out_and_rounded_is_said() {
    let venue = venue();
    let rows = "eve,deposit DOGE,5\nfay,deposit DOGE,7\nfay,deposit BTC,0.000000001\n";
    venue.write("book.csv", venue.read("book.csv") + rows);
    let run = stress(&venue, &["--set", "flat", "--round", "--leave-out", "DOGE"]);
    let expected = "5 accounts\n  left out  1 account, 2 lines in 1 asset without a price\n            \
                    DOGE: 12 deposited, 0 borrowed, in 2 accounts\n  rounded   1 line, by less \
                    than 0.001 USD together\n";
    assert!(run.stdout.starts_with(expected), "{}", run.stdout);
    for (name, error) in [
        ("BTC", "--leave-out: `BTC` has a price: it cannot be left out"),
        ("PEPE", "--leave-out: nobody holds `PEPE`: nothing was left out"),
    ] {
        let names = format!("DOGE,{name}");
        let run = stress(&venue, &["--set", "flat", "--round", "--leave-out", &names]);
        assert_eq!(run.refusal(2), error);
    }
}

#[test]
fn speed_is_the_time_from_each_state_to_bad_debt_beyond_the_fund() {
    let run = stress(&venue(), &["--speed", "--band-prices", "10%", "--json"]);
    assert_eq!(run.code, 0, "{run:?}");
    let json = run.json();
    assert_eq!(json["scenarios"], json!([]));
    let speed = &json["speed"];
    let limits = json!({ "max_age": 90_000, "owed_band_bps": 5_000, "prices_band_bps": 1_000 });
    assert_eq!(speed["limits"], limits);
    // Dave has half a bitcoin and owes 30,000: he is short below 60,000, and beyond the fund of 5,000
    // below 50,000. Every four hours BTC was at most 0, 0, 0, -5.3, -8, -30.5, -28.1, -25.5, -44.7 and
    // -52.6 % lower, and ETH was 15.6 % lower in the fifth candle.
    let first = &speed["paths"][0];
    assert_eq!(
        (&first["scenario"], &first["length"]),
        (&json!("black-thursday-2020"), &json!(144_000))
    );
    assert_eq!(first["beyond"]["bad_debt"], "6300");
    let lead = |least: u64, most: u64| json!({ "least": least * 3_600, "most": most * 3_600 });
    let expected = json!({
        "healthy": lead(36, 40),
        "warning": lead(16, 24),
        "breach": lead(0, 8),
        "expired": lead(11, 15),
    });
    assert_eq!(first["to_beyond"], expected);
    // In May 2021 BTC fell by 34.5 %: too little.
    assert_eq!(speed["paths"][1]["beyond"], Value::Null);

    let text = stress(&venue(), &["--speed", "--band-prices", "10%"]).stdout;
    let said = "\nspeed: from each state to bad debt beyond the insurance fund\n";
    assert!(text.contains(said), "{text}");
    let row = text.lines().find(|line| line.contains("black-thursday-2020")).unwrap();
    let cells: Vec<_> = row.split_whitespace().collect();
    assert_eq!(cells[1..6], ["40", "36-40", "16-24", "0-8", "11-15"], "{text}");
    assert_eq!(json["insured"], false, "not on the first path");
    let judged = stress(&venue(), &["--speed", "--fail-on-bad-debt"]);
    assert_eq!(judged.code, 1, "{}", judged.stdout);
    let no_band = stress(&venue(), &["--speed", "--band-prices", "0%", "--band-owed", "0%"]).stdout;
    assert!(
        no_band.contains("owed left its band (no band) or a price did (no band)."),
        "{no_band}"
    );
    let row = no_band.lines().find(|line| line.contains("black-thursday-2020")).unwrap();
    assert_eq!(row.split_whitespace().nth(3), Some("never"), "{no_band}");
    let alone = stress(&venue(), &["--max-age", "2h"]);
    assert_eq!(alone.code, 2, "{alone:?}");
}
