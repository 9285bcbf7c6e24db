// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Solvency} from "./Solvency.sol";
import {ISolvencyRegistry} from "./interfaces/ISolvencyRegistry.sol";

/// @title What a contract inherits to close on a protocol that does not show solvency
/// @notice Put `whenSolvent` on deposits and new positions. Leave withdrawals and whatever lowers a risk
/// without it: nobody should be locked in with a venue in trouble.
abstract contract SolvencyGuard {
    /// Where attestations are.
    ISolvencyRegistry public immutable SOLVENCY_REGISTRY;
    /// Whose attestations count.
    bytes32 public immutable SOLVENCY_PROTOCOL;
    /// How many seconds old a snapshot may be.
    uint256 public immutable SOLVENCY_MAX_AGE;
    /// The least coverage, in 1/10,000.
    uint256 public immutable SOLVENCY_MIN_COVERAGE_BPS;

    /// @notice There is no contract where the registry should be.
    error NoRegistry(address registry);

    constructor(
        ISolvencyRegistry registry,
        bytes32 protocol,
        uint256 maxAge,
        uint256 minCoverageBps
    ) {
        if (address(registry).code.length == 0) revert NoRegistry(address(registry));
        SOLVENCY_REGISTRY = registry;
        SOLVENCY_PROTOCOL = protocol;
        SOLVENCY_MAX_AGE = maxAge;
        SOLVENCY_MIN_COVERAGE_BPS = minCoverageBps;
    }

    /// Reverts with an error of `Solvency` unless the protocol shows solvency now.
    modifier whenSolvent() {
        Solvency.requireSolvent(
            SOLVENCY_REGISTRY, SOLVENCY_PROTOCOL, SOLVENCY_MAX_AGE, SOLVENCY_MIN_COVERAGE_BPS
        );
        _;
    }
}
