//! `pacioli contagion` over three venues that are proved here, and the page of the documents that shows
//! them.

use std::sync::OnceLock;

use crate::venue::{Run, Venue, setup};

const DOC: &str = include_str!("../../../docs/contagion.md");

const RULES: &str = r#"name = "made-up margin"
source = "made up"
date = "2026-01-01"
exactness = "exact"
quote = "USD"

[[scenarios]]
name = "mark"
kind = "mark"

[[scenarios]]
name = "crash"
kind = "stress"
default_move = "-0.5"

[assets.USDC]
decimals = 6
shocked = false

[assets.BTC]
decimals = 8

[policy]
bad_debt = { mark = "0", crash = "0" }
"#;

const PRICES: &str = r#"{ "as_of": "2026-01-01T00:00:00Z", "quote": "USD", "method": "made up",
    "prices": { "BTC": "100000", "USDC": "1" } }"#;

/// The venues: name, accounts, and reserves as `asset, amount, chain, address, more`.
type Made = (&'static str, &'static str, &'static [[&'static str; 5]]);

const VENUES: [Made; 3] = [
    (
        "Alpha Exchange",
        "beta-desk,deposit USDC,50000\ncarol,deposit USDC,50000\n",
        &[["USDC", "60000", "bank", "alpha-1", ""], ["BTC", "0.56", "bitcoin", "bc1-alpha", ""]],
    ),
    (
        "Beta Exchange",
        "gamma-desk,deposit USDC,20000\ndave,deposit USDC,75000\n",
        &[
            ["USDC", "50000", "bank", "beta-1", ""],
            ["USDC", "50000", "venue", "beta-desk", "Alpha Exchange"],
        ],
    ),
    (
        "Gamma Exchange",
        "erin,deposit USDC,110000\n",
        &[
            ["USDC", "100000", "bank", "gamma-1", ""],
            ["USDC", "20000", "venue", "gamma-desk", "Beta Exchange"],
        ],
    ),
];

/// A folder with the three attestations and the statements of the desks.
fn proved() -> &'static Venue {
    static PROVED: OnceLock<Venue> = OnceLock::new();
    PROVED.get_or_init(|| {
        let venue = Venue::new();
        venue.write("rules.toml", RULES);
        venue.write("prices.json", PRICES);
        for (name, accounts, reserves) in VENUES {
            let entry = |[asset, amount, chain, address, on]: &[&str; 5]| {
                let purpose = match *on {
                    "" => r#""purpose": "customers""#.to_owned(),
                    on => format!(r#""purpose": "claim", "custodian": "{on}""#),
                };
                format!(
                    r#"{{ "asset": "{asset}", "amount": "{amount}", "chain": "{chain}",
                        "address": "{address}", "evidence": "made up", {purpose} }}"#
                )
            };
            let entries: Vec<String> = reserves.iter().map(entry).collect();
            let entries = entries.join(", ");
            let reserves =
                format!(r#"{{ "as_of": "2026-01-01T00:00:00Z", "reserves": [{entries}] }}"#);
            venue.write("reserves.json", reserves);
            venue.write("book.csv", format!("account,instrument,quantity\n{accounts}"));
            let short = name.split(' ').next().unwrap().to_lowercase();
            let file = ["a", "b", "c"][VENUES.iter().position(|one| one.0 == name).unwrap()];
            let run = venue.prove(&short, &["--venue", name]);
            assert_eq!(run.code, 0, "{}", run.stderr);
            let attestation = venue.read(&format!("{short}/attestation.json"));
            venue.write(&format!("{file}.json"), attestation);
        }
        for (run, account) in [("alpha", "beta-desk"), ("beta", "gamma-desk")] {
            let out = format!("{account}.json");
            let export = ["statements", "export", "--account", account, "--out", &out];
            let more = ["--run", run, "--setup", setup(11)];
            let run = venue.run(&[&export[..], &more].concat());
            assert_eq!(run.code, 0, "{}", run.stderr);
        }
        venue
    })
}

const FILES: [&str; 3] = ["a.json", "b.json", "c.json"];
const STATEMENTS: [&str; 4] = ["--statement", "beta-desk.json", "--statement", "gamma-desk.json"];

fn contagion(files: &[&str], scenario: &str, more: &[&str]) -> Run {
    let insecure = ["--accept-insecure-setup", "--scenario", scenario];
    proved().run(&[&["contagion"], files, &insecure, more].concat())
}

/// The blocks of the page that begin with a command.
fn blocks() -> Vec<(&'static str, &'static str)> {
    let fenced = DOC.split("```").skip(1).step_by(2);
    let shown = fenced.filter_map(|block| block.strip_prefix("text\n$ "));
    shown.map(|block| block.split_once('\n').unwrap()).collect()
}

#[test]
fn the_page_shows_what_the_command_says() {
    let blocks = blocks();
    assert_eq!(blocks.len(), 2, "two examples");
    for (command, expected) in blocks {
        let words: Vec<&str> = command.split_whitespace().collect();
        assert_eq!(words[..2], ["pacioli", "contagion"], "{command}");
        let run = proved().run(&[&words[1..], &["--accept-insecure-setup"]].concat());
        assert_eq!(run.stderr, "");
        let insecure = "  THE SETUP IS INSECURE: everyone can forge this proof. For tests only.\n";
        let said = run.stdout.replace(insecure, "").replace(", UNDER AN INSECURE SETUP", "");
        let said = said.split("\nwhat this rests on").next().unwrap();
        assert_eq!(said, expected, "{command}: the page shows something else than\n{said}");
    }
}

