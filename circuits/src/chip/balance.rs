//! The balance: one running sum for all scenarios.
//!
//! *Says* The lines of every account are worth nothing together, in every scenario.
//! A line's `worth` is its instrument's in all scenarios at once, `sum_s theta^(s+1) V[s]`.
//!
//! *Constraints*
//!
//! | name | polynomial | degree |
//! |---|---|---|
//! | `the balance runs` | `q (balance_next - balance - quantity worth)` | 3 |
//! | `an account balances` | `q last balance_next` | 3 |
//!
//! *Assumes* `worth` is the instrument's own and `quantity` is in [0, 2^90) (lookup), `last` is a
//! bit, and the lines were committed, and the values hashed, before `theta` was drawn.
//!
//! *Why enough* After a last line the balance is 0, so it is 0 before the next account's first
//! line, and the account's own sum is 0. That sum is the polynomial
//! `sum_s theta^(s+1) balance[s]` in `theta`, whose coefficients were fixed before `theta`: if one
//! were not 0 mod p, at most S of p values of `theta` would make it vanish. A balance that is 0
//! mod p is 0, by `BALANCE_BITS`.

use halo2_proofs::{halo2curves::bn256::Fr, plonk::ConstraintSystem, poly::Rotation};

use super::constrain;
use crate::columns::Columns;

/// Adds both constraints.
pub fn configure(meta: &mut ConstraintSystem<Fr>, columns: &Columns) {
    constrain(meta, "the balance runs", |cells| {
        let q = cells.query_fixed(columns.line_on, Rotation::cur());
        let balance = cells.query_advice(columns.balance, Rotation::cur());
        let next = cells.query_advice(columns.balance, columns.next_line);
        let quantity = columns.quantity(cells, Rotation::cur());
        let worth = cells.query_advice(columns.worth, Rotation::cur());
        q * (next - balance - quantity * worth)
    });
    constrain(meta, "an account balances", |cells| {
        let q = cells.query_fixed(columns.line_on, Rotation::cur());
        let last = cells.query_advice(columns.last, Rotation::cur());
        let next = cells.query_advice(columns.balance, columns.next_line);
        q * last * next
    });
}
