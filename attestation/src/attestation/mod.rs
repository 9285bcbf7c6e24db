//! The attestation: the public output of a run, as one canonical JSON file.
//!
//! Its bytes are the one way to write it: two spaces of indent, the fields in this order, a newline
//! at the end. Rules stand in it as the text that was given, prices and reserves as they were read.
//! Everything but the proofs enters the context word of every proof, totals enter as public inputs,
//! so no byte can change without a proof failing.

mod chain;
mod changes;
mod context;
mod disclosure;
mod history;
#[cfg(test)]
pub(crate) mod testing;

pub use chain::{
    CLOCK_ALLOWANCE, ChainError, InFuture, Missed, check_day_after, check_follows,
    check_not_in_future, check_successor, may_miss, missed_days, missed_since,
};
pub use changes::changes;
pub use context::{Context, reserves_digest};
pub use disclosure::{AssetLeftOut, RoundedInstrument, Rounding};
pub use history::{Entry, Finding, Link, check_history, check_links, in_order};

use jiff::Timestamp;
use pacioli_circuits::{Shape, ShapeError, Total, Totals};
use pacioli_rules::{Prices, strict};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::{
    canonical::{self, FormError, hex},
    digest::Digest,
    drawn::{Draw, Drawn, DrawnError},
    reserves::Reserves,
    volume::VolumeId,
};

/// The version that this code writes.
pub const VERSION: &str = "pacioli attestation v1-draft";

/// The public output of a run.
#[derive(Clone, Debug, Deserialize, Serialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct Attestation {
    /// [`VERSION`].
    pub version: String,
    /// Who, when, and under which sizes.
    pub header: Header,
    /// The rules file, byte for byte.
    pub rules: String,
    /// The prices.
    pub prices: Prices,
    /// The reserves, where any were given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reserves: Option<Reserves>,
    /// One proof with its totals for every volume.
    pub volumes: Vec<VolumeProof>,
}

/// What an attestation says of itself. Bound by the proofs, but the publisher's word: no proof
/// shows that the time is right or that nobody was left out.
#[derive(Clone, Debug, Deserialize, Serialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct Header {
    /// The venue whose book it is.
    pub venue: String,
    /// Consecutive, from 0 for the venue's first attestation.
    pub sequence: u64,
    /// The digest of the attestation before, unless this is the first.
    pub previous: Option<Digest>,
    /// When the snapshot was taken.
    #[serde(with = "strict::utc_time")]
    pub as_of: Timestamp,
    /// How that time was drawn, where it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub drawn: Option<Drawn>,
    /// Accounts in the book.
    pub accounts: u64,
    /// Accounts of the snapshot that are not in the book: all they held was left out.
    pub accounts_left_out: u64,
    /// Assets that were left out because they have no price.
    pub left_out: Vec<AssetLeftOut>,
    /// What was rounded.
    pub rounding: Rounding,
    /// Rows of a volume's circuit, as a power of two.
    pub k: u32,
    /// Slots of a page.
    pub page_size: usize,
    /// Scenarios of the table, twins and `cover` included.
    pub scenarios: usize,
    /// The hash of the rules' program, where they have one that a contract can read.
    pub program: Option<Digest>,
    /// The digest of the verifying key.
    pub key: Digest,
    /// Who is trusted not to know the setup's tau. Information only: a verifier goes by its own
    /// key.
    pub setup: String,
    /// The program that made the attestation.
    pub software: String,
}

/// One volume: its totals and their proof.
#[derive(Clone, Debug, Deserialize, Serialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct VolumeProof {
    /// Per instrument of the table, how many lines hold it.
    pub counts: Vec<u64>,
    /// Per instrument of the table, the sum of their quantities in its smallest unit.
    #[serde(with = "integers")]
    pub quantities: Vec<u128>,
    /// The proof, in hexadecimal digits.
    #[serde(with = "hex")]
    pub proof: Vec<u8>,
}

