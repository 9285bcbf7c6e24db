//! The import of `.ptau` files: one that snarkjs made, and everything that must be refused.

mod forge;

use std::{path::Path, process::Command};

use ff::{Field, PrimeField};
use forge::{Ptau, digest_of};
use group::Curve;
use halo2_proofs::{
    halo2curves::{
        CurveAffine,
        bn256::{Fq2, Fr, G1Affine, G2, G2Affine},
        serde::SerdeObject,
    },
    poly::{
        EvaluationDomain,
        commitment::{Blind, Params, ParamsProver},
    },
};
use pacioli_attestation::setup::{
    FileDigest, KnownTau, Origin, PointsError, PtauError, Setup, SourceError, import_ptau,
    insecure_tau,
};
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng;

/// Made by `node make.mjs 7 power7.ptau`; another run makes another file, since snarkjs adds
/// randomness of its own to a contribution.
const FILE: &[u8] = include_bytes!("../../ptau/power7.ptau");
const POWER: u32 = 7;

/// What `b2sum power7.ptau` printed.
const DIGEST: &str = concat!(
    "45940bc007cb5048be4c29bf106f5c677b5ae95d0025988da31dc1d9c33b827d",
    "f3d47134bf07e1cffa709447878fc65fa168f3212b817a7ea2327e2a81d5f362",
);

fn import_expecting(
    bytes: &[u8],
    k: u32,
    expected: Option<FileDigest>,
) -> Result<Setup, PtauError> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("some.ptau");
    std::fs::write(&path, bytes).unwrap();
    import_ptau(&path, k, expected, &())
}

/// Imports as someone does who was made to trust the digest of a forged file.
fn import(bytes: &[u8], k: u32) -> Result<Setup, PtauError> {
    import_expecting(bytes, k, Some(digest_of(bytes)))
}

/// The error of importing the honest file after a change to it.
fn refusal(k: u32, change: impl FnOnce(&mut Ptau)) -> PtauError {
    let mut file = Ptau::parse(FILE);
    change(&mut file);
    import(&file.bytes(), k).expect_err("the change went unnoticed")
}

/// Both bases of the setup commit to a polynomial alike.
fn assert_bases_agree(setup: &Setup) {
    let k = setup.k();
    let domain = EvaluationDomain::new(1, k);
    let rng = &mut ChaCha20Rng::seed_from_u64(7);
    let values = domain.lagrange_from_vec((0..1 << k).map(|_| Fr::random(&mut *rng)).collect());
    let coefficients = domain.lagrange_to_coeff(values.clone());
    let blind = Blind::default();
    assert_eq!(
        setup.params().commit(&coefficients, blind).to_affine(),
        setup.params().commit_lagrange(&values, blind).to_affine(),
        "k = {k}"
    );
}

#[test]
fn a_file_of_snarkjs_is_imported_for_every_size_it_holds() {
    let digest = DIGEST.parse().unwrap();
    for k in 1..=POWER {
        let setup = import_expecting(FILE, k, Some(digest)).unwrap();
        assert_eq!(setup.origin(), Origin::Unknown);
        assert_eq!(setup.k(), k);
        assert_eq!(setup.tau_powers_g2().len(), k as usize);
        assert_eq!(setup.page_power(1), Some(setup.params().s_g2()));
        assert_bases_agree(&setup);
    }
}

#[test]
fn a_file_made_by_snarkjs_now_is_imported() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/ptau");
    if !folder.join("node_modules").exists() {
        #[expect(clippy::print_stderr, reason = "a test that is skipped has to say so")]
        {
            eprintln!(
                "SKIPPED: run `npm ci` in attestation/tests/ptau to test with snarkjs itself"
            );
        }
        return;
    }
    let out = tempfile::tempdir().unwrap();
    let path = out.path().join("fresh.ptau");
    let mut snarkjs = Command::new("node");
    let status = snarkjs.current_dir(&folder).args(["make.mjs", "10"]).arg(&path).status().unwrap();
    assert!(status.success());
    let digest = digest_of(&std::fs::read(&path).unwrap());
    for k in [9, 10] {
        assert_bases_agree(&import_ptau(&path, k, Some(digest), &()).unwrap());
    }
}

#[test]
fn an_unknown_ceremony_needs_the_right_digest() {
    let error = import_expecting(FILE, POWER, None).unwrap_err();
    assert!(matches!(error, PtauError::Unknown), "{error}");
    let error = import_expecting(FILE, POWER, Some(FileDigest([7; 64]))).unwrap_err();
    assert!(matches!(error, PtauError::Digest(got) if got.to_string() == DIGEST), "{error}");
}

