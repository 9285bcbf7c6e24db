//! Lengths of time as rules and people write them: `90s`, `15m`, `25h`, `2d`.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};
use thiserror::Error;

/// A whole number of seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span(pub u64);

/// A text that is not a length of time.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("`{}` is not a length of time such as `90s`, `15m`, `25h` or `2d`", .0.escape_debug())]
pub struct SpanError(String);

/// Units and their seconds, the largest first.
const UNITS: [(char, u64); 4] = [('d', 86_400), ('h', 3_600), ('m', 60), ('s', 1)];

impl FromStr for Span {
    type Err = SpanError;

    fn from_str(text: &str) -> Result<Self, SpanError> {
        let error = || SpanError(text.chars().take(40).collect());
        let unit = UNITS.iter().find(|(unit, _)| text.ends_with(*unit));
        let &(unit, seconds) = unit.ok_or_else(error)?;
        let digits = text.trim_end_matches(unit);
        let plain = digits.len() + 1 == text.len() && digits.bytes().all(|b| b.is_ascii_digit());
        let number: u64 = digits.parse().ok().filter(|_| plain).ok_or_else(error)?;
        number.checked_mul(seconds).map(Self).ok_or_else(error)
    }
}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let whole = UNITS.iter().find(|(_, seconds)| self.0 > 0 && self.0.is_multiple_of(*seconds));
        let (unit, seconds) = whole.unwrap_or(&('s', 1));
        write!(f, "{}{unit}", self.0 / seconds)
    }
}

impl<'de> Deserialize<'de> for Span {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}

/// In its largest whole unit: one length has one text.
impl Serialize for Span {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_reads_and_prints_in_its_largest_whole_unit() {
        for (text, seconds, printed) in [
            ("90s", 90, "90s"),
            ("15m", 900, "15m"),
            ("60m", 3_600, "1h"),
            ("25h", 90_000, "25h"),
            ("2d", 172_800, "2d"),
            ("0s", 0, "0s"),
        ] {
            let span: Span = text.parse().unwrap();
            assert_eq!((span.0, span.to_string().as_str()), (seconds, printed));
        }
        for wrong in ["", "s", "1", "-1s", "1.5h", "+1h", "1 h", "1ss", "1w", "300000000000000d"] {
            assert!(wrong.parse::<Span>().is_err(), "{wrong}");
        }
    }
}
