//! The rows as roots of unity, and moving a column half a row on.
//!
//! A column is the polynomial of degree below n that has the column's value at `w^row` in each row,
//! `w` being a root of unity of order n. Between the rows lie the points `g w^row` with `g^2 = w`.
//! [`Domain::half_row_on`] goes from a polynomial's values in the rows to those between them; done
//! twice, it is the column, one row on. Together the 2n points determine a product of two columns,
//! and that is all of Fourier transforms that the prover needs: no polynomial is ever written as
//! its coefficients.

use std::fmt;

use ff::{Field, PrimeField};
use halo2_proofs::halo2curves::bn256::Fr;
use rayon::prelude::*;

/// Transforms of so many values or fewer are not split between threads.
const SMALL: usize = 1 << 12;
/// Transforms of so many values or fewer go stage by stage, not block by block: 16 kB stay in a
/// core's nearest cache.
const TINY: usize = 1 << 9;

/// The n-th roots of unity, `n = 2^k`, and the tables for transforms over them; 64 bytes a row.
pub struct Domain {
    k: u32,
    /// `w`.
    pub(crate) omega: Fr,
    /// The powers `i`, `2 i` and `3 i` of a root of order m for `i < m / 4`: for m = n, n/4, ...
    twiddles: Vec<Vec<[Fr; 3]>>,
    /// `w^(n/4)`.
    quarter: Fr,
    /// `g^(-i mod n) / n` for i from 0, in bit-reversed order.
    scale: Vec<Fr>,
}

impl fmt::Debug for Domain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Domain").field("k", &self.k).finish_non_exhaustive()
    }
}

impl Domain {
    /// The rows of a circuit of `2^k` rows.
    pub fn new(k: u32) -> Self {
        let n = 1usize << k;
        let root = |k: u32| (k..Fr::S).fold(Fr::ROOT_OF_UNITY, |root, _| root.square());
        let (omega, half) = (root(k), root(k + 1));
        let twiddles = (1..=k).rev().step_by(2).filter(|&m| m >= 2);
        let twiddles = twiddles.map(|m| {
            let mut table = vec![[Fr::ONE; 3]; 1 << (m - 2)];
            let root = root(m);
            table.par_chunks_mut(SMALL).enumerate().for_each(|(chunk, table)| {
                let mut power = root.pow_vartime([(chunk * SMALL) as u64]);
                for triple in table {
                    let square = power.square();
                    *triple = [power, square, square * power];
                    power *= root;
                }
            });
            table
        });
        let twiddles = twiddles.collect();
        let by_n = Fr::from(n as u64).invert().expect("n is a power of two");
        let mut scale = vec![Fr::ZERO; n];
        // The entry in place p + 2^b, where p < 2^b, is for an i that is 2^(k - 1 - b) greater.
        scale[0] = by_n;
        let back = half.invert().expect("a root of unity is not zero");
        for bit in 0..k {
            let factor = back.pow_vartime([1u64 << (k - 1 - bit)]);
            let (done, next) = scale.split_at_mut(1 << bit);
            next.iter_mut().zip(done).for_each(|(next, done)| *next = *done * factor);
        }
        // `g^n` is -1, so `g^(n - i)` is `-g^-i`.
        scale[1..].par_iter_mut().for_each(|scale| *scale = -*scale);
        let quarter = omega.pow_vartime([(n / 4) as u64]);
        Self { k, omega, twiddles, quarter, scale }
    }

    /// How many rows there are.
    pub fn rows(&self) -> usize {
        1 << self.k
    }

    /// From `f(w^row)` in every row to `f(g w^row)`.
    ///
    /// # Panics
    /// If there is not one value per row.
    pub fn half_row_on(&self, mut values: Vec<Fr>) -> Vec<Fr> {
        assert_eq!(values.len(), self.rows(), "a column has a value in every row");
        // Both transforms have w where the inverse one would have 1/w, so the first gives the
        // coefficients from the last to the first, and the second the values likewise.
        self.take_apart(&mut values, 0);
        values.par_iter_mut().zip(&self.scale).with_min_len(SMALL).for_each(|(v, s)| *v *= s);
        self.put_together(&mut values, 0);
        values[1..].reverse();
        values
    }

