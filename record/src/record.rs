//! A folder of attestations as one chain.

use jiff::Timestamp;
use pacioli_attestation::{
    Clause, Digest, Finding, Requirements, Verified, changes, check_history, check_not_in_future,
    in_order, setup::Origin,
};
use pacioli_rules::{RulesError, diff::Change};

use crate::{
    attested::Attested,
    folder::{Folder, Found},
    letters::{Given, Letters},
};

/// The reader's demands on a record.
#[derive(Clone, Copy, Debug)]
pub struct Reading<'a> {
    /// The reader's time.
    pub now: Timestamp,
    /// The reader's requirements of every attestation; those of its age, of the newest alone.
    pub required: Option<&'a Requirements>,
    /// The digest that the rules of each must have.
    pub rules: Option<Digest>,
}

/// What became of one file.
#[derive(Debug)]
pub enum Judged {
    /// It verifies under the reader's key, and its reserves are known so.
    Verified(Box<Verified>, Letters),
    /// It was checked and does not hold, for this reason.
    Refused(String),
    /// It could not be checked, for this reason.
    Unchecked(String),
}

/// A file that does not hold, or could not be checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// The file.
    pub file: String,
    /// Why.
    pub reason: String,
}

/// What changed with one attestation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// Its place in the record.
    pub index: usize,
    /// The changes since the one before, in words. Never empty.
    pub changes: Vec<Change>,
}

/// Attestations in order, held against each other.
#[derive(Clone, Debug, Default)]
pub struct Record {
    /// Those that verify, in order.
    pub attested: Vec<Attested>,
    /// Those that were checked and do not hold.
    pub refused: Vec<Refused>,
    /// Those that could not be checked: a chain without them says nothing.
    pub unchecked: Vec<Refused>,
    /// Files that are something else.
    pub others: Vec<String>,
    /// What the chain shows.
    pub findings: Vec<Finding>,
    /// What changed on the way.
    pub steps: Vec<Step>,
}

impl Record {
    /// Verifies every attestation of a folder, each by `judge`.
    ///
    /// # Errors
    /// If `judge` fails, or the rules of one are refused.
    pub fn of<E: From<RulesError>>(
        folder: Folder,
        reading: &Reading<'_>,
        judge: &mut dyn FnMut(&Found) -> Result<Judged, E>,
    ) -> Result<Self, E> {
        let mut record = Self { others: folder.others, ..Self::default() };
        for found in &folder.found {
            match judge(found)? {
                Judged::Refused(reason) => record.refuse(&found.name, reason),
                Judged::Unchecked(reason) => {
                    record.unchecked.push(Refused { file: found.name.clone(), reason });
                }
                Judged::Verified(verified, letters) => match accept(&verified, reading) {
                    Ok(()) => {
                        let one = Attested::new(&found.name, *verified, Vec::new(), letters);
                        record.attested.push(one);
                    }
                    Err(reason) => record.refuse(&found.name, reason),
                },
            }
        }
        record.order(reading)?;
        Ok(record)
    }

    /// Whether there is nothing in it at all.
    pub fn is_empty(&self) -> bool {
        self.attested.is_empty() && self.refused.is_empty() && self.unchecked.is_empty()
    }

    /// Whether all of it verifies, follows one another, and keeps every policy.
    pub fn holds(&self) -> bool {
        self.refused.is_empty()
            && self.unchecked.is_empty()
            && self.broken().next().is_none()
            && self.attested.iter().all(Attested::holds)
    }

    /// What breaks the chain.
    pub fn broken(&self) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(|finding| finding.breaks())
    }

    /// Evidence beside one of them that could not be read: the file that it is beside, and why.
    pub fn unread(&self) -> impl Iterator<Item = (&str, &str)> {
        self.attested.iter().filter_map(|one| match &one.letters.evidence {
            Given::Unread(why) => Some((&*one.point.file, &**why)),
            Given::None | Given::Read => None,
        })
    }

    /// The setup that proves least of all of them.
    pub fn origin(&self) -> Option<Origin> {
        let rank = |origin: &Origin| match origin {
            Origin::Ceremony(_) => 0,
            Origin::Vouched(_) => 1,
            Origin::Unknown => 2,
            Origin::Insecure => 3,
        };
        self.attested.iter().map(|one| one.verified.origin()).max_by_key(rank)
    }

    fn refuse(&mut self, file: &str, reason: String) {
        self.refused.push(Refused { file: file.to_owned(), reason });
    }

    /// Brings the attestations in order, and holds them against each other and the reader's policy.
    fn order(&mut self, by: &Reading<'_>) -> Result<(), RulesError> {
        let entries: Vec<_> = self.attested.iter().map(Attested::entry).collect();
        self.findings = check_history(&entries);
        let order = in_order(entries).into_iter().map(|entry| entry.name.to_owned());
        let order: Vec<String> = order.collect();
        let place = |file: &str| order.iter().position(|name| name == file);
        self.attested.sort_by_key(|one| place(&one.point.file));
        let newest = self.attested.len().saturating_sub(1);
        if let Some(required) = by.required {
            let attested = std::mem::take(&mut self.attested).into_iter().enumerate();
            let asked = attested.map(|(index, one)| {
                let asked: Vec<Clause> = match index == newest {
                    true => required.evaluate(&one.verified, by.now),
                    false => required.evaluate_but_age(&one.verified),
                };
                Attested::new(&one.point.file, one.verified, asked, one.letters)
            });
            self.attested = asked.collect();
        }
        for (index, pair) in self.attested.windows(2).enumerate() {
            let changes = changes(&pair[0].verified.attestation, &pair[1].verified.attestation)?;
            if !changes.is_empty() {
                self.steps.push(Step { index: index + 1, changes });
            }
        }
        Ok(())
    }
}

/// Whether the reader takes an attestation at all.
fn accept(verified: &Verified, reading: &Reading<'_>) -> Result<(), String> {
    let got = Digest::of(verified.attestation.rules.as_bytes());
    if let Some(expected) = reading.rules.filter(|expected| *expected != got) {
        return Err(format!("the rules have digest {got}, expected {expected}"));
    }
    check_not_in_future(&verified.attestation, reading.now).map_err(|error| error.to_string())
}
