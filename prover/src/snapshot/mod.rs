//! The snapshot: who holds how much of what, as read from a file.
//!
//! Three shapes are read, each as CSV or as Parquet, in one file or a folder of files, told apart
//! by their column names:
//!
//! | shape | columns | signs |
//! |---|---|---|
//! | long | `account,instrument,quantity` | none: a direction is an instrument (`short ETH-PERP`) |
//! | balances | `account,asset,amount` | a negative amount is a borrow: `borrow BTC` |
//! | long with classes | `account,instrument,quantity,class` | as long |
//! | wide | `account,BTC,ETH,...` | as balances; an empty cell or a zero is no holding |
//!
//! Reading is strict and exact: nothing is rounded, trimmed, guessed or skipped, and a number
//! never passes through floating point. Whether an instrument exists, and how many decimals it has,
//! is decided by the rules.

mod arrangement;
mod balances;
mod classes;
mod csv;
mod error;
mod files;
mod form;
mod gather;
mod holdings;
mod index_column;
mod long;
mod name;
mod parquet;
mod place;
mod reading;
mod row;
mod source;
mod wide;

pub use classes::read_classes;
pub use csv::Rows;
pub use error::{Fault, MAX_INSTRUMENT_NAMES, SnapshotError};
pub use files::{Files, Spot};
pub use holdings::{Account, Holding, Snapshot};
pub use name::{MAX_NAME_BYTES, NameError, check_name as check_holder_name};
pub use place::Place;
pub use source::SourceError;

use std::{
    io::{BufReader, Read},
    path::Path,
};

use reading::Reading;
use source::{Kind, Part, Source};

/// Reads the snapshot at a path: a file, a pipe, or a folder of files that are read as one in the
/// order of their names.
///
/// A file is Parquet if it begins as Parquet does or its name ends in `.parquet`, and CSV
/// otherwise; either may be compressed as a whole with gzip or zstd. Folders inside a folder are
/// called `column=value`. A column of that name in a shape is a column of the snapshot; any other
/// must have one value.
///
/// # Errors
/// If something cannot be read or is malformed: the first fault, with its place.
pub fn read(path: &Path) -> Result<Snapshot, SnapshotError> {
    let mut reading = Reading::default();
    let mut next_line = 0;
    for part in source::parts(path)? {
        let source = source::open(&part)?;
        let is_text = source.kind() == Kind::Csv && part.within.is_empty();
        reading.begin(part, source.kind())?;
        let lines = match source {
            Source::Csv(text) => csv::read(buffered(text), &mut reading)?,
            Source::Parquet(file) => parquet::read(file, &mut reading)?,
        };
        next_line = if is_text { lines + 1 } else { 0 };
        reading.end(lines);
    }
    reading.finish(&path.display().to_string(), next_line)
}

/// Reads the snapshot in CSV text from any source; `name` is the file's name in errors.
///
/// # Errors
/// If the text cannot be read or is malformed: the first fault, with its place.
pub fn read_csv(source: impl Read, name: &str) -> Result<Snapshot, SnapshotError> {
    let mut reading = Reading::default();
    let part = Part { name: name.to_owned(), ..Part::default() };
    reading.begin(part, Kind::Csv)?;
    let lines = csv::read(buffered(source), &mut reading)?;
    reading.finish(name, lines + 1)
}

fn buffered<R: Read>(source: R) -> BufReader<R> {
    BufReader::with_capacity(1 << 16, source)
}
