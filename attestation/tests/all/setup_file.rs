//! Our own setup files: what they keep, and what is refused on reading them.

use std::{ops::Range, sync::Mutex};

use ff::Field;
use group::{Curve, Group, prime::PrimeCurveAffine};
use halo2_proofs::{
    SerdeFormat,
    halo2curves::{
        bn256::{Fr, G1, G2, G2Affine},
        serde::SerdeObject,
    },
    poly::kzg::commitment::ParamsKZG,
};
use pacioli_attestation::{
    Digest, Progress,
    setup::{
        FileDigest, KnownTau, Origin, PointsError, Setup, SetupFileError, SourceError, import_ptau,
        insecure_setup,
    },
};
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng;
use rayon::prelude::*;

const K: u32 = 4;

/// Where the parts of a file of `2^K` rows begin.
const ROWS: usize = 16;
const POWERS: usize = ROWS + 4;
const LAGRANGE: usize = POWERS + (64 << K);
const TAU_G2: usize = LAGRANGE + (64 << K) + 128;
const PAGE_POWERS: usize = TAU_G2 + 128;
const DIGEST: usize = PAGE_POWERS + 4 * 128;

fn read(bytes: &[u8]) -> Result<Setup, SetupFileError> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("setup");
    std::fs::write(&path, bytes).unwrap();
    Setup::read(&path, &())
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
    import_ptau(path.as_ref(), K, Some(FileDigest(*digest.as_array())), &()).unwrap()
}

/// The same points under another label.
fn labelled(setup: &Setup, origin: Origin) -> Setup {
    let (params, powers) = (setup.params().clone(), setup.tau_powers_g2().to_vec());
    Setup::unchecked_from_parts(params, powers, origin)
}

/// The file with the digest that it has to end with.
fn with_its_digest(mut bytes: Vec<u8>) -> Vec<u8> {
    let end = bytes.len() - 64;
    let digest = blake2b_simd::blake2b(&bytes[..end]);
    bytes[end..].copy_from_slice(digest.as_bytes());
    bytes
}

/// Reads the file after a change whose author also corrected the digest.
fn read_changed(
    mut bytes: Vec<u8>,
    change: impl FnOnce(&mut [u8]),
) -> Result<Setup, SetupFileError> {
    change(&mut bytes[..DIGEST]);
    read(&with_its_digest(bytes))
}

