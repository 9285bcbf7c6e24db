//! Days of UTC.

use std::{fmt, str::FromStr};

use jiff::{Timestamp, civil::Date, tz::Offset};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};
use thiserror::Error;

use super::DAY;

/// The day after 9999-12-29: a day whose end, and some time after it, can be written.
const LAST: u64 = 2_932_894;

/// A day of UTC since 1970, written as `2026-11-26`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(u64);

/// A text that is no day.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("`{}` is not a day such as `2026-11-26`", .0.escape_debug())]
pub struct DayError(String);

impl Day {
    /// The day of a time, if that is since 1970.
    pub fn of(time: Timestamp) -> Option<Self> {
        // Towards zero, which is the wrong day before 1970 alone.
        let seconds = u64::try_from(time.as_second()).ok();
        let is_before = time < Timestamp::UNIX_EPOCH;
        seconds.filter(|_| !is_before).and_then(Self::containing)
    }

    /// The day with this second since 1970.
    pub(super) fn containing(second: u64) -> Option<Self> {
        Some(Self(second / DAY)).filter(|day| day.0 <= LAST)
    }

    /// The day before.
    pub(super) fn before(self) -> Option<Self> {
        self.0.checked_sub(1).map(Self)
    }

    /// The seconds since 1970 at its end: the first that are of the day after.
    pub fn end(self) -> u64 {
        (self.0 + 1) * DAY
    }

    /// A time of it, so many seconds below [`DAY`] after its start.
    pub(super) fn at(self, offset: u64) -> Timestamp {
        let seconds = (self.0 * DAY + offset) as i64;
        Timestamp::from_second(seconds).expect("days end before the last time")
    }

    /// Whether a time is of before its end.
    pub fn is_not_over(self, time: Timestamp) -> bool {
        time.as_second() < self.end() as i64
    }

    /// Its number since 1970-01-01, which is 0: below 2^32.
    pub fn number(self) -> u32 {
        self.0 as u32
    }

    /// How many days lie between an earlier day and this one; `None` if it is not earlier.
    pub fn missed_since(self, before: Self) -> Option<u64> {
        self.0.checked_sub(before.0).and_then(|days| days.checked_sub(1))
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", Offset::UTC.to_datetime(self.at(0)).date())
    }
}

impl FromStr for Day {
    type Err = DayError;

    fn from_str(text: &str) -> Result<Self, DayError> {
        let date = text.parse::<Date>().ok().filter(|date| date.to_string() == text);
        let start = date.and_then(|date| Offset::UTC.to_timestamp(date.at(0, 0, 0, 0)).ok());
        start.and_then(Self::of).ok_or_else(|| DayError(text.chars().take(40).collect()))
    }
}

impl Serialize for Day {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_has_one_spelling_and_its_times() {
        let day: Day = "2026-11-26".parse().unwrap();
        assert_eq!(day.to_string(), "2026-11-26");
        let time = |text: &str| text.parse::<Timestamp>().unwrap();
        assert_eq!(Day::of(time("2026-11-26T00:00:00Z")), Some(day));
        assert_eq!(Day::of(time("2026-11-26T23:59:59.9Z")), Some(day));
        assert_ne!(Day::of(time("2026-11-27T00:00:00Z")), Some(day));
        assert_eq!(day.end(), 1_795_737_600);
        assert_eq!(day.at(86_399), time("2026-11-26T23:59:59Z"));
        assert_eq!(Day::of(time("1969-12-31T23:59:59.9Z")), None);
        assert_eq!("9999-12-29".parse::<Day>().unwrap().0, LAST);
        for wrong in [
            "",
            "2026-11-26 ",
            "20261126",
            "2026-11-31",
            "2026-1-1",
            "1969-12-31",
            "9999-12-30",
            "2026-11-26T00:00:00Z",
            "+002026-11-26",
        ] {
            assert_eq!(wrong.parse::<Day>(), Err(DayError(wrong.to_owned())));
        }
    }

    #[test]
    fn days_between_two_are_counted() {
        let day = |text: &str| text.parse::<Day>().unwrap();
        let first = day("2026-12-30");
        assert_eq!(day("2026-12-31").missed_since(first), Some(0));
        assert_eq!(day("2027-01-02").missed_since(first), Some(2));
        assert_eq!(first.missed_since(first), None);
        assert_eq!(day("2026-12-29").missed_since(first), None);
    }
}
