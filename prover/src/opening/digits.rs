//! Scalars as few signed digits, for multiplying points in variable time.
//!
//! The curve has an endomorphism that multiplies by `lambda`, a cube root of one, for the price of
//! one multiplication in the field. So a scalar is cut as an Eisenstein integer `a + b lambda`:
//! first it is reduced modulo a prime `pi` over the group's order, which leaves 127 bits (Gallant,
//! Lambert and Vanstone 2001), then it is written to the base 2 with digits that are zero or odd.
//! A digit that is not zero is congruent to the rest modulo 8, so that two zeros follow it and a
//! third in one of four cases: 38 digits of 127 are not zero. There are 48 classes of odd numbers
//! modulo 8 and six units to turn them by, so eight [`multiples`] of a point serve for all digits.

use ff::{PrimeField, WithSmallOrderMulGroup};
use halo2_proofs::halo2curves::bn256::{Fq, Fr, G1Affine};

use super::affine::Adder;

/// Positions of digits. A scalar's remainder is below `2^126.6` in size, and digits take off or add
/// `0.7` to what is left at later positions: at 125 that is below 4, and an odd number as small
/// is a digit itself, an even one is after one position more. A digit at 124, from a rest below 7,
/// leaves less than 2 for position 127.
pub(super) const POSITIONS: usize = 128;

/// Multiples that digits choose from.
const MULTIPLES: usize = 8;

/// The smallest numbers of the classes, up to units: `(a, b)` is `a + b lambda`.
const SMALLEST: [(i8, i8); MULTIPLES] =
    [(1, 0), (1, -1), (2, -1), (1, -2), (3, 0), (3, -1), (1, -3), (3, -2)];

/// How a multiple after the first is made: from which, and by subtracting which unit.
const STEPS: [(usize, Unit); MULTIPLES - 1] = [
    (0, Unit { turn: 1, negative: false }),
    (1, Unit { turn: 0, negative: true }),
    (1, Unit { turn: 1, negative: false }),
    (2, Unit { turn: 2, negative: false }),
    (2, Unit { turn: 0, negative: true }),
    (3, Unit { turn: 1, negative: false }),
    (5, Unit { turn: 1, negative: false }),
];

/// Multiples that can be made together: each needs only those before its range.
const ROUNDS: [std::ops::Range<usize>; 4] = [1..2, 2..4, 4..7, 7..8];

/// `lambda^turn`, or its negative.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Unit {
    turn: u8,
    negative: bool,
}

/// A digit that is not zero: a unit and one of the [`SMALLEST`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Digit {
    multiple: u8,
    unit: Unit,
}

impl Digit {
    /// The number that it stands for.
    const fn number(self) -> (i8, i8) {
        let (mut a, mut b) = SMALLEST[self.multiple as usize];
        let mut turn = 0;
        while turn < self.unit.turn {
            // lambda^2 = -1 - lambda.
            (a, b) = (-b, a - b);
            turn += 1;
        }
        if self.unit.negative { (-a, -b) } else { (a, b) }
    }

    /// Which of a point's multiples to [take](Self::of).
    pub(super) fn multiple(self) -> usize {
        self.multiple.into()
    }

    /// The digit times the point whose [multiple](Self::multiple) is given.
    pub(super) fn of(self, multiple: &Multiple) -> G1Affine {
        multiple.times(self.unit)
    }
}

/// The digits by what they leave modulo 8.
const CLASSES: [Option<Digit>; 64] = {
    let (mut classes, mut filled, mut at) = ([None; 64], 0, 0);
    while at < 6 * MULTIPLES {
        let unit = Unit { turn: (at % 3) as u8, negative: at % 2 == 1 };
        let digit = Digit { multiple: (at / 6) as u8, unit };
        let (a, b) = digit.number();
        let class = &mut classes[(a & 7 | (b & 7) << 3) as usize];
        filled += class.is_none() as usize;
        *class = Some(digit);
        at += 1;
    }
    assert!(filled == 48, "the digits leave each odd remainder modulo 8 once");
    classes
};

