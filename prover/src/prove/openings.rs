//! Opening the columns: their values at `x`, and the two commitments that prove them (SHPLONK).
//!
//! All of it is done with values in the rows. A polynomial f of degree below n is `(X^n - 1) / n
//! sum f(w^row) w^row / (X - w^row)`, so `1 / (x - w^row)`, computed once, gives the value at x of
//! every column, and one row or one line on of the same column moved.

use ff::{BatchInvert, Field};
use halo2_proofs::halo2curves::bn256::Fr;
use pacioli_circuits::{FIXED_COLUMNS, Shape, fixed_row};
use rayon::prelude::*;

use super::{
    constraints::CHUNK,
    domain::Domain,
    queries::{Opened, PointSet, Queries},
};

/// What is opened.
pub(super) struct Polynomials<'a> {
    /// The advice columns in the order of the circuit.
    pub(super) advice: Vec<&'a [Fr]>,
    /// The quotient, its parts combined by `x^n`.
    pub(super) quotient: Vec<Fr>,
    /// The random polynomial.
    pub(super) random: [Fr; 2],
}

/// The point `x`, and the same one row or one line on.
pub(super) struct Point<'a> {
    shape: &'a Shape,
    domain: &'a Domain,
    x: Fr,
    /// `1 / (x - w^row)`.
    inverses: Vec<Fr>,
}

impl<'a> Point<'a> {
    pub(super) fn new(shape: &'a Shape, domain: &'a Domain, x: Fr) -> Self {
        Self { shape, domain, x, inverses: inverses(domain, x) }
    }

    /// `x^n`.
    pub(super) fn to_the_rows(&self) -> Fr {
        self.x.pow_vartime([self.domain.rows() as u64])
    }

    /// So many rows on.
    fn rotated(&self, rotation: usize) -> Fr {
        self.x * self.domain.omega.pow_vartime([rotation as u64])
    }

    /// Every value that the proof states, in the order of the queries.
    pub(super) fn evaluate(&self, queries: &Queries, polynomials: &Polynomials<'_>) -> Vec<Fr> {
        let n = self.domain.rows();
        let factor =
            (self.to_the_rows() - Fr::ONE) * Fr::from(n as u64).invert().unwrap_or(Fr::ONE);
        let mut weights = self.inverses.clone();
        weights.par_chunks_mut(CHUNK).enumerate().for_each(|(chunk, weights)| {
            let powers = self.domain.powers_from(chunk * CHUNK);
            weights.iter_mut().zip(powers).for_each(|(weight, power)| *weight *= factor * power);
        });
        let sum = |column: &[Fr], rotation: usize| -> Fr {
            let (start, end) = column.split_at(rotation);
            let (before, after) = weights.split_at(n - rotation);
            inner_product(before, end) + inner_product(after, start)
        };
        let fixed = self.evaluate_fixed(&weights);
        let values = queries.in_order().map(|(opened, rotation)| match opened {
            Opened::Advice(column) => sum(polynomials.advice[column], rotation),
            Opened::Fixed(column) => fixed[column],
            Opened::Quotient => sum(&polynomials.quotient, rotation),
            Opened::Random => {
                let [constant, linear] = polynomials.random;
                constant + linear * self.x
            }
        });
        values.collect()
    }

    fn evaluate_fixed(&self, weights: &[Fr]) -> [Fr; FIXED_COLUMNS] {
        let chunks = weights.par_chunks(CHUNK).enumerate();
        let sums = chunks.map(|(chunk, weights)| {
            let mut sums = [Fr::ZERO; FIXED_COLUMNS];
            for (row, weight) in (chunk * CHUNK..).zip(weights) {
                let values = fixed_row(self.shape, row);
                sums.iter_mut().zip(values).for_each(|(sum, value)| match value {
                    0 => {}
                    1 => *sum += weight,
                    _ => *sum += weight * Fr::from(u64::from(value)),
                });
            }
            sums
        });
        sums.reduce(
            || [Fr::ZERO; FIXED_COLUMNS],
            |left, right| std::array::from_fn(|column| left[column] + right[column]),
        )
    }
}

