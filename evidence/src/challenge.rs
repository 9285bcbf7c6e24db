//! The text that the holder of an address signs: which venue, for what, which address, after what, and
//! for which time.
//!
//! ```text
//! Pacioli proof of reserves on eip155:1
//! Venue: Sample Exchange
//! Purpose: customers
//! Asset: ETH
//! Account: eip155:1:0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266
//! After attestation: 0x…                        (or "first")
//! Block: 0x…                                    (or "none")
//! Valid from: 2026-11-21T00:00:00Z
//! Valid until: 2026-11-22T00:00:00Z
//! Signing this shows control of the account to whoever checks this venue. It moves nothing.
//! ```
//!
//! A text is read by writing it again: there is one for each set of fields.

use std::fmt;

use alloy_primitives::B256;
use jiff::{SignedDuration, Timestamp};
use pacioli_attestation::{Digest, Purpose, Reserve, chain_id};
use pacioli_rules::{is_unseen, strict::parse_utc_time};
use thiserror::Error;

use crate::place::Place;

/// The longest time that a text may be valid for.
pub const LONGEST: SignedDuration = SignedDuration::from_hours(24 * 92);

/// The longest text that is looked at, in bytes.
pub const MAX_TEXT: usize = 4096;

const LAST: &str =
    "Signing this shows control of the account to whoever checks this venue. It moves nothing.";

/// Which reserve of which venue a text is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subject {
    /// The venue, as in its attestations.
    pub venue: String,
    /// What the reserve is for.
    pub purpose: Purpose,
    /// The asset.
    pub asset: String,
    /// The chain as CAIP-2 names it.
    pub chain: String,
    /// The address: in lower case where case says nothing.
    pub address: String,
}

/// What a text says beside its subject.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Terms {
    /// The attestation that came before; `None` for a venue's first.
    pub previous: Option<Digest>,
    /// A block of the chain that the text cannot be older than.
    pub block: Option<B256>,
    /// When it begins to be valid.
    pub from: Timestamp,
    /// When it ends.
    pub until: Timestamp,
}

/// The text for one reserve.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Challenge {
    /// What it is about.
    pub subject: Subject,
    /// What it says of when.
    pub terms: Terms,
}

/// Why a text cannot be made.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum SubjectError {
    /// A text that would need a line of its own.
    #[error("{field}: `{}` has characters that are not shown, so that nobody could see what is signed",
        .text.escape_debug())]
    Hidden {
        /// The field.
        field: &'static str,
        /// Its text.
        text: String,
    },
    /// An address that is none of its chain.
    #[error(transparent)]
    Place(#[from] crate::place::PlaceError),
    /// A chain whose name is none.
    #[error(
        "chain: `{}` is no chain as CAIP-2 names them, such as `eip155:1` or \
         `bip122:000000000019d6689c085ae165831e93`",
        .0.escape_debug()
    )]
    Chain(String),
    /// Times that make no sense.
    #[error("the text must end after it begins, and at most 92 days later")]
    Times,
}

/// Why a text is refused.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum ChallengeError {
    /// Not a text of this form.
    #[error("the text is none that `pacioli reserves challenge` writes: {0}")]
    Form(&'static str),
    /// A line that says something else.
    #[error("the text is for another {field}: `{}`, and this is `{}`",
        .got.escape_debug(), .expected.escape_debug())]
    Another {
        /// What differs.
        field: &'static str,
        /// What the text says.
        got: String,
        /// What it must say.
        expected: String,
    },
    /// It ended before the reserves' time.
    #[error("the text is expired: it was valid until {until}, and the reserves are of {at}")]
    Expired {
        /// Its end.
        until: Timestamp,
        /// The reserves' time.
        at: Timestamp,
    },
    /// It begins after the reserves' time.
    #[error("the text is not valid yet: it begins at {from}, and the reserves are of {at}")]
    NotYet {
        /// Its beginning.
        from: Timestamp,
        /// The reserves' time.
        at: Timestamp,
    },
    /// It was signed for another place in the venue's chain of attestations.
    #[error(
        "the text is replayed: it comes after the attestation {got}, and this one after {expected}"
    )]
    Replayed {
        /// What the text says.
        got: String,
        /// What this attestation follows.
        expected: String,
    },
    /// It is valid for too long.
    #[error("the text is valid for more than 92 days, or for no time")]
    TooLong,
}

