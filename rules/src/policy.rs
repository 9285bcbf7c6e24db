//! The policy of a rules file: what must hold of the whole book.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, de::Error};

use super::{
    class::Class,
    error::{Problem, RulesError, refuse},
    file::{Kind, Rules, Scenario},
    span::Span,
    validate::{compare, name_at, whole},
};
use crate::decimal::Decimal;

/// What must hold of the whole book. `pacioli_attestation::evaluate_policy` says whether it does.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    /// The customers' reserves at mark are at least so many times what is owed at mark.
    pub min_coverage: Option<Decimal>,
    /// The customers' reserves of each of these assets are at least its deposits.
    pub per_asset: Option<PerAsset>,
    /// Whether loans are credited against the deposits of all assets; for rules with a credit
    /// scenario only.
    #[serde(default)]
    pub per_asset_credit: bool,
    /// The bad debt of each of these scenarios is at most so much, or is met by the insurance fund.
    #[serde(default)]
    pub bad_debt: BTreeMap<String, BadDebtLimit>,
    /// In every market the longs equal the shorts.
    #[serde(default)]
    pub open_interest_matched: bool,
    /// The customers' reserves, valued in each of these scenarios, are at least so many times what
    /// is owed in it. `mark` is [`Policy::min_coverage`]'s.
    #[serde(default)]
    pub coverage: BTreeMap<String, Decimal>,
    /// How far the times of prices and reserves may be from that of the snapshot.
    pub max_distance: Option<MaxDistance>,
    /// What may be left out of the book.
    pub left_out: Option<LeftOut>,
}

/// How far from the time of the snapshot others may be, in either direction.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct MaxDistance {
    /// That of the prices.
    pub prices: Option<Span>,
    /// That of the reserves.
    pub reserves: Option<Span>,
}

/// What may be left out of the book or rounded in it, at most.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct LeftOut {
    /// So many accounts, of which everything was left out.
    pub accounts: Option<u64>,
    /// So much of each of these assets, deposits and loans each, in whole units, and nothing of any
    /// other.
    pub assets: Option<BTreeMap<String, Decimal>>,
    /// So much of the quote currency by rounding.
    pub rounding: Option<Decimal>,
}

/// The assets whose reserves must cover their deposits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PerAsset {
    /// Every asset of the table.
    All,
    /// These.
    Only(Vec<String>),
}

impl<'de> Deserialize<'de> for PerAsset {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged, expecting = "expected \"all\" or a list of assets")]
        enum Written {
            Word(String),
            List(Vec<String>),
        }
        match Written::deserialize(deserializer)? {
            Written::List(assets) => Ok(Self::Only(assets)),
            Written::Word(word) if word == "all" => Ok(Self::All),
            Written::Word(word) => Err(D::Error::custom(format_args!(
                "`{word}` is neither \"all\" nor a list of assets"
            ))),
        }
    }
}

/// How much bad debt a scenario may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BadDebtLimit {
    /// So much of the quote currency.
    Amount(Decimal),
    /// What the insurance fund meets: all reserves, valued in the scenario, are at least what
    /// everyone but the fund is owed there.
    Insurance,
}

impl<'de> Deserialize<'de> for BadDebtLimit {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match String::deserialize(deserializer)?.as_str() {
            "insurance" => Ok(Self::Insurance),
            text => text.parse().map(Self::Amount).map_err(D::Error::custom),
        }
    }
}

impl Policy {
    /// Whether a clause rests on what is owed in a stress.
    pub(super) fn rests_on_owed(&self, scenario: &Scenario) -> bool {
        let is_met = |limit: &BadDebtLimit| *limit == BadDebtLimit::Insurance;
        scenario.kind == Kind::Stress
            && (self.coverage.contains_key(&scenario.name)
                || self.bad_debt.get(&scenario.name).is_some_and(is_met))
    }
}

impl Rules {
    pub(super) fn check_policy(&self) -> Result<(), RulesError> {
        let policy = &self.policy;
        if *policy == Policy::default() {
            return refuse("policy", Problem::Missing("something that must hold"));
        }
        self.check_coverage()?;
        self.check_per_asset()?;
        for (name, limit) in &policy.bad_debt {
            self.check_bad_debt(name, limit)?;
        }
        if policy.open_interest_matched && self.markets.is_empty() && self.options.is_empty() {
            let problem = Problem::Misplaced("there are no markets and no options to be matched");
            return refuse("policy.open_interest_matched", problem);
        }
        if policy.max_distance == Some(MaxDistance::default()) {
            let problem = Problem::Missing("`prices`, `reserves` or both");
            return refuse("policy.max_distance", problem);
        }
        policy.left_out.as_ref().map_or(Ok(()), LeftOut::check)
    }

    fn check_coverage(&self) -> Result<(), RulesError> {
        let policy = &self.policy;
        if let Some(value) = policy.min_coverage {
            some_coverage("policy.min_coverage".to_owned(), value)?;
        }
        for (name, &value) in &policy.coverage {
            let key = format!("policy.coverage.{name}");
            if self.kind_of(&key, name)? != Kind::Stress {
                let problem = "reserves are valued in stresses, and at mark for `min_coverage`";
                return refuse(key, Problem::Misplaced(problem));
            }
            some_coverage(key, value)?;
        }
        Ok(())
    }

