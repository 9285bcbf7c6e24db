//! What is certain of a policy at other prices: what is said to hold does, and what is said to be
//! unable to hold does not, whatever the book and its reserves.

use jiff::Timestamp;
use num_bigint::{BigInt, BigUint};
use pacioli_attestation::{
    AttestedBy, By, Clause, Purpose, Reserve, Reserves,
    bound::{RepriceError, Repriced, RepricedClause, Repricing, RestsOn, Standing, overall},
};
use pacioli_circuits::{ScenarioId, Total, Totals};
use pacioli_rules::{BadDebtLimit, Compiled, Decimal, Policy, Prices, ScenarioKind};
use proptest::{
    strategy::{Strategy, ValueTree},
    test_runner::TestRunner,
};

use crate::{
    bound::{Proved, moved, priced, proved, values},
    forms::{adversary::Dice, rules::kinds, truth},
};

/// Reserves of BTC and USDC, and a fund.
fn reserves(dice: &mut Dice) -> Reserves {
    let mut reserve = |asset: &str, purpose| Reserve {
        asset: asset.to_owned(),
        amount: Decimal::new(dice.below(30_000).into(), 2),
        chain: "a chain".to_owned(),
        address: format!("for {}", Purpose::name(purpose)),
        evidence: "made up".to_owned(),
        purpose,
        custodian: None,
        legal_holder: None,
        encumbrance: None,
        attested_by: Some(AttestedBy::Itself),
    };
    let (customers, insurance) = (Purpose::Customers, Purpose::Insurance);
    let reserves =
        vec![reserve("BTC", customers), reserve("USDC", customers), reserve("BTC", insurance)];
    Reserves { as_of: Timestamp::UNIX_EPOCH, reserves }
}

/// A policy about everything that has a price, with limits of all sizes.
fn policy(dice: &mut Dice) -> Policy {
    let mut policy = Policy::default();
    let mut part = || Decimal::new(dice.below(2_000).into(), 3);
    policy.min_coverage = Some(part());
    policy.coverage.insert("drop".to_owned(), part());
    let limit = Decimal::new(1i128 << dice.below(40), 3);
    policy.bad_debt.insert("mark".to_owned(), BadDebtLimit::Amount(limit));
    policy.bad_debt.insert("drop".to_owned(), BadDebtLimit::Insurance);
    policy.bad_debt.insert("initial".to_owned(), BadDebtLimit::Amount(Decimal::new(0, 0)));
    policy
}

/// The clauses of that policy, as a proof that keeps none of them has them.
fn failing() -> Vec<Clause> {
    let names =
        ["min_coverage", "coverage.drop", "bad_debt.drop", "bad_debt.mark", "bad_debt.initial"];
    let clause = |name: &str| {
        let (name, detail) = (name.to_owned(), "as proved".to_owned());
        Clause { name, holds: false, detail, by: By::Proved }
    };
    names.map(clause).into()
}

/// Whether a clause holds in truth, where `owed`, bad debt and what others are owed are `figures`.
fn holds(
    name: &str,
    policy: &Policy,
    there: &Compiled,
    reserves: &Reserves,
    figures: &dyn Fn(ScenarioId) -> [i128; 2],
) -> bool {
    let id = |name: &str| {
        let mut scenarios = there.scenarios_by_id();
        scenarios.find(|(_, scenario)| scenario.name == name).unwrap().0
    };
    let worth = |purpose, id| BigInt::from(reserves.worth(there, purpose, id).units);
    let covers = |id, required: Decimal| {
        worth(Purpose::Customers, id) * BigInt::from(10).pow(required.scale())
            >= BigInt::from(required.mantissa()) * figures(id)[0]
    };
    match name {
        "min_coverage" => covers(ScenarioId::MARK, policy.min_coverage.unwrap()),
        "coverage.drop" => covers(id("drop"), policy.coverage["drop"]),
        "bad_debt.mark" => {
            let BadDebtLimit::Amount(limit) = policy.bad_debt["mark"] else { unreachable!() };
            let limit = limit.floor_units(there.value_decimals).0;
            BigInt::from(figures(ScenarioId::MARK)[1]) <= limit
        }
        _ => {
            let drop = id("drop");
            let all = worth(Purpose::Customers, drop) + worth(Purpose::Insurance, drop);
            let twin = there
                .scenarios_by_id()
                .find(|(_, scenario)| matches!(scenario.kind, ScenarioKind::Twin { .. }));
            all >= BigInt::from(figures(twin.map_or(drop, |(id, _)| id))[0])
        }
    }
}

