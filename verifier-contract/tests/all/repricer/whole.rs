//! A proved book at other prices: what Rust says of its attestation, the chain says of its record.

use alloy_primitives::U256;
use alloy_sol_types::{SolCall, SolEvent};
use pacioli_attestation::{Candidate, VerifyingKey};
use pacioli_circuits::ScenarioId;
use pacioli_verifier_contract::{
    bindings::{Repricer as C, SolvencyRegistry as R},
    submission,
};

use crate::{
    registry::{
        whole::{Registered, attestation_of},
        world::*,
    },
    repricer::{
        expected,
        fixture::{Attested, int, moved, repricer},
    },
};

#[test]
fn a_certificate_that_rust_finds_shows_the_same_on_chain() {
    let attestation = attestation_of("2026-01-01T00:00:00Z", 900);
    let candidate = Candidate::read(&attestation.to_bytes()).unwrap();
    let key = VerifyingKey::insecure(candidate.shape());
    let verified = candidate.verify(key, &()).unwrap();
    let (compiled, rules) = (&verified.compiled, &verified.rules);
    let Registered { mut evm, registry, submission, volumes, .. } = Registered::new(&attestation);
    assert_eq!(volumes.len(), 2);
    let venue = submission.venue;
    let submit = R::submitCall { submission, volumes, signatures: vec![] };
    let output = evm.call(PUBLISHER, registry, submit.abi_encode()).unwrap();
    let attested = output.logs.iter().find_map(|log| R::Attested::decode_log(log).ok()).unwrap();
    let record = attested.data.record;
    let contract = repricer(&mut evm, registry);

    let book = submission::proved_book(record, &attestation.prices, &verified.totals).unwrap();
    let of = Attested { compiled, rules, totals: &verified.totals };
    for part in [400, 900, 999, 1_000, 1_001, 1_100, 2_500] {
        let there = moved(&attestation.prices, &[part, 1_000]);
        let scenario = ScenarioId::MARK;
        let multipliers = expected::found(of, &there, scenario).unwrap();
        let call = C::boundAtCall {
            venue,
            book: book.clone(),
            prices: submission::prices(&there).unwrap(),
            scenario: U256::from(scenario.index()),
            multipliers: multipliers.clone(),
        };
        let answer = evm.view(STRANGER, contract, call.abi_encode()).unwrap();
        let bound = C::boundAtCall::abi_decode_returns(&answer.bytes).unwrap();
        let got = [bound.owedAtMost, bound.owedAtLeast, bound.badDebtAtMost, bound.badDebtAtLeast];
        let said = expected::said(of, &there, scenario, &multipliers).unwrap();
        assert_eq!(got.map(int), said, "{part}");
    }
}
