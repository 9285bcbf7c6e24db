//! Own accounts: rows after the customers', of the same assets and markets,
//! and worth the same. A class that counted for more would let what is owed move between labels,
//! and the insurance fund be worth what its reserves are not.

use pacioli_circuits::ScenarioId;

use super::{
    checked::{Checked, gains},
    error::CheckError,
};
use crate::{schema::Class, table::Role};

impl Checked<'_> {
    /// The rows of one class after another, each ending with its quote debit, customers' first.
    pub(super) fn classes(&self) -> Result<(), CheckError> {
        // No row is of a class before this one; after a quote debit, of no class up to this one.
        let (mut class, mut ended) = (Class::Customer, false);
        for (row, (&role, &own)) in self.roles.iter().zip(self.classes).enumerate() {
            // Customers alone have forms, which stand among what all share.
            let is_after = role.is_shared() || role.stands_for().is_some();
            let belongs = match (is_after, ended) {
                (true, _) => own == Class::Customer,
                (false, true) => own > class,
                (false, false) => own == class,
            };
            if !belongs {
                return Err(CheckError::Class { row, class: own });
            }
            if !is_after {
                (class, ended) = (own, role == Role::QuoteDebit);
            }
        }
        Ok(())
    }

    /// A row of a class has the values and the cap of the customers' row, which comes first.
    pub(super) fn same_for_all(&self, row: usize, scenario: ScenarioId) -> Result<(), CheckError> {
        let role = self.roles[row];
        if !gains(role) {
            return Ok(());
        }
        let customers = self.roles.iter().position(|other| *other == role).unwrap_or(row);
        let quote = self.roles.iter().position(|other| *other == Role::QuoteDebit);
        if quote.is_some_and(|quote| customers > quote) {
            return Err(CheckError::Order(row));
        }
        if self.rows[customers].cap != self.rows[row].cap {
            return Err(CheckError::Cap(row));
        }
        if self.worth(customers, scenario) != self.worth(row, scenario) {
            return Err(CheckError::ClassDiffers { row, scenario });
        }
        Ok(())
    }
}

/// Whether `next` may come right after `role` among the rows of a class, which need not have every
/// asset and market.
pub(super) fn follows_in_class(role: Role, next: Role) -> bool {
    match (role, next) {
        (
            Role::QuoteDebit,
            Role::Deposit { tier: 0, .. } | Role::Long { tier: 0, .. } | Role::QuoteCredit,
        ) => true,
        (
            Role::Deposit { asset, .. } | Role::Borrow { asset } | Role::Uncredited { asset },
            Role::Deposit { asset: next, tier: 0 },
        ) => next > asset,
        (
            Role::Deposit { .. } | Role::Borrow { .. } | Role::Uncredited { .. },
            Role::Long { tier: 0, .. },
        ) => true,
        (Role::Short { market, .. }, Role::Long { market: next, tier: 0 }) => next > market,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use pacioli_circuits::{Quantity, Value};

    use super::*;
    use crate::soundness::parts::Parts;
    use crate::{
        compile::compile,
        prices::Prices,
        rules::Rules,
        table::Compiled,
        testing::{PRICES, RULES},
    };

    fn compiled() -> Compiled {
        let classes =
            "[classes.insurance]\nassets = [\"USDC\"]\nmarkets = []\n[classes.pool]\n[policy]";
        let rules = RULES;
        let rules = rules.replace("[policy]", classes).replace("mark = \"insurance\", ", "");
        let rules = Rules::parse(&rules).unwrap();
        let prices = Prices::parse(PRICES).unwrap();
        compile(&rules, &prices).unwrap()
    }

    fn after(change: impl FnOnce(&mut Parts)) -> Result<(), CheckError> {
        let mut parts = Parts::of(&compiled());
        change(&mut parts);
        parts.check()
    }

    fn row(name: &str) -> usize {
        compiled().find(name).unwrap().row()
    }

    #[test]
    fn the_compilers_classes_are_sound() {
        assert_eq!(after(|_| {}), Ok(()));
    }

    #[test]
    fn a_class_counts_as_customers_do() {
        for name in ["insurance deposit USDC", "pool long ETH-PERP tier 1", "pool quote credit"] {
            for scenario in ScenarioId::all(3) {
                let row = row(name);
                let error = CheckError::ClassDiffers { row, scenario };
                let more = |parts: &mut Parts| {
                    let value = &mut parts.rows[row].values[scenario];
                    *value = Value::new(value.units() + 1).unwrap();
                };
                assert_eq!(after(more), Err(error));
            }
        }
        let tier = row("pool deposit BTC tier 1");
        let cap = after(|parts| parts.rows[tier].cap = Quantity::new(1));
        assert_eq!(cap, Err(CheckError::Cap(tier)));
    }

    #[test]
    fn a_class_holds_what_customers_hold_in_their_order() {
        let usdc = row("insurance deposit USDC");
        let unknown = after(|parts| {
            parts.roles[usdc] = Role::Deposit { asset: 7, tier: 0 };
            parts.roles[usdc + 1] = Role::Borrow { asset: 7 };
        });
        assert_eq!(unknown, Err(CheckError::Order(usdc)));
        let (btc, usdc) = (row("pool borrow BTC"), row("pool deposit USDC"));
        let twice = after(|parts| parts.roles[usdc] = Role::Deposit { asset: 0, tier: 0 });
        assert_eq!(twice, Err(CheckError::Order(usdc)));
        let bare = after(|parts| parts.remove(btc));
        assert_eq!(bare, Ok(()), "an asset without a borrow");
        // Customers' rows have no gaps.
        let usdc = row("deposit USDC");
        let gap = after(|parts| {
            parts.roles[usdc] = Role::Deposit { asset: 2, tier: 0 };
            parts.roles[usdc + 1] = Role::Borrow { asset: 2 };
        });
        assert_eq!(gap, Err(CheckError::Order(usdc)));
    }
    /// One class after another, customers' first, and what all share is customers'.
    #[test]
    fn rows_stand_class_by_class() {
        let (fund, pool) = (row("insurance deposit USDC"), row("pool deposit BTC tier 1"));
        for (row, class) in [
            (row("deposit USDC"), Class::Insurance),
            (fund, Class::Customer),
            (fund + 1, Class::Pool),
            (pool, Class::Insurance),
            (pool, Class::House),
            (row("equity:crash"), Class::Insurance),
        ] {
            let changed = after(|parts| parts.classes[row] = class);
            assert_eq!(changed, Err(CheckError::Class { row, class }), "{row}");
        }
    }
}