    fn check_per_asset(&self) -> Result<(), RulesError> {
        let policy = &self.policy;
        if let Some(PerAsset::Only(assets)) = &policy.per_asset {
            if assets.is_empty() {
                return refuse("policy.per_asset", Problem::Missing("an asset"));
            }
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
        if policy.per_asset_credit {
            let key = "policy.per_asset_credit";
            // Collateral of an asset that needs no reserves would be made of nothing.
            if policy.per_asset != Some(PerAsset::All) {
                return refuse(key, Problem::Misplaced("it goes with `per_asset = \"all\"`"));
            }
            if !self.scenarios.iter().any(|scenario| scenario.kind == Kind::Credit) {
                return refuse(key, Problem::Missing("a scenario of the kind `credit`"));
            }
        }
        Ok(())
    }

    fn check_bad_debt(&self, name: &str, limit: &BadDebtLimit) -> Result<(), RulesError> {
        let key = format!("policy.bad_debt.{name}");
        let kind = self.kind_of(&key, name)?;
        if kind == Kind::Constraint {
            let problem = "a constraint scenario has gains and losses, and no bad debt";
            return refuse(key, Problem::Misplaced(problem));
        }
        if let BadDebtLimit::Amount(value) = *limit {
            return not_negative(key, value);
        }
        if !matches!(kind, Kind::Mark | Kind::Stress) {
            let problem = "the insurance fund has a value in `mark` and stresses alone";
            return refuse(key, Problem::Misplaced(problem));
        }
        if !self.classes.contains_key(&Class::Insurance) {
            return Ok(());
        }
        if kind == Kind::Mark {
            let problem = "where the insurance fund is the class `insurance`, `min_coverage` says \
                           at mark what this would";
            return refuse(key, Problem::Misplaced(problem));
        }
        // A stress says nothing of what is taken for the fund at mark.
        match self.policy.min_coverage {
            None => {
                let problem = "at least 1 is needed where the class `insurance` meets bad debt";
                refuse("policy.min_coverage", Problem::Missing(problem))
            }
            Some(value) if compare(value, whole(1)).is_lt() => {
                let range = "at least 1, as is needed where the class `insurance` meets bad debt";
                refuse("policy.min_coverage", Problem::Range { value, range })
            }
            Some(_) => Ok(()),
        }
    }

    /// What the scenario that a clause at `key` is about is about.
    fn kind_of(&self, key: &str, name: &str) -> Result<Kind, RulesError> {
        match self.scenarios.iter().find(|scenario| scenario.name == name) {
            Some(scenario) => Ok(scenario.kind),
            None => refuse(key, Problem::Unknown { what: "scenario", name: name.to_owned() }),
        }
    }
}

impl LeftOut {
    fn check(&self) -> Result<(), RulesError> {
        if *self == Self::default() {
            let problem = Problem::Missing("`accounts`, `assets`, `rounding` or several of them");
            return refuse("policy.left_out", problem);
        }
        for (asset, &value) in self.assets.iter().flatten() {
            let key = format!("policy.left_out.assets.{asset}");
            name_at(&key, asset)?;
            not_negative(key, value)?;
        }
        self.rounding.map_or(Ok(()), |value| not_negative("policy.left_out.rounding".into(), value))
    }
}

fn not_negative(key: String, value: Decimal) -> Result<(), RulesError> {
    match value.is_negative() {
        true => refuse(key, Problem::Range { value, range: "at least 0" }),
        false => Ok(()),
    }
}

/// A coverage of 0 would ask for nothing.
fn some_coverage(key: String, value: Decimal) -> Result<(), RulesError> {
    match value.mantissa() > 0 {
        true => Ok(()),
        false => refuse(key, Problem::Range { value, range: "above 0" }),
    }
}

#[cfg(test)]
mod tests {
    use crate::{Rules, Span};

    const RULES: &str = include_str!("../tests/books/small_book/rules.toml");

    /// The small book's rules with another policy, or nothing but the head of one.
    fn parse(policy: &str) -> Result<Rules, String> {
        let (head, _) = RULES.split_once("[policy]").unwrap();
        Rules::parse(&format!("{head}[policy]\n{policy}")).map_err(|error| error.to_string())
    }

    #[track_caller]
    fn refuses(policy: &str, expected: &str) {
        let error = parse(policy).unwrap_err();
        assert!(error.starts_with(expected), "{error}");
    }

