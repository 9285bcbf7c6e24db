//! Proving one volume.

use std::fmt;

use ff::Field;
use halo2_proofs::{
    halo2curves::bn256::{Bn256, Fr, G1Affine},
    plonk::create_proof,
    poly::{
        EvaluationDomain,
        commitment::{Blind, Params},
        kzg::{
            commitment::{KZGCommitmentScheme, ParamsKZG},
            multiopen::ProverSHPLONK,
        },
    },
    transcript::TranscriptWriterBuffer,
};
use pacioli_attestation::{
    ProofLayout,
    encoding::point_bytes,
    proof_layout, theta,
    transcript::{KeccakChallenge, KeccakTranscript},
};
use pacioli_circuits::{
    BookWitness, Circuit, LineColumns, PublicInputs, Shape, UNUSABLE_ROWS, Volume,
};
use rand_chacha::ChaCha20Rng;
use rand_core::{OsRng, RngCore, SeedableRng};
use zeroize::Zeroizing;

use crate::{observed::Observed, proving_key::ProvingKey};

/// The randomness that blinds one proof's columns. Drawn from the operating system, consumed by the
/// proof and overwritten: if two proofs shared it, the same rows, opened at more points, would soon be
/// known.
pub struct ProofSeed(Zeroizing<[u8; 32]>);

impl ProofSeed {
    /// A fresh seed.
    pub fn fresh() -> Self {
        let mut seed = Zeroizing::new([0; 32]);
        OsRng.fill_bytes(seed.as_mut_slice());
        Self(seed)
    }

    /// The record of the seed that the venue keeps, to open pages of the proof later.
    pub fn record(&self) -> RecordedSeed {
        RecordedSeed(self.0.clone())
    }

    fn rng(self) -> ChaCha20Rng {
        ChaCha20Rng::from_seed(*self.0)
    }
}

impl fmt::Debug for ProofSeed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ProofSeed(..)")
    }
}

/// The seed of a finished proof. No other proof can be made with it.
#[derive(Clone, PartialEq, Eq)]
pub struct RecordedSeed(Zeroizing<[u8; 32]>);

impl RecordedSeed {
    /// The seed from its bytes.
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// The seed's bytes, which are secret: whoever has them can read the proof's columns.
    pub fn secret_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// The blinding rows of the first `columns` columns: halo2 draws those of phase 1 first, column
    /// by column.
    pub fn blinding_rows(&self, columns: usize) -> Vec<[Fr; UNUSABLE_ROWS]> {
        let mut rng = ChaCha20Rng::from_seed(*self.0);
        (0..columns).map(|_| std::array::from_fn(|_| Fr::random(&mut rng))).collect()
    }

    /// The seals of empty slots: a separate stream of the same generator.
    pub fn empty_seals(&self) -> impl FnMut() -> Fr + use<> {
        let mut rng = ChaCha20Rng::from_seed(*self.0);
        rng.set_stream(1);
        move || Fr::random(&mut rng)
    }
}

impl fmt::Debug for RecordedSeed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RecordedSeed(..)")
    }
}

/// The number of steps that [`prove_volume`] reports.
pub const PROOF_STEPS: u64 = 100;

/// Proves that `volume` has the totals of `public` and that its accounts balance. `seals` has one
/// seal per slot, in the order of [`Volume::slots`]; `reach` is called with the number of
/// [`PROOF_STEPS`] done.
///
/// The lines are committed first, `theta` is drawn from them, and the proof then begins with the same
/// commitments. The seed is used up with that: under another theta it would open the same columns a
/// second time.
///
/// Returns a proof even if the book does not balance; such a proof does not verify.
///
/// # Panics
/// If public inputs, volume, seals, key and setup do not have the same shape.
pub fn prove_volume(
    params: &ParamsKZG<Bn256>,
    key: &ProvingKey,
    public: &PublicInputs<'_>,
    volume: Volume,
    seals: Vec<Fr>,
    seed: ProofSeed,
    reach: impl FnMut(u64),
) -> Vec<u8> {
    let lines = commit_lines(params, &key.shape, &volume, &seed.record());
    let instance = public.instance(theta(key.digest, public, &lines));
    let table = public.table.clone();
    let witness = BookWitness { table, volume, seals, instance: instance.clone() };
    let circuit = Circuit { shape: key.shape, witness: Some(witness) };
    let columns: Vec<&[_]> = instance.iter().map(Vec::as_slice).collect();
    let stream = Observed { stream: Vec::new(), bytes: 0, tell: steps(&key.shape, reach) };
    let mut transcript = KeccakTranscript::init(stream);
    create_proof::<KZGCommitmentScheme<Bn256>, ProverSHPLONK<'_, Bn256>, KeccakChallenge, _, _, _>(
        params,
        &key.key,
        &[circuit],
        &[&columns],
        seed.rng(),
        &mut transcript,
    )
    .expect("the columns and the instance are of the key's shape");
    let proof = transcript.finalize().stream;
    assert!(proof.starts_with(&lines), "theta is drawn from the commitments of the proof itself");
    proof
}

/// The commitments to the columns that the lines are in, as the proof with this seed will have them.
fn commit_lines(
    params: &ParamsKZG<Bn256>,
    shape: &Shape,
    volume: &Volume,
    seed: &RecordedSeed,
) -> Vec<u8> {
    let columns = LineColumns::new(shape, volume);
    let domain = EvaluationDomain::new(1, shape.k());
    let blinding = seed.blinding_rows(2 + shape.limbs());
    let commitments = columns.in_order().zip(blinding).flat_map(|(column, blinding)| {
        let mut column = column.to_vec();
        column[shape.rows() - UNUSABLE_ROWS..].copy_from_slice(&blinding);
        let column = domain.lagrange_from_vec(column);
        let commitment: G1Affine = params.commit_lagrange(&column, Blind::default()).into();
        point_bytes(&commitment)
    });
    commitments.collect()
}

/// Converts bytes written to steps done: each part of a proof is written when its work is done, and
/// takes about this share of the time at k = 18.
fn steps(shape: &Shape, mut reach: impl FnMut(u64)) -> impl FnMut(usize) {
    let ProofLayout { phase1, phase2, random, quotient, evaluations, length, .. } =
        proof_layout(shape);
    let ends = [
        (phase1, 15),
        (phase1 + phase2, 41),
        (phase1 + phase2 + random, 45),
        (phase1 + phase2 + random + quotient, 87),
        (phase1 + phase2 + random + quotient + evaluations, 89),
        (length, PROOF_STEPS),
    ];
    move |bytes| {
        if let Some((_, step)) = ends.iter().find(|(end, _)| *end == bytes) {
            reach(*step);
        }
    }
}
