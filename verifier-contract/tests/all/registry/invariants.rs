//! Random callers in a random order: no path to a replaced, back-dated or unproved attestation.

use std::collections::{BTreeMap, BTreeSet};

use alloy_primitives::{Address, B256, U256};
use pacioli_verifier_contract::{
    bindings::{Figures, Purpose, Record, SolvencyRegistry as R, Submission},
    evm::{Output, Revert},
};
use proptest::{
    collection::vec,
    prelude::{Just, Strategy, any, prop_oneof},
    test_runner::{Config, RngAlgorithm, TestCaseError, TestRng, TestRunner},
};

use crate::registry::world::*;

const CALLERS: [Address; 4] = [OWNER, PUBLISHER, CUSTODIAN, STRANGER];
/// Rules by number; 0 is the world's first.
const RULES_KNOWN: u8 = 3;
const KEYS_KNOWN: u8 = 3;

/// What a call is about; numbers are taken modulo what there is.
#[derive(Clone, Debug)]
enum Action {
    Submit(Claim),
    Begin(Claim),
    Add { volume: u8 },
    Finish,
    AnnounceRules(u8),
    RetireRules(u8),
    AnnounceVerifier(u8),
    FreezeVerifier(u8),
    SetPublisher(u8),
    OfferOwnership(u8),
    AcceptOwnership,
    Delay(u8),
    RemoveReserve,
    AnnounceReserve,
    AcceptReserve,
    Relink(bool),
    ProofsHold(bool),
    Wait(u32),
}

/// How a submission differs from the honest next one.
#[derive(Clone, Debug)]
struct Claim {
    step: i8,
    back: i32,
    wrong_previous: bool,
    rules: u8,
    key: u8,
}

fn claim() -> impl Strategy<Value = Claim> {
    let step = prop_oneof![8 => Just(0i8), 1 => Just(-1), 1 => Just(1)];
    let back = prop_oneof![8 => Just(0i32), 1 => -100..5_000i32];
    let wrong = prop_oneof![9 => Just(false), 1 => Just(true)];
    let low = || prop_oneof![9 => Just(0u8), 1 => any::<u8>()];
    (step, back, wrong, low(), low()).prop_map(|(step, back, wrong_previous, rules, key)| Claim {
        step,
        back,
        wrong_previous,
        rules,
        key,
    })
}

/// The number of what would end most of a run where it is the first.
fn seldom_first() -> impl Strategy<Value = u8> {
    prop_oneof![1 => Just(0u8), 15 => 1..3u8]
}

fn action() -> impl Strategy<Value = Action> {
    prop_oneof![
        4 => claim().prop_map(Action::Submit),
        3 => claim().prop_map(Action::Begin),
        12 => any::<u8>().prop_map(|volume| Action::Add { volume }),
        8 => Just(Action::Finish),
        2 => any::<u8>().prop_map(Action::AnnounceRules),
        1 => seldom_first().prop_map(Action::RetireRules),
        2 => any::<u8>().prop_map(Action::AnnounceVerifier),
        1 => seldom_first().prop_map(Action::FreezeVerifier),
        1 => any::<u8>().prop_map(Action::SetPublisher),
        1 => any::<u8>().prop_map(Action::OfferOwnership),
        1 => Just(Action::AcceptOwnership),
        1 => any::<u8>().prop_map(Action::Delay),
        1 => Just(Action::RemoveReserve),
        1 => Just(Action::AnnounceReserve),
        1 => Just(Action::AcceptReserve),
        1 => any::<bool>().prop_map(Action::Relink),
        2 => prop_oneof![4 => Just(true), 1 => Just(false)].prop_map(Action::ProofsHold),
        3 => prop_oneof![4 => 1..600u32, 1 => 1..200_000u32].prop_map(Action::Wait),
    ]
}

fn rules(number: u8) -> B256 {
    match number % RULES_KNOWN {
        0 => rules_hash(),
        other => B256::repeat_byte(0x70 + other),
    }
}

fn key(number: u8) -> B256 {
    match number % KEYS_KNOWN {
        0 => KEY,
        other => B256::repeat_byte(0xb0 + other),
    }
}

/// What the test knows without asking the registry.
struct Model {
    world: World,
    verifiers: Vec<Address>,
    owner: Address,
    next_owner: Address,
    publisher: Address,
    delay_from: Vec<(u64, u64)>,
    rules_from: BTreeMap<B256, u64>,
    keys_from: BTreeMap<B256, u64>,
    dead: BTreeSet<B256>,
    proofs_hold: bool,
    /// The pending submission, and the volumes proved since.
    pending: Option<(Submission, BTreeSet<u8>)>,
    records: BTreeMap<u64, (Record, Vec<Figures>, Vec<B256>)>,
    link: B256,
}

