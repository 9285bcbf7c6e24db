//! The table under check.

use pacioli_circuits::{Instrument, ScenarioId};

use crate::{
    schema::Class,
    table::{Role, ScenarioKind},
};

/// A table with as many roles and classes as rows, and as many kinds as scenarios.
pub(crate) struct Checked<'a> {
    pub(crate) rows: &'a [Instrument],
    pub(crate) roles: &'a [Role],
    pub(crate) classes: &'a [Class],
    pub(crate) kinds: &'a [ScenarioKind],
}

impl Checked<'_> {
    /// The value of a row in a scenario, in units.
    pub(super) fn worth(&self, row: usize, scenario: ScenarioId) -> i128 {
        self.rows[row].values[scenario].units()
    }

    /// The kind of a scenario.
    pub(super) fn kind(&self, scenario: ScenarioId) -> ScenarioKind {
        self.kinds[scenario.index()]
    }

    /// The scenarios in order.
    pub(super) fn scenarios(&self) -> impl Iterator<Item = ScenarioId> + Clone + use<> {
        ScenarioId::all(self.kinds.len())
    }
}

/// Whether a row gains or loses something in a constraint scenario.
pub(super) fn gains(role: Role) -> bool {
    match role {
        Role::Deposit { .. } | Role::Borrow { .. } | Role::Long { .. } | Role::Short { .. } => true,
        Role::Uncredited { .. } | Role::QuoteCredit | Role::QuoteDebit => true,
        Role::Empty | Role::Headroom | Role::Contingency { .. } => false,
        Role::Plain { .. } | Role::Covered { .. } => false,
        Role::Equity { .. } | Role::Shortfall { .. } | Role::Slack { .. } => false,
    }
}
