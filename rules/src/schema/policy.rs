//! The policy: what must hold of the whole book.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, de::Error};

use super::DrawnTime;
use crate::{decimal::Decimal, span::Span};

/// What must hold of the whole book. `pacioli_attestation::evaluate_policy` says whether it does.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    /// The minimum ratio of customer reserves to liabilities, both at mark.
    pub min_coverage: Option<Decimal>,
    /// The assets of which customer reserves must be at least the deposits.
    pub per_asset: Option<PerAsset>,
    /// Whether borrows are credited against the deposits of all assets; for rules with a credit
    /// scenario only.
    #[serde(default)]
    pub per_asset_credit: bool,
    /// The limit of bad debt, by scenario.
    #[serde(default)]
    pub bad_debt: BTreeMap<String, BadDebtLimit>,
    /// Whether the longs must equal the shorts in every market.
    #[serde(default)]
    pub open_interest_matched: bool,
    /// The minimum ratio of customer reserves to liabilities in a stress, by scenario. For `mark`
    /// there is [`Policy::min_coverage`].
    #[serde(default)]
    pub coverage: BTreeMap<String, Decimal>,
    /// The largest distance of the times of prices and reserves from the snapshot's.
    pub max_distance: Option<MaxDistance>,
    /// The limits of what may be left out of the book.
    pub left_out: Option<LeftOut>,
    /// Whether the snapshot's time has to be a drawn one, and of what.
    pub drawn: Option<DrawnTime>,
    /// What must be true of the volatilities that rates follow; for rules with such rates only.
    pub volatility: Option<VolatilityLimits>,
}

/// What must be true of every volatility that a rate follows; at least one is given.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct VolatilityLimits {
    /// The largest distance of its time from the snapshot's, in either direction. Others that are
    /// further away say nothing about it.
    pub max_age: Option<Span>,
    /// The least number of sources that state one of the asset.
    pub least_sources: Option<u32>,
    /// The part by which it may be below what another source says; below 1.
    pub band: Option<Decimal>,
}

/// The largest distances from the time of the snapshot, in either direction.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct MaxDistance {
    /// The distance of the prices.
    pub prices: Option<Span>,
    /// The distance of the reserves.
    pub reserves: Option<Span>,
}

/// The limits of what may be left out of the book or rounded in it.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct LeftOut {
    /// Accounts of which everything was left out.
    pub accounts: Option<u64>,
    /// Whole units by asset, for deposits and borrows each; nothing of any other asset.
    pub assets: Option<BTreeMap<String, Decimal>>,
    /// The quote currency that was rounded.
    pub rounding: Option<Decimal>,
}

/// The assets whose reserves must cover their deposits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PerAsset {
    /// All assets of the table.
    All,
    /// The listed assets.
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

/// The limit of a scenario's bad debt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BadDebtLimit {
    /// An amount of the quote currency.
    Amount(Decimal),
    /// Bad debt must be met by the insurance fund: all reserves, valued in the scenario, are at
    /// least what everyone but the fund is owed there.
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
