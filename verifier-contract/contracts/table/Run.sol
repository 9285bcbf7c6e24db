// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Program} from "./Program.sol";
import {CAP_COLUMN, Cursor, Table} from "./Table.sol";

/// @title Writes the rows of assets, markets and headroom that are in order
/// @notice Most rows are. This does in one pass over them what `Rows.writeRow` does for one row, for as
/// long as nothing is wrong, and stops before the first row of another kind and before the first that
/// it has any doubt about. `Rows.writeRow` then writes that row or names what is wrong: whatever is
/// refused, is refused there.
library Run {
    /// The state of a pass. The assembly below reads it by these places.
    struct Pass {
        // 0x00: the address of row 0, 0x20: of the end of all rows, and 0x40: the bytes of a row.
        uint256 first;
        uint256 end;
        uint256 size;
        // 0x60: the address of the cap of row 0 in the instance, and 0x80: the bytes of a column.
        uint256 cells;
        uint256 stride;
        // 0xa0 and 0xc0: as in `Cursor`.
        uint256 group;
        uint256 base;
        // 0xe0 and 0x100: as in `Table`.
        uint256 assets;
        uint256 markets;
        // 0x120: the address of the first price, and 0x140: the number of prices.
        uint256 prices;
        uint256 priced;
        // 0x160: the address of the list of factors.
        uint256[] factors;
        // 0x180: the value decimals.
        uint256 decimals;
        // Of the row at hand, 0x1a0: its `Rows.groupKey`, and 0x1c0: the address of `assets` or
        // `markets` if it is the first row of one, else 0.
        uint256 key;
        uint256 place;
    }

    /// @notice The state before the first row.
    /// @param program The program.
    /// @param table The table, whose prices were checked.
    /// @param factors The factors, as `Program.readFactors` gives them.
    /// @return pass The state.
    function begin(
        bytes memory program,
        Table memory table,
        uint256[] memory factors
    ) internal pure returns (Pass memory pass) {
        uint256[] memory instance = table.instance;
        uint256 first;
        uint256 cells;
        assembly ("memory-safe") {
            first := add(program, 32)
            // After the length and the context word.
            cells := add(instance, 64)
        }
        // Nothing here reaches 2^64: `Program.head` checked all sizes.
        unchecked {
            pass.size = Program.rowBytes(table);
            pass.first = first + table.rowsAt;
            pass.end = pass.first + table.rows * pass.size;
            pass.stride = 32 * table.rows;
            pass.cells = cells + CAP_COLUMN * pass.stride;
        }
        (pass.prices, pass.priced, pass.factors) = (table.pricesAt, table.priced, factors);
        pass.decimals = table.valueDecimals;
    }

    /// @notice Writes rows from `index` on, which is not 0. No row of a class, form or closing row
    /// stands before it.
    /// @param pass The state that `begin` gave.
    /// @param table The table, whose numbers of assets and markets this brings up to date.
    /// @param cursor The state of the pass over all rows, of which the same is true.
    /// @param index The next row, at most the number of rows.
    /// @return The row that it stopped at; the number of rows if it wrote all.
    function write(
        Pass memory pass,
        Table memory table,
        Cursor memory cursor,
        uint256 index
    ) internal pure returns (uint256) {
        (pass.group, pass.base) = (cursor.group, cursor.base);
        (pass.assets, pass.markets) = (table.assets, table.markets);
        unchecked {
            uint256 stop = _rows(pass, pass.first + index * pass.size, pass.cells + 32 * index);
            (cursor.group, cursor.base) = (pass.group, pass.base);
            (table.assets, table.markets) = (pass.assets, pass.markets);
            return (stop - pass.first) / pass.size;
        }
    }

    // Writes rows from the address `row` on, whose cap is at the address `cell`, and returns the
    // address of the row that it stopped at.
    //
    // Reads: each row is within the program, of which 32 bytes of zeros stand behind the last; a
    // price and a factor only below their numbers. Writes: a row has one cell in each column, and
    // `Program.head` made room for caps and as many columns as there are scenarios, of which those
    // with factors and mark are the first; a power of ten, with its exponent, stands in the scratch
    // space, because most prices have the same decimals. A row that is given up may have written its
    // cells, which `Rows.writeRow` writes again.
    //
    // Arithmetic: a mantissa is below 2^128 and 10^38 below 2^127, and a base below 2^64. For the
    // values see `Values.follow`.
    function _rows(
        Pass memory pass,
        uint256 row,
        uint256 cell
    ) private pure returns (uint256 next) {
        assembly ("memory-safe") {
            mstore(0, 0)
            mstore(0x20, 1)
            let factors := add(mload(add(pass, 0x160)), 32)
            let stride := mload(add(pass, 0x80))
            for {} lt(row, mload(add(pass, 0x20))) {} {
                let word := mload(row)
                let base
                {
                    let key := shl(40, shr(1, add(byte(0, word), 1)))
                    key := or(key, and(shr(208, word), 0xffffffffff))
                    // Most rows have the same asset or market as the row before.
                    switch eq(key, mload(add(pass, 0xa0)))
                    case 1 {
                        base := mload(add(pass, 0xc0))
                    }
                    default {
                        // The decimals that a quantity does not have.
                        let shift := sub(mload(add(pass, 0x180)), and(key, 0xff))
                        if shr(8, shift) {
                            break
                        }
                        // Headroom, of group 0 and without a price.
                        switch eq(shr(216, word), 0x050000ffff)
                        case 1 {
                            base := not(0)
                        }
                        default {
                            // The deposit or long of an asset or market begins it; the next in
                            // their order, and no asset after a market.
                            let role := byte(0, word)
                            switch role
                            case 1 {
                                if mload(add(pass, 0x100)) {
                                    break
                                }
                            }
                            case 3 {}
                            default {
                                break
                            }
                            let place := add(add(pass, 0xe0), shl(4, sub(role, 1)))
                            if xor(and(shr(232, word), 0xffff), mload(place)) {
                                break
                            }
                            let price := and(shr(216, word), 0xffff)
                            if iszero(lt(price, mload(add(pass, 0x140)))) {
                                break
                            }
                            price := add(mload(add(pass, 0x120)), mul(96, price))
                            base := mload(add(price, 32))
                            shift := sub(shift, mload(add(price, 64)))
                            // At most 38 in size: the decimals of a price are, as are those of values.
                            switch sgt(shift, not(0))
                            case 1 {
                                if xor(shift, mload(0)) {
                                    mstore(0, shift)
                                    mstore(0x20, exp(10, shift))
                                }
                                base := mul(base, mload(0x20))
                            }
                            default {
                                shift := exp(10, sub(0, shift))
                                if mod(base, shift) {
                                    break
                                }
                                base := div(base, shift)
                            }
                            if shr(64, base) {
                                break
                            }
                            mstore(add(pass, 0x1a0), key)
                            mstore(add(pass, 0x1c0), place)
                        }
                    }
                }
                let to := add(cell, stride)
                let source := add(row, 18)
                let end := add(row, mload(add(pass, 0x40)))
                switch not(base)
                case 0 {
                    // All values of headroom are 0, and it has no factors.
                    mstore(to, 0x10000000000000000)
                    for {} lt(source, end) {} {
                        if shr(240, mload(source)) {
                            break
                        }
                        source := add(source, 2)
                        to := add(to, stride)
                        mstore(to, 0x10000000000000000)
                    }
                }
                default {
                    // At mark: of what is held its price, of what is owed minus its price.
                    switch and(byte(0, word), 1)
                    case 1 {
                        mstore(to, add(0x10000000000000000, base))
                    }
                    default {
                        mstore(to, sub(0x10000000000000000, base))
                    }
                    for {} lt(source, end) {} {
                        let choice := shr(240, mload(source))
                        if iszero(lt(choice, mload(sub(factors, 32)))) {
                            break
                        }
                        choice := mload(add(factors, shl(5, choice)))
                        let divisor := and(choice, 0xffffffffffffffffffffffffffffffff)
                        choice := div(add(mul(base, sar(128, choice)), shl(64, divisor)), divisor)
                        // Above 0 and below 2^65.
                        if shr(65, or(choice, sub(choice, 1))) {
                            break
                        }
                        to := add(to, stride)
                        mstore(to, choice)
                        source := add(source, 2)
                    }
                }
                let cap := and(shr(112, word), 0xffffffffffffffffffffffff)
                // Not all was written, or a cap has more than 90 bits.
                if or(lt(source, end), shr(90, cap)) {
                    break
                }
                mstore(cell, cap)
                let place := mload(add(pass, 0x1c0))
                if place {
                    mstore(add(pass, 0x1c0), 0)
                    mstore(place, add(mload(place), 1))
                    mstore(add(pass, 0xa0), mload(add(pass, 0x1a0)))
                    mstore(add(pass, 0xc0), base)
                }
                row := end
                cell := add(cell, 32)
            }
            mstore(add(pass, 0x1c0), 0)
            next := row
        }
    }
}
