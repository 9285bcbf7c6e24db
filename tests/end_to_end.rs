//! From a book to a proof and back.

use halo2_proofs::poly::kzg::commitment::ParamsKZG;
use pacioli_circuits::{Statement, testing::small_book};
use pacioli_prover::{
    keys::ProvingKey,
    prove::{ProofSeed, prove_volume},
    verify::{ProofError, verify_volume},
};
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng;

#[test]
fn a_true_book_verifies_and_a_changed_total_does_not() {
    let book = small_book();
    let params = ParamsKZG::setup(book.shape.k(), ChaCha20Rng::seed_from_u64(1));
    let key = ProvingKey::new(&params, book.shape);
    let witness = book.witness();
    let statement = book.statement();
    let proof = prove_volume(
        &params,
        &key,
        &statement,
        witness.volume,
        witness.seals,
        ProofSeed::fresh(),
        |_| {},
    );
    let key = key.verifying_key(params.s_g2());
    verify_volume(&key, &statement, &proof).unwrap();
    let mut lowered = book.totals.clone();
    lowered.0[7].quantity -= 1;
    let lowered = Statement { totals: &lowered, ..statement };
    assert!(matches!(verify_volume(&key, &lowered, &proof), Err(ProofError::DoesNotHold)));
}
