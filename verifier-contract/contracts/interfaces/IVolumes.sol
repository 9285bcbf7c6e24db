// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

/// @title The proved volumes of accepted attestations
/// @notice What a statement is opened against.
interface IVolumes {
    /// @notice One proved volume. Reverts where the attestation was not accepted or has no such volume.
    /// @param protocol The protocol.
    /// @param sequence The attestation's number.
    /// @param v The volume's number, from 0.
    /// @return word The context word: the first public input of the volume's proof.
    /// @return phase1 keccak256 of the proof's commitments of phase 1, 64 bytes each.
    /// @return table keccak256 of the instrument table as words: one cap per instrument, then per
    /// scenario one value plus 2^64 per instrument.
    /// @return verifier The contract that verified the proof.
    function volume(bytes32 protocol, uint64 sequence, uint256 v)
        external
        view
        returns (bytes32 word, bytes32 phase1, bytes32 table, address verifier);
}
