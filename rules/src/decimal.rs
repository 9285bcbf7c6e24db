//! Exact decimal numbers, as they stand in snapshots, prices and rules.

use std::{cmp::Ordering, fmt, str::FromStr};

use num_bigint::BigInt;
use thiserror::Error;

/// An exact decimal number `mantissa / 10^scale`, with the scale it was written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Decimal {
    mantissa: i128,
    scale: u32,
}

/// Most digits a number may be written in: what an `i128` always holds, and more than any
/// quantity or price needs.
pub const MAX_DIGITS: usize = 38;

/// Why a text is no decimal number.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum DecimalError {
    /// Nothing stands there.
    #[error("a number is missing")]
    Missing,
    /// `1e3` and the like.
    #[error("`{0}` is in exponent notation; write the digits out")]
    Exponent(String),
    /// Anything but digits, one point and a leading minus.
    #[error("`{0}` is not a decimal number")]
    Malformed(String),
    /// `007`: not how a number is written.
    #[error("`{0}` has leading zeros")]
    LeadingZeros(String),
    /// `-0`: a sign where nothing is.
    #[error("`{0}` is a negative zero")]
    NegativeZero(String),
    /// More digits than any quantity has.
    #[error("`{0}` has more than {MAX_DIGITS} digits")]
    TooLong(String),
}

impl Decimal {
    /// The number `mantissa / 10^scale`.
    pub const fn new(mantissa: i128, scale: u32) -> Self {
        Self { mantissa, scale }
    }

    /// Below zero.
    pub fn is_negative(&self) -> bool {
        self.mantissa < 0
    }

    /// The number without its scale.
    pub fn mantissa(&self) -> i128 {
        self.mantissa
    }

    /// Digits after the point, as written.
    pub fn scale(&self) -> u32 {
        self.scale
    }

    /// The number in units of `10^-decimals`: the quotient rounded down, and whether it is exact.
    pub fn floor_units(&self, decimals: u32) -> (BigInt, bool) {
        if self.scale <= decimals {
            return (self.mantissa * BigInt::from(10).pow(decimals - self.scale), true);
        }
        let divisor = BigInt::from(10).pow(self.scale - decimals);
        let (quotient, rest) = div_floor(&self.mantissa.into(), &divisor);
        (quotient, rest == BigInt::ZERO)
    }

    /// The order of two numbers by value, whatever their scales.
    pub fn compare(&self, other: &Self) -> Ordering {
        let scale = self.scale.max(other.scale);
        self.floor_units(scale).0.cmp(&other.floor_units(scale).0)
    }

    /// The number in units of `10^-decimals`, or `None` where it has more digits than that.
    pub fn exact_units(&self, decimals: u32) -> Option<BigInt> {
        let (units, exact) = self.floor_units(decimals);
        exact.then_some(units)
    }
}

/// Quotient rounded towards minus infinity, and the rest, for a positive `divisor`.
pub fn div_floor(number: &BigInt, divisor: &BigInt) -> (BigInt, BigInt) {
    let (quotient, rest) = (number / divisor, number % divisor);
    if rest < BigInt::ZERO { (quotient - 1, rest + divisor) } else { (quotient, rest) }
}

impl FromStr for Decimal {
    type Err = DecimalError;

    fn from_str(text: &str) -> Result<Self, DecimalError> {
        if text.is_empty() {
            return Err(DecimalError::Missing);
        }
        let malformed = || DecimalError::Malformed(text.to_owned());
        let (negative, digits) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (whole, fraction) = match digits.split_once('.') {
            Some((whole, fraction)) => (whole, Some(fraction)),
            None => (digits, None),
        };
        let all_digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
        if !all_digits(whole) || !fraction.is_none_or(all_digits) {
            let exponent = digits.bytes().any(|b| b == b'e' || b == b'E')
                && digits.bytes().all(|b| b"0123456789.eE+-".contains(&b));
            return Err(if exponent {
                DecimalError::Exponent(text.to_owned())
            } else {
                malformed()
            });
        }
        if whole.len() > 1 && whole.starts_with('0') {
            return Err(DecimalError::LeadingZeros(text.to_owned()));
        }
        let fraction = fraction.unwrap_or_default();
        if whole.len() + fraction.len() > MAX_DIGITS {
            return Err(DecimalError::TooLong(text.to_owned()));
        }
        let digits = whole.bytes().chain(fraction.bytes());
        let mantissa = digits.fold(0i128, |number, digit| number * 10 + i128::from(digit - b'0'));
        if negative && mantissa == 0 {
            return Err(DecimalError::NegativeZero(text.to_owned()));
        }
        let mantissa = if negative { -mantissa } else { mantissa };
        Ok(Self { mantissa, scale: fraction.len() as u32 })
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = self.mantissa.unsigned_abs().to_string();
        let scale = self.scale as usize;
        let digits = format!("{digits:0>width$}", width = scale + 1);
        let (whole, fraction) = digits.split_at(digits.len() - scale);
        let sign = if self.is_negative() { "-" } else { "" };
        match fraction {
            "" => write!(f, "{sign}{whole}"),
            _ => write!(f, "{sign}{whole}.{fraction}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_reads_and_prints_as_written() {
        for text in ["0", "1", "-1", "0.50", "1234567890123456789012.0000000000000001"] {
            assert_eq!(text.parse::<Decimal>().unwrap().to_string(), text);
        }
    }

    #[test]
    fn each_malformed_number_has_its_own_error() {
        let error = |text: &str| text.parse::<Decimal>().unwrap_err();
        let same = |text: &str| text.to_owned();
        assert_eq!(error(""), DecimalError::Missing);
        assert_eq!(error("1e3"), DecimalError::Exponent(same("1e3")));
        assert_eq!(error("007"), DecimalError::LeadingZeros(same("007")));
        assert_eq!(error("-0.0"), DecimalError::NegativeZero(same("-0.0")));
        for text in ["+1", ".5", "5.", "1,000", "0x10", " 1", "1 ", "--1", "1.2.3", "NaN", "١"] {
            assert_eq!(error(text), DecimalError::Malformed(same(text)));
        }
        assert!(matches!(error(&"9".repeat(39)), DecimalError::TooLong(_)));
    }

    #[test]
    fn units_round_down_and_say_so() {
        let units = |text: &str, decimals| text.parse::<Decimal>().unwrap().floor_units(decimals);
        assert_eq!(units("1.25", 2), (125.into(), true));
        assert_eq!(units("1.25", 4), (12500.into(), true));
        assert_eq!(units("1.25", 1), (12.into(), false));
        assert_eq!(units("-1.25", 1), ((-13).into(), false));
        assert_eq!(units("1.20", 1), (12.into(), true));
    }
}
