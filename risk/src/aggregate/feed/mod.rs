//! A price feed: prices of assets by source and time.
//!
//! As CSV with the columns `source,asset,time,price`, or as JSON, a list of objects with just these
//! fields:
//!
//! ```json
//! [{ "source": "venue A", "asset": "BTC", "time": "2026-11-21T00:00:00Z", "price": "91250.5" }]
//! ```
//!
//! Rows are in any order. A source has one price of one asset at one time.
//!
//! Two more forms are told by their keys: candles and tickers as ccxt gives them (`ccxt`), and rounds
//! of Chainlink aggregators (`chainlink`).

mod ccxt;
mod chainlink;
mod exact;
mod symbols;

pub use symbols::Symbols;

use std::collections::BTreeMap;

use jiff::Timestamp;
use pacioli_attestation::Digest;
use pacioli_rules::Decimal;
use serde::{
    Deserialize, Deserializer,
    de::{Error as _, IgnoredAny},
};
use serde_json::value::RawValue;
use thiserror::Error;

use crate::cells::{self, CellFault, Cells, CellsError};

/// A feed as read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Feed {
    /// The file's name.
    pub file: String,
    /// The hash of its bytes.
    pub digest: Digest,
    /// The quotes, in the order of the file.
    pub quotes: Vec<Quote>,
    /// The symbols that were read as assets which somebody said.
    pub symbols: BTreeMap<String, String>,
    /// What follows the file's name at the place of each quote.
    labels: Vec<String>,
}

/// One price that one source gave.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct Quote {
    /// The source.
    #[serde(deserialize_with = "source")]
    pub source: String,
    /// The asset.
    #[serde(deserialize_with = "asset")]
    pub asset: String,
    /// The time of the price.
    #[serde(deserialize_with = "time")]
    pub time: Timestamp,
    /// The price of one whole unit, above zero.
    #[serde(deserialize_with = "price")]
    pub price: Decimal,
}

/// Why a feed is refused.
#[derive(Debug, Error)]
pub enum FeedError {
    /// A malformed CSV feed.
    #[error(transparent)]
    Cells(#[from] CellsError),
    /// A malformed JSON feed; the message shows the line and column.
    #[error("{file}: the feed is malformed: {error}")]
    Json {
        /// The file's name.
        file: String,
        /// The error, with its place.
        error: serde_json::Error,
    },
    /// A feed without a price.
    #[error("{file}: the feed is empty")]
    Empty {
        /// The file's name.
        file: String,
    },
    /// Something else that a feed cannot say.
    #[error("{file}{label}: {text}")]
    At {
        /// The file's name.
        file: String,
        /// The place in it.
        label: String,
        /// What is wrong.
        text: String,
    },
    /// A symbol of which nobody said which asset it is.
    #[error(
        "{file}{label}: say which asset `{}` is, with --symbol {}=ASSET: only `ASSET/QUOTE` in the \
         currency of the prices says so itself", .symbol.escape_debug(), .symbol.escape_debug()
    )]
    Symbol {
        /// The file's name.
        file: String,
        /// The place in it.
        label: String,
        /// The symbol.
        symbol: String,
    },
    /// What an exchange gives, without the exchange's name.
    #[error(
        "{file}: the feed does not say whose it is: put it into an object such as {{ \"source\": \
         \"kraken\", \"tickers\": ... }}, or for candles {{ \"source\": \"kraken\", \"symbol\": \
         \"BTC/USD\", \"timeframe\": \"1m\", \"ohlcv\": ... }}"
    )]
    Nameless {
        /// The file's name.
        file: String,
    },
}

/// Quotes with what follows the file's name at their places, and their symbols.
type Read = Result<Vec<(Quote, String, String)>, FeedError>;

/// Makes the errors of one file.
struct Refuse<'a> {
    file: &'a str,
}

impl Refuse<'_> {
    fn json(&self, error: serde_json::Error) -> FeedError {
        FeedError::Json { file: self.file.to_owned(), error }
    }

    fn at(&self, label: &str, text: &dyn std::fmt::Display) -> FeedError {
        FeedError::At {
            file: self.file.to_owned(),
            label: label.to_owned(),
            text: text.to_string(),
        }
    }

    fn unnamed(&self, label: &str, symbol: &str) -> FeedError {
        let (label, symbol) = (label.to_owned(), symbol.to_owned());
        FeedError::Symbol { file: self.file.to_owned(), label, symbol }
    }
}

