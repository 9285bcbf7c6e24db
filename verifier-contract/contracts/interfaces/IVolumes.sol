// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Record} from "./ISolvencyRegistry.sol";

/// @title The volumes that a registry accepted
/// @notice Three hashes of each volume, enough to check statements long after the submission.
interface IVolumes {
    /// @notice A volume of an appended attestation. Reverts if there is no such volume, or if the
    /// record or the hashes are not those of this attestation.
    /// @param venue The venue's id in the registry.
    /// @param round The attestation's number in the registry.
    /// @param record The attestation's record.
    /// @param phase1 keccak256 of the commitments of phase 1 of each volume.
    /// @param v The volume's number, from 0.
    /// @return word The volume's context word, the first public input of its proof.
    /// @return revoked Whether the attestation, its rules or its verifier was revoked. Nobody may pay
    /// on what was revoked.
    function volume(
        bytes32 venue,
        uint64 round,
        Record calldata record,
        bytes32[] calldata phase1,
        uint256 v
    ) external view returns (bytes32 word, bool revoked);
}
