//! A set of stress scenarios, as a file (TOML, or the same in JSON).
//!
//! ```toml
//! name = "historical"
//! source = "public candles"
//! exactness = "moves are figures; default_move is a judgement"
//!
//! [[scenarios]]
//! name = "black-thursday-2020"
//! date = "2020-03-11"
//! until = "2020-03-13"
//! source = "peak to trough, spot"
//! default_move = "-0.6"
//! moves = { BTC = "-0.526", ETH = "-0.567" }
//! vol_move = "0.6"
//! stale_oracle = false
//! ```

use std::collections::BTreeMap;

use jiff::civil::Date;
use pacioli_rules::{Decimal, Problem, check_name, strict};
use serde::Deserialize;
use thiserror::Error;

/// Scenarios that belong together. [`ScenarioSet::parse`] reads and checks one.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct ScenarioSet {
    /// The set's name.
    pub name: String,
    /// The source of its figures.
    pub source: String,
    /// A note on which of its parts are figures and which are judgements.
    pub exactness: String,
    /// The scenarios, with distinct names.
    pub scenarios: Vec<StressScenario>,
}

/// One scenario of a set.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct StressScenario {
    /// The scenario's name.
    pub name: String,
    /// The day it happened, the first of its days, or the day it was decided.
    pub date: String,
    /// The last of its days, if it took more than one.
    pub until: Option<String>,
    /// The source of its moves.
    pub source: String,
    /// The relative move of every shocked asset that `moves` does not name, at least -1.
    pub default_move: Decimal,
    /// Relative moves by asset, at least -1.
    #[serde(default, deserialize_with = "strict::unique_keys")]
    pub moves: BTreeMap<String, Decimal>,
    /// The relative move of every implied volatility, at least -1; no move if absent.
    pub vol_move: Option<Decimal>,
    /// Also count the accounts that have a shortfall here and hold their maintenance margin at the old
    /// prices: a venue that still sees the old prices does not liquidate them.
    #[serde(default)]
    pub stale_oracle: bool,
}

