//! Why statements cannot be made.

use pacioli_attestation::{
    Digest, VolumeId,
    opening::{OpenedError, OpeningError},
};
use pacioli_rules::RulesError;
use thiserror::Error;

use crate::{layout::LayoutError, store::StoreError};

/// Why statements cannot be made.
#[derive(Debug, Error)]
pub enum BuildError {
    /// The run's private file cannot be used.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The run is of another attestation.
    #[error("the run is of another attestation: expected {expected}, got {got}")]
    OtherAttestation {
        /// The run's attestation.
        expected: Digest,
        /// The given attestation.
        got: Digest,
    },
    /// The attestation's rules are refused.
    #[error("in the attestation's rules: {0}")]
    Rules(#[from] RulesError),
    /// The attestation has invalid circuit sizes.
    #[error("in the attestation's header: {0}")]
    Shape(#[from] pacioli_circuits::ShapeError),
    /// The stored accounts do not fit their pages.
    #[error("the run's file is damaged: {0}")]
    Layout(#[from] LayoutError),
    /// The columns are not those that the proof committed.
    #[error("volume {volume}: {source}")]
    Sealed {
        /// The volume.
        volume: VolumeId,
        /// What is wrong.
        source: OpenedError,
    },
    /// The setup is not the one of the run.
    #[error(transparent)]
    Opening(#[from] OpeningError),
    /// The book has no account with this id.
    #[error("there is no account `{}` in the book", .0.escape_debug())]
    NoAccount(String),
    /// The pages are not opened yet, and no setup was given to open one alone.
    #[error("the page of `{}` is not opened yet: build the statements, or give the setup", .0.escape_debug())]
    NotOpened(String),
}
