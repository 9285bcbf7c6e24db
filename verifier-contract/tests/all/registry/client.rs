//! Sending and asking from Rust: in one transaction or several, and what waits is told.

use alloy_primitives::{Address, B256, Bytes, Log};
use alloy_sol_types::SolCall;
use pacioli_verifier_contract::{
    bindings::SolvencyRegistry as R,
    chain::{Chain, ChainError, Embedded, Receipt},
    registry::{Sending, Status, submit, venue_id},
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

    fn sent_with(&mut self, at: Address, topics: [B256; 3]) -> Result<Option<Bytes>, ChainError> {
        self.0.sent_with(at, topics)
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
    let receipts = submit(&mut chain, registry, submission, volumes, sending).unwrap();
    let status = Status::of(&mut chain, registry, venue).unwrap();
    assert_eq!(status.latest.unwrap().record.volumes, 2);
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
    let sent = submit(&mut chain, world.registry, submission, volumes, Sending::AsItFits);
    let error = sent.unwrap_err().to_string();
    assert!(error.ends_with("and a transaction may take 100000"), "{error}");
}

#[test]
fn a_refusal_has_its_name() {
    let world = World::new();
    let submission = world.submission(0, B256::ZERO);
    let volumes = volumes(&[world.book()]);
    let mut chain = Embedded::new(world.evm, STRANGER);
    let sent = submit(&mut chain, world.registry, submission, volumes, Sending::AsItFits);
    let error = sent.unwrap_err();
    assert_eq!(error.name(), Some("NotPublisher"));
    let text = format!("the contract refuses: NotPublisher(caller: {STRANGER})");
    assert_eq!(error.to_string(), text);
    // Where no contract is, there is no answer.
    let error = Status::of(&mut chain, STRANGER, B256::ZERO).unwrap_err();
    assert!(error.to_string().contains("there is no contract, or another one"), "{error}");
}

#[test]
fn a_status_tells_what_waits_and_how_old_it_is() {
    let mut world = World::new();
    world.attest(0);
    world.later(100);
    let (registry, venue) = (world.registry, world.venue);
    assert_eq!(venue, venue_id(OWNER, VENUE));
    let mut chain = Embedded::new(world.evm, OWNER);
    let rules = B256::repeat_byte(7);
    let call = R::announceRulesCall { venue, rules, program: B256::repeat_byte(8) };
    chain.send(Some(registry), call.abi_encode().into()).unwrap();
    let status = Status::of(&mut chain, registry, venue).unwrap();
    let (announced, waiting) = &status.rules[0];
    assert_eq!((*announced, waiting.activeFrom), (rules, status.time + DAY));
    assert_eq!((status.age(), status.reserves.len()), (Some(100), 3));
    assert!(status.latest.as_ref().unwrap().holds());

    let key = status.latest.unwrap().record.key;
    let freeze = R::freezeVerifierCall { venue, key };
    chain.send(Some(registry), freeze.abi_encode().into()).unwrap();
    let status = Status::of(&mut chain, registry, venue).unwrap();
    assert!(!status.latest.unwrap().holds());
}
