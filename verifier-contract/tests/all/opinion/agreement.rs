//! What holds, all three accept; what does not, all three refuse.

use alloy_primitives::{U256, uint};
use pacioli_attestation::proof_layout;

use crate::opinion::{
    fixture::{self, Contract, Keys, Proved, native, shape},
    second::{self, INSTRUMENTS},
};

/// The base field's modulus.
const Q: U256 = uint!(0x30644e72e131a029b85045b68181585d97816a916871ca8d3c208c16d87cfd47_U256);

/// The native verifier, our contract and theirs.
pub struct Verifiers {
    ours: Contract,
    theirs: Contract,
}

impl Verifiers {
    pub fn new() -> Self {
        Self { ours: Contract::new(), theirs: second::contract() }
    }

    /// Whether theirs accepts these bytes.
    pub fn theirs_accepts(&mut self, calldata: &[u8]) -> bool {
        self.theirs.ask(calldata).is_ok()
    }

    /// Which of them accept.
    pub fn accept(&mut self, instance: &[U256], proof: &[u8]) -> [bool; 3] {
        [
            matches!(native(instance, proof), Some(Ok(()))),
            self.ours.ask(&fixture::calldata(instance, proof)).is_ok(),
            self.theirs.ask(&second::calldata(instance, proof)).is_ok(),
        ]
    }

    #[track_caller]
    fn all_refuse(&mut self, instance: &[U256], proof: &[u8], what: &str) {
        assert_eq!(self.accept(instance, proof), [false; 3], "{what}");
    }
}

fn word(proof: &[u8], index: usize) -> U256 {
    U256::from_be_slice(&proof[32 * index..][..32])
}

/// The proof with another word.
pub fn with_word(proof: &[u8], index: usize, word: U256) -> Vec<u8> {
    let mut proof = proof.to_vec();
    proof[32 * index..][..32].copy_from_slice(&word.to_be_bytes::<32>());
    proof
}

/// The first word of each point.
fn points() -> Vec<usize> {
    let layout = proof_layout(&shape());
    let last = (layout.length - 128) / 32;
    let first = last - layout.evaluations / 32;
    (0..first).step_by(2).chain([last, last + 2]).collect()
}

#[test]
fn an_honest_proof_is_accepted() {
    let mut verifiers = Verifiers::new();
    let proved = Proved::shared();
    assert_eq!(verifiers.accept(&proved.instance(), &proved.proof), [true; 3]);
    assert_eq!(proved.table.instruments().len(), INSTRUMENTS);
}

#[test]
fn no_word_of_a_proof_can_be_another() {
    let (proved, mut verifiers) = (Proved::shared(), Verifiers::new());
    let instance = proved.instance();
    for index in 0..proved.proof.len() / 32 {
        let value = word(&proved.proof, index);
        for other in [value ^ U256::ONE, U256::ZERO] {
            let forged = with_word(&proved.proof, index, other);
            verifiers.all_refuse(&instance, &forged, &format!("word {index}"));
        }
    }
}

#[test]
fn no_public_input_can_be_another() {
    let (proved, mut verifiers) = (Proved::shared(), Verifiers::new());
    let honest = proved.instance();
    for index in 0..honest.len() {
        let mut instance = honest.clone();
        instance[index] ^= U256::ONE;
        verifiers.all_refuse(&instance, &proved.proof, &format!("public input {index}"));
    }
    // A count moved to another row, and a quantity with it: every bound holds still.
    let mut instance = honest.clone();
    instance[1] += U256::ONE;
    instance[4] -= U256::ONE;
    assert_ne!(honest[4], U256::ZERO);
    verifiers.all_refuse(&instance, &proved.proof, "a line counted for another instrument");
    // The values of two rows in mark, for one another.
    let mut instance = honest.clone();
    let mark = 1 + 3 * INSTRUMENTS;
    instance.swap(mark + 3, mark + 4);
    assert_ne!(instance, honest);
    verifiers.all_refuse(&instance, &proved.proof, "values of other instruments");
}

#[test]
fn no_point_can_be_another_of_the_curve() {
    let (proved, mut verifiers) = (Proved::shared(), Verifiers::new());
    let instance = proved.instance();
    let points = points();
    for (i, &point) in points.iter().enumerate() {
        let y = word(&proved.proof, point + 1);
        let negated = with_word(&proved.proof, point + 1, Q - y);
        verifiers.all_refuse(&instance, &negated, &format!("word {point} negated"));
        let infinity =
            with_word(&with_word(&proved.proof, point, U256::ZERO), point + 1, U256::ZERO);
        verifiers.all_refuse(&instance, &infinity, &format!("word {point} at infinity"));
        let above = with_word(&proved.proof, point, word(&proved.proof, point) + Q);
        verifiers.all_refuse(&instance, &above, &format!("word {point} plus the modulus"));
        let other = points[(i + 1) % points.len()];
        let from = [(point, other), (point + 1, other + 1), (other, point), (other + 1, point + 1)];
        let swapped = from.iter().fold(proved.proof.clone(), |proof, &(to, from)| {
            with_word(&proof, to, word(&proved.proof, from))
        });
        verifiers.all_refuse(&instance, &swapped, &format!("{point} and {other}"));
    }
}

#[test]
fn a_proof_that_ends_early_is_refused() {
    let (proved, mut verifiers) = (Proved::shared(), Verifiers::new());
    let instance = proved.instance();
    // Missing bytes of calldata read as zeros, and theirs does not look at the length: only what ends
    // before a byte other than zero is another proof to it.
    let last = proved.proof.iter().rposition(|&byte| byte != 0).unwrap();
    for length in [0, 32, proved.proof.len() - 64, last] {
        verifiers.all_refuse(&instance, &proved.proof[..length], &format!("{length} bytes"));
    }
}

#[test]
fn a_proof_of_another_book_is_refused() {
    let (proved, mut verifiers) = (Proved::shared(), Verifiers::new());
    let other = Proved::seeded(Keys::shared(), INSTRUMENTS, 7, |_| {});
    assert_eq!(verifiers.accept(&other.instance(), &other.proof), [true; 3]);
    verifiers.all_refuse(&proved.instance(), &other.proof, "the other's proof");
    verifiers.all_refuse(&other.instance(), &proved.proof, "the other's public inputs");
    let mut context = other.instance();
    context[0] = proved.instance()[0];
    verifiers.all_refuse(&context, &other.proof, "the other's proof under this context");
}

#[test]
fn totals_that_are_not_the_books_have_no_proof() {
    let mut verifiers = Verifiers::new();
    let less_owed =
        Proved::claiming(Keys::shared(), INSTRUMENTS, |totals| totals.0[12].quantity -= 1);
    verifiers.all_refuse(&less_owed.instance(), &less_owed.proof, "less is owed");
}
