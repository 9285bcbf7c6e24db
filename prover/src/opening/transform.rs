//! Fourier transforms over the field, for rows of elements at once.
//!
//! A transform evaluates polynomials of degree below `m`, one for each column of a matrix whose
//! row `i` holds the coefficients of `Y^i`, at the roots of `Y^m - c`: it reduces them modulo
//! `Y^(m/2) - s` and `Y^(m/2) + s`, where `s^2 = c`, and goes on with both halves. The results
//! stand in bit-reversed order.

use ff::Field;
use halo2_proofs::halo2curves::bn256::Fr;
use pacioli_attestation::opening::root_of_unity;
use rayon::prelude::*;

/// Whether the polynomials are evaluated where `Y^m = 1` or where `Y^m = -1`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Points {
    /// The roots of unity; position `i` of the result is for the root to the bits of `i` reversed.
    Roots,
    /// The points between them.
    Between,
}

/// Evaluates the columns of `rows`, of `width` elements each, at `points`.
pub(super) fn evaluate(rows: &mut [Fr], width: usize, points: Points) {
    let (tree, exponent) = Tree::new(rows.len() / width, points);
    tree.evaluate(rows, width, exponent);
}

/// Undoes [`evaluate`], but for a factor: the result is multiplied by the number of rows.
pub(super) fn interpolate(rows: &mut [Fr], width: usize, points: Points) {
    let (tree, exponent) = Tree::new(rows.len() / width, points);
    tree.interpolate(rows, width, exponent);
}

/// The moduli `Y^m - root^exponent` of a transform: `root` has order `2 * half`, where `half` is
/// the number of points.
pub(super) struct Tree {
    root: Fr,
    pub(super) half: usize,
}

/// Fewest elements worth a task of their own.
const TASK: usize = 32;

impl Tree {
    /// The tree for a number of points, and the exponent of its first modulus.
    pub(super) fn new(points: usize, kind: Points) -> (Self, usize) {
        let root = root_of_unity(points.ilog2() + 1);
        let exponent = match kind {
            Points::Roots => 0,
            Points::Between => points,
        };
        (Self { root, half: points }, exponent)
    }

    /// A power of the root.
    pub(super) fn power(&self, exponent: usize) -> Fr {
        self.root.pow_vartime([exponent as u64])
    }

    fn evaluate(&self, rows: &mut [Fr], width: usize, exponent: usize) {
        if rows.len() == width {
            return;
        }
        let exponent = exponent / 2;
        let (low, high) = rows.split_at_mut(rows.len() / 2);
        let factor = self.power(exponent);
        low.par_iter_mut().zip(high.par_iter_mut()).with_min_len(TASK).for_each(|(low, high)| {
            let scaled = *high * factor;
            (*low, *high) = (*low + scaled, *low - scaled);
        });
        rayon::join(
            || self.evaluate(low, width, exponent),
            || self.evaluate(high, width, exponent + self.half),
        );
    }

    fn interpolate(&self, rows: &mut [Fr], width: usize, exponent: usize) {
        if rows.len() == width {
            return;
        }
        let exponent = exponent / 2;
        let (low, high) = rows.split_at_mut(rows.len() / 2);
        rayon::join(
            || self.interpolate(low, width, exponent),
            || self.interpolate(high, width, exponent + self.half),
        );
        let factor = self.power(2 * self.half - exponent);
        low.par_iter_mut().zip(high.par_iter_mut()).with_min_len(TASK).for_each(|(low, high)| {
            let difference = *low - *high;
            *low = *low + *high;
            *high = difference * factor;
        });
    }
}

#[cfg(test)]
mod tests {
    use rand_chacha::ChaCha20Rng;
    use rand_core::SeedableRng;

    use super::*;

    #[test]
    fn a_transform_evaluates_each_column() {
        let mut rng = ChaCha20Rng::seed_from_u64(1);
        let (width, count) = (3, 16);
        let rows: Vec<_> = (0..width * count).map(|_| Fr::random(&mut rng)).collect();
        for (points, first) in [(Points::Roots, 0), (Points::Between, 1)] {
            let mut transformed = rows.clone();
            evaluate(&mut transformed, width, points);
            for (i, values) in transformed.chunks(width).enumerate() {
                let reversed = u64::from((i as u32).reverse_bits() >> (32 - 4));
                let y = root_of_unity(5).pow([2 * reversed + first]);
                for (column, &found) in values.iter().enumerate() {
                    let coefficients = rows.iter().skip(column).step_by(width);
                    let value = coefficients.rev().fold(Fr::ZERO, |sum, c| sum * y + c);
                    assert_eq!(found, value);
                }
            }
            interpolate(&mut transformed, width, points);
            let scaled: Vec<_> = rows.iter().map(|c| c * Fr::from(count as u64)).collect();
            assert_eq!(transformed, scaled);
        }
    }
}
