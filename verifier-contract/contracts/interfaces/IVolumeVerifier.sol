// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

/// @title Checks the proof of one volume of a book
/// @notice A verifier belongs to one circuit and one setup; `KEY` identifies both. The numbers of
/// instruments and of scenarios are not fixed.
interface IVolumeVerifier {
    /// @notice The verifying key.
    /// @return Its digest, as attestations name it and `pacioli key` prints it.
    function KEY() external view returns (bytes32);

    /// @notice The circuit has `2^K` rows.
    /// @return K.
    function K() external view returns (uint256);

    /// @notice The number of slots in a page.
    /// @return The number, a power of two.
    function PAGE_SIZE() external view returns (uint256);

    /// @notice Checks that the proof holds for these public inputs, and that totals times values sum
    /// to zero in every scenario. Reverts with an error that names the failed check if it does not.
    ///
    /// What is proved is only that every account balances in *these* scenarios, with *these* caps
    /// and values. The caller must know them from elsewhere, as the registry does from the program
    /// whose hash is in the context word: a caller who lets the prover choose any of them is lost.
    /// With the scenario of mark alone, nothing bounds what is owed in a stress, and with values of
    /// zero everything balances. Nothing in the key or in the proof says how many scenarios there
    /// should be.
    /// @param instance The context word; then, with one entry for each instrument, the counts, the
    /// quantities, the caps (0 for none), and for each scenario the values plus 2^64. Its length is
    /// `1 + instruments * (3 + scenarios)`.
    /// @param scenarios The number of scenarios, twins and cover included: from 1 to 1,024, mark the
    /// first of them.
    /// @param proof The bytes of the proof, as in the attestation.
    /// @return phase1 keccak256 of the commitments of phase 1, as in the proof: the lines and their
    /// seals, against which statements are checked.
    function verify(
        uint256[] calldata instance,
        uint256 scenarios,
        bytes calldata proof
    ) external view returns (bytes32 phase1);
}
