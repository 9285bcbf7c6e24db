//! The digest of a file as it was downloaded.

use std::{fmt, str::FromStr};

use thiserror::Error;

/// The BLAKE2b digest, of 512 bits, of a setup file: the one that `b2sum` prints, and that the
/// documentation of snarkjs gives for the files of the Hermez ceremony.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct FileDigest(pub [u8; 64]);

/// Why a text is not a digest.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("a digest is the 128 hexadecimal digits that `b2sum FILE` prints")]
pub struct FileDigestError;

impl fmt::Display for FileDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl fmt::Debug for FileDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for FileDigest {
    type Err = FileDigestError;

    fn from_str(text: &str) -> Result<Self, FileDigestError> {
        let mut bytes = [0; 64];
        hex::decode_to_slice(text, &mut bytes).map_err(|_| FileDigestError)?;
        Ok(Self(bytes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digest_reads_and_prints_as_b2sum_prints_it() {
        let text = "0123456789abcdef".repeat(8);
        let digest: FileDigest = text.parse().unwrap();
        assert_eq!(digest.0[..3], [0x01, 0x23, 0x45]);
        assert_eq!(digest.to_string(), text);
        assert_eq!(text.to_uppercase().parse(), Ok(digest));
        for text in ["", "0", &text[1..], &text[2..], &format!("{text}0"), &text.replace('f', "g")]
        {
            assert_eq!(text.parse::<FileDigest>(), Err(FileDigestError), "{text}");
        }
    }
}
