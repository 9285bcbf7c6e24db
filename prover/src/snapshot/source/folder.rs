//! The files of a folder that are one snapshot, in the order of their names.
//!
//! Nothing is passed over but what writers are known to leave beside their files: `_SUCCESS` and
//! the like, checksums, and empty marks of a folder. Whatever else is there is refused by its name.

use std::{
    ffi::OsStr,
    fs::{self, DirEntry, FileType},
    path::Path,
};

use crate::snapshot::{
    error::SnapshotError, form::COLUMN_NAMES, part::Part, partition::Partition,
    source_error::SourceError,
};

/// Most folders inside one another: no table is partitioned by as many columns.
const MAX_DEPTH: usize = 8;

/// Most files of one snapshot.
const MAX_PARTS: usize = 1 << 16;

/// The files of a folder. Folders inside are called `column=value`.
pub(super) fn parts(folder: &Path) -> Result<Vec<Part>, SnapshotError> {
    let mut parts = Vec::new();
    let top =
        Part { path: folder.to_owned(), name: folder.display().to_string(), ..Part::default() };
    list(&top, 0, &mut parts)?;
    let Some(first) = parts.first() else { return Err(top.refuse(SourceError::EmptyFolder)) };
    for part in &parts {
        check_partitions(part, first).map_err(|error| part.refuse(error))?;
    }
    Ok(parts)
}

/// Adds the files of a folder, and of those in it, to the parts.
fn list(folder: &Part, depth: usize, parts: &mut Vec<Part>) -> Result<(), SnapshotError> {
    if depth > MAX_DEPTH {
        return Err(folder.refuse(SourceError::TooDeep(MAX_DEPTH)));
    }
    let entries = fs::read_dir(&folder.path).and_then(|entries| entries.collect::<Result<_, _>>());
    let mut entries: Vec<DirEntry> = entries.map_err(|error| folder.io(error))?;
    entries.sort_by_key(DirEntry::file_name);
    for entry in entries {
        let file_name = entry.file_name();
        let name = file_name.to_string_lossy();
        let within = match &*folder.within {
            "" => name.to_string(),
            above => format!("{above}/{name}"),
        };
        let path = entry.path();
        let mut part = Part {
            name: path.display().to_string(),
            path,
            within,
            partitions: folder.partitions.clone(),
        };
        // A link counts as what it leads to.
        let metadata = fs::metadata(&part.path).map_err(|error| part.io(error))?;
        match kind_of(&file_name, metadata.file_type(), metadata.len()) {
            Err(error) => return Err(part.refuse(error)),
            Ok(Kind::Marker) => {}
            Ok(Kind::File) if parts.len() == MAX_PARTS => {
                return Err(folder.refuse(SourceError::TooMany(MAX_PARTS)));
            }
            Ok(Kind::File) => parts.push(part),
            Ok(Kind::Folder(partition)) => {
                part.partitions.push(partition);
                list(&part, depth + 1, parts)?;
            }
        }
    }
    Ok(())
}

/// What is found in a folder.
enum Kind {
    /// Left by a writer beside its files.
    Marker,
    File,
    Folder(Partition),
}

/// What a file or folder of this name is.
fn kind_of(name: &OsStr, kind: FileType, bytes: u64) -> Result<Kind, SourceError> {
    let name = name.to_str();
    let stray = if kind.is_dir() { SourceError::StrayFolder } else { SourceError::Stray };
    let Some(name) = name else {
        return if kind.is_file() && bytes > 0 { Ok(Kind::File) } else { Err(stray) };
    };
    if kind.is_dir() {
        return match name {
            "_delta_log" => Err(SourceError::Versioned("a Delta table")),
            ".hoodie" => Err(SourceError::Versioned("a Hudi table")),
            "metadata" => Err(SourceError::Versioned("an Iceberg table")),
            _ if name.starts_with("_temporary") || name.starts_with(".spark-staging") => {
                Err(SourceError::Unfinished)
            }
            _ if name.starts_with(['.', '_']) => Err(stray),
            _ => Partition::parse(name).unwrap_or(Err(stray)).map(Kind::Folder),
        };
    }
    if !kind.is_file() {
        return Err(stray);
    }
    match name {
        "_SUCCESS" | "_metadata" | "_common_metadata" | ".DS_Store" => Ok(Kind::Marker),
        _ if name.starts_with("_committed_") || name.starts_with("_started_") => Ok(Kind::Marker),
        _ if name.starts_with('.') && name.ends_with(".crc") => Ok(Kind::Marker),
        _ if name.ends_with("_$folder$") && bytes == 0 => Ok(Kind::Marker),
        _ if name.ends_with(".inprogress") || name.ends_with(".tmp") => {
            Err(SourceError::Unfinished)
        }
        _ if name.starts_with(['.', '_']) => Err(stray),
        _ if bytes == 0 => Err(SourceError::EmptyPart),
        _ => Ok(Kind::File),
    }
}

/// Fails unless a file's folders are of the same columns as the first file's, and those that no
/// snapshot has are of the same value: two days are two snapshots.
fn check_partitions(part: &Part, first: &Part) -> Result<(), SourceError> {
    let columns = |part: &Part| {
        part.partitions.iter().map(|one| one.column.clone()).collect::<Vec<_>>().join("/")
    };
    let (got, expected) = (columns(part), columns(first));
    if got != expected {
        return Err(SourceError::OtherPartitions { got, expected, first: first.within.clone() });
    }
    let pairs = part.partitions.iter().zip(&first.partitions);
    let mut labels = pairs.filter(|(one, _)| !COLUMN_NAMES.contains(&&*one.column));
    match labels.find(|(one, other)| one.value != other.value) {
        None => Ok(()),
        Some((one, other)) => Err(SourceError::TwoValues {
            column: one.column.clone(),
            value: one.value.clone(),
            first_value: other.value.clone(),
            first: first.within.clone(),
        }),
    }
}
