//! How the crashes of the set `historical` came about: the lowest price of every four hours.

use std::collections::BTreeMap;

use num_bigint::BigInt;
use pacioli_rules::Decimal;
use serde::Deserialize;

use super::{scenarios::StressScenario, shipped::shipped};

/// The file.
const PATHS: &str = include_str!("../../../scenarios/paths.toml");

/// The decimals of a move that follows from another asset's, towards 0.
const DECIMALS: u32 = 9;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PathSet {
    #[serde(rename = "name")]
    _name: String,
    #[serde(rename = "source")]
    _source: String,
    #[serde(rename = "exactness")]
    _exactness: String,
    candle_hours: u64,
    paths: Vec<Listed>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Listed {
    scenario: String,
    begins: String,
    moves: BTreeMap<String, Vec<Decimal>>,
}

/// A crash, candle by candle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CrashPath {
    /// The scenario of the set `historical` that it ends in.
    pub scenario: StressScenario,
    /// When it begins.
    pub begins: String,
    /// The seconds of a candle.
    pub candle: u64,
    /// For each asset that was looked at, the lowest move of each candle, from the price at the beginning.
    moves: BTreeMap<String, Vec<Decimal>>,
}

/// The paths that come with the project, in the order of the set `historical`.
///
/// # Panics
/// Never: the file is tested to be well formed.
pub fn crash_paths() -> Vec<CrashPath> {
    let set: PathSet =
        toml::from_str(PATHS).expect("the shipped paths are tested to be well formed");
    let crashes = shipped("historical").map(|set| set.scenarios).unwrap_or_default();
    let path = |listed: Listed| {
        let scenario = crashes.iter().find(|crash| crash.name == listed.scenario)?.clone();
        let candle = set.candle_hours * 3_600;
        Some(CrashPath { scenario, begins: listed.begins, candle, moves: listed.moves })
    };
    set.paths.into_iter().filter_map(path).collect()
}

impl CrashPath {
    /// The number of candles.
    pub fn candles(&self) -> usize {
        self.moves.values().map(Vec::len).min().unwrap_or_default()
    }

    /// The seconds that it takes.
    pub fn length(&self) -> u64 {
        self.candle * self.candles() as u64
    }

    /// The prices of each candle as a scenario. Assets that were not looked at go the same part of their
    /// way as the one that is farthest on its own.
    pub fn scenarios(&self) -> Vec<StressScenario> {
        (0..self.candles()).map(|candle| self.at(candle)).collect()
    }

    fn at(&self, candle: usize) -> StressScenario {
        let [gone, whole] = self.part(candle);
        let scaled = |by: Decimal| {
            // A move is below 2^63 in thousandths, and has few decimals.
            let up = BigInt::from(10).pow(DECIMALS.saturating_sub(by.scale()));
            let units = BigInt::from(by.mantissa()) * up * &gone / &whole;
            i128::try_from(units).map_or(by, |units| Decimal::new(units, DECIMALS))
        };
        let mut scenario = self.scenario.clone();
        scenario.name = format!("{}-candle-{candle}", self.scenario.name);
        scenario.default_move = scaled(scenario.default_move);
        for (asset, by) in &mut scenario.moves {
            *by = self.moves.get(asset).map_or_else(|| scaled(*by), |moves| moves[candle]);
        }
        scenario
    }

    /// The moves of what was looked at, in one of its scenarios.
    pub(super) fn named(&self, scenario: &StressScenario) -> Vec<(String, Decimal)> {
        let moves = scenario.moves.iter().filter(|(asset, _)| self.moves.contains_key(*asset));
        moves.map(|(asset, by)| (asset.clone(), *by)).collect()
    }

    /// The part of its way that the asset has gone which is farthest, as a ratio.
    fn part(&self, candle: usize) -> [BigInt; 2] {
        let units = |by: &Decimal| by.floor_units(DECIMALS).0;
        let parts = self.moves.iter().filter_map(|(asset, moves)| {
            let whole = units(self.scenario.moves.get(asset)?);
            (whole < BigInt::ZERO).then(|| [-units(&moves[candle]), -whole])
        });
        let farthest = parts.max_by(|[a, b], [c, d]| (a * d).cmp(&(c * b)));
        farthest.unwrap_or_else(|| [BigInt::ZERO, BigInt::from(1)])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_crash_has_a_path_that_ends_in_its_trough() {
        let paths = crash_paths();
        let crashes = shipped("historical").unwrap().scenarios;
        let own: Vec<_> = paths.iter().map(|path| path.scenario.name.clone()).collect();
        // The softer reading of the last has no candles of its own.
        let named = crashes.iter().map(|crash| &crash.name).filter(|name| !name.ends_with("index"));
        assert!(named.eq(&own), "{own:?}");
        for path in paths {
            let name = &path.scenario.name;
            assert!(path.moves.keys().eq(["BTC", "ETH"]), "{name}");
            assert!(path.moves.values().all(|moves| moves.len() == path.candles()), "{name}");
            for (asset, moves) in &path.moves {
                let lowest = moves.iter().map(|by| by.floor_units(3).0).min().unwrap();
                assert_eq!(lowest, path.scenario.moves[asset].floor_units(3).0, "{asset}, {name}");
            }
            let day = &path.begins;
            let until = path.scenario.until.as_ref().unwrap();
            assert!(day[..10] >= *path.scenario.date && day[..10] <= **until, "{name}");
            let steps = path.scenarios();
            let last = steps.iter().map(|one| one.default_move.floor_units(9).0).min().unwrap();
            assert_eq!(last, path.scenario.default_move.floor_units(9).0, "{name}");
        }
    }

    #[test]
    fn what_was_not_looked_at_goes_the_part_of_the_farthest() {
        let paths = crash_paths();
        let path = &paths[0];
        let step = &path.scenarios()[5];
        assert_eq!(step.moves["BTC"].to_string(), "-0.305");
        assert_eq!(step.moves["ETH"].to_string(), "-0.38");
        // 0.38 of 0.567 is farther than 0.305 of 0.526; LINK falls by 0.655 in all.
        assert_eq!(step.moves["LINK"].to_string(), "-0.438977072");
    }
}
