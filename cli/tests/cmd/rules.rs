//! `pacioli rules`: check, diff and calibrate.

use crate::venue::{Run, Venue};

#[test]
fn check_prints_the_table_that_rules_and_prices_make() {
    let venue = Venue::new();
    let run = venue.run(&["rules", "check", "rules.toml"]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    assert_eq!(run.stdout.lines().count(), 1, "{}", run.stdout);
    let run = venue.run(&["rules", "check", "rules.toml", "--prices", "prices.json"]);
    assert_eq!(run.code, 0);
    let first = run.stdout.lines().find(|line| line.contains("deposit BTC")).unwrap();
    assert!(first.split_whitespace().count() >= 5, "{first}");
    let json = venue.run(&["rules", "check", "rules.toml", "--prices", "prices.json", "--json"]);
    let json = json.json();
    let rows = json["rows"].as_array().unwrap();
    let scenarios = json["scenarios"].as_array().unwrap().len();
    assert!(rows.iter().all(|row| row["values"].as_array().unwrap().len() == scenarios));
    venue.edit("prices.json", "\"USD\"", "\"EUR\"");
    let run = venue.run(&["rules", "check", "rules.toml", "--prices", "prices.json"]);
    let error = "rules.toml: quote: the rules are in USD and the prices in EUR";
    assert_eq!(run.refusal(2), error);
}

#[test]
fn check_leaves_constraints_to_json() {
    let venue = Venue::new();
    let (rules, prices) = (
        include_str!("../../../rules/tests/books/portfolio_margin/rules.toml"),
        include_str!("../../../rules/tests/books/portfolio_margin/prices.json"),
    );
    venue.write("rules.toml", rules);
    venue.write("prices.json", prices);
    let args = ["rules", "check", "rules.toml", "--prices", "prices.json", "--json"];
    let run = venue.run(&args[..5]);
    assert_eq!((run.code, run.stdout.contains("contingency:scan")), (0, true));
    let last = "  (left out: 3 constraints and their slack; --json has them)\n";
    assert!(run.stdout.ends_with(last) && !run.stdout.contains("slack:"), "{}", run.stdout);
    assert!(venue.run(&args).stdout.contains("slack:down"));
}

#[test]
fn diff_says_what_changed_and_which_is_stricter() {
    let venue = Venue::new();
    venue.write("new.toml", venue.read("rules.toml").replace("open_interest_matched = true\n", ""));
    let run = venue.run(&["rules", "diff", "rules.toml", "rules.toml"]);
    assert_eq!((run.code, run.stdout.as_str()), (0, "THE SAME: both rules mean the same\n"));
    let run = venue.run(&["rules", "diff", "rules.toml", "new.toml"]);
    let expected = "DIFFERENT: 0 stricter, 1 looser, 0 neither\n\n  - policy: open interest need no \
                    longer match (looser)\n";
    assert_eq!((run.code, run.stdout.as_str()), (1, expected));
    let json = venue.run(&["rules", "diff", "new.toml", "rules.toml", "--json"]).json();
    assert_eq!((&json["holds"], &json["stricter"]), (&false.into(), &1.into()));
    assert_eq!(json["changes"][0]["effect"], "stricter");
    venue.write("new.toml", "name = 1\n");
    let run = venue.run(&["rules", "diff", "rules.toml", "new.toml"]);
    assert!(run.refusal(2).starts_with("new.toml: the rules are malformed"), "{}", run.stderr);
}

#[test]
fn a_change_is_quoted_as_it_is_written() {
    let venue = Venue::new();
    let new = venue.read("rules.toml").replace("\"made up\"", "\"the venue's\\nown\"");
    venue.write("new.toml", new);
    let run = venue.run(&["rules", "diff", "rules.toml", "new.toml"]);
    let change = "  - rules: the source changes from `made up` to `the venue's\\nown`\n";
    assert!(run.stdout.ends_with(change), "{}", run.stdout);
}

#[test]
fn a_reader_that_has_seen_enough_is_no_error() {
    let venue = Venue::new();
    let args = ["rules", "check", "rules.toml", "--prices", "prices.json"];
    let mut command = venue.command(&args);
    let piped = std::process::Stdio::piped;
    let mut child = command.stdout(piped()).stderr(piped()).spawn().unwrap();
    drop(child.stdout.take());
    let run = Run::of(child.wait_with_output().unwrap());
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
}

/// Seventy days of BTC between 20,000 and 21,000.
fn history() -> String {
    let day = |day: u32| {
        let (month, date) = (1 + day / 28, 1 + day % 28);
        let price = if day.is_multiple_of(2) { 20_000 } else { 21_000 };
        format!("2025-{month:02}-{date:02},BTC,{price},100\n")
    };
    // February has 28 days and January three more.
    let january = (29..=31).map(|date| format!("2025-01-{date},BTC,20500,100\n"));
    let rows: String = (0..28).map(day).chain(january).chain((28..84).map(day)).collect();
    format!("time,asset,price,volume\n{rows}")
}

/// The venue's book under the sample's rules, which have margins.
fn margined(history: &str) -> Venue {
    let venue = Venue::new();
    venue.write("rules.toml", include_str!("../../sample/rules.toml"));
    venue.write("prices.json", include_str!("../../sample/prices.json"));
    venue.write("history.csv", history);
    venue
}

fn calibrate(venue: &Venue, more: &[&str]) -> Run {
    let args = ["rules", "calibrate", "--rules", "rules.toml", "--history", "history.csv"];
    venue.run(&[&args[..], more].concat())
}

#[test]
fn calibrate_proposes_and_changes_nothing() {
    let venue = margined(&history());
    let before = venue.read("rules.toml");
    let book = ["--snapshot", "book.csv", "--prices", "prices.json"];
    let run = calibrate(&venue, &[&["--out", "proposal.toml"], &book[..]].concat());
    assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{}", run.stdout);
    let start =
        "proposal.toml\n  A PROPOSAL from price history to 2025-03-28. Nothing is changed by it.\n";
    assert!(run.stdout.starts_with(start), "{}", run.stdout);
    let days = "days to close what customers hold, at the volume of the history";
    for part in
        ["deposit BTC", "why\n  - BTC: 87 days to 2025-03-28; ", "on the book, in USD", days]
    {
        assert!(run.stdout.contains(part), "{part}: {}", run.stdout);
    }
    for id in ["alice", "bob"] {
        assert!(!run.stdout.contains(id), "an account is named");
    }
    assert_eq!(venue.read("rules.toml"), before);
    // The proposal is a rules file, and differs by what it says.
    let run = venue.run(&["rules", "diff", "rules.toml", "proposal.toml"]);
    assert_eq!(run.code, 1);
    assert!(run.stdout.contains("BTC: maintenance weight of deposits"), "{}", run.stdout);
    // A second one takes its place no more than the rules'.
    for out in ["proposal.toml", "rules.toml"] {
        let error = format!("{out} is there already");
        assert_eq!(calibrate(&venue, &["--out", out]).refusal(2), error);
    }
    assert_eq!(venue.read("rules.toml"), before);
}

#[test]
fn a_history_that_cannot_be_used_is_named_with_its_place() {
    let venue = margined("");
    let refused = |history: String, expected: &str| {
        venue.write("history.csv", history);
        let run = calibrate(&venue, &["--out", "proposal.toml"]);
        assert_eq!(run.refusal(2), expected);
        assert!(!venue.path("proposal.toml").exists());
    };
    refused(history().replacen("20000", "-1", 1), "history.csv:2:3: price: -1 is not above zero");
    refused(
        history().replacen("2025-01-02,BTC,21000,100\n", "", 1),
        "history.csv:3:1: BTC: the day after 2025-01-01 is missing, the next is 2025-01-03",
    );
    refused(history().replace("BTC", "DOGE"), "no rule applies to any asset of the history");
    let rows: String = history().lines().take(50).map(|line| format!("{line}\n")).collect();
    refused(rows, "BTC: 49 days of history, at least 62 are needed");
    venue.write("history.csv", history());
    let run = calibrate(&venue, &["--out", "x.toml", "--lambda", "2"]);
    assert_eq!(run.refusal(2), "lambda must be above 0 and at most 1");
    venue.edit(
        "rules.toml",
        "kind = \"margin\"\nmargin = \"maintenance\"",
        "kind = \"stress\"\ndefault_move = \"0\"",
    );
    let run = calibrate(&venue, &["--out", "x.toml"]);
    assert_eq!(run.refusal(2), "the rules have no margin scenario");
    let run = calibrate(&venue, &["--out", "x.toml", "--snapshot", "book.csv"]);
    assert!(run.refusal(2).contains("--prices <FILE>"), "{}", run.stderr);
}
