// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Context} from "./Context.sol";
import {Classes} from "./table/Classes.sol";
import {ClauseKind, Clauses} from "./table/Clauses.sol";
import {InstrumentTable} from "./table/InstrumentTable.sol";
import {Program} from "./table/Program.sol";
import {FORMS, isOneOf, Role, Table} from "./table/Table.sol";
import {Holdings, Reserves} from "./Reserves.sol";
import {IVenues} from "./interfaces/IVenues.sol";
import {ISolvencyRegistry} from "./interfaces/ISolvencyRegistry.sol";
import {Prices, Stated} from "./Submission.sol";

/// The sums of the totals of all volumes, one for each row of the table.
struct Book {
    uint256[] counts;
    uint256[] quantities;
}

/// The figures of a book and the verdict on its policy.
struct Outcome {
    /// See `ISolvencyRegistry.Record`.
    bytes32 quantities;
    /// The value of the reserves for customers in scenario 0, in units of value.
    uint128 reserves;
    /// See `ISolvencyRegistry.Record`.
    uint64 coverageBps;
    /// The figures of every scenario.
    ISolvencyRegistry.Figures[] scenarios;
    /// The clauses that fail, as bits; the first clause is the lowest bit.
    uint256 failing;
    /// One entry for each clause.
    Clause[] clauses;
}

/// What the book has and what a clause demands, or its limit; in the units that
/// `ISolvencyRegistry.ClauseFailed` describes.
struct Clause {
    uint256 has;
    uint256 needs;
}

/// The open interest of one market, in the smallest unit of its quantities.
struct Market {
    uint256 long;
    uint256 short;
}

/// What all volumes hold of one plain or covered row.
struct Form {
    /// The row that it stands for.
    uint256 held;
    uint256 quantity;
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
    struct Figures {
        /// The deposits of each asset, of all accounts, in the smallest unit of its quantities.
        uint256[] deposits;
        Market[] markets;
        ISolvencyRegistry.Figures[] scenarios;
        Holdings reserves;
        /// What the header states.
        Stated stated;
        /// The time between the snapshot and the prices, in seconds.
        uint256 pricesDistance;
    }

    /// @notice Evaluates every clause of a program.
    /// @param program The program.
    /// @param prices The attestation's prices.
    /// @param table The table that `program` and `prices` compile to.
    /// @param book The sums of all volumes.
    /// @param stated What the header states.
    /// @param listed The venue's reserves; those that are not active or accepted do not count.
    /// @return outcome The figures and the verdict on each clause.
    function evaluate(
        bytes calldata program,
        Prices calldata prices,
        Table memory table,
        Book memory book,
        Stated memory stated,
        IVenues.Reserve[] memory listed
    ) internal view returns (Outcome memory outcome) {
        Figures memory figures = _figures(program, table, book);
        figures.stated = stated;
        figures.pricesDistance =
            prices.asOf > stated.asOf ? prices.asOf - stated.asOf : stated.asOf - prices.asOf;
        figures.reserves = Reserves.read(program, prices, table, listed);
        for (uint256 s = 0; s < table.own; s++) {
            // A constraint has gains and losses, but no value.
            if (table.isConstraint[s]) continue;
            figures.scenarios[s].insurance = toUint128(_fund(table, figures, s));
        }
        outcome.quantities = Context.quantitiesDigest(book.quantities);
        outcome.scenarios = figures.scenarios;
        outcome.reserves = toUint128(Reserves.ofCustomers(figures.reserves, table, 0));
        outcome.coverageBps = _coverageBps(outcome.reserves, figures.scenarios[0].owed);
        outcome.clauses = new Clause[](table.clauses);
        for (uint256 i = 0; i < table.clauses; i++) {
            Clause memory clause = outcome.clauses[i];
            bool kept;
            (kept, clause.has, clause.needs) = judge(program, table, figures, i);
            // A program has at most 256 clauses.
            if (!kept) outcome.failing |= 1 << i;
        }
    }

    /// The figures that follow from the totals, by the roles of their rows.
    function _figures(
        bytes calldata program,
        Table memory table,
        Book memory book
    ) private pure returns (Figures memory figures) {
        figures.deposits = new uint256[](table.assets);
        figures.markets = new Market[](table.markets);
        figures.scenarios = new ISolvencyRegistry.Figures[](table.scenarios);
        Form[] memory forms = _forms(program, table, book);
        for (uint256 row = 0; row < table.rows; row++) {
            (Role role, , uint256 group, , ) = Program.row(program, table, row);
            uint256 quantity = book.quantities[row];
            if (isOneOf(role, FORMS)) (role, , group, , ) = Program.row(program, table, group);
            if (role == Role.Deposit) {
                figures.deposits[group] += quantity;
            } else if (role == Role.Long) {
                figures.markets[group].long += quantity;
            } else if (role == Role.Short) {
                figures.markets[group].short += quantity;
            } else if (role == Role.Equity) {
                figures.scenarios[group].owed = toUint128(
                    quantity + _owedToForms(table, forms, group)
                );
                // Accounts of plain and covered lines have no equity row, so nobody knows.
                if (table.cover == 0) {
                    figures.scenarios[group].accountsWithEquity = _uint64(book.counts[row]);
                }
            } else if (role == Role.Shortfall) {
                figures.scenarios[group].badDebt = toUint128(quantity);
                figures.scenarios[group].accountsWithShortfall = _uint64(book.counts[row]);
            }
        }
    }

