//! Attestations from files, folders and addresses.
//!
//! Each is verified once, by its digest: the latest of every place is kept, and judged again by the time
//! of every look. A file that cannot be read whole says nothing of its venue.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use jiff::Timestamp;
use num_bigint::BigUint;
use pacioli_attestation::{
    Attestation, By, Clause, Digest, Purpose, Reserves, Verified, backing, check_not_in_future,
};
use pacioli_chain::fetch;
use pacioli_record::Folder;
use pacioli_rules::ScenarioKind;

use crate::{
    config::{Attestations, Venue},
    judge::Memory,
    reading::{Answer, Attested, Checked, Failing, Kept, Reading, Said},
};

/// The most bytes of an attestation that is fetched.
const MOST: usize = 256 << 20;

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
        let mut refused = BTreeSet::new();
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
            if let Answer::Read(list) | Answer::Unknown { worse: Some(list), .. } = &answer {
                let is_refused = |one: &&Attested| matches!(one.checked, Checked::Refused(_));
                refused.extend(list.iter().filter(is_refused).map(|one| one.digest.0));
            }
            Reading { source: place.name.clone(), answer }
        });
        let readings = readings.collect();
        // What is shown no more is verified again if it ever is.
        self.refused.retain(|digest, _| refused.contains(digest));
        readings
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
            // That somebody names a digest makes no file a verified one.
            let known = memory.verified.get(&one.digest.0);
            let kept = known.cloned().unwrap_or_else(|| Kept::of(&one.attestation));
            let checked = match (is_newest, known) {
                (false, Some(_)) => Checked::Before,
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
            list.push(Attested { digest: one.digest, kept, checked });
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
    let read = Folder::read_what_can_be(folder).map_err(|error| error.to_string())?;
    let (Folder { found, .. }, unread) = read;
    let found =
        found.into_iter().map(|one| (folder.join(one.name).display().to_string(), one.bytes));
    Ok((found.collect(), unread.iter().map(ToString::to_string).collect()))
}

fn read(path: &Path) -> Result<Vec<u8>, String> {
    fs::read(path).map_err(|error| format!("cannot read {}: {error}", path.display()))
}
