//! Exact decimal numbers, as snapshots, prices and rules write them.

use std::{cmp::Ordering, fmt, str::FromStr};

use num_bigint::BigInt;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Visitor};
use thiserror::Error;

/// The exact decimal number `mantissa / 10^scale`, which keeps the decimals it was written with.
/// Ordered and compared by value: `0.90` equals `0.9`. [`Decimal::same_text`] tells them apart.
#[derive(Clone, Copy, Debug)]
pub struct Decimal {
    mantissa: i128,
    scale: u32,
}

/// The most digits of a number: what an `i128` always holds, and more than any quantity or price
/// needs.
pub const MAX_DIGITS: usize = 38;

/// Why a text is not a decimal number.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum DecimalError {
    /// An empty text.
    #[error("a number is missing")]
    Missing,
    /// Exponent notation, such as `1e3`.
    #[error("`{0}` is in exponent notation; write the digits out")]
    Exponent(String),
    /// A character other than digits, one point and a leading minus.
    #[error("`{0}` is not a decimal number{hint}", hint = hint(.0))]
    Malformed(String),
    /// Leading zeros, such as `007`.
    #[error("`{0}` has leading zeros")]
    LeadingZeros(String),
    /// A minus before zero, such as `-0`.
    #[error("`{0}` is a negative zero")]
    NegativeZero(String),
    /// More than [`MAX_DIGITS`] digits.
    #[error("`{0}` has more than {MAX_DIGITS} digits")]
    TooLong(String),
}

/// What is wrong with a text that people take for a number, or nothing.
fn hint(text: &str) -> &'static str {
    let number = text.trim().trim_start_matches(['-', '+']);
    let Some(start) = number.chars().next().filter(|c| c.is_ascii_digit() || *c == '.') else {
        return "";
    };
    let of = |more: &[char]| number.chars().all(|c| c.is_ascii_digit() || more.contains(&c));
    if of(&['.', ',', '\'', '_', ' ', '\u{a0}', '\u{202f}', '’']) && !of(&['.']) {
        "; write a point before the decimals and nothing between thousands"
    } else if !of(&['.']) {
        ""
    } else if text.trim() != text {
        "; remove the spaces around it"
    } else if start == '.' || number.ends_with('.') {
        "; write digits on both sides of the point"
    } else if text.starts_with('+') {
        "; leave the plus out"
    } else {
        ""
    }
}

impl Decimal {
    /// The number `mantissa / 10^scale`.
    pub const fn new(mantissa: i128, scale: u32) -> Self {
        Self { mantissa, scale }
    }

    /// Whether it is below zero.
    pub fn is_negative(&self) -> bool {
        self.mantissa < 0
    }

    /// The number without its scale.
    pub fn mantissa(&self) -> i128 {
        self.mantissa
    }

    /// Its decimals, as written.
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

    /// Whether both are written alike: `0.90` and `0.9` are not.
    pub fn same_text(&self, other: &Self) -> bool {
        (self.mantissa, self.scale) == (other.mantissa, other.scale)
    }

    /// The number in units of `10^-decimals`, or `None` if it needs more decimals than that.
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

impl PartialEq for Decimal {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Decimal {}

impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Decimal {
    fn cmp(&self, other: &Self) -> Ordering {
        let scale = self.scale.max(other.scale);
        self.floor_units(scale).0.cmp(&other.floor_units(scale).0)
    }
}

/// A whole number.
impl From<u32> for Decimal {
    fn from(number: u32) -> Self {
        Self::new(number.into(), 0)
    }
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

struct DecimalText;

impl Visitor<'_> for DecimalText {
    type Value = Decimal;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a decimal number in quotes, such as \"0.25\"")
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Decimal, E> {
        text.parse().map_err(E::custom)
    }
}

/// A decimal is a string in every file: a number in JSON or TOML may have been through floating
/// point.
impl<'de> Deserialize<'de> for Decimal {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(DecimalText)
    }
}

impl Serialize for Decimal {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_in_another_spelling_says_what_to_do() {
        let told = |text: &str| text.parse::<Decimal>().unwrap_err().to_string();
        for text in ["1,234.50", "1.234,50", "1'000", "1_000", "1 000", "-1\u{a0}000", "0,5"] {
            let expected = format!(
                "`{text}` is not a decimal number; write a point before the decimals and nothing \
                 between thousands"
            );
            assert_eq!(told(text), expected);
        }
        assert!(told(" 5.2834").ends_with("is not a decimal number; remove the spaces around it"));
        assert!(told(".5").ends_with("; write digits on both sides of the point"));
        assert!(told("5.").ends_with("; write digits on both sides of the point"));
        assert!(told("+1").ends_with("; leave the plus out"));
        for text in ["NaN", "None", "x", "1.2.3", "--1", ",", "1\0", "0x10"] {
            assert!(told(text).ends_with("is not a decimal number"), "{}", told(text));
        }
    }

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

    #[test]
    fn numbers_are_compared_by_value_and_texts_apart() {
        let number = |text: &str| text.parse::<Decimal>().unwrap();
        assert_eq!(number("0.90"), number("0.9"));
        assert!(!number("0.90").same_text(&number("0.9")));
        assert!(number("0.90").same_text(&number("0.90")));
        assert!(number("-1.5") < number("-1.49") && number("-0.1") < number("0"));
        assert!(number("10") > number("9.99") && number("2") > Decimal::from(1));
        let [most, finest] = ["9".repeat(38), format!("0.{}1", "0".repeat(36))];
        assert!(number(&most) > number(&finest), "whatever their decimals");
    }
}
