//! Proving and verifying keys, always made from the shape and a setup, never taken from what is
//! checked with them.

mod file;

pub use file::KeyFileError;

use halo2_proofs::{
    SerdeFormat,
    halo2curves::{
        bn256::{Bn256, Fr, G1Affine, G2Affine},
        serde::SerdeObject,
    },
    plonk,
    poly::{
        EvaluationDomain,
        commitment::{Blind, Params, ParamsProver},
        kzg::commitment::ParamsKZG,
    },
};
use pacioli_circuits::{Circuit, Shape, fixed_columns};
use thiserror::Error;

use crate::{
    digest::{Digest, Words},
    encoding::{g2_words, point_bytes, value_bytes},
    opening::{OpeningError, OpeningKey, Pages},
    setup::{
        NotVouched, Origin, Setup, insecure_commitment, insecure_lagrange, insecure_setup,
        insecure_tau, setup_digest,
    },
};

/// What a verifier needs: commitments to the circuit's fixed columns, and `[tau]_2`. No part of it
/// can be replaced:
///
/// ```compile_fail,E0616
/// # use pacioli_attestation::{VerifyingKey, opening::OpeningKey};
/// fn with_openings_of_another_setup(mut key: VerifyingKey, other: OpeningKey) {
///     key.opening = other;
/// }
/// ```
#[derive(Clone, Debug)]
pub struct VerifyingKey {
    shape: Shape,
    origin: Origin,
    key: plonk::VerifyingKey<G1Affine>,
    params: ParamsKZG<Bn256>,
    opening: OpeningKey,
    powers: Powers,
}

/// Why no key can be made.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum KeyError {
    /// A circuit is committed with a setup of exactly its own size.
    #[error("the circuit has 2^{expected} rows, the setup is for 2^{got}")]
    Size {
        /// k of the shape.
        expected: u32,
        /// k of the setup.
        got: u32,
    },
    /// The setup is damaged: its powers are not of one tau.
    #[error("the setup is damaged: {0}")]
    Powers(#[from] OpeningError),
}

impl VerifyingKey {
    /// The key for circuits of `shape` under a setup of the same size.
    ///
    /// # Errors
    /// If the setup is of another size.
    pub fn new(setup: &Setup, shape: Shape) -> Result<Self, KeyError> {
        check_size(setup, shape)?;
        let domain = EvaluationDomain::new(1, shape.k());
        let commitments = fixed_columns(&shape).map(|column| {
            let column = domain.lagrange_from_vec(column);
            setup.params().commit_lagrange(&column, Blind::default()).into()
        });
        let powers = Powers::of(setup, shape);
        let origin = setup.origin().judged_by(&powers.tau_g2);
        Ok(Self::from_parts(shape, commitments, powers, origin)?)
    }

    /// The key for circuits of `shape` under the insecure setup, whose tau everyone knows: no setup
    /// file is needed.
    pub fn insecure(shape: Shape) -> Self {
        let lagrange =
            insecure_lagrange(shape.k()).expect("a shape's k is below the setups' bound");
        let commitments =
            fixed_columns(&shape).map(|column| insecure_commitment(&lagrange, &column));
        Self::from_parts(shape, commitments, Powers::insecure(shape), Origin::Insecure)
            .expect("the powers are of one tau")
    }

    fn from_parts(
        shape: Shape,
        fixed: [G1Affine; 5],
        powers: Powers,
        origin: Origin,
    ) -> Result<Self, OpeningError> {
        // The form that `plonk::VerifyingKey::read` takes: version, k, no compression, the points.
        let mut bytes = vec![2];
        bytes.extend(shape.k().to_le_bytes());
        bytes.push(0);
        bytes.extend((fixed.len() as u32).to_le_bytes());
        fixed.iter().for_each(|point| bytes.extend(point.to_raw_bytes()));
        let format = SerdeFormat::RawBytes;
        let key = plonk::VerifyingKey::from_bytes::<Circuit>(&bytes, format, Some(shape));
        let key = key.expect("the bytes were just written");
        let params = verifier_params(shape.k(), powers.tau_g2);
        let pages = Pages::new(shape.k(), shape.page_size()).expect("a shape has pages");
        let opening = OpeningKey::new(pages, &powers.g1, powers.page_g2)?;
        Ok(Self { shape, origin, key, params, opening, powers })
    }

    /// The circuit's sizes.
    pub fn shape(&self) -> Shape {
        self.shape
    }

