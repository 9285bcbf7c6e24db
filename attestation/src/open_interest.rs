//! How much prices say is open in a market, held against the book.
//!
//! Where rules let initial rates rise with open interest, the figure is given beside the prices:
//! the longs of all accounts, in whole units of the market, which are as much as the shorts. It is
//! the publisher's word, and an understated one would ask for too little margin. So a book in which
//! the longs or the shorts of a market, of all classes together, are more than what is stated is
//! not proved, and its attestation is refused by every verifier. A figure larger than the book's
//! asks for more margin and is allowed. Whether the figure has a use in the rules does not matter;
//! one about a market that the table does not have says nothing.

use pacioli_circuits::{Line, Totals};
use pacioli_rules::{Amount, Compiled, Decimal};
use thiserror::Error;

use crate::figures::{Figures, MarketFigures, figures};

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
/// If a market has more open: the first one, by name.
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

/// Likewise of lines that are not added up yet.
///
/// # Errors
/// If a market has more open, as in [`check`].
pub fn check_lines(
    compiled: &Compiled,
    lines: impl IntoIterator<Item = Line>,
) -> Result<(), Box<OpenInterestError>> {
    if compiled.open_interest.is_empty() {
        return Ok(());
    }
    // Memory ends long before 2^38 lines.
    let totals = Totals::of_lines(lines, compiled.rows.len());
    let figures = figures(compiled, &totals).expect("there is a total for every row");
    check(compiled, &figures)
}
