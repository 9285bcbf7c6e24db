//! Every error of a ledger, with the place it stands at.

use thiserror::Error;

use crate::{decimal::Decimal, rules::Class, snapshot::Place};

/// Why a snapshot makes no ledger, and where.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("{place}, account `{}`: {problem}", .account.escape_debug())]
pub struct LedgerError {
    /// Where the holding stands, or the first of the account.
    pub place: Place,
    /// The account's id.
    pub account: String,
    /// What is wrong.
    pub problem: Box<LedgerProblem>,
}

/// What is wrong with a holding or an account.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum LedgerProblem {
    /// No instrument of these rules.
    #[error("the rules have no instrument `{}`", .0.escape_debug())]
    Unknown(String),
    /// An account of a class that the rules do not have.
    #[error("the rules have no class `{0}`")]
    NoClass(Class),
    /// The rules do not let this class hold it.
    #[error("the class `{class}` of these rules does not hold `{}`", .name.escape_debug())]
    NotHeld {
        /// The account's class.
        class: Class,
        /// The instrument.
        name: String,
    },
    /// The asset has a price, and no rule says how to hold it.
    #[error("`{0}` has a price but no rule")]
    NoRule(String),
    /// The asset has no price, so that nobody can say what it is worth.
    #[error("`{0}` has no price; give it one, or leave it out by name with --exclude-unpriced")]
    NoPrice(String),
    /// A direction is an instrument, never a sign.
    #[error("{0} is negative")]
    Negative(Decimal),
    /// More digits than the instrument has, where rounding has a favourable side.
    #[error("{quantity} has more than the {decimals} decimals of `{instrument}`; see --round")]
    TooFine {
        /// The quantity.
        quantity: Decimal,
        /// The instrument.
        instrument: String,
        /// Its decimals.
        decimals: u32,
    },
    /// More digits than the instrument has, where rounding has no favourable side.
    #[error(
        "{quantity} has more than the {decimals} decimals of `{instrument}`; a position cannot be \
         rounded, so the rules have to give it more decimals"
    )]
    TooFinePosition {
        /// The quantity.
        quantity: Decimal,
        /// The instrument.
        instrument: String,
        /// Its decimals.
        decimals: u32,
    },
    /// A quantity of 2^90 units and more.
    #[error("{quantity} of `{instrument}`, with {decimals} decimals, is not below 2^90 units")]
    TooLarge {
        /// The quantity.
        quantity: Decimal,
        /// The instrument.
        instrument: String,
        /// Its decimals.
        decimals: u32,
    },
    /// One instrument in two holdings.
    #[error("`{0}` is held twice")]
    Twice(String),
    /// Equity or shortfall of 2^90 units of value and more.
    #[error("worth 2^90 units of value or more in scenario `{0}`: use fewer value_decimals")]
    ClosingTooLarge(String),
    /// An account never leaves its page.
    #[error("{lines} lines, closing lines included, do not fit a page of {page_size}")]
    TooManyLines {
        /// The account's lines.
        lines: usize,
        /// The lines of a page.
        page_size: usize,
    },
}
