//! The changes since the previous attestation.

use std::fmt::Write;

use pacioli_attestation::{By, Digest, Missed};
use pacioli_rules::diff::Change;
use serde_json::{Value, json};

use crate::{shown::shown, table::paragraph};

/// The previous attestation, and the changes since.
#[derive(Debug)]
pub struct Since {
    /// Its digest.
    pub digest: Digest,
    /// Its sequence number.
    pub sequence: u64,
    /// The key under which its proofs were verified too, or why it was only read.
    pub key: Result<Digest, String>,
    /// The changes.
    pub changes: Vec<Change>,
    /// The days between the two drawn times, where they are, and by whom they are known.
    pub missed: Option<(Missed, By)>,
}

impl Since {
    /// Whether the previous attestation was verified or only read.
    fn read(&self) -> String {
        match &self.key {
            Ok(key) => format!(
                "its proofs verify too, under the key {key}; whether it kept its policy, and what came \
                 before it, is not looked at"
            ),
            Err(why) => format!("IT WAS READ, NOT VERIFIED: {}", shown(why)),
        }
    }

    pub(super) fn text(&self, t: &mut String) -> std::fmt::Result {
        let Self { sequence, digest, .. } = self;
        writeln!(t, "\nfollows sequence number {sequence}, {digest} (R)")?;
        paragraph(t, "  ", &self.read())?;
        if let Some((missed, by)) = &self.missed {
            paragraph(t, "  ", &format!("{missed} ({by})"))?;
        }
        if self.changes.is_empty() {
            writeln!(t, "  rules, key, setup, price method and places of reserves are the same")
        } else {
            list(t, &self.changes)
        }
    }

    pub(super) fn json(&self) -> Value {
        json!({
            "sequence": self.sequence,
            "digest": self.digest,
            "verified": self.key.is_ok(),
            "key": self.key.as_ref().ok(),
            "not_verified": self.key.as_ref().err(),
            "changes": self.changes,
            "missed_days": self.missed.map(|(missed, by)| json!({ "missed": missed, "by": by })),
            "by": "R",
        })
    }
}

/// Changes as a list.
pub fn list(t: &mut String, changes: &[Change]) -> std::fmt::Result {
    changes.iter().try_for_each(|change| paragraph(t, "  - ", &shown(&change.to_string())))
}
