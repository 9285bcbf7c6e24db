//! Short vectors in a lattice, which is how small integers are found that a known theta makes sum to
//! zero.

use ff::PrimeField;
use halo2_proofs::halo2curves::bn256::Fr;
use num_bigint::{BigInt, BigUint};

/// Integers `x`, not all zero, with `sum_s theta^(s+1) x[s] = 0` mod p and each of some
/// `254 / scenarios` bits.
pub fn short_relation(theta: Fr, scenarios: usize) -> Vec<i128> {
    let integer = |element: Fr| BigInt::from(BigUint::from_bytes_le(element.to_repr().as_ref()));
    let powers = std::iter::successors(Some(Fr::one()), |power| Some(power * theta));
    let rows = powers.take(scenarios).enumerate().map(|(at, power)| {
        let mut row = vec![BigInt::ZERO; scenarios];
        row[at] = 1.into();
        // p, and then what makes up for one unit in scenario `at`, in units of scenario 0.
        row[0] = if at == 0 { integer(-Fr::one()) + 1 } else { integer(-power) };
        row
    });
    let reduced = reduce(rows.collect());
    reduced[0].iter().map(|x| x.try_into().expect("a short vector")).collect()
}

fn dot(a: &[BigInt], b: &[BigInt]) -> BigInt {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// Lenstra, Lenstra and Lovasz's reduction in integers: H. Cohen, *A Course in Computational
/// Algebraic Number Theory*, algorithm 2.6.7.
fn reduce(mut rows: Vec<Vec<BigInt>>) -> Vec<Vec<BigInt>> {
    let count = rows.len();
    let mut lambda = vec![vec![BigInt::ZERO; count]; count];
    // d[i] is the determinant of the first i rows' products.
    let mut d = vec![BigInt::from(1); count + 1];
    for k in 0..count {
        for j in 0..=k {
            let mut u = dot(&rows[k], &rows[j]);
            for i in 0..j {
                u = (&d[i + 1] * u - &lambda[k][i] * &lambda[j][i]) / &d[i];
            }
            if j < k { lambda[k][j] = u } else { d[k + 1] = u }
        }
    }
    let mut k = 1;
    while k < count {
        shorten(&mut rows, &mut lambda, &d, k, k - 1);
        let square = &lambda[k][k - 1] * &lambda[k][k - 1];
        if (&d[k + 1] * &d[k - 1] + square) * 4 < &d[k] * &d[k] * 3 {
            swap(&mut rows, &mut lambda, &mut d, k);
            k = 1.max(k - 1);
        } else {
            (0..k - 1).rev().for_each(|l| shorten(&mut rows, &mut lambda, &d, k, l));
            k += 1;
        }
    }
    rows
}

/// Takes row l off row k as often as makes it shortest.
fn shorten(rows: &mut [Vec<BigInt>], lambda: &mut [Vec<BigInt>], d: &[BigInt], k: usize, l: usize) {
    let twice: BigInt = &lambda[k][l] * 2 + &d[l + 1];
    let denominator: BigInt = &d[l + 1] * 2;
    let mut times = &twice / &denominator;
    if twice < BigInt::ZERO && &times * &denominator != twice {
        times -= 1;
    }
    if times == BigInt::ZERO {
        return;
    }
    let row = rows[l].clone();
    rows[k].iter_mut().zip(&row).for_each(|(x, y)| *x -= &times * y);
    let row = lambda[l].clone();
    lambda[k][..l].iter_mut().zip(&row).for_each(|(x, y)| *x -= &times * y);
    lambda[k][l] -= &times * &d[l + 1];
}

/// Swaps row k with the one before.
fn swap(rows: &mut [Vec<BigInt>], lambda: &mut [Vec<BigInt>], d: &mut [BigInt], k: usize) {
    rows.swap(k, k - 1);
    let (before, from) = lambda.split_at_mut(k);
    before[k - 1][..k - 1].swap_with_slice(&mut from[0][..k - 1]);
    let middle = lambda[k][k - 1].clone();
    let product = (&d[k - 1] * &d[k + 1] + &middle * &middle) / &d[k];
    for row in &mut lambda[k + 1..] {
        let kept = row[k].clone();
        row[k] = (&d[k + 1] * &row[k - 1] - &middle * &kept) / &d[k];
        row[k - 1] = (&product * kept + &middle * &row[k]) / &d[k + 1];
    }
    d[k] = product;
}
