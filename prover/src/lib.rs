//! From files to an attestation and back.

pub mod amount;
pub mod decimal;
pub mod figures;
pub mod ledger;
pub mod policy;
pub mod prices;
pub mod reserves;
pub mod rules;
pub mod snapshot;
pub mod strict;
