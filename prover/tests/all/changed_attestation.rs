//! Whatever is done to an attestation, reading and checking it ends with an error, never a panic.

use std::sync::OnceLock;

use pacioli_attestation::{Attestation, Candidate, VerifyError, VerifyingKey};
use proptest::{prelude::*, sample::Index};
use serde_json::{Value, json};

const STORED: &[u8] = include_bytes!("../../../tests/fixtures/attestation_v1_draft.json");

fn stored() -> &'static Attestation {
    static ATTESTATION: OnceLock<Attestation> = OnceLock::new();
    ATTESTATION.get_or_init(|| Attestation::parse(STORED).unwrap())
}

/// Why bytes are refused.
#[derive(Debug)]
enum Refusal {
    Attestation,
    /// A verifier has a setup of one size.
    Shape,
}

impl From<VerifyError> for Refusal {
    fn from(error: VerifyError) -> Self {
        assert!(!error.to_string().is_empty());
        Self::Attestation
    }
}

fn check(bytes: &[u8]) -> Result<(), Refusal> {
    static KEY: OnceLock<VerifyingKey> = OnceLock::new();
    let key = KEY.get_or_init(|| VerifyingKey::insecure(stored().header.shape().unwrap()));
    let candidate = Candidate::read(bytes)?;
    if candidate.shape() != key.shape() {
        return Err(Refusal::Shape);
    }
    candidate.verify(key.clone(), &())?;
    Ok(())
}

/// Texts that numbers, names, times and digests might be mistaken for.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        "-?[0-9]{1,40}",
        "-?[0-9]{0,3}[.e+_]{0,2}[0-9]{0,40}",
        "0x[0-9a-f]{0,70}",
        "[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]{0,10}[Z+]?",
        "(deposit|equity|mark|all|insurance|BTC|USD)",
        any::<String>(),
    ]
}

fn value() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        text().prop_map(Value::from),
        Just(json!([])),
        Just(json!({})),
        text().prop_map(|text| json!([text])),
    ]
}

/// One change of a JSON document.
#[derive(Clone, Debug)]
enum Change {
    Replace(Index, Value),
    Remove(Index),
    Repeat(Index),
    /// Into a string: a piece is replaced by another.
    Splice(Index, Index, usize, String),
}

fn change() -> impl Strategy<Value = Change> {
    let index = any::<Index>;
    prop_oneof![
        (index(), value()).prop_map(|(at, value)| Change::Replace(at, value)),
        index().prop_map(Change::Remove),
        index().prop_map(Change::Repeat),
        (index(), index(), 0..8usize, text())
            .prop_map(|(at, start, length, text)| Change::Splice(at, start, length, text)),
    ]
}

/// Every place of a document, as JSON pointers.
fn places(value: &Value, here: &str, all: &mut Vec<String>) {
    all.push(here.to_owned());
    match value {
        Value::Array(items) => {
            let items = items.iter().enumerate();
            items.for_each(|(index, item)| places(item, &format!("{here}/{index}"), all));
        }
        Value::Object(fields) => {
            fields.iter().for_each(|(name, field)| places(field, &format!("{here}/{name}"), all));
        }
        _ => {}
    }
}

/// One of the places.
fn pick<'a>(at: &Index, all: &'a [String]) -> &'a str {
    &all[at.index(all.len())]
}

fn apply(document: &mut Value, change: Change) {
    let mut all = Vec::new();
    places(document, "", &mut all);
    match change {
        Change::Replace(at, value) => {
            *document.pointer_mut(pick(&at, &all)).unwrap() = value;
        }
        Change::Remove(ref at) | Change::Repeat(ref at) if pick(at, &all).is_empty() => {}
        Change::Remove(at) => {
            let (parent, name) = pick(&at, &all).rsplit_once('/').unwrap();
            match document.pointer_mut(parent).unwrap() {
                Value::Array(items) => drop(items.remove(name.parse().unwrap())),
                Value::Object(fields) => drop(fields.remove(name)),
                _ => unreachable!("only these have places inside"),
            }
        }
        Change::Repeat(at) => {
            let (parent, _) = pick(&at, &all).rsplit_once('/').unwrap();
            let item = document.pointer(pick(&at, &all)).unwrap().clone();
            if let Value::Array(items) = document.pointer_mut(parent).unwrap() {
                items.push(item);
            }
        }
        Change::Splice(at, start, length, new) => {
            let texts = all.iter().filter(|at| document.pointer(at).unwrap().is_string());
            // Rules are the text that most can be wrong with.
            let texts: Vec<_> = texts.cloned().chain(vec!["/rules".to_owned(); 40]).collect();
            let place = document.pointer_mut(pick(&at, &texts));
            let Some(Value::String(text)) = place else { return };
            let characters: Vec<char> = text.chars().collect();
            let start = start.index(characters.len() + 1);
            let end = (start + length).min(characters.len());
            let (head, tail) = (&characters[..start], &characters[end..]);
            *text = head.iter().chain(&new.chars().collect::<Vec<_>>()).chain(tail).collect();
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_500, failure_persistence: None, ..Default::default() })]

    #[test]
    fn a_changed_document_is_refused(changes in prop::collection::vec(change(), 1..4)) {
        let mut document = serde_json::to_value(stored()).unwrap();
        changes.into_iter().for_each(|change| apply(&mut document, change));
        prop_assert!(check(document.to_string().as_bytes()).is_err(), "another order of fields");
        if let Ok(changed) = serde_json::from_value::<Attestation>(document)
            && changed != *stored()
        {
            prop_assert!(check(&changed.to_bytes()).is_err());
        }
    }

    #[test]
    fn changed_bytes_are_refused(
        start in any::<Index>(),
        length in 0..40usize,
        new in prop::collection::vec(any::<u8>(), 0..40),
    ) {
        let start = start.index(STORED.len() + 1);
        let end = (start + length).min(STORED.len());
        let bytes = [&STORED[..start], &new, &STORED[end..]].concat();
        prop_assert!(bytes == STORED || check(&bytes).is_err());
    }

    #[test]
    fn bytes_of_any_kind_are_refused(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        prop_assert!(check(&bytes).is_err());
    }

    #[test]
    fn a_proof_of_any_words_does_not_hold(
        volume in 0..2usize,
        word in any::<Index>(),
        words in prop::collection::vec(any::<[u8; 32]>(), 1..4),
    ) {
        let mut changed = stored().clone();
        let proof = &mut changed.volumes[volume].proof;
        let start = 32 * word.index(proof.len() / 32);
        let room = proof[start..].chunks_exact_mut(32);
        room.zip(&words).for_each(|(word, new)| word.copy_from_slice(new));
        prop_assert!(check(&changed.to_bytes()).is_err());
    }
}
