//! Tables taken apart, for tests that change one thing.

use pacioli_circuits::{Instrument, InstrumentTable};

use super::{CheckError, check_table};
use crate::{
    schema::Class,
    table::{Compiled, Role, ScenarioKind},
};

/// Rows, roles, classes and kinds of a table.
pub(super) struct Parts {
    pub(super) rows: Vec<Instrument>,
    pub(super) roles: Vec<Role>,
    pub(super) classes: Vec<Class>,
    pub(super) kinds: Vec<ScenarioKind>,
}

impl Parts {
    pub(super) fn of(compiled: &Compiled) -> Self {
        Self {
            rows: compiled.table.instruments().to_vec(),
            roles: compiled.rows.iter().map(|row| row.role).collect(),
            classes: compiled.rows.iter().map(|row| row.class).collect(),
            kinds: compiled.scenarios.iter().map(|scenario| scenario.kind).collect(),
        }
    }

    pub(super) fn remove(&mut self, row: usize) {
        self.rows.remove(row);
        self.roles.remove(row);
        self.classes.remove(row);
    }

    pub(super) fn insert(&mut self, row: usize, instrument: Instrument, role: Role) {
        self.rows.insert(row, instrument);
        self.roles.insert(row, role);
        self.classes.insert(row, self.classes[row]);
    }

    pub(super) fn swap(&mut self, a: usize, b: usize) {
        self.rows.swap(a, b);
        self.roles.swap(a, b);
        self.classes.swap(a, b);
    }

    pub(super) fn check(self) -> Result<(), CheckError> {
        let table = InstrumentTable::new(self.kinds.len(), self.rows).unwrap();
        check_table(&table, &self.roles, &self.classes, &self.kinds)
    }
}
