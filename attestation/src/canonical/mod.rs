//! The one encoding of the files that are hashed or sent: JSON with two spaces of indent, the
//! fields in the order of their structs, a newline at the end.

#[cfg(test)]
mod tests;

pub use pacioli_rules::form::FormError;

use pacioli_rules::form::{FileKind, FormFault, Head, misread};
use serde::{Serialize, de::DeserializeOwned};

/// Reads a file whose field `version` is `known`.
///
/// # Errors
/// If the bytes are not exactly those that [`to_bytes`] writes.
pub fn parse<T: DeserializeOwned + Serialize>(
    bytes: &[u8],
    known: &'static str,
) -> Result<T, FormError> {
    let expected = FileKind::of_version(known).expect("a version of this code names its kind");
    let refused = |fault| FormError { expected, fault };
    let (head, read) = Head::read(bytes);
    let is_known = head.version.as_deref() == Some(known);
    let content = match (read, is_known) {
        (Ok(()), true) => {
            serde_json::from_slice(bytes).map_err(|error| refused(FormFault::Malformed(error)))?
        }
        (Ok(()), false) => {
            let error = serde::de::Error::missing_field("version");
            return Err(misread(bytes, expected, Some(known), error));
        }
        (Err(error), _) => return Err(misread(bytes, expected, Some(known), error)),
    };
    let canonical = to_bytes(&content);
    if canonical == bytes {
        return Ok(content);
    }
    // No text of a JSON file has a line end in it.
    let written = |bytes: &[u8]| -> Vec<u8> {
        bytes.iter().copied().filter(|byte| !b"\r\n".contains(byte)).collect()
    };
    if written(&canonical) == written(bytes) {
        return Err(refused(FormFault::LineEnds));
    }
    let same = canonical.iter().zip(bytes).take_while(|(left, right)| left == right);
    Err(refused(FormFault::Reformatted { byte: same.count() }))
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

    use crate::encoding::{parse_hex, to_hex};

    /// Writes bytes.
    ///
    /// # Errors
    /// If the serializer fails.
    pub fn serialize<S: Serializer>(
        bytes: impl AsRef<[u8]>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&to_hex(bytes.as_ref()))
    }

    /// Reads bytes.
    ///
    /// # Errors
    /// If the text is anything else.
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

        use crate::encoding::to_hex;

        /// Writes words.
        ///
        /// # Errors
        /// If the serializer fails.
        pub fn serialize<S: Serializer>(
            words: &[[u8; 32]],
            serializer: S,
        ) -> Result<S::Ok, S::Error> {
            serializer.collect_seq(words.iter().map(|word| to_hex(word)))
        }

        /// Reads words.
        ///
        /// # Errors
        /// If one is not 32 bytes.
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

        use crate::encoding::to_hex;

        /// Writes a list.
        ///
        /// # Errors
        /// If the serializer fails.
        pub fn serialize<S: Serializer>(
            list: &[Vec<u8>],
            serializer: S,
        ) -> Result<S::Ok, S::Error> {
            serializer.collect_seq(list.iter().map(|bytes| to_hex(bytes)))
        }

        /// Reads a list.
        ///
        /// # Errors
        /// If one is anything else.
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
        /// If it is not 64 bytes.
        pub fn deserialize<'de, D: Deserializer<'de>>(
            deserializer: D,
        ) -> Result<[u8; 64], D::Error> {
            super::parse(&String::deserialize(deserializer)?)
        }
    }
}
