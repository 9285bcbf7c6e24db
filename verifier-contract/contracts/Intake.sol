// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Draft, Pending} from "./Draft.sol";
import {Shortage} from "./Shortage.sol";
import {Continuation, Header, Submission, Volume} from "./Submission.sol";
import {IElsewhere} from "./interfaces/IElsewhere.sol";
import {Aside, Bound, IEvaluator, Needs, Outcome} from "./interfaces/IEvaluator.sol";
import {IFeeds} from "./interfaces/IFeeds.sol";
import {Signature} from "./interfaces/IObservers.sol";
import {Counted, IReserves} from "./interfaces/IReserves.sol";
import {Fault, ISolvencyRegistry, Record} from "./interfaces/ISolvencyRegistry.sol";
import {IVenues, Limits} from "./interfaces/IVenues.sol";
import {IVolumeVerifier} from "./interfaces/IVolumeVerifier.sol";

/// @title Reads what comes in to a registry
/// @notice The part of a registry that asks the other contracts what a submission comes to. It has
/// no state, and each registry makes its own. A registry hands on the bytes that it was sent, so
/// both read the same submission.
contract Intake {
    IVenues private immutable VENUES;
    IReserves private immutable RESERVES;
    IFeeds private immutable FEEDS;
    IElsewhere private immutable ELSEWHERE;
    IEvaluator private immutable EVALUATOR;

    constructor(
        IVenues venues,
        IReserves reserves,
        IFeeds feeds,
        IElsewhere elsewhere,
        IEvaluator evaluator
    ) {
        (VENUES, RESERVES, FEEDS) = (venues, reserves, feeds);
        (ELSEWHERE, EVALUATOR) = (elsewhere, evaluator);
    }

    /// @notice All that `ISolvencyRegistry.submit` computes. Its arguments are that function's, the
    /// signatures among them only for the same bytes to do.
    function submit(
        Submission calldata submission,
        Volume[] calldata volumes,
        Signature[] calldata
    ) external view returns (Draft memory draft) {
        IVenues.Terms memory terms = _begin(draft, submission, volumes.length);
        _count(draft);
        Aside memory aside = _beside(draft, submission.header.drawn);
        Bound memory bound;
        (bound, draft.phase1, draft.outcome) = EVALUATOR.evaluateAll(
            submission,
            volumes,
            terms.chunks,
            IVolumeVerifier(submission.verifier),
            draft.counted.holdings,
            aside
        );
        _bind(draft.record, bound);
        draft.compared = FEEDS.compare(
            draft.venue,
            terms.chunks,
            submission.prices,
            submission.rounds
        );
        draft.rounds = keccak256(abi.encode(submission.rounds));
        _complete(draft);
    }

    /// @notice All that `ISolvencyRegistry.beginSubmission` computes, with that function's
    /// arguments.
    function beginSubmission(
        Submission calldata submission,
        uint32 volumes
    ) external view returns (bytes32 digest, Record memory) {
        Draft memory draft;
        IVenues.Terms memory terms = _begin(draft, submission, volumes);
        _bind(draft.record, EVALUATOR.bind(submission, terms.chunks, volumes));
        return (keccak256(abi.encode(submission.header, submission.prices)), draft.record);
    }

    /// @notice Checks the proof of one volume of a pending submission.
    /// @param arguments Those of `ISolvencyRegistry.addVolume`.
    /// @return totals keccak256 of the volume's totals.
    /// @return phase1 keccak256 of the proof's commitments of phase 1.
    function addVolume(
        bytes calldata arguments,
        Pending calldata pending
    ) external view returns (bytes32 totals, bytes32 phase1) {
        (Continuation memory continuation, uint256 index, Volume memory proved) = abi.decode(
            arguments,
            (Continuation, uint256, Volume)
        );
        _requireSame(continuation, pending);
        IVenues.Terms memory terms = VENUES.termsOf(
            continuation.venue,
            pending.rules,
            pending.verifier
        );
        phase1 = EVALUATOR.prove(
            IVolumeVerifier(pending.verifier),
            pending.context,
            index,
            terms.chunks,
            continuation.prices,
            proved
        );
        totals = keccak256(proved.totals);
    }

    /// @notice All that `ISolvencyRegistry.finishSubmission` computes, but for what was proved.
    /// @param arguments Those of that function.
    function finishSubmission(
        bytes calldata arguments,
        Pending calldata pending
    ) external view returns (Draft memory draft) {
        (Continuation memory continuation, bytes[] memory totals) = abi.decode(
            arguments,
            (Continuation, bytes[])
        );
        _requireSame(continuation, pending);
        // Since the submission began, time has passed, and rules or the verifier may be in force no
        // longer.
        draft.venue = continuation.venue;
        (draft.record.rules, draft.record.verifier) = (pending.rules, pending.verifier);
        IVenues.Terms memory terms = _check(draft, continuation.header, continuation.prices.asOf);
        Record memory record = draft.record;
        (record.attestation, record.volumes) = (pending.attestation, pending.volumes);
        (record.context, record.table) = (pending.context, pending.table);
        _count(draft);
        draft.outcome = EVALUATOR.evaluate(
            terms.chunks,
            continuation.prices,
            continuation.header,
            totals,
            draft.counted.holdings,
            _beside(draft, continuation.header.drawn)
        );
        draft.compared = FEEDS.compare(
            draft.venue,
            terms.chunks,
            continuation.prices,
            continuation.rounds
        );
        draft.rounds = keccak256(abi.encode(continuation.rounds));
        _complete(draft);
    }

    /// @notice What reserves lack now of what is needed; see `Shortage.find`.
    function shortOf(
        bytes32 venue,
        Needs calldata needs
    ) external view returns (uint256 short, uint256 heavy) {
        return Shortage.find(needs, RESERVES.read(venue).holdings);
    }

    /// Checks a submission before anything is computed from it.
    function _begin(
        Draft memory draft,
        Submission calldata submission,
        uint256 volumes
    ) private view returns (IVenues.Terms memory terms) {
        if (volumes == 0) revert ISolvencyRegistry.NoVolume();
        if (submission.attestation == 0) revert ISolvencyRegistry.NoDigest();
        draft.venue = submission.venue;
        Record memory record = draft.record;
        (record.rules, record.verifier) = (submission.rules, submission.verifier);
        terms = _check(draft, submission.header, submission.prices.asOf);
        (record.attestation, record.volumes) = (submission.attestation, uint32(volumes));
    }

    /// Checks that rules and verifier may be used now, that the header is for them, and that the
    /// attestation is neither stale nor dated in the future; takes the header's facts down.
    function _check(
        Draft memory draft,
        Header memory header,
        uint64 pricesAsOf
    ) private view returns (IVenues.Terms memory terms) {
        Record memory record = draft.record;
        terms = VENUES.termsOf(draft.venue, record.rules, record.verifier);
        (draft.program, draft.publisher) = (terms.program, terms.publisher);
        (draft.delay, draft.limits) = (terms.delay, terms.limits);
        if (block.timestamp < terms.settledFrom) {
            revert ISolvencyRegistry.NotSettled(terms.settledFrom);
        }
        if (terms.publisher == address(0)) revert ISolvencyRegistry.NoPublisher(draft.venue);
        if (header.venue != terms.nameHash) {
            revert ISolvencyRegistry.OtherVenue(header.venue, terms.nameHash);
        }
        if (header.key != terms.key) revert ISolvencyRegistry.OtherKey(header.key, terms.key);
        // The sizes must be the verifier's, lest the header mislead its readers.
        bool fits = header.k == terms.k && header.pageSize == 1 << terms.pageBits;
        if (!fits) revert ISolvencyRegistry.OtherShape(header.k, header.pageSize);

        uint64 asOf = header.asOf;
        if (asOf > block.timestamp) revert ISolvencyRegistry.InFuture(asOf);
        if (pricesAsOf > block.timestamp) revert ISolvencyRegistry.InFuture(pricesAsOf);
        uint64 oldest = pricesAsOf < asOf ? pricesAsOf : asOf;
        if (block.timestamp - oldest > terms.maxLag) {
            revert ISolvencyRegistry.TooOld(oldest, terms.maxLag);
        }
        draft.previous = header.previous;
        (record.sequence, record.asOf, record.pricesAsOf) = (header.sequence, asOf, pricesAsOf);
        (record.scenarios, record.accounts) = (header.scenarios, header.accounts);
        record.accountsLeftOut = header.accountsLeftOut;
        record.assetsLeftOut = uint64(header.leftOut.length);
    }

    function _bind(Record memory record, Bound memory bound) private pure {
        // The proofs are checked with the program's number; the header must not mislead its
        // readers.
        if (bound.scenarios != record.scenarios) {
            revert ISolvencyRegistry.OtherScenarios(record.scenarios, bound.scenarios);
        }
        (record.context, record.table) = (bound.context, bound.table);
    }

    function _requireSame(Continuation memory continuation, Pending calldata pending) private pure {
        bytes32 digest = keccak256(abi.encode(continuation.header, continuation.prices));
        if (digest != pending.digest) {
            revert ISolvencyRegistry.OtherContinuation(digest, pending.digest);
        }
    }

    /// What the evaluator has to know of reserves and of the registry that asks, beside a submission.
    function _beside(Draft memory draft, bytes32 drawn) private view returns (Aside memory aside) {
        (bytes32 venue, Counted memory counted) = (draft.venue, draft.counted);
        aside.anyReserve = counted.any;
        if (drawn == 0) return aside;
        (aside.lastDay, aside.lastMost) = ISolvencyRegistry(msg.sender).lastDrawn(venue);
        // The first mark was within the tick that begins then.
        if (counted.markedAt != 0) {
            aside.markedBy = counted.markedAt + RESERVES.tickOf(venue) - 1;
        }
    }

    /// What reserves count: here, and beside them elsewhere as far as the limits let them.
    function _count(Draft memory draft) private view {
        Limits memory limits = draft.limits;
        uint64 asOf = draft.record.asOf;
        Counted memory counted = RESERVES.count(draft.venue, asOf, limits.markWithin);
        draft.counted = counted;
        uint16 cap = limits.elsewhereBps;
        // What was not read here near the snapshot gives no window for what is read elsewhere.
        if (cap == 0 || counted.markedAt == 0) return;
        uint256[] memory units = ELSEWHERE.count(
            draft.venue,
            counted.holdings,
            counted.markedAt,
            cap
        );
        for (uint256 i = 0; i < units.length; ++i) counted.holdings[i].customers += units[i];
        draft.elsewhere = units;
    }

    /// Takes down what was evaluated, and what is not as it should be.
    function _complete(Draft memory draft) private pure {
        (Record memory record, Outcome memory outcome) = (draft.record, draft.outcome);
        Shortage.lower(outcome.needs, draft.counted.holdings, draft.elsewhere);
        record.quantities = outcome.quantities;
        record.figures = keccak256(abi.encode(outcome.figures));
        record.needs = keccak256(abi.encode(outcome.needs));
        (record.failing, record.coverageBps) = (outcome.failing, outcome.coverageBps);
        (record.reserves, record.owed) = (outcome.reserves, outcome.owed);

        uint16 faults = 0;
        for (uint256 i = 0; i < draft.compared.length; ++i) {
            if (draft.compared[i] != IFeeds.Compared.Within) faults |= _bit(Fault.Prices);
        }
        Counted memory counted = draft.counted;
        // Where no reserve counts, there is nothing to mark.
        if (counted.markedAt == 0 && counted.any) faults |= _bit(Fault.Unmarked);
        if (counted.unreadable) faults |= _bit(Fault.Unreadable);
        record.faults = faults;
    }

    function _bit(Fault fault) private pure returns (uint16) {
        return uint16(1) << uint16(fault);
    }
}
