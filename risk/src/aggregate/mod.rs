//! One price per asset out of several sources' feeds, for a prices file that says how it was made.
//!
//! Every source counts with one price: its latest up to the time asked for, or its average over the
//! window before (`twap`). Then, for each asset,
//!
//! 1. a source is *stale* when its latest price is older than the limit, and, where averages are
//!    asked for, *uncovered* when it has no price as old as the window's beginning;
//! 2. the median of those left is the lower one of the two in the middle where they are even in
//!    number: always a price that some source gave, with that source's digits;
//! 3. a source further from this median than `max_spread` of it is *dispersed*;
//! 4. those left have to be `min_sources` at least and more than half of those that were not stale,
//!    and their spread, (largest - smallest) / median, at most `max_spread`. Their median, taken as
//!    before, is the price.
//!
//! More than half: of four sources of which two say 100 and two say 110, nobody knows which two are
//! right, and the asset is refused by name.
//!
//! All of this is in integers. Only the average is divided: it is rounded down to the digits of the
//! finest price in the window.

mod feed;
mod median;
mod record;
mod twap;

pub use feed::{Feed, FeedError, Quote};
pub use record::RecordError;

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use pacioli_attestation::Digest;
use pacioli_rules::{Amount, Decimal, strict};
use serde::Serialize;
use thiserror::Error;

use self::{
    median::{lower_median, spread, within},
    twap::twap,
};

/// Which price a source counts with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Basis {
    /// Its latest.
    #[default]
    Latest,
    /// Its average over the window.
    Twap,
}

/// When the prices are for, and what is asked of sources.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The time of the prices; later ones are not looked at.
    pub at: Timestamp,
    /// How long the averages go back.
    pub window: SignedDuration,
    /// The oldest that a source's latest price may be.
    pub max_age: SignedDuration,
    /// The largest part of the median by which sources may lie apart.
    pub max_spread: Decimal,
    /// The fewest sources of an asset.
    pub min_sources: usize,
    /// What is taken of each source.
    pub basis: Basis,
}

/// Every asset of the feeds, by name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Aggregate {
    /// How it was made.
    pub limits: Limits,
    /// The feeds' names and hashes.
    pub feeds: Vec<(String, Digest)>,
    /// The assets, by name.
    pub assets: Vec<AssetPrice>,
}

/// What the sources say of one asset.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AssetPrice {
    /// The asset.
    pub asset: String,
    /// The price, or none where the asset is refused.
    pub price: Option<Decimal>,
    /// Why it is refused.
    pub refused: Option<Refusal>,
    /// The spread of the sources used, in 6 digits, rounded up.
    pub spread: Option<Amount>,
    /// The lower median of the averages of those that cover the window.
    pub twap: Option<Decimal>,
    /// Every source that has ever quoted it, by name.
    pub sources: Vec<SourcePrice>,
}

/// What one source says of one asset.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SourcePrice {
    /// Who.
    pub source: String,
    /// Its latest price up to the time asked for.
    pub latest: Option<Latest>,
    /// Its average over the window, where it covers that.
    pub twap: Option<Decimal>,
    /// Why it does not count, where it does not.
    pub rejected: Option<Rejection>,
}

/// A price and its time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Latest {
    /// The price.
    pub price: Decimal,
    /// When it was the price.
    #[serde(with = "strict::utc_time")]
    pub time: Timestamp,
}

/// Why a source does not count.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum Rejection {
    /// All it has is later than the time asked for.
    #[error("no price yet")]
    Later,
    /// Its latest price is too old.
    #[error("stale: {0:#} old")]
    Stale(SignedDuration),
    /// Its prices begin inside the window.
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
        /// How many agree.
        got: usize,
        /// How many are fresh.
        fresh: usize,
        /// How many it takes.
        needed: usize,
    },
    /// As many disagree as agree.
    #[error("{got} of the {fresh} fresh sources agree, which is not more than half")]
    NoMajority {
        /// How many agree.
        got: usize,
        /// How many are fresh.
        fresh: usize,
    },
    /// Each is near the median, and yet they lie too far apart.
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

/// Why feeds cannot be aggregated.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum AggregateError {
    /// A limit that means nothing.
    #[error("{limit} has to be {range}")]
    Limit {
        /// The limit.
        limit: &'static str,
        /// What it has to be.
        range: &'static str,
    },
    /// A source has two prices of one asset at one time.
    #[error("{}: `{origin}` has a price of {asset} at {time} at {} already", .places[1], .places[0])]
    Twice {
        /// The source.
        origin: String,
        /// The asset.
        asset: String,
        /// The time.
        time: Timestamp,
        /// Where the two stand.
        places: [String; 2],
    },
}

