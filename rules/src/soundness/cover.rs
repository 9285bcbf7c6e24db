//! Why an account that no scenario can hurt need not be closed in each of them.
//!
//! A holder of one coin would be a line and a closing line for every scenario. So a customers'
//! holding `X` has two forms beside the row of its first tier:
//!
//! - `plain X`, for what is worth at least nothing in every scenario, is worth 0 in all of them: an
//!   account of such lines balances as it is;
//! - `covered X`, debts included, is worth something in one scenario alone, `cover`, and there at most
//!   the least that it is worth in any scenario that closes by balance. An account of such lines
//!   closes `cover` by slack, which is never negative.
//!
//! Neither is in `equity:s` or `shortfall:s`. Whoever reads totals adds to what is owed in a scenario
//! what these lines are worth there, at the values of the row that they stand for
//! (`pacioli_attestation::figures`). Both figures then err upwards alone, whatever a prover puts into
//! one account, splits, or calls by another name. Write `R`, `C` and `P` for what an account's other,
//! covered and plain lines are worth in a scenario `s` that closes by balance. Then
//!
//! ```text
//! P_s >= 0    each plain line is worth at least what it is in cover, where plain lines and covered
//! C_s >= 0    lines come to the slack, which is at least 0, and nothing else counts
//! max(0,   R + C + P)  <=  max(0, R) + C + P  <=  equity:s + C + P    what the totals say is owed
//! max(0, -(R + C + P)) <=  max(0, -R)         <=  shortfall:s         what they say is bad debt
//! ```
//!
//! (A plain row may be worth less than 0 in `cover`, where what it stands for can be; then it is
//! simply covered, and `C` is to be read with it.)
//!
//! The least value is taken of the row's last tier, which no other tier counts for less than, and in
//! a margin scenario less what its own worst loss counts for, for every contingency: the worst of
//! sums is at most the sum of worsts. A gain in all constraints covers nothing. So a covered account
//! has no shortfall in any margin scenario either, though it writes no contingency. That is so of its
//! losses as they are: one that is closed rounds its worst loss up to the contingency's unit, and may
//! lack less than what one such unit counts for where the same covered lacks nothing.
//!
//! In a margin or credit scenario what is owed takes the first tier, which is the largest: an upper
//! bound. In a credit scenario covered borrows are credited in full, since `C >= 0` there, and at
//! mark, and positions and quote currency of all forms are held against that
//! (`pacioli_attestation::figures::credit`).
//!
//! What would be lost otherwise: were a deposit worth something in `cover`, or a contingency, whose
//! quantity the prover chooses, a debt would be covered there by what supports another debt
//! elsewhere; were the first tier taken, or a contingency's loss left out, an account could lack
//! margin that nothing reports.

use pacioli_circuits::ScenarioId;

use super::{checked::Checked, error::CheckError};
use crate::{
    schema::Class,
    table::{Role, ScenarioKind},
};

