//! The columns of a volume that its pages open: seal, instrument, quantity and `last`, combined by
//! `gamma`, with the same blinding rows that the proof committed.

use ff::Field;
use halo2_proofs::{
    halo2curves::bn256::{Bn256, Fr, G1Affine},
    poly::{
        EvaluationDomain, LagrangeCoeff, Polynomial,
        commitment::{Blind, Params},
        kzg::commitment::ParamsKZG,
    },
};
use pacioli_attestation::{
    encoding::value_bytes,
    opening::{ColumnOrder, Opened, OpenedError, OpeningError, Pages},
};
use pacioli_circuits::{
    Account, LineColumns, Owner, Shape, UNUSABLE_ROWS, Volume, seal, slot_column,
};
use rayon::prelude::*;

use crate::{
    derive::{RecordedAttempt, VolumeKey},
    opening::{PageOpener, page_values},
    plan::Placement,
    prove::RecordedSeed,
    secret::{OperatorSecret, Salt},
    store::OpenedPage,
};

/// The secrets for a run's seals.
#[derive(Clone, Copy, Debug)]
pub struct RunSecrets<'a> {
    /// The operator's secret.
    pub secret: &'a OperatorSecret,
    /// The run's salt.
    pub salt: &'a Salt,
}

impl RunSecrets<'_> {
    /// The key of the volume with this context word.
    pub fn volume_key(&self, context: Fr) -> VolumeKey {
        VolumeKey::derive(self.secret, context, self.salt)
    }
}

impl VolumeKey {
    /// The seals of the volume in the proof of an attempt, in the order of [`Volume::slots`]:
    /// `accounts` lists every account with its id and placement. The seals of empty slots are drawn
    /// from the attempt's seed.
    pub fn seal_volume<'a>(
        &self,
        shape: &Shape,
        context: Fr,
        accounts: &[(&'a str, &'a Account, Placement)],
        attempt: &RecordedAttempt,
    ) -> Vec<Fr> {
        let word = value_bytes(&context);
        let sealed: Vec<Vec<Fr>> = accounts
            .par_iter()
            .map(|(id, account, _)| {
                let (owner, nonce) = (Owner::new(id), self.nonce(attempt, id));
                let lines = account.lines.iter().zip(0..);
                lines.map(|(&line, index)| seal(&word, &owner, &nonce, index, line)).collect()
            })
            .collect();
        let mut empty = self.seed(attempt).empty_seals();
        let mut seals: Vec<Fr> = (0..shape.lines()).map(|_| empty()).collect();
        for ((.., placement), sealed) in accounts.iter().zip(sealed) {
            for (slot, seal) in (placement.slot..).zip(sealed) {
                seals[slot * shape.pages() + placement.page] = seal;
            }
        }
        seals
    }
}

/// One volume's combined column: that which its proof committed.
#[derive(Clone, Debug)]
pub struct SealedVolume {
    /// The column's values, one per row.
    pub rows: Vec<Fr>,
    domain: EvaluationDomain<Fr>,
}

impl SealedVolume {
    /// Rebuilds the combined column from the accounts, the seals and the recorded seed of the proof.
    /// Where it is the one that the proof committed, statements can be made for the proof.
    ///
    /// # Errors
    /// If the column is not the one that the proof committed.
    ///
    /// # Panics
    /// If the volume, the seals and the setup do not have the same shape.
    pub fn new(
        params: &ParamsKZG<Bn256>,
        shape: &Shape,
        volume: &Volume,
        seals: &[Fr],
        seed: &RecordedSeed,
        opened: &Opened,
    ) -> Result<Self, OpenedError> {
        let sealed = Self {
            rows: combined_rows(shape, volume, seals, seed, opened.gamma),
            domain: EvaluationDomain::new(1, shape.k()),
        };
        let commitment: G1Affine =
            params.commit_lagrange(&sealed.values(), Blind::default()).into();
        if commitment != opened.commitment {
            return Err(OpenedError::OtherColumns);
        }
        Ok(sealed)
    }

    /// The column as a polynomial, lowest coefficient first.
    pub fn coefficients(&self) -> Vec<Fr> {
        self.domain.lagrange_to_coeff(self.values()).to_vec()
    }

    /// Opens the first `count` pages, all at once.
    ///
    /// # Errors
    /// If the opener is for another number of rows.
    pub fn open(
        &self,
        opener: &PageOpener,
        pages: Pages,
        count: usize,
    ) -> Result<Vec<OpenedPage>, OpeningError> {
        let openings = opener.open_all(&self.coefficients())?.into_iter().take(count).enumerate();
        let opened = openings.map(|(page, opening)| {
            Ok(OpenedPage { values: page_values(pages, &self.rows, page)?, opening })
        });
        opened.collect()
    }

    fn values(&self) -> Polynomial<Fr, LagrangeCoeff> {
        self.domain.lagrange_from_vec(self.rows.clone())
    }
}

/// The values of the combined column, one per row: what is weighed by `gamma` in each.
fn combined_rows(
    shape: &Shape,
    volume: &Volume,
    seals: &[Fr],
    seed: &RecordedSeed,
    gamma: Fr,
) -> Vec<Fr> {
    let lines = LineColumns::new(shape, volume);
    let sealed = slot_column(shape, seals, |&seal| seal);
    let order = ColumnOrder::of(shape);
    let ColumnOrder { last, instrument, limbs, seal, columns } = order.clone();
    let column = |index: usize| match index {
        _ if index == last => Some(&lines.last),
        _ if index == instrument => Some(&lines.instrument),
        _ if index == seal => Some(&sealed),
        _ if limbs.contains(&index) => Some(&lines.limb[index - limbs.start]),
        _ => None,
    };
    let blinding = seed.blinding_rows(columns);
    let mut rows = vec![Fr::ZERO; shape.rows()];
    for (index, weight) in order.weights(shape, gamma) {
        let values = column(index).expect("every opened column is one of phase 1");
        let (usable, hidden) = rows.split_at_mut(shape.rows() - UNUSABLE_ROWS);
        usable.iter_mut().zip(values).for_each(|(row, value)| *row += weight * value);
        hidden.iter_mut().zip(&blinding[index]).for_each(|(row, value)| *row += weight * value);
    }
    rows
}
