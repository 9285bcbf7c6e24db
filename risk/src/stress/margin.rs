//! Margin requirements of an account, at the current prices or at moved ones.

use pacioli_circuits::ScenarioId;
use pacioli_rules::{Compiled, CompiledScenario, Margin, ScenarioKind};

use super::{columns::Columns, wide_int::WideInt};

/// One margin scenario, by the columns that it takes.
#[derive(Clone, Debug)]
pub(super) struct Requirement {
    pub(super) name: String,
    pub(super) is_maintenance: bool,
    column: usize,
    charges: Vec<Charge>,
}

/// The charge of a contingency: the worst of its losses, in whole units of it.
#[derive(Clone, Debug)]
struct Charge {
    /// The column of each loss, and a unit's worth there.
    losses: Vec<(usize, u64)>,
    /// The cost of a unit in the margin scenario.
    counts: u64,
}

impl Requirement {
    /// The margin scenarios of a table, in order.
    pub(super) fn all(compiled: &Compiled, columns: &mut Columns<'_>) -> Vec<Self> {
        let source = columns.source(compiled);
        let value = |row: usize, scenario: ScenarioId| {
            let units = compiled.table.instruments()[row].values[scenario].units();
            // A value is below 2^64 in size.
            units.unsigned_abs() as u64
        };
        let mut losses: Vec<Vec<(usize, u64)>> = Vec::new();
        let margins = compiled.scenarios_by_id();
        let margins = margins.filter_map(|(id, scenario)| match scenario.kind {
            ScenarioKind::Margin(margin) => Some((id, scenario, margin)),
            _ => None,
        });
        let margins: Vec<_> = margins.collect();
        if !margins.is_empty() {
            let contingencies = compiled.contingencies.iter();
            losses.extend(contingencies.map(|contingency| {
                let (row, scenarios) = (contingency.row.row(), &contingency.scenarios);
                let loss = |&scenario| (columns.add(&source, scenario), value(row, scenario));
                scenarios.iter().map(loss).collect()
            }));
        }
        let requirement = |(id, scenario, margin): (ScenarioId, &CompiledScenario, Margin)| {
            let charges = compiled.contingencies.iter().zip(&losses);
            let charges = charges.map(|(contingency, losses)| Charge {
                losses: losses.clone(),
                counts: value(contingency.row.row(), id),
            });
            Self {
                name: scenario.name.clone(),
                is_maintenance: margin == Margin::Maintenance,
                column: columns.add(&source, id),
                charges: charges.filter(|charge| charge.counts > 0).collect(),
            }
        };
        margins.into_iter().map(requirement).collect()
    }

    /// Whether the requirement exceeds what an account has; `worth` is the worth of its holdings in a
    /// column.
    pub(super) fn exceeds(&self, worth: impl Fn(usize) -> WideInt) -> bool {
        let mut left = worth(self.column);
        for charge in &self.charges {
            let losses = charge.losses.iter().filter_map(|&(column, unit)| {
                let gain = worth(column);
                (gain < WideInt::ZERO).then(|| (-gain).div_ceil(unit))
            });
            if let Some(worst) = losses.max() {
                left += -worst.times(charge.counts);
            }
        }
        left < WideInt::ZERO
    }
}