impl Subject {
    /// The subject of a reserve of a venue.
    ///
    /// # Errors
    /// If the address is none of its chain, the chain has no name of CAIP-2, or a text would not be
    /// seen as it is.
    pub fn of(venue: &str, reserve: &Reserve) -> Result<Self, SubjectError> {
        for (field, text) in [
            ("venue", venue),
            ("asset", reserve.asset.as_str()),
            ("chain", reserve.chain.as_str()),
            ("address", reserve.address.as_str()),
        ] {
            if text.chars().any(is_unseen) {
                return Err(SubjectError::Hidden { field, text: text.to_owned() });
            }
        }
        let (chain, address) = (chain_id(&reserve.chain), reserve.address.trim());
        let is_named = chain.split_once(':').is_some_and(|(namespace, reference)| {
            (3..=8).contains(&namespace.len()) && (1..=32).contains(&reference.len())
        });
        if !is_named {
            return Err(SubjectError::Chain(chain.to_owned()));
        }
        let address = match Place::of(chain, address)? {
            Place::Evm { address, .. } => address.to_string().to_lowercase(),
            // Bech32 has a form in capitals, base 58 is of one case.
            Place::Bitcoin { .. } if address.contains(|c: char| c.is_ascii_lowercase()) => {
                address.to_owned()
            }
            Place::Bitcoin { .. } => address.to_lowercase(),
            Place::Other { address, .. } => address,
        };
        let (venue, asset) = (venue.to_owned(), reserve.asset.clone());
        Ok(Self { venue, purpose: reserve.purpose, asset, chain: chain.to_owned(), address })
    }
}

impl Challenge {
    /// A text for a reserve.
    ///
    /// # Errors
    /// If it would end before it begins, or be valid for longer than [`LONGEST`].
    pub fn new(subject: Subject, terms: Terms) -> Result<Self, SubjectError> {
        if !is_sensible(&terms) {
            return Err(SubjectError::Times);
        }
        Ok(Self { subject, terms })
    }

    /// Reads the text of a reserve, and checks that it is valid at the time of the reserves, in an
    /// attestation that follows `previous`.
    ///
    /// # Errors
    /// If it says something else in any line, or is not valid at that time.
    pub fn check(
        text: &str,
        subject: &Subject,
        previous: Option<Digest>,
        at: Timestamp,
    ) -> Result<Terms, ChallengeError> {
        if text.len() > MAX_TEXT {
            return Err(ChallengeError::Form("it is too long"));
        }
        let terms = read_terms(text)?;
        let expected = Self { subject: subject.clone(), terms }.to_string();
        let fields = ["chain", "venue", "purpose", "asset", "account"];
        let pairs = text.split('\n').zip(expected.split('\n'));
        for (field, (got, expected)) in fields.into_iter().zip(pairs) {
            if got != expected {
                let (got, expected) = (got.to_owned(), expected.to_owned());
                return Err(ChallengeError::Another { field, got, expected });
            }
        }
        if text != expected {
            return Err(ChallengeError::Form("a line differs"));
        }
        if terms.previous != previous {
            let [got, expected] = [terms.previous, previous].map(named);
            return Err(ChallengeError::Replayed { got, expected });
        }
        if !is_sensible(&terms) {
            return Err(ChallengeError::TooLong);
        }
        let Terms { from, until, .. } = terms;
        match at {
            at if at > until => Err(ChallengeError::Expired { until, at }),
            at if at < from => Err(ChallengeError::NotYet { from, at }),
            _ => Ok(terms),
        }
    }
}

fn is_sensible(terms: &Terms) -> bool {
    let length = terms.until.duration_since(terms.from);
    length.is_positive() && length <= LONGEST
}

fn named(previous: Option<Digest>) -> String {
    previous.map_or_else(|| "first".to_owned(), |digest| digest.to_string())
}

fn read_terms(text: &str) -> Result<Terms, ChallengeError> {
    let lines: Vec<&str> = text.split('\n').collect();
    let line = |index: usize, name: &str| {
        let line = lines.get(index).copied().unwrap_or_default();
        line.strip_prefix(name).ok_or(ChallengeError::Form("a line is missing"))
    };
    let previous = match line(5, "After attestation: ")? {
        "first" => None,
        text => {
            Some(text.parse().map_err(|_| ChallengeError::Form("no digest of an attestation"))?)
        }
    };
    let block = match line(6, "Block: ")? {
        "none" => None,
        text => {
            let hash: Digest =
                text.parse().map_err(|_| ChallengeError::Form("no hash of a block"))?;
            Some(B256::from(hash.0))
        }
    };
    let time = |index, name| {
        parse_utc_time(line(index, name)?).ok_or(ChallengeError::Form("a time is none"))
    };
    Ok(Terms { previous, block, from: time(7, "Valid from: ")?, until: time(8, "Valid until: ")? })
}

