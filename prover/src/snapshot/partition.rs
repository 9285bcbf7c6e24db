//! Folders that say the value of a column: `asset=BTC`, as Hive and Spark write them.

use super::source_error::SourceError;

/// What Hive and Spark write for a null.
const NULL: &str = "__HIVE_DEFAULT_PARTITION__";

/// One column's value in the name of a folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Partition {
    /// The column.
    pub column: String,
    /// The value, empty for a null.
    pub value: String,
}

impl Partition {
    /// Reads the name of a folder; `None` if it is not of this form.
    pub fn parse(name: &str) -> Option<Result<Self, SourceError>> {
        let (column, value) = name.split_once('=')?;
        Some(match (unescape(column), unescape(value)) {
            (Some(column), Some(value)) if !column.is_empty() => {
                let value = if value == NULL { String::new() } else { value };
                Ok(Self { column, value })
            }
            _ => Err(SourceError::Partition),
        })
    }
}

/// The text with `%2F` and the like read as bytes.
fn unescape(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        if byte == b'%' {
            let (digits, after) = after.split_at_checked(2)?;
            let digits = str::from_utf8(digits).ok()?;
            if !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
                return None;
            }
            bytes.push(u8::from_str_radix(digits, 16).ok()?);
            rest = after;
        } else {
            bytes.push(byte);
            rest = after;
        }
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_names_a_column_and_its_value() {
        for (name, column, value) in [
            ("asset=BTC", "asset", "BTC"),
            ("instrument=short ETH-PERP", "instrument", "short ETH-PERP"),
            ("instrument=short%20ETH%2FPERP", "instrument", "short ETH/PERP"),
            ("asset=a=b", "asset", "a=b"),
            ("class=__HIVE_DEFAULT_PARTITION__", "class", ""),
        ] {
            let (column, value) = (column.to_owned(), value.to_owned());
            assert_eq!(Partition::parse(name), Some(Ok(Partition { column, value })));
        }
        assert_eq!(Partition::parse("data"), None);
        for name in ["=BTC", "asset=%", "asset=%2", "asset=%+1", "asset=%zz", "asset=%ff"] {
            assert_eq!(Partition::parse(name), Some(Err(SourceError::Partition)), "{name}");
        }
    }
}
