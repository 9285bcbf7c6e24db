//! What the rates that follow a volatility come to.

use crate::{decimal::Decimal, volatility::Volatility};

/// A rate that follows a volatility, at the volatilities of the prices.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CompiledRate {
    /// Its key in the rules, such as `assets.BTC.tiers[0].maintenance`.
    pub key: String,
    /// The asset or market whose rate it is.
    pub name: String,
    /// The asset whose volatility it follows.
    pub asset: String,
    /// The volatility that counts: the largest of those that the rule takes.
    pub used: Volatility,
    /// The rate: what a position is margined with, or what is taken off a deposit's weight or put on
    /// a borrow's.
    pub rate: Decimal,
    /// What stands for it in the table: the margin rate, or the weight.
    pub value: Decimal,
}
