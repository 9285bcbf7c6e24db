//! The policy on chain is the policy in Rust, with reserves that are the holders' balances.

use alloy_primitives::{B256, U256};
use num_bigint::{BigInt, BigUint};
use pacioli_circuits::{Total, Totals as Proved};
use pacioli_prover::{
    figures::figures,
    policy::evaluate,
    reserves::{Purpose, Reserves},
    rules::{Class, Compiled},
};
use pacioli_verifier_contract::bindings::SolvencyRegistry as R;
use proptest::{
    collection::vec,
    prelude::{Just, Strategy, any, prop_oneof},
    test_runner::{Config, TestCaseError, TestRunner},
};

use crate::world::*;

/// The rules of the fixture, with every kind of clause.
fn world() -> World {
    World::new()
}

const CLASSES: &str = "[classes.insurance]
assets = [\"BTC\", \"USDC\"]
markets = []
[classes.pool]
[policy]";

/// The rules of the fixture with an insurance fund and a pool that are accounts. The protocol lists
/// reserves for insurance only where they are kept.
fn world_of_classes(keep: bool) -> World {
    let rules = RULES.replacen("[policy]", CLASSES, 1);
    without_fund(
        World::of(&rules.replacen("crash = \"5000\"", "crash = \"insurance\"", 1), PRICES),
        keep,
    )
}

/// Portfolio margin, with every kind of clause and accounts of two classes.
fn world_of_portfolio_margin() -> World {
    let rules = include_str!("../../../prover/tests/portfolio_margin/rules.toml");
    let policy =
        "per_asset = \"all\"\nopen_interest_matched = true\nbad_debt = { mark = \"insurance\"";
    let rules = rules.replacen("bad_debt = { mark = \"0\"", policy, 1);
    let prices = include_str!("../../../prover/tests/portfolio_margin/prices.json");
    without_fund(World::of(&rules.replacen("[policy]", CLASSES, 1), prices), false)
}

fn without_fund(mut world: World, keep: bool) -> World {
    let (protocol, token) = (world.protocol, world.usdc);
    if !keep {
        let call = R::removeReserveCall { protocol, token, holder: FUND };
        world.send(OWNER, call).unwrap();
    }
    world
}

/// The reserves file that says what the holders have on chain.
fn reserves([btc, usdc, fund]: [u128; 3], has_fund: bool) -> Reserves {
    let entry = |asset: &str, balance: u128, decimals: u32, address: &str, purpose: &str| {
        let one = 10u128.pow(decimals);
        let (whole, fraction) = (balance / one, balance % one);
        let width = decimals as usize;
        format!(
            r#"{{ "asset": "{asset}", "amount": "{whole}.{fraction:0width$}", "chain": "here",
                 "address": "{address}", "evidence": "chain", "purpose": "{purpose}" }}"#
        )
    };
    let entries = [
        entry("BTC", btc, 8, "holder", "customers"),
        entry("USDC", usdc, 6, "holder", "customers"),
        entry("USDC", fund, 6, "fund", "insurance"),
    ];
    let entries = entries[..if has_fund { 3 } else { 2 }].join(",");
    let text = format!(r#"{{ "as_of": "2026-01-01T00:00:00Z", "reserves": [{entries}] }}"#);
    Reserves::parse(&text).unwrap()
}

