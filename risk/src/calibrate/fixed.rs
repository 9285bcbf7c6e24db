//! Fixed-point numbers with 18 decimals for statistics, the same on every machine. Products, quotients
//! and roots are rounded down: a figure computed from a few thousand of them is good to 12 decimals,
//! and a proposal has three.

use std::ops::{Add, Sub};

use num_bigint::BigInt;
use pacioli_rules::{Amount, Decimal, div_floor};

/// Decimals of a number.
const DECIMALS: u32 = 18;

/// A number of `10^-18`.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Fixed(BigInt);

impl Fixed {
    pub(super) fn whole(number: impl Into<BigInt>) -> Self {
        Self(number.into() * one())
    }

    pub(super) fn of(number: &Decimal) -> Self {
        Self(number.floor_units(DECIMALS).0)
    }

    pub(super) fn times(&self, other: &Self) -> Self {
        Self(div_floor(&(&self.0 * &other.0), &one()).0)
    }

    /// The quotient by a number above zero.
    pub(super) fn over(&self, divisor: &Self) -> Self {
        Self(div_floor(&(&self.0 * one()), &divisor.0).0)
    }

    /// The root of a number not below zero.
    pub(super) fn root(&self) -> Self {
        Self(BigInt::from((self.0.magnitude() * one().magnitude()).sqrt()))
    }

    pub(super) fn negated(&self) -> Self {
        Self(-&self.0)
    }

    /// The number, which is not negative.
    pub(super) fn amount(&self) -> Amount {
        Amount::new(self.0.magnitude().clone(), DECIMALS)
    }

    pub(super) fn is_positive(&self) -> bool {
        self.0 > BigInt::ZERO
    }

    /// The number with `decimals` decimals, rounded up; `None` if it does not fit a [`Decimal`].
    pub(super) fn ceil(&self, decimals: u32) -> Option<Decimal> {
        let unit = BigInt::from(10).pow(DECIMALS - decimals);
        let (quotient, rest) = div_floor(&self.0, &unit);
        let up = i128::from(rest > BigInt::ZERO);
        Some(Decimal::new(i128::try_from(quotient).ok()?.checked_add(up)?, decimals))
    }

    /// The number rounded down to one non-zero digit, with at most `decimals` decimals; `None` if that
    /// is zero.
    pub(super) fn round_size(&self, decimals: u32) -> Option<Decimal> {
        let text = self.0.to_string();
        let zeros = text.len().checked_sub(1)? as u32;
        let digit = text.bytes().next().filter(|digit| (b'1'..=b'9').contains(digit))? - b'0';
        let digit = i128::from(digit);
        match DECIMALS.checked_sub(zeros) {
            Some(scale) if scale > decimals => None,
            Some(scale) => Some(Decimal::new(digit, scale)),
            None => {
                Some(Decimal::new(digit.checked_mul(10i128.checked_pow(zeros - DECIMALS)?)?, 0))
            }
        }
    }
}

fn one() -> BigInt {
    BigInt::from(10).pow(DECIMALS)
}

impl Add for &Fixed {
    type Output = Fixed;

    fn add(self, other: &Fixed) -> Fixed {
        Fixed(&self.0 + &other.0)
    }
}

impl Sub for &Fixed {
    type Output = Fixed;

    fn sub(self, other: &Fixed) -> Fixed {
        Fixed(&self.0 - &other.0)
    }
}

impl std::iter::Sum for Fixed {
    fn sum<I: Iterator<Item = Self>>(numbers: I) -> Self {
        numbers.fold(Self::default(), |sum, number| &sum + &number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fixed(text: &str) -> Fixed {
        Fixed::of(&text.parse().unwrap())
    }

    #[test]
    fn arithmetic_rounds_down() {
        assert_eq!(fixed("1.5").times(&fixed("1.5")), fixed("2.25"));
        assert_eq!(fixed("1").over(&fixed("3")), fixed("0.333333333333333333"));
        assert_eq!(fixed("-1").over(&fixed("3")), fixed("-0.333333333333333334"));
        assert_eq!(fixed("2").root(), fixed("1.414213562373095048"));
        assert_eq!(fixed("0.0004").root(), fixed("0.02"));
    }

    #[test]
    fn a_rate_is_rounded_up_and_a_size_down_to_one_digit() {
        let ceil = |text: &str| fixed(text).ceil(3).unwrap().to_string();
        assert_eq!(
            [ceil("0.0500000001"), ceil("0.05"), ceil("-0.0501")],
            ["0.051", "0.050", "-0.050"]
        );
        let size = |text: &str| fixed(text).round_size(2).map(|size| size.to_string());
        assert_eq!(size("1234.5"), Some("1000".to_owned()));
        assert_eq!(size("0.0567"), Some("0.05".to_owned()));
        assert_eq!(size("0.00567"), None);
        assert_eq!(size("0"), None);
        assert_eq!(size("9"), Some("9".to_owned()));
    }
}
