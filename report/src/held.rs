//! The reserves of an attestation, and by whom each is known.
//!
//! Without evidence all are the publisher's word. What counts as known was read by whoever reports, or
//! signed by others: letters C and O. One with a fault in its evidence is not.

use num_bigint::BigUint;
use pacioli_attestation::{By, CountsNothing, Findings, Reserve, Reserves};
use pacioli_evidence::{Checked, Report};

/// Why a reserve counts nothing, in words.
pub fn why(why: CountsNothing) -> &'static str {
    match why {
        CountsNothing::Pledged => "it is pledged, or answers for something else first",
        CountsNothing::Claim => "a claim on a venue: counts only with contagion",
        CountsNothing::NoAsset => "it is no asset of these rules and prices",
    }
}

/// One reserve.
#[derive(Clone, Copy, Debug)]
pub struct Held<'a> {
    /// As the attestation has it.
    pub reserve: &'a Reserve,
    /// What its evidence shows, where any was looked at.
    pub checked: Option<&'a Checked>,
    /// Why it counts nothing, if it does.
    pub uncounted: Option<CountsNothing>,
}

impl Held<'_> {
    /// By whom it is known.
    pub fn by(&self) -> By {
        match self.checked.map_or(By::Publisher, Checked::by) {
            // What nobody but the reader computed was read by the reader.
            By::Proved | By::Recomputed | By::Chain => By::Chain,
            by => by,
        }
    }

    /// Whether less is there now than the attestation says.
    pub fn is_gone(&self) -> bool {
        let Some(now) = self.checked.and_then(|checked| checked.now.as_ref()) else { return false };
        let ten = |digits| BigUint::from(10u32).pow(digits);
        let stated = self.reserve.amount.mantissa().unsigned_abs() * ten(now.decimals);
        &now.units * ten(self.reserve.amount.scale()) < stated
    }

    /// What is wrong with its evidence.
    pub fn faults(&self) -> &[String] {
        self.checked.map_or(&[], |checked| &checked.faults)
    }
}

/// All reserves of an attestation, in its order.
pub fn held<'a>(findings: &'a Findings, evidence: Option<&'a Report>) -> Vec<Held<'a>> {
    let Some(reserves) = &findings.attestation.reserves else { return Vec::new() };
    let uncounted: Vec<_> = reserves.uncounted(&findings.compiled).collect();
    let held = reserves.reserves.iter().enumerate().map(|(index, reserve)| Held {
        reserve,
        checked: evidence.and_then(|report| report.reserves.get(index)),
        uncounted: uncounted.iter().find(|(at, ..)| *at == index).map(|(.., why)| *why),
    });
    held.collect()
}

/// The reserves that are known by more than the publisher's word; `None` where none are stated at all.
pub fn known(findings: &Findings, evidence: Option<&Report>) -> Option<Reserves> {
    let as_of = findings.attestation.reserves.as_ref()?.as_of;
    let held = held(findings, evidence).into_iter().filter(|one| one.by() < By::Publisher);
    Some(Reserves { as_of, reserves: held.map(|one| one.reserve.clone()).collect() })
}

/// What was given or asked for and says nothing: readings that failed, and evidence of no reserve.
pub fn unread(report: &Report) -> Vec<String> {
    let mut unread: Vec<String> =
        report.reserves.iter().flat_map(|one| &one.failed).cloned().collect();
    let entry = |place: &usize| format!("entries[{place}] of the evidence names no reserve");
    unread.extend(report.unused.iter().map(entry));
    unread
}
