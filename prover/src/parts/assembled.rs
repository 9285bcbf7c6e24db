//! Which attempts were chosen: written once, and never again.

use pacioli_attestation::{Digest, VolumeId};
use serde::{Deserialize, Serialize};

use super::{
    deal::{Deal, require_version},
    error::PartError,
    name::{AttemptId, Kind, Name, RunId},
};

const VERSION: &str = "pacioli assembled v1-draft";

/// The content of `assembled.json`.
#[derive(Clone, Debug, Deserialize, Serialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct Assembled {
    version: String,
    /// The run.
    pub run: RunId,
    /// The digest of the deal.
    pub deal: Digest,
    /// The digest of the attestation.
    pub attestation: Digest,
    /// The attempt chosen for every volume.
    pub volumes: Vec<Chosen>,
}

/// The attempt chosen for one volume.
#[derive(Clone, Copy, Debug, Deserialize, Serialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct Chosen {
    /// The attempt.
    pub attempt: AttemptId,
    /// The digest of its proof.
    pub proof: Digest,
    /// The digest of its encrypted record.
    pub record: Digest,
    /// The digest of what it drew, encrypted for whoever opens the volume's pages.
    pub chosen: Digest,
}

impl Assembled {
    /// The choice for a deal.
    pub fn new(run: RunId, deal: Digest, attestation: Digest, volumes: Vec<Chosen>) -> Self {
        Self { version: VERSION.to_owned(), run, deal, attestation, volumes }
    }

    /// Reads the choice for the deal that has this digest.
    ///
    /// # Errors
    /// If the bytes are none, or of another deal.
    pub fn parse(bytes: &[u8], deal: &Deal, digest: Digest) -> Result<Self, PartError> {
        let read: Self = serde_json::from_slice(bytes)
            .map_err(|error| PartError::Malformed(error.to_string()))?;
        require_version(VERSION, &read.version)?;
        if read.run != deal.run || read.deal != digest || read.volumes.len() != deal.shards.len() {
            return Err(PartError::Other("deal"));
        }
        Ok(read)
    }

    /// The bytes of the file.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = serde_json::to_vec_pretty(self).expect("the file has string keys");
        bytes.push(b'\n');
        bytes
    }

    /// The name of an object of a volume's chosen attempt: its proof, its record, or what it drew.
    ///
    /// # Panics
    /// If there is no such volume, or the kind is another.
    pub fn name(&self, kind: Kind, volume: VolumeId) -> Name {
        let Chosen { attempt, proof, record, chosen } = self.volumes[volume.index()];
        let digest = match kind {
            Kind::Proof => proof,
            Kind::Record => record,
            Kind::Chosen => chosen,
            Kind::Shard | Kind::Pages => panic!("no object of a chosen attempt is of this kind"),
        };
        Name { kind, run: self.run.short(), volume, attempt: Some(attempt), digest }
    }
}
