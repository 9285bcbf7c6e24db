//! Our own setup files: what they keep, and what is refused on reading them.

use ff::Field;
use group::Curve;
use halo2_proofs::{
    SerdeFormat,
    halo2curves::{
        bn256::{Fr, G2Affine},
        serde::SerdeObject,
    },
};
use pacioli_prover::setup::{
    FileDigest, KnownTau, Origin, PointsError, Setup, SetupFileError, SourceError, import_ptau,
    insecure_setup,
};

const K: u32 = 4;

/// Where the parts of a file of `2^K` rows begin.
const ORIGIN: usize = 16;
const ROWS: usize = ORIGIN + 64;
const POWERS: usize = ROWS + 4;
const LAGRANGE: usize = POWERS + (64 << K);
const G2: usize = LAGRANGE + (64 << K);
const TAU_G2: usize = G2 + 128;
const PAGE_POWERS: usize = TAU_G2 + 128;
const DIGEST: usize = PAGE_POWERS + 4 * 128;

fn read(bytes: &[u8]) -> Result<Setup, SetupFileError> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("setup");
    std::fs::write(&path, bytes).unwrap();
    Setup::read(&path)
}

fn write(setup: &Setup) -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("setup");
    setup.write(&path).unwrap();
    std::fs::read(&path).unwrap()
}

fn insecure_file() -> Vec<u8> {
    write(&insecure_setup(K).unwrap())
}

fn imported() -> Setup {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/ptau/power7.ptau");
    let digest = blake2b_simd::blake2b(&std::fs::read(path).unwrap());
    import_ptau(path.as_ref(), K, Some(FileDigest(*digest.as_array())), &|_| {}).unwrap()
}

/// Reads the file after a change whose author also corrected the digest.
fn read_changed(
    mut bytes: Vec<u8>,
    change: impl FnOnce(&mut [u8]),
) -> Result<Setup, SetupFileError> {
    change(&mut bytes[..DIGEST]);
    let digest = blake2b_simd::blake2b(&bytes[..DIGEST]);
    bytes[DIGEST..].copy_from_slice(digest.as_bytes());
    read(&bytes)
}

#[test]
fn a_setup_is_read_as_it_was_written() {
    for setup in [insecure_setup(K).unwrap(), insecure_setup(1).unwrap(), imported()] {
        let found = read(&write(&setup)).unwrap();
        let bytes = |setup: &Setup| {
            let mut bytes = Vec::new();
            setup.params.write_custom(&mut bytes, SerdeFormat::RawBytesUnchecked).unwrap();
            bytes
        };
        assert_eq!(found.origin, setup.origin);
        assert_eq!(found.tau_powers_g2, setup.tau_powers_g2);
        assert!(bytes(&found) == bytes(&setup));
    }
}

#[test]
fn a_truncated_or_longer_file_is_refused() {
    let bytes = insecure_file();
    for length in 0..bytes.len() {
        let error = read(&bytes[..length]).unwrap_err();
        assert!(
            matches!(
                error,
                SetupFileError::Source(SourceError::Truncated { .. })
                    | SetupFileError::Length { k: K, .. }
            ),
            "{length} bytes: {error}"
        );
    }
    let error = read(&[bytes, vec![0]].concat()).unwrap_err();
    assert!(matches!(error, SetupFileError::Length { .. }), "{error}");
}

#[test]
fn a_damaged_file_is_refused_wherever_the_damage_is() {
    let bytes = insecure_file();
    for position in 0..bytes.len() {
        let mut bytes = bytes.clone();
        bytes[position] ^= 1;
        assert!(read(&bytes).is_err(), "byte {position}");
    }
}

#[test]
fn numbers_of_rows_no_file_has_allocate_nothing() {
    for k in [0, 29, u32::MAX] {
        let error = read_changed(insecure_file(), |bytes| {
            bytes[ROWS..POWERS].copy_from_slice(&k.to_le_bytes());
        });
        assert!(matches!(error, Err(SetupFileError::Rows(rows)) if rows == k));
    }
    let error = read_changed(insecure_file(), |bytes| bytes[ROWS] = 28);
    assert!(matches!(error, Err(SetupFileError::Length { k: 28, .. })));
}

#[test]
fn an_insecure_setup_is_recognised_under_any_label() {
    let setup = read_changed(insecure_file(), |bytes| bytes[ORIGIN..ROWS].fill(7)).unwrap();
    assert_eq!(setup.origin, Origin::Insecure);
    assert!(setup.origin.to_string().contains("INSECURE"));
    let claimed = Setup { origin: Origin::Ceremony("Hermez"), ..insecure_setup(K).unwrap() };
    assert_eq!(read(&write(&claimed)).unwrap().origin, Origin::Insecure);
}

#[test]
fn an_unknown_setup_without_the_digest_of_its_import_is_refused() {
    let claimed = Setup { origin: Origin::Ceremony("Hermez"), ..imported() };
    assert!(matches!(read(&write(&claimed)), Err(SetupFileError::Unknown)));
}

#[test]
fn a_known_tau_is_refused() {
    let error = read_changed(insecure_file(), |bytes| {
        let tau_g2 = (G2Affine::generator() * Fr::ONE.double()).to_affine().to_raw_bytes();
        bytes[TAU_G2..PAGE_POWERS].copy_from_slice(&tau_g2);
        bytes[PAGE_POWERS..][..128].copy_from_slice(&tau_g2);
    });
    assert!(matches!(error, Err(SetupFileError::Refused(KnownTau::Two))));
}

#[test]
fn points_off_the_curve_or_of_another_tau_are_refused() {
    let position_of = |position: usize| {
        let error = read_changed(insecure_file(), |bytes| bytes[position] ^= 1).unwrap_err();
        match error {
            SetupFileError::Source(SourceError::Point { position, .. }) => position,
            error => panic!("{error}"),
        }
    };
    assert_eq!(position_of(POWERS + 64 * 3 + 5), POWERS as u64 + 64 * 3);
    assert_eq!(position_of(LAGRANGE + 63), LAGRANGE as u64);
    assert_eq!(position_of(PAGE_POWERS + 200), PAGE_POWERS as u64 + 128);
    let swapped = read_changed(insecure_file(), |bytes| {
        let (two, four) = bytes[PAGE_POWERS + 128..].split_at_mut(128);
        two[..128].swap_with_slice(&mut four[..128]);
    });
    assert!(matches!(swapped, Err(SetupFileError::Points(PointsError::PowersG2(2)))));
    let other = read_changed(insecure_file(), |bytes| {
        bytes.copy_within(PAGE_POWERS + 128..PAGE_POWERS + 256, TAU_G2);
    });
    assert!(matches!(other, Err(SetupFileError::G2)));
    let not_first = read_changed(insecure_file(), |bytes| {
        bytes.copy_within(POWERS + 64..POWERS + 128, POWERS);
    });
    assert!(matches!(not_first, Err(SetupFileError::Points(PointsError::Generator))));
}

#[test]
fn another_file_is_refused() {
    let error = read(&[7; 1 << 12]).unwrap_err();
    assert!(matches!(error, SetupFileError::Magic), "{error}");
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/no such file");
    let error = Setup::read(path.as_ref()).unwrap_err();
    assert!(matches!(error, SetupFileError::Source(SourceError::Io(_))), "{error}");
}
