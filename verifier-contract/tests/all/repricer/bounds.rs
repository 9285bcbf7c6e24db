//! The bounds on chain are those in Rust, to the unit.

use alloy_primitives::{B256, U256};
use pacioli_circuits::ScenarioId;

use crate::{
    registry::{policy, world::*},
    repricer::{
        expected,
        fixture::{
            Asked, Question, alone, each_question, error_name, int, moved, priced, repricer,
        },
    },
};

/// Compares one scenario under one certificate. Returns whether it has figures of 128 bits.
fn compare(
    asked: &mut Asked,
    question: &Question,
    scenario: ScenarioId,
    multipliers: &[u64],
    has_fund: bool,
) -> bool {
    let prices = moved(&asked.world.prices, &question.thousandths);
    let bound = asked.bound(&prices, scenario, multipliers);
    let expected = expected::bounds(asked, &prices, scenario, multipliers);
    if let Some(said) = expected::said(asked.attested(), &prices, scenario, multipliers) {
        assert_eq!(expected, said);
    }
    let most = int(u128::MAX);
    if expected.iter().any(|figure| *figure > most) {
        assert_eq!(error_name(&bound.unwrap_err()), "FigureTooLarge");
        return false;
    }
    let bound = bound.unwrap();
    let got = [bound.owedAtMost, bound.owedAtLeast, bound.badDebtAtMost, bound.badDebtAtLeast];
    let got = got.map(int);
    assert_eq!(got, expected);
    let balances = question.balances.map(u128::from);
    let worth = expected::worth(&prices, asked, balances, has_fund, scenario);
    assert_eq!([bound.reserves, bound.allReserves].map(int), worth);
    let latest = asked.world.latest();
    assert_eq!((bound.sequence, bound.asOf), (latest.sequence, latest.asOf));
    true
}

fn any_book(world: World, has_fund: bool) {
    let scenarios = priced(&world.compiled);
    let mut fit = 0;
    each_question(world, 20, |asked, question| {
        let scenario = scenarios[question.dice as usize % scenarios.len()];
        fit += u32::from(compare(asked, question, scenario, &question.multipliers, has_fund));
        let alone = alone(&asked.world.compiled, scenario);
        assert!(compare(asked, question, scenario, &alone, has_fund));
        let prices = moved(&asked.world.prices, &question.thousandths);
        if let Some(found) = expected::found(asked.attested(), &prices, scenario) {
            assert!(compare(asked, question, scenario, &found, has_fund));
        }
    });
    // Not many certificates are so poor that a figure has no room.
    assert!(fit > 10, "{fit}");
}

#[test]
fn the_chain_says_what_rust_says_of_any_book() {
    any_book(policy::world(), true);
}

#[test]
fn the_chain_says_what_rust_says_of_any_book_without_forms() {
    let rules = RULES.replacen("quote =", "cover = false\nquote =", 1);
    any_book(World::of(&rules, PRICES), true);
}

#[test]
fn the_chain_says_what_rust_says_of_any_book_of_classes() {
    any_book(policy::world_of_classes(true), true);
}

#[test]
fn the_chain_says_what_rust_says_of_any_book_under_portfolio_margin() {
    any_book(policy::world_of_portfolio_margin(false), false);
    any_book(policy::world_of_portfolio_margin(true), false);
}

#[test]
fn at_the_prices_of_the_proof_each_bound_is_the_figure() {
    for world in [policy::world(), policy::world_of_classes(true)] {
        let scenarios = priced(&world.compiled);
        let prices = world.prices.clone();
        each_question(world, 10, |asked, _| {
            let sequence = asked.world.latest().sequence;
            let figures = asked.world.figures(sequence).to_vec();
            for &scenario in &scenarios {
                let multipliers = alone(&asked.world.compiled, scenario);
                let bound = asked.bound(&prices, scenario, &multipliers).unwrap();
                let figures = &figures[scenario.index()];
                assert_eq!(bound.owedAtMost, figures.owed);
                assert_eq!(bound.badDebtAtMost, figures.badDebt);
                assert!(bound.owedAtLeast <= figures.owed);
                assert!(bound.badDebtAtLeast <= figures.badDebt);
            }
        });
    }
}

#[test]
fn only_mark_stresses_and_twins_have_figures() {
    let worlds =
        [policy::world(), policy::world_of_classes(true), policy::world_of_portfolio_margin(true)];
    for world in worlds {
        let book = world.smallest_book();
        let mut asked = Asked::new(world, book);
        let (compiled, prices) = (asked.world.compiled.clone(), asked.world.prices.clone());
        let priced = priced(&compiled);
        let multipliers = vec![0; compiled.scenarios.len()];
        for scenario in compiled.table.scenario_ids() {
            match asked.bound(&prices, scenario, &multipliers) {
                Ok(_) => assert!(priced.contains(&scenario), "{scenario:?}"),
                Err(revert) => {
                    assert!(!priced.contains(&scenario), "{scenario:?}");
                    assert_eq!(error_name(&revert), "NotPriced");
                }
            }
        }
    }
}

/// The quantities of many volumes together may have more than 128 bits.
#[test]
fn quantities_beyond_128_bits_are_summed() {
    let mut world = policy::world();
    let half = u128::MAX / 2;
    let book = world.totals(&[("quote credit", 1, half), ("quote debit", 1, half)]);
    let books = [book.clone(), book.clone(), book];
    world.later(60);
    world.submit(world.submission(0, B256::ZERO), &books).unwrap();
    let prices = world.prices.clone();
    let contract = repricer(&mut world.evm, world.registry);
    let [one, ..] = books;
    let mut asked = Asked { world, totals: one, contract };
    let mark = alone(&asked.world.compiled, ScenarioId::MARK);
    let mut call = asked.bound_call(&prices, ScenarioId::MARK, &mark);
    assert_eq!(error_name(&asked.ask(&call).unwrap_err()), "OtherQuantities");
    call.book.quantities.iter_mut().for_each(|quantity| *quantity *= U256::from(3));
    let bound = asked.ask(&call).unwrap();
    assert_eq!((bound.owedAtMost, bound.badDebtAtMost), (0, 0));
    // Without a certificate, whoever owes may have nothing: more than a figure has room for.
    call.multipliers.fill(0);
    assert_eq!(error_name(&asked.ask(&call).unwrap_err()), "FigureTooLarge");
}
