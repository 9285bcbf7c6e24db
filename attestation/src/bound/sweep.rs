//! Bounds over moves of all prices together, or of one, beside what was proved there.

use std::collections::BTreeMap;

use pacioli_circuits::{MAX_INSTRUMENTS, ScenarioId};
use pacioli_rules::{Amount, Compiled, Decimal, Kind, Prices, Problem, Role, RulesError, Scenario};
use serde::Serialize;

use super::{Bound, RepriceError, Repricing};
use crate::{progress::Progress, verify::Findings};

/// The lowest and the highest move, and the step, in thousandths.
const LOWEST: i32 = -500;
const HIGHEST: i32 = 500;
const STEP: usize = 10;

/// What is owed and what bad debt is at every move from -50 % to +50 % in steps of 1 %, and at every
/// move between these that was proved; but where units of value are too coarse.
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
        progress.begin("sweeping", moves.len() as u64);
        let mut points = Vec::with_capacity(moves.len());
        let mut changes = false;
        let moves: Vec<(Decimal, Option<ProvedPoint>)> = moves.into_iter().collect();
        for moves in moves.chunks(together(&findings.compiled)) {
            let scenarios = moved(findings, moves.iter().map(|(by, _)| *by), asset);
            let ids = ScenarioId::all(scenarios.len()).skip(1);
            let repricing = Repricing::in_scenarios(findings, prices, scenarios)
                .map_err(|error| unnamed(error, asset))?;
            let at_mark = repricing.values(ScenarioId::MARK);
            for (id, (by, proved)) in ids.zip(moves) {
                changes |= repricing.values(id) != at_mark;
                if !repricing.is_coarse(id) {
                    let (_, bound) = repricing.find(id);
                    points.push(SweepPoint { by: *by, bound, proved: proved.clone() });
                }
                progress.reach(points.len() as u64);
            }
        }
        match asset {
            Some(asset) if !changes => Err(RepriceError::Unmoved(asset.to_owned())),
            _ => Ok(Self { asset: asset.map(str::to_owned), points }),
        }
    }
}

/// How many moves fit in a table: each has two rows that close it.
fn together(proved: &Compiled) -> usize {
    let is_own = |role: Role| !role.is_shared() && role.stands_for().is_none();
    let rows = proved.rows.iter().filter(|row| is_own(row.role)).count();
    // Mark is closed as well.
    (MAX_INSTRUMENTS.saturating_sub(rows + 2) / 2).max(1)
}

/// Mark, and all shocked assets or one alone moved.
fn moved(
    findings: &Findings,
    moves: impl Iterator<Item = Decimal>,
    asset: Option<&str>,
) -> Vec<Scenario> {
    let mark = findings.rules.scenarios[0].clone();
    let moved = moves.enumerate().map(|(number, by)| Scenario {
        name: format!("move-{number}"),
        kind: Kind::Stress,
        default_move: Some(if asset.is_none() { by } else { Decimal::new(0, 0) }),
        moves: asset.map(|asset| (asset.to_owned(), by)).into_iter().collect(),
        ..mark.clone()
    });
    [mark.clone()].into_iter().chain(moved).collect()
}

/// The error of an asset that the rules do not name.
fn unnamed(error: RepriceError, asset: Option<&str>) -> RepriceError {
    match (&error, asset) {
        (RepriceError::Rules(RulesError::At { problem, .. }), Some(asset))
            if matches!(**problem, Problem::Unknown { .. }) =>
        {
            RepriceError::Unmoved(asset.to_owned())
        }
        _ => error,
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

#[cfg(test)]
mod tests {
    use pacioli_rules::{Rules, compile};

    use super::*;

    #[test]
    fn the_moves_of_a_large_table_fit_in_one() {
        let rules = "name = \"n\"\nsource = \"s\"\ndate = \"2026-01-01\"\nexactness = \"e\"\n\
                     quote = \"USD\"\ncover = false\nscenarios = [{ name = \"mark\", kind = \"mark\" }]\n\
                     [asset_default]\ndecimals = 2\n[policy]\nmin_coverage = \"1\"";
        let rules = Rules::parse(rules).unwrap();
        let names: Vec<_> = (0..1000).map(|number| format!("\"A{number}\": \"1\"")).collect();
        let prices = format!(
            "{{ \"as_of\": \"2026-01-01T00:00:00Z\", \"quote\": \"USD\", \"method\": \"m\", \
             \"prices\": {{ {} }} }}",
            names.join(", ")
        );
        let prices = Prices::parse(&prices).unwrap();
        let compiled = compile(&rules, &prices).unwrap();
        let together = together(&compiled);
        assert_eq!(together, 21);
        let mark = rules.scenarios[0].clone();
        let moved = (0..together).map(|number| Scenario {
            name: format!("move-{number}"),
            kind: Kind::Stress,
            default_move: Some(Decimal::new(-1, 2)),
            ..mark.clone()
        });
        let scenarios = [mark.clone()].into_iter().chain(moved).collect();
        let moved = rules.with_scenarios(scenarios).unwrap();
        compile(&moved, &prices).unwrap();
    }
}
