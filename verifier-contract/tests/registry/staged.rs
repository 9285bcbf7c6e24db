//! An attestation over several transactions is the one that one transaction makes.

use alloy_primitives::{B256, U256};
use alloy_sol_types::SolEvent;
use pacioli_circuits::Totals as Proved;
use pacioli_verifier_contract::{
    bindings::{SolvencyRegistry as R, Submission},
    evm::{Output, Revert},
};

use crate::world::*;

pub fn open(world: &mut World, submission: &Submission, volumes: u32) -> Result<Output, Revert> {
    world.send(PUBLISHER, R::openCall { submission: submission.clone(), volumes })
}

pub fn add(
    world: &mut World,
    submission: &Submission,
    books: &[Proved],
    index: usize,
) -> Result<Output, Revert> {
    let again = world.again(submission);
    let proved = volumes(books)[index].clone();
    world.send(PUBLISHER, R::addVolumeCall { again, index: U256::from(index), proved })
}

pub fn seal(
    world: &mut World,
    submission: &Submission,
    books: &[Proved],
) -> Result<Output, Revert> {
    let again = world.again(submission);
    let totals = books.iter().map(totals).collect();
    world.send(PUBLISHER, R::sealCall { again, totals })
}

/// Two books that keep the policy together.
fn books(world: &World) -> [Proved; 2] {
    [world.book(), world.totals(&[("equity:mark", 1, 5), ("deposit USDC", 1, 6)])]
}

#[test]
fn volumes_over_several_transactions_make_the_same_record() {
    let (mut one, mut many) = (World::new(), World::new());
    let books = books(&one);
    let submission = one.submission(2, attestation(1));
    one.submit(submission.clone(), &books).unwrap();

    let opened = open(&mut many, &submission, 2).unwrap();
    let opened = R::Opened::decode_log(&opened.logs[0]).unwrap();
    // In any order.
    add(&mut many, &submission, &books, 1).unwrap();
    assert_eq!(many.latest().asOf, 0);
    add(&mut many, &submission, &books, 0).unwrap();
    assert_eq!(many.latest().asOf, 0);
    let sealed = seal(&mut many, &submission, &books).unwrap();
    assert!(R::Attested::decode_log(&sealed.logs[0]).is_ok());

    let (record, expected) = (many.record(2).unwrap(), one.record(2).unwrap());
    assert_eq!(record, expected);
    assert_eq!(record.context, opened.context);
    assert_eq!(many.figures(2).unwrap(), one.figures(2).unwrap());
    for v in [0, 1].map(U256::from) {
        let call = R::volumeCall { protocol: one.protocol, sequence: 2, v };
        let [one, many] = [&mut one, &mut many].map(|world| world.ask(call.clone()).unwrap());
        assert_eq!((one.word, one.phase1, one.table), (many.word, many.phase1, many.table));
    }
    // It is sealed once.
    assert_eq!(error_name(&seal(&mut many, &submission, &books).unwrap_err()), "NothingOpen");
}

#[test]
fn opening_another_discards_what_was_proved() {
    let mut world = World::new();
    let books = books(&world);
    let submission = world.submission(0, B256::ZERO);
    open(&mut world, &submission, 2).unwrap();
    add(&mut world, &submission, &books, 0).unwrap();
    add(&mut world, &submission, &books, 1).unwrap();
    open(&mut world, &submission, 2).unwrap();
    let revert = seal(&mut world, &submission, &books).unwrap_err();
    assert_eq!(error_name(&revert), "VolumesMissing");
    add(&mut world, &submission, &books, 0).unwrap();
    let revert = seal(&mut world, &submission, &books).unwrap_err();
    assert_eq!(error_name(&revert), "VolumesMissing");
    add(&mut world, &submission, &books, 1).unwrap();
    seal(&mut world, &submission, &books).unwrap();
}

/// A world in which only the sealing is missing.
fn nearly() -> (World, Submission, [Proved; 2]) {
    let mut world = World::new();
    world.attest(0);
    world.later(60);
    let books = books(&world);
    let submission = world.submission(1, attestation(0));
    open(&mut world, &submission, 2).unwrap();
    for index in [0, 1] {
        add(&mut world, &submission, &books, index).unwrap();
    }
    (world, submission, books)
}

#[test]
fn what_was_checked_at_the_opening_is_checked_again_at_the_sealing() {
    let refusal = |change: &dyn Fn(&mut World)| {
        let (mut world, submission, books) = nearly();
        change(&mut world);
        error_name(&seal(&mut world, &submission, &books).unwrap_err())
    };
    let (mut world, submission, books) = nearly();
    world.later(MAX_LAG);
    seal(&mut world, &submission, &books).unwrap();

    assert_eq!(refusal(&|world| world.later(MAX_LAG + 1)), "TooOld");
    let frozen = |world: &mut World| {
        let protocol = world.protocol;
        world.send(OWNER, R::freezeVerifierCall { protocol, key: KEY }).unwrap();
    };
    assert_eq!(refusal(&frozen), "VerifierIsFrozen");
    let retired = |world: &mut World| {
        let protocol = world.protocol;
        world.send(OWNER, R::retireRulesCall { protocol, rules: rules_hash() }).unwrap();
    };
    assert_eq!(refusal(&retired), "RulesAreRetired");
    let overtaken = |world: &mut World| {
        world.attest(1);
    };
    assert_eq!(refusal(&overtaken), "OutOfSequence");
    let stopped = |world: &mut World| {
        let protocol = world.protocol;
        world.send(OWNER, R::setPublisherCall { protocol, publisher: STRANGER }).unwrap();
    };
    assert_eq!(refusal(&stopped), "NotPublisher");
}

#[test]
fn reserves_are_read_at_the_sealing() {
    let (mut world, submission, books) = nearly();
    world.set_balance(world.btc, HOLDER, 0);
    seal(&mut world, &submission, &books).unwrap();
    assert_eq!(world.record(1).unwrap().reserves, 1_000 * 10u128.pow(16));
}

#[test]
fn a_volume_counts_only_when_its_proof_holds() {
    let mut world = World::new();
    let books = books(&world);
    let submission = world.submission(0, B256::ZERO);
    open(&mut world, &submission, 2).unwrap();
    add(&mut world, &submission, &books, 0).unwrap();
    world.set_proofs_hold(false);
    let revert = add(&mut world, &submission, &books, 1).unwrap_err();
    assert_eq!(error_of("MockVerifier", &revert), "MockDoesNotHold");
    world.set_proofs_hold(true);
    let revert = seal(&mut world, &submission, &books).unwrap_err();
    assert_eq!(error_name(&revert), "VolumesMissing");
}
