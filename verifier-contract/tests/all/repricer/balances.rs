//! Balances are those of now, and the book is that of the snapshot: what may be said of both together.

use alloy_primitives::U256;
use alloy_sol_types::SolCall;
use pacioli_verifier_contract::bindings::{SolvencyRegistry as R, State, Venues as V};

use crate::{
    registry::world::*,
    repricer::{
        expected::Stands::*,
        fixture::{Asked, alone},
        standing::read,
    },
};

fn world(policy: &str) -> World {
    let rules = RULES.split_once("[policy]").unwrap().0.to_owned() + "[policy]\n" + policy;
    World::of(&rules, PRICES)
}

/// Reserves are read in this block for coverage, and so they must be for the reserves of one asset: the
/// contract has its balance and its deposits before it.
#[test]
fn reserves_of_an_asset_that_have_left_do_not_stand_for_certain() {
    let world = world("per_asset = [\"BTC\"]");
    let book = world.totals(&[("deposit BTC tier 1", 1, 1_0000_0000)]);
    let mut asked = Asked::new(world, book);
    let prices = asked.world.prices.clone();
    asked.world.set_balance(asked.world.btc, CUSTODIAN, 0);
    let mark = alone(&asked.world.compiled, pacioli_circuits::ScenarioId::MARK);
    let bound = asked.bound(&prices, pacioli_circuits::ScenarioId::MARK, &mark).unwrap();
    assert_eq!(bound.allReserves, 1_500 * 10u128.pow(16), "USDC alone");
    let standing = asked.standing(&prices, &[]).unwrap();
    assert_eq!(read(&standing, 1)[0], CannotHold, "1 BTC is deposited and the custodian has none");
}

/// The same of the clause that fails where no listed reserve counts.
#[test]
fn reserves_that_are_listed_no_more_are_not_near_the_snapshot() {
    let world = world("max_distance = { reserves = \"30m\" }");
    let book = world.totals(&[("deposit BTC tier 1", 1, 1_0000_0000)]);
    let mut asked = Asked::new(world, book);
    let prices = asked.world.prices.clone();
    for (token, custodian) in
        [(asked.world.btc, CUSTODIAN), (asked.world.usdc, CUSTODIAN), (asked.world.usdc, FUND)]
    {
        asked.world.remove(token, custodian);
    }
    let standing = asked.standing(&prices, &[]).unwrap();
    assert_eq!(read(&standing, 1)[0], CannotHold);
}

/// The registry says that the policy fails, and money that comes for a moment does not change that.
#[test]
fn a_breach_is_not_lifted() {
    let mut world = world("min_coverage = \"1\"");
    for (token, custodian) in [(world.btc, CUSTODIAN), (world.usdc, CUSTODIAN)] {
        world.set_balance(token, custodian, 0);
    }
    let book = world.totals(&[
        ("deposit BTC tier 1", 1, 1_0000_0000),
        ("equity:mark", 1, 20_000 * 10u128.pow(16)),
    ]);
    let mut asked = Asked::new(world, book);
    assert!(asked.world.latest().failing.bit(0));
    let venue = asked.world.venue;
    assert_eq!(asked.world.ask(R::stateOfCall { venue }).unwrap(), State::Breach);
    asked.world.set_balance(asked.world.btc, CUSTODIAN, 20_0000_0000);
    let prices = asked.world.prices.clone();
    let mark = pacioli_circuits::ScenarioId::MARK;
    let certificate = alone(&asked.world.compiled, mark);
    let standing = asked.standing(&prices, &[(mark, certificate)]).unwrap();
    assert_eq!((standing.failing, standing.holds), (U256::ONE, U256::ZERO));
    assert_eq!(read(&standing, 1)[0], Unknown);
}

/// The clause asks for reserves that are read at most half an hour after the snapshot. Those of this
/// answer are read a day after it: whatever customers brought since counts as reserves, and nothing that
/// they are owed for it.
#[test]
fn reserves_read_a_day_after_the_snapshot_are_not_near_it() {
    let world = world("min_coverage = \"1\"\nmax_distance = { reserves = \"30m\" }");
    let book = world.totals(&[
        ("deposit BTC tier 1", 1, 20_0000_0000),
        ("equity:mark", 1, 400_010 * 10u128.pow(16)),
    ]);
    let mut asked = Asked::new(world, book);
    assert!(asked.world.latest().failing.is_zero());
    asked.world.later(DAY);
    let prices = asked.world.prices.clone();
    let mark = pacioli_circuits::ScenarioId::MARK;
    let certificate = alone(&asked.world.compiled, mark);
    let standing = asked.standing(&prices, &[(mark, certificate)]).unwrap();
    let [coverage, distance] = read(&standing, 2)[..] else { panic!("two clauses") };
    assert_eq!(coverage, Holds);
    assert_eq!(distance, Unknown, "reserves of now beside a book of yesterday");
}

