//! Intervals of real numbers with exact ends.
//!
//! An interval is two whole multiples of `2^-bits`. Every operation rounds its lower end down and
//! its upper end up, so the result holds every real number that the operation can make of members
//! of its operands. No float is used anywhere: the same inputs give the same ends on every machine.

use std::cmp::Ordering;

use num_bigint::{BigInt, Sign};
use num_rational::BigRational;

use crate::decimal::div_floor;

/// All real numbers from `low / 2^bits` to `high / 2^bits`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Interval {
    low: BigInt,
    high: BigInt,
    bits: u32,
}

impl Interval {
    /// The whole number `number`, exactly.
    pub fn whole(number: &BigInt, bits: u32) -> Self {
        let end = number << bits;
        Self { low: end.clone(), high: end, bits }
    }

    /// The narrowest interval around a fraction.
    pub fn around(number: &BigRational, bits: u32) -> Self {
        let numerator = number.numer() << bits;
        let (low, rest) = div_floor(&numerator, number.denom());
        let high = if rest == BigInt::ZERO { low.clone() } else { &low + 1 };
        Self { low, high, bits }
    }

    /// Everything from 0 to `2^exponent`; where that is less than `2^-bits`, to `2^-bits`.
    pub fn up_to(exponent: i64, bits: u32) -> Self {
        let shift = (exponent + i64::from(bits)).max(0);
        Self { low: BigInt::ZERO, high: BigInt::from(1) << shift, bits }
    }

    /// The precision of the ends.
    pub fn bits(&self) -> u32 {
        self.bits
    }

    /// The same numbers with ends of another fineness.
    pub fn with_bits(&self, bits: u32) -> Self {
        if bits >= self.bits {
            let shift = bits - self.bits;
            return Self { low: &self.low << shift, high: &self.high << shift, bits };
        }
        let shift = self.bits - bits;
        Self { low: &self.low >> shift, high: ceil_shift(&self.high, shift), bits }
    }

    /// No member is below zero.
    pub fn is_non_negative(&self) -> bool {
        self.low.sign() != Sign::Minus
    }

    /// No member is above zero.
    pub fn is_non_positive(&self) -> bool {
        self.high.sign() != Sign::Plus
    }

    /// The distance between the ends is at most `2^exponent`.
    pub fn is_within(&self, exponent: i64) -> bool {
        let shift = exponent + i64::from(self.bits);
        let width = &self.high - &self.low;
        shift >= 0 && width <= BigInt::from(1) << shift
    }

    /// The whole number next below or at every member, where they share one.
    pub fn floor(&self) -> Option<BigInt> {
        let [low, high] = [&self.low, &self.high].map(|end| end >> self.bits);
        (low == high).then_some(low)
    }

    /// The whole number next below or at the least member.
    pub(super) fn floor_low(&self) -> BigInt {
        &self.low >> self.bits
    }

    /// The whole number next above or at the greatest member.
    pub(super) fn ceil(&self) -> BigInt {
        ceil_shift(&self.high, self.bits)
    }

    /// The largest size of a member, in units of `2^-bits`.
    pub(super) fn size(&self) -> BigInt {
        let [low, high] = [&self.low, &self.high].map(|end| BigInt::from(end.magnitude().clone()));
        low.max(high)
    }

    /// The smallest size of a member, in units of `2^-bits`.
    pub(super) fn least_size(&self) -> BigInt {
        if self.is_non_negative() {
            self.low.clone()
        } else if self.is_non_positive() {
            -&self.high
        } else {
            BigInt::ZERO
        }
    }

    /// Every `x` as `-x`.
    pub fn negated(&self) -> Self {
        Self { low: -&self.high, high: -&self.low, bits: self.bits }
    }

    /// Every `x + y`.
    pub fn plus(&self, other: &Self) -> Self {
        self.assert_same_bits(other);
        Self { low: &self.low + &other.low, high: &self.high + &other.high, bits: self.bits }
    }

    /// Every `x - y`.
    pub fn minus(&self, other: &Self) -> Self {
        self.assert_same_bits(other);
        Self { low: &self.low - &other.high, high: &self.high - &other.low, bits: self.bits }
    }

    /// Every `x y`.
    pub fn times(&self, other: &Self) -> Self {
        self.assert_same_bits(other);
        let bits = self.bits;
        let (low, high) = if self.is_non_negative() && other.is_non_negative() {
            (&self.low * &other.low, &self.high * &other.high)
        } else {
            // A product of two numbers is least and greatest at ends of both.
            let ends = [
                &self.low * &other.low,
                &self.low * &other.high,
                &self.high * &other.low,
                &self.high * &other.high,
            ];
            (
                ends.iter().min().cloned().unwrap_or_default(),
                ends.into_iter().max().unwrap_or_default(),
            )
        };
        Self { low: low >> bits, high: ceil_shift(&high, bits), bits }
    }

