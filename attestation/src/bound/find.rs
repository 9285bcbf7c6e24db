//! Finding multipliers that make a bound tight: a linear program.
//!
//! The least B over all multipliers is, by duality, the most that one account could lack whose lines
//! are parts `x` of the totals and that is worth at least minus the proved shortfall in every scenario:
//!
//! ```text
//! most  -sum_j x[j] V[j]   where  sum_j x[j] V_s[j] >= -G_s  for each s,  0 <= x[j] <= T[j]
//! ```
//!
//! That has one row for each scenario, of which there are few, and `x = 0` keeps to all of it: the
//! simplex method with bounded variables begins there, and the prices of its rows are the multipliers.
//! It runs in floating point, for a number of steps that is limited. What it returns is rounded to a
//! certificate, tried exactly, beside each scenario by itself, and the best is taken: rounding or an
//! early end only make the bound looser.

use pacioli_circuits::ScenarioId;

use super::{Bound, Certificate, Repricing, simplex::Program};

/// Products of two numbers that are computed for all scenarios at other prices together, about, and for
/// one of them at least and at most.
const WORK: usize = 1 << 31;
const LEAST_WORK: usize = 1 << 22;
const MOST_WORK: usize = 1 << 29;

impl Repricing<'_> {
    /// A certificate that makes the bound tight in a scenario of [`Self::now`], and the bound.
    pub fn find(&self, scenario: ScenarioId) -> (Certificate, Bound) {
        let values = self.values(scenario);
        let count = self.proved.scenarios.len();
        // With the cover beside it, each is exact at its own prices.
        let cover = self.proved.cover_scenario();
        let alone = (0..count).map(|at| {
            let mut multipliers = vec![0; count];
            multipliers[at] = Certificate::UNIT;
            cover.into_iter().for_each(|cover| multipliers[cover.index()] = Certificate::UNIT);
            multipliers
        });
        let candidates = alone.chain([vec![0; count], self.by_simplex(&values)]);
        let tried = candidates.map(|multipliers| (self.bound(&values, &multipliers), multipliers));
        let (bound, multipliers) = tried
            .min_by(|(a, _), (b, _)| a.bad_debt_at_most.units.cmp(&b.bad_debt_at_most.units))
            .expect("there is a scenario");
        (Certificate::new(self.proved, &multipliers), bound)
    }

    /// The multipliers that the simplex method finds. All scenarios together take so much work at most.
    fn by_simplex(&self, values: &[i128]) -> Vec<u64> {
        let rows = self.proved.table.instruments().iter().zip(&self.totals.0).zip(values);
        let rows = rows.zip(&self.closes).filter(|(_, closes)| !**closes);
        let held: Vec<_> = rows
            .map(|(((row, total), &value), _)| (row, total.quantity as f64, value as f64))
            .filter(|(_, quantity, _)| *quantity > 0.0)
            .collect();
        let ids: Vec<ScenarioId> = self.proved.scenarios_by_id().map(|(id, _)| id).collect();
        let shortfalls = self.proved.scenarios.iter().map(|scenario| match scenario.balance() {
            Some([_, shortfall]) => self.totals.0[shortfall.row()].quantity as f64,
            None => 0.0,
        });
        let shortfalls: Vec<f64> = shortfalls.collect();
        // In parts of all that is held, so that numbers are about 1 and x between 0 and 1.
        let gross: f64 = held.iter().map(|(_, quantity, value)| quantity * value.abs()).sum();
        let scale = gross.max(1.0);
        let program = Program {
            gains: held.iter().map(|(_, quantity, value)| -quantity * value / scale).collect(),
            uses: ids
                .iter()
                .map(|&id| {
                    let used = held.iter().map(|(row, quantity, _)| {
                        -quantity * row.values[id].units() as f64 / scale
                    });
                    used.collect()
                })
                .collect(),
            limits: shortfalls.iter().map(|shortfall| shortfall / scale).collect(),
        };
        let most = (Certificate::MOST * Certificate::UNIT) as f64;
        let work = (WORK / self.now().scenarios.len()).clamp(LEAST_WORK, MOST_WORK);
        let prices = program.prices(work);
        let rounded = prices.iter().map(|price| {
            let units = (price * Certificate::UNIT as f64).round();
            if units.is_finite() { units.clamp(0.0, most) as u64 } else { 0 }
        });
        rounded.collect()
    }
}
