//! Points read from a file of any size, and the digest of what was read.

use std::io::{self, Read, Seek, SeekFrom};

use blake2b_simd::State;
use halo2_proofs::halo2curves::{
    bn256::{G1Affine, G2Affine},
    serde::SerdeObject,
};
use rayon::prelude::*;
use thiserror::Error;

use super::FileDigest;
use crate::progress::Progress;

/// Bytes read, hashed and parsed at a time.
const CHUNK: usize = 1 << 22;

/// Bytes of a MiB, in which progress is counted, as a power of two.
const MIB: u32 = 20;

/// A part of a file that cannot be read.
#[derive(Debug, Error)]
pub enum SourceError {
    /// The operating system's reason.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// The file ends before what it announces.
    #[error("the file is truncated: {missing} bytes are missing at byte {offset}")]
    Truncated {
        /// The byte at which they should begin.
        offset: u64,
        /// How many bytes of what is read there the file does not have.
        missing: u64,
    },
    /// A coordinate is not canonical, or the coordinates do not satisfy the curve's equation.
    #[error("the {size} bytes at byte {offset} are not a point of the curve")]
    Point {
        /// The byte at which the point begins.
        offset: u64,
        /// Bytes of a point: 64 in G1, 128 in G2.
        size: usize,
    },
}

/// A point as halo2 and snarkjs both write it: coordinates in Montgomery form, little-endian.
pub(super) trait RawPoint: SerdeObject + Send {
    /// Bytes of a point.
    const SIZE: usize;
}

impl RawPoint for G1Affine {
    const SIZE: usize = 64;
}

impl RawPoint for G2Affine {
    const SIZE: usize = 128;
}

/// A file read from front to back once. With a hasher, everything that is passed is hashed, so that
/// the digest is of the very bytes the points were made from.
pub(super) struct Source<'a, R> {
    reader: R,
    offset: u64,
    length: u64,
    hasher: Option<State>,
    progress: &'a dyn Progress,
}

impl<'a, R: Read + Seek> Source<'a, R> {
    /// The start of `reader`; `hasher` has hashed nothing yet.
    pub(super) fn new(
        mut reader: R,
        hasher: Option<State>,
        progress: &'a dyn Progress,
    ) -> Result<Self, SourceError> {
        let length = reader.seek(SeekFrom::End(0))?;
        reader.rewind()?;
        progress.begin("reading the setup", length >> MIB);
        Ok(Self { reader, offset: 0, length, hasher, progress })
    }

    /// Bytes of the file.
    pub(super) fn length(&self) -> u64 {
        self.length
    }

    /// Bytes read or passed over so far.
    pub(super) fn offset(&self) -> u64 {
        self.offset
    }

    /// Refuses lengths the file does not have, before anything is allocated for them.
    pub(super) fn expect(&self, bytes: u64) -> Result<(), SourceError> {
        match bytes.checked_sub(self.length - self.offset) {
            None | Some(0) => Ok(()),
            Some(missing) => Err(SourceError::Truncated { offset: self.length, missing }),
        }
    }

    fn fill(&mut self, buffer: &mut [u8]) -> Result<(), SourceError> {
        self.expect(buffer.len() as u64)?;
        self.reader.read_exact(buffer)?;
        if let Some(hasher) = &mut self.hasher {
            hasher.update(buffer);
        }
        self.offset += buffer.len() as u64;
        Ok(())
    }

    /// The next `N` bytes.
    pub(super) fn bytes<const N: usize>(&mut self) -> Result<[u8; N], SourceError> {
        let mut bytes = [0; N];
        self.fill(&mut bytes)?;
        Ok(bytes)
    }

    /// The next number, little-endian.
    pub(super) fn u32(&mut self) -> Result<u32, SourceError> {
        self.bytes().map(u32::from_le_bytes)
    }

    /// The next number, little-endian.
    pub(super) fn u64(&mut self) -> Result<u64, SourceError> {
        self.bytes().map(u64::from_le_bytes)
    }

    /// The next `count` points, each of them on the curve; the point at infinity counts as such.
    pub(super) fn points<C: RawPoint>(&mut self, count: usize) -> Result<Vec<C>, SourceError> {
        self.expect(count as u64 * C::SIZE as u64)?;
        let mut points = Vec::with_capacity(count);
        let mut buffer = vec![0; CHUNK.min(count * C::SIZE)];
        while points.len() < count {
            let start = self.offset;
            let bytes = buffer.len().min((count - points.len()) * C::SIZE);
            let buffer = &mut buffer[..bytes];
            self.fill(buffer)?;
            // `read_raw` of halo2curves does not look at the curve's equation; `from_raw_bytes`
            // does.
            let parsed = buffer.par_chunks_exact(C::SIZE).enumerate().map(|(index, bytes)| {
                C::from_raw_bytes(bytes).ok_or(SourceError::Point {
                    offset: start + (index * C::SIZE) as u64,
                    size: C::SIZE,
                })
            });
            points.extend(parsed.collect::<Result<Vec<_>, _>>()?);
            self.progress.reach(self.offset >> MIB);
        }
        Ok(points)
    }

    /// Passes over bytes: hashes them where there is a hasher, seeks otherwise.
    pub(super) fn skip(&mut self, bytes: u64) -> Result<(), SourceError> {
        self.expect(bytes)?;
        let end = self.offset + bytes;
        if self.hasher.is_none() {
            self.reader.seek(SeekFrom::Start(end))?;
            self.offset = end;
            return Ok(());
        }
        let mut buffer = vec![0; CHUNK.min(bytes as usize)];
        while self.offset < end {
            let bytes = (end - self.offset).min(CHUNK as u64) as usize;
            self.fill(&mut buffer[..bytes])?;
            self.progress.reach(self.offset >> MIB);
        }
        Ok(())
    }

    /// The digest of everything passed so far, where there is a hasher.
    pub(super) fn digest(&self) -> Option<FileDigest> {
        let hash = self.hasher.as_ref()?.finalize();
        hash.as_bytes().try_into().ok().map(FileDigest)
    }
}
