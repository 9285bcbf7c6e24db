//! The published JSON Schemas against the files there are and the readers of this project: what one
//! refuses the other refuses, and no key is known to one alone.

mod document;
mod run;

use std::collections::BTreeSet;

use document::{documents, json, toml};
use pacioli_attestation::{Digest, VerifyingKey};
use serde_json::{Value, json as value};

#[test]
fn every_file_of_the_project_is_of_its_schema() {
    let [rules, prices, reserves, attestation, statement] = documents();
    for document in [&rules, &prices, &reserves, &attestation, &statement] {
        document.accept("the example", &document.example);
    }
    for text in [
        include_str!("../../../cli/sample/rules.toml"),
        include_str!("../../../cli/tests/cmd/book/rules.toml"),
        include_str!("../../../rules/tests/books/small_book/rules.toml"),
        include_str!("../../../rules/tests/books/priced_bounds/rules.toml"),
        include_str!("../../../rules/tests/books/volatility_rates/rules.toml"),
        include_str!("../../fixtures/rules.toml"),
        include_str!("../real_book/rules.toml"),
    ] {
        rules.accept(text, &toml(text));
    }
    for text in [
        include_str!("../../fixtures/prices.json"),
        include_str!("../../../cli/sample/prices.json"),
        include_str!("../../../cli/tests/cmd/book/prices.json"),
        include_str!("../../../rules/tests/books/small_book/prices.json"),
        include_str!("../../../rules/tests/books/priced_bounds/prices.json"),
        include_str!("../../../rules/tests/books/volatility_rates/prices.json"),
    ] {
        prices.accept(text, &json(text));
    }
    for text in [
        include_str!("../../../cli/sample/reserves.json"),
        include_str!("../../../cli/tests/cmd/book/reserves.json"),
        include_str!("../../../rules/tests/books/small_book/reserves.json"),
    ] {
        reserves.accept(text, &json(text));
    }
    for text in [
        include_str!("../../fixtures/attestation_v1_draft.json"),
        include_str!("../../vectors/statements/attestation.json"),
        include_str!("../../vectors/portfolio/attestation.json"),
        include_str!("../../vectors/open_interest/stated.json"),
    ] {
        attestation.accept("a stored attestation", &json(text));
    }
    for text in [
        include_str!("../../vectors/portfolio/fund.json"),
        include_str!("../../vectors/portfolio/spread.json"),
    ] {
        statement.accept("a stored statement", &json(text));
    }
}

