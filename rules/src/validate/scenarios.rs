//! Scenarios and contingencies: in order, complete, and each with the keys of its kind.

use super::range::{move_at, name_at};
use crate::{
    error::{Problem, RulesError, refuse},
    schema::{Form, Kind, Margin, Scenario, TableSchema},
    table::COVER,
};

impl TableSchema {
    pub(super) fn check_scenarios(&self) -> Result<(), RulesError> {
        for (index, scenario) in self.scenarios.iter().enumerate() {
            let key = format!("scenarios[{index}]");
            name_at(&format!("{key}.name"), &scenario.name)?;
            let mark = (scenario.kind == Kind::Mark, scenario.name == "mark");
            if mark != (index == 0, index == 0) {
                return refuse(key, Problem::MarkFirst);
            }
            if scenario.name == COVER {
                let problem = Problem::Misplaced("`cover` is the scenario that rules come with");
                return refuse(format!("{key}.name"), problem);
            }
            if self.scenarios[..index].iter().any(|before| before.name == scenario.name) {
                return refuse(format!("{key}.name"), Problem::Twice(scenario.name.clone()));
            }
            let is_credit = |other: &Scenario| other.kind == Kind::Credit;
            if is_credit(scenario) && self.scenarios[..index].iter().any(is_credit) {
                let problem = Problem::Misplaced("rules have one credit scenario at most");
                return refuse(format!("{key}.kind"), problem);
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
        let has_margins = matches!(scenario.kind, Kind::Margin | Kind::Credit);
        match (has_margins, scenario.margin) {
            (true, None) => {
                return refuse(margin, Problem::Missing("\"maintenance\" or \"initial\""));
            }
            (false, Some(_)) => {
                return refuse(
                    margin,
                    Problem::Misplaced("only a margin or credit scenario has it"),
                );
            }
            _ => {}
        }
        if scenario.kind == Kind::Constraint {
            self.check_constraint(key, scenario)?;
        } else if let Some(field) = scenario.constraint_field() {
            let problem = Problem::Misplaced("only a constraint scenario has it");
            return refuse(format!("{key}.{field}"), problem);
        }
        let moves = match (scenario.kind, scenario.form()) {
            (Kind::Mark | Kind::Margin | Kind::Credit, _) => {
                Some("only a stress or constraint scenario has it")
            }
            (Kind::Constraint, Form::Rates(_)) => Some("a scenario with rates has none"),
            (Kind::Constraint, Form::Delta(_)) => Some("a scenario with a delta has none"),
            (Kind::Stress, _) | (Kind::Constraint, Form::Moves) => None,
        };
        match moves {
            Some(problem) => forbid_moves(key, scenario, Problem::Misplaced(problem)),
            None => self.check_moves(key, scenario),
        }
    }

    fn check_moves(&self, key: &str, scenario: &Scenario) -> Result<(), RulesError> {
        let default_move = format!("{key}.default_move");
        let Some(value) = scenario.default_move else {
            return refuse(default_move, Problem::Missing("the move of what `moves` leaves out"));
        };
        move_at(default_move, value)?;
        if let Some(value) = scenario.vol_move {
            if self.options.is_empty() {
                let problem = Problem::Misplaced("there are no options whose volatility moves");
                return refuse(format!("{key}.vol_move"), problem);
            }
            move_at(format!("{key}.vol_move"), value)?;
        }
        for (asset, &value) in &scenario.moves {
            let key = format!("{key}.moves.{asset}");
            self.check_moved(key.clone(), asset)?;
            move_at(key, value)?;
        }
        self.check_expiries(key, scenario)
    }

    /// An asset whose price may move: it can be held, or a market or option follows it.
    pub(super) fn check_moved(&self, key: String, asset: &str) -> Result<(), RulesError> {
        name_at(&key, asset)?;
        if asset == self.quote {
            return refuse(key, Problem::Misplaced("the quote currency does not move"));
        }
        if !self.can_move(asset) {
            let known = self.asset_names().chain(self.underlyings());
            return refuse(key, Problem::unknown("asset", asset, known));
        }
        Ok(())
    }

    pub(super) fn check_contingencies(&self) -> Result<(), RulesError> {
        for (name, contingency) in &self.contingencies {
            let key = format!("contingencies.{name}");
            name_at(&key, name)?;
            for (margin, field) in
                [(Margin::Maintenance, "maintenance"), (Margin::Initial, "initial")]
            {
                let key = format!("{key}.{field}");
                match contingency.times(margin) {
                    None if self.needs(margin) => {
                        return refuse(key, Problem::Missing("a margin scenario needs it"));
                    }
                    Some(value) if value.is_negative() => {
                        return refuse(key, Problem::Range { value, range: "at least 0" });
                    }
                    _ => {}
                }
            }
            let counts = |s: &Scenario| {
                self.contingency_factor(name, s).is_some_and(|times| times.mantissa() != 0)
            };
            if !self.scenarios.iter().any(counts) {
                return refuse(key, Problem::Missing("a margin scenario that it counts in"));
            }
            if !self.scenarios.iter().any(|scenario| scenario.contingency.as_ref() == Some(name)) {
                return refuse(key, Problem::Missing("a constraint scenario that bounds it"));
            }
            let (decimals, value_decimals) = (self.contingency_shift(name), self.value_decimals);
            if decimals > value_decimals {
                return refuse(key, Problem::Decimals { decimals, value_decimals });
            }
        }
        Ok(())
    }
}

fn forbid_moves(key: &str, scenario: &Scenario, problem: Problem) -> Result<(), RulesError> {
    if scenario.default_move.is_some() {
        return refuse(format!("{key}.default_move"), problem);
    }
    if !scenario.moves.is_empty() {
        return refuse(format!("{key}.moves"), problem);
    }
    if scenario.vol_move.is_some() {
        return refuse(format!("{key}.vol_move"), problem);
    }
    if !scenario.expiries.is_empty() {
        return refuse(format!("{key}.expiries"), problem);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use crate::{
        rules::Rules,
        testing::{self, RULES, changed},
    };

    #[track_caller]
    fn refuses(from: &str, to: &str, expected: &str) {
        refused(RULES, from, to, expected);
    }

    #[track_caller]
    fn refused(rules: &str, from: &str, to: &str, expected: &str) {
        testing::refuses(Rules::parse(&changed(rules, &[(from, to)])), expected);
    }

    #[test]
    fn scenarios_are_in_order_and_complete() {
        let first = "scenarios[0]: the first scenario must have the name and the kind";
        refuses("name = \"mark\"", "name = \"now\"", first);
        refuses("kind = \"mark\"", "kind = \"stress\"", first);
        refuses("name = \"crash\"", "name = \"mark\"", "scenarios[2]: the first scenario");
        refuses("\"crash\"", "\"maintenance\"", "scenarios[2].name: duplicate `maintenance`");
        refuses("\"crash\"", "\"a crash\"", "scenarios[2].name: invalid name `a crash`");
        refuses("margin = \"maintenance\"\n", "", "scenarios[1].margin: is missing");
        let margin = "margin = \"initial\"\ndefault_move = \"-0.5\"";
        refuses("default_move = \"-0.5\"", margin, "scenarios[2].margin: does not belong here");
        refuses("default_move = \"-0.5\"\n", "", "scenarios[2].default_move: is missing");
        let mark = "kind = \"mark\"\ndefault_move = \"0\"";
        refuses("kind = \"mark\"", mark, "scenarios[0].default_move: does not belong here");
        let mark = "kind = \"mark\"\nmoves = { BTC = \"0\" }";
        refuses("kind = \"mark\"", mark, "scenarios[0].moves: does not belong here");
        refuses("\"-0.5\"", "\"-1.01\"", "scenarios[2].default_move: -1.01 is not at least -1");
        refuses("\"-0.4\"", "\"-1.01\"", "scenarios[2].moves.BTC: -1.01 is not at least -1");
        refuses("{ BTC =", "{ BCT =", "scenarios[2].moves.BCT: there is no asset `BCT`");
        refuses("{ BTC =", "{ USD =", "scenarios[2].moves.USD: does not belong here");
    }

    const SCAN: &str = r#"
[contingencies.scan]
maintenance = "1.0"

[contingencies.naked]
maintenance = "2"

[[scenarios]]
name = "down"
kind = "constraint"
contingency = "scan"
default_move = "-0.1"

[[scenarios]]
name = "net"
kind = "constraint"
contingency = "naked"
rates = { "short ETH-PERP" = "-0.02" }

[policy]"#;

    #[track_caller]
    fn refuses_scan(from: &str, to: &str, expected: &str) {
        refused(&RULES.replace("[policy]", SCAN), from, to, expected);
    }

    #[test]
    fn a_contingency_is_bounded_and_counts() {
        let key = "contingencies.scan";
        let rules = Rules::parse(&RULES.replace("[policy]", SCAN)).unwrap();
        assert_eq!(rules.contingency_shift("scan"), 0, "1.0 is whole");
        let (from, missing) = ("maintenance = \"1.0\"", format!("{key}.maintenance: is missing"));
        refuses_scan(from, "", &missing);
        let problem = format!("{key}.maintenance: -1 is not at least 0");
        refuses_scan(from, "maintenance = \"-1\"", &problem);
        let problem = format!("{key}: is missing: a margin scenario that it counts in");
        refuses_scan(from, "maintenance = \"0\"", &problem);
        let problem = format!("{key}: 7 decimals are more than value_decimals, 6");
        refuses_scan(from, "maintenance = \"1.0000001\"", &problem);
        let (from, to) = ("contingency = \"scan\"", "contingency = \"naked\"");
        refuses_scan(from, to, &format!("{key}: is missing: a constraint scenario that bounds it"));
        refuses_scan("[contingencies.scan]", "[contingencies.\"s c\"]", "scenarios[3].contingency");
        let bad_debt = "policy.bad_debt.down: does not belong here: a constraint scenario has";
        refuses_scan("crash = \"5000\"", "down = \"5000\"", bad_debt);
    }
}
