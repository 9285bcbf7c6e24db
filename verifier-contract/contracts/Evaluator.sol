// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Context} from "./Context.sol";
import {InstrumentTable} from "./table/InstrumentTable.sol";
import {Program} from "./table/Program.sol";
import {HOLDINGS, isOneOf, Role, Table} from "./table/Table.sol";
import {Book, Outcome, Policy} from "./Policy.sol";
import {Header, Prices, Stated, Volume} from "./Submission.sol";
import {IEvaluator} from "./interfaces/IEvaluator.sol";
import {IVenues} from "./interfaces/IVenues.sol";
import {ISolvencyRegistry} from "./interfaces/ISolvencyRegistry.sol";
import {IVolumeVerifier} from "./interfaces/IVolumeVerifier.sol";

/// @title Computes what an attestation proves
contract Evaluator is IEvaluator {
    /// @inheritdoc IEvaluator
    function bind(
        ISolvencyRegistry.Submission calldata submission,
        uint256 volumes
    ) external pure returns (Bound memory) {
        Table memory table = InstrumentTable.compile(submission.program, submission.prices);
        return _bind(submission, volumes, table);
    }

    /// @inheritdoc IEvaluator
    function prove(
        IVolumeVerifier verifier,
        bytes32 context,
        uint256 volume,
        bytes calldata program,
        Prices calldata prices,
        Volume calldata proved
    ) external view returns (bytes32 phase1) {
        Table memory table = InstrumentTable.compile(program, prices);
        return _prove(verifier, Context.word(context, volume), table, proved);
    }

    /// @inheritdoc IEvaluator
    function evaluate(
        bytes calldata program,
        Prices calldata prices,
        Stated calldata stated,
        ISolvencyRegistry.Totals[] calldata totals,
        IVenues.Reserve[] memory reserves
    ) external view returns (Outcome memory) {
        Table memory table = InstrumentTable.compile(program, prices);
        Book memory book = _emptyBook(table);
        for (uint256 v = 0; v < totals.length; v++) {
            _add(book, totals[v].counts, totals[v].quantities);
        }
        return _evaluate(program, prices, table, book, stated, reserves);
    }

    /// @inheritdoc IEvaluator
    function evaluateAll(
        ISolvencyRegistry.Submission calldata submission,
        Volume[] calldata volumes,
        IVolumeVerifier verifier,
        IVenues.Reserve[] memory reserves
    ) external view returns (Bound memory bound, bytes32[] memory phase1, Outcome memory outcome) {
        Table memory table = InstrumentTable.compile(submission.program, submission.prices);
        bound = _bind(submission, volumes.length, table);
        Book memory book = _emptyBook(table);
        phase1 = new bytes32[](volumes.length);
        for (uint256 v = 0; v < volumes.length; v++) {
            phase1[v] = _prove(verifier, Context.word(bound.context, v), table, volumes[v]);
            _add(book, volumes[v].counts, volumes[v].quantities);
        }
        Header calldata header = submission.header;
        Stated memory stated = Stated({
            asOf: header.asOf,
            accountsLeftOut: header.accountsLeftOut,
            assetsLeftOut: uint64(header.leftOut.length)
        });
        outcome = _evaluate(submission.program, submission.prices, table, book, stated, reserves);
    }

    /// @inheritdoc IEvaluator
    function pricesDigest(Prices calldata prices) external pure returns (bytes32) {
        return Context.pricesDigest(prices);
    }

    function _bind(
        ISolvencyRegistry.Submission calldata submission,
        uint256 volumes,
        Table memory table
    ) private pure returns (Bound memory bound) {
        bound.prices = Context.pricesDigest(submission.prices);
        bound.context = Context.digest(
            Context.headerDigest(submission.header, keccak256(submission.program)),
            submission.rules,
            bound.prices,
            submission.reserves,
            volumes
        );
        bound.table = InstrumentTable.hashOf(submission.program, table);
        bound.scenarios = table.scenarios;
    }

    function _prove(
        IVolumeVerifier verifier,
        uint256 word,
        Table memory table,
        Volume calldata proved
    ) private view returns (bytes32) {
        InstrumentTable.fill(table, word, proved.counts, proved.quantities);
        // The number of scenarios and the values are the program's, never the prover's.
        return verifier.verify(table.instance, table.scenarios, proved.proof);
    }

    function _evaluate(
        bytes calldata program,
        Prices calldata prices,
        Table memory table,
        Book memory book,
        Stated memory stated,
        IVenues.Reserve[] memory reserves
    ) private view returns (Outcome memory) {
        // Some account must hold something. Row 0, the empty slot, does not count, nor do closing
        // rows, headroom and contingencies.
        uint256 row = 1;
        while (row < table.rows && (book.quantities[row] == 0 || !_isHeld(program, table, row))) {
            ++row;
        }
        if (row == table.rows) revert ISolvencyRegistry.EmptyBook();
        return Policy.evaluate(program, prices, table, book, stated, reserves);
    }

    function _isHeld(
        bytes calldata program,
        Table memory table,
        uint256 row
    ) private pure returns (bool) {
        (Role role, , , , ) = Program.row(program, table, row);
        return isOneOf(role, HOLDINGS);
    }

    function _emptyBook(Table memory table) private pure returns (Book memory) {
        return Book(new uint256[](table.rows), new uint256[](table.rows));
    }

    /// Both lists have an entry for each row: `fill` has checked it, here or when the volume was
    /// proved.
    function _add(
        Book memory book,
        uint64[] calldata counts,
        uint128[] calldata quantities
    ) private pure {
        for (uint256 row = 0; row < book.counts.length; row++) {
            book.counts[row] += counts[row];
            book.quantities[row] += quantities[row];
        }
    }
}
