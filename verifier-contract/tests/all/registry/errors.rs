//! Every error of the registry is provoked by name: each case changes one thing of what is accepted.

use std::{collections::BTreeSet, slice::from_ref};

use alloy_primitives::{Address, B256, U256};
use pacioli_attestation::program::ROW_BYTES;
use pacioli_circuits::Totals as Proved;
use pacioli_verifier_contract::{
    bindings::{NewReserve, Purpose, Registration, SolvencyRegistry as R, Submission},
    evm::Revert,
};

use crate::{
    libraries::refused::Bytes,
    registry::{
        staged::{add, begin, finish},
        world::*,
    },
};

type Case = (&'static str, fn(&mut World) -> Revert);

const HASH: B256 = B256::repeat_byte(0x55);

/// Submits with one thing changed, after the same was seen to be accepted unchanged.
fn submitted(world: &mut World, change: impl Fn(&mut Submission)) -> Revert {
    world.attest(0);
    world.later(60);
    let book = world.book();
    let mut submission = world.submission(1, attestation(0));
    change(&mut submission);
    let revert = world.submit(submission, from_ref(&book)).unwrap_err();
    let submission = world.submission(1, attestation(0));
    world.submit(submission, &[book]).unwrap();
    revert
}

/// Registers another venue with one thing changed.
fn registered(world: &mut World, change: impl Fn(&mut Registration)) -> Revert {
    let honest = Registration { name: "Other".to_owned(), ..world.registration() };
    let mut registration = honest.clone();
    change(&mut registration);
    let revert = world.send(OWNER, R::registerCall { registration }).unwrap_err();
    world.send(OWNER, R::registerCall { registration: honest }).unwrap();
    revert
}

/// A submission of two volumes, begun.
fn begun(world: &mut World) -> (Submission, [Proved; 2]) {
    let books = [world.book(), world.book()];
    let submission = world.submission(0, B256::ZERO);
    begin(world, &submission, 2).unwrap();
    (submission, books)
}

fn announced(world: &mut World, reserve: NewReserve) -> Result<(), Revert> {
    let venue = world.venue;
    world.send(OWNER, R::announceReserveCall { venue, reserve }).map(|_| ())
}

const CASES: &[Case] = &[
    ("UnknownVenue", |world| world.ask(R::venueOfCall { venue: HASH }).map(|_| ()).unwrap_err()),
    ("AlreadyRegistered", |world| {
        let registration = world.registration();
        world.send(OWNER, R::registerCall { registration }).unwrap_err()
    }),
    ("NoVenueName", |world| registered(world, |it| it.name.clear())),
    ("NotOwner", |world| {
        let call = R::setDelayCall { venue: world.venue, delay: 2 * DAY };
        let revert = world.send(STRANGER, call.clone()).unwrap_err();
        world.send(OWNER, call).unwrap();
        revert
    }),
    ("NotNextOwner", |world| {
        let venue = world.venue;
        let revert = world.send(STRANGER, R::acceptOwnershipCall { venue }).unwrap_err();
        world.send(OWNER, R::offerOwnershipCall { venue, nextOwner: STRANGER }).unwrap();
        world.send(STRANGER, R::acceptOwnershipCall { venue }).unwrap();
        revert
    }),
    ("DelayOutOfRange", |world| registered(world, |it| it.delay = DAY - 1)),
    ("DelayOutOfRange", |world| {
        let call = |delay| R::setDelayCall { venue: world.venue, delay };
        let (most, more) = (call(365 * DAY), call(365 * DAY + 1));
        let revert = world.send(OWNER, more).unwrap_err();
        world.send(OWNER, most).unwrap();
        revert
    }),
    ("LagOutOfRange", |world| registered(world, |it| it.maxLag = 59)),
    ("LagOutOfRange", |world| registered(world, |it| it.maxLag = 7 * DAY + 1)),
    ("NoRules", |world| registered(world, |it| it.rules = B256::ZERO)),
    ("NoRules", |world| registered(world, |it| it.program = B256::ZERO)),
    ("RulesAlreadyAnnounced", |world| {
        let (venue, program) = (world.venue, HASH);
        let rules = rules_hash();
        world.send(OWNER, R::announceRulesCall { venue, rules, program }).unwrap_err()
    }),
    ("RulesUnknown", |world| submitted(world, |it| it.rules = HASH)),
    ("RulesUnknown", |world| {
        let venue = world.venue;
        world.send(OWNER, R::retireRulesCall { venue, rules: HASH }).unwrap_err()
    }),
    ("RulesAreRetired", |world| {
        let (venue, book) = (world.venue, world.book());
        world.send(OWNER, R::retireRulesCall { venue, rules: rules_hash() }).unwrap();
        let submission = world.submission(0, B256::ZERO);
        world.submit(submission, &[book]).unwrap_err()
    }),
    ("RulesAreRetired", |world| {
        let call = R::retireRulesCall { venue: world.venue, rules: rules_hash() };
        world.send(OWNER, call.clone()).unwrap();
        world.send(OWNER, call).unwrap_err()
    }),
    ("RulesNotActive", |world| {
        let (venue, program) = (world.venue, world.program.hash().0.into());
        world.send(OWNER, R::announceRulesCall { venue, rules: HASH, program }).unwrap();
        submitted(world, |it| it.rules = HASH)
    }),
    ("VerifierAlreadyAnnounced", |world| {
        let (venue, verifier) = (world.venue, world.new_verifier(KEY));
        world.send(OWNER, R::announceVerifierCall { venue, verifier }).unwrap_err()
    }),
    ("VerifierUnknown", |world| submitted(world, |it| it.header.key = HASH)),
    ("VerifierUnknown", |world| {
        let venue = world.venue;
        world.send(OWNER, R::freezeVerifierCall { venue, key: HASH }).unwrap_err()
    }),
    ("VerifierIsFrozen", |world| {
        let (venue, book) = (world.venue, world.book());
        world.send(OWNER, R::freezeVerifierCall { venue, key: KEY }).unwrap();
        let submission = world.submission(0, B256::ZERO);
        world.submit(submission, &[book]).unwrap_err()
    }),
    ("VerifierIsFrozen", |world| {
        let call = R::freezeVerifierCall { venue: world.venue, key: KEY };
        world.send(OWNER, call.clone()).unwrap();
        world.send(OWNER, call).unwrap_err()
    }),
    ("VerifierNotActive", |world| {
        let (venue, verifier) = (world.venue, world.new_verifier(HASH));
        world.send(OWNER, R::announceVerifierCall { venue, verifier }).unwrap();
        submitted(world, |it| it.header.key = HASH)
    }),
    ("VerifierShape", |world| {
        let venue = world.venue;
        let mut shape = |k, page| {
            let verifier = mock_verifier(&mut world.evm, HASH, k, page);
            world.send(OWNER, R::announceVerifierCall { venue, verifier })
        };
        let name = |result: Result<_, Revert>| error_name(&result.unwrap_err());
        for (k, page) in [(10, 64), (25, 64), (12, 1), (12, 1_024)] {
            assert_eq!(name(shape(k, page)), "VerifierShape");
        }
        let revert = shape(12, 96).unwrap_err();
        shape(24, 512).unwrap();
        revert
    }),
    ("TooManyReserves", |world| {
        let reserve = |n: u64| {
            let custodian = Address::left_padding_from(&(1_000 + n).to_be_bytes());
            new_reserve("BTC", Address::ZERO, custodian, Purpose::Customers)
        };
        for n in 3..64 {
            announced(world, reserve(n)).unwrap();
        }
        announced(world, reserve(64)).unwrap_err()
    }),
    ("ReserveAlreadyListed", |world| {
        let twice = new_reserve("USDC", world.btc, CUSTODIAN, Purpose::Insurance);
        announced(world, twice).unwrap_err()
    }),
    ("ReserveIncomplete", |world| {
        let nameless = new_reserve("", world.btc, STRANGER, Purpose::Customers);
        announced(world, nameless).unwrap_err()
    }),
    ("ReserveIncomplete", |world| {
        let nobody = new_reserve("BTC", world.btc, Address::ZERO, Purpose::Customers);
        announced(world, nobody).unwrap_err()
    }),
    ("ReserveUnknown", |world| world.accept(world.btc, FUND).unwrap_err()),
    ("NotCustodian", |world| {
        let (venue, token) = (world.venue, world.btc);
        let reserve = new_reserve("BTC", token, STRANGER, Purpose::Customers);
        announced(world, reserve).unwrap();
        let call = R::acceptReserveCall { venue, token, custodian: STRANGER };
        let revert = world.send(OWNER, call.clone()).unwrap_err();
        world.send(STRANGER, call).unwrap();
        revert
    }),
    ("ReserveClaimed", |world| {
        let registration = world.registration();
        world.send(STRANGER, R::registerCall { registration }).unwrap();
        let venue = venue_of(STRANGER, VENUE);
        let call = R::acceptReserveCall { venue, token: world.btc, custodian: CUSTODIAN };
        world.send(CUSTODIAN, call).unwrap_err()
    }),
    ("ReserveUnreadable", |world| {
        let no_token = new_reserve("BTC", STRANGER, CUSTODIAN, Purpose::Customers);
        announced(world, no_token).unwrap_err()
    }),
    ("ReserveUnreadable", |world| {
        let digits = token(&mut world.evm, 37);
        let fine = token(&mut world.evm, 36);
        announced(world, new_reserve("BTC", fine, CUSTODIAN, Purpose::Customers)).unwrap();
        announced(world, new_reserve("BTC", digits, CUSTODIAN, Purpose::Customers)).unwrap_err()
    }),
    ("ReserveUnreadable", |world| {
        use alloy_sol_types::SolCall;
        let silent = MockToken::behaveCall { moves: true, answers: false };
        world.evm.call(STRANGER, world.btc, silent.abi_encode()).unwrap();
        let (submission, book) = (world.submission(0, B256::ZERO), world.book());
        let revert = world.submit(submission.clone(), from_ref(&book)).unwrap_err();
        // The owner takes it out, and the venue goes on.
        let (venue, token) = (world.venue, world.btc);
        let call = R::removeReserveCall { venue, token, custodian: CUSTODIAN };
        world.send(OWNER, call).unwrap();
        world.submit(submission, &[book]).unwrap();
        revert
    }),
    ("NotPublisher", |world| {
        let (submission, book) = (world.submission(0, B256::ZERO), world.book());
        let volumes = volumes(&[book]);
        let call = R::submitCall { submission, volumes };
        assert_eq!(error_name(&world.send(OWNER, call.clone()).unwrap_err()), "NotPublisher");
        let revert = world.send(STRANGER, call.clone()).unwrap_err();
        world.send(PUBLISHER, call).unwrap();
        revert
    }),
    ("NotPublisher", |world| {
        let (submission, books) = begun(world);
        let continuation = world.continuation(&submission);
        let proved = volumes(&books)[0].clone();
        let call =
            R::addVolumeCall { continuation: continuation.clone(), index: U256::ZERO, proved };
        assert_eq!(error_name(&world.send(STRANGER, call).unwrap_err()), "NotPublisher");
        let call = R::beginSubmissionCall { submission, volumes: 2 };
        assert_eq!(error_name(&world.send(STRANGER, call).unwrap_err()), "NotPublisher");
        world.send(STRANGER, R::finishSubmissionCall { continuation, totals: vec![] }).unwrap_err()
    }),
    ("PublisherIsContract", |world| {
        let publisher = mock_custodian(&mut world.evm, STRANGER);
        let venue = world.venue;
        world.send(OWNER, R::setPublisherCall { venue, publisher }).unwrap();
        let (submission, book) = (world.submission(0, B256::ZERO), world.book());
        let call = R::submitCall { submission, volumes: volumes(&[book]) };
        let registry = world.registry;
        world.evm.call(STRANGER, publisher, forwarded(registry, call)).unwrap_err()
    }),
    ("PublisherIsContract", |world| {
        let (submission, books) = begun(world);
        add(world, &submission, &books, 0).unwrap();
        add(world, &submission, &books, 1).unwrap();
        let publisher = mock_custodian(&mut world.evm, STRANGER);
        let venue = world.venue;
        world.send(OWNER, R::setPublisherCall { venue, publisher }).unwrap();
        let continuation = world.continuation(&submission);
        let call =
            R::finishSubmissionCall { continuation, totals: books.iter().map(totals).collect() };
        let registry = world.registry;
        world.evm.call(STRANGER, publisher, forwarded(registry, call)).unwrap_err()
    }),
    ("OtherVenue", |world| submitted(world, |it| it.header.venue = HASH)),
    ("OtherProgram", |world| {
        submitted(world, |it| it.program = [&it.program[..], &[0]].concat().into())
    }),
    ("OtherPrices", |world| {
        let (submission, books) = begun(world);
        let mut changed = submission.clone();
        changed.prices.list[0].mantissa += 1;
        let revert = add(world, &changed, &books, 0).unwrap_err();
        add(world, &submission, &books, 0).unwrap();
        revert
    }),
    ("OtherShape", |world| submitted(world, |it| it.header.k = 13)),
    ("OtherShape", |world| submitted(world, |it| it.header.pageSize = 128)),
    ("OtherScenarios", |world| submitted(world, |it| it.header.scenarios = 3)),
    ("OtherScenarios", |world| submitted(world, |it| it.header.scenarios = 5)),
    // The program's number and 256.
    ("OtherScenarios", |world| submitted(world, |it| it.header.scenarios += 256)),
    ("NoDigest", |world| submitted(world, |it| it.attestation = B256::ZERO)),
    ("NoDigest", |world| {
        world.attest(0);
        let venue = world.venue;
        world.send(OWNER, R::relinkCall { venue, attestation: B256::ZERO }).unwrap_err()
    }),
    ("OutOfSequence", |world| submitted(world, |it| it.header.sequence = 2)),
    ("OutOfSequence", |world| {
        // The same number again: an attestation is never replaced.
        submitted(world, |it| {
            (it.header.sequence, it.header.previous) = (0, B256::ZERO);
        })
    }),
    ("OtherPrevious", |world| submitted(world, |it| it.header.previous = HASH)),
    ("NotLater", |world| submitted(world, |it| it.header.asOf -= 60)),
    ("InFuture", |world| submitted(world, |it| it.header.asOf += 1)),
    ("InFuture", |world| submitted(world, |it| it.prices.asOf += 1)),
    ("TooOld", |world| {
        let (submission, book) = (world.submission(0, B256::ZERO), world.book());
        world.later(MAX_LAG + 1);
        let revert = world.submit(submission.clone(), from_ref(&book)).unwrap_err();
        let mut prices_of_now = submission.clone();
        prices_of_now.prices.asOf += MAX_LAG;
        let only = world.submit(prices_of_now, from_ref(&book)).unwrap_err();
        assert_eq!(error_name(&only), "TooOld");
        let mut snapshot_of_now = submission.clone();
        snapshot_of_now.header.asOf += MAX_LAG;
        let only = world.submit(snapshot_of_now, from_ref(&book)).unwrap_err();
        assert_eq!(error_name(&only), "TooOld");
        let mut both = submission;
        (both.header.asOf, both.prices.asOf) = (both.header.asOf + 1, both.prices.asOf + 1);
        world.submit(both, &[book]).unwrap();
        revert
    }),
    ("NoVolume", |world| {
        let submission = world.submission(0, B256::ZERO);
        assert_eq!(error_name(&begin(world, &submission, 0).unwrap_err()), "NoVolume");
        world.submit(submission, &[]).unwrap_err()
    }),
    ("NoSubmission", |world| {
        let (submission, books) = (world.submission(0, B256::ZERO), [world.book()]);
        let revert = finish(world, &submission, &books).unwrap_err();
        assert_eq!(error_name(&revert), "NoSubmission");
        add(world, &submission, &books, 0).unwrap_err()
    }),
    ("VolumeUnknown", |world| {
        let (submission, books) = begun(world);
        let books = [&books[..], &books[..1]].concat();
        add(world, &submission, &books, 2).unwrap_err()
    }),
    ("VolumeUnknown", |world| {
        world.attest(0);
        let call = R::volumeCall { venue: world.venue, sequence: 0, v: U256::from(1) };
        world.ask(call).map(|_| ()).unwrap_err()
    }),
    ("VolumeAlreadyProved", |world| {
        let (submission, books) = begun(world);
        add(world, &submission, &books, 0).unwrap();
        add(world, &submission, &books, 0).unwrap_err()
    }),
    ("VolumesMissing", |world| {
        let (submission, books) = begun(world);
        add(world, &submission, &books, 0).unwrap();
        let revert = finish(world, &submission, &books).unwrap_err();
        add(world, &submission, &books, 1).unwrap();
        let fewer = finish(world, &submission, &books[..1]).unwrap_err();
        assert_eq!(error_name(&fewer), "VolumesMissing");
        finish(world, &submission, &books).unwrap();
        revert
    }),
    ("OtherTotals", |world| {
        let (submission, books) = begun(world);
        add(world, &submission, &books, 0).unwrap();
        add(world, &submission, &books, 1).unwrap();
        let mut changed = books.clone();
        changed[1].0[1].quantity -= 1;
        let revert = finish(world, &submission, &changed).unwrap_err();
        finish(world, &submission, &books).unwrap();
        revert
    }),
    ("EmptyBook", |world| {
        let submission = world.submission(0, B256::ZERO);
        // Lines of nothing, and the empty slot alone.
        let mut nothing = world.totals(&[]);
        nothing.0[0].count = 4_096;
        nothing.0[1].count = 1;
        let revert = world.submit(submission.clone(), from_ref(&nothing)).unwrap_err();
        // Nor are closing rows alone a book.
        let closings = [("equity:crash", 1, 1), ("shortfall:crash", 1, 1)];
        let closed = world.submit(submission.clone(), &[world.lines(&closings)]).unwrap_err();
        assert_eq!(error_name(&closed), "EmptyBook");
        let something = world.totals(&[("deposit USDC", 1, 1)]);
        world.submit(submission, &[nothing, something]).unwrap();
        revert
    }),
    ("WorthNegative", |world| {
        // Deposits of the first tier are worth in the margin scenario what debts are, and those of the
        // last, which the cover is of, something: no rules compile to that.
        let mut program = Bytes(world.program.to_bytes().to_vec());
        let row = |name: &str| world.compiled.find(name).unwrap().row();
        let [first, borrow] =
            ["deposit BTC tier 1", "borrow BTC"].map(|name| program.row(row(name)));
        program.0.copy_within(borrow + ROW_BYTES..borrow + ROW_BYTES + 2, first + ROW_BYTES);
        let (venue, rules, hash) = (world.venue, HASH, alloy_primitives::keccak256(&program.0));
        let call = R::announceRulesCall { venue, rules, program: hash };
        world.send(OWNER, call).unwrap();
        world.later(DAY);
        let mut submission = world.submission(0, B256::ZERO);
        (submission.rules, submission.program) = (HASH, program.0.into());
        let closed = world.totals(&[("deposit BTC tier 2", 1, 1_000)]);
        let covered = world.totals(&[("covered deposit BTC", 1, 1_000)]);
        let revert = world.submit(submission.clone(), &[covered]).unwrap_err();
        world.submit(submission, &[closed]).unwrap();
        revert
    }),
    ("FigureTooLarge", |world| {
        let submission = world.submission(0, B256::ZERO);
        let holding = |owed| [("equity:mark", 1, owed), ("quote credit", 1, 1)];
        let half = world.totals(&holding(1 << 127));
        let fits = world.totals(&holding((1 << 127) - 1));
        let books = [half.clone(), half.clone()];
        let revert = world.submit(submission.clone(), &books).unwrap_err();
        world.submit(submission, &[half, fits]).unwrap();
        revert
    }),
    ("NoAttestation", |world| {
        let venue = world.venue;
        let relink = R::relinkCall { venue, attestation: HASH };
        assert_eq!(error_name(&world.send(OWNER, relink).unwrap_err()), "NoAttestation");
        let revert = world.figures(0).map(|_| ()).unwrap_err();
        assert_eq!(error_name(&revert), "NoAttestation");
        let volume = R::volumeCall { venue, sequence: 0, v: U256::ZERO };
        let revert = world.ask(volume).map(|_| ()).unwrap_err();
        assert_eq!(error_name(&revert), "NoAttestation");
        world.record(0).map(|_| ()).unwrap_err()
    }),
];

#[test]
fn every_error_is_provoked_by_name() {
    for (number, (name, provoke)) in CASES.iter().enumerate() {
        let revert = provoke(&mut World::new());
        assert_eq!(error_name(&revert), *name, "case {number}");
    }
}

#[test]
fn no_error_is_left_out() {
    let provoked: BTreeSet<_> = CASES.iter().map(|(name, _)| (*name).to_owned()).collect();
    let errors: BTreeSet<_> =
        errors_of("SolvencyRegistry").into_iter().map(|(name, _)| name).collect();
    assert_eq!(provoked, errors);
}