impl fmt::Display for Challenge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Subject { venue, purpose, asset, chain, address } = &self.subject;
        let Terms { previous, block, from, until } = self.terms;
        let block = block.map_or_else(|| "none".to_owned(), |hash| Digest(hash.0).to_string());
        let (purpose, previous) = (purpose.name(), named(previous));
        writeln!(f, "Pacioli proof of reserves on {chain}")?;
        writeln!(f, "Venue: {venue}\nPurpose: {purpose}\nAsset: {asset}")?;
        writeln!(f, "Account: {chain}:{address}\nAfter attestation: {previous}\nBlock: {block}")?;
        write!(f, "Valid from: {from}\nValid until: {until}\n{LAST}")
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// A reserve of the sort that tests are about.
    pub(crate) fn reserve(asset: &str, chain: &str, address: &str) -> Reserve {
        let text = format!(
            r#"{{ "asset": "{asset}", "amount": "2", "chain": "{chain}", "address": "{address}",
                  "evidence": "evidence.json", "purpose": "customers" }}"#
        );
        serde_json::from_str(&text).unwrap()
    }

    fn time(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    pub(crate) fn terms() -> Terms {
        Terms {
            previous: Some(Digest::of(b"before")),
            block: None,
            from: time("2026-11-21T00:00:00Z"),
            until: time("2026-11-22T00:00:00Z"),
        }
    }

    const ACCOUNT: &str = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266";
    const AT: &str = "2026-11-21T12:00:00Z";

    fn subject() -> Subject {
        Subject::of("Sample", &reserve("ETH", "eip155:1", ACCOUNT)).unwrap()
    }

    #[test]
    fn a_text_is_read_by_writing_it_again() {
        let text = Challenge::new(subject(), terms()).unwrap().to_string();
        let previous = terms().previous;
        assert_eq!(Challenge::check(&text, &subject(), previous, time(AT)), Ok(terms()));
        let upper = reserve("ETH", "ethereum", &ACCOUNT.to_uppercase());
        assert_eq!(Subject::of("Sample", &upper).unwrap(), subject());
        for length in 0..text.len() {
            assert!(Challenge::check(&text[..length], &subject(), previous, time(AT)).is_err());
        }
        assert!(Challenge::check(&format!("{text}\n"), &subject(), previous, time(AT)).is_err());
    }

    #[test]
    fn another_text_is_refused_by_name() {
        let text = Challenge::new(subject(), terms()).unwrap().to_string();
        let digest = terms().previous.unwrap().to_string();
        for (from, to, said) in [
            ("Venue: Sample", "Venue: Other", "for another venue"),
            ("customers", "insurance", "for another purpose"),
            ("Asset: ETH", "Asset: WETH", "for another asset"),
            ("0xf39f", "0xf39e", "for another account"),
            ("eip155:1\n", "eip155:10\n", "for another chain"),
            (digest.as_str(), "first", "is replayed"),
            ("11-21", "11-23", "valid for more than 92 days, or for no time"),
            ("11-22", "11-21", "valid for more than 92 days, or for no time"),
            ("11-22T00:00", "11-21T11:00", "expired"),
            ("11-21T00:00", "11-21T13:00", "not valid yet"),
            ("2026-11-22", "2027-11-22", "valid for more than 92 days"),
            ("moves nothing", "moves all", "a line differs"),
            ("Block: none", "Block: 0x00", "no hash of a block"),
            ("T00:00:00Z", "T00:00Z", "a time is none"),
        ] {
            assert!(text.contains(from), "{from}");
            let changed = text.replacen(from, to, 1);
            let error = Challenge::check(&changed, &subject(), terms().previous, time(AT));
            let error = error.unwrap_err().to_string();
            assert!(error.contains(said), "{from} -> {to}: {error}");
        }
    }

    #[test]
    fn a_name_cannot_write_lines_of_its_own() {
        let reserve = reserve("ETH", "eip155:1", ACCOUNT);
        for venue in ["A\nPurpose: insurance", "A\r", "A\u{202e}B", "\u{200b}"] {
            assert!(matches!(Subject::of(venue, &reserve), Err(SubjectError::Hidden { .. })));
        }
        assert!(Subject::of("Börse e\u{301}", &reserve).is_ok());
        let bank = tests::reserve("USD", "bank", "vault");
        assert!(matches!(Subject::of("A", &bank), Err(SubjectError::Chain(_))));
    }
}
