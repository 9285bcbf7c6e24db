//! The time to close a book's holdings, at the volume of the history.

use std::collections::BTreeMap;

use num_bigint::BigUint;
use pacioli_circuits::{Account, InstrumentId};
use pacioli_rules::{Amount, AssetRule, Compiled, Rules};
use serde::Serialize;

use super::{proposal::Proposal, size::STEP};

/// One side of an asset or market that customers hold. No account is named.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Liquidity {
    /// The instrument, such as `deposit BTC` or `short ETH-PERP`.
    pub held: String,
    /// The amount that can be closed in a day.
    pub a_day: Amount,
    /// The largest holding of one account.
    pub largest: Amount,
    /// Days to close that, rounded up to a tenth.
    pub largest_days: Amount,
    /// The holdings of all accounts.
    pub total: Amount,
    /// Days to close that, likewise.
    pub total_days: Amount,
    /// The size up to which the proposed figures are measured; `None` if nothing is proposed.
    pub measured_to: Option<Amount>,
    /// Whether the largest is larger than that.
    pub past_measure: bool,
}

/// One side as it is looked up.
struct Side<'a> {
    held: String,
    rows: Vec<InstrumentId>,
    decimals: u32,
    a_day: &'a Amount,
    measured_to: Option<Amount>,
}

/// Every side that customers hold and whose volume is known, by name; `compiled` are the proposed
/// rules.
pub(super) fn liquidity(
    compiled: &Compiled,
    proposal: &Proposal,
    customers: impl Iterator<Item = Account>,
) -> Vec<Liquidity> {
    let sides = sides(compiled, proposal);
    let mut rows = BTreeMap::new();
    for (index, side) in sides.iter().enumerate() {
        rows.extend(side.rows.iter().map(|row| (*row, index)));
    }
    let mut largest = vec![0u128; sides.len()];
    let mut total = vec![BigUint::ZERO; sides.len()];
    for account in customers {
        let mut own: BTreeMap<usize, u128> = BTreeMap::new();
        for line in &account.lines {
            if let Some(side) = rows.get(&line.instrument) {
                *own.entry(*side).or_default() += line.quantity.units();
            }
        }
        for (side, units) in own {
            largest[side] = largest[side].max(units);
            total[side] += units;
        }
    }
    let sides = sides.into_iter().zip(largest).zip(total);
    let held = sides.filter(|(_, total)| *total > BigUint::ZERO);
    let held = held.map(|((side, largest), total)| {
        let [largest, total] =
            [largest.into(), total].map(|units: BigUint| Amount::new(units, side.decimals));
        Liquidity {
            largest_days: days(&largest, side.a_day),
            total_days: days(&total, side.a_day),
            past_measure: side.measured_to.as_ref().is_some_and(|most| exceeds(&largest, most)),
            held: side.held,
            a_day: side.a_day.clone(),
            largest,
            total,
            measured_to: side.measured_to,
        }
    });
    held.collect()
}

fn sides<'a>(compiled: &Compiled, proposal: &'a Proposal) -> Vec<Side<'a>> {
    let Proposal { rules, measured, .. } = proposal;
    let a_day = |asset: &String| measured.get(asset)?.a_day.as_ref();
    let mut sides = Vec::new();
    for (name, rows) in &compiled.assets {
        let Some(day) = a_day(name) else { continue };
        let rule = rule_of(rules, name);
        let mut side = |side: &str, rows: Vec<InstrumentId>, decimals, measured_to| {
            sides.push(Side {
                held: format!("{side} {name}"),
                rows,
                decimals,
                a_day: day,
                measured_to,
            });
        };
        let up_to = rule.map(|_| measured_to(compiled, &rows.deposits, rows.decimals, day));
        side("deposit", rows.deposits.clone(), rows.decimals, up_to);
        // Borrows have no tiers.
        let borrows = rows.borrow.into_iter().chain(rows.uncredited).collect();
        side("borrow", borrows, rows.decimals, rule.map(|_| day.clone()));
    }
    for (name, market) in &rules.markets {
        let day = a_day(name).or_else(|| a_day(&market.underlying));
        let (Some(day), Some(rows)) = (day, compiled.markets.get(name)) else { continue };
        for (side, rows_of) in [("long", &rows.longs), ("short", &rows.shorts)] {
            sides.push(Side {
                held: format!("{side} {name}"),
                rows: rows_of.clone(),
                decimals: rows.decimals,
                a_day: day,
                measured_to: Some(measured_to(compiled, rows_of, rows.decimals, day)),
            });
        }
    }
    sides
}

fn rule_of<'a>(rules: &'a Rules, asset: &str) -> Option<&'a AssetRule> {
    let listed = |also: &[String]| also.iter().any(|other| other == asset);
    let rule = rules.assets.iter().find(|(name, rule)| *name == asset || listed(&rule.also));
    rule.map(|(_, rule)| rule)
}

/// The size up to which the slope of the last tier is taken. Tiers that end at values are taken at the
/// prices that the rules were compiled with.
fn measured_to(
    compiled: &Compiled,
    tiers: &[InstrumentId],
    decimals: u32,
    a_day: &Amount,
) -> Amount {
    let caps = tiers.iter().filter_map(|&tier| compiled.table.get(tier)?.cap);
    match caps.map(|cap| cap.units()).sum::<u128>() {
        0 => a_day.clone(),
        last => Amount::new(BigUint::from(last) * STEP, decimals),
    }
}

fn exceeds(size: &Amount, most: &Amount) -> bool {
    let decimals = size.decimals.max(most.decimals);
    let units = |amount: &Amount| &amount.units * ten(decimals - amount.decimals);
    units(size) > units(most)
}

/// Days to close a size, rounded up to a tenth; `a_day` is above zero.
fn days(size: &Amount, a_day: &Amount) -> Amount {
    let above = &size.units * ten(a_day.decimals) * 10u32;
    let below = (&a_day.units * ten(size.decimals)).max(1u32.into());
    Amount::new((above + &below - 1u32) / below, 1)
}

fn ten(exponent: u32) -> BigUint {
    BigUint::from(10u32).pow(exponent)
}
