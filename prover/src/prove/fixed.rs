//! The fixed columns: by row, and, where the quotient needs them, between the rows.

use ff::PrimeField;
use halo2_proofs::halo2curves::bn256::Fr;
use pacioli_circuits::{Shape, fixed_columns};
use rayon::prelude::*;

use super::domain::Domain;

/// The number of fixed columns.
pub(super) const FIXED: usize = 5;

/// The fixed columns in a row, in the order of the circuit: `line_on`, `row_on`, `is_end`,
/// `table_entry`, `is_instrument`.
pub(super) fn fixed_row(shape: &Shape, row: usize) -> [u32; FIXED] {
    let line_on = row % shape.stride() < shape.pages();
    let is_end = row == 0 || row == shape.last_row();
    let is_instrument = row < shape.instruments();
    let entry = if is_instrument { row } else { limb_offered(shape, row) };
    let [line_on, row_on, is_end, is_instrument] =
        [line_on, row < shape.last_row(), is_end, is_instrument].map(u32::from);
    [line_on, row_on, is_end, entry as u32, is_instrument]
}

/// The value of a limb that a table row offers: 0 for the rows that offer none.
fn limb_offered(shape: &Shape, row: usize) -> usize {
    let offers = shape.instruments()..shape.table_rows();
    if offers.contains(&row) { row - shape.instruments() } else { 0 }
}

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
        let limbs = rows.map(|row| Fr::from(limb_offered(shape, row) as u64)).collect();
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_is_that_of_the_circuit() {
        for shape in [Shape::new(11, 64).unwrap(), Shape::new(12, 2).unwrap()] {
            let columns = fixed_columns(&shape);
            for row in 0..shape.rows() {
                let expected = columns.each_ref().map(|column| column[row]);
                assert_eq!(
                    fixed_row(&shape, row).map(|value| Fr::from(u64::from(value))),
                    expected
                );
            }
        }
    }
}
