//! An attestation in one transaction: what is written, and what nobody can write.

use std::slice::from_ref;

use alloy_primitives::{Address, B256, U256, keccak256};
use alloy_sol_types::{SolEvent, SolValue};
use pacioli_circuits::{Totals, VALUE_OFFSET};
use pacioli_verifier_contract::{
    bindings::{Figures, Purpose, SolvencyRegistry as R},
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
    assert_eq!(world.record(0).unwrap().quantities, quantities_digest(&books));
}

#[test]
fn an_attestation_is_appended_with_its_figures() {
    let mut world = World::new();
    world.later(60);
    let submission = world.submission(4, attestation(3));
    let book = world.book();
    let output = world.submit(submission.clone(), &[book]).unwrap();

    let record = world.record(4).unwrap();
    assert_eq!((record.attestation, record.rules, record.key), (attestation(4), rules_hash(), KEY));
    assert_eq!((record.asOf, record.appendedAt), (START + 60, START + 60));
    assert_eq!(record.appendedInBlock, world.evm.block_number());
    assert_eq!((record.volumes, record.scenarios, record.clauses), (1, 4, 5));
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
    let got = world.figures(4).unwrap();
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
    assert!(world.ask(R::holdsCall { venue: world.venue }).unwrap());

    let (venue, verifier) = (world.venue, world.verifier);
    let volume = world.ask(R::volumeCall { venue, sequence: 4, v: U256::ZERO }).unwrap();
    assert_eq!((volume.phase1, volume.table), (keccak256([0]), record.table));
    assert_eq!(volume.verifier, verifier);

    let event = R::Attested::decode_log(&output.logs[0]).unwrap();
    assert_eq!((event.venue, event.sequence), (venue, 4));
    assert_eq!(event.record, record);
    for (scenario, log) in output.logs[1..].iter().enumerate() {
        let event = R::ScenarioAttested::decode_log(log).unwrap();
        assert_eq!(event.scenario, U256::from(scenario));
        assert_eq!(event.figures, expected[scenario]);
    }
    assert_eq!(output.logs.len(), 5);
}