/// Submits a book over these balances and compares all that the chain says with Rust.
fn compare(world: &mut World, sequence: u64, book: &Proved, balances: [u128; 3]) -> Vec<bool> {
    let [btc, usdc, fund] = balances;
    for (token, holder, balance) in
        [(world.btc, HOLDER, btc), (world.usdc, HOLDER, usdc), (world.usdc, FUND, fund)]
    {
        world.set_balance(token, holder, balance);
    }
    world.later(1);
    let previous = if sequence == 0 { B256::ZERO } else { attestation(sequence - 1) };
    let submission = world.submission(sequence, previous);
    world.submit(submission, std::slice::from_ref(book)).unwrap();

    let expected = figures(&world.compiled, book).unwrap();
    let protocol = world.protocol;
    let listed = world.ask(R::reservesOfCall { protocol }).unwrap();
    let reserves = reserves(balances, listed.len() == 3);
    let clauses = evaluate(&world.rules.policy, &world.compiled, &expected, &reserves);
    let record = world.record(sequence).unwrap();
    let holds: Vec<bool> = (0..clauses.len()).map(|clause| !record.failing.bit(clause)).collect();
    assert_eq!(usize::from(record.clauses), clauses.len());
    let names: Vec<&str> = clauses.iter().map(|clause| clause.name.as_str()).collect();
    assert_eq!(world.program.clause_names(), names);
    assert_eq!(holds, clauses.iter().map(|clause| clause.holds).collect::<Vec<_>>(), "{clauses:?}");

    let worth = |purpose, scenario| reserves.worth(&world.compiled, purpose, scenario).units;
    assert_eq!(worth(Purpose::Customers, 0), record.reserves.into());
    let owed = &expected.scenarios[0].owed.units;
    let coverage = if *owed == 0u32.into() {
        u64::MAX.into()
    } else {
        (worth(Purpose::Customers, 0) * 10_000u32 / owed).min(u64::MAX.into())
    };
    assert_eq!(coverage, record.coverageBps.into());
    let scenarios = world.compiled.scenarios.iter().enumerate();
    let wanted: Vec<_> = scenarios
        .map(|(number, scenario)| {
            let figures = expected.scenarios.iter().find(|figures| figures.name == scenario.name);
            // A constraint has none.
            let Some(figures) = figures else { return Default::default() };
            let fund = match world.compiled.classes.contains_key(&Class::Insurance) {
                true => class_worth(&world.compiled, book, number),
                false => worth(Purpose::Insurance, number),
            };
            if let Some(same) = expected.fund(Class::Insurance, &scenario.name) {
                assert_eq!(fund, same.units);
            }
            let counts = (figures.accounts_with_equity, figures.accounts_short);
            (figures.owed.units.clone(), figures.bad_debt.units.clone(), fund, counts)
        })
        .collect();
    let got: Vec<_> = world
        .figures(sequence)
        .unwrap()
        .into_iter()
        .map(|figures| {
            let counts = (figures.accountsWithEquity, figures.accountsShort);
            (figures.owed.into(), figures.badDebt.into(), figures.insurance.into(), counts)
        })
        .collect();
    assert_eq!(got, wanted);
    holds
}

/// Totals times values of the class `insurance`, 0 where that is negative.
fn class_worth(compiled: &Compiled, book: &Proved, scenario: usize) -> BigUint {
    let rows = compiled.rows.iter().zip(compiled.table.instruments()).zip(&book.0);
    let held = rows.filter(|((row, _), _)| row.class == Class::Insurance);
    let worth = held.map(|((_, instrument), total)| {
        BigInt::from(instrument.values[scenario].units()) * total.quantity
    });
    worth.sum::<BigInt>().to_biguint().unwrap_or_default()
}

#[test]
fn every_clause_turns_at_its_limit() {
    let mut world = world();
    let usd = 10u128.pow(16);
    let mut sequence = 0;
    // 2 BTC and 1 USDC are worth 40,002 USD; the fund has 3 USD; the limit of a crash is 5,000 USD.
    let balances = [2_0000_0000, 1_000_000, 3_000_000];
    let mut turns = |clause: usize, row: &str, other: &[(&str, u64, u128)], limit: u128| {
        for (quantity, holds) in [(limit - 1, true), (limit, true), (limit + 1, false)] {
            let book = [other, &[(row, 1, quantity)]].concat();
            let book = world.totals(&book);
            let mut expected = [true; 5];
            expected[clause] = holds;
            assert_eq!(compare(&mut world, sequence, &book, balances), expected, "{row}");
            sequence += 1;
        }
    };
    turns(0, "equity:mark", &[], 40_002 * usd);
    turns(1, "deposit BTC tier 2", &[("deposit BTC tier 1", 1, 5)], 2_0000_0000 - 5);
    // Clauses of bad debt stand in the order of the scenarios' names.
    turns(2, "shortfall:crash", &[], 5_000 * usd);
    turns(3, "shortfall:mark", &[], 3 * usd);
    for (long, short, holds) in [(5, 5, true), (6, 5, false), (5, 6, false)] {
        let sides = [("long BTC-PERP tier 1", 1, long), ("short BTC-PERP tier 2", 1, short)];
        let book = world.totals(&sides);
        let expected = [true, true, true, true, holds];
        assert_eq!(compare(&mut world, sequence, &book, balances), expected);
        sequence += 1;
    }
}

