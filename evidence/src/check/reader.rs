//! What whoever checks knows and can ask for.

use std::collections::{BTreeMap, BTreeSet};

use alloy_primitives::{Address, B256, Bytes, U256};
use jiff::Timestamp;
use pacioli_attestation::Digest;
use pacioli_rules::KnownToken;

use super::KnownBad;
use crate::{custodian::CustodianKey, place::Place};

/// A block, and what was read there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Read<T> {
    /// The block's number.
    pub number: u64,
    /// Its hash.
    pub hash: B256,
    /// Its time.
    pub time: Timestamp,
    /// What was read.
    pub value: T,
    /// Whether it counts as the reader's own reading: it comes from a node on the reader's own machine,
    /// or several nodes agree.
    pub counts: bool,
}

/// A contract wallet's answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wallet {
    /// Whether it says that the signature is its own.
    pub is_valid: bool,
    /// The hash of its code.
    pub code_hash: B256,
}

/// An answer: `None` where the reader has no node for the chain; the text says why a node could not
/// answer.
pub type Answer<T> = Result<Option<Read<T>>, String>;

/// What a reader can ask for. [`Offline`] asks for nothing.
pub trait Reader {
    /// The block of this number.
    fn block(&mut self, chain: &str, number: u64) -> Answer<()>;

    /// The block of this hash, if there is one in the chain.
    fn block_of(&mut self, chain: &str, hash: B256) -> Answer<()>;

    /// A balance in the smallest unit, at a block or now.
    fn balance(
        &mut self,
        chain: &str,
        place: &Place,
        token: &KnownToken,
        number: Option<u64>,
    ) -> Answer<U256>;

    /// Whether a contract wallet says that a signature is its own, at a block or now.
    fn wallet(
        &mut self,
        chain: &str,
        wallet: Address,
        digest: B256,
        signature: &Bytes,
        number: Option<u64>,
    ) -> Answer<Wallet>;
}

/// Nobody is asked.
#[derive(Clone, Copy, Debug)]
pub struct Offline;

impl Reader for Offline {
    fn block(&mut self, _: &str, _: u64) -> Answer<()> {
        Ok(None)
    }

    fn block_of(&mut self, _: &str, _: B256) -> Answer<()> {
        Ok(None)
    }

    fn balance(&mut self, _: &str, _: &Place, _: &KnownToken, _: Option<u64>) -> Answer<U256> {
        Ok(None)
    }

    fn wallet(
        &mut self,
        _: &str,
        _: Address,
        _: B256,
        _: &Bytes,
        _: Option<u64>,
    ) -> Answer<Wallet> {
        Ok(None)
    }
}

/// An attestation that the reader has seen when it was new.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seen {
    /// Its digest.
    pub digest: Digest,
    /// The time of its snapshot, where the reader has more than the digest.
    pub as_of: Option<Timestamp>,
}

impl From<Digest> for Seen {
    fn from(digest: Digest) -> Self {
        Self { digest, as_of: None }
    }
}

/// What the reader knows from elsewhere.
#[derive(Clone, Debug, Default)]
pub struct Known {
    /// Hashes of blocks, by chain.
    pub hashes: BTreeMap<String, BTreeSet<B256>>,
    /// Custodians' keys, by name.
    pub custodians: BTreeMap<String, CustodianKey>,
    /// Attestations that the reader has seen when they were new.
    pub previous: Vec<Seen>,
    /// Addresses that no reserve may be at.
    pub denied: KnownBad,
    /// Whether the reader vouches for the rules, whose tokens then stand for their assets.
    pub rules: bool,
}
