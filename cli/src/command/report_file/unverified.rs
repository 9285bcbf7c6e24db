//! The alarm of a run that could not check everything: a second digest is told of from the files alone,
//! for whoever hands over a fork can hand over something beside it that stops the run.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use anyhow::Result;
use jiff::Timestamp;
use pacioli_attestation::{Attestation, Digest};
use pacioli_report::site::{Record, UNVERIFIED};

use super::lists::write_lists;
use crate::args::ReportArgs;

/// Writes it into the lists of the site, where there is any.
pub fn sound(
    args: &ReportArgs,
    site: &Path,
    folder: &Path,
    mut record: Record,
    now: Timestamp,
) -> Result<()> {
    let known = record.notices.len();
    notice_all(&mut record, folder, now)?;
    if record.notices.len() == known {
        return Ok(());
    }
    record.updated = now;
    write_lists(args, site, &record)
}

/// Notices in the record what the files of a folder say of themselves.
pub fn notice_all(record: &mut Record, folder: &Path, now: Timestamp) -> Result<()> {
    let files = pacioli_record::Folder::read(folder)?.found;
    let files: Vec<_> = files.iter().map(|one| (one.name.as_str(), one.bytes.as_slice())).collect();
    notice(record, &files, now);
    Ok(())
}

/// Notices every file that is another attestation of a number than one that is known or beside it.
fn notice(record: &mut Record, files: &[(&str, &[u8])], now: Timestamp) {
    let mut by_number: BTreeMap<(String, u64), BTreeSet<[u8; 32]>> = BTreeMap::new();
    for one in &record.attestations {
        let number = (one.venue.clone(), one.sequence);
        by_number.entry(number).or_default().insert(one.digest.0);
    }
    let mut new = Vec::new();
    for (name, bytes) in files {
        let digest = Digest::of(bytes);
        let Ok(attestation) = Attestation::parse(bytes) else { continue };
        let number = (attestation.header.venue.clone(), attestation.header.sequence);
        by_number.entry(number.clone()).or_default().insert(digest.0);
        if !record.attestations.iter().any(|one| one.digest == digest) {
            new.push((name, digest, number));
        }
    }
    for (name, digest, number) in new {
        let count = by_number.get(&number).map_or(0, BTreeSet::len);
        if count > 1 {
            let (venue, sequence) = &number;
            let text = format!(
                "{UNVERIFIED}: {count} different attestations of number {sequence} of {venue}; \
                 {name} is {digest}"
            );
            record.notice(now, digest, text);
        }
    }
}
