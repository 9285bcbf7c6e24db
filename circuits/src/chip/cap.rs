//! Caps: leverage tiers and weight tiers hold only so much.
//!
//! *Says* A line in a capped instrument holds no more than the cap.
//!
//! *Constraints*
//!
//! | name | polynomial | degree |
//! |---|---|---|
//! | `a capped line has its headroom next` | `q cap (quantity + quantity_next - cap)` | 3 |
//!
//! *Assumes* `cap` is the instrument's own, 0 for none, and both quantities are in [0, 2^90): the
//! lookup.
//!
//! *Why enough* `quantity_next = cap - quantity` mod p. All three are below 2^90, so it holds for
//! the integers, and `quantity <= cap`. Which instrument the next line holds does not matter to
//! this; an honest book puts `headroom` there, which is worth 0.

use halo2_proofs::{halo2curves::bn256::Fr, plonk::ConstraintSystem, poly::Rotation};

use super::constrain;
use crate::columns::Columns;

/// Adds the constraint.
pub fn configure(meta: &mut ConstraintSystem<Fr>, columns: &Columns) {
    constrain(meta, "a capped line has its headroom next", |cells| {
        let q = cells.query_fixed(columns.line_on, Rotation::cur());
        let cap = cells.query_advice(columns.cap, Rotation::cur());
        let quantity = columns.quantity(cells, Rotation::cur());
        let headroom = columns.quantity(cells, columns.next_line);
        q * cap.clone() * (quantity + headroom - cap)
    });
}
