//! One attestation as a point in time, and those before it.

use jiff::Timestamp;
use pacioli_attestation::{Digest, Findings, Reserves, Verified, backing};
use pacioli_rules::Amount;

use crate::worth::worth_at_mark;

/// What one attestation said of its time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moment {
    /// Its venue, by the publisher's word.
    pub venue: String,
    /// Its sequence number.
    pub sequence: u64,
    /// Its digest.
    pub digest: Digest,
    /// When the snapshot was taken.
    pub as_of: Timestamp,
    /// The currency of its figures.
    pub quote: String,
    /// What is owed at mark.
    pub owed: Amount,
    /// The customers' reserves at mark, where any are stated.
    pub reserves: Option<Amount>,
    /// Their ratio, rounded down: with the publisher's word.
    pub coverage: Option<Amount>,
    /// The same by what was read or signed by others; `None` where no evidence was looked at.
    pub known_coverage: Option<Amount>,
    /// The largest bad debt of mark and the stresses, and in which of them.
    pub worst: Option<(String, Amount)>,
    /// The longs of all markets, valued at mark.
    pub open_interest: Amount,
    /// Whether it keeps the venue's own policy.
    pub keeps_policy: bool,
}

impl Moment {
    /// The point of an attestation that verifies, with the reserves that are known by more than its
    /// publisher's word, where evidence was looked at.
    pub fn of(verified: &Verified, known: Option<&Reserves>) -> Self {
        let findings = verified.findings();
        Self::found(findings, known.and_then(|known| coverage_at_mark(findings, known)))
    }

    pub(crate) fn found(findings: &Findings, known_coverage: Option<Amount>) -> Self {
        let Findings { attestation, compiled, figures, .. } = findings;
        let stated = attestation.reserves.as_ref();
        let backing = backing(compiled, figures, stated);
        let worst = backing.iter().rev().max_by_key(|one| &one.bad_debt.units);
        let mark = backing.first();
        let nothing = || Amount::new(0u32, compiled.value_decimals);
        let mut open_interest = nothing();
        for market in &figures.markets {
            let rows = compiled.markets.get(&market.name).map(|rows| rows.longs.as_slice());
            if let Some(worth) = worth_at_mark(compiled, rows.unwrap_or_default(), &market.long) {
                open_interest.units += worth.units;
            }
        }
        Self {
            venue: attestation.header.venue.clone(),
            sequence: attestation.header.sequence,
            digest: findings.digest,
            as_of: attestation.header.as_of,
            quote: compiled.quote.clone(),
            owed: mark.map_or_else(nothing, |mark| mark.owed.clone()),
            reserves: mark.filter(|_| stated.is_some()).map(|mark| mark.reserves.clone()),
            coverage: mark.filter(|_| stated.is_some()).and_then(|mark| mark.coverage.clone()),
            known_coverage,
            worst: worst.map(|one| (one.scenario.clone(), one.bad_debt.clone())),
            open_interest,
            keeps_policy: findings.holds(),
        }
    }
}

/// A history that an attestation is part of.
#[derive(Clone, Debug, Default)]
pub struct Past {
    /// Its attestations in order, this one included.
    pub moments: Vec<Moment>,
    /// What it shows as a chain, in words, and whether that breaks it.
    pub findings: Vec<(String, bool)>,
    /// Files that were checked and refused, with the reason.
    pub refused: Vec<(String, String)>,
    /// What changed with an attestation, by its sequence number.
    pub changes: Vec<(u64, Vec<String>)>,
}

/// How many times what is owed at mark these reserves are.
pub(crate) fn coverage_at_mark(findings: &Findings, reserves: &Reserves) -> Option<Amount> {
    let backing = backing(&findings.compiled, &findings.figures, Some(reserves));
    backing.into_iter().next()?.coverage
}

impl Past {
    /// Notes of one of them how far what was read or signed goes, where its reader knows more than a
    /// folder says.
    pub fn knows(&mut self, digest: Digest, coverage: Option<Amount>) {
        let own = self.moments.iter_mut().filter(|one| one.digest == digest);
        own.for_each(|one| one.known_coverage.clone_from(&coverage));
    }

    /// Why it is no whole chain, in words.
    pub fn broken(&self) -> Vec<String> {
        let refused = self.refused.iter().map(|(name, why)| format!("{name} is refused: {why}"));
        let breaks = self.findings.iter().filter(|(_, breaks)| *breaks);
        refused.chain(breaks.map(|(text, _)| text.clone())).collect()
    }
}
