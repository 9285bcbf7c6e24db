//! What an attestation says was left out of the book or rounded.

use pacioli_rules::Amount;
use serde::{Deserialize, Serialize};

/// An asset that was left out of the book because it has no price.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct AssetLeftOut {
    /// The asset.
    pub asset: String,
    /// How many lines held it.
    pub lines: u64,
    /// How many accounts held it.
    pub accounts: u64,
    /// The sum of its deposits.
    pub deposits: Amount,
    /// The sum of its borrows.
    pub borrows: Amount,
}

/// How much rounding can have changed, always in the customers' favour.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Rounding {
    /// How many holdings were rounded.
    pub lines: u64,
    /// The same by instrument.
    pub instruments: Vec<RoundedInstrument>,
    /// The sum of all roundings is below this much of the quote currency at mark, or 0.
    pub bound: Amount,
}

/// How much rounding can have changed one instrument.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct RoundedInstrument {
    /// The instrument as the snapshot names it.
    pub instrument: String,
    /// How many holdings were rounded.
    pub lines: u64,
    /// The sum of their roundings is below this much: one unit for each.
    pub bound: Amount,
}
