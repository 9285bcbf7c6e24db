//! Linear perpetuals.

use serde::Deserialize;

use super::asset::Tier;
use crate::decimal::Decimal;

/// A linear perpetual. Its position is a `long` or a `short`; the price it was entered at is a
/// `quote debit` or a `quote credit` of the account.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct MarketRule {
    /// The asset whose price and moves the market follows. If the prices have the market's own
    /// name, that is its price, and only the moves are the underlying's.
    pub underlying: String,
    /// Decimals of a quantity.
    pub decimals: u32,
    /// Margin rates by size of the position, at least one tier.
    pub tiers: Vec<Tier>,
    /// The asset of which `up_to_value` of the tiers is an amount; the quote currency if left out.
    /// A venue that margins in coins bounds the dollars of its contracts by coins.
    pub tiers_in: Option<String>,
    /// The open interest that initial rates rise with; they do not rise if left out.
    pub open_interest: Option<OpenInterestCaps>,
}

/// The values of a market's open interest, in the quote currency, between which its initial rates
/// rise from those of the tiers to 1.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct OpenInterestCaps {
    /// Up to this value, rates are those of the tiers.
    pub lower: Decimal,
    /// From this value on, rates are 1.
    pub upper: Decimal,
}
