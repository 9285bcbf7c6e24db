// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Bands, Place} from "./Bands.sol";
import {Draft} from "./Draft.sol";
import {Standing} from "./Standing.sol";
import {Clause, Outcome, Tracked} from "./interfaces/IEvaluator.sol";
import {Attested as Signed, Signature} from "./interfaces/IObservers.sol";
import {Counted} from "./interfaces/IReserves.sol";
import {Fault, Record} from "./interfaces/ISolvencyRegistry.sol";
import {Limits} from "./interfaces/IVenues.sol";

/// @title Appends what was computed from a submission
abstract contract Appending is Standing {
    /// Appends an attestation. Nothing else writes a record.
    function _append(
        Draft memory draft,
        Signature[] calldata signatures,
        bytes calldata prices
    ) internal {
        Head storage head = _chains[draft.venue].head;
        Record memory record = draft.record;
        _checkOrder(draft, head);
        Signed memory signed = Signed({
            venue: draft.venue,
            sequence: record.sequence,
            context: record.context,
            program: draft.program,
            totals: record.quantities,
            attestation: record.attestation,
            verifier: record.verifier,
            rounds: draft.rounds
        });
        record.observers = uint8(
            OBSERVERS.requireSigned(signed, draft.publisher, msg.sender, signatures)
        );
        record.phase1 = keccak256(abi.encodePacked(draft.phase1));
        record.appendedAt = uint64(block.timestamp);
        uint64 until = _move(draft, head);
        if (until > block.timestamp) record.faults |= _bit(Fault.Band);
        uint64 round = _write(draft, head, until);
        _tell(draft, round, prices);
    }

    /// Checks that an attestation follows the latest one.
    function _checkOrder(Draft memory draft, Head storage head) private view {
        Record memory record = draft.record;
        uint64 sequence = record.sequence;
        if (sequence > MAX_SEQUENCE) revert SequenceTooLarge(sequence);
        if (head.round == 0) return;
        uint64 expected = head.bits & RELINKED != 0 ? head.next : head.sequence + 1;
        if (sequence != expected) revert OutOfSequence(sequence, expected);
        bytes32 previous = draft.previous;
        if (previous != head.link) revert OtherPrevious(previous, head.link);
        uint64 distance = draft.limits.minDistance;
        uint64 earliest = head.asOf + (distance == 0 ? 1 : distance);
        if (record.asOf < earliest) revert NotLater(record.asOf, earliest);
        if (record.pricesAsOf < head.pricesAsOf) {
            revert PricesNotLater(record.pricesAsOf, head.pricesAsOf);
        }
    }

    /// Compares with the bands. Until when the attestation is a warning for it: as long as the one
    /// before at least, unless that was confirmed; else the same again a moment later would pass.
    function _move(Draft memory draft, Head storage head) private returns (uint64 until) {
        uint32 last = head.round;
        Limits memory limits = draft.limits;
        Tracked memory tracked = draft.outcome.tracked;
        uint256[] memory owed = new uint256[](1);
        owed[0] = tracked.owed;
        Place memory place = Place(draft.venue, last + 1, 0, limits.owedBandBps, draft.delay);
        bool left = _compare(0, draft.program, place, owed);
        (place.subject, place.bps) = (1, limits.depositsBandBps);
        left = _compare(1, draft.program, place, tracked.deposits) || left;
        place.subject += tracked.deposits.length;
        place.bps = limits.interestBandBps;
        left = _compare(2, draft.program, place, tracked.interest) || left;
        place.subject += tracked.interest.length;
        place.bps = limits.pricesBandBps;
        left = _compare(3, draft.program, place, tracked.prices) || left;
        uint64 pending = head.bandUntil;
        bool banded = block.timestamp < pending;
        if (banded && !_chains[draft.venue].findings[last].confirmed) until = pending;
        if (!left) return until;
        uint64 delayed = uint64(block.timestamp) + draft.delay;
        if (delayed > until) until = delayed;
    }

    /// Compares one of the four lists: what is owed, deposits, interest, prices. Each has a band of
    /// its own, be others empty or not.
    function _compare(
        uint256 list,
        bytes32 program,
        Place memory place,
        uint256[] memory values
    ) private returns (bool) {
        if (place.bps == 0) return false;
        // The places of all but owed are those of one program's table.
        if (list == 0) program = 0;
        return Bands.move(_bands[keccak256(abi.encode(place.venue, program, list))], place, values);
    }

    function _write(
        Draft memory draft,
        Head storage head,
        uint64 until
    ) private returns (uint64 round) {
        Record memory record = draft.record;
        Chain storage chain = _chains[draft.venue];
        _keepRemoval(draft.venue, head);
        round = head.round + 1;
        chain.records[round] = keccak256(abi.encode(record));
        _carry(chain, round);
        (head.round, head.sequence) = (uint32(round), record.sequence);
        (head.asOf, head.pricesAsOf) = (uint40(record.asOf), uint40(record.pricesAsOf));
        (head.appendedAt, head.bandUntil) = (uint40(record.appendedAt), uint40(until));
        uint8 bits = uint8(record.faults);
        for (uint256 i = 0; i < draft.elsewhere.length; ++i) {
            if (draft.elsewhere[i] != 0) bits |= ELSEWHERE_COUNTS;
        }
        if (record.failing != 0) {
            bits |= FAILING;
            head.failing = record.failing;
        }
        (head.verifier, head.coverageBps, head.bits) = (record.verifier, record.coverageBps, bits);
        (head.rules, head.link) = (record.rules, record.attestation);
        uint256 drew = draft.outcome.drew;
        if (drew != 0) head.drew = uint24(drew);
        if (bits & (FAILING | _bit(Fault.Prices)) != 0) {
            chain.findings[round].breachedAt = uint40(block.timestamp);
            emit Breached(draft.venue, round, uint64(block.timestamp));
        }
    }

    /// A far finding of the attestation before counts on until the second one may be made: else
    /// who attests once a minute, with reserves lent for that, could never be found twice.
    function _carry(Chain storage chain, uint64 round) private {
        Finding memory before = chain.findings[round - 1];
        if (before.farIn == 0 || before.broken || !_isTooSoon(before)) return;
        Finding storage finding = chain.findings[round];
        (finding.farIn, finding.farAt) = (before.farIn, before.farAt);
    }

    /// Keeps that a removal put the attestation before in breach, which is seen of the latest alone.
    function _keepRemoval(bytes32 venue, Head storage head) private {
        uint64 round = head.round;
        if (round == 0) return;
        Finding storage finding = _chains[venue].findings[round];
        uint64 removed = _removedAt(venue, head.bits);
        if (finding.breachedAt != 0 || removed < head.appendedAt) return;
        finding.breachedAt = uint40(removed);
        emit Breached(venue, round, removed);
    }

    function _tell(Draft memory draft, uint64 round, bytes calldata prices) private {
        (bytes32 venue, Outcome memory outcome) = (draft.venue, draft.outcome);
        Record memory record = draft.record;
        emit Attested(venue, round, record.rules, record, outcome.figures, draft.phase1);
        Counted memory counted = draft.counted;
        emit ReservesCounted(
            venue,
            round,
            counted.balances,
            counted.holdings,
            draft.elsewhere,
            counted.markedAt,
            outcome.needs
        );
        emit PricesUsed(venue, round, prices, draft.compared);
        uint256 drew = outcome.drew;
        if (drew != 0) emit TimeDrawn(venue, round, uint16(drew), drew >> 24);
        if (outcome.failing == 0) return;
        for (uint256 c = 0; c < outcome.clauses.length; ++c) {
            if (outcome.failing & (1 << c) == 0) continue;
            Clause memory clause = outcome.clauses[c];
            emit ClauseFailed(venue, round, c, clause.has, clause.needs);
        }
    }
}
