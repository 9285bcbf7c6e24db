//! `pacioli replay`: a run's private book under other rules, against a proof of the same book under them.

use serde_json::Value;

use crate::venue::{Venue, setup};

const SCENARIOS: &str = "name = \"own\"\nsource = \"made up\"\nexactness = \"exact\"\n\
    [[scenarios]]\nname = \"worse\"\ndate = \"2026-01-02\"\nsource = \"here\"\n\
    default_move = \"-0.8\"\nmoves = { BTC = \"-0.7\" }\n";

/// The venue of `init`, with tiers, forms, a house and a fund among its accounts, proved in `run`.
fn run_of_init() -> Venue {
    let venue = Venue::new();
    assert_eq!(venue.run(&["init", "mine"]).code, 0);
    assert_eq!(prove(&venue, "run", "mine/rules.toml", "mine/prices.json"), 0);
    venue.write("scenarios.toml", SCENARIOS);
    let prices = venue.read("mine/prices.json");
    venue.write("later.json", prices.replace("91000", "60000").replace("3100", "1900.5"));
    venue
}

fn prove(venue: &Venue, out: &str, rules: &str, prices: &str) -> i32 {
    let mut args = vec!["--quiet", "prove", "--snapshot", "mine/snapshot.csv", "--rules", rules];
    args.extend(["--prices", prices, "--reserves", "mine/reserves.json", "--out", out]);
    args.extend(["--as-of", "2026-01-01T00:00:00Z", "--venue", "My venue", "--setup", setup(11)]);
    let run = venue.run(&args);
    assert_eq!(run.code, 0, "{}", run.stderr);
    run.code
}

/// Every figure and clause of a replay is that of the proof.
#[track_caller]
fn same(venue: &Venue, replayed: &Value, out: &str) {
    let proved = venue.verify(out, &["--json"]).json();
    assert_eq!(replayed["policy"], proved["policy"]);
    let (own, expected) = (&replayed["figures"], &proved["figures"]);
    let kinds = own.as_object().unwrap();
    assert!(kinds.len() >= 5, "{own}");
    for (kind, figures) in kinds {
        // The report adds letters and coverage to what it prints: all that a replay says is there.
        contains(&expected[kind], figures, kind);
    }
}

/// Whether a document has all that another has.
#[track_caller]
fn contains(all: &Value, part: &Value, place: &str) {
    match part {
        Value::Object(fields) => {
            for (name, value) in fields {
                contains(&all[name], value, &format!("{place}.{name}"));
            }
        }
        Value::Array(items) => {
            assert_eq!(all.as_array().map(Vec::len), Some(items.len()), "{place}");
            for (index, value) in items.iter().enumerate() {
                contains(&all[index], value, &format!("{place}[{index}]"));
            }
        }
        _ => assert_eq!(all, part, "{place}"),
    }
}

#[test]
fn a_replay_says_what_a_proof_of_the_same_book_says() {
    let venue = run_of_init();
    let replay = |args: &[&str]| {
        let run = venue.run(&[&["replay", "run", "--json"], args].concat());
        assert!(run.code < 2, "{}", run.stderr);
        run.json_of("replay")
    };
    // As it is: the attestation itself.
    let own = replay(&[]);
    assert_eq!(
        (&own["proved"], &own["by"], &own["holds"]),
        (&false.into(), &"W".into(), &true.into())
    );
    same(&venue, &own, "run");

    // Under other prices, margins, tiers and scenarios.
    venue.edit("mine/rules.toml", "{ up_to = \"5\", maintenance", "{ up_to = \"0.5\", maintenance");
    venue.edit("mine/rules.toml", "borrow_maintenance = \"1.05\"", "borrow_maintenance = \"1.15\"");
    let add = ["rules", "add", "mine/rules.toml", "--scenarios", "scenarios.toml"];
    assert_eq!(venue.run(&[&add[..], &["--out", "with.toml"]].concat()).code, 0);
    prove(&venue, "other", "with.toml", "later.json");
    let args =
        ["--rules", "mine/rules.toml", "--scenarios", "scenarios.toml", "--prices", "later.json"];
    let replayed = replay(&args);
    assert_eq!(replayed["added"][0], "worse");
    same(&venue, &replayed, "other");
    assert_ne!(replayed["figures"], own["figures"]);

    let text = venue.run(&[&["replay", "run"], &args[..]].concat());
    assert!(
        text.stdout.contains("Nothing is proved: the book is the venue's private one, and every")
    );
    assert!(text.stdout.lines().all(|line| line.chars().count() <= 100), "{}", text.stdout);
}