/// The polynomials of each set of points, combined.
pub(super) struct Opening<'a> {
    point: Point<'a>,
    sets: Vec<OpenedSet>,
    /// Combines the sets.
    v: Fr,
    /// The quotient that the first commitment is to.
    pub(super) first: Vec<Fr>,
}

/// The polynomials opened at the same points, combined by powers of one challenge.
struct OpenedSet {
    points: Vec<Fr>,
    rotations: Vec<usize>,
    /// The combination, in the rows.
    combined: Vec<Fr>,
    /// The polynomial through the combination's values at the points: its value at the first of
    /// them, and its slope.
    line: [Fr; 2],
}

impl OpenedSet {
    fn new(
        point: &Point<'_>,
        set: &PointSet,
        queries: &Queries,
        polynomials: &Polynomials<'_>,
        values: &[Fr],
        y: Fr,
    ) -> Self {
        let powers = std::iter::successors(Some(Fr::ONE), |power| Some(power * y));
        let members: Vec<(Opened, Fr)> = set.members.iter().copied().zip(powers).collect();
        let points: Vec<Fr> = set.rotations.iter().map(|&r| point.rotated(r)).collect();
        let at = |rotation: usize| -> Fr {
            let values = members
                .iter()
                .map(|&(opened, power)| power * values[queries.position(opened, rotation)]);
            values.sum()
        };
        let first = at(set.rotations[0]);
        let slope = match (set.rotations.as_slice(), points.as_slice()) {
            ([_, second], [x, next]) => {
                (at(*second) - first) * (next - x).invert().unwrap_or(Fr::ZERO)
            }
            _ => Fr::ZERO,
        };
        let combined = combine(point, &members, polynomials);
        Self { points, rotations: set.rotations.clone(), combined, line: [first, slope] }
    }

    /// The line's value.
    fn line_at(&self, at: Fr) -> Fr {
        let [first, slope] = self.line;
        first + slope * (at - self.points[0])
    }
}

/// The sum of the polynomials, each times its factor, in the rows.
fn combine(point: &Point<'_>, members: &[(Opened, Fr)], polynomials: &Polynomials<'_>) -> Vec<Fr> {
    let mut columns: Vec<(&[Fr], Fr)> = Vec::new();
    let (mut fixed, mut random) = ([Fr::ZERO; FIXED_COLUMNS], [Fr::ZERO; 2]);
    for &(opened, factor) in members {
        match opened {
            Opened::Advice(column) => columns.push((polynomials.advice[column], factor)),
            Opened::Quotient => columns.push((&polynomials.quotient, factor)),
            Opened::Fixed(column) => fixed[column] = factor,
            Opened::Random => random = polynomials.random.map(|coefficient| factor * coefficient),
        }
    }
    let mut combined = vec![Fr::ZERO; point.domain.rows()];
    combined.par_chunks_mut(CHUNK).enumerate().for_each(|(chunk, combined)| {
        let start = chunk * CHUNK;
        for (column, factor) in &columns {
            let values = &column[start..][..combined.len()];
            combined.iter_mut().zip(values).for_each(|(sum, value)| *sum += factor * value);
        }
        if random != [Fr::ZERO; 2] {
            let powers = point.domain.powers_from(start);
            let [constant, linear] = random;
            combined.iter_mut().zip(powers).for_each(|(sum, w)| *sum += constant + linear * w);
        }
        if fixed != [Fr::ZERO; FIXED_COLUMNS] {
            for (row, sum) in (start..).zip(combined) {
                let values = fixed_row(point.shape, row).into_iter().zip(&fixed);
                values.for_each(|(value, factor)| match value {
                    0 => {}
                    1 => *sum += factor,
                    _ => *sum += factor * Fr::from(u64::from(value)),
                });
            }
        }
    });
    combined
}

