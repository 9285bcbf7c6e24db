//! Many small multi-exponentiations: one for each page.
//!
//! Pippenger's bucket method, with affine additions that share one inversion (Montgomery's trick).
//! The buckets of different windows and pages never meet, so that one term of each can be added in
//! one batch without any scheduling. A sum of 64 terms costs half of what it does in halo2.

use ff::{Field, PrimeField};
use group::{Group, prime::PrimeCurveAffine};
use halo2_proofs::halo2curves::bn256::{Fq, Fr, G1, G1Affine};
use rayon::prelude::*;

/// Sums that share their inversions. More share better, until the buckets leave the cache.
const SUMS_AT_ONCE: usize = 4;

/// The sums over `width` consecutive terms each. `term(i)` is the scalar and the point of term `i`
/// of all, below `count * width`.
pub(super) fn sums(
    count: usize,
    width: usize,
    term: impl Fn(usize) -> (Fr, G1Affine) + Sync,
) -> Vec<G1> {
    let windows = Windows::for_terms(width);
    let mut sums = vec![G1::identity(); count];
    sums.par_chunks_mut(SUMS_AT_ONCE).enumerate().for_each(|(chunk, sums)| {
        let first = chunk * SUMS_AT_ONCE * width;
        let terms: Vec<_> = (first..first + sums.len() * width).map(&term).collect();
        windows.sum(&terms, width, sums);
    });
    sums
}

/// How scalars are cut: signed digits of `bits` bits, `count` of them.
#[derive(Clone, Copy, Debug)]
struct Windows {
    bits: usize,
    count: usize,
}

impl Windows {
    /// The windows with the fewest additions: each adds every term and then all its buckets twice.
    fn for_terms(width: usize) -> Self {
        let windows = |bits| Self { bits, count: Fr::NUM_BITS as usize / bits + 1 };
        let cost = |windows: &Self| windows.count * (width + 2 * windows.buckets());
        (2..=12).map(windows).min_by_key(cost).expect("the range is not empty")
    }

    /// Buckets of a window: one for each size of a digit but zero.
    fn buckets(self) -> usize {
        1 << (self.bits - 1)
    }

    /// The digits of a scalar, lowest first, from `-2^(bits - 1)` to `2^(bits - 1) - 1`.
    /// The modulus begins with the bits 110000, so no carry leaves the last window.
    fn digits(self, scalar: &Fr) -> impl Iterator<Item = i32> {
        let bytes = scalar.to_repr();
        let mut carry = 0;
        (0..self.count).map(move |window| {
            let (byte, shift) = (window * self.bits / 8, window * self.bits % 8);
            let word = (byte..byte + 4).rev().fold(0, |word, at| {
                word << 8 | u32::from(bytes.as_ref().get(at).copied().unwrap_or(0))
            });
            let digit = (word >> shift & ((1 << self.bits) - 1)) as i32 + carry;
            carry = i32::from(digit >= 1 << (self.bits - 1));
            digit - (carry << self.bits)
        })
    }

    /// Fills `sums`, each from its `width` terms.
    fn sum(self, terms: &[(Fr, G1Affine)], width: usize, sums: &mut [G1]) {
        let (lanes, buckets) = (sums.len() * self.count, self.buckets());
        let mut adder = Adder::default();
        // A lane is one window of one sum. Bucket b of all lanes lies together, for the sums below.
        let mut filled = vec![G1Affine::identity(); lanes * buckets];
        let mut batch = Vec::with_capacity(lanes);
        for at in 0..width {
            batch.clear();
            for sum in 0..sums.len() {
                let (scalar, point) = &terms[sum * width + at];
                for (window, digit) in self.digits(scalar).enumerate() {
                    if digit != 0 {
                        let bucket = digit.unsigned_abs() as usize - 1;
                        let point = if digit > 0 { *point } else { -point };
                        batch.push((bucket * lanes + sum * self.count + window, point));
                    }
                }
            }
            adder.add(&mut filled, batch.iter().copied());
        }
        // A bucket counts as often as its digit: sum the partial sums from the top.
        let mut partial = vec![G1Affine::identity(); lanes];
        let mut totals = vec![G1Affine::identity(); lanes];
        for bucket in filled.chunks(lanes).rev() {
            adder.add(&mut partial, bucket.iter().copied().enumerate());
            adder.add(&mut totals, partial.iter().copied().enumerate());
        }
        for (sum, totals) in sums.iter_mut().zip(totals.chunks(self.count)) {
            *sum = totals.iter().rev().fold(G1::identity(), |sum, total| {
                (0..self.bits).fold(sum, |sum, _| sum.double()) + total
            });
        }
    }
}

/// Affine additions with one inversion for all of a batch.
#[derive(Default)]
struct Adder {
    products: Vec<Fq>,
}

impl Adder {
    /// Adds every point of `batch` to the place it names; no place is named twice.
    fn add<B>(&mut self, places: &mut [G1Affine], batch: B)
    where
        B: DoubleEndedIterator<Item = (usize, G1Affine)> + Clone,
    {
        let mut product = Fq::ONE;
        self.products.clear();
        for (place, point) in batch.clone() {
            self.products.push(product);
            product *= Slope::between(&places[place], &point).denominator;
        }
        let mut inverse: Fq =
            Option::from(product.invert()).expect("no point of an odd-order group has y = 0");
        for ((place, point), before) in batch.rev().zip(self.products.iter().rev()) {
            let at = &mut places[place];
            let slope = Slope::between(at, &point);
            *at = slope.third(at, &point, inverse * before);
            inverse *= slope.denominator;
        }
    }
}

/// The line through two points, before the division; where there is none, what their sum is.
struct Slope {
    case: Case,
    denominator: Fq,
}

enum Case {
    Chord,
    Tangent,
    /// The first point is the identity.
    Second,
    /// The second point is the identity.
    First,
    /// The points are opposite.
    Opposite,
}

impl Slope {
    fn between(a: &G1Affine, b: &G1Affine) -> Self {
        let is_identity = |point: &G1Affine| point.x == Fq::ZERO && point.y == Fq::ZERO;
        let (case, denominator) = if is_identity(a) {
            (Case::Second, Fq::ONE)
        } else if is_identity(b) {
            (Case::First, Fq::ONE)
        } else if a.x != b.x {
            (Case::Chord, b.x - a.x)
        } else if a.y == b.y {
            (Case::Tangent, a.y.double())
        } else {
            (Case::Opposite, Fq::ONE)
        };
        Self { case, denominator }
    }

    fn third(&self, a: &G1Affine, b: &G1Affine, inverse: Fq) -> G1Affine {
        let numerator = match self.case {
            Case::Chord => b.y - a.y,
            Case::Tangent => {
                let square = a.x.square();
                square.double() + square
            }
            Case::Second => return *b,
            Case::First => return *a,
            Case::Opposite => return G1Affine::identity(),
        };
        let slope = numerator * inverse;
        let x = slope.square() - a.x - b.x;
        G1Affine { x, y: slope * (a.x - x) - a.y }
    }
}

#[cfg(test)]
mod tests {
    use group::Curve;
    use rand_chacha::ChaCha20Rng;
    use rand_core::SeedableRng;

    use super::*;

    fn naive(terms: &[(Fr, G1Affine)]) -> G1 {
        terms.iter().map(|(scalar, point)| point * scalar).sum()
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