    /// The key that openings of pages are checked with.
    pub fn opening(&self) -> &OpeningKey {
        &self.opening
    }

    /// The parameters that halo2 verifies with: `[tau]_2` and the generators.
    pub(crate) fn params(&self) -> &ParamsKZG<Bn256> {
        &self.params
    }

    /// What halo2 checks proofs with: the constraint system and the fixed columns' commitments.
    pub fn plonk(&self) -> &plonk::VerifyingKey<G1Affine> {
        &self.key
    }

    /// Who is trusted not to know tau: of a key made here that of its setup, and of a key read from
    /// a file never better than what its reader vouched for, since nobody sees from commitments
    /// what they commit to.
    pub fn origin(&self) -> Origin {
        self.origin
    }

    /// The key, after its reader gave the digest that it has to have. The digest has to come from
    /// its reader: one from the key's file or from an attestation vouches for nothing.
    ///
    /// # Errors
    /// If it has another digest.
    pub fn vouch(mut self, expected: Digest) -> Result<Self, NotVouched> {
        self.origin = self.origin.vouched("key", expected, self.digest())?;
        Ok(self)
    }

    /// The digest of the setup that it is under.
    pub fn setup_digest(&self) -> Digest {
        setup_digest(&self.powers.tau_g2)
    }

    /// `[tau]_2`.
    pub fn tau_g2(&self) -> G2Affine {
        self.params.s_g2()
    }

    /// `[tau]_2` as four words in the order of EIP-197: x.c1, x.c0, y.c1, y.c0.
    pub fn tau_words(&self) -> [u8; 128] {
        g2_words(&self.powers.tau_g2)
    }

    /// `[tau^P]_2`, P being the page size, in the same way.
    pub fn tau_page_words(&self) -> [u8; 128] {
        g2_words(&self.powers.page_g2)
    }

    /// The key's name: it covers the sizes, the circuit, the fixed commitments and `[tau]_2`.
    ///
    /// The circuit's word covers the commitments as well, by a hash of how halo2 prints them; their
    /// Keccak hash beside it lets a reader without halo2 tell them from others.
    pub fn digest(&self) -> Digest {
        let circuit = Digest(value_bytes(&self.key.transcript_repr()));
        let fixed: Vec<u8> = self.key.fixed_commitments().iter().flat_map(point_bytes).collect();
        Words::new("pacioli.key.v1")
            .number(self.shape.k())
            .number(self.shape.page_size() as u64)
            .digest(circuit)
            .digest(Digest::of(&fixed))
            .digest(Digest::of(&self.tau_words()))
            .finish()
    }
}

/// The powers of tau that checking takes from a setup.
#[derive(Clone, Debug)]
struct Powers {
    tau_g2: G2Affine,
    /// `[tau^i]_1` for i from 0 to the page size.
    g1: Vec<G1Affine>,
    /// `[tau^P]_2`, P being the page size.
    page_g2: G2Affine,
}

impl Powers {
    fn of(setup: &Setup, shape: Shape) -> Self {
        let size = shape.page_size();
        let page_g2 = setup.page_power(size).expect("a setup holds the powers of its pages");
        let g1 = setup.params().get_g()[..=size].to_vec();
        Self { tau_g2: setup.params().s_g2(), g1, page_g2 }
    }

    fn insecure(shape: Shape) -> Self {
        let tau = insecure_tau();
        let powers = std::iter::successors(Some(Fr::one()), |power| Some(power * tau));
        let powers: Vec<Fr> = powers.take(shape.page_size() + 1).collect();
        let g1 = powers.iter().map(|power| (G1Affine::generator() * power).into());
        let g2 = |power: &Fr| (G2Affine::generator() * power).into();
        let page_g2 = g2(&powers[shape.page_size()]);
        Self { tau_g2: g2(&tau), g1: g1.collect(), page_g2 }
    }
}

/// Checks that a setup is for circuits of this shape.
///
/// # Errors
/// If it is of another size.
pub fn check_size(setup: &Setup, shape: Shape) -> Result<(), KeyError> {
    let (expected, got) = (shape.k(), setup.k());
    if expected == got { Ok(()) } else { Err(KeyError::Size { expected, got }) }
}

