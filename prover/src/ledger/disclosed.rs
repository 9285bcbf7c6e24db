//! What was left out of a book or rounded, counted for disclosure.

use std::collections::BTreeMap;

use num_bigint::BigUint;
use pacioli_attestation::{AssetLeftOut, RoundedInstrument, Rounding};
use pacioli_rules::{Amount, Compiled, Decimal};

use super::bind::{Bound, Side};

/// Counts of what was left out and rounded.
#[derive(Default)]
pub(super) struct Disclosed {
    pub(super) left_out: BTreeMap<String, AssetLeftOut>,
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
            let exclusion = self.left_out.entry(asset.clone()).or_default();
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