/// A customer who deposits before the snapshot and withdraws a day after it is paid in full, and nothing
/// is wrong with the venue: less is owed by as much. A policy that says how near reserves are to the
/// snapshot does not fall by that; near to it, or without such a clause, balances of now are those of the
/// book.
#[test]
fn whoever_withdraws_after_the_snapshot_makes_no_clause_fall_for_certain() {
    let near = "max_distance = { reserves = \"30m\" }";
    for (coverage, clauses) in [
        ("min_coverage = \"1\"", 1),
        ("per_asset = [\"BTC\"]", 1),
        ("bad_debt = { mark = \"insurance\" }", 1),
    ] {
        for (distance, seconds, stands) in [
            (near, 1_740, [CannotHold, Holds]),
            (near, 1_800, [CannotHold, Holds]),
            (near, 1_801, [Unknown, Unknown]),
            (near, DAY, [Unknown, Unknown]),
            ("", DAY, [CannotHold, Unknown]),
        ] {
            let mut world = world(&format!("{coverage}\n{distance}"));
            for custodian in [CUSTODIAN, FUND] {
                world.set_balance(world.usdc, custodian, 0);
            }
            let book = world.totals(&[
                ("deposit BTC tier 1", 2, 20_0000_0000),
                ("equity:mark", 2, 400_010 * 10u128.pow(16)),
            ]);
            let mut asked = Asked::new(world, book);
            assert!(asked.world.latest().failing.is_zero());
            asked.world.set_balance(asked.world.btc, CUSTODIAN, 19_0000_0000);
            asked.world.later(seconds);
            let prices = asked.world.prices.clone();
            let standing = asked.standing(&prices, &[]).unwrap();
            let clauses = clauses + usize::from(!distance.is_empty());
            assert_eq!(
                read(&standing, clauses),
                stands[..clauses],
                "{coverage} {distance} {seconds}"
            );
        }
    }
}

/// The clauses that compare reserves.
const COMPARE: [&str; 3] =
    ["min_coverage = \"1\"", "per_asset = [\"BTC\"]", "bad_debt = { mark = \"insurance\" }"];

/// All that is owed is 20 BTC, and there are 20 BTC and nothing else.
fn of_twenty(mut world: World) -> Asked {
    for custodian in [CUSTODIAN, FUND] {
        world.set_balance(world.usdc, custodian, 0);
    }
    let book = world.totals(&[
        ("deposit BTC tier 1", 2, 20_0000_0000),
        ("equity:mark", 2, 400_010 * 10u128.pow(16)),
    ]);
    let asked = Asked::new(world, book);
    assert!(asked.world.record(0).failing.is_zero());
    asked
}

/// An attestation counts what observers read on other chains, up to a share of what is here. Balances of
/// this chain prove a fall only where that much more would not be enough either; and nothing stands for
/// what might be elsewhere.
#[test]
fn what_may_be_on_other_chains_makes_no_clause_fall_for_certain() {
    for policy in COMPARE {
        for (share, stands) in
            [(0, CannotHold), (526, CannotHold), (527, Unknown), (10_000, Unknown)]
        {
            let mut world = world(policy);
            let venue = world.venue;
            let mut limits = world.ask_at(world.system.venues, V::limitsOfCall { venue }).unwrap();
            limits.elsewhereBps = share;
            let call = V::setLimitsCall { venue, limits }.abi_encode();
            world.evm.call(OWNER, world.system.venues, call).unwrap();
            world.later(DAY);
            let mut asked = of_twenty(world);
            let prices = asked.world.prices.clone();
            asked.world.set_balance(asked.world.btc, CUSTODIAN, 19_0000_0000);
            let mark = pacioli_circuits::ScenarioId::MARK;
            let certificate = alone(&asked.world.compiled, mark);
            let bound = asked.bound(&prices, mark, &certificate).unwrap();
            assert_eq!(bound.reserves, 3_800_095 * 10u128.pow(15), "of this chain alone");
            let standing = asked.standing(&prices, &[(mark, certificate)]).unwrap();
            assert_eq!(read(&standing, 1), [stands], "{policy} {share}");
        }
    }
}

/// A token that is paused, or that does not answer to this caller, says nothing of what is there.
#[test]
fn a_token_that_does_not_answer_makes_no_clause_fall_for_certain() {
    for policy in COMPARE {
        let mut asked = of_twenty(world(policy));
        let prices = asked.world.prices.clone();
        let silent = MockToken::behaveCall { moves: true, answers: false };
        asked.world.evm.call(STRANGER, asked.world.btc, silent.abi_encode()).unwrap();
        let standing = asked.standing(&prices, &[]).unwrap();
        assert_eq!(read(&standing, 1), [Unknown], "{policy}");
        // What does answer may be enough.
        let enough = 500_000 * 10u128.pow(6);
        asked.world.set_balance(asked.world.usdc, CUSTODIAN, enough);
        let mark = pacioli_circuits::ScenarioId::MARK;
        let certificate = alone(&asked.world.compiled, mark);
        let standing = asked.standing(&prices, &[(mark, certificate)]).unwrap();
        let of_one_asset = policy.starts_with("per_asset");
        assert_eq!(read(&standing, 1), [if of_one_asset { Unknown } else { Holds }], "{policy}");
    }
}
