//! An attestation in one transaction: what is written, and what nobody can write.

use std::slice::from_ref;

use alloy_primitives::{Address, B256, U256, keccak256};
use alloy_sol_types::SolEvent;
use pacioli_circuits::{Totals, VALUE_OFFSET};
use pacioli_verifier_contract::{
    bindings::{Figures, Purpose, SolvencyRegistry as R, State},
    statement::{form_bytes, table_hash},
};

use crate::registry::world::*;

/// The number of scenarios, and the table as the public inputs hold it.
fn table_words(world: &World) -> Vec<U256> {
    let rows = world.compiled.table.instruments();
    let caps = rows.iter().map(|row| U256::from(row.cap.map_or(0, |cap| cap.units())));
    let values = world.compiled.table.scenario_ids().flat_map(|scenario| {
        rows.iter().map(move |row| U256::from(row.values[scenario].units() + VALUE_OFFSET))
    });
    let scenarios = U256::from(world.compiled.table.scenarios());
    [scenarios].into_iter().chain(caps).chain(values).collect()
}

/// The digest of the quantities of all volumes together.
fn quantities_digest(books: &[Totals]) -> B256 {
    let rows = 0..books[0].0.len();
    let sums = rows.map(|row| books.iter().map(|book| U256::from(book.0[row].quantity)).sum());
    let words: Vec<u8> = sums.flat_map(|sum: U256| sum.to_be_bytes::<32>()).collect();
    keccak256(words)
}

#[test]
fn the_quantities_of_all_volumes_are_recorded_together() {
    let mut world = World::new();
    world.later(60);
    let book = world.book();
    // Together more than 128 bits hold.
    let large =
        world.totals(&[("quote credit", 1, u128::MAX / 2), ("quote debit", 1, u128::MAX / 2)]);
    let books = [book, large.clone(), large.clone(), large];
    world.submit(world.submission(0, B256::ZERO), &books).unwrap();
    assert_eq!(world.record(0).quantities, quantities_digest(&books));
}

#[test]
fn an_attestation_is_appended_with_its_figures() {
    let mut world = World::new();
    world.later(60);
    let submission = world.submission(4, attestation(3));
    let book = world.book();
    let output = world.submit(submission.clone(), &[book]).unwrap();

    let record = world.record(4).clone();
    assert_eq!((record.attestation, record.rules), (attestation(4), rules_hash()));
    assert_eq!(record.verifier, world.verifier);
    assert_eq!((record.asOf, record.appendedAt), (START + 60, START + 60));
    assert_eq!((record.volumes, record.scenarios), (1, 4));
    assert_eq!(record.failing, U256::ZERO);
    // 20 BTC at 20,000.50 and 1,000 USDC, for 250,000 USD.
    assert_eq!(record.reserves, 401_010 * 10u128.pow(16));
    assert_eq!(record.coverageBps, 16_040);
    // The table, and which row each plain or covered row stands for.
    let words: Vec<u8> = table_words(&world).iter().flat_map(|w| w.to_be_bytes::<32>()).collect();
    let forms = ["deposit BTC tier 1", "deposit BTC tier 1", "borrow BTC"];
    let rest = ["long", "short"].map(|side| format!("{side} BTC-PERP tier 1"));
    let usdc = ["deposit USDC", "deposit USDC", "borrow USDC"];
    let quote = ["quote credit", "quote credit", "quote debit"];
    let names = forms.into_iter().chain(usdc).chain(rest.iter().map(String::as_str)).chain(quote);
    let held: Vec<u8> = names
        .flat_map(|name| (world.compiled.find(name).unwrap().row() as u16).to_be_bytes())
        .collect();
    assert_eq!(record.table, keccak256([&[1], &keccak256(words)[..], &held].concat()));
    assert_eq!(record.table, table_hash(&table_words(&world), &form_bytes(&world.compiled)));

    assert_eq!(record.quantities, quantities_digest(from_ref(&world.book())));

    let usd = 10u128.pow(16);
    let figures = |owed: u128, bad: u128, short| Figures {
        owed: owed * usd,
        badDebt: bad * usd,
        insurance: 500 * usd,
        // Nobody knows how many are plain or covered.
        accountsWithEquity: 0,
        accountsWithShortfall: short,
    };
    let expected = [figures(250_000, 10, 1), figures(0, 0, 0), figures(100_000, 4_000, 2)];
    let got = world.figures(4).to_vec();
    // What the stresses are closed with follows from the book.
    let cover = Figures { insurance: 0, ..figures(0, 0, 0) };
    let expected: Vec<_> = expected
        .into_iter()
        .chain([cover])
        .zip(&got)
        .enumerate()
        .map(|(number, (expected, got))| match number {
            0 | 3 => expected,
            _ => Figures { owed: got.owed, badDebt: got.badDebt, ..expected },
        })
        .collect();
    assert_eq!(got, expected);

    let verdict = world.latest();
    assert_eq!((verdict.sequence, verdict.asOf, verdict.coverageBps), (4, START + 60, 16_040));
    let volume = world.volume(4, 0);
    assert_eq!(world.appended[&4].phase1, [keccak256([0])]);
    assert!(!volume.revoked);

    let event = output.logs.iter().find_map(|log| R::Attested::decode_log(log).ok()).unwrap();
    assert_eq!((event.venue, event.round), (world.venue, 1));
    assert_eq!(event.figures, expected);
}

