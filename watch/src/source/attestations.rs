//! Attestations from files, folders and addresses.
//!
//! Each is verified once, by its digest: the latest of every place is kept, and judged again by the time
//! of every look. A file that cannot be read whole says nothing of its venue.

use std::{
    collections::BTreeMap,
    fs,
    io::Read,
    path::{Path, PathBuf},
};

use jiff::Timestamp;
use num_bigint::BigUint;
use pacioli_attestation::{
    Attestation, By, Clause, Digest, Header, Purpose, Reserves, Verified, backing,
    check_not_in_future,
};
use pacioli_chain::fetch;
use pacioli_rules::ScenarioKind;

use crate::{
    config::{Attestations, Venue},
    judge::Memory,
    reading::{Answer, Attested, Checked, Failing, Reading, Said},
};

/// The most bytes of an attestation that is fetched.
const MOST: usize = 256 << 20;
/// The beginning of every attestation, of any version.
const BEGINS: &[u8] = b"{\n  \"version\": \"pacioli attestation";

/// What came of verifying bytes under the reader's key.
#[derive(Debug)]
pub enum Outcome {
    /// It holds.
    Verified(Box<Verified>),
    /// It was read whole, and does not.
    Refused(String),
    /// It could not be checked.
    Unknown(String),
}

/// Verifies bytes under the reader's key.
pub type Verify<'a> = dyn Fn(&[u8]) -> Outcome + 'a;

/// The places of one venue, and what was verified there.
#[derive(Debug, Default)]
pub struct Places {
    latest: BTreeMap<String, Verified>,
    refused: BTreeMap<[u8; 32], String>,
}

/// A file's name and bytes.
type Named = (String, Vec<u8>);

/// A file that was read, and what it says of itself.
struct Found {
    bytes: Vec<u8>,
    digest: Digest,
    attestation: Attestation,
}

impl Places {
    /// Reads and verifies the attestations of every place.
    pub fn read(
        &mut self,
        venue: &Venue,
        memory: &Memory,
        now: Timestamp,
        verify: &Verify<'_>,
    ) -> Vec<Reading<Vec<Attested>>> {
        let places = venue.attestations.iter();
        let readings = places.map(|place| {
            let answer = match read_place(place) {
                Err(why) => Answer::unknown(why),
                Ok((files, mut damaged)) => {
                    let (list, more) = self.check(venue, place, files, memory, now, verify);
                    damaged.extend(more);
                    if damaged.is_empty() {
                        Answer::Read(list)
                    } else {
                        let worse = Some(list).filter(|list| !list.is_empty());
                        Answer::Unknown { why: damaged.join("; "), worse }
                    }
                }
            };
            Reading { source: place.name.clone(), answer }
        });
        readings.collect()
    }

    /// The newest of all places that verified.
    pub fn newest(&self) -> Option<&Verified> {
        self.latest.values().max_by_key(|one| one.attestation.header.sequence)
    }

    /// What was read of files, and what is wrong with those that could not be.
    fn check(
        &mut self,
        venue: &Venue,
        place: &Attestations,
        files: Vec<Named>,
        memory: &Memory,
        now: Timestamp,
        verify: &Verify<'_>,
    ) -> (Vec<Attested>, Vec<String>) {
        let (mut found, mut damaged): (Vec<Found>, Vec<String>) = Default::default();
        for (name, bytes) in files {
            let digest = Digest::of(&bytes);
            match Attestation::parse(&bytes) {
                Err(error) => damaged.push(format!("{name}: {error}")),
                // The same under another name.
                Ok(_) if found.iter().any(|one| one.digest == digest) => {}
                Ok(attestation) => found.push(Found { digest, bytes, attestation }),
            }
        }
        found.sort_by_key(|one| std::cmp::Reverse(one.attestation.header.sequence));
        let mut list = Vec::new();
        let mut newest = None;
        for one in found {
            let number = one.attestation.header.sequence;
            let is_newest = newest.is_none_or(|newest| newest == number);
            let known = memory.digests.get(&number);
            let known = known.is_some_and(|known| known.contains(&one.digest.0));
            let checked = match (is_newest, known) {
                (false, true) => Checked::Before,
                _ => match self.verify(venue, place, &one, now, verify) {
                    Ok(checked) => checked,
                    Err(why) => {
                        damaged.push(why);
                        continue;
                    }
                },
            };
            if !matches!(checked, Checked::Refused(_)) {
                newest.get_or_insert(number);
            }
            let Header { as_of, previous, .. } = one.attestation.header;
            list.push(Attested { number, digest: one.digest, as_of, previous, checked });
        }
        (list, damaged)
    }

