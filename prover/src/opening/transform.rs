//! Fourier transforms over the field and over the group, for rows of elements at once.
//!
//! A transform evaluates polynomials of degree below `m`, one for each column of a matrix whose
//! row `i` holds the coefficients of `Y^i`, at the roots of `Y^m - c`: it reduces them modulo
//! `Y^(m/2) - s` and `Y^(m/2) + s`, where `s^2 = c`, and goes on with both halves. The results
//! stand in bit-reversed order.

use std::ops::{Add, Sub};

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

/// What can be transformed: elements that add, and that a field element multiplies.
pub(super) trait Transformable:
    Copy + Send + Sync + Add<Output = Self> + Sub<Output = Self>
{
    /// A field element made ready to multiply many elements.
    type Factor: Sync;

    /// Makes a field element ready.
    fn factor(scalar: Fr) -> Self::Factor;

    /// The product.
    fn times(self, factor: &Self::Factor) -> Self;
}

/// Evaluates the columns of `rows`, of `width` elements each, at `points`.
pub(super) fn evaluate<T: Transformable>(rows: &mut [T], width: usize, points: Points) {
    let (tree, exponent) = Tree::new(rows.len() / width, points);
    tree.evaluate(rows, width, exponent);
}

/// Undoes [`evaluate`], but for a factor: the result is multiplied by the number of rows.
pub(super) fn interpolate<T: Transformable>(rows: &mut [T], width: usize, points: Points) {
    let (tree, exponent) = Tree::new(rows.len() / width, points);
    tree.interpolate(rows, width, exponent);
}

/// The moduli `Y^m - root^exponent` of a transform: `root` has order `2 * half`, where `half` is
/// the number of points.
struct Tree {
    root: Fr,
    half: usize,
}

/// Fewest elements worth a task of their own.
const TASK: usize = 32;

impl Tree {
    fn new(points: usize, kind: Points) -> (Self, usize) {
        let root = root_of_unity(points.ilog2() + 1);
        let exponent = match kind {
            Points::Roots => 0,
            Points::Between => points,
        };
        (Self { root, half: points }, exponent)
    }

    fn power(&self, exponent: usize) -> Fr {
        self.root.pow_vartime([exponent as u64])
    }

    fn evaluate<T: Transformable>(&self, rows: &mut [T], width: usize, exponent: usize) {
        if rows.len() == width {
            return;
        }
        let exponent = exponent / 2;
        let (low, high) = rows.split_at_mut(rows.len() / 2);
        let factor = T::factor(self.power(exponent));
        low.par_iter_mut().zip(high.par_iter_mut()).with_min_len(TASK).for_each(|(low, high)| {
            let scaled = if exponent == 0 { *high } else { high.times(&factor) };
            (*low, *high) = (*low + scaled, *low - scaled);
        });
        rayon::join(
            || self.evaluate(low, width, exponent),
            || self.evaluate(high, width, exponent + self.half),
        );
    }

    fn interpolate<T: Transformable>(&self, rows: &mut [T], width: usize, exponent: usize) {
        if rows.len() == width {
            return;
        }
        let exponent = exponent / 2;
        let (low, high) = rows.split_at_mut(rows.len() / 2);
        rayon::join(
            || self.interpolate(low, width, exponent),
            || self.interpolate(high, width, exponent + self.half),
        );
        let factor = T::factor(self.power(2 * self.half - exponent));
        low.par_iter_mut().zip(high.par_iter_mut()).with_min_len(TASK).for_each(|(low, high)| {
            let difference = *low - *high;
            *low = *low + *high;
            *high = if exponent == 0 { difference } else { difference.times(&factor) };
        });
    }
}

impl Transformable for Fr {
    type Factor = Fr;

    fn factor(scalar: Fr) -> Fr {
        scalar
    }

    fn times(self, factor: &Fr) -> Fr {
        self * factor
    }
}

#[cfg(test)]
mod tests {
    use halo2_proofs::halo2curves::bn256::G1;
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

    #[test]
    fn the_group_transforms_as_the_field_does() {
        let mut rng = ChaCha20Rng::seed_from_u64(2);
        let scalars: Vec<_> = (0..32).map(|_| Fr::random(&mut rng)).collect();
        let in_group =
            |scalars: &[Fr]| scalars.iter().map(|s| G1::generator() * s).collect::<Vec<_>>();
        for points in [Points::Roots, Points::Between] {
            let (mut field, mut group) = (scalars.clone(), in_group(&scalars));
            evaluate(&mut field, 2, points);
            evaluate(&mut group, 2, points);
            assert_eq!(group, in_group(&field));
            interpolate(&mut field, 2, points);
            interpolate(&mut group, 2, points);
            assert_eq!(group, in_group(&field));
        }
    }
}
