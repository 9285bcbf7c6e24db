// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {InstrumentTable} from "./table/InstrumentTable.sol";
import {Program} from "./table/Program.sol";
import {NO_PRICE, Table} from "./table/Table.sol";
import {Holding} from "./interfaces/IReserves.sol";

/// What reserves of one asset are in terms of a table.
struct Held {
    /// keccak256 of the asset's name.
    bytes32 name;
    /// The number of the asset in the table plus one; 0 if it has no such asset.
    uint256 asset;
    /// Whether it is the quote currency, and no asset of the table.
    bool isQuote;
    /// Its last deposit row, whose value is that of a reserve.
    uint256 row;
    /// The decimals of its quantities; of the quote currency, the value decimals.
    uint256 decimals;
    /// In its smallest unit, rounded down; at most 2^128 - 1.
    uint256 customers;
    uint256 insurance;
}

/// @title What reserves are worth
/// @notice Amounts and sums above 2^128 - 1 count as that much: a book owes less, and a token that
/// answers with a monstrous balance must not stop all submissions. Otherwise all is exact, and rounded
/// down once.
library Worth {
    /// The units of a holding in one whole unit have as many decimals.
    uint256 private constant DECIMALS = 36;
    /// The class and role of a customer's deposit.
    uint256 private constant DEPOSIT = 1;

    /// @notice Finds the assets of holdings in a table.
    /// @param program The program.
    /// @param table The table.
    /// @param holdings What reserves count.
    /// @return all One entry for each holding, in their order.
    function find(
        bytes memory program,
        Table memory table,
        Holding[] memory holdings
    ) internal pure returns (Held[] memory all) {
        all = new Held[](holdings.length);
        for (uint256 i = 0; i < all.length; ++i) {
            Held memory held = all[i];
            held.name = holdings[i].asset;
            uint256 row = _rowOf(program, table, held.name);
            if (row < table.rows) {
                _place(program, table, held, row);
            } else if (held.name == table.quote) {
                (held.isQuote, held.decimals) = (true, table.valueDecimals);
            } else {
                // The table knows neither its decimals nor its value: it counts nothing.
                continue;
            }
            held.customers = _units(holdings[i].customers, held.decimals);
            held.insurance = _units(holdings[i].insurance, held.decimals);
        }
    }

    /// Takes down of which asset a row is, and the last row of its deposits.
    function _place(
        bytes memory program,
        Table memory table,
        Held memory held,
        uint256 row
    ) private pure {
        unchecked {
            uint256 size = Program.rowBytes(table);
            uint256 place = table.rowsAt + row * size;
            uint256 first = Program.load(program, place);
            (held.asset, held.row) = (uint16(first >> 232) + 1, row);
            held.decimals = uint8(first >> 208);
            // The rows of an asset follow each other, but for rows that are no deposits.
            while (++row < table.rows) {
                place += size;
                uint256 word = Program.load(program, place);
                if (word >> 248 != DEPOSIT) continue;
                if (word >> 232 != first >> 232) break;
                held.row = row;
            }
        }
    }

    /// @notice The value of the reserves for customers in one scenario, in units of value.
    /// @param all What reserves are.
    /// @param table The table.
    /// @param scenario The scenario.
    /// @return The value; at most 2^128 - 1.
    function ofCustomers(
        Held[] memory all,
        Table memory table,
        uint256 scenario
    ) internal pure returns (uint256) {
        return _sum(all, table, scenario, true, false);
    }

    /// @notice The value of the reserves for insurance, as `ofCustomers`.
    /// @param all What reserves are.
    /// @param table The table.
    /// @param scenario The scenario.
    /// @return The value; at most 2^128 - 1.
    function ofInsurance(
        Held[] memory all,
        Table memory table,
        uint256 scenario
    ) internal pure returns (uint256) {
        return _sum(all, table, scenario, false, true);
    }

    /// @notice The value of all reserves, of both purposes, as `ofCustomers`.
    /// @param all What reserves are.
    /// @param table The table.
    /// @param scenario The scenario.
    /// @return The value; at most 2^128 - 1.
    function ofAll(
        Held[] memory all,
        Table memory table,
        uint256 scenario
    ) internal pure returns (uint256) {
        return _sum(all, table, scenario, true, true);
    }

    /// @notice The reserves of one asset for customers, in the smallest unit of its quantities.
    /// @param all What reserves are.
    /// @param asset The asset's number in the table.
    /// @return units The amount.
    function unitsOf(Held[] memory all, uint256 asset) internal pure returns (uint256 units) {
        for (uint256 i = 0; i < all.length; ++i) {
            if (all[i].asset == asset + 1) units += all[i].customers;
        }
    }

    /// @notice Which assets there are reserves of, of either purpose.
    /// @param all What reserves are.
    /// @param assets The number of assets of the table.
    /// @return has One entry for each asset of the table.
    function heldAssets(
        Held[] memory all,
        uint256 assets
    ) internal pure returns (bool[] memory has) {
        has = new bool[](assets);
        for (uint256 i = 0; i < all.length; ++i) {
            Held memory held = all[i];
            if (held.asset != 0 && (held.customers | held.insurance) != 0) {
                has[held.asset - 1] = true;
            }
        }
    }

    /// @notice The value at mark of the smallest unit of what is held.
    /// @param held What is held.
    /// @param table The table.
    /// @param scenario The scenario.
    /// @return The value, in units of value; 0 if it is negative, or the table has none.
    function valueOf(
        Held memory held,
        Table memory table,
        uint256 scenario
    ) internal pure returns (uint256) {
        if (held.isQuote) return 1;
        if (held.asset == 0) return 0;
        // A deposit has a negative value only in an unsound table; it then counts nothing.
        int256 value = InstrumentTable.value(table, held.row, scenario);
        return value > 0 ? uint256(value) : 0;
    }

    /// Each has the value of a deposit in the asset's last tier. At mark and in stresses, all tiers
    /// have the same value.
    function _sum(
        Held[] memory all,
        Table memory table,
        uint256 scenario,
        bool customers,
        bool insurance
    ) private pure returns (uint256 units) {
        // Amounts are below 2^128 and values below 2^64, and a sum is at most 2^128 - 1 after each step.
        unchecked {
            for (uint256 i = 0; i < all.length; ++i) {
                Held memory held = all[i];
                uint256 amount =
                    (customers ? held.customers : 0) + (insurance ? held.insurance : 0);
                if (amount == 0) continue;
                units = _most(units + amount * valueOf(held, table, scenario));
            }
        }
    }

    /// The first row of the first asset of this name; the number of rows if there is none.
    function _rowOf(
        bytes memory program,
        Table memory table,
        bytes32 name
    ) private pure returns (uint256 row) {
        row = table.rows;
        if (name == table.quote) row = _rowAt(program, table, NO_PRICE, row);
        bytes32[] memory names = table.names;
        uint256 count = names.length;
        unchecked {
            for (uint256 i = _next(names, name, 0); i < count; i = _next(names, name, i + 1)) {
                row = _rowAt(program, table, i, row);
            }
        }
    }

    /// The number of the next price of this name from `i` on; the number of prices if there is none.
    function _next(bytes32[] memory names, bytes32 name, uint256 i) private pure returns (uint256) {
        // Assembly, because this loops over all prices. The outer loop reads only names.
        assembly ("memory-safe") {
            let begin := add(names, 32)
            let end := add(begin, shl(5, mload(names)))
            let at := add(begin, shl(5, i))
            for {} lt(add(at, 96), end) {
                at := add(at, 128)
            } {
                // A product of four differences is 0 if one is, and else hardly ever.
                let differ := mul(xor(mload(at), name), xor(mload(add(at, 32)), name))
                differ := mul(differ, xor(mload(add(at, 64)), name))
                if iszero(mul(differ, xor(mload(add(at, 96)), name))) {
                    break
                }
            }
            for {} lt(at, end) {
                at := add(at, 32)
            } {
                if eq(mload(at), name) {
                    break
                }
            }
            i := shr(5, sub(at, begin))
        }
        return i;
    }

    /// The first deposit row of customers with this price before the row `end`; `end` if there is none.
    function _rowAt(
        bytes memory program,
        Table memory table,
        uint256 price,
        uint256 end
    ) private pure returns (uint256 row) {
        uint256 size = Program.rowBytes(table);
        uint256 rowsAt = table.rowsAt;
        // Assembly, because this loops over all rows, which are within the program.
        assembly ("memory-safe") {
            let at := add(add(program, 32), rowsAt)
            // The role and the price.
            let mask := shl(216, 0xff0000ffff)
            let wanted := or(shl(248, DEPOSIT), shl(216, price))
            for {} lt(row, end) {
                row := add(row, 1)
            } {
                if eq(and(mload(at), mask), wanted) {
                    break
                }
                at := add(at, size)
            }
        }
    }

    /// 10^-36 of a whole unit in the smallest unit of quantities.
    function _units(uint256 amount, uint256 decimals) private pure returns (uint256) {
        // At most 38, so that no power reaches 2^127 and no product 2^136.
        unchecked {
            if (decimals <= DECIMALS) return _most(amount / 10 ** (DECIMALS - decimals));
            return _most(_most(amount) * 10 ** (decimals - DECIMALS));
        }
    }

    function _most(uint256 number) private pure returns (uint256) {
        return number < type(uint128).max ? number : type(uint128).max;
    }
}
