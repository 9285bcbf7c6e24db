//! From a snapshot, under checked rules and prices, to the ledger of a book.

use pacioli_attestation::open_interest::{OpenInterestError, check_lines};
use pacioli_rules::{Compiled, NotLeftOut, Prices, TableRules};
use thiserror::Error;

use super::{
    balance::{Ledger, balance_accounts},
    error::LedgerError,
    strictness::Strictness,
};
use crate::snapshot::Snapshot;

/// Why a snapshot does not make a book.
#[derive(Debug, Error)]
pub enum BookInputError {
    /// An asset may not be left out.
    #[error(transparent)]
    LeftOut(#[from] NotLeftOut),
    /// A holding or an account of the snapshot is refused.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// The open interest of a market is larger than the prices state.
    #[error(transparent)]
    OpenInterest(#[from] Box<OpenInterestError>),
}

/// Balances a snapshot's accounts, and checks what is left out and the open interest against rules
/// and prices; `compiled` is what these two compile to, and `page_size` as in [`balance_accounts`].
///
/// # Errors
/// If an asset may not be left out, an account does not balance, or the open interest of a market is
/// larger than the prices state.
pub fn balance_book(
    snapshot: Snapshot,
    rules: &TableRules,
    prices: &Prices,
    compiled: &Compiled,
    strictness: &Strictness,
    page_size: usize,
) -> Result<Ledger, BookInputError> {
    rules.check_all_left_out(&strictness.leave_out, prices)?;
    let ledger = balance_accounts(snapshot, compiled, strictness, page_size)
        .map_err(|error| error.under(rules, prices))?;
    check_lines(compiled, ledger.accounts.lines())?;
    Ok(ledger)
}
