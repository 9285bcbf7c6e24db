//! Volatilities as a prices file states them: how much an asset moves in a year, by whom, measured
//! over which past or implied for which future. Rates of the rules may follow them
//! ([`crate::VolatilityRate`]).
//!
//! ```json
//! "volatilities": { "BTC": [
//!   { "kind": "realised", "annual": "0.62", "window": "30d", "source": "venue A",
//!     "as_of": "2026-11-21T00:00:00Z" },
//!   { "kind": "implied", "annual": "0.655", "tenor": "7d", "source": "venue B",
//!     "as_of": "2026-11-21T00:00:00Z" }
//! ] }
//! ```
//!
//! `annual` is the standard deviation of a year's relative move: 0.62 is 62 %. An asset may have
//! entries of several sources, and of several windows of one source.

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::{decimal::Decimal, span::Span, strict};

/// One statement of an asset's volatility.
#[derive(Clone, Debug, Deserialize, Serialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct Volatility {
    /// Whether it is about the past or about the future.
    pub kind: VolatilityKind,
    /// The standard deviation of a year's relative move: at least 0, at most
    /// [`Volatility::MOST`], of at most [`Volatility::DECIMALS`] decimals.
    pub annual: Decimal,
    /// The time over which it was realised, above zero; for these alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub window: Option<Span>,
    /// The time for which it is implied, above zero; for these alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tenor: Option<Span>,
    /// Whoever says so: a name as [`check_source`] takes it.
    pub source: String,
    /// The time of the statement.
    #[serde(with = "strict::input_time")]
    pub as_of: Timestamp,
}

/// What a volatility was taken from.
#[derive(Clone, Copy, Debug, Deserialize, Serialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum VolatilityKind {
    /// Past prices.
    Realised,
    /// Prices of options.
    Implied,
}

/// Why a volatility makes no sense.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum VolatilityError {
    /// An asset with a list of nothing.
    #[error("is empty: leave it out instead")]
    Empty,
    /// More of one asset than anybody has to look through.
    #[error(
        "{0} are more than the {most} that an asset may have",
        most = Volatility::MOST_OF_AN_ASSET
    )]
    TooMany(usize),
    /// A number out of its range.
    #[error(
        "annual: {0} is not a volatility: from 0 to {most}, of at most {decimals} decimals; 62 % a \
         year is 0.62",
        most = Volatility::MOST,
        decimals = Volatility::DECIMALS
    )]
    Annual(Decimal),
    /// A length of time that is missing, zero or another kind's.
    #[error("a {kind} volatility has a `{field}` above 0s, and no other length of time")]
    Length {
        /// The kind.
        kind: VolatilityKind,
        /// The one that it has.
        field: &'static str,
    },
    /// A source that is no name.
    #[error(transparent)]
    Source(#[from] SourceError),
    /// One statement made twice.
    #[error("{0} stands there twice")]
    Twice(String),
    /// Two names that nobody tells apart, and that would count as two sources.
    #[error("source: `{0}` and `{1}` are one name in two spellings: write it in one")]
    Spelling(String, String),
}

/// A text that names no source.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error(
    "`{}` names no source: 1 to {MAX_SOURCE} printable characters of ASCII, the first and the last \
     no space",
    .0.escape_debug()
)]
pub struct SourceError(String);

/// The longest name of a source, in bytes.
const MAX_SOURCE: usize = 64;

/// A source's name as it is compared with others: nobody reads a difference in case, blanks, `-` or `_`.
pub fn source_key(source: &str) -> String {
    source.chars().filter(|c| !" -_".contains(*c)).map(|c| c.to_ascii_lowercase()).collect()
}

/// Checks the name of a source, such as `venue A`: what may stand on a terminal, and on each in one
/// way.
///
/// # Errors
/// If it is empty, longer than 64 bytes, has other characters than the printable ones of ASCII, or
/// a space at an end.
pub fn check_source(source: &str) -> Result<(), SourceError> {
    let printable = source.bytes().all(|byte| byte == b' ' || byte.is_ascii_graphic());
    let spaced = source.starts_with(' ') || source.ends_with(' ');
    match (1..=MAX_SOURCE).contains(&source.len()) && printable && !spaced {
        true => Ok(()),
        false => Err(SourceError(source.chars().take(2 * MAX_SOURCE).collect())),
    }
}

