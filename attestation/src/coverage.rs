//! How far the reserves of each asset go, without credit and with it.

use num_bigint::BigUint;
use pacioli_rules::Amount;
use serde::Serialize;

use crate::{
    figures::{AssetFigures, Figures},
    reserves::{Purpose, Reserves},
};

/// Digits of a ratio, which is rounded down.
const DIGITS: u32 = 4;

/// What customers' reserves of one asset come to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AssetCoverage {
    /// The asset.
    pub asset: String,
    /// The customers' reserves of it, in whole units.
    pub reserves: Amount,
    /// Over its deposits.
    pub without_credit: Coverage,
    /// Over its deposits less the borrows that count, where the rules have a credit scenario. It
    /// says little unless every other asset is covered too, since the borrows' collateral is among
    /// those.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub with_credit: Option<Coverage>,
}

/// Reserves over what is required.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Coverage {
    /// What is required, in whole units of the asset.
    pub required: Amount,
    /// How many times that the reserves are, rounded down; `None` where nothing is required.
    pub ratio: Option<Amount>,
}

impl Coverage {
    fn of(held: &Amount, required: Amount) -> Self {
        Self { ratio: ratio(held, &required), required }
    }
}

/// How many times `required` what is held is, both of the same decimals, rounded down; `None` where
/// nothing is required.
pub(crate) fn ratio(held: &Amount, required: &Amount) -> Option<Amount> {
    let is_required = required.units != BigUint::ZERO;
    is_required.then(|| {
        Amount::new(&held.units * BigUint::from(10u32).pow(DIGITS) / &required.units, DIGITS)
    })
}

/// The same, rounded up.
pub(crate) fn ratio_up(held: &Amount, required: &Amount) -> Option<Amount> {
    let is_required = required.units != BigUint::ZERO;
    is_required.then(|| {
        let parts = &held.units * BigUint::from(10u32).pow(DIGITS);
        Amount::new((parts + &required.units - 1u32) / &required.units, DIGITS)
    })
}

/// The coverage of every asset, in the order of the figures.
pub fn per_asset(figures: &Figures, reserves: &Reserves) -> Vec<AssetCoverage> {
    let coverage = |AssetFigures { name, deposits, credit, .. }: &AssetFigures| {
        let held = reserves.held(name, Purpose::Customers, deposits.decimals);
        let with_credit = credit.as_ref().map(|credit| {
            let counted = (&credit.counted.units).min(&deposits.units);
            Coverage::of(&held, Amount::new(&deposits.units - counted, deposits.decimals))
        });
        AssetCoverage {
            asset: name.clone(),
            without_credit: Coverage::of(&held, deposits.clone()),
            with_credit,
            reserves: held,
        }
    };
    figures.assets.iter().map(coverage).collect()
}
