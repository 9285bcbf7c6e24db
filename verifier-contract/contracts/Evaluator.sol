// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Chunks} from "./Chunks.sol";
import {Context} from "./Context.sol";
import {Beside, Book, Policy} from "./Policy.sol";
import {Header, Prices, Stated, Submission, Volume} from "./Submission.sol";
import {Judged, Said} from "./Said.sol";
import {Verification} from "./Verification.sol";
import {Handover} from "./table/Handover.sol";
import {InstrumentTable} from "./table/InstrumentTable.sol";
import {Table} from "./table/Table.sol";
import {IDraws} from "./interfaces/IDraws.sol";
import {Aside, Bound, Clause, IEvaluator, Outcome} from "./interfaces/IEvaluator.sol";
import {Holding} from "./interfaces/IReserves.sol";
import {ISolvencyRegistry} from "./interfaces/ISolvencyRegistry.sol";
import {ITables} from "./interfaces/ITables.sol";
import {IVolumeVerifier} from "./interfaces/IVolumeVerifier.sol";

/// @title Computes what an attestation proves
contract Evaluator is IEvaluator {
    /// What every question is about.
    struct Work {
        bytes program;
        Table table;
        /// The digest of the prices that it was made with.
        bytes32 prices;
        /// The sums of all volumes so far.
        Book book;
    }

    /// @inheritdoc IEvaluator
    ITables public immutable TABLES;
    /// @inheritdoc IEvaluator
    IDraws public immutable DRAWS;

    /// @param tables The contract that makes tables.
    /// @param draws Where times are drawn.
    constructor(ITables tables, IDraws draws) {
        (TABLES, DRAWS) = (tables, draws);
    }

    /// @inheritdoc IEvaluator
    function bind(
        Submission calldata submission,
        address[] calldata chunks,
        uint256 volumes
    ) external view returns (Bound memory) {
        return _bind(submission, _compile(chunks, submission.prices, 0), volumes);
    }

    /// @inheritdoc IEvaluator
    function prove(
        IVolumeVerifier verifier,
        bytes32 context,
        uint256 volume,
        address[] calldata chunks,
        Prices calldata prices,
        Volume calldata proved
    ) external view returns (bytes32 phase1) {
        Work memory work = _compile(chunks, prices, Verification.room(proved.proof));
        _fill(work, Context.word(context, volume), proved.totals);
        return Verification.verify(verifier, work.table, proved.proof);
    }

    /// @inheritdoc IEvaluator
    function evaluate(
        address[] calldata chunks,
        Prices calldata prices,
        Header calldata header,
        bytes[] calldata totals,
        Holding[] calldata holdings,
        Aside calldata aside
    ) external view returns (Outcome memory) {
        Work memory work = _compile(chunks, prices, 0);
        for (uint256 v = 0; v < totals.length; v++) {
            _fill(work, 0, totals[v]);
        }
        return _evaluate(work, header, prices, holdings, aside);
    }

    /// @inheritdoc IEvaluator
    function evaluateAll(
        Submission calldata submission,
        Volume[] calldata volumes,
        address[] calldata chunks,
        IVolumeVerifier verifier,
        Holding[] calldata holdings,
        Aside calldata aside
    ) external view returns (Bound memory bound, bytes32[] memory phase1, Outcome memory outcome) {
        Work memory work = _compile(chunks, submission.prices, _room(volumes));
        bound = _bind(submission, work, volumes.length);
        phase1 = _proveAll(verifier, bound.context, work, volumes);
        outcome = _evaluate(work, submission.header, submission.prices, holdings, aside);
    }

    /// The table of the program that the chunks hold and of these prices, and an empty book. `room`
    /// bytes are kept for a proof.
    function _compile(
        address[] memory chunks,
        Prices calldata prices,
        uint256 room
    ) private view returns (Work memory work) {
        bytes32[] memory names;
        (names, work.program) = Chunks.load(chunks);
        (work.table, work.prices) = Handover.take(TABLES, chunks, prices, room);
        work.table.names = names;
    }

    /// The most room that one of the proofs needs: they are sent one after the other.
    function _room(Volume[] calldata volumes) private pure returns (uint256 room) {
        for (uint256 v = 0; v < volumes.length; ++v) {
            uint256 needed = Verification.room(volumes[v].proof);
            if (needed > room) room = needed;
        }
    }

    function _bind(
        Submission calldata submission,
        Work memory work,
        uint256 volumes
    ) private pure returns (Bound memory bound) {
        Table memory table = work.table;
        bound.prices = work.prices;
        bound.context = Context.digest(
            Context.headerDigest(submission.header, keccak256(work.program)),
            submission.rules,
            bound.prices,
            submission.reserves,
            volumes
        );
        bound.table = InstrumentTable.hashOf(work.program, table);
        bound.scenarios = table.scenarios;
    }

    /// Checks all proofs. Several are checked with one check of pairings.
    function _proveAll(
        IVolumeVerifier verifier,
        bytes32 context,
        Work memory work,
        Volume[] calldata volumes
    ) private view returns (bytes32[] memory phase1) {
        uint256 count = volumes.length;
        phase1 = new bytes32[](count);
        Verification.Points memory points = Verification.several(count > 1 ? count : 0);
        for (uint256 v = 0; v < count; v++) {
            Volume calldata volume = volumes[v];
            _fill(work, Context.word(context, v), volume.totals);
            if (count == 1) {
                phase1[v] = Verification.verify(verifier, work.table, volume.proof);
            } else {
                phase1[v] = Verification.accumulate(verifier, work.table, volume.proof, points, v);
            }
        }
        if (count > 1) Verification.settle(verifier, points);
    }

    function _fill(Work memory work, uint256 word, bytes calldata totals) private pure {
        (Table memory table, Book memory book) = (work.table, work.book);
        InstrumentTable.fill(table, word, totals);
        book.counts = InstrumentTable.add(table, 0, book.counts);
        book.quantities = InstrumentTable.add(table, 1, book.quantities);
    }

    function _evaluate(
        Work memory work,
        Header calldata header,
        Prices calldata prices,
        Holding[] calldata holdings,
        Aside calldata aside
    ) private view returns (Outcome memory outcome) {
        if (work.book.quantities.length == 0) revert ISolvencyRegistry.EmptyBook();
        Table memory table = work.table;
        (Judged[] memory said, uint256 drew) = Said.judge(
            work.program,
            table,
            header,
            prices,
            aside,
            DRAWS
        );
        Stated memory stated = Stated({
            asOf: header.asOf,
            accountsLeftOut: header.accountsLeftOut,
            assetsLeftOut: uint64(header.leftOut.length)
        });
        Beside memory beside = Beside(holdings, aside.anyReserve, prices.asOf, said, aside.tracks);
        outcome = Policy.evaluate(work.program, table, work.book, stated, beside);
        outcome.drew = drew;
        uint256 leftOut = header.leftOut.length;
        if (prices.refused.length != 0 && (leftOut != 0 || table.markets != 0)) {
            _addRefused(outcome, prices.refused.length);
        }
        // Nobody asks what is kept where all is.
        if (outcome.failing == 0) delete outcome.clauses;
    }

    /// Adds a clause that fails, whatever the policy says: something may have been left out because
    /// its price was refused, or a market be valued from another price than its own. A contract
    /// knows the names by their hashes alone, in which another case makes another name, and no names
    /// of markets: so any asset left out and any market counts.
    function _addRefused(Outcome memory outcome, uint256 refused) private pure {
        uint256 count = outcome.clauses.length;
        Clause[] memory clauses = new Clause[](count + 1);
        for (uint256 i = 0; i < count; i++) clauses[i] = outcome.clauses[i];
        clauses[count].has = refused;
        outcome.clauses = clauses;
        // A program has at most 255 clauses.
        outcome.failing |= 1 << count;
    }
}
