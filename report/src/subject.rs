//! What a report is about: one attestation, and all that its reader knows besides.

use jiff::Timestamp;
use pacioli_attestation::{Clause, Digest, Findings, Reserves, Verified, setup::Origin};
use pacioli_evidence::Report as EvidenceReport;
use pacioli_rules::{Amount, Span};

use crate::{
    cover::{Cover, covers},
    held::{Held, held, known, unread},
    moment::{Past, coverage_at_mark},
    second::Second,
};

/// How old a snapshot may be where no policy of the reader's says it. A report says nothing about a day
/// that it was not made for, and somebody has to decide when that day is over.
pub const DEFAULT_AGE: Span = Span(25 * 3_600);

/// Who made a report, when, and how it is made again.
#[derive(Clone, Debug)]
pub struct Made {
    /// Who ran it, as they call themselves.
    pub by: Option<String>,
    /// When.
    pub at: Timestamp,
    /// The program, with its version.
    pub software: String,
    /// The command, without what is secret or of one machine.
    pub command: String,
}

/// What the reader asked for.
#[derive(Clone, Debug)]
pub struct Asked {
    /// As they wrote it.
    pub text: String,
    /// Their clauses.
    pub clauses: Vec<Clause>,
    /// The same clauses where only reserves count that are known by more than the publisher's word.
    pub counting: Vec<Clause>,
    /// How old the snapshot may be.
    pub max_age: Option<Span>,
}

/// The attestation before.
#[derive(Clone, Debug)]
pub struct Previous {
    /// Its sequence number.
    pub sequence: u64,
    /// Its digest.
    pub digest: Digest,
    /// Whether its proofs were verified too.
    pub is_verified: bool,
    /// What changed since, in words.
    pub changes: Vec<String>,
}

/// What a report is about.
#[derive(Clone, Debug)]
pub struct Subject<'a> {
    /// The attestation, checked.
    pub(crate) findings: &'a Findings,
    /// Who is trusted not to know the setup's tau.
    pub(crate) origin: Origin,
    /// The setup's digest.
    pub(crate) setup: Digest,
    /// The key's.
    pub(crate) key: Digest,
    /// Who made the report.
    pub made: Made,
    /// What evidence shows of the reserves, where any was given.
    pub evidence: Option<&'a EvidenceReport>,
    /// What the reader asked for.
    pub asked: Option<Asked>,
    /// The reader's own prices.
    pub second: Option<Second>,
    /// The attestation before, where it was given.
    pub previous: Option<Previous>,
    /// The history that it is part of, where one was given.
    pub past: Option<Past>,
    /// What else was to be read and could not be.
    pub unread: Vec<String>,
}

impl<'a> Subject<'a> {
    /// A report about an attestation alone.
    pub fn new(verified: &'a Verified, made: Made) -> Self {
        let key = verified.key();
        let (setup, digest) = (key.setup_digest(), key.digest());
        Self::of(verified.findings(), (verified.origin(), setup, digest), made)
    }

    pub(crate) fn of(
        findings: &'a Findings,
        (origin, setup, key): (Origin, Digest, Digest),
        made: Made,
    ) -> Self {
        let (evidence, asked, second, previous, past) = (None, None, None, None, None);
        let unread = Vec::new();
        Self { findings, origin, setup, key, made, evidence, asked, second, previous, past, unread }
    }

    /// Its reserves.
    pub(crate) fn held(&self) -> Vec<Held<'_>> {
        held(self.findings, self.evidence)
    }

    /// Those that are known by more than the publisher's word.
    pub(crate) fn known(&self) -> Option<Reserves> {
        known(self.findings, self.evidence)
    }

    /// What covers the book in each scenario.
    pub(crate) fn covers(&self) -> Vec<Cover> {
        covers(self.findings, self.known().as_ref(), self.second.as_ref())
    }

    /// Everything that was asked for and says nothing.
    pub fn all_unread(&self) -> Vec<String> {
        let evidence = self.evidence.map(unread).unwrap_or_default();
        evidence.into_iter().chain(self.unread.iter().cloned()).collect()
    }

    /// Coverage at mark by what was read or signed; `None` where no evidence was looked at, or nothing is
    /// owed.
    pub fn known_coverage(&self) -> Option<Amount> {
        self.evidence?;
        coverage_at_mark(self.findings, self.known().as_ref()?)
    }

    /// How old the snapshot may be, and whether the reader says so.
    pub(crate) fn max_age(&self) -> (Span, bool) {
        let own = self.asked.as_ref().and_then(|asked| asked.max_age);
        (own.unwrap_or(DEFAULT_AGE), own.is_some())
    }

    /// Whether it was too old when the report was made.
    pub(crate) fn is_old(&self) -> bool {
        self.made.at > self.until()
    }

    /// The last moment at which the report is about today.
    pub(crate) fn until(&self) -> Timestamp {
        let seconds = i64::try_from(self.max_age().0.0).unwrap_or(i64::MAX);
        let as_of = self.findings.attestation.header.as_of;
        as_of.checked_add(jiff::SignedDuration::from_secs(seconds)).unwrap_or(Timestamp::MAX)
    }
}
