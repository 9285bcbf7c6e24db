//! Bounds at any prices: never below what accounts are worth there, whatever the certificate and
//! however the prover split, mixed and mislabelled; exact at the prices of every proved scenario.

use num_bigint::{BigInt, Sign};
use pacioli_attestation::bound::{Bound, Certificate, RepriceError, Repricing};
use pacioli_circuits::{Account, InstrumentId, ScenarioId, Total, Totals, reference};
use pacioli_rules::{Amount, Compiled, Prices, Role, Rules, ScenarioKind, compile};
use proptest::{prelude::*, strategy::ValueTree, test_runner::TestRunner};

use crate::forms::{
    adversary::{Adversary, Dice, Lines, holding, is_held, value},
    rules::{Kind, kinds},
    truth,
};

/// What a prover commits to, with what accounts hold.
pub struct Proved {
    pub table: Compiled,
    pub totals: Totals,
    pub lines: Vec<Lines>,
}

pub fn proved(kind: &Kind, seed: u64) -> Proved {
    let table = kind.compile(true);
    let mut adversary = Adversary::new(&table, seed);
    let size = 1 + adversary.dice.below(3);
    let (lines, accounts): (Vec<_>, Vec<Account>) = (0..size).map(|_| adversary.account()).unzip();
    let totals = reference::count_totals(&table.table, &accounts);
    Proved { table, totals, lines }
}

/// What one unit of each row's holding is worth in a scenario of `there`, in rows of the proof, and
/// whether that is a twin.
pub fn values(table: &Compiled, there: &Compiled, scenario: ScenarioId) -> (Vec<i128>, bool) {
    let rows = (0..table.rows.len()).map(|row| match table.rows[row].role {
        role if is_held(role) => {
            let named = there.find(&table.rows[holding(table, row)].name).unwrap();
            value(there, named.row(), scenario)
        }
        _ => 0,
    });
    (rows.collect(), matches!(there.scenario(scenario).kind, ScenarioKind::Twin { .. }))
}

/// The scenarios in which figures are bounded, at the prices of `there`.
pub fn priced(there: &Kind) -> Compiled {
    compile(&there.rules_with_cover().only_worth(), &there.all_prices()).unwrap()
}

/// Prices near those of the proof, or anywhere.
pub fn moved(kind: &Kind, dice: &mut Dice) -> Kind {
    let marks = kind.marks().map(|mark| match dice.below(4) {
        0 => mark,
        1 => mark * (900 + dice.below(200)) / 1000 + 1,
        2 => 1 + dice.below(2 * mark),
        _ => 1 + dice.below(100_000),
    });
    // The value of an option must not be coarse.
    kind.at(if kind.option { [marks[0] + 10_000, marks[1]] } else { marks })
}

/// A certificate of a few random multipliers.
fn random(table: &Compiled, dice: &mut Dice) -> Certificate {
    let names = table.scenarios.iter().map(|scenario| &scenario.name);
    let named: Vec<String> = names
        .filter_map(|name| {
            let multiplier = dice.below(2_500);
            dice.one_in(2)
                .then(|| format!("\"{name}\": \"{}.{:03}\"", multiplier / 1000, multiplier % 1000))
        })
        .collect();
    serde_json::from_str(&format!("{{{}}}", named.join(","))).unwrap()
}

fn units(amount: &Amount) -> BigInt {
    amount.units.clone().into()
}

/// Whether a bound says too little, or too much of the least.
fn understates(bound: &Bound, [owed, bad_debt]: [i128; 2]) -> bool {
    units(&bound.owed_at_most) < owed.into()
        || units(&bound.bad_debt_at_most) < bad_debt.into()
        || units(&bound.owed_at_least) > owed.into()
        || units(&bound.bad_debt_at_least) > bad_debt.into()
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 200,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn no_certificate_shows_less_than_the_truth(kind in kinds(), seed in any::<u64>()) {
        let mut dice = Dice(seed);
        for _ in 0..4 {
            let Proved { table, totals, lines } = proved(&kind, dice.roll());
            let there = moved(&kind, &mut dice);
            let rules = kind.rules_with_cover();
            let repricing = Repricing::of(&table, &totals, &rules, &there.all_prices(), None).unwrap();
            let there = priced(&there);
            for (id, scenario) in there.scenarios_by_id() {
                let truth = truth::at(&table, &values(&table, &there, id), &lines);
                let (found, bound) = repricing.find(id);
                prop_assert_eq!(&repricing.check(id, &found).unwrap(), &bound);
                let name = &scenario.name;
                prop_assert!(
                    !understates(&bound, truth), "{name}: {found:?}: {bound:?}, not {truth:?}"
                );
                for _ in 0..8 {
                    let certificate = random(&table, &mut dice);
                    let other = repricing.check(id, &certificate).unwrap();
                    prop_assert!(!understates(&other, truth), "{name}: {certificate:?}: {other:?}");
                    // What was found is hardly ever worse than chance.
                    let slack = units(&other.bad_debt_at_most) / 1_000_000 + 1_000;
                    let other = units(&other.bad_debt_at_most) + slack;
                    let best = units(&bound.bad_debt_at_most);
                    prop_assert!(best <= other, "{name}: {certificate:?} beats {found:?}");
                }
            }
        }
    }
}

