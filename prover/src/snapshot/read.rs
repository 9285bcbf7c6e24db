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
/// If something cannot be read or is malformed: all faults, each with its place.
pub fn read(path: &Path) -> Result<Snapshot, SnapshotError> {
    let mut reading = Reading::default();
    let mut next_line = 0;
    for part in source::parts(path)? {
        let is_file = part.within.is_empty();
        let (kind, lines) =
            read_part(part, &mut reading).map_err(|error| reading.end_with(error))?;
        next_line = if kind == Kind::Csv && is_file { lines + 1 } else { 0 };
        reading.end(lines);
    }
    reading.finish(&path.display().to_string(), next_line)
}

/// Reads one file, and returns its kind and its number of lines.
fn read_part(part: Part, reading: &mut Reading) -> Result<(Kind, u64), SnapshotError> {
    let source = source::open(&part)?;
    let kind = source.kind();
    reading.begin(part, kind)?;
    let lines = match source {
        Source::Csv(text) => csv::read(buffered(text), reading)?,
        Source::Parquet(file) => parquet::read(file, reading)?,
    };
    Ok((kind, lines))
}

/// Reads the snapshot in CSV text from any source; `name` is the file's name in errors.
///
/// # Errors
/// If the text cannot be read or is malformed: all faults, each with its place.
pub fn read_csv(source: impl Read, name: &str) -> Result<Snapshot, SnapshotError> {
    let mut reading = Reading::default();
    let part = Part { name: name.to_owned(), ..Part::default() };
    reading.begin(part, Kind::Csv)?;
    let lines =
        csv::read(buffered(source), &mut reading).map_err(|error| reading.end_with(error))?;
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
