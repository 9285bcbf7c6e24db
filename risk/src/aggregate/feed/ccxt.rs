//! Feeds as ccxt gives them, in an object that says whose they are.
//!
//! Candles of `fetchOHLCV`, each closing one timeframe after the time that it begins:
//!
//! ```json
//! { "source": "kraken", "symbol": "BTC/USD", "timeframe": "1m",
//!   "ohlcv": [[1767225540000, 91240.1, 91260, 91230.5, 91250.5, 12.3]] }
//! ```
//!
//! One ticker of `fetchTicker`, or those of `fetchTickers` by symbol; `last` counts, else `close`:
//!
//! ```json
//! { "source": "kraken", "ticker": { "symbol": "BTC/USD", "timestamp": 1767225600000, "last": 91250.5 } }
//! ```

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use pacioli_rules::{Decimal, strict};
use serde::Deserialize;
use serde_json::value::RawValue;

use super::{Quote, Read, Refuse, exact::Exact, symbols::Symbols};
use crate::cells;

/// The object that says whose they are.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wrapper {
    source: String,
    symbol: Option<String>,
    timeframe: Option<String>,
    ohlcv: Option<Vec<Vec<Box<RawValue>>>>,
    ticker: Option<Ticker>,
    #[serde(default, deserialize_with = "tickers")]
    tickers: Option<BTreeMap<String, Ticker>>,
}

/// What is read of a ticker; it has more.
#[derive(Deserialize)]
struct Ticker {
    symbol: String,
    timestamp: Option<Exact>,
    last: Option<Exact>,
    close: Option<Exact>,
}

fn tickers<'de, D: serde::Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<BTreeMap<String, Ticker>>, D::Error> {
    strict::unique_keys(deserializer).map(Some)
}

/// Reads a feed.
pub(super) fn read(bytes: &[u8], refuse: &Refuse<'_>, symbols: &Symbols) -> Read {
    let wrapper: Wrapper = serde_json::from_slice(bytes).map_err(|error| refuse.json(error))?;
    let source = cells::source(&wrapper.source).map_err(|fault| refuse.at("", &fault))?;
    let read = Reader { source, symbols, refuse };
    match wrapper {
        Wrapper {
            symbol: Some(symbol),
            timeframe,
            ohlcv: Some(rows),
            ticker: None,
            tickers: None,
            ..
        } => read.candles(&symbol, timeframe.as_deref(), &rows),
        Wrapper { symbol: None, timeframe: None, ohlcv: None, ticker, tickers, .. } => {
            match (ticker, tickers) {
                (Some(ticker), None) => {
                    let asset = read.asset(&ticker.symbol, ": ticker")?;
                    Ok(vec![read.ticker(asset, &ticker, ": ticker".to_owned())?])
                }
                (None, Some(tickers)) => read.tickers(&tickers),
                _ => Err(refuse.at("", &NEEDS)),
            }
        }
        _ => Err(refuse.at("", &NEEDS)),
    }
}

const NEEDS: &str = "beside `source` there is either `symbol`, `timeframe` and `ohlcv`, or `ticker`, or \
                     `tickers`";

struct Reader<'a> {
    source: String,
    symbols: &'a Symbols,
    refuse: &'a Refuse<'a>,
}

