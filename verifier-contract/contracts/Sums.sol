// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Policy} from "./Policy.sol";
import {Program} from "./table/Program.sol";
import {HOLDINGS, Table} from "./table/Table.sol";

/// @title Adds up the quantities of a book by what they are of
/// @notice One pass over all rows, most of which nobody holds in a table with many assets.
library Sums {
    /// What the pass reads. The assembly below reads it by these places.
    struct Pass {
        // 0x00: the address of the next row, 0x20: of the end of all rows, and 0x40: the bytes of a
        // row.
        uint256 row;
        uint256 end;
        uint256 size;
        // 0x60: the address of the next row's quantity.
        uint256 quantity;
        // 0x80 to 0xe0, by role from 1 on: the addresses of the sums of deposits; of none, for borrows; of
        // longs and of shorts.
        uint256 deposits;
        uint256 borrows;
        uint256 longs;
        uint256 shorts;
    }

    /// @notice Adds up deposits, longs and shorts.
    /// @param program The program.
    /// @param table Its table.
    /// @param quantities For each row, the sum of the quantities of all volumes.
    /// @param known Where deposits, longs and shorts are written.
    /// @return Whether some account holds something.
    function add(
        bytes memory program,
        Table memory table,
        uint256[] memory quantities,
        Policy.Known memory known
    ) internal pure returns (bool) {
        // All lists that the pass writes have an entry for whatever a row of this table can name:
        // assets and markets are numbered without gaps.
        known.deposits = new uint256[](table.assets);
        known.longs = new uint256[](table.markets);
        known.shorts = new uint256[](table.markets);
        assert(quantities.length == table.rows);
        Pass memory pass;
        unchecked {
            pass.size = Program.rowBytes(table);
            pass.row = _data(program) + table.rowsAt;
            pass.end = pass.row + table.rows * pass.size;
            pass.quantity = _data(quantities);
            pass.deposits = _data(known.deposits);
            pass.longs = _data(known.longs);
            pass.shorts = _data(known.shorts);
        }
        return _run(pass) & HOLDINGS != 0;
    }

    // Returns the roles of which there is a quantity, as bits. The rows are within the program, and all
    // addresses within their lists: see `add`. Sums of fewer than 2^32 quantities below 2^128, of 2^11
    // rows, do not overflow.
    function _run(Pass memory pass) private pure returns (uint256 roles) {
        assembly ("memory-safe") {
            let row := mload(pass)
            let quantityAt := mload(add(pass, 0x60))
            let size := mload(add(pass, 0x40))
            for {
                let end := mload(add(pass, 0x20))
            } lt(row, end) {
                row := add(row, size)
            } {
                let quantity := mload(quantityAt)
                quantityAt := add(quantityAt, 32)
                if quantity {
                    let word := mload(row)
                    // The role without the class.
                    let role := and(byte(0, word), 0x3f)
                    roles := or(roles, shl(role, 1))
                    // Deposits, longs and shorts; of borrows there is no sum.
                    if lt(sub(role, 1), 4) {
                        let sum := mload(add(pass, add(0x60, shl(5, role))))
                        if sum {
                            sum := add(sum, shl(5, and(shr(232, word), 0xffff)))
                            mstore(sum, add(mload(sum), quantity))
                        }
                    }
                }
            }
        }
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
