//! Powers of tau from a `.ptau` file of snarkjs, prepared for phase 2.
//!
//! The file is `ptau`, a version, and sections, each an id (4 bytes), a length (8 bytes) and its
//! contents, all numbers little-endian. For a file of power p (source: `powersoftau_new.js` and
//! `powersoftau_preparephase2.js` of snarkjs 0.7.6):
//!
//! | section | holds | of which we keep |
//! |---|---|---|
//! | 1 | bytes of a coordinate, the prime, p, the ceremony's p | the check that it is BN254, p |
//! | 2 | `[tau^i]_1`, 2^(p+1) - 1 of them | the first 2^k |
//! | 3 | `[tau^i]_2`, 2^p of them | those where i is 1, 2, 4, .., 512 |
//! | 12 | the Lagrange bases in G1 of 2^0, 2^1, .., 2^p, 2^(p+1) points | that of 2^k |
//! | others | alpha, beta, contributions, more Lagrange bases | nothing |
//!
//! A file has some gigabytes, so it is read once, from front to back: hashed where a digest is
//! expected, else with a seek over what is not kept.
//!
//! **Two roots of unity.** snarkjs derives its roots of unity from 5, halo2-axiom from 7, so the
//! same Lagrange points stand in another order; [`HALO2_ROOT`] leads from one to the other.

use std::{
    fs::File,
    io::{BufReader, Read, Seek},
    path::Path,
};

use blake2b_simd::State;
use halo2_proofs::halo2curves::bn256::{G1Affine, G2Affine};
use thiserror::Error;

use super::{
    FileDigest, KnownTau, MAX_K, Origin, PointsError, Recognised, Setup, SourceError,
    check::Points,
    page_powers, recognise,
    source::{RawPoint, Source},
};
use crate::progress::Progress;

/// halo2's root of unity of order 2^28 is snarkjs's to this power; the lower bits of it serve the
/// smaller orders.
const HALO2_ROOT: usize = 0x32626e1;

/// The prime of BN254's coordinates, little-endian.
const PRIME: [u8; 32] = [
    0x47, 0xfd, 0x7c, 0xd8, 0x16, 0x8c, 0x20, 0x3c, 0x8d, 0xca, 0x71, 0x68, 0x91, 0x6a, 0x81, 0x97,
    0x5d, 0x58, 0x81, 0x81, 0xb6, 0x45, 0x50, 0xb8, 0x29, 0xa0, 0x31, 0xe1, 0x72, 0x4e, 0x64, 0x30,
];

const HEADER: u32 = 1;
const TAU_G1: u32 = 2;
const TAU_G2: u32 = 3;
const LAGRANGE_G1: u32 = 12;

