//! Each clause turns where what is owed or bad debt at other prices comes to its limit, at most and at
//! least.

use alloy_primitives::B256;
use num_bigint::BigInt;
use pacioli_circuits::ScenarioId;
use pacioli_rules::{Decimal, Prices as PricesFile};
use pacioli_verifier_contract::bindings::Purpose;

use crate::{
    registry::world::*,
    repricer::{
        expected::{self, Stands, Stands::*},
        fixture::{Asked, alone, error_name, moved},
        standing::read,
    },
};

const CRASH: usize = 2;

/// The rules of the fixture held to one policy.
fn world(policy: &str) -> World {
    let rules = RULES.split_once("[policy]").unwrap().0.to_owned() + "[policy]\n" + policy;
    World::of(&rules, PRICES)
}

fn scenario(world: &World, number: usize) -> ScenarioId {
    world.compiled.table.scenario_ids().nth(number).unwrap()
}

fn stand(
    asked: &mut Asked,
    prices: &PricesFile,
    certificates: &[(ScenarioId, Vec<u64>)],
) -> Stands {
    let standing = asked.standing(prices, certificates).unwrap();
    let all = read(&standing, asked.world.program.clause_names().len());
    assert_eq!(all.len(), 1);
    all[0]
}

/// One BTC against as many dollars as it was worth: 8,000.20 are missing in the crash, at least, and
/// no more with a certificate; without one as much as is owed to the venue, 20,000.50.
#[test]
fn bad_debt_turns_at_its_limit() {
    for (limit, with, without) in [
        ("20000.5", Holds, Holds),
        ("20000.4999999999999999", Holds, Unknown),
        ("8000.2", Holds, Unknown),
        ("8000.1999999999999999", CannotHold, CannotHold),
        ("0", CannotHold, CannotHold),
    ] {
        let world = world(&format!("bad_debt = {{ crash = \"{limit}\" }}"));
        let book = world.totals(&[("deposit BTC tier 1", 1, 1_0000_0000)]);
        let crash = scenario(&world, CRASH);
        let mut asked = Asked::new(world, book);
        let prices = asked.world.prices.clone();
        let certificate = alone(&asked.world.compiled, crash);
        assert_eq!(stand(&mut asked, &prices, &[(crash, certificate)]), with, "{limit}");
        assert_eq!(stand(&mut asked, &prices, &[]), without, "{limit}");
    }
}

/// Reserves of the quote currency, which are worth as much in every scenario, to the unit.
fn with_dollars(mut world: World) -> (World, alloy_primitives::Address) {
    let venue = world.venue;
    let usd = token(&mut world.evm, 16);
    let reserve = new_reserve("USD", usd, CUSTODIAN, Purpose::Customers);
    list(&mut world.evm, &world.system, venue, reserve);
    world.later(DAY);
    for (token, custodian) in [(world.btc, CUSTODIAN), (world.usdc, CUSTODIAN), (world.usdc, FUND)]
    {
        world.set_balance(token, custodian, 0);
    }
    (world, usd)
}

#[test]
fn coverage_turns_at_its_limits() {
    let policies = [
        ("min_coverage = \"1.25\"", 0, 5, 4),
        ("coverage = { crash = \"0.5\" }", CRASH, 1, 2),
        ("bad_debt = { mark = \"insurance\" }", 0, 1, 1),
        ("bad_debt = { crash = \"insurance\" }", CRASH, 1, 1),
    ];
    for (policy, number, times, over) in policies {
        let (mut world, usd) = with_dollars(world(policy));
        // A clause that failed as it was proved would never hold.
        world.set_balance(usd, CUSTODIAN, 1_000_000 * 10u128.pow(16));
        let of = scenario(&world, number);
        let book = world.totals(&[
            ("deposit BTC tier 1", 3, 15_0000_0000),
            ("covered deposit USDC", 1, 1_000_000),
            ("short BTC-PERP tier 1", 1, 5_0000),
            ("long BTC-PERP tier 2", 1, 5_0000),
            ("equity:mark", 3, 300_000 * 10u128.pow(16)),
        ]);
        let mut asked = Asked::new(world, book);
        assert!(asked.world.latest().failing.is_zero());
        let prices = moved(&asked.world.prices, &[1_100, 990]);
        let certificate = alone(&asked.world.compiled, of);
        let certificates = [(of, certificate)];
        let [most, least, ..] = expected::bounds(&asked, &prices, of, &certificates[0].1);
        let needed = |owed: BigInt| -> u128 {
            let needed: BigInt = (owed * times + over - 1) / over;
            needed.try_into().unwrap()
        };
        let (most, least) = (needed(most), needed(least));
        assert!(most > least + 1 && least > 0, "{policy}: {most} {least}");
        let turns = [
            (most, Holds),
            (most - 1, Unknown),
            (least, Unknown),
            (least - 1, CannotHold),
            (0, CannotHold),
        ];
        for (reserves, stands) in turns {
            asked.world.set_balance(usd, CUSTODIAN, reserves);
            assert_eq!(stand(&mut asked, &prices, &certificates), stands, "{policy}: {reserves}");
        }
    }
}

