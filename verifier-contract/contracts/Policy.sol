// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Balances} from "./Balances.sol";
import {Class, ClauseKind, InstrumentTable, NO_PRICE, Role, Table} from "./InstrumentTable.sol";
import {IProtocols} from "./interfaces/IProtocols.sol";
import {ISolvencyRegistry} from "./interfaces/ISolvencyRegistry.sol";
import {Prices, Stated} from "./Submission.sol";

/// The sums of all volumes' totals, one per row of the table.
struct Book {
    uint256[] counts;
    uint256[] quantities;
}

/// What a book comes to.
struct Outcome {
    /// Reserves for customers in scenario 0, in units of value.
    uint128 reserves;
    uint64 coverageBps;
    ISolvencyRegistry.Figures[] scenarios;
    /// One bit for each clause that fails.
    uint256 failing;
    /// One entry for each clause.
    Clause[] clauses;
}

/// A clause: what the book has, and what it needs or where its limit is.
struct Clause {
    uint256 has;
    uint256 needs;
}

/// What is held and owed of one asset, in the smallest unit of its quantities.
struct Asset {
    bytes32 name;
    uint256 decimals;
    /// Its last deposit row: what a reserve of it is worth.
    uint256 row;
    uint256 deposits;
    uint256 customers;
    uint256 insurance;
}

/// The open interest of one market.
struct Market {
    uint256 long;
    uint256 short;
}

