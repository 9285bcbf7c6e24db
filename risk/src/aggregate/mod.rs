//! One price per asset from several sources' feeds, for a prices file that states how it was made.
//!
//! Every source counts with one price: its latest up to the given time, or its average over the
//! window before (`twap`). Then, for each asset,
//!
//! 1. a source is *stale* if its latest price is older than the limit, and, with averages,
//!    *uncovered* if it has no price as old as the window's beginning;
//! 2. the median of the rest is the lower of the two in the middle if their number is even: always a
//!    price that some source gave, with that source's decimals;
//! 3. a source further from this median than `max_spread` of it is *dispersed*;
//! 4. the rest must be at least `min_sources` and more than half of those that were not stale, and
//!    their spread, (largest - smallest) / median, at most `max_spread`. Their median, taken as
//!    before, is the price.
//!
//! More than half: if two of four sources say 100 and two say 110, nobody knows which two are right,
//! and the asset is refused by name.
//!
//! Volatilities for rates that follow them are realised, from the prices of each source
//! ([`Aggregate::realised`]), or implied, from feeds of their own ([`implied()`]).
//!
//! All of this is exact in integers, except for the average: it is rounded down to the decimals of
//! the finest price in the window.

mod check;
mod combine;
mod error;
mod feed;
mod implied;
mod limits;
mod median;
mod price;
mod realised;
mod record;
mod twap;

pub use check::{CheckError, Checked, Made, check};
pub use combine::aggregate;
pub use error::AggregateError;
pub use feed::{Feed, FeedError, Quote, Symbols};
pub use implied::{Implied, ImpliedFeed, StatedTwice, implied};
pub use limits::{Basis, Limits};
pub use price::{Aggregate, AssetPrice, Latest, Refusal, Rejection, SourcePrice};
pub use realised::{AssetVolatility, Sampling, SourceVolatility};
pub use record::{RecordError, Volatilities};

#[cfg(test)]
mod tests;