    /// From `f(g w^row)` in every row to `f(w^row)`.
    ///
    /// # Panics
    /// If there is not one value per row.
    pub fn half_row_back(&self, values: Vec<Fr>) -> Vec<Fr> {
        let mut values = self.half_row_on(values);
        values.rotate_right(1);
        values
    }

    /// `w^row`, from some row on.
    pub(crate) fn powers_from(&self, row: usize) -> impl Iterator<Item = Fr> + use<> {
        let omega = self.omega;
        let first = omega.pow_vartime([row as u64]);
        std::iter::successors(Some(first), move |power| Some(power * omega))
    }

    /// The values to their transform in bit-reversed order (decimation in frequency).
    fn take_apart(&self, values: &mut [Fr], stage: usize) {
        let size = values.len();
        if size <= TINY {
            return self.take_apart_by_stages(values, stage);
        }
        if size <= SMALL {
            take_quarters(quarters(values), &self.twiddles[stage], self.quarter);
            let blocks = values.chunks_exact_mut(size / 4);
            return blocks.for_each(|block| self.take_apart(block, stage + 1));
        }
        let [a, b, c, d] = quarters(values).map(|part| part.par_chunks_mut(TINY));
        let twiddles = self.twiddles[stage].par_chunks(TINY);
        let parts = (a, b, c, d, twiddles).into_par_iter();
        parts.for_each(|(a, b, c, d, twiddles)| {
            take_quarters([a, b, c, d], twiddles, self.quarter);
        });
        values.par_chunks_mut(size / 4).for_each(|block| self.take_apart(block, stage + 1));
    }

    fn take_apart_by_stages(&self, values: &mut [Fr], stage: usize) {
        let mut size = values.len();
        for twiddles in self.twiddles.get(stage..).unwrap_or_default() {
            values.chunks_exact_mut(size).for_each(|block| self.take_block(block, twiddles));
            size /= 4;
        }
        if size == 2 {
            values.chunks_exact_mut(2).for_each(add_and_subtract);
        }
    }

    /// The way back: from bit-reversed order to the transform in order (decimation in time).
    fn put_together(&self, values: &mut [Fr], stage: usize) {
        let size = values.len();
        if size <= TINY {
            return self.put_together_by_stages(values, stage);
        }
        if size <= SMALL {
            let blocks = values.chunks_exact_mut(size / 4);
            blocks.for_each(|block| self.put_together(block, stage + 1));
            return put_quarters(quarters(values), &self.twiddles[stage], self.quarter);
        }
        values.par_chunks_mut(size / 4).for_each(|block| self.put_together(block, stage + 1));
        let [a, b, c, d] = quarters(values).map(|part| part.par_chunks_mut(TINY));
        let twiddles = self.twiddles[stage].par_chunks(TINY);
        let parts = (a, b, c, d, twiddles).into_par_iter();
        parts.for_each(|(a, b, c, d, twiddles)| {
            put_quarters([a, b, c, d], twiddles, self.quarter);
        });
    }

    fn put_together_by_stages(&self, values: &mut [Fr], stage: usize) {
        let twiddles = self.twiddles.get(stage..).unwrap_or_default();
        let mut size = values.len() >> (2 * twiddles.len());
        if size == 2 {
            values.chunks_exact_mut(2).for_each(add_and_subtract);
        }
        for twiddles in twiddles.iter().rev() {
            size *= 4;
            values.chunks_exact_mut(size).for_each(|block| self.put_block(block, twiddles));
        }
    }

