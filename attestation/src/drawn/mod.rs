//! Times that nobody chose (`docs/drawn-times.md`).
//!
//! A venue that picks the moment of its snapshot can borrow for it. A drawn time is a second of a
//! past day that follows from randomness which became known only after that day had ended: nobody
//! could prepare for it while it went by. Source and calendar are the policy's, and neither the
//! venue's name nor anything else that it chooses is hashed: all venues of one source are drawn at
//! one second of a day, so that affiliates share no coin.
//!
//! Whoever reads an attestation computes the second again, from a signature under a public key that
//! is in this code, or from a block's header. Whether the block is the chain's is the reader's to
//! say, and the publisher's word where they do not.

mod block;
mod day;
mod quicknet;
#[cfg(test)]
pub(crate) mod tests;

pub use day::{Day, DayError};
pub use quicknet::first_round;

use std::{fmt, str::FromStr};

use jiff::Timestamp;
use pacioli_rules::DrawSource;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::{
    by::By,
    canonical::hex,
    digest::{Digest, DigestError, Words},
};

/// A day of UTC, leap seconds aside: they have no number of their own.
const DAY: u64 = 86_400;

/// How the time of a snapshot was drawn: the day, and what its second is computed from.
#[derive(Clone, Debug, Deserialize, Serialize, PartialEq, Eq)]
#[serde(tag = "from", deny_unknown_fields)]
pub enum Drawn {
    /// From the first round of drand's `quicknet` at or after the end of the day.
    #[serde(rename = "drand:quicknet")]
    Quicknet {
        /// The day that the second is of.
        day: Day,
        /// The round's signature, a compressed point of BLS12-381's G1: 48 bytes.
        #[serde(with = "hex")]
        signature: Vec<u8>,
    },
    /// From the first block of Ethereum at or after the end of the day.
    #[serde(rename = "eip155:1")]
    Ethereum {
        /// The day that the second is of.
        day: Day,
        /// The RLP header of the block before, which shows that no earlier one is the first.
        #[serde(with = "hex")]
        parent: Vec<u8>,
        /// The block's RLP header.
        #[serde(with = "hex")]
        block: Vec<u8>,
    },
}

/// What a drawn time was computed from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Seen {
    /// A round, whose signature was checked.
    Round(u64),
    /// A block with this header.
    Block {
        /// Its number.
        number: u64,
        /// Its hash.
        hash: Digest,
    },
}

impl fmt::Display for Seen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Round(round) => write!(f, "round {round}"),
            Self::Block { number, hash } => write!(f, "block {number}, {hash}"),
        }
    }
}

/// A drawn time, computed again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Draw {
    /// Where the randomness is from.
    pub source: DrawSource,
    /// The day.
    pub day: Day,
    /// The second of that day that was drawn.
    pub second: Timestamp,
    /// What it was computed from.
    pub seen: Seen,
}

/// Why a time was not drawn as its attestation says.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum DrawnError {
    /// The source is younger than the day.
    #[error("there was no {from} yet at the end of {day}")]
    Before {
        /// The source.
        from: DrawSource,
        /// The day.
        day: Day,
    },
    /// Bytes that are no point.
    #[error("`signature` is not the 48 bytes of a point of the group G1 of BLS12-381")]
    Point,
    /// A signature of something else, or of somebody else.
    #[error(
        "`signature` is not that of round {round} of drand:quicknet, which is the first at or after \
         the end of {day}"
    )]
    Signature {
        /// The round.
        round: u64,
        /// The day.
        day: Day,
    },
    /// A round that ends no day.
    #[error("round {0} of drand:quicknet is not the first at or after the end of a day")]
    Round(u64),
    /// Bytes that are no header.
    #[error("`{0}` is not the RLP header of a block")]
    Form(&'static str),
    /// A block whose `mixHash` its miner tried for.
    #[error(
        "block {0} is of the time when blocks were mined: what stands for prevRandao there was \
         chosen by its miner"
    )]
    Mined(u64),
    /// Two headers that do not belong together.
    #[error("block {number} does not name {parent} as the one before it, but {named}")]
    Parent {
        /// The block's number.
        number: u64,
        /// The hash of the header given as its parent's.
        parent: Digest,
        /// The hash that it names.
        named: Digest,
    },
    /// A block of before the day's end.
    #[error("block {number} is of {time}, which is before the end of {day}")]
    Early {
        /// The block's number.
        number: u64,
        /// Its time.
        time: Timestamp,
        /// The day.
        day: Day,
    },
    /// A later block.
    #[error(
        "block {number} is not the first at or after the end of {day}: the block before it is of {time}"
    )]
    Late {
        /// The block's number.
        number: u64,
        /// The time of the one before it.
        time: Timestamp,
        /// The day.
        day: Day,
    },
    /// The snapshot is of another day.
    #[error("it is of {day}, and the snapshot of {as_of}")]
    OtherDay {
        /// The day that the header names.
        day: Day,
        /// The snapshot's time.
        as_of: Timestamp,
    },
    /// The snapshot is of another second.
    #[error("the second drawn from {seen} is {drawn}, and the snapshot is of {as_of}")]
    OtherSecond {
        /// The drawn second.
        drawn: Timestamp,
        /// What it was drawn from.
        seen: Seen,
        /// The snapshot's time.
        as_of: Timestamp,
    },
}

