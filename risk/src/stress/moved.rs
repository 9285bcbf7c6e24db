//! The prices after a scenario's moves: those of a prices file of that moment. Accounts below their
//! margin are then the same as in a proof with that file.
//!
//! A product may have more decimals than the rules' quantities leave room for, which a prices file
//! must not; it is truncated. An account's margin changes by less than a unit of value for each unit
//! of quantity.

use std::collections::BTreeMap;

use num_bigint::BigInt;
use pacioli_rules::{AssetRule, Decimal, Prices, Scenario};

use super::{book::StressBook, error::StressError};

/// No move.
const NOTHING: Decimal = Decimal::new(0, 0);

/// Decimals of a moved volatility: the most that a number has.
const MOST_DECIMALS: u32 = 38;

impl StressBook {
    /// The prices, forwards and volatilities after the moves; rates stay.
    pub(super) fn moved_prices(&self, scenario: &Scenario) -> Result<Prices, StressError> {
        let rules: BTreeMap<&str, &AssetRule> = self
            .rules
            .assets
            .iter()
            .flat_map(|(name, rule)| {
                [name].into_iter().chain(&rule.also).map(move |n| (&**n, rule))
            })
            .collect();
        let by = |asset: &str| {
            let rule = rules.get(asset).copied().or(self.rules.asset_default.as_ref());
            let shocked = rule.is_none_or(|rule| rule.shocked) && asset != self.rules.quote;
            let default = scenario.default_move.filter(|_| shocked);
            scenario.moves.get(asset).copied().or(default).unwrap_or(NOTHING)
        };
        let price_decimals = self.price_decimals();
        let too_long = |asset: &str| StressError::MovedPrice {
            asset: asset.to_owned(),
            scenario: scenario.name.clone(),
        };
        let moved = |asset: &str, price: Decimal, by: Decimal| {
            let decimals = price_decimals.get(asset).copied().unwrap_or(self.rules.value_decimals);
            moved_by(price, by, decimals).ok_or_else(|| too_long(asset))
        };
        let mut prices = self.prices.clone();
        for (name, price) in &mut prices.prices {
            // A market with an asset's name follows that asset.
            let market = self.rules.markets.get(name);
            *price = moved(name, *price, by(market.map_or(name, |market| &market.underlying)))?;
        }
        for (underlying, surface) in &mut prices.vols {
            for smile in surface.expiries.values_mut() {
                if let Some(forward) = &mut smile.forward {
                    *forward = moved(underlying, *forward, by(underlying))?;
                }
                // Interpolation is linear in the strike and, squared, in time: volatilities in between
                // move likewise.
                for vol in smile.strikes.values_mut() {
                    let by = scenario.vol_move.unwrap_or(NOTHING);
                    *vol = moved_by(*vol, by, MOST_DECIMALS).ok_or_else(|| too_long(underlying))?;
                }
            }
        }
        Ok(prices)
    }

    /// The most decimals of a price, by asset or market.
    fn price_decimals(&self) -> BTreeMap<&str, u32> {
        let assets = self.compiled.assets.iter().map(|(name, rows)| (name.as_str(), rows.decimals));
        let markets = self.rules.markets.iter().map(|(name, market)| {
            let own = self.prices.get(name).is_some();
            (if own { name } else { &market.underlying }.as_str(), market.decimals)
        });
        let mut most_decimals = BTreeMap::new();
        for (name, decimals) in assets.chain(markets) {
            let room = self.rules.value_decimals - decimals;
            let most = most_decimals.entry(name).or_insert(room);
            *most = room.min(*most);
        }
        most_decimals
    }
}

/// The price times 1 plus the move, truncated to `decimals`; `None` if it does not fit a
/// [`Decimal`].
fn moved_by(price: Decimal, by: Decimal, decimals: u32) -> Option<Decimal> {
    if by.mantissa() == 0 {
        return Some(price);
    }
    let product = price.mantissa() * (BigInt::from(10).pow(by.scale()) + by.mantissa());
    let scale = price.scale() + by.scale();
    let cut = scale.saturating_sub(decimals);
    let mantissa = i128::try_from(product / BigInt::from(10).pow(cut)).ok()?;
    Some(Decimal::new(mantissa, scale - cut))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_price_is_moved_exactly_or_cut() {
        let moved = |price: &str, by: &str, digits| {
            let [price, by] = [price, by].map(|text| text.parse().unwrap());
            moved_by(price, by, digits).map(|price| price.to_string())
        };
        assert_eq!(moved("16916.02", "-0.526", 8).unwrap(), "8018.19348");
        assert_eq!(moved("16916.02", "-0.526", 4).unwrap(), "8018.1934");
        assert_eq!(moved("3", "-1", 0).unwrap(), "0");
        assert_eq!(moved("1.50", "0", 0).unwrap(), "1.50", "what does not move is left as it is");
        assert_eq!(moved("1.5", "9.407", 16).unwrap(), "15.6105");
        let most = "9".repeat(38);
        assert_eq!(moved(&most, "9", 8), None);
    }
}
