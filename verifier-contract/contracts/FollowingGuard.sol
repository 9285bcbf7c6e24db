// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Demands} from "./Solvency.sol";
import {SolvencyAnswers} from "./SolvencyAnswers.sol";
import {SolvencyGuard} from "./SolvencyGuard.sol";
import {ISolvencyRegistry} from "./interfaces/ISolvencyRegistry.sol";
import {ISolvencySource} from "./interfaces/ISolvencySource.sol";

/// @title A guard that follows its venue to the next registry
/// @notice As `SolvencyGuard`, which goes by one registry for ever. While the source does not answer
/// the guard is closed, and its views do not revert.
abstract contract FollowingGuard is SolvencyGuard {
    /// @notice What says which registry counts.
    /// @return Its address.
    ISolvencySource public immutable SOLVENCY_SOURCE;

    /// @notice That is not the registry and the venue that count now.
    error OtherSource(ISolvencyRegistry registry, bytes32 venue);

    /// @param from Says which registry counts.
    /// @param registry The registry that counts now, as it says.
    /// @param venue The venue's id in it.
    /// @param demands What `whenSolvent` demands.
    constructor(
        ISolvencySource from,
        ISolvencyRegistry registry,
        bytes32 venue,
        Demands memory demands
    ) SolvencyGuard(registry, venue, demands) {
        (ISolvencyRegistry counts, bytes32 id) = SolvencyAnswers.sourceOf(from);
        if (address(counts) != address(registry) || id != venue) revert OtherSource(counts, id);
        SOLVENCY_SOURCE = from;
    }

    /// @inheritdoc SolvencyGuard
    function solvencySource() public view virtual override returns (ISolvencyRegistry, bytes32) {
        return SolvencyAnswers.sourceOf(SOLVENCY_SOURCE);
    }
}