#[test]
fn a_run_of_another_attestation_or_a_damaged_one_is_not_replayed() {
    let venue = run_of_init();
    prove(&venue, "other", "mine/rules.toml", "later.json");
    let own = venue.read("run/attestation.json");
    venue.write("run/attestation.json", venue.read("other/attestation.json"));
    let refused = venue.run(&["replay", "run"]);
    assert!(refused.refusal(2).contains("the run's private file is of the attestation 0x"));
    venue.write("run/attestation.json", own);
    // What the new rules have no price for is named.
    let prices = venue.read("mine/prices.json").replace("\"ETH\": \"3100\",", "");
    venue.write("few.json", prices);
    let refused = venue.run(&["replay", "run", "--prices", "few.json"]);
    assert!(refused.refusal(2).contains("ETH"), "{}", refused.stderr);
    // What nobody can hold is not moved.
    venue.write("unknown.toml", SCENARIOS.replace("BTC", "LUNA"));
    let ignored = venue.run(&["replay", "run", "--scenarios", "unknown.toml"]);
    assert!(ignored.stdout.contains("  ignored      moves of LUNA, which the rules do not have\n"));
    std::fs::remove_file(venue.path("run/private/run.sqlite")).unwrap();
    assert_eq!(venue.run(&["replay", "run"]).code, 2);
}

#[test]
fn what_a_replay_leaves_out_is_told_and_judged() {
    let venue = Venue::new();
    venue.write("book.csv", venue.read("book.csv") + "erin,deposit ETH,30\n");
    let rules = venue.read("rules.toml");
    let eth = "[assets.ETH]\ndecimals = 8\n\n[assets.BTC]";
    venue.write("rules.toml", rules.replace("[assets.BTC]", eth));
    assert_eq!(venue.prove("run", &[]).code, 0);
    let few = venue.read("prices.json").replace("\"ETH\": \"4000\", ", "");
    venue.write("prices.json", few);
    let clause = "\nleft_out = { accounts = 0, assets = {} }\n";
    venue.write("rules.toml", rules.trim_end().to_owned() + clause);
    let args = ["replay", "run", "--rules", "rules.toml", "--prices", "prices.json"];
    let replay = |more: &[&str]| venue.run(&[&args[..], &["--leave-out", "ETH"], more].concat());
    let json = replay(&["--json"]).json_of("replay");
    assert_eq!((&json["holds"], &json["accounts_left_out"]), (&false.into(), &1.into()));
    assert_eq!(
        (&json["left_out"][0]["asset"], &json["left_out"][0]["deposits"]),
        (&"ETH".into(), &"30".into())
    );
    let failing = json["policy"].as_array().unwrap().iter().filter(|one| one["holds"] == false);
    let failing: Vec<_> = failing.map(|one| one["name"].as_str().unwrap()).collect();
    assert!(failing.contains(&"left_out.accounts") && failing.contains(&"left_out.assets"));
    let text = replay(&[]);
    assert_eq!(text.code, 1, "{}", text.stdout);
    let told = "  left out     1 account, 1 line in 1 asset without a price\n            ETH: 30 \
                deposited, 0 borrowed, in 1 account\n";
    assert!(text.stdout.contains(told), "{}", text.stdout);
    assert_eq!(venue.prove("left", &["--leave-out", "ETH"]).code, 0);
    same(&venue, &json, "left");
}
