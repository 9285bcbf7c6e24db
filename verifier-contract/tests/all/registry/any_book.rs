//! The policy on chain is the policy in Rust for any book.

use alloy_primitives::U256;
use pacioli_circuits::{Total, Totals as Proved};
use proptest::{
    collection::vec,
    prelude::{Just, Strategy, any, prop_oneof},
    test_runner::{Config, TestCaseError, TestRunner},
};

use crate::registry::{policy::*, world::*};

#[test]
fn the_chain_says_what_rust_says_of_any_book() {
    any_book(world());
}

#[test]
fn the_chain_says_what_rust_says_of_any_book_of_classes() {
    any_book(world_of_classes(false));
}

#[test]
fn the_chain_says_what_rust_says_of_any_book_under_portfolio_margin() {
    any_book(world_of_portfolio_margin(false));
    any_book(world_of_portfolio_margin(true));
}

#[test]
fn the_chain_says_what_rust_says_of_any_book_without_forms() {
    let rules = rules(POLICY).replacen("quote =", "cover = false\nquote =", 1);
    any_book(World::of(&rules, PRICES));
}

/// Each clause turns where all forms of a holding come to its limit.
#[test]
fn plain_and_covered_lines_count_as_what_they_stand_for() {
    let mut world = world();
    let names = world.program.clause_names().to_vec();
    let clause = |name: &str| names.iter().position(|known| known == name).unwrap();
    // 4 BTC and 1 USDC are worth 80,003 USD.
    let balances = [4_0000_0000, 1_000_000, 0];
    let mut sequence = 0;
    let mut holds = |held: &[(&str, u64, u128)], name: &str| {
        let book = world.totals(&[&HELD[..], held].concat());
        let got = compare(&mut world, sequence, &book, balances);
        sequence += 1;
        got[clause(name)]
    };
    // A holder each of the three forms.
    let three = |last| {
        [
            ("deposit BTC tier 1", 1, 1_0000_0000),
            ("plain deposit BTC", 1, 1_0000_0000),
            ("covered deposit BTC", 1, last),
        ]
    };
    assert!(holds(&three(2_0000_0000), "per_asset.BTC"));
    assert!(!holds(&three(2_0000_0001), "per_asset.BTC"));
    // What is owed is what plain and covered lines are worth, less covered debts: 60,001.5 USD of
    // BTC, 5 USDC of 10, and the rest of 80,003 USD.
    let owed = |usdc| {
        [
            ("plain deposit BTC", 1, 3_0000_0000),
            ("covered deposit USDC", 1, 10_000_000),
            ("covered borrow USDC", 1, 5_000_000),
            ("plain deposit USDC", 1, usdc),
        ]
    };
    for name in ["min_coverage", "bad_debt.mark"] {
        assert!(holds(&owed(19_996_500_000), name), "{name}");
        assert!(!holds(&owed(19_996_500_001), name), "{name}");
    }
    for (long, short, matched) in [(3, 5, true), (4, 5, false), (3, 6, false)] {
        let sides = [
            ("long BTC-PERP tier 1", 1, 2),
            ("covered long BTC-PERP", 1, long),
            ("covered short BTC-PERP", 1, short),
        ];
        assert_eq!(holds(&sides, "open_interest_matched.BTC-PERP"), matched);
    }
}

fn any_book(world: World) {
    let rows = world.compiled.rows.len();
    let world = std::cell::RefCell::new((world, 0));
    let quantity = prop_oneof![Just(0u128), 0..1_000_000_000_000u128, 0..(1u128 << 64),];
    let total = (0..5_000u64, quantity);
    let total = total.prop_map(|(count, quantity)| Total { count, quantity });
    let balance = || prop_oneof![Just(0u128), any::<u64>().prop_map(u128::from), 0..1u128 << 80];
    let said = (0..1_200u64, 0..1_200u64, 0..5u64, 0..3usize);
    let said = said.prop_map(|(ago, prices, accounts_left_out, assets_left_out)| Said {
        ago,
        prices,
        accounts_left_out,
        assets_left_out,
    });
    let strategy = (vec(total, rows), [balance(), balance(), balance()], said);
    let mut runner = TestRunner::new_with_rng(
        Config { cases: 128, failure_persistence: None, ..Config::default() },
        proptest::test_runner::TestRng::deterministic_rng(
            proptest::test_runner::RngAlgorithm::ChaCha,
        ),
    );
    let result = runner.run(&strategy, |(totals, balances, said)| {
        let (world, sequence) = &mut *world.borrow_mut();
        let mut totals = Proved(totals);
        // A volume has fewer than 2^24 lines, so no capped row holds more than as many caps.
        for (row, total) in world.compiled.table.instruments().iter().zip(&mut totals.0) {
            let most = row.cap.map_or(u128::MAX, |cap| cap.units().saturating_mul(1 << 20));
            total.quantity = total.quantity.min(most);
        }
        crate::registry::balance::balance(&world.compiled, &mut totals);
        compare_said(world, *sequence, &totals, balances, said);
        *sequence += 1;
        Ok::<(), TestCaseError>(())
    });
    result.unwrap();
}

#[test]
fn where_nothing_is_owed_coverage_is_the_largest_number() {
    let mut world = world();
    // One USDC that somebody has, and owes.
    let book = world.totals(&[("deposit USDC", 1, 1_000_000)]);
    compare(&mut world, 0, &book, [0, 0, 0]);
    let record = world.record(0);
    assert_eq!((record.coverageBps, record.failing), (u64::MAX, U256::ZERO));
}

#[test]
fn reserves_of_the_quote_currency_count_one_where_it_is_no_asset() {
    let mut world = World::new();
    // A token of 20 digits, finer than a unit of value: what is below one does not count.
    let usd = token(&mut world.evm, 20);
    let purpose = pacioli_verifier_contract::bindings::Purpose::Customers;
    let reserve = new_reserve("USD", usd, CUSTODIAN, purpose);
    list(&mut world.evm, &world.system, world.venue, reserve);
    world.later(DAY);
    world.attest(0);
    world.set_balance(usd, CUSTODIAN, 12_3456);
    let before = world.record(0).reserves;
    world.attest(1);
    assert_eq!(world.record(1).reserves, before + 12);
}
