// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {InstrumentTable} from "./table/InstrumentTable.sol";
import {Program} from "./table/Program.sol";
import {
    CLOSINGS,
    FORMS,
    HOLDINGS,
    isOneOf,
    Role,
    Table,
    VALUE_COLUMN,
    VALUE_OFFSET
} from "./table/Table.sol";
import {IRepricer} from "./interfaces/IRepricer.sol";

/// A proved book at other prices.
struct RepricedBook {
    /// What the program and the proved prices compile to.
    Table proved;
    /// What the program and the other prices compile to.
    Table there;
    /// For each row, the sum of the quantities of all volumes.
    uint256[] quantities;
}

/// @title What a proved book comes to at other prices, at most and at least
/// @notice With the totals T of all rows but the closing ones, their values V in a scenario at other
/// prices, their values V_s in each scenario s of the proof, the shortfalls G_s that were proved
/// there, and any multipliers m_s that are not negative:
///
///     worth     =  sum_j T[j] V[j]
///     bad debt <=  sum_s m_s G_s + sum_j T[j] max(0, sum_s m_s V_s[j] - V[j])
///     owed      =  worth + bad debt
///
/// Why is argued in `attestation/src/bound/mod.rs`, whose numbers these are. A plain or covered row
/// has the value V of the row that it stands for; contingencies and headroom have none. What
/// could overflow is checked and reverts; no quantities that could be proved come near it.
library Bounds {
    /// The multipliers that are not 0.
    struct Positive {
        /// For each, where the values in its scenario begin in an instance.
        uint256[] columns;
        /// The multipliers.
        uint256[] units;
        /// Their sum times `VALUE_OFFSET`, which the values of an instance have too much.
        uint256 offset;
        /// The number of bytes in a row of the program.
        uint256 rowBytes;
    }

    /// One in units of a multiplier, and the largest multiplier.
    uint256 private constant UNIT = 10 ** 9;
    uint256 private constant MOST = 10 ** 6 * UNIT;

    /// @notice What all accounts are worth together in a scenario at other prices, and the bad debt
    /// there at most, rounded up.
    /// @param program The program.
    /// @param book The book.
    /// @param scenario The scenario; see `Scenarios.isPriced`.
    /// @param multipliers One for each scenario.
    /// @return worth What all accounts are worth together, in units of value.
    /// @return badDebt The bad debt at most, in units of value.
    function compute(
        bytes memory program,
        RepricedBook memory book,
        uint256 scenario,
        uint64[] memory multipliers
    ) internal pure returns (int256 worth, uint256 badDebt) {
        Positive memory positive = _positive(book.proved, multipliers);
        uint256 offset = book.proved.rowsAt;
        for (uint256 row = 0; row < book.quantities.length; ++row) {
            // Class, role and group.
            uint256 word = Program.load(program, offset) >> 232;
            offset += positive.rowBytes;
            uint256 quantity = book.quantities[row];
            if (quantity == 0) continue;
            Role role = Role((word >> 16) & 0x3f);
            if (isOneOf(role, CLOSINGS)) {
                if (role == Role.Shortfall) badDebt += quantity * multipliers[uint16(word)];
                continue;
            }
            int256 value = 0;
            if (isOneOf(role, HOLDINGS)) {
                uint256 held = isOneOf(role, FORMS) ? uint16(word) : row;
                value = InstrumentTable.value(book.there, held, scenario);
            }
            int256 above;
            // Values are below 2^64 in size, and quantities sums of fewer than 2^32 below 2^128.
            unchecked {
                worth += int256(quantity) * value;
                above = _met(book.proved.instance, row, positive) - int256(UNIT) * value;
            }
            if (above > 0) badDebt += quantity * uint256(above);
        }
        badDebt = (badDebt + UNIT - 1) / UNIT;
    }

    /// What one unit of a row is worth in the scenarios of the proof, times their multipliers.
    function _met(
        uint256[] memory instance,
        uint256 row,
        Positive memory positive
    ) private pure returns (int256) {
        (uint256[] memory columns, uint256[] memory units) = (positive.columns, positive.units);
        uint256 sum;
        // Assembly, because this is the loop over rows times scenarios. Both lists have the same
        // length, and an instance a cell for each row in each column. At most 2^10 products of
        // multipliers below 2^50 and cells below 2^65.
        assembly ("memory-safe") {
            let cells := add(add(instance, 32), shl(5, row))
            let distance := sub(units, columns)
            let column := add(columns, 32)
            for {
                let end := add(column, shl(5, mload(columns)))
            } lt(column, end) {
                column := add(column, 32)
            } {
                let cell := mload(add(cells, shl(5, mload(column))))
                sum := add(sum, mul(mload(add(column, distance)), cell))
            }
        }
        unchecked {
            return int256(sum) - int256(positive.offset);
        }
    }

    /// The multipliers that are not 0. Checks all.
    function _positive(
        Table memory table,
        uint64[] memory multipliers
    ) private pure returns (Positive memory positive) {
        uint256 scenarios = table.scenarios;
        if (multipliers.length != scenarios) {
            revert IRepricer.MultipliersLength(scenarios, multipliers.length);
        }
        uint256 count = 0;
        for (uint256 s = 0; s < scenarios; s++) {
            if (multipliers[s] > MOST) revert IRepricer.MultiplierTooLarge(s, multipliers[s]);
            if (multipliers[s] != 0) count++;
        }
        positive.rowBytes = Program.rowBytes(table);
        (positive.columns, positive.units) = (new uint256[](count), new uint256[](count));
        for (uint256 s = scenarios; count != 0;) {
            s--;
            if (multipliers[s] == 0) continue;
            count--;
            positive.columns[count] = 1 + (VALUE_COLUMN + s) * table.rows;
            positive.units[count] = multipliers[s];
            positive.offset += multipliers[s] * VALUE_OFFSET;
        }
    }
}
