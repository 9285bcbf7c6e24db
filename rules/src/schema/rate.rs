//! Weights and margin rates: numbers of the rules, or functions of the day's volatility.

use std::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{Error, MapAccess, Visitor, value::MapAccessDeserializer},
};

use crate::{
    decimal::Decimal,
    span::Span,
    volatility::{Volatility, VolatilityKind},
};

/// A weight or a margin rate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rate {
    /// A number.
    Fixed(Decimal),
    /// A function of a volatility in the prices. As a margin rate it is the function's value; as a
    /// weight of deposits 1 less it, of borrows 1 and it.
    Following(Box<VolatilityRate>),
}

/// A rate that follows a volatility:
///
/// ```text
/// rate = max(floor, min(ceiling, up(multiple * annual * sqrt(horizon / 365 days))))
/// ```
///
/// where `up` is the smallest multiple of `step` that is not below, and `annual` the largest of the
/// volatilities of the asset that the prices state and that are of the kind, source and length of
/// time that the rate names, if it names any. Both are against the account.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct VolatilityRate {
    /// The asset whose volatility it is; if left out the asset itself, or the market's underlying.
    pub volatility: Option<String>,
    /// The kind that counts; each if left out.
    pub kind: Option<VolatilityKind>,
    /// The window of realised volatilities that count, likewise.
    pub window: Option<Span>,
    /// The tenor of implied volatilities that count, likewise.
    pub tenor: Option<Span>,
    /// The source that counts, likewise.
    pub source: Option<String>,
    /// How many standard deviations; above 0, at most 1000, of at most 18 decimals.
    pub multiple: Decimal,
    /// The time over which they are taken, above zero.
    pub horizon: Span,
    /// The least; at least 0.
    pub floor: Decimal,
    /// The most; at least the floor, and at most 1.
    pub ceiling: Decimal,
    /// Rates between are whole multiples of it; above 0, at most 1, of at most 18 decimals.
    pub step: Decimal,
}

impl Rate {
    /// The number, of a rate that is one.
    pub fn fixed(&self) -> Option<Decimal> {
        match self {
            Self::Fixed(rate) => Some(*rate),
            Self::Following(_) => None,
        }
    }

    /// The function, of a rate that follows a volatility.
    pub fn following(&self) -> Option<&VolatilityRate> {
        match self {
            Self::Fixed(_) => None,
            Self::Following(rate) => Some(rate),
        }
    }
}

impl VolatilityRate {
    /// Whether a volatility is of the kind and length of time that count, whoever states it.
    pub fn measures(&self, one: &Volatility) -> bool {
        self.kind.is_none_or(|kind| kind == one.kind)
            && self.window.is_none_or(|window| Some(window) == one.window)
            && self.tenor.is_none_or(|tenor| Some(tenor) == one.tenor)
    }

    /// Whether it counts: it is of the source as well, where the rate names one.
    pub fn counts(&self, one: &Volatility) -> bool {
        self.measures(one) && self.source.as_ref().is_none_or(|source| *source == one.source)
    }

    /// Which volatilities count, as words that follow "no": `realised volatility over 30d`.
    pub fn which(&self) -> String {
        let kind = self.kind.map(|kind| format!("{kind} ")).unwrap_or_default();
        let window = self.window.map(|window| format!(" over {window}")).unwrap_or_default();
        let tenor = self.tenor.map(|tenor| format!(" for {tenor}")).unwrap_or_default();
        let source = self.source.as_ref().map(|source| format!(" of {source}"));
        format!("{kind}volatility{window}{tenor}{}", source.unwrap_or_default())
    }
}

impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Fixed(rate) => rate.fmt(f),
            Self::Following(rate) => rate.fmt(f),
        }
    }
}

impl fmt::Display for VolatilityRate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { multiple, horizon, floor, ceiling, step, .. } = self;
        let asset = self.volatility.as_ref().map(|asset| format!("{asset}'s "));
        write!(
            f,
            "{multiple} times {}{} in {horizon}, from {floor} to {ceiling} in steps of {step}",
            asset.unwrap_or_default(),
            self.which()
        )
    }
}

struct RateText;

impl<'de> Visitor<'de> for RateText {
    type Value = Rate;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(
            "a decimal number in quotes, such as \"0.25\", or a table with the `multiple` of a \
             volatility",
        )
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Rate, E> {
        text.parse().map(Rate::Fixed).map_err(E::custom)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Rate, A::Error> {
        let rate = VolatilityRate::deserialize(MapAccessDeserializer::new(map))?;
        Ok(Rate::Following(Box::new(rate)))
    }
}

impl<'de> Deserialize<'de> for Rate {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(RateText)
    }
}

/// A number where no rate may follow a volatility: a margin of options, or the count of a
/// contingency.
pub(super) mod number {
    use serde::{Deserialize, Deserializer, de::Error};

    use super::Rate;
    use crate::decimal::Decimal;

    pub(in crate::schema) fn needed<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Decimal, D::Error> {
        Rate::deserialize(deserializer)?.fixed().ok_or_else(|| {
            D::Error::custom(
                "only weights and margin rates of assets and markets may follow a volatility: \
                 margins of options and contingencies are decimal numbers in quotes",
            )
        })
    }

    pub(in crate::schema) fn optional<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<Decimal>, D::Error> {
        needed(deserializer).map(Some)
    }
}
