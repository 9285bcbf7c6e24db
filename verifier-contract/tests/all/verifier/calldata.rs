//! The same arguments, encoded in another way, and calls with too little gas.

use alloy_primitives::U256;

use crate::verifier::{
    fixture::{Contract, Proved, VolumeVerifier as V, calldata, error, named},
    gas::calldata_gas,
};

/// The honest call, in words behind the selector.
fn words() -> ([u8; 4], Vec<U256>) {
    let call = Proved::shared().calldata();
    let (selector, words) = call.split_at(4);
    let words = words.chunks_exact(32).map(U256::from_be_slice).collect();
    (selector.try_into().unwrap(), words)
}

fn call(selector: [u8; 4], words: &[U256]) -> Vec<u8> {
    let words = words.iter().flat_map(|word| word.to_be_bytes::<32>());
    selector.into_iter().chain(words).collect()
}

#[test]
fn nothing_follows_the_arguments() {
    let mut contract = Contract::new();
    for trailing in [1, 31, 32, 64] {
        let mut call = Proved::shared().calldata();
        call.resize(call.len() + trailing, 0);
        let revert = contract.ask(&call).unwrap_err();
        assert_eq!(error(&revert), named(V::NotCanonicalCalldata {}), "{trailing} bytes more");
    }
}

#[test]
fn arguments_stand_in_one_place() {
    let mut contract = Contract::new();
    let (selector, honest) = words();
    assert!(contract.ask(&call(selector, &honest)).is_ok());
    let not_canonical = named(V::NotCanonicalCalldata {});
    // A word between the offsets and the arguments.
    let mut moved = honest.clone();
    moved.insert(3, U256::ZERO);
    moved[0] += U256::from(32);
    moved[2] += U256::from(32);
    assert_eq!(error(&contract.ask(&call(selector, &moved)).unwrap_err()), not_canonical);
    // A word between the arguments.
    let mut moved = honest.clone();
    let proof = honest[2].to::<usize>() / 32;
    moved.insert(proof, U256::ZERO);
    moved[2] += U256::from(32);
    assert_eq!(error(&contract.ask(&call(selector, &moved)).unwrap_err()), not_canonical);
    // The proof first.
    let (instance, proof) = (&honest[3..proof], &honest[proof..]);
    let offsets = [U256::from(96 + 32 * proof.len()), honest[1], U256::from(96)];
    let swapped = [&offsets[..], proof, instance].concat();
    assert_eq!(error(&contract.ask(&call(selector, &swapped)).unwrap_err()), not_canonical);
}

#[test]
fn offsets_and_lengths_that_lead_elsewhere_are_refused() {
    let mut contract = Contract::new();
    let (selector, honest) = words();
    let proof = honest[2].to::<usize>() / 32;
    for place in [0, 2, 3, proof] {
        let value = honest[place];
        let around = U256::MAX - U256::from(31);
        for other in [U256::ZERO, value - U256::ONE, value + U256::ONE, U256::ONE << 64, around] {
            let mut words = honest.clone();
            words[place] = other;
            assert!(contract.ask(&call(selector, &words)).is_err(), "word {place} is {other}");
        }
    }
}

#[test]
fn a_call_cut_short_is_refused() {
    let mut contract = Contract::new();
    let honest = Proved::shared().calldata();
    for length in [0, 3, 4, 36, 68, 100, 4_000, honest.len() - 32, honest.len() - 1] {
        assert!(contract.ask(&honest[..length]).is_err(), "{length} bytes");
    }
}

#[test]
fn too_little_gas_never_makes_an_answer() {
    let (proved, mut contract) = (Proved::shared(), Contract::new());
    let honest = contract.ask(&proved.calldata()).unwrap();
    let mut forged = proved.proof.clone();
    let last = forged.len() - 1 - 128;
    forged[last] ^= 1;
    let forged = calldata(&proved.instance(), &forged);
    let least = calldata_gas(&proved.calldata()).least.max(calldata_gas(&forged).least);
    let mut precompile_failed = 0;
    let steps =
        (least..honest.gas_used).step_by(9_973).chain(honest.gas_used - 40..honest.gas_used);
    for gas in steps {
        let revert = contract.ask_within(&proved.calldata(), gas).unwrap_err();
        if revert.halt.is_none() {
            assert_eq!(error(&revert), named(V::PrecompileFailed {}), "{gas} gas");
            precompile_failed += 1;
        }
        assert!(contract.ask_within(&forged, gas).is_err(), "{gas} gas");
    }
    assert!(precompile_failed > 10, "precompiled contracts that ran out of gas were met");
    // With a little more than it takes the answer is there, and the same.
    let enough = honest.gas_used * 65 / 64;
    assert_eq!(contract.ask_within(&proved.calldata(), enough).unwrap(), honest);
    assert!(contract.ask_within(&forged, enough).is_err());
}