impl Model {
    fn new() -> Self {
        let mut world = World::new();
        let verifiers = (0..KEYS_KNOWN).map(|n| match n {
            0 => world.verifier,
            n => world.new_verifier(key(n)),
        });
        let verifiers = verifiers.collect();
        Self {
            world,
            verifiers,
            owner: OWNER,
            next_owner: Address::ZERO,
            publisher: PUBLISHER,
            delay_from: vec![(START, DAY)],
            rules_from: BTreeMap::from([(rules(0), START)]),
            keys_from: BTreeMap::from([(KEY, START)]),
            dead: BTreeSet::new(),
            proofs_hold: true,
            pending: None,
            records: BTreeMap::new(),
            link: B256::ZERO,
        }
    }

    /// The delay in force: the last one whose time has come.
    fn delay(&self) -> u64 {
        let now = self.world.evm.time();
        let mut past = self.delay_from.iter().filter(|(from, _)| *from <= now);
        past.next_back().unwrap().1
    }

    fn usable(&self, hash: B256, from: &BTreeMap<B256, u64>) -> bool {
        let now = self.world.evm.time();
        !self.dead.contains(&hash) && from.get(&hash).is_some_and(|from| *from <= now)
    }

    fn last(&self) -> Option<(u64, &Record)> {
        self.records.last_key_value().map(|(number, (record, ..))| (*number, record))
    }

    fn submission(&self, claim: &Claim) -> Submission {
        let next = self.last().map_or(3, |(number, _)| number + 1);
        let sequence = next.checked_add_signed(claim.step.into()).unwrap();
        let previous = if claim.wrong_previous { B256::repeat_byte(0xee) } else { self.link };
        let previous = if self.records.is_empty() { B256::repeat_byte(0xdd) } else { previous };
        let mut submission = self.world.submission(sequence, previous);
        let as_of = &mut submission.header.asOf;
        *as_of = as_of.saturating_sub_signed_(claim.back);
        submission.rules = rules(claim.rules);
        submission.header.key = key(claim.key);
        submission
    }

    /// Whether an attestation may be appended now, but for its proofs.
    fn is_in_order(&self, submission: &Submission) -> bool {
        let now = self.world.evm.time();
        let header = &submission.header;
        let follows = self.last().is_none_or(|(number, record)| {
            header.sequence == number + 1
                && header.previous == self.link
                && header.asOf > record.asOf
        });
        let oldest = header.asOf.min(submission.prices.asOf);
        follows
            && header.asOf <= now
            && now - oldest <= MAX_LAG
            && self.usable(submission.rules, &self.rules_from)
            && self.usable(header.key, &self.keys_from)
    }