impl Reader<'_> {
    fn asset(&self, symbol: &str, label: &str) -> Result<String, super::FeedError> {
        let asset = self.symbols.of(symbol).ok_or_else(|| self.refuse.unnamed(label, symbol))?;
        cells::asset(&asset).map_err(|fault| self.refuse.at(label, &fault))
    }

    fn candles(&self, symbol: &str, timeframe: Option<&str>, rows: &[Vec<Box<RawValue>>]) -> Read {
        let asset = self.asset(symbol, ": symbol")?;
        let length = timeframe.and_then(length).ok_or_else(|| {
            let known = "is not a length such as `1m`, `4h` or `1d`: without it nobody knows when a \
                         candle closed";
            self.refuse.at(": timeframe", &known)
        })?;
        let quotes = rows.iter().enumerate().map(|(index, row)| {
            let label = format!(": ohlcv[{index}]");
            let at = |text: &str| self.refuse.at(&label, &text);
            let [time, open, high, low, close, _] = &row[..] else {
                return Err(at("is not [time, open, high, low, close, volume]"));
            };
            let begins = Exact::of(time).and_then(|time| milliseconds(&time));
            let closes = begins.and_then(|begins| begins.checked_add(length).ok());
            let time = closes.ok_or_else(|| at("the time is not a number of milliseconds"))?;
            let number = |raw: &RawValue| Exact::of(raw).and_then(|number| number.decimal());
            let prices = [open, high, low, close].map(|raw| number(raw));
            let [Some(open), Some(high), Some(low), Some(close)] = prices else {
                return Err(at("a price is missing, or is no number"));
            };
            if [open, close].iter().any(|price| *price < low || *price > high) {
                return Err(at("open or close is not between low and high"));
            }
            let price = self.price(close, &label)?;
            let (source, asset) = (self.source.clone(), asset.clone());
            Ok((Quote { source, asset, time, price }, label, symbol.to_owned()))
        });
        quotes.collect()
    }

    fn tickers(&self, tickers: &BTreeMap<String, Ticker>) -> Read {
        let mut quotes = Vec::new();
        for (symbol, ticker) in tickers {
            let label = format!(": tickers.{symbol}");
            if ticker.symbol != *symbol {
                return Err(self.refuse.at(&label, &"its `symbol` is another"));
            }
            // A venue lists what nobody asked for.
            if self.symbols.of(symbol).is_some() {
                quotes.push(self.ticker(self.asset(symbol, &label)?, ticker, label)?);
            }
        }
        if let (true, Some(symbol)) = (quotes.is_empty(), tickers.keys().next()) {
            return Err(self.refuse.unnamed(": tickers", symbol));
        }
        Ok(quotes)
    }

    fn ticker(
        &self,
        asset: String,
        ticker: &Ticker,
        label: String,
    ) -> Result<(Quote, String, String), super::FeedError> {
        let at = |text: &str| self.refuse.at(&label, &text);
        let time = ticker.timestamp.as_ref().and_then(milliseconds);
        let time = time.ok_or_else(|| at("`timestamp` is not a number of milliseconds"))?;
        let price = ticker.last.as_ref().or(ticker.close.as_ref());
        let price = price.and_then(Exact::decimal);
        let price = price.ok_or_else(|| at("there is no `last` or `close` that is a number"))?;
        let price = self.price(price, &label)?;
        Ok((
            Quote { source: self.source.clone(), asset, time, price },
            label,
            ticker.symbol.clone(),
        ))
    }

    fn price(&self, price: Decimal, label: &str) -> Result<Decimal, super::FeedError> {
        cells::above_zero("price", price).map_err(|fault| self.refuse.at(label, &fault))
    }
}

/// The time of so many milliseconds since 1970.
fn milliseconds(number: &Exact) -> Option<Timestamp> {
    Timestamp::from_millisecond(number.whole()?.try_into().ok()?).ok()
}

/// The length of a timeframe as ccxt writes it; of months and years nobody can say it.
fn length(text: &str) -> Option<SignedDuration> {
    let (number, unit) = text.split_at_checked(text.len().checked_sub(1)?)?;
    let seconds = match unit {
        "s" => 1,
        "m" => 60,
        "h" => 3_600,
        "d" => 86_400,
        "w" => 604_800,
        _ => return None,
    };
    let is_number = number.bytes().all(|byte| byte.is_ascii_digit());
    let number: i64 = number.parse().ok().filter(|&number| is_number && number > 0)?;
    Some(SignedDuration::from_secs(number.checked_mul(seconds)?))
}

#[cfg(test)]
mod tests {
    use super::super::{Feed, Symbols};

