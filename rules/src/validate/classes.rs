//! Classes: what own accounts may hold.

use super::range::name_at;
use crate::{
    error::{Problem, RulesError, refuse},
    schema::{Class, TableSchema},
};

impl TableSchema {
    pub(super) fn check_classes(&self) -> Result<(), RulesError> {
        for (&class, rule) in &self.classes {
            let key = format!("classes.{class}");
            if class == Class::Customer {
                return refuse(key, Problem::Misplaced("customers may hold everything"));
            }
            let [assets, markets] = [&rule.assets, &rule.markets];
            let (all_assets, all_markets) =
                (self.asset_names().collect::<Vec<_>>(), self.market_names().collect::<Vec<_>>());
            let is_asset = |name: &str| self.has_asset(name);
            check_list(&key, "asset", assets.as_deref(), &all_assets, is_asset)?;
            let is_market = |name: &str| self.has_market(name);
            check_list(&key, "market", markets.as_deref(), &all_markets, is_market)?;
        }
        Ok(())
    }
}

/// The names of a list exist, and each is listed once.
fn check_list(
    key: &str,
    what: &'static str,
    names: Option<&[String]>,
    all: &[&str],
    is_known: impl Fn(&str) -> bool,
) -> Result<(), RulesError> {
    let names = names.unwrap_or_default();
    for (index, name) in names.iter().enumerate() {
        let key = format!("{key}.{what}s[{index}]");
        name_at(&key, name)?;
        if !is_known(name) {
            return refuse(key, Problem::unknown(what, name, all.iter().copied()));
        }
        if names[..index].contains(name) {
            return refuse(key, Problem::Twice(name.clone()));
        }
    }
    Ok(())
}