    fn verify(
        &mut self,
        venue: &Venue,
        place: &Attestations,
        one: &Found,
        now: Timestamp,
        verify: &Verify<'_>,
    ) -> Result<Checked, String> {
        if let Some(why) = self.refused.get(&one.digest.0) {
            return Ok(Checked::Refused(why.clone()));
        }
        let of = &one.attestation.header.venue;
        if *of != venue.name {
            let why = format!("it is of the venue `{}`", of.escape_debug());
            return Ok(Checked::Refused(why));
        }
        let kept = self.latest.get(&place.name).filter(|kept| kept.digest == one.digest);
        let verified = match kept {
            Some(kept) => kept.clone(),
            None => match verify(&one.bytes) {
                Outcome::Verified(verified) => *verified,
                Outcome::Refused(why) => {
                    self.refused.insert(one.digest.0, why.clone());
                    return Ok(Checked::Refused(why));
                }
                Outcome::Unknown(why) => return Err(why),
            },
        };
        let said = said(&verified, venue, now);
        let newer = self.latest.get(&place.name).is_none_or(|kept| {
            kept.attestation.header.sequence <= verified.attestation.header.sequence
                || kept.digest == verified.digest
        });
        if newer {
            self.latest.insert(place.name.clone(), verified);
        }
        Ok(Checked::Verified(Box::new(said)))
    }
}

/// What a verified attestation says to this reader, now.
fn said(verified: &Verified, venue: &Venue, now: Timestamp) -> Said {
    let asked = venue.require.as_ref().map(|require| require.evaluate(verified, now));
    let own = verified.clauses.iter().map(|clause| (clause, ""));
    let asked = asked.iter().flatten().map(|clause| (clause, "yours: "));
    let failing = own.chain(asked).filter(|(clause, _)| !clause.holds);
    let failing = failing.map(|(Clause { name, detail, .. }, whose)| Failing {
        clause: format!("{whose}{name}"),
        detail: detail.clone(),
    });
    let failing = failing.collect();
    let rules = Digest::of(verified.attestation.rules.as_bytes());
    let other_rules = venue.rules_digest.filter(|expected| *expected != rules).map(|_| rules);
    let reserves = verified.attestation.reserves.as_ref();
    let mark = reserves.and_then(|reserves| {
        backing(&verified.compiled, &verified.figures, Some(reserves)).into_iter().next()
    });
    let coverage = mark.and_then(|mark| mark.coverage).map(|ratio| ratio.rounded(4, false).units);
    let owed =
        verified.figures.scenarios.first().is_some_and(|mark| mark.owed.units != BigUint::ZERO);
    let is_unstated = owed && reserves.is_none();
    let (setup, by) = (verified.origin().state(), Some(By::Publisher));
    let ahead = check_not_in_future(&verified.attestation, now).err();
    let ahead = ahead.map(|error| error.to_string());
    Said {
        setup,
        ahead,
        failing,
        other_rules,
        coverage,
        is_unstated,
        by,
        figures: figures(verified),
    }
}

/// Figures that are watched over time, in units that one venue's rules keep.
fn figures(verified: &Verified) -> Vec<(String, BigUint)> {
    let own = &verified.figures;
    let mut all = Vec::new();
    if let Some(mark) = own.scenarios.first() {
        all.push(("owed".to_owned(), mark.owed.units.clone()));
        all.push(("bad debt".to_owned(), mark.bad_debt.units.clone()));
    }
    for one in &own.assets {
        all.push((format!("deposits.{}", one.name), one.deposits.units.clone()));
        all.push((format!("borrows.{}", one.name), one.borrows.units.clone()));
        if let Some(reserves) = &verified.attestation.reserves {
            let held = reserves.held(&one.name, Purpose::Customers, one.deposits.decimals);
            all.push((format!("reserves.{}", one.name), held.units));
        }
    }
    for one in &own.markets {
        all.push((format!("open interest.{}", one.name), one.long.units.clone()));
    }
    all.extend(concentration(verified).map(|part| ("largest custodian".to_owned(), part)));
    all
}

/// The largest custodian's part of the customers' reserves at mark, in 1/10,000.
fn concentration(verified: &Verified) -> Option<BigUint> {
    let reserves = verified.attestation.reserves.as_ref()?;
    let mut scenarios = verified.compiled.scenarios_by_id();
    let (mark, _) = scenarios.find(|(_, one)| one.kind == ScenarioKind::Mark)?;
    let mut by_custodian: BTreeMap<Option<&str>, Reserves> = BTreeMap::new();
    for one in &reserves.reserves {
        let empty = || Reserves { as_of: reserves.as_of, reserves: Vec::new() };
        let own = by_custodian.entry(one.custodian.as_deref()).or_insert_with(empty);
        own.reserves.push(one.clone());
    }
    let worth = |one: &Reserves| one.worth(&verified.compiled, Purpose::Customers, mark).units;
    let all = worth(reserves);
    let largest = by_custodian.values().map(worth).max()?;
    (all != BigUint::ZERO).then(|| largest * BigUint::from(10_000u32) / all)
}

