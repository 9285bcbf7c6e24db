//! A file format: its schema, an example that has every key, and the reader that has to agree.

use jsonschema::Validator;
use pacioli_attestation::{Attestation, Reserves, statement::Statement};
use pacioli_rules::{Prices, Rules};
use serde::Serialize;
use serde_json::Value;

pub struct Document {
    pub name: &'static str,
    pub schema: Value,
    pub example: Value,
    validator: Validator,
    read: fn(&Value) -> Result<(), String>,
}

/// A place in an example: where it is, and the schema's word on it.
pub struct Place {
    pub pointer: String,
    pub schema: Value,
    /// The definition that it refers to, if any.
    pub definition: Option<String>,
}

/// Entries of a list that are looked at.
const LOOKED_AT: usize = 8;

pub fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

/// The rules as the JSON that their TOML stands for.
pub fn toml(text: &str) -> Value {
    serde_json::to_value(toml::from_str::<toml::Value>(text).unwrap()).unwrap()
}

fn text(error: impl ToString) -> String {
    error.to_string()
}

fn read_rules(value: &Value) -> Result<(), String> {
    let toml = toml::to_string(value).map_err(text)?;
    Rules::parse(&toml).map(drop).map_err(text)
}

fn read_prices(value: &Value) -> Result<(), String> {
    Prices::parse(&value.to_string()).map(drop).map_err(text)
}

fn read_reserves(value: &Value) -> Result<(), String> {
    Reserves::parse(&value.to_string()).map(drop).map_err(text)
}

fn read_attestation(value: &Value) -> Result<(), String> {
    let read: Attestation = serde_json::from_value(value.clone()).map_err(text)?;
    as_written(&read, value)?;
    read.prices.check().map_err(text)?;
    read.reserves.map_or(Ok(()), |reserves| reserves.check().map_err(text))
}

fn read_statement(value: &Value) -> Result<(), String> {
    let read: Statement = serde_json::from_value(value.clone()).map_err(text)?;
    as_written(&read, value)
}

/// What the readers of canonical files check by their bytes: what was read is written the same.
fn as_written(read: &impl Serialize, value: &Value) -> Result<(), String> {
    match serde_json::to_value(read).map_err(text)? == *value {
        true => Ok(()),
        false => Err("is written otherwise".to_owned()),
    }
}

