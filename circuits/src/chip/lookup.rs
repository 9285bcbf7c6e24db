//! The lookup: one table, one running sum of fractions, and the totals with it.
//!
//! *Says* Every line is a row of the instrument table, with that row's values and cap. Every limb
//! of a quantity, and every step from one instrument of an account to the next, is in
//! [0, 2^limb_bits). The public counts and quantities are those of the lines.
//!
//! *Rows* The table is in the first rows, beside the lines: first the instruments
//! `(number, worth, cap, 1)`, then the values of a limb `(value, 0, 0, 0)`. `[a, b, c, d]` stands
//! for `a + eta b + eta^2 c + eta^3 d`.
//!
//! *Constraints*
//!
//! | name | polynomial | degree |
//! |---|---|---|
//! | `limb i is in range` | `r limb_term[i] (beta - limb[i]) - q limb[i]` | 3 |
//! | `the step is in range` | `r step_term (beta - step) - q step` | 3 |
//! | `the table offers its totals` | `r table_term (beta - [table_entry, table_worth, table_cap, is_instrument]) - (total_count + alpha total_quantity) - (1 - is_instrument) table_entry multiplicity` | 3 |
//! | `a line is an instrument` | `r line_term (beta - [instrument, worth, cap, 1]) - q (1 + alpha quantity)` | 3 |
//! | `the sum is zero at both ends` | `is_end sum` | 2 |
//!
//! where `line_term = sum_next_row - sum - sum_i limb_term[i] - step_term + table_term`: what the
//! running sum rises by on this row, less what the row's other terms account for. It has no column
//! of its own.
//!
//! *Assumes* What is looked up was committed before `eta`, `alpha` and `beta` were drawn
//! (phase 1), and no instance column is longer than the instruments' table rows.
//!
//! *Why enough* On a row where `r = 1` each term is forced to its fraction, or, where `q = 0`, to
//! zero (unless `beta` hits the value itself). The sum starts and ends at zero, so
//!
//! ```text
//! sum over lines  (1 + alpha quantity) / (beta - line)  +  sum over limbs and steps  v / (beta - v)
//!   =  sum over instruments  (N + alpha T) / (beta - entry)  +  sum over limb values  v m / (beta - v)
//! ```
//!
//! at a random `beta`, hence as rational functions of it: the weight at every pole is the same on
//! both sides. A line that is not a row of the table is a pole that the right side does not have; its
//! weight `count + alpha sum` is not zero, for `count` is between 1 and the number of rows. At an
//! instrument's pole the weights say `N + alpha T = count + alpha sum`, so both totals are right
//! mod p, and below p by `TOTAL_BITS`. A limb or step outside the range is a pole with weight
//! `count * v`, which is not zero mod p. One that is zero weighs nothing, and is in the range.

use halo2_proofs::{
    halo2curves::bn256::Fr,
    plonk::{Advice, Column, ConstraintSystem, Expression, VirtualCells},
    poly::Rotation,
};

use super::{constrain, one};
use crate::columns::Columns;