/// @title Whether a book keeps its policy, clause by clause
/// @notice The twin of `prover/src/policy.rs`, with reserves as they stand on chain. Figures of assets
/// and markets are of all classes of accounts together. Reserves are
/// compared with all that is owed, never with what is owed less bad debt: an invented bankrupt borrower
/// would lower the difference. All arithmetic is checked; what overflows reverts.
library Policy {
    /// All that clauses look at.
    struct Figures {
        Asset[] assets;
        Market[] markets;
        ISolvencyRegistry.Figures[] scenarios;
        /// Of the quote currency in units of value, where it is no asset of the table.
        uint256 quoteCustomers;
        uint256 quoteInsurance;
        /// Whether any reserve counts, whatever it holds.
        bool hasReserves;
        /// What the header states, and between its time and the prices' so many seconds.
        Stated stated;
        uint256 pricesDistance;
    }

    /// Evaluates every clause of `program` on the sums of all volumes and what the header states. `listed`
    /// are the protocol's reserves; those that wait or were not accepted do not count.
    function evaluate(
        bytes calldata program,
        Prices calldata prices,
        Table memory table,
        Book memory book,
        Stated memory stated,
        IProtocols.Reserve[] calldata listed
    ) internal view returns (Outcome memory outcome) {
        Figures memory figures = _figures(program, prices, table, book);
        figures.stated = stated;
        figures.pricesDistance =
            prices.asOf > stated.asOf ? prices.asOf - stated.asOf : stated.asOf - prices.asOf;
        _readReserves(figures, table, listed);
        for (uint256 s = 0; s < table.scenarios - table.twins; s++) {
            // A constraint says what is gained and lost, not what anything is worth.
            if (table.constraints >> s & 1 != 0) continue;
            figures.scenarios[s].insurance = _uint128(_fund(program, table, figures, s));
        }
        outcome.scenarios = figures.scenarios;
        outcome.reserves = _uint128(_worth(figures, table, IProtocols.Purpose.Customers, 0));
        outcome.coverageBps = _coverageBps(outcome.reserves, figures.scenarios[0].owed);
        outcome.clauses = new Clause[](table.clauses);
        for (uint256 i = 0; i < table.clauses; i++) {
            Clause memory clause = outcome.clauses[i];
            bool kept;
            (kept, clause.has, clause.needs) = _clause(program, table, figures, i);
            // A program has at most 256 clauses.
            if (!kept) outcome.failing |= 1 << i;
        }
    }

    /// What the totals say, by the roles of their rows.
    function _figures(
        bytes calldata program,
        Prices calldata prices,
        Table memory table,
        Book memory book
    ) private pure returns (Figures memory figures) {
        figures.assets = new Asset[](table.assets);
        figures.markets = new Market[](table.markets);
        figures.scenarios = new ISolvencyRegistry.Figures[](table.scenarios);
        for (uint256 row = 0; row < table.rows; row++) {
            (Role role, Class class, uint256 group, uint256 price, uint256 decimals) =
                InstrumentTable.row(program, table, row);
            uint256 quantity = book.quantities[row];
            if (role == Role.Deposit) {
                Asset memory asset = figures.assets[group];
                asset.deposits += quantity;
                // A class need not have every tier.
                if (class != Class.Customer) continue;
                asset.name = price == NO_PRICE ? table.quote : prices.list[price].name;
                (asset.decimals, asset.row) = (decimals, row);
            } else if (role == Role.Long) {
                figures.markets[group].long += quantity;
            } else if (role == Role.Short) {
                figures.markets[group].short += quantity;
            } else if (role == Role.Equity) {
                figures.scenarios[group].owed = _uint128(quantity);
                figures.scenarios[group].accountsWithEquity = _uint64(book.counts[row]);
            } else if (role == Role.Shortfall) {
                figures.scenarios[group].badDebt = _uint128(quantity);
                figures.scenarios[group].accountsShort = _uint64(book.counts[row]);
            }
        }
    }

    /// Adds up what the holders have at this block: each reserve in units of its asset's quantities,
    /// rounded down. An asset that the table does not have counts nothing.
    function _readReserves(
        Figures memory figures,
        Table memory table,
        IProtocols.Reserve[] calldata listed
    ) private view {
        for (uint256 i = 0; i < listed.length; i++) {
            IProtocols.Reserve calldata reserve = listed[i];
            if (!reserve.accepted || reserve.activeFrom > block.timestamp) continue;
            uint256 balance = Balances.held(reserve.token, reserve.holder);
            bool isCustomers = reserve.purpose == IProtocols.Purpose.Customers;
            figures.hasReserves = true;
            Asset memory asset = _find(figures.assets, reserve.asset);
            if (asset.name != 0) {
                uint256 units = balance * 10 ** asset.decimals / 10 ** reserve.decimals;
                if (isCustomers) asset.customers += units;
                else asset.insurance += units;
            } else if (reserve.asset == table.quote) {
                uint256 units = balance * 10 ** table.valueDecimals / 10 ** reserve.decimals;
                if (isCustomers) figures.quoteCustomers += units;
                else figures.quoteInsurance += units;
            }
        }
    }

    function _find(Asset[] memory assets, bytes32 name) private pure returns (Asset memory none) {
        for (uint256 i = 0; i < assets.length; i++) {
            if (assets[i].name == name) return assets[i];
        }
    }

    /// What the reserves for one purpose are worth in one scenario: each as much as a deposit of it in
    /// its last tier, the others' worth in mark and stresses being the same.
    function _worth(
        Figures memory figures,
        Table memory table,
        IProtocols.Purpose purpose,
        uint256 scenario
    ) private pure returns (uint256 units) {
        bool isCustomers = purpose == IProtocols.Purpose.Customers;
        units = isCustomers ? figures.quoteCustomers : figures.quoteInsurance;
        for (uint256 i = 0; i < figures.assets.length; i++) {
            Asset memory asset = figures.assets[i];
            uint256 held = isCustomers ? asset.customers : asset.insurance;
            if (held == 0) continue;
            int256 value = InstrumentTable.value(table, asset.row, scenario);
            // No sound table has a deposit worth less than nothing; of an unsound one it counts nothing.
            if (value > 0) units += held * uint256(value);
        }
    }

    /// Whether the insurance fund is accounts of the class, and not reserves.
    function _isClass(Table memory table) private pure returns (bool) {
        return table.classes >> uint256(Class.Insurance) & 1 != 0;
    }

    /// What all reserves are worth in one scenario, and what all but the insurance fund are owed there. Where
    /// the fund is accounts, these are what a twin's equity says; where it is reserves, nobody else is owed.
    function _ofOthers(
        bytes calldata program,
        Table memory table,
        Figures memory figures,
        uint256 scenario
    ) private pure returns (uint256 reserves, uint256 owed) {
        reserves = _worth(figures, table, IProtocols.Purpose.Customers, scenario)
            + _worth(figures, table, IProtocols.Purpose.Insurance, scenario);
        if (_isClass(table)) scenario = InstrumentTable.twin(program, table, scenario);
        owed = figures.scenarios[scenario].owed;
    }

    /// What the insurance fund comes to in one scenario. Where it is a class, that is what is left of all
    /// reserves for it, and known only where the scenario has a twin.
    function _fund(
        bytes calldata program,
        Table memory table,
        Figures memory figures,
        uint256 scenario
    ) private pure returns (uint256) {
        if (!_isClass(table)) {
            return _worth(figures, table, IProtocols.Purpose.Insurance, scenario);
        }
        if (InstrumentTable.twin(program, table, scenario) == 0) return 0;
        (uint256 reserves, uint256 owed) = _ofOthers(program, table, figures, scenario);
        return reserves > owed ? reserves - owed : 0;
    }

    function _clause(
        bytes calldata program,
        Table memory table,
        Figures memory figures,
        uint256 index
    ) private view returns (bool kept, uint256 has, uint256 needs) {
        (ClauseKind kind, uint256 subject, uint256 mantissa, uint256 scale) =
            InstrumentTable.clause(program, table, index);
        if (kind == ClauseKind.Coverage) {
            has = _worth(figures, table, IProtocols.Purpose.Customers, subject) * 10 ** scale;
            needs = mantissa * figures.scenarios[subject].owed;
            kept = has >= needs;
        } else if (kind == ClauseKind.PerAsset) {
            (has, needs) = (figures.assets[subject].customers, figures.assets[subject].deposits);
            kept = has >= needs;
        } else if (kind == ClauseKind.Insurance) {
            (has, needs) = _ofOthers(program, table, figures, subject);
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
                // Reserves are read now, and no snapshot is of a time to come.
                has = block.timestamp - figures.stated.asOf;
                if (!figures.hasReserves) has = type(uint256).max;
            } else if (kind == ClauseKind.AccountsLeftOut) {
                has = figures.stated.accountsLeftOut;
            } else {
                // The one kind left: a program with any other does not compile.
                assert(kind == ClauseKind.NoAssetLeftOut);
                has = figures.stated.assetsLeftOut;
            }
            kept = has <= needs;
        }
    }

    function _coverageBps(uint256 reserves, uint256 owed) private pure returns (uint64) {
        if (owed == 0) return type(uint64).max;
        uint256 coverage = reserves * 10_000 / owed;
        return coverage < type(uint64).max ? uint64(coverage) : type(uint64).max;
    }

    function _uint128(uint256 figure) private pure returns (uint128) {
        if (figure > type(uint128).max) revert ISolvencyRegistry.FigureTooLarge(figure);
        return uint128(figure);
    }

    function _uint64(uint256 figure) private pure returns (uint64) {
        if (figure > type(uint64).max) revert ISolvencyRegistry.FigureTooLarge(figure);
        return uint64(figure);
    }
}
