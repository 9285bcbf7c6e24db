//! A record as one long table: a row for each scenario, asset and market of each attestation.
//!
//! Amounts are exact decimals, written as text in every format: no reader loses a digit of them unless
//! it wants to.

mod csv;
mod json;
mod parquet;

use std::path::Path;

use thiserror::Error;

use crate::{
    attested::Attested,
    point::{AssetPoint, MarketPoint, Point, ScenarioPoint},
    record::Record,
};

/// The columns, each with what it holds. The first nine are of the attestation and are the same in all
/// of its rows; of the others, each kind of row has some.
pub const COLUMNS: [(&str, &str); 25] = [
    ("number", "the attestation's sequence number (W)"),
    ("as_of", "the time of its snapshot (W)"),
    ("venue", "the venue (W)"),
    ("state", "healthy, breach or expired (R)"),
    ("quote", "the currency of rows of the kind `scenario`"),
    ("digest", "the attestation's digest (R)"),
    ("key", "the digest of the key that it was verified under (R)"),
    ("software", "the program that made it (W)"),
    ("file", "the file that it is in"),
    ("kind", "what the row is of: scenario, asset or market"),
    ("name", "the scenario, asset or market"),
    ("owed", "scenario: what is owed (P); asset: what customers' reserves have to be (P)"),
    ("bad_debt", "scenario: shortfalls of accounts (P)"),
    ("accounts_with_shortfall", "scenario: accounts that have one (P)"),
    ("reserves", "scenario: customers' reserves valued there (W); asset: of it (W or better)"),
    ("insurance_reserves", "the same of the purpose insurance"),
    ("coverage", "reserves over owed, rounded down to four digits"),
    ("fund", "scenario: what is left for the insurance fund (W); may be below 0"),
    ("deposits", "asset: what accounts have deposited (P)"),
    ("borrows", "asset: what accounts have borrowed (P)"),
    ("price", "asset: its price in the quote currency (W)"),
    ("reserves_not_w", "asset: the part of `reserves` and `insurance_reserves` that is not W"),
    ("long", "market: open interest of longs (P)"),
    ("short", "market: open interest of shorts (P)"),
    ("stated", "market: open interest that the prices state (W)"),
];

/// The rows of a record, a cell for each of [`COLUMNS`]; `None` is no value.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table {
    /// The rows.
    pub rows: Vec<[Option<String>; COLUMNS.len()]>,
}

/// The form of a table's file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Comma-separated values, RFC 4180.
    Csv,
    /// Apache Parquet; every column is a text, and may have no value.
    Parquet,
    /// One JSON document, by `docs/schema/record.schema.json`.
    Json,
}

/// Why a table is not written.
#[derive(Debug, Error)]
pub enum ExportError {
    /// Another ending.
    #[error("`{0}` ends in none of `.csv`, `.parquet` and `.json`, which say the format")]
    Ending(String),
    /// Parquet's own.
    #[error("the table cannot be written as Parquet: {0}")]
    Parquet(#[from] ::parquet::errors::ParquetError),
    /// CSV's own.
    #[error("the table cannot be written as CSV: {0}")]
    Csv(#[from] ::csv::Error),
}

impl Format {
    /// The format by a file's ending.
    ///
    /// # Errors
    /// If it is none of these.
    pub fn of(path: &Path) -> Result<Self, ExportError> {
        match path.extension().and_then(|ending| ending.to_str()) {
            Some("csv") => Ok(Self::Csv),
            Some("parquet") => Ok(Self::Parquet),
            Some("json") => Ok(Self::Json),
            _ => Err(ExportError::Ending(path.display().to_string())),
        }
    }
}

impl Table {
    /// The rows of every attestation that verifies.
    pub fn of(record: &Record) -> Self {
        let mut table = Self::default();
        for Attested { point, .. } in &record.attested {
            table.rows.extend(point.scenarios.iter().map(|one| scenario(point, one)));
            table.rows.extend(point.assets.iter().map(|one| asset(point, one)));
            table.rows.extend(point.markets.iter().map(|one| market(point, one)));
        }
        table
    }

    /// The file's bytes.
    ///
    /// # Errors
    /// If the format's own writer fails.
    pub fn to_bytes(&self, format: Format) -> Result<Vec<u8>, ExportError> {
        match format {
            Format::Csv => csv::bytes(self),
            Format::Parquet => parquet::bytes(self),
            Format::Json => Ok(json::bytes(self)),
        }
    }
}

type Row = [Option<String>; COLUMNS.len()];

/// A row with these cells, besides those of its attestation.
fn row(point: &Point, kind: &str, name: &str, cells: &[(&str, Option<String>)]) -> Row {
    let mut row = [const { None }; COLUMNS.len()];
    let mut put = |column: &str, value: Option<String>| {
        let index = COLUMNS.iter().position(|(name, _)| *name == column);
        row[index.expect("cells are named as columns are")] = value;
    };
    let own = [
        ("number", point.number.to_string()),
        ("as_of", point.as_of.to_string()),
        ("venue", point.venue.clone()),
        ("state", point.state.to_string()),
        ("quote", point.quote.clone()),
        ("digest", point.digest.to_string()),
        ("key", point.key.to_string()),
        ("software", point.software.clone()),
        ("file", point.file.clone()),
        ("kind", kind.to_owned()),
        ("name", name.to_owned()),
    ];
    own.into_iter().for_each(|(column, value)| put(column, Some(value)));
    cells.iter().for_each(|(column, value)| put(column, value.clone()));
    row
}

fn text(value: &Option<impl ToString>) -> Option<String> {
    value.as_ref().map(ToString::to_string)
}

fn scenario(point: &Point, one: &ScenarioPoint) -> Row {
    let cells = [
        ("owed", Some(one.owed.to_string())),
        ("bad_debt", Some(one.bad_debt.to_string())),
        ("accounts_with_shortfall", Some(one.accounts_with_shortfall.to_string())),
        ("reserves", text(&one.reserves)),
        ("insurance_reserves", text(&one.insurance_reserves)),
        ("coverage", text(&one.coverage)),
        ("fund", text(&one.fund)),
    ];
    row(point, "scenario", &one.name, &cells)
}

fn asset(point: &Point, one: &AssetPoint) -> Row {
    let sum = |counts: fn(&crate::point::Held) -> bool| {
        let mut sum = pacioli_rules::Amount::new(0u32, one.deposits.decimals);
        let held = one.held.iter().filter(|held| counts(held));
        held.for_each(|held| sum.units += &held.amount.units);
        sum.to_string()
    };
    let insurance = sum(|held| held.purpose == pacioli_attestation::Purpose::Insurance);
    let not_w = sum(|held| held.by != pacioli_attestation::By::Publisher);
    let cells = [
        ("owed", Some(one.owed.to_string())),
        ("reserves", Some(one.reserves.to_string())),
        ("insurance_reserves", Some(insurance)),
        ("coverage", text(&one.coverage)),
        ("deposits", Some(one.deposits.to_string())),
        ("borrows", Some(one.borrows.to_string())),
        ("price", text(&one.price)),
        ("reserves_not_w", Some(not_w)),
    ];
    row(point, "asset", &one.name, &cells)
}

fn market(point: &Point, one: &MarketPoint) -> Row {
    let cells = [
        ("long", Some(one.long.to_string())),
        ("short", Some(one.short.to_string())),
        ("stated", text(&one.stated)),
    ];
    row(point, "market", &one.name, &cells)
}

#[cfg(test)]
mod tests;
