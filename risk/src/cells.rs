//! Cells of price feeds and price histories: names, times and prices, each refused where it stands.

use std::io::Cursor;

use jiff::Timestamp;
use pacioli_prover::snapshot::{self, Place, Rows, SnapshotError};
use pacioli_rules::{Decimal, DecimalError, NameError, check_name, strict};
use thiserror::Error;

/// Why a table of prices is refused, and where.
#[derive(Debug, Error)]
pub enum CellsError {
    /// The text is no table: the reader of snapshots says why.
    #[error(transparent)]
    Row(#[from] SnapshotError),
    /// A cell holds what it must not.
    #[error("{file}:{}:{}: {fault}", place.line, place.column)]
    At {
        /// The file's name.
        file: String,
        /// Where in the file.
        place: Place,
        /// What is wrong there.
        fault: Box<CellFault>,
    },
}

/// What is wrong with one cell.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum CellFault {
    /// Other columns than the file has to have.
    #[error("the columns `{}` are not {expected}", .got.escape_debug())]
    Header {
        /// The columns, or the start of them.
        got: String,
        /// What they have to be.
        expected: &'static str,
    },
    /// A header alone.
    #[error("no row follows the header")]
    NoRows,
    /// An asset that no rules can name.
    #[error("asset: {0}")]
    Asset(NameError),
    /// A source that cannot be named.
    #[error("source: {0}")]
    Source(snapshot::NameError),
    /// A price or volume that is no number.
    #[error("{column}: {error}")]
    Number {
        /// The column.
        column: &'static str,
        /// What is wrong with it.
        error: DecimalError,
    },
    /// A price that is none, or a volume below zero.
    #[error("{column}: {value} is not {range}")]
    Range {
        /// The column.
        column: &'static str,
        /// The number.
        value: Decimal,
        /// What it has to be.
        range: &'static str,
    },
    /// A time in another form.
    #[error("time: `{}` is not {expected}", .got.escape_debug())]
    Time {
        /// What stands there.
        got: String,
        /// The form.
        expected: &'static str,
    },
    /// The same thing said twice.
    #[error("{what} stands on line {first} already")]
    Twice {
        /// What it is.
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
    /// The table in CSV text; `file` is its name in errors.
    pub(crate) fn open(text: &'a [u8], file: &'a str) -> Result<Self, CellsError> {
        Ok(Self { file, rows: Rows::open(Cursor::new(text), file)?, read: false })
    }

    /// The columns' names, or the row's fields after [`Cells::advance`].
    pub(crate) fn fields(&self) -> Vec<&str> {
        self.rows.fields()
    }

    /// The line at hand.
    pub(crate) fn line(&self) -> u64 {
        self.rows.line()
    }

    /// Goes on to the next row, or says that there is none. There is at least one.
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

    /// The refusal of these columns.
    pub(crate) fn wrong_header(&self, expected: &'static str) -> CellsError {
        let got = self.fields().join(",").chars().take(SHOWN).collect();
        self.refuse(0, CellFault::Header { got, expected })
    }

    /// The refusal of a cell of the row at hand.
    pub(crate) fn refuse(&self, column: usize, fault: CellFault) -> CellsError {
        let place = Place { line: self.line(), column: column as u32 + 1 };
        CellsError::At { file: self.file.to_owned(), place, fault: Box::new(fault) }
    }

    /// What `read` makes of a cell.
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

/// A time such as `2026-11-21T00:00:00Z`.
pub(crate) fn time(text: &str) -> Result<Timestamp, CellFault> {
    let expected = "a UTC time such as `2026-11-21T00:00:00Z`";
    strict::parse_utc_time(text).ok_or_else(|| CellFault::Time { got: text.to_owned(), expected })
}

/// A price: above zero, since an asset that is worth nothing is not quoted.
pub(crate) fn price(column: &'static str, text: &str) -> Result<Decimal, CellFault> {
    let value = number(column, text)?;
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
