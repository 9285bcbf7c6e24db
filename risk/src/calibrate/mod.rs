//! Haircuts and margins proposed from price history. A proposal is a rules file for people to read,
//! compare and adopt; nothing here changes one.
//!
//! For every asset with a history, over a horizon of H days,
//!
//! ```text
//! sigma = max(realised volatility of the last days, exponentially weighted volatility)
//! move  = max(expected shortfall 97.5 % of all H-day moves in the history,
//!             2.338 sigma sqrt(H))
//! ```
//!
//! separately for falls and for rises. A position of size Q is sold evenly over T = Q / (part of a
//! day's volume that one can sell) days, in which it is exposed as if it stood in full for T / 3
//! (the variance of a line that falls to nothing), so its move is
//!
//! ```text
//! move(Q) = move sqrt(1 + T / 3H)
//! ```
//!
//! A tier from size a to size b gets the slope of `Q move(Q)` between the two. That product is
//! convex, so the slopes grow, the haircuts are concave, and in every tier a position is asked for
//! at least what its own size needs. The last tier has no end: it is measured as if it ended at four
//! times its beginning, and a larger position wants a look of its own.
//!
//! Deposits weigh 1 - slope of falls, loans 1 + the rise at one day's size, positions are margined
//! with the worse of both sides. All of this is fixed-point arithmetic with 18 digits, the same on
//! every machine; what is proposed is rounded to 0.1 %, weights down, margins and loans up.

mod effect;
mod fixed;
mod history;
mod liquidity;
mod propose;
mod risk;
mod size;
mod write;

pub use effect::{BookEffect, MarginEffect, effect};
pub use history::{History, HistoryError};
pub use liquidity::Liquidity;
pub use propose::propose;
pub use risk::FEWEST_MOVES;

use std::collections::BTreeMap;

use jiff::civil::Date;
use pacioli_rules::{Amount, Decimal, Rules, RulesError};
use serde::{Serialize, Serializer};
use thiserror::Error;

/// How much is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settings {
    /// Days to close a position without size, for maintenance.
    pub horizon: u32,
    /// The same for initial margins and weights.
    pub initial_horizon: u32,
    /// The last days that realised volatility and volume are taken over.
    pub window: usize,
    /// What a day's square weighs beside the next one's, below 1.
    pub lambda: Decimal,
    /// The part of a day's volume that can be closed in that day.
    pub participation: Decimal,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            horizon: 1,
            initial_horizon: 2,
            window: 90,
            lambda: Decimal::new(94, 2),
            participation: Decimal::new(1, 1),
        }
    }
}

/// Longest horizon, in days.
const LONGEST_HORIZON: u32 = 365;

impl Settings {
    fn check(&self) -> Result<(), CalibrateError> {
        let refuse = |setting, range| Err(CalibrateError::Setting { setting, range });
        let inside = |number: &Decimal| number.mantissa() > 0 && *number <= Decimal::from(1);
        if !(1..=LONGEST_HORIZON).contains(&self.horizon) {
            return refuse("the horizon", "between 1 and 365 days");
        }
        if !(self.horizon..=LONGEST_HORIZON).contains(&self.initial_horizon) {
            return refuse("the initial horizon", "between the horizon and 365 days");
        }
        if self.window == 0 {
            return refuse("the window", "at least one day");
        }
        if !inside(&self.lambda) {
            return refuse("lambda", "above 0 and at most 1");
        }
        if !inside(&self.participation) {
            return refuse("the participation", "above 0 and at most 1");
        }
        Ok(())
    }
}

/// Rules with other haircuts and margins, and why.
#[derive(Clone, Debug)]
pub struct Proposal {
    /// The proposed rules file: the one in force, edited.
    pub text: String,
    /// The same, read.
    pub rules: Rules,
    /// The last day that it rests on.
    pub last: Date,
    /// Old and new figures with the reason, in the order of the rules.
    pub items: Vec<Item>,
    /// What stays as it is, and why.
    pub kept: Vec<Kept>,
    /// What the history says of each asset.
    pub measured: BTreeMap<String, Measured>,
}

/// What the history says of one asset. Moves are parts of the price, rounded up to six digits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Measured {
    /// Days of history.
    pub days: usize,
    /// The last of them.
    #[serde(serialize_with = "as_text")]
    pub last: Date,
    /// Volatility of a day over the window.
    pub realised: Option<Decimal>,
    /// The same, exponentially weighted.
    pub weighted: Option<Decimal>,
    /// The moves that margins cover: maintenance, then initial.
    pub moves: [MeasuredMoves; 2],
    /// How much can be closed in a day, where the history has volume.
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
    /// What the larger volatility says.
    pub by_volatility: Option<Decimal>,
}

/// What is proposed for one asset's deposits, its loans, or one market.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Item {
    /// What it is about: `deposit BTC`, `borrow BTC`, `ETH-PERP`.
    pub subject: String,
    /// The figures, by size.
    pub figures: Vec<Figure>,
    /// What the history says.
    pub reasons: Vec<String>,
}

/// One figure, old and new.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Figure {
    /// `maintenance` or `initial`.
    pub margin: &'static str,
    /// The size from which it counts.
    pub from: Decimal,
    /// Whether that is a value in the quote currency, as where the rule's tiers end at values, and not
    /// so many units.
    pub in_value: bool,
    /// What it was at that size, where it was anything.
    pub old: Option<Decimal>,
    /// What is proposed.
    pub new: Decimal,
}

/// A rule that no history speaks of, or a history that no rule asks for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Kept {
    /// The rule's key, or the asset.
    pub key: String,
    /// Why nothing is proposed.
    pub why: &'static str,
}

/// Why there is no proposal.
#[derive(Debug, Error)]
pub enum CalibrateError {
    /// A setting that means nothing.
    #[error("{setting} has to be {range}")]
    Setting {
        /// The setting.
        setting: &'static str,
        /// What it has to be.
        range: &'static str,
    },
    /// Too few days.
    #[error("{asset}: {got} days of history, at least {needed} are needed")]
    ShortHistory {
        /// The asset.
        asset: String,
        /// Its days.
        got: usize,
        /// How many it takes.
        needed: usize,
    },
    /// Nothing was traded: how long closing takes cannot be said.
    #[error("{asset}: no volume in the window")]
    NoVolume {
        /// The asset.
        asset: String,
    },
    /// A figure that no rules file can hold.
    #[error("{subject}: a move that is past all numbers")]
    Bounds {
        /// What it is about.
        subject: String,
    },
    /// Nothing counts for a margin.
    #[error("the rules have no margin scenario")]
    NoMargin,
    /// No rule is about an asset with a history.
    #[error("no rule is about any asset of the history")]
    Nothing,
    /// The rules in force cannot be edited, or what comes out is refused.
    #[error("the rules: {0}")]
    Rules(#[from] RulesError),
    /// The rules in force are no TOML that can be edited.
    #[error("the rules cannot be edited: {0}")]
    Edit(#[from] toml_edit::TomlError),
    /// The rules in force have no table where one was read.
    #[error("the rules cannot be edited: there is no `{0}`")]
    NoTable(String),
}
