//! Digests that a contract can recompute: Keccak-256 over 32-byte words.
//!
//! Every part of an attestation has one. A text enters as the Keccak-256 hash of its UTF-8 bytes, a
//! number as a big-endian word, a list as its length and then its elements: no two parts share an
//! encoding, whatever their texts hold.

use std::{fmt, str::FromStr};

use sha3::{Digest as _, Keccak256};
use thiserror::Error;

use crate::encoding::{parse_hex, to_hex};

/// A Keccak-256 hash, written as 64 hexadecimal digits behind `0x`.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Digest(pub [u8; 32]);

impl Digest {
    /// The hash of `bytes`.
    pub fn of(bytes: &[u8]) -> Self {
        Self(Keccak256::digest(bytes).into())
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&to_hex(&self.0))
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// A text is not `0x` and 64 lower-case hexadecimal digits.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("`{0}` is not a digest: 0x and 64 lower-case hexadecimal digits")]
pub struct DigestError(String);

impl FromStr for Digest {
    type Err = DigestError;

    fn from_str(text: &str) -> Result<Self, DigestError> {
        let bytes = parse_hex(text).and_then(|bytes| bytes.try_into().ok());
        bytes.map(Self).ok_or_else(|| DigestError(text.chars().take(80).collect()))
    }
}

impl serde::Serialize for Digest {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> serde::Deserialize<'de> for Digest {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

/// Hashes a part of an attestation word by word.
#[derive(Clone, Debug)]
pub struct Words(Keccak256);

impl Words {
    /// Begins a part; `tag` names the part and its version.
    pub fn new(tag: &str) -> Self {
        Self(Keccak256::new()).text(tag)
    }

    /// Appends a text.
    pub fn text(self, text: &str) -> Self {
        self.digest(Digest::of(text.as_bytes()))
    }

    /// Appends a number.
    pub fn number(mut self, number: impl Into<u128>) -> Self {
        self.0.update([0; 16]);
        self.0.update(number.into().to_be_bytes());
        self
    }

    /// Appends a digest.
    pub fn digest(mut self, digest: Digest) -> Self {
        self.0.update(digest.0);
        self
    }

    /// Appends bytes as they are, words of 32.
    pub(crate) fn bytes(mut self, bytes: &[u8]) -> Self {
        debug_assert_eq!(bytes.len() % 32, 0);
        self.0.update(bytes);
        self
    }

    /// Appends a list: its length, then each item.
    pub fn list<T>(
        self,
        items: impl ExactSizeIterator<Item = T>,
        append: impl FnMut(Self, T) -> Self,
    ) -> Self {
        let words = self.number(items.len() as u64);
        items.fold(words, append)
    }

    /// The part's digest.
    pub fn finish(self) -> Digest {
        Digest(self.0.finalize().into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digest_reads_and_prints_the_same() {
        let digest = Digest::of(b"");
        let text = "0xc5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470";
        assert_eq!(digest.to_string(), text);
        assert_eq!(text.parse(), Ok(digest));
        for wrong in ["", "0x", &text[1..], &text[..65], &text.to_uppercase(), "0xg0"] {
            assert!(wrong.parse::<Digest>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn words_are_32_bytes_each() {
        let words = Words::new("tag").number(5u64).text("x").finish();
        let mut bytes = Digest::of(b"tag").0.to_vec();
        bytes.extend([0; 31]);
        bytes.push(5);
        bytes.extend(Digest::of(b"x").0);
        assert_eq!(words, Digest::of(&bytes));
    }

    #[test]
    fn a_list_cannot_run_into_what_follows() {
        let hash = |first: &[&str], second: &[&str]| {
            let text = |words: Words, text: &&str| words.text(text);
            Words::new("lists").list(first.iter(), text).list(second.iter(), text).finish()
        };
        assert_ne!(hash(&["a"], &["b", "c"]), hash(&["a", "b"], &["c"]));
    }
}
