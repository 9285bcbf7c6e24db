//! Assets, and the tiers of assets and markets.

use serde::Deserialize;

use super::{rate::Rate, scenario::Margin, tier_rates};
use crate::decimal::Decimal;

/// The rule of an asset: its weights.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct AssetRule {
    /// Other assets under the same rule.
    #[serde(default)]
    pub also: Vec<String>,
    /// Decimals of a quantity.
    pub decimals: u32,
    /// Whether a stress's default move applies; it should not to stablecoins and fiat.
    #[serde(default = "yes")]
    pub shocked: bool,
    /// The weight of a deposit in a maintenance scenario, if there are no tiers; in `[0, 1]`.
    pub maintenance: Option<Rate>,
    /// The weight of a deposit in an initial scenario, if there are no tiers; in `[0, 1]`.
    pub initial: Option<Rate>,
    /// Weights by size of the deposit.
    pub tiers: Option<Vec<Tier>>,
    /// Whether the asset can be borrowed.
    #[serde(default = "yes")]
    pub borrow: bool,
    /// The weight of a borrow in a maintenance scenario, at least 1; 1 if left out.
    pub borrow_maintenance: Option<Rate>,
    /// The weight of a borrow in an initial scenario, at least 1; 1 if left out.
    pub borrow_initial: Option<Rate>,
}

fn yes() -> bool {
    true
}

/// One tier of an asset's weights or of a market's margin rates.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct Tier {
    /// The size up to which the tier goes, in whole units; the last has none.
    pub up_to: Option<Decimal>,
    /// Instead of `up_to`, the size's value at the mark price, in the quote currency or in the
    /// asset that a market's `tiers_in` names.
    pub up_to_value: Option<Decimal>,
    /// In a maintenance scenario, what a deposit counts for or the part of the notional that a
    /// position has to be margined with; in `[0, 1]`.
    pub maintenance: Option<Rate>,
    /// The same in an initial scenario.
    pub initial: Option<Rate>,
}

impl Tier {
    /// The weight or margin rate of one kind of requirement.
    pub(crate) fn rate(&self, margin: Margin) -> Option<&Rate> {
        match margin {
            Margin::Maintenance => self.maintenance.as_ref(),
            Margin::Initial => self.initial.as_ref(),
        }
    }

    /// Its end, as a quantity or a value.
    pub fn end(&self) -> Option<Decimal> {
        self.up_to.or(self.up_to_value)
    }
}

impl AssetRule {
    /// The tiers; one without an end if the rule has no tiers.
    pub fn all_tiers(&self) -> Vec<Tier> {
        let Self { maintenance, initial, .. } = self;
        self.tiers.clone().unwrap_or_else(|| {
            let (maintenance, initial) = (maintenance.clone(), initial.clone());
            vec![Tier { up_to: None, up_to_value: None, maintenance, initial }]
        })
    }

    /// The weight of a borrow in one kind of requirement; 1 if there is none.
    pub(crate) fn borrow_rate(&self, margin: Margin) -> Option<&Rate> {
        match margin {
            Margin::Maintenance => self.borrow_maintenance.as_ref(),
            Margin::Initial => self.borrow_initial.as_ref(),
        }
    }

    /// All its weights, each with its key, where the rule's is `key`.
    pub(super) fn rates_at(&self, key: String) -> impl Iterator<Item = (String, &Rate)> {
        let own = [
            ("maintenance", &self.maintenance),
            ("initial", &self.initial),
            ("borrow_maintenance", &self.borrow_maintenance),
            ("borrow_initial", &self.borrow_initial),
        ];
        let own = own.map(|(field, rate)| Some((format!("{key}.{field}"), rate.as_ref()?)));
        let tiers = tier_rates(key, self.tiers.as_deref().unwrap_or_default());
        tiers.chain(own.into_iter().flatten())
    }
}
