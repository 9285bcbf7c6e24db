//! The report as one JSON document.

use pacioli_attestation::bound::Standing;
use serde_json::{Value, json};

use super::{super::report::Setup, Found, LIMITS};

impl Found<'_> {
    pub(super) fn json(&self) -> Value {
        let findings = self.verified.findings();
        let attestation = &findings.attestation;
        let holds = match self.standing() {
            Standing::Holds => Some(true),
            Standing::CannotHold => Some(false),
            _ => None,
        };
        let scenarios = self.repriced.scenarios.iter().map(|one| {
            let mut one = json!(one);
            one["by"] = json!({
                "owed_at_most": "P", "owed_at_least": "P", "bad_debt_at_most": "P",
                "bad_debt_at_least": "P", "owed_to_others": "P", "reserves": "W",
                "insurance_reserves": "W", "coverage_at_least": "W", "coverage_at_most": "W",
                "fund_at_least": "W",
            });
            one
        });
        json!({
            "holds": holds,
            "verdict": self.verdict(),
            "qualified": self.qualified(),
            "setup": Setup::of(self.verified).json(),
            "digest": findings.digest,
            "venue": attestation.header.venue,
            "sequence": attestation.header.sequence,
            "snapshot_as_of": attestation.header.as_of.to_string(),
            "proof_prices_as_of": attestation.prices.as_of.to_string(),
            "prices": self.prices,
            "prices_file": self.file,
            "now": self.now.to_string(),
            "quote": findings.compiled.quote,
            "margins_of_proof_accepted": self.counts_held,
            "too_coarse": self.repriced.coarse,
            "own_prices": self.repriced.own_prices,
            "scenarios": scenarios.collect::<Vec<_>>(),
            "certificates": self.repriced.certificates,
            "certificates_given": self.given,
            "policy": self.own,
            "your_policy": self.asked,
            "as_of_the_proof": findings.figures.scenarios,
            "sweep": self.sweep,
            "not_covered": LIMITS,
        })
    }
}