/// The part of a setup that checking a proof needs: the generators and `[tau]_2`.
fn verifier_params(k: u32, tau_g2: G2Affine) -> ParamsKZG<Bn256> {
    // `from_parts` is a method: some instance has to be there to call it on.
    let any = insecure_setup(1).expect("there is a setup of two rows").params().clone();
    let generator = vec![G1Affine::generator()];
    any.from_parts(k, generator.clone(), Some(generator), G2Affine::generator(), tau_g2)
}

#[cfg(test)]
mod tests {
    use ff::Field;
    use rand_chacha::ChaCha20Rng;
    use rand_core::SeedableRng;

    use super::*;
    use crate::encoding::parse_hex;

    /// A setup whose tau only this test knows.
    fn drawn_setup(k: u32) -> Setup {
        let params = ParamsKZG::<Bn256>::setup(k, ChaCha20Rng::seed_from_u64(5));
        let tau = Fr::random(ChaCha20Rng::seed_from_u64(5));
        let powers = std::iter::successors(Some(tau), |power| Some(power.square())).take(10);
        let tau_powers_g2 = powers.map(|power| (G2Affine::generator() * power).into()).collect();
        Setup::unchecked_from_parts(params, tau_powers_g2, Origin::Unknown)
    }

    const NEVER: Origin = Origin::Ceremony("a ceremony that never was");

    /// The same points under another label.
    fn labelled(setup: &Setup, origin: Origin) -> Setup {
        let (params, powers) = (setup.params().clone(), setup.tau_powers_g2().to_vec());
        Setup::unchecked_from_parts(params, powers, origin)
    }

    #[test]
    fn a_key_is_read_as_it_was_written_and_under_the_digest_asked_for() {
        let key = VerifyingKey::insecure(Shape::new(11, 4).unwrap());
        let (bytes, digest) = (key.to_bytes(), key.digest());
        let read = VerifyingKey::from_bytes(&bytes, digest).unwrap();
        assert_eq!((read.digest(), read.origin()), (digest, Origin::Insecure));
        let other = VerifyingKey::insecure(Shape::new(11, 8).unwrap());
        let error = VerifyingKey::from_bytes(&bytes, other.digest()).unwrap_err();
        assert!(matches!(error, KeyFileError::Digest { .. }), "{error}");
    }

    #[test]
    fn a_changed_key_is_refused() {
        let key = VerifyingKey::insecure(Shape::new(11, 4).unwrap());
        let (text, digest) = (String::from_utf8(key.to_bytes()).unwrap(), key.digest());
        let refused = |from: &str, to: &str| {
            let forged = text.replacen(from, to, 1);
            assert_ne!(forged, text);
            VerifyingKey::from_bytes(forged.as_bytes(), digest).unwrap_err().to_string()
        };
        let point = |i: usize| text.split('"').filter(|word| word.len() == 130).nth(i).unwrap();
        let (first, second) = (point(0).to_owned(), point(1).to_owned());
        assert!(refused(&first, &second).contains("circuit word"));
        let (tau, tau_2) = (point(6).to_owned(), point(7).to_owned());
        assert!(refused(&tau, &tau_2).contains("powers are not"));
        assert!(refused(&tau, &format!("0x{}", "1".repeat(128))).contains("not the encoding"));
        assert!(refused("\"k\": 11", "\"k\": 12").contains("circuit word"));
        assert!(refused("\"k\": 11", "\"k\": 7").contains("k must be from 11 to 24"));
        assert!(refused("\"page_size\": 4", "\"page_size\": 8").contains("powers are not"));
        assert!(refused("key v1", "key v2").contains("version"));
        assert!(refused("  \"k\"", "   \"k\"").contains("formatted anew"));
    }

    #[test]
    fn a_key_is_the_same_from_points_and_from_tau() {
        let shape = Shape::new(11, 64).unwrap();
        let verifying = VerifyingKey::new(&insecure_setup(11).unwrap(), shape).unwrap();
        assert_eq!(VerifyingKey::insecure(shape).digest(), verifying.digest());
    }

    #[test]
    fn another_shape_or_setup_has_another_key() {
        let digest = |k, page| VerifyingKey::insecure(Shape::new(k, page).unwrap()).digest();
        let digests = [digest(11, 64), digest(12, 64), digest(11, 32)];
        for (i, digest) in digests.iter().enumerate() {
            assert!(!digests[..i].contains(digest));
        }
        let setup = insecure_setup(11).unwrap();
        let error = KeyError::Size { expected: 12, got: 11 };
        assert_eq!(VerifyingKey::new(&setup, Shape::new(12, 64).unwrap()).unwrap_err(), error);
    }

