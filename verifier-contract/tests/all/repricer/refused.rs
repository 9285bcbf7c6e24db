//! Whatever is not what was proved, or no certificate, is refused by name.

use std::collections::BTreeSet;

use alloy_primitives::{B256, U256, keccak256};
use alloy_sol_types::{SolCall, SolValue};
use pacioli_attestation::bound::Certificate as Named;
use pacioli_circuits::ScenarioId;
use pacioli_verifier_contract::{
    bindings::{Prices, Repricer as C, SolvencyRegistry as R, Venues as V},
    evm::Revert,
};

use crate::{
    libraries,
    registry::world::*,
    repricer::fixture::{Asked, alone, error_name},
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

/// The bytes of one price in a list: its mantissa, and its scale.
const PRICE: usize = 17;

/// Writes other bytes of a list of prices.
fn rewrite(prices: &mut Prices, change: impl FnOnce(&mut Vec<u8>)) {
    let mut list = prices.list.to_vec();
    change(&mut list);
    prices.list = list.into();
}

/// Writes the first price, which is that of BTC.
fn price(prices: &mut Prices, mantissa: u128, scale: u8) {
    rewrite(prices, |list| {
        list[..16].copy_from_slice(&mantissa.to_be_bytes());
        list[16] = scale;
    });
}

/// Each is one thing changed in what is accepted, and the error.
const CHANGES: &[(&str, Change)] = &[
    ("NoAttestation", |it| it.venue = B256::repeat_byte(7)),
    // The program and the quantities are those that the record names.
    ("OtherRecord", |it| it.book.record.rules = keccak256("other rules")),
    ("OtherRecord", |it| it.book.record.quantities = B256::ZERO),
    ("OtherRecord", |it| it.book.record.table = B256::ZERO),
    ("OtherRecord", |it| it.book.record.failing = U256::ONE),
    ("OtherRecord", |it| it.book.record.sequence += 1),
    ("OtherRecord", |it| it.book.record.asOf += 1),
    ("OtherRecord", |it| it.book.record.observers += 1),
    ("OtherQuantities", |it| it.book.quantities[1] += U256::ONE),
    ("OtherQuantities", |it| it.book.quantities.swap(1, 2)),
    ("OtherQuantities", |it| it.book.quantities.truncate(it.book.quantities.len() - 1)),
    ("OtherQuantities", |it| it.book.quantities.truncate(1)),
    ("OtherQuantities", |it| it.book.quantities.push(U256::ZERO)),
    ("OtherQuantities", |it| it.book.quantities.clear()),
    ("OtherTable", |it| rewrite(&mut it.book.prices, |list| list[15] ^= 2)),
    ("PricesLength", |it| rewrite(&mut it.book.prices, |list| list.truncate(PRICE))),
    ("QuoteCurrency", |it| it.book.prices.quote = keccak256("EUR")),
    // The other prices: fewer, more, of other assets, in another currency.
    ("PricesLength", |it| rewrite(&mut it.prices, |list| list.truncate(PRICE))),
    ("PricesLength", |it| rewrite(&mut it.prices, |list| list.extend([0; PRICE]))),
    ("PricesLength", |it| rewrite(&mut it.prices, |list| list.push(0))),
    ("PricesLength", |it| rewrite(&mut it.prices, |list| list.clear())),
    ("QuoteCurrency", |it| it.prices.quote = keccak256("EUR")),
    ("PriceScale", |it| price(&mut it.prices, 1, 39)),
    ("PriceDigits", |it| price(&mut it.prices, 1, 20)),
    ("MarkBound", |it| price(&mut it.prices, u128::MAX, 0)),
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

#[track_caller]
fn error(result: Result<impl Sized, Revert>) -> &'static str {
    error_name(&result.err().expect("it is refused"))
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

/// The registry hashes all words of a record, and so does this contract: one that has other bits where
/// the ABI has none is no record either.
#[test]
fn each_bit_of_a_record_counts() {
    let mut asked = asked();
    let (bound, _) = honest(&asked);
    let (record, call) = (bound.book.record.abi_encode(), bound.abi_encode());
    let at = call.windows(record.len()).position(|bytes| bytes == record).unwrap();
    for byte in (at..at + record.len()).step_by(32).flat_map(|word| [word, word + 31]) {
        let mut changed = call.clone();
        changed[byte] ^= 1;
        let revert = asked.world.evm.view(STRANGER, asked.contract, changed).unwrap_err();
        assert_eq!(error_name(&revert), "OtherRecord", "byte {}", byte - at);
    }
    asked.world.evm.view(STRANGER, asked.contract, call).unwrap();
}

/// Where a proof no longer stands, nothing that follows from it does.
#[test]
fn a_revoked_attestation_says_nothing() {
    let revocations: [fn(&mut Asked); 3] = [
        |asked| {
            let call = V::retireRulesCall { venue: asked.world.venue, rules: rules_hash() };
            asked.world.evm.call(OWNER, asked.world.system.venues, call.abi_encode()).unwrap();
        },
        |asked| {
            let (venue, verifier) = (asked.world.venue, asked.world.verifier);
            let call = V::freezeVerifierCall { venue, verifier };
            asked.world.evm.call(OWNER, asked.world.system.venues, call.abi_encode()).unwrap();
        },
        |asked| {
            let (venue, reason) = (asked.world.venue, "a wrong book".to_owned());
            asked.world.send(GUARDIAN, R::revokeCall { venue, round: 1, reason }).unwrap();
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
fn a_balance_that_is_monstrous_or_not_read_closes_no_answer() {
    let mut asked = asked();
    let (bound, _) = honest(&asked);
    let usd = 10u128.pow(16);
    let honest = asked.ask(&bound).unwrap();
    assert_eq!((honest.reserves, honest.allReserves), (401_010 * usd, 401_510 * usd));
    let silent = MockToken::behaveCall { moves: true, answers: false };
    let (usdc, btc) = (asked.world.usdc, asked.world.btc);
    asked.world.evm.call(STRANGER, usdc, silent.abi_encode()).unwrap();
    let without = asked.ask(&bound).unwrap();
    assert_eq!((without.reserves, without.allReserves), (400_010 * usd, 400_010 * usd));
    let answers = MockToken::behaveCall { moves: true, answers: true };
    asked.world.evm.call(STRANGER, usdc, answers.abi_encode()).unwrap();
    asked.world.set_balance(btc, CUSTODIAN, u128::MAX);
    let large = asked.ask(&bound).unwrap();
    assert_eq!((large.reserves, large.allReserves), (u128::MAX, u128::MAX));
    assert_eq!(large.owedAtMost, honest.owedAtMost);
}

/// Errors of a program cannot be provoked: another than the registered one is refused before.
#[test]
fn no_error_is_left_out() {
    let provoked = CHANGES.iter().map(|(name, _)| *name);
    // Chunks are what the registry's own contracts took; the rest is tested beside this file.
    let others = [
        "CertificateOrder",
        "Revoked",
        "FigureTooLarge",
        "TooCoarse",
        "NotAChunk",
        "ChunkLength",
        "NamesLength",
    ];
    let known: BTreeSet<_> = provoked.chain(others).chain(libraries::errors()).collect();
    let all = errors_of("Repricer");
    let unknown: Vec<_> = all.iter().filter(|(name, _)| !known.contains(name.as_str())).collect();
    assert!(unknown.is_empty(), "{unknown:?}");
}

/// A registry makes the tables of such programs; this contract has no room for what does.
#[test]
fn a_program_whose_rates_follow_volatilities_is_refused_by_name() {
    let follows = "maintenance = { multiple = \"2\", horizon = \"1d\", floor = \"0.02\", ceiling = \"0.1\", \
                   step = \"0.001\" }";
    let rules = RULES.replacen("maintenance = \"0.05\"", follows, 1);
    assert_ne!(rules, RULES);
    let stated = r#""volatilities": { "BTC": [ { "kind": "realised", "window": "30d", "annual": "0.5",
        "source": "A", "as_of": "2026-01-01T00:00:00Z" } ] }, "prices""#;
    let world = World::of(&rules, &PRICES.replacen("\"prices\"", stated, 1));
    let book = world.book();
    let mut asked = Asked::new(world, book);
    let (bound, standing) = honest(&asked);
    assert_eq!(error(asked.ask(&bound)), "FollowsVolatility");
    assert_eq!(error(asked.ask(&standing)), "FollowsVolatility");
}
