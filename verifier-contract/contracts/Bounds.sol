// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {InstrumentTable} from "./table/InstrumentTable.sol";
import {Program} from "./table/Program.sol";
import {isForm, isHolding, Role, Table} from "./table/Table.sol";
import {IRepricer} from "./interfaces/IRepricer.sol";

/// @title What a proved book comes to at other prices, at most and at least
/// @notice With the totals T of all rows but the closing ones, their values V in a scenario at other
/// prices, their values V_s in each scenario s of the proof, the shortfalls G_s that were proved
/// there, and any multipliers m_s that are not negative:
///
///     worth     =  sum_j T[j] V[j]
///     bad debt <=  sum_s m_s G_s + sum_j T[j] max(0, sum_s m_s V_s[j] - V[j])
///     owed      =  worth + bad debt
///
/// Why is argued in `attestation/src/bound/mod.rs`, whose numbers these are. A plain or covered row
/// has the value V of the row that it stands for; contingencies and headroom have none. All
/// arithmetic is checked and reverts on overflow; no sum of quantities that could be proved comes
/// near it.
library Bounds {
    /// A multiplier that is not 0.
    struct Multiplier {
        uint256 scenario;
        int256 units;
    }

    /// One in units of a multiplier, and the largest multiplier.
    uint256 private constant UNIT = 10 ** 9;
    uint256 private constant MOST = 10 ** 6 * UNIT;

    /// @notice What all accounts are worth together in a scenario at other prices, and the bad debt
    /// there at most, rounded up.
    /// @param program The program.
    /// @param proved The table that the program and the proved prices compile to.
    /// @param there The table that the program and the other prices compile to.
    /// @param quantities For each row, the sum of the quantities of all volumes.
    /// @param scenario The scenario; see `Scenarios.isPriced`.
    /// @param multipliers One for each scenario.
    /// @return worth What all accounts are worth together, in units of value.
    /// @return badDebt The bad debt at most, in units of value.
    function compute(
        bytes calldata program,
        Table memory proved,
        Table memory there,
        uint256[] memory quantities,
        uint256 scenario,
        uint64[] memory multipliers
    ) internal pure returns (int256 worth, uint256 badDebt) {
        Multiplier[] memory positive = _positive(proved.scenarios, multipliers);
        for (uint256 row = 0; row < quantities.length; row++) {
            uint256 quantity = quantities[row];
            if (quantity == 0) continue;
            (Role role, , uint256 group, , ) = Program.row(program, proved, row);
            if (role == Role.Shortfall) badDebt += quantity * multipliers[group];
            if (role == Role.Equity || role == Role.Shortfall || role == Role.Slack) continue;
            int256 value;
            if (isHolding(role)) {
                value = InstrumentTable.value(there, isForm(role) ? group : row, scenario);
                // A sum of fewer than 2^32 quantities below 2^128.
                worth += int256(quantity) * value;
            }
            int256 above = _met(proved, row, positive) - int256(UNIT) * value;
            if (above > 0) badDebt += quantity * uint256(above);
        }
        badDebt = (badDebt + UNIT - 1) / UNIT;
    }

    /// What one unit of a row is worth in the scenarios of the proof, times their multipliers.
    function _met(
        Table memory proved,
        uint256 row,
        Multiplier[] memory multipliers
    ) private pure returns (int256 sum) {
        for (uint256 i = 0; i < multipliers.length; i++) {
            Multiplier memory multiplier = multipliers[i];
            sum += multiplier.units * InstrumentTable.value(proved, row, multiplier.scenario);
        }
    }

    /// The multipliers that are not 0. Checks all.
    function _positive(
        uint256 scenarios,
        uint64[] memory multipliers
    ) private pure returns (Multiplier[] memory positive) {
        if (multipliers.length != scenarios) {
            revert IRepricer.MultipliersLength(scenarios, multipliers.length);
        }
        uint256 count = 0;
        for (uint256 s = 0; s < scenarios; s++) {
            if (multipliers[s] > MOST) revert IRepricer.MultiplierTooLarge(s, multipliers[s]);
            if (multipliers[s] != 0) count++;
        }
        positive = new Multiplier[](count);
        for (uint256 s = scenarios; count != 0;) {
            s--;
            if (multipliers[s] == 0) continue;
            count--;
            positive[count] = Multiplier(s, int256(uint256(multipliers[s])));
        }
    }
}
