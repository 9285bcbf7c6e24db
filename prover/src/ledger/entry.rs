//! One account: its holdings as lines, split over tiers and closed in every scenario.

use std::collections::BTreeMap;

use num_bigint::BigInt;
use pacioli_circuits::{InstrumentId, Line, Quantity, ScenarioId};
use pacioli_rules::{Class, Closest, Closing, Compiled, CompiledContingency, Decimal, Role};

use super::{
    bind::{Bound, Favour},
    error::{LedgerError, LedgerProblem},
    form::Form,
};
use crate::snapshot::{Account, Files, Holding, Place};

/// One account's lines, and its holdings that were left out or rounded, by index of the instrument's
/// name.
pub(super) struct Entry {
    pub(super) lines: Vec<Line>,
    pub(super) form: Form,
    /// The lines that it would have more if it were closed.
    pub(super) saved: usize,
    pub(super) left_out: Vec<(usize, Decimal)>,
    pub(super) rounded: Vec<usize>,
    /// Whether a holding of it has no price and is not to be left out: there is no book.
    pub(super) unpriced: bool,
}

/// Everything that accounts are entered with.
pub(super) struct Accountant<'a> {
    pub(super) compiled: &'a Compiled,
    /// Round quantities with more decimals than their instrument has.
    pub(super) round: bool,
    /// The most lines an account may have, closing lines included.
    pub(super) page_size: usize,
    pub(super) names: &'a [String],
    /// The meanings of the names, by class.
    pub(super) bound: &'a [Vec<Bound>; Class::ALL.len()],
    /// The classes of all accounts but customers'.
    pub(super) classes: &'a BTreeMap<String, Class>,
    /// The files that places are in.
    pub(super) files: &'a Files,
}