/// The files of a place, by name, and what is wrong with those that cannot be read.
fn read_place(place: &Attestations) -> Result<(Vec<Named>, Vec<String>), String> {
    if let Some(path) = &place.file {
        return Ok((vec![(path.display().to_string(), read(path)?)], Vec::new()));
    }
    if let Some(url) = &place.url {
        let url = url.read().map_err(|error| error.to_string())?;
        let bytes =
            fetch(url.expose(), MOST, super::PATIENCE).map_err(|error| error.to_string())?;
        return Ok((vec![(place.name.clone(), bytes)], Vec::new()));
    }
    let Some(folder) = &place.folder else { return Ok(Default::default()) };
    let mut found = Vec::new();
    let (paths, mut damaged) = attestations(folder)?;
    for path in paths {
        match read(&path) {
            Err(why) => damaged.push(why),
            Ok(bytes) if is_another_kind(&bytes) => {}
            Ok(bytes) => found.push((path.display().to_string(), bytes)),
        }
    }
    Ok((found, damaged))
}

fn read(path: &Path) -> Result<Vec<u8>, String> {
    fs::read(path).map_err(|error| format!("cannot read {}: {error}", path.display()))
}

/// `*.json` in the folder, `attestation.json` in each folder in it, and what begins as an attestation
/// does in either, in order: a second one must not go unseen for its name.
fn attestations(folder: &Path) -> Result<(Vec<PathBuf>, Vec<String>), String> {
    let entries = |folder: &Path| -> Result<Vec<PathBuf>, String> {
        let cannot = |error: std::io::Error| format!("cannot read {}: {error}", folder.display());
        let entries = fs::read_dir(folder).map_err(cannot)?;
        entries.map(|entry| Ok(entry.map_err(cannot)?.path())).collect()
    };
    let named = |path: &Path| path.file_name().is_some_and(|name| name == "attestation.json");
    let is_json = |path: &Path| path.extension().is_some_and(|kind| kind == "json");
    let (mut found, mut damaged) = (Vec::new(), Vec::new());
    let mut take = |path: PathBuf, is_one: bool| match is_one {
        // A pipe would never end, and what is called an attestation must not go unseen.
        true if !path.is_file() => damaged.push(format!("{} is no file", path.display())),
        true => found.push(path),
        false if !path.is_file() => {}
        false => match begins_as_one(&path) {
            Ok(true) => found.push(path),
            Ok(false) => {}
            Err(why) => damaged.push(why),
        },
    };
    for path in entries(folder)? {
        if path.is_dir() {
            for inside in entries(&path)? {
                let is_one = named(&inside);
                take(inside, is_one);
            }
        } else {
            let is_one = is_json(&path);
            take(path, is_one);
        }
    }
    found.sort();
    Ok((found, damaged))
}

/// Whether a file begins as an attestation does.
fn begins_as_one(path: &Path) -> Result<bool, String> {
    let cannot = |error: std::io::Error| format!("cannot read {}: {error}", path.display());
    let mut start = Vec::with_capacity(BEGINS.len());
    let file = fs::File::open(path).map_err(cannot)?;
    file.take(BEGINS.len() as u64).read_to_end(&mut start).map_err(cannot)?;
    Ok(start == BEGINS)
}

/// Whether it is a whole JSON document that does not call itself an attestation.
fn is_another_kind(bytes: &[u8]) -> bool {
    if bytes.starts_with(BEGINS) {
        return false;
    }
    let document = serde_json::from_slice::<serde_json::Value>(bytes);
    document.is_ok_and(|document| {
        let version = document.get("version").and_then(serde_json::Value::as_str);
        !version.unwrap_or_default().starts_with("pacioli attestation")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One file that cannot be read keeps nobody from those beside it, and a folder is none.
    #[cfg(unix)]
    #[test]
    fn what_is_no_file_is_damaged_and_what_is_beside_it_is_read() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        fs::write(at("1.json"), "x").unwrap();
        fs::write(at("unnamed"), BEGINS).unwrap();
        fs::write(at("notes.txt"), "notes").unwrap();
        fs::create_dir(at("2")).unwrap();
        std::os::unix::fs::symlink("/dev/zero", at("3.json")).unwrap();
        std::os::unix::fs::symlink("/dev/zero", at("zero")).unwrap();
        let (found, damaged) = attestations(folder.path()).unwrap();
        assert_eq!(found, [at("1.json"), at("unnamed")]);
        assert_eq!(damaged, [format!("{} is no file", at("3.json").display())]);
    }
}
