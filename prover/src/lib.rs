//! From files to an attestation and back.

pub mod amount;
pub mod attestation;
pub mod book;
pub mod canonical;
pub mod decimal;
pub mod digest;
pub mod figures;
pub mod keys;
pub mod ledger;
pub mod opening;
pub mod plan;
pub mod policy;
pub mod prices;
pub mod progress;
pub mod prove;
pub mod reserves;
pub mod rules;
pub mod sealed;
pub mod secret;
pub mod setup;
pub mod snapshot;
pub mod statement;
pub mod store;
pub mod strict;
pub mod transcript;
pub mod verify;
