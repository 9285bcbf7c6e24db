//! Why a pack is refused.

use std::io;

use thiserror::Error;

use super::{MAX_BYTES, MAX_FILES};

/// Why a pack cannot be used.
#[derive(Debug, Error)]
pub enum PackError {
    /// It cannot be read, or is no tar file.
    #[error("the pack cannot be read: {0}")]
    Io(#[from] io::Error),
    /// Its list cannot be.
    #[error("the pack's manifest.json: {}", .0.to_string().escape_debug())]
    Manifest(#[from] serde_json::Error),
    /// Of another version.
    #[error("the pack's version is `{}`, which this program does not read", .0.escape_debug())]
    Version(String),
    /// A link, a folder, a device, a sparse file, a header of another dialect.
    #[error("`{}` in the pack is no plain file", .0.escape_debug())]
    NoFile(String),
    /// A name that no file of a pack has.
    #[error("the pack has a file `{}`, which is no name of its kind", .0.escape_debug())]
    Name(String),
    /// One name twice.
    #[error("the pack has `{}` twice", .0.escape_debug())]
    Twice(String),
    /// Something is not there.
    #[error("the pack has no `{}`", .0.escape_debug())]
    Missing(String),
    /// A file that the manifest does not name.
    #[error("the pack's manifest.json does not name `{}`", .0.escape_debug())]
    Unnamed(String),
    /// Some programs read on after the end of an archive.
    #[error("the pack has something behind its end: it was made to be read otherwise elsewhere")]
    Behind,
    /// A file that is another than the one listed.
    #[error("`{}` in the pack is not what its manifest.json says: it was damaged or exchanged", .0.escape_debug())]
    Other(String),
    /// Too many files.
    #[error("the pack has more than the {MAX_FILES} files that it may have")]
    TooMany,
    /// Too large.
    #[error("the pack has more than the {MAX_BYTES} bytes that it may have")]
    TooLarge,
}
