//! What a proof cannot do without: sums of as many points as rows, and transforms.

use std::time::Duration;

use ff::Field;
use halo2_proofs::{
    halo2curves::bn256::{Bn256, Fr},
    poly::{commitment::ParamsProver, kzg::commitment::ParamsKZG},
};
use pacioli_attestation::setup::Setup;
use pacioli_circuits::Shape;
use pacioli_msm::msm;
use pacioli_prover::Domain;
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng;

use crate::meter;

/// Full-size sums: seals, balances, running sum, the two parts of the quotient and of the opening.
const SUMS: u32 = 7;

/// Times each alone, and prints them beside a proof's CPU time.
#[expect(clippy::print_stdout, reason = "what a bench is for")]
pub fn print(setup: &Setup, shape: &Shape, proof: Duration) {
    let mut rng = ChaCha20Rng::seed_from_u64(3);
    let column: Vec<Fr> = (0..shape.rows()).map(|_| Fr::random(&mut rng)).collect();
    let params: &ParamsKZG<Bn256> = setup.params();
    let (_, sum) = meter::measured("one full-size sum", || msm(&column, params.get_g()));
    let domain = Domain::new(shape.k());
    let (_, transform) = meter::measured("one transform and back", || domain.half_row_on(column));
    // Every column but the seals, the table twice, two groups of products there and back, and the
    // quotient.
    let transforms = 18 + 2 * shape.limbs() as u32;
    let (sums, transforms) = (sum.cpu * SUMS, transform.cpu * transforms);
    let ratio = proof.as_secs_f64() / (sums + transforms).as_secs_f64();
    println!(
        "  floor: sums {sums:.1?}, transforms {transforms:.1?}; the proof takes {ratio:.2} times it"
    );
}