#[test]
fn classes_count_together_and_the_fund_alone() {
    let mut world = world_of_classes(false);
    let usd = 10u128.pow(16);
    let mut sequence = 0;
    // 5 BTC and 1 USDC for customers. The fund has 1 BTC and 3 USDC, less a loan of 1 USDC: 20,002.5
    // USD, and after a fall of 40 % 12,002.3.
    let balances = [5_0000_0000, 1_000_000, 0];
    let fund = [
        ("insurance deposit BTC tier 1", 1, 1_0000_0000),
        ("insurance deposit USDC", 1, 3_000_000),
        ("insurance borrow USDC", 1, 1_000_000),
    ];
    let mut verdict = |lines: &[(&str, u64, u128)], expected: [bool; 5]| {
        let book = world.totals(&[&fund[..], lines].concat());
        assert_eq!(compare(&mut world, sequence, &book, balances), expected, "{lines:?}");
        sequence += 1;
    };
    for (beside, holds) in [(-1i128, true), (0, true), (1, false)] {
        let quantity = |limit: u128| limit.checked_add_signed(beside).unwrap();
        // Of the 5 BTC the fund has 1 and the pool 1.
        let deposits = [
            ("pool deposit BTC tier 2", 1, 1_0000_0000),
            ("deposit BTC tier 1", 1, quantity(3_0000_0000)),
        ];
        verdict(&deposits, [true, holds, true, true, true]);
        let crash = 12_002 * usd + 3 * usd / 10;
        verdict(&[("shortfall:crash", 1, quantity(crash))], [true, true, holds, true, true]);
        let mark = 20_002 * usd + usd / 2;
        verdict(&[("shortfall:mark", 1, quantity(mark))], [true, true, true, holds, true]);
        let sides =
            [("long BTC-PERP tier 1", 1, 7), ("pool short BTC-PERP tier 2", 1, quantity(7))];
        verdict(&sides, [true, true, true, true, beside == 0]);
        // A fund that owes more than it has is worth nothing.
        let mut poor = vec![("shortfall:mark", 1, if holds { 0 } else { 1 })];
        poor.push(("insurance borrow BTC", 1, 2_0000_0000));
        verdict(&poor, [true, true, true, holds, true]);
    }
}

#[test]
fn reserves_for_insurance_beside_the_class_would_count_twice() {
    let mut world = world_of_classes(true);
    let book = world.totals(&[("insurance deposit USDC", 1, 3_000_000)]);
    let twice = [true, true, false, false, true];
    assert_eq!(compare(&mut world, 0, &book, [0; 3]), twice, "though they hold nothing");
    assert_eq!(compare(&mut world, 1, &book, [0, 0, 5]), twice);
    let mut world = world_of_classes(false);
    assert_eq!(compare(&mut world, 0, &book, [0; 3]), [true; 5]);
}

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
    any_book(world_of_portfolio_margin());
}

fn any_book(world: World) {
    let house: Vec<bool> =
        world.compiled.rows.iter().map(|row| row.class != Class::Customer).collect();
    let rows = house.len();
    let world = std::cell::RefCell::new((world, 0));
    let quantity = prop_oneof![
        Just(0u128),
        0..1_000_000_000_000u128,
        0..(1u128 << 90),
        Just((1u128 << 114) - 1),
    ];
    let total = (0..5_000u64, quantity);
    let total = total.prop_map(|(count, quantity)| Total { count, quantity });
    let balance = || prop_oneof![Just(0u128), any::<u64>().prop_map(u128::from), 0..1u128 << 80];
    let strategy = (vec(total, rows), [balance(), balance(), balance()]);
    let mut runner = TestRunner::new_with_rng(
        Config { cases: 128, failure_persistence: None, ..Config::default() },
        proptest::test_runner::TestRng::deterministic_rng(
            proptest::test_runner::RngAlgorithm::ChaCha,
        ),
    );
    let result = runner.run(&strategy, |(mut totals, balances)| {
        // A fund of 2^128 units of value or more is refused.
        for (total, _) in totals.iter_mut().zip(&house).filter(|(_, house)| **house) {
            total.quantity %= 1 << 60;
        }
        let (world, sequence) = &mut *world.borrow_mut();
        compare(world, *sequence, &Proved(totals), balances);
        *sequence += 1;
        Ok::<(), TestCaseError>(())
    });
    result.unwrap();
}

#[test]
fn where_nothing_is_owed_coverage_is_the_largest_number() {
    let mut world = world();
    let book = world.totals(&[]);
    compare(&mut world, 0, &book, [0, 0, 0]);
    let record = world.record(0).unwrap();
    assert_eq!((record.coverageBps, record.failing), (u64::MAX, U256::ZERO));
}

#[test]
fn reserves_of_the_quote_currency_count_one_where_it_is_no_asset() {
    let mut world = World::new();
    let protocol = world.protocol;
    // A token of 20 digits, finer than a unit of value: what is below one does not count.
    let usd = token(&mut world.evm, 20);
    let purpose = pacioli_verifier_contract::bindings::Purpose::Customers;
    let reserve = new_reserve("USD", usd, HOLDER, purpose);
    world.send(OWNER, R::announceReserveCall { protocol, reserve }).unwrap();
    world.accept(usd, HOLDER).unwrap();
    world.later(DAY);
    world.attest(0);
    world.set_balance(usd, HOLDER, 12_3456);
    let before = world.record(0).unwrap().reserves;
    world.attest(1);
    assert_eq!(world.record(1).unwrap().reserves, before + 12);
}
