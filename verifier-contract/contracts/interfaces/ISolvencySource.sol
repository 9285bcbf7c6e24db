// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {ISolvencyRegistry} from "./ISolvencyRegistry.sol";

/// @title Says which attestations a guard goes by
interface ISolvencySource {
    /// @notice Which attestations count now.
    /// @return registry The registry.
    /// @return venue The venue's id in it.
    function source() external view returns (ISolvencyRegistry registry, bytes32 venue);
}
