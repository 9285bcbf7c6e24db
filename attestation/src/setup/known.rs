//! Recognises a setup by its `[tau]_2`.

use std::sync::LazyLock;

use ff::Field;
use group::{Curve, prime::PrimeCurveAffine};
use halo2_proofs::halo2curves::{
    CurveAffine,
    bn256::{Fq, Fq2, Fr, G2, G2Affine},
};
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng;
use thiserror::Error;

use super::insecure_tau::insecure_tau;

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

const CEREMONIES: [Ceremony; 4] = [
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
    // Read from `ppot_0080_01.ptau`; its files are listed in docs/operators.md.
    Ceremony {
        name: "perpetual powers of tau, contribution 80, as PSE publishes it prepared",
        tau_g2: [
            "285b1f14edd7e6632340a37dfae9005ff762edcfecfe1c732a7474c0708bef80",
            "17cc93077f56f654da727c1def86010339c2b4131094547285adb083e48c197b",
            "2bad9a374aec49d329ec66e8f530f68509313450580c4c17c6db5ddb9bde7fd0",
            "219edfceee1723de674f5b2f6fdb69d9e32dd53b15844956a630d3c7cdaa6ed9",
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
}
