//! One file of a snapshot.

use std::{
    io,
    path::{Path, PathBuf},
};

use super::{error::SnapshotError, partition::Partition, source_error::SourceError};

/// One file of a snapshot.
#[derive(Debug, Default)]
pub(super) struct Part {
    /// Its path.
    pub path: PathBuf,
    /// Its name in errors of its own: its path.
    pub name: String,
    /// Its name inside the folder that is read; empty for a single file.
    pub within: String,
    /// What the names of its folders say.
    pub partitions: Vec<Partition>,
}

/// The kinds of files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Csv,
    Parquet,
}

impl Part {
    /// A single file of this name.
    pub fn single(path: &Path) -> Self {
        Self { path: path.to_owned(), name: path.display().to_string(), ..Self::default() }
    }

    /// The error of a system call on it.
    pub fn io(&self, error: io::Error) -> SnapshotError {
        SnapshotError::Io { file: self.name.clone(), error }
    }

    /// Something wrong with it as a whole.
    pub fn refuse(&self, error: SourceError) -> SnapshotError {
        SnapshotError::Source { file: self.name.clone(), error }
    }
}
