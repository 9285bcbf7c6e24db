//! The instrument table that rules and prices compile to, with names and roles. Data only.

mod coarse;
mod rate;
mod role;
mod valuation;

use std::collections::{BTreeMap, BTreeSet};

use pacioli_circuits::{InstrumentId, InstrumentTable, ScenarioId};

pub(crate) use self::valuation::Sign;
pub use self::{
    rate::CompiledRate,
    role::Role,
    valuation::{Factor, Valuation},
};
use crate::{
    black76::Greeks,
    decimal::Decimal,
    schema::{Class, Margin},
    volatility::Volatility,
};

/// The instrument table with its names and roles.
///
/// The rows have one order: the empty slot; the assets by name, each with its deposit tiers, a
/// headroom after each capped one, its borrow and, in rules with a credit scenario, its uncredited
/// borrow; the markets by name, each with its long tiers and then its short tiers, of tiers that
/// end at values only those that a unit fits in; the options by name, each with its long and its
/// short; `quote credit` and `quote debit`; the same again for every class of the rules, in the
/// order of [`Class`], but for what the class does not hold; the contingencies by name; the forms
/// of customers' rows, `plain X` before `covered X`, in the order of these rows; then the closing
/// rows of each scenario S: `slack:S` for a constraint and for `cover`, `equity:S` and
/// `shortfall:S` for any other. The twins of stresses follow the scenarios of the rules, and the
/// scenario `cover` comes last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Compiled {
    /// The public instrument table, one value per scenario in each row.
    pub table: InstrumentTable,
    /// The rows of the table, in its order.
    pub rows: Vec<Row>,
    /// The scenarios in order, `mark` first, the twins of stresses after those of the rules, and
    /// `cover` last.
    pub scenarios: Vec<CompiledScenario>,
    /// The customers' rows of every asset, by name.
    pub assets: BTreeMap<String, AssetRows>,
    /// The customers' rows of every market and option, by name.
    pub markets: BTreeMap<String, MarketRows>,
    /// The options, by name. The values of their rows follow from volatilities too: whoever checks
    /// a table by its prices alone must refuse one with options.
    pub options: BTreeMap<String, CompiledOption>,
    /// The customers' rows of `quote credit` and `quote debit`.
    pub quote_rows: [InstrumentId; 2],
    /// The rows of every other class of the rules.
    pub classes: BTreeMap<Class, ClassRows>,
    /// The contingencies, by name.
    pub contingencies: Vec<CompiledContingency>,
    /// The forms of customers' rows, by the row that they stand for: none where the rules have no
    /// cover.
    pub forms: BTreeMap<InstrumentId, FormRows>,
    /// The currency that everything is valued in.
    pub quote: String,
    /// Decimals of the quote currency in one unit of value.
    pub value_decimals: u32,
    /// Assets that have a price and no rule: holding one is an error, and it is never left out.
    pub unruled: BTreeSet<String>,
    /// The open interest that the prices state for markets and options of the table, in whole
    /// units. The book may have less, not more: `pacioli_attestation::open_interest::check`.
    pub open_interest: BTreeMap<String, Decimal>,
    /// The rates that follow a volatility, in the order of the rows.
    pub rates: Vec<CompiledRate>,
    /// All that the prices state of the volatilities that rates follow, by asset.
    pub volatilities: BTreeMap<String, Vec<Volatility>>,
}

/// One option of the table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CompiledOption {
    /// The asset whose price it follows.
    pub underlying: String,
    /// Decimals of a quantity.
    pub decimals: u32,
    /// The greeks of one whole unit, at mark.
    pub greeks: Greeks,
}

/// One row of the table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The instrument's name.
    pub name: String,
    /// Its role.
    pub role: Role,
    /// The class of accounts that hold it; `Customer` for rows of all accounts, such as closing
    /// rows.
    pub class: Class,
    /// Decimals of its quantity.
    pub decimals: u32,
    /// The price and factors that its values follow from.
    pub worth: Valuation,
}

/// A scenario of the table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CompiledScenario {
    /// Its name.
    pub name: String,
    /// Its kind.
    pub kind: ScenarioKind,
    /// The rows that close it.
    pub closing: Closing,
}

/// The rows that close a scenario S.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Closing {
    /// A value of either sign.
    Balance {
        /// The row of `equity:S`.
        equity: InstrumentId,
        /// The row of `shortfall:S`.
        shortfall: InstrumentId,
    },
    /// A value that is never negative: the row of `slack:S`.
    Slack(InstrumentId),
}

/// A contingency of the table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CompiledContingency {
    /// Its name.
    pub name: String,
    /// Its row.
    pub row: InstrumentId,
    /// The constraint scenarios that bound it.
    pub scenarios: Vec<ScenarioId>,
}

/// The kind of a scenario.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScenarioKind {
    /// Everything at its price.
    Mark,
    /// Everything at its price, times weights and less margin requirements.
    Margin(Margin),
    /// Everything at a moved price.
    Stress,
    /// Gains and losses.
    Constraint {
        /// The number of the contingency that it bounds.
        contingency: u16,
    },
    /// As a margin scenario, but without uncredited borrows.
    Credit,
    /// As the stress `of`, but with every row of the class `insurance` worth nothing.
    Twin {
        /// The stress.
        of: ScenarioId,
    },
    /// Covered holdings at no more than their least value, and nothing else.
    Cover,
}

/// The name of the scenario that covered holdings are worth something in.
pub const COVER: &str = "cover";

impl ScenarioKind {
    /// Whether weights and margin requirements apply.
    pub fn has_margins(self) -> bool {
        matches!(self, Self::Margin(_) | Self::Credit)
    }
}

