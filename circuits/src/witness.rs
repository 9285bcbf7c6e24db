//! From lines to the values of every advice column. Nothing here is trusted: a wrong value breaks
//! a constraint, and `tests/all/soundness` tries.

use halo2_proofs::halo2curves::bn256::Fr;
use rayon::prelude::*;

use crate::{
    book::InstrumentTable,
    challenges::Challenges,
    fractions::{line_term, range_fractions, range_term, table_term},
    phase1::Phase1,
    shape::Shape,
    volume::Volume,
};

/// The columns committed after the challenges; `2^k` rows each.
#[derive(Clone, Debug)]
pub struct Phase2 {
    /// The balance before each line.
    pub balance: Vec<Fr>,
    /// The limbs' fractions.
    pub limb_term: Vec<Vec<Fr>>,
    /// The steps' fractions.
    pub step_term: Vec<Fr>,
    /// The table's fractions.
    pub table_term: Vec<Fr>,
    /// The running sum of all fractions.
    pub sum: Vec<Fr>,
}
/// The source of a circuit's advice columns.
pub trait Witness {
    /// The columns to commit first.
    fn phase1(&self, shape: &Shape) -> Phase1;
    /// The columns that depend on the challenges.
    fn phase2(&self, shape: &Shape, challenges: &Challenges) -> Phase2;
}

/// The witness of a prover who follows the rules.
#[derive(Clone, Debug)]
pub struct BookWitness {
    /// The public instrument table.
    pub table: InstrumentTable,
    /// The accounts in their pages.
    pub volume: Volume,
    /// One seal per slot, in the order of [`Volume::slots`].
    pub seals: Vec<Fr>,
    /// The public inputs, as [`crate::PublicInputs::instance`] gives them, combined by the `theta`
    /// that was drawn when the lines had been committed.
    pub instance: Vec<Vec<Fr>>,
}

impl Witness for BookWitness {
    fn phase1(&self, shape: &Shape) -> Phase1 {
        let worth = self.instance.last().expect("the values are the last column");
        Phase1::new(shape, &self.table, worth, &self.volume, &self.seals)
    }

    fn phase2(&self, shape: &Shape, challenges: &Challenges) -> Phase2 {
        Phase2::new(shape, &self.phase1(shape), &self.instance, challenges)
    }
}
impl Phase2 {
    /// The columns that follow from phase 1, the public inputs and the challenges.
    pub fn new(
        shape: &Shape,
        phase1: &Phase1,
        instance: &[Vec<Fr>],
        challenges: &Challenges,
    ) -> Self {
        let quantities = phase1.quantities(shape);
        let fractions = range_fractions(shape, challenges);
        let term = |values: &Vec<Fr>| range_term(shape, values, &fractions, challenges);
        let limb_term: Vec<_> = phase1.lines.limb.iter().map(term).collect();
        let step_term = term(&phase1.steps(shape));
        let table_term = table_term(shape, &phase1.multiplicity, instance, challenges);
        let mut rise = line_term(shape, phase1, &quantities, challenges);
        rise.par_iter_mut().enumerate().for_each(|(row, rise)| {
            let limbs: Fr = limb_term.iter().map(|term| term[row]).sum();
            *rise += limbs + step_term[row] - table_term[row];
        });
        let sum = running_sum(shape, &rise);
        let balance = balance(shape, phase1, &quantities);
        Self { balance, limb_term, step_term, table_term, sum }
    }

    /// The columns in the order of the circuit.
    pub fn in_order(&self) -> impl Iterator<Item = &[Fr]> {
        let Self { balance, limb_term, step_term, table_term, sum } = self;
        let columns = [balance].into_iter().chain(limb_term);
        columns.chain([step_term, table_term, sum]).map(Vec::as_slice)
    }

    /// The columns in the order of the circuit.
    pub fn in_order_mut(&mut self) -> impl Iterator<Item = &mut [Fr]> {
        let Self { balance, limb_term, step_term, table_term, sum } = self;
        let columns = [balance].into_iter().chain(limb_term);
        columns.chain([step_term, table_term, sum]).map(Vec::as_mut_slice)
    }
}
fn running_sum(shape: &Shape, rise: &[Fr]) -> Vec<Fr> {
    let mut sum = vec![Fr::zero(); shape.rows()];
    for row in 0..shape.last_row() {
        sum[row + 1] = sum[row] + rise[row];
    }
    sum
}

/// The balance before each line, from zero at slot 0 of every page.
fn balance(shape: &Shape, phase1: &Phase1, quantities: &[Fr]) -> Vec<Fr> {
    let stride = shape.stride();
    let mut balance = vec![Fr::zero(); shape.rows()];
    for slot in 1..shape.page_size() {
        let (before, after) = balance.split_at_mut(slot * stride);
        let before = &before[(slot - 1) * stride..][..shape.pages()];
        let after = after[..shape.pages()].par_iter_mut();
        after.zip(before).enumerate().for_each(|(page, (after, before))| {
            let row = shape.row(page, slot - 1);
            *after = before + quantities[row] * phase1.worth[row];
        });
    }
    balance
}
