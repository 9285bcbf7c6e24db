//! The policy: it asks for something, and only for what the rules have.

use super::range::name_at;
use crate::{
    decimal::Decimal,
    error::{Problem, RulesError, refuse},
    schema::{
        BadDebtLimit, Class, Kind, LeftOut, MaxDistance, PerAsset, Policy, TableSchema,
        VolatilityLimits,
    },
};

impl TableSchema {
    pub(super) fn check_policy(&self, policy: &Policy) -> Result<(), RulesError> {
        if *policy == Policy::default() {
            return refuse("policy", Problem::Missing("something that must hold"));
        }
        self.check_coverage(policy)?;
        self.check_per_asset(policy)?;
        for (name, limit) in &policy.bad_debt {
            self.check_bad_debt(policy, name, limit)?;
        }
        if policy.open_interest_matched && self.markets.is_empty() && self.options.is_empty() {
            let problem = Problem::Misplaced("there are no markets and no options to be matched");
            return refuse("policy.open_interest_matched", problem);
        }
        if policy.max_distance == Some(MaxDistance::default()) {
            let problem = Problem::Missing("`prices`, `reserves` or both");
            return refuse("policy.max_distance", problem);
        }
        policy.left_out.as_ref().map_or(Ok(()), check_left_out)?;
        policy.volatility.map_or(Ok(()), |limits| self.check_volatility(limits))
    }

    fn check_volatility(&self, limits: VolatilityLimits) -> Result<(), RulesError> {
        let key = "policy.volatility";
        if limits == VolatilityLimits::default() {
            let problem = Problem::Missing("`max_age`, `least_sources`, `band` or several of them");
            return refuse(key, problem);
        }
        if self.following().next().is_none() {
            let problem =
                Problem::Misplaced("no weight or margin of these rules follows a volatility");
            return refuse(key, problem);
        }
        if limits.least_sources == Some(0) {
            let problem = Problem::Range { value: Decimal::from(0), range: "at least 1" };
            return refuse(format!("{key}.least_sources"), problem);
        }
        match limits.band.filter(|band| band.is_negative() || *band >= Decimal::from(1)) {
            Some(value) => {
                let problem = Problem::Range { value, range: "at least 0 and below 1" };
                refuse(format!("{key}.band"), problem)
            }
            None => Ok(()),
        }
    }

