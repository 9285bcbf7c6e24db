//! From what accounts hold to accounts that balance: holdings are split over tiers, and every
//! scenario is closed.
//!
//! Nothing is left out or rounded unless asked for, and what was is counted. Rounding is in the
//! customer's favour: deposits and quote credits up, loans and quote debits down. A position has
//! no such side, since its entry stands in another line, and is never rounded. A quantity of zero
//! is a line like any other.

use std::collections::BTreeMap;

use num_bigint::{BigInt, BigUint};
use pacioli_circuits::{Account, InstrumentId, Line, Quantity};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::{
    amount::Amount,
    decimal::Decimal,
    rules::{Compiled, names::Held},
    snapshot::{Holder, Holding, Place, Snapshot},
};

/// How strictly holdings are taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// Round quantities that are finer than their instrument.
    pub round: bool,
    /// Leave out deposits and loans of assets without a price.
    pub exclude_unpriced: bool,
    /// The most lines an account may have, closing lines included: the slots of a page.
    pub page_size: usize,
}

/// The accounts of a book, each balanced in every scenario, and what became of the rest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ledger {
    /// Every account with its id, in the order of the snapshot.
    pub accounts: Vec<(String, Account)>,
    /// Accounts that are not in the book, because every line of theirs was left out.
    pub dropped_accounts: Vec<String>,
    /// What was left out, by asset.
    pub exclusions: Vec<Exclusion>,
    /// What was rounded.
    pub rounding: Rounding,
}

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

/// Why a snapshot makes no ledger, and where.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("{place}, account `{}`: {problem}", .account.escape_debug())]
pub struct LedgerError {
    /// Where the holding stands, or the first of the account.
    pub place: Place,
    /// The account's id.
    pub account: String,
    /// What is wrong.
    pub problem: LedgerProblem,
}

/// What is wrong with a holding or an account.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum LedgerProblem {
    /// No instrument of these rules.
    #[error("the rules have no instrument `{}`", .0.escape_debug())]
    Unknown(String),
    /// The asset has a price, and no rule says how to hold it.
    #[error("`{0}` has a price but no rule")]
    NoRule(String),
    /// The asset has no price, so that nobody can say what it is worth.
    #[error("`{0}` has no price; give it one, or leave it out by name with --exclude-unpriced")]
    NoPrice(String),
    /// A direction is an instrument, never a sign.
    #[error("{0} is negative")]
    Negative(Decimal),
    /// More digits than the instrument has, where rounding has a favourable side.
    #[error("{quantity} has more than the {decimals} decimals of `{instrument}`; see --round")]
    TooFine {
        /// The quantity.
        quantity: Decimal,
        /// The instrument.
        instrument: String,
        /// Its decimals.
        decimals: u32,
    },
    /// More digits than the instrument has, where rounding has no favourable side.
    #[error(
        "{quantity} has more than the {decimals} decimals of `{instrument}`; a position cannot be \
         rounded, so the rules have to give it more decimals"
    )]
    TooFinePosition {
        /// The quantity.
        quantity: Decimal,
        /// The instrument.
        instrument: String,
        /// Its decimals.
        decimals: u32,
    },
    /// A quantity of 2^90 units and more.
    #[error("{quantity} of `{instrument}`, with {decimals} decimals, is not below 2^90 units")]
    TooLarge {
        /// The quantity.
        quantity: Decimal,
        /// The instrument.
        instrument: String,
        /// Its decimals.
        decimals: u32,
    },
    /// One instrument in two holdings.
    #[error("`{0}` is held twice")]
    Twice(String),
    /// Equity or shortfall of 2^90 units of value and more.
    #[error("worth 2^90 units of value or more in scenario `{0}`: use fewer value_decimals")]
    ClosingTooLarge(String),
    /// An account never leaves its page.
    #[error("{lines} lines, closing lines included, do not fit a page of {page_size}")]
    TooManyLines {
        /// The account's lines.
        lines: usize,
        /// The lines of a page.
        page_size: usize,
    },
}

/// Splits every holding over its tiers and closes every account in every scenario.
///
/// # Errors
/// The first [`LedgerProblem`] in the order of the snapshot.
pub fn balance_accounts(
    snapshot: Snapshot,
    compiled: &Compiled,
    options: Options,
) -> Result<Ledger, LedgerError> {
    let names = &snapshot.instruments;
    let bound: Vec<_> = names.iter().map(|name| bind(name, compiled, options)).collect();
    let accountant = Accountant { compiled, options, names, bound: &bound };
    let entries: Vec<_> =
        snapshot.accounts.par_iter().map(|holder| accountant.enter(holder)).collect();

    let mut disclosed = Disclosed::default();
    let mut accounts = Vec::with_capacity(entries.len());
    let mut dropped_accounts = Vec::new();
    for (holder, entry) in snapshot.accounts.into_iter().zip(entries) {
        let Entry { lines, excluded, rounded } = entry?;
        disclosed.add(&excluded, &rounded, &bound);
        match lines.is_empty() {
            true => dropped_accounts.push(holder.id),
            false => accounts.push((holder.id, Account { lines })),
        }
    }
    let rounding = disclosed.rounding(names, &bound, compiled);
    let exclusions = disclosed.exclusions.into_values().collect();
    Ok(Ledger { accounts, dropped_accounts, exclusions, rounding })
}

