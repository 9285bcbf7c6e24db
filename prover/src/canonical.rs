//! The one encoding of the files that are hashed or sent: JSON with two spaces of indent, the fields
//! in the order of their structs, a newline at the end.

use serde::{Deserialize, Serialize, de::DeserializeOwned};
use thiserror::Error;

/// Why bytes are not such a file.
#[derive(Debug, Error)]
pub enum FormError {
    /// Not JSON of the expected form.
    #[error("is malformed: {0}")]
    Malformed(#[from] serde_json::Error),
    /// A version this code does not know.
    #[error("is of version `{}`; this code knows `{known}`", .got.escape_debug())]
    Version {
        /// The version this code knows.
        known: &'static str,
        /// The version found.
        got: String,
    },
    /// The same content has one encoding.
    #[error("is not written canonically: byte {0} differs")]
    NotCanonical(usize),
}

/// Reads a file whose field `version` is `known`.
///
/// # Errors
/// Where the bytes are not exactly those that [`to_bytes`] writes.
pub fn parse<T: DeserializeOwned + Serialize>(
    bytes: &[u8],
    known: &'static str,
) -> Result<T, FormError> {
    #[derive(Deserialize)]
    struct Versioned {
        version: String,
    }
    let Versioned { version } = serde_json::from_slice(bytes)?;
    if version != known {
        let got = version.chars().take(80).collect();
        return Err(FormError::Version { known, got });
    }
    let content = serde_json::from_slice(bytes)?;
    let canonical = to_bytes(&content);
    if canonical != bytes {
        let same = canonical.iter().zip(bytes).take_while(|(left, right)| left == right);
        return Err(FormError::NotCanonical(same.count()));
    }
    Ok(content)
}

/// The content's one encoding.
pub fn to_bytes(content: &impl Serialize) -> Vec<u8> {
    let mut bytes = serde_json::to_vec_pretty(content).expect("the files have string keys");
    bytes.push(b'\n');
    bytes
}

/// Bytes as `0x` and lower-case hexadecimal digits.
pub mod hex {
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    use crate::digest::{parse_hex, to_hex};

    /// Writes bytes.
    ///
    /// # Errors
    /// Those of the serializer.
    pub fn serialize<S: Serializer>(
        bytes: impl AsRef<[u8]>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&to_hex(bytes.as_ref()))
    }

    /// Reads bytes.
    ///
    /// # Errors
    /// Where the text is anything else.
    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u8>, D::Error> {
        parse(&String::deserialize(deserializer)?)
    }

    fn parse<B: TryFrom<Vec<u8>>, E: Error>(text: &str) -> Result<B, E> {
        let bytes = parse_hex(text).and_then(|bytes| bytes.try_into().ok());
        bytes.ok_or_else(|| E::custom("not `0x` and the right number of hexadecimal digits"))
    }

    /// Lists of words.
    pub mod words {
        use serde::{Deserialize, Deserializer, Serializer};

        use crate::digest::to_hex;

        /// Writes words.
        ///
        /// # Errors
        /// Those of the serializer.
        pub fn serialize<S: Serializer>(
            words: &[[u8; 32]],
            serializer: S,
        ) -> Result<S::Ok, S::Error> {
            serializer.collect_seq(words.iter().map(|word| to_hex(word)))
        }

        /// Reads words.
        ///
        /// # Errors
        /// Where one is not 32 bytes.
        pub fn deserialize<'de, D: Deserializer<'de>>(
            deserializer: D,
        ) -> Result<Vec<[u8; 32]>, D::Error> {
            let texts = Vec::<String>::deserialize(deserializer)?;
            texts.iter().map(|text| super::parse(text)).collect()
        }
    }

    /// Lists of bytes.
    pub mod list {
        use serde::{Deserialize, Deserializer, Serializer};

        use crate::digest::to_hex;

        /// Writes a list.
        ///
        /// # Errors
        /// Those of the serializer.
        pub fn serialize<S: Serializer>(
            list: &[Vec<u8>],
            serializer: S,
        ) -> Result<S::Ok, S::Error> {
            serializer.collect_seq(list.iter().map(|bytes| to_hex(bytes)))
        }

        /// Reads a list.
        ///
        /// # Errors
        /// Where one is anything else.
        pub fn deserialize<'de, D: Deserializer<'de>>(
            deserializer: D,
        ) -> Result<Vec<Vec<u8>>, D::Error> {
            let texts = Vec::<String>::deserialize(deserializer)?;
            texts.iter().map(|text| super::parse(text)).collect()
        }
    }

    /// One point of the first group.
    pub mod point {
        use serde::{Deserialize, Deserializer};

        pub use super::serialize;

        /// Reads a point.
        ///
        /// # Errors
        /// Where it is not 64 bytes.
        pub fn deserialize<'de, D: Deserializer<'de>>(
            deserializer: D,
        ) -> Result<[u8; 64], D::Error> {
            super::parse(&String::deserialize(deserializer)?)
        }
    }
}
