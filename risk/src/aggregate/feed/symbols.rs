//! Which asset a source means by a symbol.

use std::collections::BTreeMap;

/// The assets of symbols: those that were said, and the first part of a pair whose second part is the
/// currency of the prices.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Symbols {
    /// The currency of the prices; without it, symbols mean what was said alone.
    pub quote: Option<String>,
    /// Assets by symbol, as they were said.
    pub said: BTreeMap<String, String>,
}

impl Symbols {
    /// The asset of a symbol such as `BTC/USD`: the one that was said, else `BTC` where prices are in
    /// USD. `BTC/USD:USD` is a contract and `BTC/USDT` in another currency: what these count for has
    /// to be said.
    pub fn asset(&self, symbol: &str) -> Option<&str> {
        match self.said.get_key_value(symbol) {
            Some((_, asset)) => Some(asset),
            None => None,
        }
    }

    /// The same, where nothing was said.
    pub(super) fn base<'a>(&self, symbol: &'a str) -> Option<&'a str> {
        let (base, quote) = symbol.split_once('/')?;
        (self.quote.as_deref() == Some(quote)).then_some(base)
    }

    /// Either.
    pub(super) fn of(&self, symbol: &str) -> Option<String> {
        self.asset(symbol).or_else(|| self.base(symbol)).map(str::to_owned)
    }
}