    /// Every `x^2`.
    pub fn squared(&self) -> Self {
        let [least, size] = [self.least_size(), self.size()];
        let high = ceil_shift(&(&size * &size), self.bits);
        Self { low: (&least * &least) >> self.bits, high, bits: self.bits }
    }

    /// Every `n x` for one whole number.
    pub fn scaled(&self, number: &BigInt) -> Self {
        let [low, high] = [&self.low * number, &self.high * number];
        match number.sign() {
            Sign::Minus => Self { low: high, high: low, bits: self.bits },
            _ => Self { low, high, bits: self.bits },
        }
    }

    /// Every `2^exponent x`.
    pub fn shifted(&self, exponent: i64) -> Self {
        let shift = exponent.unsigned_abs();
        match exponent.cmp(&0) {
            Ordering::Less => Self {
                low: &self.low >> shift,
                high: ceil_shift(&self.high, shift),
                bits: self.bits,
            },
            _ => Self { low: &self.low << shift, high: &self.high << shift, bits: self.bits },
        }
    }

    /// Every `x / n` for one positive whole number.
    pub fn divided(&self, number: u64) -> Self {
        // A quotient is rounded towards zero: inwards for an end that lies away from it.
        let low = match self.low.sign() {
            Sign::Minus => (&self.low - (number - 1)) / number,
            _ => &self.low / number,
        };
        let high = match self.high.sign() {
            Sign::Plus => (&self.high + (number - 1)) / number,
            _ => &self.high / number,
        };
        Self { low, high, bits: self.bits }
    }

    /// Every `x / y`, or `None` where some `y` may be zero or less.
    pub fn over(&self, other: &Self) -> Option<Self> {
        self.assert_same_bits(other);
        if other.low.sign() != Sign::Plus {
            return None;
        }
        let [low, high] = [&self.low << self.bits, &self.high << self.bits];
        // The quotient of a number below zero is least where the divisor is.
        let below = if low.sign() == Sign::Minus { &other.low } else { &other.high };
        let above = if high.sign() == Sign::Minus { &other.high } else { &other.low };
        let high = ceil_quotient(&high, above);
        Some(Self { low: div_floor(&low, below).0, high, bits: self.bits })
    }

    /// Every square root of a member that is not negative.
    pub fn root(&self) -> Self {
        let [low, high] = [&self.low, &self.high].map(|end| end.max(&BigInt::ZERO) << self.bits);
        let root = floor_root(&high);
        let exact = &root * &root == high;
        Self { low: floor_root(&low), high: if exact { root } else { root + 1 }, bits: self.bits }
    }

    /// The members that are not negative, where it is known that the number meant is not.
    pub fn known_non_negative(self) -> Self {
        let [low, high] = [self.low, self.high].map(|end| end.max(BigInt::ZERO));
        Self { low, high, bits: self.bits }
    }

    /// Every member of `other` is one of these.
    #[cfg(test)]
    pub(super) fn holds(&self, other: &Self) -> bool {
        let bits = self.bits.max(other.bits);
        let (outer, inner) = (self.with_bits(bits), other.with_bits(bits));
        outer.low <= inner.low && inner.high <= outer.high
    }

    /// With `n 2^-bits` more on both sides.
    pub(super) fn widened(&self, units: &BigInt) -> Self {
        Self { low: &self.low - units, high: &self.high + units, bits: self.bits }
    }

    /// Ends of two finenesses never meet: a value is computed at one.
    fn assert_same_bits(&self, other: &Self) {
        assert_eq!(self.bits, other.bits, "both intervals were made by one computation");
    }
}

/// `number / 2^shift`, rounded up.
fn ceil_shift(number: &BigInt, shift: impl Into<u64>) -> BigInt {
    let shift = shift.into();
    // A shift to the right rounds towards minus infinity.
    let exact = number.trailing_zeros().is_none_or(|zeros| zeros >= shift);
    let floor = number >> shift;
    if exact { floor } else { floor + 1 }
}

/// `number / divisor`, rounded up, for a positive divisor.
fn ceil_quotient(number: &BigInt, divisor: &BigInt) -> BigInt {
    let (floor, rest) = div_floor(number, divisor);
    if rest == BigInt::ZERO { floor } else { floor + 1 }
}

