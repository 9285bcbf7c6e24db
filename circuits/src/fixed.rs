//! The fixed columns, which depend on the shape alone.

use halo2_proofs::halo2curves::bn256::Fr;

use crate::shape::Shape;

/// The number of fixed columns.
pub const FIXED_COLUMNS: usize = 5;

/// The fixed columns in a row, in the constraint system's order: `line_on`, `row_on`, `is_end`,
/// `table_entry`, `is_instrument`.
pub fn fixed_row(shape: &Shape, row: usize) -> [u32; FIXED_COLUMNS] {
    let line_on = row % shape.stride() < shape.pages();
    let is_end = row == 0 || row == shape.last_row();
    let (entry, is_instrument) = table_row(shape, row);
    let [line_on, row_on, is_end, is_instrument] =
        [line_on, row < shape.last_row(), is_end, is_instrument].map(u32::from);
    [line_on, row_on, is_end, entry, is_instrument]
}

/// The fixed columns, `2^k` rows each. The verifying key is their commitments.
pub fn fixed_columns(shape: &Shape) -> [Vec<Fr>; FIXED_COLUMNS] {
    let mut columns = [(); FIXED_COLUMNS].map(|()| Vec::with_capacity(shape.rows()));
    for row in 0..shape.rows() {
        let values = columns.iter_mut().zip(fixed_row(shape, row));
        values.for_each(|(column, value)| column.push(Fr::from(u64::from(value))));
    }
    columns
}

/// The fixed part of a table row: its entry, and whether it is an instrument's.
pub(crate) fn table_row(shape: &Shape, row: usize) -> (u32, bool) {
    let instruments = shape.instruments();
    match row {
        row if row < instruments => (row as u32, true),
        row if row < shape.table_rows() => ((row - instruments) as u32, false),
        _ => (0, false),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Column by column, each filled where it is not 0.
    fn filled(shape: &Shape) -> [Vec<Fr>; FIXED_COLUMNS] {
        let mut columns = [(); FIXED_COLUMNS].map(|()| vec![Fr::zero(); shape.rows()]);
        let [line_on, row_on, is_end, table_entry, is_instrument] = &mut columns;
        for slot in line_on.chunks_mut(shape.stride()) {
            slot[..shape.pages()].fill(Fr::one());
        }
        row_on[..shape.last_row()].fill(Fr::one());
        is_end[0] = Fr::one();
        is_end[shape.last_row()] = Fr::one();
        is_instrument[..shape.instruments()].fill(Fr::one());
        let entries = (0..shape.instruments()).chain(0..1 << shape.limb_bits());
        table_entry
            .iter_mut()
            .zip(entries)
            .for_each(|(cell, entry)| *cell = Fr::from(entry as u64));
        columns
    }

    #[test]
    fn a_row_is_that_of_the_columns() {
        for (k, page) in [(11, 64), (12, 2), (16, 64), (19, 512)] {
            let shape = Shape::new(k, page).unwrap();
            assert_eq!(fixed_columns(&shape), filled(&shape), "k = {k}");
        }
    }
}
