//! Who is trusted not to know tau: the four states of a setup.

use std::fmt;

use halo2_proofs::halo2curves::bn256::G2Affine;
use thiserror::Error;

use super::known::{Recognised, recognise};
use crate::{
    digest::{Digest, Words},
    encoding::g2_words,
};

/// Who is trusted not to know tau. Whoever knows it can prove anything.
///
/// Only two things make a setup better than unknown: its `[tau]_2`, and a digest that the reader
/// gave. What a file says of itself counts for nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// A public ceremony, by name: nobody knows tau if one participant was honest.
    Ceremony(&'static str),
    /// Nothing is known of it here, but the reader gave this digest, of the setup or of the key.
    Vouched(Digest),
    /// Nothing is known of it, and nobody vouched for it: whoever made it can forge everything.
    Unknown,
    /// Everyone knows tau: proofs made with it prove nothing.
    Insecure,
}

impl Origin {
    /// The state in one word, as reports give it: `known`, `vouched`, `unknown` or `insecure`.
    pub fn state(&self) -> &'static str {
        match self {
            Self::Ceremony(_) => "known",
            Self::Vouched(_) => "vouched",
            Self::Unknown => "unknown",
            Self::Insecure => "insecure",
        }
    }

    /// The ceremony's name, where it is known.
    pub fn name(&self) -> Option<&'static str> {
        match self {
            Self::Ceremony(name) => Some(name),
            Self::Vouched(_) | Self::Unknown | Self::Insecure => None,
        }
    }

    /// This origin as far as `[tau]_2` allows it: a label counts for nothing against the point.
    pub(crate) fn judged_by(self, tau_g2: &G2Affine) -> Self {
        match (recognise(tau_g2), self) {
            (Recognised::Ceremony(name), _) => Self::Ceremony(name),
            (Recognised::Insecure | Recognised::Refused(_), _) => Self::Insecure,
            (Recognised::Unknown, Self::Vouched(digest)) => Self::Vouched(digest),
            (Recognised::Unknown, _) => Self::Unknown,
        }
    }

    /// The origin of what has digest `got`, after its reader gave the digest `expected`.
    pub(crate) fn vouched(
        self,
        what: &'static str,
        expected: Digest,
        got: Digest,
    ) -> Result<Self, NotVouched> {
        match self {
            _ if got != expected => Err(NotVouched { what, expected, got }),
            Self::Unknown | Self::Vouched(_) => Ok(Self::Vouched(expected)),
            Self::Ceremony(_) | Self::Insecure => Ok(self),
        }
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ceremony(name) => write!(f, "{name}"),
            Self::Vouched(digest) => {
                write!(f, "vouched for by its reader with the digest {digest}")
            }
            Self::Unknown => write!(f, "unknown ceremony"),
            Self::Insecure => {
                write!(f, "INSECURE: everyone knows tau, proofs made with this setup prove nothing")
            }
        }
    }
}

/// It is not what its reader vouched for.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("the {what} has digest {got}, not {expected}")]
pub struct NotVouched {
    /// `setup` or `key`.
    pub what: &'static str,
    /// The digest that the reader gave.
    pub expected: Digest,
    /// The digest computed here.
    pub got: Digest,
}

/// The digest of the setup with this `[tau]_2`. A setup is that point: all others follow from it.
pub(crate) fn setup_digest(tau_g2: &G2Affine) -> Digest {
    Words::new("pacioli.setup.v1").digest(Digest::of(&g2_words(tau_g2))).finish()
}

#[cfg(test)]
mod tests {
    use group::Curve;
    use halo2_proofs::halo2curves::bn256::Fr;

    use super::*;
    use crate::setup::insecure_tau;

    fn of(tau: Fr) -> G2Affine {
        (G2Affine::generator() * tau).to_affine()
    }

    const LABELS: [Origin; 4] = [
        Origin::Ceremony("a ceremony that never was"),
        Origin::Vouched(Digest([7; 32])),
        Origin::Unknown,
        Origin::Insecure,
    ];

    #[test]
    fn no_label_makes_an_insecure_or_unknown_tau_known() {
        for label in LABELS {
            assert_eq!(label.judged_by(&of(insecure_tau())), Origin::Insecure);
            assert_eq!(label.judged_by(&of(Fr::from(2))), Origin::Insecure);
            let unknown = label.judged_by(&of(Fr::from(0x1494)));
            let vouched = matches!(label, Origin::Vouched(_));
            assert_eq!(unknown, if vouched { label } else { Origin::Unknown });
        }
    }

    #[test]
    fn a_digest_vouches_for_what_has_it_and_excuses_no_known_tau() {
        let (digest, other) = (Digest([7; 32]), Digest([8; 32]));
        for origin in LABELS {
            let refused = NotVouched { what: "key", expected: digest, got: other };
            assert_eq!(origin.vouched("key", digest, other), Err(refused));
            let expected = match origin {
                Origin::Unknown => Origin::Vouched(digest),
                origin => origin,
            };
            assert_eq!(origin.vouched("key", digest, digest), Ok(expected));
        }
    }

    #[test]
    fn states_and_texts_are_plain() {
        assert_eq!(
            LABELS.map(|origin| origin.state()),
            ["known", "vouched", "unknown", "insecure"]
        );
        assert_eq!(LABELS[0].to_string(), "a ceremony that never was");
        assert_eq!(LABELS[0].name(), Some("a ceremony that never was"));
        assert_eq!(LABELS[2].to_string(), "unknown ceremony");
        assert!(LABELS[3].to_string().starts_with("INSECURE"));
        assert!(LABELS[1..].iter().all(|origin| origin.name().is_none()));
    }

    #[test]
    fn a_setups_digest_is_of_its_tau_alone() {
        let digest = setup_digest(&of(insecure_tau()));
        assert_eq!(digest, setup_digest(&of(insecure_tau())));
        assert_ne!(digest, setup_digest(&-of(insecure_tau())));
    }
}
