// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Chunks} from "./Chunks.sol";
import {IVenues} from "./interfaces/IVenues.sol";

/// @title What the code of a contract shows when it is announced
library Codes {
    /// @notice The chunks of a program; see `IVenues.Rules`.
    uint256 internal constant MAX_CHUNKS = 32;
    /// @notice The largest code that a chain accepts.
    uint256 internal constant MAX_CODE = 24_576;

    // A program's head, and where in it the digest of the names is; see docs/program.md.
    uint256 private constant HEAD_BYTES = 77;
    uint256 private constant NAMES_AT = 13;

    // SLOAD (0x54), SSTORE (0x55), TLOAD (0x5c), TSTORE (0x5d), CALLCODE (0xf2), DELEGATECALL
    // (0xf4) and SELFDESTRUCT (0xff), as bits.
    uint256 private constant CHANGING =
        (1 << 0x54) |
            (1 << 0x55) |
            (1 << 0x5c) |
            (1 << 0x5d) |
            (1 << 0xf2) |
            (1 << 0xf4) |
            (1 << 0xff);
    // STOP (0x00), JUMP (0x56), RETURN (0xf3), REVERT (0xfd), INVALID (0xfe) and SELFDESTRUCT: what
    // follows is run only from a JUMPDEST (0x5b) on.
    uint256 private constant ENDING =
        (1 << 0x00) | (1 << 0x56) | (1 << 0xf3) | (1 << 0xfd) | (1 << 0xfe) | (1 << 0xff);

    /// @notice Whether the code of an account could act by other code or by what is stored, or be
    /// taken away. What it calls (CALL, STATICCALL) may still act by what is stored there: that it
    /// is the verifier of its key is known only to who compares its code with a generated one.
    /// @param account The account.
    /// @return Whether it has no code, delegates (EIP-7702, the minimal proxies of EIP-1167 among
    /// all others), or has an instruction that reads or writes storage, runs other code in its own
    /// place, or ends the contract. Bytes that an instruction pushes are none, nor are bytes that
    /// nothing can run: those between an instruction that ends or jumps and the next JUMPDEST.
    /// Every JUMPDEST counts, be it among a compiler's constants behind the code.
    function canChange(address account) internal view returns (bool) {
        uint256 length = account.code.length;
        if (length == 0) return true;
        (uint256 changing, uint256 ending) = (CHANGING, ENDING);
        uint256 found;
        uint256 first;
        // Reads `length` bytes of memory behind the free pointer, and one word beyond them, of
        // which only the first byte of each counts. Moves no pointer: nothing of it is kept.
        assembly ("memory-safe") {
            let code := mload(0x40)
            extcodecopy(account, code, 0, length)
            first := byte(0, mload(code))
            let runs := 1
            for {
                let i := 0
            } lt(i, length) {
                i := add(i, 1)
            } {
                let op := byte(0, mload(add(code, i)))
                runs := or(runs, eq(op, 0x5b))
                found := or(found, and(runs, shr(op, changing)))
                runs := and(runs, iszero(and(1, shr(op, ending))))
                // PUSH1 (0x60) to PUSH32 (0x7f) are followed by 1 to 32 bytes.
                if eq(shr(5, op), 3) {
                    i := add(i, sub(op, 0x5f))
                }
            }
        }
        // No contract has code that begins with 0xef; an account that delegates does.
        return first == 0xef || found != 0;
    }

    /// @notice The hash of a program in the code of chunks. Reverts unless the chunks have the form
    /// of `IVenues.Rules` and the program is one for the names before it.
    /// @param chunks The contracts.
    /// @return keccak256 of the program.
    function program(address[] calldata chunks) internal view returns (bytes32) {
        uint256 count = chunks.length;
        if (count == 0 || count > MAX_CHUNKS) revert IVenues.ChunkCount(count, MAX_CHUNKS);
        bytes memory all = new bytes(_checkForms(chunks));
        uint256 begin;
        assembly ("memory-safe") {
            begin := add(all, 0x20)
        }
        uint256 end = begin;
        // `all` has room: its length is the sum of these lengths.
        for (uint256 i = 0; i < count; ++i) {
            end = Chunks.copy(chunks[i], chunks[i].code.length, end);
        }
        end -= begin;
        uint256 last = count - 1;
        if (end < 2) revert IVenues.ChunkForm(last, chunks[last].code.length);
        uint256 names = 32 * ((uint256(uint8(all[0])) << 8) | uint8(all[1]));
        if (end < 2 + names + HEAD_BYTES) revert IVenues.ChunkForm(last, chunks[last].code.length);
        bytes32 digest;
        bytes32 expected;
        bytes32 hash;
        // Within `all`, as was just checked.
        assembly ("memory-safe") {
            let list := add(all, 0x22)
            let start := add(list, names)
            hash := keccak256(list, names)
            expected := mload(add(start, NAMES_AT))
            digest := keccak256(start, sub(end, add(2, names)))
        }
        if (hash != expected) revert IVenues.OtherNames(hash, expected);
        return digest;
    }

    /// @notice The hash of the hashes of the code of chunks. A chunk that was made in the very
    /// transaction of its announcement may have been destroyed at that transaction's end (EIP-6780),
    /// and other code made at its address since.
    /// @param chunks The contracts.
    /// @return hash keccak256 of each one's code hash, one after another.
    function hashOf(address[] memory chunks) internal view returns (bytes32 hash) {
        bytes32[] memory hashes = new bytes32[](chunks.length);
        for (uint256 i = 0; i < hashes.length; ++i) hashes[i] = chunks[i].codehash;
        assembly ("memory-safe") {
            hash := keccak256(add(hashes, 0x20), shl(5, mload(hashes)))
        }
    }

    /// @return total The number of bytes in all chunks without their first ones.
    function _checkForms(address[] calldata chunks) private view returns (uint256 total) {
        for (uint256 i = 0; i < chunks.length; ++i) {
            address chunk = chunks[i];
            uint256 length = chunk.code.length;
            bool fits = i == chunks.length - 1 ? length <= MAX_CODE : length == MAX_CODE;
            if (!fits || length < 2 || Chunks.first(chunk) != 0)
                revert IVenues.ChunkForm(i, length);
            total += length - 1;
        }
    }
}
