// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {InstrumentTable, Table} from "./InstrumentTable.sol";

/// @title In every scenario, totals times values come to nothing
/// @notice It follows from what is proved, since every account balances to zero, so a proof that holds
/// never fails it unless the setup's secret is known to its maker. Then it stops who did not balance the
/// book too: a check of consistency, never a reason for trust.
library TrialBalance {
    /// @notice Totals times values are off by so many units of value: no accounts have such totals.
    error Unbalanced(uint256 scenario, int256 by);
    /// @notice So many lines, each of at most the cap, cannot hold the quantity.
    error OverCap(uint256 row, uint256 count, uint256 cap, uint256 quantity);

    // Columns of the instance: counts, quantities, caps, and then one of values for each scenario.
    uint256 private constant QUANTITIES = 1;
    uint256 private constant CAPS = 2;
    uint256 private constant VALUES = 3;

    /// @notice Checks one volume's totals, which `InstrumentTable.fill` wrote into `table.instance`.
    function check(Table memory table) internal pure {
        uint256 rows = table.rows;
        uint256[] memory instance = table.instance;
        _checkCaps(instance, rows);
        uint256 quantities = 64 + 32 * QUANTITIES * rows;
        uint256 held;
        for (uint256 s = 0; s < table.scenarios; ++s) {
            uint256 values = 64 + 32 * (VALUES + s) * rows;
            uint256 sum;
            // Assembly, because this is a loop over instruments times scenarios. It stays inside
            // `instance`, whose columns have `rows` words each behind its length and the context word.
            //
            // A value stands with 2^64 added, below 2^65, and a quantity is below 2^128: 2^10 products are
            // below 2^203, so nothing wraps, and what was added comes to 2^64 times all quantities.
            assembly ("memory-safe") {
                let quantity := add(instance, quantities)
                let value := add(instance, values)
                let end := add(quantity, shl(5, rows))
                held := 0
                for { } lt(quantity, end) { quantity := add(quantity, 32) } {
                    sum := add(sum, mul(mload(quantity), mload(value)))
                    held := add(held, mload(quantity))
                    value := add(value, 32)
                }
            }
            int256 by = int256(sum) - int256(held << 64);
            if (by != 0) revert Unbalanced(s, by);
        }
    }

    // A count is below 2^64 and a cap below 2^90.
    function _checkCaps(uint256[] memory instance, uint256 rows) private pure {
        unchecked {
            for (uint256 row = 1; row <= rows; ++row) {
                uint256 cap = instance[row + CAPS * rows];
                if (cap == 0) continue;
                (uint256 count, uint256 quantity) = (instance[row], instance[row + QUANTITIES * rows]);
                if (quantity > count * cap) revert OverCap(row - 1, count, cap, quantity);
            }
        }
    }
}
