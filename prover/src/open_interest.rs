//! How much prices say is open in a market, held against the book.
//!
//! Where rules let initial rates rise with open interest, the figure stands beside the prices: the
//! longs of all accounts, in whole units of the market, which are as much as the shorts. It is the
//! publisher's word, and an understated one would ask for too little margin. So a book in which the
//! longs or the shorts of a market, of all classes together, are more than what is stated is not
//! proved, and its attestation is refused by every verifier. A figure larger than the book's asks
//! for more margin and is allowed. Whether the figure has a use in the rules does not matter; one
//! about a market that the table does not have says nothing.

use pacioli_circuits::{Account, Totals};
use thiserror::Error;

use crate::{
    amount::Amount,
    decimal::Decimal,
    figures::{Figures, MarketFigures, figures},
    rules::Compiled,
};

/// More is open than the prices say.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error(
    "open_interest.{market}: the prices state {stated}, and the {side} of the book are {open}: \
     initial margin would be too low"
)]
pub struct OpenInterestError {
    /// The market.
    pub market: String,
    /// `longs` or `shorts`.
    pub side: &'static str,
    /// What the book has of them.
    pub open: Amount,
    /// What the prices state.
    pub stated: Decimal,
}

/// Checks that no market has more open than the prices state, where they state anything.
///
/// # Errors
/// The first market, by name, that has.
pub fn check(compiled: &Compiled, figures: &Figures) -> Result<(), Box<OpenInterestError>> {
    for MarketFigures { name, long, short } in &figures.markets {
        let Some(&stated) = compiled.open_interest.get(name) else { continue };
        for (side, open) in [("longs", long), ("shorts", short)] {
            if open.exceeds(&stated) {
                let (market, open) = (name.clone(), open.clone());
                return Err(Box::new(OpenInterestError { market, side, open, stated }));
            }
        }
    }
    Ok(())
}

/// Likewise of accounts that are not added up yet.
///
/// # Errors
/// As [`check`].
pub fn check_accounts<'a>(
    compiled: &Compiled,
    accounts: impl IntoIterator<Item = &'a Account>,
) -> Result<(), Box<OpenInterestError>> {
    if compiled.open_interest.is_empty() {
        return Ok(());
    }
    let lines = accounts.into_iter().flat_map(|account| &account.lines);
    // Memory ends long before 2^38 lines.
    let totals = Totals::of_lines(lines, compiled.rows.len());
    let figures = figures(compiled, &totals).expect("there is a total for every row");
    check(compiled, &figures)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        ledger::{Options, balance_accounts},
        prices::Prices,
        rules::{Rules, compile},
        snapshot::{read_classes, read_csv},
    };

    /// Checks a book of the rules whose initial rates rise with open interest, pools included.
    fn checked(stated: &str, lines: &str) -> Result<(), String> {
        let rules = Rules::parse(include_str!("../tests/open_interest/rules.toml")).unwrap();
        let prices = include_str!("../tests/open_interest/prices.json");
        let prices = prices.replacen("\"3000000\"", stated, 1);
        let compiled = compile(&rules, &Prices::parse(&prices).unwrap()).unwrap();
        let csv = format!("account,instrument,quantity\n{lines}");
        let mut snapshot = read_csv(csv.as_bytes(), "book.csv").unwrap();
        let classes = "account,class\npool,pool\n";
        read_classes(&mut snapshot, classes.as_bytes(), "classes.csv").unwrap();
        let options = Options { round: false, exclude_unpriced: false, page_size: 64 };
        let ledger = balance_accounts(snapshot, &compiled, options).unwrap();
        let accounts = ledger.accounts.iter().map(|(_, account)| account);
        check_accounts(&compiled, accounts).map_err(|error| error.to_string())
    }

    #[test]
    fn neither_side_of_all_classes_is_more_than_what_is_stated() {
        let long = "1,long ADA-USD,2.5\npool,short ADA-USD,2.5\n2,long ADA-USD,0.01\n";
        assert_eq!(checked("\"2.51\"", long), Ok(()));
        assert_eq!(checked("\"2.510\"", long), Ok(()));
        let error = "open_interest.ADA-USD: the prices state 2.509, and the longs of the book are \
                     2.51: initial margin would be too low";
        assert_eq!(checked("\"2.509\"", long), Err(error.to_owned()));
        let short = "1,short ADA-USD,2.5\npool,short ADA-USD,0.02\n2,long ADA-USD,2.5\n";
        let error = error
            .replace("2.509", "2.51")
            .replace("longs of the book are 2.51", "shorts of the book are 2.52");
        assert_eq!(checked("\"2.51\"", short), Err(error));
        assert_eq!(checked("\"2.52\"", short), Ok(()));
    }
}
