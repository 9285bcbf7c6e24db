//! `pacioli bundle`, and `pacioli verify` of what it made.

use std::fs;

use crate::{
    setups::{DRAWN, venue},
    venue::{Run, Venue, proved},
};

const ATTESTATION: &str = "run/attestation.json";

fn bundle(venue: &Venue, more: &[&str]) -> Run {
    venue.run(&[&["bundle", ATTESTATION, "--out", "pack.tar"], more].concat())
}

#[test]
fn a_packs_own_key_counts_only_with_a_digest_of_the_readers() {
    let venue = venue(DRAWN);
    let key = ["--setup", DRAWN, "--accept-unknown-setup"];
    venue.write("report.html", "<html>all is well</html>");
    let made = bundle(&venue, &[&key[..], &["--report", "report.html", "--json"]].concat());
    assert_eq!(made.code, 0, "{}", made.stderr);
    let made = made.json();
    let digest = made["key"].as_str().unwrap();
    let names: Vec<_> =
        made["manifest"]["files"].as_array().unwrap().iter().map(|one| &one["name"]).collect();
    assert_eq!(names, ["attestation.json", "key.json", "report.html", "check.html"]);

    // Nothing else of the venue is there.
    let reader = Venue::new();
    fs::copy(venue.path("pack.tar"), reader.path("pack.tar")).unwrap();
    let verify = |more: &[&str]| reader.run(&[&["verify", "pack.tar"], more].concat());
    let error = verify(&[]);
    assert!(error.refusal(2).contains("nobody vouches for the key"), "{}", error.stderr);
    assert!(error.stderr.contains(digest), "{}", error.stderr);
    let own = verify(&["--accept-unknown-setup"]);
    assert_eq!(own.code, 0, "{}", own.stderr);
    assert!(own.stdout.starts_with("HOLDS ONLY IF NOBODY KNOWS THE SETUP'S SECRET: "));
    assert!(own.stdout.contains("\n  THE KEY IS THE PACK'S OWN WORD: whoever packed it"));
    let vouched = verify(&["--key-digest", digest]);
    assert_eq!((vouched.code, vouched.stderr.as_str()), (0, ""));
    assert!(vouched.stdout.starts_with("HOLDS: the proofs verify"), "{}", vouched.stdout);
    assert!(
        vouched.stdout.contains("\n  the key is in the pack, and its digest is the one that you")
    );
    assert!(vouched.stdout.contains("check.html, "), "{}", vouched.stdout);
    assert!(vouched.stdout.contains("that of this release\n"), "{}", vouched.stdout);
    let json = verify(&["--key-digest", digest, "--json"]).json();
    assert_eq!((&json["pack"]["key_by"], &json["holds"]), (&"vouched".into(), &true.into()));
    let wrong = verify(&["--key-digest", made["digest"].as_str().unwrap()]);
    assert!(wrong.refusal(2).starts_with("cannot use the key in the pack: the key has digest"));
    // A setup of the reader's goes before the pack's key.
    fs::copy(venue.path(DRAWN), reader.path(DRAWN)).unwrap();
    let readers = verify(&["--setup", DRAWN, "--accept-unknown-setup"]);
    assert_eq!(readers.code, 0, "{}", readers.stderr);
    assert!(
        readers.stdout.contains("\n  the key is yours, and the one in the pack was not looked")
    );
}

#[test]
fn a_pack_is_the_same_bytes_each_time_and_replaces_nothing() {
    let venue = Venue::new();
    fs::create_dir(venue.path("run")).unwrap();
    venue.write(ATTESTATION, proved().read("first/attestation.json"));
    let accept = "--accept-insecure-setup";
    assert_eq!(bundle(&venue, &[accept]).code, 0);
    let bytes = fs::read(venue.path("pack.tar")).unwrap();
    let again = bundle(&venue, &[accept]);
    assert!(again.refusal(2).starts_with("pack.tar exists already"), "{}", again.stderr);
    assert_eq!(bundle(&venue, &[accept, "--force"]).code, 0);
    assert_eq!(fs::read(venue.path("pack.tar")).unwrap(), bytes);
    let verify = |more: &[&str]| venue.run(&[&["verify", "pack.tar"], more].concat());
    assert_eq!(verify(&[accept]).code, 0);
    assert!(verify(&[]).refusal(2).contains("this is the insecure setup"));
    let few = bundle(&venue, &[accept, "--force", "--no-page"]);
    assert!(!few.stdout.contains("check.html"), "{}", few.stdout);
    // What was changed inside is named.
    let place = bytes.windows(9).position(|part| part == b"accounts\"").unwrap();
    let mut changed = bytes.clone();
    changed[place] ^= 1;
    venue.write("pack.tar", &changed);
    let error = verify(&[accept]);
    let expected = "pack.tar: `attestation.json` in the pack is not what its manifest.json says";
    assert!(error.refusal(2).starts_with(expected), "{}", error.stderr);
    venue.write("pack.tar", &bytes[..bytes.len() / 2]);
    assert_eq!(verify(&[accept]).code, 2);
    // What does not verify is not packed.
    let text = venue.read(ATTESTATION);
    venue.write(ATTESTATION, text.replace("\"accounts\": 4,", "\"accounts\": 5,"));
    assert!(bundle(&venue, &[accept, "--force"]).refusal(1).starts_with("volume 0: the proof"));
}

