//! The prices file of an aggregate, which states how it was made: method and source are texts covered
//! by the prices' digest, and so by every proof made with them.

use std::collections::BTreeMap;

use pacioli_attestation::Digest;
use pacioli_rules::{Prices, PricesError, Volatility, VolatilityKind};
use thiserror::Error;

use super::{
    limits::{Basis, Limits},
    price::{Aggregate, AssetPrice, Latest},
    realised::{AssetVolatility, Sampling},
};

/// What begins the parts of a source's text that say which symbols stood for which assets, and which
/// feeds there were, of implied volatilities and of prices.
pub(super) const SYMBOLS: &str = "symbols: ";
pub(super) const IMPLIED: &str = "implied: ";
pub(super) const FEEDS: &str = "feeds: ";

/// How implied volatilities are taken, at the end of a method's text.
pub(super) const IMPLIED_METHOD: &str =
    "; implied volatilities: the latest of each source and tenor, as fresh as prices";

/// The volatilities of a prices file, and how they were made.
#[derive(Clone, Debug, Default)]
pub struct Volatilities {
    /// Over which time the realised ones were taken, if any.
    pub sampling: Option<Sampling>,
    /// The realised ones: of each asset that is to have any.
    pub realised: Vec<AssetVolatility>,
    /// The implied ones, by asset.
    pub implied: BTreeMap<String, Vec<Volatility>>,
    /// Names and digests of the feeds of implied ones.
    pub feeds: Vec<(String, Digest)>,
}

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

    /// The prices file. Assets without a price stand in its `refused`, with the reason, and its source
    /// names them with what each source said.
    ///
    /// # Errors
    /// If no asset has a price, the quote currency has a price other than 1, or a source of a
    /// volatility has another name than prices take.
    pub fn prices(&self, quote: &str, volatilities: &Volatilities) -> Result<Prices, RecordError> {
        let priced = self.assets.iter();
        let priced = priced.filter_map(|asset| Some((asset.asset.clone(), asset.price?)));
        let prices: BTreeMap<_, _> = priced.collect();
        if prices.is_empty() {
            return Err(RecordError::Nothing);
        }
        let prices = Prices {
            as_of: self.limits.at,
            quote: quote.to_owned(),
            method: self.method(volatilities),
            source: Some(self.source(volatilities)),
            prices,
            vols: BTreeMap::new(), // sources quote prices
            open_interest: BTreeMap::new(),
            refused: self.reasons(),
            volatilities: self.stated(volatilities),
        };
        prices.check()?;
        Ok(prices)
    }

    fn reasons(&self) -> BTreeMap<String, String> {
        let refused = self.refused();
        refused
            .filter_map(|asset| Some((asset.asset.clone(), asset.refused.as_ref()?.to_string())))
            .collect()
    }

    /// What sources say of each asset's volatility: realised before implied, by source.
    fn stated(&self, volatilities: &Volatilities) -> BTreeMap<String, Vec<Volatility>> {
        let mut stated: BTreeMap<String, Vec<Volatility>> = BTreeMap::new();
        let window = volatilities.sampling.map(|sampling| sampling.window);
        for asset in &volatilities.realised {
            let realised = asset.sources.iter().filter_map(|source| {
                Some(Volatility {
                    kind: VolatilityKind::Realised,
                    annual: source.annual?,
                    window,
                    tenor: None,
                    source: source.source.clone(),
                    as_of: self.limits.at,
                })
            });
            stated.entry(asset.asset.clone()).or_default().extend(realised);
        }
        for (asset, implied) in &volatilities.implied {
            stated.entry(asset.clone()).or_default().extend(implied.iter().cloned());
        }
        stated.retain(|_, all| !all.is_empty());
        stated
    }

    fn method(&self, volatilities: &Volatilities) -> String {
        let realised = volatilities.sampling.as_ref().map(realised).unwrap_or_default();
        let implied = if volatilities.feeds.is_empty() { "" } else { IMPLIED_METHOD };
        format!("{}{realised}{implied}", method(&self.limits))
    }

    fn source(&self, volatilities: &Volatilities) -> String {
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
        let symbols = self.symbols.iter().map(|(symbol, asset)| format!("{symbol} as {asset}"));
        let symbols = symbols.collect::<Vec<_>>().join(", ");
        let symbols = (!symbols.is_empty()).then(|| format!("{SYMBOLS}{symbols}"));
        let named = |what: &str, feeds: &[(String, Digest)]| {
            let feeds = feeds.iter().map(|(file, digest)| format!("{file} {digest}"));
            format!("{what}{}", feeds.collect::<Vec<_>>().join(", "))
        };
        let Volatilities { feeds: implied, .. } = volatilities;
        let implied = (!implied.is_empty()).then(|| named(IMPLIED, implied));
        let feeds = named(FEEDS, &self.feeds);
        assets.chain(symbols).chain(implied).chain([feeds]).collect::<Vec<_>>().join("; ")
    }
}

/// The rule and its limits, in words.
pub(super) fn method(limits: &Limits) -> String {
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

/// How realised volatilities are taken, behind [`method`].
pub(super) fn realised(sampling: &Sampling) -> String {
    let Sampling { window, every } = sampling;
    format!(
        "; realised volatilities: root of (365 days / {window}) times the sum of squared relative \
         moves over each {every}, rounded up to 6 decimals"
    )
}
