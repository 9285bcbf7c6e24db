// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Program} from "./Program.sol";
import {Values} from "./Values.sol";
import {Cursor, NO_PRICE, Role, Table, VALUE_COLUMN, VALUE_OFFSET} from "./Table.sol";

/// @title Writes the closing rows that are in order
/// @notice Where a scenario is closed, nothing but the choice between slack and equity is left to a
/// program. Like `Run`, this stops before the first row that it has any doubt about, and `Rows.writeRow`
/// writes that row or names what is wrong.
library Closings {
    // Bits of a row behind its role, group, price, decimals and cap; and behind these fields.
    uint256 private constant REST = 112;
    uint256 private constant ROLE_SHIFT = 136;
    uint256 private constant GROUP_SHIFT = 120;
    uint256 private constant PRICE_SHIFT = 104;
    uint256 private constant DECIMALS_SHIFT = 96;

    /// @notice Writes closing rows from `index` on, which is not 0.
    /// @param program The program.
    /// @param table The table, whose constraints this marks.
    /// @param cursor The state of the pass over all rows, which this brings up to date.
    /// @param index The next row, below the number of rows.
    /// @return The row that it stopped at; the number of rows if it wrote all.
    function write(
        bytes memory program,
        Table memory table,
        Cursor memory cursor,
        uint256 index
    ) internal pure returns (uint256) {
        // Rows are within the program, and their cells within the instance, as in `Run`.
        unchecked {
            (uint256 rows, uint256 size) = (table.rows, Program.rowBytes(table));
            _clear(table, index);
            uint256 row = table.rowsAt + index * size;
            // Without a cap.
            uint256 rest = (NO_PRICE << PRICE_SHIFT) | (table.valueDecimals << DECIMALS_SHIFT);
            uint256 closings = cursor.closings;
            if (closings == 0) cursor.closingAt = index;
            for (; index < rows; ++index) {
                uint256 word = Program.load(program, row) >> REST;
                uint256 role = word >> ROLE_SHIFT;
                uint256 group = closings >> 1;
                if (!_closes(table, role, group, closings & 1 != 0)) break;
                if (word != (role << ROLE_SHIFT) | (group << GROUP_SHIFT) | rest) break;
                if (_hasFactors(program, row, size)) break;
                _set(table, index, group, Values.closing(role));
                if (role == uint256(Role.Slack)) {
                    table.isConstraint[group] = true;
                    ++closings;
                }
                ++closings;
                row += size;
            }
            // No later row continues an asset or market.
            if (closings != 0) cursor.group = type(uint256).max;
            cursor.closings = closings;
            return index;
        }
    }

    // Makes this row and those behind it worth nothing in all scenarios that have values in the
    // program. Rows that are not closings are written again by `Rows.writeRow`.
    function _clear(Table memory table, uint256 index) private pure {
        (uint256 rows, uint256 own) = (table.rows, table.own);
        uint256[] memory instance = table.instance;
        assembly ("memory-safe") {
            let size := shl(5, rows)
            // After the length, the context word and three columns.
            let column := add(add(instance, 64), mul(VALUE_COLUMN, size))
            for {
                let end := add(column, mul(own, size))
            } lt(column, end) {} {
                let cell := add(column, shl(5, index))
                column := add(column, size)
                for {} lt(cell, column) {
                    cell := add(cell, 32)
                } {
                    // VALUE_OFFSET
                    mstore(cell, 0x10000000000000000)
                }
            }
        }
    }

    // Whether a row has a factor that is not 0.
    function _hasFactors(
        bytes memory program,
        uint256 row,
        uint256 size
    ) private pure returns (bool has) {
        uint256 factors = Program.ROW_BYTES;
        assembly ("memory-safe") {
            let at := add(add(program, 32), row)
            let end := add(at, size)
            for {
                at := add(at, factors)
            } lt(at, end) {
                at := add(at, 2)
            } {
                has := or(has, shr(240, mload(at)))
            }
            has := iszero(iszero(has))
        }
    }

    // Writes a value.
    function _set(Table memory table, uint256 index, uint256 scenario, uint256 value) private pure {
        unchecked {
            table.instance[1 + (VALUE_COLUMN + scenario) * table.rows + index] = value;
        }
    }

    // Whether a row of this role is the next to close a scenario, of which the first of two rows
    // may stand before it.
    function _closes(
        Table memory table,
        uint256 role,
        uint256 group,
        bool isSecond
    ) private pure returns (bool) {
        unchecked {
            if (isSecond) return role == uint256(Role.Shortfall);
            if (group >= table.scenarios) return false;
            // As in `Rows.enterClosing`.
            bool isCover = group >= table.own + table.twins;
            if (role == uint256(Role.Equity)) return !isCover;
            if (role != uint256(Role.Slack)) return false;
            return isCover || (group != 0 && group < table.own && table.twinOf[group] == 0);
        }
    }
}
