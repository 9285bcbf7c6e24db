// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Balances} from "./Balances.sol";
import {InstrumentTable} from "./table/InstrumentTable.sol";
import {Program} from "./table/Program.sol";
import {NO_PRICE, Role, Table} from "./table/Table.sol";
import {IVenues} from "./interfaces/IVenues.sol";
import {Prices} from "./Submission.sol";

/// The reserves of one asset, in the smallest unit of its quantities.
struct Asset {
    /// keccak256 of its name.
    bytes32 name;
    uint256 decimals;
    /// Its last deposit row, whose value is that of a reserve.
    uint256 row;
    /// Reserves for customers.
    uint256 customers;
    /// Reserves for insurance.
    uint256 insurance;
}

/// What the custodians have in this block.
struct Holdings {
    /// One entry for each asset of the table.
    Asset[] assets;
    /// Reserves of the quote currency, in units of value, if it is not an asset of the table.
    uint256 quoteCustomers;
    uint256 quoteInsurance;
    /// Whether any reserve counts, even with a balance of zero.
    bool any;
}

/// @title The reserves of a venue, and what they are worth
/// @notice All arithmetic is checked and reverts on overflow.
library Reserves {
    /// @notice Adds up the balances of the custodians in this block: each reserve in the smallest
    /// unit of its asset's quantities, rounded down. A reserve of an asset that is not in the table
    /// counts nothing.
    /// @param program The program.
    /// @param prices Prices of its assets.
    /// @param table The table that both compile to.
    /// @param listed The venue's reserves; those that are not active or accepted do not count.
    /// @return found What the custodians have.
    function read(
        bytes calldata program,
        Prices calldata prices,
        Table memory table,
        IVenues.Reserve[] memory listed
    ) internal view returns (Holdings memory found) {
        found.assets = _assets(program, prices, table);
        for (uint256 i = 0; i < listed.length; i++) {
            IVenues.Reserve memory reserve = listed[i];
            if (!reserve.accepted || reserve.activeFrom > block.timestamp) continue;
            uint256 balance = Balances.held(reserve.token, reserve.custodian);
            bool isCustomers = reserve.purpose == IVenues.Purpose.Customers;
            found.any = true;
            Asset memory asset = _find(found.assets, reserve.asset);
            if (asset.name != 0) {
                uint256 units = (balance * 10 ** asset.decimals) / 10 ** reserve.decimals;
                if (isCustomers) asset.customers += units;
                else asset.insurance += units;
            } else if (reserve.asset == table.quote) {
                uint256 units = (balance * 10 ** table.valueDecimals) / 10 ** reserve.decimals;
                if (isCustomers) found.quoteCustomers += units;
                else found.quoteInsurance += units;
            }
        }
    }

    /// @notice The value of the reserves for customers in one scenario.
    /// @param held What the custodians have.
    /// @param table The table.
    /// @param scenario The scenario.
    /// @return The value, in units of value.
    function ofCustomers(
        Holdings memory held,
        Table memory table,
        uint256 scenario
    ) internal pure returns (uint256) {
        return _worth(held, table, IVenues.Purpose.Customers, scenario);
    }

    /// @notice The value of the reserves for insurance in one scenario.
    /// @param held What the custodians have.
    /// @param table The table.
    /// @param scenario The scenario.
    /// @return The value, in units of value.
    function ofInsurance(
        Holdings memory held,
        Table memory table,
        uint256 scenario
    ) internal pure returns (uint256) {
        return _worth(held, table, IVenues.Purpose.Insurance, scenario);
    }

    /// @notice The value of all reserves, of both purposes, in one scenario.
    /// @param held What the custodians have.
    /// @param table The table.
    /// @param scenario The scenario.
    /// @return The value, in units of value.
    function ofAll(
        Holdings memory held,
        Table memory table,
        uint256 scenario
    ) internal pure returns (uint256) {
        return ofCustomers(held, table, scenario) + ofInsurance(held, table, scenario);
    }

    /// @notice Which assets the custodians have any of, in units of their quantities.
    /// @param held What the custodians have.
    /// @return has One entry for each asset of the table.
    function heldAssets(Holdings memory held) internal pure returns (bool[] memory has) {
        has = new bool[](held.assets.length);
        for (uint256 i = 0; i < has.length; i++) {
            has[i] = held.assets[i].customers != 0 || held.assets[i].insurance != 0;
        }
    }

    /// The assets of a table, as yet without reserves.
    function _assets(
        bytes calldata program,
        Prices calldata prices,
        Table memory table
    ) private pure returns (Asset[] memory assets) {
        assets = new Asset[](table.assets);
        uint256 size = Program.rowBytes(table);
        uint256 offset = table.rowsAt;
        uint256 rows = table.rows;
        // The program's length was checked.
        unchecked {
            for (uint256 row = 0; row < rows; ++row) {
                uint256 word = Program.load(program, offset);
                offset += size;
                // Without a class: other classes repeat rows of customers, and may lack some tiers.
                if (word >> 248 != uint256(Role.Deposit)) continue;
                Asset memory asset = assets[uint16(word >> 232)];
                uint256 price = uint16(word >> 216);
                asset.name = price == NO_PRICE ? table.quote : prices.list[price].name;
                (asset.decimals, asset.row) = (uint8(word >> 208), row);
            }
        }
    }

    function _find(Asset[] memory assets, bytes32 name) private pure returns (Asset memory none) {
        for (uint256 i = 0; i < assets.length; i++) {
            if (assets[i].name == name) return assets[i];
        }
    }

    /// The value of the reserves for one purpose in one scenario: each has the value of a deposit
    /// in the asset's last tier. At mark and in stresses, all tiers have the same value.
    function _worth(
        Holdings memory held,
        Table memory table,
        IVenues.Purpose purpose,
        uint256 scenario
    ) private pure returns (uint256 units) {
        bool isCustomers = purpose == IVenues.Purpose.Customers;
        units = isCustomers ? held.quoteCustomers : held.quoteInsurance;
        for (uint256 i = 0; i < held.assets.length; i++) {
            Asset memory asset = held.assets[i];
            uint256 amount = isCustomers ? asset.customers : asset.insurance;
            if (amount == 0) continue;
            int256 value = InstrumentTable.value(table, asset.row, scenario);
            // A deposit has a negative value only in an unsound table; it then counts nothing.
            if (value > 0) units += amount * uint256(value);
        }
    }
}