#[test]
fn what_holds_at_mark_falls_in_a_crash() {
    let holds = contagion(&FILES, "mark", &STATEMENTS);
    assert_eq!(holds.code, 0, "{}", holds.stderr);
    let start = "HOLDS, UNDER AN INSECURE SETUP: all 3 venues pay in full in `mark`, by their word for \
                 their reserves (W)\n";
    assert!(holds.stdout.starts_with(start), "{}", holds.stdout);
    let crash = contagion(&FILES, "crash", &[&STATEMENTS[..], &["--json"]].concat());
    assert_eq!(crash.code, 1);
    let json = crash.json();
    assert_eq!((&json["holds"], &json["by"]), (&false.into(), &"W".into()));
    assert_eq!(json["venues"][1]["pays"], "94000");
    assert_eq!(json["venues"][1]["recovery_percent"], "98.94");
    assert_eq!(json["venues"][1]["claims_by"], "P");
    assert_eq!(json["venues"][2]["policy_holds"], true);
    assert_eq!(json["failures"][1]["venue"], "Beta Exchange");
    // In any order.
    let back = ["c.json", "a.json", "b.json"];
    let json = contagion(&back, "crash", &[&STATEMENTS[..], &["--json"]].concat()).json();
    assert_eq!(json["failures"][1]["venue"], "Beta Exchange");
}

#[test]
fn a_word_counts_nothing_unless_it_is_asked_for() {
    let none = contagion(&FILES, "mark", &[]);
    assert_eq!(none.code, 1, "{}", none.stderr);
    let said = "beta-desk: 50,000 USD by its word (W), counts nothing without --count word";
    let one_line = none.stdout.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(one_line.contains(said), "{}", none.stdout);
    let word = contagion(&FILES, "mark", &["--count", "word"]);
    assert_eq!(word.code, 0, "{}", word.stderr);
    let said = "by their word for their reserves and their claims on each other (W)\n";
    assert!(word.stdout.contains(said), "{}", word.stdout);
    // And alone, no claim backs anything.
    let alone = proved().run(&["verify", "--accept-insecure-setup", "b.json"]);
    assert!(alone.stdout.contains("a claim on a venue: counts only with contagion"));
    let json = proved().run(&["verify", "--accept-insecure-setup", "b.json", "--json"]).json();
    assert_eq!(json["reserves"]["counts_nothing"], serde_json::json!([1]));
}

#[test]
fn what_cannot_be_read_together_is_refused_by_name() {
    let refusal = |files: &[&str], more: &[&str], code: i32| {
        let run = contagion(files, "crash", more);
        run.refusal(code).to_owned()
    };
    let error = refusal(&["a.json", "a.json"], &[], 2);
    assert!(error.contains("are both of the venue `Alpha Exchange`"), "{error}");
    let error = refusal(&["a.json"], &[], 2);
    assert!(error.contains("at least two") || error.contains("ATTESTATION"), "{error}");
    let error = refusal(&FILES, &["--statement", "beta-desk.json", "--band", "2"], 2);
    assert!(error.contains("--band"), "{error}");
    // A statement of a venue that is not given.
    let error = refusal(&FILES[1..], &["--statement", "beta-desk.json"], 2);
    assert!(
        error.contains("beta-desk.json: the statement belongs to the attestation 0x"),
        "{error}"
    );
    // One that was changed.
    let forged = proved().read("beta-desk.json").replace("\"50000\"", "\"60000\"");
    proved().write("forged.json", forged);
    let error = refusal(&FILES, &["--statement", "forged.json"], 1);
    assert!(error.starts_with("forged.json: "), "{error}");
    // Of another scenario, rules and time.
    let run = contagion(&FILES, "Crash", &[]);
    let expected = "a.json: the rules have no scenario `Crash` that reserves are valued in (`mark` or \
                    a stress) (did you mean `crash`?)";
    assert_eq!(run.refusal(2), expected);
    let digest = format!("0x{}", "11".repeat(32));
    let error = refusal(&FILES, &["--rules-digest", &digest], 1);
    assert!(error.starts_with("a.json: the rules have digest 0x"), "{error}");
    let error = refusal(&FILES, &["--now", "2025-01-01T00:00:00Z"], 1);
    assert!(error.contains("a.json"), "{error}");
    // Without a setup that anybody accepts.
    let run = proved().run(&["contagion", "a.json", "b.json", "--scenario", "crash"]);
    assert!(run.refusal(2).contains("insecure setup"));
    // A forged attestation: what is owed is lowered.
    let forged = proved().read("a.json").replacen("Alpha Exchange", "Omega Exchange", 1);
    proved().write("o.json", forged);
    let run = contagion(&["o.json", "b.json"], "crash", &[]);
    assert!(run.refusal(1).starts_with("o.json: "), "{}", run.stderr);
}
