//! What a rules file has to satisfy before prices are known.

use std::{
    cmp::Ordering,
    collections::{BTreeMap, BTreeSet},
    iter,
};

use jiff::civil::Date;
use pacioli_circuits::MAX_SCENARIOS;

use super::{
    class::Class,
    error::{Problem, RulesError, refuse},
    file::{AssetRule, Margin, MarketRule, Rules},
    names::check_name,
    tiers::{bounds, check_rates},
};
use crate::decimal::Decimal;

/// Most decimals of a value or a quantity: the digits of a [`Decimal`].
const MAX_DECIMALS: u32 = 38;

impl Rules {
    /// Reads and checks a rules file.
    ///
    /// # Errors
    /// Where the text is not exactly of the form in this module's description, there are more
    /// scenarios than a circuit has, twins included, or [`Rules::check`] fails.
    pub fn parse(toml: &str) -> Result<Self, RulesError> {
        let rules: Self = toml::from_str(toml)?;
        // A table of more scenarios is in no attestation, and takes long to compute.
        let (got, most) = (rules.scenarios.len(), MAX_SCENARIOS);
        if got > most {
            return refuse("scenarios", Problem::TooManyScenarios { got, most });
        }
        rules.check()?;
        let twins = rules.twins().len();
        if got + twins > most {
            return refuse("scenarios", Problem::TooManyTwins { scenarios: got, twins, most });
        }
        Ok(rules)
    }