/// A point's multiple, and the first coordinate of `lambda` times it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Multiple {
    point: G1Affine,
    turned: Fq,
}

impl Multiple {
    fn new(point: G1Affine) -> Self {
        Self { point, turned: point.x * Fq::ZETA }
    }

    fn times(&self, unit: Unit) -> G1Affine {
        let G1Affine { x, y } = self.point;
        // The first coordinates of the point's turns sum to zero.
        let x = match unit.turn {
            0 => x,
            1 => self.turned,
            _ => -(x + self.turned),
        };
        G1Affine { x, y: if unit.negative { -y } else { y } }
    }
}

/// Multiples of points for [`Digit::of`]: multiple `i` of point `j` is at `i * points.len() + j`.
pub(super) fn multiples(points: &[G1Affine], adder: &mut Adder) -> Vec<Multiple> {
    let mut multiples: Vec<_> = points.iter().copied().map(Multiple::new).collect();
    let mut made = Vec::new();
    for round in ROUNDS {
        made.clear();
        for step in round.clone() {
            let (from, _) = STEPS[step - 1];
            made.extend(multiples[from * points.len()..][..points.len()].iter().map(|m| m.point));
        }
        for (place, step) in round.flat_map(|step| points.iter().map(move |_| step)).enumerate() {
            let (_, unit) = STEPS[step - 1];
            let subtracted = multiples[place % points.len()].times(unit);
            adder.push(&mut made, place, -subtracted);
        }
        adder.apply(&mut made);
        multiples.extend(made.iter().copied().map(Multiple::new));
    }
    multiples
}

/// The digits of a scalar that are not zero, lowest first, and their positions.
pub(super) fn digits(scalar: Fr) -> impl Iterator<Item = (usize, Digit)> {
    let (mut a, mut b) = remainder(&scalar);
    let mut position = 0;
    std::iter::from_fn(move || {
        if (a, b) == (0, 0) {
            return None;
        }
        let zeros = (a | b).trailing_zeros();
        position += zeros as usize;
        (a, b) = (a >> zeros, b >> zeros);
        let digit = CLASSES[(a & 7 | (b & 7) << 3) as usize].expect("the rest is odd");
        let number = digit.number();
        (a, b) = (a - i128::from(number.0), b - i128::from(number.1));
        Some((position, digit))
    })
}

/// With `x` the curve's parameter, `pi = A - B lambda` for `A = 6x^2 + 2x` and `B = 2x + 1`; the
/// conjugate of `pi` is `A + B + B lambda`.
const A: u128 = 0x6f4d_8248_eeb8_59fc_8211_bbeb_7d4f_1128;
const B: u128 = 0x89d3_2568_94d2_13e3;

/// `2^320 (A + B) / r` and `2^320 B / r`, where `r` is the group's order.
const INVERSE: [[u64; 4]; 2] = [
    [0x149d_540f_d5e4_95cc, 0x5398_fd03_00ff_6565, 0x4cce_f014_a773_d2d2, 0x2],
    [0x6eb9_c714_773a_6ef3, 0xd91d_232e_c7e0_b3d7, 0x2, 0],
];

/// The scalar modulo `pi`: the quotient's parts are rounded, and off by a half at most, which
/// leaves `sqrt(3)/2 * |pi| < 2^126.6`.
fn remainder(scalar: &Fr) -> (i128, i128) {
    let bytes = scalar.to_repr();
    let (words, _) = bytes.as_chunks::<8>();
    let scalar: [u64; 4] = std::array::from_fn(|i| u64::from_le_bytes(words[i]));
    let low = u128::from(scalar[0]) | u128::from(scalar[1]) << 64;
    let [c, d] = INVERSE.map(|inverse| rounded(&scalar, &inverse));
    // Less (c + d lambda) pi. What is left fits 128 bits: the products' higher ones do not matter.
    let a = low.wrapping_sub(c.wrapping_mul(A)).wrapping_sub(d.wrapping_mul(B));
    let b = c.wrapping_mul(B).wrapping_sub(d.wrapping_mul(A.wrapping_add(B)));
    (a as i128, b as i128)
}

