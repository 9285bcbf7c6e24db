//! The balance: one running sum for all scenarios.
//!
//! *Says* The lines of every account are worth nothing together, in every scenario.
//!
//! *Constraints*
//!
//! | name | polynomial | degree |
//! |---|---|---|
//! | `the balance runs` | `q (balance_next - balance - quantity sum_s theta^(s+1) (worth[s] - 2^64))` | 3 |
//! | `an account balances` | `q last balance_next` | 3 |
//!
//! *Assumes* `worth` is the instrument's own and `quantity` is in [0, 2^90) (lookup), `last` is a
//! bit, and the lines were committed before `theta` was drawn (phase 1).
//!
//! *Why enough* After a last line the balance is 0, so it is 0 before the next account's first
//! line, and the account's own sum is 0. That sum is the polynomial
//! `sum_s theta^(s+1) balance[s]` in `theta`, whose coefficients were fixed before `theta`: if one
//! were not 0 mod p, at most S + 1 of p values of `theta` would make it vanish. A balance that is
//! 0 mod p is 0, by `BALANCE_BITS`.

use halo2_proofs::{
    halo2curves::bn256::Fr,
    plonk::{ConstraintSystem, Expression, VirtualCells},
    poly::Rotation,
};

use super::constrain;
use crate::{columns::Columns, witness::value_offset};

/// Adds both constraints.
pub fn configure(meta: &mut ConstraintSystem<Fr>, columns: &Columns) {
    constrain(meta, "the balance runs", |cells| {
        let q = cells.query_fixed(columns.line_on, Rotation::cur());
        let balance = cells.query_advice(columns.balance, Rotation::cur());
        let next = cells.query_advice(columns.balance, columns.next_line);
        let quantity = columns.quantity(cells, Rotation::cur());
        q * (next - balance - quantity * combined_worth(cells, columns))
    });
    constrain(meta, "an account balances", |cells| {
        let q = cells.query_fixed(columns.line_on, Rotation::cur());
        let last = cells.query_advice(columns.last, Rotation::cur());
        let next = cells.query_advice(columns.balance, columns.next_line);
        q * last * next
    });
}

/// `sum_s theta^(s+1) (worth[s] - 2^64)`.
fn combined_worth(cells: &mut VirtualCells<'_, Fr>, columns: &Columns) -> Expression<Fr> {
    let theta = cells.query_challenge(columns.theta);
    let offset = Expression::Constant(value_offset());
    let zero = Expression::Constant(Fr::zero());
    columns.worth.iter().rev().fold(zero, |combined, &worth| {
        let worth = cells.query_advice(worth, Rotation::cur());
        (combined + worth - offset.clone()) * theta.clone()
    })
}
