//! Plain and covered accounts: an honest book says the same with them and without, and no prover
//! who mixes, splits or mislabels makes a book say too little.

pub mod adversary;
pub mod rules;
pub mod truth;

use num_bigint::BigInt;
use pacioli_attestation::{Figures, figures};
use pacioli_circuits::{Account, InstrumentTable, ScenarioId, Value, reference};
use pacioli_prover::{
    Strictness, balance_accounts,
    snapshot::{self, Holding, Place, Snapshot},
};
use pacioli_rules::{Class, Compiled, Decimal, Role, ScenarioKind};
use proptest::{prelude::*, strategy::ValueTree};

use self::{
    adversary::{Adversary, Dice, value},
    rules::{Kind, kinds},
    truth::understated,
};

fn figures_of(compiled: &Compiled, accounts: &[Account]) -> Figures {
    figures(compiled, &reference::count_totals(&compiled.table, accounts)).unwrap()
}

/// What a prover with this table got away with, of as many books as are said.
fn attack(kind: &Kind, table: &Compiled, seed: u64, books: usize) -> Option<String> {
    let honest = kind.compile(true);
    let mut adversary = Adversary::new(table, seed);
    (0..books).find_map(|_| {
        let size = 1 + adversary.dice.below(3);
        let (lines, accounts): (Vec<_>, Vec<_>) = (0..size).map(|_| adversary.account()).unzip();
        let said = understated(&honest, &figures_of(table, &accounts), &lines)?;
        let named = |line: &pacioli_circuits::Line| {
            format!("{} {}", line.quantity.units(), table.rows[line.instrument.row()].name)
        };
        let book: Vec<Vec<_>> =
            accounts.iter().map(|account| account.lines.iter().map(named).collect()).collect();
        Some(format!("{said}\n{book:#?}"))
    })
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 200,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn no_prover_makes_a_book_say_too_little(kind in kinds(), seed in any::<u64>()) {
        let table = kind.compile(true);
        prop_assert_eq!(attack(&kind, &table, seed, 40), None);
    }

    #[test]
    fn an_honest_book_says_the_same_in_every_form(kind in kinds(), seed in any::<u64>()) {
        honest(&kind, seed)?;
    }
}

/// A random book, some of it at the very edge of being covered.
fn book(kind: &Kind, seed: u64) -> Snapshot {
    let compiled = kind.compile(true);
    let mut dice = Dice(seed);
    let rows: Vec<_> = compiled.forms.keys().map(|row| row.row()).collect();
    let name = |row: usize| {
        let name = &compiled.rows[row].name;
        name.split_once(" tier ").map_or(&name[..], |(name, _)| name).to_owned()
    };
    let mut snapshot =
        Snapshot { instruments: rows.iter().map(|&r| name(r)).collect(), ..Snapshot::default() };
    let cover = compiled.cover_scenario().unwrap();
    for account in 0..1 + dice.below(6) {
        let id = account.to_string();
        let mut units = vec![0u128; rows.len()];
        for _ in 0..=dice.below(4) {
            let index = dice.below(rows.len() as u64) as usize;
            units[index] = dice.quantity(value(&compiled, rows[index], ScenarioId::MARK));
        }
        if dice.one_in(3) {
            let covered = |row: usize| {
                let id = pacioli_circuits::InstrumentId::new(row).unwrap();
                value(&compiled, compiled.forms[&id].covered.unwrap().row(), cover)
            };
            let worth: i128 =
                rows.iter().zip(&units).map(|(&row, &units)| covered(row) * units as i128).sum();
            let by = -worth + i128::from(dice.below(5)) - 2;
            let row = compiled.quote_rows[usize::from(by < 0)].row();
            units[rows.iter().position(|&one| one == row).unwrap()] += by.unsigned_abs();
        }
        let held = units.iter().enumerate().filter(|(_, units)| **units > 0);
        let holdings = held.map(|(index, &units)| Holding {
            instrument: index as u32,
            quantity: Decimal::new(units as i128, compiled.rows[rows[index]].decimals),
            place: Place::default(),
        });
        let holdings: Vec<_> = holdings.collect();
        let is_fund = kind.twin && dice.one_in(4);
        if !holdings.is_empty() {
            snapshot.accounts.push(&id, holdings);
        }
        if is_fund {
            snapshot.classes.insert(id, Class::Insurance);
        }
    }
    snapshot
}

