// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {ICompensation} from "../interfaces/ICompensation.sol";
import {ISolvencyRegistry, Record, State} from "../interfaces/ISolvencyRegistry.sol";
import {FundTerms} from "./FundTerms.sol";

/// @title From a breach to the attestation that is paid on
/// @notice Nobody chooses: whether an attestation can be nominated follows from facts that were fixed
/// when the breach happened, and a later one that can be always takes the place of an earlier one. What
/// is not nominated in the grace is not paid on, so a holder who knows of a better one nominates it.
///
/// Whoever guards the venue could revoke what is about to be paid on. So what was revoked after the
/// breach counts as if it were not; and what was revoked before gives way to what was not, but only if
/// that is about as recent. To revoke all, or all but an old one, changes nothing. That rules were
/// retired or a verifier was frozen does not count here: whoever knows an attestation to be false
/// revokes it.
abstract contract FundCase is FundTerms {
    /// How long after the grace it can be opened, where there were attestations since.
    uint64 private constant OPENED_WITHIN = 7 days;

    /// @inheritdoc ICompensation
    function report(uint64 round) external {
        ISolvencyRegistry.Verdict memory latest = REGISTRY.latest(VENUE);
        if (_hasLapsed(latest.round)) delete _case;
        _requirePhase(Phase.Waiting);
        if (round == 0 || round > latest.round) revert NotInBreach();
        if (round < _cancelledBy) revert HealedBefore(_cancelledBy);
        uint64 expiredAfter = uint64(Math.max(EXPIRED_AFTER, _leastExpiry()));
        // A pause keeps no prover from attesting, so that it is paused does not matter here.
        uint64 since = REGISTRY.breachedAt(VENUE, latest.round);
        uint64 expired = latest.asOf + expiredAfter;
        if (since == 0 || expired < since) since = expired;
        if (round != latest.round) {
            // Else whoever reports could choose the time of the breach.
            if (since <= block.timestamp) revert ReportLatest(latest.round);
            // Only what holds heals: reserves that nobody marked may be borrowed.
            if (_heals(latest)) revert Healed(latest.round);
            since = REGISTRY.breachedAt(VENUE, round);
            if (since == 0 || since + expiredAfter < block.timestamp) revert NotInBreach();
        }
        if (since > block.timestamp) revert NotInBreach();
        uint64 grace = uint64(Math.min(Math.max(GRACE, _leastGrace()), GRACE_AT_MOST));
        (_case.breached, _case.breachAt, _case.expiredAfter) = (round, since, expiredAfter);
        _case.reportedAt = uint64(block.timestamp);
        _case.opensFrom = uint64(block.timestamp) + grace;
        emit Reported(round, since, _case.opensFrom);
    }

    /// @inheritdoc ICompensation
    function cancel(uint64 round, Record calldata record) external {
        // Also where nobody was nominated for so long that it is over.
        if (!_isReported()) revert WrongPhase(phase());
        uint64 breached = _case.breached;
        if (round <= breached) revert NotLater(round, breached);
        _requireRecord(round, record);
        // Or it is healthy now, since what left a band was confirmed.
        bool holds = _held(record) || (round == REGISTRY.latest(VENUE).round && _isHealthy());
        bool broken =
            REGISTRY.breachedAt(VENUE, round) != 0 ||
                VENUES.isRevoked(VENUE, record.rules, record.verifier);
        if (!holds || broken) revert NotHealthy(round);
        uint64 revoked = REGISTRY.revokedAt(VENUE, round);
        if (revoked != 0) revert RevokedBefore(round, revoked);
        delete _case;
        (_cancelledBy, _cancelledAt) = (round, uint64(block.timestamp));
        emit Cancelled(breached, round);
    }

    /// @inheritdoc ICompensation
    function nominate(uint64 round, Record calldata record) external {
        _requirePhase(Phase.Reported);
        _requireRecord(round, record);
        if (!_held(record)) revert NotHealthy(round);
        uint64 breachAt = _case.breachAt;
        // Those after the reported one are too young: they were appended after the breach.
        uint64 settled = record.appendedAt + SETTLED_FOR;
        if (settled > breachAt) revert TooYoung(round, record.appendedAt, breachAt);
        uint64 breached = REGISTRY.breachedAt(VENUE, round);
        if (breached != 0 && breached < breachAt) revert BreachedBefore(round, breached);
        uint64 revoked = REGISTRY.revokedAt(VENUE, round);
        bool stood = revoked == 0 || revoked > breachAt;
        bool preferred = stood && settled + _case.expiredAfter >= breachAt;
        bool better = preferred == _case.preferred ? round > _case.round : preferred;
        if (!better) revert NotBetter(round, _case.round);
        WITNESS.keep(record.verifier, record.rules, record.appendedAt);
        (_case.round, _case.preferred) = (round, preferred);
        (_case.owed, _case.needs) = (record.owed, record.needs);
        emit Nominated(round, record.owed, preferred);
    }

    /// @inheritdoc ICompensation
    function open() external {
        _requirePhase(Phase.Reported);
        uint64 from = _case.opensFrom;
        if (block.timestamp < from) revert TooEarly(from);
        if (_case.round == 0) revert NobodyNominated();
        ISolvencyRegistry.Verdict memory latest = REGISTRY.latest(VENUE);
        if (latest.round > _case.breached && _heals(latest)) revert Healed(latest.round);
        if (_hasLapsed(latest.round)) revert ReportLapsed(from + OPENED_WITHIN);
        _case.openedAt = uint64(block.timestamp);
        emit Opened(_case.round, _case.owed, _claimsUntil(), _fixedFrom());
    }

    /// Whether a breach was reported, and the fund is not open.
    function _isReported() private view returns (bool) {
        return _case.reportedAt != 0 && _case.openedAt == 0;
    }

    /// Whether what was reported may long have been healed, with nobody to cancel. Without an
    /// attestation since, nothing can have healed it.
    function _hasLapsed(uint64 latest) private view returns (bool) {
        bool late = block.timestamp >= _case.opensFrom + OPENED_WITHIN;
        return _isReported() && latest > _case.breached && late;
    }

    /// Checks that this is the record of an attestation.
    function _requireRecord(uint64 round, Record calldata record) private view {
        bytes32 expected = REGISTRY.recordHash(VENUE, round);
        bytes32 hash = keccak256(abi.encode(record));
        if (expected != hash || expected == bytes32(0)) revert OtherRecord(hash, expected);
    }

    /// Whether an attestation held when it was appended, inside its bands, with marks.
    function _held(Record calldata record) private pure returns (bool) {
        return record.failing == 0 && record.faults == 0;
    }

    /// Whether the latest attestation holds and was never in breach, or is healthy by now.
    function _heals(ISolvencyRegistry.Verdict memory latest) private view returns (bool) {
        bool holds = latest.failing == 0 && latest.faults == 0 && !latest.revoked;
        if (holds && REGISTRY.breachedAt(VENUE, latest.round) == 0) return true;
        return _isHealthy();
    }

    function _isHealthy() private view returns (bool) {
        return REGISTRY.stateOf(VENUE) == State.Healthy;
    }
}
