//! Several volumes under one check of pairings, and forgeries in each of them.

use alloy_primitives::U256;
use alloy_sol_types::SolCall;
use pacioli_verifier_contract::{bindings::Evaluator as E, errors::name};

use crate::{
    evaluator::fixture::{Stand, reserves_only},
    verifier::fixture::{
        Contract, Keys, Proved, SCENARIOS, VolumeVerifier as V, calldata_in, error, named,
    },
};

/// What `accumulate` answers of a proof.
fn accumulated(contract: &mut Contract, proved: &Proved) -> (Vec<u8>, [U256; 4]) {
    let call = V::verifyCall {
        instance: proved.instance(),
        scenarios: U256::from(SCENARIOS),
        proof: proved.proof.clone().into(),
    };
    let call = [&V::accumulateCall::SELECTOR[..], &call.abi_encode()[4..]].concat();
    let output = contract.ask(&call).unwrap();
    let words: Vec<_> = output.bytes.chunks(32).map(U256::from_be_slice).collect();
    (output.bytes[..32].to_vec(), words[1..].try_into().unwrap())
}

/// Why points do not settle; nothing if they do.
fn settle(contract: &mut Contract, points: Vec<[U256; 4]>) -> Option<V::VolumeVerifierErrors> {
    let call = V::settleCall { points }.abi_encode();
    contract.ask(&call).err().map(|revert| error(&revert))
}

#[test]
fn proofs_settle_together_if_and_only_if_each_holds() {
    let keys = Keys::shared();
    let mut contract = Contract::new();
    let honest: Vec<Proved> =
        (0..3).map(|seed| Proved::seeded(keys, 20, 40 + seed, |_| {})).collect();
    let mut points = Vec::new();
    for proved in &honest {
        let verified = contract.ask(&calldata_in(&proved.instance(), SCENARIOS, &proved.proof));
        let (phase1, own) = accumulated(&mut contract, proved);
        assert_eq!(phase1, verified.unwrap().bytes);
        points.push(own);
    }
    for count in 1..=3 {
        assert_eq!(settle(&mut contract, points[..count].to_vec()), None);
    }
    let does_not_hold = Some(named(V::DoesNotHold {}));
    assert_eq!(settle(&mut contract, Vec::new()), does_not_hold);

    // A proof under another context has points of its own, which do not hold in any company.
    let mut forged = honest[0].clone();
    forged.context = honest[1].context;
    let (_, bad) = accumulated(&mut contract, &forged);
    for place in 0..=3 {
        let mut all = points.clone();
        all.insert(place, bad);
        assert_eq!(settle(&mut contract, all), does_not_hold, "in place {place}");
    }
    assert_eq!(settle(&mut contract, vec![bad]), does_not_hold);

    // Two that fail by opposite points would hold without weights, or with weights that are known:
    // the same bad proof with both points negated.
    let q = "21888242871839275222246405745257275088696311157297823662689037894645226208583";
    let q: U256 = q.parse().unwrap();
    let negated = [bad[0], q - bad[1], bad[2], q - bad[3]];
    assert_eq!(settle(&mut contract, vec![bad, negated]), does_not_hold);
    assert_eq!(settle(&mut contract, vec![points[0], bad, negated]), does_not_hold);

    // Points that are none.
    let precompile = Some(named(V::PrecompileFailed {}));
    for word in 0..4 {
        let mut off = points.clone();
        off[1][word] ^= U256::from(1);
        assert_eq!(settle(&mut contract, off), precompile, "word {word}");
    }
}

#[test]
fn volumes_of_an_attestation_are_settled_together() {
    let mut stand = Stand::new(20, 3);
    let call = stand.all();
    let together = stand.ask(call.clone()).unwrap();
    let answer = E::evaluateAllCall::abi_decode_returns(&together.bytes).unwrap();

    // One by one they hold as well, and give the same hashes.
    for (v, proved) in stand.volumes.clone().into_iter().enumerate() {
        let prove = E::proveCall {
            verifier: stand.verifier,
            context: answer.bound.context,
            volume: U256::from(v),
            chunks: stand.chunks.clone(),
            prices: stand.submission.prices.clone(),
            proved,
        };
        let phase1 = stand.ask(prove).unwrap().bytes;
        assert_eq!(phase1[..], answer.phase1[v][..]);
    }
    // And so does the book as a whole.
    let evaluate = E::evaluateCall {
        chunks: stand.chunks.clone(),
        prices: stand.submission.prices.clone(),
        header: stand.submission.header.clone(),
        totals: stand.volumes.iter().map(|volume| volume.totals.clone()).collect(),
        holdings: call.holdings.clone(),
        aside: reserves_only(true),
    };
    let alone = stand.ask(evaluate).unwrap().bytes;
    assert_eq!(E::evaluateCall::abi_decode_returns(&alone).unwrap(), answer.outcome);

    // A forgery in any of them: one unit more of what does not count at mark, a proof of another
    // volume, volumes in another order, a price, the accounts.
    let headroom = stand.compiled.rows.iter().position(|row| row.name.contains("headroom"));
    for v in 0..3 {
        let mut forged = call.clone();
        let mut proof = forged.volumes[v].proof.to_vec();
        let last = proof.len() - 1;
        proof[last] ^= 1;
        forged.volumes[v].proof = proof.into();
        let revert = stand.ask(forged).unwrap_err();
        assert_eq!(name(&revert.data), Some("BadPoint"), "volume {v}");

        let mut forged = call.clone();
        forged.volumes[v].proof = call.volumes[(v + 1) % 3].proof.clone();
        let revert = stand.ask(forged).unwrap_err();
        assert_eq!(name(&revert.data), Some("DoesNotHold"), "volume {v}");

        let mut forged = call.clone();
        let row = headroom.unwrap_or(0);
        if row != 0 {
            let mut totals = forged.volumes[v].totals.to_vec();
            totals[19 * row + 18] ^= 1;
            forged.volumes[v].totals = totals.into();
            let revert = stand.ask(forged).unwrap_err();
            assert!(name(&revert.data).is_some(), "volume {v}");
        }
    }
    let mut swapped = call.clone();
    swapped.volumes.swap(0, 2);
    assert_eq!(name(&stand.ask(swapped).unwrap_err().data), Some("DoesNotHold"));
    let mut other = call.clone();
    other.submission.header.accounts -= 1;
    assert_eq!(name(&stand.ask(other).unwrap_err().data), Some("DoesNotHold"));
    let mut fewer = call;
    fewer.volumes.pop();
    assert_eq!(name(&stand.ask(fewer).unwrap_err().data), Some("DoesNotHold"));
}
