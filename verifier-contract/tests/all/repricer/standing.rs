//! How clauses stand at other prices is what the rule says, for any book under any certificates.

use alloy_primitives::U256;
use pacioli_circuits::ScenarioId;
use pacioli_verifier_contract::bindings::Standing;

use crate::{
    registry::{policy, world::*},
    repricer::{
        expected::{self, Stands},
        fixture::{Asked, Question, alone, each_question, error_name, int, moved, priced},
    },
};

/// Each clause by its bits.
pub fn read(standing: &Standing, clauses: usize) -> Vec<Stands> {
    let bits = [
        (standing.holds, Stands::Holds),
        (standing.cannotHold, Stands::CannotHold),
        (standing.unknown, Stands::Unknown),
        (standing.held, Stands::Held),
    ];
    let all = bits.iter().map(|(bits, _)| *bits).fold(U256::ZERO, |all, bits| all | bits);
    assert_eq!(all.bit_len(), clauses);
    let clauses = (0..clauses).map(|clause| {
        let mut of = bits.iter().filter(|(bits, _)| bits.bit(clause));
        let (_, stands) = of.next().expect("each clause is in one of the four");
        assert!(of.next().is_none());
        *stands
    });
    clauses.collect()
}

/// Compares the clauses under these certificates. `None` where a figure has no room.
fn compare(
    asked: &mut Asked,
    question: &Question,
    certificates: &[(ScenarioId, Vec<u64>)],
    has_fund: bool,
) -> Option<(Vec<Stands>, U256)> {
    let prices = moved(&asked.world.prices, &question.thousandths);
    let bounds = |asked: &Asked, scenario| {
        let given = certificates.iter().find(|(of, _)| *of == scenario);
        let none = vec![0; asked.world.compiled.scenarios.len()];
        let multipliers = given.map_or(none, |(_, multipliers)| multipliers.clone());
        expected::bounds(asked, &prices, scenario, &multipliers)
    };
    let standing = asked.standing(&prices, certificates);
    let most = int(u128::MAX);
    let mut given = certificates.iter().flat_map(|(scenario, _)| bounds(asked, *scenario));
    if given.any(|figure| figure > most) {
        assert_eq!(error_name(&standing.unwrap_err()), "FigureTooLarge");
        return None;
    }
    let latest = asked.world.latest();
    let standing = standing.unwrap();
    assert_eq!(standing.failing, latest.failing);
    assert!((standing.failing & standing.holds).is_zero());
    assert_eq!((standing.sequence, standing.asOf), (latest.sequence, latest.asOf));
    let balances = question.balances.map(u128::from);
    let got = read(&standing, asked.world.program.clause_names().len());
    let wanted = expected::standing(
        asked,
        &|scenario| bounds(asked, scenario),
        &|scenario| expected::worth(&prices, asked, balances, has_fund, scenario),
        balances[0],
        &|clause| latest.failing.bit(clause),
    );
    assert_eq!(got, wanted, "{:?}", asked.world.program.clause_names());
    Some((got, standing.cannotHold))
}

/// How many clauses stood, could not hold, were unknown, and are about margins and held.
fn any_book(world: World, has_fund: bool) -> [usize; 4] {
    let scenarios = priced(&world.compiled);
    let mut seen = [0; 4];
    each_question(world, 20, |asked, question| {
        let mut question = question.clone();
        // Reserves that are near to what is owed, every other time.
        if question.dice % 2 == 0 {
            question.balances = [u64::MAX; 3];
        }
        let [btc, usdc, fund] = question.balances.map(u128::from);
        let world = &mut asked.world;
        for (token, custodian, balance) in
            [(world.btc, CUSTODIAN, btc), (world.usdc, CUSTODIAN, usdc), (world.usdc, FUND, fund)]
        {
            world.set_balance(token, custodian, balance);
        }
        let some =
            scenarios.iter().enumerate().filter(|(at, _)| question.dice >> (at + 1) & 1 == 1);
        let some: Vec<_> =
            some.map(|(_, scenario)| (*scenario, question.multipliers.clone())).collect();
        let compiled = &asked.world.compiled;
        let all: Vec<_> =
            scenarios.iter().map(|&scenario| (scenario, alone(compiled, scenario))).collect();
        let mut cannot_hold = Vec::new();
        for certificates in [&some[..], &all, &[]] {
            let Some((got, cannot)) = compare(asked, &question, certificates, has_fund) else {
                continue;
            };
            got.into_iter().for_each(|stands| seen[stands as usize] += 1);
            cannot_hold.push(cannot);
        }
        // No certificate makes a clause fall, and none is needed for it.
        cannot_hold.dedup();
        assert_eq!(cannot_hold.len(), 1);
    });
    seen
}

#[test]
fn the_chain_says_what_the_rule_says_of_any_book() {
    let seen = any_book(policy::world(), true);
    assert!(seen[..3].iter().all(|count| *count > 20), "{seen:?}");
}

#[test]
fn the_chain_says_what_the_rule_says_of_any_book_of_classes() {
    let seen = any_book(policy::world_of_classes(true), true);
    assert!(seen[..3].iter().all(|count| *count > 20), "{seen:?}");
}

#[test]
fn the_chain_says_what_the_rule_says_of_any_book_under_portfolio_margin() {
    for has_cover in [false, true] {
        let seen = any_book(policy::world_of_portfolio_margin(has_cover), false);
        assert!(seen[..3].iter().all(|count| *count > 20), "{seen:?}");
    }
}
