//! The prices file (JSON): what one whole unit of each asset is worth in the quote currency.
//!
//! ```json
//! { "as_of": "2022-11-11T14:00:00Z", "quote": "USD", "method": "hourly close, spot",
//!   "prices": { "BTC": "16916.02", "ETH": "1259.27" } }
//! ```
//!
//! A price is never negative. It may be zero: a worthless asset then stays in the book and its
//! deposits are proved, which says more than leaving it out.
//!
//! If there are options, `vols` holds the volatilities of their underlyings, as
//! [`crate::black76::Surface`] describes. If rules scale initial margin by open interest,
//! `open_interest` says how much is open, as `pacioli_attestation::open_interest` describes:
//!
//! ```json
//! "open_interest": { "ADA-USD": "12345678.9" }
//! ```
//!
//! If prices were made from sources that did not agree on an asset, `refused` says so, with the
//! reason in words. Such an asset has no price here, and no policy lets a book leave it out:
//!
//! ```json
//! "refused": { "SOL": "1 of the 3 fresh sources agree, 2 are needed" }
//! ```
//!
//! If rates follow volatility, `volatilities` states it, as [`crate::Volatility`] describes.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::{
    black76::{Surface, SurfaceError},
    decimal::Decimal,
    form::{FileKind, FormError, misread},
    names::{NameError, check_name},
    strict,
    volatility::{Volatility, VolatilityError, check_volatilities},
};

/// Prices at one time, in one quote currency.
#[derive(Clone, Debug, Deserialize, Serialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct Prices {
    /// The time of the prices.
    #[serde(with = "strict::input_time")]
    pub as_of: Timestamp,
    /// The currency the prices are in.
    pub quote: String,
    /// The method by which they were taken, in text.
    pub method: String,
    /// Their source, in text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// The price of one whole unit by asset, or by market where a market has its own.
    #[serde(deserialize_with = "strict::unique_keys")]
    pub prices: BTreeMap<String, Decimal>,
    /// The volatilities of options, by underlying.
    #[serde(
        default,
        skip_serializing_if = "BTreeMap::is_empty",
        deserialize_with = "strict::unique_keys"
    )]
    pub vols: BTreeMap<String, Surface>,
    /// The open interest by market, in whole units: the longs of all accounts, which equal the
    /// shorts.
    #[serde(
        default,
        skip_serializing_if = "BTreeMap::is_empty",
        deserialize_with = "strict::unique_keys"
    )]
    pub open_interest: BTreeMap<String, Decimal>,
    /// The assets that sources gave no price of that could be used, each with the reason.
    #[serde(
        default,
        skip_serializing_if = "BTreeMap::is_empty",
        deserialize_with = "strict::unique_keys"
    )]
    pub refused: BTreeMap<String, String>,
    /// What sources say of the volatility of assets, by asset: for rates that follow it.
    #[serde(
        default,
        skip_serializing_if = "BTreeMap::is_empty",
        deserialize_with = "strict::unique_keys"
    )]
    pub volatilities: BTreeMap<String, Vec<Volatility>>,
}

