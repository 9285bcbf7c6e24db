//! What rules and prices compile to: the instrument table, and what each of its rows is.

mod valuation;

use std::collections::{BTreeMap, BTreeSet};

use pacioli_circuits::{InstrumentId, InstrumentTable};

pub(crate) use self::valuation::Sign;
pub use self::valuation::{Factor, Valuation};
use crate::{
    black76::Greeks,
    decimal::Decimal,
    schema::{Class, Margin},
};

/// The instrument table with its names and roles.
///
/// Rows stand in one order: the empty slot; the assets by name, each with its deposit tiers, a
/// headroom after each capped one, its loan and, in rules with a credit scenario, its uncredited
/// loan; the markets by name, each with its long tiers and
/// then its short tiers, of tiers that end at values only those that a unit fits in; the options by name, each with its long and its short; `quote credit` and
/// `quote debit`; the same again for every class of the rules, in the order of [`Class`], but for
/// what the class does not hold; the contingencies by name; then what closes each scenario S:
/// `slack:S` for a constraint, `equity:S` and `shortfall:S` for any other. The twins of stresses
/// stand behind the scenarios of the rules, and their closing rows last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Compiled {
    /// The public instrument table, one value per scenario in each row.
    pub table: InstrumentTable,
    /// What each row of the table is, in the table's order.
    pub rows: Vec<Row>,
    /// The scenarios in order, `mark` first, and the twins of stresses behind those of the rules.
    pub scenarios: Vec<CompiledScenario>,
    /// The customers' rows of every asset, by name.
    pub assets: BTreeMap<String, AssetRows>,
    /// The customers' rows of every market and option, by name.
    pub markets: BTreeMap<String, MarketRows>,
    /// The options, by name. The values of their rows follow from volatilities too: whoever checks
    /// a table by its prices alone has to refuse one with options.
    pub options: BTreeMap<String, CompiledOption>,
    /// The customers' rows of `quote credit` and `quote debit`.
    pub quote_rows: [InstrumentId; 2],
    /// The rows of every other class of the rules.
    pub classes: BTreeMap<Class, ClassRows>,
    /// The contingencies, by name.
    pub contingencies: Vec<CompiledContingency>,
    /// The currency that everything is valued in.
    pub quote: String,
    /// Digits of the quote currency in one unit of value.
    pub value_decimals: u32,
    /// Assets that have a price and no rule: holding one is an error, never an exclusion.
    pub unruled: BTreeSet<String>,
    /// The open interest that the prices state for markets and options of the table, in whole units.
    /// The book may have less, not more: `pacioli_attestation::open_interest::check`.
    pub open_interest: BTreeMap<String, Decimal>,
}

/// One option of the table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CompiledOption {
    /// The asset whose price it follows.
    pub underlying: String,
    /// Digits of a quantity.
    pub decimals: u32,
    /// How the value of one whole unit changes, at mark.
    pub greeks: Greeks,
}

/// One row of the table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The instrument's name.
    pub name: String,
    /// What it is.
    pub role: Role,
    /// Whose accounts hold it; customers' for what all accounts share, such as closing rows.
    pub class: Class,
    /// Digits of its quantity.
    pub decimals: u32,
    /// How its values follow from a price.
    pub worth: Valuation,
}

/// What an instrument is; an option counts as a market. Assets and markets are numbered by their order in the table, scenarios
/// by theirs, tiers from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Role {
    /// The empty slot.
    Empty,
    /// What the venue owes the account in an asset.
    Deposit {
        /// The asset.
        asset: u16,
        /// The haircut tier.
        tier: u16,
    },
    /// What the account owes the venue in an asset.
    Borrow {
        /// The asset.
        asset: u16,
    },
    /// The same, where it is not credited against deposits.
    Uncredited {
        /// The asset.
        asset: u16,
    },
    /// A long position.
    Long {
        /// The market.
        market: u16,
        /// The margin tier.
        tier: u16,
    },
    /// A short position.
    Short {
        /// The market.
        market: u16,
        /// The margin tier.
        tier: u16,
    },
    /// What is left of the cap of the row before.
    Headroom,
    /// Quote currency that the venue owes the account, such as the entry of a short.
    QuoteCredit,
    /// Quote currency that the account owes the venue, such as the entry of a long.
    QuoteDebit,
    /// A margin requirement that the prover chooses, no smaller than the losses it is bounded by.
    Contingency {
        /// Its number, in the order of the contingencies' names.
        number: u16,
    },
    /// What is left over for the account in a scenario.
    Equity {
        /// The scenario.
        scenario: u16,
    },
    /// What the account lacks in a scenario.
    Shortfall {
        /// The scenario.
        scenario: u16,
    },
    /// By how much a contingency exceeds the account's loss in a constraint scenario.
    Slack {
        /// The scenario.
        scenario: u16,
    },
}