impl Drawn {
    /// The time drawn from a round of `quicknet`, of the day that ended with it.
    ///
    /// # Errors
    /// If no day ended with the round.
    pub fn of_round(round: u64, signature: Vec<u8>) -> Result<Self, DrawnError> {
        let day = quicknet::day_of(round).ok_or(DrawnError::Round(round))?;
        Ok(Self::Quicknet { day, signature })
    }

    /// The time drawn from a block of Ethereum, of the day before the block's.
    ///
    /// # Errors
    /// If the bytes are no header.
    pub fn of_block(parent: Vec<u8>, block: Vec<u8>) -> Result<Self, DrawnError> {
        let time = block::Header::read("block", &block)?.time;
        let day = Day::containing(time).and_then(Day::before);
        Ok(Self::Ethereum { day: day.ok_or(DrawnError::Form("block"))?, parent, block })
    }

    /// Where the randomness is from.
    pub fn source(&self) -> DrawSource {
        match self {
            Self::Quicknet { .. } => DrawSource::Quicknet,
            Self::Ethereum { .. } => DrawSource::Ethereum,
        }
    }

    /// The day that the second is of.
    pub fn day(&self) -> Day {
        match self {
            Self::Quicknet { day, .. } | Self::Ethereum { day, .. } => *day,
        }
    }

    /// Computes the second again.
    ///
    /// # Errors
    /// If it cannot be drawn from what is given: the signature is not that of the day's round, or the
    /// headers are not those of the day's first block and the one before it.
    pub fn recompute(&self) -> Result<Draw, DrawnError> {
        let (randomness, seen) = match self {
            Self::Quicknet { day, signature } => {
                let (round, randomness) = quicknet::randomness(&quicknet::KEY, *day, signature)?;
                (randomness, Seen::Round(round))
            }
            Self::Ethereum { day, parent, block } => {
                let first = block::first_after(*day, parent, block)?;
                (first.randomness, Seen::Block { number: first.number, hash: first.hash })
            }
        };
        let (source, day) = (self.source(), self.day());
        Ok(Draw { source, day, second: second(day, randomness), seen })
    }

    /// The digest by which it enters that of the header.
    pub fn digest(&self) -> Digest {
        let words = Words::new("pacioli.drawn.v1").text(self.source().name());
        let words = words.text(&self.day().to_string());
        let evidence: &[&Vec<u8>] = match self {
            Self::Quicknet { signature, .. } => &[signature],
            Self::Ethereum { parent, block, .. } => &[parent, block],
        };
        words.list(evidence.iter(), |words, bytes| words.digest(Digest::of(bytes))).finish()
    }
}

impl Draw {
    /// A drawn time, which is that of a snapshot.
    ///
    /// # Errors
    /// If it was not drawn so, or the snapshot is of another time.
    pub fn of(drawn: &Drawn, as_of: Timestamp) -> Result<Self, DrawnError> {
        let day = drawn.day();
        if Day::of(as_of) != Some(day) {
            return Err(DrawnError::OtherDay { day, as_of });
        }
        let draw = drawn.recompute()?;
        if draw.second != as_of {
            return Err(DrawnError::OtherSecond { drawn: draw.second, seen: draw.seen, as_of });
        }
        Ok(draw)
    }

    /// Who vouches for it, to a reader who knows these blocks of the chain: nobody, if it is from a
    /// block that is none of them. A reader who knows none goes by the publisher's word.
    pub fn by(&self, known: &[BlockHash]) -> Option<By> {
        match self.seen {
            Seen::Round(_) => Some(By::Recomputed),
            Seen::Block { .. } if known.is_empty() => Some(By::Publisher),
            Seen::Block { hash, .. } => known.iter().any(|one| one.0 == hash).then_some(By::Chain),
        }
    }
}

/// The hash of a block that a reader found on Ethereum.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BlockHash(pub Digest);

/// A text that names no block.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum BlockHashError {
    /// No chain is named, or another one.
    #[error(
        "`{}` names no block as `eip155:1=0x...` does: times are drawn from blocks of eip155:1 alone",
        .0.escape_debug()
    )]
    Chain(String),
    /// What is behind the chain is no hash.
    #[error(transparent)]
    Digest(#[from] DigestError),
}

impl FromStr for BlockHash {
    type Err = BlockHashError;

    fn from_str(text: &str) -> Result<Self, BlockHashError> {
        match text.split_once('=') {
            Some((chain, hash)) if chain == DrawSource::Ethereum.name() => Ok(Self(hash.parse()?)),
            _ => Err(BlockHashError::Chain(text.chars().take(80).collect())),
        }
    }
}

/// The second of a day that follows from randomness: the hash of both, modulo the seconds of a day.
/// Of 2^256 values, no second has more than 2^-239 of its share in excess.
fn second(day: Day, randomness: [u8; 32]) -> Timestamp {
    let words = Words::new("pacioli.drawn-second.v1").digest(Digest(randomness));
    let hash = words.text(&day.to_string()).finish();
    let offset = hash.0.iter().fold(0, |rest, &byte| (rest * 256 + u64::from(byte)) % DAY);
    day.at(offset)
}
