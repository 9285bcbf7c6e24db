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
//! Every account is in the snapshot, one of zeros too: in the wide shape it holds a
//! `quote credit` of 0.
//!
//! Reading is strict and exact: nothing is rounded, trimmed, guessed or skipped, and a number
//! never passes through floating point. Whether an instrument exists, and how many decimals it has,
//! is decided by the rules.

mod accounts;
mod arrangement;
mod balances;
mod classes;
mod csv;
mod error;
mod faults;
mod files;
mod form;
mod gather;
mod holdings;
mod index_column;
mod long;
mod name;
mod parquet;
mod part;
mod partition;
mod place;
mod read;
mod reading;
mod row;
mod source;
mod source_error;
mod storage;
mod warnings;
mod wide;

pub use accounts::{Account, Accounts, Holding};
pub use classes::read_classes;
pub use csv::Rows;
pub use error::{Fault, MAX_INSTRUMENT_NAMES, SnapshotError};
pub use files::{Files, Spot};
pub use holdings::Snapshot;
pub use name::{MAX_NAME_BYTES, NameError, check_name as check_holder_name};
pub use place::Place;
pub use read::{read, read_csv};
pub use source_error::SourceError;
pub use warnings::{Few, Warning};
