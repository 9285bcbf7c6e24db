//! An exact amount that may be below zero.

use std::fmt;

use num_bigint::{BigInt, BigUint, Sign};
use pacioli_circuits::Line;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

use crate::amount::Amount;

/// An exact amount with a sign, without trailing zeros.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SignedAmount {
    /// Whether it is below zero.
    pub negative: bool,
    /// Its size, without the sign.
    pub size: Amount,
}

impl SignedAmount {
    /// The amount `units / 10^decimals`.
    pub fn new(units: &BigInt, decimals: u32) -> Self {
        let negative = units.sign() == Sign::Minus;
        Self { negative, size: Amount::new(units.magnitude().clone(), decimals) }
    }

    /// The amount in its smallest unit, `10^-decimals`.
    pub fn units(&self) -> BigInt {
        let units = BigInt::from(self.size.units.clone());
        if self.negative { -units } else { units }
    }

    /// The value of `line` at `value` units of value per unit of quantity, a unit of value being
    /// `10^-value_decimals` of the quote currency.
    pub fn of(line: &Line, value: i128, value_decimals: u32) -> Self {
        let units = BigUint::from(line.quantity.units()) * value.unsigned_abs();
        let negative = value < 0 && units != BigUint::default();
        Self { negative, size: Amount::new(units, value_decimals) }
    }
}

impl fmt::Display for SignedAmount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.negative { "-" } else { "" })?;
        fmt::Display::fmt(&self.size, f)
    }
}

impl Serialize for SignedAmount {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for SignedAmount {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let (negative, size) = match text.strip_prefix('-') {
            Some(size) => (true, size),
            None => (false, text.as_str()),
        };
        let size = size.parse().map_err(D::Error::custom)?;
        Ok(Self { negative, size })
    }
}
