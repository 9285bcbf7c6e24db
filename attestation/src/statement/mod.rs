//! The statement: the private file by which one account holder checks that their own lines are in
//! the book. One canonical JSON encoding, like the attestation's (`docs/formats.md`).

mod check;

pub use check::{CheckedStatement, ScenarioBalance, StatementError, check};

use std::fmt;

use pacioli_circuits::Nonce;
use pacioli_rules::{Amount, SignedAmount};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use thiserror::Error;

use crate::{
    canonical::{self, FormError, hex},
    digest::Digest,
    volume::VolumeId,
};

/// The version that this code writes.
pub const VERSION: &str = "pacioli statement v1-draft";

/// What one account holder is given.
#[derive(Clone, Debug, Deserialize, Serialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct Statement {
    /// [`VERSION`].
    pub version: String,
    /// The attestation it belongs to.
    pub attestation: Digest,
    /// The holder's id at the venue.
    pub account: String,
    /// The volume that the account is in.
    pub volume: VolumeId,
    /// The page within the volume.
    pub page: usize,
    /// The slot of the account's first line.
    pub slot: usize,
    /// What the account's seals are made with.
    pub nonce: SharedNonce,
    /// The scenarios' names, in order.
    pub scenarios: Vec<String>,
    /// The account's lines, closing lines included.
    pub lines: Vec<StatementLine>,
    /// The combined column's value in every slot of the page, as words.
    #[serde(with = "hex::words")]
    pub page_values: Vec<[u8; 32]>,
    /// The opening of the page.
    #[serde(with = "hex::point")]
    pub opening: [u8; 64],
}

/// One line in plain numbers.
#[derive(Clone, Debug, Deserialize, Serialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct StatementLine {
    /// The instrument's name.
    pub instrument: String,
    /// How much of it, in whole units.
    pub quantity: Amount,
    /// What that is worth in each scenario, in the quote currency.
    pub worth: Vec<SignedAmount>,
}

/// A nonce that is shown to the one it is shared with, and to no log.
#[derive(Clone, PartialEq, Eq)]
pub struct SharedNonce([u8; 32]);

impl SharedNonce {
    /// The nonce as the seal takes it.
    pub fn nonce(&self) -> Nonce {
        Nonce::new(self.0)
    }
}

impl From<&Nonce> for SharedNonce {
    fn from(nonce: &Nonce) -> Self {
        Self(*nonce.reveal())
    }
}

impl fmt::Debug for SharedNonce {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SharedNonce(..)")
    }
}

impl Serialize for SharedNonce {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Digest(self.0).serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for SharedNonce {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // The digits of a refused nonce stay out of the message.
        let text = String::deserialize(deserializer)?;
        let nonce = text.parse::<Digest>();
        nonce.map(|nonce| Self(nonce.0)).map_err(|_| D::Error::custom("the nonce is not 32 bytes"))
    }
}

impl Statement {
    /// Reads a statement.
    ///
    /// # Errors
    /// If the bytes are not exactly those that [`Statement::to_bytes`] writes.
    pub fn parse(bytes: &[u8]) -> Result<Self, StatementFormError> {
        Ok(canonical::parse(bytes, VERSION)?)
    }

    /// The statement's one encoding.
    pub fn to_bytes(&self) -> Vec<u8> {
        canonical::to_bytes(self)
    }
}

/// Why bytes are not a statement.
#[derive(Debug, Error)]
#[error(transparent)]
pub struct StatementFormError(#[from] FormError);
