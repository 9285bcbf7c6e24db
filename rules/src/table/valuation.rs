//! The price and factors that the values of a row follow from.

use std::ops::Neg;

use num_bigint::BigInt;
use pacioli_circuits::ScenarioId;

/// The valuation of a row: its value is in each scenario `price * 10^shift` times the
/// scenario's factor, rounded down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Valuation {
    /// The asset or market whose price is used; `None` means a constant price of 1.
    pub price: Option<String>,
    /// Decimals of value in one unit of quantity.
    pub shift: u32,
    /// One per scenario of the rules; the value in a twin follows from the stress's, not from a
    /// factor of its own. All 0 if the values follow from the row's role.
    pub factors: Vec<Factor>,
    /// The scenarios whose factors apply to the underlying's price, if that is another price:
    /// constraints with a delta, or with rates of the underlying.
    pub of_underlying: Vec<ScenarioId>,
}

/// A factor of the price, `numerator / 10^scale`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Factor {
    /// Negative for what the account owes.
    pub numerator: BigInt,
    /// Its decimals.
    pub scale: u32,
}

/// The side of an instrument.
#[derive(Clone, Copy)]
pub(crate) enum Sign {
    /// The venue owes it to the account.
    Asset,
    /// The account owes it to the venue.
    Liability,
}

impl Sign {
    /// A number that counts this way.
    pub(crate) fn of<N: Neg<Output = N>>(self, number: N) -> N {
        match self {
            Self::Asset => number,
            Self::Liability => -number,
        }
    }
}
