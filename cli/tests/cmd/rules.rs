//! `pacioli rules`: check, diff, add and calibrate.

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
    let last = "  (3 constraints and their slack are not shown; --json has them)\n";
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

fn add(venue: &Venue, more: &[&str]) -> Run {
    venue.run(&[&["rules", "add", "rules.toml", "--out", "more.toml"], more].concat())
}

#[test]
fn add_keeps_the_text_and_appends_the_scenarios_of_a_set() {
    let venue = Venue::new();
    let before = venue.read("rules.toml");
    let run = add(&venue, &["--set", "near", "--leave-out", "ETH"]);
    let names: String =
        ["down-2", "down-5", "down-10", "alts-down-5", "alts-down-10"].map(named).concat();
    let expected = "more.toml: 12 scenarios, 10 of them added; no clause of the policy asks about \
                    those\n";
    let expected = format!("{expected}{names}{}", names.replace("down", "up"));
    assert_eq!((run.code, run.stdout, run.stderr.as_str()), (0, expected, ""));
    let after = venue.read("more.toml");
    let added = after.strip_prefix(&before).unwrap();
    let alts = "\n# 2026-11-27: a judgement: BTC -2 %, ETH -3.5 %, everything else -5 %\n\
                [[scenarios]]\nname = \"near-alts-down-5\"\nkind = \"stress\"\n\
                default_move = \"-0.05\"\nmoves = { \"BTC\" = \"-0.02\" }\n";
    assert!(added.contains(alts), "{added}");
    assert_eq!(venue.read("rules.toml"), before);
    let run = venue.run(&["rules", "check", "more.toml", "--prices", "prices.json"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    // What is there is never written over, and what is in the rules is not added again.
    assert_eq!(add(&venue, &["--set", "near"]).refusal(2), "more.toml is there already");
    let again = ["rules", "add", "more.toml", "--set", "near", "--leave-out", "ETH"];
    let run = venue.run(&[&again[..], &["--out", "most.toml"]].concat());
    let error = "more.toml: scenarios: the rules have these already: near-down-2, near-down-5, ";
    assert!(run.refusal(2).starts_with(error), "{}", run.stderr);
}

fn named(end: &str) -> String {
    format!("  - near-{end}\n")
}

#[test]
fn add_takes_every_set_presets_and_scenarios_of_ones_own() {
    let venue = Venue::new();
    let own = "name = \"own\"\nsource = \"made up\"\nexactness = \"exact\"\n\n\
        [[scenarios]]\nname = \"half\"\ndate = \"2026-01-01\"\nsource = \"made up\"\n\
        default_move = \"0\"\nmoves = { BTC = \"-0.5\" }\nstale_oracle = true\n\n\
        [[scenarios]]\nname = \"none\"\ndate = \"2026-01-01\"\nsource = \"made up\"\n\
        default_move = \"0\"\nmoves = { DOGE = \"9\" }\n";
    venue.write("own.toml", own);
    let run = add(&venue, &["--scenarios", "own.toml", "--leave-out", "DOGE"]);
    let expected = "more.toml: 3 scenarios, 1 of them added; no clause of the policy asks about \
                    those\n\
        \x20 - half\n  not added, since they would move nothing, or as another: none\n\
        \x20 rules know no stale oracle: of such scenarios they have the moves\n";
    assert_eq!((run.code, run.stdout.as_str()), (0, expected));
    // Each set, without what these rules do not have.
    for set in ["historical", "squeezes", "depegs", "stale-oracle", "flat", "near"] {
        let more = ["--set", set, "--out", "set.toml"];
        let run = venue.run(&[&["rules", "add", "rules.toml"], &more[..]].concat());
        if run.code == 2 {
            let (_, hint) = run.refusal(2).split_once("; --leave-out ").unwrap();
            let (assets, _) = hint.split_once(' ').unwrap();
            let leave_out = ["--leave-out", assets];
            let run = venue.run(&[&["rules", "add", "rules.toml"], &more[..], &leave_out].concat());
            assert_eq!(run.code, 0, "{set}: {}", run.stderr);
        }
        std::fs::remove_file(venue.path("set.toml")).unwrap();
    }
    let preset = ["rules", "add", "preset:lending", "--set", "near", "--leave-out", "BTC,ETH"];
    let json = venue.run(&[&preset[..], &["--out", "set.toml", "--json"]].concat()).json();
    let count = |key: &str| json[key].as_array().unwrap().len();
    assert_eq!(
        (count("added"), count("not_added")),
        (6, 4),
        "without the two, they move as others"
    );
    assert_eq!(json["rules"], "set.toml");
}

#[test]
fn add_refuses_what_does_not_fit_and_writes_nothing() {
    let venue = Venue::new();
    let refused = |more: &[&str], expected: &str| {
        let run = add(&venue, more);
        assert_eq!(run.refusal(2), expected);
        assert!(!venue.path("more.toml").exists());
    };
    refused(
        &["--set", "near"],
        "rules.toml: moves: the rules have no such assets: ETH; --leave-out ETH leaves these moves \
         out",
    );
    refused(
        &["--set", "near", "--leave-out", "ETH,DOGE"],
        "rules.toml: moves: no scenario moves what is to be left out: DOGE",
    );
    refused(
        &["--set", "volatility"],
        "rules.toml: scenarios[2].vol_move: does not belong here: there are no options whose \
         volatility moves",
    );
    let run = add(&venue, &[]);
    assert!(run.refusal(2).contains("--set <SET>"), "{}", run.stderr);
    venue.edit(
        "rules.toml",
        "[[scenarios]]\nname = \"mark\"\nkind = \"mark\"\n\n[[scenarios]]\nname = \"crash\"\n\
         kind = \"stress\"\ndefault_move = \"-0.6\"\nmoves = { BTC = \"-0.5\" }\n",
        "",
    );
    let array = "quote = \"USD\"\nscenarios = [{ name = \"mark\", kind = \"mark\" }, { name = \
                 \"crash\", kind = \"stress\", default_move = \"-0.6\" }]\n";
    venue.edit("rules.toml", "quote = \"USD\"\n", array);
    refused(
        &["--set", "flat"],
        "rules.toml: scenarios: the rules write all scenarios in one array, to which nothing can be \
         appended: write each under `[[scenarios]]`",
    );
}