    #[test]
    fn a_policy_demands_something() {
        refuses("", "policy: is missing: something that must hold");
        refuses("bad_debt = {}\ncoverage = {}", "policy: is missing");
        refuses("per_asset_credit = true", "policy.per_asset_credit: does not belong here");
        refuses("per_asset = []", "policy.per_asset: is missing: an asset");
        refuses("max_distance = {}", "policy.max_distance: is missing: `prices`, `reserves`");
        refuses("left_out = {}", "policy.left_out: is missing: `accounts`, `assets`, `rounding`");
        for zero in ["0", "0.00", "-1"] {
            let expected = format!("policy.min_coverage: {zero} is not above 0");
            refuses(&format!("min_coverage = \"{zero}\""), &expected);
            let expected = format!("policy.coverage.crash: {zero} is not above 0");
            refuses(&format!("coverage = {{ crash = \"{zero}\" }}"), &expected);
        }
        for policy in ["min_coverage = \"0.01\"", "coverage = { crash = \"0.01\" }"] {
            assert!(parse(policy).is_ok(), "{policy}");
        }
    }

    #[test]
    fn open_interest_is_of_markets_or_options() {
        let matched = "open_interest_matched = true";
        assert!(parse(matched).is_ok());
        let (head, rest) = RULES.split_once("[markets.ETH-PERP]").unwrap();
        let (_, policy) = rest.split_once("[policy]").unwrap();
        let error = Rules::parse(&format!("{head}[policy]{policy}")).unwrap_err().to_string();
        let expected = "policy.open_interest_matched: does not belong here: there are no markets";
        assert!(error.starts_with(expected), "{error}");
        let options = include_str!("../tests/books/options/rules.toml");
        let (head, _) = options.split_once("[policy]").unwrap();
        assert!(Rules::parse(&format!("{head}[policy]\n{matched}")).is_ok());
    }

    #[test]
    fn what_a_policy_is_about_exists() {
        refuses("per_asset = [\"DOGE\"]", "policy.per_asset[0]: there is no asset `DOGE`");
        refuses("per_asset = [\"BTC\", \"BTC\"]", "policy.per_asset[1]: `BTC` stands twice");
        refuses("bad_debt = { crush = \"1\" }", "policy.bad_debt.crush: there is no scenario");
        refuses("coverage = { crush = \"1\" }", "policy.coverage.crush: there is no scenario");
        refuses("coverage = { mark = \"1\" }", "policy.coverage.mark: does not belong here");
        let margin = "policy.coverage.maintenance: does not belong here: reserves are valued in";
        refuses("coverage = { maintenance = \"1\" }", margin);
    }

    #[test]
    fn limits_are_not_negative() {
        refuses("bad_debt = { crash = \"-1\" }", "policy.bad_debt.crash: -1 is not at least 0");
        let rounding = "policy.left_out.rounding: -0.1 is not at least 0";
        refuses("left_out = { rounding = \"-0.1\" }", rounding);
        let asset = "policy.left_out.assets.SPAM: -1 is not at least 0";
        refuses("left_out = { assets = { SPAM = \"-1\" } }", asset);
        let name = "policy.left_out.assets.S P: `S P` is no name";
        refuses("left_out = { assets = { \"S P\" = \"1\" } }", name);
        let written = "left_out = { accounts = 0, assets = {}, rounding = \"0\" }\n\
                       max_distance = { prices = \"0s\", reserves = \"1d\" }";
        let policy = parse(written).unwrap().policy;
        assert_eq!(policy.max_distance.unwrap().reserves, Some(Span(86_400)));
        assert!(policy.left_out.unwrap().assets.unwrap().is_empty(), "none, and not any");
        let error = parse("max_distance = { prices = \"1 day\" }").unwrap_err();
        assert!(error.contains("`1 day` is no length of time such as"), "{error}");
    }

    #[test]
    fn the_fund_meets_bad_debt_where_reserves_have_a_value() {
        assert!(parse("bad_debt = { mark = \"insurance\", crash = \"insurance\" }").is_ok());
        let margin = "policy.bad_debt.maintenance: does not belong here: the insurance fund has a";
        refuses("bad_debt = { maintenance = \"insurance\" }", margin);
        assert!(parse("bad_debt = { maintenance = \"1\" }").is_ok());
    }

    #[test]
    fn a_fund_of_accounts_meets_it_in_stresses_beside_a_coverage_of_1() {
        let class = |policy: &str| parse(&format!("{policy}\n[classes.insurance]"));
        let refuses = |policy: &str, expected: &str| {
            let error = class(policy).unwrap_err();
            assert!(error.starts_with(expected), "{error}");
        };
        let crash = "bad_debt = { crash = \"insurance\" }";
        let coverage = |least: &str| format!("min_coverage = \"{least}\"\n{crash}");
        refuses(crash, "policy.min_coverage: is missing: at least 1");
        refuses(&coverage("0.999"), "policy.min_coverage: 0.999 is not at least 1");
        for least in ["1", "1.0", "1.01"] {
            assert_eq!(class(&coverage(least)).unwrap().twins(), [2]);
        }
        let mark = "min_coverage = \"1\"\nbad_debt = { mark = \"insurance\" }";
        refuses(mark, "policy.bad_debt.mark: does not belong here: where the insurance fund is");
        // Amounts need neither.
        let amounts = class("bad_debt = { mark = \"0\", crash = \"5\" }").unwrap();
        assert!(amounts.twins().is_empty());
        assert!(parse(&coverage("1")).unwrap().twins().is_empty(), "a fund of reserves");
    }
}
