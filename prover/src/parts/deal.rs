//! What is dealt: the one file that says which shards there are and what their proofs have to show.

use pacioli_attestation::{ATTESTATION_VERSION, Attestation, Digest, VolumeId};
use pacioli_circuits::Shape;
use serde::{Deserialize, Serialize};

use super::{
    error::PartError,
    keys::Recipient,
    name::{Kind, Name, RunId},
    shard::Shard,
};
use crate::{
    SOFTWARE,
    ledger::BalancedAccounts,
    plan::{Placed, Plan},
    sealed::RunSecrets,
    store::StoredAccount,
};

/// The version that this code writes.
const VERSION: &str = "pacioli deal v1-draft";

/// The content of `deal.json`: nothing that the attestation does not publish.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Deal {
    version: String,
    /// The run.
    pub run: RunId,
    /// The context of the attestation.
    pub context: Digest,
    /// Whom the records of attempts are encrypted to.
    pub records: Recipient,
    /// Whom opened pages are encrypted to.
    pub pages: Recipient,
    /// The shard of every volume.
    pub shards: Vec<ShardEntry>,
    /// The attestation to be: its proofs are empty.
    pub attestation: Attestation,
}

/// One shard as it was dealt.
#[derive(Clone, Copy, Debug, Deserialize, Serialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct ShardEntry {
    /// The digest of its encrypted bytes.
    pub digest: Digest,
    /// How many they are.
    pub length: u64,
}

impl Deal {
    /// The deal of an attestation without proofs.
    pub fn new(
        run: RunId,
        records: Recipient,
        pages: Recipient,
        shards: Vec<ShardEntry>,
        attestation: Attestation,
    ) -> Self {
        let (version, context) = (VERSION.to_owned(), attestation.context().0);
        Self { version, run, context, records, pages, shards, attestation }
    }

    /// Reads the deal that has this digest.
    ///
    /// # Errors
    /// If the bytes have another, are of another version of the program, or do not fit together.
    pub fn parse(bytes: &[u8], expected: Digest) -> Result<Self, PartError> {
        let got = Digest::of(bytes);
        if got != expected {
            return Err(PartError::Digest { expected, got });
        }
        #[derive(Deserialize)]
        struct Head {
            version: String,
        }
        let malformed = |error: serde_json::Error| PartError::Malformed(error.to_string());
        let Head { version } = serde_json::from_slice(bytes).map_err(malformed)?;
        require_version(VERSION, &version)?;
        let deal: Self = serde_json::from_slice(bytes).map_err(malformed)?;
        let Attestation { version, header, volumes, .. } = &deal.attestation;
        require_version(ATTESTATION_VERSION, version)?;
        require_version(SOFTWARE, &header.software)?;
        if deal.attestation.context().0 != deal.context {
            return Err(PartError::Deal("the context is not that of the attestation"));
        }
        if deal.shards.len() != volumes.len() || volumes.is_empty() {
            return Err(PartError::Deal("there is not one shard for each volume"));
        }
        if volumes.iter().any(|volume| !volume.proof.is_empty()) {
            return Err(PartError::Deal("a volume has a proof already"));
        }
        Ok(deal)
    }

    /// The bytes of the file.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = serde_json::to_vec_pretty(self).expect("the file has string keys");
        bytes.push(b'\n');
        bytes
    }

    /// The volume with this index.
    ///
    /// # Errors
    /// If there are not so many.
    pub fn volume(&self, index: u64) -> Result<VolumeId, PartError> {
        let volumes = self.shards.len();
        match usize::try_from(index) {
            Ok(found) if found < volumes => Ok(VolumeId::new(found)),
            _ => Err(PartError::NoVolume { index, volumes }),
        }
    }

    /// The name of a volume's shard.
    ///
    /// # Panics
    /// If there is no such volume.
    pub fn shard_name(&self, volume: VolumeId) -> Name {
        let digest = self.shards[volume.index()].digest;
        Name { kind: Kind::Shard, run: self.run.short(), volume, attempt: None, digest }
    }

    /// Fails unless these are the encrypted bytes of a volume's shard.
    ///
    /// # Errors
    /// If they are cut short or others.
    pub fn require_shard(&self, volume: VolumeId, bytes: &[u8]) -> Result<(), PartError> {
        let (expected, got) = (self.shards[volume.index()].length, bytes.len() as u64);
        if expected != got {
            return Err(PartError::Length { expected, got });
        }
        self.shard_name(volume).require(bytes)
    }
}

/// Fails unless two versions are the same.
pub(super) fn require_version(expected: &str, got: &str) -> Result<(), PartError> {
    if expected == got {
        return Ok(());
    }
    let got = got.chars().take(80).collect();
    Err(PartError::Version { expected: expected.to_owned(), got })
}

/// A book dealt out to volumes, in memory.
#[derive(Debug)]
pub struct Dealt<'a> {
    pub(crate) attestation: Attestation,
    pub(crate) shape: Shape,
    pub(crate) plan: Plan,
    pub(crate) accounts: &'a BalancedAccounts,
}

impl Dealt<'_> {
    /// The attestation without its proofs.
    pub fn attestation(&self) -> &Attestation {
        &self.attestation
    }

    /// The circuit's sizes.
    pub fn shape(&self) -> Shape {
        self.shape
    }

    /// The shard of a volume.
    ///
    /// # Panics
    /// If there is no such volume.
    pub fn shard(&self, run: RunId, volume: VolumeId, secrets: RunSecrets<'_>) -> Shard {
        let context = self.attestation.context().word(volume);
        let accounts = self.plan.volume(volume, self.accounts);
        let accounts = accounts.map(|Placed { id, account, placement, .. }| StoredAccount {
            id: id.to_owned(),
            account,
            placement,
        });
        let (accounts, key) = (accounts.collect(), secrets.volume_key(context));
        Shard { run, volume, context, key, accounts }
    }
}
