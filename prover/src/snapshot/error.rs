//! Why a file is no snapshot.

use std::io;

use pacioli_rules::{Class, ClassError, DecimalError};
use parquet::errors::ParquetError;
use thiserror::Error;

use super::{MAX_INSTRUMENT_NAMES, NameError, Place, csv::MAX_LINE_BYTES};

/// Why a file is no snapshot, and where.
#[derive(Debug, Error)]
pub enum SnapshotError {
    /// The file cannot be opened or read.
    #[error("{file}: {error}")]
    Io {
        /// The file's name.
        file: String,
        /// What the system says.
        error: io::Error,
    },
    /// The file is no Parquet file, is damaged, or uses a codec that is not built in.
    #[error("{file}: cannot be read as parquet: {error}")]
    Parquet {
        /// The file's name.
        file: String,
        /// What the Parquet reader says.
        error: ParquetError,
    },
    /// Something in the file is not as it must be.
    #[error("{file}:{}:{}: {fault}", place.line, place.column)]
    Fault {
        /// The file's name.
        file: String,
        /// Where in the file.
        place: Place,
        /// What is wrong there.
        fault: Fault,
    },
}

/// What is wrong in one place of a snapshot.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum Fault {
    /// Some editors put one before the text.
    #[error("the file starts with a byte order mark; save it as plain UTF-8")]
    ByteOrderMark,
    /// There is not even a header.
    #[error("the file is empty")]
    Empty,
    /// A header alone: most likely a failed export.
    #[error("no row follows the header")]
    NoRows,
    /// The columns, of which this is the start, are those of no shape.
    #[error(
        "the columns `{0}` are none of `account,instrument,quantity`, \
         `account,instrument,quantity,class`, `account,asset,amount` or `account,ASSET,ASSET,...`"
    )]
    Header(String),
    /// The columns of a list of classes are others.
    #[error("the columns `{0}` are not `account,class`")]
    ClassesHeader(String),
    /// Two columns of one name.
    #[error("column {name:?} stands in column {first} already")]
    DuplicateColumn {
        /// The name.
        name: String,
        /// The first column that bears it.
        first: u32,
    },
    /// A line without a row.
    #[error("the line is blank")]
    BlankLine,
    /// More or fewer fields than the header has.
    #[error("{got} columns where the header has {expected}")]
    ColumnCount {
        /// Columns of the header.
        expected: usize,
        /// Columns of the row.
        got: usize,
    },
    /// Surely not a CSV file.
    #[error("the line is longer than {MAX_LINE_BYTES} bytes")]
    LongLine,
    /// A quote inside a field, or one that never closes.
    #[error("a quote that does not enclose a whole field")]
    StrayQuote,
    /// The bytes are no text.
    #[error("not valid UTF-8")]
    NotUtf8,
    /// An account id, instrument or asset that cannot be one.
    #[error("{column}: {error}")]
    Name {
        /// The column's name.
        column: &'static str,
        /// What is wrong with it.
        error: NameError,
    },
    /// A quantity or amount that is no number.
    #[error("{column}: {error}")]
    Number {
        /// The column's name.
        column: String,
        /// What is wrong with it.
        error: DecimalError,
    },
    /// A sign where none belongs.
    #[error(
        "quantity: `{0}` is negative; a direction is an instrument of its own, like `borrow BTC` \
         or `short ETH-PERP`"
    )]
    Negative(String),
    /// The account already has this instrument or asset.
    #[error("`{account}` has `{name}` on line {first} already")]
    DuplicateRow {
        /// The account's id.
        account: String,
        /// The instrument or asset.
        name: String,
        /// The line that has it first.
        first: u64,
    },
    /// The account already has a row of the wide shape.
    #[error("`{account}` has a row on line {first} already")]
    DuplicateAccount {
        /// The account's id.
        account: String,
        /// The line that has it first.
        first: u64,
    },
    /// A class that there is not.
    #[error("class: {0}")]
    Class(ClassError),
    /// An account of two classes.
    #[error("`{account}` is {class} here and {first} before; an account is of one class")]
    TwoClasses {
        /// The account's id.
        account: String,
        /// The class here.
        class: Class,
        /// The class before.
        first: Class,
    },
    /// An account in a list of classes that the snapshot does not have.
    #[error("the snapshot has no account `{}`", .0.escape_debug())]
    NoAccount(String),
    /// An account that stands in a list of classes twice.
    #[error("`{account}` stands on line {first} already")]
    ClassTwice {
        /// The account's id.
        account: String,
        /// The line that has it first.
        first: u64,
    },
    /// More different names than any rules can know.
    #[error("more than {MAX_INSTRUMENT_NAMES} different instruments; are the columns in order?")]
    TooManyInstruments,
    /// A Parquet column whose numbers are not exact.
    #[error("column `{column}` holds floating-point numbers, which are not exact; write DECIMAL")]
    FloatColumn {
        /// The column's name.
        column: String,
    },
    /// A Parquet column of another type.
    #[error("column `{column}` must hold {expected}, not {got}")]
    ColumnType {
        /// The column's name.
        column: String,
        /// What it should hold.
        expected: &'static str,
        /// Its type in the file.
        got: String,
    },
    /// A Parquet column inside a list, map or struct.
    #[error("column `{column}` is nested or repeated")]
    Nested {
        /// The column's path.
        column: String,
    },
}

/// A fault in one column of the row at hand.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Misplaced {
    /// The column, from 0.
    pub column: usize,
    /// What is wrong there.
    pub fault: Fault,
}

impl Fault {
    /// The fault in column `column`, from 0.
    pub(super) fn at(self, column: usize) -> Misplaced {
        Misplaced { column, fault: self }
    }
}

impl Misplaced {
    /// The fault in its line of its file.
    pub(super) fn on(self, file: &str, line: u64) -> SnapshotError {
        let place = Place { line, column: self.column as u32 + 1 };
        SnapshotError::Fault { file: file.to_owned(), place, fault: self.fault }
    }
}

/// The fault in a CSV text, with its line and column.
#[cfg(test)]
pub(super) fn fault_in(text: impl AsRef<[u8]>) -> (u64, u32, Fault) {
    match super::read_csv(text.as_ref(), "book.csv") {
        Err(SnapshotError::Fault { place, fault, .. }) => (place.line, place.column, fault),
        other => panic!("no fault: {other:?}"),
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn an_error_starts_with_file_line_and_column() {
        let error = |text: &str| super::super::read_csv(text.as_bytes(), "book.csv").unwrap_err();
        assert_eq!(
            error("account,asset,amount\na,BTC,1e3\n").to_string(),
            "book.csv:2:3: amount: `1e3` is in exponent notation; write the digits out"
        );
        assert_eq!(
            error("account,asset,amount\na,BTC,1\na,BTC,-2").to_string(),
            "book.csv:3:2: `a` has `BTC` on line 2 already"
        );
        assert_eq!(
            error("name,BTC\n").to_string(),
            "book.csv:1:1: the columns `name,BTC` are none of `account,instrument,quantity`, \
             `account,instrument,quantity,class`, `account,asset,amount` or `account,ASSET,ASSET,...`"
        );
    }
}
