//! Errors of a ledger, with their place.

use pacioli_rules::{Class, Closest, Decimal, NotLeftOut, Prices, TableRules};
use thiserror::Error;

use crate::{several::Several, snapshot::Spot};

/// Why a snapshot does not balance, with the place.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum LedgerError {
    /// A holding or an account.
    #[error("{place}, account `{}`: {problem}", .account.escape_debug())]
    At {
        /// The place of the holding, or of the account's first one.
        place: Spot,
        /// The account's id.
        account: String,
        /// The problem.
        problem: Box<LedgerProblem>,
    },
    /// All assets that are held and have no price.
    #[error("{}", describe_unpriced(.0))]
    Unpriced(Vec<Unpriced>),
    /// An asset that was to be left out, and that nobody holds: a typo, or yesterday's list.
    #[error("nobody holds `{}`{closest}: nothing was left out", .name.escape_debug())]
    NobodyHolds {
        /// The name.
        name: String,
        /// The asset held that was meant.
        closest: Closest,
    },
    /// Several of these.
    #[error("{0}")]
    Several(Several<LedgerError>),
}

/// An asset that is held and has no price.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unpriced {
    /// The asset.
    pub asset: String,
    /// The place of its first holding.
    pub place: Spot,
    /// The account of that holding.
    pub account: String,
    /// The asset that was meant.
    pub closest: Closest,
    /// Why it may not be left out either, if that is known.
    pub not_left_out: Option<NotLeftOut>,
}

impl LedgerError {
    /// Adds the reasons why assets without a price may not be left out either.
    #[must_use]
    pub fn under(mut self, rules: &TableRules, prices: &Prices) -> Self {
        self.explain(rules, prices);
        self
    }

    fn explain(&mut self, rules: &TableRules, prices: &Prices) {
        match self {
            Self::Unpriced(assets) => {
                for one in assets {
                    one.not_left_out = rules.check_left_out(&one.asset, prices).err();
                }
            }
            Self::Several(all) => all.first.iter_mut().for_each(|one| one.explain(rules, prices)),
            Self::At { .. } | Self::NobodyHolds { .. } => {}
        }
    }
}

/// Every asset with its place, and the remedy.
fn describe_unpriced(assets: &[Unpriced]) -> String {
    let held = assets.iter().map(|Unpriced { asset, place, account, closest, .. }| {
        format!("`{asset}` ({place}, account `{}`){closest}", account.escape_debug())
    });
    let held = held.collect::<Vec<_>>().join(", ");
    let may = assets.iter().filter(|one| one.not_left_out.is_none());
    let may = may.map(|one| one.asset.as_str()).collect::<Vec<_>>().join(",");
    let or = if may.is_empty() { String::new() } else { format!(", or --leave-out {may}") };
    let why = assets.iter().filter_map(|one| one.not_left_out.as_ref());
    let why: String = why.map(|why| format!("; {why}")).collect();
    let slip = |one: &Unpriced| matches!(one.not_left_out, Some(NotLeftOut::Case { .. }));
    let remedy = if assets.iter().all(slip) { String::new() } else { format!(": add prices{or}") };
    format!("no price for {held}{remedy}{why}")
}

/// A problem with a holding or an account.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum LedgerProblem {
    /// The rules do not have the instrument.
    #[error("the rules have no instrument `{}`{closest}", .name.escape_debug())]
    Unknown {
        /// The name.
        name: String,
        /// The instrument that was meant.
        closest: Closest,
    },
    /// A loan of what the rules let nobody borrow.
    #[error("{owed} {asset} is a loan, and the rules let nobody borrow {asset} (`borrow = false`)")]
    NoBorrow {
        /// The amount, which is negative.
        owed: Decimal,
        /// The asset.
        asset: String,
    },
    /// The rules do not have the account's class.
    #[error("the rules have no class `{0}`")]
    NoClass(Class),
    /// The rules do not let this class hold it.
    #[error("an account of class `{class}` cannot hold `{}` under these rules", .name.escape_debug())]
    NotHeld {
        /// The account's class.
        class: Class,
        /// The instrument.
        name: String,
    },
    /// The asset has a price but no rule.
    #[error("`{0}` has a price but no rule: add `[assets.{0}]` to the rules")]
    NoRule(String),
    /// The quote currency, which needs no price.
    #[error("`{0}` is the quote currency and has no rule: add `[assets.{0}]` to the rules")]
    QuoteWithoutRule(String),
    /// A negative quantity: a direction is an instrument, never a sign.
    #[error("{0} is negative")]
    Negative(Decimal),
    /// More decimals than the instrument has; the quantity could be rounded.
    #[error("{quantity} has more than the {decimals} decimals of `{instrument}`; see --round")]
    TooFine {
        /// The quantity.
        quantity: Decimal,
        /// The instrument.
        instrument: String,
        /// Its decimals.
        decimals: u32,
    },
    /// More decimals than the instrument has, in a position, which is never rounded.
    #[error(
        "{quantity} has more than the {decimals} decimals of `{instrument}`; a position cannot be \
         rounded, so the rules must give it more decimals"
    )]
    TooFinePosition {
        /// The quantity.
        quantity: Decimal,
        /// The instrument.
        instrument: String,
        /// Its decimals.
        decimals: u32,
    },
    /// A quantity of 2^90 units or more.
    #[error(
        "{quantity} of `{instrument}`, with {decimals} decimals, is not below 2^90 units: use fewer decimals"
    )]
    TooLarge {
        /// The quantity.
        quantity: Decimal,
        /// The instrument.
        instrument: String,
        /// Its decimals.
        decimals: u32,
    },
    /// Two holdings of one instrument.
    #[error("duplicate holding `{0}`")]
    Twice(String),
    /// Equity or shortfall of 2^90 units of value or more.
    #[error("worth 2^90 units of value or more in scenario `{0}`: use fewer value_decimals")]
    ClosingTooLarge(String),
    /// The account does not fit one page.
    #[error("{lines} lines, closing lines included, do not fit a page of {page_size}")]
    TooManyLines {
        /// The account's lines.
        lines: usize,
        /// The lines of a page.
        page_size: usize,
    },
}
