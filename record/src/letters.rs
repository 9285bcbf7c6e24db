//! By whom each reserve of an attestation is known.

use pacioli_attestation::{By, Reserves, Verified};
use pacioli_evidence::{Evidence, Known, Offline, check};

/// One letter for each reserve, in the attestation's order, and what is wrong with their evidence.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Letters {
    /// The letters: the worse of the balance's and whose it is.
    pub by: Vec<By>,
    /// Faults, each with its reserve.
    pub faults: Vec<String>,
    /// What of the evidence made no letter better, and why.
    pub unused: Vec<String>,
    /// The evidence that there was.
    pub evidence: Given,
}

/// Evidence of reserves, if any was given.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Given {
    /// None was.
    #[default]
    None,
    /// It was looked at.
    Read,
    /// It could not be read, for this reason: what it would show or disprove is not known.
    Unread(String),
}

impl Letters {
    /// Of reserves without evidence: the publisher's word.
    pub fn none(verified: &Verified) -> Self {
        let reserves = verified.attestation.reserves.iter().flat_map(|one| &one.reserves);
        Self { by: reserves.map(|_| By::Publisher).collect(), ..Self::default() }
    }

    /// Of reserves whose evidence cannot be read: the publisher's word.
    pub fn unread(verified: &Verified, why: String) -> Self {
        Self { evidence: Given::Unread(why), ..Self::none(verified) }
    }

    /// The reserves that are known by more than the publisher's word; `None` where no evidence was looked
    /// at, or none are stated.
    pub fn known(&self, verified: &Verified) -> Option<Reserves> {
        let reserves = verified.attestation.reserves.as_ref()?;
        if self.evidence != Given::Read {
            return None;
        }
        let lettered = reserves.reserves.iter().zip(&self.by);
        let known = lettered.filter(|(_, by)| **by < By::Publisher);
        let known = known.map(|(reserve, _)| reserve.clone()).collect();
        Some(Reserves { as_of: reserves.as_of, reserves: known })
    }
}

/// The letters that evidence gives, without asking anybody: by what the reader knows alone.
pub fn letters(verified: &Verified, evidence: &Evidence, known: &Known) -> Letters {
    let (attestation, rules) = (&verified.attestation, &verified.rules);
    let report = check(attestation, rules, evidence, known, &mut Offline);
    let reserves = attestation.reserves.iter().flat_map(|one| &one.reserves);
    let (mut faults, mut unused) = (Vec::new(), Vec::new());
    for (checked, reserve) in report.reserves.iter().zip(reserves) {
        let place = format!("{} at {} on {}", reserve.asset, reserve.address, reserve.chain);
        faults.extend(checked.faults.iter().map(|fault| format!("{place}: {fault}")));
        let is_idle = checked.looked_at > 0 && checked.by() == By::Publisher;
        if is_idle && checked.faults.is_empty() {
            let (balance, whose) = (&checked.balance.why, &checked.whose.why);
            unused.push(format!("{place}: balance: {balance}; whose: {whose}"));
        }
    }
    let entry = |place: &usize| format!("entries[{place}] names no reserve of the attestation");
    unused.extend(report.unused.iter().map(entry));
    let by = report.reserves.iter().map(|one| one.by()).collect();
    Letters { by, faults, unused, evidence: Given::Read }
}
