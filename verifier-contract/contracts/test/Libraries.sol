// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Context} from "../Context.sol";
import {ClauseKind, Clauses} from "../table/Clauses.sol";
import {InstrumentTable} from "../table/InstrumentTable.sol";
import {Program} from "../table/Program.sol";
import {Scenarios} from "../table/Scenarios.sol";
import {Class, Role, Table} from "../table/Table.sol";
import {Iso8601} from "../Iso8601.sol";
import {Header, Prices} from "../Submission.sol";

/// @title The libraries, callable by tests
contract Libraries {
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
        Prices calldata prices
    ) external pure returns (Table memory) {
        return InstrumentTable.compile(program, prices);
    }

    /// The gas of `InstrumentTable.compile` alone.
    function gasOfCompile(
        bytes calldata program,
        Prices calldata prices
    ) external view returns (uint256) {
        uint256 before = gasleft();
        InstrumentTable.compile(program, prices);
        return before - gasleft();
    }

    /// The public inputs of one volume, and the gas of `InstrumentTable.fill`.
    function fill(
        bytes calldata program,
        Prices calldata prices,
        uint256 word_,
        uint64[] calldata counts,
        uint128[] calldata quantities
    ) external view returns (uint256[] memory, uint256) {
        Table memory table = InstrumentTable.compile(program, prices);
        uint256 before = gasleft();
        InstrumentTable.fill(table, word_, counts, quantities);
        return (table.instance, before - gasleft());
    }

    function rows(
        bytes calldata program,
        Prices calldata prices
    ) external pure returns (Row[] memory all) {
        Table memory table = InstrumentTable.compile(program, prices);
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
        Prices calldata prices
    ) external pure returns (Clause[] memory all) {
        Table memory table = InstrumentTable.compile(program, prices);
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
        Prices calldata prices,
        uint256 row,
        uint256 scenario
    ) external pure returns (int256) {
        return InstrumentTable.value(InstrumentTable.compile(program, prices), row, scenario);
    }

    /// For each scenario whether it is priced, and one entry more for a scenario that is none.
    function priced(
        bytes calldata program,
        Prices calldata prices
    ) external pure returns (bool[] memory all) {
        Table memory table = InstrumentTable.compile(program, prices);
        all = new bool[](table.scenarios + 1);
        for (uint256 s = 0; s < all.length; ++s) all[s] = Scenarios.isPriced(program, table, s);
    }

    /// The context of an attestation.
    function context(
        Header calldata header,
        bytes32 program,
        bytes32 rules,
        Prices calldata prices,
        bytes32 reserves,
        uint256 volumes
    ) external pure returns (bytes32) {
        return
            Context.digest(
                Context.headerDigest(header, program),
                rules,
                Context.pricesDigest(prices),
                reserves,
                volumes
            );
    }

    function word(bytes32 context_, uint256 volume) external pure returns (uint256) {
        return Context.word(context_, volume);
    }

    function time(uint256 seconds_) external pure returns (string memory) {
        return Iso8601.text(seconds_);
    }
}
