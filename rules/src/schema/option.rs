//! Options and their margins.

use jiff::Timestamp;
use serde::Deserialize;

use super::{rate::number, scenario::Margin};
use crate::{black76::Side, decimal::Decimal, strict};

/// A European option, settled in the quote currency.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct OptionRule {
    /// The asset whose price, moves and volatilities it follows.
    pub underlying: String,
    /// The price at which the right is to buy or sell; above 0.
    pub strike: Decimal,
    /// The time of its expiry.
    #[serde(with = "strict::utc_time")]
    pub expiry: Timestamp,
    /// The right that it gives.
    pub side: Side,
    /// Decimals of a quantity.
    pub decimals: u32,
}

/// The margins of options on one underlying.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct OptionMargins {
    /// In maintenance scenarios.
    pub maintenance: Option<OptionMargin>,
    /// In initial scenarios.
    pub initial: Option<OptionMargin>,
}

/// The margins of options in one kind of margin scenario.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct OptionMargin {
    /// The part of its value that a long counts for; in `[0, 1]`.
    #[serde(deserialize_with = "number::needed")]
    pub long: Decimal,
    /// The margin of a short call beyond its value.
    pub call: ShortMargin,
    /// The margin of a short put beyond its value.
    pub put: ShortMargin,
}

/// The margin of a short beyond its value: the largest of three numbers, none below 0.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct ShortMargin {
    /// The part of the underlying's price, less what the option is out of the money by.
    #[serde(deserialize_with = "number::needed")]
    pub base: Decimal,
    /// The part of the underlying's price whatever the strike.
    #[serde(deserialize_with = "number::needed")]
    pub floor: Decimal,
    /// The part of the option's own value; 0 if left out.
    #[serde(default = "nothing", deserialize_with = "number::needed")]
    pub premium: Decimal,
}

fn nothing() -> Decimal {
    Decimal::new(0, 0)
}

impl OptionMargins {
    /// The margins of one kind, and its key.
    pub(crate) fn of(&self, margin: Margin) -> (Option<&OptionMargin>, &'static str) {
        match margin {
            Margin::Maintenance => (self.maintenance.as_ref(), "maintenance"),
            Margin::Initial => (self.initial.as_ref(), "initial"),
        }
    }
}
