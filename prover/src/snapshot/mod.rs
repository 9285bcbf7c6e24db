//! The snapshot: who holds how much of what, as read from a file.
//!
//! Three shapes are read, each as CSV or as Parquet, told apart by their column names:
//!
//! | shape | columns | signs |
//! |---|---|---|
//! | long | `account,instrument,quantity` | none: a direction is an instrument (`short ETH-PERP`) |
//! | balances | `account,asset,amount` | a negative amount is a borrow: `borrow BTC` |
//! | long with classes | `account,instrument,quantity,class` | as long |
//! | wide | `account,BTC,ETH,...` | as balances; an empty cell or a zero is no holding |
//!
//! Every account is in the snapshot, one of zeros too: in the wide shape it holds a
//! `quote credit` of 0.
//!
//! Reading is strict and exact: nothing is rounded, trimmed, guessed or skipped, and a number
//! never passes through floating point. Whether an instrument exists, and how many decimals it has,
//! is decided by the rules.

mod balances;
mod classes;
mod csv;
mod error;
mod faults;
mod form;
mod gather;
mod holdings;
mod long;
mod name;
mod parquet;
mod place;
mod row;
mod warnings;
mod wide;

pub use classes::read_classes;
pub use csv::Rows;
pub use error::{Fault, MAX_INSTRUMENT_NAMES, SnapshotError};
pub use holdings::{Account, Holding, Snapshot};
pub use name::{MAX_NAME_BYTES, NameError, check_name as check_holder_name};
pub use place::Place;
pub use warnings::{Few, Warning};

use std::{
    fs::File,
    io::{BufReader, Read, Seek, SeekFrom},
    path::Path,
};

/// Reads the snapshot in a file: Parquet if its name ends in `.parquet` or it begins as Parquet
/// does, CSV otherwise.
///
/// # Errors
/// If the file cannot be read or is malformed: all faults, each with its place.
pub fn read(path: &Path) -> Result<Snapshot, SnapshotError> {
    let name = path.display().to_string();
    let io = |error| SnapshotError::Io { file: name.clone(), error };
    let mut file = File::open(path).map_err(io)?;
    let mut start = Vec::new();
    file.by_ref().take(parquet::MAGIC.len() as u64).read_to_end(&mut start).map_err(io)?;
    file.seek(SeekFrom::Start(0)).map_err(io)?;
    if start == parquet::MAGIC || path.extension().is_some_and(|end| end == "parquet") {
        parquet::read(file, &name)
    } else {
        read_csv(file, &name)
    }
}

/// Reads the snapshot in CSV text from any source; `name` is the file's name in errors.
///
/// # Errors
/// If the text cannot be read or is malformed: all faults, each with its place.
pub fn read_csv(source: impl Read, name: &str) -> Result<Snapshot, SnapshotError> {
    csv::read(BufReader::with_capacity(1 << 16, source), name)
}
