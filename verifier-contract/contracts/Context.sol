// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Iso8601} from "./Iso8601.sol";
import {AssetLeftOut, Header, Rounded} from "./Submission.sol";

/// @title The context that every proof of an attestation is bound to
/// @notice Recomputes the digests of docs/formats.md: keccak256 over 32-byte words, the first of
/// which is the tag of the part. A list is written as its length followed by its elements.
library Context {
    /// @notice The first attestation (sequence 0) must not name a previous one, and every other
    /// must. Send the header exactly as in the attestation.
    error PreviousDigest(uint64 sequence, bytes32 previous);

    bytes32 private constant HEADER = keccak256("pacioli.header.v1");
    bytes32 private constant CONTEXT = keccak256("pacioli.context.v1");
    bytes32 private constant VOLUME = keccak256("pacioli.volume.v1");

    // The order of BN254's scalar field.
    uint256 private constant R =
        21888242871839275222246405745257275088548364400416034343698204186575808495617;

    // The words of a header without the elements of its lists. `previous`, `drawn` and `program` are
    // lists of at most one element; a header on chain always has a program, which is counted here.
    uint256 private constant HEADER_WORDS = 20;
    // The words of one element of each list.
    uint256 private constant LEFT_OUT_WORDS = 5;
    uint256 private constant ROUNDED_WORDS = 3;

    /// @notice The digest of everything public except totals and proofs.
    /// @param header The digest of the header.
    /// @param rules keccak256 of the rules' text.
    /// @param prices The digest of the prices.
    /// @param reserves The digest of the attestation's reserves; 0 if it has none.
    /// @param volumes The number of volumes.
    /// @return The context digest.
    function digest(
        bytes32 header,
        bytes32 rules,
        bytes32 prices,
        bytes32 reserves,
        uint256 volumes
    ) internal pure returns (bytes32) {
        if (reserves == 0) {
            return keccak256(abi.encode(CONTEXT, header, rules, prices, uint256(0), volumes));
        }
        return keccak256(abi.encode(CONTEXT, header, rules, prices, uint256(1), reserves, volumes));
    }

    /// @notice The first public input of one volume's proof.
    /// @param context The context digest.
    /// @param volume The volume's number, from 0.
    /// @return The word, below the scalar field's order.
    function word(bytes32 context, uint256 volume) internal pure returns (uint256) {
        return uint256(keccak256(abi.encode(VOLUME, context, volume))) % R;
    }

    /// @notice The digest of an attestation's header.
    /// @param header The header.
    /// @param program keccak256 of the program made from its rules and prices.
    /// @return The digest.
    function headerDigest(Header calldata header, bytes32 program) internal pure returns (bytes32) {
        bool first = header.sequence == 0;
        if (first != (header.previous == 0)) {
            revert PreviousDigest(header.sequence, header.previous);
        }
        AssetLeftOut[] calldata leftOut = header.leftOut;
        Rounded[] calldata rounded = header.rounded;
        bytes32 drawn = header.drawn;
        uint256 length =
            HEADER_WORDS +
                (first ? 0 : 1) +
                (drawn == 0 ? 0 : 1) +
                LEFT_OUT_WORDS * leftOut.length +
                ROUNDED_WORDS * rounded.length;
        bytes32[] memory words = new bytes32[](length);
        words[0] = HEADER;
        // Venue and sequence.
        uint256 next = _copy(words, 0, _words(header), 2);
        next = _put(words, next, first ? 0 : 1);
        if (!first) next = _put(words, next, uint256(header.previous));
        next = _put(words, next, uint256(time(header.asOf)));
        next = _put(words, next, drawn == 0 ? 0 : 1);
        if (drawn != 0) next = _put(words, next, uint256(drawn));
        // The accounts, and those that were left out.
        next = _copy(words, next, _words(header) + 32 * 4, 2);
        next = _put(words, next, leftOut.length);
        next = _copy(words, next, _words(leftOut), LEFT_OUT_WORDS * leftOut.length);
        next = _put(words, next, header.roundingLines);
        next = _put(words, next, rounded.length);
        next = _copy(words, next, _words(rounded), ROUNDED_WORDS * rounded.length);
        // The bound of rounding, k, the size of pages, and the scenarios.
        next = _copy(words, next, _words(header) + 32 * 9, 4);
        next = _put(words, next, 1);
        next = _put(words, next, uint256(program));
        // The key, the setup, and the software.
        _copy(words, next, _words(header) + 32 * 13, 3);
        return wordsHash(words);
    }

    // Where a header is in the calldata: a word for each field, which of a list is its place.
    function _words(Header calldata header) private pure returns (uint256 offset) {
        assembly ("memory-safe") {
            offset := header
        }
    }

    // Where the elements of a list are in the calldata. They have no lists of their own, so each is as
    // many words as it has fields.
    function _words(AssetLeftOut[] calldata list) private pure returns (uint256 offset) {
        assembly ("memory-safe") {
            offset := list.offset
        }
    }

    function _words(Rounded[] calldata list) private pure returns (uint256 offset) {
        assembly ("memory-safe") {
            offset := list.offset
        }
    }

    // Writes a word behind the last word that was written.
    function _put(
        bytes32[] memory words,
        uint256 last,
        uint256 word_
    ) private pure returns (uint256 next) {
        next = last + 1;
        words[next] = bytes32(word_);
    }

    // Copies words of the calldata behind the last word that was written. A number that is too large
    // for its field is hashed as it is: no attestation has such a digest. Whoever uses a number reads it
    // as its field.
    function _copy(
        bytes32[] memory words,
        uint256 last,
        uint256 offset,
        uint256 count
    ) private pure returns (uint256) {
        uint256 end = last + count;
        // What is written ends within the list.
        assert(end < words.length);
        assembly ("memory-safe") {
            calldatacopy(add(words, shl(5, add(last, 2))), offset, shl(5, count))
        }
        return end;
    }

    /// @notice The digest of the quantities of all volumes together. It is not part of a context.
    /// @param quantities For each row, the sum over all volumes.
    /// @return hash keccak256 of one word for each row.
    function quantitiesDigest(uint256[] memory quantities) internal pure returns (bytes32 hash) {
        // Assembly, because a copy would cost more than the hash.
        assembly ("memory-safe") {
            hash := keccak256(add(quantities, 32), shl(5, mload(quantities)))
        }
    }

    // A time as a word.
    function time(uint64 seconds_) private pure returns (bytes32) {
        return keccak256(bytes(Iso8601.text(seconds_)));
    }

    // keccak256 of the words of a list.
    function wordsHash(bytes32[] memory words) internal pure returns (bytes32 hash) {
        // Assembly, because a copy would cost more than the hash.
        assembly ("memory-safe") {
            hash := keccak256(add(words, 32), shl(5, mload(words)))
        }
    }
}
