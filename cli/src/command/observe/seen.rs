//! Every attestation that the observer saw, for ever: a venue that serves one file and others another is
//! found by whoever keeps the digests.

use std::path::{Path, PathBuf};

use alloy_primitives::{Address, B256};
use anyhow::{Context, Result};
use jiff::Timestamp;
use pacioli_attestation::By;
use pacioli_rules::strict;
use serde::{Deserialize, Serialize};

use super::{
    super::{files, json_lines::JsonLines},
    rows::{Of, Row, Verdict},
};

/// What the lines of the file are.
const ABOUT: &str = "what was seen: mend the line, since it may be what shows a fork";

/// One line of the file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    chain_id: u64,
    registry: Address,
    venue: B256,
    /// The hash of the name that it bears: anyone proves a book of another name.
    name: B256,
    sequence: u64,
    digest: B256,
    #[serde(with = "strict::input_time")]
    seen_at: Timestamp,
}

/// A venue's attestation, as it lies before the observer.
#[derive(Clone, Debug)]
pub struct Sight {
    /// The registry's chain.
    pub chain_id: u64,
    /// The registry.
    pub registry: Address,
    /// The venue in it.
    pub venue: B256,
    /// The hash of the name that the attestation bears.
    pub name: B256,
    /// The attestation's number.
    pub sequence: u64,
    /// Its digest.
    pub digest: B256,
    /// The digest that it says is the one before.
    pub previous: Option<B256>,
}

impl Sight {
    fn is_of(&self, entry: &Entry, sequence: Option<u64>) -> bool {
        let here = (self.chain_id, self.registry, self.venue, self.name, sequence);
        let Entry { chain_id, registry, venue, name, .. } = *entry;
        here == (chain_id, registry, venue, name, Some(entry.sequence))
    }
}

/// Where an attestation that was seen is kept: a digest alone shows nobody a fork.
fn kept(path: &Path, digest: B256) -> PathBuf {
    path.with_extension("kept").join(format!("{digest}.json"))
}

/// Compares with what was seen before, and keeps what was not; a dry run writes nothing.
/// `instead` is that the observer knows why there is another attestation of this number.
///
/// # Errors
/// If the file cannot be read or written.
pub fn rows(
    path: &Path,
    (sight, bytes): (&Sight, &[u8]),
    is_dry: bool,
    instead: bool,
) -> Result<Vec<Row>> {
    let is_kept = |digest| kept(path, digest).is_file();
    if is_dry {
        return Ok(compare(&JsonLines::read(path, ABOUT)?, sight, instead, is_kept));
    }
    let mut lines = JsonLines::open(path, ABOUT)?;
    let is_new =
        |entry: &Entry| !sight.is_of(entry, Some(sight.sequence)) || entry.digest != sight.digest;
    if lines.entries.iter().all(is_new) {
        let Sight { chain_id, registry, venue, name: of, sequence, digest, .. } = *sight;
        let seen_at = Timestamp::now();
        lines.add(&Entry { chain_id, registry, venue, name: of, sequence, digest, seen_at })?;
    }
    // After the digest, which is not lost where this fails.
    let file = kept(path, sight.digest);
    if !file.exists() {
        std::fs::create_dir_all(path.with_extension("kept"))
            .with_context(|| path.display().to_string())?;
        files::write(&file, bytes)?;
    }
    Ok(compare(&lines.entries, sight, instead, is_kept))
}

