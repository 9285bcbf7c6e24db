//! The quotient: what the constraints are of `X^n - 1`.
//!
//! The constraints, combined by powers of `y`, are
//!
//! ```text
//! N = row_on A + line_on B + C
//! ```
//!
//! where A and B have products of two columns and C what is left. In the rows N is zero; halo2
//! evaluates it in 2n more points to divide by `X^n - 1`, three transforms a column. But A and B
//! are of degree below 2n, so the rows and the points between them determine both, one move of half
//! a row a column. With `Z = X^n - 1`, and `P = P0 + Z P1` for a polynomial of degree below 2n, P0
//! and P1 below n:
//!
//! ```text
//! N = (row_on A0 + line_on B0 + C0) + Z (row_on A1 + line_on B1 + C1) = Z M + Z K
//! ```
//!
//! Z is 0 in the rows and -2 between them. So A0 is A in the rows, `A1 = (A0 - A) / 2` between
//! them, `M = (row_on A0 + line_on B0 + C0) / -2`, and K, whose degree is below 2n again, is `K0 +
//! Z K1`. The quotient is `M + K = (M + K0 - K1) + X^n K1`: its two parts.
//!
//! If N is not zero in the rows, because a book does not balance, nothing fails here: M is then
//! another polynomial, and the proof does not verify.

use ff::PrimeField;
use halo2_proofs::halo2curves::bn256::Fr;
use pacioli_circuits::{Challenges, Shape};
use rayon::prelude::*;

use super::{
    columns::{Columns, TableColumns},
    constraints::{CHUNK, Products, Values, Weights},
    domain::Domain,
    fixed::FixedValues,
};

/// The quotient's two parts, in the rows.
pub(super) struct Quotient {
    /// The coefficients below n.
    pub(super) low: Vec<Fr>,
    /// Those from n on.
    pub(super) high: Vec<Fr>,
}

impl Quotient {
    /// The quotient of a witness and the public inputs.
    pub(super) fn new(
        shape: &Shape,
        domain: &Domain,
        fixed: &FixedValues,
        columns: &Columns,
        table: &TableColumns,
        challenges: &Challenges,
        y: Fr,
    ) -> Self {
        let weights = Weights::new(shape, y);
        let moved = |column: &[Fr]| domain.half_row_on(column.to_vec());
        let products = |values: Values<'_>| Products::new(&values, challenges, &weights);

        // What C gives to -2 M and to K.
        let multiplicity = moved(&columns.phase1.multiplicity);
        let (is_end, limbs) = (&fixed.is_end, &fixed.limbs);
        let values = Values::between_rows(shape, domain, columns, table);
        let mut m = moved(&table.totals);
        let sum = values.sum.par_iter();
        let parts = (&mut m, is_end, limbs, sum, &multiplicity).into_par_iter();
        parts.with_min_len(CHUNK).for_each(|(m, is_end, limbs, sum, multiplicity)| {
            *m = weights.ends * is_end * sum - weights.table * (*m + limbs * multiplicity);
        });
        let over = |over: &[Fr], multiplicity: &[Fr]| -> Vec<Fr> {
            let rows = over.par_iter().zip(multiplicity).with_min_len(CHUNK);
            rows.map(|(over, multiplicity)| -weights.table * over * multiplicity).collect()
        };
        let mut k = over(&fixed.over, &multiplicity);
        drop(multiplicity);
        let mut k_rows = over(&fixed.over_rows, &columns.phase1.multiplicity);

        // What A and B give to them.
        let full = products(values);
        let rows = products(Values::in_rows(shape, columns, table));
        let row_on = |row: usize| row < shape.last_row();
        let parts = Halves::new(domain, rows.row, full.row);
        parts.add(domain, &fixed.row_on, &row_on, [&mut m, &mut k, &mut k_rows]);
        let line_on = |row: usize| row % shape.stride() < shape.pages();
        let parts = Halves::new(domain, rows.line, full.line);
        parts.add(domain, &fixed.line_on, &line_on, [&mut m, &mut k, &mut k_rows]);

        let Halves { low: _, high } = Halves::new(domain, k_rows.clone(), k);
        let high = domain.half_row_back(high);
        let mut low = domain.half_row_back(m);
        let parts = (&mut low, &k_rows, &high).into_par_iter().with_min_len(CHUNK);
        parts.for_each(|(low, k, high)| *low = k - high - *low * Fr::TWO_INV);
        Self { low, high }
    }
}

/// A polynomial `low + (X^n - 1) high` between the rows.
struct Halves {
    low: Vec<Fr>,
    high: Vec<Fr>,
}

impl Halves {
    /// The polynomial with these values in the rows and between them.
    fn new(domain: &Domain, rows: Vec<Fr>, between: Vec<Fr>) -> Self {
        let (low, mut high) = (domain.half_row_on(rows), between);
        let parts = high.par_iter_mut().zip(&low).with_min_len(CHUNK);
        parts.for_each(|(high, low)| *high = (low - *high) * Fr::TWO_INV);
        Self { low, high }
    }

    /// Adds `factor low` between the rows, `factor high` between the rows, and `factor high` in the
    /// rows, the factor being a bit there.
    fn add(
        self,
        domain: &Domain,
        between: &[Fr],
        on_row: &(dyn Fn(usize) -> bool + Sync),
        [m, k, k_rows]: [&mut [Fr]; 3],
    ) {
        let period = between.len() - 1;
        let parts = (m, k, &self.low, &self.high).into_par_iter().enumerate();
        parts.with_min_len(CHUNK).for_each(|(row, (m, k, low, high))| {
            let factor = between[row & period];
            *m += factor * low;
            *k += factor * high;
        });
        let high = domain.half_row_back(self.high);
        let parts = k_rows.par_iter_mut().zip(&high).enumerate().with_min_len(CHUNK);
        parts.filter(|(row, _)| on_row(*row)).for_each(|(_, (k, high))| *k += high);
    }
}
