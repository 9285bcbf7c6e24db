//! Errors of reading a snapshot, with their place.

use std::io;

use pacioli_rules::{Class, ClassError, Closest, DecimalError};
use parquet::errors::ParquetError;
use thiserror::Error;

use super::{name::NameError, place::Place, source_error::SourceError};
use crate::several::Several;

/// Longest line of a CSV file, in bytes: a wide header of ten thousand assets fits.
pub(super) const MAX_LINE_BYTES: u64 = 1 << 20;

/// Most different instruments in a snapshot: far more than any rules have, and few enough to stop
/// early if account ids are in the instrument column.
pub const MAX_INSTRUMENT_NAMES: usize = 1 << 14;

/// An error in a snapshot's file, with its place.
#[derive(Debug, Error)]
pub enum SnapshotError {
    /// The file cannot be opened or read.
    #[error("{file}: {error}")]
    Io {
        /// The file's name.
        file: String,
        /// The system's error.
        error: io::Error,
    },
    /// The file is not Parquet, is damaged, or uses a codec that is not built in.
    #[error("{file}: cannot be read as parquet: {error}")]
    Parquet {
        /// The file's name.
        file: String,
        /// The Parquet reader's error.
        error: ParquetError,
    },
    /// The file or folder is not read at all.
    #[error("{file}: {error}")]
    Source {
        /// Its name.
        file: String,
        /// What is wrong with it.
        error: SourceError,
    },
    /// The file is malformed.
    #[error("{file}:{}:{}: {fault}", place.line, place.column)]
    Fault {
        /// The file's name.
        file: String,
        /// The place in the file.
        place: Place,
        /// The fault.
        fault: Fault,
    },
    /// Several rows are malformed.
    #[error("{0}")]
    Several(Several<SnapshotError>),
}

