//! The few numbers that show a bound.

use std::collections::BTreeMap;

use pacioli_rules::{Compiled, Decimal, strict};
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// One multiplier for each scenario that has one, by its name: a decimal of at most nine digits after
/// the point, at least 0. Any are valid; good ones make the bound tight.
#[derive(Clone, Debug, Default, Deserialize, Serialize, PartialEq, Eq)]
#[serde(transparent)]
pub struct Certificate(
    #[serde(deserialize_with = "strict::unique_keys")] BTreeMap<String, Decimal>,
);

/// A certificate for each scenario at other prices, by its name: `{"mark": {"crash-20": "0.5"}}`.
#[derive(Clone, Debug, Default, Deserialize, Serialize, PartialEq, Eq)]
#[serde(transparent)]
pub struct Certificates(
    #[serde(deserialize_with = "strict::unique_keys")] BTreeMap<String, Certificate>,
);

/// Why a certificate shows nothing.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum CertificateError {
    /// It names a scenario that the table does not have.
    #[error("the certificate names the scenario `{0}`, which the proof does not have")]
    Scenario(String),
    /// It is for a scenario that there is not at the other prices.
    #[error(
        "there is a certificate for `{0}`, which is neither mark nor a stress nor a twin of the rules"
    )]
    Priced(String),
    /// It is for a stress that has no figures at the other prices.
    #[error(
        "there is a certificate for `{0}`, for which units of value are too coarse at these prices"
    )]
    Coarse(String),
    /// A multiplier out of its bounds.
    #[error(
        "the certificate's multiplier of `{scenario}` is {multiplier}: expected a number from 0 to \
         {most} with at most 9 decimals",
        most = Certificate::MOST
    )]
    Multiplier {
        /// The scenario.
        scenario: String,
        /// Its multiplier.
        multiplier: Decimal,
    },
}

impl Certificate {
    /// Multipliers are whole numbers of this part of 1.
    pub const UNIT: u64 = 10u64.pow(Self::DECIMALS);
    /// The largest multiplier.
    pub const MOST: u64 = 1_000_000;
    const DECIMALS: u32 = 9;

    /// The certificate with these multipliers, one per scenario of the table, in units of
    /// [`Self::UNIT`].
    pub(super) fn new(table: &Compiled, multipliers: &[u64]) -> Self {
        let named = table.scenarios.iter().zip(multipliers).filter(|(_, one)| **one > 0);
        Self(
            named
                .map(|(scenario, &one)| {
                    let multiplier = Decimal::new(i128::from(one), Self::DECIMALS);
                    (scenario.name.clone(), multiplier)
                })
                .collect(),
        )
    }

    /// The multipliers in the order of the table's scenarios, in units of [`Self::UNIT`].
    pub(super) fn multipliers(&self, table: &Compiled) -> Result<Vec<u64>, CertificateError> {
        let mut multipliers = vec![0; table.scenarios.len()];
        for (name, multiplier) in &self.0 {
            let at = table.scenarios.iter().position(|scenario| scenario.name == *name);
            let at = at.ok_or_else(|| CertificateError::Scenario(name.clone()))?;
            multipliers[at] = units(multiplier).ok_or_else(|| CertificateError::Multiplier {
                scenario: name.clone(),
                multiplier: *multiplier,
            })?;
        }
        Ok(multipliers)
    }
}

impl Certificates {
    /// The certificates of these scenarios.
    pub(super) fn new(certificates: impl IntoIterator<Item = (String, Certificate)>) -> Self {
        Self(certificates.into_iter().collect())
    }

    /// That of one scenario; where there is none, it names nothing.
    pub(super) fn of(&self, scenario: &str) -> Certificate {
        self.0.get(scenario).cloned().unwrap_or_default()
    }

    /// The scenarios that they are for.
    pub(super) fn scenarios(&self) -> impl Iterator<Item = &String> {
        self.0.keys()
    }
}

/// A multiplier in units of [`Certificate::UNIT`], where it is one.
fn units(multiplier: &Decimal) -> Option<u64> {
    let units: u64 = multiplier.exact_units(Certificate::DECIMALS)?.try_into().ok()?;
    (units <= Certificate::MOST * Certificate::UNIT).then_some(units)
}
