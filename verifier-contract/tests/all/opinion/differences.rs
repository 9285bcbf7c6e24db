//! Where theirs takes what ours does not: it reduces words mod r, and looks at nothing behind the
//! proof. Neither makes a false statement true; each makes two spellings of one call.

use alloy_primitives::{U256, uint};
use pacioli_attestation::proof_layout;

use crate::opinion::{
    agreement::{Verifiers, with_word},
    fixture::{Proved, shape},
    second::{self, INSTRUMENTS},
};

/// The scalar field's modulus.
const R: U256 = uint!(0x30644e72e131a029b85045b68181585d2833e84879b9709143e1f593f0000001_U256);

/// Theirs alone.
const THEIRS: [bool; 3] = [false, false, true];

#[test]
fn theirs_reduces_public_inputs() {
    let (proved, mut verifiers) = (Proved::shared(), Verifiers::new());
    // The words of the columns: in those that theta is drawn from, it would be another theta.
    let honest = second::calldata(&proved.instance(), &proved.proof);
    for index in 0..1 + 4 * INSTRUMENTS {
        let mut spelled = honest.clone();
        let word = &mut spelled[32 * index..][..32];
        let value = U256::from_be_slice(word) + R;
        word.copy_from_slice(&value.to_be_bytes::<32>());
        assert!(verifiers.theirs_accepts(&spelled), "public input {index}");
    }
    for index in 0..proved.instance().len() {
        let mut instance = proved.instance();
        instance[index] += R;
        let [native, ours, _] = verifiers.accept(&instance, &proved.proof);
        assert!(!native && !ours, "public input {index}");
    }
}

#[test]
fn theirs_reduces_evaluations() {
    let (proved, mut verifiers) = (Proved::shared(), Verifiers::new());
    let layout = proof_layout(&shape());
    let last = (layout.length - 128) / 32;
    for index in last - layout.evaluations / 32..last {
        let value = U256::from_be_slice(&proved.proof[32 * index..][..32]);
        let spelled = with_word(&proved.proof, index, value + R);
        assert_eq!(verifiers.accept(&proved.instance(), &spelled), THEIRS, "word {index}");
    }
}

#[test]
fn theirs_looks_at_nothing_behind_the_proof() {
    let (proved, mut verifiers) = (Proved::shared(), Verifiers::new());
    for more in [1, 32, 64] {
        let longer = [&proved.proof[..], &vec![7; more]].concat();
        assert_eq!(verifiers.accept(&proved.instance(), &longer), THEIRS, "{more} bytes more");
    }
}
