//! The policy: what must hold of the whole book.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, de::Error};

use crate::{decimal::Decimal, span::Span};

/// What must hold of the whole book. `pacioli_attestation::evaluate_policy` says whether it does.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    /// The customers' reserves at mark are at least so many times what is owed at mark.
    pub min_coverage: Option<Decimal>,
    /// The customers' reserves of each of these assets are at least its deposits.
    pub per_asset: Option<PerAsset>,
    /// Whether loans are credited against the deposits of all assets; for rules with a credit
    /// scenario only.
    #[serde(default)]
    pub per_asset_credit: bool,
    /// The bad debt of each of these scenarios is at most so much, or is met by the insurance fund.
    #[serde(default)]
    pub bad_debt: BTreeMap<String, BadDebtLimit>,
    /// In every market the longs equal the shorts.
    #[serde(default)]
    pub open_interest_matched: bool,
    /// The customers' reserves, valued in each of these scenarios, are at least so many times what
    /// is owed in it. `mark` is [`Policy::min_coverage`]'s.
    #[serde(default)]
    pub coverage: BTreeMap<String, Decimal>,
    /// How far the times of prices and reserves may be from that of the snapshot.
    pub max_distance: Option<MaxDistance>,
    /// What may be left out of the book.
    pub left_out: Option<LeftOut>,
}

/// How far from the time of the snapshot others may be, in either direction.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct MaxDistance {
    /// That of the prices.
    pub prices: Option<Span>,
    /// That of the reserves.
    pub reserves: Option<Span>,
}

/// What may be left out of the book or rounded in it, at most.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct LeftOut {
    /// So many accounts, of which everything was left out.
    pub accounts: Option<u64>,
    /// So much of each of these assets, deposits and loans each, in whole units, and nothing of any
    /// other.
    pub assets: Option<BTreeMap<String, Decimal>>,
    /// So much of the quote currency by rounding.
    pub rounding: Option<Decimal>,
}

/// The assets whose reserves must cover their deposits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PerAsset {
    /// Every asset of the table.
    All,
    /// These.
    Only(Vec<String>),
}

impl<'de> Deserialize<'de> for PerAsset {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged, expecting = "expected \"all\" or a list of assets")]
        enum Written {
            Word(String),
            List(Vec<String>),
        }
        match Written::deserialize(deserializer)? {
            Written::List(assets) => Ok(Self::Only(assets)),
            Written::Word(word) if word == "all" => Ok(Self::All),
            Written::Word(word) => Err(D::Error::custom(format_args!(
                "`{word}` is neither \"all\" nor a list of assets"
            ))),
        }
    }
}

/// How much bad debt a scenario may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BadDebtLimit {
    /// So much of the quote currency.
    Amount(Decimal),
    /// What the insurance fund meets: all reserves, valued in the scenario, are at least what
    /// everyone but the fund is owed there.
    Insurance,
}

impl<'de> Deserialize<'de> for BadDebtLimit {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match String::deserialize(deserializer)?.as_str() {
            "insurance" => Ok(Self::Insurance),
            text => text.parse().map(Self::Amount).map_err(D::Error::custom),
        }
    }
}
