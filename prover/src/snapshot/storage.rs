//! Where the bytes of a Parquet file are: on disk, or in memory if they came through a pipe.

use std::{
    fs::File,
    io::{BufReader, Read},
};

use bytes::Bytes;
use parquet::{
    errors::{ParquetError, Result},
    file::reader::{ChunkReader, Length},
};

/// The first bytes of a Parquet file.
pub(super) const MAGIC: &[u8] = b"PAR1";

/// A Parquet file, which is read in any order.
pub(super) enum Storage {
    File(File),
    Memory(Bytes),
}

impl Length for Storage {
    fn len(&self) -> u64 {
        match self {
            Self::File(file) => Length::len(file),
            Self::Memory(bytes) => Length::len(bytes),
        }
    }
}

impl ChunkReader for Storage {
    type T = BufReader<Box<dyn Read>>;

    fn get_read(&self, start: u64) -> Result<Self::T> {
        let read: Box<dyn Read> = match self {
            Self::File(file) => Box::new(file.get_read(start)?.into_inner()),
            Self::Memory(bytes) => Box::new(bytes.get_read(start)?),
        };
        Ok(BufReader::new(read))
    }

    /// A length that the file does not have is an error before any memory is taken for it.
    fn get_bytes(&self, start: u64, length: usize) -> Result<Bytes> {
        if start.checked_add(length as u64).is_none_or(|end| end > self.len()) {
            return Err(ParquetError::EOF(format!(
                "{length} bytes at byte {start} are past the end of the file"
            )));
        }
        match self {
            Self::File(file) => file.get_bytes(start, length),
            Self::Memory(bytes) => bytes.get_bytes(start, length),
        }
    }
}
