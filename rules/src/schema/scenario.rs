//! Scenarios and contingencies.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::Deserialize;

use super::rate::number;
use crate::{decimal::Decimal, strict};

/// The kind of a scenario.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// Everything at its price.
    Mark,
    /// Everything at its price, times weights and less margin requirements.
    Margin,
    /// Everything at a moved price.
    Stress,
    /// Gains and losses: a contingency must be at least the loss.
    Constraint,
    /// As a margin scenario, but without the borrows that are not credited against deposits.
    Credit,
}

/// The kind of a margin requirement.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum Margin {
    /// The margin that an account must keep.
    Maintenance,
    /// The margin that an account must have when it opens a position.
    Initial,
}

/// One scenario.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct Scenario {
    /// Its name; the first is `mark`.
    pub name: String,
    /// Its kind.
    pub kind: Kind,
    /// The requirement that applies; for margin and credit scenarios only.
    pub margin: Option<Margin>,
    /// The relative move of every shocked asset that `moves` does not name; for a stress, and for
    /// a constraint without `rates` and `delta`.
    pub default_move: Option<Decimal>,
    /// Relative moves by asset, at least -1; likewise.
    #[serde(default)]
    pub moves: BTreeMap<String, Decimal>,
    /// The relative move of every volatility, at least -1; none if left out; likewise.
    pub vol_move: Option<Decimal>,
    /// The differences for options of one expiry, by its time; likewise.
    #[serde(default, deserialize_with = "strict::by_utc_time")]
    pub expiries: BTreeMap<Timestamp, ExpiryMoves>,
    /// The contingency that the loss bounds; for a constraint only.
    pub contingency: Option<String>,
    /// The part of a move's gain or loss that counts, 1 if left out; for a constraint only.
    pub weight: Option<Decimal>,
    /// The assets and markets that gain or lose, all if left out; for a constraint only.
    pub only: Option<Vec<String>>,
    /// Instead of moves, what each instrument gains, as a part of its price and negative for a
    /// loss, such as `"short ETH-PERP" = "-0.02"`; for a constraint only.
    #[serde(default)]
    pub rates: BTreeMap<String, Decimal>,
    /// The price that `rates` are parts of, the instrument's own if left out; likewise.
    pub rates_of: Option<RatesOf>,
    /// Instead of moves and rates, what a delta gains; for a constraint only.
    pub delta: Option<Delta>,
}

/// A margin requirement that is the largest of the losses in its constraint scenarios, or nothing.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct Contingency {
    /// Its factor in maintenance scenarios.
    #[serde(default, deserialize_with = "number::optional")]
    pub maintenance: Option<Decimal>,
    /// Its factor in initial scenarios.
    #[serde(default, deserialize_with = "number::optional")]
    pub initial: Option<Decimal>,
}

/// The differences for options of one expiry; at least one is given.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct ExpiryMoves {
    /// The relative move of their forwards, at least -1, in place of their underlying's.
    #[serde(rename = "move")]
    pub forward: Option<Decimal>,
    /// The relative move of their volatilities, at least -1, in place of the scenario's.
    pub vol_move: Option<Decimal>,
    /// The part of their value after the moves that counts, in `[0, 1]`, 1 if left out; for a
    /// constraint only.
    pub discount: Option<Decimal>,
    /// The part of their gain or loss that counts, in place of the scenario's; for a constraint
    /// only.
    pub weight: Option<Decimal>,
}

/// The price that rates are parts of.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum RatesOf {
    /// The instrument's own.
    Price,
    /// Its underlying's; an asset is its own.
    Underlying,
}

/// Gains by the delta of everything that follows one underlying.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct Delta {
    /// The asset whose price is the underlying's.
    pub underlying: String,
    /// The gain of a delta of 1, as a part of that price; a short gains the opposite.
    pub net: Decimal,
    /// The loss of a delta of 1 on either side, likewise; at least 0.
    pub gross: Decimal,
}

/// The form of a constraint, which its gains follow from.
#[derive(Clone, Copy)]
pub(crate) enum Form<'a> {
    Moves,
    Rates(&'a BTreeMap<String, Decimal>),
    Delta(&'a Delta),
}

impl Scenario {
    /// The form of a constraint that was checked.
    pub(crate) fn form(&self) -> Form<'_> {
        match &self.delta {
            Some(delta) => Form::Delta(delta),
            None if self.rates.is_empty() => Form::Moves,
            None => Form::Rates(&self.rates),
        }
    }

    /// Whether gains are parts of the underlying's price, and not of the instrument's own.
    pub(crate) fn is_of_underlying(&self) -> bool {
        self.delta.is_some() || self.rates_of == Some(RatesOf::Underlying)
    }

    /// Whether an asset or market gains or loses: `only` is left out or names it.
    pub(crate) fn is_about(&self, name: &str) -> bool {
        self.only.as_ref().is_none_or(|only| only.iter().any(|one| one == name))
    }

    /// The first field that only a constraint scenario has.
    pub(crate) fn constraint_field(&self) -> Option<&'static str> {
        let fields = [
            ("contingency", self.contingency.is_some()),
            ("weight", self.weight.is_some()),
            ("only", self.only.is_some()),
            ("rates", !self.rates.is_empty()),
            ("rates_of", self.rates_of.is_some()),
            ("delta", self.delta.is_some()),
        ];
        fields.into_iter().find_map(|(field, is_there)| is_there.then_some(field))
    }
}

impl Contingency {
    /// Its factor in one kind of requirement.
    pub(crate) fn times(&self, margin: Margin) -> Option<Decimal> {
        match margin {
            Margin::Maintenance => self.maintenance,
            Margin::Initial => self.initial,
        }
    }
}
