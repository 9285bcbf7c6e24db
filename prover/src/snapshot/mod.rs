//! A book as read: who holds how much of what, before rules and prices.

use std::fmt;

use crate::decimal::Decimal;

/// A book as read: who holds how much of what.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Snapshot {
    /// The accounts in the order of the file.
    pub accounts: Vec<Holder>,
    /// The distinct instruments that the accounts hold, as written or derived: `deposit BTC`,
    /// `borrow USDC`, `long ETH-PERP`, `short ETH-PERP`, `quote credit`, `quote debit`.
    pub instruments: Vec<String>,
}

/// One account and what it holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holder {
    /// The account's name at the venue.
    pub id: String,
    /// What it holds.
    pub holdings: Vec<Holding>,
}

/// One holding of an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Holding {
    /// The instrument, as an index into [`Snapshot::instruments`].
    pub instrument: u32,
    /// How much of it, never negative.
    pub quantity: Decimal,
    /// Where that stands in the file.
    pub place: Place,
}

/// A place in a file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// The line, from 1.
    pub line: u64,
    /// The column, from 1.
    pub column: u32,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, column {}", self.line, self.column)
    }
}
