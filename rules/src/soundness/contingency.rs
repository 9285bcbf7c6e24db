//! Why a contingency can only hurt the account that has it.
//!
//! Portfolio margin asks for the worst of several losses, and no sum of lines is a worst. So the
//! prover says how large it is: the quantity `c` of a contingency, which the circuit only bounds to
//! `[0, 2^90)`. Its unit is `U`. In a constraint scenario `s` of its own, where the account gains
//! `g_s` (negative for a loss), the account's lines balance only with slack:
//!
//! ```text
//! g_s + U c - slack_s = 0,   slack_s >= 0,   hence   U c >= -g_s   for every s
//! ```
//!
//! This holds because in that scenario nothing else is worth anything but what is really held.
//! Headroom, the closing lines of other scenarios and other contingencies are worth 0, of either
//! quote currency there is no gain, and the two sides of an asset or market never gain together, so
//! a pair of them written beside the true lines covers no loss. That is so of all three forms that
//! a constraint has (moves, those of single expiries and their discounts included; rates, whosever
//! price they are parts of; deltas), and is checked on the values, rounded as they are: how they
//! came about does not matter here. There is no `shortfall:s` to cover it either. Tiers gain the
//! same, so their split changes nothing. Thus `U c` is at least the worst loss, or 0 where there is
//! none.
//!
//! A larger `c` than that is possible and changes nothing to the account's good: in `mark` and in
//! every stress and its twin a contingency is worth 0, so what is owed and bad debt are as without
//! it, in a margin scenario it is worth no more than 0, so margin equity only falls, and in the
//! constraints of others it is worth 0, so it covers no loss that another contingency is for.
//!
//! Were it worth something at mark, an account could owe itself away: with a deposit of 1,000 and a
//! contingency of 1,000 worth -1 each, nothing is owed, and the slack swallows the contingency.

use pacioli_circuits::ScenarioId;

use super::{checked::Checked, error::CheckError};
use crate::table::{Role, ScenarioKind};

