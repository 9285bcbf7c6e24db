//! Scenarios in which options of one expiry move and count otherwise than the rest.
//!
//! ```toml
//! [scenarios.expiries]
//! "2026-12-25T08:00:00Z" = { vol_move = "0.6", discount = "0.940676" }
//! "2027-03-26T08:00:00Z" = { move = "-0.05", weight = "1.3" }
//! ```
//!
//! Volatility shocks that shrink with the time to expiry, and a worth at expiry that is discounted,
//! are written out so: a number for each expiry, which whoever writes the rules computes.

use super::range::{move_at, weight_at};
use crate::{
    decimal::Decimal,
    error::{Problem, RulesError, refuse},
    schema::{ExpiryMoves, Kind, Scenario, TableSchema},
};

impl TableSchema {
    /// Every expiry is one that an option has, and says what differs.
    pub(super) fn check_expiries(&self, key: &str, scenario: &Scenario) -> Result<(), RulesError> {
        for (expiry, moves) in &scenario.expiries {
            let key = format!("{key}.expiries.{expiry}");
            if !self.options.values().any(|option| option.expiry == *expiry) {
                let known: Vec<_> = self.options.values().map(|o| o.expiry.to_string()).collect();
                let known = known.iter().map(String::as_str);
                let problem =
                    Problem::unknown("option that expires at", &expiry.to_string(), known);
                return refuse(key, problem);
            }
            if *moves == ExpiryMoves::default() {
                return refuse(key, Problem::Missing("what differs for the options of the expiry"));
            }
            let ExpiryMoves { forward, vol_move, discount, weight } = *moves;
            for (field, value) in [("move", forward), ("vol_move", vol_move)] {
                value.map_or(Ok(()), |value| move_at(format!("{key}.{field}"), value))?;
            }
            for (field, value) in [("discount", discount), ("weight", weight)] {
                if value.is_some() && scenario.kind != Kind::Constraint {
                    let problem = Problem::Misplaced("only a constraint scenario has it");
                    return refuse(format!("{key}.{field}"), problem);
                }
            }
            let out_of_range = |value: &Decimal| value.is_negative() || *value > Decimal::from(1);
            if let Some(value) = discount.filter(out_of_range) {
                let problem = Problem::Range { value, range: "from 0 to 1" };
                return refuse(format!("{key}.discount"), problem);
            }
            weight_at(format!("{key}.weight"), weight)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use crate::{rules::Rules, testing::changed};

    const RULES: &str = include_str!("../../tests/books/options/rules.toml");

    const SCAN: &str = r#"
[contingencies.scan]
maintenance = "1"

[[scenarios]]
name = "scan"
kind = "constraint"
contingency = "scan"
default_move = "0"

[scenarios.expiries]
"2026-07-02T00:00:00Z" = { move = "-0.05", vol_move = "0.6", discount = "0.94", weight = "1.3" }
"2027-01-01T00:00:00Z" = { weight = "0.5" }

[policy]"#;

    fn error(from: &str, to: &str) -> String {
        let rules = RULES.replace("[policy]", SCAN);
        assert!(Rules::parse(&rules).is_ok());
        Rules::parse(&changed(&rules, &[(from, to)])).unwrap_err().to_string()
    }

    #[track_caller]
    fn refuses(from: &str, to: &str, expected: &str) {
        let error = error(from, to);
        assert!(error.starts_with(&format!("scenarios[{expected}")), "{error}");
    }

    #[test]
    fn an_expiry_is_one_that_an_option_has() {
        let unknown = "3].expiries.2026-07-02T00:00:01Z: there is no option that expires at";
        refuses("2026-07-02T00:00:00Z\" =", "2026-07-02T00:00:01Z\" =", unknown);
        let table =
            "{ move = \"-0.05\", vol_move = \"0.6\", discount = \"0.94\", weight = \"1.3\" }";
        refuses(table, "{}", "3].expiries.2026-07-02T00:00:00Z: is missing: what differs");
    }

    #[test]
    fn an_expiry_is_spelt_in_one_way() {
        for spelt in ["2026-07-02", "2026-07-02T00:00:00.0Z", "2026-07-02T02:00:00+02:00"] {
            let error = error("2026-07-02T00:00:00Z\" =", &format!("{spelt}\" ="));
            assert!(error.contains(&format!("`{spelt}` is not a UTC time")), "{error}");
        }
        let twice = error("2027-01-01T00:00:00Z\" =", "2026-07-02T00:00:00Z\" =");
        assert!(twice.contains("duplicate key"), "{twice}");
        let unknown = error("{ weight = \"0.5\" }", "{ wight = \"0.5\" }");
        assert!(unknown.contains("unknown field `wight`"), "{unknown}");
    }

    #[test]
    fn what_differs_is_in_range() {
        let key = "3].expiries.2026-07-02T00:00:00Z";
        for (from, to, problem) in [
            ("move = \"-0.05\"", "move = \"-1.01\"", "move: -1.01 is not at least -1"),
            ("vol_move = \"0.6\"", "vol_move = \"-2\"", "vol_move: -2 is not at least -1"),
            ("discount = \"0.94\"", "discount = \"1.01\"", "discount: 1.01 is not from 0 to 1"),
            ("discount = \"0.94\"", "discount = \"-0.1\"", "discount: -0.1 is not from 0 to 1"),
            ("weight = \"1.3\"", "weight = \"0\"", "weight: 0 is not above 0"),
        ] {
            refuses(from, to, &format!("{key}.{problem}"));
        }
    }

    #[test]
    fn a_stress_moves_expiries_and_counts_them_in_full() {
        let stress = |fields: &str| {
            let expiries = format!("expiries = {{ \"2026-07-02T00:00:00Z\" = {{ {fields} }} }}");
            RULES.replace("vol_move = \"0.5\"", &format!("vol_move = \"0.5\"\n{expiries}"))
        };
        assert!(Rules::parse(&stress("move = \"-0.3\", vol_move = \"1\"")).is_ok());
        for field in ["discount", "weight"] {
            let error = Rules::parse(&stress(&format!("{field} = \"1\""))).unwrap_err().to_string();
            let key = "scenarios[2].expiries.2026-07-02T00:00:00Z";
            let expected = format!("{key}.{field}: does not belong here: only a constraint");
            assert!(error.starts_with(&expected), "{error}");
        }
    }

    #[test]
    fn no_other_scenario_has_expiries() {
        let moves = "expiries = { \"2027-01-01T00:00:00Z\" = { move = \"0\" } }";
        let to = format!("margin = \"maintenance\"\n{moves}");
        refuses("margin = \"maintenance\"", &to, "1].expiries: does not belong here");
        let constraint = "default_move = \"0\"\n\n[scenarios.expiries]";
        let to = "rates = { \"long BTC-PERP\" = \"0\" }\n\n[scenarios.expiries]";
        refuses(
            constraint,
            to,
            "3].expiries: does not belong here: a scenario with rates has none",
        );
    }
}
