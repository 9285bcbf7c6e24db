//! What was found of the reserves of attestations.

use pacioli_attestation::{Attestation, By, Digest, Purpose, Reserve, Reserves, Verified};
use pacioli_evidence::{Checked, Report, Shared};

/// How it ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Nothing is wrong.
    Checked,
    /// Something is wrong.
    Fault,
    /// A node did not answer.
    Failed,
    /// All is the venue's word.
    Nothing,
}

impl Verdict {
    /// The first word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Checked => "CHECKED",
            Self::Fault => "DOES NOT HOLD",
            Self::Failed => "COULD NOT CHECK",
            Self::Nothing => "NOTHING CHECKED",
        }
    }
}

/// One attestation with what was found of its reserves.
pub(super) struct One {
    pub(super) name: String,
    pub(super) attestation: Attestation,
    pub(super) digest: Digest,
    /// Verified under the reader's key, where they gave one.
    pub(super) verified: Option<Verified>,
    pub(super) found: Report,
}

impl One {
    pub(super) fn reserves(&self) -> Option<&Reserves> {
        self.attestation.reserves.as_ref()
    }

    pub(super) fn faults(&self) -> usize {
        self.found.reserves.iter().map(|one| one.faults.len()).sum()
    }

    pub(super) fn failed(&self) -> bool {
        self.found.reserves.iter().any(|one| !one.failed.is_empty())
    }

    /// Whether anything is known of any reserve but by the venue's word.
    pub(super) fn is_anything_known(&self) -> bool {
        let known = |one: &Checked| one.balance.by < By::Publisher || one.whose.by < By::Publisher;
        let entries = self.reserves().into_iter().flat_map(|reserves| &reserves.reserves);
        let counts = |entry: &Reserve| {
            !entry.is_pledged() && entry.purpose != Purpose::Claim && entry.amount.mantissa() > 0
        };
        let mut pairs = entries.zip(&self.found.reserves);
        pairs.any(|(entry, one)| counts(entry) && known(one))
    }
}

/// Everything that was found.
pub(super) struct All {
    pub(super) ones: Vec<One>,
    pub(super) shared: Vec<Shared>,
}

impl All {
    pub(super) fn faults(&self) -> usize {
        self.ones.iter().map(One::faults).sum::<usize>() + self.shared.len()
    }
}
