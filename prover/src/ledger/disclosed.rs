//! What was left out of a book or rounded, counted for disclosure.

use std::collections::BTreeMap;

use num_bigint::BigUint;
use serde::{Deserialize, Serialize};

use super::bind::{Bound, Side};
use crate::{amount::Amount, decimal::Decimal, rules::Compiled};

/// An asset that was left out of the book because it has no price.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Exclusion {
    /// The asset.
    pub asset: String,
    /// How many lines held it.
    pub lines: u64,
    /// How many accounts held it.
    pub accounts: u64,
    /// The sum of its deposits.
    pub deposits: Amount,
    /// The sum of its loans.
    pub borrows: Amount,
}

/// How much rounding can have changed, always in the customers' favour.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Rounding {
    /// How many holdings were rounded.
    pub lines: u64,
    /// The same by instrument.
    pub instruments: Vec<RoundedInstrument>,
    /// The sum of all roundings is below this much of the quote currency at mark, or 0.
    pub bound: Amount,
}

/// How much rounding can have changed one instrument.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct RoundedInstrument {
    /// The instrument as the snapshot names it.
    pub instrument: String,
    /// How many holdings were rounded.
    pub lines: u64,
    /// The sum of their roundings is below this much: one unit for each.
    pub bound: Amount,
}

/// Counts of what was left out and rounded.
#[derive(Default)]
pub(super) struct Disclosed {
    pub(super) exclusions: BTreeMap<String, Exclusion>,
    rounded: BTreeMap<usize, u64>,
}

impl Disclosed {
    /// Counts what one account had left out and rounded.
    pub(super) fn add(
        &mut self,
        excluded: &[(usize, Decimal)],
        rounded: &[usize],
        bound: &[Bound],
    ) {
        let mut counted: Vec<&str> = Vec::new();
        for (index, quantity) in excluded {
            let Bound::Excluded { asset, side } = &bound[*index] else { continue };
            let exclusion = self.exclusions.entry(asset.clone()).or_default();
            exclusion.asset.clone_from(asset);
            exclusion.lines += 1;
            if !counted.contains(&asset.as_str()) {
                counted.push(asset);
                exclusion.accounts += 1;
            }
            let sum = match side {
                Side::Deposit => &mut exclusion.deposits,
                Side::Borrow => &mut exclusion.borrows,
            };
            sum.add(quantity);
        }
        for index in rounded {
            *self.rounded.entry(*index).or_default() += 1;
        }
    }

    /// What was rounded, in all.
    pub(super) fn rounding(
        &self,
        names: &[String],
        bound: &[Bound],
        compiled: &Compiled,
    ) -> Rounding {
        let mut rounding = Rounding::default();
        let mut value = BigUint::ZERO;
        for (&index, &lines) in &self.rounded {
            let Bound::Rows { rows, decimals, .. } = &bound[index] else { continue };
            // All tiers are worth the same at mark.
            let unit = compiled.table.instruments()[rows[0].row()].values[0].units();
            value += BigUint::from(unit.unsigned_abs()) * lines;
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
