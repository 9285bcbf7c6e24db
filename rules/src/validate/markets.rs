//! Markets: their numbers in range, and margins that rise as positions and open interest grow.

use super::{
    range::{decimals_at, name_at},
    tiers::{Bounds, bounds, check_rates},
};
use crate::{
    decimal::Decimal,
    error::{Problem, RulesError, refuse},
    schema::{Margin, MarketRule, OpenInterestCaps, TableSchema},
};

impl TableSchema {
    /// Checks every market.
    pub(super) fn check_markets(&self) -> Result<(), RulesError> {
        let assets = self.listed_assets();
        for (name, market) in &self.markets {
            let key = format!("markets.{name}");
            name_at(&key, name)?;
            let underlying = format!("{key}.underlying");
            name_at(&underlying, &market.underlying)?;
            // A price of the market's own would be the asset's.
            let is_asset = *name == self.quote || assets.contains_key(name.as_str());
            if is_asset && market.underlying != *name {
                let problem = Problem::Misplaced("an asset has the market's name, and its price");
                return refuse(underlying, problem);
            }
            decimals_at(&format!("{key}.decimals"), market.decimals, self.value_decimals)?;
            self.check_market(&key, market)?;
        }
        Ok(())
    }

    fn check_market(&self, key: &str, market: &MarketRule) -> Result<(), RulesError> {
        let ends = bounds(key, &market.tiers, market.decimals)?;
        if let Some(asset) = &market.tiers_in {
            let key = format!("{key}.tiers_in");
            name_at(&key, asset)?;
            if matches!(ends, Bounds::Quantities(_)) {
                return refuse(key, Problem::Misplaced("no tier ends at a value"));
            }
        }
        let path = |index| format!("{key}.tiers[{index}]");
        for margin in [Margin::Maintenance, Margin::Initial] {
            check_rates(path, &market.tiers, margin, self.needs(margin), |value, before| {
                concave(value, before)
            })?;
        }
        let Some(caps) = &market.open_interest else { return Ok(()) };
        if let Some(index) = market.tiers.iter().position(|tier| tier.initial.is_none()) {
            let problem = Problem::Missing("open interest scales it");
            return refuse(format!("{}.initial", path(index)), problem);
        }
        check_caps(&format!("{key}.open_interest"), caps)
    }
}

/// A margin that falls with the size.
pub(crate) fn concave(value: Decimal, before: Decimal) -> Option<Problem> {
    (value < before).then_some(Problem::Concave { value, before })
}

/// The caps are at least 0, and the upper one is above the lower.
fn check_caps(key: &str, caps: &OpenInterestCaps) -> Result<(), RulesError> {
    let OpenInterestCaps { lower, upper } = *caps;
    if lower.is_negative() {
        let problem = Problem::Range { value: lower, range: "at least 0" };
        return refuse(format!("{key}.lower"), problem);
    }
    if upper <= lower {
        return refuse(format!("{key}.upper"), Problem::Caps { lower, upper });
    }
    Ok(())
}