    /// One call by one caller: does it, and says whether it should have succeeded.
    fn step(&mut self, caller: Address, action: &Action) -> (bool, Result<Output, Revert>) {
        let venue = self.world.venue;
        let now = self.world.evm.time();
        let is_owner = caller == self.owner;
        let is_publisher = caller == self.publisher;
        match action {
            Action::Submit(claim) => {
                let submission = self.submission(claim);
                let in_order = self.is_in_order(&submission);
                let proved = self.proofs_hold || submission.header.key != KEY;
                let volumes = volumes(&[self.world.book()]);
                let call = R::submitCall { submission, volumes };
                (is_publisher && in_order && proved, self.world.send(caller, call))
            }
            Action::Begin(claim) => {
                let submission = self.submission(claim);
                let allowed = is_publisher && self.is_in_order(&submission);
                let call = R::beginSubmissionCall { submission: submission.clone(), volumes: 2 };
                let result = self.world.send(caller, call);
                if result.is_ok() {
                    self.pending = Some((submission, BTreeSet::new()));
                }
                (allowed, result)
            }
            Action::Add { volume } => {
                let Some((submission, proved)) = self.pending.clone() else {
                    return self.nothing_pending(caller);
                };
                let index = volume % 3;
                let alive = self.usable(submission.rules, &self.rules_from)
                    && self.usable(submission.header.key, &self.keys_from);
                let holds = self.proofs_hold || submission.header.key != KEY;
                let fresh = index < 2 && !proved.contains(&index);
                let continuation = self.world.continuation(&submission);
                let book = self.world.book();
                let proved = volumes(&vec![book; 3])[usize::from(index)].clone();
                let call = R::addVolumeCall { continuation, index: U256::from(index), proved };
                let result = self.world.send(caller, call);
                if result.is_ok() {
                    self.pending.as_mut().unwrap().1.insert(index);
                }
                (is_publisher && alive && holds && fresh, result)
            }
            Action::Finish => {
                let Some((submission, proved)) = self.pending.clone() else {
                    return self.nothing_pending(caller);
                };
                let allowed = is_publisher && proved.len() == 2 && self.is_in_order(&submission);
                let continuation = self.world.continuation(&submission);
                let totals = vec![totals(&self.world.book()); 2];
                let result =
                    self.world.send(caller, R::finishSubmissionCall { continuation, totals });
                if result.is_ok() {
                    self.pending = None;
                }
                (allowed, result)
            }
            Action::AnnounceRules(number) => {
                let (rules, program) = (rules(*number), self.world.program.hash().0.into());
                let allowed = is_owner && !self.rules_from.contains_key(&rules);
                let call = R::announceRulesCall { venue, rules, program };
                let result = self.world.send(caller, call);
                if result.is_ok() {
                    self.rules_from.insert(rules, now + self.delay());
                }
                (allowed, result)
            }
            Action::RetireRules(number) => {
                let rules = rules(*number);
                let known = self.rules_from.contains_key(&rules) && !self.dead.contains(&rules);
                let result = self.world.send(caller, R::retireRulesCall { venue, rules });
                if result.is_ok() {
                    self.dead.insert(rules);
                }
                (is_owner && known, result)
            }
            Action::AnnounceVerifier(number) => {
                let key = key(*number);
                let verifier = self.verifiers[usize::from(number % KEYS_KNOWN)];
                let allowed = is_owner && !self.keys_from.contains_key(&key);
                let call = R::announceVerifierCall { venue, verifier };
                let result = self.world.send(caller, call);
                if result.is_ok() {
                    self.keys_from.insert(key, now + self.delay());
                }
                (allowed, result)
            }
            Action::FreezeVerifier(number) => {
                let key = key(*number);
                let known = self.keys_from.contains_key(&key) && !self.dead.contains(&key);
                let result = self.world.send(caller, R::freezeVerifierCall { venue, key });
                if result.is_ok() {
                    self.dead.insert(key);
                }
                (is_owner && known, result)
            }
            Action::SetPublisher(number) => {
                let publisher = CALLERS[usize::from(number % 4)];
                let call = R::setPublisherCall { venue, publisher };
                let result = self.world.send(caller, call);
                if result.is_ok() {
                    self.publisher = publisher;
                }
                (is_owner, result)
            }
            Action::OfferOwnership(number) => {
                let next = CALLERS[usize::from(number % 4)];
                let call = R::offerOwnershipCall { venue, nextOwner: next };
                let result = self.world.send(caller, call);
                if result.is_ok() {
                    self.next_owner = next;
                }
                (is_owner, result)
            }
            Action::AcceptOwnership => {
                let allowed = caller == self.next_owner;
                let result = self.world.send(caller, R::acceptOwnershipCall { venue });
                if result.is_ok() {
                    (self.owner, self.next_owner) = (caller, Address::ZERO);
                }
                (allowed, result)
            }
            Action::Delay(number) => {
                let delay = DAY * (1 + u64::from(number % 3));
                let call = R::setDelayCall { venue, delay };
                let result = self.world.send(caller, call);
                if result.is_ok() {
                    let current = self.delay();
                    let from = if delay < current { now + current } else { now };
                    // What was waiting is forgotten.
                    self.delay_from = vec![(0, current), (from, delay)];
                }
                (is_owner, result)
            }
            Action::RemoveReserve => {
                let (token, custodian) = (self.world.btc, CUSTODIAN);
                let listed = self.btc_reserve().is_some();
                let allowed = listed && (is_owner || caller == CUSTODIAN);
                let call = R::removeReserveCall { venue, token, custodian };
                (allowed, self.world.send(caller, call))
            }
            Action::AnnounceReserve => {
                let listed = self.btc_reserve().is_some();
                let reserve = new_reserve("BTC", self.world.btc, CUSTODIAN, Purpose::Customers);
                let call = R::announceReserveCall { venue, reserve };
                (is_owner && !listed, self.world.send(caller, call))
            }
            Action::AcceptReserve => {
                let allowed = self.btc_reserve().is_some() && caller == CUSTODIAN;
                let token = self.world.btc;
                let call = R::acceptReserveCall { venue, token, custodian: CUSTODIAN };
                (allowed, self.world.send(caller, call))
            }
            Action::Relink(wrong) => {
                let latest = self.last().map_or(B256::ZERO, |(_, record)| record.attestation);
                let digest = if *wrong { B256::repeat_byte(0xcc) } else { latest };
                let allowed = is_owner && !self.records.is_empty();
                let call = R::relinkCall { venue, attestation: digest };
                let result = self.world.send(caller, call);
                if result.is_ok() {
                    self.link = digest;
                }
                (allowed, result)
            }
            Action::ProofsHold(holds) => {
                self.proofs_hold = *holds;
                self.world.set_proofs_hold(*holds);
                (true, Ok(nothing()))
            }
            Action::Wait(seconds) => {
                self.world.later(u64::from(*seconds));
                (true, Ok(nothing()))
            }
        }
    }

