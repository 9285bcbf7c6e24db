//! What makes an instrument table sound, checked on the table itself.
//!
//! The circuit proves that accounts balance in the table it is given. That the table cannot be
//! used to hide what is owed is checked here, by the compiler and again by every verifier:
//!
//! - a prover chooses how a holding is split over tiers, so tiers are worth the same in `mark` and
//!   in every stress, and a later tier never counts for more in a margin scenario;
//! - a capped line has its headroom next, worth nothing;
//! - closing lines are worth one unit in their own scenario and nothing elsewhere;
//! - the two sides of an asset or market are opposite in `mark` and, but for rounding, in every
//!   stress, and neither counts for more in a margin scenario than in `mark`;
//! - what the accounts of the house hold is worth what the same is worth to a customer;
//! - a loan is worth the same credited or not, but for the credit scenario: [`credit`] says why;
//! - a contingency, whose quantity the prover chooses, can only hurt the account: [`contingency`]
//!   says why;
//! - the twin of a stress is worth what the stress is, and nothing to the insurance fund.

mod class;
mod contingency;
mod credit;
mod error;
#[cfg(test)]
mod parts;
mod twin;

pub use error::CheckError;

use pacioli_circuits::{Instrument, InstrumentTable};

use self::class::follows_in_class;
use super::{
    class::Class,
    compiled::{Role, ScenarioKind},
};

/// Checks that a table with these roles, classes and scenarios is sound. [`InstrumentTable::new`] has
/// already checked that row 0 is worth nothing and that no cap is 0.
///
/// # Errors
/// The first [`CheckError`] in the order of the rows.
pub fn check_table(
    table: &InstrumentTable,
    roles: &[Role],
    classes: &[Class],
    kinds: &[ScenarioKind],
) -> Result<(), CheckError> {
    let rows = table.instruments();
    let given = [roles.len(), classes.len(), kinds.len()];
    if given != [rows.len(), rows.len(), table.scenarios()] {
        let (rows, scenarios, [roles, classes, kinds]) = (rows.len(), table.scenarios(), given);
        return Err(CheckError::Lengths { rows, scenarios, roles, classes, kinds });
    }
    let is_mark = |kind: &ScenarioKind| *kind == ScenarioKind::Mark;
    if let Some(scenario) = (0..kinds.len()).find(|&s| is_mark(&kinds[s]) != (s == 0)) {
        return Err(CheckError::Mark(scenario));
    }
    if let Some(row) = (0..rows.len()).find(|&row| (roles[row] == Role::Empty) != (row == 0)) {
        return Err(CheckError::Empty(row));
    }
    let checked = Checked { rows, roles, classes, kinds };
    checked.one_credit()?;
    checked.twins()?;
    checked.order()?;
    checked.classes()?;
    checked.contingencies()?;
    (1..rows.len()).try_for_each(|row| checked.row(row))
}

struct Checked<'a> {
    rows: &'a [Instrument],
    roles: &'a [Role],
    classes: &'a [Class],
    kinds: &'a [ScenarioKind],
}