#[test]
fn the_digest_covers_every_byte() {
    let digest = DIGEST.parse().unwrap();
    let after_the_end = FILE.len();
    for offset in (0..FILE.len()).step_by(3001).chain([FILE.len() - 1, after_the_end]) {
        let mut bytes = FILE.to_vec();
        match bytes.get_mut(offset) {
            Some(byte) => *byte ^= 1,
            None => bytes.push(0),
        }
        assert!(import_expecting(&bytes, 1, Some(digest)).is_err(), "byte {offset}");
    }
}

#[test]
fn a_truncated_file_is_refused_wherever_it_ends() {
    for length in (0..200).chain((200..FILE.len()).step_by(997)).chain([FILE.len() - 1]) {
        let error = import(&FILE[..length], 4).unwrap_err();
        let truncated = matches!(error, PtauError::Source(SourceError::Truncated { .. }));
        assert!(truncated, "{length} bytes: {error}");
    }
}

#[test]
fn a_flipped_byte_in_a_point_that_is_kept_is_refused() {
    let kept = [(2, 0..128 * 64), (3, 64 * 128..65 * 128), (12, 127 * 64..255 * 64)];
    for (section, bytes) in kept {
        for offset in bytes.step_by(13) {
            refusal(POWER, |file| file.section(section)[offset] ^= 0x10);
        }
    }
}

#[test]
fn bytes_that_are_not_kept_change_nothing_but_the_digest() {
    let mut file = Ptau::parse(FILE);
    for section in [4, 5, 6, 7, 13, 14, 15] {
        file.section(section)[100] ^= 1;
    }
    let setup = import(&file.bytes(), POWER).unwrap();
    assert_eq!(setup.params().get_g(), import(FILE, POWER).unwrap().params().get_g());
}

#[test]
fn a_malformed_header_is_refused() {
    let error = |offset: usize, byte: u8| {
        let mut bytes = FILE.to_vec();
        bytes[offset] = byte;
        import(&bytes, 4).unwrap_err()
    };
    assert!(matches!(error(0, b'q'), PtauError::Magic(_)));
    assert!(matches!(error(4, 2), PtauError::Version(2)));
    assert!(matches!(error(12, 2), PtauError::BeforeHeader(2) | PtauError::Length { .. }));
    let in_header = |change: fn(&mut Vec<u8>)| refusal(4, |file| change(file.section(1)));
    assert!(matches!(in_header(|header| header[0] = 48), PtauError::Curve));
    assert!(matches!(in_header(|header| header[4] ^= 1), PtauError::Curve));
    assert!(matches!(in_header(|header| header.push(0)), PtauError::Curve));
    assert!(matches!(in_header(|header| header[36] = 29), PtauError::Power(29)));
    assert!(matches!(in_header(|header| header[39] = 255), PtauError::Power(_)));
    let larger = in_header(|header| header[36] = 28);
    assert!(matches!(larger, PtauError::Length { section: 2, power: 28, .. }), "{larger}");
}

#[test]
fn a_size_the_file_does_not_have_is_refused() {
    assert!(matches!(import(FILE, 8), Err(PtauError::TooSmall { k: 8, power: POWER })));
    for k in [0, 29, u32::MAX] {
        assert!(matches!(import(FILE, k), Err(PtauError::Rows(rows)) if rows == k));
    }
}

#[test]
fn sections_that_are_missing_doubled_or_misplaced_are_refused() {
    let without = |id| refusal(4, |file| file.sections.retain(|(section, _)| *section != id));
    assert!(matches!(without(1), PtauError::BeforeHeader(2)));
    assert!(matches!(without(2), PtauError::Missing(2)));
    assert!(matches!(without(3), PtauError::Missing(3)));
    assert!(matches!(without(12), PtauError::NotPrepared));
    for id in [1, 2, 3, 12] {
        let error = refusal(4, |file| {
            let copy = file.section(id).clone();
            file.sections.push((id, copy));
        });
        assert!(matches!(error, PtauError::Duplicate(section) if section == id), "{error}");
    }
    for (id, bytes) in [(2, 64), (3, 128), (12, 64)] {
        let longer = refusal(4, |file| file.section(id).extend(vec![0; bytes]));
        assert!(matches!(longer, PtauError::Length { section, .. } if section == id), "{longer}");
    }
}