/// A fork is a breach where both files can be shown, and a difference where one cannot.
fn compare(
    entries: &[Entry],
    sight: &Sight,
    instead: bool,
    is_kept: impl Fn(B256) -> bool,
) -> Vec<Row> {
    let mut rows = Vec::new();
    let differs = |other: &Entry| Verdict::Differs { breach: is_kept(other.digest) };
    let own = entries.iter().filter(|entry| sight.is_of(entry, Some(sight.sequence)));
    for other in own.filter(|entry| entry.digest != sight.digest) {
        let what = format!("number {}, seen at {}", other.sequence, other.seen_at);
        let sides = (other.digest.to_string(), sight.digest.to_string());
        let verdict = if instead { Verdict::Accepted } else { differs(other) };
        rows.push(Row { verdict, ..Row::same(Of::Registry, &what, sides, By::Recomputed) });
    }
    let before = sight.sequence.checked_sub(1);
    let before: Vec<_> = entries.iter().filter(|entry| sight.is_of(entry, before)).collect();
    // It names one of those that were seen, where any was.
    if let (Some(last), Some(previous)) = (before.last(), sight.previous)
        && before.iter().all(|entry| entry.digest != previous)
    {
        let what = format!("number {}, which you saw", last.sequence);
        let sides = (last.digest.to_string(), previous.to_string());
        let row = Row::same(Of::Registry, &what, sides, By::Recomputed);
        rows.push(Row { verdict: differs(last), ..row });
    }
    if rows.is_empty() {
        let mut row = Row::without(Of::Registry, "one attestation of this number", Verdict::Same);
        (row.theirs, row.by) = (sight.digest.to_string(), By::Recomputed);
        rows.push(row);
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sight(sequence: u64, digest: u8, previous: Option<u8>) -> Sight {
        Sight {
            chain_id: 1,
            registry: Address::repeat_byte(1),
            venue: B256::repeat_byte(2),
            name: B256::repeat_byte(3),
            sequence,
            digest: B256::repeat_byte(digest),
            previous: previous.map(B256::repeat_byte),
        }
    }

    #[test]
    fn a_second_attestation_of_a_number_is_found_for_ever() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("seen.jsonl");
        let see = |sight: &Sight, instead| rows(&path, (sight, b"{}"), false, instead).unwrap();
        let breaches = |rows: Vec<Row>| rows.iter().filter(|row| row.is_breach()).count();
        assert_eq!(breaches(rows(&path, (&sight(0, 3, None), b"{}"), true, false).unwrap()), 0);
        assert!(!path.exists(), "a dry run writes nothing");
        assert_eq!(breaches(see(&sight(0, 3, None), false)), 0);
        assert_eq!(breaches(see(&sight(0, 3, None), false)), 0);
        assert_eq!(breaches(see(&sight(1, 4, Some(3)), false)), 0);
        assert_eq!(std::fs::read_to_string(&path).unwrap().lines().count(), 2);
        // Another first one, and one that follows what nobody saw.
        assert_eq!(breaches(see(&sight(0, 9, None), false)), 1);
        assert_eq!(breaches(see(&sight(2, 5, Some(8)), false)), 1);
        // It stays one when it is seen again, and is signed only by name.
        assert_eq!(breaches(see(&sight(0, 9, None), false)), 1);
        let accepted = see(&sight(0, 9, None), true);
        assert_eq!(accepted[0].verdict, Verdict::Accepted);
        // Of other venues it says nothing.
        let other = Sight { venue: B256::ZERO, ..sight(0, 7, None) };
        assert_eq!(breaches(see(&other, false)), 0);
        // One that was served once under another name is no fork of this venue's.
        let foreign = Sight { name: B256::ZERO, ..sight(7, 1, None) };
        assert_eq!(breaches(see(&foreign, false)), 0);
        assert_eq!(see(&sight(7, 2, None), false)[0].verdict, Verdict::Same);
        // Where the other file is gone, nobody can be shown a fork: it differs, and is no breach.
        assert!(kept(&path, B256::repeat_byte(2)).is_file());
        std::fs::remove_file(kept(&path, B256::repeat_byte(2))).unwrap();
        let unshown = see(&sight(7, 3, None), false);
        assert!(unshown[0].differs() && !unshown[0].is_breach(), "{unshown:?}");
        std::fs::write(&path, "{}\n").unwrap();
        assert!(rows(&path, (&sight(0, 3, None), b"{}"), false, false).is_err());
    }
}
