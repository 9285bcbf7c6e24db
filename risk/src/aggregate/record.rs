//! The prices file of an aggregate, which states how it was made: method and source are texts covered
//! by the prices' digest, and so by every proof made with them.

use std::collections::BTreeMap;

use pacioli_rules::{Prices, PricesError};
use thiserror::Error;

use super::{
    limits::Basis,
    price::{Aggregate, AssetPrice, Latest},
};

/// Why no prices file can be made.
#[derive(Debug, Error)]
pub enum RecordError {
    /// Every asset was refused.
    #[error("no asset has a price")]
    Nothing,
    /// The prices do not fit a prices file.
    #[error(transparent)]
    Prices(#[from] PricesError),
}

impl Aggregate {
    /// The assets without a price.
    pub fn refused(&self) -> impl Iterator<Item = &AssetPrice> {
        self.assets.iter().filter(|asset| asset.price.is_none())
    }

    /// The prices file. It does not contain assets without a price; its source names them.
    ///
    /// # Errors
    /// If no asset has a price, or the quote currency has a price other than 1.
    pub fn prices(&self, quote: &str) -> Result<Prices, RecordError> {
        let priced = self.assets.iter();
        let priced = priced.filter_map(|asset| Some((asset.asset.clone(), asset.price?)));
        let prices: BTreeMap<_, _> = priced.collect();
        if prices.is_empty() {
            return Err(RecordError::Nothing);
        }
        let prices = Prices {
            as_of: self.limits.at,
            quote: quote.to_owned(),
            method: self.method(),
            source: Some(self.source()),
            prices,
            vols: BTreeMap::new(), // sources quote prices
            open_interest: BTreeMap::new(),
            volatilities: BTreeMap::new(),
        };
        prices.check()?;
        Ok(prices)
    }

    fn method(&self) -> String {
        let limits = &self.limits;
        let what = match limits.basis {
            Basis::Latest => "latest prices".to_owned(),
            Basis::Twap => format!("time-weighted averages over {:#}", limits.window),
        };
        format!(
            "lower median of sources' {what}; at least {sources} sources, more than half of the \
             fresh ones; a price is fresh up to {age:#}; spread at most {spread} of the median",
            sources = limits.min_sources,
            age = limits.max_age,
            spread = limits.max_spread,
        )
    }

    fn source(&self) -> String {
        let assets = self.assets.iter().map(|asset| {
            let sources = asset.sources.iter().map(|source| {
                let last =
                    source.latest.map(|Latest { price, time }| format!(" {price} at {time}"));
                let last = last.unwrap_or_default();
                let price = match (source.twap, self.limits.basis) {
                    (Some(twap), Basis::Twap) => format!(" {twap}, last{last}"),
                    _ => last,
                };
                let why = source.rejected.as_ref();
                let why = why.map(|why| format!(" (rejected, {why})")).unwrap_or_default();
                format!("{}{price}{why}", source.source)
            });
            let refused = asset.refused.as_ref();
            let refused = refused.map(|why| format!(" LEFT OUT, {why}:")).unwrap_or_default();
            format!("{}:{refused} {}", asset.asset, sources.collect::<Vec<_>>().join(", "))
        });
        let feeds = self.feeds.iter().map(|(file, digest)| format!("{file} {digest}"));
        let feeds = format!("feeds: {}", feeds.collect::<Vec<_>>().join(", "));
        assets.chain([feeds]).collect::<Vec<_>>().join("; ")
    }
}