/// What a bound says where the values are those of a scenario of the proof, and what the proof says.
fn same_as_proved(proved: &Proved, kind: &Kind, prices: &Prices, [there, here]: [&str; 2]) {
    let Proved { table, totals, .. } = proved;
    let rules = kind.rules_with_cover();
    let repricing = Repricing::of(table, totals, &rules, prices, None).unwrap();
    let mut scenarios = repricing.now().scenarios_by_id();
    let (id, _) = scenarios.find(|(_, scenario)| scenario.name == there).unwrap();
    let figures = pacioli_attestation::figures(table, totals).unwrap();
    let certificate = format!(r#"{{"{here}": "1", "cover": "1"}}"#);
    let bound = repricing.check(id, &serde_json::from_str(&certificate).unwrap()).unwrap();
    let found = repricing.find(id).1.bad_debt_at_most.units;
    match here.strip_suffix("~insurance") {
        None => {
            let figures = figures.scenario(here).unwrap();
            let said = (&bound.owed_at_most, &bound.bad_debt_at_most);
            assert_eq!(said, (&figures.owed, &figures.bad_debt), "{there} by {here}");
            assert!(found <= figures.bad_debt.units);
        }
        Some(stress) => {
            let fund = figures.funds.iter().find(|fund| fund.scenario == stress).unwrap();
            assert_eq!(bound.owed_at_most, fund.owed_to_others, "{there} by {here}");
        }
    }
}

#[test]
fn at_the_prices_of_a_proved_scenario_the_bound_is_the_figure() {
    let mut runner = TestRunner::deterministic();
    for seed in 0..50 {
        let mut kind = kinds().new_tree(&mut runner).unwrap().current();
        kind = kind.in_tenths();
        kind.option = false;
        let proved = proved(&kind, seed);
        let (same, dropped) = (kind.all_prices(), kind.prices_in_drop());
        same_as_proved(&proved, &kind, &same, ["mark", "mark"]);
        same_as_proved(&proved, &kind, &same, ["drop", "drop"]);
        same_as_proved(&proved, &kind, &dropped, ["mark", "drop"]);
        if kind.twin {
            same_as_proved(&proved, &kind, &same, ["drop~insurance", "drop~insurance"]);
        }
    }
}

/// One thing that the argument asks for, left out.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Mistake {
    None,
    /// Rows that are closed meet `cover`, at the value of their covered form.
    ClosedMeetCover,
    /// Rows of forms are left out.
    FormsLeftOut,
    /// Covered rows are worth at the new prices what they are in `cover`.
    FormsAtTheirCover,
    /// A scenario's shortfall is left out.
    NoShortfall,
    /// What a row is worth less than the scenarios say makes up for another row.
    RowsMakeUp,
    /// A multiplier is negative.
    Negative,
}

