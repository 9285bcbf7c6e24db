//! A setup as we keep it: what halo2 needs, for one number of rows.
//!
//! | bytes | hold |
//! |---|---|
//! | 16 | `pacioli setup v2` |
//! | 4 | k, little-endian |
//! | 64 n | `[tau^i]_1`, n = 2^k of them |
//! | 64 n | `[L_j(tau)]_1` |
//! | 128 | the generator of G2 |
//! | 128 | `[tau]_2` |
//! | 128 m | `[tau^(2^i)]_2` from i = 0, m = min(k, 10) of them |
//! | 64 | the BLAKE2b digest of all before |
//!
//! Points are uncompressed, coordinates little-endian in Montgomery form; from k to `[tau]_2` it is
//! halo2's own format. The last digest finds damage, not malice: anyone can compute it. So whoever
//! reads such a file, prover or verifier, checks all of it as an import does: that each point is on
//! its curve, and the power or the Lagrange point of `[tau]_2` that it should be. There is no other
//! way to read one. The setup's origin is read off `[tau]_2`; version 1 stored a digest of the
//! import beside it, which was only somebody's word.

use std::{
    fs::File,
    io::{self, BufReader, BufWriter, Read, Seek, Write},
    path::Path,
};

use blake2b_simd::State;
use halo2_proofs::{
    SerdeFormat,
    halo2curves::{
        bn256::{G1Affine, G2Affine},
        serde::SerdeObject,
    },
};
use thiserror::Error;

use super::{
    FileDigest, KnownTau, MAX_K, Origin, PointsError, Recognised, Setup, SourceError,
    check::Points,
    page_powers, recognise,
    source::{RawPoint, Source},
};
use crate::progress::Progress;

const MAGIC: [u8; 16] = *b"pacioli setup v2";

/// What files of every version begin with.
const ANY_VERSION: &[u8] = b"pacioli setup v";

/// Bytes of the digest at the end.
const DIGEST: usize = 64;

/// Why a file is not a setup of ours.
#[derive(Debug, Error)]
pub enum SetupFileError {
    /// The bytes or the points.
    #[error(transparent)]
    Source(#[from] SourceError),
    /// Another kind of file.
    #[error("this is not a setup file: make one with `pacioli setup import`")]
    Magic,
    /// Made by another version of this program.
    #[error("this is a setup file of another version: make it again with `pacioli setup import`")]
    Version,
    /// `k` is from 1 to [`MAX_K`].
    #[error("a setup has 2^1 to 2^{MAX_K} rows, not 2^{0}")]
    Rows(u32),
    /// `k` settles the length.
    #[error("a setup of 2^{k} rows has {expected} bytes, this file has {got}")]
    Length {
        /// Rows are `2^k`.
        k: u32,
        /// The length of such a file.
        expected: u64,
        /// The length found.
        got: u64,
    },
    /// The file was damaged.
    #[error("the file is damaged: it does not have the digest that it ends with")]
    Damaged,
    /// The generator, or the second copy of `[tau]_2`.
    #[error("the generator of G2, or the second copy of [tau]_2, is wrong")]
    G2,
    /// The points are not powers of tau.
    #[error(transparent)]
    Points(#[from] PointsError),
    /// A setup nobody should use.
    #[error("the setup is refused: {0}")]
    Refused(#[from] KnownTau),
}

/// Everything written, hashed.
struct Hashing<W> {
    writer: W,
    hasher: State,
}

impl<W: Write> Write for Hashing<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.writer.write(bytes)?;
        self.hasher.update(&bytes[..written]);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.writer.flush()
    }
}

impl Setup {
    /// Writes the setup to `path`, over what is there.
    ///
    /// # Errors
    /// If the operating system refuses.
    pub fn write(&self, path: &Path) -> io::Result<()> {
        let file = BufWriter::new(File::create(path)?);
        let mut out = Hashing { writer: file, hasher: State::new() };
        out.write_all(&MAGIC)?;
        self.params.write_custom(&mut out, SerdeFormat::RawBytesUnchecked)?;
        self.tau_powers_g2.iter().try_for_each(|point| point.write_raw(&mut out))?;
        let Hashing { mut writer, hasher } = out;
        writer.write_all(hasher.finalize().as_bytes())?;
        writer.flush()
    }

    /// Reads a setup that [`Setup::write`] wrote, and checks every point of it.
    ///
    /// Its origin is that of its `[tau]_2`, and so unknown where no ceremony has it:
    /// [`Setup::vouch`] takes the reader's word.
    ///
    /// # Errors
    /// If the file is not such a file, is damaged, holds a point that does not follow from
    /// `[tau]_2`, or a setup that is refused: see [`SetupFileError`].
    pub fn read(path: &Path, progress: &dyn Progress) -> Result<Self, SetupFileError> {
        let file = BufReader::new(File::open(path).map_err(SourceError::Io)?);
        read(file, progress)
    }
}

/// The setup in a file of ours.
fn read(file: impl Read + Seek, progress: &dyn Progress) -> Result<Setup, SetupFileError> {
    let mut source = Source::new(file, Some(State::new()), progress)?;
    let magic = source.bytes()?;
    if magic != MAGIC {
        let ours = magic.starts_with(ANY_VERSION);
        return Err(if ours { SetupFileError::Version } else { SetupFileError::Magic });
    }
    let k = source.u32()?;
    if !(1..=MAX_K).contains(&k) {
        return Err(SetupFileError::Rows(k));
    }
    let (expected, got) = (length(k), source.length());
    if expected != got {
        return Err(SetupFileError::Length { k, expected, got });
    }
    let powers = source.points(1 << k)?;
    let lagrange = source.points(1 << k)?;
    let g2: Vec<G2Affine> = source.points(2)?;
    let powers_g2: Vec<G2Affine> = source.points(page_powers(k))?;
    let digest = source.digest();
    if Some(FileDigest(source.bytes()?)) != digest {
        return Err(SetupFileError::Damaged);
    }
    if g2 != [G2Affine::generator(), powers_g2[0]] {
        return Err(SetupFileError::G2);
    }
    let origin = match recognise(&powers_g2[0]) {
        Recognised::Ceremony(name) => Origin::Ceremony(name),
        Recognised::Insecure => Origin::Insecure,
        Recognised::Refused(tau) => return Err(tau.into()),
        Recognised::Unknown => Origin::Unknown,
    };
    let points = Points { k, powers, lagrange, powers_g2 };
    points.check(progress)?;
    Ok(points.into_setup(origin))
}

/// Bytes of the file of a setup of `2^k` rows.
fn length(k: u32) -> u64 {
    let in_g2 = (2 + page_powers(k)) * G2Affine::SIZE;
    let rest = MAGIC.len() + size_of::<u32>() + in_g2 + DIGEST;
    let in_g1 = 2 * G1Affine::SIZE as u64;
    (in_g1 << k) + rest as u64
}
