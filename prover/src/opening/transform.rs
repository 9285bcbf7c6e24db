//! Fourier transforms over the field, for rows of elements at once.
//!
//! A transform evaluates polynomials of degree below `m`, one for each column of a matrix whose
//! row `i` holds the coefficients of `Y^i`, at the roots of `Y^m - 1`: it reduces them modulo
//! `Y^(m/2) - s` and `Y^(m/2) + s`, where `s^2 = 1`, and goes on with both halves. The results
//! stand in bit-reversed order: result `i` is for the root to the bits of `i` reversed.

use ff::{Field, WithSmallOrderMulGroup};
use halo2_proofs::halo2curves::bn256::Fr;
use pacioli_attestation::opening::root_of_unity;
use rayon::prelude::*;

/// Evaluates the columns of `rows`, of `width` elements each, at the roots of unity.
pub(super) fn evaluate(rows: &mut [Fr], width: usize) {
    Tree::new(rows.len() / width).evaluate(rows, width, 0);
}

/// Multiplies row `i` by `lambda^i`, for the cube root of unity `lambda`: polynomials are then
/// evaluated at `lambda` times the points.
pub(super) fn turn(rows: &mut [Fr], width: usize) {
    for (i, row) in rows.chunks_mut(width).enumerate() {
        let power = Fr::ZETA.pow_vartime([(i % 3) as u64]);
        row.iter_mut().for_each(|element| *element *= power);
    }
}

/// `index` with its bits in opposite order, for a power of two of indices.
pub(super) fn reversed(index: usize, count: usize) -> usize {
    index.reverse_bits().checked_shr(usize::BITS - count.ilog2()).unwrap_or(0)
}

/// The moduli `Y^m - root^exponent` of a transform: `root` is of order `2 * half`, and half as many
/// points are transformed.
pub(super) struct Tree {
    root: Fr,
    pub(super) half: usize,
}

/// Fewest elements worth a task of their own.
const TASK: usize = 32;

impl Tree {
    /// The tree for a number of points, whose first modulus has exponent 0.
    pub(super) fn new(points: usize) -> Self {
        Self { root: root_of_unity(points.ilog2() + 1), half: points }
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
        let (mut transformed, mut turned) = (rows.clone(), rows.clone());
        evaluate(&mut transformed, width);
        turn(&mut turned, width);
        evaluate(&mut turned, width);
        for (values, factor) in [(transformed, Fr::ONE), (turned, Fr::ZETA)] {
            for (i, values) in values.chunks(width).enumerate() {
                let y = factor * root_of_unity(4).pow([reversed(i, count) as u64]);
                for (column, &found) in values.iter().enumerate() {
                    let coefficients = rows.iter().skip(column).step_by(width);
                    let value = coefficients.rev().fold(Fr::ZERO, |sum, c| sum * y + c);
                    assert_eq!(found, value);
                }
            }
        }
    }

    #[test]
    fn reversing_turns_the_bits_round() {
        assert_eq!([0, 1, 2, 3, 4, 6, 7].map(|i| reversed(i, 8)), [0, 4, 2, 6, 1, 3, 7]);
        assert_eq!(reversed(0, 1), 0);
    }
}
