//! What waits, what is at once, and what is for good.

use std::slice::from_ref;

use alloy_primitives::{Address, B256, keccak256};
use pacioli_verifier_contract::bindings::{Purpose, SolvencyRegistry as R};

use crate::registry::world::*;

const OTHER_RULES: B256 = B256::repeat_byte(0x77);

#[test]
fn rules_wait_for_the_delay() {
    let mut world = World::new();
    let venue = world.venue;
    let program = world.program.hash().0.into();
    world.send(OWNER, R::announceRulesCall { venue, rules: OTHER_RULES, program }).unwrap();
    let mut submission = world.submission(0, B256::ZERO);
    submission.rules = OTHER_RULES;
    let book = world.book();
    let revert = world.submit(submission.clone(), from_ref(&book)).unwrap_err();
    assert_eq!(error_name(&revert), "RulesNotActive");
    let at = |world: &mut World, seconds| {
        world.evm.set_time(START + seconds);
        let mut submission = world.submission(0, B256::ZERO);
        submission.rules = OTHER_RULES;
        world.submit(submission, from_ref(&book))
    };
    assert_eq!(error_name(&at(&mut world, DAY - 1).unwrap_err()), "RulesNotActive");
    at(&mut world, DAY).unwrap();
    assert_eq!(world.record(0).unwrap().rules, OTHER_RULES);
}

#[test]
fn rules_can_be_retired_while_they_wait() {
    let mut world = World::new();
    let venue = world.venue;
    let program = world.program.hash().0.into();
    world.send(OWNER, R::announceRulesCall { venue, rules: OTHER_RULES, program }).unwrap();
    world.send(OWNER, R::retireRulesCall { venue, rules: OTHER_RULES }).unwrap();
    world.later(DAY);
    let mut submission = world.submission(0, B256::ZERO);
    submission.rules = OTHER_RULES;
    let book = world.book();
    let revert = world.submit(submission, &[book]).unwrap_err();
    assert_eq!(error_name(&revert), "RulesAreRetired");
}

#[test]
fn a_verifier_waits_for_the_delay() {
    let mut world = World::new();
    let (venue, key) = (world.venue, B256::repeat_byte(0xbb));
    let verifier = world.new_verifier(key);
    world.send(OWNER, R::announceVerifierCall { venue, verifier }).unwrap();
    let book = world.book();
    let at = |world: &mut World, seconds| {
        world.evm.set_time(START + seconds);
        let mut submission = world.submission(0, B256::ZERO);
        submission.header.key = key;
        world.submit(submission, from_ref(&book))
    };
    assert_eq!(error_name(&at(&mut world, DAY - 1).unwrap_err()), "VerifierNotActive");
    at(&mut world, DAY).unwrap();
    assert_eq!(world.record(0).unwrap().key, key);
    // Neither goes away by the other.
    let known = world.ask(R::verifierOfCall { venue, key: KEY }).unwrap();
    assert_eq!((known.implementation, known.frozen), (world.verifier, false));
    assert_eq!((known.k, known.pageBits), (12, 6));
}

#[test]
fn a_longer_delay_is_at_once_and_a_shorter_one_waits_for_the_longer() {
    let mut world = World::new();
    let venue = world.venue;
    let delay = |world: &mut World| world.ask(R::venueOfCall { venue }).unwrap().delay;
    let set = |world: &mut World, delay| {
        world.send(OWNER, R::setDelayCall { venue, delay }).unwrap();
    };
    set(&mut world, 5 * DAY);
    assert_eq!(delay(&mut world), 5 * DAY);
    set(&mut world, 2 * DAY);
    assert_eq!(delay(&mut world), 5 * DAY);
    world.evm.set_time(START + 5 * DAY - 1);
    assert_eq!(delay(&mut world), 5 * DAY);
    // Asking again begins again, from the delay in force.
    set(&mut world, 2 * DAY);
    world.evm.set_time(START + 5 * DAY);
    assert_eq!(delay(&mut world), 5 * DAY);
    world.evm.set_time(START + 10 * DAY - 1);
    assert_eq!(delay(&mut world), 2 * DAY);
    // What is announced now waits so long.
    let program = world.program.hash().0.into();
    world.send(OWNER, R::announceRulesCall { venue, rules: OTHER_RULES, program }).unwrap();
    let rules = world.ask(R::rulesOfCall { venue, rules: OTHER_RULES }).unwrap();
    assert_eq!(rules.activeFrom, START + 12 * DAY - 1);
}

#[test]
fn an_announcement_keeps_the_delay_of_its_time() {
    let mut world = World::new();
    let (venue, program) = (world.venue, world.program.hash().0.into());
    world.send(OWNER, R::announceRulesCall { venue, rules: OTHER_RULES, program }).unwrap();
    world.send(OWNER, R::setDelayCall { venue, delay: 9 * DAY }).unwrap();
    let rules = world.ask(R::rulesOfCall { venue, rules: OTHER_RULES }).unwrap();
    assert_eq!(rules.activeFrom, START + DAY);
}

