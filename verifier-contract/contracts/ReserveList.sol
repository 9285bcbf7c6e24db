// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {IReserves, Purpose} from "./interfaces/IReserves.sol";

/// @title A list of reserves, kept as the code of an account
/// @notice It is read with every mark and submission and seldom written: as code, 64 reserves cost
/// 3,600 gas to read, where in storage they would cost 400,000. The code begins with 0, which no
/// call can run, and nothing can change it: another list is another account.
///
/// An entry has 80 bytes: the asset's hash (32), the token (20), the time from which it counts (5),
/// the token's decimals (1), bits (1), the asset's place (1), and the custodian (20). The place is
/// the number of assets that stand before this one's first entry; so entries of an asset share it,
/// and the first entry of each asset has the next.
library ReserveList {
    uint256 internal constant ENTRY = 80;
    uint256 private constant ACCEPTED = 1;
    uint256 private constant INSURANCE = 2;

    /// @notice The entries of a list, one after another.
    /// @param list The account that has it as its code; zero for an empty list.
    function load(address list) internal view returns (bytes memory entries) {
        if (list == address(0)) return entries;
        uint256 size = list.code.length - 1;
        entries = new bytes(size);
        assembly ("memory-safe") {
            extcodecopy(list, add(entries, 0x20), 1, size)
        }
    }

    /// @notice One entry, as it is kept.
    /// @param entries From `load`.
    /// @param i Its place in the list; must be below `entries.length / ENTRY`.
    /// @return asset The hash of its asset's name.
    /// @return word The next 32 bytes: from token to place, and 4 bytes of the custodian.
    /// @return custodian Whose balance counts.
    function entryAt(
        bytes memory entries,
        uint256 i
    ) internal pure returns (bytes32 asset, uint256 word, address custodian) {
        assembly ("memory-safe") {
            let where := add(add(entries, 0x20), mul(i, ENTRY))
            asset := mload(where)
            word := mload(add(where, 0x20))
            // The 32 bytes that end with the entry.
            custodian := and(mload(add(where, 0x30)), 0xffffffffffffffffffffffffffffffffffffffff)
        }
    }

    /// @notice The token of an entry's word.
    function tokenOf(uint256 word) internal pure returns (address) {
        return address(uint160(word >> 96));
    }

    /// @notice Whether an entry counts now: it was accepted, and the delay has passed.
    function countsNow(uint256 word) internal view returns (bool) {
        return (word >> 40) & ACCEPTED != 0 && uint40(word >> 56) <= block.timestamp;
    }

    /// @notice Whether an entry is for insurance.
    function isInsurance(uint256 word) internal pure returns (bool) {
        return (word >> 40) & INSURANCE != 0;
    }

    /// @notice The decimals of an entry's token.
    function decimalsOf(uint256 word) internal pure returns (uint256) {
        return uint8(word >> 48);
    }

    /// @notice The place of an entry's asset.
    function placeOf(uint256 word) internal pure returns (uint256) {
        return uint8(word >> 32);
    }

    /// @notice The whole list.
    function decode(address list) internal view returns (IReserves.Reserve[] memory reserves) {
        bytes memory entries = load(list);
        reserves = new IReserves.Reserve[](entries.length / ENTRY);
        for (uint256 i = 0; i < reserves.length; i++) {
            (bytes32 asset, uint256 word, address custodian) = entryAt(entries, i);
            reserves[i] = IReserves.Reserve({
                asset: asset,
                token: tokenOf(word),
                custodian: custodian,
                activeFrom: uint40(word >> 56),
                decimals: uint8(decimalsOf(word)),
                purpose: isInsurance(word) ? Purpose.Insurance : Purpose.Customers,
                accepted: (word >> 40) & ACCEPTED != 0
            });
        }
    }

    /// @notice Writes a list.
    /// @return list The account that has it as its code; zero for an empty list.
    function store(IReserves.Reserve[] memory reserves) internal returns (address list) {
        if (reserves.length == 0) return address(0);
        bytes memory entries;
        uint256 assets = 0;
        uint256[] memory places = new uint256[](reserves.length);
        for (uint256 i = 0; i < reserves.length; i++) {
            IReserves.Reserve memory reserve = reserves[i];
            uint256 first = 0;
            while (reserves[first].asset != reserve.asset) first++;
            places[i] = first == i ? assets++ : places[first];
            uint256 bits = reserve.accepted ? ACCEPTED : 0;
            if (reserve.purpose == Purpose.Insurance) bits |= INSURANCE;
            entries = abi.encodePacked(
                entries,
                reserve.asset,
                reserve.token,
                uint40(reserve.activeFrom),
                reserve.decimals,
                uint8(bits),
                uint8(places[i]),
                reserve.custodian
            );
        }
        // Copies what follows its own 14 bytes and returns it: PUSH4 size, DUP1, PUSH1 14, PUSH1 0,
        // CODECOPY, PUSH1 0, RETURN.
        bytes memory code = abi.encodePacked(
            hex"63",
            uint32(entries.length + 1),
            hex"80600e6000396000f3",
            hex"00",
            entries
        );
        assembly ("memory-safe") {
            list := create(0, add(code, 0x20), mload(code))
        }
        // Only out of gas can make it fail.
        if (list == address(0)) revert IReserves.TooLittleGas();
    }
}
