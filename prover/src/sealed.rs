//! The columns of a volume that its page openings are about: seal, instrument, quantity and `last`,
//! combined by `gamma`, with the very blinding rows that the proof committed.

use ff::{Field, PrimeField};
use halo2_proofs::halo2curves::bn256::Bn256;
use halo2_proofs::{
    halo2curves::bn256::{Fr, G1, G1Affine},
    poly::{
        EvaluationDomain, Polynomial,
        commitment::{Blind, Params},
        kzg::commitment::ParamsKZG,
    },
};
use pacioli_circuits::{
    Account, InstrumentTable, Nonce, Owner, Phase1, Shape, UNUSABLE_ROWS, Volume, seal,
};
use rayon::prelude::*;
use thiserror::Error;

use crate::{
    digest::{Digest, Words},
    opening::{OpeningError, parse_point},
    plan::Position,
    prove::RecordedSeed,
    secret::{OperatorSecret, Salt},
    transcript::{big_endian, hash_to_field},
    verify::proof_layout,
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
pub enum SealedError {
    /// The proof has too few bytes to hold its commitments.
    #[error("the proof has {got} bytes, not {expected}")]
    Length {
        /// Bytes of a proof of this shape.
        expected: usize,
        /// Bytes given.
        got: usize,
    },
    /// A commitment is no point.
    #[error("a commitment of the proof is {0}")]
    Commitment(OpeningError),
    /// The columns are not those that the proof committed.
    #[error("the columns are not those that the proof committed: another seed, secret or book")]
    OtherColumns,
}

/// The position of each opened column among the commitments of phase 1.
struct Order {
    last: usize,
    instrument: usize,
    limbs: std::ops::Range<usize>,
    seal: usize,
    columns: usize,
}

fn order(shape: &Shape) -> Order {
    // last, instrument, limbs, cap, worth, seal, multiplicity: as in `Columns::new`.
    let limbs = 2..2 + shape.limbs();
    let seal = limbs.end + 1 + shape.scenarios();
    Order { last: 0, instrument: 1, limbs, seal, columns: seal + 2 }
}

impl Opened {
    /// Draws `gamma` from the commitments of phase 1 as they stand in the proof, and combines those
    /// that are opened. `context` is the volume's context word.
    ///
    /// # Errors
    /// Where the proof has another length, or a commitment is no point of the curve.
    pub fn of(shape: &Shape, context: Fr, proof: &[u8]) -> Result<Self, SealedError> {
        let layout = proof_layout(shape);
        if proof.len() != layout.length {
            return Err(SealedError::Length { expected: layout.length, got: proof.len() });
        }
        let committed = &proof[..layout.phase1];
        let words = Words::new("pacioli.open.v1").digest(Digest(big_endian(&context)));
        let gamma = hash_to_field(&words.digest(Digest::of(committed)).finish().0);
        let (points, _) = committed.as_chunks::<64>();
        let point = |column: usize| parse_point(&points[column]).map_err(SealedError::Commitment);
        let mut commitment = G1::default();
        for (column, weight) in weights(shape, gamma) {
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

/// The columns that are opened, with their weights.
fn weights(shape: &Shape, gamma: Fr) -> impl Iterator<Item = (usize, Fr)> {
    let order = order(shape);
    let base = Fr::from(1 << shape.limb_bits());
    let limbs = order.limbs.scan(gamma.square(), move |weight, column| {
        let this = *weight;
        *weight *= base;
        Some((column, this))
    });
    let others =
        [(order.seal, Fr::ONE), (order.instrument, gamma), (order.last, gamma.square() * gamma)];
    others.into_iter().chain(limbs)
}

/// The secrets that a run's seals are made with.
#[derive(Clone, Copy, Debug)]
pub struct RunSecrets<'a> {
    /// The operator's.
    pub secret: &'a OperatorSecret,
    /// The run's.
    pub salt: &'a Salt,
}

impl RunSecrets<'_> {
    /// The nonce of an account, in a volume with this context word.
    pub fn nonce(&self, context: Fr, id: &str) -> Nonce {
        self.secret.nonce(&big_endian(&context), self.salt, id)
    }

    /// The seals of a volume, in the order of [`Volume::slots`]: `accounts` gives every account
    /// with its page and first slot, and `seed` what the empty slots get.
    pub fn seal_volume<'a>(
        &self,
        shape: &Shape,
        context: Fr,
        accounts: &[(&'a str, &'a Account, Position)],
        seed: &RecordedSeed,
    ) -> Vec<Fr> {
        let word = big_endian(&context);
        let sealed: Vec<Vec<Fr>> = accounts
            .par_iter()
            .map(|(id, account, _)| {
                let (owner, nonce) = (Owner::new(id), self.nonce(context, id));
                let lines = account.lines.iter().zip(0..);
                lines.map(|(&line, index)| seal(&word, &owner, &nonce, index, line)).collect()
            })
            .collect();
        let mut empty = seed.empty_seals();
        let mut seals: Vec<Fr> = (0..shape.lines()).map(|_| empty()).collect();
        for ((.., position), sealed) in accounts.iter().zip(sealed) {
            for (slot, seal) in (position.slot..).zip(sealed) {
                seals[slot * shape.pages() + position.page] = seal;
            }
        }
        seals
    }
}

/// One volume's combined column, checked against its proof.
#[derive(Clone, Debug)]
pub struct SealedVolume {
    /// The column's values, one per row.
    pub rows: Vec<Fr>,
    /// The same as a polynomial, lowest coefficient first.
    pub coefficients: Vec<Fr>,
}

impl SealedVolume {
    /// Rebuilds the combined column from the accounts, the seals and the recorded seed of the proof.
    ///
    /// # Errors
    /// Where what comes out is not what the proof committed.
    ///
    /// # Panics
    /// Where the volume, the seals and the setup are not of one shape.
    pub fn new(
        params: &ParamsKZG<Bn256>,
        shape: &Shape,
        table: &InstrumentTable,
        volume: &Volume,
        seals: &[Fr],
        seed: &RecordedSeed,
        opened: &Opened,
    ) -> Result<Self, SealedError> {
        let phase1 = Phase1::new(shape, table, volume, seals);
        let Order { last, instrument, limbs, seal, columns } = order(shape);
        let column = |index: usize| match index {
            _ if index == last => Some(&phase1.last),
            _ if index == instrument => Some(&phase1.instrument),
            _ if index == seal => Some(&phase1.seal),
            _ if limbs.contains(&index) => Some(&phase1.limb[index - limbs.start]),
            _ => None,
        };
        let blinding = seed.blinding_rows(columns);
        let mut rows = vec![Fr::ZERO; shape.rows()];
        for (index, weight) in weights(shape, opened.gamma) {
            let values = column(index).expect("every opened column is one of phase 1");
            let (usable, hidden) = rows.split_at_mut(shape.rows() - UNUSABLE_ROWS);
            usable.iter_mut().zip(values).for_each(|(row, value)| *row += weight * value);
            hidden.iter_mut().zip(&blinding[index]).for_each(|(row, value)| *row += weight * value);
        }
        let domain = EvaluationDomain::new(1, shape.k());
        let values: Polynomial<Fr, _> = domain.lagrange_from_vec(rows.clone());
        let commitment: G1Affine = params.commit_lagrange(&values, Blind::default()).into();
        if commitment != opened.commitment {
            return Err(SealedError::OtherColumns);
        }
        Ok(Self { rows, coefficients: domain.lagrange_to_coeff(values).to_vec() })
    }
}
