// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {ITable, refuse} from "../interfaces/ITable.sol";
import {Program} from "./Program.sol";
import {Rows} from "./Rows.sol";
import {Cursor, NO_PRICE, Role, Table, VALUE_COLUMN, VALUE_OFFSET} from "./Table.sol";

/// @title Plain and covered rows, and their values in the cover
/// @notice A plain or covered row stands for a row of customers. Accounts of such lines are closed
/// in no scenario but the cover, and there by slack alone, so they are worth at least 0 in it. A
/// covered row is worth there the least that the row it stands for is worth in any scenario that is
/// closed by equity and shortfall: in its last tier, less what its loss in each constraint costs.
/// So such accounts are worth at least 0 in all of these. A plain row is worth the same, but at
/// most 0. No program can say otherwise: the values follow from those of other rows.
library Forms {
    /// What one contingency costs a row.
    struct Cost {
        // The contingency's row.
        uint256 row;
        // The loss of the row in the constraint that asks most of the contingency, and the value of
        // one unit of the contingency there. The loss is 0 if there is none.
        uint256 loss;
        uint256 unit;
    }

    // The roles of the rows that a plain and a covered row may stand for, as bits.
    uint256 private constant PLAIN =
        (1 << uint256(Role.Deposit)) | (1 << uint256(Role.Long)) | (1 << uint256(Role.QuoteCredit));
    uint256 private constant COVERED =
        PLAIN |
            (1 << uint256(Role.Borrow)) |
            (1 << uint256(Role.Short)) |
            (1 << uint256(Role.QuoteDebit));

    // Those of rows that have tiers, and that are of an asset or market.
    uint256 private constant TIERED =
        (1 << uint256(Role.Deposit)) | (1 << uint256(Role.Long)) | (1 << uint256(Role.Short));
    uint256 private constant GROUPED = TIERED | (1 << uint256(Role.Borrow));

    /// @notice Checks that a plain or covered row is in order, and counts it. Reverts with
    /// `RowHeld`, or with `RowCap`, `RowRole`, `RowDecimals` or `RowPrice` of `Rows`. Its factors
    /// are checked as those of every row whose values follow from its role.
    /// @param program The program.
    /// @param cursor The state of the pass over the rows.
    /// @param table The table.
    /// @param index The row.
    /// @param word The row's first word.
    function enter(
        bytes memory program,
        Cursor memory cursor,
        Table memory table,
        uint256 index,
        uint256 word
    ) internal pure {
        uint256 cap = uint96(word >> 112);
        if (cap != 0) refuse(ITable.RowCap.selector, index, cap);
        uint256 role = word >> 248;
        bool isPlain = role == uint256(Role.Plain);
        if (
            (!isPlain && role != uint256(Role.Covered)) || table.cover == 0 || cursor.closings != 0
        ) {
            refuse(ITable.RowRole.selector, index, role);
        }
        if (table.forms == 0) {
            table.formsAt = index;
            // No row of customers or of a class follows: `Rows.enter` and `Classes.repeatRow` check
            // that.
            cursor.group = type(uint256).max;
            cursor.class = type(uint256).max;
        }
        // Numbers of rows are below 2^16.
        unchecked {
            uint256 held = uint16(word >> 232);
            uint256 form = 2 * held + (isPlain ? 0 : 1);
            if (form <= cursor.form || held >= table.formsAt)
                refuse(ITable.RowHeld.selector, index, held);
            uint256 heldWord = _row(program, table, held);
            // A row of another class has a bit above its role, and this shifts out all others.
            bool isAllowed = ((isPlain ? PLAIN : COVERED) >> (heldWord >> 248)) & 1 != 0;
            // Often the row before stands for the same row.
            bool isKnown = cursor.form >> 1 == held;
            if (!isAllowed || !(isKnown || _isFirst(program, table, held, heldWord))) {
                refuse(ITable.RowHeld.selector, index, held);
            }
            if (uint8(word >> 208) != uint8(heldWord >> 208)) {
                refuse(ITable.RowDecimals.selector, index, uint8(word >> 208));
            }
            if (uint16(word >> 216) != NO_PRICE)
                refuse(ITable.RowPrice.selector, index, uint16(word >> 216));
            cursor.form = form;
            ++table.forms;
        }
    }

    /// @notice Writes the values in the cover. Reverts with `CoverWithoutRows`, or with
    /// `Rows.ValueBound` if one is out of bounds.
    /// @param program The program.
    /// @param table The table, whose other values are written.
    /// @param cursor The state after the pass over the rows.
    function writeCover(
        bytes memory program,
        Table memory table,
        Cursor memory cursor
    ) internal pure {
        if (table.cover == 0) return;
        if (table.forms == 0) revert ITable.CoverWithoutRows();
        _writeValues(program, table, _clear(table), _contingencies(program, table, cursor));
    }

    // Writes the values of plain and covered rows into the column of the cover.
    function _writeValues(
        bytes memory program,
        Table memory table,
        uint256 column,
        Cost[] memory costs
    ) private pure {
        uint256 last;
        int256 least;
        uint256 index = table.formsAt;
        // Rows are within the program, and no value reaches 2^193.
        unchecked {
            for (uint256 end = index + table.forms; index < end; ++index) {
                uint256 word = _row(program, table, index);
                // A plain and a covered row may stand for the same row. None stands for row 0.
                if (uint16(word >> 232) != last) {
                    last = uint16(word >> 232);
                    least = _least(table, _lastTier(program, table, last), costs);
                }
                // No value is above its bound.
                if (least <= -int256(VALUE_OFFSET)) {
                    refuse(ITable.ValueBound.selector, index, table.scenarios - 1);
                }
                if (least > 0 && word >> 248 == uint256(Role.Plain)) continue;
                table.instance[column + index] = uint256(int256(VALUE_OFFSET) + least);
            }
        }
    }

    // Makes every row worth nothing in the cover, except the last, which closes it. Returns where its
    // column begins in `instance`.
    function _clear(Table memory table) private pure returns (uint256 column) {
        uint256 rows = table.rows;
        uint256[] memory instance = table.instance;
        unchecked {
            column = 1 + (VALUE_COLUMN + table.scenarios - 1) * rows;
        }
        // Assembly, because this writes a whole column, the last of `instance`.
        assembly ("memory-safe") {
            let cell := add(add(instance, 32), shl(5, column))
            for {
                let end := add(cell, shl(5, rows))
            } lt(cell, end) {
                cell := add(cell, 32)
            } {
                // VALUE_OFFSET
                mstore(cell, 0x10000000000000000)
            }
        }
        instance[column + rows - 1] = VALUE_OFFSET - 1;
    }

    // Whether a row is the first of its role in its asset or market. Only deposits, longs and shorts
    // have tiers.
    function _isFirst(
        bytes memory program,
        Table memory table,
        uint256 held,
        uint256 heldWord
    ) private pure returns (bool) {
        if ((TIERED >> (heldWord >> 248)) & 1 == 0) return true;
        uint256 group = _group(heldWord);
        unchecked {
            uint256 size = Program.rowBytes(table);
            uint256 first = table.rowsAt;
            for (uint256 place = first + (held - 1) * size; place > first; place -= size) {
                uint256 word = Program.load(program, place);
                if (word >> 232 == heldWord >> 232) return false;
                if (_isOfOther(word, group)) break;
            }
        }
        return true;
    }

    // The last row of the same role in the same asset or market.
    function _lastTier(
        bytes memory program,
        Table memory table,
        uint256 held
    ) private pure returns (uint256 last) {
        uint256 heldWord = _row(program, table, held);
        last = held;
        if ((TIERED >> (heldWord >> 248)) & 1 == 0) return last;
        uint256 group = _group(heldWord);
        unchecked {
            uint256 size = Program.rowBytes(table);
            uint256 place = table.rowsAt + held * size;
            for (uint256 i = held + 1; i < table.formsAt; ++i) {
                place += size;
                uint256 word = Program.load(program, place);
                if (word >> 232 == heldWord >> 232) last = i;
                else if (_isOfOther(word, group)) break;
            }
        }
    }

    // Whether a row is of another asset or market: rows of one follow each other, except for rows
    // that are of none.
    function _isOfOther(uint256 word, uint256 group) private pure returns (bool) {
        return (GROUPED >> (word >> 248)) & 1 != 0 && _group(word) != group;
    }

    // Whether a row is of an asset or of a market, and the number of that.
    function _group(uint256 word) private pure returns (uint256) {
        unchecked {
            // As in `Rows.groupKey`.
            return ((((word >> 248) + 1) >> 1) << 16) | uint16(word >> 232);
        }
    }

    // The contingencies, as yet without a loss.
    function _contingencies(
        bytes memory program,
        Table memory table,
        Cursor memory cursor
    ) private pure returns (Cost[] memory costs) {
        costs = new Cost[](cursor.contingencies);
        uint256 row = cursor.contingencyAt;
        for (uint256 found = 0; found < costs.length; ++row) {
            if (_row(program, table, row) >> 248 != uint256(Role.Contingency)) continue;
            costs[found++].row = row;
        }
    }

    // The least value of a row in the scenarios that are closed by equity and shortfall, less the
    // costs of its contingencies there. Twins do not count: a row of customers is worth in them
    // what it is worth in their stresses.
    function _least(
        Table memory table,
        uint256 row,
        Cost[] memory costs
    ) private pure returns (int256 least) {
        if (costs.length == 0) return _leastValue(table, row);
        uint256[] memory instance = table.instance;
        _setLosses(table, row, costs);
        // Cells are within `instance`, and nothing here reaches 2^193.
        unchecked {
            uint256 cell = 1 + VALUE_COLUMN * table.rows + row;
            least = type(int256).max;
            for (uint256 s = 0; s < table.own; ++s) {
                if (!table.isConstraint[s]) {
                    // As in the table, with VALUE_OFFSET added.
                    int256 value = int256(instance[cell]) - _cost(instance, cell - row, costs);
                    if (value < least) least = value;
                }
                cell += table.rows;
            }
            least -= int256(VALUE_OFFSET);
        }
    }

    // The same without contingencies.
    function _leastValue(Table memory table, uint256 row) private pure returns (int256) {
        uint256[] memory instance = table.instance;
        bool[] memory isConstraint = table.isConstraint;
        uint256 least = type(uint256).max;
        uint256 left = table.own;
        uint256 cell;
        uint256 stride;
        unchecked {
            stride = 32 * table.rows;
            // After the length, the context word, three columns, and the rows before this one.
            cell = 32 * (2 + row) + VALUE_COLUMN * stride;
        }
        // Assembly, because this loops over plain and covered rows times scenarios. It stays inside
        // `instance`, which has a column for each scenario, and of `isConstraint`, which has a word.
        assembly ("memory-safe") {
            cell := add(instance, cell)
            for {} left {
                left := sub(left, 1)
            } {
                isConstraint := add(isConstraint, 32)
                let value := mload(cell)
                if iszero(or(mload(isConstraint), iszero(lt(value, least)))) {
                    least := value
                }
                cell := add(cell, stride)
            }
        }
        return int256(least) - int256(VALUE_OFFSET);
    }

    // What all contingencies cost in the scenario of a column of `instance`, each rounded up.
    function _cost(
        uint256[] memory instance,
        uint256 column,
        Cost[] memory costs
    ) private pure returns (int256 sum) {
        unchecked {
            for (uint256 i = 0; i < costs.length; ++i) {
                Cost memory cost = costs[i];
                if (cost.loss == 0) continue;
                int256 value = int256(instance[column + cost.row]) - int256(VALUE_OFFSET);
                uint256 size = uint256(value < 0 ? -value : value);
                sum += int256((size * cost.loss + cost.unit - 1) / cost.unit);
            }
        }
    }

    // Finds for each contingency the constraint in which a row asks most of it.
    function _setLosses(Table memory table, uint256 row, Cost[] memory costs) private pure {
        for (uint256 i = 0; i < costs.length; ++i) {
            Cost memory cost = costs[i];
            (cost.loss, cost.unit) = (0, 1);
            for (uint256 s = 0; s < table.own; ++s) {
                if (!table.isConstraint[s]) continue;
                int256 loss = -_value(table, row, s);
                int256 unit = _value(table, cost.row, s);
                if (loss <= 0 || unit <= 0) continue;
                if (uint256(loss) * cost.unit > cost.loss * uint256(unit)) {
                    (cost.loss, cost.unit) = (uint256(loss), uint256(unit));
                }
            }
        }
    }

    // The value of one unit of a row in a scenario, both within the table.
    function _value(
        Table memory table,
        uint256 row,
        uint256 scenario
    ) private pure returns (int256) {
        unchecked {
            uint256 cell = 1 + (VALUE_COLUMN + scenario) * table.rows + row;
            return int256(table.instance[cell]) - int256(VALUE_OFFSET);
        }
    }

    function _row(
        bytes memory program,
        Table memory table,
        uint256 index
    ) private pure returns (uint256) {
        unchecked {
            return Program.load(program, table.rowsAt + index * Program.rowBytes(table));
        }
    }
}
