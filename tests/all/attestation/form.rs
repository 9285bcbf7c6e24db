//! The same content in other bytes, and other content in the same form.

use pacioli_attestation::ATTESTATION_VERSION as VERSION;

use crate::attestation::fixture::{check, stored};

/// What is said of the stored attestation with one text replaced by another, once.
#[track_caller]
fn refused(from: &str, to: &str) -> String {
    let text = str::from_utf8(stored()).unwrap();
    assert!(text.contains(from), "{from}");
    check(text.replacen(from, to, 1).as_bytes()).unwrap_err().to_string()
}

#[track_caller]
fn not_canonical(from: &str, to: &str) {
    let error = refused(from, to);
    assert!(error.starts_with("the attestation was formatted anew (byte "), "{error}");
}

#[track_caller]
fn malformed(from: &str, to: &str, why: &str) {
    let error = refused(from, to);
    let expected = format!("the attestation is malformed: {why}");
    assert!(error.starts_with(&expected), "{error}");
}

#[test]
fn the_same_content_has_one_encoding() {
    not_canonical("\"version\": ", "\"version\":");
    not_canonical("  \"header\"", "\t\"header\"");
    let line_ends = "the line ends of the attestation were changed on its way; fetch it again";
    assert_eq!(refused("\n", "\r\n"), line_ends);
    not_canonical("Exchange", "Exch\\u0061nge");
    not_canonical("\u{e9}", "\\u00e9");
    not_canonical("made up", "made\\/up");
    not_canonical("\"sequence\": 3", "\"sequence\": 3 ");
    // The fields of a struct as a list, which serde reads too.
    not_canonical(
        "\"asset\": \"DOGE\",\n        \"lines\": 2,",
        "\"lines\": 2, \"asset\": \"DOGE\",",
    );
    let list = "[\"DOGE\", 2, 2, \"12.5\", \"0.5\"]";
    let text = str::from_utf8(stored()).unwrap();
    let start = text.find("{\n        \"asset\": \"DOGE\"").unwrap();
    let end = start + text[start..].find('}').unwrap() + 1;
    not_canonical(&text[start..end], list);
}

#[test]
fn a_number_is_written_in_one_way() {
    for other in ["12.50", "012.5", "-12.5", "+12.5", "1.25e1"] {
        let why = format!("`{other}` is not a canonical amount");
        malformed("\"12.5\"", &format!("\"{other}\""), &why);
    }
    malformed("\"12.5\"", "12.5", "invalid type: floating point `12.5`");
    malformed("\"sequence\": 3", "\"sequence\": -3", "invalid value: integer `-3`");
    malformed("\"sequence\": 3", "\"sequence\": 3.0", "invalid type: floating point `3.0`");
    malformed("\"sequence\": 3", "\"sequence\": 18446744073709551616", "invalid type");
    not_canonical("\"quantities\": [\n        \"0\"", "\"quantities\": [\n        \"00\"");
    not_canonical("\"quantities\": [\n        \"0\"", "\"quantities\": [\n        \"+0\"");
    malformed(
        "\"quantities\": [\n        \"0\"",
        "\"quantities\": [\n        \"-0\"",
        "invalid digit",
    );
    malformed("\"quantities\": [\n        \"0\"", "\"quantities\": [\n        0", "invalid type");
    malformed(
        "Z\",\n    \"accounts\"",
        "+00:00\",\n    \"accounts\"",
        "`2026-01-01T00:00:00.5+00:00`",
    );
    malformed("00.5Z", "00.50Z", "`2026-01-01T00:00:00.50Z` is not a UTC time");
}

#[test]
fn digits_of_a_proof_are_lower_case_pairs() {
    let proof = "\"proof\": \"0x";
    let why = "not `0x` and the right number of hexadecimal digits";
    malformed(proof, "\"proof\": \"", why);
    malformed(proof, "\"proof\": \"0X", why);
    malformed(proof, "\"proof\": \"0x0", why);
    malformed(proof, "\"proof\": \"0x 0", why);
    malformed(proof, "\"proof\": \"0xAA", why);
    malformed("\"key\": \"0x", "\"key\": \"0x00", "`0x00");
}

#[test]
fn a_field_stands_once_and_is_known() {
    malformed(
        "\"sequence\": 3,",
        "\"sequence\": 3, \"sequence\": 3,",
        "duplicate field `sequence`",
    );
    malformed("\"sequence\": 3,", "", "missing field `sequence`");
    malformed("\"sequence\": 3,", "\"sequence\": 3, \"note\": 1,", "unknown field `note`");
    malformed(
        "{\n",
        "{\n  \"version\": \"pacioli attestation v1-draft\",\n",
        "duplicate field `version`",
    );
    malformed(
        "\"BTC\": \"20000.50\"",
        "\"USDC\": \"1\", \"BTC\": \"20000.50\"",
        "duplicate key `USDC`",
    );
    malformed("\"insurance\"", "\"assurance\"", "unknown variant `assurance`");
    // A field that may be left out is left out, never null.
    not_canonical("\"source\": \"nowhere\"", "\"source\": null");
}

#[test]
fn another_version_is_named() {
    let error = refused("attestation v1", "attestation v0");
    let other = VERSION.replace("v1", "v0");
    let expected = format!(
        "the attestation is of version `{other}`, but this program reads `{VERSION}`: use the \
         program that made it"
    );
    assert_eq!(error, expected);
    let error = refused(&format!("\"{VERSION}\""), "1");
    assert_eq!(error, "this is another kind of file, not an attestation: give another file");
}

#[test]
fn deep_nesting_and_other_documents_are_refused() {
    let refused = |text: &str| check(text.as_bytes()).unwrap_err().to_string();
    for text in ["null", "[]", "\"\"", "{}", &"[".repeat(100_000)] {
        let error = refused(text);
        assert_eq!(error, "this is another kind of file, not an attestation: give another file");
    }
    assert!(refused("").starts_with("the attestation is empty"));
    let error = refused(&"{\"a\":".repeat(100_000));
    assert!(error.starts_with("the attestation ends in the middle (line 1)"), "{error}");
    assert!(check(b"\xff\xfe{}").is_err());
}
