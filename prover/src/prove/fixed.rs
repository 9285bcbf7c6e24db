//! The fixed columns between the rows, where the quotient needs them.

use ff::PrimeField;
use halo2_proofs::halo2curves::bn256::Fr;
use pacioli_circuits::{Shape, fixed_columns, fixed_row};
use rayon::prelude::*;

use super::domain::Domain;

/// What the quotient takes of the fixed columns; 160 bytes a row.
///
/// `offered` stands for the product `(1 - is_instrument) table_entry`, which has too high a degree
/// for a column: it is the column `limbs`, which has its values in the rows, and `X^n - 1` times
/// another column `over`.
pub(crate) struct FixedValues {
    /// `line_on` between the rows, which repeats after each stride.
    pub(super) line_on: Vec<Fr>,
    /// `row_on` between the rows.
    pub(super) row_on: Vec<Fr>,
    /// `is_end` between the rows.
    pub(super) is_end: Vec<Fr>,
    /// `limbs` between the rows.
    pub(super) limbs: Vec<Fr>,
    /// `over` in the rows.
    pub(super) over_rows: Vec<Fr>,
    /// `over` between the rows.
    pub(super) over: Vec<Fr>,
}

impl FixedValues {
    pub(crate) fn new(shape: &Shape, domain: &Domain) -> Self {
        let [mut line_on, row_on, is_end, entry, is_instrument] = fixed_columns(shape);
        line_on.truncate(shape.stride());
        let line_on = Domain::new(shape.stride().ilog2()).half_row_on(line_on);
        let [row_on, is_end] = [row_on, is_end].map(|column| domain.half_row_on(column));
        let rows = (0..shape.rows()).into_par_iter();
        let limbs = rows.map(|row| offered(shape, row)).collect();
        let limbs = domain.half_row_on(limbs);
        let [mut over, is_instrument] =
            [entry, is_instrument].map(|column| domain.half_row_on(column));
        // offered = limbs + (X^n - 1) over, and X^n is -1 between the rows.
        (&mut over, &is_instrument, &limbs).into_par_iter().for_each(|(over, tag, limbs)| {
            let offered = (Fr::one() - tag) * *over;
            *over = (limbs - offered) * Fr::TWO_INV;
        });
        let over_rows = domain.half_row_back(over.clone());
        Self { line_on, row_on, is_end, limbs, over_rows, over }
    }
}

/// `offered` in a row: the value of a limb, or 0.
fn offered(shape: &Shape, row: usize) -> Fr {
    let [.., entry, is_instrument] = fixed_row(shape, row);
    Fr::from(u64::from((1 - is_instrument) * entry))
}
