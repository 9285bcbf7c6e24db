// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Chunks} from "../Chunks.sol";
import {Context} from "../Context.sol";
import {ClauseKind, Clauses} from "../table/Clauses.sol";
import {InstrumentTable} from "../table/InstrumentTable.sol";
import {Priced} from "../table/Priced.sol";
import {Program} from "../table/Program.sol";
import {Scenarios} from "../table/Scenarios.sol";
import {Class, Role, Table} from "../table/Table.sol";
import {Iso8601} from "../Iso8601.sol";
import {ITable} from "../interfaces/ITable.sol";
import {Header, Prices} from "../Submission.sol";

/// @title The libraries, callable by tests
contract Libraries is ITable {
    /// What `Program.row` returns.
    struct Row {
        Role role;
        Class class;
        uint256 group;
        uint256 price;
        uint256 decimals;
    }

    /// What `Clauses.read` returns.
    struct Clause {
        ClauseKind kind;
        uint256 subject;
        uint256 mantissa;
        uint256 scale;
    }

    function compile(
        bytes calldata program,
        bytes32[] calldata names,
        Prices calldata prices
    ) external pure returns (Table memory) {
        return _table(program, names, prices);
    }

    /// The gas of `InstrumentTable.compile`, and of copying what it takes.
    function gasOfCompile(
        bytes calldata program,
        bytes32[] calldata names,
        Prices calldata prices
    ) external view returns (uint256) {
        unchecked {
            uint256 before = gasleft();
            _table(program, names, prices);
            return before - gasleft();
        }
    }

    /// The public inputs of one volume, and the gas of `InstrumentTable.fill`.
    function fill(
        bytes calldata program,
        bytes32[] calldata names,
        Prices calldata prices,
        uint256 word_,
        bytes calldata totals
    ) external view returns (uint256[] memory, uint256) {
        Table memory table = _table(program, names, prices);
        uint256[] memory sums;
        uint256 before = gasleft();
        InstrumentTable.fill(table, word_, totals);
        for (uint256 column = 0; column < 2; ++column) InstrumentTable.add(table, column, sums);
        return (table.instance, before - gasleft());
    }

    function rows(
        bytes calldata program,
        bytes32[] calldata names,
        Prices calldata prices
    ) external pure returns (Row[] memory all) {
        Table memory table = _table(program, names, prices);
        all = new Row[](table.rows);
        for (uint256 i = 0; i < all.length; ++i) {
            (all[i].role, all[i].class, all[i].group, all[i].price, all[i].decimals) = Program.row(
                program,
                table,
                i
            );
        }
    }

    function clauses(
        bytes calldata program,
        bytes32[] calldata names,
        Prices calldata prices
    ) external pure returns (Clause[] memory all) {
        Table memory table = _table(program, names, prices);
        all = new Clause[](table.clauses);
        for (uint256 i = 0; i < all.length; ++i) {
            (all[i].kind, all[i].subject, all[i].mantissa, all[i].scale) = Clauses.read(
                program,
                table,
                i
            );
        }
    }

    function value(
        bytes calldata program,
        bytes32[] calldata names,
        Prices calldata prices,
        uint256 row,
        uint256 scenario
    ) external pure returns (int256) {
        return InstrumentTable.value(_table(program, names, prices), row, scenario);
    }

    /// For each scenario whether it is priced, and one entry more for a scenario that is none.
    function priced(
        bytes calldata program,
        bytes32[] calldata names,
        Prices calldata prices
    ) external pure returns (bool[] memory all) {
        Table memory table = _table(program, names, prices);
        all = new bool[](table.scenarios + 1);
        unchecked {
            for (uint256 s = 0; s < all.length; ++s) all[s] = Scenarios.isPriced(program, table, s);
        }
    }

    /// The context of an attestation.
    function context(
        Header calldata header,
        bytes32 program,
        bytes32 rules,
        Prices calldata prices,
        bytes32[] calldata names,
        bytes32 reserves,
        uint256 volumes
    ) external pure returns (bytes32) {
        return
            Context.digest(
                Context.headerDigest(header, program),
                rules,
                Priced.digest(prices, Priced.read(prices, names), names.length),
                reserves,
                volumes
            );
    }

    /// The names of the prices and the program that some contracts hold.
    function chunks(address[] calldata all) external view returns (bytes32[] memory, bytes memory) {
        return Chunks.load(all);
    }

    function word(bytes32 context_, uint256 volume) external pure returns (uint256) {
        return Context.word(context_, volume);
    }

    function time(uint256 seconds_) external pure returns (string memory) {
        return Iso8601.text(seconds_);
    }

    function _table(
        bytes calldata program,
        bytes32[] calldata names,
        Prices calldata prices
    ) private pure returns (Table memory) {
        return InstrumentTable.compile(program, names, prices, 0);
    }
}
