//! What a hostile reader found: each of these fails.

use alloy_primitives::U256;
use num_bigint::BigInt;
use pacioli_rules::Decimal;
use pacioli_verifier_contract::bindings::{SolvencyRegistry as R, Standing};

use crate::{
    registry::world::*,
    repricer::{
        expected::{self, Stands::*},
        fixture::{Asked, alone, moved},
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
    assert_ne!(read(&standing, 1)[0], Holds, "1 BTC is deposited and the custodian has none");
}

/// The same of the clause that fails where no listed reserve counts.
#[test]
fn reserves_that_are_listed_no_more_are_not_near_the_snapshot() {
    let world = world("max_distance = { reserves = \"30m\" }");
    let book = world.totals(&[("deposit BTC tier 1", 1, 1_0000_0000)]);
    let mut asked = Asked::new(world, book);
    let prices = asked.world.prices.clone();
    let venue = asked.world.venue;
    for (token, custodian) in [
        (asked.world.btc, CUSTODIAN),
        (asked.world.usdc, CUSTODIAN),
        (asked.world.usdc, FUND),
    ] {
        asked.world.send(OWNER, R::removeReserveCall { venue, token, custodian }).unwrap();
    }
    let standing = asked.standing(&prices, &[]).unwrap();
    assert_ne!(read(&standing, 1)[0], Holds);
}

/// Bad debt at mark is 18,000.45 at least, no less is lacking under maintenance, and the limit is
/// 10,000. Rust says that the clause cannot hold (`Book::margin`), and so does the page.
#[test]
fn a_margin_of_which_more_is_lacking_at_mark_than_its_limit_cannot_hold() {
    let world = world("bad_debt = { maintenance = \"10000\" }");
    let book = world.totals(&[("deposit BTC tier 1", 1, 1_0000_0000)]);
    let mut asked = Asked::new(world, book);
    assert!(asked.world.latest().failing.is_zero());
    let prices = moved(&asked.world.prices, &[100]);
    let mark = pacioli_circuits::ScenarioId::MARK;
    let none = vec![0; asked.world.compiled.scenarios.len()];
    let bound = asked.bound(&prices, mark, &none).unwrap();
    assert!(bound.badDebtAtLeast > 10_000 * 10u128.pow(16));
    let standing = asked.standing(&prices, &[]).unwrap();
    assert_eq!(read(&standing, 1)[0], CannotHold);
}

/// "Nothing here may lift a breach": the registry says that the policy fails, and every clause stands
/// for certain here a moment later, because money came for a moment.
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
    assert!(!asked.world.ask(R::holdsCall { venue }).unwrap());
    asked.world.set_balance(asked.world.btc, CUSTODIAN, 20_0000_0000);
    let prices = asked.world.prices.clone();
    let mark = pacioli_circuits::ScenarioId::MARK;
    let certificate = alone(&asked.world.compiled, mark);
    let standing = asked.standing(&prices, &[(mark, certificate)]).unwrap();
    let Standing { holds, cannotHold, held, unknown, .. } = standing;
    let naive = cannotHold.is_zero() && unknown.is_zero() && held.is_zero();
    assert!(!naive, "holds: {holds}, though {} fails", U256::ONE);
}

/// Nobody holds BTC: no rounding of it changes what is owed, and Rust has figures.
#[test]
fn what_nobody_holds_makes_no_stress_too_coarse() {
    let mut world = world("bad_debt = { crash = \"9\" }");
    world.set_balance(world.btc, CUSTODIAN, 0);
    let book = world.totals(&[("deposit USDC", 1, 1_000_000)]);
    let crash = world.compiled.table.scenario_ids().nth(2).unwrap();
    let mut asked = Asked::new(world, book);
    let mut prices = asked.world.prices.clone();
    prices.prices.insert("BTC".to_owned(), Decimal::new(1_663, 8));
    let certificate = alone(&asked.world.compiled, crash);
    let said = expected::said(asked.attested(), &prices, crash, &certificate).unwrap();
    let bound = asked.bound(&prices, crash, &certificate);
    let bound = bound.unwrap_or_else(|revert| panic!("{}", error_of("Repricer", &revert)));
    assert_eq!(said[0], BigInt::from(bound.owedAtMost));
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
    assert_ne!(distance, Holds, "reserves of now beside a book of yesterday");
}

/// A customer who deposits before the snapshot and withdraws after it is paid in full, and nothing is
/// wrong with the venue: less is owed by as much.
#[test]
fn whoever_withdraws_after_the_snapshot_makes_no_clause_fall_for_certain() {
    let mut world = world("min_coverage = \"1\"");
    world.set_balance(world.usdc, CUSTODIAN, 0);
    let book = world.totals(&[
        ("deposit BTC tier 1", 2, 20_0000_0000),
        ("equity:mark", 2, 400_010 * 10u128.pow(16)),
    ]);
    let mut asked = Asked::new(world, book);
    assert!(asked.world.latest().failing.is_zero());
    asked.world.set_balance(asked.world.btc, CUSTODIAN, 19_0000_0000);
    let prices = asked.world.prices.clone();
    let standing = asked.standing(&prices, &[]).unwrap();
    assert_ne!(read(&standing, 1)[0], CannotHold, "20 BTC less the one that was withdrawn is owed");
}