#[test]
fn lengths_beyond_the_file_are_refused_before_anything_is_allocated() {
    let section_2 = 12 + 12 + 44;
    for length in [u64::MAX, u64::MAX - section_2 as u64 - 11, 1 << 40, FILE.len() as u64] {
        let mut bytes = FILE.to_vec();
        bytes[section_2 + 4..section_2 + 12].copy_from_slice(&length.to_le_bytes());
        let error = import(&bytes, 4).unwrap_err();
        assert!(matches!(error, PtauError::Source(SourceError::Truncated { .. })), "{error}");
    }
    let mut bytes = FILE.to_vec();
    bytes[8..12].copy_from_slice(&u32::MAX.to_le_bytes());
    let error = import(&bytes, 4).unwrap_err();
    assert!(matches!(error, PtauError::Source(SourceError::Truncated { .. })), "{error}");
}

#[test]
fn points_in_another_order_are_refused() {
    let points_error = |change: fn(&mut Ptau)| match refusal(POWER, change) {
        PtauError::Points(error) => error,
        error => panic!("{error}"),
    };
    let swapped = points_error(|file| forge::swap(file.section(2), 64, 100, 101));
    assert_eq!(swapped, PointsError::Powers);
    let last = points_error(|file| forge::negate_g1(file.section(2), 127));
    assert_eq!(last, PointsError::Powers);
    let first = points_error(|file| forge::swap(file.section(2), 64, 0, 1));
    assert_eq!(first, PointsError::Generator);
    let swapped = points_error(|file| forge::swap(file.section(12), 64, 127, 254));
    assert_eq!(swapped, PointsError::Lagrange);
    let negated = points_error(|file| forge::negate_g1(file.section(12), 200));
    assert_eq!(negated, PointsError::Lagrange);
    let swapped = points_error(|file| forge::swap(file.section(3), 128, 4, 5));
    assert_eq!(swapped, PointsError::PowersG2(4));
    let infinite = points_error(|file| file.section(2)[99 * 64..100 * 64].fill(0));
    assert_eq!(infinite, PointsError::Infinity(99));
}

#[test]
fn a_point_outside_the_subgroup_is_refused() {
    let outside = (1..)
        .map(|x| G2Affine::from_xy_of(Fq2::from(x)))
        .find_map(|point| point)
        .expect("half of all x are on the curve");
    let error = refusal(POWER, |file| {
        file.section(3)[8 * 128..9 * 128].copy_from_slice(&outside.to_raw_bytes());
    });
    assert!(matches!(error, PtauError::Points(PointsError::Subgroup(8))), "{error}");
}

/// A point with this x, if there is one: outside the subgroup of order r, but for one in some
/// 2^254.
trait FromX: Sized {
    fn from_xy_of(x: Fq2) -> Option<Self>;
}

impl FromX for G2Affine {
    fn from_xy_of(x: Fq2) -> Option<Self> {
        let y = Option::<Fq2>::from((x.square() * x + G2Affine::b()).sqrt())?;
        Option::from(G2Affine::from_xy(x, y))
    }
}

#[test]
fn a_known_tau_is_refused_whatever_the_digest() {
    let halo2_base = Fr::random(ChaCha20Rng::from_seed([0; 32]));
    for (tau, name) in [
        (Fr::ZERO, KnownTau::Zero),
        (Fr::ONE, KnownTau::One),
        (Fr::from(2), KnownTau::Two),
        (halo2_base, KnownTau::Halo2Base),
    ] {
        let error = import(&Ptau::with_tau(tau, 3).bytes(), 3).unwrap_err();
        assert!(matches!(error, PtauError::Refused(tau) if tau == name), "{error}");
    }
    let error = import(&Ptau::with_tau(insecure_tau(), 3).bytes(), 3).unwrap_err();
    assert!(matches!(error, PtauError::Insecure), "{error}");
    let root = Fr::ROOT_OF_UNITY.pow_vartime([1 << 26]);
    let error = import(&Ptau::with_tau(root, 3).bytes(), 3).unwrap_err();
    assert!(matches!(error, PtauError::Points(PointsError::RootOfUnity(_))), "{error}");
}

#[test]
fn a_file_with_another_tau_in_g2_is_refused() {
    let error = refusal(POWER, |file| {
        let other = (G2::generator() * Fr::from(5)).to_affine();
        file.section(3)[128..256].copy_from_slice(&other.to_raw_bytes());
    });
    assert!(matches!(error, PtauError::Points(PointsError::PowersG2(1))), "{error}");
}

#[test]
fn a_forged_file_of_an_honest_tau_is_imported() {
    let setup = import(&Ptau::with_tau(Fr::from(3), 5).bytes(), 5).unwrap();
    assert_bases_agree(&setup);
    assert_eq!(setup.params().get_g()[2], (G1Affine::generator() * Fr::from(9)).to_affine());
}
