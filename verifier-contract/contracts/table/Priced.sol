// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {ITable, refuse} from "../interfaces/ITable.sol";
import {Iso8601} from "../Iso8601.sol";
import {Prices, Refused} from "../Submission.sol";
import {MAX_DECIMALS} from "./Table.sol";
import {Volatilities} from "./Volatilities.sol";

/// @title Reads a list of prices, and hashes it
/// @notice In memory a price is three words: its name, hashed, its mantissa, and its scale. These are
/// the words that the prices' digest hashes, so that they are written once.
library Priced {
    bytes32 private constant TAG = keccak256("pacioli.prices.v1");
    bytes32 private constant REFUSED = keccak256("pacioli.refused.v1");

    /// The bytes of one price in a list, and in memory.
    uint256 private constant PACKED = 17;
    uint256 private constant BYTES = 96;
    /// The most words that the digest hashes before the prices.
    uint256 private constant HEAD_WORDS = 7;
    /// The most words that it hashes behind them.
    uint256 private constant MORE_WORDS = 2;
    /// The bytes of one refused price.
    uint256 private constant REFUSED_BYTES = 64;

    /// @notice Reads and checks the prices.
    /// @param prices The prices.
    /// @param names Their names, hashed.
    /// @return first The address of the first price; room for what the digest hashes before the first
    /// and behind the last is kept.
    function read(
        Prices calldata prices,
        bytes32[] memory names
    ) internal pure returns (uint256 first) {
        bytes calldata list = prices.list;
        bytes32 quote = prices.quote;
        if (list.length != PACKED * names.length)
            refuse(ITable.PricesLength.selector, names.length, list.length);
        bool wrong;
        // Assembly, because this loops over all prices. The list has its length, as has the memory
        // that is allocated here. The last load may reach past the list, into bytes that are not
        // used.
        assembly ("memory-safe") {
            first := add(mload(0x40), mul(32, HEAD_WORDS))
            let to := first
            let name := add(names, 32)
            let source := list.offset
            for {
                let end := add(name, shl(5, mload(names)))
            } lt(name, end) {
                name := add(name, 32)
            } {
                let word := calldataload(source)
                let scale := byte(16, word)
                mstore(to, mload(name))
                mstore(add(to, 32), shr(128, word))
                mstore(add(to, 64), scale)
                wrong := or(wrong, gt(scale, MAX_DECIMALS))
                if eq(mload(name), quote) {
                    // 10^scale, of a scale below 256, is some number that is refused otherwise.
                    wrong := or(wrong, iszero(eq(shr(128, word), exp(10, scale))))
                }
                to := add(to, BYTES)
                source := add(source, PACKED)
            }
            mstore(0x40, add(to, mul(32, MORE_WORDS)))
        }
        if (wrong) _name(quote, first, names.length);
    }

    // Names the first price that is wrong.
    function _name(bytes32 quote, uint256 first, uint256 count) private pure {
        for (uint256 i = 0; i < count; ++i) {
            (bytes32 name, uint256 mantissa, uint256 scale) = price(first, i);
            if (scale > MAX_DECIMALS) refuse(ITable.PriceScale.selector, i, scale);
            if (name == quote && mantissa != 10 ** scale) refuse(ITable.QuotePrice.selector, i);
        }
    }

    /// @notice The digest of an attestation's prices.
    /// @param prices The prices.
    /// @param first Where `read` wrote them.
    /// @param count Their number.
    /// @return hash The digest.
    function digest(
        Prices calldata prices,
        uint256 first,
        uint256 count
    ) internal pure returns (bytes32 hash) {
        bytes32 time = keccak256(bytes(Iso8601.text(prices.asOf)));
        (bytes32 quote, bytes32 method, bytes32 source) = (
            prices.quote,
            prices.method,
            prices.source
        );
        bytes32 tag = TAG;
        (bytes32 refused, bytes32 stated) = (
            _refused(prices.refused),
            Volatilities.digest(prices.volatilities)
        );
        // `read` kept room for these words before the prices and behind them.
        assembly ("memory-safe") {
            let end := add(first, mul(BYTES, count))
            if refused {
                mstore(end, refused)
                end := add(end, 32)
            }
            if stated {
                mstore(end, stated)
                end := add(end, 32)
            }
            let word := sub(first, 32)
            mstore(word, count)
            // A list of at most one source.
            if source {
                word := sub(word, 32)
                mstore(word, source)
            }
            word := sub(word, 32)
            mstore(word, iszero(iszero(source)))
            mstore(sub(word, 32), method)
            mstore(sub(word, 64), quote)
            mstore(sub(word, 96), time)
            word := sub(word, 128)
            mstore(word, tag)
            hash := keccak256(word, sub(end, word))
        }
    }

    // The digest of refused prices; 0 if there are none.
    function _refused(Refused[] calldata list) private pure returns (bytes32 hash) {
        if (list.length == 0) return 0;
        bytes32 tag = REFUSED;
        // Two words each, as they stand in the calldata. A list as long as it says, or all gas.
        assembly ("memory-safe") {
            let words := mload(0x40)
            mstore(words, tag)
            mstore(add(words, 32), list.length)
            let size := mul(REFUSED_BYTES, list.length)
            calldatacopy(add(words, 64), list.offset, size)
            hash := keccak256(words, add(64, size))
        }
    }

    /// @notice One price.
    /// @param first Where `read` wrote all.
    /// @param index Its number, which the caller checked.
    /// @return name Its name, hashed.
    /// @return mantissa With `scale`, the price: mantissa / 10^scale.
    /// @return scale See there.
    function price(
        uint256 first,
        uint256 index
    ) internal pure returns (bytes32 name, uint256 mantissa, uint256 scale) {
        assembly ("memory-safe") {
            let place := add(first, mul(BYTES, index))
            name := mload(place)
            mantissa := mload(add(place, 32))
            scale := mload(add(place, 64))
        }
    }
}
