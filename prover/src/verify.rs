//! Checking one volume's proof.

use halo2_proofs::{
    halo2curves::bn256::{Bn256, G1Affine},
    plonk::verify_proof,
    poly::{
        commitment::ParamsProver,
        kzg::{
            commitment::{KZGCommitmentScheme, ParamsKZG},
            multiopen::VerifierSHPLONK,
            strategy::SingleStrategy,
        },
    },
    transcript::TranscriptReadBuffer,
};
use pacioli_circuits::{Shape, Statement, StatementError};
use thiserror::Error;

use crate::{
    keys::VerifyingKey,
    transcript::{KeccakChallenge, KeccakTranscript},
};

/// Why a volume's proof is refused.
#[derive(Debug, Error)]
pub enum ProofError {
    /// The public inputs are out of their bounds.
    #[error("the public inputs are out of bounds: {0}")]
    Statement(#[from] StatementError),
    /// The proof has too few or too many bytes.
    #[error("the proof has {got} bytes, not {expected}")]
    Length {
        /// Bytes of a proof of this shape.
        expected: usize,
        /// Bytes given.
        got: usize,
    },
    /// A word is no field element, a point not on the curve, or the equations do not hold.
    #[error("the proof does not hold for these public inputs")]
    DoesNotHold,
}

/// Bytes of a proof of this shape: 64 for a commitment, 32 for an evaluation.
pub fn proof_length(shape: &Shape) -> usize {
    let (limbs, scenarios) = (shape.limbs(), shape.scenarios());
    let phase1 = 5 + limbs + scenarios;
    let phase2 = 4 + limbs;
    // The random polynomial, two parts of the quotient, two commitments of the multi-opening.
    let commitments = phase1 + phase2 + 1 + 2 + 2;
    // Every advice column once; instrument, limbs, balance and sum once more; five fixed columns
    // and the random polynomial.
    let evaluations = phase1 + phase2 + (limbs + 3) + 5 + 1;
    64 * commitments + 32 * evaluations
}

/// Checks the proof of one volume.
///
/// # Errors
/// Where the public inputs are out of bounds, or the proof does not hold for them.
pub fn verify_volume(
    key: &VerifyingKey,
    statement: &Statement<'_>,
    proof: &[u8],
) -> Result<(), ProofError> {
    statement.check(&key.shape)?;
    let expected = proof_length(&key.shape);
    if proof.len() != expected {
        return Err(ProofError::Length { expected, got: proof.len() });
    }
    let instance = statement.instance();
    let columns: Vec<&[_]> = instance.iter().map(Vec::as_slice).collect();
    let params: &ParamsKZG<Bn256> = key.params.verifier_params();
    let mut transcript =
        <KeccakTranscript<&[u8]> as TranscriptReadBuffer<&[u8], G1Affine, KeccakChallenge>>::init(
            proof,
        );
    verify_proof::<
        KZGCommitmentScheme<Bn256>,
        VerifierSHPLONK<'_, Bn256>,
        KeccakChallenge,
        KeccakTranscript<&[u8]>,
        SingleStrategy<'_, Bn256>,
    >(params, &key.key, SingleStrategy::new(params), &[&columns], &mut transcript)
    .map_err(|_| ProofError::DoesNotHold)
}
