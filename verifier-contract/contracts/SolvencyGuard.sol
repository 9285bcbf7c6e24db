// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Solvency} from "./Solvency.sol";
import {ISolvencyRegistry} from "./interfaces/ISolvencyRegistry.sol";

/// @title The base of a contract that takes money only while a venue shows solvency
/// @notice Put `whenSolvent` on deposits and new positions. Do not put it on withdrawals, or on
/// anything that lowers risk: nobody should be locked in with a venue in trouble.
abstract contract SolvencyGuard {
    /// @notice The registry that has the attestations.
    /// @return Its address.
    ISolvencyRegistry public immutable SOLVENCY_REGISTRY;
    /// @notice The venue whose attestations count.
    /// @return Its id in the registry.
    bytes32 public immutable SOLVENCY_VENUE;
    /// @notice The largest age of the latest snapshot.
    /// @return Seconds.
    uint256 public immutable SOLVENCY_MAX_AGE;
    /// @notice The least coverage, reserves divided by what is owed.
    /// @return 1/10,000.
    uint256 public immutable SOLVENCY_MIN_COVERAGE_BPS;

    /// @notice There is no contract at the registry's address.
    error NoRegistry(address registry);

    /// @param registry The registry that has the attestations.
    /// @param venue The venue's id in the registry.
    /// @param maxAge The largest age of the latest snapshot, in seconds.
    /// @param minCoverageBps The least coverage, in 1/10,000.
    constructor(ISolvencyRegistry registry, bytes32 venue, uint256 maxAge, uint256 minCoverageBps) {
        if (address(registry).code.length == 0) revert NoRegistry(address(registry));
        SOLVENCY_REGISTRY = registry;
        SOLVENCY_VENUE = venue;
        SOLVENCY_MAX_AGE = maxAge;
        SOLVENCY_MIN_COVERAGE_BPS = minCoverageBps;
    }

    /// @notice Reverts with an error of `Solvency` unless the venue shows solvency now.
    modifier whenSolvent() {
        Solvency.requireSolvent(
            SOLVENCY_REGISTRY,
            SOLVENCY_VENUE,
            SOLVENCY_MAX_AGE,
            SOLVENCY_MIN_COVERAGE_BPS
        );
        _;
    }
}
