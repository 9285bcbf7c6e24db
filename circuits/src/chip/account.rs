//! The end of an account.
//!
//! *Says* `last` is a bit.
//!
//! *Constraints*
//!
//! | name | polynomial | degree |
//! |---|---|---|
//! | `last is a bit` | `q last (1 - last)` | 3 |
//!
//! *Assumes* nothing.
//!
//! *Why enough* The bit ends an account here; that instruments increase up to it is the lookup's
//! step, that the account balances there is the balance's end. Along a page the lines form a cycle
//! (the line after the last slot is slot 0 of the same page), so an account never leaves its page.
//! Somewhere in the cycle the instrument does not increase, so every page has at least one last
//! line, and every line belongs to exactly one account.

use halo2_proofs::{halo2curves::bn256::Fr, plonk::ConstraintSystem, poly::Rotation};

use super::{constrain, one};
use crate::columns::Columns;

/// Adds the constraint.
pub fn configure(meta: &mut ConstraintSystem<Fr>, columns: &Columns) {
    constrain(meta, "last is a bit", |cells| {
        let q = cells.query_fixed(columns.line_on, Rotation::cur());
        let last = cells.query_advice(columns.last, Rotation::cur());
        q * last.clone() * (one() - last)
    });
}
