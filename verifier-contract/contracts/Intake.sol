// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Banded, Draft, Pending} from "./Draft.sol";
import {Forwarding} from "./Forwarding.sol";
import {Shortage} from "./Shortage.sol";
import {Continuation, Header, Submission, Volume} from "./Submission.sol";
import {IElsewhere} from "./interfaces/IElsewhere.sol";
import {Aside, Bound, IEvaluator, Needs, Outcome, Tracked} from "./interfaces/IEvaluator.sol";
import {IFeeds} from "./interfaces/IFeeds.sol";
import {Signature} from "./interfaces/IObservers.sol";
import {Counted, Holding, IReserves} from "./interfaces/IReserves.sol";
import {Fault, ISolvencyRegistry, Record} from "./interfaces/ISolvencyRegistry.sol";
import {IVenues, Limits} from "./interfaces/IVenues.sol";
import {IVolumeVerifier} from "./interfaces/IVolumeVerifier.sol";

/// @title Reads what comes in to a registry
/// @notice The part of a registry that asks the other contracts what a submission comes to. It has
/// no state, and each registry makes its own. A registry hands on the bytes that it was sent, so
/// both read the same submission.
contract Intake {
    /// What a draft is made of.
    struct Work {
        Draft draft;
        Record record;
        Limits limits;
        Counted counted;
        /// See `ISolvencyRegistry.ReservesCounted`.
        uint256[] elsewhere;
        Outcome outcome;
        IFeeds.Compared[] compared;
        bytes32[] phase1;
    }

    uint256 private constant LISTS = 4;

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
    ) external view returns (Draft memory) {
        Work memory work;
        IVenues.Terms memory terms = _begin(work, submission, volumes.length);
        _count(work);
        Bound memory bound;
        (bound, work.phase1, work.outcome) = abi.decode(
            _evaluateAll(submission, volumes, terms.chunks, work),
            (Bound, bytes32[], Outcome)
        );
        _bind(work.record, bound);
        work.compared = FEEDS.compare(
            submission.venue,
            terms.chunks,
            submission.prices,
            submission.rounds
        );
        work.draft.rounds = keccak256(abi.encode(submission.rounds));
        return _complete(work);
    }

    /// @notice All that `ISolvencyRegistry.beginSubmission` computes, with that function's
    /// arguments.
    function beginSubmission(
        Submission calldata submission,
        uint32 volumes
    ) external view returns (bytes32 digest, Record memory) {
        Work memory work;
        IVenues.Terms memory terms = _begin(work, submission, volumes);
        _bind(work.record, EVALUATOR.bind(submission, terms.chunks, volumes));
        return (keccak256(abi.encode(submission.header, submission.prices)), work.record);
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
    /// @param phase1 keccak256 of the commitments of phase 1 of each volume's proof.
    function finishSubmission(
        bytes calldata arguments,
        Pending calldata pending,
        bytes32[] calldata phase1
    ) external view returns (Draft memory) {
        (Continuation memory continuation, bytes[] memory totals) = abi.decode(
            arguments,
            (Continuation, bytes[])
        );
        _requireSame(continuation, pending);
        // Since the submission began, time has passed, and rules or the verifier may be in force no
        // longer.
        Work memory work;
        work.draft.venue = continuation.venue;
        Record memory record = work.record;
        (record.rules, record.verifier) = (pending.rules, pending.verifier);
        IVenues.Terms memory terms = _check(work, continuation.header, continuation.prices.asOf);
        (record.attestation, record.volumes) = (pending.attestation, pending.volumes);
        (record.context, record.table) = (pending.context, pending.table);
        _count(work);
        work.phase1 = phase1;
        work.outcome = EVALUATOR.evaluate(
            terms.chunks,
            continuation.prices,
            continuation.header,
            totals,
            work.counted.holdings,
            _beside(work, continuation.header.drawn)
        );
        work.compared = FEEDS.compare(
            continuation.venue,
            terms.chunks,
            continuation.prices,
            continuation.rounds
        );
        work.draft.rounds = keccak256(abi.encode(continuation.rounds));
        return _complete(work);
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
        Work memory work,
        Submission calldata submission,
        uint256 volumes
    ) private view returns (IVenues.Terms memory terms) {
        if (volumes == 0) revert ISolvencyRegistry.NoVolume();
        if (submission.attestation == 0) revert ISolvencyRegistry.NoDigest();
        work.draft.venue = submission.venue;
        Record memory record = work.record;
        (record.rules, record.verifier) = (submission.rules, submission.verifier);
        terms = _check(work, submission.header, submission.prices.asOf);
        (record.attestation, record.volumes) = (submission.attestation, uint32(volumes));
    }

    /// Checks that rules and verifier may be used now, that the header is for them, and that the
    /// attestation is neither stale nor dated in the future; takes the header's facts down.
    function _check(
        Work memory work,
        Header memory header,
        uint64 pricesAsOf
    ) private view returns (IVenues.Terms memory terms) {
        (Draft memory draft, Record memory record) = (work.draft, work.record);
        terms = VENUES.termsOf(draft.venue, record.rules, record.verifier);
        (draft.program, draft.publisher) = (terms.program, terms.publisher);
        (draft.delay, work.limits) = (terms.delay, terms.limits);
        (draft.number, draft.verifier) = (terms.number, terms.verifier);
        draft.minDistance = terms.limits.minDistance;
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
    function _beside(Work memory work, bytes32 drawn) private view returns (Aside memory aside) {
        (bytes32 venue, Counted memory counted) = (work.draft.venue, work.counted);
        aside.anyReserve = counted.any;
        aside.tracks = _bandsOf(work.limits) != 0;
        if (drawn == 0) return aside;
        (aside.lastDay, aside.lastMost) = ISolvencyRegistry(msg.sender).lastDrawn(venue);
        // The first mark was within the tick that begins then.
        if (counted.markedAt != 0) {
            aside.markedBy = counted.markedAt + RESERVES.tickOf(venue) - 1;
        }
    }

    /// What reserves count: here, and beside them elsewhere as far as the limits let them.
    function _count(Work memory work) private view {
        Limits memory limits = work.limits;
        bytes32 venue = work.draft.venue;
        Counted memory counted = RESERVES.count(venue, work.record.asOf, limits.markWithin);
        work.counted = counted;
        uint16 cap = limits.elsewhereBps;
        // What was not read here near the snapshot gives no window for what is read elsewhere.
        if (cap == 0 || counted.markedAt == 0) return;
        uint256[] memory units = ELSEWHERE.count(venue, counted.holdings, counted.markedAt, cap);
        for (uint256 i = 0; i < units.length; ++i) {
            counted.holdings[i].customers += units[i];
            if (units[i] != 0) work.draft.elsewhere = true;
        }
        work.elsewhere = units;
    }

    /// Asks the evaluator for all that it computes from a submission.
    function _evaluateAll(
        Submission calldata submission,
        Volume[] calldata volumes,
        address[] memory chunks,
        Work memory work
    ) private view returns (bytes memory) {
        Aside memory aside = _beside(work, submission.header.drawn);
        Holding[] memory holdings = work.counted.holdings;
        return Forwarding.ask(EVALUATOR, submission, volumes, chunks, holdings, aside);
    }

    /// Takes down what was evaluated, and what is not as it should be, and encodes it.
    function _complete(Work memory work) private view returns (Draft memory draft) {
        draft = work.draft;
        (Record memory record, Outcome memory outcome) = (work.record, work.outcome);
        Counted memory counted = work.counted;
        Shortage.lower(outcome.needs, counted.holdings, work.elsewhere);
        record.quantities = outcome.quantities;
        record.figures = keccak256(abi.encode(outcome.figures));
        record.phase1 = keccak256(abi.encodePacked(work.phase1));
        record.needs = keccak256(abi.encode(outcome.needs));
        record.appendedAt = uint64(block.timestamp);
        (record.failing, record.coverageBps) = (outcome.failing, outcome.coverageBps);
        (record.reserves, record.owed) = (outcome.reserves, outcome.owed);

        uint16 faults = 0;
        for (uint256 i = 0; i < work.compared.length; ++i) {
            if (work.compared[i] != IFeeds.Compared.Within) faults |= _bit(Fault.Prices);
        }
        // Where no reserve counts, there is nothing to mark.
        if (counted.markedAt == 0 && counted.any) faults |= _bit(Fault.Unmarked);
        if (counted.unreadable) faults |= _bit(Fault.Unreadable);
        record.faults = faults;

        draft.attested = abi.encode(record, outcome.figures, work.phase1);
        draft.counted = abi.encode(
            counted.balances,
            counted.holdings,
            work.elsewhere,
            counted.markedAt,
            outcome.needs
        );
        if (work.compared.length != 0) draft.compared = abi.encode(work.compared);
        if (outcome.failing != 0) draft.clauses = outcome.clauses;
        draft.drew = outcome.drew;
        draft.banded = _banded(work.limits, outcome.tracked);
    }

    /// The lists that have a band.
    function _banded(
        Limits memory limits,
        Tracked memory tracked
    ) private pure returns (Banded[] memory banded) {
        if (_bandsOf(limits) == 0) return banded;
        Banded[] memory lists = new Banded[](LISTS);
        uint256 deposits = tracked.deposits.length / 32;
        uint256 interest = tracked.interest.length / 32;
        lists[0] = Banded(0, limits.owedBandBps, 0, abi.encode(tracked.owed));
        lists[1] = Banded(1, limits.depositsBandBps, 1, tracked.deposits);
        lists[2] = Banded(2, limits.interestBandBps, 1 + deposits, tracked.interest);
        lists[3] = Banded(3, limits.pricesBandBps, 1 + deposits + interest, tracked.prices);
        uint256 count = 0;
        for (uint256 i = 0; i < LISTS; ++i) {
            if (lists[i].bps != 0) lists[count++] = lists[i];
        }
        // As many as have one: shorter than it was made.
        assembly ("memory-safe") {
            mstore(lists, count)
        }
        return lists;
    }

    /// Not 0 if any list has a band.
    function _bandsOf(Limits memory limits) private pure returns (uint256) {
        return
            uint256(limits.owedBandBps) |
            limits.depositsBandBps |
            limits.interestBandBps |
            limits.pricesBandBps;
    }

    function _bit(Fault fault) private pure returns (uint16) {
        return uint16(1) << uint16(fault);
    }
}
