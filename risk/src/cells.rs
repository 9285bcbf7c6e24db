//! Cells of price feeds and price histories: names, times and prices, with the place of each error.

use std::io::Cursor;

use jiff::Timestamp;
use pacioli_prover::snapshot::{self, Place, Rows, SnapshotError};
use pacioli_rules::{Decimal, DecimalError, NameError, check_name, strict};
use thiserror::Error;

/// Why a table of prices is refused, with the place.
#[derive(Debug, Error)]
pub enum CellsError {
    /// The text is not a table, as the reader of snapshots reports.
    #[error(transparent)]
    Row(#[from] SnapshotError),
    /// A cell is malformed.
    #[error("{file}:{}:{}: {fault}", place.line, place.column)]
    At {
        /// The file's name.
        file: String,
        /// The place in the file.
        place: Place,
        /// The fault.
        fault: Box<CellFault>,
    },
}

/// A fault in one cell.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum CellFault {
    /// The columns are not those that the file must have.
    #[error("unknown columns `{}`: expected {expected}", .got.escape_debug())]
    Header {
        /// The columns, or the start of them.
        got: String,
        /// The expected columns.
        expected: &'static str,
    },
    /// A header alone.
    #[error("no row follows the header")]
    NoRows,
    /// An invalid asset name.
    #[error("asset: {0}")]
    Asset(NameError),
    /// An invalid source name.
    #[error("source: {0}")]
    Source(snapshot::NameError),
    /// A price or volume that is not a number.
    #[error("{column}: {error}")]
    Number {
        /// The column.
        column: &'static str,
        /// The error.
        error: DecimalError,
    },
    /// A price or volume out of range.
    #[error("{column}: {value} is not {range}")]
    Range {
        /// The column.
        column: &'static str,
        /// The number.
        value: Decimal,
        /// The required range.
        range: &'static str,
    },
    /// A time in another form.
    #[error("time: `{}` is not {expected}", .got.escape_debug())]
    Time {
        /// The text.
        got: String,
        /// The expected form.
        expected: &'static str,
    },
    /// A duplicate row.
    #[error("duplicate {what}: also on line {first}")]
    Duplicate {
        /// The row's key.
        what: String,
        /// The line that has it first.
        first: u64,
    },
}

/// Longest header that an error shows, in characters.
const SHOWN: usize = 100;

/// A table being read, row by row.
pub(crate) struct Cells<'a> {
    file: &'a str,
    rows: Rows<'a, Cursor<&'a [u8]>>,
    read: bool,
}

impl<'a> Cells<'a> {
    /// The table in CSV text; `file` is the file's name in errors.
    pub(crate) fn open(text: &'a [u8], file: &'a str) -> Result<Self, CellsError> {
        Ok(Self { file, rows: Rows::open(Cursor::new(text), file)?, read: false })
    }

    /// The columns' names, or the row's fields after [`Cells::advance`].
    pub(crate) fn fields(&self) -> Vec<&str> {
        self.rows.fields()
    }

    /// The current line.
    pub(crate) fn line(&self) -> u64 {
        self.rows.line()
    }

    /// Advances to the next row; `false` after the last. There must be at least one.
    pub(crate) fn advance(&mut self) -> Result<bool, CellsError> {
        let more = self.rows.advance()?;
        if !more && !self.read {
            let place = Place { line: self.line() + 1, column: 1 };
            return Err(CellsError::At {
                file: self.file.to_owned(),
                place,
                fault: Box::new(CellFault::NoRows),
            });
        }
        self.read = true;
        Ok(more)
    }

    /// The error for these columns.
    pub(crate) fn wrong_header(&self, expected: &'static str) -> CellsError {
        let got = self.fields().join(",").chars().take(SHOWN).collect();
        self.refuse(0, CellFault::Header { got, expected })
    }

    /// The error for a cell of the current row.
    pub(crate) fn refuse(&self, column: usize, fault: CellFault) -> CellsError {
        let place = Place { line: self.line(), column: column as u32 + 1 };
        CellsError::At { file: self.file.to_owned(), place, fault: Box::new(fault) }
    }

    /// A cell, parsed by `read`.
    pub(crate) fn cell<T>(
        &self,
        column: usize,
        read: impl FnOnce(&str) -> Result<T, CellFault>,
    ) -> Result<T, CellsError> {
        let fields = self.rows.fields();
        // Every row has as many fields as the header.
        let text = fields.get(column).copied().unwrap_or_default();
        read(text).map_err(|fault| self.refuse(column, fault))
    }
}

/// An asset's name.
pub(crate) fn asset(text: &str) -> Result<String, CellFault> {
    check_name(text).map_err(CellFault::Asset)?;
    Ok(text.to_owned())
}

/// A source's name.
pub(crate) fn source(text: &str) -> Result<String, CellFault> {
    snapshot::check_holder_name(text).map_err(CellFault::Source)?;
    Ok(text.to_owned())
}

/// A time such as `2026-11-21T00:00:00Z`, in any spelling.
pub(crate) fn time(text: &str) -> Result<Timestamp, CellFault> {
    let expected = "a UTC time such as `2026-11-21T00:00:00Z`";
    strict::read_utc_time(text).ok_or_else(|| CellFault::Time { got: text.to_owned(), expected })
}

/// A price: above zero, since an asset that is worth nothing is not quoted.
pub(crate) fn price(column: &'static str, text: &str) -> Result<Decimal, CellFault> {
    above_zero(column, number(column, text)?)
}

/// The same, of a number that was read.
pub(crate) fn above_zero(column: &'static str, value: Decimal) -> Result<Decimal, CellFault> {
    match value.mantissa() {
        1.. => Ok(value),
        _ => Err(CellFault::Range { column, value, range: "above zero" }),
    }
}

/// A volume: zero or more.
pub(crate) fn volume(column: &'static str, text: &str) -> Result<Decimal, CellFault> {
    let value = number(column, text)?;
    match value.is_negative() {
        false => Ok(value),
        true => Err(CellFault::Range { column, value, range: "zero or more" }),
    }
}

fn number(column: &'static str, text: &str) -> Result<Decimal, CellFault> {
    text.parse().map_err(|error| CellFault::Number { column, error })
}
