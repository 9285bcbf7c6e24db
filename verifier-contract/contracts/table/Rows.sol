// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Classes} from "./Classes.sol";
import {Forms} from "./Forms.sol";
import {Priced} from "./Priced.sol";
import {Program} from "./Program.sol";
import {Run} from "./Run.sol";
import {CAP_COLUMN, Cursor, NO_PRICE, Role, Table, VALUE_COLUMN, VALUE_OFFSET} from "./Table.sol";

/// @title Writes the rows of an instrument table
/// @notice Computes caps and values from the program and the prices, and checks the order of the
/// rows. Some values follow from the role of a row, whatever the program says; see
/// `InstrumentTable`.
library Rows {
    /// @notice The price is not a whole number of units of value. Quote it with fewer decimals, or
    /// register rules with fewer decimals for the asset or market.
    error PriceDigits(uint256 row, uint256 price);
    /// @notice The value of one unit at mark is 2^64 units of value or more. Register rules with
    /// more decimals for it, or with fewer value decimals.
    error MarkBound(uint256 row, uint256 units);
    /// @notice The size of the value is not below 2^64.
    error ValueBound(uint256 row, uint256 scenario);

    /// @notice There is no such role, or row 0 is not the empty slot, or another row is. Plain and
    /// covered rows need a cover. These follow contingencies, and closing rows follow both.
    error RowRole(uint256 row, uint256 role);
    /// @notice The number of the asset, market, contingency or scenario is out of order. Numbers
    /// must start at 0 and have no gap, and every scenario must be closed once, mark not by slack,
    /// and the cover by nothing else.
    error RowGroup(uint256 row, uint256 group);
    /// @notice There is no such price, or the row must not have a price, or must have that of the
    /// first row of its asset or market.
    error RowPrice(uint256 row, uint256 price);
    /// @notice A row must not have more than the value decimals, a closing row must have exactly
    /// these, a row of an asset or market as many as the first, and a plain or covered row as many
    /// as the row that it stands for.
    error RowDecimals(uint256 row, uint256 decimals);
    /// @notice The cap is not below 2^90, or the empty slot or a plain or covered row has one.
    error RowCap(uint256 row, uint256 cap);
    /// @notice There is no such factor, or it is not 0 in a row whose role fixes its values.
    error RowFactor(uint256 row, uint256 scenario, uint256 factor);
    /// @notice The table ends before this scenario is closed.
    error NotClosed(uint256 scenario);

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
        writeRow(program, table, factors, cursor, 0);
        // Offsets are within the program, whose length was checked.
        unchecked {
            uint256 index = 1;
            while (index < rows) {
                // `Run` goes as far as all is plain and in order, and changes nothing else.
                if ((cursor.class | cursor.closings | table.forms) == 0) {
                    index = Run.write(pass, table, cursor, index);
                    if (index == rows) break;
                }
                writeRow(program, table, factors, cursor, index);
                ++index;
            }
        }
        if (cursor.closings != 2 * table.scenarios) revert NotClosed(cursor.closings / 2);
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
                if (cap >= CAP_BOUND || index == 0) revert RowCap(index, cap);
                table.instance[1 + CAP_COLUMN * rows + index] = cap;
            }
            uint256 base = FIXED;
            if (groupKey(word) == cursor.group) base = cursor.base;
            else if (word >> 248 < uint256(Role.Plain)) base = enter(cursor, table, index, word);
            else Forms.enter(program, cursor, table, index, word);
            offset += Program.ROW_BYTES;
            if (base == FIXED) {
                writeFixed(program, offset, table, index, word);
            } else {
                table.instance[1 + VALUE_COLUMN * rows + index] = markValue(word >> 248, base);
                writeValues(program, offset, factors, base, table, index);
            }
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
            revert Classes.RowClass(index, 0);
        }
        // The most common row without an asset or market.
        if (word >> 216 == HEADROOM && decimals <= table.valueDecimals && index != 0) return FIXED;
        bool isContingency = role == uint256(Role.Contingency);
        if (
            role == uint256(Role.Uncredited) ||
            (role == uint256(Role.Empty)) != (index == 0) ||
            (isContingency && (table.forms | cursor.closings) != 0)
        ) {
            revert RowRole(index, role);
        }
        uint256 group = uint16(word >> 232);
        uint256 price = uint16(word >> 216);
        if (decimals > table.valueDecimals) revert RowDecimals(index, decimals);
        // None of these counts reaches 2^17.
        unchecked {
            if (role >= uint256(Role.Deposit) && role <= uint256(Role.Short)) {
                if (!entersGroup(table, role, group, index)) {
                    if (price != uint16(cursor.group >> 8)) revert RowPrice(index, price);
                    revert RowDecimals(index, decimals);
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
                if (decimals != table.valueDecimals) revert RowDecimals(index, decimals);
            } else if (group != (isContingency ? cursor.contingencies : 0)) {
                revert RowGroup(index, group);
            }
            if (price != NO_PRICE) revert RowPrice(index, price);
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
                revert RowGroup(index, group);
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
        if (isAsset && table.markets != 0) revert RowGroup(index, group);
        if (opens && group == groups) {
            if (isAsset) table.assets = groups + 1;
            else table.markets = groups + 1;
            return true;
        }
        if (group + 1 != groups) revert RowGroup(index, group);
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
                if (number >= table.priced) revert RowPrice(index, number);
                uint256 scale;
                (, units, scale) = Priced.price(table.pricesAt, number);
                if (scale <= shift) {
                    units *= 10 ** (shift - scale);
                } else {
                    uint256 divisor = 10 ** (scale - shift);
                    if (units % divisor != 0) revert PriceDigits(index, number);
                    units /= divisor;
                }
            }
        }
        if (units >= VALUE_OFFSET) revert MarkBound(index, units);
    }

    // Writes the values of a row whose role fixes them. Assembly as in `writeValues`.
    function writeFixed(
        bytes memory program,
        uint256 choices,
        Table memory table,
        uint256 index,
        uint256 word
    ) private pure {
        uint256 rows = table.rows;
        uint256[] memory instance = table.instance;
        uint256 left;
        uint256 cell;
        unchecked {
            left = table.own - 1;
            // After the length and the context word.
            cell = 32 * (2 + VALUE_COLUMN * rows + index);
        }
        assembly ("memory-safe") {
            cell := add(instance, cell)
            // VALUE_OFFSET
            mstore(cell, 0x10000000000000000)
            let source := add(add(program, 32), choices)
            for {
                let stride := shl(5, rows)
            } left {
                left := sub(left, 1)
            } {
                if shr(240, mload(source)) {
                    break
                }
                source := add(source, 2)
                cell := add(cell, stride)
                mstore(cell, 0x10000000000000000)
            }
        }
        unchecked {
            if (left != 0) {
                uint256 scenario = table.own - left;
                choices += Program.CHOICE_BYTES * (scenario - 1);
                revert RowFactor(index, scenario, Program.load(program, choices) >> 240);
            }
            uint256 own = 1 + (VALUE_COLUMN + uint16(word >> 232)) * rows + index;
            uint256 role = word >> 248;
            bool closes =
                role == uint256(Role.Equity) ||
                    role == uint256(Role.Shortfall) ||
                    role == uint256(Role.Slack);
            if (closes) instance[own] = Classes.closingValue(role);
        }
    }

    // Writes the values of a row in the scenarios after mark, floor(base * factor) + 2^64.
    //
    // Assembly, because this is the only loop over instruments times scenarios, and the compiler
    // would check every access again. It stays inside `instance`, whose length `Program.head` made
    // of the same rows and scenarios, and inside `factors`, by its own check.
    //
    // base < 2^64, |numerator| <= 2^127 and divisor < 2^127: the dividend is below 2^192 in size. A
    // negative one reads as 2^256 less its size, and its quotient is far beyond the bound. Adding
    // 2^64 divisors before the division makes the floor of the quotient that of the value.
    function writeValues(
        bytes memory program,
        uint256 choices,
        uint256[] memory factors,
        uint256 base,
        Table memory table,
        uint256 index
    ) private pure {
        uint256[] memory instance = table.instance;
        uint256 stride;
        uint256 cell;
        uint256 left;
        unchecked {
            stride = 32 * table.rows;
            left = table.own - 1;
            // After the length, the context word, four columns, and the rows before this one.
            cell = 32 * (2 + index) + (VALUE_COLUMN + 1) * stride;
        }
        assembly ("memory-safe") {
            cell := add(instance, cell)
            let count := mload(factors)
            for {
                let source := add(add(program, 32), choices)
            } left {
                source := add(source, 2)
            } {
                let choice := shr(240, mload(source))
                if iszero(lt(choice, count)) {
                    break
                }
                let factor := mload(add(add(factors, 32), shl(5, choice)))
                let divisor := and(factor, 0xffffffffffffffffffffffffffffffff)
                let shifted := div(add(mul(base, sar(128, factor)), shl(64, divisor)), divisor)
                // Above 0 and below 2^65.
                if iszero(lt(sub(shifted, 1), 0x1ffffffffffffffff)) {
                    break
                }
                mstore(cell, shifted)
                cell := add(cell, stride)
                left := sub(left, 1)
            }
        }
        if (left != 0) {
            uint256 scenario = table.own - left;
            uint256 number =
                Program.load(program, choices + Program.CHOICE_BYTES * (scenario - 1)) >> 240;
            if (number >= factors.length) revert RowFactor(index, scenario, number);
            revert ValueBound(index, scenario);
        }
    }
}