impl Role {
    /// Whether accounts of all classes have the row: contingencies, and what closes a scenario.
    pub fn is_shared(self) -> bool {
        match self {
            Self::Contingency { .. } => true,
            Self::Equity { .. } | Self::Shortfall { .. } | Self::Slack { .. } => true,
            Self::Empty | Self::Headroom | Self::QuoteCredit | Self::QuoteDebit => false,
            Self::Deposit { .. } | Self::Borrow { .. } | Self::Uncredited { .. } => false,
            Self::Long { .. } | Self::Short { .. } => false,
        }
    }
}

/// A scenario of the table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CompiledScenario {
    /// Its name.
    pub name: String,
    /// What it is about.
    pub kind: ScenarioKind,
    /// The rows that close it.
    pub closing: Closing,
}

/// The rows that close a scenario S.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Closing {
    /// The account's worth, of either sign.
    Balance {
        /// The row of `equity:S`.
        equity: InstrumentId,
        /// The row of `shortfall:S`.
        shortfall: InstrumentId,
    },
    /// A worth that is never negative: the row of `slack:S`.
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
    pub scenarios: Vec<usize>,
}

/// What a scenario is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScenarioKind {
    /// Everything at its price.
    Mark,
    /// Everything at its price, less haircuts and margin requirements.
    Margin(Margin),
    /// Everything at a moved price.
    Stress,
    /// What everything gains or loses.
    Constraint {
        /// The number of the contingency that it bounds.
        contingency: u16,
    },
    /// As a margin scenario, but without uncredited loans.
    Credit,
    /// As the stress `of`, but that nothing of the class `insurance` is worth anything.
    Twin {
        /// The number of the stress.
        of: u16,
    },
}

impl ScenarioKind {
    /// Whether haircuts and margin requirements apply.
    pub fn has_margins(self) -> bool {
        matches!(self, Self::Margin(_) | Self::Credit)
    }
}

/// What the accounts of one class hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClassRows {
    /// The rows of every asset of the class, by name.
    pub assets: BTreeMap<String, AssetRows>,
    /// The rows of every market and option of the class, by name.
    pub markets: BTreeMap<String, MarketRows>,
    /// The rows of `quote credit` and `quote debit`.
    pub quote_rows: [InstrumentId; 2],
}

/// What the accounts of one class hold, customers' included.
#[derive(Clone, Copy, Debug)]
pub struct RowsOf<'a> {
    /// The rows of every asset of the class, by name.
    pub assets: &'a BTreeMap<String, AssetRows>,
    /// The rows of every market of the class, by name.
    pub markets: &'a BTreeMap<String, MarketRows>,
    /// The rows of `quote credit` and `quote debit`.
    pub quote_rows: [InstrumentId; 2],
}

/// The rows of one asset.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AssetRows {
    /// Digits of a quantity.
    pub decimals: u32,
    /// Its deposit tiers; every one but the last is capped and has its headroom in the next row.
    pub deposits: Vec<InstrumentId>,
    /// Its loan, unless the asset cannot be borrowed.
    pub borrow: Option<InstrumentId>,
    /// The same uncredited, in rules with a credit scenario.
    pub uncredited: Option<InstrumentId>,
}

/// The rows of one market.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MarketRows {
    /// Digits of a quantity.
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
    /// The rows of the assets and markets of one class, and of its quote currency; none where the
    /// rules do not have the class.
    pub fn rows_of(&self, class: Class) -> Option<RowsOf<'_>> {
        if class == Class::Customer {
            let (assets, markets, quote_rows) = (&self.assets, &self.markets, self.quote_rows);
            return Some(RowsOf { assets, markets, quote_rows });
        }
        let ClassRows { assets, markets, quote_rows } = self.classes.get(&class)?;
        Some(RowsOf { assets, markets, quote_rows: *quote_rows })
    }

    /// The scenario that says which loans are credited against deposits.
    pub fn credit_scenario(&self) -> Option<usize> {
        self.scenarios.iter().position(|scenario| scenario.kind == ScenarioKind::Credit)
    }

    /// The twin of a stress, where it has one.
    pub fn twin(&self, stress: usize) -> Option<usize> {
        let is_twin = |one: &CompiledScenario| match one.kind {
            ScenarioKind::Twin { of } => usize::from(of) == stress,
            _ => false,
        };
        self.scenarios.iter().position(is_twin)
    }

    /// The row of the instrument with this name, such as `deposit BTC tier 1`.
    pub fn find(&self, name: &str) -> Option<InstrumentId> {
        let row = self.rows.iter().position(|row| row.name == name)?;
        InstrumentId::new(row)
    }
}
