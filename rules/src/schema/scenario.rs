//! Scenarios and contingencies.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::Deserialize;

use crate::{decimal::Decimal, strict};

/// What a scenario is about.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// Everything at its price.
    Mark,
    /// Everything at its price, less haircuts and margin requirements.
    Margin,
    /// Everything at a moved price.
    Stress,
    /// What everything gains or loses: a loss that a contingency has to be at least.
    Constraint,
    /// As a margin scenario, but without the loans that are not credited against deposits.
    Credit,
}

/// Which of the margin requirements.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum Margin {
    /// What an account has to keep.
    Maintenance,
    /// What an account has to have when it opens a position.
    Initial,
}

/// One scenario.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct Scenario {
    /// Its name; the first is `mark`.
    pub name: String,
    /// What it is about.
    pub kind: Kind,
    /// Which requirement applies; for a margin scenario and for credit only.
    pub margin: Option<Margin>,
    /// The relative move of every shocked asset that `moves` does not name; for a stress, and for
    /// a constraint without `rates` and `delta`.
    pub default_move: Option<Decimal>,
    /// Relative moves by asset, at least -1; likewise.
    #[serde(default)]
    pub moves: BTreeMap<String, Decimal>,
    /// The relative move of every volatility, at least -1, and none where left out; likewise.
    pub vol_move: Option<Decimal>,
    /// What differs for the options of one expiry, by its time; likewise.
    #[serde(default, deserialize_with = "strict::by_utc_time")]
    pub expiries: BTreeMap<Timestamp, ExpiryMoves>,
    /// The contingency that the loss bounds; for a constraint only.
    pub contingency: Option<String>,
    /// The part of a move's gain or loss that counts, 1 where left out; for a constraint only.
    pub weight: Option<Decimal>,
    /// The assets and markets that gain or lose, all where left out; for a constraint only.
    pub only: Option<Vec<String>>,
    /// Instead of moves, what each instrument gains, as a part of its price and negative for a
    /// loss, such as `"short ETH-PERP" = "-0.02"`; for a constraint only.
    #[serde(default)]
    pub rates: BTreeMap<String, Decimal>,
    /// Whose price `rates` are parts of, the instrument's own where left out; likewise.
    pub rates_of: Option<RatesOf>,
    /// Instead of moves and rates, what a delta gains; for a constraint only.
    pub delta: Option<Delta>,
}

/// A margin requirement that is the largest of the losses in its constraint scenarios, or nothing.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct Contingency {
    /// How many times it counts in a maintenance scenario.
    pub maintenance: Option<Decimal>,
    /// How many times it counts in an initial scenario.
    pub initial: Option<Decimal>,
}

/// What differs for the options of one expiry; at least one of these.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct ExpiryMoves {
    /// The relative move of their forwards, at least -1, in place of their underlying's.
    #[serde(rename = "move")]
    pub forward: Option<Decimal>,
    /// The relative move of their volatilities, at least -1, in place of the scenario's.
    pub vol_move: Option<Decimal>,
    /// How much their value after the moves counts for, in `[0, 1]`, 1 where left out; for a
    /// constraint only.
    pub discount: Option<Decimal>,
    /// The part of their gain or loss that counts, in place of the scenario's; for a constraint only.
    pub weight: Option<Decimal>,
}

/// Whose price rates are parts of.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum RatesOf {
    /// The instrument's own.
    Price,
    /// That of its underlying, which an asset is itself.
    Underlying,
}

/// What is gained by the delta of all that follows one underlying.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct Delta {
    /// The asset whose price is the underlying's.
    pub underlying: String,
    /// What a delta of 1 gains, as a part of that price; a short's is the opposite.
    pub net: Decimal,
    /// What a delta of 1 loses on either side, likewise; at least 0.
    pub gross: Decimal,
}

/// What the gains of a constraint follow from.
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

    /// Whether `only` leaves an asset or market in.
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
    /// How many times it counts in one kind of requirement.
    pub(crate) fn times(&self, margin: Margin) -> Option<Decimal> {
        match margin {
            Margin::Maintenance => self.maintenance,
            Margin::Initial => self.initial,
        }
    }
}
