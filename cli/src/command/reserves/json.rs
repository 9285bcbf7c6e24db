//! The same for programs.

use serde_json::{Value, json};

use super::{
    super::report::reserves as reserve_sums,
    found::{All, One, Verdict},
    sums::{by_letter, coverage, letter},
};

/// The document.
pub fn json(all: &All, verdict: Verdict, asks: bool) -> Value {
    let holds = match verdict {
        Verdict::Checked => Value::Bool(true),
        Verdict::Fault => Value::Bool(false),
        Verdict::Failed | Verdict::Nothing => Value::Null,
    };
    let shared = all.shared.iter().map(|one| {
        let place =
            |(venue, address): &(String, String)| json!({ "venue": venue, "address": address });
        let places: Vec<Value> = one.places.iter().map(place).collect();
        json!({ "places": places, "of_one_key": one.of_one_key })
    });
    let elsewhere =
        if all.ones.len() == 1 { json!("not known") } else { json!(shared.collect::<Vec<_>>()) };
    json!({
        "holds": holds,
        "verdict": verdict.word(),
        "faults": all.faults(),
        "used_elsewhere": elsewhere,
        "asked_nodes": asks,
        "attestations": all.ones.iter().map(one).collect::<Vec<_>>(),
    })
}

fn one(one: &One) -> Value {
    let entries = one.reserves().map(|reserves| reserves.reserves.as_slice()).unwrap_or_default();
    let reserves = entries.iter().zip(&one.found.reserves);
    let reserves = reserves.map(|(reserve, checked)| {
        json!({
            "asset": reserve.asset,
            "chain": reserve.chain,
            "address": reserve.address,
            "amount": reserve.amount,
            "purpose": reserve.purpose,
            "pledged": reserve.is_pledged(),
            "balance": { "by": checked.balance.by, "why": checked.balance.why },
            "whose": { "by": checked.whose.by, "why": checked.whose.why },
            "by": checked.by(),
            "shown": checked.shown,
            "now": checked.now,
            "known_bad": checked.is_denied,
            "faults": checked.faults,
            "not_asked": checked.failed,
        })
    });
    let mut by = json!({});
    for ((letter, purpose, asset), amount) in by_letter(one) {
        by[letter][purpose][asset] = json!(amount);
    }
    let coverage = coverage(one).map(|steps| {
        let step = |step: &super::sums::Step| {
            json!({
                "by": letter(step.by), "what": step.what, "reserves": step.reserves,
                "owed": step.owed, "coverage": step.coverage,
            })
        };
        steps.iter().map(step).collect::<Vec<_>>()
    });
    json!({
        "file": one.name,
        "venue": one.attestation.header.venue,
        "sequence": one.attestation.header.sequence,
        "digest": one.digest,
        "proofs_checked": one.verified.is_some(),
        "setup": one.verified.as_ref().map(|verified| verified.origin().to_string()),
        "reserves": reserves.collect::<Vec<_>>(),
        "unused_entries": one.found.unused,
        "sums_by_letter": by,
        "sums": one.reserves().map(|reserves| reserve_sums::sums_json(&reserve_sums::sums(reserves))),
        "coverage_at_mark": coverage,
    })
}
