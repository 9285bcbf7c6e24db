//! Pages of the stored attestation, as it is and changed.

mod green;
mod page;
mod site;

use jiff::Timestamp;
use pacioli_attestation::{By, Candidate, Digest, Findings, Purpose, VerifyingKey, setup::Origin};
use pacioli_evidence::{Evidence, Known, Offline, Report as EvidenceReport, check};
use pacioli_rules::Rules;

use crate::{Judgement, Made, Moment, Past, Subject};

const STORED: &[u8] = include_bytes!("../../../tests/fixtures/attestation_v1_draft.json");

pub fn found() -> Findings {
    let candidate = Candidate::read(STORED).unwrap();
    let key = VerifyingKey::insecure(candidate.shape());
    candidate.verify(key, &()).unwrap().findings().clone()
}

pub fn now() -> Timestamp {
    "2026-01-01T06:00:00Z".parse().unwrap()
}

pub fn made() -> Made {
    let (by, command) = (Some("Allocator".to_owned()), "pacioli report a.json".to_owned());
    Made { by, at: now(), software: "pacioli 0".to_owned(), command }
}

pub fn subject(findings: &Findings, origin: Origin) -> Subject<'_> {
    Subject::of(findings, (origin, Digest([1; 32]), Digest([2; 32])), made())
}

pub fn html(subject: &Subject<'_>) -> String {
    crate::page(subject, &Judgement::of(subject))
}

/// Evidence by which every reserve is known, read and signed for.
pub fn all_known(findings: &Findings) -> EvidenceReport {
    let attestation = &findings.attestation;
    let known = Known::default();
    let mut report = check(attestation, &findings.rules, &Evidence::empty(), &known, &mut Offline);
    for one in &mut report.reserves {
        one.balance.by = By::Chain;
        one.whose.by = By::Recomputed;
    }
    report
}

/// The stored book with reserves that cover every scenario, and without a clause that fails.
pub fn solvent() -> Findings {
    let mut findings = found();
    let text = findings.rules.text().replace("crash = \"5000\"", "crash = \"5000000\"");
    findings.rules = Rules::parse(&text).unwrap();
    let reserves = findings.attestation.reserves.as_mut().unwrap();
    for one in &mut reserves.reserves {
        if one.purpose == Purpose::Customers && one.encumbrance.is_none() {
            one.amount = "1000000000".parse().unwrap();
        }
    }
    let evidence = pacioli_attestation::Evidence::new(
        &findings.attestation,
        &findings.compiled,
        &findings.figures,
    );
    findings.clauses = pacioli_attestation::evaluate_policy(findings.rules.policy(), &evidence);
    assert!(findings.holds(), "{:#?}", findings.clauses);
    findings
}

pub const KNOWN: Origin = Origin::Ceremony("a ceremony");

/// The attestation on four days, of which each owes more.
pub fn history(findings: &Findings) -> Past {
    let moment = Moment::found(findings, None);
    let moments = (0..4u64).map(|day| {
        let mut one = moment.clone();
        one.sequence = day;
        one.as_of += jiff::SignedDuration::from_hours(24 * day as i64);
        one.owed.units += day * 1_000_000_000_000u64;
        one
    });
    Past { moments: moments.collect(), ..Past::default() }
}
