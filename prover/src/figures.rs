//! What the totals of a book say, in words everyone can compute: what is owed, bad debt, open
//! interest.

use num_bigint::BigUint;
use pacioli_circuits::{InstrumentId, Totals};
use serde::Serialize;
use thiserror::Error;

use crate::{amount::Amount, rules::Compiled};

/// The figures of a book. Each is exact for the accounts that were committed to; `owed`,
/// `bad_debt` and the counts beside them can only err upwards, since an account may write both
/// equity and shortfall.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Figures {
    /// One for each scenario but constraints, in the table's order.
    pub scenarios: Vec<ScenarioFigures>,
    /// One for each contingency, by name.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub contingencies: Vec<ContingencyFigures>,
    /// One for each asset, by name.
    pub assets: Vec<AssetFigures>,
    /// One for each market, by name.
    pub markets: Vec<MarketFigures>,
    /// Quote currency owed to accounts outside of deposits, such as the entries of shorts.
    pub quote_credit: Amount,
    /// Quote currency owed by accounts outside of loans, such as the entries of longs.
    pub quote_debit: Amount,
}

/// The figures of one scenario, in the quote currency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ScenarioFigures {
    /// The scenario.
    pub name: String,
    /// What is left over for accounts: in `mark`, what is owed to them.
    pub owed: Amount,
    /// What accounts lack.
    pub bad_debt: Amount,
    /// How many accounts have something left over.
    pub accounts_with_equity: u64,
    /// How many accounts lack something.
    pub accounts_short: u64,
}

/// The figures of one contingency, in the quote currency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ContingencyFigures {
    /// The contingency.
    pub name: String,
    /// The worst losses of all accounts together, or more: an account may write a larger one.
    pub required: Amount,
    /// How many accounts have something to lose.
    pub accounts: u64,
}

/// The figures of one asset, in whole units of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AssetFigures {
    /// The asset.
    pub name: String,
    /// What accounts have deposited, over all tiers.
    pub deposits: Amount,
    /// What accounts have borrowed.
    pub borrows: Amount,
}

/// The figures of one market, in whole units of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct MarketFigures {
    /// The market.
    pub name: String,
    /// Open interest of longs, over all tiers.
    pub long: Amount,
    /// Open interest of shorts, over all tiers.
    pub short: Amount,
}

/// Why totals have no figures.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum FiguresError {
    /// There is one total per row of the table.
    #[error("{got} totals for {expected} instruments")]
    Length {
        /// Rows of the table.
        expected: usize,
        /// Totals given.
        got: usize,
    },
}

/// The figures of the totals of every row of the table.
///
/// # Errors
/// Where there are not as many totals as rows.
pub fn figures(compiled: &Compiled, totals: &Totals) -> Result<Figures, FiguresError> {
    let (expected, totals) = (compiled.rows.len(), &totals.0);
    if totals.len() != expected {
        return Err(FiguresError::Length { expected, got: totals.len() });
    }
    let sum = |rows: &[InstrumentId], decimals| {
        let units: BigUint = rows.iter().map(|row| BigUint::from(totals[row.row()].quantity)).sum();
        Amount::new(units, decimals)
    };
    let quote = |row: InstrumentId| sum(&[row], compiled.rows[row.row()].decimals);
    let scenarios = compiled.scenarios.iter().filter_map(|scenario| {
        let [equity, shortfall] = scenario.balance()?;
        Some(ScenarioFigures {
            name: scenario.name.clone(),
            owed: quote(equity),
            bad_debt: quote(shortfall),
            accounts_with_equity: totals[equity.row()].count,
            accounts_short: totals[shortfall.row()].count,
        })
    });
    let contingencies = compiled.contingencies.iter().map(|contingency| ContingencyFigures {
        name: contingency.name.clone(),
        required: quote(contingency.row),
        accounts: totals[contingency.row.row()].count,
    });
    let assets = compiled.assets.iter().map(|(name, rows)| AssetFigures {
        name: name.clone(),
        deposits: sum(&rows.deposits, rows.decimals),
        borrows: sum(rows.borrow.as_slice(), rows.decimals),
    });
    let markets = compiled.markets.iter().map(|(name, rows)| MarketFigures {
        name: name.clone(),
        long: sum(&rows.longs, rows.decimals),
        short: sum(&rows.shorts, rows.decimals),
    });
    let [credit, debit] = compiled.quote_rows;
    Ok(Figures {
        scenarios: scenarios.collect(),
        contingencies: contingencies.collect(),
        assets: assets.collect(),
        markets: markets.collect(),
        quote_credit: quote(credit),
        quote_debit: quote(debit),
    })
}
