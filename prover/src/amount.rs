//! Amounts of an asset or of the quote currency: exact, non-negative, with their decimals.

use std::{fmt, str::FromStr};

use num_bigint::BigUint;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};

use thiserror::Error;

use crate::decimal::{Decimal, DecimalError};

/// The exact amount `units / 10^decimals`. Printed and serialised as a decimal number without
/// trailing zeros.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Amount {
    /// The amount in its smallest unit.
    pub units: BigUint,
    /// Digits after the point.
    pub decimals: u32,
}

impl Amount {
    /// The amount `units / 10^decimals`.
    pub fn new(units: impl Into<BigUint>, decimals: u32) -> Self {
        Self { units: units.into(), decimals }
    }

    /// Adds a non-negative number, with as many decimals as both need.
    pub fn add(&mut self, number: &Decimal) {
        let decimals = self.decimals.max(number.scale());
        let units = number.floor_units(decimals).0.magnitude().clone();
        self.units = &self.units * BigUint::from(10u32).pow(decimals - self.decimals) + units;
        self.decimals = decimals;
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

impl FromStr for Amount {
    type Err = AmountError;

    fn from_str(text: &str) -> Result<Self, AmountError> {
        let number: Decimal = text.parse()?;
        if number.is_negative() {
            return Err(AmountError::Negative(number));
        }
        Ok(Self::new(number.mantissa().unsigned_abs(), number.scale()))
    }
}

/// Why a text is no amount.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum AmountError {
    /// Not a decimal number.
    #[error(transparent)]
    Decimal(#[from] DecimalError),
    /// Below zero.
    #[error("{0} is negative")]
    Negative(Decimal),
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
    fn numbers_of_different_scales_add_up() {
        let mut sum = Amount::default();
        for number in ["1.5", "0.0001", "20"] {
            sum.add(&number.parse().unwrap());
        }
        assert_eq!(sum.to_string(), "21.5001");
    }
}
