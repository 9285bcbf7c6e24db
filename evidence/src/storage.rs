//! Storage proofs: what an account or a token's contract holds in a block's state, checked against the
//! block's hash and nothing else.

use alloy_consensus::Header;
use alloy_primitives::{Address, B256, Bytes, U256, keccak256};
use alloy_rlp::{Decodable, Encodable};
use alloy_trie::{
    EMPTY_ROOT_HASH, KECCAK_EMPTY, Nibbles, TrieAccount,
    nodes::{RlpNode, TrieNode},
    proof::verify_proof,
};
use jiff::Timestamp;
use pacioli_rules::{KnownToken, TokenKind};
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// The most nodes of a proof: a path of 64 digits has no more.
const MAX_NODES: usize = 65;
/// The most bytes of a node: a branch of 16 hashes has 532.
const MAX_NODE: usize = 1024;
/// The most bytes of a header.
const MAX_HEADER: usize = 4096;
/// The digits of a path.
const DIGITS: usize = 64;

/// A storage proof, as a node gives it.
#[derive(Clone, Debug, Deserialize, Serialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct Storage {
    /// The token's name in the rules' section `tokens` for the chain.
    pub token: String,
    /// The block's header, encoded in RLP.
    pub header: Bytes,
    /// The answer to `eth_getProof` at that block, about the holder for a chain's own coin, about the
    /// contract for a token.
    pub proof: AccountProof,
}

/// The answer to `eth_getProof`.
#[derive(Clone, Debug, Deserialize, Serialize, PartialEq, Eq)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AccountProof {
    /// The account.
    pub address: Address,
    /// Its coins in their smallest unit.
    pub balance: U256,
    /// The hash of its code.
    pub code_hash: B256,
    /// How many transactions it sent.
    pub nonce: U256,
    /// The root of its storage.
    pub storage_hash: B256,
    /// The nodes from the state's root to the account.
    pub account_proof: Vec<Bytes>,
    /// One slot for a token, none for a coin.
    pub storage_proof: Vec<SlotProof>,
}

/// One slot of an account's storage.
#[derive(Clone, Debug, Deserialize, Serialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct SlotProof {
    /// The slot.
    pub key: U256,
    /// What it holds.
    pub value: U256,
    /// The nodes from the storage's root to the slot.
    pub proof: Vec<Bytes>,
}

/// What a storage proof shows, for whoever knows the block's hash.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proven {
    /// The block.
    pub hash: B256,
    /// Its number.
    pub number: u64,
    /// Its time.
    pub time: Timestamp,
    /// The balance in the smallest unit.
    pub units: U256,
    /// Whether the account or the slot is proved not to be there, which is a balance of 0.
    pub absent: bool,
}

