//! The published JSON Schema takes what the reader takes, and refuses what it refuses.

use pacioli_evidence::{
    Custodian, Entry, Evidence, MessageForm, Reading, Scheme, Signature, VERSION,
};
use serde_json::{Value, json};

use crate::recorded::{CHAIN, HOLDER, proved, recorded, reserve};

fn schema() -> jsonschema::Validator {
    let text = include_str!("../../../docs/schema/evidence.schema.json");
    jsonschema::draft202012::new(&serde_json::from_str(text).unwrap()).unwrap()
}

/// An entry of each kind, with every field.
fn example() -> Value {
    let held = reserve("USDC", "1", CHAIN, HOLDER);
    let text = || "text".to_owned();
    let entry = || Entry::of(&held);
    let signature = Signature {
        scheme: Scheme::Ed25519,
        message: text(),
        signature: "0x00".to_owned(),
        public_key: Some(vec![1; 32].into()),
        form: Some(MessageForm::Raw),
    };
    let reading = Reading {
        token: "USDC".to_owned(),
        number: 7,
        hash: recorded().hash,
        time: "2026-11-21T00:00:00Z".parse().unwrap(),
        units: "123456789".parse().unwrap(),
    };
    let custodian = Custodian { name: text(), message: text(), signature: text() };
    let entries = vec![
        proved(&held, "USDC", &recorded().token),
        Entry { signature: Some(signature), ..entry() },
        Entry { reading: Some(reading), ..entry() },
        Entry { custodian: Some(custodian), ..entry() },
    ];
    serde_json::to_value(Evidence { version: VERSION.to_owned(), entries }).unwrap()
}

#[test]
fn the_schema_and_the_reader_agree() {
    let schema = schema();
    let both = |value: &Value| {
        let read = Evidence::parse(&value.to_string());
        (schema.is_valid(value), read.is_ok(), read.err().map(|error| error.to_string()))
    };
    let whole = example();
    assert_eq!(both(&whole), (true, true, None));
    let places = [
        "/version",
        "/entries/0/asset",
        "/entries/0/storage/token",
        "/entries/0/storage/header",
        "/entries/0/storage/proof/address",
        "/entries/0/storage/proof/balance",
        "/entries/0/storage/proof/codeHash",
        "/entries/0/storage/proof/nonce",
        "/entries/0/storage/proof/storageHash",
        "/entries/0/storage/proof/accountProof",
        "/entries/0/storage/proof/accountProof/0",
        "/entries/0/storage/proof/storageProof/0/key",
        "/entries/0/storage/proof/storageProof/0/value",
        "/entries/0/storage/proof/storageProof/0/proof",
        "/entries/1/signature/scheme",
        "/entries/1/signature/message",
        "/entries/1/signature/public_key",
        "/entries/1/signature/form",
        "/entries/2/reading/number",
        "/entries/2/reading/hash",
        "/entries/2/reading/time",
        "/entries/2/reading/units",
        "/entries/3/custodian/name",
        "/entries/3/custodian/signature",
    ];
    for place in places {
        for wrong in [json!(true), json!("x y"), json!({ "a": 1 }), json!(-1)] {
            let mut changed = whole.clone();
            let at = changed.pointer_mut(place).unwrap();
            let is_text = at.is_string() && wrong.is_string();
            *at = wrong.clone();
            let (by_schema, by_reader, error) = both(&changed);
            assert_eq!(by_schema, by_reader, "{place} = {wrong}: {error:?}");
            assert!(!by_schema || is_text, "{place} = {wrong}");
        }
    }
    for kind in ["signature", "storage", "reading", "custodian"] {
        let mut twice = whole.clone();
        let other = (0..4).find(|i| whole["entries"][i].get(kind).is_none()).unwrap();
        let from = (0..4).find(|i| whole["entries"][i].get(kind).is_some()).unwrap();
        twice["entries"][other][kind] = whole["entries"][from][kind].clone();
        assert!(matches!(both(&twice), (false, false, _)), "{kind} beside another");
        let mut none = whole.clone();
        none["entries"][from].as_object_mut().unwrap().remove(kind);
        assert!(matches!(both(&none), (false, false, _)), "no {kind}");
        let mut more = whole.clone();
        more["entries"][from][kind]["more"] = json!(1);
        assert!(matches!(both(&more), (false, false, _)), "more in {kind}");
    }
}