    fn nothing_pending(&mut self, caller: Address) -> (bool, Result<Output, Revert>) {
        let submission = self.world.submission(0, B256::ZERO);
        let continuation = self.world.continuation(&submission);
        (false, self.world.send(caller, R::finishSubmissionCall { continuation, totals: vec![] }))
    }

    fn btc_reserve(&mut self) -> Option<bool> {
        let venue = self.world.venue;
        let reserves = self.world.ask(R::reservesOfCall { venue }).unwrap();
        let own = reserves.iter().find(|reserve| reserve.token == self.world.btc);
        own.map(|reserve| reserve.accepted)
    }

    /// All that is on record, read from the chain.
    fn read(&mut self, number: u64) -> (Record, Vec<Figures>, Vec<B256>) {
        let venue = self.world.venue;
        let record = self.world.record(number).unwrap();
        let figures = self.world.figures(number).unwrap();
        let volumes = (0..record.volumes).map(|v| {
            let call = R::volumeCall { venue, sequence: number, v: U256::from(v) };
            self.world.ask(call).unwrap().phase1
        });
        let volumes = volumes.collect();
        (record, figures, volumes)
    }

    /// After each step: a new record only where one was due, and the old ones as they were.
    fn check(&mut self, action: &Action, appended: bool) {
        let verdict = self.world.latest();
        let is_new = verdict.asOf != 0 && !self.records.contains_key(&verdict.sequence);
        assert_eq!(is_new, appended, "{action:?}");
        if is_new {
            let read = self.read(verdict.sequence);
            if let Some((number, last)) = self.last() {
                assert_eq!(verdict.sequence, number + 1);
                assert!(read.0.asOf > last.asOf);
            }
            let now = self.world.evm.time();
            assert!(read.0.asOf <= now && now - read.0.asOf <= MAX_LAG);
            assert_eq!(read.0.appendedAt, now);
            assert!(self.usable(read.0.rules, &self.rules_from));
            assert!(self.usable(read.0.key, &self.keys_from));
            self.link = read.0.attestation;
            self.records.insert(verdict.sequence, read);
        }
        let last = self.records.last_key_value().map(|(number, _)| *number);
        if let Some(last) = last {
            assert_eq!(verdict.sequence, last);
        }
    }
}

fn nothing() -> Output {
    Output { bytes: Default::default(), gas_used: 0, gas_spent: 0, logs: vec![] }
}

trait Back {
    fn saturating_sub_signed_(self, back: i32) -> Self;
}

impl Back for u64 {
    fn saturating_sub_signed_(self, back: i32) -> Self {
        self.saturating_add_signed(-i64::from(back))
    }
}

#[test]
fn no_order_of_calls_replaces_backdates_or_invents_an_attestation() {
    // The right caller three times of four.
    let caller = prop_oneof![3 => Just(None), 1 => (0..4usize).prop_map(Some)];
    let strategy = vec((caller, action()), 80);
    let config = Config { cases: 64, failure_persistence: None, ..Config::default() };
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let mut runner = TestRunner::new_with_rng(config, rng);
    let appended = std::cell::Cell::new(0);
    let finished = std::cell::Cell::new(0);
    let result = runner.run(&strategy, |steps| {
        let mut model = Model::new();
        for (caller, action) in &steps {
            let caller = caller.map_or_else(|| right(&model, action), |number| CALLERS[number]);
            let (allowed, result) = model.step(caller, action);
            assert_eq!(allowed, result.is_ok(), "{action:?} by {caller}: {result:?}");
            let appends = matches!(action, Action::Submit(_) | Action::Finish) && result.is_ok();
            model.check(action, appends);
            appended.set(appended.get() + u32::from(appends));
            finished.set(finished.get() + u32::from(appends && matches!(action, Action::Finish)));
        }
        for (number, known) in model.records.clone() {
            assert_eq!(model.read(number), known);
        }
        Ok::<(), TestCaseError>(())
    });
    result.unwrap();
    // Both ways were gone often enough to have tried something.
    assert!(appended.get() > 100 && finished.get() > 5, "{appended:?} {finished:?}");
}

fn right(model: &Model, action: &Action) -> Address {
    match action {
        Action::Submit(_) | Action::Begin(_) | Action::Add { .. } | Action::Finish => {
            model.publisher
        }
        Action::AcceptOwnership if model.next_owner != Address::ZERO => model.next_owner,
        Action::AcceptReserve => CUSTODIAN,
        _ => model.owner,
    }
}
