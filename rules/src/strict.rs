//! Strict reading of untrusted files: no key twice, and times in UTC, in their one shortest form.

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
