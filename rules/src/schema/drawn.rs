//! Times that nobody chose: where their randomness comes from, and how many days may be missed.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, de::Error};
use thiserror::Error;

use crate::closest::Closest;

/// Where the randomness of a drawn time comes from. It decides the calendar as well: days of UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DrawSource {
    /// The network `quicknet` of drand: a signature of a round by a threshold of its members.
    Quicknet,
    /// `prevRandao` of a block of Ethereum.
    Ethereum,
}

/// A text that names no source of randomness.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error(
    "`{}` is no source of drawn times: `drand:quicknet` or `eip155:1`{closest}", .name.escape_debug()
)]
pub struct DrawSourceError {
    name: String,
    closest: Closest,
}

impl DrawSource {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Quicknet, Self::Ethereum];

    /// Its name in files and on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Quicknet => "drand:quicknet",
            Self::Ethereum => "eip155:1",
        }
    }
}

impl fmt::Display for DrawSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for DrawSource {
    type Err = DrawSourceError;

    fn from_str(text: &str) -> Result<Self, DrawSourceError> {
        Self::ALL.into_iter().find(|source| source.name() == text).ok_or_else(|| {
            let known = Self::ALL.map(Self::name);
            let name = text.chars().take(80).collect();
            DrawSourceError { name, closest: Closest::of(text, known) }
        })
    }
}

impl<'de> Deserialize<'de> for DrawSource {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}

/// That the time of the snapshot was drawn.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct DrawnTime {
    /// From what.
    pub from: DrawSource,
    /// The most days in a row that may pass without an attestation; 0 unless it is given. A venue
    /// that may miss n of them chooses among the seconds of n + 1 days.
    #[serde(default)]
    pub missed_days: u64,
}
