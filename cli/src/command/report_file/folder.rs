//! A folder of attestations, read as `pacioli verify --history` reads it.

use std::path::{Path, PathBuf};

use anyhow::Result;
use jiff::Timestamp;
use pacioli_attestation::{
    Digest, Entry, Requirements, Verified, changes, check_history, in_order,
};
use pacioli_evidence::Known;
use pacioli_report::{Moment, Past, Previous};

use crate::{
    command::{history::ReadHistory, key_source::KeySource},
    progress::Shown,
};

/// An attestation of a folder that verifies.
pub struct File {
    /// Its file.
    pub path: PathBuf,
    /// Its name in the folder.
    pub name: String,
    /// It.
    pub verified: Verified,
    /// Whether it keeps every policy and no evidence beside it is wrong.
    pub holds: bool,
    /// What is wrong with the evidence beside it.
    pub faults: Vec<String>,
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
    /// What they know of reserves.
    pub known: &'a Known,
}

impl Folder {
    /// Reads every attestation in a folder.
    pub fn read(path: &Path, reader: &Reader<'_>, progress: &Shown) -> Result<Self> {
        let verify = |bytes: &[u8]| reader.source.verify(bytes, progress);
        let Reader { now, required, rules, known, .. } = *reader;
        let record = ReadHistory { now, required, rules }.record(path, &verify, known)?;
        let refused = record.refused.into_iter().map(|one| (one.file, one.reason));
        let files = record.attested.into_iter().map(|one| {
            // An age is counted when somebody reads, not here.
            let mut asked = one.asked.iter().filter(|clause| clause.name != "max_age");
            let (name, faults) = (one.point.file, one.letters.faults);
            let holds =
                one.verified.holds() && asked.all(|clause| clause.holds) && faults.is_empty();
            File { path: path.join(&name), name, verified: one.verified, holds, faults }
        });
        Ok(Self { files: files.collect(), refused: refused.collect() })
    }

    /// The folder with one more attestation, if it is not there.
    pub fn with(mut self, path: &Path, verified: &Verified) -> Self {
        if !self.files.iter().any(|file| file.verified.digest == verified.digest) {
            let (path, name) = (path.to_owned(), crate::command::files::name(path));
            let (verified, holds) = (verified.clone(), verified.holds());
            self.files.push(File { path, name, verified, holds, faults: Vec::new() });
        }
        self
    }

    /// The folder as a history.
    pub fn past(&self) -> Result<Past> {
        let mut past = chain(&self.files.iter().collect::<Vec<_>>())?;
        past.refused = self.refused.clone();
        Ok(past)
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

/// Attestations as one chain, with what is wrong with their evidence.
pub fn chain(files: &[&File]) -> Result<Past> {
    let entry = |file: &&'_ File| (file.name.clone(), file.verified.digest);
    let names: Vec<_> = files.iter().map(entry).collect();
    let entries = files.iter().zip(&names).map(|(file, (name, digest))| Entry {
        name,
        attestation: &file.verified.attestation,
        digest: *digest,
    });
    let entries: Vec<Entry<'_>> = entries.collect();
    let findings = check_history(&entries);
    let mut findings: Vec<_> = findings.iter().map(|one| (one.to_string(), one.breaks())).collect();
    for file in files {
        let named = |fault| (format!("evidence beside {} is wrong: {fault}", file.name), true);
        findings.extend(file.faults.iter().map(named));
    }
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
        let file = files.iter().find(|file| file.verified.digest == entry.digest)?;
        let mut moment = Moment::of(&file.verified);
        moment.keeps_policy &= file.holds;
        Some(moment)
    };
    let moments = order.iter().filter_map(moment).collect();
    Ok(Past { moments, findings, changes: told, ..Past::default() })
}