/// The largest whole number whose square is at most `number`, which is not negative.
///
/// Newton's iteration from above: a step from any `x` above the root ends at or above its floor,
/// and below `x`. The library's own root would do, but guesses with a float.
fn floor_root(number: &BigInt) -> BigInt {
    if *number == BigInt::ZERO {
        return BigInt::ZERO;
    }
    let mut root = BigInt::from(1) << number.bits().div_ceil(2);
    loop {
        let next: BigInt = (&root + number / &root) >> 1;
        if next >= root {
            return root;
        }
        root = next;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const BITS: u32 = 8;

    fn interval(ends: (i64, i64)) -> Interval {
        let (low, high) = (ends.0.min(ends.1), ends.0.max(ends.1));
        Interval { low: low.into(), high: high.into(), bits: BITS }
    }

    fn fraction(numerator: impl Into<BigInt>, denominator: impl Into<BigInt>) -> BigRational {
        BigRational::new(numerator.into(), denominator.into())
    }

    fn holds(interval: &Interval, number: &BigRational) -> bool {
        let unit = BigInt::from(1) << interval.bits;
        fraction(interval.low.clone(), unit.clone()) <= *number
            && *number <= fraction(interval.high.clone(), unit)
    }

    #[test]
    fn a_fraction_lies_between_neighbours() {
        let third = fraction(1, 3);
        let around = Interval::around(&third, BITS);
        assert!(holds(&around, &third) && around.is_within(-8) && !around.is_within(-9));
        let exact = Interval::around(&fraction(-5, 4), BITS);
        assert_eq!(exact, interval((-320, -320)));
        assert_eq!(exact.floor(), Some((-2).into()));
        assert_eq!(Interval::around(&fraction(-1, 3), BITS), interval((-86, -85)));
    }

    #[test]
    fn a_floor_is_told_only_where_all_members_share_it() {
        assert_eq!(interval((256, 511)).floor(), Some(1.into()));
        assert_eq!(interval((256, 512)).floor(), None);
        assert_eq!(interval((-1, -1)).floor(), Some((-1).into()));
        assert_eq!(interval((-1, 0)).floor(), None);
        assert_eq!(interval((-1, 0)).known_non_negative().floor(), Some(0.into()));
    }

    #[test]
    fn a_divisor_that_may_be_zero_is_refused() {
        assert_eq!(interval((1, 1)).over(&interval((0, 5))), None);
        assert_eq!(interval((1, 1)).over(&interval((-5, -1))), None);
        assert!(interval((1, 1)).over(&interval((1, 5))).is_some());
    }

    #[test]
    fn a_root_is_exact_where_there_is_one() {
        for number in 0u64..2_000 {
            let root = floor_root(&number.into());
            assert!(&root * &root <= number.into() && (&root + 1) * (&root + 1) > number.into());
        }
        assert_eq!(interval((4 << 8, 4 << 8)).root(), interval((2 << 8, 2 << 8)));
        assert_eq!(interval((512, 512)).root(), interval((362, 363)));
    }

    #[test]
    #[should_panic(expected = "made by one computation")]
    fn ends_of_two_finenesses_never_meet() {
        interval((0, 0)).plus(&interval((0, 0)).with_bits(9));
    }

    proptest! {
        /// Whatever is picked from the operands, the result holds what becomes of it.
        #[test]
        fn every_operation_encloses(
            a in (-4_000i64..4_000, -4_000i64..4_000),
            b in (-4_000i64..4_000, -4_000i64..4_000),
            at in (0i64..=16, 0i64..=16),
            number in 1u64..50,
            shift in -6i64..6,
        ) {
            let pick = |ends: (i64, i64), at: i64| {
                fraction(16 * ends.0.min(ends.1) + at * (ends.0 - ends.1).abs(), 16 * 256)
            };
            let (x, y) = (pick(a, at.0), pick(b, at.1));
            let (a, b) = (interval(a), interval(b));
            prop_assert!(holds(&a.plus(&b), &(&x + &y)));
            prop_assert!(holds(&a.minus(&b), &(&x - &y)));
            prop_assert!(holds(&a.times(&b), &(&x * &y)));
            prop_assert!(holds(&a.squared(), &(&x * &x)));
            prop_assert!(holds(&a.negated(), &-&x));
            prop_assert!(holds(&a.divided(number), &(&x / fraction(number, 1))));
            prop_assert!(holds(&a.scaled(&(-3).into()), &(&x * fraction(-3, 1))));
            let power = fraction(1i64 << (shift + 6), 64);
            prop_assert!(holds(&a.shifted(shift), &(&x * power)));
            prop_assert!(holds(&a.with_bits(3), &x) && holds(&a.with_bits(20), &x));
            if let Some(quotient) = a.over(&b) {
                prop_assert!(holds(&quotient, &(&x / &y)));
            }
            let root = a.squared().root();
            let size = if x < fraction(0, 1) { -&x } else { x };
            prop_assert!(holds(&root, &size));
        }
    }
}
