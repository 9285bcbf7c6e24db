//! Whose tau it is, told by `[tau]_2`.

use std::{fmt, str::FromStr, sync::LazyLock};

use ff::Field;
use group::{Curve, prime::PrimeCurveAffine};
use halo2_proofs::halo2curves::{
    CurveAffine,
    bn256::{Fq, Fq2, Fr, G2, G2Affine},
};
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng;
use thiserror::Error;

use super::insecure::insecure_tau;
use crate::digest::Digest;

/// The BLAKE2b digest, of 512 bits, of a setup file: the one that `b2sum` prints, and that the
/// documentation of snarkjs gives for the files of the Hermez ceremony.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct FileDigest(pub [u8; 64]);

/// Why a text is no digest.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("a digest is the 128 hexadecimal digits that `b2sum FILE` prints")]
pub struct FileDigestError;

impl fmt::Display for FileDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for FileDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for FileDigest {
    type Err = FileDigestError;

    fn from_str(text: &str) -> Result<Self, FileDigestError> {
        let digits = text.chars().map(|digit| digit.to_digit(16).map(|digit| digit as u8));
        let digits: Vec<u8> = digits.collect::<Option<_>>().ok_or(FileDigestError)?;
        let bytes: Vec<u8> =
            digits.chunks(2).map(|pair| pair.iter().fold(0, |b, d| b << 4 | d)).collect();
        if digits.len() % 2 == 1 {
            return Err(FileDigestError);
        }
        bytes.try_into().map(Self).map_err(|_| FileDigestError)
    }
}

/// Who is trusted not to know tau.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// A public ceremony, by name: nobody knows tau if one participant was honest.
    Ceremony(&'static str),
    /// Nothing is known of it, but its user vouched for the file with this digest.
    Digest(FileDigest),
    /// Nothing is known of it, but its user vouched for the verifying key with this digest.
    Key(Digest),
    /// Everyone knows tau: proofs made with it prove nothing.
    Insecure,
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ceremony(name) => write!(f, "{name}"),
            Self::Digest(digest) => {
                write!(f, "unknown ceremony, from the file with digest {digest}")
            }
            Self::Key(digest) => write!(f, "unknown ceremony, under the key with digest {digest}"),
            Self::Insecure => {
                write!(f, "INSECURE: everyone knows tau, proofs made with this setup prove nothing")
            }
        }
    }
}

/// What `[tau]_2` says of a setup.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recognised {
    /// A public ceremony, by name.
    Ceremony(&'static str),
    /// Our own insecure setup.
    Insecure,
    /// A tau that is known and that nobody should use.
    Refused(KnownTau),
    /// None of these.
    Unknown,
}

/// Known numbers that pass for tau.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum KnownTau {
    /// No power of tau but the first is a point.
    #[error("tau is 0")]
    Zero,
    /// What a file holds before the first contribution.
    #[error("tau is 1: nobody has contributed to this file")]
    One,
    /// An example of several libraries.
    #[error("tau is 2")]
    Two,
    /// `gen_srs` of halo2-base and snark-verifier: drawn from a generator seeded with zeros.
    #[error("tau is that of halo2-base's test setups, which everyone knows")]
    Halo2Base,
}

