// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {ITable, refuse} from "../interfaces/ITable.sol";
import {Classes} from "./Classes.sol";
import {Closings} from "./Closings.sol";
import {Forms} from "./Forms.sol";
import {Priced} from "./Priced.sol";
import {Program} from "./Program.sol";
import {Run} from "./Run.sol";
import {Values} from "./Values.sol";
import {
    CAP_COLUMN,
    CLOSINGS,
    Cursor,
    NO_PRICE,
    Role,
    Table,
    VALUE_COLUMN,
    VALUE_OFFSET
} from "./Table.sol";

/// @title Writes the rows of an instrument table
/// @notice Computes caps and values from the program and the prices, and checks the order of the
/// rows. Some values follow from the role of a row, whatever the program says; see
/// `InstrumentTable`.
library Rows {
    uint256 private constant CAP_BOUND = 1 << 90;
    // The roles of what an account owes, as bits.
    uint256 private constant LIABILITIES =
        (1 << uint256(Role.Borrow)) | (1 << uint256(Role.Short)) | (1 << uint256(Role.QuoteDebit));

    // Role, group and price of headroom.
    uint256 private constant HEADROOM = (uint256(Role.Headroom) << 32) | NO_PRICE;

    // In place of a value at mark, which is below 2^64: all values follow from the role.
    uint256 private constant FIXED = type(uint256).max;

    /// @notice Writes the caps and values of all rows, except the values in twins and in the cover.
    /// @param program The program.
    /// @param table The table, whose prices were checked.
    /// @param factors The factors, as `Program.readFactors` gives them.
    /// @return cursor The state after the last row.
    function write(
        bytes memory program,
        Table memory table,
        uint256[] memory factors
    ) internal pure returns (Cursor memory cursor) {
        cursor.group = type(uint256).max;
        uint256 rows = table.rows;
        Run.Pass memory pass = Run.begin(program, table, factors);
        // Offsets are within the program, whose length was checked.
        unchecked {
            uint256 index = 0;
            while (index < rows) {
                // `Run` goes as far as all is plain and in order, and changes nothing else.
                if (!pass.inDoubt && (cursor.class | cursor.closings | table.forms) == 0) {
                    index = Run.write(pass, table, cursor, index);
                    if (index == rows) break;
                }
                // Row 0 is the empty slot: `writeRow` alone judges what else it is.
                if (index != 0 && _mayClose(program, table, index)) {
                    index = Closings.write(program, table, cursor, index);
                    if (index == rows) break;
                }
                writeRow(program, table, factors, cursor, index);
                ++index;
            }
        }
        _requireClosed(table, cursor);
    }

    /// @notice The same, one row after the other.
    /// @param program The program.
    /// @param table The table, whose prices were checked.
    /// @param factors The factors, as `Program.readFactors` gives them.
    /// @return cursor The state after the last row.
    function writeEach(
        bytes memory program,
        Table memory table,
        uint256[] memory factors
    ) internal pure returns (Cursor memory cursor) {
        cursor.group = type(uint256).max;
        for (uint256 index = 0; index < table.rows; ++index) {
            writeRow(program, table, factors, cursor, index);
        }
        _requireClosed(table, cursor);
    }

    // Whether a row has the role of a closing row.
    function _mayClose(
        bytes memory program,
        Table memory table,
        uint256 index
    ) private pure returns (bool) {
        unchecked {
            uint256 offset = table.rowsAt + index * Program.rowBytes(table);
            return (CLOSINGS >> (Program.load(program, offset) >> 248)) & 1 != 0;
        }
    }

    function _requireClosed(Table memory table, Cursor memory cursor) private pure {
        if (cursor.closings == 2 * table.scenarios) return;
        refuse(ITable.NotClosed.selector, cursor.closings / 2);
    }

    // Writes one row of any kind, or reverts with what is wrong with it.
    function writeRow(
        bytes memory program,
        Table memory table,
        uint256[] memory factors,
        Cursor memory cursor,
        uint256 index
    ) private pure {
        unchecked {
            uint256 offset = table.rowsAt + index * Program.rowBytes(table);
            uint256 word = Program.load(program, offset);
            if (word >> Program.CLASS_SHIFT != 0) {
                Classes.repeatRow(program, offset, cursor, table, index);
                return;
            }
            uint256 rows = table.rows;
            uint256 cap = uint96(word >> 112);
            if (cap != 0) {
                if (cap >= CAP_BOUND || index == 0) refuse(ITable.RowCap.selector, index, cap);
                table.instance[1 + CAP_COLUMN * rows + index] = cap;
            }
            uint256 base = FIXED;
            if (groupKey(word) == cursor.group) base = cursor.base;
            else if (word >> 248 < uint256(Role.Plain)) base = enter(cursor, table, index, word);
            else Forms.enter(program, cursor, table, index, word);
            writeValues(program, offset, factors, base, table, index, word);
        }
    }

    // The value of one unit at mark: plus its price if it is owed to the account, minus its price
    // if the account owes it, and 0 for a contingency. A base is below VALUE_OFFSET.
    function markValue(uint256 role, uint256 base) private pure returns (uint256) {
        unchecked {
            if ((LIABILITIES >> role) & 1 != 0) return VALUE_OFFSET - base;
            return role == uint256(Role.Contingency) ? VALUE_OFFSET : VALUE_OFFSET + base;
        }
    }

    // Checks that a row is in order. Returns the value of one unit at mark, or for a contingency of
    // one unit, or FIXED if all its values follow from its role.
    function enter(
        Cursor memory cursor,
        Table memory table,
        uint256 index,
        uint256 word
    ) private pure returns (uint256) {
        uint256 role = word >> 248;
        uint256 decimals = uint8(word >> 208);
        // What is held stands before the rows of classes, forms and closings: a row of quote
        // currency after `shortfall:mark` would look like a closing row of no scenario.
        if ((cursor.class | cursor.closings) != 0 && role <= uint256(Role.QuoteDebit)) {
            refuse(ITable.RowClass.selector, index, 0);
        }
        // The most common row without an asset or market.
        if (word >> 216 == HEADROOM && decimals <= table.valueDecimals && index != 0) return FIXED;
        bool isContingency = role == uint256(Role.Contingency);
        if (
            role == uint256(Role.Uncredited) ||
            (role == uint256(Role.Empty)) != (index == 0) ||
            (isContingency && (table.forms | cursor.closings) != 0)
        ) {
            refuse(ITable.RowRole.selector, index, role);
        }
        uint256 group = uint16(word >> 232);
        uint256 price = uint16(word >> 216);
        if (decimals > table.valueDecimals) refuse(ITable.RowDecimals.selector, index, decimals);
        // None of these counts reaches 2^17.
        unchecked {
            if (role >= uint256(Role.Deposit) && role <= uint256(Role.Short)) {
                if (!entersGroup(table, role, group, index)) {
                    if (price != uint16(cursor.group >> 8))
                        refuse(ITable.RowPrice.selector, index, price);
                    refuse(ITable.RowDecimals.selector, index, decimals);
                }
                cursor.group = groupKey(word);
                cursor.base = worth(table, price, table.valueDecimals - decimals, index);
                return cursor.base;
            }
            if (
                role == uint256(Role.Slack) ||
                role == uint256(Role.Equity) ||
                role == uint256(Role.Shortfall)
            ) {
                enterClosing(cursor, table, role, group, index);
                if (decimals != table.valueDecimals)
                    refuse(ITable.RowDecimals.selector, index, decimals);
            } else if (group != (isContingency ? cursor.contingencies : 0)) {
                refuse(ITable.RowGroup.selector, index, group);
            }
            if (price != NO_PRICE) refuse(ITable.RowPrice.selector, index, price);
            if (isContingency) {
                if (cursor.contingencies == 0) cursor.contingencyAt = index;
                ++cursor.contingencies;
            }
            if (
                isContingency ||
                role == uint256(Role.QuoteCredit) ||
                role == uint256(Role.QuoteDebit)
            ) {
                return worth(table, price, table.valueDecimals - decimals, index);
            }
        }
        return FIXED;
    }

    // Checks that a closing row is the next one.
    function enterClosing(
        Cursor memory cursor,
        Table memory table,
        uint256 role,
        uint256 group,
        uint256 index
    ) private pure {
        bool isSlack = role == uint256(Role.Slack);
        unchecked {
            uint256 closing = 2 * group + (role == uint256(Role.Shortfall) ? 1 : 0);
            // Mark, twins and the stresses they are of are closed by equity and shortfall, and the
            // cover by slack.
            bool isCover = group >= table.own + table.twins;
            bool takesSlack =
                isCover || (group != 0 && group < table.own && table.twinOf[group] == 0);
            bool isOther = isSlack ? !takesSlack : isCover;
            if (closing != cursor.closings || group >= table.scenarios || isOther) {
                refuse(ITable.RowGroup.selector, index, group);
            }
            if (cursor.closings == 0) {
                cursor.closingAt = index;
                // No later row continues an asset or market.
                cursor.group = type(uint256).max;
            }
            cursor.closings += isSlack ? 2 : 1;
            if (isSlack) table.isConstraint[group] = true;
        }
    }

    // What the rows of one asset or market have in common, and no other row has: whether it is an
    // asset or a market, its number, price and decimals.
    function groupKey(uint256 word) internal pure returns (uint256) {
        unchecked {
            // Deposits and borrows give 1, longs and shorts 2, and no other role gives either.
            return ((((word >> 248) + 1) >> 1) << 40) | uint40(word >> 208);
        }
    }

    // Whether this is the first row of an asset or market. Assets come first, each asset or market
    // begins with a deposit or a long, and none comes twice.
    function entersGroup(
        Table memory table,
        uint256 role,
        uint256 group,
        uint256 index
    ) private pure returns (bool) {
        bool isAsset = role == uint256(Role.Deposit) || role == uint256(Role.Borrow);
        bool opens = role == uint256(Role.Deposit) || role == uint256(Role.Long);
        uint256 groups = isAsset ? table.assets : table.markets;
        if (isAsset && table.markets != 0) refuse(ITable.RowGroup.selector, index, group);
        if (opens && group == groups) {
            if (isAsset) table.assets = groups + 1;
            else table.markets = groups + 1;
            return true;
        }
        if (group + 1 != groups) refuse(ITable.RowGroup.selector, index, group);
        return false;
    }

    // The price times 10^shift, or 10^shift without a price: a whole number below 2^64.
    function worth(
        Table memory table,
        uint256 number,
        uint256 shift,
        uint256 index
    ) private pure returns (uint256 units) {
        // 10^shift and 10^scale are below 2^127, a mantissa is below 2^128.
        unchecked {
            if (number == NO_PRICE) {
                units = 10 ** shift;
            } else {
                if (number >= table.priced) refuse(ITable.RowPrice.selector, index, number);
                uint256 scale;
                (, units, scale) = Priced.price(table.pricesAt, number);
                if (scale <= shift) {
                    units *= 10 ** (shift - scale);
                } else {
                    uint256 divisor = 10 ** (scale - shift);
                    if (units % divisor != 0) refuse(ITable.PriceDigits.selector, index, number);
                    units /= divisor;
                }
            }
        }
        if (units >= VALUE_OFFSET) refuse(ITable.MarkBound.selector, index, units);
    }

    // Writes the values of a row in mark and in the scenarios after it; or, if its role fixes them, 0,
    // and the one of the scenario that it closes.
    function writeValues(
        bytes memory program,
        uint256 offset,
        uint256[] memory factors,
        uint256 base,
        Table memory table,
        uint256 index,
        uint256 word
    ) private pure {
        uint256 role = word >> 248;
        uint256 scenario =
            base == FIXED
                ? Values.fix(program, table, offset, index)
                : Values.follow(
                    program,
                    table,
                    offset,
                    index,
                    factors,
                    base,
                    markValue(role, base)
                );
        // Cells are within `instance`.
        unchecked {
            if (scenario != table.own) {
                offset += Program.ROW_BYTES + Program.CHOICE_BYTES * (scenario - 1);
                uint256 choice = Program.load(program, offset) >> 240;
                if (base != FIXED && choice < factors.length)
                    refuse(ITable.ValueBound.selector, index, scenario);
                refuse(ITable.RowFactor.selector, index, scenario, choice);
            }
            if ((CLOSINGS >> role) & 1 == 0) return;
            uint256 cell = 1 + (VALUE_COLUMN + uint16(word >> 232)) * table.rows + index;
            table.instance[cell] = Values.closing(role);
        }
    }
}
