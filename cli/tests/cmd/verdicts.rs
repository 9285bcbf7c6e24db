//! What `verify`, `demo` and `setup` say, and how they end.

use std::fs;

use pacioli_attestation::Digest;
use serde_json::Value;

use crate::venue::{Venue, proved, setup};

const REPORT: &str = include_str!("verified.txt");

/// A reader's time, a day and an hour after the venue's.
const NOW: [&str; 2] = ["--now", "2026-01-02T01:00:00Z"];

/// The rules' digest in the report.
fn rules_digest() -> String {
    Digest::of(proved().read("rules.toml").as_bytes()).to_string()
}

#[test]
fn a_book_that_keeps_its_policy_holds() {
    let run = proved().verify("first", &NOW);
    assert_eq!((run.code, run.warnings().as_str()), (0, ""));
    let digest = Digest::of(&fs::read(proved().path("first/attestation.json")).unwrap());
    let key = proved().attestation("first")["header"]["key"].as_str().unwrap().to_owned();
    let expected = REPORT.replace("DIGEST", &digest.to_string()).replace("RULES", &rules_digest());
    assert_eq!(run.stdout, expected.replace("KEY", &key));
    let with_setup = proved().verify("first", &[&NOW[..], &["--setup", setup(11)]].concat());
    assert_eq!(with_setup, run);
}

#[test]
fn json_is_one_document_that_says_the_same() {
    let run = proved().verify("first", &["--json"]);
    let json = run.json();
    assert_eq!(run.code, 0);
    assert_eq!((&json["holds"], &json["policy_holds"]), (&true.into(), &true.into()));
    assert_eq!(
        (&json["setup"]["state"], &json["setup"]["name"]),
        (&"insecure".into(), &Value::Null)
    );
    assert_eq!(json["setup"]["key_digest"], json["header"]["key"]);
    assert_eq!(json["rules_digest"], rules_digest());
    assert_eq!(json["header"], proved().attestation("first")["header"]);
    assert_eq!(json["figures"]["scenarios"][0]["owed"], "300000");
    assert_eq!(json["figures"]["scenarios"][1]["bad_debt"], "5000");
    assert_eq!(json["policy"].as_array().unwrap().len(), 4);
    assert_eq!(json["trial_balance"], serde_json::json!({ "zero": true, "by": "R" }));
    assert_eq!(json["your_policy"], Value::Null);
}

#[test]
fn an_insecure_setup_is_refused_unless_accepted() {
    let args = ["verify", "first/attestation.json"];
    let run = proved().run(&args);
    let error = "this is the insecure setup, whose secret everyone knows: what is proved under it \
                 proves nothing. For a test, add --accept-insecure-setup";
    assert_eq!(run.refusal(2), error);
    for more in [&["--setup", setup(11)][..], &["--accept-unknown-setup", "--setup", setup(11)]] {
        assert_eq!(proved().run(&[&args[..], more].concat()).refusal(2), error);
    }
    let run = proved().run(&[&args[..], &["--json"]].concat());
    assert_eq!(run.json(), serde_json::json!({ "holds": null, "error": error }));
    assert_eq!(run.code, 2);
}

#[test]
fn a_book_that_breaks_its_policy_verifies_and_does_not_hold() {
    let venue = Venue::new();
    venue.edit("reserves.json", "\"5000\"", "\"4999.999999\"");
    assert_eq!(venue.prove("out", &[]).code, 0);
    let run = venue.verify("out", &[]);
    assert_eq!((run.code, run.warnings().as_str()), (1, ""));
    let verdict = "DOES NOT HOLD: the proofs verify, but 1 of 4 clauses of the venue's own policy does \
                   not hold: bad_debt.crash\n";
    assert!(run.stdout.starts_with(verdict), "{}", run.stdout);
    assert_eq!(run.stdout.matches("  W  DOES NOT HOLD  ").count(), 1, "{}", run.stdout);
    let json = venue.verify("out", &["--json"]);
    assert_eq!(json.code, 1);
    let json = json.json();
    let policy = json["policy"].as_array().unwrap();
    let failing: Vec<_> = policy.iter().filter(|clause| clause["holds"] == false).collect();
    assert_eq!((&json["holds"], failing.len()), (&false.into(), 1));
    assert_eq!(failing[0]["name"], "bad_debt.crash");
}

#[test]
fn the_rules_are_those_expected() {
    let digest = rules_digest();
    assert_eq!(proved().verify("first", &["--rules-digest", &digest]).code, 0);
    let other = digest.replace(&digest[2..8], "000000");
    let run = proved().verify("first", &["--rules-digest", &other]);
    assert_eq!(run.refusal(1), format!("the rules have digest {digest}, expected {other}"));
    let run = proved().verify("first", &["--rules-digest", "0x12"]);
    assert_eq!((run.code, run.stdout.as_str()), (2, ""));
    assert!(run.stderr.contains("`0x12` is not a digest"), "{}", run.stderr);
}

#[test]
fn what_is_changed_does_not_hold_and_what_cannot_be_read_is_not_checked() {
    let venue = Venue::new();
    let ended = |text: &str, code: i32| {
        venue.write("attestation.json", text);
        venue.verify(".", &[]).refusal(code).to_owned()
    };
    let refused = |text: &str| ended(text, 2);
    let text = proved().read("first/attestation.json");
    let changed = text.replace("\"accounts\": 4,", "\"accounts\": 5,");
    assert_eq!(ended(&changed, 1), "volume 0: the proof does not hold for these public inputs");
    assert_eq!(
        refused(&text.replace("attestation v1", "attestation v2")),
        "the attestation is of version `pacioli attestation v2-draft`, but this program reads \
         `pacioli attestation v1-draft`: use the program that made it"
    );
    assert_eq!(
        refused(&text.replace("\": ", "\":")),
        "the attestation was formatted anew (byte 14 differs): a program saved it anew on its way; \
         fetch it again"
    );
    assert_eq!(
        refused("{"),
        "the attestation ends in the middle (line 1): it was cut off on its way; fetch it again"
    );
    assert_eq!(
        refused(&venue.read("prices.json")),
        "this is prices, not an attestation: give another file"
    );
}

