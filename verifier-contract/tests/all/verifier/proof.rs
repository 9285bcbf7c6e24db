//! Proofs that are not what an honest prover wrote.

use alloy_primitives::{U256, uint};
use pacioli_attestation::proof_layout;
use pacioli_circuits::Shape;

use crate::verifier::fixture::{
    Contract, Keys, Proved, VolumeVerifier as V, VolumeVerifierErrors, named, shape,
};

/// The scalar field's modulus.
pub const R: U256 = uint!(0x30644e72e131a029b85045b68181585d2833e84879b9709143e1f593f0000001_U256);
/// The base field's modulus.
pub const Q: U256 = uint!(0x30644e72e131a029b85045b68181585d97816a916871ca8d3c208c16d87cfd47_U256);

fn does_not_hold() -> VolumeVerifierErrors {
    named(V::DoesNotHold {})
}

fn bad_point() -> VolumeVerifierErrors {
    named(V::BadPoint {})
}

/// A word of a proof.
pub fn word(proof: &[u8], index: usize) -> U256 {
    U256::from_be_slice(&proof[32 * index..][..32])
}

fn with_word(proof: &[u8], index: usize, word: U256) -> Vec<u8> {
    let mut proof = proof.to_vec();
    proof[32 * index..][..32].copy_from_slice(&word.to_be_bytes::<32>());
    proof
}

/// Where the proof's points begin, and where its evaluations, in words.
fn words() -> (Vec<usize>, Vec<usize>) {
    words_of(&shape())
}

/// The same in proofs of any shape.
pub fn words_of(shape: &Shape) -> (Vec<usize>, Vec<usize>) {
    let layout = proof_layout(shape);
    let first = (layout.length - 128 - layout.evaluations) / 32;
    let last = (layout.length - 128) / 32;
    let points = (0..first).step_by(2).chain([last, last + 2]).collect();
    (points, (first..last).collect())
}

#[test]
fn no_evaluation_can_be_another() {
    let (proved, mut contract) = (Proved::shared(), Contract::new());
    let instance = proved.instance();
    for index in words().1 {
        let value = word(&proved.proof, index);
        let others = [(value + uint!(1_U256)) % R, U256::ZERO, R - value];
        for other in others {
            let forged = with_word(&proved.proof, index, other);
            assert_eq!(contract.refuses(&instance, &forged), does_not_hold(), "word {index}");
        }
    }
}

#[test]
fn no_coordinate_can_be_another() {
    let (proved, mut contract) = (Proved::shared(), Contract::new());
    let instance = proved.instance();
    for index in words().0.into_iter().flat_map(|point| [point, point + 1]) {
        let value = word(&proved.proof, index);
        for other in [(value + uint!(1_U256)) % Q, U256::ZERO, U256::MAX] {
            let forged = with_word(&proved.proof, index, other);
            assert_eq!(contract.refuses(&instance, &forged), bad_point(), "word {index}");
        }
    }
}

#[test]
fn no_word_may_be_written_with_the_modulus_added() {
    let (proved, mut contract) = (Proved::shared(), Contract::new());
    let instance = proved.instance();
    let (points, evaluations) = words();
    for index in evaluations {
        let forged = with_word(&proved.proof, index, word(&proved.proof, index) + R);
        let refused = contract.refuses(&instance, &forged);
        assert_eq!(refused, named(V::NotCanonical {}), "word {index}");
    }
    for index in points.into_iter().flat_map(|point| [point, point + 1]) {
        let forged = with_word(&proved.proof, index, word(&proved.proof, index) + Q);
        assert_eq!(contract.refuses(&instance, &forged), bad_point(), "word {index}");
    }
}

#[test]
fn no_point_may_be_at_infinity() {
    let (proved, mut contract) = (Proved::shared(), Contract::new());
    for point in words().0 {
        let forged = with_word(&proved.proof, point, U256::ZERO);
        let forged = with_word(&forged, point + 1, U256::ZERO);
        assert_eq!(contract.refuses(&proved.instance(), &forged), bad_point(), "word {point}");
    }
}

#[test]
fn no_point_can_be_another_of_the_curve() {
    let (proved, mut contract) = (Proved::shared(), Contract::new());
    let instance = proved.instance();
    let points = words().0;
    for (i, &point) in points.iter().enumerate() {
        let negated = with_word(&proved.proof, point + 1, Q - word(&proved.proof, point + 1));
        assert_eq!(contract.refuses(&instance, &negated), does_not_hold(), "word {point} negated");
        let generator = with_word(&proved.proof, point, U256::ONE);
        let generator = with_word(&generator, point + 1, uint!(2_U256));
        assert_eq!(contract.refuses(&instance, &generator), does_not_hold(), "the generator");
        let other = points[(i + 1) % points.len()];
        let swapped =
            [(point, other), (point + 1, other + 1), (other, point), (other + 1, point + 1)];
        let swapped = swapped.iter().fold(proved.proof.clone(), |proof, &(to, from)| {
            with_word(&proof, to, word(&proved.proof, from))
        });
        assert_eq!(contract.refuses(&instance, &swapped), does_not_hold(), "{point} and {other}");
    }
}

#[test]
fn a_proof_has_one_length() {
    let (proved, mut contract) = (Proved::shared(), Contract::new());
    let proof = &proved.proof;
    let twice = [&proof[..], proof].concat();
    for length in
        [0, 1, 31, 32, proof.len() - 32, proof.len() - 1, proof.len() + 1, 2 * proof.len()]
    {
        let refused = contract.refuses(&proved.instance(), &twice[..length]);
        assert_eq!(refused, named(V::ProofLength { bytesGiven: U256::from(length) }));
    }
}

#[test]
fn a_proof_of_one_book_is_none_of_another() {
    let (proved, mut contract) = (Proved::shared(), Contract::new());
    let other = Proved::new(Keys::shared(), 21);
    assert!(contract.verify(&other.instance(), &other.proof).is_ok());
    assert_eq!(contract.refuses(&proved.instance(), &other.proof), does_not_hold());
    assert_eq!(contract.refuses(&other.instance(), &proved.proof), does_not_hold());
}

#[test]
fn totals_that_are_not_the_books_have_no_proof() {
    let mut contract = Contract::new();
    let less_owed = Proved::claiming(Keys::shared(), 20, |totals| totals.0[12].quantity -= 1);
    let refused = contract.refuses(&less_owed.instance(), &less_owed.proof);
    assert!(matches!(refused, VolumeVerifierErrors::Unbalanced(_)));
    // Headroom is worth nothing, so the totals balance.
    let less_room = Proved::claiming(Keys::shared(), 20, |totals| totals.0[2].quantity -= 1);
    let refused = contract.refuses(&less_room.instance(), &less_room.proof);
    assert_eq!(refused, does_not_hold());
    let one_moved = Proved::claiming(Keys::shared(), 20, |totals| {
        totals.0[0].count += 1;
        totals.0[2].count -= 1;
    });
    let refused = contract.refuses(&one_moved.instance(), &one_moved.proof);
    assert_eq!(refused, does_not_hold());
}
