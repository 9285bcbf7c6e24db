// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {InstrumentTable} from "./InstrumentTable.sol";
import {Program} from "./Program.sol";
import {FORMS, isOneOf, Role, Table} from "./Table.sol";

/// @title Which scenarios have figures at other prices
/// @notice Mark, stresses and twins: there a book is worth what its holdings are worth, whatever
/// their tiers. A program does not say of what kind a scenario is, but its factors do. In a stress,
/// all rows of an asset or market have the same one, with the sign of what is held or owed, the
/// quote currency has 1, and contingencies have 0. A margin scenario that weighs nothing is like
/// this, too, and whatever is said of stresses is then as true of it.
library Scenarios {
    // The roles of what is held, of what is owed, of the quote currency, and of all rows that have a
    // factor; as bits.
    uint256 private constant HELD = (1 << uint256(Role.Deposit)) | (1 << uint256(Role.Long));
    uint256 private constant OWED =
        (1 << uint256(Role.Borrow)) | (1 << uint256(Role.Short)) | (1 << uint256(Role.QuoteDebit));
    uint256 private constant QUOTE =
        (1 << uint256(Role.QuoteCredit)) | (1 << uint256(Role.QuoteDebit));
    uint256 private constant FACTORED = HELD | OWED | QUOTE | (1 << uint256(Role.Contingency));

    // The least units of a value that is not exact, as in `rules/src/value/terms.rs`.
    uint256 private constant FINE = 1000;

    uint256 private constant DECIMALS_BITS = 8;
    int256 private constant ONE = int256(1) << DECIMALS_BITS;

    /// @notice Whether a scenario values nothing but what is held and owed.
    /// @param program A program that `InstrumentTable.compile` took.
    /// @param table Its table.
    /// @param scenario The scenario.
    /// @return Whether it is mark, a stress, or the twin of one.
    function isPriced(
        bytes memory program,
        Table memory table,
        uint256 scenario
    ) internal pure returns (bool) {
        if (scenario == 0) return true;
        if (scenario >= table.own + table.twins || table.isConstraint[scenario]) return false;
        if (scenario >= table.own) {
            scenario = Program.stressOf(program, table, scenario - table.own);
        }
        uint256 size = Program.rowBytes(table);
        uint256 offset = table.rowsAt;
        // The current asset or market, which begins with what is held, and its factor.
        uint256 group = 0;
        int256 expected = 0;
        // Offsets are within the program, whose length was checked.
        unchecked {
            for (uint256 end = offset + size * table.rows; offset < end; offset += size) {
                uint256 word = Program.load(program, offset);
                // Rows of other classes repeat those of customers. They have a bit before the role,
                // and this shifts out all bits.
                uint256 role = word >> 248;
                if ((FACTORED >> role) & 1 == 0) continue;
                int256 factor = _factor(program, table, offset, scenario, role);
                if (role == uint256(Role.Contingency)) {
                    if (factor >> DECIMALS_BITS != 0) return false;
                } else if ((QUOTE >> role) & 1 != 0) {
                    if (factor != ONE) return false;
                } else if ((HELD >> role) & 1 != 0 && word >> 232 != group) {
                    (group, expected) = (word >> 232, factor);
                } else if (factor != expected) {
                    return false;
                }
            }
        }
        return true;
    }

    /// @notice Whether no value of an asset or market in a priced scenario is much changed by its
    /// rounding: each is exact, or off by less than one part in a thousand. What nobody holds and no
    /// reserve is of is not asked about.
    /// @param program A program that `InstrumentTable.compile` took.
    /// @param table Its table, at prices that may be small.
    /// @param scenario The scenario; see `isPriced`.
    /// @param quantities For each row, the quantities of the book.
    /// @param reserved For each asset, whether there are reserves of it.
    /// @return Whether units of value are fine enough.
    function isFine(
        bytes memory program,
        Table memory table,
        uint256 scenario,
        uint256[] memory quantities,
        bool[] memory reserved
    ) internal pure returns (bool) {
        if (scenario == 0) return true;
        if (scenario >= table.own) {
            scenario = Program.stressOf(program, table, scenario - table.own);
        }
        // Which assets and markets count; filled only if a value is coarse, which is rare.
        bool[] memory counts;
        uint256 offset = table.rowsAt;
        uint256 size = Program.rowBytes(table);
        for (uint256 row = 0; row < table.rows; ++row) {
            bool fine = _isFine(program, table, scenario, row, offset);
            offset += size;
            if (fine) continue;
            if (counts.length == 0) counts = _counting(program, table, quantities, reserved);
            if (counts[_number(program, table, row)]) return false;
        }
        return true;
    }

    /// Whether the value of a row in a stress is exact, or large enough to be rounded.
    function _isFine(
        bytes memory program,
        Table memory table,
        uint256 scenario,
        uint256 row,
        uint256 offset
    ) private pure returns (bool) {
        uint256 role = Program.load(program, offset) >> 248;
        if (((HELD | OWED) >> role) & 1 == 0) return true;
        int256 moved = InstrumentTable.value(table, row, scenario);
        if (_size(moved) >= FINE) return true;
        int256 atMark = InstrumentTable.value(table, row, 0);
        (int256 numerator, uint256 decimals) = Program.factor(program, table, offset, scenario);
        // Below 2^64 times 2^127.
        return (_size(atMark) * _size(numerator)) % 10 ** decimals == 0;
    }

    /// The assets, and behind them the markets, of which somebody holds or owes something, or there
    /// are reserves.
    function _counting(
        bytes memory program,
        Table memory table,
        uint256[] memory quantities,
        bool[] memory reserved
    ) private pure returns (bool[] memory counts) {
        counts = new bool[](table.assets + table.markets + 1);
        for (uint256 i = 0; i < reserved.length; ++i) counts[i] = reserved[i];
        for (uint256 row = 0; row < table.rows; ++row) {
            if (quantities[row] != 0) counts[_number(program, table, row)] = true;
        }
    }

    /// The number of a row's asset, or of its market behind all assets; the next if it has neither.
    function _number(
        bytes memory program,
        Table memory table,
        uint256 row
    ) private pure returns (uint256) {
        (Role role, , uint256 group, , ) = Program.row(program, table, row);
        if (isOneOf(role, FORMS)) (role, , group, , ) = Program.row(program, table, group);
        if (role == Role.Deposit || role == Role.Borrow) return group;
        if (role == Role.Long || role == Role.Short) return table.assets + group;
        return table.assets + table.markets;
    }

    function _size(int256 number) private pure returns (uint256) {
        return uint256(number < 0 ? -number : number);
    }

    /// The factor of a row, with the opposite sign where the row is owed: its numerator, and behind
    /// that its decimals.
    function _factor(
        bytes memory program,
        Table memory table,
        uint256 offset,
        uint256 scenario,
        uint256 role
    ) private pure returns (int256) {
        (int256 numerator, uint256 decimals) = Program.factor(program, table, offset, scenario);
        if ((OWED >> role) & 1 != 0) numerator = -numerator;
        return (numerator << DECIMALS_BITS) | int256(decimals);
    }
}