/// Why bytes are not an attestation.
#[derive(Debug, Error)]
#[error(transparent)]
pub struct AttestationFormError(#[from] FormError);

impl Attestation {
    /// Reads an attestation.
    ///
    /// # Errors
    /// If the bytes are not exactly those that [`Attestation::to_bytes`] writes.
    pub fn parse(bytes: &[u8]) -> Result<Self, AttestationFormError> {
        Ok(canonical::parse(bytes, VERSION)?)
    }

    /// The attestation's one encoding.
    pub fn to_bytes(&self) -> Vec<u8> {
        canonical::to_bytes(self)
    }

    /// What the next attestation and every statement name this one by: the hash of its bytes.
    pub fn digest(&self) -> Digest {
        Digest::of(&self.to_bytes())
    }

    /// One volume, or `None` past the last.
    pub fn volume(&self, id: VolumeId) -> Option<&VolumeProof> {
        self.volumes.get(id.index())
    }

    /// The ids of its volumes, in order.
    pub fn volume_ids(&self) -> impl Iterator<Item = VolumeId> + use<> {
        VolumeId::all(self.volumes.len())
    }

    /// What every volume's proof is bound to, before the volume's number.
    pub fn context(&self) -> Context {
        Context::new(
            &self.header,
            &self.rules,
            &self.prices,
            self.reserves.as_ref(),
            self.volumes.len(),
        )
    }
}

impl Header {
    /// How its time was drawn, computed again; `None` if it does not say that it was.
    ///
    /// # Errors
    /// If it was not drawn so.
    pub fn draw(&self) -> Result<Option<Draw>, DrawnError> {
        self.drawn.as_ref().map(|drawn| Draw::of(drawn, self.as_of)).transpose()
    }

    /// The circuit's shape.
    ///
    /// # Errors
    /// If the sizes are invalid.
    pub fn shape(&self) -> Result<Shape, ShapeError> {
        Shape::new(self.k, self.page_size)
    }
}

impl VolumeProof {
    /// The totals claimed, or `None` where the two lists are not of one length.
    pub fn totals(&self) -> Option<Totals> {
        let pairs = self.counts.iter().zip(&self.quantities);
        let totals = pairs.map(|(&count, &quantity)| Total { count, quantity });
        (self.counts.len() == self.quantities.len()).then(|| Totals(totals.collect()))
    }
}

/// Whole numbers as strings of digits: many readers of JSON lose digits of large numbers.
mod integers {
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub(super) fn serialize<S: Serializer>(
        numbers: &[u128],
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(numbers.iter().map(u128::to_string))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Vec<u128>, D::Error> {
        let texts = Vec::<String>::deserialize(deserializer)?;
        let number = |text: &String| text.parse().map_err(D::Error::custom);
        texts.iter().map(number).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_attestation_with_volatilities_has_one_encoding_and_a_context_of_its_own() {
        let stored = include_bytes!("../../../tests/fixtures/attestation_v1_draft.json");
        let bare = Attestation::parse(stored).unwrap();
        let vols = r#", "vols": { "BTC": { "expiries": { "2026-06-01T00:00:00Z":
            { "strikes": { "110": "0.4" } } } } }"#;
        let mut with = bare.clone();
        let head = r#""as_of": "2026-01-01T00:00:00Z", "quote": "USD", "method": "", "prices": {}"#;
        with.prices.vols = Prices::parse(&format!("{{ {head}{vols} }}")).unwrap().vols;
        assert_eq!(Attestation::parse(&with.to_bytes()).unwrap(), with);
        assert_ne!(with.context(), bare.context());
        let empty = String::from_utf8(with.to_bytes()).unwrap();
        let (head, rest) = empty.split_once("\"vols\": {").unwrap();
        let (_, tail) = rest.split_once("\n    }\n  }").unwrap();
        let empty = format!("{head}\"vols\": {{}}\n  }}{tail}");
        let error = Attestation::parse(empty.as_bytes()).unwrap_err().to_string();
        assert!(error.contains("was formatted anew"), "{error}");
    }
}
