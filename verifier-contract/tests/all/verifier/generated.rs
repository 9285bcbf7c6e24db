//! What is committed is what the generator writes.

use std::path::Path;

use halo2_proofs::halo2curves::bn256::Fr;
use pacioli_attestation::{
    VerifyingKey,
    encoding::{g2_words, value_bytes},
};
use pacioli_circuits::{MAX_K, MIN_K, Shape};
use pacioli_rules::testing::bless;
use pacioli_verifier_contract::{
    artifacts,
    evm::{Evm, MAX_CODE_SIZE},
    generate,
};

use crate::verifier::fixture::{Contract, Keys, Proved, VolumeVerifier as V, error, named, shape};

#[test]
fn the_committed_verifier_is_the_generators() {
    let text = generate::verifier(&VerifyingKey::insecure(shape()));
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("generated/VolumeVerifier.sol");
    bless(path, text);
}

#[test]
fn the_web_pages_constraints_are_the_generators() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"));
    bless(path.join("../web/src/proof/generated/constraints.ts"), generate::page());
    let shapes = (MIN_K..=MAX_K).flat_map(|k| (1..=9).map(move |log| Shape::new(k, 1 << log)));
    let shapes: Vec<Shape> = shapes.flatten().collect();
    assert!(shapes.len() > 120);
    for shape in shapes {
        let limbs = generate::system(&shape);
        assert!(generate::page().contains(&limbs), "{shape:?}");
    }
}

#[test]
fn the_verifier_fits_a_chain() {
    assert!(artifacts::get("VolumeVerifier").runtime_bytes < MAX_CODE_SIZE);
}

#[test]
fn every_limb_width_has_a_verifier() {
    for k in [11, 12, 16, 19] {
        let key = VerifyingKey::insecure(Shape::new(k, 64).unwrap());
        let text = generate::verifier(&key);
        assert!(text.contains(&key.digest().to_string()));
        // Whoever reads the contract reads that it proves nothing.
        assert!(text.contains("INSECURE"));
    }
}

/// The contract's bytecode with some words in place of others.
fn with_words(changes: &[([u8; 32], [u8; 32])]) -> Vec<u8> {
    let mut code = artifacts::get("VolumeVerifier").bytecode.to_vec();
    let places: Vec<(usize, [u8; 32])> = changes
        .iter()
        .flat_map(|(from, to)| {
            let places = (0..code.len() - 32).filter(|&at| code[at..at + 32] == from[..]);
            let places: Vec<_> = places.map(|at| (at, *to)).collect();
            assert!(!places.is_empty(), "the code does not hold the word");
            places
        })
        .collect();
    places.into_iter().for_each(|(at, to)| code[at..at + 32].copy_from_slice(&to));
    code
}

#[test]
fn no_word_of_the_key_can_be_another() {
    let proved = Proved::shared();
    let key = &Keys::shared().verifying;
    let refused = |changes: &[([u8; 32], [u8; 32])]| {
        let mut contract = Contract::of(Evm::new(), &with_words(changes));
        error(&contract.ask(&proved.calldata()).unwrap_err())
    };
    let circuit = key.plonk().transcript_repr();
    let other = [(value_bytes(&circuit), value_bytes(&(circuit + Fr::one())))];
    assert_eq!(refused(&other), named(V::DoesNotHold {}));
    let fixed = key.plonk().fixed_commitments();
    for (i, point) in fixed.iter().enumerate() {
        let other = fixed[(i + 1) % fixed.len()];
        let x = (value_bytes(&point.x), value_bytes(&other.x));
        let y = (value_bytes(&point.y), value_bytes(&other.y));
        assert_eq!(refused(&[x, y]), named(V::DoesNotHold {}), "fixed column {i}");
    }
    // -[tau]_2 is a point of the group as well.
    let words = |point| g2_words(&point).chunks_exact(32).map(|w| w.try_into().unwrap()).collect();
    let [tau, minus]: [Vec<[u8; 32]>; 2] = [words(key.tau_g2()), words(-key.tau_g2())];
    assert_eq!(refused(&[(tau[2], minus[2]), (tau[3], minus[3])]), named(V::DoesNotHold {}));
}
