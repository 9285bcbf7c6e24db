// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {ISolvencyRegistry} from "./interfaces/ISolvencyRegistry.sol";

/// @title The check to make before taking money
/// @notice Reads a venue's latest attestation and reverts unless it shows solvency now. Nobody
/// needs to act when it no longer does: an attestation that fails, is revoked or grows too old
/// makes every check revert. Check before anything that adds risk, never before a withdrawal.
library Solvency {
    /// @notice The venue has no attestation yet.
    error NoAttestation(bytes32 venue);
    /// @notice The snapshot of the latest attestation is too old; wait for the next one. In
    /// seconds.
    error Stale(uint256 age, uint256 maxAge);
    /// @notice Clauses of the policy fail in the latest attestation: one bit for each, the first
    /// clause the lowest.
    error DoesNotHold(uint256 failingClauses);
    /// @notice The rules of the latest attestation were retired, or its verifier was frozen.
    error Revoked(bytes32 venue, uint64 sequence);
    /// @notice The coverage is below the minimum. In 1/10,000.
    error Coverage(uint256 got, uint256 min);

    /// @notice Reverts unless the latest attestation of a venue holds, is fresh and shows enough
    /// coverage.
    /// @param registry The registry that has the attestations.
    /// @param venue The venue's id in the registry.
    /// @param maxAge The largest age of the snapshot, in seconds.
    /// @param minCoverageBps The least coverage, reserves divided by what is owed, in 1/10,000.
    function requireSolvent(
        ISolvencyRegistry registry,
        bytes32 venue,
        uint256 maxAge,
        uint256 minCoverageBps
    ) internal view {
        ISolvencyRegistry.Verdict memory verdict = registry.latest(venue);
        if (verdict.asOf == 0) revert NoAttestation(venue);
        uint256 age = block.timestamp - verdict.asOf;
        if (age > maxAge) revert Stale(age, maxAge);
        if (verdict.revoked) revert Revoked(venue, verdict.sequence);
        if (verdict.failing != 0) revert DoesNotHold(verdict.failing);
        uint256 coverage = verdict.coverageBps;
        if (coverage < minCoverageBps) revert Coverage(coverage, minCoverageBps);
    }
}
