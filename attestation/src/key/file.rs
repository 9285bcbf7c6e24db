//! A verifying key as a file of its own (`docs/formats.md`): what a verifier takes from a setup,
//! small enough to send.
//!
//! The fixed commitments say which circuit it is, and nobody can see from them whether they are the
//! right ones: a reader has the key's digest from somewhere else, or makes the key from the setup.
//! Without either the key is [`Origin::Unknown`], even where its `[tau]_2` is that of a ceremony.

use ff::Field;
use group::Curve;
use halo2_proofs::halo2curves::{
    bn256::{Bn256, Fr, G1, G1Affine, G2Affine},
    pairing::Engine,
};
use pacioli_circuits::{Shape, ShapeError};
use rand_core::OsRng;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::{Powers, VerifyingKey};
use crate::{
    canonical::{self, FormError, hex},
    digest::Digest,
    encoding::{EncodingError, parse_g2, parse_point, point_bytes, value_bytes},
    opening::OpeningError,
    setup::{KnownTau, NotVouched, Origin, Recognised, recognise},
};

/// The version that this code writes.
pub const VERSION: &str = "pacioli key v1-draft";

/// The file's content.
#[derive(Clone, Debug, Deserialize, Serialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
struct KeyFile {
    version: String,
    k: u32,
    page_size: usize,
    circuit: Digest,
    #[serde(with = "hex::list")]
    fixed: Vec<Vec<u8>>,
    #[serde(with = "hex::list")]
    powers_g1: Vec<Vec<u8>>,
    #[serde(with = "hex")]
    tau_g2: Vec<u8>,
    #[serde(with = "hex")]
    tau_page_g2: Vec<u8>,
}

/// Why bytes are not a key.
#[derive(Debug, Error)]
pub enum KeyFileError {
    /// Not a file of this form.
    #[error(transparent)]
    Form(#[from] FormError),
    /// Invalid circuit sizes.
    #[error("in the key: {0}")]
    Shape(#[from] ShapeError),
    /// Not a valid point.
    #[error("in the key: {0}")]
    Point(#[from] EncodingError),
    /// The powers are not of one tau.
    #[error("in the key: {0}")]
    Opening(#[from] OpeningError),
    /// There have to be five fixed commitments.
    #[error("the key: expected 5 fixed commitments, got {0}")]
    Fixed(usize),
    /// A tau that is known and that nobody should use.
    #[error("the key's setup is unusable: {0}")]
    Tau(KnownTau),
    /// The powers in the first group are not those of `[tau]_2`.
    #[error("the key's powers are not those of its tau")]
    Powers,
    /// The circuit's word does not follow from the commitments.
    #[error("the key's circuit word does not belong to its commitments")]
    Circuit,
    /// It is not the key that was asked for.
    #[error(transparent)]
    Digest(#[from] NotVouched),
}

impl VerifyingKey {
    /// The key as a file.
    pub fn to_bytes(&self) -> Vec<u8> {
        let points = |points: &[G1Affine]| -> Vec<Vec<u8>> {
            points.iter().map(|point| point_bytes(point).to_vec()).collect()
        };
        canonical::to_bytes(&KeyFile {
            version: VERSION.to_owned(),
            k: self.shape.k(),
            page_size: self.shape.page_size(),
            circuit: Digest(value_bytes(&self.key.transcript_repr())),
            fixed: points(self.key.fixed_commitments()),
            powers_g1: points(&self.powers.g1),
            tau_g2: self.tau_words().to_vec(),
            tau_page_g2: self.tau_page_words().to_vec(),
        })
    }

    /// Reads the key that has digest `expected`, which its reader knows: the same digest taken from
    /// a file of the publisher's, the attestation say, would vouch for nothing.
    ///
    /// # Errors
    /// If the bytes are not such a key, or the powers do not belong to `[tau]_2`.
    pub fn from_bytes(bytes: &[u8], expected: Digest) -> Result<Self, KeyFileError> {
        Ok(Self::unvouched_from_bytes(bytes)?.vouch(expected)?)
    }

    /// Reads a key for which nobody vouches. It is [`Origin::Unknown`] even under the `[tau]_2` of
    /// a ceremony, for its fixed commitments may be of any circuit, one without constraints say:
    /// whoever wrote them can forge everything.
    ///
    /// # Errors
    /// If the bytes are not a key, or the powers do not belong to `[tau]_2`.
    pub fn unvouched_from_bytes(bytes: &[u8]) -> Result<Self, KeyFileError> {
        let file: KeyFile = canonical::parse(bytes, VERSION)?;
        let shape = Shape::new(file.k, file.page_size)?;
        let fixed = parse_points(&file.fixed)?;
        let fixed = fixed.try_into().map_err(|_| KeyFileError::Fixed(file.fixed.len()))?;
        let powers = Powers {
            tau_g2: parse_g2(&file.tau_g2)?,
            g1: parse_points(&file.powers_g1)?,
            page_g2: parse_g2(&file.tau_page_g2)?,
        };
        check_powers(&powers, shape)?;
        let origin = match recognise(&powers.tau_g2) {
            Recognised::Refused(known) => return Err(KeyFileError::Tau(known)),
            Recognised::Insecure => Origin::Insecure,
            Recognised::Ceremony(_) | Recognised::Unknown => Origin::Unknown,
        };
        let key = Self::from_parts(shape, fixed, powers, origin)?;
        if Digest(value_bytes(&key.key.transcript_repr())) != file.circuit {
            return Err(KeyFileError::Circuit);
        }
        Ok(key)
    }
}

fn parse_points(points: &[Vec<u8>]) -> Result<Vec<G1Affine>, EncodingError> {
    let point = |bytes: &Vec<u8>| {
        let bytes = bytes.as_slice().try_into().map_err(|_| EncodingError::Point)?;
        parse_point(bytes)
    };
    points.iter().map(point).collect()
}

/// `e([tau^(i+1)]_1, G2) = e([tau^i]_1, [tau]_2)` for all i together under random weights, and
/// `e([tau^P]_1, G2) = e(G1, [tau^P]_2)`. From the generator on, every power then follows.
fn check_powers(powers: &Powers, shape: Shape) -> Result<(), KeyFileError> {
    let count = shape.page_size() + 1;
    if powers.g1.len() != count || powers.g1[0] != G1Affine::generator() {
        return Err(KeyFileError::Powers);
    }
    let weights: Vec<Fr> = (1..count).map(|_| Fr::random(OsRng)).collect();
    let sum = |points: &[G1Affine]| -> G1Affine {
        let terms = points.iter().zip(&weights).map(|(point, weight)| point * weight);
        terms.fold(G1::default(), |sum, term| sum + term).to_affine()
    };
    let (lower, higher) = (sum(&powers.g1[..count - 1]), sum(&powers.g1[1..]));
    let g2 = G2Affine::generator();
    let pairs = [
        (higher, g2, lower, powers.tau_g2),
        (powers.g1[count - 1], g2, G1Affine::generator(), powers.page_g2),
    ];
    let holds = pairs.iter().all(|(a, b, c, d)| Bn256::pairing(a, b) == Bn256::pairing(c, d));
    if holds { Ok(()) } else { Err(KeyFileError::Powers) }
}