impl Checked<'_> {
    /// Every contingency is bounded and counts, and every constraint bounds one.
    pub(super) fn contingencies(&self) -> Result<(), CheckError> {
        let is_of = |scenario: ScenarioId, number: u16| {
            self.kind(scenario) == ScenarioKind::Constraint { contingency: number }
        };
        let mut count = 0;
        for (row, role) in self.roles.iter().enumerate() {
            let Role::Contingency { number } = *role else { continue };
            count += 1;
            if !self.scenarios().any(|scenario| is_of(scenario, number)) {
                return Err(CheckError::Unbounded(row));
            }
            let counts = |scenario: ScenarioId| {
                self.kind(scenario).has_margins() && self.worth(row, scenario) != 0
            };
            if !self.scenarios().any(counts) {
                return Err(CheckError::Uncounted(row));
            }
        }
        let astray = |&scenario: &ScenarioId| match self.kind(scenario) {
            ScenarioKind::Constraint { contingency } => contingency >= count,
            _ => false,
        };
        self.scenarios().find(astray).map_or(Ok(()), |scenario| Err(CheckError::Bounds(scenario)))
    }

    /// The value of a contingency in one scenario.
    pub(super) fn contingency(
        &self,
        row: usize,
        number: u16,
        scenario: ScenarioId,
    ) -> Result<(), CheckError> {
        let value = self.worth(row, scenario);
        let own = |&scenario: &ScenarioId| {
            self.kind(scenario) == ScenarioKind::Constraint { contingency: number }
        };
        match self.kind(scenario) {
            ScenarioKind::Mark | ScenarioKind::Stress | ScenarioKind::Twin { .. } if value != 0 => {
                Err(CheckError::ContingencyCounts { row, scenario })
            }
            kind if kind.has_margins() && value > 0 => {
                Err(CheckError::ContingencyHelps { row, scenario })
            }
            ScenarioKind::Constraint { contingency } if contingency != number && value != 0 => {
                Err(CheckError::ContingencyForeign { row, scenario })
            }
            ScenarioKind::Constraint { contingency } if contingency == number => {
                let first = self.scenarios().find(own).unwrap_or(scenario);
                if value > 0 && value == self.worth(row, first) {
                    Ok(())
                } else {
                    Err(CheckError::ContingencyUnit { row, scenario })
                }
            }
            _ => Ok(()),
        }
    }

    /// The gain of a row in a constraint scenario.
    pub(super) fn gain(&self, row: usize, scenario: ScenarioId) -> Result<(), CheckError> {
        let role = self.roles[row];
        match role {
            Role::QuoteCredit | Role::QuoteDebit if self.worth(row, scenario) != 0 => {
                return Err(CheckError::QuoteGains { row, scenario });
            }
            Role::Deposit { tier, .. } | Role::Long { tier, .. } | Role::Short { tier, .. } => {
                self.tier(row, tier, scenario)?;
            }
            _ => {}
        }
        if let Role::Borrow { .. } | Role::Short { .. } = role {
            let asset = self.other_side(row)?;
            if self.worth(asset, scenario) + self.worth(row, scenario) > 0 {
                return Err(CheckError::BothGain { asset, liability: row, scenario });
            }
        }
        Ok(())
    }

    /// Whether a closing row is of the kind that its scenario has.
    pub(super) fn closes(&self, role: Role) -> bool {
        let by_slack = |scenario: ScenarioId| {
            let kind = self.kinds.get(scenario.index());
            matches!(kind, Some(ScenarioKind::Constraint { .. } | ScenarioKind::Cover))
        };
        match role {
            Role::Equity { scenario } | Role::Shortfall { scenario } => !by_slack(scenario),
            Role::Slack { scenario } => by_slack(scenario),
            _ => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use pacioli_circuits::{
        Account, InstrumentTable, Line, Quantity, Value,
        reference::{AccountError, check_account, count_totals},
    };

    use super::*;
    use crate::soundness::parts::Parts;
    use crate::{compile::compile, prices::Prices, rules::Rules, table::Compiled};

    /// Scenarios 0 mark, 1 maintenance, 2 crash, 3 down and 4 up of `scan`, 5 `net` of `naked`.
    fn portfolio() -> Compiled {
        let rules = Rules::parse(include_str!("../../tests/books/portfolio_margin/rules.toml"));
        let prices = Prices::parse(include_str!("../../tests/books/portfolio_margin/prices.json"));
        compile(&rules.unwrap(), &prices.unwrap()).unwrap()
    }

    const MARK: ScenarioId = ScenarioId::MARK;
    const MARGIN: ScenarioId = ScenarioId::new(1);
    const STRESS: ScenarioId = ScenarioId::new(2);
    const DOWN: ScenarioId = ScenarioId::new(3);
    const UP: ScenarioId = ScenarioId::new(4);
    const NET: ScenarioId = ScenarioId::new(5);

    fn after(change: impl FnOnce(&mut Parts)) -> Result<(), CheckError> {
        let mut parts = Parts::of(&portfolio());
        change(&mut parts);
        parts.check()
    }

    fn row(name: &str) -> usize {
        portfolio().find(name).unwrap().row()
    }

    /// What the check says after `name` is worth `value` in a scenario.
    fn with(name: &str, scenario: ScenarioId, value: i128) -> Result<(), CheckError> {
        let row = row(name);
        after(|parts| parts.rows[row].values[scenario] = Value::new(value).unwrap())
    }

    const SCAN: &str = "contingency:scan";

    #[test]
    fn the_compilers_contingencies_are_sound() {
        assert_eq!(after(|_| {}), Ok(()));
    }

    #[test]
    fn a_contingency_is_worth_nothing_where_owed_and_bad_debt_are_read() {
        let row = row(SCAN);
        for (scenario, value) in [(MARK, -1), (MARK, 1), (STRESS, -1), (STRESS, 1)] {
            let error = CheckError::ContingencyCounts { row, scenario };
            assert_eq!(with(SCAN, scenario, value), Err(error));
        }
    }

    #[test]
    fn a_contingency_never_adds_to_margin() {
        let error = CheckError::ContingencyHelps { row: row(SCAN), scenario: MARGIN };
        assert_eq!(with(SCAN, MARGIN, 1), Err(error));
        assert_eq!(with(SCAN, MARGIN, -7), Ok(()), "any count below zero");
    }

    #[test]
    fn a_contingency_is_its_unit_in_its_own_constraints_and_nothing_in_others() {
        for (scenario, value) in [(DOWN, 0), (DOWN, -4), (UP, 0), (UP, 1), (UP, -4)] {
            let error = CheckError::ContingencyUnit { row: row(SCAN), scenario };
            assert_eq!(with(SCAN, scenario, value), Err(error));
        }
        for value in [1, -1] {
            let error = CheckError::ContingencyForeign { row: row(SCAN), scenario: NET };
            assert_eq!(with(SCAN, NET, value), Err(error));
        }
    }

    #[test]
    fn a_contingency_is_bounded_and_counts() {
        assert_eq!(with(SCAN, MARGIN, 0), Err(CheckError::Uncounted(row(SCAN))));
        let scan = row(SCAN);
        let unbounded = after(|parts| {
            for scenario in [DOWN, UP] {
                parts.kinds[scenario.index()] = ScenarioKind::Constraint { contingency: 0 };
                parts.rows[scan].values[scenario] = Value::ZERO;
            }
        });
        assert_eq!(unbounded, Err(CheckError::Unbounded(scan)));
        let astray =
            after(|parts| parts.kinds[UP.index()] = ScenarioKind::Constraint { contingency: 2 });
        assert_eq!(astray, Err(CheckError::Bounds(UP)));
    }

    #[test]
    fn a_contingency_has_no_cap_and_stands_before_the_closings() {
        let scan = row(SCAN);
        let capped = after(|parts| parts.rows[scan].cap = Quantity::new(1));
        assert_eq!(capped, Err(CheckError::Cap(scan)));
        let swapped = after(|parts| {
            parts.swap(scan, scan + 1);
        });
        assert_eq!(swapped, Err(CheckError::Order(scan + 1)));
        let twice = after(|parts| parts.roles[scan] = Role::Contingency { number: 0 });
        assert_eq!(twice, Err(CheckError::Order(scan)));
    }

    #[test]
    fn slack_is_worth_one_unit_in_its_scenario_alone() {
        let row = row("slack:down");
        for (scenario, value) in [(MARK, -1), (MARGIN, 1), (STRESS, 1), (DOWN, 0), (UP, -1)] {
            let error = CheckError::Slack { row, scenario };
            assert_eq!(with("slack:down", scenario, value), Err(error));
        }
    }

    #[test]
    fn a_constraint_is_closed_by_slack_alone_and_nothing_else_is() {
        let down = row("slack:down");
        let equity = after(|parts| {
            parts.roles[down] = Role::Equity { scenario: DOWN };
            let mut shortfall = parts.rows[down].clone();
            shortfall.values[DOWN] = Value::new(1).unwrap();
            parts.insert(down + 1, shortfall, Role::Shortfall { scenario: DOWN });
        });
        assert_eq!(equity, Err(CheckError::Closes(down)));
        let crash = row("equity:crash");
        let slack = after(|parts| {
            parts.roles[crash] = Role::Slack { scenario: STRESS };
            parts.remove(crash + 1);
        });
        assert_eq!(slack, Err(CheckError::Closes(crash)));
    }

    #[test]
    fn mark_is_no_constraint() {
        let error = after(|parts| parts.kinds[0] = ScenarioKind::Constraint { contingency: 0 });
        assert_eq!(error, Err(CheckError::Mark(MARK)));
    }

    #[test]
    fn nothing_but_what_is_held_covers_a_loss() {
        let quote = CheckError::QuoteGains { row: row("quote credit"), scenario: DOWN };
        assert_eq!(with("quote credit", DOWN, 1), Err(quote));
        let error = CheckError::Headroom { row: row("headroom deposit BTC tier 1"), scenario: UP };
        assert_eq!(with("headroom deposit BTC tier 1", UP, 1), Err(error));
        let error = CheckError::Closing { row: row("shortfall:mark"), scenario: DOWN };
        assert_eq!(with("shortfall:mark", DOWN, 1), Err(error));
        let tier = CheckError::TiersDiffer { row: row("deposit BTC tier 2"), scenario: NET };
        assert_eq!(with("deposit BTC tier 2", NET, -1), Err(tier));
        let (asset, liability) = (row("long ETH-PERP"), row("short ETH-PERP"));
        let pair = CheckError::BothGain { asset, liability, scenario: NET };
        assert_eq!(with("short ETH-PERP", NET, -199_999), Err(pair));
        assert_eq!(with("short ETH-PERP", NET, -200_001), Ok(()), "both may lose together");
    }

    /// The options' rules with a constraint of each form behind their three scenarios: what an
    /// expiry moves and counts for, rates of the underlying, and a delta.
    fn forms() -> Compiled {
        let constraint = |name: &str, fields: &str| {
            format!(
                "[[scenarios]]\nname = \"{name}\"\nkind = \"constraint\"\ncontingency = \"scan\"\n\
                 {fields}\n"
            )
        };
        let forms = [
            constraint(
                "expiry",
                "default_move = \"-0.1\"\nexpiries = { \"2027-01-01T00:00:00Z\" = { move = \"0.1\", \
                 vol_move = \"0.3\", discount = \"0.9\", weight = \"0.7\" } }",
            ),
            constraint(
                "rates",
                "rates = { \"long BTC-YEAR-100-C\" = \"0.0123456789\", \
                 \"short BTC-YEAR-100-C\" = \"-0.0123456789\" }\nrates_of = \"underlying\"",
            ),
            constraint(
                "delta",
                "delta = { underlying = \"BTC\", net = \"-0.0150001\", gross = \"0\" }",
            ),
        ];
        let scan = "[contingencies.scan]\nmaintenance = \"1\"\n";
        let rules = include_str!("../../tests/books/options/rules.toml");
        let rules = rules.replace("[policy]", &format!("{scan}{}[policy]", forms.concat()));
        let prices = Prices::parse(include_str!("../../tests/books/options/prices.json"));
        compile(&Rules::parse(&rules).unwrap(), &prices.unwrap()).unwrap()
    }

    /// What rounding leaves is all that keeps the sides from gaining together.
    #[test]
    fn in_every_form_the_two_sides_never_gain_together() {
        let compiled = forms();
        assert_eq!(Parts::of(&compiled).check(), Ok(()));
        for market in ["BTC-YEAR-100-C", "BTC-PERP"] {
            let [asset, liability] = ["long", "short"]
                .map(|side| compiled.find(&format!("{side} {market}")).unwrap().row());
            for scenario in [3, 4, 5].map(ScenarioId::new) {
                let after = |by: i128| {
                    let mut parts = Parts::of(&compiled);
                    let value = &mut parts.rows[liability].values[scenario];
                    *value = Value::new(value.units() + by).unwrap();
                    parts.check()
                };
                let sides = [asset, liability]
                    .map(|row| compiled.table.instruments()[row].values[scenario].units());
                let lost = -sides.iter().sum::<i128>();
                assert!((0..=1).contains(&lost), "{market} in {scenario}: {sides:?}");
                assert_eq!(after(lost), Ok(()));
                let error = CheckError::BothGain { asset, liability, scenario };
                assert_eq!(after(lost + 1), Err(error), "{market} in {scenario}");
            }
        }
    }

    /// What the attack would have hidden: a table in which a contingency counts at mark lets a book
    /// of one deposit balance with nothing owed.
    #[test]
    fn a_contingency_worth_something_at_mark_would_hide_what_is_owed() {
        let compiled = portfolio();
        let id = |name: &str| compiled.find(name).unwrap();
        let quantity = |units| Quantity::new(units).unwrap();
        let line = |name: &str, units| Line { instrument: id(name), quantity: quantity(units) };
        // 1,000.00 USDC, a cent of which is 10^4 units of value, and a contingency of as much.
        let deposit = line("deposit USDC", 100_000);
        let unit = 100;
        let contingency = line(SCAN, 100_000 * 10_000 / unit);
        let honest = Account {
            lines: vec![
                deposit,
                line("equity:mark", 1_000_000_000),
                line("equity:maintenance", 1_000_000_000),
                line("equity:crash", 1_000_000_000),
            ],
        };
        assert_eq!(check_account(&compiled.table, &honest), Ok(()));

        let mut forged = Parts::of(&compiled);
        forged.rows[id(SCAN).row()].values[MARK] = Value::new(-100).unwrap();
        let table = InstrumentTable::new(6, forged.rows.clone()).unwrap();
        let hiding = Account {
            lines: vec![
                deposit,
                contingency,
                // The contingency counts 1.25 times in maintenance.
                line("shortfall:maintenance", 250_000_000),
                line("equity:crash", 1_000_000_000),
                line("slack:down", 1_000_000_000),
                line("slack:up", 1_000_000_000),
            ],
        };
        assert_eq!(check_account(&table, &hiding), Ok(()));
        let owed = |table: &InstrumentTable, account: &Account| {
            count_totals(table, std::slice::from_ref(account)).0[id("equity:mark").row()].quantity
        };
        assert_eq!(owed(&compiled.table, &honest), 1_000_000_000);
        assert_eq!(owed(&table, &hiding), 0, "what is owed has vanished");

        let error = CheckError::ContingencyCounts { row: id(SCAN).row(), scenario: MARK };
        assert_eq!(forged.check(), Err(error));
        // In the true table the same lines do not balance, whatever the contingency.
        let unbalanced = AccountError::Balance { scenario: MARK };
        assert_eq!(check_account(&compiled.table, &hiding), Err(unbalanced));
    }
}
