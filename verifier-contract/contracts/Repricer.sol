// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Bounds, RepricedBook} from "./Bounds.sol";
import {Chunks} from "./Chunks.sol";
import {Context} from "./Context.sol";
import {Book, Policy} from "./Policy.sol";
import {Prices} from "./Submission.sol";
import {Held, Worth} from "./Worth.sol";
import {ClauseKind, Clauses} from "./table/Clauses.sol";
import {InstrumentTable} from "./table/InstrumentTable.sol";
import {Scenarios} from "./table/Scenarios.sol";
import {Table} from "./table/Table.sol";
import {IRepricer} from "./interfaces/IRepricer.sol";
import {Counted, Holding} from "./interfaces/IReserves.sol";
import {Figures, ISolvencyRegistry, Record} from "./interfaces/ISolvencyRegistry.sol";
import {IVenues} from "./interfaces/IVenues.sol";

/// @title Says what is owed, and which clauses stand, at other prices
contract Repricer is IRepricer {
    /// The bytes of a record: its fields in words.
    uint256 private constant RECORD_BYTES = 768;

    uint256 private constant BPS = 10_000;

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
        bytes program;
        RepricedBook book;
        /// What follows from the book alone, with what custodians have now: deposits, reserves.
        Policy.Known figures;
        /// The same reserves with as much more as may count of other chains: no more does.
        Held[] atMost;
        /// Whether some token did not answer, and counts as nothing.
        bool unreadable;
        /// For each asset, whether the custodians have any of it.
        bool[] reserved;
    }

    /// What each scenario's bounds are, as far as they were asked for.
    struct Answers {
        bool[] has;
        /// Whether a clause of the program finds the balances of now too far from the snapshot.
        bool isFar;
        /// With what is owed and bad debt at most; and at least, with the reserves at most.
        Policy.Known most;
        Policy.Known least;
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
        _requirePriced(it, scenario);
        (Figures memory most, Figures memory least) = _between(it, scenario, multipliers);
        (bound.sequence, bound.asOf) = (it.latest.sequence, it.latest.asOf);
        (bound.owedAtMost, bound.badDebtAtMost) = (most.owed, most.badDebt);
        (bound.owedAtLeast, bound.badDebtAtLeast) = (least.owed, least.badDebt);
        // Neither is above 2^128 - 1.
        Held[] memory reserves = it.figures.reserves;
        bound.reserves = uint128(Worth.ofCustomers(reserves, it.book.there, scenario));
        bound.allReserves = uint128(Worth.ofAll(reserves, it.book.there, scenario));
    }

    /// @inheritdoc IRepricer
    function standingAt(
        bytes32 venue,
        ProvedBook calldata book,
        Prices calldata prices,
        Certificate[] calldata certificates
    ) external view returns (Standing memory standing) {
        Repriced memory it = _reprice(venue, book, prices);
        Answers memory known = _nothing(it);
        for (uint256 i = 0; i < certificates.length; i++) {
            Certificate calldata one = certificates[i];
            if (i != 0 && one.scenario <= certificates[i - 1].scenario) revert CertificateOrder(i);
            _requirePriced(it, one.scenario);
            _learn(it, known, one.scenario, one.multipliers);
        }
        (standing.sequence, standing.asOf) = (it.latest.sequence, it.latest.asOf);
        standing.failing = it.latest.failing;
        for (uint256 i = 0; i < it.book.there.clauses; i++) {
            Stands stands = _stands(it, known, i);
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
        if (it.latest.round == 0) revert ISolvencyRegistry.NoAttestation(venue, 0);
        if (it.latest.revoked) revert Revoked(venue, it.latest.round);
        Record calldata record = book.record;
        bytes32 hash = _hash(record);
        bytes32 expected = REGISTRY.recordHash(venue, it.latest.round);
        if (hash != expected) revert ISolvencyRegistry.OtherRecord(hash, expected);
        it.book.quantities = book.quantities;
        bytes32 quantities = Context.quantitiesDigest(it.book.quantities);
        if (quantities != record.quantities) revert OtherQuantities(quantities, record.quantities);
        bytes32[] memory names;
        (names, it.program) = Chunks.load(
            // Announced once and never replaced.
            REGISTRY.VENUES().rulesOf(venue, record.rules).chunks
        );
        it.book.proved = InstrumentTable.compileEach(it.program, names, book.prices);
        // Prices that come to the same table under the same program are as good as the proved ones.
        bytes32 table = InstrumentTable.hashOf(it.program, it.book.proved);
        if (table != record.table) revert OtherTable(record.table, table);
        it.book.there = InstrumentTable.compileEach(it.program, names, prices);
        _read(venue, it);
    }

    /// keccak256 of the ABI's encoding of a record, which is what the calldata has: a record has no
    /// lists. A word that is not as the ABI has it makes another hash.
    function _hash(Record calldata record) private pure returns (bytes32 hash) {
        assembly ("memory-safe") {
            let words := mload(0x40)
            calldatacopy(words, record, RECORD_BYTES)
            hash := keccak256(words, RECORD_BYTES)
        }
    }

    /// Reads what follows from the book, and what the custodians have in this block.
    function _read(bytes32 venue, Repriced memory it) private view {
        Table memory there = it.book.there;
        // Numbers of accounts do not matter here.
        Book memory book = Book(new uint256[](there.rows), it.book.quantities);
        (it.figures, ) = Policy.sums(it.program, there, book);
        Counted memory counted = REGISTRY.RESERVES().read(venue);
        it.figures.reserves = Worth.find(it.program, there, counted.holdings);
        (it.figures.anyReserve, it.unreadable) = (counted.any, counted.unreadable);
        it.figures.stated.asOf = it.latest.asOf;
        it.reserved = Worth.heldAssets(it.figures.reserves, there.assets);
        uint256 cap = REGISTRY.VENUES().limitsOf(venue).elsewhereBps;
        for (uint256 i = 0; i < counted.holdings.length; i++) {
            Holding memory holding = counted.holdings[i];
            // In two parts: `Reserves` counts below 2^254, and the share is at most the whole.
            unchecked {
                uint256 share = (holding.customers / BPS) * cap;
                share += ((holding.customers % BPS) * cap) / BPS;
                holding.customers += share;
            }
        }
        it.atMost = Worth.find(it.program, there, counted.holdings);
    }

    function _requirePriced(Repriced memory it, uint256 scenario) private pure {
        if (!_isPriced(it, scenario)) revert NotPriced(scenario);
        if (!_isFine(it, scenario)) revert TooCoarse(scenario);
    }

    /// What is owed and bad debt in a scenario, at most and at least; all other figures are 0.
    function _between(
        Repriced memory it,
        uint256 scenario,
        uint64[] memory multipliers
    ) private pure returns (Figures memory most, Figures memory least) {
        (int256 worth, uint256 badDebt) = Bounds.compute(
            it.program,
            it.book,
            scenario,
            multipliers
        );
        (most.owed, most.badDebt) = (_positive(worth + int256(badDebt)), Policy.toUint128(badDebt));
        (least.owed, least.badDebt) = (_positive(worth), _positive(-worth));
    }

    function _isPriced(Repriced memory it, uint256 scenario) private pure returns (bool) {
        return Scenarios.isPriced(it.program, it.book.there, scenario);
    }

    /// Whether units of value are fine enough for a scenario. What nobody has is of no account.
    function _isFine(Repriced memory it, uint256 scenario) private pure returns (bool) {
        RepricedBook memory book = it.book;
        return Scenarios.isFine(it.program, book.there, scenario, book.quantities, it.reserved);
    }

    /// How one clause stands. One that failed in the proof never holds.
    function _stands(
        Repriced memory it,
        Answers memory known,
        uint256 clause
    ) private view returns (Stands) {
        (ClauseKind kind, uint256 subject, uint256 limit, ) = Clauses.read(
            it.program,
            it.book.there,
            clause
        );
        bool hasFailed = (it.latest.failing >> clause) & 1 != 0;
        if (
            kind == ClauseKind.Coverage ||
            kind == ClauseKind.BadDebtAmount ||
            kind == ClauseKind.Insurance
        ) {
            uint256 scenario =
                kind == ClauseKind.Insurance ? Policy.ofOthers(it.book.there, subject) : subject;
            if (!known.has[scenario]) {
                if (!_isPriced(it, scenario)) {
                    if (hasFailed) return Stands.CannotHold;
                    if (kind != ClauseKind.BadDebtAmount) return Stands.Held;
                    // Nothing counts for more in a margin than at mark, so that at least the bad
                    // debt at mark is lacking.
                    if (!known.has[0]) _learnLoosely(it, known, 0);
                    bool lacksMore = known.least.scenarios[0].badDebt > limit;
                    return lacksMore ? Stands.CannotHold : Stands.Held;
                }
                if (!_isFine(it, scenario)) return Stands.Unknown;
                _learnLoosely(it, known, scenario);
            }
        } else if (kind != ClauseKind.ReservesDistance && kind != ClauseKind.PerAsset) {
            return hasFailed ? Stands.CannotHold : Stands.Holds;
        }
        // Less owed and less bad debt never make a clause fail that was kept.
        if (_holds(it, known.most, clause)) return hasFailed ? Stands.Unknown : Stands.Holds;
        if (kind == ClauseKind.ReservesDistance) {
            // Time alone proves nothing of reserves.
            return hasFailed || !it.figures.anyReserve ? Stands.CannotHold : Stands.Unknown;
        }
        bool canHold = _holds(it, known.least, clause);
        // Balances of another time than the book prove no fall, nor does what was not read.
        bool proves = kind == ClauseKind.BadDebtAmount || !(known.isFar || it.unreadable);
        return canHold || !proves ? Stands.Unknown : Stands.CannotHold;
    }

    /// Whether figures keep a clause.
    function _holds(
        Repriced memory it,
        Policy.Known memory figures,
        uint256 clause
    ) private view returns (bool holds) {
        (holds, , ) = Policy.judge(it.program, it.book.there, figures, clause);
    }

    function _nothing(Repriced memory it) private view returns (Answers memory known) {
        Table memory there = it.book.there;
        uint256 scenarios = there.scenarios;
        known.has = new bool[](scenarios);
        (known.most, known.least) = (_copy(it.figures, scenarios), _copy(it.figures, scenarios));
        known.least.reserves = it.atMost;
        for (uint256 i = 0; i < there.clauses; i++) {
            (ClauseKind kind, , , ) = Clauses.read(it.program, there, i);
            if (kind != ClauseKind.ReservesDistance) continue;
            if (!_holds(it, known.most, i)) known.isFar = true;
        }
    }

    /// The same figures without those of scenarios.
    function _copy(
        Policy.Known memory figures,
        uint256 scenarios
    ) private pure returns (Policy.Known memory copy) {
        copy.deposits = figures.deposits;
        (copy.reserves, copy.anyReserve) = (figures.reserves, figures.anyReserve);
        copy.stated = figures.stated;
        copy.scenarios = new Figures[](scenarios);
    }

    /// What can be known without a certificate.
    function _learnLoosely(
        Repriced memory it,
        Answers memory known,
        uint256 scenario
    ) private pure {
        _learn(it, known, scenario, new uint64[](it.book.there.scenarios));
    }

    function _learn(
        Repriced memory it,
        Answers memory known,
        uint256 scenario,
        uint64[] memory multipliers
    ) private pure {
        known.has[scenario] = true;
        (known.most.scenarios[scenario], known.least.scenarios[scenario]) = _between(
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
