//! Whatever is not what was proved, or no certificate, is refused by name.

use std::collections::BTreeSet;

use alloy_primitives::{B256, U256, keccak256};
use alloy_sol_types::SolCall;
use pacioli_attestation::bound::Certificate as Named;
use pacioli_circuits::ScenarioId;
use pacioli_verifier_contract::{
    bindings::{Price, Repricer as C, SolvencyRegistry as R},
    evm::Revert,
};

use crate::{
    libraries,
    registry::world::*,
    repricer::fixture::{Asked, alone},
};

const MOST: u64 = Named::MOST * Named::UNIT;

fn asked() -> Asked {
    let world = World::new();
    let book = world.book();
    Asked::new(world, book)
}

/// An honest question about mark, and about all clauses.
fn honest(asked: &Asked) -> (C::boundAtCall, C::standingAtCall) {
    let mark = alone(&asked.world.compiled, ScenarioId::MARK);
    let prices = &asked.world.prices;
    let bound = asked.bound_call(prices, ScenarioId::MARK, &mark);
    (bound, asked.standing_call(prices, &[(ScenarioId::MARK, mark)]))
}

type Change = fn(&mut C::boundAtCall);

/// Each is one thing changed in what is accepted, and the error.
const CHANGES: &[(&str, Change)] = &[
    ("NoAttestation", |it| it.venue = B256::repeat_byte(7)),
    // A program of other rules, and the same with something behind it.
    ("OtherProgram", |it| {
        let mut program = it.book.program.to_vec();
        *program.last_mut().unwrap() ^= 1;
        it.book.program = program.into();
    }),
    ("OtherProgram", |it| it.book.program = [&it.book.program[..], &[0]].concat().into()),
    ("OtherProgram", |it| it.book.program = Default::default()),
    ("OtherQuantities", |it| it.book.quantities[1] += U256::ONE),
    ("OtherQuantities", |it| it.book.quantities.swap(1, 2)),
    ("OtherQuantities", |it| it.book.quantities.truncate(1)),
    ("OtherQuantities", |it| it.book.quantities.push(U256::ZERO)),
    ("OtherQuantities", |it| it.book.quantities.clear()),
    ("OtherTable", |it| it.book.prices.list[0].mantissa += 10),
    ("PriceNames", |it| it.book.prices.list[0].name = keccak256("ETH")),
    ("PriceNames", |it| it.book.prices.list.truncate(1)),
    ("QuoteCurrency", |it| it.book.prices.quote = keccak256("EUR")),
    // The other prices: of other assets, fewer, more, in another order, in another currency.
    ("PriceNames", |it| it.prices.list[0].name = keccak256("ETH")),
    ("PriceNames", |it| it.prices.list.truncate(1)),
    ("PriceNames", |it| it.prices.list.push(Price { name: keccak256("X"), mantissa: 1, scale: 0 })),
    ("PriceNames", |it| it.prices.list.reverse()),
    ("PriceNames", |it| it.prices.list.clear()),
    ("QuoteCurrency", |it| it.prices.quote = keccak256("EUR")),
    ("PriceScale", |it| it.prices.list[0].scale = 39),
    ("PriceDigits", |it| it.prices.list[0] = Price { mantissa: 1, scale: 20, ..it.prices.list[0] }),
    ("MarkBound", |it| it.prices.list[0].mantissa = u128::MAX),
    // Maintenance, the cover, and none.
    ("NotPriced", |it| it.scenario = U256::from(1)),
    ("NotPriced", |it| it.scenario = U256::from(3)),
    ("NotPriced", |it| it.scenario = U256::from(4)),
    ("NotPriced", |it| it.scenario = U256::MAX),
    ("MultipliersLength", |it| it.multipliers.truncate(3)),
    ("MultipliersLength", |it| it.multipliers.push(0)),
    ("MultipliersLength", |it| it.multipliers.clear()),
    ("MultiplierTooLarge", |it| it.multipliers[0] = MOST + 1),
    ("MultiplierTooLarge", |it| *it.multipliers.last_mut().unwrap() = u64::MAX),
];

fn error(result: Result<impl Sized, Revert>) -> String {
    error_of("Repricer", &result.err().expect("it is refused"))
}

