//! What storage refuses, and whether another try may help.

use std::io;

use thiserror::Error;

/// Why an object cannot be had or made.
#[derive(Debug, Error)]
pub enum ObjectsError {
    /// A file or folder cannot be read or written.
    #[error("{name}: {source}")]
    File {
        /// The path.
        name: String,
        /// What the system says.
        source: io::Error,
    },
    /// The bucket did not give or take an object.
    #[error("{name}: {source}")]
    Bucket {
        /// The address.
        name: String,
        /// What the client says.
        source: Box<object_store::Error>,
    },
    /// The address or a variable about it is malformed.
    #[error("`{address}` is not an address such as s3://bucket/prefix: {why}")]
    Address {
        /// The address.
        address: String,
        /// What is wrong.
        why: String,
    },
    /// Objects that exist are replaced.
    #[error(
        "{0} replaces objects that exist: a folder has to know hard links, a bucket conditional puts \
         (If-None-Match)"
    )]
    Replaces(String),
    /// The client cannot be made.
    #[error("cannot begin to talk to the storage: {0}")]
    Client(io::Error),
    /// The operating system provides no randomness.
    #[error("the operating system provides no randomness")]
    Randomness,
}

impl ObjectsError {
    /// Whether the same may succeed later: the storage did not answer, or has no room now. What is
    /// forbidden or wrong stays so.
    pub fn may_pass(&self) -> bool {
        use object_store::Error as Bucket;
        match self {
            Self::File { source, .. } => !matches!(
                source.kind(),
                io::ErrorKind::NotFound
                    | io::ErrorKind::PermissionDenied
                    | io::ErrorKind::NotADirectory
                    | io::ErrorKind::IsADirectory
                    | io::ErrorKind::ReadOnlyFilesystem
                    | io::ErrorKind::InvalidInput
                    | io::ErrorKind::InvalidFilename
                    | io::ErrorKind::Unsupported
            ),
            Self::Bucket { source, .. } => !matches!(
                **source,
                Bucket::NotFound { .. }
                    | Bucket::InvalidPath { .. }
                    | Bucket::NotSupported { .. }
                    | Bucket::NotImplemented { .. }
                    | Bucket::PermissionDenied { .. }
                    | Bucket::Unauthenticated { .. }
                    | Bucket::UnknownConfigurationKey { .. }
            ),
            Self::Client(_) | Self::Randomness => true,
            Self::Address { .. } | Self::Replaces(_) => false,
        }
    }
}