#[test]
fn a_failing_attestation_is_appended_and_does_not_hold() {
    let mut world = World::new();
    let submission = world.submission(0, B256::ZERO);
    // More owed than reserves are worth, and longs that are not the shorts.
    let owed = ("equity:mark", 1, 500_000 * 10u128.pow(16));
    let book = world.totals(&[owed, ("long BTC-PERP tier 2", 1, 7)]);
    let output = world.submit(submission, &[book]).unwrap();
    assert_eq!(world.record(0).failing, U256::from(0b11001));
    assert_eq!(world.latest().state, State::Breach);
    let failed: Vec<_> =
        output.logs.iter().filter_map(|log| R::ClauseFailed::decode_log(log).ok()).collect();
    assert_eq!(failed.len(), 3);
    // Coverage, the insurance fund at mark, and open interest.
    let clauses: Vec<_> = failed.iter().map(|failed| failed.clause).collect();
    assert_eq!(clauses, [0, 3, 4].map(U256::from));
    assert_eq!((failed[2].has, failed[2].needs), (U256::from(7), U256::ZERO));
}

#[test]
fn the_totals_of_all_volumes_are_summed() {
    let mut world = World::new();
    let submission = world.submission(0, B256::ZERO);
    let usd = 10u128.pow(16);
    let books = [1u128, 2, 4]
        .map(|owed| world.totals(&[("equity:mark", 1, owed * usd), ("shortfall:mark", 1, 1)]));
    world.submit(submission, &books).unwrap();
    let figures = world.figures(0).to_vec();
    assert_eq!((figures[0].owed, figures[0].accountsWithShortfall), (7 * usd, 3));
    let phase1: Vec<_> = (0..3u8).map(|v| keccak256([v])).collect();
    assert_eq!(world.appended[&0].phase1, phase1);
    let words: Vec<_> = (0..3).map(|v| world.volume(0, v).word).collect();
    assert!(words[0] != words[1] && words[1] != words[2] && words[0] != words[2]);
}

#[test]
fn nothing_is_written_where_a_proof_does_not_hold() {
    let mut world = World::new();
    world.set_proofs_hold(false);
    let (submission, book) = (world.submission(0, B256::ZERO), world.book());
    let revert = world.submit(submission.clone(), from_ref(&book)).unwrap_err();
    assert_eq!(error_of("MockVerifier", &revert), "MockDoesNotHold");
    assert_eq!(world.latest().asOf, 0);
    world.set_proofs_hold(true);
    world.submit(submission, &[book]).unwrap();
}

#[test]
fn the_chains_own_coin_is_a_reserve_and_an_asset_without_rules_counts_nothing() {
    let mut world = World::new();
    world.evm.set_balance(CUSTODIAN, U256::from(3) * U256::from(10).pow(U256::from(18)));
    for (asset, custodian) in [("BTC", CUSTODIAN), ("DOGE", FUND)] {
        let reserve = new_reserve(asset, Address::ZERO, custodian, Purpose::Customers);
        list(&mut world.evm, &world.system, world.venue, reserve);
    }
    world.evm.set_balance(FUND, U256::from(10).pow(U256::from(18)));
    world.later(DAY);
    world.attest(0);
    // 3 coins at 20,000.50 more.
    assert_eq!(world.record(0).reserves, 4_610_115 * 10u128.pow(15));
}

#[test]
fn the_programs_hash_is_in_the_context() {
    // Two programs for the same table, with clauses of their own.
    let other = RULES.replacen("min_coverage = \"1\"", "min_coverage = \"0.5\"", 1);
    let contexts = [RULES, other.as_str()].map(|rules| {
        let mut world = World::of(rules, PRICES);
        world.attest(0);
        world.record(0).context
    });
    assert_ne!(contexts[0], contexts[1]);
}