/// The product over `2^320`, to the nearest.
fn rounded(x: &[u64; 4], y: &[u64; 4]) -> u128 {
    let mut product = [0u64; 8];
    product[4] = 1 << 63;
    for (i, x) in x.iter().enumerate() {
        let mut carry = 0;
        for (j, y) in y.iter().enumerate() {
            let sum = u128::from(*x) * u128::from(*y) + u128::from(product[i + j]) + carry;
            product[i + j] = sum as u64;
            carry = sum >> 64;
        }
        let (mut at, mut carry) = (i + 4, carry as u64);
        while carry != 0 && at < product.len() {
            let (sum, over) = product[at].overflowing_add(carry);
            product[at] = sum;
            (carry, at) = (over.into(), at + 1);
        }
    }
    u128::from(product[5]) | u128::from(product[6]) << 64
}

#[cfg(test)]
mod tests {
    use ff::Field;
    use group::{Curve, Group};
    use halo2_proofs::halo2curves::bn256::G1;
    use pacioli_attestation::opening::root_of_unity;
    use rand_chacha::ChaCha20Rng;
    use rand_core::SeedableRng;

    use super::*;

    fn edge_scalars() -> Vec<Fr> {
        let mut rng = ChaCha20Rng::seed_from_u64(0);
        let small = (0..70).map(Fr::from);
        let roots = (0..28).map(root_of_unity);
        let powers = (0..254).map(|power| Fr::from(2).pow_vartime([power]));
        // Halves of pi's multiples are where rounding turns over.
        let halves = [A, B, A + B].map(|part| Fr::from_u128(part) * Fr::TWO_INV);
        let random = (0..2000).map(|_| Fr::random(&mut rng));
        let scalars: Vec<_> =
            small.chain(roots).chain(powers).chain(halves).chain(random).collect();
        scalars.iter().flat_map(|s| [*s, -s, s * Fr::ZETA, Fr::TWO_INV * s]).collect()
    }

    #[test]
    fn digits_are_those_of_the_scalar() {
        let part = |part: i8| {
            let size = Fr::from(u64::from(part.unsigned_abs()));
            if part < 0 { -size } else { size }
        };
        for scalar in edge_scalars() {
            let mut sum = Fr::ZERO;
            let mut next = 0;
            for (position, digit) in digits(scalar) {
                assert!((next..POSITIONS).contains(&position));
                next = position + 3;
                let (a, b) = digit.number();
                sum += Fr::from(2).pow([position as u64]) * (part(a) + part(b) * Fr::ZETA);
            }
            assert_eq!(sum, scalar);
        }
    }

    #[test]
    fn one_in_three_and_a_third_digits_is_not_zero() {
        let mut rng = ChaCha20Rng::seed_from_u64(1);
        let count: usize = (0..1000).map(|_| digits(Fr::random(&mut rng)).count()).sum();
        assert!((37_000..39_000).contains(&count), "{count}");
    }

    #[test]
    fn a_digit_of_a_point_is_its_number_times_the_point() {
        let mut rng = ChaCha20Rng::seed_from_u64(2);
        let mut points: Vec<_> = (0..3).map(|_| G1::random(&mut rng).to_affine()).collect();
        points.extend([G1::generator().to_affine(), G1::identity().to_affine()]);
        points.push(-points[0]);
        let multiples = multiples(&points, &mut Adder::default());
        for digit in CLASSES.into_iter().flatten() {
            let (a, b) = digit.number();
            let times = |part: i8, point: G1| {
                let size = point * Fr::from(u64::from(part.unsigned_abs()));
                if part < 0 { -size } else { size }
            };
            for (at, point) in points.iter().enumerate() {
                let expected = times(a, point.into()) + times(b, point * Fr::ZETA);
                let found = digit.of(&multiples[digit.multiple() * points.len() + at]);
                assert_eq!(found, expected.to_affine());
            }
        }
    }
}
