//! The same proof by halo2's own prover, to compare with.

use halo2_proofs::{
    halo2curves::bn256::{Bn256, Fr, G1Affine},
    plonk::{self, create_proof, keygen_pk},
    poly::kzg::{commitment::KZGCommitmentScheme, multiopen::ProverSHPLONK},
    transcript::TranscriptWriterBuffer,
};
use pacioli_attestation::{
    VerifyingKey,
    setup::Setup,
    transcript::{KeccakChallenge, KeccakTranscript},
};
use pacioli_circuits::{BookWitness, Circuit};
use pacioli_prover::ProvingKey;
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng;

use crate::{book::Sample, meter, prove_in_parts};

/// Proofs in turn by halo2's prover and by ours.
#[expect(clippy::print_stdout, reason = "what a bench is for")]
pub fn compare(setup: &Setup, sample: &Sample, key: &ProvingKey, times: usize) {
    let verifying = VerifyingKey::new(setup, sample.shape).expect("the setup is of its size");
    let halo2s = keygen_pk(setup.params(), verifying.plonk().clone(), &Circuit::of(sample.shape));
    let halo2s = halo2s.expect("the circuit fits its own shape");
    for _ in 0..times {
        let rows = sample.shape.rows() as u32;
        let (_, before) = meter::measured("halo2's prover", || prove(setup, sample, &halo2s));
        let (_, after) = meter::measured("our prover", || prove_in_parts(sample, key));
        println!("CPU a row: {:.1?}, and {:.1?}", before.cpu / rows, after.cpu / rows);
    }
}

/// A proof under any theta: it need not verify to take as long.
fn prove(setup: &Setup, sample: &Sample, key: &plonk::ProvingKey<G1Affine>) -> Vec<u8> {
    let instance = sample.public_inputs().instance(Fr::from(5));
    let witness = BookWitness {
        table: sample.table.clone(),
        volume: sample.volume.clone(),
        seals: sample.seals.clone(),
        instance: instance.clone(),
    };
    let circuit = Circuit { shape: sample.shape, witness: Some(witness) };
    let columns: Vec<&[_]> = instance.iter().map(Vec::as_slice).collect();
    let mut transcript = KeccakTranscript::init(Vec::new());
    create_proof::<KZGCommitmentScheme<Bn256>, ProverSHPLONK<'_, Bn256>, KeccakChallenge, _, _, _>(
        setup.params(),
        key,
        &[circuit],
        &[&columns],
        ChaCha20Rng::seed_from_u64(1),
        &mut transcript,
    )
    .expect("the columns and the instance are of the key's shape");
    transcript.finalize()
}
