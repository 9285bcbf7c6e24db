// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

/// @title Checks the proof of one volume of a book
/// @notice A verifier belongs to one circuit and one setup; `KEY` identifies both. The number of
/// instruments is not fixed.
interface IVolumeVerifier {
    /// @notice The verifying key.
    /// @return Its digest, as attestations name it and `pacioli key` prints it.
    function KEY() external view returns (bytes32);

    /// @notice The circuit has `2^K` rows.
    /// @return K.
    function K() external view returns (uint256);

    /// @notice The number of scenarios in which every instrument has a value.
    /// @return The number, twins included.
    function SCENARIOS() external view returns (uint256);

    /// @notice The number of slots in a page.
    /// @return The number, a power of two.
    function PAGE_SIZE() external view returns (uint256);

    /// @notice Checks that the proof holds for these public inputs. Reverts with an error that
    /// names the failed check if it does not.
    /// @param instance The context word; then, with one entry for each instrument, the counts, the
    /// quantities, the caps (0 for none), and for each scenario the values plus 2^64. Its length is
    /// `1 + instruments * (3 + SCENARIOS)`.
    /// @param proof The bytes of the proof, as in the attestation.
    /// @return phase1 keccak256 of the commitments of phase 1, as in the proof: the lines and their
    /// seals, against which statements are checked.
    function verify(
        uint256[] calldata instance,
        bytes calldata proof
    ) external view returns (bytes32 phase1);
}
