//! The offsets of a proof's parts.

use pacioli_circuits::Shape;

/// The parts of a proof in their order, in bytes: 64 for a commitment, 32 for an evaluation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ProofLayout {
    /// Commitments to the columns that the lines are in: the first of those of phase 1. `theta` is
    /// drawn from them.
    pub lines: usize,
    /// Commitments to the columns of phase 1.
    pub phase1: usize,
    /// Commitments to the columns of phase 2.
    pub phase2: usize,
    /// The commitment to a random polynomial.
    pub random: usize,
    /// Commitments to the two parts of the quotient.
    pub quotient: usize,
    /// Every advice column at x; instrument, limbs, balance and sum at a second point; the fixed
    /// columns and the random polynomial at x.
    pub evaluations: usize,
    /// The whole proof: the two commitments of the multi-opening come last.
    pub length: usize,
}

/// The layout of every proof of this shape.
pub fn proof_layout(shape: &Shape) -> ProofLayout {
    let limbs = shape.limbs();
    let lines = 64 * (2 + limbs);
    let (advice1, advice2) = (6 + limbs, 4 + limbs);
    let (phase1, phase2, random, quotient) = (64 * advice1, 64 * advice2, 64, 2 * 64);
    let evaluations = 32 * (advice1 + advice2 + (limbs + 3) + 5 + 1);
    let length = phase1 + phase2 + random + quotient + evaluations + 2 * 64;
    ProofLayout { lines, phase1, phase2, random, quotient, evaluations, length }
}