/// The prices of one source in order of time, each with the feed it is from and its number there.
type Series<'a> = BTreeMap<Timestamp, (Decimal, &'a Feed, usize)>;

/// One price for every asset of the feeds, or why it has none.
///
/// # Errors
/// Where a limit means nothing, or a source says two prices of one asset at one time.
pub fn aggregate(feeds: &[Feed], limits: &Limits) -> Result<Aggregate, AggregateError> {
    limits.check()?;
    let mut assets: BTreeMap<&str, BTreeMap<&str, Series<'_>>> = BTreeMap::new();
    for feed in feeds {
        for (index, quote) in feed.quotes.iter().enumerate() {
            let series = assets.entry(&quote.asset).or_default().entry(&quote.source).or_default();
            if let Some((_, other, first)) = series.insert(quote.time, (quote.price, feed, index)) {
                return Err(AggregateError::Twice {
                    origin: quote.source.clone(),
                    asset: quote.asset.clone(),
                    time: quote.time,
                    places: [other.place(first), feed.place(index)],
                });
            }
        }
    }
    Ok(Aggregate {
        limits: *limits,
        feeds: feeds.iter().map(|feed| (feed.file.clone(), feed.digest)).collect(),
        assets: assets.into_iter().map(|(asset, sources)| limits.asset(asset, &sources)).collect(),
    })
}

impl Limits {
    fn check(&self) -> Result<(), AggregateError> {
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

    fn asset(&self, asset: &str, sources: &BTreeMap<&str, Series<'_>>) -> AssetPrice {
        let mut sources: Vec<SourcePrice> =
            sources.iter().map(|(source, series)| self.source(source, series)).collect();
        let fresh = self.prices(&sources);
        if let Some(median) = lower_median(&fresh) {
            for source in sources.iter_mut().filter(|source| source.rejected.is_none()) {
                let Some(price) = self.price(source) else { continue };
                if !within(&[median, price], &median, &self.max_spread) {
                    let apart = spread(&[median, price], &median);
                    source.rejected = Some(Rejection::Dispersed(apart));
                }
            }
        }
        let agreeing = self.prices(&sources);
        let median = lower_median(&agreeing);
        let apart = median.map(|median| spread(&agreeing, &median));
        let (got, needed, fresh) = (agreeing.len(), self.min_sources, fresh.len());
        let refused = match (median, &apart) {
            (Some(median), Some(apart)) if got >= needed => {
                if 2 * got <= fresh {
                    Some(Refusal::NoMajority { got, fresh })
                } else if !within(&agreeing, &median, &self.max_spread) {
                    Some(Refusal::Spread { spread: apart.clone(), limit: self.max_spread })
                } else {
                    None
                }
            }
            _ => Some(Refusal::TooFew { got, fresh, needed }),
        };
        let used = sources.iter().filter(|source| source.rejected.is_none());
        let averages: Vec<Decimal> = used.filter_map(|source| source.twap).collect();
        AssetPrice {
            asset: asset.to_owned(),
            price: median.filter(|_| refused.is_none()),
            refused,
            spread: apart,
            twap: lower_median(&averages),
            sources,
        }
    }

    fn source(&self, source: &str, series: &Series<'_>) -> SourcePrice {
        let up_to_now = series.range(..=self.at);
        let latest = up_to_now.last();
        let latest = latest.map(|(&time, &(price, ..))| Latest { price, time });
        let twap = twap(series.iter().map(|(time, (price, ..))| (*time, *price)), self);
        let age = latest.map(|latest| self.at.duration_since(latest.time));
        let rejected = match age {
            None => Some(Rejection::Later),
            Some(age) if age > self.max_age => Some(Rejection::Stale(age)),
            Some(_) if self.basis == Basis::Twap && twap.is_none() => Some(Rejection::Uncovered),
            Some(_) => None,
        };
        SourcePrice { source: source.to_owned(), latest, twap, rejected }
    }

    /// What a source counts with.
    fn price(&self, source: &SourcePrice) -> Option<Decimal> {
        match self.basis {
            Basis::Latest => source.latest.map(|latest| latest.price),
            Basis::Twap => source.twap,
        }
    }

    /// The prices of all sources that count.
    fn prices(&self, sources: &[SourcePrice]) -> Vec<Decimal> {
        let counting = sources.iter().filter(|source| source.rejected.is_none());
        counting.filter_map(|source| self.price(source)).collect()
    }
}

#[cfg(test)]
mod tests;
