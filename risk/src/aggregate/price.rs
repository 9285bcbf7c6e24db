//! The price of each asset, with the sources that it is made from.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use pacioli_attestation::Digest;
use pacioli_rules::{Amount, Decimal, strict};
use serde::Serialize;
use thiserror::Error;

use super::limits::Limits;

/// The combined prices of several feeds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Aggregate {
    /// The requirements that they were combined under.
    pub limits: Limits,
    /// The feeds' names and digests.
    pub feeds: Vec<(String, Digest)>,
    /// The symbols that count for assets which somebody said.
    pub symbols: BTreeMap<String, String>,
    /// The assets, by name.
    pub assets: Vec<AssetPrice>,
}

/// The price of one asset, with its sources.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AssetPrice {
    /// The asset.
    pub asset: String,
    /// The price; `None` if the asset is refused.
    pub price: Option<Decimal>,
    /// Why the asset is refused.
    pub refused: Option<Refusal>,
    /// The spread of the sources used, with 6 decimals, rounded up.
    pub spread: Option<Amount>,
    /// The lower median of the averages of the sources used that cover the window.
    pub twap: Option<Decimal>,
    /// Every source of the asset, by name.
    pub sources: Vec<SourcePrice>,
}

/// The price of one asset from one source.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SourcePrice {
    /// The source.
    pub source: String,
    /// The latest price up to the given time.
    pub latest: Option<Latest>,
    /// The average over the window, if the source covers it.
    pub twap: Option<Decimal>,
    /// Why the source does not count; `None` if it does.
    pub rejected: Option<Rejection>,
}

/// A price and its time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Latest {
    /// The price.
    pub price: Decimal,
    /// The time of the price.
    #[serde(with = "strict::utc_time")]
    pub time: Timestamp,
}

/// Why a source does not count.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum Rejection {
    /// All its prices are later than the given time.
    #[error("no price yet")]
    Later,
    /// Its latest price is too old.
    #[error("stale: {0:#} old")]
    Stale(SignedDuration),
    /// Its first price is inside the window.
    #[error("no price from before the window")]
    Uncovered,
    /// Too far from the median.
    #[error("dispersed: {0} from the median")]
    Dispersed(Amount),
}

/// Why an asset has no price.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum Refusal {
    /// Not enough sources are fresh and agree.
    #[error("{got} of the {fresh} fresh sources agree, {needed} are needed")]
    TooFew {
        /// The number of sources that agree.
        got: usize,
        /// The number of fresh sources.
        fresh: usize,
        /// The minimum number of sources.
        needed: usize,
    },
    /// At least as many sources disagree as agree.
    #[error("{got} of the {fresh} fresh sources agree, which is not more than half")]
    NoMajority {
        /// The number of sources that agree.
        got: usize,
        /// The number of fresh sources.
        fresh: usize,
    },
    /// Each source is near the median, but they are too far apart.
    #[error("the sources lie {spread} of the median apart, more than {limit}")]
    Spread {
        /// The spread.
        spread: Amount,
        /// The largest allowed.
        limit: Decimal,
    },
}

macro_rules! serialize_as_text {
    ($($name:ty),*) => {$(
        impl Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }
    )*};
}
serialize_as_text!(Rejection, Refusal);
