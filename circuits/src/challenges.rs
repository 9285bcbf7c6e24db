//! What halo2 draws.

use halo2_proofs::halo2curves::bn256::Fr;

/// The circuit's challenges, drawn after phase 1 is committed.
#[derive(Clone, Copy, Debug)]
pub struct Challenges {
    /// Combines the entries of a table row.
    pub eta: Fr,
    /// Combines a count with a sum of quantities.
    pub alpha: Fr,
    /// The point at which the lookup's sum of fractions is evaluated.
    pub beta: Fr,
}