/// Why a storage proof is refused.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum StorageError {
    /// The header is none.
    #[error("the header is none of an Ethereum block")]
    Header,
    /// The proof does not lead from the root to what it says.
    #[error("the proof of {0} is forged: it does not lead there from the header's state")]
    Forged(&'static str),
    /// The proof is about something else.
    #[error("the proof is of {0}")]
    Another(&'static str),
    /// The contract's code is another than the rules know.
    #[error("the code at {address} has the hash {got}, and the rules know {known}")]
    Code {
        /// The contract.
        address: Address,
        /// Its code's hash.
        got: B256,
        /// The hash in the rules.
        known: String,
    },
    /// The rules do not say where balances are.
    #[error("the rules name no `balances_slot` of the token: it can only be read")]
    NoSlot,
}

/// The slot of a holder's balance in a mapping, as Solidity lays it out.
pub fn balance_slot(holder: Address, slot: u64) -> B256 {
    let mut bytes = [0; 64];
    bytes[12..32].copy_from_slice(holder.as_slice());
    bytes[32..].copy_from_slice(&U256::from(slot).to_be_bytes::<32>());
    keccak256(bytes)
}

/// A header with its hash.
///
/// # Errors
/// If the bytes are no header, or not the way to write it.
pub fn read_header(bytes: &[u8]) -> Result<(Header, B256), StorageError> {
    if bytes.len() > MAX_HEADER {
        return Err(StorageError::Header);
    }
    let mut rest = bytes;
    let header = Header::decode(&mut rest).map_err(|_| StorageError::Header)?;
    let mut again = Vec::new();
    header.encode(&mut again);
    if !rest.is_empty() || again != bytes {
        return Err(StorageError::Header);
    }
    Ok((header, keccak256(bytes)))
}

impl Storage {
    /// Checks the proof for a holder of a known token.
    ///
    /// # Errors
    /// If it is forged, or about something else.
    pub fn check(&self, holder: Address, token: &KnownToken) -> Result<Proven, StorageError> {
        let (header, hash) = read_header(&self.header)?;
        let time = i64::try_from(header.timestamp).ok();
        let time = time.and_then(|seconds| Timestamp::from_second(seconds).ok());
        let time = time.ok_or(StorageError::Header)?;
        let proven = |units, absent| Proven { hash, number: header.number, time, units, absent };
        let proof = &self.proof;
        let exists = proof.check_account(header.state_root)?;
        if token.kind == TokenKind::Native {
            if proof.address != holder {
                return Err(StorageError::Another("another account"));
            }
            if !proof.storage_proof.is_empty() {
                return Err(StorageError::Another("a slot, and a coin is in none"));
            }
            return Ok(proven(proof.balance, !exists));
        }
        let known = |text: &Option<String>| text.clone().unwrap_or_default();
        if known(&token.address).parse() != Ok(proof.address) {
            return Err(StorageError::Another("another contract than the rules know"));
        }
        if known(&token.code_hash).parse() != Ok(proof.code_hash) {
            let (address, got, known) = (proof.address, proof.code_hash, known(&token.code_hash));
            return Err(StorageError::Code { address, got, known });
        }
        let slot = balance_slot(holder, token.balances_slot.ok_or(StorageError::NoSlot)?);
        let [entry] = &proof.storage_proof[..] else {
            return Err(StorageError::Another("another number of slots than one"));
        };
        if entry.key.to_be_bytes() != slot.0 {
            return Err(StorageError::Another("another slot than the holder's balance"));
        }
        let value = (!entry.value.is_zero()).then(|| rlp(&entry.value));
        let absent = value.is_none();
        leads(proof.storage_hash, keccak256(slot), value, &entry.proof)
            .map_err(|()| StorageError::Forged("the slot"))?;
        Ok(proven(entry.value, absent))
    }
}

impl AccountProof {
    /// Checks that the account stands in a state as it is said here; whether it is there at all.
    fn check_account(&self, state_root: B256) -> Result<bool, StorageError> {
        let forged = |()| StorageError::Forged("the account");
        let key = keccak256(self.address);
        // What nodes say of accounts that are not there.
        let is_empty = self.balance.is_zero()
            && self.nonce.is_zero()
            && [KECCAK_EMPTY, B256::ZERO].contains(&self.code_hash)
            && [EMPTY_ROOT_HASH, B256::ZERO].contains(&self.storage_hash);
        if is_empty && leads(state_root, key, None, &self.account_proof).is_ok() {
            return Ok(false);
        }
        let account = TrieAccount {
            nonce: u64::try_from(self.nonce).map_err(|_| StorageError::Forged("the account"))?,
            balance: self.balance,
            storage_root: self.storage_hash,
            code_hash: self.code_hash,
        };
        leads(state_root, key, Some(rlp(&account)), &self.account_proof).map_err(forged)?;
        Ok(true)
    }
}

fn rlp(value: &impl Encodable) -> Vec<u8> {
    let mut bytes = Vec::new();
    value.encode(&mut bytes);
    bytes
}

/// Whether nodes lead from a root to a value, or to nothing.
fn leads(root: B256, key: B256, value: Option<Vec<u8>>, nodes: &[Bytes]) -> Result<(), ()> {
    if nodes.len() > MAX_NODES || nodes.iter().any(|node| node.len() > MAX_NODE) {
        return Err(());
    }
    // A path has 64 digits: the library counts on it, and ends the program where one has more. Keys are
    // hashes, so that nodes within nodes do not occur on the way.
    let is_nothing = |node: &&Bytes| node.as_ref() == [alloy_rlp::EMPTY_STRING_CODE];
    let digits = nodes.iter().filter(|node| !is_nothing(node)).map(|node| longest(node));
    let digits: Option<usize> = digits.sum();
    if digits.is_none_or(|digits| digits > DIGITS) {
        return Err(());
    }
    verify_proof(root, Nibbles::unpack(key), value, nodes).map_err(|_| ())
}

/// The digits of the longest way through a node and the nodes within it; `None` if it is no node. A node
/// within another is shorter than that, and than 32 bytes.
fn longest(node: &[u8]) -> Option<usize> {
    let mut rest = node;
    let read = TrieNode::decode(&mut rest).ok().filter(|_| rest.is_empty())?;
    let inner = |child: &RlpNode| {
        if child.is_hash() { Some(0) } else { longest(child) }
    };
    match read {
        TrieNode::EmptyRoot => Some(0),
        TrieNode::Leaf(leaf) => Some(leaf.key.len()),
        TrieNode::Extension(extension) => Some(extension.key.len() + inner(&extension.child)?),
        TrieNode::Branch(branch) => {
            let inner: Option<Vec<usize>> = branch.stack.iter().map(inner).collect();
            Some(1 + inner?.into_iter().max().unwrap_or_default())
        }
    }
}
