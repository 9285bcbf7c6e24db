//! What the accounts of the house hold: rows after the customers', of the same assets and markets,
//! and worth the same. A class that counted for more would let what is owed move between labels,
//! and the insurance fund be worth what its reserves are not.

use super::{CheckError, Checked, gains};
use crate::rules::compiled::Role;

impl Checked<'_> {
    /// What a class holds is worth and capped as what customers hold, whose row stands first.
    pub(super) fn same_for_all(&self, row: usize, scenario: usize) -> Result<(), CheckError> {
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

/// Whether `next` may stand right after `role` among the rows of a class, which need not have every
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
    use pacioli_circuits::{Instrument, InstrumentTable, Quantity, Value};

    use super::*;
    use crate::{
        prices::Prices,
        rules::{Compiled, Rules, check_table, compile},
    };

    fn compiled() -> Compiled {
        let classes =
            "[classes.insurance]\nassets = [\"USDC\"]\nmarkets = []\n[classes.pool]\n[policy]";
        let rules = include_str!("../../../tests/small_book/rules.toml");
        let rules = Rules::parse(&rules.replace("[policy]", classes)).unwrap();
        let prices = Prices::parse(include_str!("../../../tests/small_book/prices.json")).unwrap();
        compile(&rules, &prices).unwrap()
    }

    fn after(change: impl FnOnce(&mut Vec<Instrument>, &mut Vec<Role>)) -> Result<(), CheckError> {
        let compiled = compiled();
        let mut rows = compiled.table.instruments().to_vec();
        let mut roles = compiled.rows.iter().map(|row| row.role).collect();
        let kinds: Vec<_> = compiled.scenarios.iter().map(|scenario| scenario.kind).collect();
        change(&mut rows, &mut roles);
        check_table(&InstrumentTable::new(kinds.len(), rows).unwrap(), &roles, &kinds)
    }

    fn row(name: &str) -> usize {
        compiled().find(name).unwrap().row()
    }

    #[test]
    fn the_compilers_classes_are_sound() {
        assert_eq!(after(|_, _| {}), Ok(()));
    }

    #[test]
    fn a_class_counts_as_customers_do() {
        for name in ["insurance deposit USDC", "pool long ETH-PERP tier 1", "pool quote credit"] {
            for scenario in 0..3 {
                let row = row(name);
                let error = CheckError::ClassDiffers { row, scenario };
                let more = |rows: &mut Vec<Instrument>, _: &mut Vec<Role>| {
                    let value = &mut rows[row].values[scenario];
                    *value = Value::new(value.units() + 1).unwrap();
                };
                assert_eq!(after(more), Err(error));
            }
        }
        let tier = row("pool deposit BTC tier 1");
        let cap = after(|rows, _| rows[tier].cap = Quantity::new(1));
        assert_eq!(cap, Err(CheckError::Cap(tier)));
    }

    #[test]
    fn a_class_holds_what_customers_hold_in_their_order() {
        let usdc = row("insurance deposit USDC");
        let unknown = after(|_, roles| {
            roles[usdc] = Role::Deposit { asset: 7, tier: 0 };
            roles[usdc + 1] = Role::Borrow { asset: 7 };
        });
        assert_eq!(unknown, Err(CheckError::Order(usdc)));
        let (btc, usdc) = (row("pool borrow BTC"), row("pool deposit USDC"));
        let twice = after(|_, roles| roles[usdc] = Role::Deposit { asset: 0, tier: 0 });
        assert_eq!(twice, Err(CheckError::Order(usdc)));
        let bare = after(|rows, roles| {
            rows.remove(btc);
            roles.remove(btc);
        });
        assert_eq!(bare, Ok(()), "an asset without a loan");
        // Customers' rows have no gaps.
        let usdc = row("deposit USDC");
        let gap = after(|_, roles| {
            roles[usdc] = Role::Deposit { asset: 2, tier: 0 };
            roles[usdc + 1] = Role::Borrow { asset: 2 };
        });
        assert_eq!(gap, Err(CheckError::Order(usdc)));
    }
}
