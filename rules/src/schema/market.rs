//! Linear perpetuals.

use serde::Deserialize;

use super::asset::Tier;
use crate::decimal::Decimal;

/// A linear perpetual. Its position is a `long` or a `short`; the price it was entered at is a
/// `quote debit` or a `quote credit` of the account.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct MarketRule {
    /// The asset whose price and moves the market follows. Where the prices hold the market's own
    /// name, that is its price, and only the moves are the underlying's.
    pub underlying: String,
    /// Digits of a quantity.
    pub decimals: u32,
    /// Margin rates by size of the position, at least one tier.
    pub tiers: Vec<Tier>,
    /// Where initial rates rise with the market's open interest; they do not where left out.
    pub open_interest: Option<OpenInterestCaps>,
}

/// Between which values of a market's open interest, in the quote currency, its initial rates rise
/// from those of the tiers to 1.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct OpenInterestCaps {
    /// Up to this, rates are those of the tiers.
    pub lower: Decimal,
    /// From this on, rates are 1.
    pub upper: Decimal,
}
