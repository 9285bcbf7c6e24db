// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Prices} from "../Submission.sol";
import {ITables} from "../interfaces/ITables.sol";
import {HEAD_ROOM, Table, TABLE_NUMBERS} from "./Table.sol";

/// @title Hands a table from the contract that makes it to one that asks for it
/// @notice What is handed over is the prices' digest, the `TABLE_NUMBERS` numbers of a table, for each
/// scenario whether it is a constraint, for each scenario its twin, and the columns of caps and values;
/// each in a word. The program and the names of prices are not: whoever asks reads them where the other
/// contract read them.
library Handover {
    /// @notice The contract that makes tables answered with something else. It may have no code.
    error NoTable(address tables);

    /// The bytes before the lists: an offset and a length, as the ABI has them before bytes, the digest,
    /// and the numbers. A word each.
    uint256 private constant HEAD = 704;

    /// @notice Ends the call with a table as its answer.
    /// @param table The table, which is written over.
    /// @param digest The digest of its prices.
    function give(Table memory table, bytes32 digest) internal pure {
        (uint256 scenarios, uint256 rows) = (table.scenarios, table.rows);
        (uint256[] memory twinOf, bool[] memory isConstraint) = (table.twinOf, table.isConstraint);
        uint256[] memory instance = table.instance;
        // Both lists have a word for each scenario. What comes before the caps is written over the
        // counts and quantities, the context word, the length and the room before that: a table has at
        // least two rows more than scenarios, so that `HEAD` less six words fits into that room.
        assembly ("memory-safe") {
            let caps := add(add(instance, 64), shl(6, rows))
            let start := sub(caps, add(HEAD, shl(6, scenarios)))
            let size := shl(5, mul(rows, add(scenarios, 1)))
            size := add(size, sub(caps, start))
            mstore(start, 32)
            mstore(add(start, 32), sub(size, 64))
            mstore(add(start, 64), digest)
            mcopy(add(start, 96), table, mul(32, TABLE_NUMBERS))
            let lists := add(start, HEAD)
            mcopy(lists, add(isConstraint, 32), shl(5, scenarios))
            mcopy(add(lists, shl(5, scenarios)), add(twinOf, 32), shl(5, scenarios))
            return(start, size)
        }
    }

    /// @notice Asks for a table. Reverts as the other contract does, or with `NoTable`.
    /// @param tables The contract that makes tables.
    /// @param chunks The contracts whose code is the program.
    /// @param prices The prices.
    /// @param room The bytes of memory to keep behind the instance, for a proof.
    /// @return table The table, without names and with no prices behind it. Its context word, counts
    /// and quantities are not set until `InstrumentTable.fill`.
    /// @return digest The digest of the prices.
    function take(
        ITables tables,
        address[] memory chunks,
        Prices calldata prices,
        uint256 room
    ) internal view returns (Table memory table, bytes32 digest) {
        if (!_ask(tables, abi.encodeCall(ITables.make, (chunks, prices)))) {
            revert NoTable(address(tables));
        }
        assembly ("memory-safe") {
            returndatacopy(0, 64, 32)
            digest := mload(0)
            returndatacopy(table, 96, mul(32, TABLE_NUMBERS))
        }
        (uint256 scenarios, uint256 rows) = (table.scenarios, table.rows);
        bool fits;
        // The lengths of all lists follow from the numbers, and the answer has just as many words.
        assembly ("memory-safe") {
            let size := add(shl(6, scenarios), shl(5, mul(rows, add(scenarios, 1))))
            fits := eq(returndatasize(), add(HEAD, size))
        }
        if (!fits) revert NoTable(address(tables));
        uint256[] memory twinOf;
        bool[] memory isConstraint;
        uint256[] memory instance;
        assembly ("memory-safe") {
            let from := HEAD
            let list := shl(5, scenarios)
            isConstraint := mload(0x40)
            mstore(isConstraint, scenarios)
            returndatacopy(add(isConstraint, 32), from, list)
            twinOf := add(add(isConstraint, 32), list)
            mstore(twinOf, scenarios)
            from := add(from, list)
            returndatacopy(add(twinOf, 32), from, list)
            from := add(from, list)
            instance := add(add(add(twinOf, 32), list), HEAD_ROOM)
            let words := add(1, mul(rows, add(scenarios, 3)))
            mstore(instance, words)
            let caps := add(add(instance, 64), shl(6, rows))
            returndatacopy(caps, from, sub(returndatasize(), from))
            let end := add(add(instance, 32), shl(5, words))
            mstore(0x40, and(add(add(end, room), 31), not(31)))
        }
        (table.twinOf, table.isConstraint, table.instance) = (twinOf, isConstraint, instance);
    }

    // Calls, and returns whether the answer is long enough to have numbers.
    function _ask(ITables tables, bytes memory question) private view returns (bool answered) {
        assembly ("memory-safe") {
            let done := staticcall(gas(), tables, add(question, 32), mload(question), 0, 0)
            if iszero(done) {
                let free := mload(0x40)
                returndatacopy(free, 0, returndatasize())
                revert(free, returndatasize())
            }
            answered := gt(returndatasize(), HEAD)
        }
    }
}
