//! Sums of multiples of points, whatever the scalars are.
//!
//! Pippenger's bucket method over halves of scalars, with signed digits. The points whose halves
//! have one digit are a group, and so are summed in affine coordinates; the buckets too. Small
//! scalars, and zeros, cost what their digits that are not 0 cost.

use group::{Group, prime::PrimeCurveAffine};
use halo2curves::bn256::{Fr, G1, G1Affine};
use rayon::prelude::*;

use crate::{
    additions::Additions,
    groups::add_groups,
    halves::{split, turn},
};

/// Points whose halves lie together.
const CHUNK: usize = 1 << 15;

/// Most buckets that are added to their neighbours at once.
const BUCKETS_AT_ONCE: usize = 1 << 12;

/// The sum of every point times its scalar. Any points and scalars will do.
///
/// # Panics
/// If there are not as many points as scalars.
pub fn msm(scalars: &[Fr], bases: &[G1Affine]) -> G1 {
    assert_eq!(scalars.len(), bases.len(), "one scalar a point");
    let chunks = scalars.par_chunks(CHUNK).zip(bases.par_chunks(CHUNK));
    let terms: Vec<Terms> = chunks.map(|(scalars, bases)| Terms::halved(scalars, bases)).collect();
    let windows = Windows::of(&terms);
    let sums: Vec<Vec<G1>> =
        (0..windows.count).into_par_iter().map(|window| windows.sum(window, &terms)).collect();
    // Each window's sum is that of its bits.
    sums.iter().flatten().rev().fold(G1::identity(), |sum, bit| sum.double() + bit)
}

/// Numbers that are not 0, and the points that they are to be multiplied with.
struct Terms {
    numbers: Vec<i128>,
    points: Vec<G1Affine>,
}

impl Terms {
    /// The halves of the scalars.
    fn halved(scalars: &[Fr], bases: &[G1Affine]) -> Self {
        let most = 2 * scalars.len();
        let mut terms =
            Self { numbers: Vec::with_capacity(most), points: Vec::with_capacity(most) };
        for (scalar, base) in scalars.iter().zip(bases) {
            let [first, second] = split(scalar);
            if first != 0 {
                terms.numbers.push(first);
                terms.points.push(*base);
            }
            if second != 0 {
                terms.numbers.push(second);
                terms.points.push(turn(base));
            }
        }
        terms
    }
}

/// How numbers are cut: into `count` signed digits of `bits` bits.
#[derive(Clone, Copy, Debug)]
struct Windows {
    bits: usize,
    count: usize,
}

impl Windows {
    /// The windows with the fewest additions: each adds every point and then all its buckets twice.
    fn of(terms: &[Terms]) -> Self {
        let numbers = || terms.iter().flat_map(|terms| &terms.numbers);
        let signed_length = |number: &i128| 129 - (number ^ number >> 127).leading_zeros() as usize;
        let (count, longest) = (numbers().count(), numbers().map(signed_length).max().unwrap_or(0));
        let windows = |bits| Self { bits, count: longest.div_ceil(bits) };
        let cost = |windows: &Self| windows.count * (count + (1 << windows.bits));
        (2..=20).map(windows).min_by_key(cost).expect("the range is not empty")
    }

    /// A digit, between `-2^(bits - 1)` and `2^(bits - 1)` (Booth's): what its bits are as a signed
    /// number, and one more if the bit below them is set.
    fn digit(self, number: i128, window: usize) -> i32 {
        let at = window * self.bits;
        let unused = u32::BITS as usize - self.bits;
        let below = if at == 0 { 0 } else { number >> (at - 1) & 1 };
        (((number >> at) as i32) << unused >> unused) + below as i32
    }

    /// The sum of the points times their digits of one window, bit by bit: point `i` of the result
    /// counts `2^i` times.
    fn sum(self, window: usize, terms: &[Terms]) -> Vec<G1> {
        let mut buckets = vec![G1Affine::identity(); (1 << (self.bits - 1)) + 1];
        for Terms { numbers, points } in terms {
            add_groups(&mut buckets, points, |index| {
                let digit = self.digit(numbers[index], window);
                (digit != 0).then_some((digit.unsigned_abs() as usize, digit < 0))
            });
        }
        weigh(buckets, self.bits)
    }
}

/// The sum of `i` times bucket `i`, bit by bit: the buckets with the lowest bit set are summed for
/// that bit; then each pair of buckets that differ in it becomes one, and so on.
fn weigh(mut buckets: Vec<G1Affine>, bits: usize) -> Vec<G1> {
    let sums = (0..bits).map(|_| {
        let mut odd = [G1Affine::identity()];
        add_groups(&mut odd, &buckets, |index| (index % 2 == 1).then_some((0, false)));
        buckets = buckets.par_chunks_mut(BUCKETS_AT_ONCE).flat_map_iter(halve).collect();
        odd[0].to_curve()
    });
    sums.collect()
}

/// The sums of neighbours, two by two.
fn halve(points: &mut [G1Affine]) -> impl Iterator<Item = G1Affine> {
    let mut additions = Additions::with_capacity(points.len() / 2);
    for to in (0..points.len() - 1).step_by(2) {
        additions.add(points, to, to + 1);
    }
    additions.settle(points);
    points.iter().copied().step_by(2)
}

#[cfg(test)]
mod tests {
    use ff::Field;
    use halo2curves::msm::msm_best;
    use proptest::prelude::*;

    use super::*;
    use crate::testing::{points, scalars, terms};

    #[test]
    fn no_terms_sum_to_the_identity() {
        assert_eq!(msm(&[], &[]), G1::identity());
    }

    #[test]
    fn terms_past_a_chunk_count() {
        let count = CHUNK + CHUNK / 2;
        let (scalars, points) = (scalars(count), points(count));
        assert_eq!(msm(&scalars, &points), msm_best(&scalars, &points));
    }

    #[test]
    fn one_point_and_scalar_in_every_term_count_as_often() {
        let (scalar, point, count) = (scalars(1)[0], points(1)[0], CHUNK + 5);
        let sum = msm(&vec![scalar; count], &vec![point; count]);
        assert_eq!(sum, point * (scalar * Fr::from(count as u64)));
    }

    #[test]
    fn every_digit_at_its_bounds_counts() {
        let powers: Vec<Fr> =
            std::iter::successors(Some(Fr::ONE), |power| Some(power.double())).take(254).collect();
        let near = |power: &Fr| [*power, *power - Fr::ONE, -*power, Fr::ONE - *power];
        let scalars: Vec<Fr> = powers.iter().flat_map(near).collect();
        let points = points(scalars.len());
        // Of all lengths, so that digits of all lengths are tried.
        for count in [1, 2, 3, 8, 30, 100, 1016] {
            for (scalars, points) in scalars.chunks(count).zip(points.chunks(count)) {
                let terms = scalars.iter().zip(points);
                let sum: G1 = terms.map(|(scalar, point)| point * scalar).sum();
                assert_eq!(msm(scalars, points), sum);
            }
        }
    }

    proptest! {
        #[test]
        fn sums_are_those_of_the_terms(terms in terms()) {
            prop_assert_eq!(msm(&terms.scalars, &terms.points), terms.sum());
        }
    }
}