#[test]
fn whatever_is_changed_is_refused_by_name() {
    let mut asked = asked();
    let (bound, standing) = honest(&asked);
    asked.ask(&bound).unwrap();
    asked.ask(&standing).unwrap();
    for (number, (name, change)) in CHANGES.iter().enumerate() {
        let mut changed = bound.clone();
        change(&mut changed);
        assert_eq!(error(asked.ask(&changed)), *name, "change {number}");
        // The same in the other question.
        let C::boundAtCall { venue, book, prices, scenario, multipliers } = changed;
        let mut same = standing.clone();
        (same.venue, same.book, same.prices) = (venue, book, prices);
        (same.certificates[0].scenario, same.certificates[0].multipliers) = (scenario, multipliers);
        assert_eq!(error(asked.ask(&same)), *name, "change {number}");
    }
    let mut largest = bound;
    largest.multipliers.fill(MOST);
    asked.ask(&largest).unwrap();
}

#[test]
fn certificates_are_in_order() {
    let mut asked = asked();
    let (_, standing) = honest(&asked);
    let mark = standing.certificates[0].clone();
    let mut crash = mark.clone();
    crash.scenario = U256::from(2);
    for (certificates, ordered) in [
        (vec![mark.clone(), crash.clone()], true),
        (vec![crash.clone()], true),
        (vec![], true),
        (vec![crash.clone(), mark.clone()], false),
        (vec![mark.clone(), mark], false),
        (vec![crash.clone(), crash], false),
    ] {
        let call = C::standingAtCall { certificates, ..standing.clone() };
        match ordered {
            true => drop(asked.ask(&call).unwrap()),
            false => assert_eq!(error(asked.ask(&call)), "CertificateOrder"),
        }
    }
}

/// Where a proof no longer stands, nothing that follows from it does.
#[test]
fn a_revoked_attestation_says_nothing() {
    let revocations: [fn(&mut Asked); 2] = [
        |asked| {
            let call = R::retireRulesCall { venue: asked.world.venue, rules: rules_hash() };
            asked.world.send(OWNER, call).unwrap();
        },
        |asked| {
            let call = R::freezeVerifierCall { venue: asked.world.venue, key: KEY };
            asked.world.send(OWNER, call).unwrap();
        },
    ];
    for revoke in revocations {
        let mut asked = asked();
        let (bound, standing) = honest(&asked);
        revoke(&mut asked);
        assert_eq!(error(asked.ask(&bound)), "Revoked");
        assert_eq!(error(asked.ask(&standing)), "Revoked");
    }
}

#[test]
fn what_cannot_be_computed_is_no_figure() {
    let mut asked = asked();
    let (bound, _) = honest(&asked);
    let silent = MockToken::behaveCall { moves: true, answers: false };
    let (usdc, btc) = (asked.world.usdc, asked.world.btc);
    asked.world.evm.call(STRANGER, usdc, silent.abi_encode()).unwrap();
    assert_eq!(error(asked.ask(&bound)), "ReserveUnreadable");
    let answers = MockToken::behaveCall { moves: true, answers: true };
    asked.world.evm.call(STRANGER, usdc, answers.abi_encode()).unwrap();
    asked.world.set_balance(btc, CUSTODIAN, u128::MAX);
    assert_eq!(error(asked.ask(&bound)), "FigureTooLarge");
    asked.world.set_balance(btc, CUSTODIAN, 1);
    asked.ask(&bound).unwrap();
}

/// Errors of a program cannot be provoked: another than the registered one is refused before.
#[test]
fn no_error_is_left_out() {
    let provoked = CHANGES.iter().map(|(name, _)| *name);
    let others =
        ["CertificateOrder", "Revoked", "ReserveUnreadable", "FigureTooLarge", "TooCoarse"];
    let known: BTreeSet<_> = provoked.chain(others).chain(libraries::errors()).collect();
    let all = errors_of("Repricer");
    let unknown: Vec<_> = all.iter().filter(|(name, _)| !known.contains(name.as_str())).collect();
    assert!(unknown.is_empty(), "{unknown:?}");
}
