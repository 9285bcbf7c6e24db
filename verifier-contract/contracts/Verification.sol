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

    /// The words that `IVolumeVerifier.accumulate` returns.
    uint256 private constant WORDS = 5;

    /// @notice The bytes that must be kept behind an instance to send this proof.
    /// @param proof The proof.
    /// @return The number, with that for the proof's length.
    function room(bytes calldata proof) internal pure returns (uint256) {
        return 32 + ((proof.length + 31) / 32) * 32;
    }

    /// @notice Calls `IVolumeVerifier.verify`. The number of scenarios and the values are the table's,
    /// never the prover's.
    /// @param verifier The verifier.
    /// @param table The table, compiled with the proof's `room` and filled.
    /// @param proof The proof.
    /// @return The hash of the proof's commitments of phase 1.
    function verify(
        IVolumeVerifier verifier,
        Table memory table,
        bytes calldata proof
    ) internal view returns (bytes32) {
        uint256[WORDS] memory answer;
        _call(verifier, IVolumeVerifier.verify.selector, table, proof, answer, 1);
        return bytes32(answer[0]);
    }

    /// @notice Calls `IVolumeVerifier.accumulate`, as `verify`.
    /// @param verifier The verifier.
    /// @param table The table.
    /// @param proof The proof.
    /// @return phase1 The hash of the proof's commitments of phase 1.
    /// @return points The points that `IVolumeVerifier.settle` takes.
    function accumulate(
        IVolumeVerifier verifier,
        Table memory table,
        bytes calldata proof
    ) internal view returns (bytes32 phase1, uint256[4] memory points) {
        uint256[WORDS] memory answer;
        _call(verifier, IVolumeVerifier.accumulate.selector, table, proof, answer, WORDS);
        phase1 = bytes32(answer[0]);
        points = [answer[1], answer[2], answer[3], answer[4]];
    }

    /// Calls a function of the arguments (uint256[] instance, uint256 scenarios, bytes proof), and
    /// takes so many words of its answer. Reverts as it does.
    function _call(
        IVolumeVerifier verifier,
        bytes4 selector,
        Table memory table,
        bytes calldata proof,
        uint256[WORDS] memory answer,
        uint256 words
    ) private view {
        (uint256 start, uint256 size) = _write(selector, table, proof);
        bool done;
        // `answer` has room for all words.
        assembly ("memory-safe") {
            done := staticcall(gas(), verifier, start, size, answer, shl(5, words))
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
