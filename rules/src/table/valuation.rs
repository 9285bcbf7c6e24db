//! How the values of a row follow from a price.

use std::ops::Neg;

use num_bigint::BigInt;

/// How the values of a row follow from a price: in each scenario `price * 10^shift` times the
/// scenario's factor, rounded down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Valuation {
    /// Whose price; the number 1 where there is none.
    pub price: Option<String>,
    /// Digits of value in one unit of quantity.
    pub shift: u32,
    /// One per scenario of the rules; what a row is worth in a twin follows from that, not from a
    /// factor of its own. All 0 where the values follow from the row's role.
    pub factors: Vec<Factor>,
    /// The scenarios whose factors are of the underlying's price, where that is another: constraints
    /// with a delta, or with rates of the underlying.
    pub of_underlying: Vec<usize>,
}

/// A factor of the price, `numerator / 10^scale`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Factor {
    /// Negative for what the account owes.
    pub numerator: BigInt,
    /// Digits behind the point.
    pub scale: u32,
}

/// Which way an instrument counts.
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