    /// Checks everything that needs no prices.
    ///
    /// # Errors
    /// The first [`Problem`] with the key it stands at.
    pub fn check(&self) -> Result<(), RulesError> {
        for (key, text) in
            [("name", &self.name), ("source", &self.source), ("exactness", &self.exactness)]
        {
            if text.trim().is_empty() {
                return refuse(key, Problem::Missing("rules say what they are"));
            }
        }
        if !self.date.parse().is_ok_and(|date: Date| date.to_string() == self.date) {
            return refuse("date", Problem::Date(self.date.clone()));
        }
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
        self.check_classes()?;
        self.check_options()?;
        self.check_contingencies()?;
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

    /// The rule for an asset. Looked for without a map of them all: one name after another is asked
    /// for, of lists as long as the publisher likes.
    pub(super) fn rule_of(&self, asset: &str) -> Option<&AssetRule> {
        let is_also = |rule: &&AssetRule| rule.also.iter().any(|also| also == asset);
        let own = self.assets.get(asset).or_else(|| self.assets.values().find(is_also));
        own.or(self.asset_default.as_ref())
    }

    fn check_assets(&self) -> Result<(), RulesError> {
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
        let tiers = rule.all_tiers();
        bounds(key, &tiers, rule.decimals)?;
        let path = |index| match rule.tiers {
            Some(_) => format!("{key}.tiers[{index}]"),
            None => key.to_owned(),
        };
        for margin in [Margin::Maintenance, Margin::Initial] {
            check_rates(path, &tiers, margin, self.needs(margin), |value, before| {
                compare(value, before).is_gt().then_some(Problem::Convex { value, before })
            })?;
        }
        Ok(())
    }

    fn check_market(&self, key: &str, market: &MarketRule) -> Result<(), RulesError> {
        bounds(key, &market.tiers, market.decimals)?;
        let path = |index| format!("{key}.tiers[{index}]");
        for margin in [Margin::Maintenance, Margin::Initial] {
            check_rates(path, &market.tiers, margin, self.needs(margin), |value, before| {
                compare(value, before).is_lt().then_some(Problem::Concave { value, before })
            })?;
        }
        let Some(caps) = &market.open_interest else { return Ok(()) };
        if let Some(index) = market.tiers.iter().position(|tier| tier.initial.is_none()) {
            let problem = Problem::Missing("open interest scales it");
            return refuse(format!("{}.initial", path(index)), problem);
        }
        caps.check(&format!("{key}.open_interest"))
    }

    pub(super) fn needs(&self, margin: Margin) -> bool {
        self.scenarios.iter().any(|scenario| scenario.margin == Some(margin))
    }

    fn check_classes(&self) -> Result<(), RulesError> {
        for (&class, rule) in &self.classes {
            let key = format!("classes.{class}");
            if class == Class::Customer {
                return refuse(key, Problem::Misplaced("customers may hold everything"));
            }
            let [assets, markets] = [&rule.assets, &rule.markets];
            check_list(&key, "asset", assets.as_deref(), |name| self.has_asset(name))?;
            check_list(&key, "market", markets.as_deref(), |name| self.has_market(name))?;
        }
        Ok(())
    }
}

/// What a class may hold is there, and stands once.
fn check_list(
    key: &str,
    what: &'static str,
    names: Option<&[String]>,
    is_known: impl Fn(&str) -> bool,
) -> Result<(), RulesError> {
    let names = names.unwrap_or_default();
    for (index, name) in names.iter().enumerate() {
        let key = format!("{key}.{what}s[{index}]");
        name_at(&key, name)?;
        if !is_known(name) {
            return refuse(key, Problem::Unknown { what, name: name.clone() });
        }
        if names[..index].contains(name) {
            return refuse(key, Problem::Twice(name.clone()));
        }
    }
    Ok(())
}

/// Orders two decimals by value.
pub(super) fn compare(a: Decimal, b: Decimal) -> Ordering {
    let scale = a.scale().max(b.scale());
    a.floor_units(scale).0.cmp(&b.floor_units(scale).0)
}

pub(super) fn whole(number: u32) -> Decimal {
    Decimal::new(number.into(), 0)
}

pub(super) fn name_at(key: &str, name: &str) -> Result<(), RulesError> {
    check_name(name).or_else(|error| refuse(key, error.into()))
}

pub(super) fn decimals_at(key: &str, decimals: u32, value_decimals: u32) -> Result<(), RulesError> {
    if decimals > value_decimals {
        return refuse(key, Problem::Decimals { decimals, value_decimals });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULES: &str = include_str!("../tests/books/small_book/rules.toml");

    /// The error of the small book's rules with one text replaced by another.
    fn refused(from: &str, to: &str) -> String {
        assert!(RULES.contains(from), "{from}");
        Rules::parse(&RULES.replacen(from, to, 1)).unwrap_err().to_string()
    }

    #[track_caller]
    fn refuses(from: &str, to: &str, expected: &str) {
        let error = refused(from, to);
        assert!(error.starts_with(expected), "{error}");
    }

    #[test]
    fn the_small_book_has_sound_rules() {
        let rules = Rules::parse(RULES).unwrap();
        assert_eq!(rules.quote_decimals(), 6);
        assert_eq!(rules.listed_assets().len(), 2);
    }

    #[test]
    fn malformed_text_is_refused_with_its_line() {
        for (from, to, part) in [
            ("date =", "dates =", "unknown field `dates`"),
            ("date = \"2026-01-01\"\n", "", "missing field `date`"),
            ("\"0.9\"", "0.9", "a decimal number in quotes"),
            ("\"0.9\"", "\"9e-1\"", "exponent notation"),
            ("decimals = 3", "decimals = -3", "expected u32"),
            ("kind = \"mark\"", "kind = \"market\"", "unknown variant `market`"),
            ("per_asset = \"all\"", "per_asset = \"some\"", "`some` is neither"),
            ("crash = \"5000\"", "crash = \"fund\"", "`fund` is not a decimal number"),
            ("decimals = 2\n", "decimals = 2\ndecimals = 2\n", "duplicate key"),
        ] {
            let error = refused(from, to);
            assert!(error.contains(part), "{error}");
            assert!(error.contains("at line "), "{error}");
        }
    }

    #[test]
    fn header_values_are_in_range() {
        refuses("\"small book\"", "\" \"", "name: is missing");
        refuses("\"exact\"", "\"\"", "exactness: is missing");
        for date in ["2026-02-30", "2026-1-1", "20260101", "2026-01-01T00:00:00"] {
            refuses("2026-01-01", date, &format!("date: `{date}` is not a date"));
        }
        refuses("\"USD\"", "\"US D\"", "quote: `US D` is no name");
        refuses("value_decimals = 6", "value_decimals = 39", "value_decimals: 39 is not at most");
        let quote = "value_decimals = 6\nquote_decimals = 7";
        refuses("value_decimals = 6", quote, "quote_decimals: 7 decimals are more than");
    }

    #[test]
    fn assets_are_named_once_and_in_range() {
        refuses("[assets.USDC]", "[assets.\"US DC\"]", "assets.US DC: `US DC` is no name");
        let also = "decimals = 3\nalso = [\"USDC\"]";
        refuses("decimals = 3", also, "assets.USDC: `USDC` stands twice");
        let also = "decimals = 3\nalso = [\"\"]";
        refuses("decimals = 3", also, "assets.BTC.also[0]: `` is no name");
        refuses("decimals = 3", "decimals = 7", "assets.BTC.decimals: 7 decimals are more than");
        let both = "decimals = 3\nmaintenance = \"1\"";
        refuses("decimals = 3", both, "assets.BTC.maintenance: does not belong here");
        refuses("\"1.05\"", "\"0.95\"", "assets.USDC.borrow_maintenance: 0.95 is not at least 1");
        let no_loan = "borrow = false\nborrow_maintenance";
        let key = "assets.USDC.borrow_maintenance: does not belong here";
        refuses("borrow_maintenance", no_loan, key);
        refuses("\nmaintenance = \"1\"", "", "assets.USDC.maintenance: is missing");
        refuses("= \"1\"\nborrow", "= \"1.1\"\nborrow", "assets.USDC.maintenance: 1.1 is not");
        let default = "[asset_default]\ndecimals = 2\nalso = [\"DOGE\"]\n[assets.BTC]";
        refuses("[assets.BTC]", default, "asset_default.also: does not belong here");
    }

    #[test]
    fn there_are_no_more_scenarios_than_a_circuit_has() {
        let with = |count: usize| {
            let more = (3..count).map(|number| {
                format!(
                    "[[scenarios]]\nname = \"s{number}\"\nkind = \"stress\"\ndefault_move = \"0\"\n"
                )
            });
            Rules::parse(&RULES.replace("[policy]", &(more.collect::<String>() + "[policy]")))
        };
        assert_eq!(with(256).unwrap().scenarios.len(), 256);
        let expected = "scenarios: 257 scenarios are more than the 256 that a circuit has";
        assert_eq!(with(257).unwrap_err().to_string(), expected);
    }

    #[test]
    fn twins_count_as_scenarios() {
        let with = |own: usize| {
            let more = (3..own).map(|number| {
                format!(
                    "[[scenarios]]\nname = \"s{number}\"\nkind = \"stress\"\ndefault_move = \"0\"\n"
                )
            });
            let more = more.collect::<String>() + "[classes.insurance]\n[policy]";
            let fund = "bad_debt = { crash = \"insurance\", s3 = \"insurance\", s4 = \"5\" }";
            let limits = "bad_debt = { mark = \"insurance\", crash = \"5000\" }";
            Rules::parse(&RULES.replace("[policy]", &more).replace(limits, fund))
        };
        assert_eq!(with(254).unwrap().twins(), [2, 3]);
        let expected = "scenarios: 255 scenarios and 2 twins, one for each stress with the clause \
                        `insurance`, are more than the 256 that a circuit has";
        assert_eq!(with(255).unwrap_err().to_string(), expected);
    }

    #[test]
    fn classes_hold_what_the_rules_have() {
        let class = |text: &str| format!("[classes.{text}\n[policy]");
        refuses("[policy]", &class("customer]"), "classes.customer: does not belong here");
        let doge = class("house]\nassets = [\"DOGE\"]");
        refuses("[policy]", &doge, "classes.house.assets[0]: there is no asset `DOGE`");
        let market = class("house]\nmarkets = [\"BTC\"]");
        refuses("[policy]", &market, "classes.house.markets[0]: there is no market `BTC`");
        let twice = class("pool]\nassets = [\"BTC\", \"BTC\"]");
        refuses("[policy]", &twice, "classes.pool.assets[1]: `BTC` stands twice");
        let error = refused("[policy]", &class("pools]"));
        assert!(error.contains("unknown variant `pools`"), "{error}");
        let fund = RULES.replace("[policy]", &class("insurance]"));
        assert!(Rules::parse(&fund.replace("mark = \"insurance\", ", "")).is_ok());
    }
}
