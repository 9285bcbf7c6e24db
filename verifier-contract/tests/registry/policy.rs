//! The policy on chain is the policy in Rust, with reserves that are the holders' balances.

use alloy_primitives::{B256, U256};
use pacioli_circuits::{Total, Totals as Proved};
use pacioli_prover::{
    figures::figures,
    policy::evaluate,
    reserves::{Purpose, Reserves},
};
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

/// The reserves file that says what the holders have on chain.
fn reserves([btc, usdc, fund]: [u128; 3]) -> Reserves {
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
    let entries = entries.join(",");
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
    let reserves = reserves(balances);
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
    let wanted = expected.scenarios.iter().enumerate();
    let wanted: Vec<_> = wanted
        .map(|(scenario, figures)| {
            let fund = worth(Purpose::Insurance, scenario);
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
fn the_chain_says_what_rust_says_of_any_book() {
    let world = std::cell::RefCell::new((world(), 0));
    let rows = world.borrow().0.compiled.rows.len();
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
    let result = runner.run(&strategy, |(totals, balances)| {
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
    use pacioli_verifier_contract::bindings::SolvencyRegistry as R;
    world.send(OWNER, R::announceReserveCall { protocol, reserve }).unwrap();
    world.accept(usd, HOLDER).unwrap();
    world.later(DAY);
    world.attest(0);
    world.set_balance(usd, HOLDER, 12_3456);
    let before = world.record(0).unwrap().reserves;
    world.attest(1);
    assert_eq!(world.record(1).unwrap().reserves, before + 12);
}
