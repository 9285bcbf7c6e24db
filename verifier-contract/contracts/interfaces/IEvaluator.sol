// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Outcome} from "../Policy.sol";
import {Prices, Stated, Volume} from "../Submission.sol";
import {IVenues} from "./IVenues.sol";
import {ISolvencyRegistry} from "./ISolvencyRegistry.sol";
import {IVolumeVerifier} from "./IVolumeVerifier.sol";

/// @title Computes what an attestation proves
/// @notice The part of the registry that has no state: in one contract, both would exceed the code
/// size that a chain accepts. Each registry creates its own evaluator and can have no other. The
/// registry checks that the program and the verifier are the registered ones, and who asks.
interface IEvaluator {
    /// What the proofs of an attestation are bound to.
    struct Bound {
        /// The context digest.
        bytes32 context;
        /// The digest of the prices.
        bytes32 prices;
        /// keccak256 of the instrument table; see `IVolumes.volume`.
        bytes32 table;
        /// The number of scenarios in the table, twins and cover included.
        uint256 scenarios;
    }

    /// @notice Computes the context, the prices' digest and the table of an attestation.
    /// @param submission The attestation without its volumes.
    /// @param volumes The number of volumes.
    /// @return What the proofs are bound to.
    function bind(
        ISolvencyRegistry.Submission calldata submission,
        uint256 volumes
    ) external pure returns (Bound memory);

    /// @notice Has `verifier` check one volume, in the scenarios and with the caps and values that
    /// the program and the prices come to. Reverts if the proof does not hold, or if the totals
    /// cannot be those of accounts that balance.
    /// @param verifier The verifier.
    /// @param context The context digest.
    /// @param volume The volume's number, from 0.
    /// @param program The program registered for the rules.
    /// @param prices The attestation's prices.
    /// @param proved The volume.
    /// @return phase1 keccak256 of the proof's commitments of phase 1.
    function prove(
        IVolumeVerifier verifier,
        bytes32 context,
        uint256 volume,
        bytes calldata program,
        Prices calldata prices,
        Volume calldata proved
    ) external view returns (bytes32 phase1);

    /// @notice Evaluates the policy on the sum of the totals, on what the header states, and on the
    /// reserves in this block.
    /// @param program The program registered for the rules.
    /// @param prices The attestation's prices.
    /// @param stated What the header states.
    /// @param totals The totals of every volume.
    /// @param reserves The venue's listed reserves.
    /// @return The figures and the verdict on each clause.
    function evaluate(
        bytes calldata program,
        Prices calldata prices,
        Stated calldata stated,
        ISolvencyRegistry.Totals[] calldata totals,
        IVenues.Reserve[] calldata reserves
    ) external view returns (Outcome memory);

    /// @notice Does all three in one call.
    /// @param submission The attestation without its volumes.
    /// @param volumes All volumes, in order.
    /// @param verifier The verifier.
    /// @param reserves The venue's listed reserves.
    /// @return bound What the proofs are bound to.
    /// @return phase1 For each volume, keccak256 of the proof's commitments of phase 1.
    /// @return outcome The figures and the verdict on each clause.
    function evaluateAll(
        ISolvencyRegistry.Submission calldata submission,
        Volume[] calldata volumes,
        IVolumeVerifier verifier,
        IVenues.Reserve[] calldata reserves
    ) external view returns (Bound memory bound, bytes32[] memory phase1, Outcome memory outcome);

    /// @notice Computes the digest of prices.
    /// @param prices The prices.
    /// @return The digest, as in a context.
    function pricesDigest(Prices calldata prices) external pure returns (bytes32);
}