impl VolatilityKind {
    /// As files write it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Realised => "realised",
            Self::Implied => "implied",
        }
    }
}

impl fmt::Display for VolatilityKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl Volatility {
    /// The largest: a hundred thousand percent a year.
    pub const MOST: u32 = 1_000;
    /// The most decimals.
    pub const DECIMALS: u32 = 18;
    /// The most entries of one asset.
    pub const MOST_OF_AN_ASSET: usize = 100;

    /// Whether two are of one kind, length of time and source.
    fn is_same(&self, other: &Self) -> bool {
        let of = |one: &Self| (one.kind, one.window, one.tenor);
        of(self) == of(other) && self.source == other.source
    }

    fn check(&self) -> Result<(), VolatilityError> {
        let Self { kind, annual, window, tenor, source, .. } = self;
        let is_out = annual.is_negative() || *annual > Decimal::from(Self::MOST);
        if is_out || annual.scale() > Self::DECIMALS {
            return Err(VolatilityError::Annual(*annual));
        }
        let (field, own, other) = match kind {
            VolatilityKind::Realised => ("window", window, tenor),
            VolatilityKind::Implied => ("tenor", tenor, window),
        };
        if own.is_none_or(|length| length.0 == 0) || other.is_some() {
            return Err(VolatilityError::Length { kind: *kind, field });
        }
        Ok(check_source(source)?)
    }
}

/// Checks the volatilities of one asset: the fault, and its entry if one is at fault.
///
/// # Errors
/// If there is none, or are too many, one makes no sense, two are of one kind, length of time and
/// source, or one source is in two spellings.
pub(crate) fn check_volatilities(
    entries: &[Volatility],
) -> Result<(), (Option<usize>, VolatilityError)> {
    if entries.is_empty() {
        return Err((None, VolatilityError::Empty));
    }
    if entries.len() > Volatility::MOST_OF_AN_ASSET {
        return Err((None, VolatilityError::TooMany(entries.len())));
    }
    for (index, entry) in entries.iter().enumerate() {
        entry.check().map_err(|error| (Some(index), error))?;
        if entries[..index].iter().any(|other| other.is_same(entry)) {
            return Err((Some(index), VolatilityError::Twice(entry.to_string())));
        }
        let is_nearly = |other: &&Volatility| {
            other.source != entry.source && source_key(&other.source) == source_key(&entry.source)
        };
        if let Some(other) = entries[..index].iter().find(is_nearly) {
            let names = [other, entry].map(|one| one.source.clone());
            let [other, own] = names;
            return Err((Some(index), VolatilityError::Spelling(other, own)));
        }
    }
    Ok(())
}

/// What it is and whose, without the number: `realised volatility over 30d of venue A`.
impl fmt::Display for Volatility {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} volatility", self.kind)?;
        if let Some(window) = self.window {
            write!(f, " over {window}")?;
        }
        if let Some(tenor) = self.tenor {
            write!(f, " for {tenor}")?;
        }
        write!(f, " of {}", self.source)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_source_in_two_spellings_is_not_two() {
        let of = |source: &str, days: u32| Volatility {
            kind: VolatilityKind::Implied,
            annual: Decimal::from(1),
            window: None,
            tenor: Some(Span(u64::from(days) * 86_400)),
            source: source.to_owned(),
            as_of: Timestamp::UNIX_EPOCH,
        };
        for other in ["venue a", "VENUE A", "venue-A", "VenueA", "venue  A", "venue_a"] {
            // Whatever the tenor: sources are counted over all of them.
            for days in [7, 30] {
                let (entry, error) =
                    check_volatilities(&[of("venue A", 7), of(other, days)]).unwrap_err();
                assert_eq!(entry, Some(1));
                let expected = VolatilityError::Spelling("venue A".into(), other.into());
                assert_eq!(error, expected);
            }
        }
        for other in ["venue B", "venue A2", "venue A"] {
            assert_eq!(check_volatilities(&[of("venue A", 7), of(other, 30)]), Ok(()), "{other}");
        }
    }
}
