//! Why crediting borrows against deposits asks for no less than is owed.
//!
//! What an account has borrowed of an asset is the venue's to claim, so that fewer of the asset
//! have to be there. An invented borrower must not bring that about. So the prover labels each
//! borrow `borrow X`, which is credited, or `uncredited borrow X`; both are worth the same in every
//! scenario but credit, where the uncredited one is worth nothing. For an account with deposits
//! `D`, credited borrows `L`, and `X` for its positions and quote currency, all at mark, nothing is
//! worth more in credit than at mark, borrows included, and thus what it lacks there is
//!
//! ```text
//! shortfall >= max(0, L - D - X)
//! ```
//!
//! With `U` the sum of these shortfalls and `Q` that of all `X`, borrows are credited only for what
//! they exceed `U + max(0, Q)` by (`pacioli_attestation::figures`). Where any are, all that is
//! required of all assets together, at mark, is at least
//!
//! ```text
//! sum of D - L + max(0, L - D - X)  +  max(0, Q)  >=  sum of max(0, D - L + X) >= what is owed
//! ```
//!
//! A bankrupt borrower's borrow is in `U` or not credited; one whose collateral is a gain that no
//! other account loses is in `Q`; and one who has deposited collateral asks for more reserves of
//! that, by at least its value times the weight.

use pacioli_circuits::ScenarioId;

use super::{checked::Checked, error::CheckError};
use crate::table::{Role, ScenarioKind};