impl Accountant<'_> {
    /// The lines of one account, or the problems of all its holdings, or else the account's own.
    pub(super) fn enter(&self, account: &Account<'_>) -> Result<Entry, Vec<LedgerError>> {
        let error = |place, problem| {
            let (problem, place) = (Box::new(problem), self.files.spot(place));
            LedgerError::At { place, account: account.id.to_owned(), problem }
        };
        let mut entry = Entry {
            lines: Vec::new(),
            form: Form::Closed,
            saved: 0,
            left_out: Vec::new(),
            rounded: Vec::new(),
            unpriced: false,
        };
        let class = self.classes.get(account.id).copied().unwrap_or_default();
        let bound = &self.bound[class as usize];
        let mut problems = Vec::new();
        for holding in &account.holdings {
            let Err(problem) = self.hold(holding, bound, &mut entry) else { continue };
            let of_all = matches!(problem, LedgerProblem::NoClass(_));
            problems.push(error(holding.place, problem));
            if of_all {
                break;
            }
        }
        if !problems.is_empty() {
            return Err(problems);
        }
        // Without the holdings that have no price, an account says nothing.
        if entry.lines.is_empty() || entry.unpriced {
            return Ok(entry);
        }
        entry.lines.sort_unstable_by_key(|line| line.instrument);
        if entry.lines.windows(2).any(|pair| pair[0].instrument == pair[1].instrument) {
            let (place, name) = self.duplicate(&account.holdings);
            return Err(vec![error(place, LedgerProblem::Twice(name))]);
        }
        let place = account.holdings.first().map_or_else(Place::default, |first| first.place);
        match self.in_form(&entry.lines) {
            None => self.close(&mut entry.lines).map_err(|problem| vec![error(place, problem)])?,
            Some((form, lines)) => {
                // Whether it could be closed at all is nobody's question.
                let closed = self.close(&mut entry.lines).map_or(0, |()| entry.lines.len());
                (entry.form, entry.saved) = (form, closed.saturating_sub(lines.len()));
                entry.lines = lines;
            }
        }
        let (lines, page_size) = (entry.lines.len(), self.page_size);
        if lines > page_size {
            return Err(vec![error(place, LedgerProblem::TooManyLines { lines, page_size })]);
        }
        Ok(entry)
    }

    /// Adds the lines of one holding.
    fn hold(
        &self,
        holding: &Holding,
        bound: &[Bound],
        entry: &mut Entry,
    ) -> Result<(), LedgerProblem> {
        let index = holding.instrument as usize;
        let (Some(name), Some(bound)) = (self.names.get(index), bound.get(index)) else {
            let name = format!("number {index}");
            return Err(LedgerProblem::Unknown { name, closest: Closest::default() });
        };
        let quantity = holding.quantity;
        if quantity.is_negative() {
            return Err(LedgerProblem::Negative(quantity));
        }
        let (rows, decimals, favour) = match bound {
            Bound::Rows { rows, decimals, favour } => (rows, *decimals, *favour),
            Bound::LeftOut { .. } => {
                entry.left_out.push((index, quantity));
                return Ok(());
            }
            Bound::Unpriced { .. } => {
                entry.unpriced = true;
                return Ok(());
            }
            Bound::NoBorrow { asset } => {
                let owed = Decimal::new(-quantity.mantissa(), quantity.scale());
                return Err(LedgerProblem::NoBorrow { owed, asset: asset.clone() });
            }
            Bound::Refused(problem) => return Err(problem.clone()),
        };
        let too_large = || LedgerProblem::TooLarge { quantity, instrument: name.clone(), decimals };
        let (mut units, exact) = floor_units(quantity, decimals).ok_or_else(too_large)?;
        if !exact {
            let instrument = name.clone();
            if favour == Favour::Neither {
                return Err(LedgerProblem::TooFinePosition { quantity, instrument, decimals });
            }
            if !self.round {
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

    /// Adds every contingency that the account needs, and one closing line for every scenario in
    /// which its worth is not zero.
    fn close(&self, lines: &mut Vec<Line>) -> Result<(), LedgerProblem> {
        for contingency in &self.compiled.contingencies {
            let instrument = contingency.row;
            match self.contingency(lines, contingency)? {
                Quantity::ZERO => {}
                quantity => lines.push(Line { instrument, quantity }),
            }
        }
        self.label_borrows(lines)?;
        let held = lines.len();
        for (id, scenario) in self.compiled.scenarios_by_id() {
            let too_large = || LedgerProblem::ClosingTooLarge(scenario.name.clone());
            let worth = self.worth(&lines[..held], id).ok_or_else(too_large)?;
            let instrument = match (worth, scenario.closing) {
                (0, _) => continue,
                (1.., Closing::Balance { equity, .. }) => equity,
                (_, Closing::Balance { shortfall, .. }) => shortfall,
                // The contingency is at least the loss.
                (_, Closing::Slack(slack)) => slack,
            };
            let quantity = Quantity::new(worth.unsigned_abs()).ok_or_else(too_large)?;
            lines.push(Line { instrument, quantity });
        }
        Ok(())
    }

    /// Leaves the borrows of an account credited if it has no shortfall in the credit scenario with all
    /// of them counted, and labels them uncredited otherwise.
    fn label_borrows(&self, lines: &mut [Line]) -> Result<(), LedgerProblem> {
        let Some(credit) = self.compiled.credit_scenario() else { return Ok(()) };
        let name = &self.compiled.scenario(credit).name;
        let worth = self.worth(lines, credit);
        if worth.ok_or_else(|| LedgerProblem::ClosingTooLarge(name.clone()))? >= 0 {
            return Ok(());
        }
        for line in lines {
            let row = line.instrument.row();
            if let Role::Borrow { .. } = self.compiled.rows[row].role {
                // The uncredited borrow is the next row, so that instruments still increase.
                line.instrument = InstrumentId::new(row + 1).unwrap_or_default();
            }
        }
        Ok(())
    }

    /// The largest loss in a contingency's scenarios, rounded up to its unit. Contingencies that are
    /// among the lines already are worth nothing there.
    fn contingency(
        &self,
        lines: &[Line],
        contingency: &CompiledContingency,
    ) -> Result<Quantity, LedgerProblem> {
        let mut largest = Quantity::ZERO;
        for &scenario in &contingency.scenarios {
            let name = &self.compiled.scenario(scenario).name;
            let too_large = || LedgerProblem::ClosingTooLarge(name.clone());
            let gain = self.worth(lines, scenario).ok_or_else(too_large)?;
            let rows = self.compiled.table.instruments();
            let unit = rows[contingency.row.row()].values[scenario].units().unsigned_abs();
            let loss = if gain < 0 { gain.unsigned_abs().div_ceil(unit) } else { 0 };
            largest = largest.max(Quantity::new(loss).ok_or_else(too_large)?);
        }
        Ok(largest)
    }

    /// The total worth of lines in one scenario, or `None` if it does not fit an `i128`. A line can be
    /// worth 2^154; few are, so the exact sum is only taken if the quick one overflows.
    pub(super) fn worth(&self, lines: &[Line], scenario: ScenarioId) -> Option<i128> {
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
    fn duplicate(&self, holdings: &[Holding]) -> (Place, String) {
        let name = |holding: &Holding| &self.names[holding.instrument as usize];
        let repeated = holdings.iter().enumerate().find(|(index, holding)| {
            holdings[..*index].iter().any(|earlier| name(earlier) == name(holding))
        });
        repeated
            .map_or_else(Default::default, |(_, holding)| (holding.place, name(holding).clone()))
    }
}

/// A non-negative quantity in units of `10^-decimals`, rounded down, and whether that is exact;
/// `None` if it does not fit a `u128`.
fn floor_units(quantity: Decimal, decimals: u32) -> Option<(u128, bool)> {
    let mantissa = quantity.mantissa().unsigned_abs();
    if quantity.scale() <= decimals {
        let factor = 10u128.checked_pow(decimals - quantity.scale())?;
        return Some((mantissa.checked_mul(factor)?, true));
    }
    Some(match 10u128.checked_pow(quantity.scale() - decimals) {
        Some(divisor) => (mantissa / divisor, mantissa.is_multiple_of(divisor)),
        None => (0, mantissa == 0),
    })
}
