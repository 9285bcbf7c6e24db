//! The constraints of the circuit as the prover evaluates them, in the rows or between them.
//!
//! They are written a second time here, by hand: what the circuit says of itself is for any circuit
//! and several times slower. Nothing rests on this copy: a proof made with a wrong one does not
//! verify.

use std::borrow::Cow;

use ff::Field;
use halo2_proofs::halo2curves::bn256::Fr;
use pacioli_circuits::{Challenges, Shape};
use rayon::prelude::*;

use super::{
    columns::{Columns, TableColumns},
    domain::Domain,
};

/// Fewest rows that a thread takes at once.
pub(super) const CHUNK: usize = 1 << 10;

/// What each constraint is multiplied by: powers of `y`, the last constraint's is 1.
pub(super) struct Weights {
    /// `limb i is in range`.
    pub(super) limbs: Vec<Fr>,
    /// `the step is in range`.
    pub(super) step: Fr,
    /// `the table offers its totals`.
    pub(super) table: Fr,
    /// `a line is an instrument`.
    pub(super) line: Fr,
    /// `the sum is zero at both ends`.
    pub(super) ends: Fr,
    /// `last is a bit`.
    pub(super) last: Fr,
    /// `a capped line has its headroom next`.
    pub(super) cap: Fr,
    /// `the balance runs`.
    pub(super) runs: Fr,
    /// `an account balances`.
    pub(super) balances: Fr,
}

impl Weights {
    pub(super) fn new(shape: &Shape, y: Fr) -> Self {
        let mut powers = std::iter::successors(Some(Fr::ONE), |power| Some(power * y));
        let mut next = || powers.next().expect("there is always another power");
        let [balances, runs, cap, last] = std::array::from_fn(|_| next());
        let [ends, line, table, step] = std::array::from_fn(|_| next());
        let mut limbs: Vec<Fr> = (0..shape.limbs()).map(|_| next()).collect();
        limbs.reverse();
        Self { limbs, step, table, line, ends, last, cap, runs, balances }
    }
}

/// The columns that constraints multiply, in the rows or between them.
pub(super) struct Values<'a> {
    shape: &'a Shape,
    last: Cow<'a, [Fr]>,
    instrument: Cow<'a, [Fr]>,
    limbs: Vec<Cow<'a, [Fr]>>,
    cap: Cow<'a, [Fr]>,
    worth: Cow<'a, [Fr]>,
    balance: Cow<'a, [Fr]>,
    limb_terms: Vec<Cow<'a, [Fr]>>,
    step_term: Cow<'a, [Fr]>,
    table_term: Cow<'a, [Fr]>,
    /// The lookup's running sum.
    pub(super) sum: Cow<'a, [Fr]>,
    /// What the table offers, combined.
    offered: Cow<'a, [Fr]>,
    /// The quantity, from its limbs.
    quantity: Vec<Fr>,
}

impl<'a> Values<'a> {
    /// In the rows.
    pub(super) fn in_rows(shape: &'a Shape, columns: &'a Columns, table: &'a TableColumns) -> Self {
        Self::of(shape, columns, table, Cow::Borrowed)
    }

    /// Between the rows.
    pub(super) fn between_rows(
        shape: &'a Shape,
        domain: &Domain,
        columns: &'a Columns,
        table: &'a TableColumns,
    ) -> Self {
        let values = |column: &[Fr]| domain.half_row_on(column.to_vec()).into();
        Self::of(shape, columns, table, values)
    }

    fn of(
        shape: &'a Shape,
        Columns { phase1, phase2 }: &'a Columns,
        table: &'a TableColumns,
        values: impl Fn(&'a [Fr]) -> Cow<'a, [Fr]>,
    ) -> Self {
        let limbs: Vec<_> = phase1.lines.limb.iter().map(|limb| values(limb)).collect();
        let base = Fr::from(1 << shape.limb_bits());
        let rows = (0..shape.rows()).into_par_iter().with_min_len(CHUNK);
        let quantity = rows.map(|row| horner(limbs.iter().rev().map(|limb| limb[row]), base));
        Self {
            shape,
            last: values(&phase1.lines.last),
            instrument: values(&phase1.lines.instrument),
            cap: values(&phase1.cap),
            worth: values(&phase1.worth),
            balance: values(&phase2.balance),
            limb_terms: phase2.limb_term.iter().map(|term| values(term)).collect(),
            step_term: values(&phase2.step_term),
            table_term: values(&phase2.table_term),
            sum: values(&phase2.sum),
            offered: values(&table.entry),
            quantity: quantity.collect(),
            limbs,
        }
    }
}

/// The constraints' products of two columns.
pub(super) struct Products {
    /// What `row_on` multiplies.
    pub(super) row: Vec<Fr>,
    /// What `line_on` multiplies.
    pub(super) line: Vec<Fr>,
}

impl Products {
    pub(super) fn new(values: &Values<'_>, challenges: &Challenges, weights: &Weights) -> Self {
        let rows = (0..values.shape.rows()).into_par_iter().with_min_len(CHUNK);
        let products = rows.map(|row| values.products(row, challenges, weights));
        let (row, line) = products.unzip();
        Self { row, line }
    }
}

impl Values<'_> {
    /// The products in one row: those that `row_on` multiplies, and those of `line_on`.
    fn products(&self, row: usize, challenges: &Challenges, weights: &Weights) -> (Fr, Fr) {
        let Challenges { eta, alpha, beta } = challenges;
        let mask = self.shape.rows() - 1;
        let (next_row, next_line) = ((row + 1) & mask, (row + self.shape.stride()) & mask);

        // A limb's term is its fraction, and a step's is.
        let [mut in_range, mut ranged, mut terms] = [Fr::ZERO; 3];
        for ((limb, term), weight) in self.limbs.iter().zip(&self.limb_terms).zip(&weights.limbs) {
            in_range += weight * term[row] * (beta - limb[row]);
            ranged += weight * limb[row];
            terms += term[row];
        }
        let (last, step_term) = (self.last[row], self.step_term[row]);
        let forward = Fr::from(self.shape.instruments() as u64);
        let step = self.instrument[next_line] - self.instrument[row] - Fr::ONE + last * forward;
        in_range += weights.step * step_term * (beta - step);
        ranged += weights.step * step;
        terms += step_term;

        // The table's term is what it offers, and the line's is what is left of the sum's rise.
        let table_term = self.table_term[row];
        let table = table_term * (beta - self.offered[row]);
        let (quantity, worth, cap) = (self.quantity[row], self.worth[row], self.cap[row]);
        let line = ((eta + cap) * eta + worth) * eta + self.instrument[row];
        let line_term = self.sum[next_row] - self.sum[row] - terms + table_term;
        let on_row = in_range + weights.table * table + weights.line * line_term * (beta - line);

        let balance = self.balance[next_line];
        let ends = last * (weights.last * (Fr::ONE - last) + weights.balances * balance);
        let headroom = cap * (quantity + self.quantity[next_line] - cap);
        let runs = balance - self.balance[row] - quantity * worth;
        let counted = weights.line * (Fr::ONE + alpha * quantity);
        let on_line = ends + weights.cap * headroom + weights.runs * runs - ranged - counted;
        (on_row, on_line)
    }
}

fn horner(coefficients: impl Iterator<Item = Fr>, base: Fr) -> Fr {
    coefficients.fold(Fr::ZERO, |sum, coefficient| sum * base + coefficient)
}
