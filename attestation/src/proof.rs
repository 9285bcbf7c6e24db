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
use pacioli_circuits::{PublicInputs, PublicInputsError, Shape};
use thiserror::Error;

use crate::{
    key::VerifyingKey,
    proof_layout::proof_layout,
    theta::theta,
    transcript::{KeccakChallenge, KeccakTranscript},
};

/// Why a volume's proof is refused.
#[derive(Debug, Error)]
pub enum ProofError {
    /// The public inputs are out of their bounds.
    #[error("the public inputs are out of bounds: {0}")]
    PublicInputs(#[from] PublicInputsError),
    /// The proof has too few or too many bytes.
    #[error("the proof has {got} bytes, not {expected}")]
    Length {
        /// Bytes of a proof of this shape.
        expected: usize,
        /// Bytes given.
        got: usize,
    },
    /// No book can have the totals of all volumes together.
    #[error("the totals overflow together with those of the volumes before")]
    Overflow,
    /// A word is not a field element, a point not on the curve, or the equations do not hold.
    #[error("the proof does not hold for these public inputs")]
    DoesNotHold,
}

/// Checks what needs no key: the bounds of the public inputs, and the proof's length.
///
/// # Errors
/// If the public inputs are out of bounds, or the proof has another length.
pub fn check_form(
    shape: &Shape,
    public: &PublicInputs<'_>,
    proof: &[u8],
) -> Result<(), ProofError> {
    public.check(shape)?;
    let expected = proof_layout(shape).length;
    if proof.len() != expected {
        return Err(ProofError::Length { expected, got: proof.len() });
    }
    Ok(())
}

/// Checks the proof of one volume.
///
/// # Errors
/// If the public inputs are out of bounds, or the proof does not hold for them.
pub fn verify_volume(
    key: &VerifyingKey,
    public: &PublicInputs<'_>,
    proof: &[u8],
) -> Result<(), ProofError> {
    check_form(&key.shape(), public, proof)?;
    // theta before anything else, from the bytes that halo2 is about to read.
    let lines = &proof[..proof_layout(&key.shape()).lines];
    let instance = public.instance(theta(key.digest(), public, lines));
    let columns: Vec<&[_]> = instance.iter().map(Vec::as_slice).collect();
    let params: &ParamsKZG<Bn256> = key.params().verifier_params();
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
    >(params, key.plonk(), SingleStrategy::new(params), &[&columns], &mut transcript)
    .map_err(|_| ProofError::DoesNotHold)
}
