// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Context} from "./Context.sol";
import {Classes} from "./table/Classes.sol";
import {ClauseKind, Clauses, isSaid} from "./table/Clauses.sol";
import {InstrumentTable} from "./table/InstrumentTable.sol";
import {Program} from "./table/Program.sol";
import {Role, Table} from "./table/Table.sol";
import {Judged} from "./Said.sol";
import {Sums} from "./Sums.sol";
import {Held, Worth} from "./Worth.sol";
import {Clause, Need, Outcome} from "./interfaces/IEvaluator.sol";
import {Holding} from "./interfaces/IReserves.sol";
import {Figures, ISolvencyRegistry} from "./interfaces/ISolvencyRegistry.sol";
import {Stated} from "./Submission.sol";

/// The sums of the totals of all volumes, one for each row of the table.
struct Book {
    uint256[] counts;
    uint256[] quantities;
}

/// What reserves count, and when the prices are of.
struct Beside {
    Holding[] holdings;
    /// Whether any reserve counts, even with a balance of zero.
    bool any;
    /// The time of the prices.
    uint64 pricesAsOf;
    /// For each clause, how it was judged if it is about what an attestation says.
    Judged[] said;
    /// See `Aside.tracks`.
    bool tracks;
}

/// @title Evaluates the clauses of a policy on a book
/// @notice Agrees with the policy in Rust, with reserves as they are on chain. The figures of
/// assets and markets are of all classes of accounts together. Reserves are compared with
/// everything that is owed, never with what is owed less bad debt, which an invented bankrupt
/// borrower would lower. All arithmetic is checked and reverts on overflow.
///
/// Plain and covered lines are in no closing row except that of the cover. They count as what they
/// stand for: in deposits and open interest by their quantities, and in what is owed by the values
/// of the row that they stand for. They add nothing to bad debt, because accounts of such lines are
/// worth at least 0 in every scenario; see `Forms`. In margin scenarios this counts all of them as
/// if they were in the first tier, and never less than what is owed.
library Policy {
    /// Everything that a clause can depend on.
    struct Known {
        /// The deposits of each asset, of all accounts, in the smallest unit of its quantities.
        uint256[] deposits;
        /// The longs and shorts of each market, in the smallest unit of its quantities.
        uint256[] longs;
        uint256[] shorts;
        Figures[] scenarios;
        Held[] reserves;
        /// Whether any reserve counts, even with a balance of zero.
        bool anyReserve;
        /// What the header states.
        Stated stated;
        /// The time between the snapshot and the prices, in seconds.
        uint256 pricesDistance;
    }

    /// @notice Evaluates every clause of a program. Reverts with `EmptyBook` if nobody holds
    /// anything.
    /// @param program The program.
    /// @param table The table that it and the prices compile to.
    /// @param book The sums of all volumes.
    /// @param stated What the header states.
    /// @param beside What reserves count, and when the prices are of.
    /// @return outcome The figures and the verdict on each clause.
    function evaluate(
        bytes memory program,
        Table memory table,
        Book memory book,
        Stated memory stated,
        Beside memory beside
    ) internal view returns (Outcome memory outcome) {
        (Known memory known, bool isHeld) = sums(program, table, book);
        if (!isHeld) revert ISolvencyRegistry.EmptyBook();
        _close(program, table, book, known);
        known.stated = stated;
        known.pricesDistance = _distance(beside.pricesAsOf, stated.asOf);
        (known.reserves, known.anyReserve) = (
            Worth.find(program, table, beside.holdings),
            beside.any
        );
        for (uint256 s = 0; s < table.own; s++) {
            // A constraint has gains and losses, but no value.
            if (table.isConstraint[s]) continue;
            known.scenarios[s].insurance = toUint128(_fund(table, known, s));
        }
        outcome.quantities = Context.quantitiesDigest(book.quantities);
        outcome.figures = known.scenarios;
        outcome.owed = known.scenarios[0].owed;
        outcome.reserves = toUint128(Worth.ofCustomers(known.reserves, table, 0));
        outcome.coverageBps = _coverageBps(outcome.reserves, outcome.owed);
        _needs(table, known, outcome);
        outcome.clauses = new Clause[](table.clauses);
        for (uint256 i = 0; i < table.clauses; i++) {
            _judge(program, table, known, outcome, i, beside.said[i]);
        }
        outcome.tracked.owed = outcome.owed;
        if (!beside.tracks) return outcome;
        // From here on nothing reads these as lists.
        outcome.tracked.deposits = _bytes(known.deposits);
        outcome.tracked.interest = _bytes(known.longs);
        outcome.tracked.prices = _bytes(_prices(program, table));
    }

    /// The value at mark of the smallest unit of each asset, and then of each market.
    function _prices(
        bytes memory program,
        Table memory table
    ) private pure returns (uint256[] memory prices) {
        uint256 assets = table.assets;
        prices = new uint256[](assets + table.markets);
        for (uint256 index = 1; index < table.closingAt; index++) {
            (Role role, , uint256 group, , ) = Program.row(program, table, index);
            // All rows of one asset or market have the same price.
            if (role == Role.Long) group += assets;
            else if (role != Role.Deposit) continue;
            // What is held is worth its price.
            prices[group] = uint256(InstrumentTable.value(table, index, 0));
        }
    }

    /// The same words of memory as bytes.
    function _bytes(uint256[] memory words) private pure returns (bytes memory all) {
        assembly ("memory-safe") {
            all := words
            mstore(all, shl(5, mload(words)))
        }
    }

    /// What the reserves of each holding are to be compared with later, without the demands of
    /// clauses.
    function _needs(Table memory table, Known memory known, Outcome memory outcome) private pure {
        Held[] memory reserves = known.reserves;
        Need[] memory needs = new Need[](reserves.length);
        for (uint256 i = 0; i < needs.length; i++) {
            Held memory held = reserves[i];
            (needs[i].asset, needs[i].decimals) = (held.name, uint8(held.decimals));
            needs[i].value = Worth.valueOf(held, table, 0);
        }
        outcome.needs.assets = needs;
    }

    /// Judges one clause, and adds what it demands of reserves for customers.
    function _judge(
        bytes memory program,
        Table memory table,
        Known memory known,
        Outcome memory outcome,
        uint256 index,
        Judged memory said
    ) private view {
        (ClauseKind kind, uint256 subject, , uint256 scale) = Clauses.read(program, table, index);
        Clause memory clause = outcome.clauses[index];
        bool kept;
        if (isSaid(kind))
            (kept, clause.has, clause.needs) = (said.kept, said.clause.has, said.clause.needs);
        else (kept, clause.has, clause.needs) = judge(program, table, known, index);
        // A program has at most 255 clauses.
        if (!kept) outcome.failing |= 1 << index;
        if (kind == ClauseKind.Coverage && subject == 0) {
            // Rounded up. A scale is at most 38: see `Clauses.check`.
            uint256 worth;
            unchecked {
                uint256 unit = 10 ** scale;
                worth = clause.needs / unit + (clause.needs % unit == 0 ? 0 : 1);
            }
            if (worth > outcome.needs.worth) outcome.needs.worth = worth;
        } else if (kind == ClauseKind.PerAsset) {
            for (uint256 i = 0; i < known.reserves.length; i++) {
                if (known.reserves[i].asset != subject + 1) continue;
                outcome.needs.assets[i].least = clause.needs;
            }
        }
    }

    /// @notice The deposits, longs and shorts of a book.
    /// @param program The program.
    /// @param table Its table.
    /// @param book The sums of all volumes.
    /// @return known These; all else is 0.
    /// @return isHeld Whether some account holds something. Row 0, the empty slot, does not count, nor
    /// do closing rows, headroom and contingencies.
    function sums(
        bytes memory program,
        Table memory table,
        Book memory book
    ) internal pure returns (Known memory known, bool isHeld) {
        isHeld = Sums.add(program, table, book.quantities, known);
        uint256 index = table.formsAt;
        for (uint256 end = index + table.forms; index < end; index++) {
            _addForm(program, table, known, index, book.quantities[index]);
        }
    }

    /// The figures of each scenario.
    function _close(
        bytes memory program,
        Table memory table,
        Book memory book,
        Known memory known
    ) private pure {
        known.scenarios = new Figures[](table.scenarios);
        // Closing rows are the last, and of no class.
        uint256 index = table.closingAt;
        uint256 size = Program.rowBytes(table);
        uint256 place = table.rowsAt + index * size;
        for (uint256 end = table.rows; index < end; index++) {
            uint256 word = Program.load(program, place);
            place += size;
            (Role role, uint256 group) = (Role(word >> 248), uint16(word >> 232));
            Figures memory scenario = known.scenarios[group];
            uint256 quantity = book.quantities[index];
            if (role == Role.Equity) {
                uint256 owed = quantity + _owedToForms(program, table, book, group);
                scenario.owed = toUint128(owed);
                // Accounts of plain and covered lines have no equity row, so nobody knows.
                if (table.cover == 0) scenario.accountsWithEquity = _uint64(book.counts[index]);
            } else if (role == Role.Shortfall) {
                scenario.badDebt = toUint128(quantity);
                scenario.accountsWithShortfall = _uint64(book.counts[index]);
            }
        }
    }

    /// Adds the quantity of a plain or covered row to that of what it stands for.
    function _addForm(
        bytes memory program,
        Table memory table,
        Known memory known,
        uint256 index,
        uint256 quantity
    ) private pure {
        if (quantity == 0) return;
        (, , uint256 held, , ) = Program.row(program, table, index);
        (Role role, , uint256 group, , ) = Program.row(program, table, held);
        if (role == Role.Deposit) known.deposits[group] += quantity;
        else if (role == Role.Long) known.longs[group] += quantity;
        else if (role == Role.Short) known.shorts[group] += quantity;
    }

    /// What plain and covered lines are worth in a scenario, at the values of the rows that they
    /// stand for. Never negative in a book whose totals balance: in the cover, whose values are not
    /// above these, they add up to what its slack takes.
    function _owedToForms(
        bytes memory program,
        Table memory table,
        Book memory book,
        uint256 scenario
    ) private pure returns (uint256) {
        int256 worth;
        for (uint256 i = 0; i < table.forms; i++) {
            uint256 quantity = book.quantities[table.formsAt + i];
            if (quantity == 0) continue;
            (, , uint256 held, , ) = Program.row(program, table, table.formsAt + i);
            int256 value = InstrumentTable.value(table, held, scenario);
            // Sums of fewer than 2^32 quantities below 2^128: 2^11 such products with a value below
            // 2^64 in size do not overflow.
            unchecked {
                worth += int256(quantity) * value;
            }
        }
        if (worth < 0) revert ISolvencyRegistry.WorthNegative(scenario);
        return uint256(worth);
    }

    /// @notice The scenario whose owed figure is what all but the insurance fund are owed in a
    /// scenario: its twin if the fund is accounts, and itself if the fund is reserves.
    /// @param table The table.
    /// @param scenario The scenario.
    /// @return The number of the other scenario; 0 if the fund is accounts and there is no twin.
    function ofOthers(Table memory table, uint256 scenario) internal pure returns (uint256) {
        return Classes.hasFund(table) ? table.twinOf[scenario] : scenario;
    }

    /// The value of the insurance fund in one scenario. If it is a class, that is what remains of
    /// all reserves after all others, and known only if the scenario has a twin; else 0.
    function _fund(
        Table memory table,
        Known memory known,
        uint256 scenario
    ) private pure returns (uint256) {
        if (!Classes.hasFund(table)) return Worth.ofInsurance(known.reserves, table, scenario);
        uint256 twin = ofOthers(table, scenario);
        if (twin == 0) return 0;
        uint256 reserves = Worth.ofAll(known.reserves, table, scenario);
        uint256 owed = known.scenarios[twin].owed;
        return reserves > owed ? reserves - owed : 0;
    }

    /// @notice Judges one clause that is not about what an attestation says. Less owed and less bad debt never make a clause fail that was kept.
    /// @param program The program.
    /// @param table The table.
    /// @param known What the clause depends on.
    /// @param index The clause.
    /// @return kept Whether it is kept.
    /// @return has See `ISolvencyRegistry.ClauseFailed`.
    /// @return needs See there.
    function judge(
        bytes memory program,
        Table memory table,
        Known memory known,
        uint256 index
    ) internal view returns (bool kept, uint256 has, uint256 needs) {
        (ClauseKind kind, uint256 subject, uint256 mantissa, uint256 scale) = Clauses.read(
            program,
            table,
            index
        );
        if (kind == ClauseKind.Coverage) {
            has = Worth.ofCustomers(known.reserves, table, subject);
            // At most 2^128 - 1 each, and 10^38 is below 2^127.
            unchecked {
                has *= 10 ** scale;
                needs = mantissa * known.scenarios[subject].owed;
            }
            kept = has >= needs;
        } else if (kind == ClauseKind.PerAsset) {
            has = Worth.unitsOf(known.reserves, subject);
            needs = known.deposits[subject];
            kept = has >= needs;
        } else if (kind == ClauseKind.Insurance) {
            has = Worth.ofAll(known.reserves, table, subject);
            needs = known.scenarios[ofOthers(table, subject)].owed;
            kept = has >= needs;
        } else if (kind == ClauseKind.OpenInterestMatched) {
            (has, needs) = (known.longs[subject], known.shorts[subject]);
            kept = has == needs;
        } else {
            needs = mantissa;
            if (kind == ClauseKind.BadDebtAmount) {
                has = known.scenarios[subject].badDebt;
            } else if (kind == ClauseKind.PricesDistance) {
                has = known.pricesDistance;
            } else if (kind == ClauseKind.ReservesDistance) {
                // Reserves are read now, and the snapshot is not in the future.
                has = block.timestamp - known.stated.asOf;
                if (!known.anyReserve) has = type(uint256).max;
            } else if (kind == ClauseKind.AccountsLeftOut) {
                has = known.stated.accountsLeftOut;
            } else {
                // No other kind is left: a program with any other does not compile.
                assert(kind == ClauseKind.NoAssetLeftOut);
                has = known.stated.assetsLeftOut;
            }
            kept = has <= needs;
        }
    }

    function _distance(uint64 one, uint64 other) private pure returns (uint256) {
        return one > other ? one - other : other - one;
    }

    function _coverageBps(uint256 reserves, uint256 owed) private pure returns (uint64) {
        if (owed == 0) return type(uint64).max;
        uint256 coverage = (reserves * 10_000) / owed;
        return coverage < type(uint64).max ? uint64(coverage) : type(uint64).max;
    }

    /// @notice A figure as it is stored. Reverts with `FigureTooLarge`.
    /// @param figure The figure.
    /// @return The same number.
    function toUint128(uint256 figure) internal pure returns (uint128) {
        if (figure > type(uint128).max) revert ISolvencyRegistry.FigureTooLarge(figure);
        return uint128(figure);
    }

    function _uint64(uint256 figure) private pure returns (uint64) {
        if (figure > type(uint64).max) revert ISolvencyRegistry.FigureTooLarge(figure);
        return uint64(figure);
    }
}