impl<'a> Opening<'a> {
    /// The first quotient: of each set's combination, less its line, by the set's points; the sets
    /// combined by powers of `v`. `y` combines the polynomials of a set, and `values` are those of
    /// [`Point::evaluate`].
    pub(super) fn new(
        point: Point<'a>,
        queries: &Queries,
        polynomials: &Polynomials<'_>,
        values: &[Fr],
        [y, v]: [Fr; 2],
    ) -> Self {
        let sets = queries.sets.iter();
        let sets = sets.map(|set| OpenedSet::new(&point, set, queries, polynomials, values, y));
        let sets: Vec<OpenedSet> = sets.collect();
        let n = point.domain.rows();
        let mut first = vec![Fr::ZERO; n];
        let powers = std::iter::successors(Some(Fr::ONE), |power| Some(power * v));
        for (set, v) in sets.iter().zip(powers) {
            // 1 / (w^row - x w^r) is -w^-r / (x - w^(row - r)).
            let back = set
                .rotations
                .iter()
                .map(|&rotation| point.domain.omega.pow_vartime([((n - rotation) % n) as u64]));
            let factor = back.fold(v, |factor, back| -factor * back);
            first.par_chunks_mut(CHUNK).enumerate().for_each(|(chunk, first)| {
                let start = chunk * CHUNK;
                let rows = (start..).zip(point.domain.powers_from(start)).zip(first);
                for ((row, w), first) in rows {
                    let inverses = set.rotations.iter();
                    let inverses = inverses.map(|r| point.inverses[(row + n - r) % n]);
                    let rest = set.combined[row] - set.line_at(w);
                    *first += inverses.fold(factor * rest, |product, inverse| product * inverse);
                }
            });
        }
        Self { point, sets, v, first }
    }

    /// The second quotient, given the challenge drawn from the commitment to the first.
    pub(super) fn second(self, u: Fr) -> Vec<Fr> {
        let mut all: Vec<(usize, Fr)> = Vec::new();
        for set in &self.sets {
            for (&rotation, &point) in set.rotations.iter().zip(&set.points) {
                if all.iter().all(|(other, _)| *other != rotation) {
                    all.push((rotation, point));
                }
            }
        }
        let vanishing = |in_set: &dyn Fn(usize) -> bool| -> Fr {
            all.iter().filter(|(rotation, _)| in_set(*rotation)).map(|(_, p)| u - p).product()
        };
        let others = |set: &OpenedSet| vanishing(&|rotation| !set.rotations.contains(&rotation));
        let by_first = others(&self.sets[0]).invert().unwrap_or(Fr::ZERO);
        let powers = std::iter::successors(Some(by_first), |power| Some(power * self.v));
        let factors: Vec<Fr> =
            self.sets.iter().zip(powers).map(|(set, power)| power * others(set)).collect();
        let constant: Fr =
            self.sets.iter().zip(&factors).map(|(set, factor)| set.line_at(u) * factor).sum();
        let all = vanishing(&|_| true) * by_first;

        let mut second = inverses(self.point.domain, u);
        second.par_iter_mut().enumerate().with_min_len(CHUNK).for_each(|(row, second)| {
            let sets = self.sets.iter().zip(&factors);
            let sum: Fr = sets.map(|(set, factor)| set.combined[row] * factor).sum();
            *second *= all * self.first[row] + constant - sum;
        });
        second
    }
}

/// `1 / (at - w^row)` for every row, 0 where there is none.
fn inverses(domain: &Domain, at: Fr) -> Vec<Fr> {
    let mut inverses = vec![Fr::ZERO; domain.rows()];
    inverses.par_chunks_mut(CHUNK).enumerate().for_each(|(chunk, inverses)| {
        let powers = domain.powers_from(chunk * CHUNK);
        inverses.iter_mut().zip(powers).for_each(|(inverse, power)| *inverse = at - power);
        inverses.iter_mut().batch_invert();
    });
    inverses
}

fn inner_product(left: &[Fr], right: &[Fr]) -> Fr {
    let parts = left.par_chunks(CHUNK).zip(right.par_chunks(CHUNK));
    parts.map(|(left, right)| left.iter().zip(right).map(|(l, r)| l * r).sum::<Fr>()).sum()
}
