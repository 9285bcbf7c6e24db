//! Why a part of a run is refused. Nothing here says what a shard holds.

use pacioli_attestation::{
    Digest, KeyError, ProofError, VolumeId,
    opening::{OpenedError, OpeningError},
};
use pacioli_circuits::ShapeError;
use pacioli_rules::RulesError;
use thiserror::Error;

use crate::{layout::LayoutError, secret_file::SecretError};

/// Why a part of a run is refused.
#[derive(Debug, Error)]
pub enum PartError {
    /// The bytes are not those that the name or the deal says.
    #[error("it has {got} bytes, not {expected}: it was cut short or exchanged")]
    Length {
        /// Bytes dealt.
        expected: u64,
        /// Bytes found.
        got: u64,
    },
    /// The bytes are not those that the name or the deal says.
    #[error("its digest is {got}, not {expected}: it was exchanged or damaged")]
    Digest {
        /// The digest meant.
        expected: Digest,
        /// That of the bytes.
        got: Digest,
    },
    /// Another program's file, or another version's.
    #[error("it is of version `{got}`; this program reads `{expected}`")]
    Version {
        /// The version of this program.
        expected: String,
        /// The version found.
        got: String,
    },
    /// The file is no such file.
    #[error("{0}")]
    Malformed(String),
    /// It cannot be decrypted with this key.
    #[error("this key does not open it: it is another volume's or another run's")]
    Key,
    /// A key file holds no key.
    #[error("this is no key: a line that begins with AGE-SECRET-KEY-1")]
    NoKey,
    /// age failed.
    #[error("cannot encrypt: {0}")]
    Encrypt(String),
    /// It says that it is of another run, volume or attempt.
    #[error("it is of another {0}")]
    Other(&'static str),
    /// The deal's parts do not fit together.
    #[error("the deal does not fit together: {0}")]
    Deal(&'static str),
    /// The setup is not the one that was dealt for.
    #[error("the setup is another one than the run's: its key is {got}, the run's {expected}")]
    Setup {
        /// The run's key.
        expected: Digest,
        /// The setup's.
        got: Digest,
    },
    /// No such volume.
    #[error("there is no volume {index}: the run has {volumes}, from 0")]
    NoVolume {
        /// The index asked for.
        index: u64,
        /// Volumes of the run.
        volumes: usize,
    },
    /// The rules of the deal are refused.
    #[error("in the deal's rules: {0}")]
    Rules(#[from] RulesError),
    /// The sizes of the deal are refused.
    #[error(transparent)]
    Shape(#[from] ShapeError),
    /// The key cannot be made.
    #[error(transparent)]
    Circuit(#[from] KeyError),
    /// The shard's accounts are no volume of these sizes.
    #[error("the shard is not a volume of this run: {0}")]
    Layout(#[from] LayoutError),
    /// The shard's totals are not those dealt.
    #[error("the shard does not have the totals that were dealt for volume {0}")]
    Totals(VolumeId),
    /// The proof does not verify against what was dealt.
    #[error("the proof is refused: {0}")]
    Proof(#[from] ProofError),
    /// The proof is of other lines than those dealt.
    #[error("the proof is of other lines than those dealt, or of another seed: {0}")]
    Lines(#[from] OpenedError),
    /// The pages cannot be opened.
    #[error(transparent)]
    Opening(#[from] OpeningError),
    /// A page that was opened elsewhere does not hold what was dealt.
    #[error("page {0} does not hold the values that were dealt")]
    Page(usize),
    /// There is no randomness, or a secret cannot be used.
    #[error(transparent)]
    Secret(#[from] SecretError),
}
