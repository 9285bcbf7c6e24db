// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Table} from "./table/Table.sol";

/// @title Checks that totals times values sum to zero in every scenario
/// @notice This follows from the proof, since every account balances to zero. A proof that holds
/// can fail it only if its maker knows the secret of the setup and did not balance the book as
/// well. It is a check of consistency, not a reason for trust.
library TrialBalance {
    /// @notice Totals times values sum to `by` units of value in this scenario, not to zero: no
    /// accounts have such totals.
    error Unbalanced(uint256 scenario, int256 by);
    /// @notice `count` lines, each of at most `cap`, cannot hold `quantity`.
    error OverCap(uint256 row, uint256 count, uint256 cap, uint256 quantity);

    // Columns of the instance: counts, quantities, caps, and then one of values for each scenario.
    uint256 private constant QUANTITIES = 1;
    uint256 private constant CAPS = 2;
    uint256 private constant VALUES = 3;

    /// @notice Checks the totals of one volume. Reverts with `Unbalanced` or `OverCap`.
    /// @param table The table, whose instance `InstrumentTable.fill` has filled.
    function check(Table memory table) internal pure {
        uint256 rows = table.rows;
        uint256[] memory instance = table.instance;
        _checkCaps(instance, rows);
        uint256 quantities = 64 + 32 * QUANTITIES * rows;
        uint256 held;
        for (uint256 s = 0; s < table.scenarios; ++s) {
            uint256 values = 64 + 32 * (VALUES + s) * rows;
            uint256 sum;
            // Assembly, because this loops over instruments times scenarios. It stays inside
            // `instance`, which has columns of `rows` words after its length and the context word.
            //
            // Values have 2^64 added and are below 2^65, and quantities are below 2^128: 2^11
            // products sum to less than 2^204 and do not wrap. The 2^64 contribute 2^64 times the
            // sum of all quantities, which is subtracted.
            assembly ("memory-safe") {
                let quantity := add(instance, quantities)
                let value := add(instance, values)
                let end := add(quantity, shl(5, rows))
                held := 0
                for {} lt(quantity, end) {
                    quantity := add(quantity, 32)
                } {
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
                (uint256 count, uint256 quantity) = (
                    instance[row],
                    instance[row + QUANTITIES * rows]
                );
                if (quantity > count * cap) revert OverCap(row - 1, count, cap, quantity);
            }
        }
    }
}