const COLUMNS: &str = "`source,asset,time,price`";

impl Feed {
    /// Reads a feed of one of the forms that need no symbols. `file` is the file's name in errors and
    /// in the prices file.
    ///
    /// # Errors
    /// As [`Feed::read`].
    pub fn parse(bytes: &[u8], file: &str) -> Result<Self, FeedError> {
        Self::read(bytes, file, &Symbols::default())
    }

    /// Reads a feed: JSON if the first character is a `[` or a `{`, CSV otherwise; which JSON, by its
    /// keys.
    ///
    /// # Errors
    /// If the bytes are not exactly of one of the forms in this module's description, or nobody said
    /// which asset a symbol is.
    pub fn read(bytes: &[u8], file: &str, symbols: &Symbols) -> Result<Self, FeedError> {
        let refuse = Refuse { file };
        let start = bytes.iter().find(|byte| !byte.is_ascii_whitespace());
        let plain = |quotes: Vec<Quote>, label: fn(usize) -> String| {
            let quotes = quotes.into_iter().enumerate();
            quotes.map(|(index, quote)| (quote, label(index), String::new())).collect()
        };
        let read: Vec<(Quote, String, String)> = match start {
            Some(b'[') => match first_keys(bytes) {
                Some(keys) if keys.contains_key("aggregator") => {
                    chainlink::read(bytes, &refuse, symbols)?
                }
                Some(keys) if keys.contains_key("symbol") => return Err(nameless(file)),
                None if is_candle(bytes) => return Err(nameless(file)),
                _ => plain(json(bytes, file)?, |index| format!("[{index}]")),
            },
            Some(b'{') => {
                let keys: Result<BTreeMap<String, IgnoredAny>, _> = serde_json::from_slice(bytes);
                let keys = keys.map_err(|error| refuse.json(error))?;
                let is_bare = !keys.contains_key("source") && keys.contains_key("symbol");
                if is_bare && !keys.contains_key("ohlcv") {
                    return Err(nameless(file));
                }
                ccxt::read(bytes, &refuse, symbols)?
            }
            // Below the header, a row is a line: no cell may hold a line's end.
            _ => plain(csv(bytes, file)?, |index| format!(":{}", index + 2)),
        };
        if read.is_empty() {
            return Err(FeedError::Empty { file: file.to_owned() });
        }
        let (mut quotes, mut labels, mut named) = (Vec::new(), Vec::new(), BTreeMap::new());
        for (quote, label, symbol) in read {
            if symbols.said.contains_key(&symbol) {
                named.insert(symbol, quote.asset.clone());
            }
            quotes.push(quote);
            labels.push(label);
        }
        let (file, digest) = (file.to_owned(), Digest::of(bytes));
        Ok(Self { file, digest, quotes, symbols: named, labels })
    }

    /// The place of a quote: `feed.csv:2` on a line, `feed.json[0]` in a list.
    pub fn place(&self, index: usize) -> String {
        let label = self.labels.get(index).map(String::as_str).unwrap_or_default();
        format!("{}{label}", self.file)
    }
}

/// The keys of the first object in a list; `None` if there is none.
fn first_keys(bytes: &[u8]) -> Option<BTreeMap<String, IgnoredAny>> {
    let list: Vec<&RawValue> = serde_json::from_slice(bytes).ok()?;
    serde_json::from_str(list.first()?.get()).ok()
}

/// Whether a list is one of lists.
fn is_candle(bytes: &[u8]) -> bool {
    serde_json::from_slice::<Vec<Vec<IgnoredAny>>>(bytes).is_ok_and(|rows| !rows.is_empty())
}

fn nameless(file: &str) -> FeedError {
    FeedError::Nameless { file: file.to_owned() }
}

fn json(bytes: &[u8], file: &str) -> Result<Vec<Quote>, FeedError> {
    let read: Result<Vec<Quote>, _> = serde_json::from_slice(bytes);
    read.map_err(|error| FeedError::Json { file: file.to_owned(), error })
}

