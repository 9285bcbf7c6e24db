//! What is asked of the book in a few scenarios, and the columns that it takes.

use pacioli_circuits::MAX_INSTRUMENTS;
use pacioli_rules::{Compiled, Kind, RulesError, Scenario, TableRules, compile};

use super::{
    book::{StressBook, StressError},
    columns::{ByRow, Columns},
    margin::Requirement,
    scenarios::StressScenario,
};

/// Scenarios compiled together. More save little, and each column costs memory while its shortfalls
/// are collected.
const MOST_TOGETHER: usize = 8;

/// A few scenarios of the book.
pub(super) struct Values {
    /// A table that has the scenarios.
    pub(super) compiled: Compiled,
    /// What is asked, in the order in which it was.
    pub(super) asked: Vec<Asked>,
    /// What every instrument of the book's own table is worth.
    pub(super) by_row: ByRow,
}

/// What is asked of the book in one scenario.
pub(super) struct Asked {
    /// The scenario in the table.
    pub(super) scenario: usize,
    /// The column of what an account is worth in it.
    pub(super) column: usize,
    /// What margin is asked for.
    pub(super) margins: Vec<Requirement>,
    /// Whether that is at the old prices while the account is worth what it is at moved ones.
    pub(super) stale: bool,
}

/// How many scenarios to compile together, a table having two rows for each.
pub(super) fn together(base: &Compiled) -> usize {
    ((MAX_INSTRUMENTS - base.rows.len()) / 2).clamp(1, MOST_TOGETHER)
}

impl StressBook {
    /// The prices as they are.
    pub(super) fn values_at_mark(&self) -> Values {
        let mut columns = Columns::new(&self.compiled);
        let column = columns.add(&columns.source(&self.compiled), 0);
        let margins = Requirement::all(&self.compiled, &mut columns);
        let asked = vec![Asked { scenario: 0, column, margins, stale: false }];
        Values { compiled: self.compiled.clone(), asked, by_row: columns.by_row() }
    }

    /// Scenarios, each with its margins: at the moved prices, or, where the oracle is stale, at the
    /// old ones.
    ///
    /// # Errors
    /// Where a price or value is too large for a table.
    pub(super) fn values_in(&self, scenarios: &[StressScenario]) -> Result<Values, StressError> {
        let stresses: Vec<_> = scenarios.iter().map(|scenario| self.stress(scenario)).collect();
        let compiled = self.compile_with(&stresses)?;
        let mut columns = Columns::new(&self.compiled);
        let source = columns.source(&compiled);
        let mut asked = Vec::with_capacity(scenarios.len());
        for (index, (scenario, stress)) in scenarios.iter().zip(&stresses).enumerate() {
            let (number, stale) = (self.rules.scenarios.len() + index, scenario.stale_oracle);
            let column = columns.add(&source, number);
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
            asked.push(Asked { scenario: number, column, margins, stale });
        }
        Ok(Values { asked, by_row: columns.by_row(), compiled })
    }

    /// Stresses without margins.
    ///
    /// # Errors
    /// Where a value is too large for a table.
    pub(super) fn values_in_stresses(&self, stresses: &[Scenario]) -> Result<Values, RulesError> {
        let compiled = self.compile_with(stresses)?;
        let mut columns = Columns::new(&self.compiled);
        let source = columns.source(&compiled);
        let numbers = (self.rules.scenarios.len()..).take(stresses.len());
        let asked = numbers.map(|scenario| {
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

    fn has_margins(&self) -> bool {
        self.rules.scenarios.iter().any(|scenario| scenario.kind == Kind::Margin)
    }
}

/// The rules without their stress scenarios. No policy asks about those that are added, and none has
/// a twin.
///
/// # Errors
/// If what is left makes no sense.
pub(super) fn without_stresses(rules: &TableRules) -> Result<TableRules, RulesError> {
    let mut scenarios = rules.scenarios.clone();
    scenarios.retain(|scenario| scenario.kind != Kind::Stress);
    rules.with_scenarios(scenarios)
}

/// Whether a move of `asset` moves anything of the book.
pub(super) fn moves(rules: &TableRules, compiled: &Compiled, asset: &str) -> bool {
    let markets = rules.markets.values().map(|market| &market.underlying);
    let options = rules.options.values().map(|option| &option.underlying);
    let is_underlying = markets.chain(options).any(|underlying| underlying == asset);
    asset != rules.quote && (compiled.assets.contains_key(asset) || is_underlying)
}
