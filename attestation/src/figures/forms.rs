//! What plain and covered lines come to, outside of the circuit: quantities at the values of the rows
//! that they stand for. Why this only errs upwards is said beside the table's check
//! (`pacioli_rules::check_table`).

use num_bigint::{BigInt, BigUint};
use pacioli_circuits::{ScenarioId, Total};
use pacioli_rules::{Amount, CompiledContingency};

use super::sums::Book;

impl Book<'_> {
    /// What is owed in a scenario: its equity, and what plain and covered lines are worth there. In
    /// a margin scenario these count by their first tier, which counts for most.
    pub(super) fn owed(&self, equity: &Amount, scenario: ScenarioId) -> Amount {
        let rows = self.compiled.table.instruments();
        let worth: BigInt = self
            .forms()
            .map(|(of, total)| BigInt::from(rows[of].values[scenario].units()) * total.quantity)
            .sum();
        // Of accounts that were proved it is not negative.
        let worth = worth.to_biguint().unwrap_or_default();
        Amount::new(&equity.units + worth, equity.decimals)
    }

    /// The worst losses that accounts have written for a contingency, and those of every plain and
    /// covered line by itself. These are rounded up to the contingency's unit together, where each
    /// account that writes the contingency rounds up its own.
    pub(super) fn required(&self, contingency: &CompiledContingency) -> Amount {
        let written = self.row(contingency.row);
        let rows = self.compiled.table.instruments();
        let Some(&first) = contingency.scenarios.first() else { return written };
        let unit = rows[contingency.row.row()].values[first].units().unsigned_abs().max(1);
        let lost: BigUint = self
            .forms()
            .map(|(of, total)| {
                let losses = contingency.scenarios.iter().map(|&s| -rows[of].values[s].units());
                let worst = losses.max().unwrap_or_default().max(0).unsigned_abs();
                BigUint::from(worst) * total.quantity
            })
            .sum();
        let lost = (lost + (unit - 1)) / unit;
        Amount::new(written.units + lost, written.decimals)
    }

    /// Every plain and covered row's total, with the row that it stands for.
    fn forms(&self) -> impl Iterator<Item = (usize, &Total)> {
        let rows = self.compiled.rows.iter().zip(self.totals);
        rows.filter_map(|(row, total)| Some((row.role.stands_for()?, total)))
    }
}