/// How much one account's contingencies can differ by from what its lines' losses come to.
fn rounding(compiled: &Compiled, scenario: ScenarioId) -> i128 {
    compiled.contingencies.iter().map(|one| -value(compiled, one.row.row(), scenario)).sum()
}

fn honest(kind: &Kind, seed: u64) -> Result<(), TestCaseError> {
    let snapshot = book(kind, seed);
    let [with, without] = [true, false].map(|cover| {
        let compiled = kind.compile(cover);
        let options = Strictness::default();
        let ledger = balance_accounts(snapshot.clone(), &compiled, &options, 512).unwrap();
        let accounts: Vec<_> = ledger.accounts.into_iter().map(|(_, account)| account).collect();
        for account in &accounts {
            assert_eq!(reference::check_account(&compiled.table, account), Ok(()));
        }
        figures_of(&compiled, &accounts)
    });
    let compiled = kind.compile(true);
    let most = snapshot.accounts.len() as i128;
    for (id, scenario) in compiled.scenarios_by_id() {
        let name = &scenario.name;
        let Some((with, without)) = with.scenario(name).zip(without.scenario(name)) else {
            continue;
        };
        let rounded = scenario.kind.has_margins() && kind.contingencies;
        let off = |a: &pacioli_rules::Amount, b: &pacioli_rules::Amount| {
            BigInt::from(a.units.clone()) - BigInt::from(b.units.clone())
        };
        if rounded {
            let most = BigInt::from(most * rounding(&compiled, id));
            prop_assert!(with.owed.units >= without.owed.units, "{}", name);
            let more = off(&without.bad_debt, &with.bad_debt);
            prop_assert!(more >= BigInt::ZERO && more <= most, "{}: {}", name, more);
            continue;
        }
        prop_assert_eq!(&with.owed, &without.owed, "{}", name);
        prop_assert_eq!(&with.bad_debt, &without.bad_debt, "{}", name);
        prop_assert_eq!(with.accounts_with_shortfall, without.accounts_with_shortfall);
    }
    for (with, without) in with.contingencies.iter().zip(&without.contingencies) {
        // Closed accounts round up their own losses, forms those of all together.
        let least = BigInt::from(without.required.units.clone()) - most;
        prop_assert!(BigInt::from(with.required.units.clone()) >= least, "{}", with.name);
    }
    for (with, without) in with.funds.iter().zip(&without.funds) {
        prop_assert_eq!(&with.owed_to_others, &without.owed_to_others);
    }
    for (with, without) in with.assets.iter().zip(&without.assets) {
        prop_assert_eq!(&with.deposits, &without.deposits);
        prop_assert_eq!(&with.borrows, &without.borrows);
        if !kind.contingencies {
            prop_assert_eq!(&with.credit, &without.credit, "{}", &with.name);
        }
    }
    prop_assert_eq!(&with.markets, &without.markets);
    prop_assert_eq!(&with.options, &without.options);
    prop_assert_eq!(&with.classes.len(), &without.classes.len());
    for (with, without) in with.classes.iter().zip(&without.classes) {
        prop_assert_eq!(with, without);
    }
    prop_assert_eq!(with.quote_credit, without.quote_credit);
    prop_assert_eq!(with.quote_debit, without.quote_debit);
    Ok(())
}

