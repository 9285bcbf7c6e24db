// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {ITable, refuse} from "../interfaces/ITable.sol";
import {Context} from "../Context.sol";
import {Prices} from "../Submission.sol";
import {Classes} from "./Classes.sol";
import {Clauses} from "./Clauses.sol";
import {Forms} from "./Forms.sol";
import {Priced} from "./Priced.sol";
import {Program} from "./Program.sol";
import {Rates} from "./Rates.sol";
import {Rows} from "./Rows.sol";
import {CAP_COLUMN, Cursor, Table, VALUE_COLUMN, VALUE_OFFSET} from "./Table.sol";

/// @title Computes the instrument table from a rules program and prices
/// @notice A program is registered by its hash, and anyone can make it again from the rules, so
/// only its form is checked here. It cannot change what the figures are read from. In scenario 0,
/// mark, a row has its price as value, with the sign of its role; contingencies and headroom have
/// the value 0; and mark is closed by equity and shortfall. A closing row has the value of one unit
/// in its own scenario, and 0 elsewhere. A row of another class repeats a row of customers, and the
/// values of a twin follow from its stress; see `Classes`. What plain and covered rows are worth in
/// the cover follows from the rows that they stand for; see `Forms`.
library InstrumentTable {
    /// The bytes of a row's totals.
    uint256 internal constant TOTAL_BYTES = 19;

    /// @notice Computes the table. Caps and values are in its `instance`; the context word, counts
    /// and quantities are 0 until `fill`. Reverts if the program or the prices are invalid.
    /// @param program The program.
    /// @param names The names of its prices, hashed.
    /// @param prices The prices.
    /// @param room The bytes of memory to keep behind the instance, for a proof.
    /// @return table The table.
    function compile(
        bytes memory program,
        bytes32[] memory names,
        Prices calldata prices,
        uint256 room
    ) internal pure returns (Table memory table) {
        uint256 factorsAt;
        (table, factorsAt) = _begin(program, names, prices, room);
        uint256[] memory factors = Rates.factors(program, table, factorsAt, prices);
        _end(program, table, Rows.write(program, table, factors));
    }

    /// @notice Computes the same table, one row after the other and without room behind the instance:
    /// dearer, in less code. Refuses a program whose rates follow volatilities, with `FollowsVolatility`.
    /// @param program The program.
    /// @param names The names of its prices, hashed.
    /// @param prices The prices.
    /// @return table The table.
    function compileEach(
        bytes memory program,
        bytes32[] memory names,
        Prices calldata prices
    ) internal pure returns (Table memory table) {
        uint256 factorsAt;
        (table, factorsAt) = _begin(program, names, prices, 0);
        if (Program.followed(program, table) != 0) revert ITable.FollowsVolatility();
        uint256[] memory factors = Program.readFactors(program, factorsAt, table.rowsAt);
        _end(program, table, Rows.writeEach(program, table, factors));
    }

    // What comes before the rows.
    function _begin(
        bytes memory program,
        bytes32[] memory names,
        Prices calldata prices,
        uint256 room
    ) private pure returns (Table memory table, uint256 factorsAt) {
        bytes32 expected;
        (table, factorsAt, expected) = Program.head(program, room);
        if (prices.quote != table.quote) revert ITable.QuoteCurrency(table.quote, prices.quote);
        (table.priced, table.pricesAt) = (names.length, Priced.read(prices, names));
        table.names = names;
        bytes32 got = Context.wordsHash(names);
        if (got != expected) revert ITable.PriceNames(expected, got);
    }

    // What follows them.
    function _end(bytes memory program, Table memory table, Cursor memory cursor) private pure {
        table.closingAt = cursor.closingAt;
        Classes.writeTwins(program, table, cursor);
        Forms.writeCover(program, table, cursor);
        for (uint256 i = 0; i < table.clauses; ++i) {
            Clauses.check(program, table, i);
        }
    }

    /// @notice Writes the context word, counts and quantities of one volume into `table.instance`,
    /// over those of another. Reverts with `TotalsLength`.
    /// @param table The table.
    /// @param word The volume's context word.
    /// @param totals For each row, the number of lines that hold it in 3 bytes and the sum of the
    /// quantities in these lines in 16.
    function fill(Table memory table, uint256 word, bytes calldata totals) internal pure {
        uint256 rows = table.rows;
        if (totals.length != TOTAL_BYTES * rows)
            refuse(ITable.TotalsLength.selector, rows, totals.length);
        uint256[] memory instance = table.instance;
        instance[0] = word;
        // Assembly, because a loop that checks each element would cost six times as much.
        // `Program.head` made room for both columns. The last load may reach past the totals, into
        // bytes that are shifted out.
        assembly ("memory-safe") {
            let size := shl(5, rows)
            let cell := add(instance, 64)
            let source := totals.offset
            for {
                let end := add(cell, size)
            } lt(cell, end) {
                cell := add(cell, 32)
            } {
                let total := calldataload(source)
                mstore(cell, shr(232, total))
                mstore(add(cell, size), shr(128, shl(24, total)))
                source := add(source, TOTAL_BYTES)
            }
        }
    }

    /// @notice Adds a column of `table.instance` to the sums of those of the volumes before it.
    /// @param table The table.
    /// @param column 0 for counts, 1 for quantities.
    /// @param sums For each row, the sum; empty before the first volume.
    /// @return The sums with this volume.
    function add(
        Table memory table,
        uint256 column,
        uint256[] memory sums
    ) internal pure returns (uint256[] memory) {
        uint256 rows = table.rows;
        uint256[] memory instance = table.instance;
        bool isFirst = sums.length == 0;
        // Sums that are not of this table would be written beyond their end.
        assert(column < CAP_COLUMN && (isFirst || sums.length == rows));
        // Sums of fewer than 2^64 volumes do not overflow.
        assembly ("memory-safe") {
            let size := shl(5, rows)
            let cell := add(add(instance, 64), mul(column, size))
            switch isFirst
            case 1 {
                sums := mload(0x40)
                mstore(sums, rows)
                mcopy(add(sums, 32), cell, size)
                mstore(0x40, add(add(sums, 32), size))
            }
            default {
                let distance := sub(add(sums, 32), cell)
                for {
                    let end := add(cell, size)
                } lt(cell, end) {
                    cell := add(cell, 32)
                } {
                    let sum := add(cell, distance)
                    mstore(sum, add(mload(sum), mload(cell)))
                }
            }
        }
        return sums;
    }

    /// @notice The value of one unit of a row in a scenario.
    /// @param table The table.
    /// @param index The row.
    /// @param scenario The scenario.
    /// @return The value, in units of value; below 2^64 in size.
    function value(
        Table memory table,
        uint256 index,
        uint256 scenario
    ) internal pure returns (int256) {
        // Of a row and a scenario no product overflows, and a cell is below 2^65.
        unchecked {
            uint256 cell = 1 + (VALUE_COLUMN + scenario) * table.rows + index;
            return int256(table.instance[cell]) - int256(VALUE_OFFSET);
        }
    }

    /// @notice The hash of the table, as `IVolumes.volume` describes it.
    /// @param program The program.
    /// @param table Its table.
    /// @return The hash.
    function hashOf(bytes memory program, Table memory table) internal pure returns (bytes32) {
        bytes32 values = valuesHash(table);
        uint256 forms = table.forms;
        if (forms == 0) return values;
        uint256 first = table.rowsAt + table.formsAt * Program.rowBytes(table);
        uint256 size = Program.rowBytes(table);
        bytes32 hash;
        // Assembly, because a list of two bytes a row is tedious otherwise. The rows are within the
        // program. What is hashed is written to free memory: a byte 1, the hash, and the bytes of each
        // row that say which row it stands for.
        assembly ("memory-safe") {
            let free := mload(0x40)
            mstore8(free, 1)
            mstore(add(free, 1), values)
            let to := add(free, 33)
            let row := add(add(program, 32), first)
            for {
                let end := add(to, shl(1, forms))
            } lt(to, end) {
                to := add(to, 2)
            } {
                // From the second byte of the row on; the next row's are written over the rest.
                mstore(to, shl(8, mload(row)))
                row := add(row, size)
            }
            hash := keccak256(free, sub(to, free))
        }
        return hash;
    }

    // keccak256 of the number of scenarios and of the part of the instance that is the table: all
    // after the context word, the counts and the quantities.
    function valuesHash(Table memory table) private pure returns (bytes32 hash) {
        uint256[] memory instance = table.instance;
        uint256 scenarios = table.scenarios;
        uint256 skipped = 2 * table.rows;
        uint256 words = instance.length - skipped;
        // Assembly, because a copy of some thousand words would cost more than the hash. For as long
        // as that takes, the number stands in the place of the last quantity.
        assembly ("memory-safe") {
            let start := add(add(instance, 32), shl(5, skipped))
            let quantity := mload(start)
            mstore(start, scenarios)
            hash := keccak256(start, shl(5, words))
            mstore(start, quantity)
        }
    }
}
