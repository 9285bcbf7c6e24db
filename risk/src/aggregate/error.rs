//! Errors of combining feeds.

use jiff::Timestamp;
use thiserror::Error;

/// Why feeds cannot be aggregated.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum AggregateError {
    /// A limit is out of range.
    #[error("{limit} must be {range}")]
    Limit {
        /// The limit.
        limit: &'static str,
        /// The required range.
        range: &'static str,
    },
    /// One source in two spellings, which would count as two.
    #[error("`{}` and `{}` are one source in two spellings: write its name in one", .0[0], .0[1])]
    Spelling([String; 2]),
    /// A source has two prices of one asset at one time.
    #[error("{}: duplicate price of {asset} at {time} from `{origin}`: also at {}", .places[1], .places[0])]
    Duplicate {
        /// The source.
        origin: String,
        /// The asset.
        asset: String,
        /// The time.
        time: Timestamp,
        /// The places of the two.
        places: [String; 2],
    },
}
