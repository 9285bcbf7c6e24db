//! What storage refuses, and whether another try may help.

use std::io;

use thiserror::Error;

/// Why an object cannot be had or made.
#[derive(Debug, Error)]
pub enum ObjectsError {
    /// The folder of the objects is not there: on a machine that has just begun, its mount may come
    /// yet.
    #[error("{0} is not there: it is mounted later, or the path is another")]
    NoFolder(String),
    /// A file or folder cannot be read or written.
    #[error("{name}: {source}")]
    File {
        /// The path.
        name: String,
        /// What the system says.
        source: io::Error,
    },
    /// What has an object's name is none: a folder, a link, a pipe or a device.
    #[error("{0}: it is no file")]
    NoFile(String),
    /// An object is larger than any of its kind.
    #[error("{name}: it has more than {most} bytes: it was exchanged or damaged")]
    TooLarge {
        /// Its name.
        name: String,
        /// The most bytes that were asked for.
        most: u64,
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
    /// Whether one object is at fault and not the storage: the others may be sound.
    pub fn is_of_one_object(&self) -> bool {
        matches!(self, Self::NoFile(_) | Self::TooLarge { .. })
    }

    /// Whether the same may succeed later: the storage did not answer, is not there yet, or has no
    /// room now. What is forbidden or wrong stays so, and a bucket that does not exist is wrong.
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
            Self::NoFolder(_) | Self::Client(_) | Self::Randomness => true,
            Self::NoFile(_) | Self::TooLarge { .. } | Self::Address { .. } | Self::Replaces(_) => {
                false
            }
        }
    }
}
