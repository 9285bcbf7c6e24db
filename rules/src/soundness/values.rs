//! The values of each row, against those of the rows that it belongs with.

use pacioli_circuits::ScenarioId;

use super::{
    checked::{Checked, gains},
    error::CheckError,
};
use crate::table::{Role, ScenarioKind};

impl Checked<'_> {
    /// Checks a row in every scenario.
    pub(super) fn row(&self, row: usize) -> Result<(), CheckError> {
        for scenario in self.scenarios() {
            self.value(row, scenario)?;
        }
        Ok(())
    }

    fn value(&self, row: usize, scenario: ScenarioId) -> Result<(), CheckError> {
        let value = self.worth(row, scenario);
        if self.kind(scenario) == ScenarioKind::Cover {
            return self.in_cover(row, scenario);
        }
        if self.roles[row].stands_for().is_some() {
            return self.outside_cover(row, scenario);
        }
        if let ScenarioKind::Twin { of } = self.kind(scenario)
            && gains(self.roles[row])
        {
            // All but the fund are the same for all there, since they are in the stress.
            return self.twin(row, of, scenario);
        }
        self.same_for_all(row, scenario)?;
        if let Role::Uncredited { .. } = self.roles[row] {
            return self.uncredited(row, scenario);
        }
        if let ScenarioKind::Constraint { .. } = self.kind(scenario)
            && gains(self.roles[row])
        {
            return self.gain(row, scenario);
        }
        let is_margin = self.kind(scenario).has_margins();
        let closes = |own: ScenarioId, unit| if own == scenario { unit } else { 0 };
        match self.roles[row] {
            Role::Empty => {}
            Role::Headroom if value != 0 => return Err(CheckError::Headroom { row, scenario }),
            Role::Headroom => {}
            Role::Equity { scenario: own } if value != closes(own, -1) => {
                return Err(CheckError::Closing { row, scenario });
            }
            Role::Shortfall { scenario: own } if value != closes(own, 1) => {
                return Err(CheckError::Closing { row, scenario });
            }
            Role::Slack { scenario: own } if value != closes(own, -1) => {
                return Err(CheckError::Slack { row, scenario });
            }
            Role::Equity { .. } | Role::Shortfall { .. } | Role::Slack { .. } => {}
            Role::Contingency { number } => self.contingency(row, number, scenario)?,
            Role::Deposit { .. } | Role::Long { .. } | Role::QuoteCredit if value < 0 => {
                return Err(CheckError::Sign { row, scenario });
            }
            Role::Borrow { .. } | Role::Short { .. } | Role::QuoteDebit if value > 0 => {
                return Err(CheckError::Sign { row, scenario });
            }
            Role::QuoteCredit | Role::QuoteDebit if value != self.worth(row, ScenarioId::MARK) => {
                return Err(CheckError::Quote { row, scenario });
            }
            _ if is_margin && value > self.worth(row, ScenarioId::MARK) => {
                return Err(CheckError::AboveMark { row, scenario });
            }
            Role::Deposit { tier, .. } | Role::Long { tier, .. } => {
                self.tier(row, tier, scenario)?;
            }
            Role::Short { tier, .. } => {
                self.tier(row, tier, scenario)?;
                self.opposite(row, scenario)?;
            }
            Role::Borrow { .. } | Role::QuoteDebit => self.opposite(row, scenario)?,
            Role::QuoteCredit | Role::Uncredited { .. } => {}
            // Checked above.
            Role::Plain { .. } | Role::Covered { .. } => {}
        }
        Ok(())
    }

    /// A tier against the one before it, two rows up.
    pub(super) fn tier(
        &self,
        row: usize,
        tier: u16,
        scenario: ScenarioId,
    ) -> Result<(), CheckError> {
        if tier == 0 {
            return Ok(());
        }
        let rise = self.worth(row, scenario) - self.worth(row - 2, scenario);
        match self.kind(scenario) {
            kind if kind.has_margins() && rise > 0 => Err(CheckError::TierRises { row, scenario }),
            ScenarioKind::Mark | ScenarioKind::Stress | ScenarioKind::Constraint { .. }
                if rise != 0 =>
            {
                Err(CheckError::TiersDiffer { row, scenario })
            }
            _ => Ok(()),
        }
    }

    /// A liability against the first tier of its other side: exactly opposite in mark, and up to
    /// one unit of rounding in a stress.
    fn opposite(&self, liability: usize, scenario: ScenarioId) -> Result<(), CheckError> {
        let asset = self.other_side(liability)?;
        let sum = self.worth(asset, scenario) + self.worth(liability, scenario);
        let fine = match self.kind(scenario) {
            ScenarioKind::Mark => sum == 0,
            ScenarioKind::Stress => (-1..=0).contains(&sum),
            ScenarioKind::Margin(_) | ScenarioKind::Credit => true,
            // Constraints and twins have checks of their own.
            ScenarioKind::Constraint { .. } | ScenarioKind::Twin { .. } => true,
            ScenarioKind::Cover => true,
        };
        if fine { Ok(()) } else { Err(CheckError::Opposite { asset, liability, scenario }) }
    }

    /// The first tier of the other side of a liability.
    pub(super) fn other_side(&self, liability: usize) -> Result<usize, CheckError> {
        let other = |role: &Role| match (self.roles[liability], *role) {
            (Role::Borrow { asset }, Role::Deposit { asset: other, tier: 0 }) => asset == other,
            (Role::Short { market, .. }, Role::Long { market: other, tier: 0 }) => market == other,
            (Role::QuoteDebit, Role::QuoteCredit) => true,
            _ => false,
        };
        let asset = self.roles[..liability].iter().rposition(other);
        asset.ok_or(CheckError::Order(liability))
    }
}
