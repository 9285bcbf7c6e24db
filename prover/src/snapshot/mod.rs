//! The snapshot: who holds how much of what, as a file says it.
//!
//! Three shapes are read, each as CSV or as Parquet, told apart by their column names:
//!
//! | shape | columns | signs |
//! |---|---|---|
//! | long | `account,instrument,quantity` | none: a direction is an instrument (`short ETH-PERP`) |
//! | balances | `account,asset,amount` | a negative amount is a loan: `borrow BTC` |
//! | long with classes | `account,instrument,quantity,class` | as long |
//! | wide | `account,BTC,ETH,...` | as balances; an empty cell or a zero is no holding |
//!
//! Reading is strict and exact: nothing is rounded, trimmed, guessed or skipped, and a number
//! never passes through floating point. Whether an instrument exists, and how many digits it has,
//! is for the rules to say.

mod balances;
mod classes;
mod csv;
mod error;
mod form;
mod gather;
mod long;
mod name;
mod parquet;
mod wide;

pub use classes::read_classes;
pub use csv::Rows;
pub use error::{Fault, SnapshotError};
pub use gather::MAX_INSTRUMENT_NAMES;
pub use name::{MAX_NAME_BYTES, NameError, check_name as check_holder_name};

use std::{
    collections::BTreeMap,
    fmt,
    fs::File,
    io::{BufReader, Read, Seek, SeekFrom},
    path::Path,
};

use pacioli_rules::{Class, Decimal};

/// A book as read: who holds how much of what.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Snapshot {
    /// The accounts, in order of first appearance.
    pub accounts: Vec<Account>,
    /// The distinct instruments, in order of first appearance: `deposit BTC` and `borrow BTC` from
    /// balances, or as written in the long shape. At most [`MAX_INSTRUMENT_NAMES`].
    pub instruments: Vec<String>,
    /// The classes of the accounts that are no customers', by id.
    pub classes: BTreeMap<String, Class>,
}

/// One account of a snapshot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// The account's id, unique in the snapshot.
    pub id: String,
    /// What it holds, in the order of the file. Empty only in the wide shape, for an account
    /// without an amount.
    pub holdings: Vec<Holding>,
}

/// One instrument held in one quantity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Holding {
    /// Index into [`Snapshot::instruments`].
    pub instrument: u32,
    /// How much of it, as written; never negative.
    pub quantity: Decimal,
    /// Where the quantity stands in the file.
    pub place: Place,
}

/// Where something stands in a snapshot.
#[derive(Default, Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// Line of the file, from 1, the header included. In Parquet the row, from 1; 0 is the schema.
    pub line: u64,
    /// Column, from 1: the field's place among the fields of its line, not a byte offset.
    pub column: u32,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, column {}", self.line, self.column)
    }
}

/// The snapshot in a file: Parquet where its name ends in `.parquet` or it begins as Parquet does,
/// else CSV.
///
/// # Errors
/// At the first thing in the file that is not as the module says, with its place.
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

/// The snapshot in CSV text from anywhere; `name` stands for the file in errors.
///
/// # Errors
/// As [`read`].
pub fn read_csv(source: impl Read, name: &str) -> Result<Snapshot, SnapshotError> {
    csv::read(BufReader::with_capacity(1 << 16, source), name)
}
