//! The result of a query on PostgreSQL as CSV: every value in the database's own digits, streamed,
//! from one snapshot of one server.
//!
//! A [`Database`] is an address, `postgres://...`, with what the environment adds as it does for
//! `psql`. [`Database::query`] hands the rows to a reader while they arrive. Passwords are in no
//! message and in no `Debug`. What the rows mean is not known here.

mod address;
mod columns;
mod csv;
mod database;
mod encryption;
mod environment;
mod error;
mod options;
mod passfile;
#[cfg(feature = "testing")]
pub mod testing;
mod tls;

pub use database::Database;
pub use environment::Environment;
pub use error::{AddressError, DatabaseError};
pub use options::is_address;
