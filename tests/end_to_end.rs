//! From a book to a proof and back.

use pacioli_circuits::{Statement, testing::small_book};
use pacioli_prover::{
    keys::ProvingKey,
    prove::{ProofSeed, prove_volume},
    setup::insecure_setup,
    verify::{ProofError, verify_volume},
};

#[test]
fn a_true_book_verifies_and_a_changed_total_does_not() {
    let book = small_book();
    let setup = insecure_setup(book.shape.k()).unwrap();
    let key = ProvingKey::new(&setup, book.shape).unwrap();
    let witness = book.witness();
    let statement = book.statement();
    let proof = prove_volume(
        &setup.params,
        &key,
        &statement,
        witness.volume,
        witness.seals,
        ProofSeed::fresh(),
        |_| {},
    );
    let key = key.verifying_key(&setup);
    verify_volume(&key, &statement, &proof).unwrap();
    let mut lowered = book.totals.clone();
    lowered.0[7].quantity -= 1;
    let lowered = Statement { totals: &lowered, ..statement };
    assert!(matches!(verify_volume(&key, &lowered, &proof), Err(ProofError::DoesNotHold)));
}