/// A closed account rounds up its worst loss, 2,000,080 units of value here, to 20,001 units of the
/// contingency, which count for 125 each. Covered it pays for 20,000.8 of them.
#[test]
fn at_the_edge_a_closed_account_lacks_less_than_a_unit_of_a_contingency_counts_for() {
    const RULES: &str = include_str!("../../../rules/tests/books/portfolio_margin/rules.toml");
    const PRICES: &str = include_str!("../../../rules/tests/books/portfolio_margin/prices.json");
    let prices = PRICES.replace("\"ETH\": \"1000\"", "\"ETH\": \"1000.04\"");
    let lacks = |cover: &str| {
        let rules = RULES.replace("cover = false", cover);
        let rules = pacioli_rules::Rules::parse(&rules).unwrap();
        let prices = pacioli_rules::Prices::parse(&prices).unwrap();
        let compiled = pacioli_rules::compile(&rules, &prices).unwrap();
        let book = "account,instrument,quantity\na,short ETH-PERP,0.01\na,quote credit,12.700508\n";
        let snapshot = snapshot::read_csv(book.as_bytes(), "").unwrap();
        let ledger = balance_accounts(snapshot, &compiled, &Strictness::default(), 64).unwrap();
        let figures = figures_of(&compiled, &[ledger.accounts.get(0).unwrap().1]);
        let required =
            &figures.contingencies.iter().find(|one| one.name == "scan").unwrap().required;
        (figures.scenario("maintenance").unwrap().bad_debt.to_string(), required.to_string())
    };
    assert_eq!(lacks("cover = false"), ("0.000025".to_owned(), "2.0001".to_owned()));
    assert_eq!(lacks("cover = true"), ("0".to_owned(), "2.0001".to_owned()));
}

/// A table in which one condition is dropped, as [`pacioli_rules::check_table`] would refuse it.
fn dropped(compiled: &Compiled, condition: &str) -> Compiled {
    let mut forged = compiled.clone();
    let mut rows = compiled.table.instruments().to_vec();
    let Some(cover) = compiled.cover_scenario() else { return forged };
    let last = |mut row: usize| {
        while compiled.table.instruments()[row].cap.is_some() && condition != "last tier" {
            row += 2;
        }
        row
    };
    let lost = |row: usize, id: ScenarioId| -> i128 {
        let each = compiled.contingencies.iter().map(|one| {
            let losses = one.scenarios.iter().map(|&s| -value(compiled, row, s));
            let loss = losses.max().unwrap_or_default();
            let loss = if condition == "no gain" { loss } else { loss.max(0) };
            let counts = -value(compiled, one.row.row(), id);
            let unit = value(compiled, one.row.row(), one.scenarios[0]);
            -(-counts * loss).div_euclid(unit)
        });
        if condition == "losses" { 0 } else { each.sum() }
    };
    let least = |row: usize| {
        let scenarios = compiled.scenarios_by_id().filter(|(_, scenario)| match scenario.kind {
            ScenarioKind::Constraint { .. } | ScenarioKind::Cover => false,
            ScenarioKind::Stress | ScenarioKind::Twin { .. } => condition != "stresses",
            ScenarioKind::Margin(_) => condition != "margins",
            _ => true,
        });
        scenarios.map(|(id, _)| value(compiled, last(row), id) - lost(last(row), id)).min().unwrap()
    };
    for (row, held) in compiled.rows.iter().enumerate() {
        let counted = match held.role {
            Role::Plain { .. } if condition == "plain" => 0,
            Role::Plain { of } => least(of.into()).min(0),
            Role::Covered { of } => least(of.into()),
            Role::Contingency { .. } if condition == "contingencies count" => 100,
            Role::Deposit { .. } if condition == "deposits count" => {
                value(compiled, row, ScenarioId::new(2))
            }
            _ => continue,
        };
        rows[row].values[cover] = Value::new(counted).unwrap();
    }
    forged.table = InstrumentTable::new(compiled.table.scenarios(), rows).unwrap();
    forged
}

/// The attack finds what each condition keeps out, so that its finding nothing says something.
#[test]
fn a_dropped_condition_is_found() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let kinds: Vec<Kind> =
        (0..50).map(|_| kinds().new_tree(&mut runner).unwrap().current()).collect();
    for condition in [
        "none",
        "last tier",
        "losses",
        "no gain",
        "stresses",
        "margins",
        "plain",
        "contingencies count",
        "deposits count",
    ] {
        let found = kinds.iter().filter(|kind| {
            let table = dropped(&kind.compile(true), condition);
            attack(kind, &table, 1, 120).is_some()
        });
        let found = found.count();
        assert_eq!(found > 0, condition != "none", "{condition}: {found} of {}", kinds.len());
    }
}
