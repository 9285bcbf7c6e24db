//! Every error of a ledger, with the place it stands at.

use pacioli_rules::{Class, Decimal, NotLeftOut, Prices, TableRules};
use thiserror::Error;

use crate::snapshot::Place;

/// Why a snapshot makes no ledger, and where.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum LedgerError {
    /// A holding or an account.
    #[error("{place}, account `{}`: {problem}", .account.escape_debug())]
    At {
        /// Where the holding stands, or the first of the account.
        place: Place,
        /// The account's id.
        account: String,
        /// What is wrong.
        problem: Box<LedgerProblem>,
    },
    /// Assets without a price, so that nobody can say what they are worth: all that are held.
    #[error("{}", unpriced_words(.0))]
    Unpriced(Vec<Unpriced>),
    /// A name that was to be left out, and that nobody holds: a slip, or yesterday's list.
    #[error("nobody holds `{}`: nothing was left out", .0.escape_debug())]
    NobodyHolds(String),
}

/// An asset that is held and has no price.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unpriced {
    /// The asset.
    pub asset: String,
    /// Where it is held first.
    pub place: Place,
    /// By whom.
    pub account: String,
    /// Why it may not be left out either, where that is known.
    pub not_left_out: Option<NotLeftOut>,
}

impl LedgerError {
    /// The error with the reason why an asset without a price may not be left out either.
    #[must_use]
    pub fn under(mut self, rules: &TableRules, prices: &Prices) -> Self {
        if let Self::Unpriced(assets) = &mut self {
            for one in assets {
                one.not_left_out = rules.check_left_out(&one.asset, prices).err();
            }
        }
        self
    }
}

/// Every asset with its place, and what can be done about it.
fn unpriced_words(assets: &[Unpriced]) -> String {
    let held = assets.iter().map(|Unpriced { asset, place, account, .. }| {
        format!("`{asset}` ({place}, account `{}`)", account.escape_debug())
    });
    let held = held.collect::<Vec<_>>().join(", ");
    let may = assets.iter().filter(|one| one.not_left_out.is_none());
    let may = may.map(|one| one.asset.as_str()).collect::<Vec<_>>().join(",");
    let or = if may.is_empty() { String::new() } else { format!(", or --leave-out {may}") };
    let why = assets.iter().filter_map(|one| one.not_left_out.as_ref());
    let why: String = why.map(|why| format!("; {why}")).collect();
    format!("no price for {held}: add prices{or}{why}")
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
