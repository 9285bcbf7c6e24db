// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Bounds} from "./Bounds.sol";
import {Context} from "./Context.sol";
import {Policy} from "./Policy.sol";
import {Holdings, Reserves} from "./Reserves.sol";
import {Solvency} from "./Solvency.sol";
import {Prices} from "./Submission.sol";
import {ClauseKind, Clauses} from "./table/Clauses.sol";
import {InstrumentTable} from "./table/InstrumentTable.sol";
import {Scenarios} from "./table/Scenarios.sol";
import {Table} from "./table/Table.sol";
import {IRepricer} from "./interfaces/IRepricer.sol";
import {ISolvencyRegistry} from "./interfaces/ISolvencyRegistry.sol";

/// @title Says what is owed, and which clauses stand, at other prices
contract Repricer is IRepricer {
    /// A proved book at other prices.
    struct Repriced {
        ISolvencyRegistry.Verdict latest;
        /// What the program and the proved prices compile to.
        Table proved;
        /// What the program and the other prices compile to.
        Table there;
        uint256[] quantities;
        Holdings reserves;
    }

    /// What each scenario's bounds are, as far as they were asked for.
    struct Known {
        bool[] has;
        /// With what is owed and bad debt at most, and at least.
        Policy.Figures most;
        Policy.Figures least;
    }

    /// @inheritdoc IRepricer
    ISolvencyRegistry public immutable REGISTRY;

    /// @param registry The registry whose attestations count.
    constructor(ISolvencyRegistry registry) {
        REGISTRY = registry;
    }

    /// @inheritdoc IRepricer
    function boundAt(
        bytes32 venue,
        ProvedBook calldata book,
        Prices calldata prices,
        uint256 scenario,
        uint64[] calldata multipliers
    ) external view returns (Bound memory) {
        Repriced memory it = _reprice(venue, book, prices);
        return _bound(book.program, it, scenario, multipliers);
    }

    /// @inheritdoc IRepricer
    function standingAt(
        bytes32 venue,
        ProvedBook calldata book,
        Prices calldata prices,
        Certificate[] calldata certificates
    ) external view returns (Standing memory standing) {
        Repriced memory it = _reprice(venue, book, prices);
        Known memory known = _nothing(it);
        for (uint256 i = 0; i < certificates.length; i++) {
            Certificate calldata one = certificates[i];
            if (i != 0 && one.scenario <= certificates[i - 1].scenario) revert CertificateOrder(i);
            _learn(book.program, it, known, one.scenario, one.multipliers);
        }
        (standing.sequence, standing.asOf) = (it.latest.sequence, it.latest.asOf);
        for (uint256 i = 0; i < it.there.clauses; i++) {
            (bool holds, bool cannotHold) = _stands(book.program, it, known, i);
            if (holds) standing.holds |= 1 << i;
            else if (cannotHold) standing.cannotHold |= 1 << i;
            else standing.unknown |= 1 << i;
        }
    }

    /// Checks that a book is that of the latest attestation, and values it at other prices.
    function _reprice(
        bytes32 venue,
        ProvedBook calldata book,
        Prices calldata prices
    ) private view returns (Repriced memory it) {
        it.latest = REGISTRY.latest(venue);
        if (it.latest.asOf == 0) revert ISolvencyRegistry.NoAttestation(venue, 0);
        if (it.latest.revoked) revert Solvency.Revoked(venue, it.latest.sequence);
        ISolvencyRegistry.Record memory record = REGISTRY.recordOf(venue, it.latest.sequence);
        bytes32 expected = REGISTRY.rulesOf(venue, record.rules).program;
        bytes32 program = keccak256(book.program);
        if (program != expected) revert ISolvencyRegistry.OtherProgram(program, expected);
        it.quantities = book.quantities;
        bytes32 quantities = Context.quantitiesDigest(it.quantities);
        if (quantities != record.quantities) revert OtherQuantities(quantities, record.quantities);
        it.proved = InstrumentTable.compile(book.program, book.prices);
        // Prices that come to the same table under the same program are as good as the proved ones.
        bytes32 table = InstrumentTable.hashOf(book.program, it.proved);
        if (table != record.table) revert OtherTable(record.table, table);
        it.there = InstrumentTable.compile(book.program, prices);
        it.reserves = Reserves.read(book.program, prices, it.there, REGISTRY.reservesOf(venue));
    }

    function _bound(
        bytes calldata program,
        Repriced memory it,
        uint256 scenario,
        uint64[] memory multipliers
    ) private pure returns (Bound memory bound) {
        if (!Scenarios.isPriced(program, it.there, scenario)) revert NotPriced(scenario);
        (int256 worth, uint256 badDebt) = Bounds.compute(
            program,
            it.proved,
            it.there,
            it.quantities,
            scenario,
            multipliers
        );
        (bound.sequence, bound.asOf) = (it.latest.sequence, it.latest.asOf);
        bound.owedAtMost = _figure(worth + int256(badDebt));
        bound.owedAtLeast = _figure(worth);
        bound.badDebtAtMost = Policy.toUint128(badDebt);
        bound.badDebtAtLeast = _figure(-worth);
        bound.reserves = Policy.toUint128(Reserves.ofCustomers(it.reserves, it.there, scenario));
        bound.allReserves = Policy.toUint128(Reserves.ofAll(it.reserves, it.there, scenario));
    }

    /// Whether a clause stands for certain, and whether it cannot hold.
    function _stands(
        bytes calldata program,
        Repriced memory it,
        Known memory known,
        uint256 clause
    ) private view returns (bool holds, bool cannotHold) {
        (ClauseKind kind, uint256 scenario, , ) = Clauses.read(program, it.there, clause);
        bool isRepriced =
            kind == ClauseKind.Coverage ||
                kind == ClauseKind.BadDebtAmount ||
                kind == ClauseKind.Insurance;
        if (kind == ClauseKind.Insurance) scenario = Policy.ofOthers(it.there, scenario);
        if (!isRepriced || !Scenarios.isPriced(program, it.there, scenario)) {
            // As it was proved.
            cannotHold = (it.latest.failing >> clause) & 1 != 0;
            return (!cannotHold, cannotHold);
        }
        if (!known.has[scenario]) {
            _learn(program, it, known, scenario, new uint64[](it.there.scenarios));
        }
        // Less owed and less bad debt never make a clause fail that was kept.
        (holds, , ) = Policy.judge(program, it.there, known.most, clause);
        (bool canHold, , ) = Policy.judge(program, it.there, known.least, clause);
        return (holds, !canHold);
    }

    function _nothing(Repriced memory it) private pure returns (Known memory known) {
        uint256 scenarios = it.there.scenarios;
        known.has = new bool[](scenarios);
        known.most.scenarios = new ISolvencyRegistry.Figures[](scenarios);
        known.least.scenarios = new ISolvencyRegistry.Figures[](scenarios);
        (known.most.reserves, known.least.reserves) = (it.reserves, it.reserves);
    }

    function _learn(
        bytes calldata program,
        Repriced memory it,
        Known memory known,
        uint256 scenario,
        uint64[] memory multipliers
    ) private pure {
        Bound memory bound = _bound(program, it, scenario, multipliers);
        known.has[scenario] = true;
        ISolvencyRegistry.Figures memory most = known.most.scenarios[scenario];
        (most.owed, most.badDebt) = (bound.owedAtMost, bound.badDebtAtMost);
        ISolvencyRegistry.Figures memory least = known.least.scenarios[scenario];
        (least.owed, least.badDebt) = (bound.owedAtLeast, bound.badDebtAtLeast);
    }

    function _figure(int256 amount) private pure returns (uint128) {
        return amount < 0 ? 0 : Policy.toUint128(uint256(amount));
    }
}
