//! A folder of attestations, read as `pacioli verify --history` reads it.

use std::{
    cell::RefCell,
    path::{Path, PathBuf},
};

use anyhow::Result;
use jiff::Timestamp;
use pacioli_attestation::{
    Digest, Entry, Requirements, Verified, changes, check_history, in_order,
};
use pacioli_report::{Moment, Past, Previous};
use serde_json::Value;

use crate::{
    command::{history::ReadHistory, key_source::KeySource},
    progress::Shown,
};

/// An attestation of a folder that verifies.
pub struct File {
    /// Its file.
    pub path: PathBuf,
    /// Its name in the folder.
    name: String,
    /// It.
    pub verified: Verified,
}

/// The attestations of a folder.
pub struct Folder {
    /// Those that verify.
    pub files: Vec<File>,
    /// Those that were checked and do not hold, with the reason.
    pub refused: Vec<(String, String)>,
}

/// What a reader asks of a folder.
pub struct Reader<'a> {
    /// The reader's key.
    pub source: &'a KeySource<'a>,
    /// The reader's time.
    pub now: Timestamp,
    /// What they ask for.
    pub required: Option<&'a Requirements>,
    /// The digest that the rules of each must have.
    pub rules: Option<Digest>,
}

impl Folder {
    /// Reads every attestation in a folder.
    pub fn read(path: &Path, reader: &Reader<'_>, progress: &Shown) -> Result<Self> {
        let seen = RefCell::new(Vec::new());
        let verify = |bytes: &[u8]| {
            let verified = reader.source.verify(bytes, progress)?;
            seen.borrow_mut().push(verified.clone());
            Ok(verified)
        };
        let Reader { now, required, rules, .. } = *reader;
        let told = ReadHistory { now, required, rules }.report(path, &verify)?.json;
        let texts = |list: &str, fields: [&str; 2]| -> Vec<(String, String)> {
            let entries = told[list].as_array().map(Vec::as_slice).unwrap_or_default();
            let text = |entry: &Value, field| entry[field].as_str().unwrap_or_default().to_owned();
            entries.iter().map(|entry| (text(entry, fields[0]), text(entry, fields[1]))).collect()
        };
        let seen = seen.into_inner();
        // One that verifies may have been refused all the same.
        let files =
            texts("attestations", ["file", "digest"]).into_iter().filter_map(|(name, own)| {
                let verified = seen.iter().find(|one| one.digest.to_string() == own)?.clone();
                Some(File { path: path.join(&name), name, verified })
            });
        Ok(Self { files: files.collect(), refused: texts("refused", ["file", "error"]) })
    }

    /// The folder with one more attestation, if it is not there.
    pub fn with(mut self, path: &Path, verified: &Verified) -> Self {
        if !self.files.iter().any(|file| file.verified.digest == verified.digest) {
            let name = crate::command::files::name(path);
            self.files.push(File { path: path.to_owned(), name, verified: verified.clone() });
        }
        self
    }

    /// The folder as a history.
    pub fn past(&self) -> Result<Past> {
        let entry = |file: &'_ File| (file.name.clone(), file.verified.digest);
        let names: Vec<_> = self.files.iter().map(entry).collect();
        let entries: Vec<Entry<'_>> = self
            .files
            .iter()
            .zip(&names)
            .map(|(file, (name, digest))| Entry {
                name,
                attestation: &file.verified.attestation,
                digest: *digest,
            })
            .collect();
        let findings = check_history(&entries);
        let findings = findings.iter().map(|one| (one.to_string(), one.breaks())).collect();
        let order = in_order(entries);
        let mut told = Vec::new();
        for pair in order.windows(2) {
            let changes = changes(pair[0].attestation, pair[1].attestation)?;
            if !changes.is_empty() {
                let changes = changes.iter().map(ToString::to_string).collect();
                told.push((pair[1].attestation.header.sequence, changes));
            }
        }
        let moment = |entry: &Entry<'_>| {
            let file = self.files.iter().find(|file| file.name == entry.name);
            file.map(|file| Moment::of(&file.verified))
        };
        let moments = order.iter().filter_map(moment).collect();
        Ok(Past { moments, findings, refused: self.refused.clone(), changes: told })
    }

    /// The attestation before another, where it is here.
    pub fn before(&self, verified: &Verified) -> Result<Option<Previous>> {
        let previous = verified.attestation.header.previous;
        let before = self.files.iter().find(|file| Some(file.verified.digest) == previous);
        let Some(File { verified: before, .. }) = before else { return Ok(None) };
        let changes = changes(&before.attestation, &verified.attestation)?;
        Ok(Some(Previous {
            sequence: before.attestation.header.sequence,
            digest: before.digest,
            is_verified: true,
            changes: changes.iter().map(ToString::to_string).collect(),
        }))
    }
}
