//! A folder of attestations, read as `pacioli verify --history` reads it.

use std::path::{Path, PathBuf};

use anyhow::Result;
use jiff::Timestamp;
use pacioli_attestation::{
    Digest, Entry, Requirements, Reserves, Verified, changes, check_history, in_order,
};
use pacioli_evidence::Known;
use pacioli_record::{Given, Letters, Refused};
use pacioli_report::{Moment, Past, Previous};

use crate::{
    command::{files, history::ReadHistory, key_source::KeySource},
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
    /// Why the evidence beside it could not be read.
    pub unread: Option<String>,
    /// The reserves that are known by more than its publisher's word; `None` without evidence.
    pub known: Option<Reserves>,
}

impl File {
    /// One without evidence.
    pub fn bare(path: PathBuf, verified: Verified) -> Self {
        let (name, holds) = (files::name(&path), verified.holds());
        Self { path, name, verified, holds, faults: Vec::new(), unread: None, known: None }
    }
}

/// The attestations of a folder.
pub struct Folder {
    /// Those that verify.
    pub files: Vec<File>,
    /// Those that were checked and do not hold, with the reason.
    pub refused: Vec<(String, String)>,
    /// Those that could not be checked, with the reason.
    pub unchecked: Vec<(String, String)>,
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
    /// Reads every attestation in a folder, and names what cannot be checked or read.
    pub fn read(path: &Path, reader: &Reader<'_>, progress: &Shown) -> Result<Self> {
        let verify = |bytes: &[u8]| reader.source.verify(bytes, progress);
        let Reader { now, required, rules, known, .. } = *reader;
        let record = ReadHistory { now, required, rules }.record_in_part(path, &verify, known)?;
        let named = |all: Vec<Refused>| all.into_iter().map(|one| (one.file, one.reason)).collect();
        let (refused, unchecked) = (named(record.refused), named(record.unchecked));
        let files = record.attested.into_iter().map(|one| {
            // An age is counted when somebody reads, not here.
            let mut asked = one.asked.iter().filter(|clause| clause.name != "max_age");
            let known = one.letters.known(&one.verified);
            let Letters { faults, evidence, .. } = one.letters;
            let unread = match evidence {
                Given::Unread(why) => Some(why),
                Given::None | Given::Read => None,
            };
            let (name, verified) = (one.point.file, one.verified);
            let holds = verified.holds() && asked.all(|clause| clause.holds) && faults.is_empty();
            File { path: path.join(&name), name, verified, holds, faults, unread, known }
        });
        Ok(Self { files: files.collect(), refused, unchecked })
    }

    /// Evidence in it that could not be read.
    pub fn unread(&self) -> impl Iterator<Item = String> {
        self.files.iter().filter_map(|file| {
            file.unread.as_ref().map(|why| format!("the evidence beside {}: {why}", file.name))
        })
    }

    /// The folder with one more attestation, if it is not there.
    pub fn with(mut self, path: &Path, verified: &Verified) -> Self {
        if !self.files.iter().any(|file| file.verified.digest == verified.digest) {
            self.files.push(File::bare(path.to_owned(), verified.clone()));
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
        let mut moment = Moment::of(&file.verified, file.known.as_ref());
        moment.keeps_policy &= file.holds;
        Some(moment)
    };
    let moments = order.iter().filter_map(moment).collect();
    Ok(Past { moments, findings, changes: told, ..Past::default() })
}