/// Reasons to refuse a prices file.
#[derive(Debug, Error)]
pub enum PricesError {
    /// Text that is not JSON of the expected form.
    #[error(transparent)]
    Form(#[from] FormError),
    /// An invalid name of an asset or of the quote currency.
    #[error("prices: {0}")]
    Name(#[from] NameError),
    /// Volatilities that are not a surface.
    #[error("prices: {0}")]
    Vols(#[from] SurfaceError),
    /// A price below zero.
    #[error("prices.{asset}: {price} is negative")]
    Negative {
        /// The asset.
        asset: String,
        /// The price.
        price: Decimal,
    },
    /// Open interest below zero.
    #[error("open_interest.{market}: {amount} is negative")]
    NegativeOpenInterest {
        /// The market.
        market: String,
        /// The open interest.
        amount: Decimal,
    },
    /// An asset that both has a price and was refused one.
    #[error("refused.{0}: `prices` has a price of it, or it is the quote currency")]
    RefusedPrice(String),
    /// An asset that was refused a price without a reason.
    #[error("refused.{0}: is empty: it is the reason, in words")]
    NoReason(String),
    /// A volatility that makes no sense.
    #[error("{key}: {error}")]
    Volatility {
        /// The key, such as `volatilities.BTC[0]`.
        key: String,
        /// The fault.
        error: VolatilityError,
    },
    /// A price of the quote currency other than 1.
    #[error("prices.{quote}: the price of the quote currency must be 1, got {price}")]
    Quote {
        /// The quote currency.
        quote: String,
        /// The price.
        price: Decimal,
    },
}

impl Prices {
    /// Reads a prices file.
    ///
    /// # Errors
    /// If the text is not exactly of the form described above, a key occurs twice, a name is
    /// invalid or a number is negative.
    pub fn parse(json: &str) -> Result<Self, PricesError> {
        let misread = |error| misread(json.as_bytes(), FileKind::Prices, None, error);
        let mut prices: Self = serde_json::from_str(json).map_err(misread)?;
        for (underlying, surface) in &mut prices.vols {
            surface.shorten_times(&format!("vols.{underlying}"))?;
        }
        prices.check()?;
        Ok(prices)
    }

    /// Checks what the form alone does not say.
    ///
    /// # Errors
    /// If a name is invalid, a price or an open interest is negative, volatilities of options are not
    /// a surface, an asset that was refused a price has one, or another volatility makes no sense.
    pub fn check(&self) -> Result<(), PricesError> {
        check_name(&self.quote)?;
        for (asset, &price) in &self.prices {
            check_name(asset)?;
            if price.is_negative() {
                return Err(PricesError::Negative { asset: asset.clone(), price });
            }
            if *asset == self.quote && price.exact_units(0) != Some(1.into()) {
                return Err(PricesError::Quote { quote: asset.clone(), price });
            }
        }
        for (underlying, surface) in &self.vols {
            check_name(underlying)?;
            surface.check(&format!("vols.{underlying}"))?;
        }
        for (market, &amount) in &self.open_interest {
            check_name(market)?;
            if amount.is_negative() {
                return Err(PricesError::NegativeOpenInterest { market: market.clone(), amount });
            }
        }
        for (asset, reason) in &self.refused {
            check_name(asset)?;
            if self.get(asset).is_some() {
                return Err(PricesError::RefusedPrice(asset.clone()));
            }
            if reason.trim().is_empty() {
                return Err(PricesError::NoReason(asset.clone()));
            }
        }
        for (asset, entries) in &self.volatilities {
            check_name(asset)?;
            check_volatilities(entries).map_err(|(entry, error)| {
                let entry = entry.map(|entry| format!("[{entry}]")).unwrap_or_default();
                PricesError::Volatility { key: format!("volatilities.{asset}{entry}"), error }
            })?;
        }
        Ok(())
    }

    /// The price of `name`: the one given, or 1 for the quote currency.
    pub fn get(&self, name: &str) -> Option<Decimal> {
        let quote = || (name == self.quote).then_some(Decimal::new(1, 0));
        self.prices.get(name).copied().or_else(quote)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(prices: &str) -> Result<Prices, String> {
        let head = r#""as_of": "2022-11-11T14:00:00Z", "quote": "USD", "method": "close""#;
        Prices::parse(&format!("{{ {head}, \"prices\": {prices} }}"))
            .map_err(|error| error.to_string())
    }

    #[test]
    fn a_price_is_found_and_the_quote_is_worth_one() {
        let prices = parse(r#"{ "BTC": "16916.02", "DEAD": "0" }"#).unwrap();
        assert_eq!(prices.get("BTC").unwrap().to_string(), "16916.02");
        assert_eq!(prices.get("DEAD").unwrap().to_string(), "0");
        assert_eq!(prices.get("USD").unwrap().to_string(), "1");
        assert_eq!(prices.get("ETH"), None);
    }

    #[test]
    fn each_malformed_file_has_its_own_error() {
        let refused = |prices: &str, part: &str| {
            let error = parse(prices).unwrap_err();
            assert!(error.contains(part), "{error}");
        };
        refused(r#"{ "BTC": "1", "BTC": "2" }"#, "duplicate key `BTC`");
        refused(r#"{ "BTC": 1.5 }"#, "a decimal number in quotes");
        refused(r#"{ "BTC": "1e3" }"#, "exponent notation");
        refused(r#"{ "BTC": "-1" }"#, "prices.BTC: -1 is negative");
        refused(r#"{ "B TC": "1" }"#, "`B TC`");
        refused(r#"{ "USD": "1.01" }"#, "prices.USD: the price of the quote currency must be 1");
        let smile = r#""expiries": { "2023-01-01": { "strikes": { "1": "1" } } }"#;
        let vols = |name: &str| format!(r#"{{}}, "vols": {{ "{name}": {{ {smile} }} }}"#);
        refused(&vols("BTC"), "prices: vols.BTC.expiries.2023-01-01: is not a UTC time");
        refused(&vols("B TC"), "`B TC`");
        let twice = r#"{}, "vols": { "BTC": { "expiries": {} }, "BTC": { "expiries": {} } }"#;
        refused(twice, "duplicate key `BTC`");
        let open = |list: &str| format!(r#"{{}}, "open_interest": {list}"#);
        refused(&open(r#"{ "ADA-USD": "-1" }"#), "open_interest.ADA-USD: -1 is negative");
        refused(&open(r#"{ "ADA USD": "1" }"#), "`ADA USD`");
        refused(&open(r#"{ "ADA": "1", "ADA": "1" }"#), "duplicate key `ADA`");
        refused(&open(r#"{ "ADA": 1 }"#), "a decimal number in quotes");
        let without = |list: &str| format!(r#"{{ "BTC": "1" }}, "refused": {list}"#);
        refused(&without(r#"{ "BTC": "stale" }"#), "refused.BTC: `prices` has a price of it");
        refused(&without(r#"{ "USD": "stale" }"#), "refused.USD: `prices` has a price of it, or");
        refused(&without(r#"{ "ETH": " " }"#), "refused.ETH: is empty");
        refused(&without(r#"{ "E TH": "stale" }"#), "`E TH`");
        refused(&without(r#"{ "ETH": "a", "ETH": "b" }"#), "duplicate key `ETH`");
        assert_eq!(parse(&without(r#"{ "ETH": "stale" }"#)).unwrap().refused.len(), 1);
        refused(r#"{}, "note": "" "#, "unknown field `note`");
        refused(r#"{}, "quote": "USD" "#, "duplicate field `quote`");
        refused("{} } {", "trailing characters");
    }

    #[test]
    fn a_time_is_utc_in_whatever_form_and_written_in_its_shortest() {
        let parse = |time: &str| {
            Prices::parse(&format!(
                r#"{{ "as_of": "{time}", "quote": "USD", "method": "", "prices": {{}} }}"#
            ))
        };
        let shortest = "2022-11-11T14:00:00Z";
        for time in
            [shortest, "2022-11-11T14:00:00.000Z", "2022-11-11T14:00Z", "2022-11-11 14:00:00Z"]
        {
            assert_eq!(parse(time).unwrap().as_of.to_string(), shortest, "{time}");
        }
        for time in [
            "2022-11-11",
            "2022-11-11T14:00:00",
            "2022-11-11T14:00:00+00:00",
            "2022-11-31T14:00:00Z",
        ] {
            let error = parse(time).unwrap_err().to_string();
            assert!(error.contains("is not a UTC time"), "{error}");
        }
    }
}
