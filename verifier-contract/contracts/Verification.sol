// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Table} from "./table/Table.sol";
import {IVolumeVerifier} from "./interfaces/IVolumeVerifier.sol";

/// @title Calls a verifier with the public inputs where they are
/// @notice An instance has some thousand words, and a copy of them in the ABI's encoding would cost
/// more than half of what a verifier needs for them. `Program.head` kept room around the instance, and
/// the rest of the call is written there.
library Verification {
    /// @notice The verifier answered with less than its interface has. It may have no code.
    error NoAnswer(address verifier);

    /// What `accumulate` returned for several proofs, as a call of `IVolumeVerifier.settle`.
    struct Points {
        /// Where the call begins.
        uint256 start;
        /// The number of proofs.
        uint256 count;
    }

    /// The bytes of the call before the points: a selector, an offset, and their number.
    uint256 private constant HEAD = 68;

    /// @notice Room for the points of so many proofs.
    /// @param count The number of proofs.
    /// @return points The room.
    function several(uint256 count) internal pure returns (Points memory points) {
        bytes4 selector = IVolumeVerifier.settle.selector;
        uint256 start;
        bytes memory whole = new bytes(HEAD + 128 * count);
        assembly ("memory-safe") {
            start := add(whole, 32)
            mstore(start, selector)
            mstore(add(start, 4), 32)
            mstore(add(start, 36), count)
        }
        (points.start, points.count) = (start, count);
    }

    /// @notice The bytes that must be kept behind an instance to send this proof.
    /// @param proof The proof.
    /// @return The number, with that for the proof's length.
    function room(bytes calldata proof) internal pure returns (uint256) {
        // No calldata is as long as 2^64 bytes.
        unchecked {
            return 32 + ((proof.length + 31) & ~uint256(31));
        }
    }

    /// @notice Calls `IVolumeVerifier.verify`. The number of scenarios and the values are the table's,
    /// never the prover's.
    /// @param verifier The verifier.
    /// @param table The table, compiled with the proof's `room` and filled.
    /// @param proof The proof.
    /// @return phase1 The hash of the proof's commitments of phase 1.
    function verify(
        IVolumeVerifier verifier,
        Table memory table,
        bytes calldata proof
    ) internal view returns (bytes32 phase1) {
        (uint256 start, uint256 size) = _write(IVolumeVerifier.verify.selector, table, proof);
        _call(verifier, start, size, 1);
        // The scratch space has the answer.
        assembly ("memory-safe") {
            phase1 := mload(0)
        }
    }

    /// @notice Calls `IVolumeVerifier.accumulate`, as `verify`.
    /// @param verifier The verifier.
    /// @param table The table.
    /// @param proof The proof.
    /// @param points Where the points are kept.
    /// @param index The number of the proof, from 0.
    /// @return phase1 The hash of the proof's commitments of phase 1.
    function accumulate(
        IVolumeVerifier verifier,
        Table memory table,
        bytes calldata proof,
        Points memory points,
        uint256 index
    ) internal view returns (bytes32 phase1) {
        (uint256 start, uint256 size) = _write(IVolumeVerifier.accumulate.selector, table, proof);
        _call(verifier, start, size, 5);
        assert(index < points.count);
        uint256 to = points.start + HEAD + 128 * index;
        // The four words after the first of the answer, which is still that of the call. `several` made
        // room for them.
        assembly ("memory-safe") {
            phase1 := mload(0)
            returndatacopy(to, 32, 128)
        }
    }

    /// @notice Calls `IVolumeVerifier.settle` with all points.
    /// @param verifier The verifier.
    /// @param points The points of all proofs.
    function settle(IVolumeVerifier verifier, Points memory points) internal view {
        _call(verifier, points.start, HEAD + 128 * points.count, 0);
    }

    /// Calls, and demands so many words of an answer, of which the first is then in the scratch space.
    /// Reverts as the verifier does. A verifier without code answers with nothing: `settle` is called
    /// of one that answered before.
    function _call(
        IVolumeVerifier verifier,
        uint256 start,
        uint256 size,
        uint256 words
    ) private view {
        bool done;
        assembly ("memory-safe") {
            done := staticcall(gas(), verifier, start, size, 0, 32)
            if iszero(done) {
                let free := mload(0x40)
                returndatacopy(free, 0, returndatasize())
                revert(free, returndatasize())
            }
            done := iszero(lt(returndatasize(), shl(5, words)))
        }
        if (!done) revert NoAnswer(address(verifier));
    }

    /// Writes the call around the instance. Returns where it begins, and its length.
    function _write(
        bytes4 selector,
        Table memory table,
        bytes calldata proof
    ) private pure returns (uint256 start, uint256 size) {
        uint256[] memory instance = table.instance;
        uint256 scenarios = table.scenarios;
        // What is written stands in the 100 bytes before the instance, of which `HEAD_ROOM` are kept,
        // and in the `room` behind it.
        assembly ("memory-safe") {
            start := sub(instance, 100)
            let tail := add(add(instance, 32), shl(5, mload(instance)))
            mstore(start, selector)
            mstore(add(start, 4), 96)
            mstore(add(start, 36), scenarios)
            mstore(add(start, 68), sub(sub(tail, start), 4))
            mstore(tail, proof.length)
            tail := add(tail, 32)
            let end := add(tail, and(add(proof.length, 31), not(31)))
            // The last word's bytes behind the proof are 0; without a proof this is its length, 0.
            mstore(sub(end, 32), 0)
            calldatacopy(tail, proof.offset, proof.length)
            size := sub(end, start)
        }
    }
}
