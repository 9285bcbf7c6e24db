//! The book's instruments at moved prices.

use std::collections::HashMap;

use pacioli_circuits::{InstrumentId, MAX_INSTRUMENTS};

use super::book::StressBook;
use crate::rules::{Compiled, Kind, Margin, Rules, RulesError, Scenario, compile};

/// Scenarios compiled together. More save little, and each column costs memory while its shortfalls
/// are collected.
const MOST_TOGETHER: usize = 8;

/// What every instrument of the book is worth in a few scenarios.
pub(super) struct Values {
    /// The table that the rules compile to with these scenarios.
    pub(super) compiled: Compiled,
    /// The table's scenarios that are maintenance requirements.
    pub(super) maintenance: Vec<usize>,
    /// The table's scenarios that were asked for, in the order asked.
    pub(super) asked: Vec<usize>,
    /// By row of the book's own table and scenario of this one.
    by_row: Vec<i128>,
}

impl Values {
    /// What one unit of an instrument of the book's own table is worth in each scenario.
    pub(super) fn of(&self, row: InstrumentId) -> &[i128] {
        let scenarios = self.scenarios();
        &self.by_row[row.row() * scenarios..][..scenarios]
    }

    pub(super) fn scenarios(&self) -> usize {
        self.compiled.scenarios.len()
    }
}

/// How many scenarios to compile together, a table having two rows for each.
pub(super) fn together(base: &Compiled) -> usize {
    ((MAX_INSTRUMENTS - base.rows.len()) / 2).clamp(1, MOST_TOGETHER)
}

impl StressBook {
    /// The values of the scenarios that the rules have besides stresses, those of `kind` asked for.
    pub(super) fn values_at_mark(&self, kind: Kind) -> Values {
        let scenarios = self.rules.scenarios.iter().enumerate();
        let asked = scenarios.filter(|(_, scenario)| scenario.kind == kind);
        self.values(self.compiled.clone(), asked.map(|(index, _)| index).collect())
    }

    /// The values of stress scenarios, which are asked for.
    ///
    /// # Errors
    /// Where a value is too large for a table.
    pub(super) fn values_in(&self, stresses: &[Scenario]) -> Result<Values, RulesError> {
        let mut rules = self.rules.clone();
        let own = rules.scenarios.len();
        rules.scenarios.extend_from_slice(stresses);
        let compiled = compile(&rules, &self.prices)?;
        Ok(self.values(compiled, (own..own + stresses.len()).collect()))
    }

    fn values(&self, compiled: Compiled, asked: Vec<usize>) -> Values {
        let is_maintenance =
            |(_, scenario): &(usize, &Scenario)| scenario.margin == Some(Margin::Maintenance);
        let own = self.rules.scenarios.iter().enumerate();
        let maintenance = own.filter(is_maintenance).map(|(index, _)| index).collect();
        let rows: HashMap<&str, _> = compiled
            .rows
            .iter()
            .map(|row| row.name.as_str())
            .zip(compiled.table.instruments())
            .collect();
        let own = self.compiled.rows.iter();
        // The same rules and prices make the same instruments, closing ones of scenarios apart.
        let by_row = own.flat_map(|row| {
            let values = &rows[row.name.as_str()].values;
            values.iter().map(|value| value.units())
        });
        let by_row = by_row.collect();
        Values { compiled, maintenance, asked, by_row }
    }
}

/// The rules without their stress scenarios, and without a policy about these.
pub(super) fn without_stresses(rules: &Rules) -> Rules {
    let mut rules = rules.clone();
    rules.scenarios.retain(|scenario| scenario.kind != Kind::Stress);
    let left = &rules.scenarios;
    rules.policy.bad_debt.retain(|name, _| left.iter().any(|scenario| scenario.name == *name));
    // Rules demand something; nothing here is held against it.
    rules.policy.open_interest_matched = true;
    rules
}

/// Whether a move of `asset` moves anything of the book.
pub(super) fn moves(rules: &Rules, compiled: &Compiled, asset: &str) -> bool {
    let underlying = |name: &str| rules.markets.values().any(|market| market.underlying == name);
    asset != rules.quote && (compiled.assets.contains_key(asset) || underlying(asset))
}
