// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {IAggregatorV3} from "./interfaces/IAggregatorV3.sol";
import {ISolvencyRegistry} from "./interfaces/ISolvencyRegistry.sol";

/// @title A protocol's coverage in the form of an oracle
/// @notice For circuit breakers that know oracles and no registry. A round is an attestation; the answer is
/// what its reserves are of what is owed, with 8 digits, and was updated when the snapshot was taken. An
/// attestation whose policy fails answers 0, and so does the latest one when it was revoked since: a
/// breaker that compares with a limit trips, whatever its limit. Where nothing is owed the answer is the
/// largest number. Staleness is the breaker's to compare, as with every oracle.
contract CoverageFeed is IAggregatorV3 {
    /// Where attestations are.
    ISolvencyRegistry public immutable REGISTRY;
    /// Whose attestations these are.
    bytes32 public immutable PROTOCOL;

    /// @inheritdoc IAggregatorV3
    uint8 public constant decimals = 8;
    /// @inheritdoc IAggregatorV3
    string public constant description = "Coverage of what is owed by reserves";
    /// @inheritdoc IAggregatorV3
    uint256 public constant version = 1;

    /// @notice The protocol has no attestation yet.
    error NoAttestation(bytes32 protocol);
    /// @notice No attestation has a number of more than 64 bits.
    error NoRound(uint80 roundId);

    constructor(ISolvencyRegistry registry, bytes32 protocol) {
        REGISTRY = registry;
        PROTOCOL = protocol;
    }

    /// @inheritdoc IAggregatorV3
    function latestRoundData()
        external
        view
        returns (uint80, int256 answer, uint256, uint256, uint80)
    {
        ISolvencyRegistry.Verdict memory verdict = REGISTRY.latest(PROTOCOL);
        if (verdict.asOf == 0) revert NoAttestation(PROTOCOL);
        answer = _answer(verdict.sequence);
        return (verdict.sequence, answer, verdict.asOf, verdict.asOf, verdict.sequence);
    }

    /// @inheritdoc IAggregatorV3
    function getRoundData(uint80 roundId)
        external
        view
        returns (uint80, int256 answer, uint256, uint256, uint80)
    {
        if (roundId > type(uint64).max) revert NoRound(roundId);
        uint64 sequence = uint64(roundId);
        uint64 asOf = REGISTRY.recordOf(PROTOCOL, sequence).asOf;
        return (roundId, _answer(sequence), asOf, asOf, roundId);
    }

    function _answer(uint64 sequence) private view returns (int256) {
        ISolvencyRegistry.Record memory record = REGISTRY.recordOf(PROTOCOL, sequence);
        if (record.failing != 0) return 0;
        // Asked for by its number, the latest round says what it says as the latest.
        ISolvencyRegistry.Verdict memory verdict = REGISTRY.latest(PROTOCOL);
        if (verdict.revoked && verdict.sequence == sequence) return 0;
        uint256 owed = REGISTRY.figuresOf(PROTOCOL, sequence)[0].owed;
        if (owed == 0) return type(int256).max;
        // Reserves have 128 bits, so this has fewer than 255.
        return int256(uint256(record.reserves) * 10 ** decimals / owed);
    }
}