/// What a name of the snapshot stands for.
enum Bound {
    /// Rows of the table: tiers, or one row.
    Rows { rows: Vec<InstrumentId>, decimals: u32, favour: Favour },
    /// Left out of the book.
    Excluded { asset: String, side: Side },
    /// An error for the first account that holds it.
    Refused(LedgerProblem),
}

/// Which way a quantity is rounded in the customer's favour.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Favour {
    Up,
    Down,
    Neither,
}

#[derive(Clone, Copy)]
enum Side {
    Deposit,
    Borrow,
}

fn bind(name: &str, compiled: &Compiled, options: Options) -> Bound {
    let unknown = || Bound::Refused(LedgerProblem::Unknown(name.to_owned()));
    let Some(held) = Held::parse(name) else { return unknown() };
    let asset = |asset: &str, side| match (compiled.assets.get(asset), side) {
        (Some(rows), Side::Deposit) => {
            let (decimals, rows) = (rows.decimals, rows.deposits.clone());
            Bound::Rows { rows, decimals, favour: Favour::Up }
        }
        (Some(rows), Side::Borrow) => rows.borrow.map_or_else(unknown, |row| Bound::Rows {
            rows: vec![row],
            decimals: rows.decimals,
            favour: Favour::Down,
        }),
        (None, _) if compiled.unruled.contains(asset) => {
            Bound::Refused(LedgerProblem::NoRule(asset.to_owned()))
        }
        (None, _) if options.exclude_unpriced => Bound::Excluded { asset: asset.to_owned(), side },
        (None, _) => Bound::Refused(LedgerProblem::NoPrice(asset.to_owned())),
    };
    let market = |market: &str, long| match compiled.markets.get(market) {
        Some(rows) => Bound::Rows {
            rows: if long { rows.longs.clone() } else { rows.shorts.clone() },
            decimals: rows.decimals,
            favour: Favour::Neither,
        },
        None => unknown(),
    };
    let quote = |row: InstrumentId, favour| Bound::Rows {
        rows: vec![row],
        decimals: compiled.rows[row.row()].decimals,
        favour,
    };
    let [credit, debit] = compiled.quote_rows;
    match held {
        Held::Deposit(name) => asset(name, Side::Deposit),
        Held::Borrow(name) => asset(name, Side::Borrow),
        Held::Long(name) => market(name, true),
        Held::Short(name) => market(name, false),
        Held::QuoteCredit => quote(credit, Favour::Up),
        Held::QuoteDebit => quote(debit, Favour::Down),
    }
}

/// One account's lines, and what of it was left out or rounded, by index of the instrument's name.
struct Entry {
    lines: Vec<Line>,
    excluded: Vec<(usize, Decimal)>,
    rounded: Vec<usize>,
}

struct Accountant<'a> {
    compiled: &'a Compiled,
    options: Options,
    names: &'a [String],
    bound: &'a [Bound],
}

