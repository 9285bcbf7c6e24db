//! A run in parts: dealt once, proved volume by volume on any machine, put together once.
//!
//! A [`Deal`] says what is dealt. Each volume's [`Shard`] is encrypted to a key of its own
//! ([`RunKey::volume`]); a [`Prover`] makes its proof under a fresh attempt, whose [`Record`] goes
//! back encrypted to the dealer; a [`Judge`] compares proof and record with what was dealt. Objects
//! are bytes under names that hold their digests ([`Name`]); where they are kept is not said here.

mod assembled;
mod bytes;
mod deal;
mod error;
mod judge;
mod keys;
mod name;
mod pages;
mod prover;
mod record;
mod shard;

pub use assembled::{Assembled, Chosen};
pub use deal::{Deal, Dealt, ShardEntry};
pub use error::PartError;
pub use judge::Judge;
pub use keys::{OpenKey, Recipient, RecordsKey, RunKey};
pub use name::{AttemptId, Kind, Name, RunId};
pub use pages::VolumePages;
pub use prover::Prover;
pub use record::Record;
pub use shard::Shard;