/// A fault in one place of a snapshot.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum Fault {
    /// Some editors write one before the text.
    #[error("the file starts with a byte order mark; save it as plain UTF-8")]
    ByteOrderMark,
    /// The file's one column holds what others put between columns.
    #[error(
        "the columns are separated by {}: separate them by commas, and write decimals with a point",
        separator(*.0)
    )]
    Separator(char),
    /// There is not even a header.
    #[error("the file is empty")]
    Empty,
    /// A header alone: most likely a failed export.
    #[error("no row follows the header")]
    NoRows,
    /// The columns match no shape.
    #[error(
        "unknown columns `{start}`{closest}: expected `account,instrument,quantity`, \
         `account,instrument,quantity,class`, `account,asset,amount` or `account,ASSET,ASSET,...`"
    )]
    Header {
        /// The start of the header.
        start: String,
        /// The header that was meant.
        closest: Closest,
    },
    /// A list of positions in the place of a snapshot.
    #[error(
        "`{0}` is a column of a list of positions, and no asset: a position is a line of its market and \
         what it was entered for, and a coin-margined or quanto one is two lines; docs/snapshot.md says \
         how, and docs/recipes makes them"
    )]
    Positions(String),
    /// A list of classes in the place of a snapshot.
    #[error("these columns are a list of classes: give it beside the snapshot, as --classes")]
    Classes,
    /// A list of classes has other columns.
    #[error("unknown columns `{0}`: expected `account,class`")]
    ClassesHeader(String),
    /// Two columns have the same name.
    #[error("duplicate column {name:?}: also column {first}")]
    DuplicateColumn {
        /// The name.
        name: String,
        /// The first column of that name.
        first: u32,
    },
    /// A blank line.
    #[error("the line is blank: delete it")]
    BlankLine,
    /// No line's end at the end of the file.
    #[error("the last line has no end: the file may have been cut; end it with a line break")]
    CutLine,
    /// More or fewer fields than the header has.
    #[error(
        "expected {expected} columns as in the header, got {got}{}",
        if got > expected { "; a number has no commas" } else { "" }
    )]
    ColumnCount {
        /// Columns of the header.
        expected: usize,
        /// Columns of the row.
        got: usize,
    },
    /// The line is too long for a CSV file.
    #[error("the line is longer than {MAX_LINE_BYTES} bytes")]
    LongLine,
    /// A quote inside a field.
    #[error("a quote must enclose a whole field")]
    StrayQuote,
    /// A quote that is not closed on its line.
    #[error("the quote is not closed on its line: a field cannot hold a line break")]
    OpenQuote,
    /// The bytes are not UTF-8.
    #[error("not valid UTF-8")]
    NotUtf8,
    /// The name of an account, instrument or asset is invalid.
    #[error("{column}: {error}")]
    Name {
        /// The column's name.
        column: &'static str,
        /// The error.
        error: NameError,
    },
    /// A quantity or amount is not a valid number.
    #[error("{column}: {error}")]
    Number {
        /// The column's name.
        column: String,
        /// The error.
        error: DecimalError,
    },
    /// A quantity is negative.
    #[error(
        "quantity: `{0}` is negative; a direction is an instrument of its own, such as \
         `borrow BTC` or `short ETH-PERP`"
    )]
    Negative(String),
    /// The account already has this instrument or asset.
    #[error("duplicate `{name}` of account `{account}`: also on line {first}; add them up")]
    DuplicateRow {
        /// The account's id.
        account: String,
        /// The instrument or asset.
        name: String,
        /// The line that has it first.
        first: u64,
    },
    /// The account already has a row, in the wide shape.
    #[error("duplicate account `{account}`: also on line {first}")]
    DuplicateAccount {
        /// The account's id.
        account: String,
        /// The line that has it first.
        first: u64,
    },
    /// The class does not exist.
    #[error("class: {0}")]
    Class(ClassError),
    /// The account has two classes.
    #[error(
        "account `{account}` is of class {class} here and {first} before; it must have one class"
    )]
    TwoClasses {
        /// The account's id.
        account: String,
        /// The class here.
        class: Class,
        /// The class before.
        first: Class,
    },
    /// A list of classes names an account that the snapshot does not have.
    #[error("the snapshot has no account `{}`", .0.escape_debug())]
    NoAccount(String),
    /// A list of classes names an account twice.
    #[error("duplicate account `{account}`: also on line {first}")]
    ClassTwice {
        /// The account's id.
        account: String,
        /// The line that has it first.
        first: u64,
    },
    /// More different names than any rules have.
    #[error("more than {MAX_INSTRUMENT_NAMES} different instruments; are the columns in order?")]
    TooManyInstruments,
    /// More than are told apart in memory.
    #[error("more than 4,294,967,294 accounts or rows: no snapshot is as large")]
    TooManyRows,
    /// A fault that refers to a line of another file.
    #[error("{fault} (that line is of {file})")]
    InFile {
        /// The fault; its line is the other file's.
        fault: Box<Fault>,
        /// The other file.
        file: String,
    },
    /// The column with which pandas numbers the rows.
    #[error("column {name:?} is the index of pandas; write it with `index=False`")]
    IndexColumn {
        /// Its name.
        name: String,
    },
    /// A Parquet column holds floating-point numbers.
    #[error(
        "column `{column}` holds floating-point numbers, which are not exact; write DECIMAL or \
         strings"
    )]
    FloatColumn {
        /// The column's name.
        column: String,
    },
    /// A Parquet column has an unsupported type.
    #[error("column `{column}` must hold {expected}, got {got}")]
    ColumnType {
        /// The column's name.
        column: String,
        /// The expected type.
        expected: &'static str,
        /// Its type in the file.
        got: String,
    },
    /// A codec that is not read.
    #[error("column `{column}` is compressed with {codec}; write it with snappy, zstd or gzip")]
    Codec {
        /// The column.
        column: String,
        /// Its codec.
        codec: String,
    },
    /// A Parquet column is inside a list, map or struct.
    #[error("column `{column}` is nested or repeated")]
    Nested {
        /// The column's path.
        column: String,
    },
}

/// A character between columns, as people call it.
fn separator(character: char) -> String {
    if character == '\t' { "tabs".to_owned() } else { format!("`{character}`") }
}

/// A fault in one column of the row at hand.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Misplaced {
    /// The column, from 0.
    pub column: usize,
    /// The fault.
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
            error("account,asset,amount\na,BTC,1\na,BTC,-2\n").to_string(),
            "book.csv:3:2: duplicate `BTC` of account `a`: also on line 2; add them up"
        );
        assert_eq!(
            error("name,BTC\n").to_string(),
            "book.csv:1:1: unknown columns `name,BTC`: expected `account,instrument,quantity`, \
             `account,instrument,quantity,class`, `account,asset,amount` or `account,ASSET,ASSET,...`"
        );
    }
}