#[test]
fn ownership_takes_two_steps() {
    let mut world = World::new();
    let venue = world.venue;
    let owner = |world: &mut World| world.ask(R::venueOfCall { venue }).unwrap().owner;
    world.send(OWNER, R::offerOwnershipCall { venue, nextOwner: STRANGER }).unwrap();
    assert_eq!(owner(&mut world), OWNER);
    world.send(OWNER, R::offerOwnershipCall { venue, nextOwner: Address::ZERO }).unwrap();
    let revert = world.send(STRANGER, R::acceptOwnershipCall { venue }).unwrap_err();
    assert_eq!(error_name(&revert), "NotNextOwner");
    world.send(OWNER, R::offerOwnershipCall { venue, nextOwner: STRANGER }).unwrap();
    world.send(STRANGER, R::acceptOwnershipCall { venue }).unwrap();
    assert_eq!(owner(&mut world), STRANGER);
    let revert = world.send(OWNER, R::setDelayCall { venue, delay: DAY }).unwrap_err();
    assert_eq!(error_name(&revert), "NotOwner");
    let revert = world.send(STRANGER, R::acceptOwnershipCall { venue }).unwrap_err();
    assert_eq!(error_name(&revert), "NotNextOwner");
}

#[test]
fn everything_of_the_owner_is_the_owners_alone() {
    let mut world = World::new();
    let (venue, verifier) = (world.venue, world.verifier);
    let hash = keccak256("anything");
    let reserve = new_reserve("BTC", world.btc, STRANGER, Purpose::Customers);
    macro_rules! refused {
        ($($call:expr),*) => { $(
            for caller in [STRANGER, PUBLISHER] {
                let revert = world.send(caller, $call).unwrap_err();
                assert_eq!(error_name(&revert), "NotOwner");
            }
        )* };
    }
    refused!(
        R::offerOwnershipCall { venue, nextOwner: STRANGER },
        R::setPublisherCall { venue, publisher: STRANGER },
        R::setDelayCall { venue, delay: DAY },
        R::announceRulesCall { venue, rules: hash, program: hash },
        R::retireRulesCall { venue, rules: rules_hash() },
        R::announceVerifierCall { venue, verifier },
        R::freezeVerifierCall { venue, key: KEY },
        R::announceReserveCall { venue, reserve: reserve.clone() },
        R::removeReserveCall { venue, token: world.btc, custodian: CUSTODIAN },
        R::relinkCall { venue, attestation: hash }
    );
}

#[test]
fn a_wallet_serves_one_protocol_at_a_time() {
    let mut world = World::new();
    let (first, token) = (world.venue, world.btc);
    let mut registration = world.registration();
    registration.reserves = vec![new_reserve("BTC", token, CUSTODIAN, Purpose::Customers)];
    world.send(STRANGER, R::registerCall { registration }).unwrap();
    let second = venue_of(STRANGER, VENUE);
    let accept = |world: &mut World| {
        world.send(CUSTODIAN, R::acceptReserveCall { venue: second, token, custodian: CUSTODIAN })
    };
    assert_eq!(error_name(&accept(&mut world).unwrap_err()), "ReserveClaimed");
    // The custodian takes it back, and is free after the first venue's delay.
    let call = R::removeReserveCall { venue: first, token, custodian: CUSTODIAN };
    world.send(CUSTODIAN, call).unwrap();
    world.later(DAY - 1);
    assert_eq!(error_name(&accept(&mut world).unwrap_err()), "ReserveClaimed");
    world.later(1);
    accept(&mut world).unwrap();
    // And the first cannot have it meanwhile.
    let reserve = new_reserve("BTC", token, CUSTODIAN, Purpose::Customers);
    world.send(OWNER, R::announceReserveCall { venue: first, reserve }).unwrap();
    assert_eq!(error_name(&world.accept(token, CUSTODIAN).unwrap_err()), "ReserveClaimed");
}

#[test]
fn removing_a_reserve_leaves_the_others() {
    let mut world = World::new();
    let venue = world.venue;
    let before = world.ask(R::reservesOfCall { venue }).unwrap();
    let call = R::removeReserveCall { venue, token: world.btc, custodian: CUSTODIAN };
    world.send(OWNER, call).unwrap();
    let after = world.ask(R::reservesOfCall { venue }).unwrap();
    assert_eq!(after, [before[2].clone(), before[1].clone()]);
}

#[test]
fn the_owner_of_a_contract_speaks_for_what_it_holds() {
    let mut world = World::new();
    let (venue, token) = (world.venue, world.btc);
    let vault = mock_custodian(&mut world.evm, STRANGER);
    let reserve = new_reserve("BTC", token, vault, Purpose::Customers);
    world.send(OWNER, R::announceReserveCall { venue, reserve }).unwrap();
    let call = R::acceptReserveCall { venue, token, custodian: vault };
    let revert = world.send(OWNER, call.clone()).unwrap_err();
    assert_eq!(error_name(&revert), "NotCustodian");
    world.send(STRANGER, call.clone()).unwrap();
    // Or the contract itself.
    let registry = world.registry;
    world.evm.call(STRANGER, vault, forwarded(registry, call)).unwrap();
    assert!(world.ask(R::reservesOfCall { venue }).unwrap()[3].accepted);
}
