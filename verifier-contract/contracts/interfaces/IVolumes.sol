// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

/// @title The volumes that a registry accepted
/// @notice Three hashes of each volume, enough to check statements long after the submission.
interface IVolumes {
    /// @notice A volume of an accepted attestation. Reverts if there is no such volume, or if its
    /// attestation is not appended yet.
    /// @param venue The venue's id in the registry.
    /// @param sequence The attestation's sequence number.
    /// @param v The volume's number, from 0.
    /// @return word The volume's context word, the first public input of its proof.
    /// @return phase1 keccak256 of the proof's commitments of phase 1, as returned by
    /// `IVolumeVerifier.verify`.
    /// @return table keccak256 of the number of scenarios and of the instrument table as in the
    /// public inputs, one word for each entry: the caps (0 for none), then for each scenario the
    /// values plus 2^64. The number fixes which word is which. If the table has
    /// plain and covered rows: keccak256 of a byte 1, of that hash, and of two bytes for each such
    /// row in order, the number of the row that it stands for.
    /// @return verifier The verifier that accepted the proof.
    function volume(
        bytes32 venue,
        uint64 sequence,
        uint256 v
    ) external view returns (bytes32 word, bytes32 phase1, bytes32 table, address verifier);
}
