//! The attestation: the public output of a run, as one canonical JSON file.
//!
//! Its bytes are the one way to write it: two spaces of indent, the fields in this order, a newline
//! at the end. Rules stand in it as the text that was given, prices and reserves as they were read.
//! Everything but the proofs enters the context word of every proof, totals enter as public inputs,
//! so no byte can change without a proof failing.

mod chain;
mod changes;
mod disclosed;
mod disclosure;
mod history;
mod require;
#[cfg(test)]
mod testing;
mod trial_balance;
mod unasked;
mod verify;

pub use chain::{
    CLOCK_ALLOWANCE, ChainError, InFuture, check_follows, check_not_in_future, check_successor,
};
pub use changes::changes;
pub use disclosed::{DisclosedError, check_disclosed};
pub use disclosure::{AssetLeftOut, RoundedInstrument, Rounding};
pub use history::{Entry, Finding, check_history, in_order};
pub use require::{Problem as RequireProblem, RequireError, Requirements, SetupRequired};
pub use trial_balance::{TrialBalanceError, check_trial_balance};
pub use unasked::unasked;
pub use verify::{Candidate, Findings, Verified, VerifyError};

use std::collections::BTreeMap;

use halo2_proofs::halo2curves::bn256::Fr;
use jiff::Timestamp;
use pacioli_circuits::{Shape, ShapeError, Total, Totals};
use pacioli_rules::{
    Decimal, Prices,
    black76::{Smile, Surface},
    strict,
};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::{
    canonical::{self, FormError, hex},
    digest::{Digest, Words},
    reserves::{Reserve, Reserves},
    transcript::hash_to_field,
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

/// What an attestation says of itself. Bound by the proofs, but the publisher's word: no proof shows
/// that the time is right or that nobody was left out.
#[derive(Clone, Debug, Deserialize, Serialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct Header {
    /// Whose book it is.
    pub venue: String,
    /// 0 for the venue's first attestation, then one more each time.
    pub sequence: u64,
    /// The digest of the attestation before, unless this is the first.
    pub previous: Option<Digest>,
    /// When the snapshot was taken.
    #[serde(with = "strict::utc_time")]
    pub as_of: Timestamp,
    /// Accounts in the book.
    pub accounts: u64,
    /// Accounts of the snapshot that are not in the book: all they held was left out.
    pub accounts_left_out: u64,
    /// Assets that were left out for want of a price.
    pub left_out: Vec<AssetLeftOut>,
    /// What was rounded.
    pub rounding: Rounding,
    /// Rows of a volume's circuit, as a power of two.
    pub k: u32,
    /// Slots of a page.
    pub page_size: usize,
    /// Scenarios of the circuit.
    pub scenarios: usize,
    /// The hash of the rules' program, where they have one that a contract can read.
    pub program: Option<Digest>,
    /// The digest of the verifying key.
    pub key: Digest,
    /// Who is trusted not to know the setup's tau. For the reader: a verifier goes by its own key.
    pub setup: String,
    /// What made the attestation.
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

/// Why bytes are no attestation.
#[derive(Debug, Error)]
#[error(transparent)]
pub struct AttestationFormError(#[from] FormError);

impl Attestation {
    /// Reads an attestation.
    ///
    /// # Errors
    /// Where the bytes are not exactly those that [`Attestation::to_bytes`] writes.
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
    /// The circuit's shape.
    ///
    /// # Errors
    /// Where the sizes make no circuit.
    pub fn shape(&self) -> Result<Shape, ShapeError> {
        Shape::new(self.k, self.scenarios, self.page_size)
    }

    fn digest(&self) -> Digest {
        let exclusion = |words: Words, exclusion: &AssetLeftOut| {
            let words = words.text(&exclusion.asset).number(exclusion.lines);
            let words = words.number(exclusion.accounts);
            words.text(&exclusion.deposits.to_string()).text(&exclusion.borrows.to_string())
        };
        let Rounding { lines, instruments, bound } = &self.rounding;
        Words::new("pacioli.header.v1")
            .text(&self.venue)
            .number(self.sequence)
            .list(self.previous.iter(), |words, previous| words.digest(*previous))
            .text(&self.as_of.to_string())
            // The place of how `as_of` was drawn: a list, of nothing in this version.
            .number(0u64)
            .number(self.accounts)
            .number(self.accounts_left_out)
            .list(self.left_out.iter(), exclusion)
            .number(*lines)
            .list(instruments.iter(), |words, rounded| {
                let words = words.text(&rounded.instrument).number(rounded.lines);
                words.text(&rounded.bound.to_string())
            })
            .text(&bound.to_string())
            .number(self.k)
            .number(self.page_size as u64)
            .number(self.scenarios as u64)
            .list(self.program.iter(), |words, program| words.digest(*program))
            .digest(self.key)
            .text(&self.setup)
            .text(&self.software)
            .finish()
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

/// The digest of everything public but totals and proofs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Context(pub Digest);

impl Context {
    /// The context of a run of `volumes` volumes.
    pub fn new(
        header: &Header,
        rules: &str,
        prices: &Prices,
        reserves: Option<&Reserves>,
        volumes: usize,
    ) -> Self {
        let words = Words::new("pacioli.context.v1")
            .digest(header.digest())
            .digest(Digest::of(rules.as_bytes()))
            .digest(prices_digest(prices))
            .list(reserves.into_iter(), |words, reserves| words.digest(reserves_digest(reserves)))
            .number(volumes as u64);
        Self(words.finish())
    }

    /// The context word of volume `volume`, the first public input of its proof.
    pub fn word(&self, volume: usize) -> Fr {
        let words = Words::new("pacioli.volume.v1").digest(self.0).number(volume as u64);
        hash_to_field(&words.finish().0)
    }
}

fn prices_digest(prices: &Prices) -> Digest {
    let Prices { as_of, quote, method, source, prices, vols, open_interest } = prices;
    let words = Words::new("pacioli.prices.v1")
        .text(&as_of.to_string())
        .text(quote)
        .text(method)
        .list(source.iter(), |words, source| words.text(source))
        .list(prices.iter(), |words, (asset, price)| decimal(words.text(asset), price));
    // Prices without volatilities or open interest have the digest that they had before there were
    // any. The tags of what follows keep one from being taken for the other.
    let words = if vols.is_empty() { words } else { words.digest(vols_digest(vols)) };
    if open_interest.is_empty() {
        return words.finish();
    }
    let open = Words::new("pacioli.open-interest.v1")
        .list(open_interest.iter(), |words, (market, amount)| decimal(words.text(market), amount));
    words.digest(open.finish()).finish()
}

fn vols_digest(vols: &BTreeMap<String, Surface>) -> Digest {
    let smile = |words: Words, (expiry, smile): (&String, &Smile)| {
        words
            .text(expiry)
            .list(smile.forward.iter(), decimal)
            .list(smile.strikes.iter(), |words, (strike, vol)| decimal(words.text(strike), vol))
    };
    Words::new("pacioli.vols.v1")
        .list(vols.iter(), |words, (underlying, surface)| {
            let rate = |words: Words, rate: &Decimal| {
                // The one number here that may be below zero.
                decimal(words.number(u64::from(rate.is_negative())), rate)
            };
            let words = words.text(underlying).list(surface.rate.iter(), rate);
            words.list(surface.expiries.iter(), smile)
        })
        .finish()
}

/// Appends the size of a number: prices, volatilities and open interest were checked to be not
/// negative.
fn decimal(words: Words, number: &Decimal) -> Words {
    words.number(number.mantissa().unsigned_abs()).number(number.scale())
}

/// The digest by which reserves enter the context.
pub fn reserves_digest(reserves: &Reserves) -> Digest {
    Words::new("pacioli.reserves.v1")
        .text(&reserves.as_of.to_string())
        .list(reserves.reserves.iter(), |words, reserve| {
            let words = words.text(&reserve.asset).number(reserve.amount.mantissa().unsigned_abs());
            let words = words.number(reserve.amount.scale()).text(&reserve.chain);
            let words = words.text(&reserve.address).text(&reserve.evidence);
            let words = words.text(reserve.purpose.name());
            let Reserve { custodian, legal_holder, encumbrance, attested_by, .. } = reserve;
            let optional = [custodian, legal_holder, encumbrance];
            let words = optional
                .into_iter()
                .fold(words, |words, text| words.list(text.iter(), |words, text| words.text(text)));
            words.list(attested_by.iter(), |words, by| words.text(by.name()))
        })
        .finish()
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

    fn prices(vols: &str) -> Prices {
        let head = r#""as_of": "2026-01-01T00:00:00Z", "quote": "USD", "method": """#;
        Prices::parse(&format!(r#"{{ {head}, "prices": {{ "BTC": "100" }}{vols} }}"#)).unwrap()
    }

    #[test]
    fn every_number_of_a_surface_is_in_the_digest_of_the_prices() {
        let vols = r#", "vols": { "BTC": { "rate": "0.04", "expiries": { "2026-06-01T00:00:00Z":
            { "forward": "101", "strikes": { "90": "0.5", "110": "0.4" } } } } }"#;
        let whole = prices_digest(&prices(vols));
        for (from, to) in [
            (vols, ""),
            ("BTC", "ETH"),
            ("0.04", "-0.04"),
            ("0.04", "0.40"),
            (r#""rate": "0.04", "#, ""),
            ("06-01", "06-02"),
            ("101", "102"),
            (r#""forward": "101", "#, ""),
            ("90", "91"),
            ("0.5", "0.6"),
            ("110", "110.0"),
            (r#", "110": "0.4""#, ""),
        ] {
            assert!(vols.contains(from), "{from}");
            assert_ne!(prices_digest(&prices(&vols.replacen(from, to, 1))), whole, "{from}");
        }
        let bare =
            Words::new("pacioli.prices.v1").text("2026-01-01T00:00:00Z").text("USD").text("");
        let bare = bare.number(0u64).number(1u64).text("BTC").number(100u64).number(0u64);
        assert_eq!(prices_digest(&prices("")), bare.finish(), "as before there were any");
    }

    #[test]
    fn open_interest_is_in_the_digest_of_the_prices() {
        let open = r#", "open_interest": { "ADA-USD": "1.5", "SOL-USD": "2" }"#;
        let whole = prices_digest(&prices(open));
        let vols = r#", "vols": { "BTC": { "expiries": { "2026-06-01T00:00:00Z":
            { "strikes": { "110": "0.4" } } } } }"#;
        let both = format!("{vols}{open}");
        for (from, to) in [
            (open, ""),
            (open, vols),
            (open, &both),
            ("ADA", "ADB"),
            ("1.5", "1.50"),
            ("\"2\"", "\"3\""),
            (r#", "SOL-USD": "2""#, ""),
        ] {
            assert!(open.contains(from), "{from}");
            assert_ne!(prices_digest(&prices(&open.replacen(from, to, 1))), whole, "{from}");
        }
        assert_ne!(prices_digest(&prices(&both)), prices_digest(&prices(vols)));
        assert_eq!(prices_digest(&prices(r#", "open_interest": {}"#)), prices_digest(&prices("")));
    }

    #[test]
    fn an_attestation_with_volatilities_has_one_encoding_and_a_context_of_its_own() {
        let stored = include_bytes!("../../../tests/fixtures/attestation_v1_draft.json");
        let bare = Attestation::parse(stored).unwrap();
        let vols = r#", "vols": { "BTC": { "expiries": { "2026-06-01T00:00:00Z":
            { "strikes": { "110": "0.4" } } } } }"#;
        let mut with = bare.clone();
        with.prices.vols = prices(vols).vols;
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
