//! What is in a pack.

use std::collections::BTreeSet;

use pacioli_attestation::Digest;
use serde::{Deserialize, Serialize};

use super::{MAX_BYTES, MAX_FILES, error::PackError};

/// The version that this code writes and reads.
pub const VERSION: &str = "pacioli pack v1-draft";

/// The name of the list of files.
pub(super) const MANIFEST: &str = "manifest.json";

/// The list of a pack's files.
#[derive(Clone, Debug, Deserialize, Serialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// [`VERSION`].
    pub version: String,
    /// The program that packed it, by its own word.
    pub made_by: String,
    /// Every file but this one, in the order of the archive.
    pub files: Vec<Item>,
}

/// One file.
#[derive(Clone, Debug, Deserialize, Serialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct Item {
    /// Its name in the archive: that of its kind.
    pub name: String,
    /// What it is.
    pub kind: Kind,
    /// Its size.
    pub bytes: u64,
    /// The Keccak-256 hash of its bytes.
    pub digest: Digest,
}

/// What a file of a pack is.
#[derive(Clone, Copy, Debug, Deserialize, Serialize, PartialEq, Eq, PartialOrd, Ord)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// The attestation.
    Attestation,
    /// The verifying key.
    Key,
    /// Evidence of reserves.
    Evidence,
    /// A report in HTML.
    Report,
    /// The page for account holders.
    Page,
}

impl Kind {
    /// The name of a file of this kind; of evidence, by its number.
    pub(super) fn file(self, number: usize) -> String {
        match self {
            Self::Attestation => "attestation.json".to_owned(),
            Self::Key => "key.json".to_owned(),
            Self::Evidence => format!("evidence-{number}.json"),
            Self::Report => "report.html".to_owned(),
            Self::Page => "check.html".to_owned(),
        }
    }
}

impl Manifest {
    /// Checks version, sizes and names. A file has the name of its kind, so that no name leads
    /// anywhere, and none is there twice.
    pub(super) fn check(&self) -> Result<(), PackError> {
        if self.version != VERSION {
            return Err(PackError::Version(self.version.clone()));
        }
        if self.files.len() > MAX_FILES {
            return Err(PackError::TooMany);
        }
        let all = self.files.iter().try_fold(0u64, |sum, item| sum.checked_add(item.bytes));
        if all.is_none_or(|all| all > MAX_BYTES) {
            return Err(PackError::TooLarge);
        }
        let (mut names, mut number) = (BTreeSet::new(), 0);
        for Item { name, kind, .. } in &self.files {
            number += usize::from(*kind == Kind::Evidence);
            if *name != kind.file(number) {
                return Err(PackError::Name(name.clone()));
            }
            if !names.insert(name) {
                return Err(PackError::Twice(name.clone()));
            }
        }
        for kind in [Kind::Attestation, Kind::Key] {
            if !names.contains(&kind.file(0)) {
                return Err(PackError::Missing(kind.file(0)));
            }
        }
        Ok(())
    }
}
