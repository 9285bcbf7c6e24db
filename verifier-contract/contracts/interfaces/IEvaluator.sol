// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Outcome} from "../Policy.sol";
import {Prices, Stated, Volume} from "../Submission.sol";
import {IProtocols} from "./IProtocols.sol";
import {ISolvencyRegistry} from "./ISolvencyRegistry.sol";
import {IVolumeVerifier} from "./IVolumeVerifier.sol";

/// @title What an attestation comes to
/// @notice The half of the registry that has no state: one contract would be larger than a chain accepts.
/// Each registry creates its own and can have no other. That the program is the registered one, that the
/// verifier is, and who asks, is the registry's to check.
interface IEvaluator {
    /// What the proofs of an attestation are bound to.
    struct Bound {
        /// The context digest.
        bytes32 context;
        /// The digest of the prices.
        bytes32 prices;
        /// keccak256 of the instrument table, as `IVolumes.volume` describes it.
        bytes32 table;
        /// Scenarios of the table.
        uint256 scenarios;
    }

    /// @notice The context, prices and table of an attestation of so many volumes.
    function bind(ISolvencyRegistry.Submission calldata submission, uint256 volumes)
        external
        pure
        returns (Bound memory);

    /// @notice Has `verifier` check one volume; reverts where the proof does not hold, or where the totals
    /// are no accounts' that balance.
    /// @return phase1 What `IVolumeVerifier.verify` returns.
    function prove(
        IVolumeVerifier verifier,
        bytes32 context,
        uint256 volume,
        bytes calldata program,
        Prices calldata prices,
        Volume calldata proved
    ) external view returns (bytes32 phase1);

    /// @notice Evaluates the policy on the sum of the totals, on what the header states and on the reserves
    /// at this block.
    function evaluate(
        bytes calldata program,
        Prices calldata prices,
        Stated calldata stated,
        ISolvencyRegistry.Totals[] calldata totals,
        IProtocols.Reserve[] calldata reserves
    ) external view returns (Outcome memory);

    /// @notice All three at once.
    function evaluateAll(
        ISolvencyRegistry.Submission calldata submission,
        Volume[] calldata volumes,
        IVolumeVerifier verifier,
        IProtocols.Reserve[] calldata reserves
    ) external view returns (Bound memory bound, bytes32[] memory phase1, Outcome memory outcome);

    /// @notice The digest of prices, as a context holds it.
    function pricesDigest(Prices calldata prices) external pure returns (bytes32);
}
