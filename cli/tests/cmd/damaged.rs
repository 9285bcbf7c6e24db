//! Files that were damaged on their way, or that are other files than the ones meant: nothing is
//! checked, nobody is accused, and the reader is told what to do.

use std::{fs, sync::OnceLock};

use crate::venue::{Run, Venue, proved, setup};

const ACCEPTED: &str = "--accept-insecure-setup";

/// A folder with an attestation, a statement and the key, made once.
fn made() -> &'static Venue {
    static MADE: OnceLock<Venue> = OnceLock::new();
    MADE.get_or_init(|| {
        let venue = Venue::new();
        assert_eq!(venue.prove("run", &[]).code, 0);
        fs::copy(venue.path("run/attestation.json"), venue.path("attestation.json")).unwrap();
        let export = ["statements", "export", "--account", "alice", "--out", "statement.json"];
        let run = venue.run(&[&export[..], &["--run", "run", "--setup", setup(11)]].concat());
        assert_eq!(run.code, 0, "{}", run.stderr);
        let key = ["key", "--setup", setup(11), "--attestation", "attestation.json"];
        assert_eq!(venue.run(&[&key[..], &["--out", "key.json"]].concat()).code, 0);
        venue
    })
}

fn verify(venue: &Venue, more: &[&str]) -> Run {
    venue.run(&[&["verify", "attestation.json", ACCEPTED], more].concat())
}

fn check(venue: &Venue, more: &[&str]) -> Run {
    let command = ["check", "statement.json", "--attestation", "attestation.json", ACCEPTED];
    venue.run(&[&command, more].concat())
}

/// What `verify` and `check` say, in text and JSON, where `file` holds `bytes`.
#[track_caller]
fn not_checked(file: &str, bytes: &[u8], expected: &str) {
    let venue = Venue::new();
    for name in ["attestation.json", "statement.json"] {
        fs::copy(made().path(name), venue.path(name)).unwrap();
    }
    venue.write(file, bytes);
    let is_statement = file == "statement.json";
    let verify_too = [verify as fn(&Venue, &[&str]) -> Run].into_iter().filter(|_| !is_statement);
    for command in verify_too.chain([check as fn(&Venue, &[&str]) -> Run]) {
        let context = if is_statement { "statement.json: " } else { "" };
        let expected = format!("{context}{expected}");
        assert_eq!(command(&venue, &[]).refusal(2), expected);
        let run = command(&venue, &["--json"]);
        let document = serde_json::json!({ "holds": null, "error": expected });
        assert_eq!((run.code, run.json()), (2, document));
    }
}

#[test]
fn a_file_that_was_damaged_on_its_way_is_to_be_fetched_again() {
    for (file, name) in [("attestation.json", "attestation"), ("statement.json", "statement")] {
        let whole = made().read(file);
        let not_checked = |text: &str, why: &str| {
            let expected = why.replace("NAME", name);
            not_checked(file, text.as_bytes(), &format!("{expected}; fetch it again"));
        };
        let half = &whole[..whole.len() / 2];
        let line = half.matches('\n').count() + 1;
        let why = format!("the NAME ends in the middle (line {line}): it was cut off on its way");
        not_checked(half, &why);
        not_checked("", "the NAME is empty: nothing of it arrived");
        let why = "the line ends of the NAME were changed on its way";
        not_checked(&whole.replace('\n', "\r\n"), why);
        not_checked(whole.trim_end(), why);
        let anew = "a program saved it anew on its way";
        let why = format!("the NAME begins with a byte order mark: {anew}");
        not_checked(&format!("\u{feff}{whole}"), &why);
        let why = format!("the NAME was formatted anew (byte 4 differs): {anew}");
        not_checked(&whole.replace("  ", "    "), &why);
    }
}