impl Accountant<'_> {
    fn enter(&self, holder: &Holder) -> Result<Entry, LedgerError> {
        let error = |place, problem| LedgerError { place, account: holder.id.clone(), problem };
        let mut entry = Entry { lines: Vec::new(), excluded: Vec::new(), rounded: Vec::new() };
        for holding in &holder.holdings {
            self.hold(holding, &mut entry).map_err(|problem| error(holding.place, problem))?;
        }
        if entry.lines.is_empty() {
            return Ok(entry);
        }
        entry.lines.sort_unstable_by_key(|line| line.instrument);
        if entry.lines.windows(2).any(|pair| pair[0].instrument == pair[1].instrument) {
            let (place, name) = self.held_twice(&holder.holdings);
            return Err(error(place, LedgerProblem::Twice(name)));
        }
        let place = holder.holdings.first().map_or_else(Place::default, |first| first.place);
        self.close(&mut entry.lines).map_err(|problem| error(place, problem))?;
        let (lines, page_size) = (entry.lines.len(), self.options.page_size);
        if lines > page_size {
            return Err(error(place, LedgerProblem::TooManyLines { lines, page_size }));
        }
        Ok(entry)
    }

    /// Adds the lines of one holding.
    fn hold(&self, holding: &Holding, entry: &mut Entry) -> Result<(), LedgerProblem> {
        let index = holding.instrument as usize;
        let (Some(name), Some(bound)) = (self.names.get(index), self.bound.get(index)) else {
            return Err(LedgerProblem::Unknown(format!("number {index}")));
        };
        let quantity = holding.quantity;
        if quantity.is_negative() {
            return Err(LedgerProblem::Negative(quantity));
        }
        let (rows, decimals, favour) = match bound {
            Bound::Rows { rows, decimals, favour } => (rows, *decimals, *favour),
            Bound::Excluded { .. } => {
                entry.excluded.push((index, quantity));
                return Ok(());
            }
            Bound::Refused(problem) => return Err(problem.clone()),
        };
        let instrument = || name.clone();
        let too_large = || LedgerProblem::TooLarge { quantity, instrument: instrument(), decimals };
        let (mut units, exact) = floor_units(quantity, decimals).ok_or_else(too_large)?;
        if !exact {
            let instrument = instrument();
            if favour == Favour::Neither {
                return Err(LedgerProblem::TooFinePosition { quantity, instrument, decimals });
            }
            if !self.options.round {
                return Err(LedgerProblem::TooFine { quantity, instrument, decimals });
            }
            entry.rounded.push(index);
            units += u128::from(favour == Favour::Up);
        }
        let quantity = Quantity::new(units).ok_or_else(too_large)?;
        self.split(quantity, rows, &mut entry.lines);
        Ok(())
    }

    /// Fills the tiers in order. A capped line is followed by its headroom; a tier that is not
    /// reached has no line.
    fn split(&self, quantity: Quantity, tiers: &[InstrumentId], lines: &mut Vec<Line>) {
        let mut push = |instrument, units| {
            // No part is larger than the whole or than a cap.
            let quantity = Quantity::new(units).unwrap_or_default();
            lines.push(Line { instrument, quantity });
        };
        let mut rest = quantity.units();
        for &tier in tiers {
            let Some(cap) = self.compiled.table.get(tier).and_then(|row| row.cap) else {
                return push(tier, rest);
            };
            let here = rest.min(cap.units());
            push(tier, here);
            if let Some(headroom) = InstrumentId::new(tier.row() + 1) {
                push(headroom, cap.units() - here);
            }
            rest -= here;
            if rest == 0 {
                return;
            }
        }
    }

    /// Adds one closing line for every scenario in which the account is worth something.
    fn close(&self, lines: &mut Vec<Line>) -> Result<(), LedgerProblem> {
        let held = lines.len();
        for (index, scenario) in self.compiled.scenarios.iter().enumerate() {
            let too_large = || LedgerProblem::ClosingTooLarge(scenario.name.clone());
            let worth = self.worth(&lines[..held], index).ok_or_else(too_large)?;
            let instrument = match worth {
                0 => continue,
                1.. => scenario.equity,
                _ => scenario.shortfall,
            };
            let quantity = Quantity::new(worth.unsigned_abs()).ok_or_else(too_large)?;
            lines.push(Line { instrument, quantity });
        }
        Ok(())
    }

    /// What lines are worth together in one scenario, or `None` past an `i128`. A line can be
    /// worth 2^154; few are, so the exact sum is only taken where the quick one overflows.
    fn worth(&self, lines: &[Line], scenario: usize) -> Option<i128> {
        let rows = self.compiled.table.instruments();
        let terms = lines.iter().map(|line| {
            let value = rows[line.instrument.row()].values[scenario].units();
            // A quantity is below 2^90.
            (value, line.quantity.units() as i128)
        });
        let quick = terms.clone().try_fold(0i128, |sum, (value, quantity)| {
            sum.checked_add(value.checked_mul(quantity)?)
        });
        quick.or_else(|| {
            let exact: BigInt = terms.map(|(v, q)| BigInt::from(v) * BigInt::from(q)).sum();
            i128::try_from(exact).ok()
        })
    }

    /// The place and name of the first holding that repeats an earlier one.
    fn held_twice(&self, holdings: &[Holding]) -> (Place, String) {
        let name = |holding: &Holding| &self.names[holding.instrument as usize];
        let repeated = holdings.iter().enumerate().find(|(index, holding)| {
            holdings[..*index].iter().any(|earlier| name(earlier) == name(holding))
        });
        repeated
            .map_or_else(Default::default, |(_, holding)| (holding.place, name(holding).clone()))
    }
}

/// A non-negative quantity in units of `10^-decimals`, rounded down, and whether that is exact;
/// `None` past an `i128`.
fn floor_units(quantity: Decimal, decimals: u32) -> Option<(u128, bool)> {
    let mantissa = quantity.mantissa().unsigned_abs();
    if quantity.scale() <= decimals {
        let factor = 10u128.checked_pow(decimals - quantity.scale())?;
        return Some((mantissa.checked_mul(factor)?, true));
    }
    Some(match 10u128.checked_pow(quantity.scale() - decimals) {
        Some(divisor) => (mantissa / divisor, mantissa % divisor == 0),
        None => (0, mantissa == 0),
    })
}

/// Counts of what was left out and rounded.
#[derive(Default)]
struct Disclosed {
    exclusions: BTreeMap<String, Exclusion>,
    rounded: BTreeMap<usize, u64>,
}

impl Disclosed {
    fn add(&mut self, excluded: &[(usize, Decimal)], rounded: &[usize], bound: &[Bound]) {
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

    fn rounding(&self, names: &[String], bound: &[Bound], compiled: &Compiled) -> Rounding {
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
