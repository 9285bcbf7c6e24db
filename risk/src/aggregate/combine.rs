//! Combining the feeds of several sources to one price per asset.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use pacioli_rules::{Decimal, source_key};

use super::{
    error::AggregateError,
    feed::Feed,
    limits::{Basis, Limits},
    median::{lower_median, spread, within},
    price::{Aggregate, AssetPrice, Latest, Refusal, Rejection, SourcePrice},
    twap::twap,
};

/// The prices of one source in order of time, each with its feed and its index there.
type Series<'a> = BTreeMap<Timestamp, (Decimal, &'a Feed, usize)>;

/// Combines feeds to one price for every asset, or the reason why it has none.
///
/// # Errors
/// If a limit is out of range, one source is in two spellings, or has two prices of one asset at one time.
pub fn aggregate(feeds: &[Feed], limits: &Limits) -> Result<Aggregate, AggregateError> {
    limits.check()?;
    check_spelling(feeds.iter().flat_map(|feed| &feed.quotes).map(|quote| &*quote.source))
        .map_err(AggregateError::Spelling)?;
    let mut assets: BTreeMap<&str, BTreeMap<&str, Series<'_>>> = BTreeMap::new();
    for feed in feeds {
        for (index, quote) in feed.quotes.iter().enumerate() {
            let series = assets.entry(&quote.asset).or_default().entry(&quote.source).or_default();
            if let Some((_, other, first)) = series.insert(quote.time, (quote.price, feed, index)) {
                return Err(AggregateError::Duplicate {
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
        symbols: feeds.iter().flat_map(|feed| feed.symbols.clone()).collect(),
        assets: assets.into_iter().map(|(asset, sources)| limits.asset(asset, &sources)).collect(),
    })
}

/// Finds two names of sources that nobody tells apart.
///
/// # Errors
/// If there are such: the two.
pub(super) fn check_spelling<'a>(
    sources: impl Iterator<Item = &'a str>,
) -> Result<(), [String; 2]> {
    let mut names = BTreeMap::new();
    for source in sources.collect::<BTreeSet<_>>() {
        if let Some(other) = names.insert(source_key(source), source) {
            return Err([other, source].map(str::to_owned));
        }
    }
    Ok(())
}

impl Limits {
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

    /// The price that a source counts with.
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
