//! What is wrong with a file or folder as a whole.

use thiserror::Error;

/// Largest Parquet file that is read from a pipe, or compressed as a whole: it is kept in memory.
pub(super) const MAX_PIPED_BYTES: u64 = 1 << 32;

/// What is wrong with a file or folder as a whole, and what to do.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum SourceError {
    /// A file of another kind.
    #[error("this is {kind}; {remedy}")]
    Foreign {
        /// The kind.
        kind: &'static str,
        /// What to do.
        remedy: &'static str,
    },
    /// Compressed within compressed.
    #[error("this is compressed twice; decompress it once")]
    CompressedTwice,
    /// Parquet that would have to be kept in memory.
    #[error(
        "this is Parquet of more than {} GiB from a pipe, which is read into memory; write it to a \
         file, or as CSV",
        MAX_PIPED_BYTES >> 30
    )]
    PipeTooLarge,
    /// A folder without anything to read.
    #[error("no file of a snapshot is in this folder")]
    EmptyFolder,
    /// A file of no bytes.
    #[error(
        "the file is empty, so what wrote it did not end: write it again, or delete it if it is no \
         part of the snapshot"
    )]
    EmptyPart,
    /// A file or folder of an unfinished or running job.
    #[error("left by a job that has not ended: wait for it, or write the folder again")]
    Unfinished,
    /// A table of several versions.
    #[error(
        "this folder is {0}, whose files are of several versions; write one version out as plain \
         Parquet"
    )]
    Versioned(&'static str),
    /// What is neither a part of a snapshot nor a marker.
    #[error("neither a file of a snapshot nor a marker that writers leave; move it elsewhere")]
    Stray,
    /// A folder whose name is not `column=value`.
    #[error("a folder in a snapshot is called `column=value`; move it elsewhere")]
    StrayFolder,
    /// A folder whose name is not UTF-8 or wrongly escaped.
    #[error("the name of the folder cannot be read as `column=value`")]
    Partition,
    /// Folders that are deeper than any table is partitioned.
    #[error("more than {0} folders inside one another")]
    TooDeep(usize),
    /// More files than anyone means.
    #[error("more than {0} files in one folder")]
    TooMany(usize),
    /// CSV among Parquet, or the other way round.
    #[error("not of the same kind as `{first}`; a snapshot is CSV or Parquet, not both")]
    Mixed {
        /// The first file.
        first: String,
    },
    /// Other folders above it than above the first file.
    #[error(
        "partitioned by `{got}`, but `{first}` by `{expected}`; a snapshot is partitioned in one \
         way"
    )]
    OtherPartitions {
        /// The columns of this file's folders.
        got: String,
        /// The columns of the first file's.
        expected: String,
        /// The first file.
        first: String,
    },
    /// Two values of a column that the snapshot does not have.
    #[error(
        "`{column}` is `{value}` here and `{first_value}` in `{first}`: not of one snapshot, \
         unless `{column}` is a column of it; read the folder of one value"
    )]
    TwoValues {
        /// The column.
        column: String,
        /// Its value.
        value: String,
        /// Its value in the first file.
        first_value: String,
        /// The first file.
        first: String,
    },
    /// Other columns than the first file has.
    #[error("the columns are `{got}`, but `{expected}` in `{first}`; write all files alike")]
    OtherColumns {
        /// The columns of this file.
        got: String,
        /// The columns of the first file.
        expected: String,
        /// The first file.
        first: String,
    },
}
