//! An attestation over several transactions is the one that one transaction makes.

use alloy_primitives::{B256, U256};
use alloy_sol_types::SolEvent;
use pacioli_circuits::Totals as Proved;
use pacioli_verifier_contract::{
    bindings::{SolvencyRegistry as R, Submission},
    evm::{Output, Revert},
};

use crate::registry::world::*;

pub fn begin(world: &mut World, submission: &Submission, volumes: u32) -> Result<Output, Revert> {
    world.send(PUBLISHER, R::beginSubmissionCall { submission: submission.clone(), volumes })
}

pub fn add(
    world: &mut World,
    submission: &Submission,
    books: &[Proved],
    index: usize,
) -> Result<Output, Revert> {
    let continuation = world.continuation(submission);
    let proved = volumes(books)[index].clone();
    world.send(PUBLISHER, R::addVolumeCall { continuation, index: U256::from(index), proved })
}

pub fn finish(
    world: &mut World,
    submission: &Submission,
    books: &[Proved],
) -> Result<Output, Revert> {
    let continuation = world.continuation(submission);
    let totals = books.iter().map(totals).collect();
    world.send(PUBLISHER, R::finishSubmissionCall { continuation, totals })
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

    let begun = begin(&mut many, &submission, 2).unwrap();
    let begun = R::SubmissionBegun::decode_log(&begun.logs[0]).unwrap();
    // In any order.
    add(&mut many, &submission, &books, 1).unwrap();
    assert_eq!(many.latest().asOf, 0);
    add(&mut many, &submission, &books, 0).unwrap();
    assert_eq!(many.latest().asOf, 0);
    let finished = finish(&mut many, &submission, &books).unwrap();
    assert!(R::Attested::decode_log(&finished.logs[0]).is_ok());

    let (record, expected) = (many.record(2).unwrap(), one.record(2).unwrap());
    assert_eq!(record, expected);
    assert_eq!(record.context, begun.context);
    assert_eq!(many.figures(2).unwrap(), one.figures(2).unwrap());
    for v in [0, 1].map(U256::from) {
        let call = R::volumeCall { venue: one.venue, sequence: 2, v };
        let [one, many] = [&mut one, &mut many].map(|world| world.ask(call.clone()).unwrap());
        assert_eq!((one.word, one.phase1, one.table), (many.word, many.phase1, many.table));
    }
    // It is finished once.
    assert_eq!(error_name(&finish(&mut many, &submission, &books).unwrap_err()), "NoSubmission");
}

#[test]
fn beginning_another_discards_what_was_proved() {
    let mut world = World::new();
    let books = books(&world);
    let submission = world.submission(0, B256::ZERO);
    begin(&mut world, &submission, 2).unwrap();
    add(&mut world, &submission, &books, 0).unwrap();
    add(&mut world, &submission, &books, 1).unwrap();
    begin(&mut world, &submission, 2).unwrap();
    let revert = finish(&mut world, &submission, &books).unwrap_err();
    assert_eq!(error_name(&revert), "VolumesMissing");
    add(&mut world, &submission, &books, 0).unwrap();
    let revert = finish(&mut world, &submission, &books).unwrap_err();
    assert_eq!(error_name(&revert), "VolumesMissing");
    add(&mut world, &submission, &books, 1).unwrap();
    finish(&mut world, &submission, &books).unwrap();
}

/// A submission that needs only to be finished.
fn nearly() -> (World, Submission, [Proved; 2]) {
    let mut world = World::new();
    world.attest(0);
    world.later(60);
    let books = books(&world);
    let submission = world.submission(1, attestation(0));
    begin(&mut world, &submission, 2).unwrap();
    for index in [0, 1] {
        add(&mut world, &submission, &books, index).unwrap();
    }
    (world, submission, books)
}

#[test]
fn what_was_checked_at_the_beginning_is_checked_again_at_the_end() {
    let refusal = |change: &dyn Fn(&mut World)| {
        let (mut world, submission, books) = nearly();
        change(&mut world);
        error_name(&finish(&mut world, &submission, &books).unwrap_err())
    };
    let (mut world, submission, books) = nearly();
    world.later(MAX_LAG);
    finish(&mut world, &submission, &books).unwrap();

    assert_eq!(refusal(&|world| world.later(MAX_LAG + 1)), "TooOld");
    let frozen = |world: &mut World| {
        let venue = world.venue;
        world.send(OWNER, R::freezeVerifierCall { venue, key: KEY }).unwrap();
    };
    assert_eq!(refusal(&frozen), "VerifierIsFrozen");
    let retired = |world: &mut World| {
        let venue = world.venue;
        world.send(OWNER, R::retireRulesCall { venue, rules: rules_hash() }).unwrap();
    };
    assert_eq!(refusal(&retired), "RulesAreRetired");
    let overtaken = |world: &mut World| {
        world.attest(1);
    };
    assert_eq!(refusal(&overtaken), "OutOfSequence");
    let stopped = |world: &mut World| {
        let venue = world.venue;
        world.send(OWNER, R::setPublisherCall { venue, publisher: STRANGER }).unwrap();
    };
    assert_eq!(refusal(&stopped), "NotPublisher");
}

#[test]
fn reserves_are_read_at_the_end() {
    let (mut world, submission, books) = nearly();
    world.set_balance(world.btc, CUSTODIAN, 0);
    finish(&mut world, &submission, &books).unwrap();
    assert_eq!(world.record(1).unwrap().reserves, 1_000 * 10u128.pow(16));
}

#[test]
fn a_volume_counts_only_when_its_proof_holds() {
    let mut world = World::new();
    let books = books(&world);
    let submission = world.submission(0, B256::ZERO);
    begin(&mut world, &submission, 2).unwrap();
    add(&mut world, &submission, &books, 0).unwrap();
    world.set_proofs_hold(false);
    let revert = add(&mut world, &submission, &books, 1).unwrap_err();
    assert_eq!(error_of("MockVerifier", &revert), "MockDoesNotHold");
    world.set_proofs_hold(true);
    let revert = finish(&mut world, &submission, &books).unwrap_err();
    assert_eq!(error_name(&revert), "VolumesMissing");
}
