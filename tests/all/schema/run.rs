//! The files of a run in parts: `deal.json`, which holds an attestation, and `assembled.json`.

use std::error::Error;

use jsonschema::{Retrieve, Uri, Validator};
use pacioli_attestation::{Attestation, Digest};
use pacioli_prover::parts::{
    Assembled, AttemptId, Chosen, Deal, RecordsKey, RunId, RunKey, ShardEntry,
};
use serde_json::{Value, json as value};

use super::document::json;

const SOFTWARE: &str = concat!("pacioli ", env!("CARGO_PKG_VERSION"));

/// The schema that another refers to, which lies beside it.
struct Beside;

impl Retrieve for Beside {
    fn retrieve(&self, uri: &Uri<String>) -> Result<Value, Box<dyn Error + Send + Sync>> {
        match uri.as_str().ends_with("/attestation.schema.json") {
            true => Ok(json(include_str!("../../../docs/schema/attestation.schema.json"))),
            false => Err(uri.as_str().into()),
        }
    }
}

/// A reader of a file, and why it refuses it.
type Read = dyn Fn(&[u8]) -> Result<(), String>;

/// A file of a run: its schema, an example and the reader.
struct RunFile {
    schema: Validator,
    example: Value,
    read: Box<Read>,
}

impl RunFile {
    fn new(
        schema: &str,
        example: &[u8],
        read: impl Fn(&[u8]) -> Result<(), String> + 'static,
    ) -> Self {
        let schema = jsonschema::options().with_retriever(Beside).build(&json(schema)).unwrap();
        let file = Self {
            schema,
            example: serde_json::from_slice(example).unwrap(),
            read: Box::new(read),
        };
        file.schema.validate(&file.example).unwrap();
        (file.read)(example).unwrap();
        file
    }

    /// The example with what stands at `pointer` changed is refused by both.
    #[track_caller]
    fn refuse(&self, pointer: &str, change: impl FnOnce(&mut Value)) {
        let mut value = self.example.clone();
        change(value.pointer_mut(pointer).expect(pointer));
        assert!(!self.schema.is_valid(&value), "{pointer}: the schema takes it");
        let read = (self.read)(value.to_string().as_bytes());
        assert!(read.is_err(), "{pointer}: the reader takes it");
    }

    /// An object with one key more, with one less, and with another type at each.
    fn refuse_other_forms(&self, pointer: &str) {
        self.refuse(pointer, |object| object["zzz"] = value!(1));
        let object = self.example.pointer(pointer).unwrap().as_object().unwrap();
        for (key, inner) in object {
            self.refuse(pointer, |object| {
                object.as_object_mut().unwrap().remove(key).unwrap();
            });
            let other = if inner.is_string() { value!(1) } else { value!("1") };
            self.refuse(pointer, |object| object[key] = other);
        }
    }
}

fn dealt() -> Deal {
    let text = include_str!("../../fixtures/attestation_v1_draft.json");
    let mut attestation = Attestation::parse(text.as_bytes()).unwrap();
    attestation.header.software = SOFTWARE.to_owned();
    attestation.volumes.iter_mut().for_each(|volume| volume.proof.clear());
    let records = RecordsKey::generate().unwrap().records().recipient();
    let pages = RunKey::generate().unwrap().pages().recipient();
    let shard = ShardEntry { digest: Digest::of(b"shard"), length: 5 };
    let shards = vec![shard; attestation.volumes.len()];
    Deal::new(RunId([7; 16]), records, pages, shards, attestation)
}

fn deal_file() -> RunFile {
    RunFile::new(
        include_str!("../../../docs/schema/deal.schema.json"),
        &dealt().to_bytes(),
        |bytes| Deal::parse(bytes, Digest::of(bytes)).map(drop).map_err(|error| error.to_string()),
    )
}

fn assembled_file() -> RunFile {
    let deal = dealt();
    let digest = Digest::of(&deal.to_bytes());
    let [proof, record, chosen] = ["proof", "record", "chosen"].map(|of| Digest::of(of.as_bytes()));
    let chosen = Chosen { attempt: AttemptId([9; 8]), proof, record, chosen };
    let volumes = vec![chosen; deal.shards.len()];
    let example = Assembled::new(deal.run, digest, Digest::of(b"attestation"), volumes);
    let read = move |bytes: &[u8]| {
        let read = Assembled::parse(bytes, &deal, digest);
        read.map(drop).map_err(|error| error.to_string())
    };
    let schema = include_str!("../../../docs/schema/assembled.schema.json");
    RunFile::new(schema, &example.to_bytes(), read)
}

const WRONG_DIGESTS: [&str; 4] = ["", "0x", "7", "0X"];

#[test]
fn a_deal_is_of_its_schema_and_nothing_else_is() {
    let deal = deal_file();
    for pointer in ["", "/shards/0", "/attestation", "/attestation/header"] {
        // What an attestation may lack: its own test has it.
        match pointer.starts_with("/attestation") {
            true => deal.refuse(pointer, |object| object["zzz"] = value!(1)),
            false => deal.refuse_other_forms(pointer),
        }
    }
    deal.refuse("/version", |version| *version = value!("pacioli deal v2"));
    deal.refuse("/shards", |shards| *shards = value!([]));
    deal.refuse("/shards/0/length", |length| *length = value!(-1));
    deal.refuse("/shards/0/length", |length| *length = value!(1.5));
    deal.refuse("/attestation/volumes/0/proof", |proof| *proof = value!(format!("0x{:064}", 0)));
    for run in ["", "07", &"g".repeat(32), &"A".repeat(32), &"0".repeat(33)] {
        deal.refuse("/run", |place| *place = value!(run));
    }
    for pointer in ["/records", "/pages"] {
        let good = deal.example.pointer(pointer).unwrap().as_str().unwrap();
        for recipient in ["", "age1", &good.to_uppercase(), &good[..61], &format!("{good}q")] {
            deal.refuse(pointer, |place| *place = value!(recipient));
        }
    }
    for pointer in ["/context", "/shards/0/digest"] {
        for digest in WRONG_DIGESTS {
            deal.refuse(pointer, |place| *place = value!(digest));
        }
    }
}

#[test]
fn a_choice_is_of_its_schema_and_nothing_else_is() {
    let assembled = assembled_file();
    ["", "/volumes/0"].into_iter().for_each(|pointer| assembled.refuse_other_forms(pointer));
    assembled.refuse("/version", |version| *version = value!("pacioli assembled v2"));
    assembled.refuse("/volumes", |volumes| *volumes = value!([]));
    for (pointer, digits) in [("/run", 32), ("/volumes/0/attempt", 16)] {
        for id in [String::new(), "0".repeat(digits - 1), "A".repeat(digits), "g".repeat(digits)] {
            assembled.refuse(pointer, |place| *place = value!(id));
        }
    }
    for pointer in ["/deal", "/attestation", "/volumes/0/proof", "/volumes/0/record"] {
        for digest in WRONG_DIGESTS {
            assembled.refuse(pointer, |place| *place = value!(digest));
        }
    }
}