#[test]
fn another_setup_than_the_verifiers_cannot_be_checked() {
    let venue = Venue::new();
    let text = proved().read("first/attestation.json");
    let key = proved().attestation("first")["header"]["key"].as_str().unwrap().to_owned();
    let other = key.replace(&key[2..8], "000000");
    venue.write("attestation.json", text.replace(&key, &other));
    let run = venue.verify(".", &[]);
    let expected = format!(
        "the attestation was made under the key {other}, and that of the insecure setup for its \
         sizes is {key}; give its setup's file with --setup, or its key with --key"
    );
    assert_eq!(run.refusal(2), expected);
    let run = venue.verify(".", &["--setup", setup(11)]);
    let expected = format!(
        "the attestation was proved under the key {other}, but the key given is {key}: the two do not \
         belong together"
    );
    assert_eq!(run.refusal(2), expected);
}

#[test]
fn what_comes_from_a_file_moves_no_cursor() {
    let venue = Venue::new();
    let text = proved().read("first/attestation.json");
    venue.write("attestation.json", text.replace("attestation v1", "\\u001b[2J"));
    let run = venue.verify(".", &[]);
    let expected = "the attestation is of version `pacioli \\u{1b}[2J-draft`, but this";
    assert!(run.refusal(2).starts_with(expected), "{}", run.stderr);
}

#[test]
fn the_demo_proves_a_venue_and_refuses_forgeries() {
    let venue = Venue::new();
    let run = venue.run(&["--quiet", "demo", "--out", "sample"]);
    assert_eq!((run.code, run.warnings().as_str()), (0, ""));
    assert!(run.stdout.starts_with("Proved: 240 accounts"), "{}", run.stdout);
    let (_, forgeries) = run.stdout.split_once("forgeries refused\n").unwrap();
    let mut lines = forgeries.lines();
    let mut refusal = |forgery: &str| {
        lines.by_ref().find(|line| line.contains(forgery)).unwrap();
        lines.next().unwrap().trim_start().to_owned()
    };
    let proof = "volume 0: the proof does not hold for these public inputs";
    assert_eq!(refusal("what is owed is lowered by 1e-16 USD"), proof);
    assert_eq!(refusal("a deposit of 1000 USDC is left out"), proof);
    assert_eq!(venue.verify("sample", &[]).code, 0);

    let run = venue.run(&["--quiet", "--json", "demo"]);
    let json = run.json();
    assert_eq!((run.code, json["refused"].as_array().unwrap().len()), (0, 6));
    assert_eq!(json["report"]["holds"], true);
}

#[test]
fn a_setup_is_made_and_named_insecure() {
    let venue = Venue::new();
    let run = venue.run(&["setup", "insecure", "--k", "4", "--out", "a.setup"]);
    assert_eq!((run.code, run.warnings().as_str()), (0, ""));
    let origin = "INSECURE: everyone knows tau, proofs made with this setup prove nothing";
    let shown = venue.run(&["setup", "show", "a.setup"]);
    assert_eq!(shown, run);
    let json = venue.run(&["setup", "insecure", "--k", "4", "--out", "a.setup", "--json"]).json();
    let digest = json["setup"]["digest"].as_str().unwrap();
    let expected = format!(
        "a.setup\n  rows    2^4\n  setup   {origin}\n  state   insecure\n  digest  {digest}\n"
    );
    assert_eq!(run.stdout, expected);
    let setup = serde_json::json!({ "state": "insecure", "name": null, "digest": digest });
    assert_eq!(json, serde_json::json!({ "file": "a.setup", "k": 4, "setup": setup }));
    assert_eq!(venue.run(&["setup", "show", "a.setup", "--json"]).json(), json);

    let run = venue.run(&["setup", "insecure", "--k", "40", "--out", "a.setup"]);
    assert_eq!(run.refusal(2), "a setup cannot have 2^40 rows");
    let run = venue.run(&["setup", "insecure", "--k", "4", "--out", "no/where"]);
    let missing = "No such file or directory (os error 2)";
    assert_eq!(run.refusal(2), format!("cannot write no/where: {missing}"));
    let run = venue.run(&["setup", "import", "a.ptau", "--out", "b.setup"]);
    assert_eq!(run.refusal(2), format!("cannot import a.ptau: {missing}"));
    let run = venue.run(&["setup", "import", "book.csv", "--out", "b.setup"]);
    assert!(run.refusal(2).starts_with("cannot import book.csv: "), "{}", run.stderr);
    assert!(!venue.path("b.setup").exists());
}

#[test]
fn a_command_that_is_none_could_not_be_run() {
    let venue = Venue::new();
    for args in [&[][..], &["audit"], &["verify"], &["prove", "--snapshot", "book.csv"]] {
        let run = venue.run(args);
        assert_eq!((run.code, run.stdout.as_str()), (2, ""));
        assert!(run.stderr.contains("Usage: pacioli"), "{}", run.stderr);
        let run = venue.run(&[args, &["--json"]].concat());
        assert_eq!((run.code, &run.json()["holds"]), (2, &serde_json::Value::Null));
    }
    for asked in ["--help", "--version"] {
        let run = venue.run(&[asked]);
        assert_eq!((run.code, run.warnings().as_str()), (0, ""));
        assert!(run.stdout.contains("pacioli"), "{}", run.stdout);
    }
}
