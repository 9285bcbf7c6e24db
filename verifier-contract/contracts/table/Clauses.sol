// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {ITable, refuse} from "../interfaces/ITable.sol";
import {Classes} from "./Classes.sol";
import {Program} from "./Program.sol";
import {MAX_DECIMALS, Table} from "./Table.sol";

/// The demand of a clause.
enum ClauseKind {
    Coverage,
    PerAsset,
    BadDebtAmount,
    Insurance,
    OpenInterestMatched,
    PricesDistance,
    ReservesDistance,
    AccountsLeftOut,
    NoAssetLeftOut,
    Drawn,
    DrawnReserves,
    VolatilityAge,
    VolatilitySources,
    VolatilityBand
}

// The number of sources of drawn times.
uint256 constant DRAW_SOURCES = 2;

/// Whether a clause is about what an attestation says of itself; see `Said`.
function isSaid(ClauseKind kind) pure returns (bool) {
    return kind >= ClauseKind.Drawn;
}

/// @title The clauses of a rules program
library Clauses {
    // The kinds of clauses on a scenario, and of those without a number, as bits.
    uint256 private constant OF_SCENARIO =
        (1 << uint256(ClauseKind.Coverage)) |
            (1 << uint256(ClauseKind.BadDebtAmount)) |
            (1 << uint256(ClauseKind.Insurance));
    uint256 private constant NUMBERLESS =
        (1 << uint256(ClauseKind.PerAsset)) |
            (1 << uint256(ClauseKind.Insurance)) |
            (1 << uint256(ClauseKind.OpenInterestMatched)) |
            (1 << uint256(ClauseKind.NoAssetLeftOut)) |
            (1 << uint256(ClauseKind.DrawnReserves));

    /// @notice Reads one clause of a program that `InstrumentTable.compile` took. The order is that
    /// in which the policy in Rust lists its clauses.
    /// @param program The program.
    /// @param table Its table.
    /// @param index The clause.
    /// @return kind Its kind.
    /// @return subject The number of its asset, scenario or market.
    /// @return mantissa With `scale`, the least coverage, mantissa / 10^scale; else the limit in
    /// units of value, seconds, accounts or days. Of a clause on sources or bands of volatilities,
    /// the age of what counts in the upper half, and the limit in the lower.
    /// @return scale See `mantissa`; 0 for all kinds but `Coverage`.
    function read(
        bytes memory program,
        Table memory table,
        uint256 index
    ) internal pure returns (ClauseKind kind, uint256 subject, uint256 mantissa, uint256 scale) {
        // The clause is within the program.
        unchecked {
            uint256 word = Program.load(program, table.clausesAt + index * Program.CLAUSE_BYTES);
            return (
                ClauseKind(word >> 248),
                uint16(word >> 232),
                uint128(word >> 104),
                uint8(word >> 96)
            );
        }
    }

    /// @notice Checks the form of one clause. Reverts with `ClauseForm`.
    /// @param program The program.
    /// @param table Its table, whose rows were read.
    /// @param index The clause.
    function check(bytes memory program, Table memory table, uint256 index) internal pure {
        uint256 word = Program.load(program, table.clausesAt + index * Program.CLAUSE_BYTES);
        uint256 kind = word >> 248;
        if (kind > uint256(type(ClauseKind).max)) refuse(ITable.ClauseForm.selector, index);
        bool isCoverage = kind == uint256(ClauseKind.Coverage);
        bool isInsurance = kind == uint256(ClauseKind.Insurance);
        bool isOfScenario = (OF_SCENARIO >> kind) & 1 != 0;
        // A clause that is not about an asset, market or scenario has the subject 0.
        uint256 subjects = 1;
        if (isOfScenario) subjects = table.own;
        else if (kind == uint256(ClauseKind.PerAsset)) subjects = table.assets;
        else if (kind == uint256(ClauseKind.OpenInterestMatched)) subjects = table.markets;
        else if (kind == uint256(ClauseKind.Drawn)) subjects = DRAW_SOURCES;
        else if (kind >= uint256(ClauseKind.VolatilityAge)) {
            subjects = Program.followed(program, table);
        }
        uint256 subject = Program.part(word, 8, 16);
        uint256 mantissa = Program.part(word, 24, 128);
        if (
            subject >= subjects ||
            (isOfScenario && table.isConstraint[subject]) ||
            (mantissa != 0 && (NUMBERLESS >> kind) & 1 != 0) ||
            (isCoverage && mantissa == 0) ||
            Program.part(word, 152, 8) > (isCoverage ? MAX_DECIMALS : 0)
        ) {
            refuse(ITable.ClauseForm.selector, index);
        }
        if (isInsurance && Classes.hasFund(table) && table.twinOf[subject] == 0) {
            refuse(ITable.ClauseForm.selector, index);
        }
    }
}
