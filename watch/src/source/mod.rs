//! Reading the sources.
//!
//! Whatever does not answer as it should is `Unknown`, with the reason: nothing here decides how a venue
//! stands.

pub mod attestations;
pub mod prices;
pub mod registry;

use std::time::Duration;

/// How long a server may take that has a file.
const PATIENCE: Duration = Duration::from_secs(30);
