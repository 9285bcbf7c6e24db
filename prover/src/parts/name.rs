//! What objects are called: the run, the volume, the attempt and the digest of the bytes.

use std::{fmt, str::FromStr};

use pacioli_attestation::{Digest, VolumeId};
use rand_core::{OsRng, RngCore};
use serde::{Deserialize, Serialize};

use super::error::PartError;
use crate::secret_file::SecretError;

/// A run: 16 random bytes, no secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct RunId(pub [u8; 16]);

/// An attempt: 8 random bytes, no secret and independent of what it draws.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct AttemptId(pub [u8; 8]);

/// What kind an object is: the folder that it is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A volume's accounts, encrypted.
    Shard,
    /// What an attempt drew, encrypted.
    Record,
    /// A proof.
    Proof,
    /// The record of the chosen attempt, encrypted for whoever opens the pages.
    Chosen,
    /// Values and openings of a volume's pages, encrypted.
    Pages,
}

/// An object's name: `folder/RUN-VVVVV[-ATTEMPT]-DIGEST.ending`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Name {
    /// The kind.
    pub kind: Kind,
    /// The run, by its first eight bytes.
    pub run: [u8; 8],
    /// The volume.
    pub volume: VolumeId,
    /// The attempt; none for a shard.
    pub attempt: Option<AttemptId>,
    /// The digest of its bytes.
    pub digest: Digest,
}

impl RunId {
    /// A new run.
    ///
    /// # Errors
    /// If the operating system provides no randomness.
    pub fn draw() -> Result<Self, SecretError> {
        draw().map(Self)
    }

    /// What stands for it in names.
    pub fn short(&self) -> [u8; 8] {
        let [short @ .., _, _, _, _, _, _, _, _] = self.0;
        short
    }
}

impl AttemptId {
    /// A new attempt.
    ///
    /// # Errors
    /// If the operating system provides no randomness.
    pub fn draw() -> Result<Self, SecretError> {
        draw().map(Self)
    }
}

fn draw<const N: usize>() -> Result<[u8; N], SecretError> {
    let mut bytes = [0; N];
    OsRng.try_fill_bytes(&mut bytes).map_err(std::io::Error::from)?;
    Ok(bytes)
}

impl Kind {
    /// The folder.
    pub fn folder(self) -> &'static str {
        match self {
            Self::Shard => "shards",
            Self::Record => "attempts",
            Self::Proof => "proofs",
            Self::Chosen => "chosen",
            Self::Pages => "pages",
        }
    }

    fn ending(self) -> &'static str {
        match self {
            Self::Proof => "proof",
            Self::Shard | Self::Record | Self::Chosen | Self::Pages => "age",
        }
    }

    /// What all names of this kind in a run begin with, or those of one volume.
    pub fn prefix(self, run: RunId, volume: Option<VolumeId>) -> String {
        let run = hex::encode(run.short());
        match volume {
            None => format!("{}/{run}-", self.folder()),
            Some(volume) => format!("{}/{run}-{:05}-", self.folder(), volume.index()),
        }
    }
}

impl Name {
    /// The name of these bytes.
    pub fn of(
        kind: Kind,
        run: RunId,
        volume: VolumeId,
        attempt: Option<AttemptId>,
        bytes: &[u8],
    ) -> Self {
        Self { kind, run: run.short(), volume, attempt, digest: Digest::of(bytes) }
    }

    /// Fails unless the bytes are those that the name says.
    ///
    /// # Errors
    /// If they are not.
    pub fn require(&self, bytes: &[u8]) -> Result<(), PartError> {
        let (expected, got) = (self.digest, Digest::of(bytes));
        if expected == got { Ok(()) } else { Err(PartError::Digest { expected, got }) }
    }

    /// What the names of all marks begin with that say that this attempt was refused. Anybody can
    /// write one: [`Self::refused`] is what counts.
    pub fn refusals(run: RunId, volume: VolumeId, attempt: AttemptId) -> String {
        let run = hex::encode(run.short());
        format!("refused/{run}-{:05}-{attempt}-", volume.index())
    }

