//! From a path to the snapshot there.

use std::{
    io::{BufReader, Read},
    path::Path,
};

use super::{
    csv,
    error::SnapshotError,
    holdings::Snapshot,
    parquet,
    part::{Kind, Part},
    reading::Reading,
    source::{self, Source},
};

/// Reads the snapshot at a path: a file, a pipe, or a folder of files that are read as one in the
/// order of their names.
///
/// A file is Parquet if it begins as Parquet does or its name ends in `.parquet`, and CSV
/// otherwise; either may be compressed as a whole with gzip or zstd. Folders inside a folder are
/// called `column=value`. A column of that name in a shape is a column of the snapshot; any other
/// must have one value.
///
/// # Errors
/// If something cannot be read or is malformed: the first fault, with its place.
pub fn read(path: &Path) -> Result<Snapshot, SnapshotError> {
    let mut reading = Reading::default();
    let mut next_line = 0;
    for part in source::parts(path)? {
        let source = source::open(&part)?;
        let is_text = source.kind() == Kind::Csv && part.within.is_empty();
        reading.begin(part, source.kind())?;
        let lines = match source {
            Source::Csv(text) => csv::read(buffered(text), &mut reading)?,
            Source::Parquet(file) => parquet::read(file, &mut reading)?,
        };
        next_line = if is_text { lines + 1 } else { 0 };
        reading.end(lines);
    }
    reading.finish(&path.display().to_string(), next_line)
}

/// Reads the snapshot in CSV text from any source; `name` is the file's name in errors.
///
/// # Errors
/// If the text cannot be read or is malformed: the first fault, with its place.
pub fn read_csv(source: impl Read, name: &str) -> Result<Snapshot, SnapshotError> {
    let mut reading = Reading::default();
    let part = Part { name: name.to_owned(), ..Part::default() };
    reading.begin(part, Kind::Csv)?;
    let lines = csv::read(buffered(source), &mut reading)?;
    reading.finish(name, lines + 1)
}

fn buffered<R: Read>(source: R) -> BufReader<R> {
    BufReader::with_capacity(1 << 16, source)
}

/// The fault in a CSV text, with its line and column.
#[cfg(test)]
pub(super) fn fault_in(text: impl AsRef<[u8]>) -> (u64, u32, super::Fault) {
    match read_csv(text.as_ref(), "book.csv") {
        Err(SnapshotError::Fault { place, fault, .. }) => (place.line, place.column, fault),
        other => panic!("no fault: {other:?}"),
    }
}
