// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {ITable, refuse} from "../interfaces/ITable.sol";
import {
    Class,
    HEAD_ROOM,
    MAX_DECIMALS,
    MAX_SCENARIOS,
    Role,
    Table,
    VALUE_COLUMN
} from "./Table.sol";

/// @title Reads a rules program
/// @notice A program is made from rules and the names of the priced assets; docs/program.md describes
/// its layout.
library Program {
    uint256 private constant VERSION = 4;
    // A circuit has room for no more.
    uint256 private constant MAX_ROWS = 2048;
    // A verdict is one word of bits, of which one is for what was refused a price.
    uint256 private constant MAX_CLAUSES = 255;

    uint256 private constant HEAD_BYTES = 77;
    uint256 private constant SCENARIO_BYTES = 2;
    uint256 internal constant FACTOR_BYTES = 17;
    uint256 internal constant ROW_BYTES = 18;
    uint256 internal constant CHOICE_BYTES = 2;
    uint256 internal constant CLAUSE_BYTES = 20;
    // Where rates follow volatilities: three numbers, and an element of each of their lists.
    uint256 internal constant TAIL_BYTES = 6;
    uint256 internal constant ASSET_BYTES = 32;
    uint256 internal constant RATE_BYTES = 99;
    uint256 internal constant ORDER_BYTES = 4;

    // The class of a row is in its first two bits, before the role.
    uint256 internal constant CLASS_SHIFT = 254;

    /// @notice Reads the head of a program and checks that its length fits its lists.
    /// @param program The program.
    /// @param room The bytes of memory to keep behind the instance.
    /// @return table The table: its sizes, and an instance of zeros.
    /// @return factorsAt The offset of the factors.
    /// @return names keccak256 of the hashed names of the prices.
    function head(
        bytes memory program,
        uint256 room
    ) internal pure returns (Table memory table, uint256 factorsAt, bytes32 names) {
        uint256 length = program.length;
        if (length < HEAD_BYTES) refuse(ITable.ProgramLength.selector, length);
        uint256 word = load(program, 0);
        if (word >> 248 != VERSION) refuse(ITable.ProgramVersion.selector, word >> 248);
        table.scenarios = part(word, 8, 16);
        table.valueDecimals = part(word, 24, 8);
        table.rows = part(word, 48, 16);
        table.clauses = part(word, 64, 16);
        table.twins = part(word, 80, 16);
        table.cover = part(word, 96, 8);
        if (
            table.scenarios <= table.twins + table.cover ||
            table.scenarios > MAX_SCENARIOS ||
            table.cover > 1 ||
            table.valueDecimals > MAX_DECIMALS ||
            table.rows == 0 ||
            table.rows > MAX_ROWS ||
            table.clauses == 0 ||
            table.clauses > MAX_CLAUSES
        ) {
            revert ITable.ProgramSizes(
                table.scenarios,
                table.twins,
                table.cover,
                table.valueDecimals,
                table.rows,
                table.clauses
            );
        }
        table.own = table.scenarios - table.twins - table.cover;
        names = bytes32(load(program, 13));
        table.quote = bytes32(load(program, 45));
        table.twinsAt = HEAD_BYTES;
        factorsAt = HEAD_BYTES + SCENARIO_BYTES * table.twins;
        table.rowsAt = factorsAt + FACTOR_BYTES * part(word, 32, 16);
        table.clausesAt = table.rowsAt + table.rows * rowBytes(table);
        _checkEnd(program, table.clausesAt + CLAUSE_BYTES * table.clauses);
        table.isConstraint = new bool[](table.scenarios);
        readTwins(program, table);
        table.instance = zeros(1 + table.rows * (VALUE_COLUMN + table.scenarios), room);
    }

    /// @notice The numbers of followed assets, of rates, and of orders, behind the clauses.
    /// @param program The program.
    /// @param place The end of its clauses; there are six bytes behind it.
    function tail(
        bytes memory program,
        uint256 place
    ) internal pure returns (uint256 assets, uint256 rates, uint256 orders) {
        uint256 word = load(program, place);
        return (part(word, 0, 16), part(word, 16, 16), part(word, 32, 16));
    }

    /// @notice The number of assets whose volatilities rates follow.
    function followed(bytes memory program, Table memory table) internal pure returns (uint256) {
        uint256 end = table.clausesAt + CLAUSE_BYTES * table.clauses;
        return end == program.length ? 0 : load(program, end) >> 240;
    }

    // A program ends with its clauses, or with the lists of rates that follow volatilities, of which
    // there is one at least.
    function _checkEnd(bytes memory program, uint256 end) private pure {
        uint256 length = program.length;
        if (length == end) return;
        if (length >= end + TAIL_BYTES) {
            (uint256 assets, uint256 rates, uint256 orders) = tail(program, end);
            end += TAIL_BYTES + ASSET_BYTES * assets + RATE_BYTES * rates + ORDER_BYTES * orders;
            if (length == end && assets != 0 && rates != 0) return;
        }
        refuse(ITable.ProgramLength.selector, length);
    }

    // A list of zeros with `HEAD_ROOM` bytes before its length and `room` bytes behind it.
    function zeros(uint256 length, uint256 room) private pure returns (uint256[] memory list) {
        // A length is below 2^22, and room that no memory has costs all gas.
        assembly ("memory-safe") {
            list := add(mload(0x40), HEAD_ROOM)
            let size := add(32, shl(5, length))
            // What is behind the end of the calldata is 0.
            calldatacopy(list, calldatasize(), size)
            mstore(list, length)
            mstore(0x40, and(add(add(add(list, size), room), 31), not(31)))
        }
    }

    /// @notice Reads one row of a program that `InstrumentTable.compile` took.
    /// @param program The program.
    /// @param table Its table.
    /// @param index The row.
    /// @return role The row's role.
    /// @return class The class of the accounts that hold it.
    /// @return group The number of its asset, market, contingency or scenario, or of the row that
    /// it stands for.
    /// @return price An index of the list of prices, or `NO_PRICE`.
    /// @return decimals The decimals of its quantities.
    function row(
        bytes memory program,
        Table memory table,
        uint256 index
    )
        internal
        pure
        returns (Role role, Class class, uint256 group, uint256 price, uint256 decimals)
    {
        uint256 size = rowBytes(table);
        uint256 word = load(program, table.rowsAt + index * size);
        (role, class) = (Role(part(word, 2, 6)), Class(part(word, 0, 2)));
        return (role, class, part(word, 8, 16), part(word, 24, 16), part(word, 40, 8));
    }

    /// @notice The stress that a twin is of.
    /// @param program The program.
    /// @param table Its table.
    /// @param index The twin, from 0.
    /// @return The number of the stress.
    function stressOf(
        bytes memory program,
        Table memory table,
        uint256 index
    ) internal pure returns (uint256) {
        // `head` has checked the length of the list.
        unchecked {
            return load(program, table.twinsAt + SCENARIO_BYTES * index) >> 240;
        }
    }

    /// @notice The factor of a row in a scenario, where the role of the row leaves it one.
    /// @param program A program that `InstrumentTable.compile` took.
    /// @param table Its table.
    /// @param offset The row's offset.
    /// @param scenario The scenario, one of the program's own and not mark.
    /// @return numerator With `decimals`, the factor: numerator / 10^decimals.
    /// @return decimals See `numerator`.
    function factor(
        bytes memory program,
        Table memory table,
        uint256 offset,
        uint256 scenario
    ) internal pure returns (int256 numerator, uint256 decimals) {
        // The row has this choice, and the list the factor that it names: both were checked.
        unchecked {
            uint256 choice = offset + ROW_BYTES + CHOICE_BYTES * (scenario - 1);
            uint256 factors = table.twinsAt + SCENARIO_BYTES * table.twins;
            uint256 word = load(program, factors + FACTOR_BYTES * (load(program, choice) >> 240));
            return (int256(word) >> 128, part(word, 128, 8));
        }
    }

    // The number of bytes in a row: each has a factor for every scenario except mark, twins and
    // cover.
    function rowBytes(Table memory table) internal pure returns (uint256) {
        // `head` has checked that there is mark.
        unchecked {
            return ROW_BYTES + CHOICE_BYTES * (table.own - 1);
        }
    }

    // Each factor in one word: the signed numerator in the upper half, 10^decimals in the lower.
    function readFactors(
        bytes memory program,
        uint256 start,
        uint256 end
    ) internal pure returns (uint256[] memory factors) {
        factors = new uint256[]((end - start) / FACTOR_BYTES);
        uint256 read;
        // Assembly, because there may be some for each row. The list has a word for each, and
        // `head` checked that the program has all of them. 10^38 is below 2^127.
        assembly ("memory-safe") {
            let source := add(add(program, 32), start)
            for {} lt(read, mload(factors)) {
                read := add(read, 1)
            } {
                let word := mload(source)
                let decimals := byte(16, word)
                if gt(decimals, MAX_DECIMALS) {
                    break
                }
                mstore(
                    add(factors, shl(5, add(read, 1))),
                    or(shl(128, shr(128, word)), exp(10, decimals))
                )
                source := add(source, FACTOR_BYTES)
            }
        }
        if (read == factors.length) return factors;
        uint256 place = start + read * FACTOR_BYTES;
        refuse(ITable.FactorDecimals.selector, read, part(load(program, place), 128, 8));
    }

    // The 32 bytes from `offset` on. Where they reach past the end of the data, they contain
    // whatever follows it: callers use only what the checked length covers. Assembly, because a
    // slice would check again, for every row and factor, what was checked once.
    function load(bytes memory data, uint256 offset) internal pure returns (uint256 word) {
        assembly ("memory-safe") {
            word := mload(add(add(data, 32), offset))
        }
    }

    // keccak256 of some bytes of a program, which the checked length covers.
    function hash(
        bytes memory data,
        uint256 offset,
        uint256 size
    ) internal pure returns (bytes32 digest) {
        assembly ("memory-safe") {
            digest := keccak256(add(add(data, 32), offset), size)
        }
    }

    // `bits` bits of a word after its first `skip`.
    function part(uint256 word, uint256 skip, uint256 bits) internal pure returns (uint256) {
        unchecked {
            return (word << skip) >> (256 - bits);
        }
    }

    // Checks that twins are of stresses, in their order, and numbers them.
    function readTwins(bytes memory program, Table memory table) private pure {
        table.twinOf = new uint256[](table.scenarios);
        uint256 last;
        for (uint256 i = 0; i < table.twins; ++i) {
            uint256 stress = stressOf(program, table, i);
            if (stress <= last || stress >= table.own) refuse(ITable.TwinOf.selector, i, stress);
            last = stress;
            table.twinOf[stress] = table.own + i;
        }
    }
}
