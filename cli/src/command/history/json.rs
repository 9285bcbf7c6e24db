//! A record for programs.

use pacioli_attestation::{Finding, unasked};
use pacioli_record::{Attested, Record};
use serde_json::{Value, json};

use super::{
    super::report::{Setup, drawn_json},
    text::verdict,
};

/// The whole record.
pub fn of(record: &Record) -> Value {
    let refused = record.refused.iter();
    let refused = refused.map(|one| json!({ "file": one.file, "error": one.reason }));
    let changes = record.steps.iter().map(|step| {
        let number = record.attested[step.index].point.number;
        json!({ "sequence": number, "changes": step.changes })
    });
    json!({
        "holds": record.holds(),
        "verdict": verdict(record),
        "attestations": record.attested.iter().map(attested).collect::<Vec<_>>(),
        "refused": refused.collect::<Vec<_>>(),
        "chain": record.findings.iter().map(finding).collect::<Vec<_>>(),
        "changes": changes.collect::<Vec<_>>(),
        "ignored": record.others,
    })
}

/// What a chain shows.
pub fn finding(finding: &Finding) -> Value {
    let mut one = json!(finding);
    one["text"] = finding.to_string().into();
    one["breaks"] = finding.breaks().into();
    one
}

/// One attestation: its point, and what it was checked as.
fn attested(one: &Attested) -> Value {
    let Attested { point, verified, asked, letters } = one;
    let worst = point.worst_bad_debt();
    let mark = point.scenarios.first();
    let mut document = json!(point);
    let more = json!({
        "drawn": drawn_json(verified),
        "holds": one.holds(),
        "policy_holds": verified.holds(),
        "setup": Setup::of(verified).json(),
        "owed": mark.map(|mark| &mark.owed),
        "coverage": mark.and_then(|mark| mark.coverage.as_ref()),
        "worst_bad_debt": worst.map(|(_, debt)| debt),
        "worst_scenario": worst.map(|(scenario, _)| scenario),
        "policy": verified.clauses,
        "policy_asks_nothing_of":
            unasked(verified.rules.policy(), &verified.compiled, &verified.figures),
        "your_policy": asked,
        "evidence_faults": letters.faults,
        "evidence_unused": letters.unused,
        "by": {
            "as_of": "W", "owed": "P", "coverage": "W", "worst_bad_debt": "P", "reserves": "W",
            "fund": "W", "deposits": "P", "borrows": "P", "price": "W", "long": "P", "short": "P",
            "stated": "W", "software": "W", "accounts": "W", "state": "R", "key": "R",
        },
    });
    if let (Some(document), Value::Object(more)) = (document.as_object_mut(), more) {
        document.extend(more);
    }
    document
}