/// The rows that accounts of one class hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClassRows {
    /// The rows of every asset of the class, by name.
    pub assets: BTreeMap<String, AssetRows>,
    /// The rows of every market and option of the class, by name.
    pub markets: BTreeMap<String, MarketRows>,
    /// The rows of `quote credit` and `quote debit`.
    pub quote_rows: [InstrumentId; 2],
}

/// The rows that accounts of one class hold, customers included.
#[derive(Clone, Copy, Debug)]
pub struct RowsOf<'a> {
    /// The rows of every asset of the class, by name.
    pub assets: &'a BTreeMap<String, AssetRows>,
    /// The rows of every market of the class, by name.
    pub markets: &'a BTreeMap<String, MarketRows>,
    /// The rows of `quote credit` and `quote debit`.
    pub quote_rows: [InstrumentId; 2],
}

/// The forms of a customers' row: rows of the same holding in accounts that are not closed in
/// every scenario.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FormRows {
    /// `plain X`, where the holding has one.
    pub plain: Option<InstrumentId>,
    /// `covered X`.
    pub covered: Option<InstrumentId>,
}

/// The rows of one asset.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AssetRows {
    /// Decimals of a quantity.
    pub decimals: u32,
    /// Its deposit tiers; every one but the last is capped and has its headroom in the next row.
    pub deposits: Vec<InstrumentId>,
    /// Its borrow, unless the asset cannot be borrowed.
    pub borrow: Option<InstrumentId>,
    /// Its uncredited borrow, in rules with a credit scenario.
    pub uncredited: Option<InstrumentId>,
}

/// The rows of one market.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MarketRows {
    /// Decimals of a quantity.
    pub decimals: u32,
    /// Its long tiers; every one but the last is capped and has its headroom in the next row.
    pub longs: Vec<InstrumentId>,
    /// Its short tiers, likewise.
    pub shorts: Vec<InstrumentId>,
}

impl CompiledScenario {
    /// The rows of `equity:S` and `shortfall:S`, which a constraint scenario does not have.
    pub fn balance(&self) -> Option<[InstrumentId; 2]> {
        match self.closing {
            Closing::Balance { equity, shortfall } => Some([equity, shortfall]),
            Closing::Slack(_) => None,
        }
    }
}

impl Compiled {
    /// The rows of the assets and markets of one class, and of its quote currency; `None` if the
    /// rules do not have the class.
    pub fn rows_of(&self, class: Class) -> Option<RowsOf<'_>> {
        if class == Class::Customer {
            let (assets, markets, quote_rows) = (&self.assets, &self.markets, self.quote_rows);
            return Some(RowsOf { assets, markets, quote_rows });
        }
        let ClassRows { assets, markets, quote_rows } = self.classes.get(&class)?;
        Some(RowsOf { assets, markets, quote_rows: *quote_rows })
    }

    /// One scenario.
    ///
    /// # Panics
    /// If the id is of another table, with more scenarios.
    pub fn scenario(&self, id: ScenarioId) -> &CompiledScenario {
        &self.scenarios[id.index()]
    }

    /// The scenarios in order, each with its id.
    pub fn scenarios_by_id(&self) -> impl Iterator<Item = (ScenarioId, &CompiledScenario)> {
        self.table.scenario_ids().zip(&self.scenarios)
    }

    /// The scenario that says which borrows are credited against deposits.
    pub fn credit_scenario(&self) -> Option<ScenarioId> {
        let mut scenarios = self.scenarios_by_id();
        scenarios.find(|(_, scenario)| scenario.kind == ScenarioKind::Credit).map(|(id, _)| id)
    }

    /// The scenario that covered holdings are worth something in, if the table has one.
    pub fn cover_scenario(&self) -> Option<ScenarioId> {
        let mut scenarios = self.scenarios_by_id();
        scenarios.find(|(_, scenario)| scenario.kind == ScenarioKind::Cover).map(|(id, _)| id)
    }

    /// The row whose values a row is worth outside of the circuit: of a plain or covered row the
    /// one that it stands for, and of any other its own.
    pub fn worth_of(&self, row: usize) -> usize {
        self.rows[row].role.stands_for().unwrap_or(row)
    }

    /// What one unit of a row counts for in a scenario, to whoever holds it. In the circuit a plain or
    /// covered row is worth nothing but in `cover`; outside of it, what it stands for is.
    ///
    /// # Panics
    /// If the table has no such row or scenario.
    pub fn counts_for(&self, row: usize, scenario: ScenarioId) -> i128 {
        let closing = self.scenario(scenario).closing;
        let row = if let Closing::Balance { .. } = closing { self.worth_of(row) } else { row };
        self.table.instruments()[row].values[scenario].units()
    }

    /// The plain and the covered row of a customers' row, as far as there are any.
    pub fn forms_of(&self, row: InstrumentId) -> impl Iterator<Item = InstrumentId> + use<> {
        let FormRows { plain, covered } = self.forms.get(&row).copied().unwrap_or_default();
        plain.into_iter().chain(covered)
    }

    /// The twin of a stress, if it has one.
    pub fn twin(&self, stress: ScenarioId) -> Option<ScenarioId> {
        let twin = ScenarioKind::Twin { of: stress };
        let mut scenarios = self.scenarios_by_id();
        scenarios.find(|(_, scenario)| scenario.kind == twin).map(|(id, _)| id)
    }

    /// The row of the instrument with this name, such as `deposit BTC tier 1`.
    pub fn find(&self, name: &str) -> Option<InstrumentId> {
        let row = self.rows.iter().position(|row| row.name == name)?;
        InstrumentId::new(row)
    }
}
