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

    /// @notice Makes all checks of `verify` but the last, the check of pairings, which is left to
    /// `settle`: so several proofs need one. Until then nothing is proved. The arguments are those of
    /// `verify`, encoded in the same way.
    /// @return phase1 As of `verify`.
    /// @return opening The coordinates of the commitment that opens at u.
    /// @return accumulated The coordinates of the point that must be tau times this, where tau is the
    /// setup's secret.
    function accumulate(
        uint256[] calldata instance,
        uint256 scenarios,
        bytes calldata proof
    )
        external
        view
        returns (bytes32 phase1, uint256[2] memory opening, uint256[2] memory accumulated);

    /// @notice Makes the check of pairings for several proofs at once. Reverts with `DoesNotHold` if it
    /// fails for any of them, but for a chance of one in 2^253.
    ///
    /// Why: a proof holds if A = tau W, where W is `opening` and A is `accumulated`. For proofs
    /// i = 0, 1, .. let D_i = A_i - tau W_i. What is checked is that the sum of r_i D_i is zero, where
    /// r_0 = 1 and every other r_i is a hash of all W and A and of i, modulo the order of the group.
    /// The D follow from the W and A, which are fixed before any r_i can be known. If some D_i is not
    /// zero, the sum is zero for one value of one of the r_i at most: of the last i for which D_i is
    /// not zero if it is not 0, and else the sum is D_0. Trying other proofs is a new try at the same
    /// chance.
    ///
    /// So it is the callers' to pass exactly what `accumulate` of this contract returned to them for
    /// each proof in question: points from elsewhere say nothing.
    /// @param points For each proof `opening` and `accumulated`, at least one.
    function settle(uint256[4][] calldata points) external view;
}
