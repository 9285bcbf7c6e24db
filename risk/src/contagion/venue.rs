//! The venues that are read together, and what the reader asks about them.

use jiff::SignedDuration;
use pacioli_attestation::{Findings, Reserve};
use pacioli_rules::Decimal;

/// The most venues that are read together: all of them in one net of claims are solved in seconds.
pub const MOST: usize = 32;

/// What the reader asks about, and what they let pass.
#[derive(Clone, Debug)]
pub struct Limits {
    /// The scenario: `mark` or a stress.
    pub scenario: String,
    /// How far two venues' prices may lie apart, as a part of the smaller.
    pub band: Decimal,
    /// How far times may lie apart.
    pub within: SignedDuration,
    /// Whether claims count that are a venue's word alone.
    pub count_word: bool,
    /// Custodians that are none of the venues, however near their names are.
    pub outside: Vec<String>,
}

/// One venue: a verified attestation, and its file's name in errors.
#[derive(Clone, Copy, Debug)]
pub struct Venue<'a> {
    /// The file's name.
    pub file: &'a str,
    /// What the attestation says.
    pub findings: &'a Findings,
}

impl<'a> Venue<'a> {
    /// The venue's name.
    pub fn name(&self) -> &'a str {
        &self.findings.attestation.header.venue
    }

    /// Its reserves.
    pub(super) fn entries(&self) -> &'a [Reserve] {
        let reserves = self.findings.attestation.reserves.as_ref();
        reserves.map(|reserves| &reserves.reserves[..]).unwrap_or_default()
    }

    /// The place of a reserve, for errors.
    pub(super) fn place(&self, index: usize) -> String {
        format!("{}: reserves[{index}]", self.file)
    }
}
