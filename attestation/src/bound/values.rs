//! What rows are worth at other prices.

use std::collections::{BTreeMap, BTreeSet};

use pacioli_circuits::{ScenarioId, Totals};
use pacioli_rules::{Compiled, Prices, Role, RulesError};
use thiserror::Error;

/// Why a book has no figures at other prices.
#[derive(Debug, Error)]
pub enum RepriceError {
    /// The rules do not compile with the prices.
    #[error(transparent)]
    Rules(#[from] RulesError),
    /// The rules are not those of the proof.
    #[error("the rules given are not those of the proof: they count in another currency or unit")]
    OtherRules,
    /// A row that is held has no value there.
    #[error("the book holds `{0}`, for which the other prices have none")]
    Missing(String),
    /// A price that the figures need, or that the book lacks, was refused there.
    #[error(
        "refused.{0}: the other prices say that no source gave a price of it that could be used, and the \
         book needs one or leaves it out"
    )]
    Refused(String),
    /// Reserves are of an asset that has no value there, and has one in the proof.
    #[error("there are reserves of `{0}`, for which the other prices have none")]
    MissingReserve(String),
    /// A market had a price of its own in the proof.
    #[error(
        "`{row}` has the price of `{price}` in the proof, and the other prices have none: that of \
         another name would stand in for it"
    )]
    MissingMarket {
        /// The row.
        row: String,
        /// The name that its price has.
        price: String,
    },
    /// An option that is held has expired by the time of the other prices.
    #[error(
        "the book holds options `{0}`, which have expired at the time of the other prices: what they \
         settled at does not follow from prices of today"
    )]
    Expired(String),
    /// A move of an asset changes nothing that is held.
    #[error("a move of `{0}` changes nothing in the book")]
    Unmoved(String),
    /// A row is counted in another unit there.
    #[error(
        "`{row}` is counted with {now} decimals at the other prices, and with {proved} in the proof"
    )]
    Unit {
        /// The row.
        row: String,
        /// Decimals of the proof.
        proved: u32,
        /// Decimals there.
        now: u32,
    },
}

/// What one unit of each row of a proof's table is worth in the scenarios of another one.
#[derive(Clone, Debug)]
pub(super) struct RowValues {
    /// For each row of the proof the row of its table that it stands for, and that of the other table that it
    /// is worth as much as; `None` for rows that nobody holds, and rows that are no holding: they are
    /// worth nothing.
    rows: Vec<Option<[usize; 2]>>,
}

impl RowValues {
    /// Finds each row that is held in the table `now`.
    pub(super) fn new(
        proved: &Compiled,
        totals: &Totals,
        now: &Compiled,
        prices: &Prices,
    ) -> Result<Self, RepriceError> {
        if (&now.quote, now.value_decimals) != (&proved.quote, proved.value_decimals) {
            return Err(RepriceError::OtherRules);
        }
        let mut there: BTreeMap<&str, usize> = BTreeMap::new();
        for (index, row) in now.rows.iter().enumerate() {
            there.entry(holding(&row.name)).or_insert(index);
        }
        let rows = totals.0.iter().enumerate().map(|(index, total)| {
            let own = proved.worth_of(index);
            if total.quantity == 0 || !is_holding(proved.rows[own].role) {
                return Ok(None);
            }
            let own = match proved.rows[own].role {
                // Labelled or not, it is the same loan.
                Role::Uncredited { asset } => loan(proved, asset, own),
                _ => own,
            };
            let held = &proved.rows[own];
            let row = *there
                .get(holding(&held.name))
                .ok_or_else(|| RepriceError::Missing(held.name.clone()))?;
            let other_price =
                held.worth.price.as_ref().filter(|_| held.worth.price != now.rows[row].worth.price);
            if let Some(price) = other_price.filter(|price| prices.get(price).is_none()) {
                let (row, price) = (held.name.clone(), price.clone());
                return Err(RepriceError::MissingMarket { row, price });
            }
            match now.rows[row].decimals {
                same if same == held.decimals => Ok(Some([own, row])),
                now => {
                    let (row, proved) = (held.name.clone(), held.decimals);
                    Err(RepriceError::Unit { row, proved, now })
                }
            }
        });
        Ok(Self { rows: rows.collect::<Result<_, _>>()? })
    }

    /// What one unit of each row is worth in a scenario of the table `now`.
    pub(super) fn in_scenario(&self, now: &Compiled, scenario: ScenarioId) -> Vec<i128> {
        let value = |row: usize| now.table.instruments()[row].values[scenario].units();
        self.rows.iter().map(|row| row.map_or(0, |[_, there]| value(there))).collect()
    }

    /// Whether each row that is held is worth the same in a scenario of each table.
    pub(super) fn are_as_in(
        &self,
        now: &Compiled,
        scenario: ScenarioId,
        proved: &Compiled,
        own: ScenarioId,
    ) -> bool {
        let value = |table: &Compiled, row: usize, id| table.table.instruments()[row].values[id];
        let mut rows = self.rows.iter().flatten();
        rows.all(|&[here, there]| value(now, there, scenario) == value(proved, here, own))
    }
}

/// The assets and markets that somebody holds.
pub(super) fn held<'a>(proved: &'a Compiled, totals: &Totals) -> BTreeSet<&'a str> {
    let rows = totals.0.iter().enumerate().filter(|(_, total)| total.quantity > 0);
    let rows = rows.map(|(row, _)| &proved.rows[proved.worth_of(row)]);
    let holdings = rows.filter(|row| is_holding(row.role)).map(|row| holding(&row.name));
    // `insurance deposit BTC`, `short ETH-PERP`; of the quote rows nothing that has a price.
    holdings.filter_map(|name| Some(name.rsplit_once(' ')?.1)).collect()
}

/// The holding that a row's name is of. Its tiers are all worth the same in mark, stresses and twins,
/// and where they end at values, other prices may leave some of them out.
fn holding(name: &str) -> &str {
    name.rsplit_once(" tier ").map_or(name, |(holding, _)| holding)
}

/// The row of the asset's loans that bear no label, of the same class.
fn loan(proved: &Compiled, asset: u16, labelled: usize) -> usize {
    let class = proved.rows[labelled].class;
    let mut rows = proved.rows.iter();
    let found = rows.position(|row| row.role == Role::Borrow { asset } && row.class == class);
    found.unwrap_or(labelled)
}

/// Whether accounts hold rows of this role by themselves.
fn is_holding(role: Role) -> bool {
    match role {
        Role::Deposit { .. }
        | Role::Borrow { .. }
        | Role::Uncredited { .. }
        | Role::Long { .. }
        | Role::Short { .. }
        | Role::QuoteCredit
        | Role::QuoteDebit
        | Role::Plain { .. }
        | Role::Covered { .. } => true,
        Role::Empty
        | Role::Headroom
        | Role::Contingency { .. }
        | Role::Equity { .. }
        | Role::Shortfall { .. }
        | Role::Slack { .. } => false,
    }
}
