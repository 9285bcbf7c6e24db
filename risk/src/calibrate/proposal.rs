//! A proposal: edited rules, with the old and new figures and the reasons.

use std::collections::BTreeMap;

use jiff::civil::Date;
use pacioli_rules::{Amount, Decimal, Rules};
use serde::{Serialize, Serializer};

/// Rules with other weights and margins, with reasons.
#[derive(Clone, Debug)]
pub struct Proposal {
    /// The proposed rules file: the one in force, edited.
    pub text: String,
    /// The proposed rules, parsed.
    pub rules: Rules,
    /// The last day of the history.
    pub last: Date,
    /// Old and new figures with the reason, in the order of the rules.
    pub items: Vec<Item>,
    /// Rules that are kept, with the reason.
    pub kept: Vec<Kept>,
    /// Measurements of each asset's history.
    pub measured: BTreeMap<String, Measured>,
}

/// Measurements of one asset's history. Moves are fractions of the price, rounded up to six decimals.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Measured {
    /// The number of days.
    pub days: usize,
    /// The last day.
    #[serde(serialize_with = "as_text")]
    pub last: Date,
    /// Volatility of a day over the window.
    pub realised: Option<Decimal>,
    /// Exponentially weighted volatility of a day.
    pub weighted: Option<Decimal>,
    /// The moves that margins cover: maintenance, then initial.
    pub moves: [MeasuredMoves; 2],
    /// The amount that can be closed in a day, if the history has volume.
    pub a_day: Option<Amount>,
}

fn as_text<S: Serializer>(date: &Date, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(date)
}

/// The moves of one asset over a horizon.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct MeasuredMoves {
    /// Days.
    pub horizon: u32,
    /// Expected shortfall of falls, in the whole history.
    pub fall: Option<Decimal>,
    /// Expected shortfall of rises.
    pub rise: Option<Decimal>,
    /// The move by the larger volatility.
    pub by_volatility: Option<Decimal>,
}

/// The proposal for one asset's deposits, its borrows, or one market.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Item {
    /// The subject: `deposit BTC`, `borrow BTC`, `ETH-PERP`.
    pub subject: String,
    /// The figures, by size.
    pub figures: Vec<Figure>,
    /// The reasons, from the history.
    pub reasons: Vec<String>,
}

/// One figure, old and new.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Figure {
    /// `maintenance` or `initial`.
    pub margin: &'static str,
    /// The size from which it counts.
    pub from: Decimal,
    /// Whether the size is a value in the quote currency, as in tiers that end at values, rather than
    /// a quantity.
    pub in_value: bool,
    /// The old figure at that size, if there was one.
    pub old: Option<Decimal>,
    /// The proposed figure.
    pub new: Decimal,
}

/// A rule without a history, or a history without a rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Kept {
    /// The rule's key, or the asset.
    pub key: String,
    /// Why nothing is proposed.
    pub why: &'static str,
}
