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

use super::{Bound, Certificate, Repricing};

/// Steps of the simplex method, at most: some times the scenarios and rows.
const STEPS: usize = 10;
/// What counts as nothing beside 1.
const TINY: f64 = 1e-11;

impl Repricing<'_> {
    /// A certificate that makes the bound tight, and the bound.
    pub fn find(&self) -> (Certificate, Bound) {
        let scenarios = self.proved.scenarios.len();
        // With the cover beside it, each is exact at its own prices.
        let cover = self.proved.cover_scenario();
        let alone = (0..scenarios).map(|at| {
            let mut multipliers = vec![0; scenarios];
            multipliers[at] = Certificate::UNIT;
            cover.into_iter().for_each(|cover| multipliers[cover.index()] = Certificate::UNIT);
            multipliers
        });
        let candidates = alone.chain([vec![0; scenarios], self.by_simplex()]);
        let tried = candidates.map(|multipliers| (self.bound(&multipliers), multipliers));
        let (bound, multipliers) = tried
            .min_by(|(a, _), (b, _)| a.bad_debt_at_most.units.cmp(&b.bad_debt_at_most.units))
            .expect("there is a scenario");
        (Certificate::new(self.proved, &multipliers), bound)
    }

    /// The multipliers that the simplex method finds.
    fn by_simplex(&self) -> Vec<u64> {
        let rows = self.proved.table.instruments().iter().zip(&self.totals.0).zip(&self.values);
        let rows = rows.zip(self.closing()).filter(|(_, closes)| !closes);
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
        let prices = program.prices();
        let rounded = prices.iter().map(|price| {
            let units = (price * Certificate::UNIT as f64).round();
            if units.is_finite() { units.clamp(0.0, most) as u64 } else { 0 }
        });
        rounded.collect()
    }
}

/// `most gains x` where `uses x <= limits`, `0 <= x <= 1`; no limit is negative.
struct Program {
    gains: Vec<f64>,
    uses: Vec<Vec<f64>>,
    limits: Vec<f64>,
}

impl Program {
    /// What one unit more of each limit would gain: the dual solution, or what is known of it when the
    /// steps are used up.
    fn prices(self) -> Vec<f64> {
        let Self { mut gains, mut uses, mut limits } = self;
        let (count, columns) = (uses.len(), gains.len());
        // Columns: x, and then the slack of each row, which has no upper bound. A column that is at its
        // upper bound is turned around: x' = 1 - x.
        for (at, row) in uses.iter_mut().enumerate() {
            row.extend((0..count).map(|slack| f64::from(u8::from(slack == at))));
        }
        gains.extend(std::iter::repeat_n(0.0, count));
        let upper = |column: usize| if column < columns { 1.0 } else { f64::INFINITY };
        let mut basis: Vec<usize> = (columns..columns + count).collect();
        for step in 0..STEPS * (count + columns) {
            // The steepest column that gains, or, so that no circle is run forever, the first.
            let gaining = (0..gains.len()).filter(|&column| gains[column] > TINY);
            let entering = match step < STEPS * (count + columns) / 2 {
                true => gaining.max_by(|&a, &b| gains[a].total_cmp(&gains[b])),
                false => gaining.min(),
            };
            let Some(entering) = entering else { break };
            // How far it can go: to its own bound, or until a column of the basis is at one of its.
            let mut furthest = upper(entering);
            let mut leaving = None;
            for (row, &basic) in basis.iter().enumerate() {
                let use_ = uses[row][entering];
                let room = match use_ {
                    _ if use_ > TINY => limits[row] / use_,
                    _ if use_ < -TINY => (limits[row] - upper(basic)) / use_,
                    _ => continue,
                };
                if room < furthest {
                    (furthest, leaving) = (room.max(0.0), Some((row, use_ < 0.0)));
                }
            }
            if furthest == f64::INFINITY {
                break;
            }
            let Some((row, at_upper)) = leaving else {
                turn(entering, &mut gains, &mut uses, &mut limits);
                continue;
            };
            if at_upper {
                // The column that leaves is at its upper bound: turn it around first.
                let basic = basis[row];
                uses[row].iter_mut().for_each(|use_| *use_ = -*use_);
                uses[row][basic] = 1.0;
                limits[row] = upper(basic) - limits[row];
            }
            pivot(row, entering, &mut gains, &mut uses, &mut limits);
            basis[row] = entering;
        }
        // The price of a row is what its slack no longer gains.
        gains[columns..].iter().map(|gain| (-gain).max(0.0)).collect()
    }
}

/// Puts `1 - x` in the place of a column x that is not in the basis.
fn turn(column: usize, gains: &mut [f64], uses: &mut [Vec<f64>], limits: &mut [f64]) {
    gains[column] = -gains[column];
    for (row, limit) in uses.iter_mut().zip(limits) {
        *limit -= row[column];
        row[column] = -row[column];
    }
}

/// Brings a column into the basis for that of a row.
fn pivot(row: usize, column: usize, gains: &mut [f64], uses: &mut [Vec<f64>], limits: &mut [f64]) {
    let divisor = uses[row][column];
    uses[row].iter_mut().for_each(|use_| *use_ /= divisor);
    limits[row] /= divisor;
    let (own, limit) = (uses[row].clone(), limits[row]);
    for (other, uses) in uses.iter_mut().enumerate().filter(|(other, _)| *other != row) {
        let times = uses[column];
        if times != 0.0 {
            uses.iter_mut().zip(&own).for_each(|(use_, own)| *use_ -= times * own);
            uses[column] = 0.0;
            limits[other] -= times * limit;
        }
    }
    let times = gains[column];
    gains.iter_mut().zip(&own).for_each(|(gain, own)| *gain -= times * own);
    gains[column] = 0.0;
}
