//! The columns of a volume that its page openings are about: seal, instrument, quantity and `last`,
//! combined by `gamma`.

use std::ops::Range;

use ff::{Field, PrimeField};
use halo2_proofs::halo2curves::bn256::{Fr, G1, G1Affine};
use pacioli_circuits::Shape;
use thiserror::Error;

use crate::{
    digest::{Digest, Words},
    encoding::{EncodingError, parse_point, value_bytes},
    proof_layout::proof_layout,
    transcript::hash_to_field,
};

/// What the verifier draws after a proof's columns are committed, to open them together.
#[derive(Clone, Copy, Debug)]
pub struct Opened {
    /// The challenge.
    pub gamma: Fr,
    /// The commitment to `seal + gamma instrument + gamma^2 quantity + gamma^3 last`.
    pub commitment: G1Affine,
}

/// Why columns and a proof do not belong together.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum OpenedError {
    /// The proof has too few bytes to hold its commitments.
    #[error("the proof has {got} bytes, not {expected}")]
    Length {
        /// Bytes of a proof of this shape.
        expected: usize,
        /// Bytes given.
        got: usize,
    },
    /// A commitment is not a point.
    #[error("a commitment of the proof is {0}")]
    Commitment(EncodingError),
    /// The columns are not those that the proof committed.
    #[error("the columns are not those that the proof committed: another seed, secret or book")]
    OtherColumns,
}

/// The index of each opened column among the commitments of phase 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ColumnOrder {
    /// `last`.
    pub last: usize,
    /// `instrument`.
    pub instrument: usize,
    /// The limbs of `quantity`, the lowest first.
    pub limbs: Range<usize>,
    /// `seal`.
    pub seal: usize,
    /// How many columns phase 1 has.
    pub columns: usize,
}

impl ColumnOrder {
    /// The order in every proof of this shape.
    pub fn of(shape: &Shape) -> Self {
        // last, instrument, limbs, cap, worth, seal, multiplicity: as in `Columns::new`.
        let limbs = 2..2 + shape.limbs();
        let seal = limbs.end + 2;
        Self { last: 0, instrument: 1, limbs, seal, columns: seal + 2 }
    }

    /// The columns that are opened, each with the power of `gamma` (and of the limb base) that it
    /// has in the combined column.
    pub fn weights(self, shape: &Shape, gamma: Fr) -> impl Iterator<Item = (usize, Fr)> {
        let base = Fr::from(1 << shape.limb_bits());
        let limbs = self.limbs.scan(gamma.square(), move |weight, column| {
            let this = *weight;
            *weight *= base;
            Some((column, this))
        });
        let others =
            [(self.seal, Fr::ONE), (self.instrument, gamma), (self.last, gamma.square() * gamma)];
        others.into_iter().chain(limbs)
    }
}

impl Opened {
    /// Draws `gamma` from the commitments of phase 1 as they stand in the proof, and combines those
    /// that are opened. `context` is the volume's context word.
    ///
    /// # Errors
    /// If the proof has another length, or a commitment is not a point of the curve.
    pub fn of(shape: &Shape, context: Fr, proof: &[u8]) -> Result<Self, OpenedError> {
        let layout = proof_layout(shape);
        if proof.len() != layout.length {
            return Err(OpenedError::Length { expected: layout.length, got: proof.len() });
        }
        let committed = &proof[..layout.phase1];
        let words = Words::new("pacioli.open.v1").digest(Digest(value_bytes(&context)));
        let gamma = hash_to_field(&words.digest(Digest::of(committed)).finish().0);
        let (points, _) = committed.as_chunks::<64>();
        let point = |column: usize| parse_point(&points[column]).map_err(OpenedError::Commitment);
        let mut commitment = G1::default();
        for (column, weight) in ColumnOrder::of(shape).weights(shape, gamma) {
            commitment += point(column)? * weight;
        }
        Ok(Self { gamma, commitment: commitment.into() })
    }

    /// What a page has in the slot of a line.
    pub fn value(&self, seal: Fr, instrument: usize, quantity: u128, last: bool) -> Fr {
        let Self { gamma, .. } = self;
        let last = Fr::from(u64::from(last));
        let quantity = Fr::from_u128(quantity);
        seal + gamma * (Fr::from(instrument as u64) + gamma * (quantity + gamma * last))
    }
}
