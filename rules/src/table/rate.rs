//! What the rates that follow a volatility come to.

use super::{Compiled, Role};
use crate::{
    decimal::Decimal,
    schema::{Margin, TableSchema, VolatilityRate},
    volatility::Volatility,
};

/// A rate that follows a volatility, at the volatilities of the prices.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CompiledRate {
    /// Its key in the rules, such as `assets.BTC.tiers[0].maintenance`.
    pub key: String,
    /// The asset or market whose rate it is.
    pub name: String,
    /// The asset whose volatility it follows.
    pub asset: String,
    /// The function, which says which volatilities count.
    pub rule: VolatilityRate,
    /// The volatility that counts: the largest of those that the rule takes.
    pub used: Volatility,
    /// The rate: what a position is margined with, or what is taken off a deposit's weight or put on
    /// a borrow's.
    pub rate: Decimal,
    /// What stands for it in the table: the margin rate, or the weight.
    pub value: Decimal,
}

impl Compiled {
    /// The rate behind the factor of a row in margin scenarios of a requirement, if it follows a
    /// volatility, and the asset whose volatility that is. `rules` are those that compiled to this;
    /// none of their tiers may end at a value, which leaves tiers out at some prices.
    pub fn followed<'a>(
        &'a self,
        rules: &'a TableSchema,
        role: Role,
        margin: Margin,
    ) -> Option<(&'a VolatilityRate, &'a str)> {
        let asset = |number: u16| self.assets.keys().nth(number.into());
        let market = |number: u16| self.markets.keys().nth(number.into());
        let (rate, asset) = match role {
            Role::Deposit { asset: number, tier } => {
                let name = asset(number)?;
                let rule = rules.rule_of(name)?;
                let rate = match &rule.tiers {
                    Some(tiers) => tiers.get(usize::from(tier))?.rate(margin),
                    None if margin == Margin::Maintenance => rule.maintenance.as_ref(),
                    None => rule.initial.as_ref(),
                };
                (rate?, name)
            }
            Role::Borrow { asset: number } => {
                let name = asset(number)?;
                (rules.rule_of(name)?.borrow_rate(margin)?, name)
            }
            Role::Long { market: number, tier } | Role::Short { market: number, tier } => {
                let rule = rules.markets.get(market(number)?)?;
                (rule.tiers.get(usize::from(tier))?.rate(margin)?, &rule.underlying)
            }
            _ => return None,
        };
        let rate = rate.following()?;
        Some((rate, rate.volatility.as_deref().unwrap_or(asset)))
    }
}
