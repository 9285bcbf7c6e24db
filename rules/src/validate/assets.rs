//! Assets: named once, their numbers in range, and weights that fall as deposits grow.

use std::{collections::BTreeSet, iter};

use super::{
    range::{decimals_at, name_at},
    tiers::{bounds, check_rates},
};
use crate::{
    decimal::Decimal,
    error::{Problem, RulesError, refuse},
    schema::{AssetRule, Margin, TableSchema},
};

impl TableSchema {
    pub(super) fn check_assets(&self) -> Result<(), RulesError> {
        let mut names = BTreeSet::new();
        for (name, rule) in &self.assets {
            let key = format!("assets.{name}");
            name_at(&key, name)?;
            for (index, also) in rule.also.iter().enumerate() {
                name_at(&format!("{key}.also[{index}]"), also)?;
            }
            for asset in iter::once(name).chain(&rule.also) {
                if !names.insert(asset) {
                    return refuse(key, Problem::Twice(asset.clone()));
                }
            }
            self.check_asset(&key, rule)?;
        }
        let Some(rule) = &self.asset_default else { return Ok(()) };
        if !rule.also.is_empty() {
            let problem = Problem::Misplaced("the default is for all that is not listed");
            return refuse("asset_default.also", problem);
        }
        self.check_asset("asset_default", rule)
    }

    fn check_asset(&self, key: &str, rule: &AssetRule) -> Result<(), RulesError> {
        decimals_at(&format!("{key}.decimals"), rule.decimals, self.value_decimals)?;
        if rule.tiers.is_some() {
            for (field, flat) in [("maintenance", &rule.maintenance), ("initial", &rule.initial)] {
                if flat.is_some() {
                    let problem = Problem::Misplaced("the weights are in the tiers");
                    return refuse(format!("{key}.{field}"), problem);
                }
            }
        }
        for (field, weight) in [
            ("borrow_maintenance", &rule.borrow_maintenance),
            ("borrow_initial", &rule.borrow_initial),
        ] {
            let Some(weight) = weight else { continue };
            let key = format!("{key}.{field}");
            if !rule.borrow {
                return refuse(key, Problem::Misplaced("the asset cannot be borrowed"));
            }
            if let Some(value) = weight.fixed().filter(|weight| *weight < Decimal::from(1)) {
                return refuse(key, Problem::Range { value, range: "at least 1" });
            }
        }
        let tiers = rule.all_tiers();
        bounds(key, &tiers, rule.decimals)?;
        let path = |index| match rule.tiers {
            Some(_) => format!("{key}.tiers[{index}]"),
            None => key.to_owned(),
        };
        for margin in [Margin::Maintenance, Margin::Initial] {
            check_rates(path, &tiers, margin, self.needs(margin), |value, before| {
                convex(value, before)
            })?;
        }
        Ok(())
    }
}

/// A weight that rises with the size.
pub(crate) fn convex(value: Decimal, before: Decimal) -> Option<Problem> {
    (value > before).then_some(Problem::Convex { value, before })
}