#[test]
fn a_failing_attestation_is_appended_and_does_not_hold() {
    let mut world = World::new();
    let submission = world.submission(0, B256::ZERO);
    // More owed than reserves are worth, and longs that are not the shorts.
    let owed = ("equity:mark", 1, 500_000 * 10u128.pow(16));
    let book = world.totals(&[owed, ("long BTC-PERP tier 2", 1, 7)]);
    let output = world.submit(submission, &[book]).unwrap();
    assert_eq!(world.record(0).unwrap().failing, U256::from(0b11001));
    assert!(!world.ask(R::holdsCall { venue: world.venue }).unwrap());
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
    let figures = world.figures(0).unwrap();
    assert_eq!((figures[0].owed, figures[0].accountsWithShortfall), (7 * usd, 3));
    let venue = world.venue;
    let words: Vec<_> = (0..3u8)
        .map(|v| {
            let call = R::volumeCall { venue, sequence: 0, v: U256::from(v) };
            let volume = world.ask(call).unwrap();
            assert_eq!(volume.phase1, keccak256([v]));
            volume.word
        })
        .collect();
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
fn a_protocol_begins_at_any_number_and_goes_on_by_one() {
    let mut world = World::new();
    world.attest(7);
    world.attest(8);
    assert_eq!(world.latest().sequence, 8);
    assert_eq!(error_name(&world.record(6).unwrap_err()), "NoAttestation");
    assert!(world.record(7).is_ok());
}

#[test]
fn reserves_count_once_they_are_accepted_and_active() {
    let mut world = World::new();
    let venue = world.venue;
    let cold = Address::repeat_byte(0x31);
    world.set_balance(world.usdc, cold, 7_000_000);
    let reserve = new_reserve("USDC", world.usdc, cold, Purpose::Customers);
    world.send(OWNER, R::announceReserveCall { venue, reserve }).unwrap();
    let reserves = |world: &mut World, sequence| {
        world.attest(sequence);
        world.record(sequence).unwrap().reserves
    };
    let before = reserves(&mut world, 0);
    world.accept(world.usdc, cold).unwrap();
    assert_eq!(reserves(&mut world, 1), before);
    world.later(DAY);
    assert_eq!(reserves(&mut world, 2), before + 7 * 10u128.pow(16));
    let call = R::removeReserveCall { venue, token: world.usdc, custodian: cold };
    world.send(OWNER, call).unwrap();
    assert_eq!(reserves(&mut world, 3), before);
}

#[test]
fn a_reserve_that_was_never_accepted_does_not_count() {
    let mut world = World::new();
    let venue = world.venue;
    let other = Address::repeat_byte(0x31);
    world.set_balance(world.usdc, other, 7_000_000);
    let reserve = new_reserve("USDC", world.usdc, other, Purpose::Customers);
    world.send(OWNER, R::announceReserveCall { venue, reserve }).unwrap();
    world.later(2 * DAY);
    world.attest(0);
    assert_eq!(world.record(0).unwrap().reserves, 401_010 * 10u128.pow(16));
}

#[test]
fn the_chains_own_coin_is_a_reserve_and_an_asset_without_rules_counts_nothing() {
    let mut world = World::new();
    let venue = world.venue;
    world.evm.set_balance(CUSTODIAN, U256::from(3) * U256::from(10).pow(U256::from(18)));
    for (asset, custodian) in [("BTC", CUSTODIAN), ("DOGE", FUND)] {
        let reserve = new_reserve(asset, Address::ZERO, custodian, Purpose::Customers);
        world.send(OWNER, R::announceReserveCall { venue, reserve }).unwrap();
        world.accept(Address::ZERO, custodian).unwrap();
    }
    world.evm.set_balance(FUND, U256::from(10).pow(U256::from(18)));
    world.later(DAY);
    world.attest(0);
    // 3 coins at 20,000.50 more.
    assert_eq!(world.record(0).unwrap().reserves, 4_610_115 * 10u128.pow(15));
}

#[test]
fn nobody_can_take_another_venues_name() {
    let mut world = World::new();
    let registration = world.registration();
    let mut other = registration.clone();
    other.reserves.clear();
    world.send(STRANGER, R::registerCall { registration: other }).unwrap();
    let squatted = venue_of(STRANGER, VENUE);
    assert_ne!(squatted, world.venue);
    let view = world.ask(R::venueOfCall { venue: squatted }).unwrap();
    assert_eq!((view.owner, view.nameHash), (STRANGER, keccak256(VENUE)));
    let view = world.ask(R::venueOfCall { venue: world.venue }).unwrap();
    assert_eq!(view.owner, OWNER);
    assert_eq!(world.venue, keccak256((OWNER, keccak256(VENUE)).abi_encode()));
}

#[test]
fn what_is_frozen_or_retired_revokes_the_latest_attestation() {
    for revoke in [0, 1] {
        let mut world = World::new();
        let venue = world.venue;
        world.attest(0);
        assert!(!world.latest().revoked);
        match revoke {
            0 => world.send(OWNER, R::freezeVerifierCall { venue, key: KEY }),
            _ => world.send(OWNER, R::retireRulesCall { venue, rules: rules_hash() }),
        }
        .unwrap();
        assert!(world.latest().revoked);
        assert!(!world.ask(R::holdsCall { venue }).unwrap());
        assert!(world.record(0).is_ok());
    }
}

#[test]
fn the_owner_corrects_a_wrong_claim_without_touching_the_record() {
    let mut world = World::new();
    let venue = world.venue;
    let mut wrong = world.submission(0, B256::ZERO);
    wrong.attestation = B256::repeat_byte(9);
    let book = world.book();
    world.submit(wrong, from_ref(&book)).unwrap();
    world.later(60);
    let next = world.submission(1, attestation(0));
    let revert = world.submit(next.clone(), from_ref(&book)).unwrap_err();
    assert_eq!(error_name(&revert), "OtherPrevious");
    let call = R::relinkCall { venue, attestation: attestation(0) };
    world.send(OWNER, call).unwrap();
    world.submit(next, &[book]).unwrap();
    assert_eq!(world.record(0).unwrap().attestation, B256::repeat_byte(9));
}

#[test]
fn the_programs_hash_is_in_the_context() {
    // Two programs for the same table, with clauses of their own.
    let other = RULES.replacen("min_coverage = \"1\"", "min_coverage = \"0.5\"", 1);
    let contexts = [RULES, other.as_str()].map(|rules| {
        let mut world = World::of(rules, PRICES);
        world.attest(0);
        world.record(0).unwrap().context
    });
    assert_ne!(contexts[0], contexts[1]);
}
