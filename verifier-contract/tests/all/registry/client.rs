//! Sending and asking from Rust: in one transaction or several, and what waits is told.

use alloy_primitives::{Address, B256, Bytes, Log};
use alloy_sol_types::SolCall;
use pacioli_verifier_contract::{
    bindings::{State, Venues as V},
    chain::{Chain, ChainError, Embedded, Receipt},
    registry::{Sending, Status, submit, venue_id},
    system::{DEPLOYER, DEPLOYER_CODE, System},
};

use crate::registry::world::*;

/// A chain on which transactions may take less gas.
struct Small(Embedded, u64);

impl Chain for Small {
    fn account(&self) -> Option<Address> {
        self.0.account()
    }
    fn time(&mut self) -> Result<u64, ChainError> {
        self.0.time()
    }
    fn code(&mut self, at: Address) -> Result<Bytes, ChainError> {
        self.0.code(at)
    }
    fn view(&mut self, to: Address, calldata: Bytes) -> Result<Bytes, ChainError> {
        self.0.view(to, calldata)
    }
    fn estimate(&mut self, to: Address, calldata: Bytes) -> Result<u64, ChainError> {
        self.0.estimate(to, calldata)
    }
    fn most_gas(&mut self) -> Result<u64, ChainError> {
        Ok(self.1)
    }
    fn send(&mut self, to: Option<Address>, data: Bytes) -> Result<Receipt, ChainError> {
        self.0.send(to, data)
    }
    fn logs(&mut self, at: Address, events: &[B256], about: B256) -> Result<Vec<Log>, ChainError> {
        self.0.logs(at, events, about)
    }

    fn last_log(&mut self, at: Address, topics: [B256; 3]) -> Result<Option<Log>, ChainError> {
        self.0.last_log(at, topics)
    }
}

/// How many transactions two volumes take.
fn transactions(most_gas: u64, sending: Sending) -> usize {
    let mut world = World::new();
    world.later(60);
    let (registry, venue) = (world.registry, world.venue);
    let submission = world.submission(0, B256::ZERO);
    let volumes = volumes(&[world.book(), world.book()]);
    let mut chain = Small(Embedded::new(world.evm, PUBLISHER), most_gas);
    let receipts = submit(&mut chain, registry, submission, volumes, vec![], sending).unwrap();
    let status = Status::of(&mut chain, registry, venue).unwrap();
    assert_eq!(status.latest.unwrap().phase1.len(), 2);
    receipts.len()
}

#[test]
fn an_attestation_goes_in_one_transaction_where_that_has_room() {
    assert_eq!(transactions(1 << 24, Sending::AsItFits), 1);
    // The beginning, two volumes, and the end.
    assert_eq!(transactions(500_000, Sending::AsItFits), 4);
    assert_eq!(transactions(1 << 24, Sending::ByVolume), 4);
}

#[test]
fn one_volume_that_has_no_room_is_not_sent() {
    let mut world = World::new();
    world.later(60);
    let submission = world.submission(0, B256::ZERO);
    let volumes = volumes(&[world.book()]);
    let mut chain = Small(Embedded::new(world.evm, PUBLISHER), 100_000);
    let sent = submit(&mut chain, world.registry, submission, volumes, vec![], Sending::AsItFits);
    let error = sent.unwrap_err().to_string();
    assert!(error.ends_with("and a transaction may take 100000"), "{error}");
}

#[test]
fn a_refusal_has_its_name() {
    let world = World::new();
    let submission = world.submission(0, B256::ZERO);
    let volumes = volumes(&[world.book()]);
    let mut chain = Embedded::new(world.evm, STRANGER);
    let sent = submit(&mut chain, world.registry, submission, volumes, vec![], Sending::AsItFits);
    let error = sent.unwrap_err();
    assert_eq!(error.name(), Some("NotSignedByPublisher"));
    let text = "the contract refuses: NotSignedByPublisher(";
    assert!(error.to_string().starts_with(text), "{error}");
    // Where no contract is, there is no answer.
    let error = Status::of(&mut chain, STRANGER, B256::ZERO).unwrap_err();
    assert!(error.to_string().contains("there is no contract, or another one"), "{error}");
}

#[test]
fn a_status_tells_what_waits_and_how_old_it_is() {
    let mut world = World::new();
    let (registry, venue, system) = (world.registry, world.venue, world.system);
    assert_eq!(venue, venue_id(OWNER, VENUE));
    world.later(60);
    let submission = world.submission(0, B256::ZERO);
    let volumes = volumes(&[world.book()]);
    let mut chain = Embedded::new(world.evm, PUBLISHER);
    submit(&mut chain, registry, submission, volumes, vec![], Sending::AsItFits).unwrap();
    chain.evm.set_time(chain.evm.time() + 100);
    chain.account = OWNER;
    let verifier = mock_verifier(&mut chain.evm, B256::repeat_byte(7), 12, 64);
    let call = V::announceVerifierCall { venue, verifier };
    chain.send(Some(system.venues), call.abi_encode().into()).unwrap();
    let status = Status::of(&mut chain, registry, venue).unwrap();
    let (announced, waiting) = &status.verifiers[0];
    assert_eq!((*announced, waiting.activeFrom), (verifier, status.time + DAY));
    assert_eq!((status.age(), status.reserves.len()), (Some(100), 3));
    // Nobody marked reserves.
    assert_eq!(status.verdict.state, State::Warning);

    let verifier = status.latest.unwrap().record.verifier;
    let freeze = V::freezeVerifierCall { venue, verifier };
    chain.send(Some(system.venues), freeze.abi_encode().into()).unwrap();
    let status = Status::of(&mut chain, registry, venue).unwrap();
    assert_eq!(status.verdict.state, State::Breach);
}

#[test]
fn contracts_of_a_release_are_where_they_are_on_every_chain() {
    let mut evm = pacioli_verifier_contract::evm::Evm::new();
    evm.set_code(DEPLOYER, DEPLOYER_CODE);
    let mut chain = Embedded::new(evm, STRANGER);
    let (system, made) = System::deploy(&mut chain).unwrap();
    assert_eq!((system, made.len()), (System::of_release(), 9));
    assert_eq!(System::of(&mut chain, system.registry).unwrap(), system);
    assert!(system.compare(&mut chain).unwrap().iter().all(|found| found.is_same));
    // What is there is not made again.
    assert!(System::deploy(&mut chain).unwrap().1.is_empty());
    // Other code at one of the addresses is seen.
    chain.evm.set_code(system.feeds, &[0]);
    let found = system.compare(&mut chain).unwrap();
    let other: Vec<_> =
        found.iter().filter(|found| !found.is_same).map(|found| found.name).collect();
    assert_eq!(other, ["Feeds"]);
    // Nor does a contract pass that is somewhere else.
    let elsewhere = System { feeds: STRANGER, ..system };
    assert!(elsewhere.compare(&mut chain).unwrap().iter().any(|found| !found.is_same));
}
