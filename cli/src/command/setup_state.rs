//! A setup's state and digests, as the commands print them, and the progress of reading one.

use std::cell::Cell;

use pacioli_attestation::{
    Digest, Progress,
    setup::{self, Origin},
};
use serde_json::{Value, json};

/// The state for programs, with the digest of the key where there is one.
pub fn state_json(origin: Origin, digest: Digest, key: Option<Digest>) -> Value {
    let mut value = json!({ "state": origin.state(), "name": origin.name(), "digest": digest });
    if let Some(key) = key {
        value["key_digest"] = json!(key);
    }
    value
}

/// The warning for an unknown setup.
pub fn warning(origin: Origin) -> &'static str {
    match origin {
        Origin::Unknown => {
            "\nIts ceremony is not known here: whoever made it can forge everything under it. Compare\n\
             digests with somebody independent, and give yours with --setup-digest or --key-digest.\n"
        }
        Origin::Ceremony(_) | Origin::Vouched(_) | Origin::Insecure => "",
    }
}

/// Reports the reading of a setup, in phases.
pub fn telling(progress: &dyn Progress) -> impl Fn(setup::Progress) {
    let phase = Cell::new("");
    move |now| {
        let begin = |name: &'static str, steps| {
            if phase.replace(name) != name {
                progress.begin(name, steps);
            }
        };
        match now {
            setup::Progress::Reading { bytes, of } => {
                begin("reading the setup", of >> 20);
                progress.reach(bytes >> 20);
            }
            setup::Progress::CheckingG2 => begin("checking the setup's points in G2", 1),
            setup::Progress::CheckingG1 => begin("checking the setup's points in G1", 1),
        }
    }
}
