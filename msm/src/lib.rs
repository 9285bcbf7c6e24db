//! Sums of multiples of BN254 points, as commitments to columns need them.
//!
//! [`msm`] is for any scalars. [`ClassSums`] is for columns that hold few values: the points of the
//! rows that hold the same one are summed first, once for all columns that have these classes of
//! rows, and each column costs one small sum more. [`msm_by_value`] finds a column's classes itself.
//!
//! How long a sum takes depends on its scalars.

mod additions;
mod classes;
mod full;
mod groups;
mod halves;
#[cfg(test)]
mod testing;

pub use classes::{ClassSums, msm_by_value};
pub use full::msm;