/// Adds the constraints.
pub fn configure(meta: &mut ConstraintSystem<Fr>, columns: &Columns) {
    for (&limb, (&term, name)) in
        columns.limb.iter().zip(columns.limb_term.iter().zip(LIMB_IS_IN_RANGE))
    {
        constrain(meta, name, |cells| {
            let limb = cells.query_advice(limb, Rotation::cur());
            is_in_range(cells, columns, term, limb)
        });
    }
    constrain(meta, "the step is in range", |cells| {
        let step = columns.step(cells);
        is_in_range(cells, columns, columns.step_term, step)
    });
    constrain(meta, "the table offers its totals", |cells| {
        let r = cells.query_fixed(columns.row_on, Rotation::cur());
        let beta = cells.query_challenge(columns.beta);
        let alpha = cells.query_challenge(columns.alpha);
        let term = cells.query_advice(columns.table_term, Rotation::cur());
        let entry = cells.query_fixed(columns.table_entry, Rotation::cur());
        let is_instrument = cells.query_fixed(columns.is_instrument, Rotation::cur());
        let cap = cells.query_instance(columns.table_cap, Rotation::cur());
        let count = cells.query_instance(columns.total_count, Rotation::cur());
        let quantity = cells.query_instance(columns.total_quantity, Rotation::cur());
        let multiplicity = cells.query_advice(columns.multiplicity, Rotation::cur());
        let worth = cells.query_instance(columns.table_worth, Rotation::cur());
        let row = compress(cells, columns, [entry.clone(), worth, cap, is_instrument.clone()]);
        r * term * (beta - row)
            - (count + alpha * quantity)
            - (one() - is_instrument) * entry * multiplicity
    });
    constrain(meta, "a line is an instrument", |cells| {
        // The seal is bound by nothing but its commitment; queried, it is opened with the others.
        cells.query_advice(columns.seal, Rotation::cur());
        let q = cells.query_fixed(columns.line_on, Rotation::cur());
        let r = cells.query_fixed(columns.row_on, Rotation::cur());
        let beta = cells.query_challenge(columns.beta);
        let alpha = cells.query_challenge(columns.alpha);
        let instrument = cells.query_advice(columns.instrument, Rotation::cur());
        let cap = cells.query_advice(columns.cap, Rotation::cur());
        let quantity = columns.quantity(cells, Rotation::cur());
        let worth = cells.query_advice(columns.worth, Rotation::cur());
        let line = compress(cells, columns, [instrument, worth, cap, one()]);
        r * line_term(cells, columns) * (beta - line) - q * (one() + alpha * quantity)
    });
    constrain(meta, "the sum is zero at both ends", |cells| {
        let is_end = cells.query_fixed(columns.is_end, Rotation::cur());
        is_end * cells.query_advice(columns.sum, Rotation::cur())
    });
}

/// One name for each limb a shape can have.
const LIMB_IS_IN_RANGE: [&str; 9] = [
    "limb 0 is in range",
    "limb 1 is in range",
    "limb 2 is in range",
    "limb 3 is in range",
    "limb 4 is in range",
    "limb 5 is in range",
    "limb 6 is in range",
    "limb 7 is in range",
    "limb 8 is in range",
];

/// `r term (beta - value) - q value`.
fn is_in_range(
    cells: &mut VirtualCells<'_, Fr>,
    columns: &Columns,
    term: Column<Advice>,
    value: Expression<Fr>,
) -> Expression<Fr> {
    let q = cells.query_fixed(columns.line_on, Rotation::cur());
    let r = cells.query_fixed(columns.row_on, Rotation::cur());
    let beta = cells.query_challenge(columns.beta);
    let term = cells.query_advice(term, Rotation::cur());
    r * term * (beta - value.clone()) - q * value
}

/// `[a, b, c, d]`.
fn compress(
    cells: &mut VirtualCells<'_, Fr>,
    columns: &Columns,
    [first, worth, cap, tag]: [Expression<Fr>; 4],
) -> Expression<Fr> {
    let eta = cells.query_challenge(columns.eta);
    ((tag * eta.clone() + cap) * eta.clone() + worth) * eta + first
}

/// What the running sum rises by on this row, less the row's other terms.
fn line_term(cells: &mut VirtualCells<'_, Fr>, columns: &Columns) -> Expression<Fr> {
    let sum = cells.query_advice(columns.sum, Rotation::cur());
    let next = cells.query_advice(columns.sum, Rotation::next());
    let table = cells.query_advice(columns.table_term, Rotation::cur());
    let step = cells.query_advice(columns.step_term, Rotation::cur());
    let limbs = columns.limb_term.iter();
    let limbs = limbs.map(|&limb| cells.query_advice(limb, Rotation::cur()));
    limbs.fold(next - sum + table - step, |term, limb| term - limb)
}
