//! The requirements on sources.

use jiff::{SignedDuration, Timestamp};
use pacioli_rules::Decimal;
use serde::Serialize;

use super::error::AggregateError;

/// The price that a source counts with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Basis {
    /// Its latest.
    #[default]
    Latest,
    /// Its average over the window.
    Twap,
}

/// The time of the prices, and the requirements on sources.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The time of the prices; later ones are ignored.
    pub at: Timestamp,
    /// The length of the averages' window.
    pub window: SignedDuration,
    /// The maximum age of a source's latest price.
    pub max_age: SignedDuration,
    /// The maximum spread of the sources, as a fraction of the median.
    pub max_spread: Decimal,
    /// The minimum number of sources of an asset.
    pub min_sources: usize,
    /// The price that each source counts with.
    pub basis: Basis,
}

impl Limits {
    /// Fails if a limit is out of range.
    pub(super) fn check(&self) -> Result<(), AggregateError> {
        let refuse = |limit, range| Err(AggregateError::Limit { limit, range });
        if self.window <= SignedDuration::ZERO {
            return refuse("the window", "longer than nothing");
        }
        if self.max_age.is_negative() {
            return refuse("the largest age", "zero or more");
        }
        if self.max_spread.is_negative() {
            return refuse("the largest spread", "zero or more");
        }
        if self.min_sources == 0 {
            return refuse("the number of sources", "1 or more");
        }
        Ok(())
    }
}