/// The bound of bad debt in thousandths of a unit of value, computed by itself.
fn by_hand(proved: &Proved, values: &[i128], thousandths: &[i128], mistake: Mistake) -> BigInt {
    let Proved { table, totals, .. } = proved;
    let (mut sum, mut rows) = (BigInt::ZERO, BigInt::ZERO);
    let scenarios = || table.scenarios_by_id().zip(thousandths);
    let cover = table.cover_scenario().unwrap();
    for ((_, scenario), times) in scenarios() {
        if let Some([_, shortfall]) = scenario.balance().filter(|_| mistake != Mistake::NoShortfall)
        {
            sum += BigInt::from(totals.0[shortfall.row()].quantity) * times;
        }
    }
    for (row, total) in totals.0.iter().enumerate() {
        let role = table.rows[row].role;
        let form = role.stands_for();
        let closes =
            matches!(role, Role::Equity { .. } | Role::Shortfall { .. } | Role::Slack { .. });
        if closes || form.is_some() && mistake == Mistake::FormsLeftOut {
            continue;
        }
        let covered = InstrumentId::new(row).and_then(|row| table.forms.get(&row)?.covered);
        let met_in = |id| match covered {
            Some(covered) if mistake == Mistake::ClosedMeetCover => {
                value(table, row, id)
                    + if id == cover { value(table, covered.row(), id) } else { 0 }
            }
            _ => value(table, row, id),
        };
        let there = match role {
            Role::Covered { .. } if mistake == Mistake::FormsAtTheirCover => {
                value(table, row, cover)
            }
            _ => values[row],
        };
        let met = scenarios().map(|((id, _), times)| met_in(id) * times);
        let above = BigInt::from(met.sum::<i128>() - 1_000 * there) * total.quantity;
        let counted = mistake == Mistake::RowsMakeUp || above.sign() == Sign::Plus;
        rows += if counted { above } else { BigInt::ZERO };
    }
    sum + rows
}

/// Whether the mistake makes a bound that is below the truth, in so many books.
fn shows_less(mistake: Mistake, books: u64) -> bool {
    let mut runner = TestRunner::deterministic();
    (0..books).any(|seed| {
        let mut kind = kinds().new_tree(&mut runner).unwrap().current();
        kind.option = false;
        let (proved, mut dice) = (proved(&kind, seed), Dice(seed));
        let there = priced(&moved(&kind, &mut dice));
        let there = values(&proved.table, &there, ScenarioId::MARK);
        let [_, bad_debt] = truth::at(&proved.table, &there, &proved.lines);
        (0..8).any(|_| {
            let thousandths: Vec<i128> = (0..proved.table.scenarios.len())
                .map(|_| {
                    let size = if dice.one_in(2) { i128::from(dice.below(1_500)) } else { 0 };
                    if mistake == Mistake::Negative && dice.one_in(4) { -size } else { size }
                })
                .collect();
            by_hand(&proved, &there.0, &thousandths, mistake) < BigInt::from(1_000 * bad_debt)
        })
    })
}

#[test]
fn each_condition_of_the_argument_is_needed() {
    assert!(!shows_less(Mistake::None, 1_000));
    for mistake in [
        Mistake::ClosedMeetCover,
        Mistake::FormsLeftOut,
        Mistake::FormsAtTheirCover,
        Mistake::NoShortfall,
        Mistake::RowsMakeUp,
        Mistake::Negative,
    ] {
        assert!(shows_less(mistake, 1_000), "{mistake:?}");
    }
}

/// Where tiers end at values, a price of nothing leaves all but the first capped one out.
#[test]
fn holdings_in_tiers_that_other_prices_leave_out_have_their_price() {
    const RULES: &str = include_str!("../../../rules/tests/books/priced_bounds/rules.toml");
    const PRICES: &str = include_str!("../../../rules/tests/books/priced_bounds/prices.json");
    let (rules, prices) = (Rules::parse(RULES).unwrap(), Prices::parse(PRICES).unwrap());
    let table = compile(&rules, &prices).unwrap();
    let mut there = prices.clone();
    there.prices.values_mut().for_each(|price| *price = "0".parse().unwrap());
    there.prices.insert(prices.quote.clone(), "1".parse().unwrap());
    there.open_interest.clear();
    let totals = Totals(vec![Total { count: 1, quantity: 1 }; table.rows.len()]);
    let repricing = Repricing::of(&table, &totals, &rules, &there, None).unwrap();
    let now = repricing.now();
    assert!(
        table.rows.iter().any(|row| row.name.contains(" tier ") && now.find(&row.name).is_none())
    );
    // What the other prices refuse is none that a book can be valued at.
    let asset = there.prices.keys().find(|name| **name != there.quote).unwrap().clone();
    let mut refusing = there.clone();
    refusing.prices.remove(&asset);
    refusing.refused.insert(asset.to_lowercase(), "stale".to_owned());
    let refused = Repricing::of(&table, &totals, &rules, &refusing, None);
    assert!(matches!(refused, Err(RepriceError::Refused(_))));
    // In another unit of value nothing is said.
    let other = RULES.replace("value_decimals = 12", "value_decimals = 13");
    let refused = Repricing::of(&table, &totals, &Rules::parse(&other).unwrap(), &there, None);
    assert!(matches!(refused, Err(RepriceError::OtherRules)));
}
