// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Iso8601} from "../Iso8601.sol";
import {ITable, refuse} from "../interfaces/ITable.sol";

/// One statement of an asset's volatility.
struct Volatility {
    /// 1 if it was realised, 2 if it is implied.
    uint256 kind;
    /// The standard deviation of a year's relative move, in 10^-18; at most 1000 of them.
    uint256 annual;
    /// The seconds over which it was realised, or for which it is implied.
    uint256 span;
    /// Whoever says so, hashed.
    bytes32 source;
    /// The time of the statement.
    uint256 asOf;
}

/// @title Reads what prices state of volatilities
/// @notice A list is, for each asset, its name hashed in 32 bytes, the number of entries in one, and
/// the entries: the kind in one byte, the mantissa in 16 and the scale in one, exactly as written, the
/// span in 8, the source hashed in 32, and the time in 8.
library Volatilities {
    uint256 internal constant ONE = 1e18;
    uint256 internal constant REALISED = 1;
    uint256 internal constant IMPLIED = 2;

    bytes32 private constant TAG = keccak256("pacioli.volatilities.v1");
    uint256 private constant ASSET_BYTES = 33;
    uint256 private constant ENTRY_BYTES = 66;
    uint256 private constant MOST_OF_AN_ASSET = 100;
    uint256 private constant MOST = 1000;
    uint256 private constant DECIMALS = 18;
    // The words of one asset and of one entry in the digest: a list of a span and one of none are
    // three together.
    uint256 private constant ASSET_WORDS = 2;
    uint256 private constant ENTRY_WORDS = 8;

    /// @notice The digest by which volatilities enter that of prices, as in docs/formats.md. Checks
    /// the whole list; reverts with `VolatilitiesForm`.
    /// @param list The list.
    /// @return hash The digest; 0 if there are none.
    function digest(bytes calldata list) internal pure returns (bytes32 hash) {
        if (list.length == 0) return 0;
        (uint256 assets, uint256 entries) = _count(list);
        bytes32[] memory words = new bytes32[](2 + ASSET_WORDS * assets + ENTRY_WORDS * entries);
        (words[0], words[1]) = (TAG, bytes32(assets));
        uint256 word = 2;
        for (uint256 place = 0; place < list.length;) {
            uint256 count = uint8(list[place + 32]);
            (words[word], words[word + 1]) = (_load(list, place), bytes32(count));
            word += ASSET_WORDS;
            place += ASSET_BYTES;
            for (uint256 end = place + ENTRY_BYTES * count; place < end; place += ENTRY_BYTES) {
                _write(words, word, list, place);
                word += ENTRY_WORDS;
            }
        }
        assembly ("memory-safe") {
            hash := keccak256(add(words, 32), shl(5, mload(words)))
        }
    }

    /// @notice All that a list says of one asset, in its order.
    /// @param list The list.
    /// @param asset The asset's name, hashed.
    /// @return found The entries.
    function ofAsset(
        bytes calldata list,
        bytes32 asset
    ) internal pure returns (Volatility[] memory found) {
        (, uint256 most) = _count(list);
        found = new Volatility[](most);
        uint256 taken;
        for (uint256 place = 0; place < list.length;) {
            bool isIt = _load(list, place) == asset;
            uint256 count = uint8(list[place + 32]);
            place += ASSET_BYTES;
            for (uint256 end = place + ENTRY_BYTES * count; place < end; place += ENTRY_BYTES) {
                if (isIt) found[taken++] = _entry(list, place);
            }
        }
        // Fewer than there is room for.
        assembly ("memory-safe") {
            mstore(found, taken)
        }
    }

    // The numbers of assets and entries of a list that ends where its last entry does.
    function _count(bytes calldata list) private pure returns (uint256 assets, uint256 entries) {
        uint256 place = 0;
        while (place < list.length) {
            if (list.length - place < ASSET_BYTES) refuse(ITable.VolatilitiesForm.selector, place);
            uint256 count = uint8(list[place + 32]);
            uint256 end = place + ASSET_BYTES + ENTRY_BYTES * count;
            if (count == 0 || count > MOST_OF_AN_ASSET || end > list.length)
                refuse(ITable.VolatilitiesForm.selector, place);
            (assets, entries, place) = (assets + 1, entries + count, end);
        }
    }

    // One entry, whose bytes are within the list.
    function _entry(
        bytes calldata list,
        uint256 place
    ) private pure returns (Volatility memory one) {
        (uint256 mantissa, uint256 scale) = _annual(list, place);
        one.kind = uint8(list[place]);
        one.annual = mantissa * 10 ** (DECIMALS - scale);
        one.span = uint256(_load(list, place + 18)) >> 192;
        one.source = _load(list, place + 26);
        one.asOf = uint256(_load(list, place + 34)) & type(uint64).max;
        if (one.kind != REALISED && one.kind != IMPLIED)
            refuse(ITable.VolatilitiesForm.selector, place);
    }

    function _annual(
        bytes calldata list,
        uint256 place
    ) private pure returns (uint256 mantissa, uint256 scale) {
        mantissa = uint256(_load(list, place + 1)) >> 128;
        scale = uint8(list[place + 17]);
        if (scale > DECIMALS || mantissa > MOST * 10 ** scale)
            refuse(ITable.VolatilitiesForm.selector, place);
    }

    // The words of one entry.
    function _write(
        bytes32[] memory words,
        uint256 word,
        bytes calldata list,
        uint256 place
    ) private pure {
        Volatility memory one = _entry(list, place);
        (uint256 mantissa, uint256 scale) = _annual(list, place);
        bool isRealised = one.kind == REALISED;
        words[word] = isRealised ? keccak256("realised") : keccak256("implied");
        (words[word + 1], words[word + 2]) = (bytes32(mantissa), bytes32(scale));
        // The lists of a window and of a tenor: one has the span, the other nothing.
        (words[word + 3], words[word + 4], words[word + 5]) =
            isRealised
                ? (bytes32(uint256(1)), bytes32(one.span), bytes32(0))
                : (bytes32(0), bytes32(uint256(1)), bytes32(one.span));
        words[word + 6] = one.source;
        words[word + 7] = keccak256(bytes(Iso8601.text(one.asOf)));
    }

    // The 32 bytes from a place on. The caller checked that what it uses is within the list.
    function _load(bytes calldata list, uint256 place) private pure returns (bytes32 word) {
        assembly ("memory-safe") {
            word := calldataload(add(list.offset, place))
        }
    }
}
