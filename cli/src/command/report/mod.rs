//! What a checked attestation says, in text and numbers.
//!
//! Everything that the verdict judges is in the report: times, prices, reserves, the scenarios'
//! moves, what was left out. Each figure names who vouches for it.

mod behind;
mod figures;
mod policy;
mod prices;
pub mod reserves;
mod scenarios;
mod since;
#[cfg(test)]
mod tests;
mod times;

pub use pacioli_report::{
    format::{age, apart},
    headline::{failing, named, qualified, some, warning, word},
    moves::percent,
};
pub use since::{Since, list};
pub use times::drawn_json;

use std::fmt::Write;

use jiff::Timestamp;
use pacioli_attestation::{Clause, Digest, Findings, Verified, setup::Origin, unasked};
use pacioli_report::{LETTERS, LIMITS, headline};
use serde_json::{Value, json};

use super::setup_state::state_json;
use crate::{output::Report, table::paragraph};

/// The reader's input to a report.
#[derive(Debug)]
pub struct Reading {
    /// The reader's time.
    pub now: Timestamp,
    /// The results of the reader's own requirements, if any.
    pub asked: Option<Vec<Clause>>,
    /// The changes since the previous attestation, if it was given.
    pub since: Option<Since>,
}

impl Reading {
    /// A time alone.
    pub fn at(now: Timestamp) -> Self {
        Self { now, asked: None, since: None }
    }
}

/// The setup and key that an attestation was verified under.
#[derive(Clone, Copy, Debug)]
pub struct Setup {
    /// Who is trusted not to know its tau.
    pub origin: Origin,
    /// Its digest.
    pub digest: Digest,
    /// The key's.
    pub key: Digest,
}

impl Setup {
    /// The setup of an attestation.
    pub fn of(verified: &Verified) -> Self {
        let key = verified.key();
        Self { origin: verified.origin(), digest: key.setup_digest(), key: key.digest() }
    }

    /// The setup for programs.
    pub fn json(&self) -> Value {
        state_json(self.origin, self.digest, Some(self.key))
    }
}

/// The report on a checked attestation.
pub fn report(verified: &Verified, reading: &Reading) -> Report {
    said(verified.findings(), &Setup::of(verified), reading)
}

/// The report on what was found under a setup.
fn said(findings: &Findings, setup: &Setup, reading: &Reading) -> Report {
    let text = text(findings, setup, reading).expect("a string takes all");
    let yours = reading.asked.as_deref().unwrap_or_default();
    let holds = findings.holds() && yours.iter().all(|clause| clause.holds);
    Report { text, json: document(findings, setup, reading, holds), holds }
}

fn text(findings: &Findings, setup: &Setup, reading: &Reading) -> Result<String, std::fmt::Error> {
    let mut text = String::new();
    let t = &mut text;
    let asked = reading.asked.as_deref();
    writeln!(t, "{}", headline::verdict(findings, setup.origin, asked))?;
    for line in headline::qualified(findings, setup.origin) {
        paragraph(t, "  ", &line)?;
    }
    writeln!(t, "\n{LETTERS}\n")?;
    times::head(t, findings, setup, reading.now)?;
    behind::text(t, findings)?;
    scenarios::text(t, findings)?;
    figures::text(t, findings)?;
    policy::text(t, "the venue's own policy", &findings.clauses)?;
    if let Some(asked) = asked {
        policy::text(t, "your policy", asked)?;
    }
    if let Some(since) = &reading.since {
        since.text(t)?;
    }
    reserves::text(t, findings)?;
    prices::text(t, findings)?;
    writeln!(t, "\nnot proved")?;
    LIMITS.iter().try_for_each(|limit| paragraph(t, "  - ", limit))?;
    Ok(text)
}

fn document(findings: &Findings, setup: &Setup, reading: &Reading, holds: bool) -> Value {
    let Findings { attestation, clauses, digest, rules, compiled, .. } = findings;
    let [coverage, outside] = figures::coverage_json(findings);
    json!({
        "holds": holds,
        "policy_holds": findings.holds(),
        "verdict": headline::verdict(findings, setup.origin, reading.asked.as_deref()),
        "qualified": headline::qualified(findings, setup.origin),
        "letters": LETTERS,
        "setup": setup.json(),
        "digest": digest,
        "rules_digest": Digest::of(attestation.rules.as_bytes()),
        "header": attestation.header,
        "volumes": attestation.volumes.len(),
        "trial_balance": { "zero": true, "by": "R" },
        "times": times::json(findings, reading.now),
        "quote": compiled.quote,
        "figures": figures::json(findings),
        "backing": behind::json(findings),
        "coverage": coverage,
        "reserves_without_rows": outside,
        "scenarios": scenarios::json(findings),
        "policy": clauses,
        "policy_asks_nothing_of": unasked(rules.policy(), compiled, &findings.figures),
        "your_policy": reading.asked,
        "previous": reading.since.as_ref().map(Since::json),
        "reserves": reserves::json(findings),
        "prices": prices::json(findings),
        "not_proved": LIMITS,
    })
}
