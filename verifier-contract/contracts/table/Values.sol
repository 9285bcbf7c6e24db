// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Program} from "./Program.sol";
import {Role, Table, VALUE_COLUMN, VALUE_OFFSET} from "./Table.sol";

/// @title Writes the values of one row
/// @notice Both loops stop at the first scenario whose factor or value is wrong, which the caller names.
library Values {
    /// @notice Writes the values of a row in mark and in the scenarios after it, all 0, and checks that
    /// it has no factors.
    /// @param program The program.
    /// @param table The table.
    /// @param offset The row's offset.
    /// @param index The row.
    /// @return The scenario whose factor is not 0; the number of own scenarios if there is none.
    function fix(
        bytes memory program,
        Table memory table,
        uint256 offset,
        uint256 index
    ) internal pure returns (uint256) {
        (uint256 choice, uint256 end, uint256 cell, uint256 stride) = _places(
            program,
            table,
            offset,
            index
        );
        uint256 first = choice;
        assembly ("memory-safe") {
            // VALUE_OFFSET
            mstore(cell, 0x10000000000000000)
            for {} lt(choice, end) {
                choice := add(choice, 2)
            } {
                if shr(240, mload(choice)) {
                    break
                }
                cell := add(cell, stride)
                mstore(cell, 0x10000000000000000)
            }
        }
        return _scenario(choice, first);
    }

    /// @notice Writes the values of a row in mark, `atMark`, and in the scenarios after it,
    /// floor(base * factor); all with `VALUE_OFFSET` added.
    ///
    /// base < 2^64, |numerator| <= 2^127 and divisor < 2^127: the dividend is below 2^192 in size. A
    /// negative one reads as 2^256 less its size, and its quotient is far beyond the bound. Adding
    /// 2^64 divisors before the division makes the floor of the quotient that of the value.
    /// @param program The program.
    /// @param table The table.
    /// @param offset The row's offset.
    /// @param index The row.
    /// @param factors The factors, as `Program.readFactors` gives them.
    /// @param base The price of one unit, in units of value.
    /// @param atMark The value at mark.
    /// @return The scenario for which there is no such factor, or whose value is out of bounds; the
    /// number of own scenarios if there is none.
    function follow(
        bytes memory program,
        Table memory table,
        uint256 offset,
        uint256 index,
        uint256[] memory factors,
        uint256 base,
        uint256 atMark
    ) internal pure returns (uint256) {
        (uint256 choice, uint256 end, uint256 cell, uint256 stride) = _places(
            program,
            table,
            offset,
            index
        );
        uint256 first = choice;
        assembly ("memory-safe") {
            mstore(cell, atMark)
            for {} lt(choice, end) {
                choice := add(choice, 2)
            } {
                let factor := shr(240, mload(choice))
                if iszero(lt(factor, mload(factors))) {
                    break
                }
                factor := mload(add(factors, shl(5, add(factor, 1))))
                let divisor := and(factor, 0xffffffffffffffffffffffffffffffff)
                factor := div(add(mul(base, sar(128, factor)), shl(64, divisor)), divisor)
                // Above 0 and below 2^65.
                if shr(65, or(factor, sub(factor, 1))) {
                    break
                }
                cell := add(cell, stride)
                mstore(cell, factor)
            }
        }
        return _scenario(choice, first);
    }

    /// @notice The value of one unit of a closing row in its own scenario, as in the table.
    /// @param role The row's role.
    /// @return The value, with `VALUE_OFFSET` added.
    function closing(uint256 role) internal pure returns (uint256) {
        return role == uint256(Role.Shortfall) ? VALUE_OFFSET + 1 : VALUE_OFFSET - 1;
    }

    // The address of a row's first choice of a factor and of the end of all, the address of its value
    // at mark, and the bytes of a column. Rows are within the program, and cells within the instance.
    function _places(
        bytes memory program,
        Table memory table,
        uint256 offset,
        uint256 index
    ) private pure returns (uint256 choice, uint256 end, uint256 cell, uint256 stride) {
        uint256[] memory instance = table.instance;
        unchecked {
            end = offset + Program.rowBytes(table);
            choice = offset + Program.ROW_BYTES;
            stride = 32 * table.rows;
            cell = 32 * index + VALUE_COLUMN * stride;
        }
        // After a length, and after a length and the context word.
        assembly ("memory-safe") {
            end := add(add(program, 32), end)
            choice := add(add(program, 32), choice)
            cell := add(add(instance, 64), cell)
        }
    }

    // The number of a scenario, by the address of its choice.
    function _scenario(uint256 choice, uint256 first) private pure returns (uint256) {
        unchecked {
            return 1 + (choice - first) / Program.CHOICE_BYTES;
        }
    }
}