fn csv(bytes: &[u8], file: &str) -> Result<Vec<Quote>, FeedError> {
    let mut cells = Cells::open(bytes, file)?;
    if cells.fields() != ["source", "asset", "time", "price"] {
        return Err(cells.wrong_header(COLUMNS).into());
    }
    let mut quotes = Vec::new();
    while cells.advance()? {
        quotes.push(Quote {
            source: cells.cell(0, cells::source)?,
            asset: cells.cell(1, cells::asset)?,
            time: cells.cell(2, cells::time)?,
            price: cells.cell(3, |text| cells::price("price", text))?,
        });
    }
    Ok(quotes)
}

fn read<'de, T, D: Deserializer<'de>>(
    deserializer: D,
    read: impl FnOnce(&str) -> Result<T, CellFault>,
) -> Result<T, D::Error> {
    read(&String::deserialize(deserializer)?).map_err(D::Error::custom)
}

fn source<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    read(deserializer, cells::source)
}

fn asset<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    read(deserializer, cells::asset)
}

fn time<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Timestamp, D::Error> {
    read(deserializer, cells::time)
}

fn price<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Decimal, D::Error> {
    read(deserializer, |text| cells::price("price", text))
}

#[cfg(test)]
mod tests {
    use super::*;

    const CSV: &str = "source,asset,time,price\nA,BTC,2026-11-21T00:00:00Z,91250.50\n";
    const JSON: &str = r#"[{ "source": "A", "asset": "BTC", "time": "2026-11-21T00:00:00Z",
        "price": "91250.50" }]"#;

    fn error(text: &str) -> String {
        Feed::parse(text.as_bytes(), "feed").unwrap_err().to_string()
    }

    #[test]
    fn both_forms_say_the_same() {
        let [csv, json] = [CSV, JSON].map(|text| Feed::parse(text.as_bytes(), "feed").unwrap());
        assert_eq!(csv.quotes, json.quotes);
        assert_eq!(csv.quotes[0].price.to_string(), "91250.50");
        assert_ne!(csv.digest, json.digest);
    }

    #[test]
    fn each_malformed_cell_has_its_own_error_and_place() {
        for (from, to, expected) in [
            ("source,", "name,", "feed:1:1: unknown columns `name,asset,time,price`: expected"),
            ("A,BTC", " A,BTC", "feed:2:1: source: \" A\" begins or ends with a space"),
            ("A,BTC", ",BTC", "feed:2:1: source: a name is missing"),
            (",BTC", ",B TC", "feed:2:2: asset: invalid name `B TC`"),
            ("00Z", "00", "feed:2:3: time: `2026-11-21T00:00:00` is not a UTC time such as"),
            ("91250.50", "9e4", "feed:2:4: price: `9e4` is in exponent notation"),
            ("91250.50", "0.0", "feed:2:4: price: 0.0 is not above zero"),
            ("91250.50", "-1", "feed:2:4: price: -1 is not above zero"),
            ("91250.50", "91250.50,", "feed:2:5: expected 4 columns as in the header, got 5"),
            ("\nA", "\n\nA", "feed:2:1: the line is blank"),
            (&CSV[23..], "\n", "feed:2:1: no row follows the header"),
            (CSV, "", "feed:1:1: the file is empty"),
        ] {
            assert!(CSV.contains(from), "{from}");
            let error = error(&CSV.replacen(from, to, 1));
            assert!(error.starts_with(expected), "{error}");
        }
        for (from, to, expected) in [
            ("\"A\"", "\"\"", "source: a name is missing at line 1 column "),
            ("\"91250.50\"", "91250.5", "invalid type: floating point"),
            ("\"91250.50\"", "\"0\"", "price: 0 is not above zero at line 2"),
            ("price", "prize", "unknown field `prize`"),
            ("00Z", "00+00", "is not a UTC time"),
            (JSON, "[]", "feed: the feed is empty"),
            ("}]", "}] 1", "trailing characters"),
        ] {
            assert!(JSON.contains(from), "{from}");
            let error = error(&JSON.replacen(from, to, 1));
            assert!(error.contains(expected), "{error}");
        }
    }
}
