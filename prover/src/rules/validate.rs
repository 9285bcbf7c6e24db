//! What a rules file has to satisfy before prices are known.

use std::{cmp::Ordering, collections::BTreeMap, iter};

use pacioli_circuits::Quantity;

use super::{
    error::{Problem, RulesError, refuse},
    file::{
        AssetRule, BadDebtLimit, Kind, Margin, MarginTier, MarketRule, PerAsset, Policy, Rules,
        Scenario,
    },
    names::check_name,
};
use crate::decimal::Decimal;

/// Most decimals of a value or a quantity: the digits of a [`Decimal`].
const MAX_DECIMALS: u32 = 38;

impl Rules {
    /// Reads and checks a rules file.
    ///
    /// # Errors
    /// Where the text is not exactly of the form in this module's description, or
    /// [`Rules::check`] fails.
    pub fn parse(toml: &str) -> Result<Self, RulesError> {
        let rules: Self = toml::from_str(toml)?;
        rules.check()?;
        Ok(rules)
    }

    /// Checks everything that needs no prices.
    ///
    /// # Errors
    /// The first [`Problem`] with the key it stands at.
    pub fn check(&self) -> Result<(), RulesError> {
        name_at("quote", &self.quote)?;
        if self.value_decimals > MAX_DECIMALS {
            let problem = Problem::Range { value: whole(self.value_decimals), range: "at most 38" };
            return refuse("value_decimals", problem);
        }
        decimals_at("quote_decimals", self.quote_decimals(), self.value_decimals)?;
        self.check_scenarios()?;
        self.check_assets()?;
        for (name, market) in &self.markets {
            let key = format!("markets.{name}");
            name_at(&key, name)?;
            name_at(&format!("{key}.underlying"), &market.underlying)?;
            decimals_at(&format!("{key}.decimals"), market.decimals, self.value_decimals)?;
            self.check_market(&key, market)?;
        }
        self.check_policy()
    }

    /// Digits of `quote credit` and `quote debit`.
    pub fn quote_decimals(&self) -> u32 {
        self.quote_decimals.unwrap_or(self.value_decimals)
    }

    /// Every asset with a rule of its own: the rule's key and the rule.
    pub(super) fn listed_assets(&self) -> BTreeMap<&str, (String, &AssetRule)> {
        let mut listed = BTreeMap::new();
        for (name, rule) in &self.assets {
            for asset in iter::once(name).chain(&rule.also) {
                listed.insert(asset.as_str(), (format!("assets.{name}"), rule));
            }
        }
        listed
    }

    fn check_scenarios(&self) -> Result<(), RulesError> {
        for (index, scenario) in self.scenarios.iter().enumerate() {
            let key = format!("scenarios[{index}]");
            name_at(&format!("{key}.name"), &scenario.name)?;
            let mark = (scenario.kind == Kind::Mark, scenario.name == "mark");
            if mark != (index == 0, index == 0) {
                return refuse(key, Problem::MarkFirst);
            }
            if self.scenarios[..index].iter().any(|before| before.name == scenario.name) {
                return refuse(format!("{key}.name"), Problem::Twice(scenario.name.clone()));
            }
            self.check_scenario(&key, scenario)?;
        }
        if self.scenarios.is_empty() {
            return refuse("scenarios", Problem::MarkFirst);
        }
        Ok(())
    }

    fn check_scenario(&self, key: &str, scenario: &Scenario) -> Result<(), RulesError> {
        let margin = format!("{key}.margin");
        match (scenario.kind, scenario.margin) {
            (Kind::Margin, None) => {
                return refuse(margin, Problem::Missing("\"maintenance\" or \"initial\""));
            }
            (Kind::Mark | Kind::Stress, Some(_)) => {
                return refuse(margin, Problem::Misplaced("only a margin scenario has it"));
            }
            _ => {}
        }
        let default_move = format!("{key}.default_move");
        if scenario.kind != Kind::Stress {
            let problem = Problem::Misplaced("only a stress scenario has it");
            if scenario.default_move.is_some() {
                return refuse(default_move, problem);
            }
            if !scenario.moves.is_empty() {
                return refuse(format!("{key}.moves"), problem);
            }
            return Ok(());
        }
        let Some(value) = scenario.default_move else {
            return refuse(default_move, Problem::Missing("the move of what `moves` leaves out"));
        };
        move_at(default_move, value)?;
        let listed = self.listed_assets();
        for (asset, &value) in &scenario.moves {
            let key = format!("{key}.moves.{asset}");
            name_at(&key, asset)?;
            if *asset == self.quote {
                return refuse(key, Problem::Misplaced("the quote currency does not move"));
            }
            let underlying = self.markets.values().any(|market| market.underlying == *asset);
            if self.asset_default.is_none() && !underlying && !listed.contains_key(asset.as_str()) {
                return refuse(key, Problem::Unknown { what: "asset", name: asset.clone() });
            }
            move_at(key, value)?;
        }
        Ok(())
    }

