//! Many small multi-exponentiations: one for each page.
//!
//! Straus's method: a sum has one place for each position of its scalars' [digits](super::digits),
//! to which every term adds its own; at last the places are put together by doublings. Positions
//! and sums never meet, so that many additions share one inversion without any scheduling.

use group::prime::PrimeCurveAffine;
use halo2_proofs::halo2curves::bn256::{Fr, G1Affine};
use rayon::prelude::*;

use super::{
    affine::Adder,
    digits::{POSITIONS, digits, multiples},
};

/// Sums that share their inversions. More share better, until their places leave the cache.
const SUMS_AT_ONCE: usize = 32;

/// Terms of each sum whose multiples are made together.
const TERMS_AT_ONCE: usize = 8;

/// The sums over `width` consecutive terms each. `term(i)` is the scalar and the point of term `i`
/// of all, below `count * width`.
pub(super) fn sums(
    count: usize,
    width: usize,
    term: impl Fn(usize) -> (Fr, G1Affine) + Sync,
) -> Vec<G1Affine> {
    let mut sums = vec![G1Affine::identity(); count];
    sums.par_chunks_mut(SUMS_AT_ONCE).enumerate().for_each(|(chunk, sums)| {
        let first = chunk * SUMS_AT_ONCE * width;
        let mut adder = Adder::default();
        // Position p of all sums lies together.
        let mut places = vec![G1Affine::identity(); POSITIONS * sums.len()];
        for from in (0..width).step_by(TERMS_AT_ONCE) {
            let terms = from..width.min(from + TERMS_AT_ONCE);
            let in_sum = |sum| terms.clone().map(move |at| first + sum * width + at);
            let (scalars, points): (Vec<_>, Vec<_>) =
                (0..sums.len()).flat_map(in_sum).map(&term).unzip();
            let multiples = multiples(&points, &mut adder);
            for at in 0..terms.len() {
                for sum in 0..sums.len() {
                    let term = sum * terms.len() + at;
                    for (position, digit) in digits(scalars[term]) {
                        let multiple = &multiples[digit.multiple() * points.len() + term];
                        adder.push(&mut places, position * sums.len() + sum, digit.of(multiple));
                    }
                }
                adder.apply(&mut places);
            }
        }
        for position in places.chunks(sums.len()).rev() {
            for (sum, point) in position.iter().enumerate() {
                adder.push_to_double(sums, sum, *point);
            }
            adder.apply(sums);
        }
    });
    sums
}

#[cfg(test)]
mod tests {
    use ff::Field;
    use group::{Curve, Group};
    use halo2_proofs::halo2curves::bn256::G1;
    use rand_chacha::ChaCha20Rng;
    use rand_core::SeedableRng;

    use super::*;

    fn naive(terms: &[(Fr, G1Affine)]) -> G1Affine {
        terms.iter().map(|(scalar, point)| point * scalar).sum::<G1>().to_affine()
    }

    #[test]
    fn sums_are_those_of_the_terms() {
        let mut rng = ChaCha20Rng::seed_from_u64(0);
        for width in [1, 2, 7, 64] {
            let mut random = |_| (Fr::random(&mut rng), G1::random(&mut rng).to_affine());
            let terms: Vec<_> = (0..6 * width).map(&mut random).collect();
            let expected: Vec<_> = terms.chunks(width).map(naive).collect();
            assert_eq!(sums(6, width, |i| terms[i]), expected);
        }
    }

    #[test]
    fn equal_opposite_and_zero_terms_sum_too() {
        let generator = G1Affine::generator();
        let edge = [0, 1, 2, 15, 16, 17, 31, 32].map(Fr::from);
        let scalars = edge.iter().chain(&edge).copied().chain(edge.map(|scalar| -scalar));
        let points = [generator, -generator, G1Affine::identity()];
        let terms: Vec<_> =
            scalars.flat_map(|scalar| points.map(|point| (scalar, point))).collect();
        for width in [1, 2, 3, 8, 24, 72] {
            let expected: Vec<_> = terms.chunks(width).map(naive).collect();
            assert_eq!(sums(72 / width, width, |i| terms[i]), expected, "width {width}");
        }
    }
}
