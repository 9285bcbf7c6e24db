//! Strict reading of untrusted files: no key twice, and times in UTC, in their one shortest form or,
//! in inputs, in any.

use std::{collections::BTreeMap, fmt, marker::PhantomData};

use jiff::Timestamp;
use serde::{
    Deserialize, Deserializer,
    de::{Error, MapAccess, Visitor},
};

struct UniqueKeys<V>(PhantomData<V>);

impl<'de, V: Deserialize<'de>> Visitor<'de> for UniqueKeys<V> {
    type Value = BTreeMap<String, V>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Self::Value, A::Error> {
        let mut map = BTreeMap::new();
        while let Some(key) = entries.next_key::<String>()? {
            if map.contains_key(&key) {
                return Err(A::Error::custom(format_args!("duplicate key `{key}`")));
            }
            map.insert(key, entries.next_value()?);
        }
        Ok(map)
    }
}

/// Reads an object whose keys must all differ; serde alone would keep the last of two.
///
/// # Errors
/// If a key occurs twice or a value is refused.
pub fn unique_keys<'de, V, D>(deserializer: D) -> Result<BTreeMap<String, V>, D::Error>
where
    V: Deserialize<'de>,
    D: Deserializer<'de>,
{
    deserializer.deserialize_map(UniqueKeys(PhantomData))
}

/// Reads an object whose keys are times, each written as [`utc_time`] is: one time has one key.
///
/// # Errors
/// If a key is not such a time or occurs twice, or a value is refused.
pub fn by_utc_time<'de, V, D>(deserializer: D) -> Result<BTreeMap<Timestamp, V>, D::Error>
where
    V: Deserialize<'de>,
    D: Deserializer<'de>,
{
    let time = |text: &str| {
        parse_utc_time(text).ok_or_else(|| {
            D::Error::custom(format_args!(
                "`{text}` is not a UTC time such as `2022-11-11T14:00:00Z`"
            ))
        })
    };
    let entries = unique_keys(deserializer)?.into_iter();
    entries.map(|(text, value)| Ok((time(&text)?, value))).collect()
}

/// A time written as `2022-11-11T14:00:00Z`: RFC 3339, UTC, in its one shortest form.
pub mod utc_time {
    use jiff::Timestamp;
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    /// Reads a time.
    ///
    /// # Errors
    /// If it is written in any other way.
    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Timestamp, D::Error> {
        let text = String::deserialize(deserializer)?;
        super::parse_utc_time(&text).ok_or_else(|| {
            D::Error::custom(format_args!(
                "`{text}` is not a UTC time such as `2022-11-11T14:00:00Z`"
            ))
        })
    }

    /// Writes a time.
    ///
    /// # Errors
    /// If the serializer fails.
    pub fn serialize<S: Serializer>(time: &Timestamp, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(time)
    }
}

/// The time written as `2022-11-11T14:00:00Z`, or `None` if it is written in any other way.
pub fn parse_utc_time(text: &str) -> Option<Timestamp> {
    let time: Timestamp = text.parse().ok()?;
    (time.to_string() == text).then_some(time)
}

/// A UTC time in an input, in any spelling that ISO 8601 has for a time in `Z`: with seconds or
/// without, with up to nine decimals of them, with a space for the `T`. What is written from it has
/// the shortest form. `None` if it is no such time: one without a zone or in another one, a leap
/// second, a day alone.
pub fn read_utc_time(text: &str) -> Option<Timestamp> {
    let bytes = text.as_bytes();
    let is_like = |pattern: &[u8], at: usize| {
        let found = bytes.get(at..at + pattern.len())?;
        let mut pairs = found.iter().zip(pattern);
        let fits = |(byte, kind): (&u8, &u8)| match kind {
            b'0' => byte.is_ascii_digit(),
            b'T' => b"Tt ".contains(byte),
            _ => byte == kind,
        };
        pairs.all(fits).then_some(at + pattern.len())
    };
    let minutes = is_like(b"0000-00-00T00:00", 0)?;
    let (date, time) = (&text[..10], &text[11..minutes]);
    let (seconds, rest) = match is_like(b":00", minutes) {
        Some(end) => (&text[minutes + 1..end], &text[end..]),
        None => ("00", &text[minutes..]),
    };
    let rest = rest.strip_suffix(['Z', 'z'])?;
    let is_fraction = |digits: &str| {
        (1..=9).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit())
    };
    let whole = text.len() - rest.len() > minutes + 1;
    // No rounding: a leap second is not the second before it.
    if seconds == "60"
        || !(rest.is_empty() || whole && rest.strip_prefix('.').is_some_and(is_fraction))
    {
        return None;
    }
    format!("{date}T{time}:{seconds}{rest}Z").parse().ok()
}

/// A time of an input file: read as [`read_utc_time`] does, written in its shortest form.
pub mod input_time {
    use jiff::Timestamp;
    use serde::{Deserialize, Deserializer, de::Error};

    pub use super::utc_time::serialize;

    /// Reads a time.
    ///
    /// # Errors
    /// If it is not a time in UTC.
    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Timestamp, D::Error> {
        let text = String::deserialize(deserializer)?;
        super::read_utc_time(&text).ok_or_else(|| {
            D::Error::custom(format_args!(
                "`{text}` is not a UTC time such as `2022-11-11T14:00:00Z`"
            ))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_time_has_many_spellings_and_one_shortest() {
        let shortest = "2026-11-01T08:30:00Z";
        for text in [
            shortest,
            "2026-11-01T08:30:00.000Z",
            "2026-11-01T08:30:00.000000000Z",
            "2026-11-01T08:30Z",
            "2026-11-01 08:30:00Z",
            "2026-11-01t08:30:00z",
        ] {
            assert_eq!(read_utc_time(text).map(|time| time.to_string()).as_deref(), Some(shortest));
            assert_eq!(parse_utc_time(text).is_some(), text == shortest);
        }
        let milliseconds = read_utc_time("2026-11-01T08:30:00.250Z").unwrap();
        assert_eq!(milliseconds.to_string(), "2026-11-01T08:30:00.25Z");
    }

    #[test]
    fn what_is_not_a_time_in_utc_is_none() {
        for text in [
            "",
            "Z",
            "2026-11-01",
            "2026-11-01Z",
            "2026-11-01T08Z",
            "2026-11-01T08:30:00",
            "2026-11-01T08:30:00.000",
            "2026-11-01T08:30:00+00:00",
            "2026-11-01T08:30:00.Z",
            "2026-11-01T08:30.5Z",
            "2026-11-01T08:30:00.0000000001Z",
            "2026-11-01T08:30:00,5Z",
            "2026-06-30T23:59:60Z",
            "2026-02-30T08:30:00Z",
            "2026-11-01T24:00:00Z",
            "20261101T083000Z",
            "1793521800000",
            " 2026-11-01T08:30:00Z",
            "2026-11-01T08:30:00Z ",
            "２026-11-01T08:30:00Z",
        ] {
            assert_eq!(read_utc_time(text), None, "{text}");
        }
    }
}