    fn take_block(&self, block: &mut [Fr], twiddles: &[[Fr; 3]]) {
        match block {
            [a, b, c, d] => [*a, *b, *c, *d] = take(self.quarter, [*a, *b, *c, *d]),
            _ => take_quarters(quarters(block), twiddles, self.quarter),
        }
    }

    fn put_block(&self, block: &mut [Fr], twiddles: &[[Fr; 3]]) {
        match block {
            [a, b, c, d] => [*a, *b, *c, *d] = put(self.quarter, [*a, *b, *c, *d]),
            _ => put_quarters(quarters(block), twiddles, self.quarter),
        }
    }
}

fn quarters(values: &mut [Fr]) -> [&mut [Fr]; 4] {
    let (first, second) = values.split_at_mut(values.len() / 2);
    let (a, b) = first.split_at_mut(first.len() / 2);
    let (c, d) = second.split_at_mut(second.len() / 2);
    [a, b, c, d]
}

fn add_and_subtract(pair: &mut [Fr]) {
    (pair[0], pair[1]) = (pair[0] + pair[1], pair[0] - pair[1]);
}

/// Two stages at once, without the powers behind.
#[inline(always)]
fn take(quarter: Fr, [a, b, c, d]: [Fr; 4]) -> [Fr; 4] {
    let (even, odd) = (a + c, b + d);
    let (low, high) = (a - c, (b - d) * quarter);
    [even + odd, even - odd, low + high, low - high]
}

/// Two stages at once, without the powers before.
#[inline(always)]
fn put(quarter: Fr, [a, b, c, d]: [Fr; 4]) -> [Fr; 4] {
    let (even, low) = (a + b, a - b);
    let (odd, high) = (c + d, (c - d) * quarter);
    [even + odd, low + high, even - odd, low - high]
}

fn take_quarters([a, b, c, d]: [&mut [Fr]; 4], twiddles: &[[Fr; 3]], quarter: Fr) {
    let parts = a.iter_mut().zip(b).zip(c.iter_mut().zip(d)).zip(twiddles);
    for (((a, b), (c, d)), [one, two, three]) in parts {
        let [w, x, y, z] = take(quarter, [*a, *b, *c, *d]);
        [*a, *b, *c, *d] = [w, x * two, y * one, z * three];
    }
}

fn put_quarters([a, b, c, d]: [&mut [Fr]; 4], twiddles: &[[Fr; 3]], quarter: Fr) {
    let parts = a.iter_mut().zip(b).zip(c.iter_mut().zip(d)).zip(twiddles);
    for (((a, b), (c, d)), [one, two, three]) in parts {
        [*a, *b, *c, *d] = put(quarter, [*a, *b * two, *c * one, *d * three]);
    }
}

#[cfg(test)]
mod tests {
    use halo2_proofs::{arithmetic::eval_polynomial, poly::EvaluationDomain};
    use rand_chacha::ChaCha20Rng;
    use rand_core::SeedableRng;

    use super::*;

    #[test]
    fn half_a_row_on_is_the_same_polynomial_between_the_rows() {
        for k in [1, 2, 3, 4, 5, 11, 12, 13, 14, 15] {
            let mut rng = ChaCha20Rng::seed_from_u64(u64::from(k));
            let domain = Domain::new(k);
            let values: Vec<Fr> = (0..domain.rows()).map(|_| Fr::random(&mut rng)).collect();
            let [halo2, half] = [k, k + 1].map(|k| EvaluationDomain::<Fr>::new(1, k));
            assert_eq!(domain.omega, halo2.get_omega());
            let coefficients = halo2.lagrange_to_coeff(halo2.lagrange_from_vec(values.clone()));
            let moved = domain.half_row_on(values.clone());
            for row in [0, 1, domain.rows() / 2, domain.rows() - 1] {
                let point = half.get_omega() * domain.omega.pow_vartime([row as u64]);
                assert_eq!(moved[row], eval_polynomial(&coefficients, point), "k = {k}");
            }
            assert_eq!(domain.half_row_back(moved), values);
        }
    }
}
