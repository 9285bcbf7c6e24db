//! What rows are worth at other prices.

use pacioli_circuits::{ScenarioId, Totals, Value};
use pacioli_rules::{Compiled, Role, Row, RulesError};
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
    #[error("the book holds `{0}`, for which the new prices have none")]
    Missing(String),
    /// A row is counted in another unit there.
    #[error(
        "`{row}` is counted with {now} decimals at the new prices, and with {proved} in the proof"
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

/// What one unit of each row of `proved` is worth at the mark of `now`: rows that nobody holds, and
/// rows that are no holding, nothing.
pub(super) fn values(
    proved: &Compiled,
    totals: &Totals,
    now: &Compiled,
) -> Result<Vec<i128>, RepriceError> {
    if (&now.quote, now.value_decimals) != (&proved.quote, proved.value_decimals) {
        return Err(RepriceError::OtherRules);
    }
    let at_mark = |row: usize| now.table.instruments()[row].values[ScenarioId::MARK];
    let mut values = Vec::with_capacity(proved.rows.len());
    for (index, total) in totals.0.iter().enumerate() {
        let held = &proved.rows[proved.worth_of(index)];
        let held = match held.role {
            // Labelled or not, it is the same loan.
            Role::Uncredited { asset } => loan(proved, asset, held),
            _ => held,
        };
        let is_held = total.quantity > 0 && is_holding(held.role);
        let value = match same_holding(now, &held.name) {
            _ if !is_held => Value::ZERO,
            None => return Err(RepriceError::Missing(held.name.clone())),
            Some(there) => {
                let (row, proved) = (held.name.clone(), held.decimals);
                match now.rows[there].decimals {
                    same if same == proved => at_mark(there),
                    now => return Err(RepriceError::Unit { row, proved, now }),
                }
            }
        };
        values.push(value.units());
    }
    Ok(values)
}

/// A row of the holding that a row's name is of. Its tiers are all worth the same at mark, and where
/// they end at values, other prices may leave some of them out.
fn same_holding(now: &Compiled, name: &str) -> Option<usize> {
    let holding =
        |name: &str| name.split_once(" tier ").map_or(name, |(holding, _)| holding).to_owned();
    let sought = holding(name);
    now.rows.iter().position(|row| holding(&row.name) == sought)
}

/// The row of the asset's loans that bear no label, of the same class.
fn loan<'a>(proved: &'a Compiled, asset: u16, labelled: &'a Row) -> &'a Row {
    let mut rows = proved.rows.iter();
    let is_loan = |row: &&Row| row.role == Role::Borrow { asset } && row.class == labelled.class;
    rows.find(is_loan).unwrap_or(labelled)
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