    /// The plain and covered lines that somebody holds: for each such row, the row that it stands
    /// for and its quantity.
    function _forms(
        bytes calldata program,
        Table memory table,
        Book memory book
    ) private pure returns (Form[] memory forms) {
        forms = new Form[](table.forms);
        for (uint256 i = 0; i < forms.length; i++) {
            (, , forms[i].held, , ) = Program.row(program, table, table.formsAt + i);
            forms[i].quantity = book.quantities[table.formsAt + i];
        }
    }

    /// What plain and covered lines are worth in a scenario, at the values of the rows that they
    /// stand for. Never negative in a book whose totals balance: in the cover, whose values are not
    /// above these, they add up to what its slack takes.
    function _owedToForms(
        Table memory table,
        Form[] memory forms,
        uint256 scenario
    ) private pure returns (uint256) {
        int256 worth;
        for (uint256 i = 0; i < forms.length; i++) {
            Form memory form = forms[i];
            if (form.quantity == 0) continue;
            int256 value = InstrumentTable.value(table, form.held, scenario);
            // Sums of fewer than 2^32 quantities below 2^128: 2^11 such products with a value below
            // 2^64 in size do not overflow.
            unchecked {
                worth += int256(form.quantity) * value;
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
        Figures memory figures,
        uint256 scenario
    ) private pure returns (uint256) {
        if (!Classes.hasFund(table)) {
            return Reserves.ofInsurance(figures.reserves, table, scenario);
        }
        uint256 twin = ofOthers(table, scenario);
        if (twin == 0) return 0;
        uint256 reserves = Reserves.ofAll(figures.reserves, table, scenario);
        uint256 owed = figures.scenarios[twin].owed;
        return reserves > owed ? reserves - owed : 0;
    }

    /// @notice Judges one clause. Less owed and less bad debt never make a clause fail that was kept.
    /// @param program The program.
    /// @param table The table.
    /// @param figures What the clause depends on.
    /// @param index The clause.
    /// @return kept Whether it is kept.
    /// @return has See `ISolvencyRegistry.ClauseFailed`.
    /// @return needs See there.
    function judge(
        bytes calldata program,
        Table memory table,
        Figures memory figures,
        uint256 index
    ) internal view returns (bool kept, uint256 has, uint256 needs) {
        (ClauseKind kind, uint256 subject, uint256 mantissa, uint256 scale) = Clauses.read(
            program,
            table,
            index
        );
        if (kind == ClauseKind.Coverage) {
            has = Reserves.ofCustomers(figures.reserves, table, subject) * 10 ** scale;
            needs = mantissa * figures.scenarios[subject].owed;
            kept = has >= needs;
        } else if (kind == ClauseKind.PerAsset) {
            has = figures.reserves.assets[subject].customers;
            needs = figures.deposits[subject];
            kept = has >= needs;
        } else if (kind == ClauseKind.Insurance) {
            has = Reserves.ofAll(figures.reserves, table, subject);
            needs = figures.scenarios[ofOthers(table, subject)].owed;
            kept = has >= needs;
        } else if (kind == ClauseKind.OpenInterestMatched) {
            (has, needs) = (figures.markets[subject].long, figures.markets[subject].short);
            kept = has == needs;
        } else {
            needs = mantissa;
            if (kind == ClauseKind.BadDebtAmount) {
                has = figures.scenarios[subject].badDebt;
            } else if (kind == ClauseKind.PricesDistance) {
                has = figures.pricesDistance;
            } else if (kind == ClauseKind.ReservesDistance) {
                // Reserves are read now, and the snapshot is not in the future.
                has = block.timestamp - figures.stated.asOf;
                if (!figures.reserves.any) has = type(uint256).max;
            } else if (kind == ClauseKind.AccountsLeftOut) {
                has = figures.stated.accountsLeftOut;
            } else {
                // No other kind is left: a program with any other does not compile.
                assert(kind == ClauseKind.NoAssetLeftOut);
                has = figures.stated.assetsLeftOut;
            }
            kept = has <= needs;
        }
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
