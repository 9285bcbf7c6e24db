// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Program} from "./Program.sol";
import {CAP_COLUMN, Cursor, Table} from "./Table.sol";

/// @title Writes the rows of assets, markets, headroom and the quote currency that are in order
/// @notice Most rows are. This does for all of them what `Rows.writeRow` does for one: first what a row
/// says of itself, row by row, then its values, scenario by scenario, because neighbours often have the
/// same factor. It stops before the first row of another kind. Where anything at all is wrong with the
/// rows before that, it takes nothing of what it wrote for written, and says that it is in doubt:
/// `Rows.writeRow` then writes each row, and names what is wrong. Whatever is refused, is refused there.
library Run {
    /// The state of a pass. The assembly below reads it by these places.
    struct Pass {
        // 0x00: the address of row 0, 0x20: of the end of all rows, and 0x40: the bytes of a row.
        uint256 first;
        uint256 end;
        uint256 size;
        // 0x60: the address of the cap of row 0 in the instance, 0x80: the bytes of a column, and 0xa0:
        // from a cap to the value in the last of the program's own scenarios.
        uint256 cells;
        uint256 stride;
        uint256 last;
        // 0xc0 and 0xe0: as in `Cursor`.
        uint256 group;
        uint256 base;
        // 0x100 and 0x120: the first three bytes of the row that begins the next asset, and the next
        // market: role and number. No row begins with the former once there is a market.
        uint256 asset;
        uint256 market;
        // 0x140: the address of the first price, and 0x160: the number of prices.
        uint256 prices;
        uint256 priced;
        // 0x180: the address of the list of factors.
        uint256[] factors;
        // 0x1a0: the value decimals.
        uint256 decimals;
        // 0x1c0: `asset` as it was before the first market.
        uint256 assets;
        // Whether something is wrong with some row.
        bool inDoubt;
    }

    uint256 private constant NEVER = type(uint256).max;
    uint256 private constant DEPOSIT = 0x010000;
    uint256 private constant LONG = 0x030000;

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
            pass.last = table.own * pass.stride;
        }
        (pass.prices, pass.priced, pass.factors) = (table.pricesAt, table.priced, factors);
        pass.decimals = table.valueDecimals;
    }

    /// @notice Writes rows from `index` on. No row of a class, form or closing row stands before it.
    /// @param pass The state that `begin` gave. If it is in doubt afterwards, nothing counts as written,
    /// and this is not to be asked again.
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
        unchecked {
            pass.assets = DEPOSIT + table.assets;
            pass.asset = table.markets == 0 ? pass.assets : NEVER;
            pass.market = LONG + table.markets;
            uint256 row = pass.first + index * pass.size;
            uint256 cell = pass.cells + 32 * index;
            (uint256 stop, uint256 wrong) = _rows(pass, row, cell);
            // From the first factor on, and from the value after that at mark on.
            uint256 skip = Program.ROW_BYTES;
            for (uint256 to = cell + 2 * pass.stride; wrong == 0 && skip < pass.size;) {
                uint256 distance = cell + pass.last - to;
                wrong = _values(pass, row + skip, stop + skip, to, distance);
                (skip, to) = (skip + Program.CHOICE_BYTES, to + pass.stride);
            }
            if (wrong != 0) {
                pass.inDoubt = true;
                return index;
            }
            (cursor.group, cursor.base) = (pass.group, pass.base);
            table.assets = (pass.asset == NEVER ? pass.assets : pass.asset) - DEPOSIT;
            table.markets = pass.market - LONG;
            return (stop - pass.first) / pass.size;
        }
    }

    // Reads rows from the address `row` on, whose cap is at the address `cell`: writes their caps and
    // their values at mark, and the price of a unit of each in the place of its value in the last of the
    // program's own scenarios, where `_values` reads it and then writes that value. Returns the address
    // of the row that it stopped at, and not 0 if something is wrong with a row before that.
    //
    // Reads: each row is within the program, of which 32 bytes of zeros stand behind the last; a
    // price only below their number. Writes: a row has one cell in each column, and `Program.head` made
    // room for caps and as many columns as there are scenarios, of which the program's own are the
    // first, mark among them; a power of ten, with its exponent, stands in the scratch space, because
    // most prices have the same decimals.
    //
    // Arithmetic: a mantissa is below 2^128 and 10^38 below 2^127, and a base that is right below 2^64.
    function _rows(
        Pass memory pass,
        uint256 row,
        uint256 cell
    ) private pure returns (uint256 next, uint256 wrong) {
        assembly ("memory-safe") {
            mstore(0, 0)
            mstore(0x20, 1)
            let base := mload(add(pass, 0xe0))
            let asset := mload(add(pass, 0x100))
            // Row 0 is the empty slot.
            if eq(row, mload(pass)) {
                wrong := byte(0, mload(row))
            }
            for {} lt(row, mload(add(pass, 0x20))) {} {
                let word := mload(row)
                // The price of a unit, and the value at mark.
                let unit
                let mark
                let opens := eq(shr(232, word), asset)
                asset := add(asset, opens)
                if iszero(opens) {
                    let key := shl(40, shr(1, add(byte(0, word), 1)))
                    key := or(key, and(shr(208, word), 0xffffffffff))
                    switch eq(key, mload(add(pass, 0xc0)))
                    case 1 {
                        unit := base
                        // Of what is held its price, of what is owed minus its price.
                        switch and(byte(0, word), 1)
                        case 1 {
                            mark := add(0x10000000000000000, base)
                        }
                        default {
                            mark := sub(0x10000000000000000, base)
                        }
                    }
                    default {
                        // The decimals that a quantity does not have.
                        key := sub(mload(add(pass, 0x1a0)), and(key, 0xff))
                        // Of group 0 and without a price, and with the role 0, 5, 6 or 7.
                        switch and(
                            eq(and(shr(216, word), 0xffffffff), 0xffff),
                            shr(byte(0, word), 0xe1)
                        )
                        case 1 {
                            wrong := or(wrong, shr(8, key))
                            mark := 0x10000000000000000
                            switch byte(0, word)
                            case 6 {
                                unit := exp(10, key)
                                mark := add(mark, unit)
                            }
                            case 7 {
                                unit := exp(10, key)
                                mark := sub(mark, unit)
                            }
                            default {
                                // Headroom, or the empty slot, which is row 0 and no other, and has no
                                // cap. They have no factors.
                                if iszero(byte(0, word)) {
                                    wrong := or(wrong, xor(row, mload(pass)))
                                    wrong := or(wrong, shr(160, shl(48, word)))
                                }
                                let end := add(row, mload(add(pass, 0x40)))
                                for {
                                    let at := add(row, 18)
                                } lt(at, end) {
                                    at := add(at, 2)
                                } {
                                    wrong := or(wrong, shr(240, mload(at)))
                                }
                            }
                            wrong := or(wrong, shr(64, unit))
                        }
                        default {
                            if xor(shr(232, word), mload(add(pass, 0x120))) {
                                break
                            }
                            // The first of a market. No asset comes behind it.
                            opens := 1
                            mstore(add(pass, 0x120), add(shr(232, word), 1))
                            if not(asset) {
                                mstore(add(pass, 0x1c0), asset)
                                asset := not(0)
                            }
                        }
                    }
                }
                if opens {
                    // The decimals that a quantity does not have.
                    let shift := sub(mload(add(pass, 0x1a0)), and(shr(208, word), 0xff))
                    wrong := or(wrong, shr(8, shift))
                    let price := and(shr(216, word), 0xffff)
                    switch lt(price, mload(add(pass, 0x160)))
                    case 1 {
                        price := add(mload(add(pass, 0x140)), mul(96, price))
                        base := mload(add(price, 32))
                        shift := sub(shift, mload(add(price, 64)))
                    }
                    default {
                        // The quote currency's.
                        base := 1
                        wrong := or(wrong, xor(price, 0xffff))
                    }
                    // At most 38 in size: the decimals of a price are, as are those of values.
                    if xor(shift, mload(0)) {
                        mstore(0, shift)
                        mstore(0x20, exp(10, shift))
                        if slt(shift, 0) {
                            mstore(0, 0)
                            mstore(0x20, 1)
                            shift := exp(10, sub(0, shift))
                            wrong := or(wrong, mod(base, shift))
                            base := div(base, shift)
                        }
                    }
                    base := mul(base, mload(0x20))
                    wrong := or(wrong, shr(64, base))
                    unit := base
                    mark := add(0x10000000000000000, base)
                    let key := shl(40, shr(1, add(byte(0, word), 1)))
                    mstore(add(pass, 0xc0), or(key, and(shr(208, word), 0xffffffffff)))
                }
                // A cap has at most 90 bits.
                let cap := and(shr(112, word), 0xffffffffffffffffffffffff)
                wrong := or(wrong, shr(90, cap))
                mstore(cell, cap)
                // Where mark is the last, it takes its place.
                mstore(add(cell, mload(add(pass, 0xa0))), unit)
                mstore(add(cell, mload(add(pass, 0x80))), mark)
                cell := add(cell, 32)
                row := add(row, mload(add(pass, 0x40)))
            }
            mstore(add(pass, 0xe0), base)
            mstore(add(pass, 0x100), asset)
            next := row
        }
    }

    // Writes the values of rows in one scenario. The first row's choice of a factor is at the address
    // `from`, that of the first row behind them at `end`. The first value goes to the address `to`, and
    // `distance` behind each is the price of a unit. Returns not 0 if a factor is none of the list, or a
    // value out of bounds. For the arithmetic see `Values.follow`.
    function _values(
        Pass memory pass,
        uint256 from,
        uint256 end,
        uint256 to,
        uint256 distance
    ) private pure returns (uint256 wrong) {
        assembly ("memory-safe") {
            let factors := mload(add(pass, 0x180))
            let count := mload(factors)
            factors := add(factors, 32)
            let size := mload(add(pass, 0x40))
            // No choice of a factor, which has two bytes.
            let choice := not(0)
            let factor
            for {} lt(from, end) {
                from := add(from, size)
            } {
                let value := shr(240, mload(from))
                if xor(value, choice) {
                    if iszero(lt(value, count)) {
                        wrong := not(0)
                        break
                    }
                    choice := value
                    factor := mload(add(factors, shl(5, value)))
                }
                let divisor := and(factor, 0xffffffffffffffffffffffffffffffff)
                value := mul(mload(add(to, distance)), sar(128, factor))
                value := div(add(value, shl(64, divisor)), divisor)
                wrong := or(wrong, or(value, sub(value, 1)))
                mstore(to, value)
                to := add(to, 32)
            }
            // All above 0 and below 2^65.
            wrong := shr(65, wrong)
        }
    }
}