    #[test]
    fn a_setup_of_two_taus_makes_no_key() {
        let honest = insecure_setup(11).unwrap();
        let mut powers = honest.tau_powers_g2().to_vec();
        powers[6] = powers[5];
        let setup = Setup::unchecked_from_parts(honest.params().clone(), powers, honest.origin());
        let shape = Shape::new(11, 64).unwrap();
        let error = KeyError::Powers(OpeningError::PagePower);
        assert_eq!(VerifyingKey::new(&setup, shape).unwrap_err(), error);
    }

    #[test]
    fn an_insecure_setup_is_called_so_whatever_its_label() {
        let setup = labelled(&insecure_setup(11).unwrap(), NEVER);
        let key = VerifyingKey::new(&setup, Shape::new(11, 64).unwrap()).unwrap();
        assert_eq!(key.origin(), Origin::Insecure);
        assert_eq!(key.setup_digest(), setup.digest());
    }

    #[test]
    fn an_unknown_tau_is_unknown_until_its_reader_vouches_for_setup_or_key() {
        let shape = Shape::new(11, 4).unwrap();
        let setup = labelled(&drawn_setup(11), NEVER);
        let key = VerifyingKey::new(&setup, shape).unwrap();
        assert_eq!(key.origin(), Origin::Unknown);
        let digest = key.digest();
        assert_eq!(key.clone().vouch(digest).unwrap().origin(), Origin::Vouched(digest));
        assert!(key.vouch(setup.digest()).is_err());

        let setup = labelled(&setup, Origin::Unknown);
        let digest = setup.digest();
        let vouched = setup.clone().vouch(digest).unwrap();
        assert_eq!(vouched.origin(), Origin::Vouched(digest));
        assert!(setup.vouch(Digest([7; 32])).is_err());
        let key = VerifyingKey::new(&vouched, shape).unwrap();
        assert_eq!((key.origin(), key.setup_digest()), (Origin::Vouched(digest), digest));
    }

    #[test]
    fn a_key_file_is_unknown_until_its_reader_vouches_for_it_whatever_its_tau() {
        let key = VerifyingKey::new(&drawn_setup(11), Shape::new(11, 4).unwrap()).unwrap();
        let (bytes, digest) = (key.to_bytes(), key.digest());
        let unvouched = VerifyingKey::unvouched_from_bytes(&bytes).unwrap();
        assert_eq!((unvouched.origin(), unvouched.digest()), (Origin::Unknown, digest));
        let vouched = VerifyingKey::from_bytes(&bytes, digest).unwrap();
        assert_eq!(vouched.origin(), Origin::Vouched(digest));
        let bytes = VerifyingKey::insecure(Shape::new(11, 4).unwrap()).to_bytes();
        let insecure = VerifyingKey::unvouched_from_bytes(&bytes).unwrap();
        assert_eq!(insecure.origin(), Origin::Insecure);
    }

    #[test]
    fn the_digest_covers_what_formats_md_says() {
        let key = VerifyingKey::insecure(Shape::new(11, 4).unwrap());
        let file: serde_json::Value = serde_json::from_slice(&key.to_bytes()).unwrap();
        let bytes = |text: &serde_json::Value| parse_hex(text.as_str().unwrap()).unwrap();
        let fixed = file["fixed"].as_array().unwrap();
        let fixed: Vec<u8> = fixed.iter().flat_map(bytes).collect();
        assert_eq!(fixed.len(), 5 * 64);
        let tag = Digest::of(b"pacioli.key.v1").0.to_vec();
        let sizes = ["k", "page_size"];
        let sizes = sizes.map(|size| u128::from(file[size].as_u64().unwrap()));
        let sizes = sizes.iter().flat_map(|size| [[0; 16], size.to_be_bytes()].concat()).collect();
        let hashed = |bytes: &[u8]| Digest::of(bytes).0.to_vec();
        let tau = hashed(&bytes(&file["tau_g2"]));
        let words = [tag, sizes, bytes(&file["circuit"]), hashed(&fixed), tau].concat();
        assert_eq!(key.digest(), Digest::of(&words));
        let tag = Digest::of(b"pacioli.setup.v1").0.to_vec();
        let words = [tag, hashed(&bytes(&file["tau_g2"]))].concat();
        assert_eq!(key.setup_digest(), Digest::of(&words));
    }
}
