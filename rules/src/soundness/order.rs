//! The order of the rows: which may follow which, and how the table ends.

use pacioli_circuits::ScenarioId;

use super::{checked::Checked, class::follows_in_class, error::CheckError};
use crate::table::Role;

impl Checked<'_> {
    /// Each row may follow the row before, and the last ends the table.
    pub(super) fn order(&self) -> Result<(), CheckError> {
        // Customers' rows end with the first quote debit; the rows of other classes follow.
        let mut later = false;
        for row in 1..self.rows.len() {
            let (before, role) = (self.roles[row - 1], self.roles[row]);
            later |= before == Role::QuoteDebit;
            if self.rows[row - 1].cap.is_some() != (role == Role::Headroom) {
                return Err(CheckError::Cap(row - 1));
            }
            let in_order = match (before, role) {
                (_, Role::Headroom) => is_tier(before),
                // What follows a headroom is the tier after the one before it, and nothing else is.
                (Role::Headroom, _) => is_next_tier(self.roles[row - 2], role),
                _ if later => follows(before, role) || follows_in_class(before, role),
                _ => follows(before, role),
            };
            if !in_order {
                return Err(CheckError::Order(row));
            }
            if !self.has_labels(before, role) {
                return Err(CheckError::Labels(row - 1));
            }
            if !self.closes(role) {
                return Err(CheckError::Closes(row));
            }
        }
        let last = self.rows.len() - 1;
        match self.roles[last] {
            Role::Shortfall { scenario } | Role::Slack { scenario }
                if self.scenarios().last() == Some(scenario) => {}
            _ => return Err(CheckError::End),
        }
        if self.rows[last].cap.is_some() { Err(CheckError::Cap(last)) } else { Ok(()) }
    }
}

fn is_tier(role: Role) -> bool {
    matches!(role, Role::Deposit { .. } | Role::Long { .. } | Role::Short { .. })
}

/// Whether `next` is the tier after `role`, of the same side of the same asset or market.
fn is_next_tier(role: Role, next: Role) -> bool {
    match (role, next) {
        (Role::Deposit { asset: a, tier }, Role::Deposit { asset: b, tier: next })
        | (Role::Long { market: a, tier }, Role::Long { market: b, tier: next })
        | (Role::Short { market: a, tier }, Role::Short { market: b, tier: next }) => {
            a == b && tier.checked_add(1) == Some(next)
        }
        _ => false,
    }
}

/// Whether `next` may come right after `role`, neither being a headroom.
fn follows(role: Role, next: Role) -> bool {
    let increments = |number: u16, next: u16| number.checked_add(1) == Some(next);
    let past_assets = matches!(next, Role::QuoteCredit | Role::Long { market: 0, tier: 0 });
    match (role, next) {
        (Role::Empty, Role::Deposit { asset: 0, tier: 0 }) => true,
        (Role::Deposit { asset, .. }, Role::Borrow { asset: next }) => asset == next,
        (Role::Borrow { asset }, Role::Uncredited { asset: next }) => asset == next,
        (
            Role::Deposit { asset, .. } | Role::Borrow { asset } | Role::Uncredited { asset },
            Role::Deposit { asset: next, tier: 0 },
        ) => increments(asset, next),
        (Role::Empty | Role::Deposit { .. }, _) => past_assets,
        (Role::Borrow { .. } | Role::Uncredited { .. }, _) => past_assets,
        (Role::Long { market, .. }, Role::Short { market: next, tier: 0 }) => market == next,
        (Role::Short { market, .. }, Role::Long { market: next, tier: 0 }) => {
            increments(market, next)
        }
        (Role::Short { .. }, Role::QuoteCredit) => true,
        (Role::QuoteCredit, Role::QuoteDebit) => true,
        (Role::QuoteDebit, Role::Contingency { number: 0 }) => true,
        (Role::Contingency { number }, Role::Contingency { number: next }) => {
            increments(number, next)
        }
        (Role::QuoteDebit | Role::Contingency { .. }, Role::Equity { scenario }) => {
            scenario == ScenarioId::MARK
        }
        (
            Role::QuoteDebit | Role::Contingency { .. },
            Role::Plain { .. } | Role::Covered { .. },
        ) => true,
        (Role::Plain { of }, Role::Covered { of: next }) => of <= next,
        (
            Role::Plain { of } | Role::Covered { of },
            Role::Plain { of: next } | Role::Covered { of: next },
        ) => of < next,
        (Role::Plain { .. } | Role::Covered { .. }, Role::Equity { scenario }) => {
            scenario == ScenarioId::MARK
        }
        (Role::Equity { scenario }, Role::Shortfall { scenario: next }) => scenario == next,
        (
            Role::Shortfall { scenario } | Role::Slack { scenario },
            Role::Equity { scenario: next } | Role::Slack { scenario: next },
        ) => increments(scenario.number(), next.number()),
        _ => false,
    }
}