/// Every format but the key, whose reader takes bytes alone.
pub fn documents() -> [Document; 5] {
    macro_rules! schema {
        ($name:literal) => {
            json(include_str!(concat!("../../../docs/schema/", $name, ".schema.json")))
        };
    }
    // The stored files are older than options, open interest and volatilities; the examples have every
    // key.
    let vols = || json(include_str!("vols.json"));
    let open_interest = || json(r#"{ "BTC-PERP": "1234.5" }"#);
    let volatilities = || {
        json(
            r#"{ "BTC": [
                { "kind": "realised", "annual": "0.62", "window": "30d", "source": "venue A",
                  "as_of": "2026-01-01T00:00:00Z" },
                { "kind": "implied", "annual": "0.655", "tenor": "7d", "source": "venue B",
                  "as_of": "2026-01-01T00:00:00Z" }
            ] }"#,
        )
    };
    let mut prices = json(include_str!("../../fixtures/prices.json"));
    prices["vols"] = vols();
    prices["open_interest"] = open_interest();
    let refused = || json(r#"{ "SOL": "1 of the 3 fresh sources agree, 2 are needed" }"#);
    prices["refused"] = refused();
    prices["volatilities"] = volatilities();
    let reserves = json(include_str!("../../fixtures/reserves.json"));
    let mut attestation = json(include_str!("../../fixtures/attestation_v1_draft.json"));
    attestation["prices"]["vols"] = vols();
    attestation["prices"]["open_interest"] = open_interest();
    attestation["prices"]["refused"] = refused();
    attestation["header"]["drawn"] =
        json(r#"{ "from": "eip155:1", "day": "2026-01-01", "parent": "0xf9", "block": "0xf9" }"#);
    attestation["prices"]["volatilities"] = volatilities();
    let statement = json(include_str!("../../vectors/statements/statement.json"));
    [
        Document::new("rules", schema!("rules"), toml(include_str!("rules.toml")), read_rules),
        Document::new("prices", schema!("prices"), prices, read_prices),
        Document::new("reserves", schema!("reserves"), reserves, read_reserves),
        Document::new("attestation", schema!("attestation"), attestation, read_attestation),
        Document::new("statement", schema!("statement"), statement, read_statement),
    ]
}

impl Document {
    fn new(
        name: &'static str,
        schema: Value,
        example: Value,
        read: fn(&Value) -> Result<(), String>,
    ) -> Self {
        let validator = jsonschema::draft202012::new(&schema).unwrap();
        Self { name, schema, example, validator, read }
    }

    /// Whether the schema takes it, and whether the reader does.
    pub fn accepts(&self, value: &Value) -> (bool, Result<(), String>) {
        (self.validator.is_valid(value), (self.read)(value))
    }

    #[track_caller]
    pub fn accept(&self, what: &str, value: &Value) {
        if let Err(error) = self.validator.validate(value) {
            panic!("{what}: the schema of {} refuses it: {error}", self.name);
        }
        (self.read)(value).unwrap_or_else(|error| panic!("{what}: the reader refuses it: {error}"));
    }

    /// The example with what stands at `pointer` changed is refused by both.
    #[track_caller]
    pub fn refuse(&self, pointer: &str, change: impl FnOnce(&mut Value)) -> String {
        let mut value = self.example.clone();
        change(value.pointer_mut(pointer).unwrap());
        let (schema, reader) = self.accepts(&value);
        let at = value.pointer(pointer).map(ToString::to_string).unwrap_or_default();
        let at: String = at.chars().take(200).collect();
        assert!(!schema, "{}{pointer}: the schema takes {at}", self.name);
        match reader {
            Ok(()) => panic!("{}{pointer}: the reader takes {at}", self.name),
            Err(error) => error,
        }
    }

    /// Every place of the example; of a long list the first few entries, which stand for the others,
    /// and the last.
    pub fn places(&self) -> Vec<Place> {
        let mut places = Vec::new();
        self.walk(&self.example, &self.schema, String::new(), &mut places);
        places
    }

    /// Of definitions of which a value has one, that which has the value's type.
    fn branch<'a>(&'a self, value: &Value, schema: &'a Value) -> Option<&'a Value> {
        let branches = schema.get("oneOf")?.as_array()?;
        let is_of = |branch: &&Value| {
            let path = branch.get("$ref").and_then(Value::as_str);
            let name = path.and_then(|path| path.strip_prefix("#/$defs/"));
            let kind = name.map(|name| &self.schema["$defs"][name]["type"]);
            kind.is_some_and(|kind| *kind == if value.is_object() { "object" } else { "string" })
        };
        branches.iter().find(is_of)
    }

    fn walk(&self, value: &Value, schema: &Value, pointer: String, places: &mut Vec<Place>) {
        let reference = schema.get("$ref").and_then(Value::as_str);
        let definition = reference.map(|path| path.strip_prefix("#/$defs/").unwrap().to_owned());
        let schema = match &definition {
            Some(name) => &self.schema["$defs"][name],
            None => schema,
        };
        if let Some(branch) = self.branch(value, schema) {
            return self.walk(value, branch, pointer, places);
        }
        match value {
            Value::Object(entries) => {
                for (key, inner) in entries {
                    let known = schema["properties"].get(key);
                    let of = known.unwrap_or(&schema["additionalProperties"]);
                    self.walk(inner, of, format!("{pointer}/{key}"), places);
                }
            }
            Value::Array(items) => {
                let last = items.len().saturating_sub(1);
                for (index, inner) in items.iter().enumerate() {
                    if index < LOOKED_AT || index == last {
                        self.walk(inner, &schema["items"], format!("{pointer}/{index}"), places);
                    }
                }
            }
            _ => {}
        }
        places.push(Place { pointer, schema: schema.clone(), definition });
    }
}
