// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {IAggregatorV3} from "./interfaces/IAggregatorV3.sol";
import {ISolvencyRegistry} from "./interfaces/ISolvencyRegistry.sol";

/// @title A venue's coverage as a price oracle
/// @notice For circuit breakers that read oracles but know no registry. A round is an attestation.
/// Its answer is the coverage, reserves divided by what is owed, with 8 decimals, and its time is
/// that of the snapshot. The answer is 0 for an attestation that fails its policy, and for the
/// latest one if it was revoked: any limit above 0 then trips the breaker. If nothing is owed, the
/// answer is the largest number. The breaker must check the age itself, as with every oracle.
contract CoverageFeed is IAggregatorV3 {
    /// @notice The registry that has the attestations.
    /// @return Its address.
    ISolvencyRegistry public immutable REGISTRY;
    /// @notice The venue whose attestations these are.
    /// @return Its id in the registry.
    bytes32 public immutable VENUE;

    /// @inheritdoc IAggregatorV3
    uint8 public constant decimals = 8;
    /// @inheritdoc IAggregatorV3
    string public constant description = "Coverage of what is owed by reserves";
    /// @inheritdoc IAggregatorV3
    uint256 public constant version = 1;

    /// @notice The venue has no attestation yet.
    error NoAttestation(bytes32 venue);
    /// @notice There is no such round: a sequence number has at most 64 bits.
    error NoRound(uint80 roundId);

    /// @param registry The registry.
    /// @param venue The venue's id in the registry.
    constructor(ISolvencyRegistry registry, bytes32 venue) {
        REGISTRY = registry;
        VENUE = venue;
    }

    /// @inheritdoc IAggregatorV3
    function latestRoundData()
        external
        view
        returns (uint80, int256 answer, uint256, uint256, uint80)
    {
        ISolvencyRegistry.Verdict memory verdict = REGISTRY.latest(VENUE);
        if (verdict.asOf == 0) revert NoAttestation(VENUE);
        answer = _answer(verdict.sequence);
        return (verdict.sequence, answer, verdict.asOf, verdict.asOf, verdict.sequence);
    }

    /// @inheritdoc IAggregatorV3
    function getRoundData(
        uint80 roundId
    ) external view returns (uint80, int256 answer, uint256, uint256, uint80) {
        if (roundId > type(uint64).max) revert NoRound(roundId);
        uint64 sequence = uint64(roundId);
        uint64 asOf = REGISTRY.recordOf(VENUE, sequence).asOf;
        return (roundId, _answer(sequence), asOf, asOf, roundId);
    }

    function _answer(uint64 sequence) private view returns (int256) {
        ISolvencyRegistry.Record memory record = REGISTRY.recordOf(VENUE, sequence);
        if (record.failing != 0) return 0;
        // `getRoundData` of the latest round must agree with `latestRoundData`.
        ISolvencyRegistry.Verdict memory verdict = REGISTRY.latest(VENUE);
        if (verdict.revoked && verdict.sequence == sequence) return 0;
        uint256 owed = REGISTRY.figuresOf(VENUE, sequence)[0].owed;
        if (owed == 0) return type(int256).max;
        // Reserves have 128 bits, so this has fewer than 255.
        return int256((uint256(record.reserves) * 10 ** decimals) / owed);
    }
}
