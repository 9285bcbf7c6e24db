//! The columns of one proof.

use halo2_proofs::halo2curves::bn256::Fr;
use pacioli_circuits::{Challenges, Phase1, Phase2, Shape, UNUSABLE_ROWS, fixed_row};

use super::seed::{Blinding, BlindingRows};

/// All columns that a witness decides, as they are committed.
pub(super) struct Columns {
    pub(super) phase1: Phase1,
    pub(super) phase2: Phase2,
}

impl Columns {
    /// The columns, each with the rows that hide it.
    pub(super) fn new(mut phase1: Phase1, mut phase2: Phase2, blinding: &Blinding) -> Self {
        phase1.in_order_mut().zip(&blinding.phase1).for_each(hide);
        phase2.in_order_mut().zip(&blinding.phase2).for_each(hide);
        Self { phase1, phase2 }
    }

    /// The columns in the order of the circuit.
    pub(super) fn in_order(&self) -> Vec<&[Fr]> {
        self.phase1.in_order().chain(self.phase2.in_order()).collect()
    }
}

fn hide((column, blinding): (&mut [Fr], &BlindingRows)) {
    let usable = column.len() - UNUSABLE_ROWS;
    column[usable..].copy_from_slice(blinding);
}

/// The columns of the table, combined by the challenges as the lookup has them.
pub(super) struct TableColumns {
    /// `[table_entry, table_worth, table_cap, is_instrument]`.
    pub(super) entry: Vec<Fr>,
    /// `total_count + alpha total_quantity`.
    pub(super) totals: Vec<Fr>,
}

impl TableColumns {
    pub(super) fn new(shape: &Shape, instance: &[Vec<Fr>], challenges: &Challenges) -> Self {
        let Challenges { eta, alpha, .. } = challenges;
        let [_, counts, quantities, caps, worth] = instance else {
            panic!("the instance has a context, counts, quantities, caps and values");
        };
        let public = |column: &[Fr], row: usize| column.get(row).copied().unwrap_or_default();
        let mut columns = Self { entry: vec![Fr::zero(); shape.rows()], totals: Vec::new() };
        for (row, entry) in columns.entry[..shape.table_rows()].iter_mut().enumerate() {
            let [.., first, tag] = fixed_row(shape, row).map(|value| Fr::from(u64::from(value)));
            *entry = ((tag * eta + public(caps, row)) * eta + public(worth, row)) * eta + first;
        }
        let totals = counts.iter().zip(quantities);
        columns.totals.extend(totals.map(|(count, quantity)| count + alpha * quantity));
        columns.totals.resize(shape.rows(), Fr::zero());
        columns
    }
}
