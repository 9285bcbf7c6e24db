//! What may be left out of a book: an asset that nobody can value, and nothing else.
//!
//! The quote currency has the price 1, a priced asset has a value, and an asset with a rule is one
//! that the venue deals in, so that a missing price of it is a mistake. A name that differs from
//! one of these only by the case of its letters is more likely a slip than another asset.

use thiserror::Error;

use crate::{
    names::{NameError, check_name},
    prices::Prices,
    rules::TableRules,
};

/// Reasons why an asset cannot be left out.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum NotLeftOut {
    /// The quote currency.
    #[error("`{0}` is the quote currency, and worth 1: it cannot be left out")]
    Quote(String),
    /// An asset with a price.
    #[error("`{0}` has a price: it cannot be left out")]
    Priced(String),
    /// An asset with a rule.
    #[error("`{0}` has a rule: it cannot be left out; add its price")]
    Ruled(String),
    /// An invalid name.
    #[error(transparent)]
    Name(#[from] NameError),
    /// The name of another asset in other letters.
    #[error("`{}` cannot be left out: it differs from `{known}` only by the case of its letters", .name.escape_debug())]
    Case {
        /// The name.
        name: String,
        /// The asset that has a price or a rule, or the quote currency.
        known: String,
    },
}

impl TableRules {
    /// Checks that `asset` may be left out of a book at these prices.
    ///
    /// # Errors
    /// If it is the quote currency, has a price or a rule of its own, differs from such a name only
    /// by case, or is not a valid name.
    pub fn check_left_out(&self, asset: &str, prices: &Prices) -> Result<(), NotLeftOut> {
        check_name(asset)?;
        let listed = self.listed_assets();
        let name = asset.to_owned();
        if asset == self.quote {
            return Err(NotLeftOut::Quote(name));
        }
        if prices.prices.contains_key(asset) {
            return Err(NotLeftOut::Priced(name));
        }
        if listed.contains_key(asset) {
            return Err(NotLeftOut::Ruled(name));
        }
        let quote = std::iter::once(self.quote.as_str());
        let priced = prices.prices.keys().map(String::as_str);
        let mut known = quote.chain(priced).chain(listed.keys().copied());
        match known.find(|known| known.eq_ignore_ascii_case(asset)) {
            Some(known) => Err(NotLeftOut::Case { name, known: known.to_owned() }),
            None => Ok(()),
        }
    }

    /// Checks that all of `assets` may be left out of a book at these prices.
    ///
    /// # Errors
    /// If one may not: the first.
    pub fn check_all_left_out(&self, assets: &[String], prices: &Prices) -> Result<(), NotLeftOut> {
        assets.iter().try_for_each(|asset| self.check_left_out(asset, prices))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{PRICES, changed, small_book};

    #[test]
    fn only_what_nobody_can_value_is_left_out() {
        let (rules, _) = small_book();
        let prices = changed(PRICES, &[("\"USDC\": \"1\"", "\"DAI\": \"1\"")]);
        let prices = Prices::parse(&prices).unwrap();
        let check = |asset: &str| rules.check_left_out(asset, &prices);
        assert_eq!(check("LUNC"), Ok(()));
        assert_eq!(check("USD"), Err(NotLeftOut::Quote("USD".into())));
        assert_eq!(check("DAI"), Err(NotLeftOut::Priced("DAI".into())));
        assert_eq!(check("USDC"), Err(NotLeftOut::Ruled("USDC".into())));
        for name in ["", "L UNC", "LUNC\nHOLDS"] {
            assert!(matches!(check(name), Err(NotLeftOut::Name(_))), "{name}");
        }
        for (name, known) in [("usd", "USD"), ("Dai", "DAI"), ("uSDC", "USDC"), ("btc", "BTC")] {
            let (name, known) = (name.to_owned(), known.to_owned());
            assert_eq!(check(&name), Err(NotLeftOut::Case { name: name.clone(), known }));
        }
    }
}
