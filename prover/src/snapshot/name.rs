//! Names of accounts, instruments and assets.

use thiserror::Error;

/// Longest name, in bytes: an address of 66 characters and a subaccount behind it.
pub const MAX_NAME_BYTES: usize = 128;

/// An invalid name.
///
/// A name is 1 to [`MAX_NAME_BYTES`] characters of printable ASCII without a space at either end.
/// One name then has one spelling in bytes: no normal forms, no invisible characters, no look-alikes
/// of other alphabets. Names are compared byte by byte, so `btc` is not `BTC`.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum NameError {
    /// The name is empty.
    #[error("a name is missing")]
    Missing,
    /// Longer than [`MAX_NAME_BYTES`].
    #[error("the name has {0} bytes, at most {MAX_NAME_BYTES} are allowed")]
    TooLong(usize),
    /// A control character, NUL included.
    #[error("{0:?} contains a control character")]
    Control(String),
    /// A character outside ASCII.
    #[error("{0:?} contains a character that is not ASCII")]
    NotAscii(String),
    /// A space at the beginning or end.
    #[error("{0:?} begins or ends with a space")]
    EdgeSpace(String),
    /// A space in an asset, whose instruments are called `deposit ASSET` and `borrow ASSET`.
    #[error("{0:?} contains a space, which an asset must not")]
    AssetSpace(String),
}

/// Checks the name of an account or instrument.
///
/// # Errors
/// If the name is empty, too long, not printable ASCII, or has a space at either end.
pub fn check_name(name: &str) -> Result<(), NameError> {
    let bytes = name.as_bytes();
    if bytes.is_empty() {
        Err(NameError::Missing)
    } else if bytes.len() > MAX_NAME_BYTES {
        Err(NameError::TooLong(bytes.len()))
    } else if bytes.iter().any(u8::is_ascii_control) {
        Err(NameError::Control(name.to_owned()))
    } else if !name.is_ascii() {
        Err(NameError::NotAscii(name.to_owned()))
    } else if name.starts_with(' ') || name.ends_with(' ') {
        Err(NameError::EdgeSpace(name.to_owned()))
    } else {
        Ok(())
    }
}

/// Checks the name of an asset: a name without spaces.
pub(super) fn check_asset(name: &str) -> Result<(), NameError> {
    check_name(name)?;
    if name.contains(' ') { Err(NameError::AssetSpace(name.to_owned())) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_printable_ascii_up_to_its_longest() {
        let longest = "a".repeat(MAX_NAME_BYTES);
        for name in ["a", "long ETH-PERP", "x@y.example", "\"q\",~", &longest] {
            assert_eq!(check_name(name), Ok(()));
        }
    }

    #[test]
    fn each_bad_name_has_its_own_error() {
        let same = |name: &str| name.to_owned();
        assert_eq!(check_name(""), Err(NameError::Missing));
        assert_eq!(check_name(&"a".repeat(129)), Err(NameError::TooLong(129)));
        for name in ["a\0", "a\tb", "\r", "a\u{7f}"] {
            assert_eq!(check_name(name), Err(NameError::Control(same(name))));
        }
        for name in ["é", "a\u{a0}b", "\u{feff}a", "a\u{85}"] {
            assert_eq!(check_name(name), Err(NameError::NotAscii(same(name))));
        }
        for name in [" a", "a ", " "] {
            assert_eq!(check_name(name), Err(NameError::EdgeSpace(same(name))));
        }
        assert_eq!(check_asset("BTC tier 1"), Err(NameError::AssetSpace(same("BTC tier 1"))));
    }
}
