//! Attestations and keys with some texts in them replaced: what the web page says of each is compared
//! with `tests/vectors/edited-attestations.json`. `PACIOLI_BLESS=1` makes it anew.

use std::{fs, path::PathBuf};

use pacioli_attestation::{
    Candidate, Digest, VerifyError, VerifyingKey, Words, encoding::parse_hex,
};
use pacioli_rules::testing::bless;
use serde::Serialize;
use serde_json::Value;

/// The frozen attestation, of two volumes, and a key file of its key.
const ATTESTATION: &str = "tests/fixtures/attestation_v1_draft.json";
const KEY: &str = "tests/vectors/statements/key.json";

fn read(name: &str) -> String {
    fs::read_to_string(PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(name)).unwrap()
}

/// In a file the first place of a text, and what stands there instead.
type Edits = Vec<(String, String)>;

/// Both files edited, and what the native verifier says.
#[derive(Serialize)]
struct Case {
    name: String,
    attestation: &'static str,
    /// `None` for the insecure setup without a file.
    key: Option<&'static str>,
    in_attestation: Edits,
    in_key: Edits,
    says: &'static str,
}

fn edited(text: &str, edits: &Edits) -> String {
    edits.iter().fold(text.to_owned(), |text, (from, to)| {
        assert!(text.contains(from.as_str()), "there is no `{from}`");
        text.replacen(from.as_str(), to, 1)
    })
}

impl Case {
    fn new(name: &str, in_attestation: Edits, in_key: Option<Edits>) -> Self {
        let attestation = edited(&read(ATTESTATION), &in_attestation);
        let key = in_key.as_ref().map(|edits| edited(&read(KEY), edits));
        let says = says(attestation.as_bytes(), key.as_ref().map(String::as_bytes));
        Self {
            name: name.to_owned(),
            attestation: ATTESTATION,
            key: key.map(|_| KEY),
            in_attestation,
            in_key: in_key.unwrap_or_default(),
            says,
        }
    }
}

/// Nobody vouches for the key: what is looked at is whether the files belong together and hold.
fn says(attestation: &[u8], key: Option<&[u8]>) -> &'static str {
    let candidate = match Candidate::read(attestation) {
        Ok(candidate) => candidate,
        Err(VerifyError::Form(_)) => return "cannot check",
        Err(_) => return "refused",
    };
    let key = match key.map(VerifyingKey::unvouched_from_bytes) {
        None => VerifyingKey::insecure(candidate.shape()),
        Some(Ok(key)) => key,
        Some(Err(_)) => return "cannot check",
    };
    match candidate.verify(key, &()) {
        Ok(_) => "holds",
        Err(VerifyError::Key { .. }) => "cannot check",
        Err(_) => "refused",
    }
}

fn one(from: &str, to: &str) -> Edits {
    vec![(from.to_owned(), to.to_owned())]
}

/// The digest by which a header names the key of these bytes, whether it is a key or not.
fn digest(key: &str) -> String {
    let key: Value = serde_json::from_str(key).unwrap();
    let bytes = |value: &Value| parse_hex(value.as_str().unwrap()).unwrap();
    let fixed: Vec<u8> = key["fixed"].as_array().unwrap().iter().flat_map(bytes).collect();
    let word = |name: &str| Digest(bytes(&key[name]).try_into().unwrap());
    Words::new("pacioli.key.v1")
        .number(u32::try_from(key["k"].as_u64().unwrap()).unwrap())
        .number(key["page_size"].as_u64().unwrap())
        .digest(word("circuit"))
        .digest(Digest::of(&fixed))
        .digest(Digest::of(&bytes(&key["tau_g2"])))
        .finish()
        .to_string()
}

