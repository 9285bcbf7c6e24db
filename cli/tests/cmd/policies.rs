//! What `verify` says of a reader's own policy, and what `check` says of the venue's.

use serde_json::Value;

use crate::venue::{Run, Venue, proved, setup};

const NOW: [&str; 2] = ["--now", "2026-01-02T01:00:00Z"];

fn require(clauses: &[&str], more: &[&str]) -> Run {
    let clauses = clauses.iter().flat_map(|clause| ["--require", clause]);
    let args: Vec<&str> = NOW.into_iter().chain(clauses).chain(more.iter().copied()).collect();
    proved().verify("first", &args)
}

// Review A3: a reader could ask for nothing of their own.
#[test]
fn a_readers_policy_is_evaluated_beside_the_venues() {
    let clauses = ["min_coverage=1, per_asset=BTC", "bad_debt.crash=5000,max_age=25h"];
    let run = require(&clauses, &[]);
    assert_eq!((run.code, run.warnings().as_str()), (0, ""));
    let verdict = "HOLDS, UNDER AN INSECURE SETUP: the proofs verify, all 4 clauses of the venue's \
                   own policy hold, and all 4 clauses of yours\n";
    assert!(run.stdout.starts_with(verdict), "{}", run.stdout);
    let (_, yours) = run.stdout.split_once("\nyour policy\n").unwrap();
    assert!(yours.starts_with("  W  holds          min_coverage: "), "{yours}");
    assert!(
        yours.contains("\n  P  holds          bad_debt.crash: bad debt is 5,000 USD"),
        "{yours}"
    );
    assert!(yours.contains("\n  W  holds          max_age: "), "{yours}");

    let run = require(&["max_age=24h", "coverage.crash=0.95,per_asset"], &[]);
    assert_eq!(run.code, 1);
    let verdict = "DOES NOT HOLD: the proofs verify and all 4 clauses of the venue's own policy \
                   hold, but ";
    assert!(run.stdout.starts_with(verdict), "{}", run.stdout);
    let json = require(&["max_age=24h"], &["--json"]).json();
    assert_eq!((&json["holds"], &json["policy_holds"]), (&false.into(), &true.into()));
    let clause = &json["your_policy"][0];
    assert_eq!((&clause["name"], &clause["by"]), (&"max_age".into(), &"W".into()));
}

#[test]
fn what_cannot_be_evaluated_does_not_hold_and_says_why() {
    for (clause, why) in [
        (
            "coverage.crush=1",
            "coverage.crush: there is no scenario `crush` (did you mean `crash`?)",
        ),
        ("coverage.mark=1", "coverage.mark: `mark` is not a stress: min_coverage asks about it"),
        (
            "bad_debt.crush=insurance",
            "bad_debt.crush: there is no scenario `crush` (did you mean `crash`?)",
        ),
        (
            "bad_debt.crush=7",
            "bad_debt.crush: there is no scenario `crush` (did you mean `crash`?)",
        ),
        ("per_asset=DOGE", "per_asset.DOGE: there is no price of the asset"),
        ("setup=known", "setup=known: the setup is INSECURE"),
        ("setup=vouched", "setup=vouched: the setup is INSECURE"),
    ] {
        let run = require(&[clause], &[]);
        assert_eq!(run.code, 1, "{clause}");
        assert!(run.stdout.contains(&format!("DOES NOT HOLD  {why}")), "{}", run.stdout);
    }
    let digest = format!("rules=0x{}", "00".repeat(32));
    assert_eq!(require(&[&digest], &[]).code, 1);
    let run = require(&["min_coverage=1,coverages=2"], &[]);
    let error = "--require: in `coverages=2`: unknown clause; expected min_coverage,";
    assert!(run.refusal(2).starts_with(error), "{}", run.stderr);
    assert_eq!(require(&["min_coverage=1", "min_coverage=1"], &[]).code, 2);
}

// Review S7, A3: `HOLDS` did not say how little was asked.
#[test]
fn a_headline_says_what_no_clause_asks_about() {
    let venue = Venue::new();
    let rules = venue.read("rules.toml");
    let (head, _) = rules.split_once("[policy]").unwrap();
    venue.write("rules.toml", format!("{head}[policy]\nbad_debt = {{ mark = \"1000000\" }}\n"));
    assert_eq!(venue.prove("out", &[]).code, 0);
    let run = venue.verify("out", &NOW);
    assert_eq!(run.code, 0);
    let mut lines = run.stdout.lines();
    let verdict = "HOLDS, UNDER AN INSECURE SETUP: the proofs verify, and the only clause of the \
                   venue's own policy holds";
    assert_eq!(lines.next(), Some(verdict));
    let unasked = "none asks about: coverage in mark, crash; reserves of each asset; bad debt in \
                   crash; open";
    assert!(lines.any(|line| line.trim_start().starts_with(unasked)), "{}", run.stdout);
    let json = venue.verify("out", &["--json"]).json();
    assert_eq!(json["policy_asks_nothing_of"].as_array().unwrap().len(), 6, "{json}");
}

