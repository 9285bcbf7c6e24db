// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Policy} from "./Policy.sol";
import {Program} from "./table/Program.sol";
import {HOLDINGS, Table, VALUE_COLUMN} from "./table/Table.sol";

/// @title Adds up the quantities of a book by what they are of
/// @notice One pass over all rows.
library Sums {
    /// What the pass reads and writes. The assembly below reads it by these places.
    struct Pass {
        // 0x00: the address of the next row, 0x20: of the end of all rows, and 0x40: the bytes of a
        // row.
        uint256 row;
        uint256 end;
        uint256 size;
        // 0x60: the address of the next row's quantity, and 0x80: of the value at mark of row 0.
        uint256 quantity;
        uint256 value;
        // 0xa0 to 0x100, by role: the addresses of the sums of deposits; of none, for borrows; of
        // longs and of shorts.
        uint256 deposits;
        uint256 borrows;
        uint256 longs;
        uint256 shorts;
        // 0x120 and 0x140: the address of the prices of assets, and of markets.
        uint256 assetPrices;
        uint256 marketPrices;
        // 0x160: the address of the places of assets by price, and 0x180: the number of prices.
        uint256 places;
        uint256 priced;
        // 0x1a0: the roles of what an account has or owes, as bits.
        uint256 holdings;
    }

    /// @notice Adds up deposits, longs and shorts, notes the prices of their rows, and finds the
    /// assets by their prices.
    /// @param program The program.
    /// @param table Its table.
    /// @param quantities For each row, the sum of the quantities of all volumes.
    /// @param known Where deposits, longs, shorts and prices are written.
    /// @return places The assets by price, as `Policy.sums` returns them.
    /// @return isHeld Whether some account holds something.
    function add(
        bytes memory program,
        Table memory table,
        uint256[] memory quantities,
        Policy.Known memory known
    ) internal pure returns (uint256[] memory places, bool isHeld) {
        // All lists that the pass writes have an entry for whatever a row of this table can name:
        // assets and markets are numbered without gaps, and prices are checked.
        known.deposits = new uint256[](table.assets);
        known.longs = new uint256[](table.markets);
        known.shorts = new uint256[](table.markets);
        known.prices = new uint256[](table.assets + table.markets);
        places = new uint256[](table.priced + 1);
        assert(quantities.length == table.rows);
        Pass memory pass;
        unchecked {
            pass.size = Program.rowBytes(table);
            pass.row = _data(program) + table.rowsAt;
            pass.end = pass.row + table.rows * pass.size;
            pass.quantity = _data(quantities);
            pass.value = _data(table.instance) + 32 * (1 + VALUE_COLUMN * table.rows);
            pass.deposits = _data(known.deposits);
            pass.longs = _data(known.longs);
            pass.shorts = _data(known.shorts);
            pass.assetPrices = _data(known.prices);
            pass.marketPrices = pass.assetPrices + 32 * table.assets;
            (pass.places, pass.priced) = (_data(places), table.priced);
            pass.holdings = HOLDINGS;
        }
        isHeld = _run(pass);
    }

    // The rows are within the program, and all addresses within their lists: see `add`. Sums of fewer
    // than 2^32 quantities below 2^128, of 2^11 rows, do not overflow.
    function _run(Pass memory pass) private pure returns (bool isHeld) {
        uint256 held;
        assembly ("memory-safe") {
            let quantityAt := mload(add(pass, 0x60))
            // From a quantity to the value at mark of its row.
            let toValue := sub(mload(add(pass, 0x80)), quantityAt)
            let size := mload(add(pass, 0x40))
            let end := mload(add(pass, 0x20))
            for {
                let row := mload(pass)
            } lt(row, end) {
                row := add(row, size)
            } {
                let word := mload(row)
                let quantity := mload(quantityAt)
                let group := shl(5, and(shr(232, word), 0xffff))
                // The class and the role: deposits and longs of customers are worth their price at mark.
                switch byte(0, word)
                case 1 {
                    held := or(held, quantity)
                    let sum := add(mload(add(pass, 0xa0)), group)
                    mstore(sum, add(mload(sum), quantity))
                    mstore(
                        add(mload(add(pass, 0x120)), group),
                        sub(mload(add(quantityAt, toValue)), 0x10000000000000000)
                    )
                    // The place of its price; behind all others if it has none.
                    let place := and(shr(216, word), 0xffff)
                    if eq(place, 0xffff) {
                        place := mload(add(pass, 0x180))
                    }
                    place := add(mload(add(pass, 0x160)), shl(5, place))
                    // As `Worth.place` has it. The first asset stays, with its last row.
                    let asset := add(shr(5, group), 1)
                    let found := mload(place)
                    if or(iszero(found), eq(shr(48, found), asset)) {
                        let index := shr(5, sub(quantityAt, mload(add(pass, 0x60))))
                        asset := or(shl(48, asset), shl(16, index))
                        mstore(place, or(asset, and(shr(208, word), 0xff)))
                    }
                }
                default {
                    // The role without the class.
                    let role := and(byte(0, word), 0x3f)
                    held := or(held, mul(and(shr(role, mload(add(pass, 0x1a0))), 1), quantity))
                    // Deposits, longs and shorts; of borrows there is no sum.
                    if lt(sub(role, 1), 4) {
                        let sum := mload(add(pass, add(0x80, shl(5, role))))
                        if sum {
                            sum := add(sum, group)
                            mstore(sum, add(mload(sum), quantity))
                        }
                        if eq(byte(0, word), 3) {
                            mstore(
                                add(mload(add(pass, 0x140)), group),
                                sub(mload(add(quantityAt, toValue)), 0x10000000000000000)
                            )
                        }
                    }
                }
                quantityAt := add(quantityAt, 32)
            }
        }
        return held != 0;
    }

    // The address of the first byte or element.
    function _data(bytes memory list) private pure returns (uint256 data) {
        assembly ("memory-safe") {
            data := add(list, 32)
        }
    }

    function _data(uint256[] memory list) private pure returns (uint256 data) {
        assembly ("memory-safe") {
            data := add(list, 32)
        }
    }
}