/// Edits of the attestation that its proofs are bound against, or that are refused before.
fn in_attestation() -> Vec<(&'static str, Edits)> {
    let attestation: Value = serde_json::from_str(&read(ATTESTATION)).unwrap();
    let proof = attestation["volumes"][0]["proof"].as_str().unwrap();
    let (begins, ends) = (&proof[..66], &proof[proof.len() - 64..]);
    let pairs = |pairs: &[(&str, &str)]| -> Edits {
        pairs.iter().map(|(from, to)| ((*from).to_owned(), (*to).to_owned())).collect()
    };
    vec![
        ("unchanged", vec![]),
        ("another venue", one("Fixture \\\"Exchange\\\"", "Another")),
        ("another time", one("2026-01-01T00:00:00.5Z", "2026-01-01T00:00:00.6Z")),
        ("another sequence number", one("\"sequence\": 3", "\"sequence\": 4")),
        ("another attestation before it", one("\"previous\": \"0x77", "\"previous\": \"0x78")),
        ("more accounts", one("\"accounts\": 221", "\"accounts\": 222")),
        ("more accounts left out", one("\"accounts_left_out\": 1", "\"accounts_left_out\": 2")),
        ("other lines left out", one("\"deposits\": \"12.5\"", "\"deposits\": \"12.4\"")),
        ("another bound of rounding", one("\"bound\": \"0.000001\"", "\"bound\": \"0.000002\"")),
        ("other software", one("pacioli 0.1.0", "pacioli 0.1.1")),
        ("a better setup in words", one("INSECURE: everyone", "A ceremony: nobody")),
        ("another comment in the rules", one("# Every feature", "# Each feature")),
        ("other values", one("moves = { BTC = \\\"-0.4\\\" }", "moves = { BTC = \\\"-0.5\\\" }")),
        ("another price", one("20000.50", "20000.51")),
        ("a price with other digits", one("20000.50", "20000.5")),
        ("another source of prices", one("nowhere", "elsewhere")),
        ("other reserves", one("\"amount\": \"1500.0\"", "\"amount\": \"1501.0\"")),
        (
            "other evidence of reserves",
            one("\"custodian\": \"Keeper\"", "\"custodian\": \"Holder\""),
        ),
        ("one unit more", one("\"19650000000\"", "\"19650000001\"")),
        (
            "a line in another row",
            pairs(&[("        424,", "        423,"), ("        109,", "        110,")]),
        ),
        ("a line more than there are", one("        424,", "        425,")),
        (
            "a total past its lines",
            one("\"0\",\n        \"19650000000\"", "\"1\",\n        \"19650000000\""),
        ),
        ("other scenarios", one("\"scenarios\": 4", "\"scenarios\": 3")),
        ("other rows", one("\"k\": 11", "\"k\": 12")),
        ("other pages", one("\"page_size\": 64", "\"page_size\": 32")),
        ("rows that no circuit has", one("\"k\": 11", "\"k\": 40")),
        ("another key", one("\"key\": \"0x97", "\"key\": \"0x98")),
        ("another program", one("\"program\": \"0xde", "\"program\": \"0xdf")),
        ("another first commitment", one(begins, &format!("0x{:064x}", 1))),
        ("another last commitment", one(ends, &format!("{:064x}", 2))),
        ("a proof cut by a byte", one(ends, &ends[2..])),
        ("a proof with a byte more", one(ends, &format!("{ends}00"))),
        ("no proof", one(proof, "0x")),
    ]
}

/// Edits of the key's file.
fn in_key() -> Vec<(&'static str, Edits)> {
    let key: Value = serde_json::from_str(&read(KEY)).unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let fixed: Vec<String> = key["fixed"].as_array().unwrap().iter().map(text).collect();
    let power = |i: usize| text(&key["powers_g1"][i]);
    let (tau, page) = (text(&key["tau_g2"]), text(&key["tau_page_g2"]));
    let infinity = format!("0x{}", "0".repeat(128));
    // In the file a point that stands earlier would be found first: none of these does.
    vec![
        ("unchanged", vec![]),
        ("another word", one("\"circuit\": \"0x06", "\"circuit\": \"0x07")),
        ("a word not below r", one("\"circuit\": \"0x06", "\"circuit\": \"0xf6")),
        ("every line switched off", one(&fixed[0], &fixed[2])),
        (
            "two fixed columns swapped",
            vec![
                (fixed[0].clone(), "first".to_owned()),
                (fixed[1].clone(), fixed[0].clone()),
                ("first".to_owned(), fixed[1].clone()),
            ],
        ),
        ("a fixed column at infinity", one(&fixed[4], &infinity)),
        ("a fixed column off the curve", one(&fixed[4][120..], &flipped(&fixed[4])[120..])),
        ("other rows", one("\"k\": 11", "\"k\": 12")),
        ("other pages", one("\"page_size\": 64", "\"page_size\": 32")),
        ("rows that no circuit has", one("\"k\": 11", "\"k\": 40")),
        ("another power", one(&power(5), &power(6))),
        ("a first power that is not the generator", one(&power(0), &power(1))),
        ("another tau", one(&tau, &page)),
        ("another power of tau for pages", one(&page, &tau)),
        ("tau off its curve", one(&tau, &flipped(&tau))),
    ]
}

/// A text of digits with another last one.
fn flipped(digits: &str) -> String {
    let (rest, last) = digits.split_at(digits.len() - 1);
    format!("{rest}{}", if last == "0" { "1" } else { "0" })
}

#[test]
fn edited_attestations_and_keys_have_these_verdicts() {
    let mut cases = Vec::new();
    for (name, edits) in in_attestation() {
        for key in [None, Some(vec![])] {
            let named = if key.is_some() { format!("{name}, with a key") } else { name.to_owned() };
            cases.push(Case::new(&named, edits.clone(), key));
        }
    }
    let header = digest(&read(KEY));
    for (name, edits) in in_key() {
        let own = digest(&edited(&read(KEY), &edits));
        cases.push(Case::new(&format!("key: {name}"), vec![], Some(edits.clone())));
        let named = one(&header, &own);
        cases.push(Case::new(&format!("key: {name}, which the header names"), named, Some(edits)));
    }
    let holds: Vec<&str> =
        cases.iter().filter(|case| case.says == "holds").map(|c| &*c.name).collect();
    assert_eq!(holds.len(), 4, "{holds:?}");
    let text = serde_json::to_string_pretty(&cases).unwrap() + "\n";
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    bless(path.join("tests/vectors/edited-attestations.json"), text);
}
