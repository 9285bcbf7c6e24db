// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Bands, Place} from "./Bands.sol";
import {Banded, Draft} from "./Draft.sol";
import {Standing} from "./Standing.sol";
import {Clause} from "./interfaces/IEvaluator.sol";
import {Attested as Signed, Signature} from "./interfaces/IObservers.sol";
import {Fault, Record} from "./interfaces/ISolvencyRegistry.sol";

/// @title Appends what was computed from a submission
abstract contract Appending is Standing {
    /// The bytes of a record: its 24 members are one word each, in memory as in the ABI's encoding.
    uint256 private constant RECORD = 768;

    /// Appends an attestation. Nothing else writes a record.
    function _append(Draft memory draft, Signature[] calldata signatures) internal {
        Head memory head = _chains[draft.venue].head;
        Record memory record = _recordIn(draft.attested);
        _checkOrder(draft, record, head);
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
        uint64 until = _move(draft, head);
        if (until > block.timestamp) record.faults |= _bit(Fault.Band);
        uint64 round = _write(draft, record, head, until);
        _tell(draft, record, round);
    }

    /// The record that the data of an event begins with; what is written to it is written there.
    function _recordIn(bytes memory attested) private pure returns (Record memory record) {
        assert(attested.length >= RECORD);
        assembly ("memory-safe") {
            record := add(attested, 0x20)
        }
    }

    /// Checks that an attestation follows the latest one.
    function _checkOrder(Draft memory draft, Record memory record, Head memory head) private view {
        uint64 sequence = record.sequence;
        if (sequence > MAX_SEQUENCE) revert SequenceTooLarge(sequence);
        if (head.round == 0) return;
        Chain storage chain = _chains[draft.venue];
        uint64 expected = head.bits & RELINKED != 0 ? chain.next : uint64(head.sequence) + 1;
        if (sequence != expected) revert OutOfSequence(sequence, expected);
        bytes32 previous = draft.previous;
        if (previous != chain.link) revert OtherPrevious(previous, chain.link);
        uint64 distance = draft.minDistance;
        uint64 earliest = _asOf(head) + (distance == 0 ? 1 : distance);
        if (record.asOf < earliest) revert NotLater(record.asOf, earliest);
        uint64 pricesAsOf = head.appendedAt - head.pricesBefore;
        if (record.pricesAsOf < pricesAsOf) revert PricesNotLater(record.pricesAsOf, pricesAsOf);
    }

    /// Compares with the bands. Until when the attestation is a warning for it: as long as the one
    /// before at least, unless that was confirmed; else the same again a moment later would pass.
    function _move(Draft memory draft, Head memory head) private returns (uint64 until) {
        uint32 last = head.round;
        bool left = false;
        for (uint256 i = 0; i < draft.banded.length; ++i) {
            left = _compare(draft, draft.banded[i], last + 1) || left;
        }
        uint64 pending = _bandUntil(head);
        bool banded = block.timestamp < pending;
        if (banded && !_chains[draft.venue].findings[last].confirmed) until = pending;
        if (!left) return until;
        uint64 delayed = uint64(block.timestamp) + draft.delay;
        if (delayed > until) until = delayed;
    }

    /// Compares one of the four lists. Each has a band of its own, be others empty or not.
    function _compare(
        Draft memory draft,
        Banded memory banded,
        uint64 round
    ) private returns (bool) {
        Place memory place = Place(draft.venue, round, banded.subject, banded.bps, draft.delay);
        // The places of all but owed are those of one program's table.
        bytes32 program = banded.list == 0 ? bytes32(0) : draft.program;
        bytes32 band = keccak256(abi.encode(draft.venue, program, uint256(banded.list)));
        return Bands.move(_bands[band], place, _words(banded.values));
    }

    /// The same bytes of memory as words.
    function _words(bytes memory values) private pure returns (uint256[] memory words) {
        assembly ("memory-safe") {
            words := values
            mstore(words, shr(5, mload(values)))
        }
    }

    function _write(
        Draft memory draft,
        Record memory record,
        Head memory head,
        uint64 until
    ) private returns (uint64 round) {
        Chain storage chain = _chains[draft.venue];
        _keepRemoval(draft.venue, head);
        round = uint64(head.round) + 1;
        bytes32 hash;
        assembly ("memory-safe") {
            hash := keccak256(record, RECORD)
        }
        chain.records[round] = hash;
        if (round > 1) _carry(chain, round);
        uint8 bits = uint8(record.faults);
        if (draft.elsewhere) bits |= ELSEWHERE_COUNTS;
        if (record.owed == 0) bits |= UNOWED;
        if (record.failing != 0) {
            bits |= FAILING;
            chain.failing = record.failing;
        }
        uint64 coverage = record.coverageBps;
        uint64 time = record.appendedAt;
        // Each fits: see `Head`. `Intake` compared the times with the lag.
        chain.head = Head({
            round: uint32(round),
            sequence: uint40(record.sequence),
            appendedAt: uint40(time),
            asOfBefore: uint24(time - record.asOf),
            pricesBefore: uint24(time - record.pricesAsOf),
            bandAfter: until == 0 ? 0 : uint32(until - time),
            bits: bits,
            rules: draft.number,
            verifier: draft.verifier,
            coverageBps: uint24(coverage < MAX_COVERAGE ? coverage : MAX_COVERAGE)
        });
        chain.link = record.attestation;
        if (draft.drew != 0) chain.drew = uint24(draft.drew);
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
    function _keepRemoval(bytes32 venue, Head memory head) private {
        uint64 round = head.round;
        if (round == 0) return;
        Finding storage finding = _chains[venue].findings[round];
        uint64 removed = _removedAt(venue, head.bits);
        if (finding.breachedAt != 0 || removed < head.appendedAt) return;
        finding.breachedAt = uint40(removed);
        emit Breached(venue, round, removed);
    }

    /// Emits the events of an attestation, whose data is encoded already.
    function _tell(Draft memory draft, Record memory record, uint64 round) private {
        bytes32 venue = draft.venue;
        bytes memory data = draft.attested;
        (bytes32 topic, bytes32 rules) = (Attested.selector, record.rules);
        assembly ("memory-safe") {
            log4(add(data, 0x20), mload(data), topic, venue, round, rules)
        }
        _log(ReservesCounted.selector, venue, round, draft.counted);
        if (draft.compared.length != 0) _log(PricesUsed.selector, venue, round, draft.compared);
        uint256 drew = draft.drew;
        if (drew != 0) emit TimeDrawn(venue, round, uint16(drew), drew >> 24);
        for (uint256 c = 0; c < draft.clauses.length; ++c) {
            if (record.failing & (1 << c) == 0) continue;
            Clause memory clause = draft.clauses[c];
            emit ClauseFailed(venue, round, c, clause.has, clause.needs);
        }
    }

    function _log(bytes32 topic, bytes32 venue, uint64 round, bytes memory data) private {
        assembly ("memory-safe") {
            log3(add(data, 0x20), mload(data), topic, venue, round)
        }
    }
}