/// The keys that a reader names when it meets one that it does not know.
fn known(error: &str) -> BTreeSet<String> {
    let (_, after) = error.split_once("unknown field `zzz`, expected").expect(error);
    let listed = after.lines().next().unwrap_or_default();
    listed.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

#[test]
fn schema_and_reader_know_the_same_keys() {
    for document in documents() {
        let mut looked_at = BTreeSet::new();
        for place in document.places() {
            if place.schema["additionalProperties"] != value!(false) {
                continue;
            }
            let error = document.refuse(&place.pointer, |object| object["zzz"] = value!(1));
            let keys: BTreeSet<String> =
                place.schema["properties"].as_object().unwrap().keys().cloned().collect();
            assert_eq!(known(&error), keys, "{}{}", document.name, place.pointer);
            looked_at.insert(place.definition.unwrap_or_default());
        }
        let definitions = document.schema["$defs"].as_object().unwrap().iter();
        let objects = definitions.filter(|(_, schema)| schema.get("properties").is_some());
        for (name, _) in objects {
            assert!(looked_at.contains(name), "the example of {} has no {name}", document.name);
        }
    }
}

#[test]
fn the_example_has_every_key_of_the_rules() {
    let [rules, ..] = documents();
    let mut seen: BTreeSet<(String, String)> = BTreeSet::new();
    let mut all = BTreeSet::new();
    for place in rules.places() {
        let Some(properties) = place.schema["properties"].as_object() else { continue };
        let name = place.definition.unwrap_or_default();
        all.extend(properties.keys().map(|key| (name.clone(), key.clone())));
        let object = rules.example.pointer(&place.pointer).unwrap().as_object().unwrap();
        seen.extend(object.keys().map(|key| (name.clone(), key.clone())));
    }
    assert_eq!(seen, all);
}

#[test]
fn a_key_that_has_to_be_there_is_missed_by_both() {
    for document in documents() {
        for place in document.places() {
            let required = place.schema["required"].as_array().cloned().unwrap_or_default();
            for key in required.iter().filter_map(Value::as_str) {
                let without = |object: &mut Value| {
                    object.as_object_mut().unwrap().remove(key).unwrap();
                };
                document.refuse(&place.pointer, without);
            }
        }
    }
}

#[test]
fn another_type_is_refused_by_both() {
    for document in documents() {
        for place in document.places() {
            let other = match document.example.pointer(&place.pointer).unwrap() {
                Value::Null | Value::Bool(_) | Value::Number(_) => value!("1"),
                Value::String(_) | Value::Array(_) => value!(1),
                Value::Object(_) => value!([]),
            };
            document.refuse(&place.pointer, |place| *place = other);
        }
    }
}

#[test]
fn another_spelling_is_refused_by_both() {
    // Not one form of a number, a name, a time or a digest but its own.
    let numbers: &[&str] = &["1e3", "01", "+1", "1.", ".5", "1,0", " 1", "", "0x1"];
    let names: &[&str] = &["", "B TC", "-B", "é", "B;C"];
    let times: &[&str] =
        &["2026-01-01", "2026-01-01T00:00:00", "2026-13-01T00:00:00Z", "2026-01-01T00:00:00.0Z"];
    let short = format!("0x{}", "0".repeat(62));
    let large = format!("0x{}", "A".repeat(64));
    let long = "0.1000000000000000000";
    let digests: &[&str] = &["", &short, &large, &large[2..]];
    let mut tried = BTreeSet::new();
    for document in documents() {
        for place in document.places() {
            let Some(definition) = &place.definition else { continue };
            let wrong: Vec<&str> = match definition.as_str() {
                "decimal" => [numbers, &["-0", "-0.0"]].concat(),
                "unsigned" => [numbers, &["-1", "-0"]].concat(),
                "positive" => [numbers, &["-1", "0", "0.0"]].concat(),
                "span" => vec!["", "s", "1", "-1s", "1.5h", "1 h", "1w", "1d "],
                "weight" => [numbers, &["-0.1", "1.1", "2", "1.01"]].concat(),
                "part" => [numbers, &["-0.1", "1", "1.0", "2"]].concat(),
                "annual" => [numbers, &["-1", "-0", "1001", "1000.1", long]].concat(),
                "limited" => [numbers, &["-1", "0", "0.0", long]].concat(),
                "length" => vec!["", "s", "1", "-1s", "0s", "1.5h", "1 h", "1w", "1d "],
                "source" => vec!["", " ", " A", "A ", "A\n", "é", "\u{202e}A"],
                "amount" => [numbers, &["-1", "1.50", "1.0"]].concat(),
                "worth" => [numbers, &["1.50", "--1"]].concat(),
                "name" => names.to_vec(),
                "time" => times.to_vec(),
                "input_time" => [&times[..3], &["2026-01-01T00:00:00+00:00"]].concat(),
                "date" => vec!["2026-1-1", "2026-13-01", "01.01.2026", ""],
                "digest" => digests.to_vec(),
                "point" => vec!["", &short, &large],
                _ => continue,
            };
            for text in wrong {
                document.refuse(&place.pointer, |place| *place = value!(text));
            }
            tried.insert(definition.clone());
        }
    }
    assert_eq!(tried.len(), 18, "{tried:?}");
}

#[test]
fn a_drawn_time_has_the_fields_of_its_source() {
    let [.., attestation, _] = documents();
    let mut round = attestation.example.clone();
    round["header"]["drawn"] =
        value!({ "from": "drand:quicknet", "day": "2026-01-01", "signature": "0xb7" });
    attestation.accept("a round", &round);
    for wrong in [
        value!({ "from": "drand:quicknet", "day": "2026-01-01" }),
        value!({ "from": "drand:quicknet", "day": "2026-01-01", "block": "0xf9" }),
        value!({ "from": "drand:quicknet", "day": "2026-01-01", "signature": "b7" }),
        value!({ "from": "drand:quicknet", "day": "2026-1-1", "signature": "0xb7" }),
        value!({ "from": "drand:default", "day": "2026-01-01", "signature": "0xb7" }),
        value!({ "day": "2026-01-01", "signature": "0xb7" }),
        value!({ "from": "eip155:1", "day": "2026-01-01", "block": "0xf9" }),
        value!({ "from": "eip155:1", "day": "1969-12-31", "parent": "0x", "block": "0x" }),
    ] {
        attestation.refuse("/header/drawn", |drawn| *drawn = wrong);
    }
}

#[test]
fn words_that_stand_for_something_are_refused_otherwise() {
    let [rules, prices, reserves, attestation, statement] = documents();
    for (pointer, word) in [
        ("/scenarios/1/kind", "shock"),
        ("/scenarios/1/margin", "other"),
        ("/scenarios/5/rates_of", "mark"),
        ("/policy/per_asset", "some"),
        ("/policy/bad_debt/mark", "fund"),
        ("/policy/bad_debt/crash", "1e3"),
        ("/policy/drawn/from", "drand"),
        ("/markets/BTC-PERP/tiers/1/initial/kind", "guessed"),
        ("/policy/min_coverage", "0"),
        ("/policy/coverage/crash", "0"),
        ("/options/BTC-26DEC26-100000-C/side", "straddle"),
    ] {
        rules.refuse(pointer, |place| *place = value!(word));
    }
    // Keys are words too.
    let entry = |object: &mut Value, old: &str, new: &str| {
        let entries = object.as_object_mut().unwrap();
        let value = entries.remove(old).unwrap();
        entries.insert(new.to_owned(), value);
    };
    for (pointer, old, wrong) in [
        ("/classes", "house", &["customer", "House", ""][..]),
        ("/scenarios/5/rates", "long BTC-PERP", &["BTC-PERP", "sell BTC-PERP", "long  BTC-PERP"]),
        ("/contingencies", "scan", &["sc an", ""]),
        (
            "/scenarios/3/expiries",
            "2026-12-26T08:00:00Z",
            &["2026-12-26", "2026-12-26T08:00:00+00:00", "2026-12-26T08:00:00.0Z"],
        ),
        ("/option_margins", "BTC", &["B TC"]),
    ] {
        for new in wrong {
            rules.refuse(pointer, |object| entry(object, old, new));
        }
    }
    // What would ask for nothing.
    for pointer in ["/policy", "/policy/max_distance", "/policy/left_out", "/policy/volatility"] {
        rules.refuse(pointer, |object| *object = value!({}));
    }
    rules.refuse("/policy/per_asset", |list| *list = value!([]));
    let expiry = "/scenarios/3/expiries/2026-12-26T08:00:00Z";
    rules.refuse(expiry, |entry| *entry = value!({}));
    let expiry = "2026-12-25T08:00:00Z";
    let expiries = "/vols/BTC/expiries";
    let strikes = format!("{expiries}/{expiry}/strikes");
    for new in ["2026-12-25", "2026-12-25T08:00:00+00:00"] {
        prices.refuse(expiries, |object| entry(object, expiry, new));
    }
    for new in ["0", "-1", "1e5", "0100"] {
        prices.refuse(&strikes, |object| entry(object, "80000", new));
    }
    for pointer in [expiries, &strikes] {
        prices.refuse(pointer, |object| *object = value!({}));
    }
    prices.refuse("/volatilities/BTC", |list| *list = value!([]));
    prices.refuse("/volatilities/BTC/0/kind", |place| *place = value!("guessed"));
    for (from, to) in [("window", "tenor"), ("window", "windows")] {
        prices.refuse("/volatilities/BTC/0", |object| entry(object, from, to));
    }
    prices.refuse("/volatilities/BTC/1", |object| object["window"] = value!("1d"));
    reserves.refuse("/reserves/0/purpose", |place| *place = value!("profit"));
    reserves.refuse("/reserves/0/evidence", |place| *place = value!(" "));
    attestation.refuse("/volumes/0/proof", |place| *place = value!("0xzz"));
    attestation.refuse("/volumes/0/quantities/0", |place| *place = value!("-1"));
    attestation.refuse("/header/sequence", |place| *place = value!(-1));
    attestation.refuse("/header/sequence", |place| *place = value!(1.5));
    statement.refuse("/slot", |place| *place = value!(-1));
    // Readers say these after the form; the schema has them as constants.
    for document in [&attestation, &statement] {
        let mut value = document.example.clone();
        value["version"] = value!("pacioli attestation v2");
        assert!(!document.accepts(&value).0);
    }
}

#[test]
fn the_key_is_of_its_schema() {
    let text = include_str!("../../vectors/statements/key.json");
    let schema = json(include_str!("../../../docs/schema/key.schema.json"));
    let validator = jsonschema::draft202012::new(&schema).unwrap();
    let digest = Digest([0; 32]);
    let refused_by_form = |text: &str| {
        let error = VerifyingKey::from_bytes(text.as_bytes(), digest).unwrap_err().to_string();
        error.starts_with("the key is malformed")
    };
    validator.validate(&json(text)).unwrap();
    assert!(!refused_by_form(text), "the key itself is refused by its digest alone");
    for (from, to) in [
        ("\"k\"", "\"zzz\": 1, \"k\""),
        ("\"k\": 11,", ""),
        ("\"k\": 11", "\"k\": \"11\""),
        ("\"circuit\": \"0x", "\"circuit\": \"0X"),
        ("\"tau_g2\": \"0x", "\"tau_g2\": \""),
        ("\"page_size\": 64", "\"page_size\": 64.5"),
    ] {
        assert!(text.contains(from), "{from}");
        let text = text.replacen(from, to, 1);
        assert!(!validator.is_valid(&json(&text)), "{to}");
        assert!(refused_by_form(&text), "{to}");
    }
    let error = VerifyingKey::from_bytes(
        text.replacen("\"k\": 11", "\"k\": 11, \"zzz\": 1", 1).as_bytes(),
        digest,
    );
    let keys: BTreeSet<String> =
        schema["properties"].as_object().unwrap().keys().cloned().collect();
    assert_eq!(known(&error.unwrap_err().to_string()), keys);
}

/// A schema of an input with the times as attestations write them: the one difference.
fn as_written(schema: &Value) -> Value {
    let text = schema.to_string().replace("#/$defs/input_time", "#/$defs/time");
    serde_json::from_str(&text).unwrap()
}

#[test]
fn what_stands_in_two_schemas_is_the_same_in_both() {
    let all = documents();
    let [_, prices, reserves, attestation, _] = &all;
    for (name, whole) in [("prices", prices), ("reserves", reserves)] {
        let own = attestation.schema["$defs"][name].as_object().unwrap();
        for (key, part) in own {
            assert_eq!(Some(part), whole.schema.get(key).map(as_written).as_ref(), "{name}.{key}");
        }
    }
    let mut known: Vec<(&String, Value)> = Vec::new();
    for document in &all {
        for (name, schema) in document.schema["$defs"].as_object().unwrap() {
            let other = known.iter().find(|(known, _)| *known == name);
            let schema = as_written(schema);
            assert!(other.is_none_or(|(_, other)| *other == schema), "{}.{name}", document.name);
            known.push((name, schema));
        }
    }
}