/// A ceremony: its name, and `[tau]_2` as x.c0, x.c1, y.c0, y.c1 in big-endian hexadecimal.
struct Ceremony {
    name: &'static str,
    tau_g2: [&'static str; 4],
}

const CEREMONIES: [Ceremony; 3] = [
    Ceremony {
        name: "Hermez perpetual powers of tau, 54 contributions and a beacon",
        tau_g2: [
            "30441fd1b5d3370482c42152a8899027716989a6996c2535bc9f7fee8aaef79e",
            "26186a2d65ee4d2f9c9a5b91f86597d35f192cd120caf7e935d8443d1938e23d",
            "054793348f12c0cf5622c340573cb277586319de359ab9389778f689786b1e48",
            "1970ea81dd6992adfbc571effb03503adbbb6a857f578403c6c40e22d65b3c02",
        ],
    },
    Ceremony {
        name: "perpetual powers of tau, challenge 85",
        tau_g2: [
            "2ae0c8c3a090f7200ff398ee9845bbae8f8c1445ae7b632212775f60a0e21600",
            "172aa93c41f16e1e04d62ac976a5d945f4be0acab990c6dc19ac4a7cf68bf77b",
            "1459fe6cc8a1222fd4290864ff9e47d4b8cf7a403593c7107c39538ddefd857e",
            "1754a9fc3b7e4da9197c283c7401773208190c5555caf254e644e99c29366704",
        ],
    },
    Ceremony {
        name: "perpetual powers of tau, as PSE publishes them raw",
        tau_g2: [
            "17944351223333f260ddc3b4af45191b856689eda9eab5cbcddbbe570ce860d2",
            "186282957db913abd99f91db59fe69922e95040603ef44c0bd7aa3adeef8f5ac",
            "297772d34bc9aa8ae56162486363ffe417b02dc7e8c207fc2cc20203e67a02ad",
            "298adc7396bd3865cbf6d6df91bae406694e6d2215baa893bdeadb63052895f4",
        ],
    },
];

impl Ceremony {
    /// The point, or `None` where the table above is mistyped.
    fn point(&self) -> Option<G2Affine> {
        let [x0, x1, y0, y1] = self.tau_g2.map(base_field);
        G2Affine::from_xy(Fq2 { c0: x0?, c1: x1? }, Fq2 { c0: y0?, c1: y1? }).into()
    }
}

/// A coordinate from big-endian hexadecimal.
fn base_field(digits: &str) -> Option<Fq> {
    let sixteen = Fq::from(16);
    let digits =
        digits.chars().map(|digit| digit.to_digit(16).map(|digit| Fq::from(u64::from(digit))));
    digits.into_iter().try_fold(Fq::ZERO, |number, digit| Some(number * sixteen + digit?))
}

/// Every `[tau]_2` that has a name.
static KNOWN: LazyLock<Vec<(G2Affine, Recognised)>> = LazyLock::new(|| {
    let of = |tau: Fr| (G2::generator() * tau).to_affine();
    let mut rng = ChaCha20Rng::from_seed([0; 32]);
    let named = CEREMONIES
        .iter()
        .filter_map(|ceremony| Some((ceremony.point()?, Recognised::Ceremony(ceremony.name))));
    let refused = |tau, name| (of(tau), Recognised::Refused(name));
    named
        .chain([
            (G2Affine::identity(), Recognised::Refused(KnownTau::Zero)),
            refused(Fr::ONE, KnownTau::One),
            refused(Fr::from(2), KnownTau::Two),
            refused(Fr::random(&mut rng), KnownTau::Halo2Base),
            (of(insecure_tau()), Recognised::Insecure),
        ])
        .collect()
});

/// What the setup with this `[tau]_2` is. Says nothing of the other points of a file.
pub fn recognise(tau_g2: &G2Affine) -> Recognised {
    KNOWN.iter().find(|(point, _)| point == tau_g2).map_or(Recognised::Unknown, |(_, name)| *name)
}

#[cfg(test)]
mod tests {
    use group::cofactor::CofactorGroup;

    use super::*;

    #[test]
    fn every_ceremony_has_its_point_and_is_recognised() {
        for ceremony in &CEREMONIES {
            let point = ceremony.point().expect("a point of the curve");
            assert!(bool::from(point.to_curve().is_torsion_free()), "{}", ceremony.name);
            assert_eq!(recognise(&point), Recognised::Ceremony(ceremony.name));
            assert_eq!(recognise(&-point), Recognised::Unknown);
        }
    }

    #[test]
    fn every_known_tau_is_recognised() {
        let of = |tau: Fr| recognise(&(G2::generator() * tau).to_affine());
        let test_setup = Fr::random(ChaCha20Rng::from_seed(Default::default()));
        assert_eq!(of(Fr::ZERO), Recognised::Refused(KnownTau::Zero));
        assert_eq!(of(Fr::ONE), Recognised::Refused(KnownTau::One));
        assert_eq!(of(Fr::from(2)), Recognised::Refused(KnownTau::Two));
        assert_eq!(of(test_setup), Recognised::Refused(KnownTau::Halo2Base));
        assert_eq!(of(insecure_tau()), Recognised::Insecure);
        assert_eq!(of(Fr::from(3)), Recognised::Unknown);
    }

    #[test]
    fn a_digest_reads_and_prints_as_b2sum_prints_it() {
        let text = "0123456789abcdef".repeat(8);
        let digest: FileDigest = text.parse().unwrap();
        assert_eq!(digest.0[..3], [0x01, 0x23, 0x45]);
        assert_eq!(digest.to_string(), text);
        assert_eq!(text.to_uppercase().parse(), Ok(digest));
        for text in ["", "0", &text[1..], &text[2..], &format!("{text}0"), &text.replace('f', "g")]
        {
            assert_eq!(text.parse::<FileDigest>(), Err(FileDigestError), "{text}");
        }
    }
}