/// Why a `.ptau` file was not imported.
#[derive(Debug, Error)]
pub enum PtauError {
    /// The bytes or the points.
    #[error(transparent)]
    Source(#[from] SourceError),
    /// `k` is from 1 to [`MAX_K`].
    #[error("a setup has 2^1 to 2^{MAX_K} rows, not 2^{0}")]
    Rows(u32),
    /// Another kind of file: its first four bytes.
    #[error(
        "this is not a .ptau file: it begins with \"{}\"; a page of a server's error and the raw \
         parameters of other programs are not read", .0.escape_ascii()
    )]
    Magic([u8; 4]),
    /// snarkjs knows version 1 alone.
    #[error("this is a .ptau file of version {0}, and only version 1 is known")]
    Version(u32),
    /// The header has another prime than BN254's, or another length.
    #[error("this .ptau file is not for the curve BN254 (bn128)")]
    Curve,
    /// A power no file can have.
    #[error("this .ptau file says that it has power {0}; the largest is {MAX_K}")]
    Power(u32),
    /// The file is for smaller circuits.
    #[error("this .ptau file has power {power}, but circuits of 2^{k} rows need power {k}")]
    TooSmall {
        /// The rows asked for are `2^k`.
        k: u32,
        /// The file's power.
        power: u32,
    },
    /// snarkjs writes section 1 first.
    #[error("section {0} comes before the header")]
    BeforeHeader(u32),
    /// A section may stand there once.
    #[error("duplicate section {0}")]
    Duplicate(u32),
    /// The powers of tau.
    #[error("section {0} is missing")]
    Missing(u32),
    /// The Lagrange bases are missing.
    #[error(
        "this .ptau file is not prepared for phase 2: run `snarkjs powersoftau prepare phase2` on it"
    )]
    NotPrepared,
    /// The header's power settles the lengths.
    #[error("section {section} of a file of power {power} cannot have {got} bytes")]
    Length {
        /// The section.
        section: u32,
        /// The file's power.
        power: u32,
        /// The length found.
        got: u64,
    },
    /// Not the file that its user vouched for.
    #[error("the file's digest is {0}, not the one given")]
    Digest(FileDigest),
    /// Only a digest can vouch for what nobody recognises.
    #[error(
        "the ceremony of this file is not known: give its BLAKE2b digest from a source you trust"
    )]
    Unknown,
    /// A setup nobody should use.
    #[error("the file is refused: {0}")]
    Refused(#[from] KnownTau),
    /// Our own insecure setup is made, never imported.
    #[error("the file is refused: it holds the insecure setup, whose tau everyone knows")]
    Insecure,
    /// The points are not powers of tau.
    #[error(transparent)]
    Points(#[from] PointsError),
}

/// The powers of tau for circuits of `2^k` rows from the `.ptau` file at `path`.
///
/// With `expected`, the whole file has to have that BLAKE2b digest. Without, its `[tau]_2` has to
/// be that of a known ceremony, which says as much: all other points are then checked to follow
/// from it, so a file with one of them changed is refused, and one that differs elsewhere is the
/// same setup. The digest says that a file arrived as it was meant to; nothing of it is kept, and
/// an unknown ceremony stays unknown.
///
/// # Errors
/// If the file is malformed, too small, not prepared, not vouched for, or fails a check: see
/// [`PtauError`].
pub fn import_ptau(
    path: &Path,
    k: u32,
    expected: Option<FileDigest>,
    progress: &dyn Progress,
) -> Result<Setup, PtauError> {
    let file = BufReader::new(File::open(path).map_err(SourceError::Io)?);
    let source = Source::new(file, expected.map(|_| State::new()), progress)?;
    let (points, digest) = read(source, k)?;
    if let Some(got) = digest.filter(|_| digest != expected) {
        return Err(PtauError::Digest(got));
    }
    let origin = admit(recognise(&points.powers_g2[0]), digest.is_some())?;
    points.check(progress)?;
    Ok(points.into_setup(origin))
}

/// What is imported: a known ceremony, or a file that had the digest which its user expected.
fn admit(recognised: Recognised, expected: bool) -> Result<Origin, PtauError> {
    match recognised {
        Recognised::Ceremony(name) => Ok(Origin::Ceremony(name)),
        Recognised::Insecure => Err(PtauError::Insecure),
        Recognised::Refused(tau) => Err(tau.into()),
        Recognised::Unknown if expected => Ok(Origin::Unknown),
        Recognised::Unknown => Err(PtauError::Unknown),
    }
}

/// The points for `2^k` rows, on their curves but not otherwise checked, and the digest of the
/// whole file where the source has a hasher.
fn read(
    mut source: Source<impl Read + Seek>,
    k: u32,
) -> Result<(Points, Option<FileDigest>), PtauError> {
    if !(1..=MAX_K).contains(&k) {
        return Err(PtauError::Rows(k));
    }
    let magic = source.bytes()?;
    if magic != *b"ptau" {
        return Err(PtauError::Magic(magic));
    }
    let version = source.u32()?;
    if version != 1 {
        return Err(PtauError::Version(version));
    }
    let (mut power, mut powers, mut powers_g2, mut lagrange) = (None, None, None, None);
    for _ in 0..source.u32()? {
        let (section, length) = (source.u32()?, source.u64()?);
        source.expect(length)?;
        let end = source.offset() + length;
        let power_of = |section| power.ok_or(PtauError::BeforeHeader(section));
        match section {
            HEADER => once(&mut power, section, read_header(&mut source, length, k)?)?,
            TAU_G1 => {
                check_length::<G1Affine>(section, power_of(section)?, length)?;
                once(&mut powers, section, source.points(1 << k)?)?;
            }
            TAU_G2 => {
                check_length::<G2Affine>(section, power_of(section)?, length)?;
                once(&mut powers_g2, section, read_powers_g2(&mut source, k)?)?;
            }
            LAGRANGE_G1 => {
                check_length::<G1Affine>(section, power_of(section)?, length)?;
                source.skip(((1 << k) - 1) * G1Affine::SIZE as u64)?;
                once(&mut lagrange, section, halo2_order(&source.points(1 << k)?))?;
            }
            _ => {}
        }
        source.skip(end - source.offset())?;
    }
    source.skip(source.length() - source.offset())?;
    let points = Points {
        k,
        powers: powers.ok_or(PtauError::Missing(TAU_G1))?,
        lagrange: lagrange.ok_or(PtauError::NotPrepared)?,
        powers_g2: powers_g2.ok_or(PtauError::Missing(TAU_G2))?,
    };
    Ok((points, source.digest()))
}

fn once<T>(slot: &mut Option<T>, section: u32, contents: T) -> Result<(), PtauError> {
    match slot.replace(contents) {
        None => Ok(()),
        Some(_) => Err(PtauError::Duplicate(section)),
    }
}

/// The file's power, of a file that is large enough for `2^k` rows.
fn read_header(
    source: &mut Source<impl Read + Seek>,
    length: u64,
    k: u32,
) -> Result<u32, PtauError> {
    let size = source.u32()?;
    if length != 44 || size as usize != PRIME.len() || source.bytes()? != PRIME {
        return Err(PtauError::Curve);
    }
    let (power, _of_the_ceremony) = (source.u32()?, source.u32()?);
    match power {
        _ if power > MAX_K => Err(PtauError::Power(power)),
        _ if power < k => Err(PtauError::TooSmall { k, power }),
        _ => Ok(power),
    }
}

/// Refuses a section that does not have as many points as a file of this power. Early versions of
/// snarkjs wrote no Lagrange basis of 2^(p+1) points.
fn check_length<C: RawPoint>(section: u32, power: u32, got: u64) -> Result<(), PtauError> {
    let points: &[u64] = match section {
        TAU_G1 => &[(2 << power) - 1],
        TAU_G2 => &[1 << power],
        _ => &[(2 << power) - 1, (4 << power) - 1],
    };
    match points.iter().any(|points| points * C::SIZE as u64 == got) {
        true => Ok(()),
        false => Err(PtauError::Length { section, power, got }),
    }
}

/// `[tau^(2^i)]_2`, as many as a setup of `2^k` rows holds.
fn read_powers_g2(
    source: &mut Source<impl Read + Seek>,
    k: u32,
) -> Result<Vec<G2Affine>, SourceError> {
    let count = page_powers(k);
    let powers: Vec<G2Affine> = source.points((1 << (count - 1)) + 1)?;
    Ok((0..count).map(|i| powers[1 << i]).collect())
}

/// Lagrange points in the order of halo2's roots of unity, from that of snarkjs's.
fn halo2_order(points: &[G1Affine]) -> Vec<G1Affine> {
    (0..points.len()).map(|row| points[row * HALO2_ROOT % points.len()]).collect()
}

#[cfg(test)]
mod tests {
    use ff::{Field, PrimeField};
    use halo2_proofs::halo2curves::bn256::Fr;

    use super::*;

    const FILE: &[u8] = include_bytes!("../../tests/ptau/power7.ptau");

    #[test]
    fn a_file_read_with_seeks_holds_the_points_of_one_that_is_hashed() {
        let read = |hasher| {
            let source = Source::new(std::io::Cursor::new(FILE), hasher, &()).unwrap();
            read(source, 5).unwrap()
        };
        let ((hashed, digest), (sought, none)) = (read(Some(State::new())), read(None));
        assert_eq!(digest, Some(FileDigest(*blake2b_simd::blake2b(FILE).as_array())));
        assert_eq!(none, None);
        assert_eq!(hashed.powers, sought.powers);
        assert_eq!(hashed.lagrange, sought.lagrange);
        assert_eq!(hashed.powers_g2, sought.powers_g2);
    }

    #[test]
    fn a_known_ceremony_needs_no_digest_and_a_known_tau_has_no_excuse() {
        let name = "a ceremony";
        for expected in [false, true] {
            let admit = |recognised| admit(recognised, expected);
            assert_eq!(admit(Recognised::Ceremony(name)).unwrap(), Origin::Ceremony(name));
            assert!(matches!(admit(Recognised::Insecure), Err(PtauError::Insecure)));
            let refused = admit(Recognised::Refused(KnownTau::One));
            assert!(matches!(refused, Err(PtauError::Refused(KnownTau::One))));
        }
        assert_eq!(admit(Recognised::Unknown, true).unwrap(), Origin::Unknown);
        assert!(matches!(admit(Recognised::Unknown, false), Err(PtauError::Unknown)));
    }

    #[test]
    fn halo2s_root_is_that_power_of_snarkjs_root() {
        let order = [1 << MAX_K];
        let cofactor = (-Fr::ONE) * Fr::from(order[0]).invert().unwrap();
        let exponent: Vec<u64> = cofactor
            .to_repr()
            .chunks(8)
            .map(|limb| u64::from_le_bytes(limb.try_into().unwrap()))
            .collect();
        let of_snarkjs = Fr::from(5).pow_vartime(exponent);
        assert_eq!(of_snarkjs.pow_vartime(order), Fr::ONE);
        assert_eq!(of_snarkjs.pow_vartime([HALO2_ROOT as u64]), Fr::ROOT_OF_UNITY);
    }
}
