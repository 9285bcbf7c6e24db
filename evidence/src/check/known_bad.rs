//! A reader's list of addresses that no reserve may be at.

use std::collections::BTreeSet;

use thiserror::Error;

use crate::place::Owner;

/// The list: one address a line; what follows `#` is a remark.
#[derive(Clone, Debug, Default)]
pub struct KnownBad(BTreeSet<Owner>);

/// A line that is no address.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error(
    "line {0} is no address: write one a line, in letters, digits and `:`, `.`, `_` or `-`, and remarks \
     behind `#`"
)]
pub struct KnownBadError(usize);

impl KnownBad {
    /// Reads a list.
    ///
    /// # Errors
    /// If a line holds more than an address.
    pub fn parse(text: &str) -> Result<Self, KnownBadError> {
        let mut owners = BTreeSet::new();
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        for (index, line) in text.lines().enumerate() {
            let address = line.split('#').next().unwrap_or_default().trim();
            if !address.chars().all(|c| c.is_ascii_alphanumeric() || ":._-".contains(c)) {
                return Err(KnownBadError(index + 1));
            }
            if !address.is_empty() {
                owners.insert(Owner::of("", address));
            }
        }
        Ok(Self(owners))
    }

    /// Whether a reserve is at an address of the list, in whatever spelling.
    pub fn has(&self, chain: &str, address: &str) -> bool {
        match Owner::of(chain, address) {
            Owner::Text(_, address) => self.0.contains(&Owner::Text(String::new(), address)),
            owner => self.0.contains(&owner),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_found_in_every_spelling() {
        let text = "# list\n0xF39Fd6e51aad88F6F4ce6aB8827279cffFb92266 # hacked\n\n\
                    BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4\nVault\n";
        let list = KnownBad::parse(text).unwrap();
        for (chain, address) in [
            ("eip155:1", "0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266"),
            ("elsewhere", "0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266"),
            ("bitcoin", "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4"),
            ("bank", "vault"),
        ] {
            assert!(list.has(chain, address), "{chain} {address}");
        }
        assert!(!list.has("bank", "vault 2"));
        for line in ["b c", "b,c", "b;c", "\"b\"", "b\u{200b}"] {
            let text = format!("\u{feff}a\n{line}");
            assert_eq!(KnownBad::parse(&text).unwrap_err(), KnownBadError(2), "{line}");
        }
        let account = "f39Fd6e51aad88F6F4ce6aB8827279cffFb92266";
        for line in [account, &format!("eip155:1:0x{account}"), &format!("\u{feff}0x{account}")] {
            assert!(
                KnownBad::parse(line).unwrap().has("eip155:1", &format!("0x{account}")),
                "{line}"
            );
        }
    }
}
