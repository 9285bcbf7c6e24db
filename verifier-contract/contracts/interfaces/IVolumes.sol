// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

/// @title What a registry keeps of every volume it accepted
/// @notice Enough to open statements against, long after the submission: three hashes.
interface IVolumes {
    /// @notice A volume of an accepted attestation. Reverts where there is no such volume, or where
    /// its attestation is not sealed yet.
    /// @param protocol The protocol's id in the registry.
    /// @param sequence The attestation's number.
    /// @param v The volume's number, from 0.
    /// @return word The volume's context word: the first public input of its proof.
    /// @return phase1 keccak256 of the proof's commitments of phase 1, as `IVolumeVerifier.verify`
    /// returns it.
    /// @return table keccak256 of the instrument table as it stands in the public inputs, in words:
    /// the caps (0 for none), then for each scenario the values plus 2^64.
    /// @return verifier The verifier that accepted the proof.
    function volume(bytes32 protocol, uint64 sequence, uint256 v)
        external
        view
        returns (bytes32 word, bytes32 phase1, bytes32 table, address verifier);
}