#[test]
fn evidence_in_a_pack_is_checked_offline_and_a_fault_of_it_fails() {
    let venue = Venue::new();
    fs::create_dir(venue.path("run")).unwrap();
    venue.write(ATTESTATION, proved().read("first/attestation.json"));
    let accept = "--accept-insecure-setup";
    let head = r#"{ "version": "pacioli evidence v1-draft", "entries": ["#;
    venue.write("good.json", format!("{head}] }}"));
    let entry = r#"{ "asset": "BTC", "chain": "bitcoin", "address": "vault",
        "signature": { "scheme": "bip322", "message": "anything", "signature": "0x00" } }"#;
    venue.write("bad.json", format!("{head}{entry}] }}"));
    assert_eq!(bundle(&venue, &[accept, "--evidence", "good.json"]).code, 0);
    let run = venue.run(&["verify", "pack.tar", accept]);
    assert_eq!(run.code, 0, "{}", run.stdout);
    let told =
        "evidence-1.json: 0 of 3 reserves known by more than the publisher's word, offline\n";
    assert!(run.stdout.contains(told), "{}", run.stdout);
    let both = ["--evidence", "good.json", "--evidence", "bad.json"];
    let made = bundle(&venue, &[&[accept, "--force"], &both[..]].concat());
    assert_eq!(made.code, 0, "{}", made.stderr);
    let run = venue.run(&["verify", "pack.tar", accept]);
    assert_eq!(run.code, 1, "{}", run.stdout);
    let verdict = "DOES NOT HOLD: the pack's evidence of reserves has 1 fault\n";
    assert!(run.stdout.starts_with(verdict), "{}", run.stdout);
    let json = venue.run(&["verify", "pack.tar", accept, "--json"]).json();
    assert_eq!(json["holds"], false);
    assert_eq!(json["pack"]["evidence"][1]["faults"].as_array().unwrap().len(), 1);
    venue.write("other.json", format!("{head}{}] }}", entry.replace("vault", "elsewhere")));
    let other = bundle(&venue, &[accept, "--force", "--evidence", "other.json"]);
    assert!(other.refusal(2).starts_with("other.json: 1 of its entries for no reserve"));
    venue.write("none.json", "{}");
    assert_eq!(bundle(&venue, &[accept, "--force", "--evidence", "none.json"]).code, 2);
}

#[test]
fn evidence_of_a_pack_that_was_not_used_is_named() {
    let venue = Venue::new();
    let reserves = venue.read("reserves.json");
    let address = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8";
    let held = reserves
        .replace("\"made up\",", "\"made up\", \"custodian\": \"Bank\",")
        .replace("\"bitcoin\"", "\"eip155:1\"")
        .replace("\"bank\"", "\"eip155:1\"")
        .replace("\"vault\"", &format!("\"{address}\""))
        .replace("\"fund\"", "\"0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266\"");
    venue.write("reserves.json", held);
    assert_eq!(venue.prove("run", &["--quiet"]).code, 0);
    let state = ["reserves", "state", "--venue", "test venue", "--reserves", "reserves.json"];
    let by = ["--custodian", "Bank", "--evidence", "unknown.json"];
    let key = "0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d";
    let mut command = venue.command(&[&state[..], &by].concat());
    let stated = command.env("PACIOLI_PRIVATE_KEY", key).output().unwrap();
    assert!(stated.status.success(), "{stated:?}");
    let accept = "--accept-insecure-setup";
    let made = bundle(&venue, &[accept, "--evidence", "unknown.json"]);
    assert_eq!(made.code, 0, "{}", made.stderr);
    // Nobody here knows the bank's key.
    let run = venue.run(&["verify", "pack.tar", accept]);
    assert_eq!(run.code, 0, "{}", run.stdout);
    let flat = run.stdout.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        flat.contains(&format!("NOT USED: BTC at {address} on eip155:1: balance: ")),
        "{}",
        run.stdout
    );
    assert!(flat.contains("whose key you do not name with --custodian"), "{}", run.stdout);
    let json = venue.run(&["verify", "pack.tar", accept, "--json"]).json();
    assert!(!json["pack"]["evidence"][0]["unused"].as_array().unwrap().is_empty(), "{json}");
}
