// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {InstrumentTable} from "./table/InstrumentTable.sol";
import {Priced} from "./table/Priced.sol";
import {Table} from "./table/Table.sol";
import {Need} from "./interfaces/IEvaluator.sol";
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

    /// What `places` says of a price: the asset's number plus one, its last row, and its decimals.
    uint256 private constant ASSET = 48;
    uint256 private constant ROW = 16;

    /// @notice Finds the assets of holdings in a table.
    /// @param table The table.
    /// @param places For each price, and behind them for none, the first asset that has it; as `place`
    /// makes them, 0 for none.
    /// @param holdings What reserves count.
    /// @return all One entry for each holding, in their order.
    function find(
        Table memory table,
        uint256[] memory places,
        Holding[] memory holdings
    ) internal pure returns (Held[] memory all) {
        all = new Held[](holdings.length);
        for (uint256 i = 0; i < all.length; ++i) {
            Held memory held = all[i];
            held.name = holdings[i].asset;
            uint256 found = _placeOf(table, places, held.name);
            if (found != 0) {
                (held.asset, held.row) = (found >> ASSET, uint32(found >> ROW));
                held.decimals = uint16(found);
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

    /// @notice An entry of `places`.
    /// @param asset The asset's number.
    /// @param row Its last deposit row.
    /// @param decimals The decimals of its quantities.
    /// @return The entry.
    function place(uint256 asset, uint256 row, uint256 decimals) internal pure returns (uint256) {
        return ((asset + 1) << ASSET) | (row << ROW) | decimals;
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

    /// The first asset of this name.
    function _placeOf(
        Table memory table,
        uint256[] memory places,
        bytes32 name
    ) private pure returns (uint256 found) {
        if (name == table.quote) found = places[table.priced];
        bytes32[] memory names = table.names;
        // Assembly, because this loops over all prices. `places` has one entry more, and the last turn
        // of the outer loop reaches at most three words past the names, into memory that `Chunks.load`
        // wrote: the inner one goes no further than the names.
        assert(places.length == names.length + 1);
        assembly ("memory-safe") {
            let distance := sub(places, names)
            let at := add(names, 32)
            let end := add(at, shl(5, mload(names)))
            for {} lt(at, end) {} {
                // A product of four differences is 0 if one is, and else hardly ever.
                let next := add(at, 128)
                let differ := mul(xor(mload(at), name), xor(mload(add(at, 32)), name))
                differ := mul(differ, xor(mload(add(at, 64)), name))
                if mul(differ, xor(mload(add(at, 96)), name)) {
                    at := next
                }
                for {} and(lt(at, next), lt(at, end)) {
                    at := add(at, 32)
                } {
                    if eq(mload(at), name) {
                        let other := mload(add(at, distance))
                        // The one with the lower number; none is 0, which is made the largest here.
                        if lt(sub(other, 1), sub(found, 1)) {
                            found := other
                        }
                    }
                }
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
