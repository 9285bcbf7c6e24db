//! `pacioli compare`: two attestations, figure by figure.

use crate::venue::{Run, Venue, proved, setup};

const DAY_2: &str = "2026-01-02T00:00:00Z";

fn with_first() -> Venue {
    let venue = Venue::new();
    venue.write("0.json", proved().read("first/attestation.json"));
    venue
}

fn compare(venue: &Venue, before: &str, after: &str, more: &[&str]) -> Run {
    let args = ["compare", before, after, "--accept-insecure-setup"];
    venue.run(&[&args[..], &["--now", "2026-01-03T00:00:00Z"], more].concat())
}

#[test]
fn what_changed_is_told_by_figure_and_in_words() {
    let venue = with_first();
    // Alice brings a bitcoin, of which half arrives; the fund moves; the crash gets softer.
    venue.edit("book.csv", "alice,deposit BTC,2", "alice,deposit BTC,3");
    venue.edit("reserves.json", "\"2.5\"", "\"3\"");
    venue.edit("reserves.json", "\"address\": \"fund\"", "\"address\": \"elsewhere\"");
    venue.edit("rules.toml", "BTC = \"-0.5\"", "BTC = \"-0.4\"");
    venue.edit("prices.json", "\"ETH\": \"4000\"", "\"ETH\": \"4100\"");
    assert_eq!(venue.prove("1", &["--previous", "0.json", "--as-of", DAY_2]).code, 0);
    let run = compare(&venue, "0.json", "1/attestation.json", &[]);
    assert_eq!((run.code, run.stderr.as_str()), (1, ""), "{}", run.stdout);
    let flat = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let told = flat(&run.stdout);
    for part in [
        "DOES NOT HOLD: both verify, but 3 of 4 clauses of the later one's policy do not hold: \
         min_coverage, bad_debt.crash, bad_debt.mark",
        "mark 300,000 -> 400,000 300,000 -> 350,000 1.0000 -> 0.8750",
        "BTC +1 0 +0.5 -0.5",
        "This is no proof of anything: deposits and borrows are proved",
        "ETH 4,000 -> 4,100",
        "- BTC for customers: 2.5 -> 3; vault on bitcoin",
        "- USDC for insurance: - -> 5,000; elsewhere on bank",
        "- USDC for insurance: 5,000 -> -; fund on bank",
        "- min_coverage: holds -> DOES NOT HOLD",
        "- scenario crash: the move of BTC goes from -0.5 to -0.4 (looser)",
    ] {
        assert!(told.contains(part), "{part}\n{}", run.stdout);
    }
    assert!(run.stdout.lines().all(|line| line.chars().count() <= 100), "{}", run.stdout);
    let json = compare(&venue, "0.json", "1/attestation.json", &["--json"]).json_of("comparison");
    assert_eq!(json["assets"][0]["flow"]["deposits"], "1");
    assert_eq!(json["assets"][0]["flow"]["rest"], "-0.5");
    assert_eq!(json["prices"]["ETH"]["after"], "4100");
    assert_eq!(json["scenarios"][0]["owed"]["after"], "400000");
    assert!(json["not_proved"].as_str().unwrap().starts_with("This is no proof"));
}

#[test]
fn a_change_alone_is_no_reason_for_a_1() {
    let venue = with_first();
    venue.edit("reserves.json", "\"address\": \"fund\"", "\"address\": \"elsewhere\"");
    assert_eq!(venue.prove("1", &["--previous", "0.json", "--as-of", DAY_2]).code, 0);
    let run = compare(&venue, "0.json", "1/attestation.json", &[]);
    assert_eq!(run.code, 0, "{}", run.stdout);
    let verdict =
        "HOLDS, UNDER AN INSECURE SETUP: both verify, the later one follows the earlier, and the";
    assert!(run.stdout.starts_with(verdict), "{}", run.stdout);
    let same = compare(&venue, "0.json", "0.json", &[]);
    assert_eq!(same.code, 0);
    assert!(same.stdout.contains("the two are the same attestation"), "{}", same.stdout);

    let reversed = compare(&venue, "1/attestation.json", "0.json", &[]);
    let error =
        "1/attestation.json has sequence number 1, and 0.json has 0: give the earlier one first";
    assert_eq!(reversed.refusal(2), error);
    // A fork: another attestation of the same number.
    assert_eq!(venue.prove("fork", &["--as-of", DAY_2]).code, 0);
    let fork = compare(&venue, "0.json", "fork/attestation.json", &[]);
    assert_eq!(fork.code, 1);
    assert!(fork.stdout.starts_with("DOES NOT HOLD: the two are of no one chain: a fork: "));
    // Another venue, further on.
    let other = ["--venue", "Exchange B", "--as-of", DAY_2];
    assert_eq!(venue.prove("b0", &other[..2]).code, 0);
    let next = ["--previous", "b0/attestation.json", "--venue", "Exchange B", "--as-of", DAY_2];
    assert_eq!(venue.prove("b1", &next).code, 0);
    let other = compare(&venue, "0.json", "b1/attestation.json", &[]);
    assert_eq!(other.code, 1, "{}", other.stdout);
    assert!(other.stdout.contains("is not chained to"), "{}", other.stdout);
    // One that is forged is no comparison.
    let text = venue.read("0.json");
    venue.write("forged.json", text.replace("\"accounts\": 4,", "\"accounts\": 5,"));
    let forged = compare(&venue, "forged.json", "1/attestation.json", &[]);
    assert!(forged.refusal(1).starts_with("forged.json: volume 0: the proof"), "{}", forged.stderr);
    assert_eq!(compare(&venue, "prices.json", "0.json", &[]).code, 2);
}

#[test]
fn an_earlier_key_of_the_insecure_setup_has_to_be_accepted_too() {
    let venue = with_first();
    let key = ["key", "--setup", setup(11), "--attestation", "0.json", "--out", "a.key"];
    assert_eq!(venue.run(&key).code, 0);
    let digest = proved().attestation("first")["header"]["key"].as_str().unwrap().to_owned();
    let before = ["--before-key", "a.key", "--before-key-digest", digest.as_str()];
    let refused = venue.run(&[&["compare", "0.json", "0.json"], &before[..]].concat());
    let error = refused.refusal(2);
    assert!(error.starts_with("0.json: ") && error.contains("insecure setup"), "{error}");
    let accepted = compare(&venue, "0.json", "0.json", &before);
    assert_eq!(accepted.code, 0, "{}", accepted.stderr);
}