#[test]
fn another_file_than_the_one_meant_is_named() {
    let bytes = |name: &str| fs::read(made().path(name)).unwrap();
    let attestation = bytes("attestation.json");
    let is = |file: &str, bytes: &[u8], got: &str, expected: &str| {
        let expected = format!("this is {got}, not {expected}: give another file");
        not_checked(file, bytes, &expected);
    };
    is("statement.json", &attestation, "an attestation", "a statement");
    is("attestation.json", &bytes("statement.json"), "a statement", "an attestation");
    for (file, expected) in
        [("statement.json", "a statement"), ("attestation.json", "an attestation")]
    {
        is(file, &bytes("key.json"), "a key", expected);
        is(file, &bytes("book.csv"), "a snapshot", expected);
        is(file, &bytes("prices.json"), "prices", expected);
        is(file, &bytes("reserves.json"), "reserves", expected);
        is(file, &bytes("rules.toml"), "another kind of file", expected);
        is(file, &fs::read(setup(11)).unwrap()[..64], "a setup", expected);
        is(file, b"<html><body>Please log in</body></html>", "a web page", expected);
    }
    // The other commands that read one.
    let venue = Venue::new();
    let run = venue.prove("out", &["--previous", "reserves.json"]);
    let expected = "reserves.json: this is reserves, not an attestation: give another file";
    assert_eq!(run.refusal(2), expected);
    venue.write("prices.json", &attestation);
    let expected = "prices.json: this is an attestation, not prices: give another file";
    assert_eq!(venue.prove("out", &[]).refusal(2), expected);
}

#[test]
fn another_version_and_an_unknown_field_are_told_apart_from_a_false_one() {
    let text = made().read("statement.json");
    let other = text.replace("pacioli statement v1-draft", "pacioli statement v9");
    let expected = "the statement is of version `pacioli statement v9`, but this program reads \
                    `pacioli statement v1-draft`: use the program that made it";
    not_checked("statement.json", other.as_bytes(), expected);
    let more = text.replacen("  \"volume\"", "  \"note\": 1,\n  \"volume\"", 1);
    let venue = Venue::new();
    fs::copy(made().path("attestation.json"), venue.path("attestation.json")).unwrap();
    venue.write("statement.json", more);
    let run = check(&venue, &[]);
    let error = run.refusal(2);
    let start = "statement.json: the statement is malformed: unknown field `note`, expected one of";
    let end = "it was changed on its way, or is of another version: fetch it again";
    assert!(error.starts_with(start) && error.ends_with(end), "{error}");
}

#[test]
fn what_was_read_whole_and_is_false_does_not_hold() {
    let venue = Venue::new();
    let refused = |file: &str, from: &str, to: &str| {
        for name in ["attestation.json", "statement.json"] {
            fs::copy(made().path(name), venue.path(name)).unwrap();
        }
        let text = venue.read(file);
        assert!(text.contains(from), "{from}");
        venue.write(file, text.replacen(from, to, 1));
        let json = check(&venue, &["--json"]);
        assert_eq!((json.code, &json.json()["holds"]), (1, &false.into()), "{}", json.stdout);
        check(&venue, &[]).refusal(1).to_owned()
    };
    let is = |file: &str, from: &str, to: &str, part: &str| {
        let error = refused(file, from, to);
        assert!(error.contains(part), "{error}");
    };
    let proof = "the proof does not hold for these public inputs";
    is("attestation.json", "\"100000\"", "\"100001\"", proof);
    is("attestation.json", "\"venue\": \"t", "\"venue\": \"b", proof);
    is("attestation.json", "name = \\\"crash", "name = \\\"crush", "there is no scenario `crash`");
    let place = "line 0 is not what the book holds in its slot";
    is("statement.json", "\"alice\"", "\"alicf\"", place);
    is("statement.json", "\"page\": ", "\"page\": 9", "is not one of the");
}

#[test]
fn a_key_that_was_damaged_is_named_so() {
    let venue = Venue::new();
    venue.write("attestation.json", proved().read("first/attestation.json"));
    let digest = format!("0x{}", "00".repeat(32));
    let refused = |bytes: &[u8]| {
        venue.write("key.json", bytes);
        let key = ["--key", "key.json", "--key-digest", digest.as_str()];
        verify(&venue, &key).refusal(2).to_owned()
    };
    let key = made().read("key.json");
    let line_ends = "cannot use the key key.json: the line ends of the key were changed on its way; \
                     fetch it again";
    assert_eq!(refused(key.replace('\n', "\r\n").as_bytes()), line_ends);
    let cut_off = refused(&key.as_bytes()[..key.len() / 2]);
    assert!(cut_off.contains("the key ends in the middle (line "), "{cut_off}");
    let other = refused(made().read("statement.json").as_bytes());
    assert!(other.ends_with("this is a statement, not a key: give another file"), "{other}");
}