/// Why a set is refused.
#[derive(Debug, Error)]
pub enum ScenarioSetError {
    /// Not TOML of the expected form; the message shows the place.
    #[error("the scenarios are malformed: {0}")]
    Toml(#[from] toml::de::Error),
    /// Not JSON of the expected form.
    #[error("the scenarios are malformed: {0}")]
    Json(#[from] serde_json::Error),
    /// A key has an invalid value.
    #[error("{key}: {problem}")]
    At {
        /// The key, such as `scenarios[1].moves.BTC`; indices count from 0.
        key: String,
        /// The problem.
        problem: Problem,
    },
}

impl ScenarioSet {
    /// Reads and checks a set in TOML.
    ///
    /// # Errors
    /// If the text is not exactly of the form in this module's description, or
    /// [`ScenarioSet::check`] fails.
    pub fn parse(toml: &str) -> Result<Self, ScenarioSetError> {
        let set: Self = toml::from_str(toml)?;
        set.check()?;
        Ok(set)
    }

    /// Reads and checks a set in JSON.
    ///
    /// # Errors
    /// As [`ScenarioSet::parse`].
    pub fn parse_json(json: &str) -> Result<Self, ScenarioSetError> {
        let set: Self = serde_json::from_str(json)?;
        set.check()?;
        Ok(set)
    }

    /// Checks the values of all keys.
    ///
    /// # Errors
    /// If a value is invalid: the first [`Problem`], with its key.
    pub fn check(&self) -> Result<(), ScenarioSetError> {
        name_at("name", &self.name)?;
        said("source", &self.source)?;
        said("exactness", &self.exactness)?;
        if self.scenarios.is_empty() {
            return refuse("scenarios", Problem::Missing("at least one"));
        }
        for (index, scenario) in self.scenarios.iter().enumerate() {
            let key = |field: &str| format!("scenarios[{index}].{field}");
            let StressScenario { name, date, until, source, moves, .. } = scenario;
            name_at(&key("name"), name)?;
            if self.scenarios[..index].iter().any(|before| before.name == *name) {
                return refuse(key("name"), Problem::Twice(name.clone()));
            }
            let first = date_at(&key("date"), date)?;
            if let Some(until) = until
                && date_at(&key("until"), until)? < first
            {
                let problem = Problem::Misplaced("a scenario cannot end before it begins");
                return refuse(key("until"), problem);
            }
            said(&key("source"), source)?;
            move_at(key("default_move"), scenario.default_move)?;
            scenario.vol_move.map_or(Ok(()), |value| move_at(key("vol_move"), value))?;
            for (asset, &value) in moves {
                let key = key(&format!("moves.{asset}"));
                name_at(&key, asset)?;
                move_at(key, value)?;
            }
        }
        Ok(())
    }
}

fn refuse<T>(key: impl Into<String>, problem: Problem) -> Result<T, ScenarioSetError> {
    Err(ScenarioSetError::At { key: key.into(), problem })
}

fn name_at(key: &str, name: &str) -> Result<(), ScenarioSetError> {
    check_name(name).or_else(|error| refuse(key, error.into()))
}

fn said(key: &str, text: &str) -> Result<(), ScenarioSetError> {
    match text.trim() {
        "" => refuse(key, Problem::Missing("a scenario must state its source")),
        _ => Ok(()),
    }
}

fn date_at(key: &str, text: &str) -> Result<Date, ScenarioSetError> {
    match text.parse::<Date>() {
        Ok(date) if date.to_string() == text => Ok(date),
        _ => refuse(key, Problem::Date(text.to_owned())),
    }
}

fn move_at(key: String, value: Decimal) -> Result<(), ScenarioSetError> {
    if value.floor_units(0).0 < (-1).into() {
        return refuse(key, Problem::Range { value, range: "at least -1" });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const SET: &str = "name = \"own\"\nsource = \"made up\"\nexactness = \"exact\"\n\
        [[scenarios]]\nname = \"one\"\ndate = \"2026-01-01\"\nuntil = \"2026-01-02\"\n\
        source = \"here\"\ndefault_move = \"-0.5\"\nmoves = { BTC = \"-1\", ETH = \"9.407\" }\n\
        vol_move = \"0.6\"\n\
        [[scenarios]]\nname = \"two\"\ndate = \"2026-02-01\"\nsource = \"there\"\n\
        default_move = \"0\"\nstale_oracle = true\n";

    #[track_caller]
    fn refuses(from: &str, to: &str, expected: &str) {
        assert!(SET.contains(from), "{from}");
        let error = ScenarioSet::parse(&SET.replacen(from, to, 1)).unwrap_err().to_string();
        assert!(error.contains(expected), "{error}");
    }

    #[test]
    fn a_set_is_read_from_toml_and_from_json() {
        let set = ScenarioSet::parse(SET).unwrap();
        let [one, two] = &set.scenarios[..] else { panic!("two scenarios") };
        assert_eq!(one.moves["ETH"].to_string(), "9.407");
        assert!(!one.stale_oracle && two.stale_oracle && two.moves.is_empty());
        let json = r#"{ "name": "own", "source": "made up", "exactness": "exact", "scenarios": [
            { "name": "one", "date": "2026-01-01", "until": "2026-01-02", "source": "here",
              "default_move": "-0.5", "moves": { "BTC": "-1", "ETH": "9.407" },
              "vol_move": "0.6" },
            { "name": "two", "date": "2026-02-01", "source": "there", "default_move": "0",
              "stale_oracle": true } ] }"#;
        assert_eq!(ScenarioSet::parse_json(json).unwrap(), set);
        let twice = json.replace("\"ETH\"", "\"BTC\"");
        let error = ScenarioSet::parse_json(&twice).unwrap_err().to_string();
        assert!(error.contains("duplicate key `BTC` at line"), "{error}");
        let error = ScenarioSet::parse_json("{").unwrap_err().to_string();
        assert!(error.starts_with("the scenarios are malformed: EOF"), "{error}");
    }

    #[test]
    fn malformed_text_is_refused_with_its_line() {
        refuses("until", "till", "line 7, column 1");
        refuses("until", "till", "unknown field `till`");
        refuses("source = \"here\"\n", "", "missing field `source`");
        refuses("default_move = \"0\"\n", "", "missing field `default_move`");
        refuses("\"-0.5\"", "-0.5", "a decimal number in quotes");
        refuses("\"-0.5\"", "\"-5e-1\"", "exponent notation");
        refuses("ETH", "BTC", "duplicate key");
        refuses("= true", "= 1", "expected a boolean");
    }

    #[test]
    fn every_key_says_something_that_can_be() {
        refuses("\"own\"", "\"my own\"", "name: invalid name `my own`");
        refuses("\"made up\"", "\" \"", "source: is missing");
        refuses("\"exact\"", "\"\"", "exactness: is missing");
        refuses("\"here\"", "\"\"", "scenarios[0].source: is missing");
        refuses("\"one\"", "\"\"", "scenarios[0].name: invalid name ``");
        refuses("\"two\"", "\"one\"", "scenarios[1].name: duplicate `one`");
        refuses("2026-01-01", "2026-1-1", "scenarios[0].date: `2026-1-1` is not a date");
        refuses("2026-01-02", "2026-02-30", "scenarios[0].until: `2026-02-30` is not a date");
        refuses("2026-01-02", "2025-12-31", "scenarios[0].until: does not belong here");
        refuses("\"-0.5\"", "\"-1.001\"", "scenarios[0].default_move: -1.001 is not at least -1");
        refuses("\"-1\"", "\"-1.01\"", "scenarios[0].moves.BTC: -1.01 is not at least -1");
        refuses("\"0.6\"", "\"-1.01\"", "scenarios[0].vol_move: -1.01 is not at least -1");
        refuses("BTC", "\"B TC\"", "scenarios[0].moves.B TC: invalid name `B TC`");
        let error =
            ScenarioSet::parse("name = \"own\"\nsource = \"x\"\nexactness = \"x\"\nscenarios = []");
        let error = error.unwrap_err().to_string();
        assert!(error.starts_with("scenarios: is missing"), "{error}");
    }
}
