//! Sweeps: the moves of prices at which bad debt exceeds the insurance fund.

use std::collections::BTreeMap;

use pacioli_attestation::Progress;
use pacioli_rules::{Amount, Closest, Decimal, Kind, Scenario};
use serde::Serialize;

use super::{book::StressBook, error::StressError, outcome::insures, values::together};

/// The lowest and the highest move of a sweep, and its step, in thousandths.
const LOWEST: i32 = -900;
const HIGHEST: i32 = 2000;
const STEP: i32 = 10;

/// A book at every move from -90 % to +200 % in steps of 1 %.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Sweep {
    /// The asset that moves alone; `None` if all shocked assets move together.
    pub asset: Option<String>,
    /// The figures at every move, in rising order of moves.
    pub points: Vec<SweepPoint>,
    /// The crossing on the way down.
    pub down: Crossing,
    /// The crossing on the way up.
    pub up: Crossing,
}

/// A book at one move.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SweepPoint {
    /// The relative move.
    #[serde(rename = "move")]
    pub by: Decimal,
    /// The sum of positive equity, owed to accounts.
    pub owed: Amount,
    /// The sum of shortfalls.
    pub bad_debt: Amount,
    /// The number of accounts with a shortfall.
    pub accounts_with_shortfall: u64,
    /// The worth of the insurance fund, if it is known.
    pub insurance: Option<Amount>,
}

/// The first move in one direction at which bad debt exceeds the insurance fund. An unknown fund is
/// worth nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Crossing {
    /// At no move of the sweep.
    Never,
    /// At the current prices.
    Already,
    /// At this move, to 0.1 %, and at no move of the sweep closer to 0.
    At(SweepPoint),
}

impl SweepPoint {
    /// Whether the insurance fund covers the bad debt.
    pub fn is_insured(&self) -> bool {
        insures(self.insurance.as_ref(), &self.bad_debt)
    }
}

impl StressBook {
    /// Moves all shocked assets, or `asset` alone, and finds the moves closest to 0 at which
    /// bad debt exceeds the insurance fund.
    ///
    /// Nothing is bisected: every step is evaluated, and between the last step that is insured and
    /// the first that is not, every tenth of a step. The bad debt of deposits, borrows and perpetuals
    /// is convex in the move, so there is one crossing; with options there may be several, and a
    /// crossing between two steps can be missed.
    ///
    /// # Errors
    /// If a move of `asset` changes nothing in the book, or a moved value is too large for a table.
    pub fn sweep(
        &self,
        asset: Option<&str>,
        progress: &dyn Progress,
    ) -> Result<Sweep, StressError> {
        if let Some(asset) = asset {
            if asset == self.quote() {
                return Err(StressError::Quote(asset.to_owned()));
            }
            if !self.moves(asset) {
                let assets = self.compiled.assets.keys().map(String::as_str);
                let markets = self.rules.markets.values().map(|market| market.underlying.as_str());
                let (name, closest) = (asset.to_owned(), Closest::of(asset, assets.chain(markets)));
                return Err(StressError::NotInBook { name, closest });
            }
        }
        let moves: Vec<i32> = (LOWEST..=HIGHEST).step_by(STEP as usize).collect();
        progress.begin(&format!("sweeping {} accounts", self.accounts()), moves.len() as u64);
        let points = self.points(asset, &moves, progress)?;
        let here = moves.iter().position(|&by| by == 0).unwrap_or_default();
        let is_unfunded = |index: &usize| !points[*index].is_insured();
        let crossing = |first: Option<usize>| match first {
            None => Ok(Crossing::Never),
            Some(index) if index == here => Ok(Crossing::Already),
            Some(index) => self.refine(asset, moves[index]).map(Crossing::At),
        };
        let down = crossing((0..=here).rev().find(is_unfunded))?;
        let up = crossing((here..moves.len()).find(is_unfunded))?;
        Ok(Sweep { asset: asset.map(str::to_owned), points, down, up })
    }

    /// The first move that is not insured on the way to `by`, which is the first step that is not.
    fn refine(&self, asset: Option<&str>, by: i32) -> Result<SweepPoint, StressError> {
        // From one tenth past the step before, outwards to this one.
        let fine: Vec<i32> = (0..STEP).rev().map(|tenth| by - tenth * by.signum()).collect();
        let mut points = self.points(asset, &fine, &())?.into_iter();
        let last = points.next_back();
        let first = points.find(|point| !point.is_insured()).or(last);
        Ok(first.expect("a step has tenths"))
    }

    fn points(
        &self,
        asset: Option<&str>,
        moves: &[i32],
        progress: &dyn Progress,
    ) -> Result<Vec<SweepPoint>, StressError> {
        let mut points = Vec::with_capacity(moves.len());
        for chunk in moves.chunks(together(&self.compiled)) {
            let stresses: Vec<_> = chunk.iter().map(|&by| self.moved(asset, by)).collect();
            let values = self.values_in_stresses(&stresses)?;
            points.extend(self.tally(&values, false).iter().zip(&values.asked).zip(chunk).map(
                |((tally, asked), &by)| SweepPoint {
                    by: Decimal::new(by.into(), 3),
                    owed: self.amount(tally.owed),
                    bad_debt: self.amount(tally.bad_debt),
                    accounts_with_shortfall: tally.with_shortfall,
                    insurance: self.insurance(&values.compiled, asked.scenario),
                },
            ));
            progress.reach(points.len() as u64);
        }
        Ok(points)
    }

    /// The scenario in which all shocked assets, or one asset alone, move by so many thousandths.
    fn moved(&self, asset: Option<&str>, by: i32) -> Scenario {
        let (side, size) = (if by < 0 { "down" } else { "up" }, by.unsigned_abs());
        let by = Decimal::new(by.into(), 3);
        let alone = asset.map(|asset| (asset.to_owned(), by));
        Scenario {
            name: format!("{side}-{size}-thousandths"),
            kind: Kind::Stress,
            default_move: Some(if alone.is_none() { by } else { Decimal::new(0, 0) }),
            moves: alone.into_iter().collect::<BTreeMap<_, _>>(),
            ..self.rules.scenarios[0].clone()
        }
    }
}
