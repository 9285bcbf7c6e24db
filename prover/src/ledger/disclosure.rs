//! What was left out of a book or rounded, as disclosed.

use std::collections::BTreeMap;

use num_bigint::BigUint;
use pacioli_attestation::{AssetLeftOut, RoundedInstrument, Rounding};
use pacioli_circuits::ScenarioId;
use pacioli_rules::{Amount, Compiled, Decimal};

use super::bind::{Bound, Side};

/// What was left out of a book or rounded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Disclosure {
    /// The ids of the accounts that are not in the book, because every line of theirs was left out.
    pub accounts_left_out: Vec<String>,
    /// What was left out, by asset.
    pub left_out: Vec<AssetLeftOut>,
    /// What was rounded.
    pub rounding: Rounding,
}

/// What was left out or rounded so far, by index of the instrument's name.
#[derive(Default)]
pub(super) struct DisclosureCounts {
    pub(super) accounts_left_out: Vec<String>,
    pub(super) left_out: BTreeMap<String, AssetLeftOut>,
    rounded: BTreeMap<usize, u64>,
}

impl DisclosureCounts {
    /// Counts one account's holdings that were left out or rounded.
    pub(super) fn add(
        &mut self,
        left_out: &[(usize, Decimal)],
        rounded: &[usize],
        bound: &[Bound],
    ) {
        let mut counted: Vec<&str> = Vec::new();
        for (index, quantity) in left_out {
            let Bound::LeftOut { asset, side } = &bound[*index] else { continue };
            let asset_left_out = self.left_out.entry(asset.clone()).or_default();
            asset_left_out.asset.clone_from(asset);
            asset_left_out.lines += 1;
            if !counted.contains(&asset.as_str()) {
                counted.push(asset);
                asset_left_out.accounts += 1;
            }
            let sum = match side {
                Side::Deposit => &mut asset_left_out.deposits,
                Side::Borrow => &mut asset_left_out.borrows,
            };
            sum.add(quantity);
        }
        for index in rounded {
            *self.rounded.entry(*index).or_default() += 1;
        }
    }

    /// The disclosure.
    pub(super) fn finish(
        self,
        names: &[String],
        bound: &[Bound],
        compiled: &Compiled,
    ) -> Disclosure {
        let rounding = self.rounding(names, bound, compiled);
        let left_out = self.left_out.into_values().collect();
        Disclosure { accounts_left_out: self.accounts_left_out, left_out, rounding }
    }

    /// What was rounded in total.
    fn rounding(&self, names: &[String], bound: &[Bound], compiled: &Compiled) -> Rounding {
        let mut rounding = Rounding::default();
        let mut value = BigUint::ZERO;
        for (&index, &lines) in &self.rounded {
            let Bound::Rows { rows, decimals, .. } = &bound[index] else { continue };
            // All tiers are worth the same at mark.
            let unit = compiled.table.instruments()[rows[0].row()].values[ScenarioId::MARK];
            value += BigUint::from(unit.units().unsigned_abs()) * lines;
            rounding.lines += lines;
            rounding.instruments.push(RoundedInstrument {
                instrument: names[index].clone(),
                lines,
                bound: Amount::new(lines, *decimals),
            });
        }
        rounding.instruments.sort_by(|a, b| a.instrument.cmp(&b.instrument));
        rounding.bound = Amount::new(value, compiled.value_decimals);
        rounding
    }
}
