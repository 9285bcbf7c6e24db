// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {ISolvencyRegistry} from "./interfaces/ISolvencyRegistry.sol";

/// @title One question before money goes in
/// @notice Reads the protocol's latest attestation and reverts where it does not show solvency now. Nobody
/// has to close anything: an attestation that fails, is revoked or grows old closes every gate by itself.
/// Ask before what adds to the risk, never before a withdrawal.
library Solvency {
    /// @notice The protocol has no attestation yet.
    error NoAttestation(bytes32 protocol);
    /// @notice The latest attestation's snapshot is `age` seconds old; wait for the next one.
    error Stale(uint256 age, uint256 maxAge);
    /// @notice Clauses of the policy fail in the latest attestation: one bit each, the first the lowest.
    error DoesNotHold(uint256 failingClauses);
    /// @notice The rules of the latest attestation were retired since, or its verifier frozen.
    error Revoked(bytes32 protocol, uint64 sequence);
    /// @notice Reserves cover less of what is owed than asked for, in 1/10,000.
    error Coverage(uint256 got, uint256 min);

    /// @notice Reverts unless the latest attestation of `protocol` holds, is at most `maxAge` seconds old
    /// and shows a coverage of at least `minCoverageBps`.
    function requireSolvent(
        ISolvencyRegistry registry,
        bytes32 protocol,
        uint256 maxAge,
        uint256 minCoverageBps
    ) internal view {
        ISolvencyRegistry.Verdict memory verdict = registry.latest(protocol);
        if (verdict.asOf == 0) revert NoAttestation(protocol);
        uint256 age = block.timestamp - verdict.asOf;
        if (age > maxAge) revert Stale(age, maxAge);
        if (verdict.revoked) revert Revoked(protocol, verdict.sequence);
        if (verdict.failing != 0) revert DoesNotHold(verdict.failing);
        uint256 coverage = verdict.coverageBps;
        if (coverage < minCoverageBps) revert Coverage(coverage, minCoverageBps);
    }
}
