// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {IVolumeVerifier} from "../interfaces/IVolumeVerifier.sol";

/// @title What a test told a verifier to answer
contract MockAnswers {
    /// Whether proofs hold.
    bool public holds = true;
    /// The hash that `verify` returns; zero for the hash of the proof.
    bytes32 public phase1;

    /// Sets both.
    function set(bool holds_, bytes32 phase1_) external {
        holds = holds_;
        phase1 = phase1_;
    }
}

/// @title A verifier whose answer a test sets
/// @notice Checks nothing: for tests of the contracts that ask a verifier. It stores nothing itself, as
/// no verifier may that a venue announces.
contract MockVerifier is IVolumeVerifier {
    bytes32 public immutable KEY;
    uint256 public immutable K;
    uint256 public immutable PAGE_SIZE;

    MockAnswers private immutable _ANSWERS = new MockAnswers();

    /// The test set it to refuse.
    error MockDoesNotHold();

    constructor(bytes32 key, uint256 k, uint256 pageSize) {
        KEY = key;
        K = k;
        PAGE_SIZE = pageSize;
    }

    /// Sets the answer of `verify`.
    function answer(bool holds_, bytes32 phase1_) external {
        _ANSWERS.set(holds_, phase1_);
    }

    function verify(
        uint256[] calldata,
        uint256,
        bytes calldata proof
    ) external view returns (bytes32) {
        if (!_ANSWERS.holds()) revert MockDoesNotHold();
        bytes32 phase1 = _ANSWERS.phase1();
        return phase1 == 0 ? keccak256(proof) : phase1;
    }

    /// Points that are as good as none: what `settle` is called with is for a test to look at.
    function accumulate(
        uint256[] calldata,
        uint256,
        bytes calldata proof
    ) external view returns (bytes32, uint256[2] memory, uint256[2] memory) {
        bytes32 phase1 = _ANSWERS.phase1();
        bytes32 hash = phase1 == 0 ? keccak256(proof) : phase1;
        return (hash, [uint256(hash), 1], [uint256(2), uint256(hash)]);
    }

    /// Takes the points that `accumulate` gave, in any number.
    function settle(uint256[4][] calldata points) external view {
        if (!_ANSWERS.holds() || points.length == 0) revert MockDoesNotHold();
        for (uint256 i = 0; i < points.length; ++i) {
            bool isOwn = points[i][0] == points[i][3] && points[i][1] == 1 && points[i][2] == 2;
            if (!isOwn) revert MockDoesNotHold();
        }
    }
}