    const CANDLES: &str = r#"{ "source": "kraken", "symbol": "BTC/USD", "timeframe": "1m", "ohlcv": [
        [1767225480000, 91240.1, 91260, 91230.5, 91250.123456789012345678, 12.3],
        [1767225540000, 91250, 91250, 91000, 91001.50, null]] }"#;

    const TICKERS: &str = r#"{ "source": "binance", "tickers": {
        "BTC/USDT": { "symbol": "BTC/USDT", "timestamp": 1767225600123, "last": 91251.5, "bid": 91251,
            "ask": 91252, "info": { "any": ["thing"] } },
        "ETH/USD": { "symbol": "ETH/USD", "timestamp": "1767225599000", "last": null, "close": 3.1e3 },
        "DOGE/EUR": { "symbol": "DOGE/EUR", "timestamp": null, "last": null } } }"#;

    fn symbols(said: &[(&str, &str)]) -> Symbols {
        let said = said.iter().map(|&(symbol, asset)| (symbol.to_owned(), asset.to_owned()));
        Symbols { quote: Some("USD".to_owned()), said: said.collect() }
    }

    fn said(text: &str, symbols: &Symbols) -> Vec<String> {
        let feed = Feed::read(text.as_bytes(), "f.json", symbols).unwrap();
        let quotes = feed.quotes.iter().enumerate();
        let said = quotes.map(|(index, quote)| {
            let place = feed.place(index);
            format!("{place} {} {} {} {}", quote.source, quote.asset, quote.time, quote.price)
        });
        said.collect()
    }

    #[test]
    fn candles_count_by_their_close_when_they_closed() {
        assert_eq!(
            said(CANDLES, &symbols(&[])),
            [
                "f.json: ohlcv[0] kraken BTC 2025-12-31T23:59:00Z 91250.123456789012345678",
                "f.json: ohlcv[1] kraken BTC 2026-01-01T00:00:00Z 91001.50",
            ]
        );
    }

    #[test]
    fn tickers_count_by_their_last_price_where_somebody_asked_for_them() {
        assert_eq!(
            said(TICKERS, &symbols(&[("BTC/USDT", "BTC")])),
            [
                "f.json: tickers.BTC/USDT binance BTC 2026-01-01T00:00:00.123Z 91251.5",
                "f.json: tickers.ETH/USD binance ETH 2025-12-31T23:59:59Z 3100",
            ]
        );
        let one = r#"{ "source": "okx", "ticker": { "symbol": "BTC/USDT:USDT", "timestamp": 1767225600000,
            "last": "91251.50" } }"#;
        let expected = ["f.json: ticker okx BTC-PERP 2026-01-01T00:00:00Z 91251.50"];
        assert_eq!(said(one, &symbols(&[("BTC/USDT:USDT", "BTC-PERP")])), expected);
    }

    #[test]
    fn each_malformed_feed_has_its_own_error_and_place() {
        let refused = |text: &str, from: &str, to: &str, expected: &str| {
            assert!(text.contains(from), "{from}");
            let text = text.replacen(from, to, 1);
            let error =
                Feed::read(text.as_bytes(), "f.json", &symbols(&[])).unwrap_err().to_string();
            assert!(error.starts_with(expected), "{error}");
        };
        for (from, to, expected) in [
            ("\"kraken\"", "\"\"", "f.json: source: a name is missing"),
            ("BTC/USD", "BTC/USDT", "f.json: symbol: say which asset `BTC/USDT` is, with --symbol"),
            ("BTC/USD", "BTC/USD:USD", "f.json: symbol: say which asset `BTC/USD:USD` is"),
            ("\"1m\"", "\"1M\"", "f.json: timeframe: is not a length such as `1m`"),
            ("\"timeframe\": \"1m\", ", "", "f.json: timeframe: is not a length"),
            ("1767225480000", "1767225480.5", "f.json: ohlcv[0]: the time is not a number of mill"),
            ("91250.123456789012345678", "null", "f.json: ohlcv[0]: a price is missing"),
            ("91250.123456789012345678", "99999", "f.json: ohlcv[0]: open or close is not between"),
            (", 12.3]", "]", "f.json: ohlcv[0]: is not [time, open, high, low, close, volume]"),
            (
                "91250, 91250, 91000, 91001.50",
                "0, 0, 0, 0",
                "f.json: ohlcv[1]: price: 0 is not above zero",
            ),
            ("\"ohlcv\"", "\"bars\"", "f.json: the feed is malformed: unknown field `bars`"),
            (
                "\"source\": \"kraken\", ",
                "",
                "f.json: the feed is malformed: missing field `source`",
            ),
        ] {
            refused(CANDLES, from, to, expected);
        }
        for (from, to, expected) in [
            (
                "\"symbol\": \"ETH/USD\"",
                "\"symbol\": \"X/USD\"",
                "f.json: tickers.ETH/USD: its `symbol`",
            ),
            ("3.1e3", "null", "f.json: tickers.ETH/USD: there is no `last` or `close`"),
            ("\"1767225599000\"", "null", "f.json: tickers.ETH/USD: `timestamp` is not a number"),
            ("\"ETH/USD\": {", "\"BTC/USDT\": {", "f.json: the feed is malformed: duplicate key"),
            (
                "\"tickers\"",
                "\"symbol\": \"X\", \"tickers\"",
                "f.json: beside `source` there is either",
            ),
        ] {
            refused(TICKERS, from, to, expected);
        }
        let none = r#"{ "source": "a", "tickers": { "A/B": { "symbol": "A/B" } } }"#;
        refused(none, "A", "A", "f.json: tickers: say which asset `A/B` is");
        // What ccxt gives without saying whose it is.
        let bare = r#"{ "symbol": "BTC/USD", "timestamp": 1767225600000, "last": 1 }"#;
        refused(bare, "1", "1", "f.json: the feed does not say whose it is: put it into an object");
        refused(
            "[[1767225600000, 1, 1, 1, 1, 1]]",
            "1",
            "1",
            "f.json: the feed does not say whose",
        );
    }
}