impl Checked<'_> {
    /// There is one credit scenario at most.
    pub(super) fn one_credit(&self) -> Result<(), CheckError> {
        let is_credit = |&scenario: &ScenarioId| self.kind(scenario) == ScenarioKind::Credit;
        let second = self.scenarios().filter(is_credit).nth(1);
        second.map_or(Ok(()), |scenario| Err(CheckError::SecondCredit(scenario)))
    }

    /// With a credit scenario every borrow is followed by its uncredited row, and without one by
    /// none.
    pub(super) fn has_labels(&self, role: Role, next: Role) -> bool {
        let Role::Borrow { .. } = role else { return true };
        self.kinds.contains(&ScenarioKind::Credit) == matches!(next, Role::Uncredited { .. })
    }

    /// An uncredited borrow against the borrow in the row before.
    pub(super) fn uncredited(&self, row: usize, scenario: ScenarioId) -> Result<(), CheckError> {
        let value = self.worth(row, scenario);
        match self.kind(scenario) {
            ScenarioKind::Credit if value != 0 => {
                Err(CheckError::UncreditedCounts { row, scenario })
            }
            ScenarioKind::Credit => Ok(()),
            _ if value != self.worth(row - 1, scenario) => {
                Err(CheckError::LabelsDiffer { row, scenario })
            }
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use pacioli_circuits::Value;

    use super::*;
    use crate::soundness::parts::Parts;
    use crate::{compile::compile, prices::Prices, rules::Rules, table::Compiled};

    /// Scenarios 0 mark, 1 maintenance, 2 credit, 3 crash, 4 up, a constraint.
    fn compiled() -> Compiled {
        let rules = Rules::parse(include_str!("../../tests/books/credit/rules.toml")).unwrap();
        let prices = Prices::parse(include_str!("../../tests/books/credit/prices.json")).unwrap();
        compile(&rules, &prices).unwrap()
    }

    const CREDIT: ScenarioId = ScenarioId::new(2);

    fn after(change: impl FnOnce(&mut Parts)) -> Result<(), CheckError> {
        let mut parts = Parts::of(&compiled());
        change(&mut parts);
        parts.check()
    }

    fn row(name: &str) -> usize {
        compiled().find(name).unwrap().row()
    }

    /// What the check says after `name` is worth `by` more in a scenario.
    fn shifted(name: &str, scenario: ScenarioId, by: i128) -> Result<(), CheckError> {
        let row = row(name);
        after(|parts| {
            let value = &mut parts.rows[row].values[scenario];
            *value = Value::new(value.units() + by).unwrap();
        })
    }

    #[test]
    fn the_compilers_labels_are_sound() {
        assert_eq!(after(|_| {}), Ok(()));
    }

    #[test]
    fn a_label_changes_nothing_but_credit() {
        let row = row("uncredited borrow BTC");
        for scenario in [0, 1, 3, 4].map(ScenarioId::new) {
            for by in [-1, 1] {
                let error = CheckError::LabelsDiffer { row, scenario };
                assert_eq!(shifted("uncredited borrow BTC", scenario, by), Err(error));
            }
        }
        for by in [-1, 1] {
            let error = CheckError::UncreditedCounts { row, scenario: CREDIT };
            assert_eq!(shifted("uncredited borrow BTC", CREDIT, by), Err(error));
        }
    }

    #[test]
    fn nothing_is_worth_more_in_credit_than_at_mark() {
        let compiled = compiled();
        for name in ["deposit BTC", "borrow USDC", "long ETH-PERP tier 1", "short ETH-PERP tier 1"]
        {
            let row = row(name);
            let values = &compiled.table.instruments()[row].values;
            let gap = values[ScenarioId::MARK].units() - values[CREDIT].units();
            assert_ne!(gap, 0, "{name}");
            assert_eq!(shifted(name, CREDIT, gap), Ok(()));
            let error = CheckError::AboveMark { row, scenario: CREDIT };
            assert_eq!(shifted(name, CREDIT, gap + 1), Err(error));
        }
        for by in [-1, 1] {
            let error = CheckError::Quote { row: row("quote credit"), scenario: CREDIT };
            assert_eq!(shifted("quote credit", CREDIT, by), Err(error));
            let error = CheckError::Closing { row: row("shortfall:mark"), scenario: CREDIT };
            assert_eq!(shifted("shortfall:mark", CREDIT, by), Err(error));
        }
        let error = CheckError::TierRises { row: row("long ETH-PERP tier 2"), scenario: CREDIT };
        assert_eq!(shifted("long ETH-PERP tier 2", CREDIT, 500_001), Err(error));
        let scan = row("contingency:scan");
        let helps = after(|parts| parts.rows[scan].values[CREDIT] = Value::new(1).unwrap());
        assert_eq!(helps, Err(CheckError::ContingencyHelps { row: scan, scenario: CREDIT }));
    }

    #[test]
    fn there_is_one_credit_scenario() {
        let second = after(|parts| parts.kinds[1] = ScenarioKind::Credit);
        assert_eq!(second, Err(CheckError::SecondCredit(CREDIT)));
    }

    #[test]
    fn every_borrow_has_both_labels_or_none_has() {
        let (borrow, label) = (row("borrow BTC"), row("uncredited borrow BTC"));
        let without = after(|parts| parts.remove(label));
        assert_eq!(without, Err(CheckError::Labels(borrow)));
        let of_class = row("insurance borrow JUNK");
        let without = after(|parts| parts.remove(of_class + 1));
        assert_eq!(without, Err(CheckError::Labels(of_class)));
        let margin = ScenarioKind::Margin(crate::Margin::Maintenance);
        let nothing_credited = after(|parts| parts.kinds[CREDIT.index()] = margin);
        assert_eq!(nothing_credited, Err(CheckError::Labels(borrow)));
        let swapped = after(|parts| parts.swap(borrow, label));
        assert_eq!(swapped, Err(CheckError::Order(borrow)));
        let of_another = after(|parts| parts.roles[label] = Role::Uncredited { asset: 1 });
        assert_eq!(of_another, Err(CheckError::Order(label)));
        let of_class = row("insurance uncredited borrow JUNK");
        let differs = after(|parts| parts.rows[of_class].values[ScenarioId::MARK] = Value::ZERO);
        assert_eq!(
            differs,
            Err(CheckError::ClassDiffers { row: of_class, scenario: ScenarioId::MARK })
        );
    }
}
