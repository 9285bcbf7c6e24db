//! Assets and markets: what may be held, and what it counts for.

use std::{
    collections::{BTreeMap, BTreeSet},
    iter,
};

use super::{Changes, Effect, keys, rates::in_values};
use crate::{
    decimal::Decimal,
    rules::Rules,
    schema::{AssetRule, MarketRule, OpenInterestCaps, Rate},
};

/// Every asset with a rule of its own.
fn listed(rules: &Rules) -> BTreeMap<&str, &AssetRule> {
    let rules = rules.assets.iter();
    rules.flat_map(|(name, rule)| names(name, rule).map(move |asset| (asset, rule))).collect()
}

fn names<'a>(name: &'a str, rule: &'a AssetRule) -> impl Iterator<Item = &'a str> {
    iter::once(name).chain(rule.also.iter().map(String::as_str))
}

/// The rule that applies to an asset.
pub(super) fn rule_of<'a>(rules: &'a Rules, asset: &str) -> Option<&'a AssetRule> {
    let mut all = rules.assets.iter();
    let own = all.find(|(name, rule)| names(name, rule).any(|name| name == asset));
    own.map(|(_, rule)| rule).or(rules.asset_default.as_ref())
}

impl Changes {
    /// Assets by name, and the rule for all others.
    pub(super) fn assets(&mut self, before: &Rules, after: &Rules) {
        let others = "assets without a rule of their own";
        match (&before.asset_default, &after.asset_default) {
            (None, None) => {}
            (None, Some(_)) => self.push(others, "may now be held", Effect::Looser),
            (Some(_), None) => self.push(others, "may no longer be held", Effect::Stricter),
            (Some(old), Some(new)) => self.asset(others, old, new),
        }
        let [old, new] = [before, after].map(listed);
        for asset in keys(&old, &new) {
            match (rule_of(before, asset), rule_of(after, asset)) {
                (Some(from), Some(to)) => {
                    if !old.contains_key(asset) {
                        self.neither(asset, "now has a rule of its own");
                    }
                    if !new.contains_key(asset) {
                        self.neither(asset, "no longer has a rule of its own");
                    }
                    self.asset(asset, from, to);
                }
                (None, _) => self.push(asset, "may now be held", Effect::Looser),
                (_, None) => self.push(asset, "may no longer be held", Effect::Stricter),
            }
        }
        for name in keys(&before.assets, &after.assets) {
            let also = |rules: &Rules| -> Option<BTreeSet<String>> {
                Some(rules.assets.get(name)?.also.iter().cloned().collect())
            };
            if let (Some(old), Some(new)) = (also(before), also(after))
                && old != new
            {
                let said = |also: &BTreeSet<String>| match also.is_empty() {
                    true => "nothing".to_owned(),
                    false => also.iter().cloned().collect::<Vec<_>>().join(", "),
                };
                let text = format!(
                    "the rule, which also held for {}, now also holds for {}",
                    said(&old),
                    said(&new)
                );
                self.neither(name, text);
            }
        }
    }

    fn asset(&mut self, asset: &str, before: &AssetRule, after: &AssetRule) {
        let AssetRule {
            also: _, // compared by rule, above
            decimals,
            shocked,
            maintenance: _, // in the tiers
            initial: _,
            tiers: _,
            borrow,
            borrow_maintenance,
            borrow_initial,
        } = before;
        self.decimals(asset, *decimals, after.decimals);
        let words = ["default moves no longer apply", "default moves now apply"];
        self.switch(asset, words, *shocked, after.shocked, Effect::Stricter);
        let [old, new] = [before, after].map(AssetRule::all_tiers);
        self.tiers(asset, "weight of deposits", &old, &new, Effect::Looser);
        let words = ["can no longer be borrowed", "can now be borrowed"];
        self.switch(asset, words, *borrow, after.borrow, Effect::Looser);
        if *borrow && after.borrow {
            for (what, old, new) in [
                ("maintenance weight of borrows", borrow_maintenance, &after.borrow_maintenance),
                ("initial weight of borrows", borrow_initial, &after.borrow_initial),
            ] {
                let one = || Rate::Fixed(Decimal::new(1, 0));
                let [old, new] = [old, new].map(|weight| weight.clone().unwrap_or_else(one));
                self.rate(asset, what, Some(&old), Some(&new), Effect::Stricter);
            }
        }
    }

    /// Markets by name.
    pub(super) fn markets(&mut self, before: &Rules, after: &Rules) {
        for market in keys(&before.markets, &after.markets) {
            match (before.markets.get(market), after.markets.get(market)) {
                (Some(from), Some(to)) => self.market(market, from, to),
                (None, _) => self.push(market, "is a new market", Effect::Looser),
                (_, None) => self.push(market, "is no longer a market", Effect::Stricter),
            }
        }
    }

    fn market(&mut self, market: &str, before: &MarketRule, after: &MarketRule) {
        let MarketRule { underlying, decimals, tiers, tiers_in, open_interest } = before;
        if *underlying != after.underlying {
            let text = format!("follows {} instead of {underlying}", after.underlying);
            self.neither(market, text);
        }
        self.decimals(market, *decimals, after.decimals);
        let what = "margin of positions";
        if *tiers_in == after.tiers_in {
            self.tiers(market, what, tiers, &after.tiers, Effect::Stricter);
        } else {
            let ends = |rule: &MarketRule| match (&rule.tiers_in, in_values(&rule.tiers)) {
                (Some(asset), _) => format!("amounts of {asset}"),
                (None, Some(true)) => "values".to_owned(),
                (None, _) => "quantities".to_owned(),
            };
            let [old, new] = [before, after].map(ends);
            self.other_bounds(market, what, [tiers, &after.tiers], [&old, &new]);
        }
        self.open_interest(market, *open_interest, after.open_interest);
    }

    /// Between which values of open interest initial margins rise to all.
    fn open_interest(
        &mut self,
        market: &str,
        before: Option<OpenInterestCaps>,
        after: Option<OpenInterestCaps>,
    ) {
        match (before, after) {
            (None, None) => {}
            (None, Some(OpenInterestCaps { lower, upper })) => {
                let text =
                    format!("initial margin now rises with open interest, from {lower} to {upper}");
                self.push(market, text, Effect::Stricter);
            }
            (Some(_), None) => {
                let text = "initial margin no longer rises with open interest";
                self.push(market, text, Effect::Looser);
            }
            (Some(OpenInterestCaps { lower, upper }), Some(after)) => {
                for (what, old, new) in [
                    (
                        "the open interest up to which initial margin is as in the tiers",
                        lower,
                        after.lower,
                    ),
                    ("the open interest from which initial margin is all", upper, after.upper),
                ] {
                    self.number(market, what, Some(old), Some(new), Effect::Looser);
                }
            }
        }
    }

    pub(super) fn decimals(&mut self, subject: &str, before: u32, after: u32) {
        if before != after {
            let text = format!("decimals of a quantity change from {before} to {after}");
            self.neither(subject, text);
        }
    }
}
