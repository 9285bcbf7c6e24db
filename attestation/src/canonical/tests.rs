//! What a file that cannot be read is told about itself.

use pacioli_rules::{Prices, form::*};

use crate::{attestation, canonical, reserves::Reserves, statement};

#[derive(Debug, serde::Deserialize, serde::Serialize)]
#[serde(deny_unknown_fields)]
struct Sample {
    version: String,
    text: String,
    list: Vec<u8>,
}

const VERSION: &str = statement::VERSION;

fn sample() -> Vec<u8> {
    let version = VERSION.to_owned();
    canonical::to_bytes(&Sample { version, text: "é, {\"".to_owned(), list: vec![1, 2] })
}

#[track_caller]
fn refused(bytes: impl AsRef<[u8]>) -> String {
    canonical::parse::<Sample>(bytes.as_ref(), VERSION).unwrap_err().to_string()
}

fn text() -> String {
    String::from_utf8(sample()).unwrap()
}

#[test]
fn a_file_that_is_cut_off_says_where_wherever_that_is() {
    let bytes = sample();
    assert!(canonical::parse::<Sample>(&bytes, VERSION).is_ok());
    for end in 1..bytes.len() - 1 {
        let line = bytes[..end].iter().filter(|byte| **byte == b'\n').count() + 1;
        // In the version itself, or in the middle of a character, less can be said.
        let error = refused(&bytes[..end]);
        let expected = format!(
            "the statement ends in the middle (line {line}): it was cut off on its way; fetch it \
             again"
        );
        assert_eq!(error, expected, "{end}");
    }
    let error = "the line ends of the statement were changed on its way; fetch it again";
    assert_eq!(refused(&bytes[..bytes.len() - 1]), error);
    let error = "the statement is empty: nothing of it arrived; fetch it again";
    assert_eq!(refused(""), error);
    assert_eq!(refused("\r\n "), error);
}

#[test]
fn what_a_program_did_to_a_file_is_said() {
    let mark = "the statement begins with a byte order mark: a program saved it anew on its \
                way; fetch it again";
    assert_eq!(refused(format!("\u{feff}{}", text())), mark);
    assert_eq!(refused(b"\xff\xfe{\0\n\0"), mark);
    let line_ends = "the line ends of the statement were changed on its way; fetch it again";
    for changed in [text().replace('\n', "\r\n"), text().replace('\n', "\r"), text() + "\n"] {
        assert_eq!(refused(changed), line_ends);
    }
    let anew = |byte| {
        format!(
            "the statement was formatted anew (byte {byte} differs): a program saved it anew on \
             its way; fetch it again"
        )
    };
    assert_eq!(refused(text().replace("  ", "    ")), anew(4));
    assert_eq!(refused(text().replace("\n  ", "\n\t")), anew(2));
    assert_eq!(refused(text().replace('é', "\\u00e9")), anew(text().find('é').unwrap()));
    let way = "; it was changed on its way, or is of another version: fetch it again";
    let error = refused(text().replace("\"list\"", "list"));
    assert_eq!(
        error,
        format!("the statement is malformed: key must be a string at line 4 column 3{way}")
    );
    let error = refused(text().replace("\"list\"", "\"note\": 1, \"list\""));
    assert!(error.contains("unknown field `note`") && error.ends_with(way), "{error}");
    let error = refused(text().replace("    1,", "    \"1\","));
    assert!(error.contains("malformed: invalid type"), "{error}");
}

#[test]
fn another_kind_of_file_is_named() {
    let kind = |bytes: &[u8], expected: &str| {
        let error = refused(bytes);
        assert_eq!(error, format!("this is {expected}, not a statement: give another file"));
    };
    let of = |version: &str| text().replace(VERSION, version).into_bytes();
    kind(&of(attestation::VERSION), "an attestation");
    kind(&of("pacioli key v7"), "a key");
    let cut_off = of(attestation::VERSION);
    kind(&cut_off[..cut_off.len() - 9], "an attestation");
    kind(b"account,instrument,quantity\n", "a snapshot");
    kind(b"pacioli setup v1\0\0", "a setup");
    kind(b"<!DOCTYPE html>", "a web page");
    kind(b"\n<html>", "a web page");
    kind(br#"{ "quote": "USD", "prices": {} }"#, "prices");
    kind(br#"{ "reserves": [] }"#, "reserves");
    for other in ["null", "[]", "{}", "\"\"", "12", "name = 1", "{\"version\": 1}", "[[[["] {
        kind(other.as_bytes(), "another kind of file");
    }
    kind(&of("1.0.3"), "another kind of file");
    let error = refused(of("pacioli statement v\u{202e}9"));
    let expected = format!(
        "the statement is of version `pacioli statement v\\u{{202e}}9`, but this program reads \
         `{VERSION}`: use the program that made it"
    );
    assert_eq!(error, expected);
}

#[test]
fn each_version_names_its_kind() {
    for (version, kind) in [
        (attestation::VERSION, FileKind::Attestation),
        (statement::VERSION, FileKind::Statement),
        ("pacioli key v1-draft", FileKind::Key),
    ] {
        assert_eq!(FileKind::of_version(version), Some(kind));
    }
    assert_eq!(FileKind::of_version("pacioli"), None);
}

#[test]
fn prices_and_reserves_are_told_from_other_files() {
    let prices = |text: &str| Prices::parse(text).unwrap_err().to_string();
    let reserves = |text: &str| Reserves::parse(text).unwrap_err().to_string();
    assert_eq!(prices(""), "the prices are empty");
    assert_eq!(prices("{\n"), "the prices end in the middle (line 2)");
    assert_eq!(
        reserves("\u{feff}{}"),
        "the reserves begin with a byte order mark; save the file as plain UTF-8"
    );
    assert_eq!(prices(&text()), "this is a statement, not prices: give another file");
    let own = r#"{ "reserves": [] }"#;
    assert_eq!(prices(own), "this is reserves, not prices: give another file");
    assert_eq!(
        reserves(own),
        "the reserves are malformed: missing field `as_of` at line 1 column 18"
    );
    assert!(prices("{}").starts_with("the prices are malformed: missing field"));
    assert_eq!(reserves("a,b"), "this is another kind of file, not reserves: give another file");
}
