//! How fast a crash is: the time from each state to bad debt beyond the insurance fund.
//!
//! States are those of a registry, for a venue that is healthy as the path begins. `Warning` and `Breach`
//! are what an attestation of that moment would be; without one a venue stays healthy until it expires.

use num_bigint::BigUint;
use pacioli_attestation::Progress;
use pacioli_rules::{Amount, Decimal};
use serde::Serialize;

use super::{
    book::StressBook,
    error::StressError,
    outcome::Outcome,
    paths::{CrashPath, crash_paths},
    scenarios::StressScenario,
};

/// Parts of one.
const BPS: u32 = 10_000;

/// What a venue bound itself to in its registry; a band of 0 is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct SpeedLimits {
    /// How old a snapshot may be, in seconds.
    pub max_age: u64,
    /// How far what is owed may move, in 1/10,000.
    pub owed_band_bps: u16,
    /// How far any price may move, in 1/10,000.
    pub prices_band_bps: u16,
}

/// A time in a path: in which candle, by the seconds since the beginning. When in the candle is not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Moment {
    /// Not before.
    pub from: u64,
    /// Not after.
    pub to: u64,
}

/// How fast one crash is for a book.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Speed {
    /// The crash, a scenario of the set `historical`.
    pub scenario: String,
    /// When it begins.
    pub begins: String,
    /// The seconds that it takes.
    pub length: u64,
    /// When an attestation would first be a warning: something left its band.
    pub warning: Option<Moment>,
    /// When it would first be a breach: customers' reserves are worth less than is owed, or bad debt is
    /// beyond the fund.
    pub breach: Option<Moment>,
    /// When the attestation of the beginning expires.
    pub expired: Moment,
    /// When bad debt is first beyond the insurance fund; `None` if it never is.
    pub beyond: Option<Beyond>,
}

/// Bad debt beyond the insurance fund.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Beyond {
    /// When.
    pub when: Moment,
    /// The moves of what was looked at, in the order of names.
    pub moves: Vec<(String, Decimal)>,
    /// The bad debt.
    pub bad_debt: Amount,
    /// The fund, if it is known.
    pub insurance: Option<Amount>,
}

/// A length of time that is known to within candles.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Lead {
    /// At least so many seconds.
    pub least: u64,
    /// At most so many.
    pub most: u64,
}

impl Speed {
    /// The time from a moment to bad debt beyond the fund; `None` if either never comes, or the moment
    /// comes afterwards.
    pub fn lead(&self, from: Option<Moment>) -> Option<Lead> {
        let (from, beyond) = (from?, self.beyond.as_ref()?.when);
        let most = beyond.to.checked_sub(from.from)?;
        let is_after = from.from >= beyond.to && beyond.to > 0;
        (!is_after).then(|| Lead { least: beyond.from.saturating_sub(from.to), most })
    }
}

impl StressBook {
    /// Plays all shipped crashes, candle by candle.
    ///
    /// # Errors
    /// If a moved price or value is too large for a table.
    pub fn speeds(
        &self,
        limits: SpeedLimits,
        progress: &dyn Progress,
    ) -> Result<Vec<Speed>, StressError> {
        let mark = self.at_mark();
        let speed = |path: &CrashPath| self.speed(path, &mark, limits, progress);
        crash_paths().iter().map(speed).collect()
    }

    fn speed(
        &self,
        path: &CrashPath,
        mark: &Outcome,
        limits: SpeedLimits,
        progress: &dyn Progress,
    ) -> Result<Speed, StressError> {
        let scenarios = path.scenarios();
        let outcomes = self.evaluate(&scenarios, progress)?;
        let moment = |candle: usize| {
            let from = path.candle * candle as u64;
            Moment { from, to: from + path.candle }
        };
        let now = Moment { from: 0, to: 0 };
        let is_short = |one: &Outcome| !one.is_insured() || !is_covered(one);
        let mut warned = Vec::with_capacity(outcomes.len());
        for (scenario, outcome) in scenarios.iter().zip(&outcomes) {
            let owed = [&mark.owed.units, &outcome.owed.units];
            let owed = left_band(owed[0], owed[1], limits.owed_band_bps);
            warned.push(owed || self.prices_left(scenario, limits.prices_band_bps)?);
        }
        let first = |is: &dyn Fn(usize) -> bool| (0..outcomes.len()).find(|&at| is(at)).map(moment);
        let warning = first(&|at| warned[at]);
        let breach = match is_short(mark) {
            true => Some(now),
            false => first(&|at| is_short(&outcomes[at])),
        };
        let beyond = |outcome: &Outcome, when, scenario: Option<&StressScenario>| Beyond {
            when,
            moves: scenario.map_or_else(Vec::new, |scenario| path.named(scenario)),
            bad_debt: outcome.bad_debt.clone(),
            insurance: outcome.insurance.clone(),
        };
        let beyond = if mark.is_insured() {
            let at = outcomes.iter().position(|one| !one.is_insured());
            at.map(|at| beyond(&outcomes[at], moment(at), Some(&scenarios[at])))
        } else {
            Some(beyond(mark, now, None))
        };
        Ok(Speed {
            scenario: path.scenario.name.clone(),
            begins: path.begins.clone(),
            length: path.length(),
            warning,
            breach,
            expired: Moment { from: limits.max_age, to: limits.max_age },
            beyond,
        })
    }

    /// Whether a price of the prices file left its band.
    fn prices_left(&self, scenario: &StressScenario, bps: u16) -> Result<bool, StressError> {
        if bps == 0 {
            return Ok(false);
        }
        let moved = self.moved_prices(&self.stress(scenario))?;
        let pairs = self.prices.prices.iter().zip(moved.prices.values());
        Ok(pairs.into_iter().any(|((_, before), after)| {
            let decimals = before.scale().max(after.scale());
            // Prices are not negative.
            let units = |price: &Decimal| price.floor_units(decimals).0.magnitude().clone();
            left_band(&units(before), &units(after), bps)
        }))
    }
}

/// Whether customers' reserves are worth what is owed; without reserves nobody can say.
fn is_covered(outcome: &Outcome) -> bool {
    outcome.customers.as_ref().is_none_or(|held| held.units >= outcome.owed.units)
}

/// Whether a value is more than a part above or below another, as a registry says it.
fn left_band(before: &BigUint, now: &BigUint, bps: u16) -> bool {
    let now = now * BPS;
    bps != 0
        && (now > before * (BPS + u32::from(bps)) || now < before * BPS.saturating_sub(bps.into()))
}
