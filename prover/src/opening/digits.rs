//! Multiplying many points by one scalar, in variable time: the scalar is cut once.

use ff::{Field, PrimeField, WithSmallOrderMulGroup};
use group::Group;
use halo2_proofs::halo2curves::{
    CurveExt,
    bn256::{Fr, G1},
};
use num_bigint::{BigInt, Sign};

use super::transform::Transformable;

/// A scalar as signed digits of its two halves, lowest first: it is `low + high * lambda`, where
/// multiplying by `lambda` is the curve's endomorphism (Gallant, Lambert and Vanstone 2001).
pub(super) struct Digits {
    low: Vec<i8>,
    high: Vec<i8>,
}

/// Digits are zero or odd and below `2^(WINDOW - 1)` in size, one in `WINDOW + 1` of them not zero.
const WINDOW: u32 = 5;

/// Entries `b1` and `b2` of a short basis of the lattice of all `(a, b)` with `a + b lambda = 0`:
/// `2x + 1` and `6x^2 + 4x + 1` for the curve's parameter `x`.
const B1: u64 = 0x89d3_2568_94d2_13e3;
const B2: u128 = 0x6f4d_8248_eeb8_59fd_0be4_e154_1221_250b;

impl Digits {
    fn new(scalar: Fr) -> Self {
        let number = |scalar: &Fr| BigInt::from_bytes_le(Sign::Plus, scalar.to_bytes().as_slice());
        let modulus: BigInt = number(&-Fr::ONE) + 1;
        let scaled = |entry: BigInt| (2 * number(&scalar) * entry + &modulus) / (2 * &modulus);
        let high = scaled(B2.into()) * B1 - scaled(B1.into()) * B2;
        let half = i128::try_from(&high).expect("lattice rounding leaves 127 bits");
        let rest = scalar - signed(half) * Fr::ZETA;
        let (above, below) = (number(&rest), number(&-rest));
        let low = if above < below { above } else { -below };
        let low = i128::try_from(&low).expect("lattice rounding leaves 127 bits");
        Self { low: digits(low), high: digits(half) }
    }
}

fn signed(number: i128) -> Fr {
    let size = Fr::from_u128(number.unsigned_abs());
    if number < 0 { -size } else { size }
}

/// The non-adjacent form of width [`WINDOW`].
fn digits(mut number: i128) -> Vec<i8> {
    let mut digits = Vec::with_capacity(129);
    while number != 0 {
        let mut digit = 0;
        if number & 1 == 1 {
            digit = number & ((1 << WINDOW) - 1);
            if digit >= 1 << (WINDOW - 1) {
                digit -= 1 << WINDOW;
            }
            number -= digit;
        }
        digits.push(digit as i8);
        number >>= 1;
    }
    digits
}

impl Transformable for G1 {
    type Factor = Digits;

    fn factor(scalar: Fr) -> Digits {
        Digits::new(scalar)
    }

    fn times(self, factor: &Digits) -> Self {
        let twice = self.double();
        let mut odd = [self; 1 << (WINDOW - 2)];
        for i in 1..odd.len() {
            odd[i] = odd[i - 1] + twice;
        }
        let multiple = |digits: &[i8], at: usize| match digits.get(at).copied().unwrap_or(0) {
            0 => None,
            digit if digit > 0 => Some(odd[digit as usize / 2]),
            digit => Some(-odd[digit.unsigned_abs() as usize / 2]),
        };
        let mut sum = Self::identity();
        for at in (0..factor.low.len().max(factor.high.len())).rev() {
            sum = sum.double();
            if let Some(point) = multiple(&factor.low, at) {
                sum += point;
            }
            if let Some(point) = multiple(&factor.high, at) {
                sum += point.endo();
            }
        }
        sum
    }
}

#[cfg(test)]
mod tests {
    use pacioli_attestation::opening::root_of_unity;
    use rand_chacha::ChaCha20Rng;
    use rand_core::SeedableRng;

    use super::*;

    #[test]
    fn digits_multiply_like_the_scalar() {
        let mut rng = ChaCha20Rng::seed_from_u64(0);
        let small = (0..20).map(Fr::from);
        let large = (1..20).map(|size| -Fr::from(size));
        let roots = (0..28).map(root_of_unity);
        let random: Vec<_> = (0..200).map(|_| Fr::random(&mut rng)).collect();
        let point = G1::random(&mut rng);
        for scalar in small.chain(large).chain(roots).chain(random) {
            assert_eq!(point.times(&G1::factor(scalar)), point * scalar);
        }
    }
}
