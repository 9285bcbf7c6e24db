//! An evidence pack: one archive with all that verifying an attestation takes, years later and offline.
//!
//! It is a plain tar file, so that whoever has no program of ours can look into it. The manifest names
//! every file with its size and digest; nothing else may be in it. Nothing that a pack says of itself
//! is evidence of anything: the attestation is verified, its key is the pack's own word unless the
//! reader knows its digest, and the page and the report in it are files that somebody put there.

mod error;
mod manifest;
mod read;
#[cfg(test)]
mod tests;
mod write;

pub use error::PackError;
pub use manifest::{Item, Kind, Manifest, VERSION};
pub use read::is_pack;

use pacioli_attestation::Digest;

/// The most bytes that a pack may have, and all of its files together.
pub const MAX_BYTES: u64 = 1 << 30;
/// The most files that a pack may have, the manifest aside.
pub const MAX_FILES: usize = 1_000;
/// The most bytes of a manifest: 1,000 entries take some 200 kB.
pub const MAX_MANIFEST_BYTES: u64 = 1 << 20;

/// A pack: its manifest, and the files that it names, in its order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pack {
    manifest: Manifest,
    files: Vec<Vec<u8>>,
}

/// What goes into a pack.
#[derive(Clone, Debug, Default)]
pub struct Contents {
    /// The attestation.
    pub attestation: Vec<u8>,
    /// The verifying key.
    pub key: Vec<u8>,
    /// Evidence of its reserves.
    pub evidence: Vec<Vec<u8>>,
    /// A report on it, in HTML.
    pub report: Option<Vec<u8>>,
    /// The web page for account holders.
    pub page: Option<Vec<u8>>,
}

impl Pack {
    /// Packs contents.
    ///
    /// # Errors
    /// If there are too many of them, or they are too large.
    pub fn new(contents: Contents, made_by: &str) -> Result<Self, PackError> {
        let Contents { attestation, key, evidence, report, page } = contents;
        let fixed = [(Kind::Attestation, attestation), (Kind::Key, key)];
        let evidence = evidence.into_iter().map(|bytes| (Kind::Evidence, bytes));
        let report = report.map(|bytes| (Kind::Report, bytes));
        let page = page.map(|bytes| (Kind::Page, bytes));
        let all = fixed.into_iter().chain(evidence).chain(report).chain(page);
        let (mut items, mut files, mut number) = (Vec::new(), Vec::new(), 0);
        for (kind, bytes) in all {
            number += usize::from(kind == Kind::Evidence);
            let (name, digest) = (kind.file(number), Digest::of(&bytes));
            items.push(Item { name, kind, bytes: bytes.len() as u64, digest });
            files.push(bytes);
        }
        let version = VERSION.to_owned();
        let manifest = Manifest { version, made_by: made_by.to_owned(), files: items };
        manifest.check()?;
        Ok(Self { manifest, files })
    }

    /// What the pack says is in it, which is in it.
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// The attestation.
    pub fn attestation(&self) -> &[u8] {
        self.of(Kind::Attestation).next().expect("a manifest that was checked names one")
    }

    /// The key: the pack's own word.
    pub fn key(&self) -> &[u8] {
        self.of(Kind::Key).next().expect("a manifest that was checked names one")
    }

    /// All files of one kind, in order.
    pub fn of(&self, kind: Kind) -> impl Iterator<Item = &[u8]> {
        let files = self.manifest.files.iter().zip(&self.files);
        files.filter(move |(item, _)| item.kind == kind).map(|(_, bytes)| bytes.as_slice())
    }
}
