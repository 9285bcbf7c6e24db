//! Scalars of 254 bits as two of 127: the endomorphism of BN254 (Gallant, Lambert and Vanstone).
//!
//! `(x, y) -> (zeta x, y)` multiplies a point by `lambda`, a cube root of 1. The pairs `(a, b)` with
//! `a + b lambda = 0 mod r` are a lattice with the short basis `(A, -B)`, `(B, C)`, where
//! `A C + B^2 = r`. `(scalar, 0)` less the lattice vector nearest to it is a pair of numbers of half
//! the length that stands for the scalar still.

use ff::{PrimeField, WithSmallOrderMulGroup};
use halo2curves::bn256::{Fq, Fr, G1Affine};

const A: u128 = 0x6f4d_8248_eeb8_59fc_8211_bbeb_7d4f_1128;
const B: u128 = 0x89d3_2568_94d2_13e3;
const C: u128 = 0x6f4d_8248_eeb8_59fd_0be4_e154_1221_250b;

/// `2^256 C / r`, rounded.
const C_OVER_R: [u64; 3] = [0x5398_fd03_00ff_6565, 0x4cce_f014_a773_d2d2, 0x2];

/// `2^256 B / r`, rounded.
const B_OVER_R: [u64; 3] = [0xd91d_232e_c7e0_b3d7, 0x2, 0];

/// The point times `lambda`.
pub(crate) fn turn(point: &G1Affine) -> G1Affine {
    G1Affine { x: point.x * Fq::ZETA, y: point.y }
}

/// Two numbers with `scalar = first + second lambda`. The multiples of the basis are right to within
/// 1/2 of rounding and 1/10 for the rounded constants, so the numbers are at most
/// `3/5 (C + B)`, below `2^127` in size. A scalar or its negative below `2^125` comes out whole,
/// with 0 beside it.
pub(crate) fn split(scalar: &Fr) -> [i128; 2] {
    let bytes = scalar.to_repr();
    let words: [u64; 4] = std::array::from_fn(|word| {
        let bytes: [u8; 8] = std::array::from_fn(|byte| bytes.as_ref()[8 * word + byte]);
        u64::from_le_bytes(bytes)
    });
    let low = u128::from(words[0]) | u128::from(words[1]) << 64;
    let first = scaled(&words, C_OVER_R);
    let second = scaled(&words, B_OVER_R);
    // Both results fit, so what overflows on the way does not matter.
    [
        low.wrapping_sub(first.wrapping_mul(A)).wrapping_sub(second.wrapping_mul(B)) as i128,
        first.wrapping_mul(B).wrapping_sub(second.wrapping_mul(C)) as i128,
    ]
}

/// `number factor / 2^256`, rounded, for products below `2^384`.
fn scaled(number: &[u64; 4], factor: [u64; 3]) -> u128 {
    let mut product = [0; 7];
    product[3] = 1 << 63;
    for (at, a) in number.iter().enumerate() {
        let mut carry = 0;
        for (b, word) in factor.iter().zip(&mut product[at..]) {
            let sum = u128::from(*a) * u128::from(*b) + u128::from(*word) + carry;
            (*word, carry) = (sum as u64, sum >> 64);
        }
        for word in &mut product[at + 3..] {
            let sum = u128::from(*word) + carry;
            (*word, carry) = (sum as u64, sum >> 64);
        }
    }
    u128::from(product[4]) | u128::from(product[5]) << 64
}

#[cfg(test)]
mod tests {
    use ff::Field;
    use group::Curve;
    use halo2curves::bn256::G1;
    use proptest::prelude::*;

    use super::*;
    use crate::testing::scalar;

    fn field(number: i128) -> Fr {
        let size = Fr::from_u128(number.unsigned_abs());
        if number < 0 { -size } else { size }
    }

    #[test]
    fn turning_multiplies_by_lambda() {
        let point = (G1::generator() * Fr::from(7)).to_affine();
        assert_eq!(turn(&point), (point * Fr::ZETA).to_affine());
        assert_eq!(turn(&G1Affine::default()), G1Affine::default());
    }

    #[test]
    fn the_basis_is_of_the_lattice() {
        let [a, b, c] = [A, B, C].map(Fr::from_u128);
        assert_eq!(a, b * Fr::ZETA);
        assert_eq!(b, -c * Fr::ZETA);
        assert_eq!(a * c + b * b, Fr::ZERO);
    }

    #[test]
    fn small_scalars_stay_whole() {
        for number in [0, 1, 5, (1 << 125) - 1] {
            assert_eq!(split(&field(number)), [number, 0]);
            assert_eq!(split(&field(-number)), [-number, 0]);
        }
    }

    proptest! {
        #[test]
        fn halves_stand_for_the_scalar(scalar in scalar()) {
            let halves = split(&scalar);
            prop_assert_eq!(field(halves[0]) + field(halves[1]) * Fr::ZETA, scalar);
            for half in halves {
                prop_assert!(half.unsigned_abs() < 1 << 127);
            }
        }
    }
}
