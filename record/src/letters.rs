//! By whom each reserve of an attestation is known.

use pacioli_attestation::{By, Verified};
use pacioli_evidence::{Evidence, Known, Offline, check};

/// One letter for each reserve, in the attestation's order, and what is wrong with their evidence.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Letters {
    /// The letters: the worse of the balance's and whose it is.
    pub by: Vec<By>,
    /// Faults, each with its reserve.
    pub faults: Vec<String>,
}

impl Letters {
    /// Of reserves without evidence: the publisher's word.
    pub fn none(verified: &Verified) -> Self {
        let reserves = verified.attestation.reserves.iter().flat_map(|one| &one.reserves);
        Self { by: reserves.map(|_| By::Publisher).collect(), faults: Vec::new() }
    }
}

/// The letters that evidence gives, without asking anybody: by what the reader knows alone.
pub fn letters(verified: &Verified, evidence: &Evidence, known: &Known) -> Letters {
    let (attestation, rules) = (&verified.attestation, &verified.rules);
    let report = check(attestation, rules, evidence, known, &mut Offline);
    let reserves = attestation.reserves.iter().flat_map(|one| &one.reserves);
    let faults = report.reserves.iter().zip(reserves).flat_map(|(checked, reserve)| {
        let place = format!("{} at {} on {}", reserve.asset, reserve.address, reserve.chain);
        checked.faults.iter().map(move |fault| format!("{place}: {fault}"))
    });
    let faults = faults.collect();
    Letters { by: report.reserves.iter().map(|one| one.by()).collect(), faults }
}