    fn check_assets(&self) -> Result<(), RulesError> {
        let mut names = Vec::new();
        for (name, rule) in &self.assets {
            let key = format!("assets.{name}");
            name_at(&key, name)?;
            for (index, also) in rule.also.iter().enumerate() {
                name_at(&format!("{key}.also[{index}]"), also)?;
            }
            for asset in iter::once(name).chain(&rule.also) {
                if names.contains(&asset) {
                    return refuse(key, Problem::Twice(asset.clone()));
                }
                names.push(asset);
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
            for (field, flat) in [("maintenance", rule.maintenance), ("initial", rule.initial)] {
                if flat.is_some() {
                    let problem = Problem::Misplaced("the weights stand in the tiers");
                    return refuse(format!("{key}.{field}"), problem);
                }
            }
        }
        for (field, weight) in [
            ("borrow_maintenance", rule.borrow_maintenance),
            ("borrow_initial", rule.borrow_initial),
        ] {
            let Some(value) = weight else { continue };
            let key = format!("{key}.{field}");
            if !rule.borrow {
                return refuse(key, Problem::Misplaced("the asset cannot be borrowed"));
            }
            if compare(value, whole(1)).is_lt() {
                return refuse(key, Problem::Range { value, range: "at least 1" });
            }
        }
        let (tiers, path) = match &rule.tiers {
            Some(tiers) => (tiers.iter().map(|t| t.up_to).collect(), tier_path(key)),
            None => (vec![None], Box::new(|_| key.to_owned()) as Path<'_>),
        };
        check_bounds(key, &tiers, rule.decimals)?;
        for margin in [Margin::Maintenance, Margin::Initial] {
            let weights = rule.weights(margin);
            let needed = self.needs(margin);
            check_rates(&path, margin, &weights, needed, |value, before| {
                compare(value, before).is_gt().then_some(Problem::Convex { value, before })
            })?;
        }
        Ok(())
    }

    fn check_market(&self, key: &str, market: &MarketRule) -> Result<(), RulesError> {
        let bounds: Vec<_> = market.tiers.iter().map(|tier| tier.up_to).collect();
        check_bounds(key, &bounds, market.decimals)?;
        for margin in [Margin::Maintenance, Margin::Initial] {
            let rates = market.rates(margin);
            let needed = self.needs(margin);
            check_rates(&tier_path(key), margin, &rates, needed, |value, before| {
                compare(value, before).is_lt().then_some(Problem::Concave { value, before })
            })?;
        }
        Ok(())
    }

    fn needs(&self, margin: Margin) -> bool {
        self.scenarios.iter().any(|scenario| scenario.margin == Some(margin))
    }

    fn check_policy(&self) -> Result<(), RulesError> {
        let policy = &self.policy;
        if *policy == Policy::default() {
            return refuse("policy", Problem::Missing("something that must hold"));
        }
        if let Some(value) = policy.min_coverage.filter(Decimal::is_negative) {
            return refuse("policy.min_coverage", Problem::Range { value, range: "at least 0" });
        }
        if let Some(PerAsset::Only(assets)) = &policy.per_asset {
            let listed = self.listed_assets();
            for (index, asset) in assets.iter().enumerate() {
                let key = format!("policy.per_asset[{index}]");
                name_at(&key, asset)?;
                if self.asset_default.is_none() && !listed.contains_key(asset.as_str()) {
                    return refuse(key, Problem::Unknown { what: "asset", name: asset.clone() });
                }
                if assets[..index].contains(asset) {
                    return refuse(key, Problem::Twice(asset.clone()));
                }
            }
        }
        for (name, limit) in &policy.bad_debt {
            let key = format!("policy.bad_debt.{name}");
            if !self.scenarios.iter().any(|scenario| scenario.name == *name) {
                return refuse(key, Problem::Unknown { what: "scenario", name: name.clone() });
            }
            match *limit {
                BadDebtLimit::Amount(value) if value.is_negative() => {
                    return refuse(key, Problem::Range { value, range: "at least 0" });
                }
                _ => {}
            }
        }
        Ok(())
    }
}

impl AssetRule {
    /// The weights of a deposit by tier.
    pub(super) fn weights(&self, margin: Margin) -> Vec<Option<Decimal>> {
        let pick = |maintenance, initial| match margin {
            Margin::Maintenance => maintenance,
            Margin::Initial => initial,
        };
        match &self.tiers {
            Some(tiers) => tiers.iter().map(|tier| pick(tier.maintenance, tier.initial)).collect(),
            None => vec![pick(self.maintenance, self.initial)],
        }
    }
}

impl MarketRule {
    /// The margin rates of a position by tier.
    pub(super) fn rates(&self, margin: Margin) -> Vec<Option<Decimal>> {
        let rate = |tier: &MarginTier| match margin {
            Margin::Maintenance => tier.maintenance,
            Margin::Initial => tier.initial,
        };
        self.tiers.iter().map(rate).collect()
    }
}

/// Orders two decimals by value.
fn compare(a: Decimal, b: Decimal) -> Ordering {
    let scale = a.scale().max(b.scale());
    a.floor_units(scale).0.cmp(&b.floor_units(scale).0)
}

fn whole(number: u32) -> Decimal {
    Decimal::new(number.into(), 0)
}

fn name_at(key: &str, name: &str) -> Result<(), RulesError> {
    check_name(name).or_else(|error| refuse(key, error.into()))
}

fn decimals_at(key: &str, decimals: u32, value_decimals: u32) -> Result<(), RulesError> {
    if decimals > value_decimals {
        return refuse(key, Problem::Decimals { decimals, value_decimals });
    }
    Ok(())
}

fn move_at(key: String, value: Decimal) -> Result<(), RulesError> {
    if compare(value, Decimal::new(-1, 0)).is_lt() {
        return refuse(key, Problem::Range { value, range: "at least -1" });
    }
    Ok(())
}

/// The key of tier `index`.
type Path<'a> = Box<dyn Fn(usize) -> String + 'a>;

fn tier_path(key: &str) -> Path<'_> {
    Box::new(move |index| format!("{key}.tiers[{index}]"))
}

/// Bounds grow, the last tier alone has none, and each tier is a whole number of units in
/// `[1, 2^90)`.
fn check_bounds(key: &str, bounds: &[Option<Decimal>], decimals: u32) -> Result<(), RulesError> {
    let Some(last) = bounds.len().checked_sub(1) else {
        return refuse(format!("{key}.tiers"), Problem::Missing("at least one tier"));
    };
    tier_caps(key, &bounds[..last], decimals)?;
    if bounds[last].is_some() {
        let problem = Problem::Misplaced("the last tier has no end");
        return refuse(format!("{key}.tiers[{last}].up_to"), problem);
    }
    Ok(())
}

/// The caps of all tiers but the last, in units of `10^-decimals`.
pub(super) fn tier_caps(
    key: &str,
    bounds: &[Option<Decimal>],
    decimals: u32,
) -> Result<Vec<Quantity>, RulesError> {
    let mut before = whole(0);
    let mut caps = Vec::with_capacity(bounds.len());
    for (index, bound) in bounds.iter().enumerate() {
        let key = format!("{key}.tiers[{index}].up_to");
        let Some(value) = *bound else {
            return refuse(key, Problem::Missing("only the last tier has no end"));
        };
        if compare(value, before).is_le() {
            return refuse(key, Problem::Bounds { value, before });
        }
        let Some(units) = value.exact_units(decimals) else {
            return refuse(key, Problem::BoundDigits { value, decimals });
        };
        let size = units - before.floor_units(decimals).0;
        let cap = u128::try_from(&size).ok().and_then(Quantity::new);
        let Some(cap) = cap else {
            return refuse(key, Problem::CapBound { units: size.to_string(), decimals });
        };
        caps.push(cap);
        before = value;
    }
    Ok(caps)
}

/// Rates are there where `needed`, in `[0, 1]`, and in the right order.
fn check_rates(
    path: &Path<'_>,
    margin: Margin,
    rates: &[Option<Decimal>],
    needed: bool,
    order: impl Fn(Decimal, Decimal) -> Option<Problem>,
) -> Result<(), RulesError> {
    let field = match margin {
        Margin::Maintenance => "maintenance",
        Margin::Initial => "initial",
    };
    let mut before = None;
    for (index, rate) in rates.iter().enumerate() {
        let key = format!("{}.{field}", path(index));
        let Some(value) = *rate else {
            if needed {
                return refuse(key, Problem::Missing("a margin scenario needs it"));
            }
            continue;
        };
        if value.is_negative() || compare(value, whole(1)).is_gt() {
            return refuse(key, Problem::Range { value, range: "between 0 and 1" });
        }
        if let Some(problem) = before.and_then(|before| order(value, before)) {
            return refuse(key, problem);
        }
        before = Some(value);
    }
    Ok(())
}
