//! One attestation of a record: what it says, and what it was checked as.

use pacioli_attestation::{Clause, Entry, Verified};

use crate::{letters::Letters, point::Point};

/// An attestation that verifies.
#[derive(Clone, Debug)]
pub struct Attested {
    /// What it says.
    pub point: Point,
    /// The attestation, checked.
    pub verified: Verified,
    /// The results of the reader's own policy.
    pub asked: Vec<Clause>,
    /// By whom its reserves are known.
    pub letters: Letters,
}

impl Attested {
    /// Takes in an attestation that verifies.
    pub fn new(file: &str, verified: Verified, asked: Vec<Clause>, letters: Letters) -> Self {
        let point = Point::of(file, &verified, &asked, &letters);
        Self { point, verified, asked, letters }
    }

    /// Whether every clause holds, the venue's own and the reader's, and no evidence is wrong.
    pub fn holds(&self) -> bool {
        self.verified.holds()
            && self.asked.iter().all(|clause| clause.holds)
            && self.letters.faults.is_empty()
    }

    /// As one of a chain.
    pub(crate) fn entry(&self) -> Entry<'_> {
        let Self { point, verified, .. } = self;
        Entry { name: &point.file, attestation: &verified.attestation, digest: verified.digest }
    }
}