/// Bad debt at mark is 18,000.45 at least, and no less is lacking under maintenance.
#[test]
fn a_margin_of_which_more_is_lacking_at_mark_than_its_limit_cannot_hold() {
    for (limit, stands) in
        [("10000", CannotHold), ("18000.4499999999999999", CannotHold), ("18000.45", Held)]
    {
        let world = world(&format!("bad_debt = {{ maintenance = \"{limit}\" }}"));
        let book = world.totals(&[("deposit BTC tier 1", 1, 1_0000_0000)]);
        let mut asked = Asked::new(world, book);
        assert!(asked.world.latest().failing.is_zero());
        let prices = moved(&asked.world.prices, &[100]);
        let none = vec![0; asked.world.compiled.scenarios.len()];
        let bound = asked.bound(&prices, ScenarioId::MARK, &none).unwrap();
        assert_eq!(bound.badDebtAtLeast, 1_800_045 * 10u128.pow(14));
        assert_eq!(stand(&mut asked, &prices, &[]), stands, "{limit}");
        let mark = alone(&asked.world.compiled, ScenarioId::MARK);
        assert_eq!(stand(&mut asked, &prices, &[(ScenarioId::MARK, mark)]), stands, "{limit}");
    }
}

/// What neither prices nor reserves nor time change stays as it was proved.
#[test]
fn what_is_not_priced_is_as_proved() {
    for policy in [
        "open_interest_matched = true",
        "max_distance = { prices = \"30m\" }",
        "left_out = { accounts = 2, assets = {} }",
        "bad_debt = { maintenance = \"0\" }",
        "bad_debt = { maintenance = \"1000000\" }",
    ] {
        let world = world(policy);
        let clauses = world.program.clause_names().len();
        let honest = world.totals(&[("deposit BTC tier 1", 1, 1_0000_0000)]);
        let mut asked = Asked::new(world, honest);
        let latest = asked.world.latest();
        asked.world.set_balance(asked.world.btc, CUSTODIAN, 0);
        asked.world.later(DAY);
        let prices = moved(&asked.world.prices, &[100]);
        let standing = asked.standing(&prices, &[]).unwrap();
        let got = read(&standing, clauses);
        let wanted = (0..clauses).map(|clause| match latest.failing.bit(clause) {
            true => CannotHold,
            // Nobody knows of margins at other prices.
            false if policy.contains("maintenance") => Held,
            false => Holds,
        });
        assert_eq!(got, wanted.collect::<Vec<_>>(), "{policy}");
        // Bad debt under maintenance is what the BTC lacks there.
        assert_eq!(latest.failing.bit(0), policy.contains("maintenance = \"0\""), "{policy}");
    }
}

#[test]
fn what_is_said_follows_from_the_latest_attestation_alone() {
    let mut asked = {
        let world = world("min_coverage = \"1\"");
        let book = world.book();
        Asked::new(world, book)
    };
    let prices = asked.world.prices.clone();
    let old = asked.standing_call(&prices, &[]);
    assert_eq!(asked.ask(&old).unwrap().sequence, 0);
    let less = asked.world.totals(&[("equity:mark", 1, 7), ("deposit USDC", 1, 8)]);
    asked.attest(1, less);
    assert_eq!(error_name(&asked.ask(&old).unwrap_err()), "OtherRecord");
    let standing = asked.standing(&prices, &[]).unwrap();
    assert_eq!((standing.sequence, standing.asOf), (1, asked.world.latest().asOf));
    assert_ne!(asked.world.record(1).quantities, B256::ZERO);
}

/// 0.6 times 1,663 is no whole number, and its rounding too large a part of it; 0.6 times 1,665 is one,
/// and 0.6 times 1,667 has 1,000 units.
#[test]
fn where_units_are_too_coarse_a_stress_has_no_figures() {
    let world = world("bad_debt = { mark = \"9\", crash = \"9\" }");
    let (mark, crash) = (scenario(&world, 0), scenario(&world, CRASH));
    let book = world.totals(&[("deposit BTC tier 1", 1, 1_0000_0000)]);
    let mut asked = Asked::new(world, book);
    for (units, is_fine) in [(1_663, false), (1_665, true), (1_667, true), (0, true), (1, false)] {
        let mut prices = asked.world.prices.clone();
        prices.prices.insert("BTC".to_owned(), Decimal::new(units, 8));
        let none = vec![0; asked.world.compiled.scenarios.len()];
        asked.bound(&prices, mark, &none).unwrap();
        match asked.bound(&prices, crash, &none) {
            Ok(_) => assert!(is_fine, "{units}"),
            Err(revert) => {
                assert!(!is_fine, "{units}");
                assert_eq!(error_name(&revert), "TooCoarse");
            }
        }
        let standing = asked.standing(&prices, &[]).unwrap();
        let [crash, _] = read(&standing, 2)[..] else { panic!("two clauses") };
        assert_eq!(crash == Unknown, !is_fine, "{units}");
    }
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
    let bound = bound.unwrap_or_else(|revert| panic!("{}", error_name(&revert)));
    assert_eq!(said[0], BigInt::from(bound.owedAtMost));
    // Without a reserve of it, that is; and in any form somebody may hold it.
    asked.world.set_balance(asked.world.btc, CUSTODIAN, 1);
    let revert = asked.bound(&prices, crash, &certificate).unwrap_err();
    assert_eq!(error_name(&revert), "TooCoarse");
    asked.world.set_balance(asked.world.btc, CUSTODIAN, 0);
    let held = asked.world.totals(&[("covered deposit BTC", 1, 1)]);
    asked.attest(1, held);
    let revert = asked.bound(&prices, crash, &certificate).unwrap_err();
    assert_eq!(error_name(&revert), "TooCoarse");
}
