//! What changed since the attestation before.

use std::fmt::Write;

use pacioli_attestation::Digest;
use pacioli_rules::diff::Change;
use serde_json::{Value, json};

use super::table::paragraph;
use crate::shown::shown;

/// The attestation before, and what changed since.
#[derive(Debug)]
pub struct Since {
    /// Its digest.
    pub digest: Digest,
    /// Its number.
    pub number: u64,
    /// The key under which its proofs were verified too; none where it was only read.
    pub key: Option<Digest>,
    /// What changed, in words.
    pub changes: Vec<Change>,
}

impl Since {
    /// What was done with the file before.
    fn read(&self) -> String {
        match self.key {
            Some(key) => format!("its proofs verify too, under the key {key}"),
            None => {
                "IT WAS READ, NOT VERIFIED: it was made under another key than yours".to_owned()
            }
        }
    }

    pub(super) fn text(&self, t: &mut String) -> std::fmt::Result {
        let Self { number, digest, .. } = self;
        writeln!(t, "\nfollows number {number}, {digest} (R)")?;
        paragraph(t, "  ", &self.read())?;
        match self.changes.is_empty() {
            true => writeln!(
                t,
                "  rules, key, setup, prices' method and places of reserves are the same"
            ),
            false => list(t, &self.changes),
        }
    }

    pub(super) fn json(&self) -> Value {
        json!({
            "number": self.number,
            "digest": self.digest,
            "verified": self.key.is_some(),
            "key": self.key,
            "changes": self.changes,
            "by": "R",
        })
    }
}

/// Changes as a list.
pub fn list(t: &mut String, changes: &[Change]) -> std::fmt::Result {
    changes.iter().try_for_each(|change| paragraph(t, "  - ", &shown(&change.to_string())))
}
