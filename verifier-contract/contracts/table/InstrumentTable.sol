// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Price, Prices} from "../Submission.sol";
import {Classes} from "./Classes.sol";
import {Clauses} from "./Clauses.sol";
import {Forms} from "./Forms.sol";
import {Program} from "./Program.sol";
import {Rows} from "./Rows.sol";
import {Cursor, MAX_DECIMALS, Table, VALUE_COLUMN, VALUE_OFFSET} from "./Table.sol";

/// @title Computes the instrument table from a rules program and prices
/// @notice A program is registered by its hash, and anyone can make it again from the rules, so
/// only its form is checked here. It cannot change what the figures are read from. In scenario 0,
/// mark, a row has its price as value, with the sign of its role; contingencies and headroom have
/// the value 0; and mark is closed by equity and shortfall. A closing row has the value of one unit
/// in its own scenario, and 0 elsewhere. A row of another class repeats a row of customers, and the
/// values of a twin follow from its stress; see `Classes`. What plain and covered rows are worth in
/// the cover follows from the rows that they stand for; see `Forms`.
library InstrumentTable {
    /// @notice The names of the prices are not those of the program, in its order. Prices of other
    /// assets need another program, which must be registered first.
    error PriceNames(bytes32 expected, bytes32 got);
    /// @notice The prices are in another currency than the rules.
    error QuoteCurrency(bytes32 expected, bytes32 got);
    /// @notice The price of the quote currency must be 1.
    error QuotePrice(uint256 price);
    /// @notice The price has more than 38 decimals.
    error PriceScale(uint256 price, uint256 scale);

    /// @notice There must be one count and one quantity for each row.
    error TotalsLength(uint256 rows, uint256 counts, uint256 quantities);
    /// @notice A count is not below 2^64, or a quantity not below 2^128.
    error TotalsRange();

    /// @notice Computes the table. Caps and values are in its `instance`; the context word, counts
    /// and quantities are 0 until `fill`. Reverts if the program or the prices are invalid.
    /// @param program The program.
    /// @param prices The prices.
    /// @return table The table.
    function compile(
        bytes calldata program,
        Prices calldata prices
    ) internal pure returns (Table memory table) {
        uint256 factorsAt;
        bytes32 names;
        (table, factorsAt, names) = Program.head(program);
        checkPrices(prices, names, table.quote);
        uint256[] memory factors = Program.readFactors(program[factorsAt:table.rowsAt]);
        Cursor memory cursor = Rows.write(program, prices, table, factors);
        Classes.writeTwins(program, table, cursor);
        Forms.writeCover(program, table, cursor);
        for (uint256 i = 0; i < table.clauses; ++i) {
            Clauses.check(program, table, i);
        }
    }

    /// @notice Writes the context word, counts and quantities of one volume into `table.instance`,
    /// over those of another.
    /// @param table The table.
    /// @param word The volume's context word.
    /// @param counts For each row, the number of lines that hold it.
    /// @param quantities For each row, the sum of the quantities in these lines.
    function fill(
        Table memory table,
        uint256 word,
        uint64[] calldata counts,
        uint128[] calldata quantities
    ) internal pure {
        uint256 rows = table.rows;
        if (counts.length != rows || quantities.length != rows) {
            revert TotalsLength(rows, counts.length, quantities.length);
        }
        uint256[] memory instance = table.instance;
        instance[0] = word;
        uint256 allCounts;
        uint256 allQuantities;
        // Assembly, because one copy and one pass over it cost a sixth of a loop that checks each
        // element. `Program.head` made room for both columns, and both lists have their length.
        assembly ("memory-safe") {
            let size := shl(5, rows)
            let column := add(instance, 64)
            calldatacopy(column, counts.offset, size)
            calldatacopy(add(column, size), quantities.offset, size)
            for {
                let end := add(column, size)
            } lt(column, end) {
                column := add(column, 32)
            } {
                allCounts := or(allCounts, mload(column))
                allQuantities := or(allQuantities, mload(add(column, size)))
            }
        }
        if (allCounts >> 64 != 0 || allQuantities >> 128 != 0) revert TotalsRange();
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
        uint256 cell = 1 + (VALUE_COLUMN + scenario) * table.rows + index;
        return int256(table.instance[cell]) - int256(VALUE_OFFSET);
    }

    /// @notice The hash of the table, as `IVolumes.volume` describes it.
    /// @param program The program.
    /// @param table Its table.
    /// @return The hash.
    function hashOf(bytes calldata program, Table memory table) internal pure returns (bytes32) {
        bytes32 values = valuesHash(table);
        if (table.forms == 0) return values;
        bytes memory forms = new bytes(2 * table.forms);
        for (uint256 i = 0; i < table.forms; i++) {
            (, , uint256 held, , ) = Program.row(program, table, table.formsAt + i);
            (forms[2 * i], forms[2 * i + 1]) = (bytes1(uint8(held >> 8)), bytes1(uint8(held)));
        }
        return keccak256(abi.encodePacked(bytes1(0x01), values, forms));
    }

    // Checks that the prices have the names of the program, are in its currency, and in bounds.
    function checkPrices(Prices calldata prices, bytes32 names, bytes32 quote) private pure {
        if (prices.quote != quote) revert QuoteCurrency(quote, prices.quote);
        Price[] calldata list = prices.list;
        bytes32[] memory found = new bytes32[](list.length);
        for (uint256 i = 0; i < list.length; ++i) {
            Price calldata price = list[i];
            if (price.scale > MAX_DECIMALS) revert PriceScale(i, price.scale);
            found[i] = price.name;
            if (price.name == quote && price.mantissa != 10 ** uint256(price.scale)) {
                revert QuotePrice(i);
            }
        }
        bytes32 got = keccak256(abi.encodePacked(found));
        if (got != names) revert PriceNames(names, got);
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
