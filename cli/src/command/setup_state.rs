//! A setup's state and digests, as the commands print them.

use pacioli_attestation::{Digest, setup::Origin};
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
