// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

/// @title Checks the proof of one volume of a book
/// @notice A verifier is for one circuit and one setup; `KEY` names both. The number of instruments
/// is not part of it.
interface IVolumeVerifier {
    /// @notice The digest of the verifying key, as attestations and `pacioli key` print it.
    function KEY() external view returns (bytes32);

    /// @notice The circuit has `2^K` rows.
    function K() external view returns (uint256);

    /// @notice Scenarios that every instrument is valued in.
    function SCENARIOS() external view returns (uint256);

    /// @notice Slots of a page.
    function PAGE_SIZE() external view returns (uint256);

    /// @notice Checks that the proof holds for these public inputs, and reverts with an error that
    /// names what does not hold.
    /// @param instance The context word; then, one value per instrument each: the counts, the
    /// quantities, the caps (0 for none), and per scenario the values plus 2^64. So its length is
    /// `1 + instruments * (3 + SCENARIOS)`.
    /// @param proof The proof's bytes as they stand in the attestation.
    /// @return phase1 keccak256 of the commitments of phase 1 as they stand in the proof: the lines
    /// and their seals, which statements are opened against.
    function verify(uint256[] calldata instance, bytes calldata proof)
        external
        view
        returns (bytes32 phase1);
}
