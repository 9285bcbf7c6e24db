//! In which currency and with how many digits a registry's figures are, where no file says it.

use std::collections::BTreeMap;

use alloy_primitives::{B256, keccak256};
use pacioli_rules::{Amount, check_name};
use pacioli_verifier_contract::stored::Stored;

use crate::format::grouped;

/// Currencies and assets that venues commonly use. A name on a chain is its hash, so one can only be tried.
const WELL_KNOWN: [&str; 20] = [
    "USD", "USDC", "USDT", "EUR", "BTC", "ETH", "DAI", "EURC", "GBP", "JPY", "CHF", "SOL", "BNB",
    "XRP", "WBTC", "WETH", "stETH", "wstETH", "FDUSD", "PYUSD",
];

/// Names by their hashes.
#[derive(Clone, Debug, Default)]
pub struct Names(BTreeMap<B256, String>);

impl Names {
    /// The well-known ones, and others. Whoever announces a reserve on a chain may call its asset
    /// anything, also what reads like the rest of a line: what rules could not name has no name.
    pub fn with(others: impl IntoIterator<Item = String>) -> Self {
        let others = others.into_iter().filter(|name| check_name(name).is_ok());
        let known = WELL_KNOWN.iter().map(|name| (*name).to_owned()).chain(others);
        Self(known.map(|name| (keccak256(&name), name)).collect())
    }

    /// The name, or the beginning of its hash.
    pub fn of(&self, hash: B256) -> String {
        self.get(hash).map_or_else(|| short(hash), str::to_owned)
    }

    /// The name.
    pub fn get(&self, hash: B256) -> Option<&str> {
        self.0.get(&hash).map(String::as_str)
    }
}

/// A hash by its beginning.
pub fn short(hash: B256) -> String {
    format!("{}..", &hash.to_string()[..10])
}

/// A quote currency, and the digits of a unit of value.
#[derive(Clone, Debug)]
pub struct Unit {
    /// `None` where neither is known: figures are then so many units of value.
    known: Option<(u32, String)>,
}

impl Unit {
    /// From rules that the reader has.
    pub fn given(decimals: u32, quote: &str) -> Self {
        Self { known: Some((decimals, quote.escape_debug().to_string())) }
    }

    /// From the program that was sent.
    pub fn sent(sent: Option<&Stored>, names: &Names) -> Self {
        let known = sent.map(|sent| {
            let name = names.get(sent.quote).map(|name| name.escape_debug().to_string());
            let name = name.unwrap_or_else(|| format!("the quote currency {}", sent.quote));
            (sent.value_decimals.into(), name)
        });
        Self { known }
    }

    /// The unit of figures.
    pub fn name(&self) -> &str {
        self.known.as_ref().map_or("units of value", |(_, name)| name)
    }

    /// Decimals; `None` if they are not known.
    pub fn decimals(&self) -> Option<u32> {
        self.known.as_ref().map(|(decimals, _)| *decimals)
    }

    /// An amount, with its thousands apart.
    pub fn amount(&self, units: u128) -> String {
        grouped(&Amount::new(units, self.decimals().unwrap_or_default()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_currency_is_known_by_its_hash_or_not_at_all() {
        let names = Names::with(["KRW".to_owned()]);
        for name in ["USD", "ETH", "KRW"] {
            assert_eq!(names.of(keccak256(name)), name);
        }
        let hash = keccak256("a currency of nobody's");
        assert_eq!(names.of(hash), format!("{}..", &hash.to_string()[..10]));
        assert_eq!(names.get(hash), None);
    }

    #[test]
    fn no_name_of_a_chain_reads_like_the_rest_of_a_line() {
        let fakes = ["USDC: token 0xA0b8, symbol `USDC`, for customers: in force", "a\nHOLDS", ""];
        let names = Names::with(fakes.map(str::to_owned));
        for fake in fakes {
            let hash = keccak256(fake);
            assert_eq!((names.of(hash), names.get(hash)), (short(hash), None));
        }
    }

    #[test]
    fn amounts_have_their_digits() {
        assert_eq!(Unit::given(2, "USD").amount(1_234_567), "12,345.67");
        let unknown = Unit::sent(None, &Names::default());
        assert_eq!((unknown.name(), unknown.amount(1_234).as_str()), ("units of value", "1,234"));
    }
}
