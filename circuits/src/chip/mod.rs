//! The constraints, one idea a file. Each says what it states, why it is needed and what it takes
//! from the others; `q` is `line_on`, `r` is `row_on`.

pub mod account;
pub mod balance;
pub mod cap;
pub mod lookup;

use halo2_proofs::{
    halo2curves::bn256::Fr,
    plonk::{ConstraintSystem, Expression, VirtualCells},
};

/// Adds the constraint `polynomial = 0` on every row, as a gate of its own, so that its name says
/// which sentence a wrong witness breaks.
fn constrain(
    meta: &mut ConstraintSystem<Fr>,
    name: &'static str,
    polynomial: impl FnOnce(&mut VirtualCells<'_, Fr>) -> Expression<Fr>,
) {
    meta.create_gate(name, |cells| vec![(name, polynomial(cells))]);
}

fn one() -> Expression<Fr> {
    Expression::Constant(Fr::one())
}
