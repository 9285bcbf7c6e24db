// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Intake} from "./Intake.sol";
import {Facts, States} from "./States.sol";
import {Band} from "./Bands.sol";
import {IElsewhere} from "./interfaces/IElsewhere.sol";
import {IEvaluator, Needs} from "./interfaces/IEvaluator.sol";
import {IFeeds} from "./interfaces/IFeeds.sol";
import {IObservers, Signature} from "./interfaces/IObservers.sol";
import {IReserves} from "./interfaces/IReserves.sol";
import {ISolvencyRegistry, Fault, Record, State} from "./interfaces/ISolvencyRegistry.sol";
import {IVenues} from "./interfaces/IVenues.sol";
import {IVolumes} from "./interfaces/IVolumes.sol";

/// @title How venues stand, and what can make them stand worse
/// @notice All of a registry but the way in: `SolvencyRegistry` appends.
abstract contract Standing is ISolvencyRegistry {
    /// What is kept of the latest attestation of a venue. The first seven members fill one slot,
    /// the next four another.
    struct Head {
        uint32 round;
        uint64 sequence;
        uint40 asOf;
        uint40 pricesAsOf;
        uint40 appendedAt;
        uint40 bandUntil;
        address verifier;
        uint64 coverageBps;
        /// One for each `Fault`, then `ELSEWHERE`, `RELINKED` and `FAILING`.
        uint8 bits;
        /// The lowest bits of `Outcome.drew`; of an older attestation where the latest has none.
        uint24 drew;
        bytes32 rules;
        /// The digest that the next attestation must name as the previous one.
        bytes32 link;
        /// The clauses that fail; of an older attestation unless `FAILING`.
        uint256 failing;
        /// The number that the next attestation must have; of an older `relink` unless `RELINKED`.
        uint64 next;
    }

    /// What was found of an attestation since it was appended. One slot, empty for most.
    struct Finding {
        uint40 breachedAt;
        uint40 revokedAt;
        /// The block of the first recheck that found reserves far below what is needed; 0 if none
        /// did. Of the attestation before if that was found too short a time ago.
        uint64 farIn;
        /// The time of that block.
        uint40 farAt;
        bool short;
        bool broken;
        bool confirmed;
    }

    /// The attestations of one venue.
    struct Chain {
        Head head;
        mapping(uint64 round => bytes32) records;
        mapping(uint64 round => Finding) findings;
    }

    /// @inheritdoc ISolvencyRegistry
    uint256 public constant RECHECK_BLOCKS = 25;
    /// @inheritdoc ISolvencyRegistry
    uint256 public constant RECHECK_TIME = 5 minutes;

    uint8 internal constant FAULTS = 0x0f;
    uint8 internal constant ELSEWHERE_COUNTS = 1 << 5;
    uint8 internal constant RELINKED = 1 << 6;
    uint8 internal constant FAILING = 1 << 7;

    uint64 internal constant MAX_SEQUENCE = (1 << 63) - 1;
    uint256 private constant MAX_REASON = 1024;

    // As in docs/formats.md: the word that the proof of a volume is bound to.
    bytes32 private constant VOLUME = keccak256("pacioli.volume.v1");
    // The order of BN254's scalar field.
    uint256 private constant R =
        21888242871839275222246405745257275088548364400416034343698204186575808495617;

    /// @inheritdoc ISolvencyRegistry
    IVenues public immutable VENUES;
    /// @inheritdoc ISolvencyRegistry
    IReserves public immutable RESERVES;
    /// @inheritdoc ISolvencyRegistry
    IObservers public immutable OBSERVERS;
    /// @inheritdoc ISolvencyRegistry
    IFeeds public immutable FEEDS;
    /// @inheritdoc ISolvencyRegistry
    IElsewhere public immutable ELSEWHERE;
    /// @inheritdoc ISolvencyRegistry
    IEvaluator public immutable EVALUATOR;
    /// @notice The part of the registry that has no state.
    Intake public immutable INTAKE;

    mapping(bytes32 venue => Chain) internal _chains;
    mapping(bytes32 list => Band) internal _bands;

    /// Reserves are read in this transaction. If an account without code sends it, no call around
    /// it can take a flash loan before and repay it after. An account that delegates to a contract
    /// (EIP-7702) could, and has code.
    modifier atTopLevel() {
        bool plain = msg.sender == tx.origin && msg.sender.code.length == 0;
        if (!plain) revert NotAtTopLevel(msg.sender);
        _;
    }

    constructor(
        IVenues venues,
        IReserves reserves,
        IObservers observers,
        IFeeds feeds,
        IElsewhere elsewhere,
        IEvaluator evaluator
    ) {
        (VENUES, RESERVES, OBSERVERS) = (venues, reserves, observers);
        (FEEDS, ELSEWHERE, EVALUATOR) = (feeds, elsewhere, evaluator);
        INTAKE = new Intake(venues, reserves, feeds, elsewhere, evaluator);
    }

    /// @inheritdoc ISolvencyRegistry
    function recheck(
        bytes32 venue,
        Record calldata record,
        Needs calldata needs
    ) external atTopLevel {
        Head memory head = _latest(venue, record, needs);
        uint64 round = head.round;
        Finding memory finding = _chains[venue].findings[round];
        IVenues.VenueStanding memory standing = VENUES.standingOf(venue, head.rules, head.verifier);
        // Nothing is said of what was revoked, nor of what nobody may rely on any longer.
        if (finding.revokedAt != 0 || standing.revoked) revert AlreadyRevoked(round);
        uint64 maxAge = standing.limits.maxAge;
        if (block.timestamp > head.asOf + maxAge) revert TooOld(head.asOf, maxAge);

        (uint256 short, uint256 heavy) = INTAKE.shortOf(venue, needs);
        if (short != 0) {
            if (heavy > standing.limits.toleranceBps && !finding.broken) {
                _findFar(venue, round, finding);
            }
            finding.short = true;
            _chains[venue].findings[round] = finding;
        }
        emit Rechecked(venue, round, stateOf(venue), short);
    }

    /// @inheritdoc ISolvencyRegistry
    function confirm(
        bytes32 venue,
        Record calldata record,
        Signature[] calldata signatures
    ) external {
        Head memory head = _chains[venue].head;
        uint64 round = head.round;
        bytes32 hash = _requireRecord(venue, round, record);
        Finding storage finding = _chains[venue].findings[round];
        bool banded = block.timestamp < head.bandUntil && !finding.confirmed;
        if (!banded) revert NothingToConfirm(round);
        uint256 observers = OBSERVERS.requireConfirmed(venue, hash, msg.sender, signatures);
        finding.confirmed = true;
        emit Confirmed(venue, round, observers);
    }

    /// @inheritdoc ISolvencyRegistry
    function revoke(bytes32 venue, uint64 round, string calldata reason) external {
        VENUES.requireGuardian(venue, msg.sender);
        bool said = bytes(reason).length != 0 && bytes(reason).length <= MAX_REASON;
        if (!said) revert IVenues.NoReason();
        Finding storage finding = _chains[venue].findings[round];
        if (_chains[venue].records[round] == 0) revert NoAttestation(venue, round);
        if (finding.revokedAt != 0) revert AlreadyRevoked(round);
        finding.revokedAt = uint40(block.timestamp);
        emit Revoked(venue, round, msg.sender, reason);
    }

    /// @inheritdoc ISolvencyRegistry
    function relink(bytes32 venue, uint64 nextSequence, bytes32 previous) external {
        VENUES.requireOwner(venue, msg.sender);
        Head storage head = _chains[venue].head;
        if (head.round == 0) revert NoAttestation(venue, 0);
        if (nextSequence > MAX_SEQUENCE) revert SequenceTooLarge(nextSequence);
        // Only the first of all attestations names no other.
        if ((nextSequence == 0) != (previous == 0)) revert NoDigest();
        (head.next, head.link, head.bits) = (nextSequence, previous, head.bits | RELINKED);
        emit Relinked(venue, nextSequence, previous);
    }

    /// @inheritdoc ISolvencyRegistry
    function noteRemoval(bytes32 venue) external {
        Head memory head = _chains[venue].head;
        uint64 round = head.round;
        if (round == 0) revert NoAttestation(venue, 0);
        Finding storage finding = _chains[venue].findings[round];
        bool revoked = finding.revokedAt != 0 || VENUES.isRevoked(venue, head.rules, head.verifier);
        if (revoked) revert AlreadyRevoked(round);
        uint64 removed = _removedAt(venue, head.bits);
        if (finding.breachedAt != 0 || removed < head.appendedAt) revert NothingToNote(round);
        finding.breachedAt = uint40(removed);
        emit Breached(venue, round, removed);
    }

    /// @inheritdoc ISolvencyRegistry
    function stateOf(bytes32 venue) public view returns (State) {
        return States.judge(_facts(venue, _chains[venue].head), block.timestamp);
    }

    /// @inheritdoc ISolvencyRegistry
    function stateFor(bytes32 venue, bytes32 subject) external view returns (State state) {
        state = stateOf(venue);
        if (state == State.None || subject == 0) return state;
        if (block.timestamp < VENUES.pausedUntil(venue, subject)) state = State.Paused;
    }

    /// @inheritdoc ISolvencyRegistry
    function liveStateOf(
        bytes32 venue,
        Record calldata record,
        Needs calldata needs
    ) external view returns (State state) {
        state = stateOf(venue);
        if (state == State.None) return state;
        _latest(venue, record, needs);
        (uint256 short, uint256 heavy) = INTAKE.shortOf(venue, needs);
        if (short == 0) return state;
        // Whoever asks decides by what is there now. Nobody else need have looked before.
        bool far = heavy > VENUES.limitsOf(venue).toleranceBps;
        return States.worse(state, far ? State.Breach : State.Warning);
    }

    /// @inheritdoc ISolvencyRegistry
    function latest(bytes32 venue) external view returns (Verdict memory verdict) {
        Head memory head = _chains[venue].head;
        if (head.round == 0) return verdict;
        Facts memory facts = _facts(venue, head);
        verdict.state = States.judge(facts, block.timestamp);
        (verdict.round, verdict.sequence) = (head.round, head.sequence);
        (verdict.asOf, verdict.coverageBps) = (head.asOf, head.coverageBps);
        if (head.bits & FAILING != 0) verdict.failing = head.failing;
        (verdict.faults, verdict.rules) = (head.bits & FAULTS, head.rules);
        verdict.revoked = facts.revoked;
    }

    /// @inheritdoc ISolvencyRegistry
    function recordHash(bytes32 venue, uint64 round) external view returns (bytes32) {
        return _chains[venue].records[round];
    }

    /// @inheritdoc ISolvencyRegistry
    function isRevoked(bytes32 venue, uint64 round) external view returns (bool) {
        return _chains[venue].findings[round].revokedAt != 0;
    }

    /// @inheritdoc ISolvencyRegistry
    function revokedAt(bytes32 venue, uint64 round) external view returns (uint64) {
        return _chains[venue].findings[round].revokedAt;
    }

    /// @inheritdoc ISolvencyRegistry
    function bandUntil(bytes32 venue) external view returns (uint64) {
        return _chains[venue].head.bandUntil;
    }

    /// @inheritdoc ISolvencyRegistry
    function breachedAt(bytes32 venue, uint64 round) external view returns (uint64 time) {
        time = _chains[venue].findings[round].breachedAt;
        Head storage head = _chains[venue].head;
        if (time != 0 || round == 0 || head.round != round) return time;
        uint64 removed = _removedAt(venue, head.bits);
        if (removed >= head.appendedAt) time = removed;
    }

    /// @inheritdoc ISolvencyRegistry
    function lastDrawn(bytes32 venue) external view returns (uint16 day, uint8 most) {
        uint24 drew = _chains[venue].head.drew;
        return (uint16(drew), uint8(drew >> 16));
    }

    /// @inheritdoc IVolumes
    function volume(
        bytes32 venue,
        uint64 round,
        Record calldata record,
        bytes32[] calldata phase1,
        uint256 v
    ) external view returns (bytes32 word, bool revoked) {
        _requireRecord(venue, round, record);
        bytes32 digest = keccak256(abi.encodePacked(phase1));
        if (digest != record.phase1) revert OtherPhase1(digest, record.phase1);
        if (v >= record.volumes) revert VolumeUnknown(v);
        word = bytes32(uint256(keccak256(abi.encode(VOLUME, record.context, v))) % R);
        revoked =
            _chains[venue].findings[round].revokedAt != 0 ||
            VENUES.isRevoked(venue, record.rules, record.verifier);
    }

    /// A finding beyond the tolerance: the first counts as a warning, the second as a breach. One
    /// too soon after the first is no second one; it is refused where it would change nothing.
    function _findFar(bytes32 venue, uint64 round, Finding memory finding) private {
        if (finding.farIn == 0) {
            (finding.farIn, finding.farAt) = (uint64(block.number), uint40(block.timestamp));
            return;
        }
        if (_isTooSoon(finding)) {
            if (!finding.short) return;
            uint64 fromBlock = finding.farIn + uint64(RECHECK_BLOCKS);
            revert RecheckTooSoon(fromBlock, finding.farAt + uint64(RECHECK_TIME));
        }
        finding.broken = true;
        if (finding.breachedAt == 0) {
            finding.breachedAt = uint40(block.timestamp);
            emit Breached(venue, round, uint64(block.timestamp));
        }
    }

    function _isTooSoon(Finding memory finding) internal view returns (bool) {
        if (block.number < finding.farIn + RECHECK_BLOCKS) return true;
        return block.timestamp < finding.farAt + RECHECK_TIME;
    }

    function _facts(bytes32 venue, Head memory head) private view returns (Facts memory facts) {
        facts.round = head.round;
        if (head.round == 0) return facts;
        Finding memory finding = _chains[venue].findings[head.round];
        IVenues.VenueStanding memory standing = VENUES.standingOf(venue, head.rules, head.verifier);
        (facts.asOf, facts.appendedAt) = (head.asOf, head.appendedAt);
        facts.maxAge = standing.limits.maxAge;
        facts.pausedUntil = standing.pausedUntil;
        facts.alarmedUntil = OBSERVERS.alarmedUntil(venue);
        facts.removedAt = _removedAt(venue, head.bits);
        facts.bandUntil = head.bandUntil;
        facts.failing = head.bits & (FAILING | _bit(Fault.Prices)) != 0;
        facts.revoked = standing.revoked || finding.revokedAt != 0;
        facts.broken = finding.broken;
        uint8 doubts = _bit(Fault.Unmarked) | _bit(Fault.Unreadable);
        facts.doubtful = finding.short || head.bits & doubts != 0;
        facts.confirmed = finding.confirmed;
    }

    /// When a reserve that the latest attestation may rest on was last removed.
    function _removedAt(bytes32 venue, uint8 bits) internal view returns (uint64 time) {
        time = RESERVES.removedAt(venue);
        if (bits & ELSEWHERE_COUNTS == 0) return time;
        uint64 there = ELSEWHERE.removedAt(venue);
        if (there > time) time = there;
    }

    /// The head, if the record is the latest attestation's and the needs are its needs.
    function _latest(
        bytes32 venue,
        Record calldata record,
        Needs calldata needs
    ) private view returns (Head memory head) {
        head = _chains[venue].head;
        _requireRecord(venue, head.round, record);
        bytes32 digest = keccak256(abi.encode(needs));
        if (digest != record.needs) revert OtherNeeds(digest, record.needs);
    }

    function _requireRecord(
        bytes32 venue,
        uint64 round,
        Record calldata record
    ) private view returns (bytes32 hash) {
        bytes32 expected = _chains[venue].records[round];
        if (expected == 0) revert NoAttestation(venue, round);
        hash = keccak256(abi.encode(record));
        if (hash != expected) revert OtherRecord(hash, expected);
    }

    function _bit(Fault fault) internal pure returns (uint8) {
        return uint8(1) << uint8(fault);
    }
}