#[test]
fn a_setup_is_read_as_it_was_written() {
    for setup in [insecure_setup(K).unwrap(), insecure_setup(1).unwrap(), imported()] {
        let found = read(&write(&setup)).unwrap();
        let bytes = |setup: &Setup| {
            let mut bytes = Vec::new();
            setup.params().write_custom(&mut bytes, SerdeFormat::RawBytesUnchecked).unwrap();
            bytes
        };
        assert_eq!(found.origin(), setup.origin());
        assert_eq!(found.tau_powers_g2(), setup.tau_powers_g2());
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
    for offset in 0..bytes.len() {
        let mut bytes = bytes.clone();
        bytes[offset] ^= 1;
        assert!(read(&bytes).is_err(), "byte {offset}");
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
fn no_label_goes_into_a_file_or_comes_out_of_it() {
    let labels = [Origin::Ceremony("Hermez"), Origin::Vouched(Digest([7; 32])), Origin::Insecure];
    for origin in labels {
        let claimed = labelled(&insecure_setup(K).unwrap(), origin);
        assert!(write(&claimed) == insecure_file());
        let claimed = labelled(&imported(), origin);
        assert_eq!(read(&write(&claimed)).unwrap().origin(), Origin::Unknown);
    }
    assert_eq!(read(&insecure_file()).unwrap().origin(), Origin::Insecure);
}

#[test]
fn the_digest_that_its_reader_gives_vouches_for_an_unknown_setup() {
    let setup = read(&write(&imported())).unwrap();
    let digest = setup.digest();
    assert_eq!(digest, imported().digest());
    let vouched = setup.clone().vouch(digest).unwrap();
    assert_eq!(vouched.origin(), Origin::Vouched(digest));
    let other = insecure_setup(K).unwrap();
    let refused = setup.vouch(other.digest()).unwrap_err();
    assert_eq!((refused.got, refused.expected), (digest, other.digest()));
    let insecure = other.digest();
    assert_eq!(other.vouch(insecure).unwrap().origin(), Origin::Insecure);
}

/// Whoever replaces a point can also make the digest anew, so nothing but the points themselves is
/// left to say that they belong together: every one has to count.
#[test]
fn a_file_with_any_one_point_replaced_is_refused() {
    for k in [1, 3, 4] {
        for setup in [insecure_setup(k).unwrap(), drawn(k)] {
            let honest = write(&setup);
            let in_g1 = 20..20 + (128 << k);
            let in_g2 = in_g1.end..honest.len() - 64;
            refuse_every_replacement::<G1>(&honest, in_g1);
            refuse_every_replacement::<G2>(&honest, in_g2);
        }
    }
}

/// Replaces each point of the group that stands in `range`: by its neighbours that differ, by its
/// negation, and by a random multiple.
fn refuse_every_replacement<C>(honest: &[u8], range: Range<usize>)
where
    C: Group<Scalar = Fr> + Curve,
    C::AffineRepr: SerdeObject + PrimeCurveAffine<Scalar = Fr, Curve = C>,
{
    let size = C::generator().to_affine().to_raw_bytes().len();
    let mut rng = ChaCha20Rng::seed_from_u64(0x1494);
    let points: Vec<&[u8]> = honest[range.clone()].chunks_exact(size).collect();
    let replacements: Vec<(usize, Vec<u8>)> = (0..points.len())
        .flat_map(|index| {
            let point = C::AffineRepr::from_raw_bytes(points[index]).unwrap();
            let multiple = (point * Fr::random(&mut rng)).to_affine();
            let own = [multiple, -point].map(|point| point.to_raw_bytes());
            let neighbours = [index.wrapping_sub(1), index + 1].map(|other| points.get(other));
            let neighbours = neighbours.into_iter().flatten().map(|point| point.to_vec());
            own.into_iter().chain(neighbours).map(move |point| (index, point)).collect::<Vec<_>>()
        })
        .filter(|(index, point)| points[*index] != point)
        .collect();
    replacements.par_iter().for_each(|(index, point)| {
        let place = range.start + index * size;
        let mut bytes = honest.to_vec();
        bytes[place..place + size].copy_from_slice(point);
        let error = read(&with_its_digest(bytes)).expect_err("a replaced point went unnoticed");
        let refused = matches!(
            error,
            SetupFileError::Points(_) | SetupFileError::G2 | SetupFileError::Refused(_)
        );
        assert!(refused, "point {index}: {error}");
    });
}

/// A setup whose tau only this test knows.
fn drawn(k: u32) -> Setup {
    let params = ParamsKZG::setup(k, ChaCha20Rng::seed_from_u64(5));
    let tau = Fr::random(ChaCha20Rng::seed_from_u64(5));
    let powers = std::iter::successors(Some(tau), |power| Some(power.square()));
    let powers = powers.take(k as usize).map(|power| (G2Affine::generator() * power).into());
    Setup::unchecked_from_parts(params, powers.collect(), Origin::Unknown)
}

#[test]
fn a_file_of_another_version_is_to_be_made_again() {
    let mut bytes = insecure_file();
    bytes[15] = b'1';
    let error = read(&bytes).unwrap_err();
    assert!(matches!(error, SetupFileError::Version), "{error}");
}

#[test]
fn reading_tells_how_far_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("setup");
    insecure_setup(K).unwrap().write(&path).unwrap();
    let told = Told::default();
    Setup::read(&path, &told).unwrap();
    let told = told.0.into_inner().unwrap();
    // The file has less than a MiB, in which it is counted.
    assert_eq!(told.first().unwrap(), "reading the setup: 0");
    assert_eq!(told[1], "0 done");
    let last = ["checking the setup's points in G2: 1", "checking the setup's points in G1: 1"];
    assert_eq!(told[told.len() - 2..], last);
    assert_eq!(told.iter().filter(|line| line.contains("reading")).count(), 1);
}

/// Writes down what it hears.
#[derive(Default)]
struct Told(Mutex<Vec<String>>);

impl Progress for Told {
    fn begin(&self, phase: &str, steps: u64) {
        self.0.lock().unwrap().push(format!("{phase}: {steps}"));
    }

    fn reach(&self, step: u64) {
        self.0.lock().unwrap().push(format!("{step} done"));
    }
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
    let offset_of = |offset: usize| {
        let error = read_changed(insecure_file(), |bytes| bytes[offset] ^= 1).unwrap_err();
        match error {
            SetupFileError::Source(SourceError::Point { offset, .. }) => offset,
            error => panic!("{error}"),
        }
    };
    assert_eq!(offset_of(POWERS + 64 * 3 + 5), POWERS as u64 + 64 * 3);
    assert_eq!(offset_of(LAGRANGE + 63), LAGRANGE as u64);
    assert_eq!(offset_of(PAGE_POWERS + 200), PAGE_POWERS as u64 + 128);
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
    let error = Setup::read(path.as_ref(), &()).unwrap_err();
    assert!(matches!(error, SetupFileError::Source(SourceError::Io(_))), "{error}");
}
