//! Affine additions that share one inversion (Montgomery's trick).

#![expect(clippy::op_ref, reason = "to copy a number just computed stalls the processor")]

use ff::Field;
use group::prime::PrimeCurveAffine;
use halo2curves::bn256::{Fq, G1Affine};

/// A batch of additions inside one slice of points. An addition costs six multiplications, beside
/// its part of the batch's inversion.
pub(crate) struct Additions {
    /// Where the two points of each addition are; the first place takes their sum.
    places: Vec<(u32, u32)>,
    /// The numerator of each slope, times all denominators before it.
    rises: Vec<Fq>,
    /// The denominator of each slope.
    runs: Vec<Fq>,
    /// The product of all denominators.
    product: Fq,
}

impl Additions {
    pub(crate) fn with_capacity(count: usize) -> Self {
        Self {
            places: Vec::with_capacity(count),
            rises: Vec::with_capacity(count),
            runs: Vec::with_capacity(count),
            product: Fq::ONE,
        }
    }

    /// Adds the second point to the first, at the latest when the batch is settled. Until then no
    /// other addition may name either place.
    #[inline]
    pub(crate) fn add(&mut self, points: &mut [G1Affine], to: usize, from: usize) {
        let (a, b) = (&points[to], &points[from]);
        if a.x == b.x || a.x == Fq::ZERO || b.x == Fq::ZERO {
            self.add_special(points, to, from);
        } else {
            let (rise, run) = (&b.y - &a.y, &b.x - &a.x);
            self.push((to, from), &rise, &run);
        }
    }

    #[inline]
    fn push(&mut self, (to, from): (usize, usize), rise: &Fq, run: &Fq) {
        self.places.push((to as u32, from as u32));
        self.rises.push(rise * &self.product);
        self.runs.push(*run);
        self.product = &self.product * run;
    }

    /// Adds points of which one is the identity, or that are equal, or opposite. No other point has
    /// an x of 0, for 3 is not a square.
    #[cold]
    fn add_special(&mut self, points: &mut [G1Affine], to: usize, from: usize) {
        let (a, b) = (points[to], points[from]);
        if a == G1Affine::identity() {
            points[to] = b;
        } else if b == G1Affine::identity() {
            // The sum is in its place.
        } else if a == b {
            let square = a.x.square();
            self.push((to, from), &(square.double() + square), &a.y.double());
        } else {
            points[to] = G1Affine::identity();
        }
    }

    /// Makes the additions.
    pub(crate) fn settle(&mut self, points: &mut [G1Affine]) {
        if self.places.is_empty() {
            return;
        }
        let mut inverse: Fq = Option::from(self.product.invert())
            .expect("no chord is vertical, and no point of an odd-order group has y = 0");
        let slopes = self.rises.drain(..).zip(self.runs.drain(..));
        for ((to, from), (rise, run)) in self.places.drain(..).zip(slopes).rev() {
            let slope = &inverse * &rise;
            inverse = &inverse * &run;
            let (a, b) = (&points[to as usize], &points[from as usize]);
            let xs = &a.x + &b.x;
            let x = &slope.square() - &xs;
            let fall = &slope * &(&a.x - &x);
            let y = &fall - &a.y;
            points[to as usize] = G1Affine { x, y };
        }
        self.product = Fq::ONE;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::points;

    #[test]
    fn pairs_of_all_kinds_are_added() {
        let [a, b]: [G1Affine; 2] = points(2).try_into().unwrap();
        let none = G1Affine::identity();
        let pairs = [(a, b), (a, a), (a, -a), (a, none), (none, b), (none, none), (-b, -a)];
        let mut points: Vec<_> = pairs.iter().flat_map(|(a, b)| [*a, *b]).collect();
        let mut additions = Additions::with_capacity(pairs.len());
        for pair in 0..pairs.len() {
            additions.add(&mut points, 2 * pair, 2 * pair + 1);
        }
        additions.settle(&mut points);
        for ((a, b), sum) in pairs.iter().zip(points.iter().step_by(2)) {
            assert_eq!(*sum, G1Affine::from(a + b));
        }
    }
}
