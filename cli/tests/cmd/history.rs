//! `pacioli history`: a folder of attestations over time, and its exports.

use std::fs;

use crate::venue::{Run, Venue, proved};

const DAY_2: &str = "2026-01-02T00:00:00Z";

/// A venue with two days in `all`: on the second its fund moved, and half of a bitcoin went.
fn two_days() -> Venue {
    let venue = Venue::new();
    fs::create_dir(venue.path("all")).unwrap();
    venue.write("all/0.json", proved().read("first/attestation.json"));
    venue.edit("reserves.json", "\"2.5\"", "\"2\"");
    venue.edit("reserves.json", "\"address\": \"fund\"", "\"address\": \"elsewhere\"");
    let next = venue.prove("all/1", &["--previous", "all/0.json", "--as-of", DAY_2]);
    assert_eq!(next.code, 0, "{}", next.stderr);
    venue
}

fn history(venue: &Venue, more: &[&str]) -> Run {
    let args = ["history", "all", "--accept-insecure-setup", "--now", "2026-01-03T00:00:00Z"];
    venue.run(&[&args[..], more].concat())
}

#[test]
fn figures_over_time_fit_a_terminal_and_say_what_broke() {
    let venue = two_days();
    let run = history(&venue, &[]);
    assert_eq!((run.code, run.stderr.as_str()), (1, ""), "{}", run.stdout);
    let verdict = "DOES NOT HOLD: of 2 attestations, 1 that break a policy\n";
    assert!(run.stdout.starts_with(verdict), "{}", run.stdout);
    assert!(run.stdout.lines().all(|line| line.chars().count() <= 100), "{}", run.stdout);
    for part in [
        "  0         2026-01-01T00:00:00Z  healthy  300,000     300,000      1.0000",
        "  1         2026-01-02T00:00:00Z   breach  300,000     250,000      0.8333",
        "\nwhat does not hold\n  - sequence number 1: 3 of 4 clauses of the venue's own policy",
        "\nchanged with sequence number 1\n  - reserves: USDC at elsewhere on bank is new\n",
        "  BTC      2.5  2.5       2.5    2   W      0.8000 in 1\n",
        "  BTC-PERP      1     1    1 in 0\n",
        "sequence numbers 0 to 1: key 0x",
    ] {
        let flat = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(flat(&run.stdout).contains(&flat(part)), "{part}\n{}", run.stdout);
    }
    let json = history(&venue, &["--json"]).json_of("history");
    let [first, second] = [0, 1].map(|index| &json["record"]["attestations"][index]);
    assert_eq!((&first["state"], &second["state"]), (&"healthy".into(), &"breach".into()));
    assert_eq!(second["failing"][0][0], "min_coverage");
    assert_eq!(second["assets"][0]["name"], "BTC");
    assert_eq!(second["assets"][0]["reserves"], "2");
    assert_eq!(second["assets"][0]["held"][0]["by"], "W");
    assert_eq!(second["scenarios"][1]["kind"], "stress");
    assert_eq!(second["scenarios"][1]["bad_debt"], "5000");
    assert_eq!(first["markets"][0]["long"], "1");
    // The same chain by `verify --history`, with the same exit code.
    let verify = ["verify", "--history", "all", "--accept-insecure-setup"];
    let verify = venue.run(&verify);
    assert_eq!((verify.code, verify.stdout.lines().next()), (1, Some(verdict.trim_end())));
}

#[test]
fn a_timeline_needs_no_chain_and_can_be_cut() {
    let venue = two_days();
    let run = history(&venue, &["--incident"]);
    let (_, timeline) = run.stdout.split_once("\ntimeline\n").unwrap();
    assert!(timeline.starts_with("  2026-01-01T00:00:00Z  snapshot: the snapshot of sequence"));
    assert!(timeline.contains("the state is breach now:"), "{timeline}");
    let run = history(&venue, &["--incident", "--from", DAY_2, "--json"]);
    let json = run.json_of("history");
    let entries = json["timeline"]["entries"].as_array().unwrap();
    assert_eq!((entries.len(), &entries[0]["by"]), (1, &"W".into()));
}

#[test]
fn evidence_beside_an_attestation_gives_its_reserves_letters_or_faults() {
    let venue = two_days();
    let entry = r#"{ "asset": "BTC", "chain": "bitcoin", "address": "vault",
        "custodian": { "name": "Bank", "message": "nothing", "signature": "0x00" } }"#;
    let evidence = format!(r#"{{ "version": "pacioli evidence v1-draft", "entries": [{entry}] }}"#);
    venue.write("all/0.evidence.json", &evidence);
    let run = history(&venue, &[]);
    assert_eq!(run.code, 1);
    assert!(!run.stdout.contains("ignored"), "{}", run.stdout);
    venue.write("all/0.evidence.json", "{}");
    assert!(history(&venue, &[]).refusal(2).contains("0.evidence.json"));
}

#[test]
fn a_record_is_exported_in_three_formats_and_over_nothing() {
    let venue = two_days();
    for name in ["record.csv", "record.parquet", "record.json"] {
        let run = history(&venue, &["--export", name]);
        assert_eq!((run.code, run.stderr.as_str()), (1, ""), "the verdict is the record's");
        let bytes = fs::read(venue.path(name)).unwrap();
        let again = history(&venue, &["--export", name]);
        let refused = format!("{name} exists already: give another name, or --force to replace it");
        assert_eq!(again.refusal(2), refused);
        assert_eq!(history(&venue, &["--export", name, "--force"]).code, 1);
        assert_eq!(fs::read(venue.path(name)).unwrap(), bytes, "the same each time");
    }
    let csv = venue.read("record.csv");
    let mut lines = csv.lines();
    assert!(
        lines.next().unwrap().starts_with("number,as_of,venue,state,quote,digest,key,software")
    );
    // Two scenarios, two assets and a market each.
    assert_eq!(csv.lines().count(), 1 + 2 * (2 + 2 + 1), "{csv}");
    let mark = lines.next().unwrap();
    assert!(mark.contains(",scenario,mark,300000,0,0,300000,5000,1,5000,"), "{mark}");
    let json: serde_json::Value = serde_json::from_str(&venue.read("record.json")).unwrap();
    assert_eq!(json["version"], "pacioli record v1-draft");
    assert_eq!(json["rows"][0]["owed"], "300000");
    assert_eq!(&fs::read(venue.path("record.parquet")).unwrap()[..4], b"PAR1");
    let run = history(&venue, &["--export", "record.xlsx"]);
    assert!(run.refusal(2).contains("ends in none of `.csv`"), "{}", run.stderr);
}
