// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Bounds, RepricedBook} from "./Bounds.sol";
import {Context} from "./Context.sol";
import {Policy} from "./Policy.sol";
import {Holdings, Reserves} from "./Reserves.sol";
import {Solvency} from "./Solvency.sol";
import {Prices} from "./Submission.sol";
import {ClauseKind, Clauses} from "./table/Clauses.sol";
import {InstrumentTable} from "./table/InstrumentTable.sol";
import {Program} from "./table/Program.sol";
import {Scenarios} from "./table/Scenarios.sol";
import {FORMS, isOneOf, Role, Table} from "./table/Table.sol";
import {IRepricer} from "./interfaces/IRepricer.sol";
import {ISolvencyRegistry} from "./interfaces/ISolvencyRegistry.sol";

/// @title Says what is owed, and which clauses stand, at other prices
contract Repricer is IRepricer {
    /// How a clause stands; see `Standing`.
    enum Stands {
        Unknown,
        Holds,
        CannotHold,
        Held
    }

    /// What both questions are about.
    struct Repriced {
        ISolvencyRegistry.Verdict latest;
        RepricedBook book;
        Holdings reserves;
        /// For each asset, whether the custodians have any of it.
        bool[] reserved;
    }

    /// What each scenario's bounds are, as far as they were asked for.
    struct Known {
        bool[] has;
        /// Whether a clause of the program finds the balances of now too far from the snapshot.
        bool isFar;
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
    ) external view returns (BoundAt memory bound) {
        Repriced memory it = _reprice(venue, book, prices);
        _requirePriced(book.program, it, scenario);
        (ISolvencyRegistry.Figures memory most, ISolvencyRegistry.Figures memory least) = _between(
            book.program,
            it,
            scenario,
            multipliers
        );
        (bound.sequence, bound.asOf) = (it.latest.sequence, it.latest.asOf);
        (bound.owedAtMost, bound.badDebtAtMost) = (most.owed, most.badDebt);
        (bound.owedAtLeast, bound.badDebtAtLeast) = (least.owed, least.badDebt);
        uint256 customers = Reserves.ofCustomers(it.reserves, it.book.there, scenario);
        uint256 insurance = Reserves.ofInsurance(it.reserves, it.book.there, scenario);
        bound.reserves = Policy.toUint128(customers);
        bound.allReserves = Policy.toUint128(customers + insurance);
    }

    /// @inheritdoc IRepricer
    function standingAt(
        bytes32 venue,
        ProvedBook calldata book,
        Prices calldata prices,
        Certificate[] calldata certificates
    ) external view returns (Standing memory standing) {
        Repriced memory it = _reprice(venue, book, prices);
        Known memory known = _nothing(book.program, it);
        for (uint256 i = 0; i < certificates.length; i++) {
            Certificate calldata one = certificates[i];
            if (i != 0 && one.scenario <= certificates[i - 1].scenario) revert CertificateOrder(i);
            _requirePriced(book.program, it, one.scenario);
            _learn(book.program, it, known, one.scenario, one.multipliers);
        }
        (standing.sequence, standing.asOf) = (it.latest.sequence, it.latest.asOf);
        standing.failing = it.latest.failing;
        for (uint256 i = 0; i < it.book.there.clauses; i++) {
            Stands stands = _stands(book.program, it, known, i);
            if (stands == Stands.Holds) standing.holds |= 1 << i;
            else if (stands == Stands.CannotHold) standing.cannotHold |= 1 << i;
            else if (stands == Stands.Held) standing.held |= 1 << i;
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
        it.book.quantities = book.quantities;
        bytes32 quantities = Context.quantitiesDigest(it.book.quantities);
        if (quantities != record.quantities) revert OtherQuantities(quantities, record.quantities);
        it.book.proved = InstrumentTable.compile(book.program, book.prices);
        // Prices that come to the same table under the same program are as good as the proved ones.
        bytes32 table = InstrumentTable.hashOf(book.program, it.book.proved);
        if (table != record.table) revert OtherTable(record.table, table);
        it.book.there = InstrumentTable.compile(book.program, prices);
        it.reserves = Reserves.read(
            book.program,
            prices,
            it.book.there,
            REGISTRY.reservesOf(venue)
        );
        it.reserved = Reserves.heldAssets(it.reserves);
    }

    function _requirePriced(
        bytes calldata program,
        Repriced memory it,
        uint256 scenario
    ) private pure {
        if (!Scenarios.isPriced(program, it.book.there, scenario)) revert NotPriced(scenario);
        if (!_isFine(program, it, scenario)) revert TooCoarse(scenario);
    }

    /// What is owed and bad debt in a scenario, at most and at least; all other figures are 0.
    function _between(
        bytes calldata program,
        Repriced memory it,
        uint256 scenario,
        uint64[] memory multipliers
    )
        private
        pure
        returns (ISolvencyRegistry.Figures memory most, ISolvencyRegistry.Figures memory least)
    {
        (int256 worth, uint256 badDebt) = Bounds.compute(program, it.book, scenario, multipliers);
        (most.owed, most.badDebt) = (_positive(worth + int256(badDebt)), Policy.toUint128(badDebt));
        (least.owed, least.badDebt) = (_positive(worth), _positive(-worth));
    }

    /// Whether units of value are fine enough for a scenario. What nobody has is of no account.
    function _isFine(
        bytes calldata program,
        Repriced memory it,
        uint256 scenario
    ) private pure returns (bool) {
        RepricedBook memory book = it.book;
        return Scenarios.isFine(program, book.there, scenario, book.quantities, it.reserved);
    }

    /// How one clause stands. One that failed in the proof never holds.
    function _stands(
        bytes calldata program,
        Repriced memory it,
        Known memory known,
        uint256 clause
    ) private view returns (Stands) {
        (ClauseKind kind, uint256 subject, uint256 limit, ) = Clauses.read(
            program,
            it.book.there,
            clause
        );
        bool hasFailed = (it.latest.failing >> clause) & 1 != 0;
        if (kind == ClauseKind.PerAsset) {
            _learnDeposits(program, it, known);
        } else if (
            kind == ClauseKind.Coverage ||
            kind == ClauseKind.BadDebtAmount ||
            kind == ClauseKind.Insurance
        ) {
            uint256 scenario =
                kind == ClauseKind.Insurance ? Policy.ofOthers(it.book.there, subject) : subject;
            if (!known.has[scenario]) {
                if (!Scenarios.isPriced(program, it.book.there, scenario)) {
                    if (hasFailed) return Stands.CannotHold;
                    if (kind != ClauseKind.BadDebtAmount) return Stands.Held;
                    return _lacksMore(program, it, known, limit) ? Stands.CannotHold : Stands.Held;
                }
                if (!_isFine(program, it, scenario)) return Stands.Unknown;
                _learnLoosely(program, it, known, scenario);
            }
        } else if (kind != ClauseKind.ReservesDistance) {
            return hasFailed ? Stands.CannotHold : Stands.Holds;
        }
        // Less owed and less bad debt never make a clause fail that was kept.
        (bool holds, , ) = Policy.judge(program, it.book.there, known.most, clause);
        if (holds) return hasFailed ? Stands.Unknown : Stands.Holds;
        if (kind == ClauseKind.ReservesDistance) {
            // Time alone proves nothing of reserves.
            return hasFailed || !it.reserves.any ? Stands.CannotHold : Stands.Unknown;
        }
        (bool canHold, , ) = Policy.judge(program, it.book.there, known.least, clause);
        // Balances of another time than the book prove no fall.
        bool proves = kind == ClauseKind.BadDebtAmount || !known.isFar;
        return canHold || !proves ? Stands.Unknown : Stands.CannotHold;
    }

    /// Whether more is lacking of a margin than a limit, for certain: nothing counts for more there
    /// than at mark, so that it is at least the bad debt at mark.
    function _lacksMore(
        bytes calldata program,
        Repriced memory it,
        Known memory known,
        uint256 limit
    ) private pure returns (bool) {
        if (!known.has[0]) _learnLoosely(program, it, known, 0);
        return known.least.scenarios[0].badDebt > limit;
    }

    function _nothing(
        bytes calldata program,
        Repriced memory it
    ) private view returns (Known memory known) {
        uint256 scenarios = it.book.there.scenarios;
        known.has = new bool[](scenarios);
        known.most.scenarios = new ISolvencyRegistry.Figures[](scenarios);
        known.least.scenarios = new ISolvencyRegistry.Figures[](scenarios);
        (known.most.reserves, known.least.reserves) = (it.reserves, it.reserves);
        known.most.stated.asOf = it.latest.asOf;
        for (uint256 i = 0; i < it.book.there.clauses; i++) {
            (ClauseKind kind, , , ) = Clauses.read(program, it.book.there, i);
            if (kind != ClauseKind.ReservesDistance) continue;
            (bool isNear, , ) = Policy.judge(program, it.book.there, known.most, i);
            if (!isNear) known.isFar = true;
        }
    }

    /// The deposits of each asset, of all accounts, if they are not known yet.
    function _learnDeposits(
        bytes calldata program,
        Repriced memory it,
        Known memory known
    ) private pure {
        if (known.most.deposits.length != 0) return;
        Table memory table = it.book.there;
        uint256[] memory quantities = it.book.quantities;
        uint256[] memory deposits = new uint256[](table.assets);
        uint256 size = Program.rowBytes(table);
        uint256 offset = table.rowsAt;
        for (uint256 row = 0; row < quantities.length; ++row) {
            // Class, role and group.
            uint256 word = Program.load(program, offset) >> 232;
            offset += size;
            if (isOneOf(Role((word >> 16) & 0x3f), FORMS)) {
                word = Program.load(program, table.rowsAt + uint16(word) * size) >> 232;
            }
            if (Role((word >> 16) & 0x3f) == Role.Deposit) {
                deposits[uint16(word)] += quantities[row];
            }
        }
        (known.most.deposits, known.least.deposits) = (deposits, deposits);
    }

    /// What can be known without a certificate.
    function _learnLoosely(
        bytes calldata program,
        Repriced memory it,
        Known memory known,
        uint256 scenario
    ) private pure {
        _learn(program, it, known, scenario, new uint64[](it.book.there.scenarios));
    }

    function _learn(
        bytes calldata program,
        Repriced memory it,
        Known memory known,
        uint256 scenario,
        uint64[] memory multipliers
    ) private pure {
        known.has[scenario] = true;
        (known.most.scenarios[scenario], known.least.scenarios[scenario]) = _between(
            program,
            it,
            scenario,
            multipliers
        );
    }

    /// An amount that is at least 0, whatever the difference that it is.
    function _positive(int256 difference) private pure returns (uint128) {
        return difference < 0 ? 0 : Policy.toUint128(uint256(difference));
    }
}