impl Checked<'_> {
    /// The scenario `cover` is the last, if there is one.
    pub(super) fn one_cover(&self) -> Result<(), CheckError> {
        let first = self.scenarios().find(|&scenario| self.kind(scenario) == ScenarioKind::Cover);
        match first.filter(|scenario| scenario.index() + 1 != self.kinds.len()) {
            Some(scenario) => Err(CheckError::Cover(scenario)),
            None => Ok(()),
        }
    }

    /// There are plain or covered rows if and only if there is the scenario `cover`, and each stands
    /// for a customers' holding in its first tier.
    pub(super) fn forms(&self) -> Result<(), CheckError> {
        let mut any = false;
        for (row, role) in self.roles.iter().enumerate() {
            let Some(of) = role.stands_for() else { continue };
            any = true;
            let is_first = self.roles.get(of).is_some_and(|role| {
                matches!(role, Role::Deposit { tier: 0, .. } | Role::Borrow { .. })
                    || matches!(role, Role::Long { tier: 0, .. } | Role::Short { tier: 0, .. })
                    || matches!(role, Role::QuoteCredit | Role::QuoteDebit)
            });
            if !is_first || self.classes[of] != Class::Customer {
                return Err(CheckError::StandsFor { row, of });
            }
        }
        let has_cover = self.kinds.contains(&ScenarioKind::Cover);
        if any == has_cover { Ok(()) } else { Err(CheckError::CoverAlone) }
    }

    /// A row in `cover`: forms at no more than the least value, slack at -1, and nothing else.
    pub(super) fn in_cover(&self, row: usize, scenario: ScenarioId) -> Result<(), CheckError> {
        let value = self.worth(row, scenario);
        match self.roles[row] {
            Role::Plain { of } | Role::Covered { of } if value > self.least(of.into()) => {
                Err(CheckError::AboveLeast { row })
            }
            Role::Plain { .. } | Role::Covered { .. } => Ok(()),
            Role::Slack { scenario: own } if own == scenario => match value {
                -1 => Ok(()),
                _ => Err(CheckError::Slack { row, scenario }),
            },
            _ if value != 0 => Err(CheckError::CoverCounts { row }),
            _ => Ok(()),
        }
    }

    /// A plain or covered row in any other scenario.
    pub(super) fn outside_cover(&self, row: usize, scenario: ScenarioId) -> Result<(), CheckError> {
        match self.worth(row, scenario) {
            0 => Ok(()),
            _ => Err(CheckError::FormCounts { row, scenario }),
        }
    }

    /// The least that one unit of a customers' row, the first of its tiers, is worth in any scenario
    /// that closes by balance, whichever tier it falls in, and less what its own losses count for.
    pub(crate) fn least(&self, of: usize) -> i128 {
        let last = self.last_tier(of);
        let losses: Vec<_> = self.losses(last).collect();
        let least = |scenario: ScenarioId| {
            let lost = losses.iter().map(|&(row, unit, loss)| {
                // Below 2^64 each; a contingency is worth no more than 0 here.
                let each = self.worth(row, scenario).min(0).unsigned_abs();
                (each * loss).div_ceil(unit)
            });
            // What goes past an i128 is above no value.
            let lost = lost.fold(0u128, u128::saturating_add);
            let lost = i128::try_from(lost).unwrap_or(i128::MAX);
            self.worth(last, scenario).saturating_sub(lost)
        };
        let closes_by_balance = |scenario: &ScenarioId| {
            !matches!(self.kind(*scenario), ScenarioKind::Constraint { .. } | ScenarioKind::Cover)
        };
        let scenarios = self.scenarios().filter(closes_by_balance);
        scenarios.map(least).min().unwrap_or(i128::MIN)
    }

    /// The last tier of a holding: each but the last has its headroom between it and the next.
    fn last_tier(&self, first: usize) -> usize {
        let mut row = first;
        while self.rows[row].cap.is_some() && row + 2 < self.rows.len() {
            row += 2;
        }
        row
    }

    /// For every contingency that one unit of a row loses something in: its row, its unit, and the
    /// most that is lost in one of its constraints.
    fn losses(&self, row: usize) -> impl Iterator<Item = (usize, u128, u128)> {
        let contingencies = self.roles.iter().enumerate();
        contingencies.filter_map(move |(contingency, role)| {
            let Role::Contingency { number } = *role else { return None };
            let own = ScenarioKind::Constraint { contingency: number };
            let constraints = || self.scenarios().filter(|&s| self.kind(s) == own);
            let unit = constraints().map(|s| self.worth(contingency, s)).next()?;
            let loss = constraints().map(|s| -self.worth(row, s)).max().filter(|&loss| loss > 0)?;
            // Checked to be above 0: a table that is not sound is refused whatever this says.
            let unit = u128::try_from(unit).ok().filter(|&unit| unit > 0)?;
            Some((contingency, unit, loss.unsigned_abs()))
        })
    }
}

#[cfg(test)]
mod tests;
