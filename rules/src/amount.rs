//! Amounts of an asset or of the quote currency: exact, non-negative, with their decimals.

use std::{fmt, str::FromStr};

use num_bigint::BigUint;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};
use thiserror::Error;

use crate::decimal::Decimal;

/// Characters of the longest amount, its point included: a sum of 2^64 decimals of 38 digits each
/// is shorter.
const MAX_DIGITS: usize = 100;

/// The exact amount `units / 10^decimals`. Printed and serialised as a decimal number without
/// trailing zeros.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Amount {
    /// The amount in its smallest unit.
    pub units: BigUint,
    /// Its decimals.
    pub decimals: u32,
}

impl Amount {
    /// The amount `units / 10^decimals`.
    pub fn new(units: impl Into<BigUint>, decimals: u32) -> Self {
        Self { units: units.into(), decimals }
    }

    /// Adds a number that is at least 0, with as many decimals as both need.
    pub fn add(&mut self, number: &Decimal) {
        let decimals = self.decimals.max(number.scale());
        let units = number.floor_units(decimals).0.magnitude().clone();
        self.units = &self.units * BigUint::from(10u32).pow(decimals - self.decimals) + units;
        self.decimals = decimals;
    }

    /// The amount with at most so many decimals, rounded up or down.
    pub fn rounded(&self, decimals: u32, up: bool) -> Self {
        let Some(more) = self.decimals.checked_sub(decimals) else { return self.clone() };
        let divisor = BigUint::from(10u32).pow(more);
        let up = if up { &divisor - 1u32 } else { BigUint::ZERO };
        Self::new((&self.units + up) / divisor, decimals)
    }

    /// Whether it is more than a number that is at least 0.
    pub fn exceeds(&self, number: &Decimal) -> bool {
        let ten = |digits| BigUint::from(10u32).pow(digits);
        let number_units = number.mantissa().unsigned_abs() * ten(self.decimals);
        &self.units * ten(number.scale()) > number_units
    }
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let decimals = self.decimals as usize;
        let digits = format!("{:0>width$}", self.units.to_string(), width = decimals + 1);
        let (whole, fraction) = digits.split_at(digits.len() - decimals);
        match fraction.trim_end_matches('0') {
            "" => f.write_str(whole),
            fraction => write!(f, "{whole}.{fraction}"),
        }
    }
}

impl Serialize for Amount {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// A text that is not an amount as [`Amount`] prints it.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("`{}` is not a canonical amount", .0.escape_debug())]
pub struct AmountError(String);

impl FromStr for Amount {
    type Err = AmountError;

    /// Reads the amount that is printed as `text`.
    fn from_str(text: &str) -> Result<Self, AmountError> {
        let parse = || {
            let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
            let units: BigUint = format!("{whole}{fraction}").parse().ok()?;
            let amount = Self::new(units, fraction.len() as u32);
            (amount.to_string() == text).then_some(amount)
        };
        let amount = if text.len() <= MAX_DIGITS { parse() } else { None };
        amount.ok_or_else(|| AmountError(text.chars().take(MAX_DIGITS).collect()))
    }
}

impl<'de> Deserialize<'de> for Amount {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_amount_prints_exactly_without_trailing_zeros() {
        let print = |units: u128, decimals| Amount::new(units, decimals).to_string();
        assert_eq!(print(0, 16), "0");
        assert_eq!(print(1, 16), "0.0000000000000001");
        assert_eq!(print(1_500, 3), "1.5");
        assert_eq!(print(1_500, 0), "1500");
        assert_eq!(print(12_340, 4), "1.234");
    }

    #[test]
    fn an_amount_is_rounded_up_or_down() {
        let amount = Amount::new(1_234_567u32, 5);
        assert_eq!(amount.rounded(2, true).to_string(), "12.35");
        assert_eq!(amount.rounded(2, false).to_string(), "12.34");
        assert_eq!(amount.rounded(5, true), amount);
        assert_eq!(amount.rounded(9, true), amount);
        assert_eq!(Amount::new(1_200u32, 3).rounded(1, true).to_string(), "1.2");
    }

    #[test]
    fn numbers_of_different_scales_add_up() {
        let mut sum = Amount::default();
        for number in ["1.5", "0.0001", "20"] {
            sum.add(&number.parse().unwrap());
        }
        assert_eq!(sum.to_string(), "21.5001");
    }

    #[test]
    fn a_sum_longer_than_any_decimal_reads_as_it_was_printed() {
        let mut sum = Amount::default();
        for number in ["9".repeat(38), format!("0.{}1", "0".repeat(36)), "9".repeat(38)] {
            sum.add(&number.parse().unwrap());
        }
        let text = serde_json::to_string(&sum).unwrap();
        assert_eq!(text.len(), 2 + 39 + 1 + 37);
        assert_eq!(serde_json::from_str::<Amount>(&text).unwrap(), sum);
        let long = "1".repeat(MAX_DIGITS + 1);
        for wrong in ["", "-1", "+1", "01", "1.50", "1.", ".5", "1_0", "1e3", "1.2.3", &long] {
            assert!(serde_json::from_str::<Amount>(&format!("\"{wrong}\"")).is_err(), "{wrong}");
        }
    }
}