impl Checked<'_> {
    /// Each row may follow the row before, and the last ends the table.
    fn order(&self) -> Result<(), CheckError> {
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
                if scenario as usize + 1 == self.kinds.len() => {}
            _ => return Err(CheckError::End),
        }
        if self.rows[last].cap.is_some() { Err(CheckError::Cap(last)) } else { Ok(()) }
    }

    fn row(&self, row: usize) -> Result<(), CheckError> {
        for scenario in 0..self.kinds.len() {
            self.value(row, scenario)?;
        }
        Ok(())
    }

    fn value(&self, row: usize, scenario: usize) -> Result<(), CheckError> {
        let value = self.worth(row, scenario);
        if let ScenarioKind::Twin { of } = self.kinds[scenario]
            && gains(self.roles[row])
        {
            // All but the fund are the same for all there, since they are in the stress.
            return self.twin(row, of.into(), scenario);
        }
        self.same_for_all(row, scenario)?;
        if let Role::Uncredited { .. } = self.roles[row] {
            return self.uncredited(row, scenario);
        }
        if let ScenarioKind::Constraint { .. } = self.kinds[scenario]
            && gains(self.roles[row])
        {
            return self.gain(row, scenario);
        }
        let is_margin = self.kinds[scenario].has_margins();
        let closes = |own: u16, unit| if own as usize == scenario { unit } else { 0 };
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
            Role::QuoteCredit | Role::QuoteDebit if value != self.worth(row, 0) => {
                return Err(CheckError::Quote { row, scenario });
            }
            _ if is_margin && value > self.worth(row, 0) => {
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
        }
        Ok(())
    }

    /// A tier against the one before it, two rows up.
    fn tier(&self, row: usize, tier: u16, scenario: usize) -> Result<(), CheckError> {
        if tier == 0 {
            return Ok(());
        }
        let rise = self.worth(row, scenario) - self.worth(row - 2, scenario);
        match self.kinds[scenario] {
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
    fn opposite(&self, liability: usize, scenario: usize) -> Result<(), CheckError> {
        let asset = self.other_side(liability)?;
        let sum = self.worth(asset, scenario) + self.worth(liability, scenario);
        let fine = match self.kinds[scenario] {
            ScenarioKind::Mark => sum == 0,
            ScenarioKind::Stress => (-1..=0).contains(&sum),
            ScenarioKind::Margin(_) | ScenarioKind::Credit => true,
            // Constraints and twins have checks of their own.
            ScenarioKind::Constraint { .. } | ScenarioKind::Twin { .. } => true,
        };
        if fine { Ok(()) } else { Err(CheckError::Opposite { asset, liability, scenario }) }
    }

    /// The first tier of the other side of a liability.
    fn other_side(&self, liability: usize) -> Result<usize, CheckError> {
        let other = |role: &Role| match (self.roles[liability], *role) {
            (Role::Borrow { asset }, Role::Deposit { asset: other, tier: 0 }) => asset == other,
            (Role::Short { market, .. }, Role::Long { market: other, tier: 0 }) => market == other,
            (Role::QuoteDebit, Role::QuoteCredit) => true,
            _ => false,
        };
        let asset = self.roles[..liability].iter().rposition(other);
        asset.ok_or(CheckError::Order(liability))
    }

    fn worth(&self, row: usize, scenario: usize) -> i128 {
        self.rows[row].values[scenario].units()
    }
}

/// Whether a row gains or loses something in a constraint scenario.
fn gains(role: Role) -> bool {
    match role {
        Role::Deposit { .. } | Role::Borrow { .. } | Role::Long { .. } | Role::Short { .. } => true,
        Role::Uncredited { .. } | Role::QuoteCredit | Role::QuoteDebit => true,
        Role::Empty | Role::Headroom | Role::Contingency { .. } => false,
        Role::Equity { .. } | Role::Shortfall { .. } | Role::Slack { .. } => false,
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

/// Whether `next` may stand right after `role`, neither being a headroom.
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
        (Role::QuoteDebit | Role::Contingency { .. }, Role::Equity { scenario: 0 }) => true,
        (Role::Equity { scenario }, Role::Shortfall { scenario: next }) => scenario == next,
        (
            Role::Shortfall { scenario } | Role::Slack { scenario },
            Role::Equity { scenario: next } | Role::Slack { scenario: next },
        ) => increments(scenario, next),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use pacioli_circuits::{Quantity, Value};

    use super::{parts::Parts, *};
    use crate::{Compiled, Rules, compile, prices::Prices};

    fn small_book() -> Compiled {
        let rules = Rules::parse(include_str!("../../tests/books/small_book/rules.toml")).unwrap();
        let prices =
            Prices::parse(include_str!("../../tests/books/small_book/prices.json")).unwrap();
        compile(&rules, &prices).unwrap()
    }

    /// What the check says of the small book's table after a change.
    fn after(change: impl FnOnce(&mut Parts)) -> Result<(), CheckError> {
        let mut parts = Parts::of(&small_book());
        change(&mut parts);
        parts.check()
    }

    /// What the check says after `name` is worth `by` more in a scenario.
    fn shifted(name: &str, scenario: usize, by: i128) -> Result<(), CheckError> {
        let row = small_book().find(name).unwrap().row();
        after(|parts| {
            let value = &mut parts.rows[row].values[scenario];
            *value = Value::new(value.units() + by).unwrap();
        })
    }

    const MARK: usize = 0;
    const MARGIN: usize = 1;
    const STRESS: usize = 2;

    #[test]
    fn the_compilers_table_is_sound() {
        assert_eq!(after(|_| {}), Ok(()));
    }

    #[test]
    fn tiers_do_not_differ_at_mark_or_in_a_stress() {
        for (scenario, by) in [(MARK, -1), (MARK, 1), (STRESS, -1), (STRESS, 1)] {
            for (name, row) in [
                ("deposit BTC tier 2", 3),
                ("long ETH-PERP tier 2", 9),
                ("short ETH-PERP tier 2", 12),
            ] {
                let error = CheckError::TiersDiffer { row, scenario };
                assert_eq!(shifted(name, scenario, by), Err(error));
            }
        }
    }

    #[test]
    fn a_later_tier_never_counts_for_more() {
        for (name, row, gap) in [
            ("deposit BTC tier 2", 3, 2_000_000),
            ("long ETH-PERP tier 2", 9, 500_000),
            ("short ETH-PERP tier 2", 12, 500_000),
        ] {
            assert_eq!(shifted(name, MARGIN, gap), Ok(()));
            let error = CheckError::TierRises { row, scenario: MARGIN };
            assert_eq!(shifted(name, MARGIN, gap + 1), Err(error));
        }
    }

    #[test]
    fn headroom_is_worth_nothing() {
        for scenario in [MARK, MARGIN, STRESS] {
            let error = CheckError::Headroom { row: 2, scenario };
            assert_eq!(shifted("headroom deposit BTC tier 1", scenario, 1), Err(error));
        }
    }

    #[test]
    fn closing_rows_are_worth_one_unit_in_their_scenario_alone() {
        for (name, row) in [("equity:mark", 15), ("shortfall:mark", 16), ("equity:crash", 19)] {
            for (scenario, by) in [(MARK, -1), (MARK, 1), (MARGIN, 1), (STRESS, -1)] {
                let error = CheckError::Closing { row, scenario };
                assert_eq!(shifted(name, scenario, by), Err(error));
            }
        }
    }

    #[test]
    fn the_two_sides_are_opposite() {
        let error =
            |asset, liability, scenario| Err(CheckError::Opposite { asset, liability, scenario });
        assert_eq!(shifted("borrow USDC", MARK, 1), error(5, 6, MARK));
        assert_eq!(shifted("borrow USDC", MARK, -1), error(5, 6, MARK));
        assert_eq!(shifted("borrow USDC", STRESS, 1), error(5, 6, STRESS));
        assert_eq!(shifted("borrow USDC", STRESS, -1), Ok(()), "rounding");
        assert_eq!(shifted("borrow USDC", STRESS, -2), error(5, 6, STRESS));
        assert_eq!(shifted("short ETH-PERP tier 1", MARK, 1), error(7, 10, MARK));
        let sign = CheckError::Sign { row: 5, scenario: MARK };
        assert_eq!(shifted("deposit USDC", MARK, -10_001), Err(sign));
        let sign = CheckError::Sign { row: 6, scenario: MARK };
        assert_eq!(shifted("borrow USDC", MARK, 10_001), Err(sign));
        let quote = CheckError::Quote { row: 13, scenario: STRESS };
        assert_eq!(shifted("quote credit", STRESS, 1), Err(quote));
        assert_eq!(shifted("quote debit", MARK, -1), error(13, 14, MARK));
    }

    #[test]
    fn a_margin_scenario_never_adds() {
        for (name, row, taken) in [
            ("deposit BTC tier 1", 1, 2_000_000),
            ("borrow USDC", 6, 500),
            ("long ETH-PERP tier 1", 7, 500_000),
            ("short ETH-PERP tier 1", 10, 500_000),
        ] {
            assert_eq!(shifted(name, MARGIN, taken), Ok(()));
            let error = CheckError::AboveMark { row, scenario: MARGIN };
            assert_eq!(shifted(name, MARGIN, taken + 1), Err(error));
        }
    }

    #[test]
    fn caps_stand_where_headroom_follows() {
        let cap = |row: usize, cap: Option<u128>| {
            after(|parts| parts.rows[row].cap = cap.and_then(Quantity::new))
        };
        assert_eq!(cap(1, None), Err(CheckError::Cap(1)), "a capped tier without its cap");
        for row in [2, 3, 4, 5, 13, 15, 20] {
            assert_eq!(cap(row, Some(1)), Err(CheckError::Cap(row)), "a cap without headroom");
        }
        let bare = after(|parts| {
            parts.rows[1].cap = None;
            parts.remove(2);
        });
        assert_eq!(bare, Err(CheckError::Order(2)), "a tier without cap before another");
        let last = after(|parts| [3, 3].into_iter().for_each(|row| parts.remove(row)));
        assert_eq!(last, Err(CheckError::Order(3)), "a capped tier without a next one");
    }

    #[test]
    fn rows_stand_in_the_canonical_order() {
        let swap = |a: usize, b: usize| after(|parts| parts.swap(a, b));
        assert_eq!(swap(5, 6), Err(CheckError::Order(5)));
        assert_eq!(swap(13, 14), Err(CheckError::Order(13)));
        assert_eq!(swap(15, 16), Err(CheckError::Order(15)));
        let without = |row: usize| after(|parts| parts.remove(row));
        assert_eq!(without(16), Err(CheckError::Order(16)));
        assert_eq!(without(20), Err(CheckError::End));
        assert_eq!(without(4), Ok(()), "an asset without a loan");
        let twice = after(|parts| parts.insert(5, parts.rows[5].clone(), parts.roles[5]));
        assert_eq!(twice, Err(CheckError::Order(6)));
        let renamed = |role| after(|parts| parts.roles[4] = role);
        assert_eq!(renamed(Role::Empty), Err(CheckError::Empty(4)));
        assert_eq!(renamed(Role::Headroom), Err(CheckError::Cap(3)));
        assert_eq!(renamed(Role::Borrow { asset: 1 }), Err(CheckError::Order(4)));
    }

    #[test]
    fn every_row_has_a_role_and_a_class_and_mark_is_first() {
        let roles = after(|parts| parts.roles.truncate(20));
        assert!(matches!(roles, Err(CheckError::Lengths { roles: 20, rows: 21, .. })));
        let classes = after(|parts| parts.classes.truncate(20));
        assert!(matches!(classes, Err(CheckError::Lengths { classes: 20, rows: 21, .. })));
        let kinds = after(|parts| parts.kinds[0] = ScenarioKind::Stress);
        assert_eq!(kinds, Err(CheckError::Mark(0)));
        let kinds = after(|parts| parts.kinds[2] = ScenarioKind::Mark);
        assert_eq!(kinds, Err(CheckError::Mark(2)));
    }
}
