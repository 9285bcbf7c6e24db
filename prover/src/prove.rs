//! One volume's proof.

use halo2_proofs::{
    halo2curves::bn256::{Bn256, G1Affine},
    plonk::create_proof,
    poly::kzg::{
        commitment::{KZGCommitmentScheme, ParamsKZG},
        multiopen::ProverSHPLONK,
    },
    transcript::TranscriptWriterBuffer,
};
use pacioli_circuits::{BookWitness, Circuit, InstrumentTable, Statement, Volume};
use rand_chacha::ChaCha20Rng;
use rand_core::{OsRng, RngCore, SeedableRng};

use crate::{
    keys::ProvingKey,
    transcript::{KeccakChallenge, KeccakTranscript},
};

/// The randomness that hides one proof's columns. Made fresh from the operating system and used up
/// by the proof: under a second proof the same rows, opened at other points, would soon be known.
pub struct ProofSeed([u8; 32]);

impl ProofSeed {
    /// A seed that nobody has used.
    pub fn fresh() -> Self {
        let mut seed = [0; 32];
        OsRng.fill_bytes(&mut seed);
        Self(seed)
    }

    fn rng(self) -> ChaCha20Rng {
        ChaCha20Rng::from_seed(self.0)
    }
}

impl std::fmt::Debug for ProofSeed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ProofSeed(..)")
    }
}

/// Proves that `volume` has the statement's totals and that its accounts balance. `seals` has one
/// seal per slot, in the order of [`Volume::slots`].
///
/// Gives a proof whether the book holds or not; one of a book that does not hold does not verify.
///
/// # Panics
/// Where statement, volume, seals, key and setup are not of one shape.
pub fn prove_volume(
    params: &ParamsKZG<Bn256>,
    key: &ProvingKey,
    statement: &Statement<'_>,
    volume: Volume,
    seals: Vec<halo2_proofs::halo2curves::bn256::Fr>,
    seed: ProofSeed,
) -> Vec<u8> {
    let table: InstrumentTable = statement.table.clone();
    let instance = statement.instance();
    let witness = BookWitness { table, volume, seals, instance: instance.clone() };
    let circuit = Circuit { shape: key.shape, witness: Some(witness) };
    let columns: Vec<&[_]> = instance.iter().map(Vec::as_slice).collect();
    let mut transcript = KeccakTranscript::init(Vec::new());
    create_proof::<
        KZGCommitmentScheme<Bn256>,
        ProverSHPLONK<'_, Bn256>,
        KeccakChallenge,
        ChaCha20Rng,
        KeccakTranscript<Vec<u8>>,
        Circuit,
    >(params, &key.key, &[circuit], &[&columns], seed.rng(), &mut transcript)
    .expect("the columns and the instance are of the key's shape");
    TranscriptWriterBuffer::<_, G1Affine, _>::finalize(transcript)
}
