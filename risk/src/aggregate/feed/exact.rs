//! Numbers of JSON as they are written: never by way of a floating number.

use pacioli_rules::Decimal;
use serde::{Deserialize, Deserializer, de::Error};
use serde_json::value::RawValue;

/// The longest number that is read.
const LONGEST: usize = 80;
/// The largest exponent that is written out.
const MOST: i32 = 60;

/// A JSON number, or a text with one in it, as it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Exact(String);

impl<'de> Deserialize<'de> for Exact {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = Box::<RawValue>::deserialize(deserializer)?;
        Self::of(&raw).ok_or_else(|| D::Error::custom("a number is expected"))
    }
}

impl Exact {
    /// The number in a JSON value; `None` if it is none.
    pub(super) fn of(raw: &RawValue) -> Option<Self> {
        let text = raw.get();
        let number = match text.strip_prefix('"') {
            Some(_) => serde_json::from_str::<String>(text).ok()?,
            None => text.to_owned(),
        };
        let is_number = |c: char| c.is_ascii_digit() || "+-.eE".contains(c);
        let digits = number.chars().any(|c| c.is_ascii_digit());
        (digits && number.len() <= LONGEST && number.chars().all(is_number)).then_some(Self(number))
    }

    /// As it is written.
    pub(super) fn text(&self) -> &str {
        &self.0
    }

    /// The number with its exponent written out: `1e-7` is 0.0000001.
    pub(super) fn decimal(&self) -> Option<Decimal> {
        let Some((number, exponent)) = self.0.split_once(['e', 'E']) else {
            return self.0.parse().ok();
        };
        let exponent: i32 = exponent.parse().ok().filter(|power| (-MOST..=MOST).contains(power))?;
        let (sign, number) = match number.strip_prefix('-') {
            Some(number) => ("-", number),
            None => ("", number),
        };
        let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
        if whole.is_empty() || !number.chars().all(|c| c.is_ascii_digit() || c == '.') {
            return None;
        }
        let digits = format!("{whole}{fraction}");
        // The place of the point among the digits.
        let point = i32::try_from(whole.len()).ok()? + exponent;
        let text = match usize::try_from(point) {
            Ok(point) if point >= digits.len() => format!("{digits:0<point$}"),
            Ok(point) if point > 0 => format!("{}.{}", &digits[..point], &digits[point..]),
            _ => format!("0.{}{digits}", "0".repeat(point.unsigned_abs() as usize)),
        };
        let whole = text.trim_start_matches('0');
        let text = if whole.is_empty() || whole.starts_with('.') {
            format!("0{whole}")
        } else {
            whole.to_owned()
        };
        format!("{sign}{text}").parse().ok()
    }

    /// The number, if it is whole and at least 0.
    pub(super) fn whole(&self) -> Option<u128> {
        self.0.parse().ok().filter(|_| self.0.bytes().all(|byte| byte.is_ascii_digit()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decimal(json: &str) -> Option<String> {
        let exact: Exact = serde_json::from_str(json).ok()?;
        Some(exact.decimal()?.to_string())
    }

    #[test]
    fn no_digit_is_lost() {
        for (json, expected) in [
            ("67890.123456789012345678", "67890.123456789012345678"),
            ("0.1", "0.1"),
            ("0.30000000000000004", "0.30000000000000004"),
            ("9007199254740993", "9007199254740993"),
            ("\"91250.50\"", "91250.50"),
            ("1e-7", "0.0000001"),
            ("1.25e-3", "0.00125"),
            ("1.25E+2", "125"),
            ("12.5e0", "12.5"),
            ("1.5e3", "1500"),
            ("-1e-2", "-0.01"),
            ("0e5", "0"),
        ] {
            assert_eq!(decimal(json).as_deref(), Some(expected), "{json}");
        }
        for json in
            ["null", "true", "\"\"", "\"abc\"", "\"1e\"", "1e400", "[1]", "\"e5\"", "\"--1\""]
        {
            assert_eq!(decimal(json), None, "{json}");
        }
    }
}