    /// The name of the mark that says that an attempt was refused, with what only who has the volume's
    /// key can write ([`OpenKey::refusal`](super::OpenKey::refusal)).
    pub fn refused(run: RunId, volume: VolumeId, attempt: AttemptId, refusal: Digest) -> String {
        format!("{}{}", Self::refusals(run, volume, attempt), hex::encode(refusal.0))
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { kind, run, volume, attempt, digest } = self;
        write!(f, "{}/{}-{:05}-", kind.folder(), hex::encode(run), volume.index())?;
        if let Some(attempt) = attempt {
            write!(f, "{attempt}-")?;
        }
        write!(f, "{}.{}", hex::encode(digest.0), kind.ending())
    }
}

impl FromStr for Name {
    type Err = ();

    /// Reads a name that [`Name`] writes, and nothing else.
    fn from_str(text: &str) -> Result<Self, ()> {
        let name = read(text).ok_or(())?;
        if name.to_string() == text { Ok(name) } else { Err(()) }
    }
}

fn read(text: &str) -> Option<Name> {
    let (folder, file) = text.split_once('/')?;
    let kinds = [Kind::Shard, Kind::Record, Kind::Proof, Kind::Chosen, Kind::Pages];
    let kind = kinds.into_iter().find(|kind| kind.folder() == folder)?;
    let stem = file.strip_suffix(kind.ending())?.strip_suffix('.')?;
    let parts: Vec<&str> = stem.split('-').collect();
    let (run, volume, attempt, digest) = match (kind, parts.as_slice()) {
        (Kind::Shard, [run, volume, digest]) => (run, volume, None, digest),
        (Kind::Shard, _) => return None,
        (_, [run, volume, attempt, digest]) => (run, volume, Some(attempt), digest),
        _ => return None,
    };
    let attempt = attempt.map(|attempt| attempt.parse()).transpose().ok()?;
    let volume = VolumeId::new(volume.parse().ok()?);
    Some(Name { kind, run: bytes(run)?, volume, attempt, digest: Digest(bytes(digest)?) })
}

fn bytes<const N: usize>(text: &str) -> Option<[u8; N]> {
    let mut bytes = [0; N];
    hex::decode_to_slice(text, &mut bytes).ok()?;
    (hex::encode(bytes) == text).then_some(bytes)
}

/// As hexadecimal digits.
macro_rules! digits {
    ($type:ident, $size:literal) => {
        impl fmt::Display for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&hex::encode(self.0))
            }
        }

        impl FromStr for $type {
            type Err = PartError;

            fn from_str(text: &str) -> Result<Self, PartError> {
                bytes(text).map(Self).ok_or_else(|| {
                    PartError::Malformed(format!("an id has {} lower-case digits", 2 * $size))
                })
            }
        }

        impl Serialize for $type {
            fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                to.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $type {
            fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                String::deserialize(from)?.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}

digits!(RunId, 16);
digits!(AttemptId, 8);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_read_as_it_is_written_and_in_no_other_way() {
        let (run, volume) = (RunId([7; 16]), VolumeId::new(12));
        let shard = Name::of(Kind::Shard, run, volume, None, b"");
        let proof = Name::of(Kind::Proof, run, volume, Some(AttemptId([9; 8])), b"");
        for name in [shard, proof] {
            let text = name.to_string();
            assert_eq!(text.parse(), Ok(name), "{text}");
            assert!(text.starts_with(&name.kind.prefix(run, Some(volume))), "{text}");
            let wrong = [
                text.to_uppercase(),
                text.replace("00012", "12"),
                text.replace('/', "//"),
                text.replace('-', "--"),
                format!("{text}.part"),
                format!("../{text}"),
                text[..text.len() - 8].to_owned(),
            ];
            for wrong in wrong {
                assert!(wrong.parse::<Name>().is_err(), "{wrong}");
            }
        }
        assert!(shard.require(b"").is_ok());
        assert!(matches!(shard.require(b"x"), Err(PartError::Digest { .. })));
    }
}
