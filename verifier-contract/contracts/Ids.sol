// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

/// @title Ids of accounts at a venue
library Ids {
    /// keccak256("pacioli.owner.v1")
    bytes32 private constant OWNER_TAG = keccak256("pacioli.owner.v1");
    /// The characters of an address, `0x` included.
    uint256 private constant ADDRESS_DIGITS = 42;

    /// @notice The form in which an id enters the seals of its account.
    /// @param id The account's id at the venue.
    /// @return The hash of the id.
    function ownerOf(string calldata id) internal pure returns (bytes32) {
        return keccak256(abi.encodePacked(OWNER_TAG, bytes(id).length, id));
    }

    /// @notice Whether an id is an address: `0x` and 40 lower-case hexadecimal digits, alone or
    /// followed by `/` and the name of a sub-account. No other spelling is.
    /// @param text The account's id at the venue.
    /// @param account The address.
    /// @return Whether the id is this address.
    function isOf(string calldata text, address account) internal pure returns (bool) {
        bytes calldata id = bytes(text);
        bool alone = id.length == ADDRESS_DIGITS;
        // The address, `/`, and at least one character.
        bool named = id.length > ADDRESS_DIGITS + 1 && id[ADDRESS_DIGITS] == "/";
        if (!alone && !named) return false;
        bytes16 digits = "0123456789abcdef";
        uint160 rest = uint160(account);
        if (id[0] != "0" || id[1] != "x") return false;
        for (uint256 i = ADDRESS_DIGITS; i > 2; --i) {
            if (id[i - 1] != digits[rest & 15]) return false;
            rest >>= 4;
        }
        return true;
    }

    /// @notice Whether an id is some address, spelled as `isOf` takes it.
    /// @param text The account's id at the venue.
    /// @return Whether it is.
    function isAddress(string calldata text) internal pure returns (bool) {
        bytes calldata id = bytes(text);
        if (id.length < ADDRESS_DIGITS) return false;
        uint160 account = 0;
        for (uint256 i = 2; i < ADDRESS_DIGITS; ++i) {
            uint256 character = uint8(id[i]);
            // `0` is 0x30 and `a` 0x61. What is no digit makes another address than is written.
            uint256 digit = character < 0x61 ? character : character + 9;
            account = (account << 4) | uint160(digit & 15);
        }
        return isOf(text, address(account));
    }
}
