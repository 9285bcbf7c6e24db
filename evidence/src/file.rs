//! The evidence file (JSON): what shows that reserves are there, and whose they are.
//!
//! ```json
//! { "version": "pacioli evidence v1-draft",
//!   "entries": [{ "asset": "ETH", "chain": "eip155:1", "address": "0x…",
//!                 "signature": { "scheme": "eip191", "message": "…", "signature": "0x…" } }] }
//! ```
//!
//! Each entry names a reserve and has one of `signature`, `storage`, `reading` and `custodian`.

use alloy_primitives::{B256, U256};
use jiff::Timestamp;
use pacioli_attestation::{Reserve, chain_key};
use pacioli_rules::strict;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::{custodian::Custodian, place::Owner, signature::Signature, storage::Storage};

/// The version that this code reads and writes.
pub const VERSION: &str = "pacioli evidence v1-draft";

/// The most entries of a file.
pub const MAX_ENTRIES: usize = 100_000;

/// An evidence file.
#[derive(Clone, Debug, Deserialize, Serialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct Evidence {
    /// [`VERSION`].
    pub version: String,
    /// The entries.
    pub entries: Vec<Entry>,
}

/// One piece of evidence for one reserve.
#[derive(Clone, Debug, Deserialize, Serialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// The reserve's asset.
    pub asset: String,
    /// The reserve's chain.
    pub chain: String,
    /// The reserve's address.
    pub address: String,
    /// A signature by the address's key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signature: Option<Signature>,
    /// A proof of the balance.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub storage: Option<Storage>,
    /// What somebody read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reading: Option<Reading>,
    /// What the custodian states.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub custodian: Option<Custodian>,
}

/// A balance that somebody read: their word, until a reader reads it again.
#[derive(Clone, Debug, Deserialize, Serialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct Reading {
    /// The token's name in the rules' section `tokens` for the chain.
    pub token: String,
    /// The block's number.
    pub number: u64,
    /// Its hash; Bitcoin's as it is shown, the last byte first.
    pub hash: B256,
    /// Its time.
    #[serde(with = "strict::utc_time")]
    pub time: Timestamp,
    /// The balance in the smallest unit.
    pub units: U256,
}

/// One kind of evidence.
#[derive(Clone, Copy, Debug)]
pub enum Kind<'a> {
    /// A signature.
    Signature(&'a Signature),
    /// A storage proof.
    Storage(&'a Storage),
    /// A reading.
    Reading(&'a Reading),
    /// A custodian's statement.
    Custodian(&'a Custodian),
}

/// Why an evidence file is refused.
#[derive(Debug, Error)]
pub enum EvidenceError {
    /// Not JSON of the expected form.
    #[error("{}", .0.to_string().escape_debug())]
    Form(#[from] serde_json::Error),
    /// Another version.
    #[error("the version is `{}`, and this is `{VERSION}`", .0.escape_debug())]
    Version(String),
    /// Too many entries.
    #[error("{0} entries are more than the {MAX_ENTRIES} that a file can have")]
    TooMany(usize),
    /// An entry with no kind of evidence, or several.
    #[error("entries[{0}] must have one of `signature`, `storage`, `reading` and `custodian`")]
    Kind(usize),
}

impl Evidence {
    /// A file without entries.
    pub fn empty() -> Self {
        Self { version: VERSION.to_owned(), entries: Vec::new() }
    }

    /// Reads an evidence file.
    ///
    /// # Errors
    /// If the text is not exactly of the form described above.
    pub fn parse(json: &str) -> Result<Self, EvidenceError> {
        let read: Self = serde_json::from_str(json)?;
        if read.version != VERSION {
            return Err(EvidenceError::Version(read.version));
        }
        if read.entries.len() > MAX_ENTRIES {
            return Err(EvidenceError::TooMany(read.entries.len()));
        }
        match read.entries.iter().position(|entry| entry.kind().is_none()) {
            Some(index) => Err(EvidenceError::Kind(index)),
            None => Ok(read),
        }
    }

    /// The file's text.
    pub fn to_text(&self) -> String {
        let text = serde_json::to_string_pretty(self);
        text.expect("texts, numbers and lists are JSON") + "\n"
    }

    /// Adds an entry; what there is of the same kind, reserve and token gives way.
    pub fn put(&mut self, entry: Entry) {
        self.entries.retain(|one| one.slot() != entry.slot());
        self.entries.push(entry);
    }
}

impl Entry {
    /// An entry for a reserve, without evidence yet.
    pub fn of(reserve: &Reserve) -> Self {
        Self {
            asset: reserve.asset.clone(),
            chain: reserve.chain.clone(),
            address: reserve.address.clone(),
            signature: None,
            storage: None,
            reading: None,
            custodian: None,
        }
    }

    /// Its evidence; `None` if there is none or several.
    pub fn kind(&self) -> Option<Kind<'_>> {
        match (&self.signature, &self.storage, &self.reading, &self.custodian) {
            (Some(one), None, None, None) => Some(Kind::Signature(one)),
            (None, Some(one), None, None) => Some(Kind::Storage(one)),
            (None, None, Some(one), None) => Some(Kind::Reading(one)),
            (None, None, None, Some(one)) => Some(Kind::Custodian(one)),
            _ => None,
        }
    }

    /// Whether it is about a reserve, however both are spelled.
    pub fn is_about(&self, reserve: &Reserve) -> bool {
        self.asset == reserve.asset
            && chain_key(&self.chain) == chain_key(&reserve.chain)
            && Owner::of(&self.chain, &self.address) == Owner::of(&reserve.chain, &reserve.address)
    }

    fn slot(&self) -> (String, String, Owner, u8, &str) {
        let (kind, token) = match self.kind() {
            Some(Kind::Signature(_)) => (0, ""),
            Some(Kind::Storage(one)) => (1, one.token.as_str()),
            Some(Kind::Reading(one)) => (2, one.token.as_str()),
            Some(Kind::Custodian(one)) => (3, one.name.as_str()),
            None => (4, ""),
        };
        let chain = chain_key(&self.chain);
        (self.asset.clone(), chain, Owner::of(&self.chain, &self.address), kind, token)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ENTRY: &str = r#"{ "asset": "ETH", "chain": "eip155:1", "address": "0x01",
        "custodian": { "name": "a", "message": "b", "signature": "0x" } }"#;

    fn parse(entries: &str) -> Result<Evidence, String> {
        let text = format!(r#"{{ "version": "{VERSION}", "entries": [{entries}] }}"#);
        Evidence::parse(&text).map_err(|error| error.to_string())
    }

    #[test]
    fn a_file_reads_and_writes_the_same() {
        let read = parse(ENTRY).unwrap();
        assert_eq!(Evidence::parse(&read.to_text()).unwrap(), read);
        let mut twice = read.clone();
        twice.put(read.entries[0].clone());
        assert_eq!(twice, read);
    }

    #[test]
    fn each_malformed_file_has_its_own_error() {
        for (from, to, said) in [
            ("custodian", "custody", "unknown field `custody`"),
            (r#", "signature": "0x" }"#, " }", "missing field `signature`"),
            (
                ENTRY,
                r#"{ "asset": "", "chain": "", "address": "" }"#,
                "entries[0] must have one of",
            ),
        ] {
            let error = parse(&ENTRY.replacen(from, to, 1)).unwrap_err();
            assert!(error.contains(said), "{error}");
        }
        let other = Evidence::parse(r#"{ "version": "1\nHOLDS", "entries": [] }"#).unwrap_err();
        assert!(other.to_string().contains(r"`1\nHOLDS`"), "{other}");
    }
}