/// A book that is proved with a secret, and what alice is told of it.
fn checked(venue: &Venue, more: &[&str]) -> Run {
    if !venue.path("out").exists() {
        assert_eq!(venue.run(&["secret", "new", "secret"]).code, 0);
        assert_eq!(venue.prove("out", &["--secret", "secret"]).code, 0);
        let export = ["statements", "export", "--account", "alice", "--out", "s.json"];
        let run = ["--run", "out", "--secret", "secret", "--setup", setup(11)];
        assert_eq!(venue.run(&[export, run].concat()).code, 0);
    }
    let check = ["check", "s.json", "--attestation", "out/attestation.json"];
    venue.run(&[&check[..], &["--accept-insecure-setup", "--id", "alice"], more].concat())
}

// Review S8, readers 11: not one word of the policy, and `"holds": true`.
#[test]
fn a_holder_is_told_whether_the_venue_keeps_its_policy() {
    let venue = Venue::new();
    let run = checked(&venue, &[]);
    assert_eq!((run.code, run.warnings().as_str()), (0, ""));
    let verdict = "IN THE BOOK, UNDER AN INSECURE SETUP: the lines of alice are counted, and they \
                   add up; the venue keeps its own policy (4 clauses)\n";
    assert!(run.stdout.starts_with(verdict), "{}", run.stdout);

    let venue = Venue::new();
    venue.edit("reserves.json", "\"50000\"", "\"40000\"");
    let run = checked(&venue, &[]);
    assert_eq!(run.code, 0, "in the book all the same");
    let verdict = "IN THE BOOK, UNDER AN INSECURE SETUP, but the venue DOES NOT KEEP its own policy \
                   (3 of 4 clauses of it do not hold: ";
    assert!(run.stdout.starts_with(verdict), "{}", run.stdout);
    let json = checked(&venue, &["--json"]).json();
    assert_eq!((&json["in_the_book"], &json["policy_holds"]), (&true.into(), &false.into()));
    assert_eq!((&json["setup"]["state"], &json["holds"]), (&"insecure".into(), &Value::Null));
}

// Review S6, D1, A5, readers 1: prices, addresses, shocks and the reserves' time were nowhere.
#[test]
fn a_report_shows_what_it_judges() {
    let venue = Venue::new();
    venue.edit("reserves.json", "2026-01-01T00:00:00Z", "2019-01-01T00:00:00Z");
    venue.edit(
        "reserves.json",
        "\"bitcoin\", \"address\": \"vault\"",
        "\"bitcoin\", \"address\": \"bc1q\"",
    );
    venue.edit("prices.json", "made up", "median of three");
    assert_eq!(venue.prove("out", &[]).code, 0);
    let run = venue.verify("out", &NOW);
    for shown in [
        "snapshot     2026-01-01T00:00:00Z, 1 d 1 h old (W)",
        "reserves     2019-01-01T00:00:00Z, 2,558 d 1 h old (W), 2,557 d 0 h before the snapshot",
        "BTC 2.5 for customers: bc1q on bitcoin",
        "crash  BTC -50 %, others -60 %, USDC not at all",
        "method: median of three",
        "BTC   100,000",
        "trial balance: 0 in every scenario of every volume",
    ] {
        assert!(run.stdout.contains(shown), "{shown}: {}", run.stdout);
    }
    let json = venue.verify("out", &["--json"]).json();
    assert_eq!(json["prices"]["prices"]["BTC"], "100000");
    assert_eq!(json["prices"]["as_of"], "2026-01-01T00:00:00Z");
    assert_eq!(json["reserves"]["reserves"][0]["address"], "bc1q");
    assert_eq!(json["times"]["reserves"]["seconds_after_snapshot"], -220_924_800);
    assert_eq!(json["scenarios"][1]["moves"]["BTC"], "-0.5");
    // Review A4: coverage and fund in every scenario.
    assert_eq!(
        (&json["backing"][1]["coverage"], &json["backing"][1]["fund"]["size"]),
        (&"0.9722".into(), &Value::Null)
    );
}
