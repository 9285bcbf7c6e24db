//! The questions asked of a book in a few scenarios, and the columns that they take.

use pacioli_circuits::{MAX_INSTRUMENTS, ScenarioId};
use pacioli_rules::{Compiled, Kind, RulesError, Scenario, compile};

use super::{
    book::StressBook,
    columns::{ByRow, Columns},
    error::StressError,
    margin::Requirement,
    scenarios::StressScenario,
};

/// The most scenarios compiled together. More save little, and each column costs memory while its
/// shortfalls are collected.
const MOST_TOGETHER: usize = 8;

/// A few scenarios of the book.
pub(super) struct Values {
    /// A table that has the scenarios.
    pub(super) compiled: Compiled,
    /// The questions, in the order in which they were asked.
    pub(super) asked: Vec<Asked>,
    /// The value of every instrument of the book's own table.
    pub(super) by_row: ByRow,
}

/// The question asked of the book in one scenario.
pub(super) struct Asked {
    /// The scenario in the table.
    pub(super) scenario: ScenarioId,
    /// The column of the account's worth in it.
    pub(super) column: usize,
    /// The margin requirements.
    pub(super) margins: Vec<Requirement>,
    /// Whether margins are at the old prices while the worth is at the moved ones.
    pub(super) stale: bool,
}

/// The number of scenarios to compile together; a table has two rows for each.
pub(super) fn together(base: &Compiled) -> usize {
    ((MAX_INSTRUMENTS - base.rows.len()) / 2).clamp(1, MOST_TOGETHER)
}

impl StressBook {
    /// The prices as they are.
    pub(super) fn values_at_mark(&self) -> Values {
        let mut columns = Columns::new(&self.compiled);
        let column = columns.add(&columns.source(&self.compiled), ScenarioId::MARK);
        let margins = Requirement::all(&self.compiled, &mut columns);
        let asked = vec![Asked { scenario: ScenarioId::MARK, column, margins, stale: false }];
        Values { compiled: self.compiled.clone(), asked, by_row: columns.by_row() }
    }

    /// Scenarios, each with its margins: at the moved prices, or at the old ones if the oracle is
    /// stale.
    ///
    /// # Errors
    /// If a price or value is too large for a table.
    pub(super) fn values_in(&self, scenarios: &[StressScenario]) -> Result<Values, StressError> {
        let stresses: Vec<_> = scenarios.iter().map(|scenario| self.stress(scenario)).collect();
        let compiled = self.compile_with(&stresses)?;
        let mut columns = Columns::new(&self.compiled);
        let source = columns.source(&compiled);
        let mut asked = Vec::with_capacity(scenarios.len());
        let added = self.added(&compiled).zip(scenarios).zip(&stresses);
        for ((id, scenario), stress) in added {
            let (column, stale) = (columns.add(&source, id), scenario.stale_oracle);
            let margins = match stale || !self.has_margins() {
                true => Requirement::all(&self.compiled, &mut columns),
                false => {
                    let prices = self.moved_prices(stress)?;
                    let moved = compile(&self.rules, &prices).map_err(|error| {
                        StressError::AtMovedPrices { scenario: scenario.name.clone(), error }
                    })?;
                    Requirement::all(&moved, &mut columns)
                }
            };
            asked.push(Asked { scenario: id, column, margins, stale });
        }
        Ok(Values { asked, by_row: columns.by_row(), compiled })
    }

    /// Stresses without margins.
    ///
    /// # Errors
    /// If a value is too large for a table.
    pub(super) fn values_in_stresses(&self, stresses: &[Scenario]) -> Result<Values, RulesError> {
        let compiled = self.compile_with(stresses)?;
        let mut columns = Columns::new(&self.compiled);
        let source = columns.source(&compiled);
        let asked = self.added(&compiled).map(|scenario| {
            let column = columns.add(&source, scenario);
            Asked { scenario, column, margins: Vec::new(), stale: false }
        });
        let asked = asked.collect();
        Ok(Values { asked, by_row: columns.by_row(), compiled })
    }

    fn compile_with(&self, stresses: &[Scenario]) -> Result<Compiled, RulesError> {
        let mut scenarios = self.rules.scenarios.clone();
        scenarios.extend_from_slice(stresses);
        compile(&self.rules.with_scenarios(scenarios)?, &self.prices)
    }

    /// The scenarios that were added to the book's rules for a table: its last ones.
    fn added(&self, compiled: &Compiled) -> impl Iterator<Item = ScenarioId> + use<> {
        compiled.table.scenario_ids().skip(self.rules.scenarios.len())
    }

    /// A scenario as the rules have it, with only the moves that change something.
    pub(super) fn stress(&self, scenario: &StressScenario) -> Scenario {
        let moves = scenario.moves.iter().filter(|(asset, _)| self.moves(asset));
        Scenario {
            name: scenario.name.clone(),
            kind: Kind::Stress,
            default_move: Some(scenario.default_move),
            moves: moves.map(|(asset, by)| (asset.clone(), *by)).collect(),
            vol_move: scenario.vol_move.filter(|_| !self.rules.options.is_empty()),
            ..self.rules.scenarios[0].clone()
        }
    }

    fn has_margins(&self) -> bool {
        self.rules.scenarios.iter().any(|scenario| scenario.kind == Kind::Margin)
    }
}