#[test]
fn what_is_certain_is_true() {
    let mut runner = TestRunner::deterministic();
    let mut seen = [0; 3];
    for seed in 0..150 {
        let mut kind = kinds().new_tree(&mut runner).unwrap().current();
        kind.option = false;
        let (Proved { table, totals, lines }, mut dice) = (proved(&kind, seed), Dice(seed));
        let other = moved(&kind, &mut dice);
        let rules = kind.rules_with_cover();
        let (there, reserves) = (priced(&other), reserves(&mut dice));
        let (prices, own) = (other.all_prices(), Some(&reserves));
        let repricing = Repricing::of(&table, &totals, &rules, &prices, own).unwrap();
        let repriced = Repriced::find(&repricing, &());
        for _ in 0..8 {
            let policy = policy(&mut dice);
            let clauses = repriced.clauses(&policy, &table, &failing());
            let figures = |id| truth::at(&table, &values(&table, &there, id), &lines);
            for RepricedClause { name, standing, rests_on, detail, .. } in &clauses {
                if name == "bad_debt.initial" {
                    let least = &repriced.scenario("mark").unwrap().bound.bad_debt_at_least;
                    let lacks = least.units > BigUint::ZERO;
                    let expected = if lacks { Standing::CannotHold } else { Standing::Failed };
                    assert_eq!((*standing, detail == "as proved"), (expected, !lacks));
                    continue;
                }
                let is_proved =
                    repriced.scenario(if name.ends_with("drop") { "drop" } else { "mark" });
                if is_proved.unwrap().as_proved {
                    assert_eq!(*standing, Standing::CannotHold, "as the proof has it");
                    continue;
                }
                assert_eq!(*rests_on, RestsOn::Repriced);
                let truth = holds(name, &policy, &there, &reserves, &figures);
                match standing {
                    Standing::Holds => assert!(truth, "{name}: {detail}"),
                    Standing::CannotHold => assert!(!truth, "{name}: {detail}"),
                    Standing::Unknown => {}
                    Standing::Held | Standing::Failed => panic!("{name} has figures"),
                }
                seen[*standing as usize] += 1;
            }
            assert_eq!(overall(&clauses, true), Standing::CannotHold);
        }
    }
    // Each of the three is common.
    assert!(seen.iter().all(|&count| count > 100), "{seen:?}");
}

/// What nobody holds needs no price, unless there are reserves of it, which would else count nothing.
#[test]
fn prices_are_asked_for_what_is_held_or_backs_it() {
    let kind = kinds().new_tree(&mut TestRunner::deterministic()).unwrap().current();
    let table = kind.compile(true);
    let nothing = Totals(vec![Total::default(); table.rows.len()]);
    let reserves = reserves(&mut Dice(1));
    let rules = kind.rules_with_cover();
    let at = |prices: &Prices, reserves: Option<&Reserves>| {
        Repricing::of(&table, &nothing, &rules, prices, reserves).map(|_| ())
    };
    let mut prices = kind.all_prices();
    at(&prices, Some(&reserves)).unwrap();
    prices.prices.remove("USDC");
    let refused = at(&prices, Some(&reserves));
    assert!(matches!(refused, Err(RepriceError::MissingReserve(asset)) if asset == "USDC"));
    prices.prices.clear();
    at(&prices, None).unwrap();
    // Nor are prices looked at that nobody needs: this one has more digits than there is room for.
    prices.prices.insert("BTC".to_owned(), Decimal::new(1, 30));
    at(&prices, None).unwrap();
    prices.prices.insert("USDC".to_owned(), Decimal::new(1, 0));
    assert!(matches!(at(&prices, Some(&reserves)), Err(RepriceError::Rules(_))));
}

#[test]
fn clauses_together_stand_as_the_worst() {
    use Standing::{CannotHold, Failed, Held, Holds, Unknown};
    let of = |standings: &[Standing], counts_held| {
        let clause = |&standing| RepricedClause {
            name: String::new(),
            standing,
            rests_on: RestsOn::Repriced,
            detail: String::new(),
            by: By::Proved,
        };
        overall(&standings.iter().map(clause).collect::<Vec<_>>(), counts_held)
    };
    for (standings, strictly, counting) in [
        (&[][..], CannotHold, CannotHold),
        (&[Holds, Holds], Holds, Holds),
        (&[Holds, Unknown], Unknown, Unknown),
        (&[Unknown, CannotHold, Holds], CannotHold, CannotHold),
        (&[Holds, Held], Unknown, Holds),
        (&[Held, Unknown], Unknown, Unknown),
        (&[Holds, Failed], CannotHold, CannotHold),
    ] {
        assert_eq!((of(standings, false), of(standings, true)), (strictly, counting));
    }
}