    fn check_coverage(&self, policy: &Policy) -> Result<(), RulesError> {
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

    fn check_per_asset(&self, policy: &Policy) -> Result<(), RulesError> {
        if let Some(PerAsset::Only(assets)) = &policy.per_asset {
            if assets.is_empty() {
                return refuse("policy.per_asset", Problem::Missing("an asset"));
            }
            let listed = self.listed_assets();
            for (index, asset) in assets.iter().enumerate() {
                let key = format!("policy.per_asset[{index}]");
                name_at(&key, asset)?;
                if self.asset_default.is_none() && !listed.contains_key(asset.as_str()) {
                    return refuse(key, Problem::unknown("asset", asset, self.asset_names()));
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

    fn check_bad_debt(
        &self,
        policy: &Policy,
        name: &str,
        limit: &BadDebtLimit,
    ) -> Result<(), RulesError> {
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
        match policy.min_coverage {
            None => {
                let problem = "at least 1 is needed where the class `insurance` meets bad debt";
                refuse("policy.min_coverage", Problem::Missing(problem))
            }
            Some(value) if value < Decimal::from(1) => {
                let range = "at least 1, as is needed where the class `insurance` meets bad debt";
                refuse("policy.min_coverage", Problem::Range { value, range })
            }
            Some(_) => Ok(()),
        }
    }

    /// The kind of the scenario that the clause at `key` is about.
    fn kind_of(&self, key: &str, name: &str) -> Result<Kind, RulesError> {
        match self.scenarios.iter().find(|scenario| scenario.name == name) {
            Some(scenario) => Ok(scenario.kind),
            None => {
                let known = self.scenarios.iter().map(|scenario| scenario.name.as_str());
                refuse(key, Problem::unknown("scenario", name, known))
            }
        }
    }
}

fn check_left_out(left_out: &LeftOut) -> Result<(), RulesError> {
    if *left_out == LeftOut::default() {
        let problem = Problem::Missing("`accounts`, `assets`, `rounding` or several of them");
        return refuse("policy.left_out", problem);
    }
    for (asset, &value) in left_out.assets.iter().flatten() {
        let key = format!("policy.left_out.assets.{asset}");
        name_at(&key, asset)?;
        not_negative(key, value)?;
    }
    let rounding = |value| not_negative("policy.left_out.rounding".to_owned(), value);
    left_out.rounding.map_or(Ok(()), rounding)
}

fn not_negative(key: String, value: Decimal) -> Result<(), RulesError> {
    if value.is_negative() {
        return refuse(key, Problem::Range { value, range: "at least 0" });
    }
    Ok(())
}

/// A coverage of 0 would ask for nothing.
fn some_coverage(key: String, value: Decimal) -> Result<(), RulesError> {
    if value.mantissa() <= 0 {
        return refuse(key, Problem::Range { value, range: "above 0" });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use pacioli_circuits::ScenarioId;

    use crate::{
        rules::Rules,
        span::Span,
        testing::{self, RULES},
    };

    /// The small book's rules with another policy, or nothing but the head of one.
    fn parse(policy: &str) -> Result<Rules, String> {
        let (head, _) = RULES.split_once("[policy]").unwrap();
        Rules::parse(&format!("{head}[policy]\n{policy}")).map_err(|error| error.to_string())
    }

    #[track_caller]
    fn refuses(policy: &str, expected: &str) {
        testing::refuses(parse(policy), expected);
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
        let options = include_str!("../../tests/books/options/rules.toml");
        let (head, _) = options.split_once("[policy]").unwrap();
        assert!(Rules::parse(&format!("{head}[policy]\n{matched}")).is_ok());
    }

    #[test]
    fn what_a_policy_is_about_exists() {
        refuses("per_asset = [\"DOGE\"]", "policy.per_asset[0]: there is no asset `DOGE`");
        refuses("per_asset = [\"BTC\", \"BTC\"]", "policy.per_asset[1]: duplicate `BTC`");
        refuses("bad_debt = { crush = \"1\" }", "policy.bad_debt.crush: there is no scenario");
        refuses("coverage = { crush = \"1\" }", "policy.coverage.crush: there is no scenario");
        refuses("coverage = { mark = \"1\" }", "policy.coverage.mark: does not belong here");
        let margin = "policy.coverage.maintenance: does not belong here: reserves are valued in";
        refuses("coverage = { maintenance = \"1\" }", margin);
    }

    #[test]
    fn a_drawn_time_is_of_a_source_that_is_known() {
        let policy = parse("drawn = { from = \"drand:quicknet\" }").unwrap().policy;
        let drawn = policy.drawn.unwrap();
        assert_eq!((drawn.from.name(), drawn.missed_days), ("drand:quicknet", 0), "0, not any");
        let policy = parse("drawn = { from = \"eip155:1\", missed_days = 2 }").unwrap().policy;
        assert_eq!(policy.drawn.unwrap().missed_days, 2);
        for (policy, expected) in [
            ("{ from = \"drand:quiknet\" }", "(did you mean `drand:quicknet`?)"),
            ("{ from = \"eip155:42161\" }", "`eip155:42161` is no source of drawn times"),
            ("{ missed_days = 2 }", "missing field `from`"),
            ("{ from = \"eip155:1\", missed_days = -1 }", "invalid value"),
            ("{ from = \"eip155:1\", skipped = 1 }", "unknown field `skipped`"),
        ] {
            let error = parse(&format!("drawn = {policy}")).unwrap_err();
            assert!(error.contains(expected), "{policy}: {error}");
        }
    }

    #[test]
    fn limits_are_not_negative() {
        refuses("bad_debt = { crash = \"-1\" }", "policy.bad_debt.crash: -1 is not at least 0");
        let rounding = "policy.left_out.rounding: -0.1 is not at least 0";
        refuses("left_out = { rounding = \"-0.1\" }", rounding);
        let asset = "policy.left_out.assets.SPAM: -1 is not at least 0";
        refuses("left_out = { assets = { SPAM = \"-1\" } }", asset);
        let name = "policy.left_out.assets.S P: invalid name `S P`";
        refuses("left_out = { assets = { \"S P\" = \"1\" } }", name);
        let written = "left_out = { accounts = 0, assets = {}, rounding = \"0\" }\n\
                       max_distance = { prices = \"0s\", reserves = \"1d\" }";
        let policy = parse(written).unwrap().policy;
        assert_eq!(policy.max_distance.unwrap().reserves, Some(Span(86_400)));
        assert!(policy.left_out.unwrap().assets.unwrap().is_empty(), "none, and not any");
        let error = parse("max_distance = { prices = \"1 day\" }").unwrap_err();
        assert!(error.contains("`1 day` is not a length of time such as"), "{error}");
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
            assert_eq!(class(&coverage(least)).unwrap().twins(), [ScenarioId::new(2)]);
        }
        let mark = "min_coverage = \"1\"\nbad_debt = { mark = \"insurance\" }";
        refuses(mark, "policy.bad_debt.mark: does not belong here: where the insurance fund is");
        // Amounts need neither.
        let amounts = class("bad_debt = { mark = \"0\", crash = \"5\" }").unwrap();
        assert!(amounts.twins().is_empty());
        assert!(parse(&coverage("1")).unwrap().twins().is_empty(), "a fund of reserves");
    }
}
