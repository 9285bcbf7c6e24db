//! Bounds over moves of all prices together, or of one, beside what was proved there.

use std::collections::BTreeMap;

use pacioli_circuits::ScenarioId;
use pacioli_rules::{Amount, Decimal, Kind, Prices, Problem, RulesError, Scenario};
use serde::Serialize;

use super::{Bound, RepriceError, Repricing};
use crate::{progress::Progress, verify::Findings};

/// The lowest and the highest move, and the step, in thousandths.
const LOWEST: i32 = -500;
const HIGHEST: i32 = 500;
const STEP: usize = 10;

/// What is owed and what bad debt is at every move from -50 % to +50 % in steps of 1 %, and at every
/// move between these that was proved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Sweep {
    /// The asset that moves alone; `None` if all shocked assets move together.
    pub asset: Option<String>,
    /// The figures at every move, in rising order of moves.
    pub points: Vec<SweepPoint>,
}

/// What is owed and what bad debt is at one move.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SweepPoint {
    /// The relative move.
    #[serde(rename = "move")]
    pub by: Decimal,
    /// The bound there.
    #[serde(flatten)]
    pub bound: Bound,
    /// The scenario of the proof that is this move from its own prices, and its figures.
    pub proved: Option<ProvedPoint>,
}

/// What a proof says of a move.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ProvedPoint {
    /// The scenario: `mark` or a stress.
    pub scenario: String,
    /// What is owed.
    pub owed: Amount,
    /// The bad debt.
    pub bad_debt: Amount,
}

impl Sweep {
    /// Moves all shocked assets, or `asset` alone, from `prices`.
    ///
    /// # Errors
    /// As for [`Repricing::new`].
    pub fn new(
        findings: &Findings,
        prices: &Prices,
        asset: Option<&str>,
        progress: &dyn Progress,
    ) -> Result<Self, RepriceError> {
        let mut moves: BTreeMap<Decimal, Option<ProvedPoint>> =
            (LOWEST..=HIGHEST).step_by(STEP).map(|by| (Decimal::new(by.into(), 3), None)).collect();
        let [lowest, highest] = [LOWEST, HIGHEST].map(|by| Decimal::new(by.into(), 3));
        let proved = proved(findings, prices, asset);
        let within = proved.into_iter().filter(|(by, _)| (lowest..=highest).contains(by));
        moves.extend(within.map(|(by, point)| (by, Some(point))));
        let mark = findings.rules.scenarios[0].clone();
        let moved = moves.keys().enumerate().map(|(number, by)| Scenario {
            name: format!("move-{number}"),
            kind: Kind::Stress,
            default_move: Some(if asset.is_none() { *by } else { Decimal::new(0, 0) }),
            moves: asset.map(|asset| (asset.to_owned(), *by)).into_iter().collect(),
            ..mark.clone()
        });
        let scenarios: Vec<_> = [mark.clone()].into_iter().chain(moved).collect();
        let ids = ScenarioId::all(scenarios.len()).skip(1);
        let repricing = Repricing::in_scenarios(findings, prices, scenarios);
        let repricing = repricing.map_err(|error| match (&error, asset) {
            // The rules do not name it.
            (RepriceError::Rules(RulesError::At { problem, .. }), Some(asset))
                if matches!(**problem, Problem::Unknown { .. }) =>
            {
                RepriceError::Unmoved(asset.to_owned())
            }
            _ => error,
        })?;
        let at_mark = repricing.values(ScenarioId::MARK);
        if let Some(asset) = asset
            && ids.clone().all(|id| repricing.values(id) == at_mark)
        {
            return Err(RepriceError::Unmoved(asset.to_owned()));
        }
        progress.begin("sweeping", moves.len() as u64);
        let points = ids.zip(moves).zip(1..).map(|((id, (by, proved)), done)| {
            let (_, bound) = repricing.find(id);
            progress.reach(done);
            SweepPoint { by, bound, proved }
        });
        Ok(Self { asset: asset.map(str::to_owned), points: points.collect() })
    }
}

/// The moves that the proof has figures of, where it is from these prices.
fn proved(
    findings: &Findings,
    prices: &Prices,
    asset: Option<&str>,
) -> BTreeMap<Decimal, ProvedPoint> {
    let own = &findings.attestation.prices;
    if (&own.prices, &own.vols, own.as_of) != (&prices.prices, &prices.vols, prices.as_of) {
        return BTreeMap::new();
    }
    let zero = Decimal::new(0, 0);
    let by = |scenario: &Scenario| -> Option<Decimal> {
        let is_plain = scenario.vol_move.is_none() && scenario.expiries.is_empty();
        match (scenario.kind, asset) {
            (Kind::Mark, _) => Some(zero),
            (Kind::Stress, None) if is_plain && scenario.moves.is_empty() => scenario.default_move,
            (Kind::Stress, Some(asset)) if is_plain && scenario.moves.len() == 1 => {
                let others = scenario.default_move.unwrap_or(zero);
                let by = *scenario.moves.get(asset)?;
                (others == zero).then_some(by)
            }
            _ => None,
        }
    };
    let mut points = BTreeMap::new();
    for scenario in &findings.rules.scenarios {
        let figures = findings.figures.scenario(&scenario.name);
        if let (Some(by), Some(figures)) = (by(scenario), figures) {
            points.entry(by).or_insert_with(|| ProvedPoint {
                scenario: scenario.name.clone(),
                owed: figures.owed.clone(),
                bad_debt: figures.bad_debt.clone(),
            });
        }
    }
    points
}
