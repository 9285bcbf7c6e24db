// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {IVolumeVerifier} from "../interfaces/IVolumeVerifier.sol";

/// @title A verifier whose answer a test sets
/// @notice Checks nothing: for tests of the contracts that ask a verifier.
contract MockVerifier is IVolumeVerifier {
    bytes32 public immutable KEY;
    uint256 public immutable K;
    uint256 public immutable PAGE_SIZE;

    /// Whether proofs hold.
    bool public holds = true;
    /// The hash that `verify` returns; zero for the hash of the proof.
    bytes32 public phase1;

    /// The test set it to refuse.
    error MockDoesNotHold();

    constructor(bytes32 key, uint256 k, uint256 pageSize) {
        KEY = key;
        K = k;
        PAGE_SIZE = pageSize;
    }

    /// Sets the answer of `verify`.
    function answer(bool holds_, bytes32 phase1_) external {
        holds = holds_;
        phase1 = phase1_;
    }

    function verify(
        uint256[] calldata,
        uint256,
        bytes calldata proof
    ) external view returns (bytes32) {
        if (!holds) revert MockDoesNotHold();
        return phase1 == 0 ? keccak256(proof) : phase1;
    }

    /// Points that are as good as none: what `settle` is called with is for a test to look at.
    function accumulate(
        uint256[] calldata,
        uint256,
        bytes calldata proof
    ) external view returns (bytes32, uint256[2] memory, uint256[2] memory) {
        bytes32 hash = phase1 == 0 ? keccak256(proof) : phase1;
        return (hash, [uint256(hash), 1], [uint256(2), uint256(hash)]);
    }

    /// Takes the points that `accumulate` gave, in any number.
    function settle(uint256[4][] calldata points) external view {
        if (!holds || points.length == 0) revert MockDoesNotHold();
        for (uint256 i = 0; i < points.length; ++i) {
            bool isOwn = points[i][0] == points[i][3] && points[i][1] == 1 && points[i][2] == 2;
            if (!isOwn) revert MockDoesNotHold();
        }
    }
}
