// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {ITable, refuse} from "../interfaces/ITable.sol";
import {Program} from "./Program.sol";
import {Values} from "./Values.sol";
import {CAP_COLUMN, Class, Cursor, Role, Table, VALUE_COLUMN, VALUE_OFFSET} from "./Table.sol";

/// @title The rows of classes, and the values of twins
/// @notice A row of another class than `Customer` repeats a row of customers. In a twin, the rows
/// of class `Insurance` are worth nothing, and all others what they are worth in the stress that it
/// is the twin of. The equity of a twin is therefore what all but the insurance fund are owed, and
/// no program can say otherwise.
library Classes {
    /// @notice Writes a row of a class: the cap and values of the next row of customers that it
    /// repeats. Reverts with `RowClass`.
    /// @param program The program.
    /// @param offset The row's offset.
    /// @param cursor The state of the pass over the rows.
    /// @param table The table.
    /// @param index The row.
    function repeatRow(
        bytes memory program,
        uint256 offset,
        Cursor memory cursor,
        Table memory table,
        uint256 index
    ) internal pure {
        uint256 class = Program.load(program, offset) >> Program.CLASS_SHIFT;
        if (class < cursor.class || cursor.closings != 0 || cursor.contingencies != 0) {
            refuse(ITable.RowClass.selector, index, class);
        }
        if (cursor.class == 0) {
            cursor.customers = index;
            // No row of customers follows: `Rows.enter` checks that.
            cursor.group = type(uint256).max;
        }
        if (class != cursor.class) {
            (cursor.class, cursor.next) = (class, 1);
            table.classes |= 1 << class;
            if (class == uint256(Class.Insurance)) cursor.insuranceAt = index;
        }
        if (class == uint256(Class.Insurance)) cursor.insuranceEnd = index + 1;
        uint256 rows = table.rows;
        // Offsets are within the program, and cells within `instance`, as in `Rows.write`.
        unchecked {
            uint256 size = Program.rowBytes(table);
            uint256 from = cursor.next;
            while (
                from < cursor.customers &&
                !repeats(program, table.rowsAt + from * size, offset, size)
            ) {
                ++from;
            }
            if (from >= cursor.customers) refuse(ITable.RowClass.selector, index, class);
            cursor.next = from + 1;
            uint256[] memory instance = table.instance;
            for (uint256 column = 1 + CAP_COLUMN * rows; column < instance.length; column += rows) {
                instance[column + index] = instance[column + from];
            }
        }
    }

    /// @notice Writes the values of twins: those of their stresses, except that rows of class
    /// `Insurance` are worth nothing, and that a twin is closed by its own closing rows.
    /// @param program The program.
    /// @param table The table, whose other values are written.
    /// @param cursor The state after the pass over the rows.
    function writeTwins(
        bytes memory program,
        Table memory table,
        Cursor memory cursor
    ) internal pure {
        uint256 rows = table.rows;
        uint256[] memory instance = table.instance;
        uint256 size = Program.rowBytes(table);
        for (uint256 i = 0; i < table.twins; ++i) {
            uint256 stress = Program.stressOf(program, table, i);
            uint256 scenario = table.own + i;
            uint256 column = 1 + (VALUE_COLUMN + scenario) * rows;
            uint256 from = 1 + (VALUE_COLUMN + stress) * rows;
            // Assembly, because a copy of a column costs as much as two cells in a loop. Both
            // columns are within `instance`.
            assembly ("memory-safe") {
                let at := add(instance, 32)
                mcopy(add(at, shl(5, column)), add(at, shl(5, from)), shl(5, rows))
            }
            for (uint256 index = cursor.insuranceAt; index < cursor.insuranceEnd; ++index) {
                instance[column + index] = VALUE_OFFSET;
            }
            for (uint256 index = cursor.closingAt; index < rows; ++index) {
                uint256 word = Program.load(program, table.rowsAt + index * size);
                // Nothing but closing rows follows the first of them.
                uint256 role = word >> 248;
                bool isOwn = role != uint256(Role.Slack) && uint16(word >> 232) == scenario;
                instance[column + index] = isOwn ? Values.closing(role) : VALUE_OFFSET;
            }
        }
    }

    /// @notice Whether the insurance fund is the accounts of class `Insurance`, and not the reserves
    /// for insurance.
    /// @param table The table.
    /// @return Whether the table has rows of this class.
    function hasFund(Table memory table) internal pure returns (bool) {
        return (table.classes >> uint256(Class.Insurance)) & 1 != 0;
    }

    // Whether two rows are the same except for the class of the second.
    function repeats(
        bytes memory program,
        uint256 first,
        uint256 second,
        uint256 size
    ) private pure returns (bool) {
        unchecked {
            // Everything before the factors, without the two bits of the class.
            uint256 bits = 8 * Program.ROW_BYTES - 2;
            if (
                Program.part(Program.load(program, first), 2, bits) !=
                Program.part(Program.load(program, second), 2, bits)
            ) {
                return false;
            }
            uint256 factors = size - Program.ROW_BYTES;
            return
                Program.hash(program, first + Program.ROW_BYTES, factors) ==
                Program.hash(program, second + Program.ROW_BYTES, factors);
        }
    }
}
