//! A place in a snapshot's file.

use std::fmt;

/// A place in a snapshot's file.
#[derive(Default, Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// Line of the file, from 1, the header included. In Parquet the row, from 1; 0 is the schema.
    /// In a folder of files, after the lines of the files before: see [`Files`](super::Files).
    pub line: u64,
    /// Column, from 1: the field's index among the fields of its line, not a byte offset.
    pub column: u32,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, column {}", self.line, self.column)
    }
}
