//! What was read of each source, or why it was not: all that a verdict rests on.

use jiff::Timestamp;
use num_bigint::BigUint;
use pacioli_attestation::{Attestation, By, Digest, Header, may_miss};
use pacioli_rules::Amount;
use serde::{Deserialize, Serialize};

use crate::state::State;

/// The source of what is about all places together.
pub const ALL: &str = "all sources";
/// The source of reserves that are read now.
pub const RESERVES: &str = "reserves";
/// The source of prices of now.
pub const PRICES: &str = "prices";
/// The source that is the venue's own book.
pub const BOOK: &str = "book";

/// What a source said, or why it could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer<T> {
    /// It was read.
    Read(T),
    /// It was not, or two of its servers do not agree.
    Unknown {
        /// Why.
        why: String,
        /// The worse of what was read, which is shown and decides nothing.
        worse: Option<T>,
    },
}

impl<T> Answer<T> {
    /// What could not be read at all.
    pub fn unknown(why: impl Into<String>) -> Self {
        Self::Unknown { why: why.into(), worse: None }
    }

    /// What was read for certain.
    pub fn read(&self) -> Option<&T> {
        match self {
            Self::Read(value) => Some(value),
            Self::Unknown { .. } => None,
        }
    }
}

/// A reading of a named source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading<T> {
    /// The source's name in the configuration.
    pub source: String,
    /// What it said.
    pub answer: Answer<T>,
}

/// All readings of one venue at one time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Readings {
    /// Its name.
    pub venue: String,
    /// Attestations in each place.
    pub attestations: Vec<Reading<Vec<Attested>>>,
    /// Each registry.
    pub registries: Vec<Reading<Registered>>,
    /// The number of the attestation that reserves and prices are read for.
    pub newest: Option<u64>,
    /// Reserves now.
    pub reserves: Option<Answer<Vec<AssetReserves>>>,
    /// The latest attestation at the prices of now.
    pub prices: Option<Answer<Vec<RepricedClause>>>,
    /// The venue's own book.
    pub book: Option<Answer<OwnBook>>,
}

/// An attestation that was read and checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attested {
    /// The digest of its bytes.
    pub digest: Digest,
    /// What of it is kept.
    pub kept: Kept,
    /// What came of checking it.
    pub checked: Checked,
}

impl Attested {
    /// Its sequence number.
    pub fn number(&self) -> u64 {
        self.kept.header.sequence
    }
}

/// What is kept of an attestation, to hold others against it once the file is gone.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub struct Kept {
    /// Its header.
    pub header: Header,
    /// The days that its policy lets the venue miss.
    pub may_miss: Option<u64>,
}

impl Kept {
    /// What is kept of this one.
    pub fn of(attestation: &Attestation) -> Self {
        Self { header: attestation.header.clone(), may_miss: may_miss(attestation) }
    }
}

/// What came of checking an attestation that was read whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Checked {
    /// Its proofs hold.
    Verified(Box<Said>),
    /// It was refused: a proof does not hold, or it is another venue's.
    Refused(String),
    /// It verified at an earlier look. It is not the latest, and nothing of it is looked at but that it
    /// is there, and what it follows.
    Before,
}

/// What a verified attestation says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Said {
    /// The state of the setup of the reader's key: `known`, `vouched`, `unknown` or `insecure`.
    pub setup: &'static str,
    /// The clauses that fail, of the venue's own policy and of the reader's.
    pub failing: Vec<Failing>,
    /// The digest of its rules, where it is not the one that the reader expects.
    pub other_rules: Option<Digest>,
    /// Coverage at mark in 1/10,000; `None` where nothing is owed or no reserves are stated.
    pub coverage: Option<BigUint>,
    /// A time of it that is of the future.
    pub ahead: Option<String>,
    /// Whether something is owed and no reserves are stated for it.
    pub is_unstated: bool,
    /// By whose word.
    pub by: Option<By>,
    /// Figures in the smallest units of each, by name, such as `owed`, `deposits.BTC`.
    pub figures: Vec<(String, BigUint)>,
}

/// A clause that fails.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failing {
    /// Its key in the policy.
    pub clause: String,
    /// Why.
    pub detail: String,
}

/// How a venue stands on a registry, at one block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Registered {
    /// The block.
    pub block: u64,
    /// Its time.
    pub time: Timestamp,
    /// The registry's own state.
    pub state: State,
    /// The number of the latest attestation there, from 1; 0 if there is none.
    pub round: u64,
    /// Its sequence number.
    pub sequence: u64,
    /// The registry's own hash of it.
    pub record: [u8; 32],
    /// The digest of its file, by the publisher and of that hash.
    pub digest: Option<Digest>,
    /// Why that could not be read.
    pub unread: Option<String>,
    /// The time of its snapshot.
    pub as_of: Timestamp,
    /// Coverage in 1/10,000; `None` where nothing is owed.
    pub coverage_bps: Option<u64>,
    /// How many clauses fail.
    pub failing: u32,
    /// What is wrong, in words.
    pub faults: Vec<String>,
    /// It, its rules or its verifier was revoked.
    pub revoked: bool,
    /// When it was found in breach.
    pub breached_at: Option<Timestamp>,
}

/// The reserves of one asset, as attested and now, in the same units.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AssetReserves {
    /// The asset.
    pub asset: String,
    /// What the latest attestation says.
    pub attested: Amount,
    /// The part of it that is where it could be read.
    pub readable: Amount,
    /// What is there now.
    pub now: Amount,
}

/// A clause at the prices of now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RepricedClause {
    /// Its key.
    pub clause: String,
    /// Whether it stands.
    pub standing: Standing,
    /// Why.
    pub detail: String,
}

/// Whether a clause stands at other prices.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// For certain, or as it was proved.
    Holds,
    /// Nobody can tell without another proof.
    Unknown,
    /// For certain not.
    CannotHold,
}

/// The venue's own book, without a proof.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OwnBook {
    /// Accounts in it.
    pub accounts: u64,
    /// Coverage at mark in 1/10,000; `None` where nothing is owed or no reserves are given.
    pub coverage: Option<BigUint>,
    /// Assets that were left out, and how much of each.
    pub left_out: Vec<(String, String)>,
    /// Mark first, then each scenario.
    pub scenarios: Vec<OwnScenario>,
}

/// One scenario of the venue's own book.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnScenario {
    /// Its name.
    pub name: String,
    /// What is owed.
    pub owed: Amount,
    /// Bad debt.
    pub bad_debt: Amount,
    /// The insurance fund; `None` where it is not known.
    pub fund: Option<Amount>,
    /// The most accounts that are below one margin of the rules.
    pub below_margin: u64,
    /// The fewest accounts that make up half of the bad debt.
    pub half_of_bad_debt: u64,
}
