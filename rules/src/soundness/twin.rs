//! Twins of stresses, by which the insurance fund is judged: the twin's values are those of its
//! stress but for the fund, to which it is worth nothing. Were another row worth more or less
//! there, `equity` of the twin would not be what all but the fund are owed.

use pacioli_circuits::ScenarioId;

use super::{checked::Checked, error::CheckError};
use crate::{schema::Class, table::ScenarioKind};

impl Checked<'_> {
    /// Twins are of stresses, follow in the order of these after all other scenarios, and none has
    /// two.
    pub(super) fn twins(&self) -> Result<(), CheckError> {
        let mut last = None;
        for scenario in self.scenarios() {
            let ScenarioKind::Twin { of } = self.kind(scenario) else {
                if last.is_some() && self.kind(scenario) != ScenarioKind::Cover {
                    return Err(CheckError::AfterTwin(scenario));
                }
                continue;
            };
            if self.kinds.get(of.index()) != Some(&ScenarioKind::Stress) {
                return Err(CheckError::TwinOf { scenario, of });
            }
            if last.is_some_and(|last| last >= of) {
                return Err(CheckError::TwinOrder(scenario));
            }
            last = Some(of);
        }
        Ok(())
    }

    /// The value of a row in the twin of a stress.
    pub(super) fn twin(
        &self,
        row: usize,
        of: ScenarioId,
        scenario: ScenarioId,
    ) -> Result<(), CheckError> {
        let value = self.worth(row, scenario);
        match self.classes[row] {
            Class::Insurance if value != 0 => Err(CheckError::FundCounts { row, scenario }),
            Class::Insurance => Ok(()),
            _ if value != self.worth(row, of) => Err(CheckError::TwinDiffers { row, scenario }),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use pacioli_circuits::Value;

    use super::*;
    use crate::soundness::parts::Parts;
    use crate::{
        compile::compile,
        prices::Prices,
        rules::Rules,
        schema::Margin,
        table::Compiled,
        testing::{PRICES, RULES},
    };

    /// Scenarios 0 mark, 1 maintenance, 2 crash, 3 dip, 4 and 5 the twins of these.
    fn compiled() -> Compiled {
        let rules = RULES;
        let more = "[[scenarios]]\nname = \"dip\"\nkind = \"stress\"\ndefault_move = \"-0.1\"\n\
                    [classes.house]\n[classes.insurance]\n[classes.pool]\n[policy]";
        let rules = rules.replace("[policy]", more).replace(
            "bad_debt = { mark = \"insurance\", crash = \"5000\" }",
            "bad_debt = { dip = \"insurance\", crash = \"insurance\" }",
        );
        let prices = Prices::parse(PRICES).unwrap();
        compile(&Rules::parse(&rules).unwrap(), &prices).unwrap()
    }

    const CRASH: ScenarioId = ScenarioId::new(2);
    const TWIN: ScenarioId = ScenarioId::new(4);
    const LAST: ScenarioId = ScenarioId::new(5);

    fn after(change: impl FnOnce(&mut Parts)) -> Result<(), CheckError> {
        let mut parts = Parts::of(&compiled());
        change(&mut parts);
        parts.check()
    }

    /// What the check says after `name` is worth `by` more in a scenario.
    fn shifted(name: &str, scenario: ScenarioId, by: i128) -> (usize, Result<(), CheckError>) {
        let row = compiled().find(name).unwrap().row();
        let result = after(|parts| {
            let value = &mut parts.rows[row].values[scenario];
            *value = Value::new(value.units() + by).unwrap();
        });
        (row, result)
    }

    #[test]
    fn the_compilers_twins_are_sound() {
        assert_eq!(after(|_| {}), Ok(()));
        let names: Vec<_> = compiled().scenarios.into_iter().map(|one| one.name).collect();
        let twins = ["crash~insurance", "dip~insurance"];
        assert_eq!(names, [["mark", "maintenance", "crash", "dip"].as_slice(), &twins].concat());
    }

    #[test]
    fn a_twin_is_of_a_stress() {
        for of in [0, 1, 4, 5, 6, u16::MAX].map(ScenarioId::new) {
            let changed = after(|parts| parts.kinds[TWIN.index()] = ScenarioKind::Twin { of });
            assert_eq!(changed, Err(CheckError::TwinOf { scenario: TWIN, of }));
        }
        for kind in [
            ScenarioKind::Margin(Margin::Maintenance),
            ScenarioKind::Credit,
            ScenarioKind::Constraint { contingency: 0 },
        ] {
            let changed = after(|parts| parts.kinds[CRASH.index()] = kind);
            assert_eq!(changed, Err(CheckError::TwinOf { scenario: TWIN, of: CRASH }));
        }
        let mark = after(|parts| parts.kinds[0] = ScenarioKind::Twin { of: CRASH });
        assert_eq!(mark, Err(CheckError::Mark(ScenarioId::MARK)));
    }

    #[test]
    fn a_stress_has_one_twin_and_twins_stand_last_in_its_order() {
        let twice = after(|parts| parts.kinds[5] = ScenarioKind::Twin { of: CRASH });
        assert_eq!(twice, Err(CheckError::TwinOrder(LAST)));
        let swapped = after(|parts| parts.kinds.swap(4, 5));
        assert_eq!(swapped, Err(CheckError::TwinOrder(LAST)));
        let before = after(|parts| parts.kinds.swap(3, 4));
        assert_eq!(before, Err(CheckError::AfterTwin(TWIN)));
        let stress = after(|parts| parts.kinds[5] = ScenarioKind::Stress);
        assert_eq!(stress, Err(CheckError::AfterTwin(LAST)));
    }

    #[test]
    fn in_a_twin_the_fund_is_worth_nothing() {
        for name in [
            "insurance deposit BTC tier 2",
            "insurance borrow USDC",
            "insurance short ETH-PERP tier 1",
            "insurance quote credit",
            "insurance quote debit",
        ] {
            for by in [-1, 1] {
                let (row, result) = shifted(name, TWIN, by);
                assert_eq!(result, Err(CheckError::FundCounts { row, scenario: TWIN }), "{name}");
            }
        }
    }

    #[test]
    fn in_a_twin_all_others_are_worth_what_they_are_in_its_stress() {
        for name in [
            "deposit BTC tier 2",
            "borrow USDC",
            "long ETH-PERP tier 1",
            "quote debit",
            "house deposit USDC",
            "pool short ETH-PERP tier 2",
            "pool quote credit",
        ] {
            for by in [-1, 1] {
                let (row, result) = shifted(name, TWIN, by);
                assert_eq!(result, Err(CheckError::TwinDiffers { row, scenario: TWIN }), "{name}");
            }
        }
    }

    #[test]
    fn what_nobody_holds_is_worth_nothing_in_a_twin_but_its_own_closings() {
        let (row, result) = shifted("headroom deposit BTC tier 1", TWIN, 1);
        assert_eq!(result, Err(CheckError::Headroom { row, scenario: TWIN }));
        let closings = [
            ("equity:crash", TWIN, -1),
            ("shortfall:crash", TWIN, 1),
            ("equity:mark", TWIN, -1),
            ("equity:dip~insurance", TWIN, -1),
            ("equity:crash~insurance", TWIN, 1),
            ("equity:crash~insurance", TWIN, -1),
            ("shortfall:crash~insurance", TWIN, -1),
            ("equity:crash~insurance", CRASH, -1),
            ("shortfall:crash~insurance", ScenarioId::MARK, 1),
        ];
        for (name, scenario, by) in closings {
            let (row, result) = shifted(name, scenario, by);
            assert_eq!(result, Err(CheckError::Closing { row, scenario }), "{name}");
        }
    }

    #[test]
    fn a_twin_is_closed_by_equity_and_shortfall() {
        let last = compiled().find("equity:dip~insurance").unwrap().row();
        let slack = after(|parts| {
            parts.roles[last] = crate::Role::Slack { scenario: LAST };
            parts.remove(last + 1);
        });
        assert_eq!(slack, Err(CheckError::Closes(last)));
    }

    #[test]
    fn a_contingency_is_worth_nothing_in_a_twin() {
        let rules = include_str!("../../tests/books/portfolio_margin/rules.toml");
        let bad_debt = rules.lines().find(|line| line.starts_with("bad_debt"));
        let rules = rules.replace("[policy]", "[classes.insurance]\n[policy]");
        let rules = rules.replace(bad_debt.unwrap(), "bad_debt = { crash = \"insurance\" }");
        let prices = Prices::parse(include_str!("../../tests/books/portfolio_margin/prices.json"));
        let compiled = compile(&Rules::parse(&rules).unwrap(), &prices.unwrap()).unwrap();
        let row = compiled.find("contingency:scan").unwrap().row();
        let scenario = compiled.table.scenario_ids().last().unwrap();
        assert_eq!(compiled.scenario(scenario).name, "crash~insurance");
        for value in [-1, 1] {
            let mut parts = Parts::of(&compiled);
            parts.rows[row].values[scenario] = Value::new(value).unwrap();
            assert_eq!(parts.check(), Err(CheckError::ContingencyCounts { row, scenario }));
        }
    }
}
