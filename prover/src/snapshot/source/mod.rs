//! Where a snapshot comes from: a file, a pipe, or a folder of files, compressed or not.

mod compressed;
mod folder;
mod foreign;

use std::{
    fs::File,
    io::{self, Cursor, Read},
    path::Path,
};

use super::{
    error::SnapshotError,
    part::{Kind, Part},
    source_error::{MAX_PIPED_BYTES, SourceError},
    storage::{MAGIC, Storage},
};

/// Bytes enough to tell one kind of file from another.
const START_BYTES: u64 = 16;

/// The bytes of one file, by their kind.
pub(super) enum Source {
    /// Text.
    Csv(Box<dyn Read>),
    /// A file that is read in any order.
    Parquet(Storage),
}

impl Source {
    /// Its kind.
    pub fn kind(&self) -> Kind {
        match self {
            Self::Csv(_) => Kind::Csv,
            Self::Parquet(_) => Kind::Parquet,
        }
    }
}

/// The files of a snapshot in the order of their names: those of a folder, or the one at the path.
pub(super) fn parts(path: &Path) -> Result<Vec<Part>, SnapshotError> {
    if path.is_dir() { folder::parts(path) } else { Ok(vec![Part::single(path)]) }
}

/// Opens a file and finds out what it is. Nothing is read twice, so that it may be a pipe.
pub(super) fn open(part: &Part) -> Result<Source, SnapshotError> {
    let io = |error| part.io(error);
    let mut file = File::open(&part.path).map_err(io)?;
    let is_regular = file.metadata().map_err(io)?.is_file();
    let start = start_of(&mut file).map_err(io)?;
    if is_regular && is_parquet(part, &start) {
        return Ok(Source::Parquet(Storage::File(file)));
    }
    let whole = Cursor::new(start.clone()).chain(file);
    if !compressed::is_compressed(&start) {
        return in_order(part, &start, whole);
    }
    let mut inner = compressed::decompress(&start, whole).map_err(io)?;
    let start = start_of(&mut inner).map_err(io)?;
    if compressed::is_compressed(&start) {
        return Err(part.refuse(SourceError::CompressedTwice));
    }
    in_order(part, &start, Cursor::new(start.clone()).chain(inner))
}

/// A file that can only be read in order.
fn in_order(
    part: &Part,
    start: &[u8],
    mut whole: impl Read + 'static,
) -> Result<Source, SnapshotError> {
    if !start.starts_with(MAGIC) {
        foreign::check(start).map_err(|error| part.refuse(error))?;
        return Ok(Source::Csv(Box::new(whole)));
    }
    let mut bytes = Vec::new();
    let limited = whole.by_ref().take(MAX_PIPED_BYTES + 1);
    { limited }.read_to_end(&mut bytes).map_err(|error| part.io(error))?;
    if bytes.len() as u64 > MAX_PIPED_BYTES {
        return Err(part.refuse(SourceError::PipeTooLarge));
    }
    Ok(Source::Parquet(Storage::Memory(bytes.into())))
}

/// Whether a file is Parquet, by its start or, unless that says what else it is, by its name.
fn is_parquet(part: &Part, start: &[u8]) -> bool {
    let is_named = part.path.extension().is_some_and(|end| end == "parquet");
    let is_other = compressed::is_compressed(start) || foreign::check(start).is_err();
    start.starts_with(MAGIC) || is_named && !is_other
}

/// The first bytes of a file, fewer if it has fewer.
fn start_of(file: &mut impl Read) -> io::Result<Vec<u8>> {
    let mut start = Vec::new();
    file.take(START_BYTES).read_to_end(&mut start)?;
    Ok(start)
}
