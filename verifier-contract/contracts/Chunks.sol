// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

/// @title Reads a rules program and the names of its prices from code
/// @notice Code is the cheapest place that never changes. A program is the code of one or more
/// contracts, each without its first byte, one after another: the number of prices n in 2 bytes, the
/// hash of each price's name in 32, and the program. The first byte is 0, which stops: nobody can
/// call such a contract to any effect, and so it cannot destroy itself.
library Chunks {
    /// @notice There is no contract, or its code does not begin with 0.
    error NotAChunk(address chunk);
    /// @notice Each chunk but the last must have 24,576 bytes of code, the last at least 2.
    error ChunkLength(address chunk, uint256 length);
    /// @notice The chunks have fewer bytes than the names that they say they have.
    error NamesLength(uint256 names, uint256 length);

    /// The bytes of code of each chunk but the last: as many as a contract can have.
    uint256 internal constant BYTES = 24_576;

    /// @notice Reads all chunks.
    /// @param chunks The contracts.
    /// @return names keccak256 of each price's name, in the order of the prices.
    /// @return program The program. At least 32 bytes of zeros follow it in memory.
    function load(
        address[] memory chunks
    ) internal view returns (bytes32[] memory names, bytes memory program) {
        uint256 to;
        // The bytes are written so that the two bytes of the number are the last of a word, which is
        // then the length of a list of all names.
        assembly ("memory-safe") {
            names := mload(0x40)
            mstore(names, 0)
            to := add(names, 30)
        }
        for (uint256 i = 0; i < chunks.length; ++i) {
            address chunk = chunks[i];
            uint256 size = chunk.code.length;
            if (first(chunk) != 0 || size == 0) revert NotAChunk(chunk);
            bool isLast = i + 1 == chunks.length;
            if (isLast ? size < 2 : size != BYTES) revert ChunkLength(chunk, size);
            // Memory from `names` on is free, and nothing is allocated before `load` ends.
            to = copy(chunk, size, to);
        }
        uint256 length;
        uint256 count;
        assembly ("memory-safe") {
            length := sub(to, add(names, 30))
            // Behind the last byte, where dirty memory could pass for a number's second byte.
            mstore(to, 0)
            count := mload(names)
        }
        if (length < 2 + 32 * count) revert NamesLength(count, length);
        // The program moves by a word, which its length takes.
        assembly ("memory-safe") {
            program := add(add(names, 32), shl(5, count))
            length := sub(to, program)
            mcopy(add(program, 32), program, length)
            mstore(program, length)
            let end := add(add(program, 32), length)
            mstore(end, 0)
            mstore(add(end, 32), 0)
            mstore(0x40, and(add(end, 95), not(31)))
        }
    }

    /// @notice The first byte of a contract's code.
    /// @param chunk The contract.
    /// @return byte_ The byte; 0 if there is no code.
    function first(address chunk) internal view returns (uint256 byte_) {
        // The scratch space takes the byte.
        assembly ("memory-safe") {
            mstore(0, 0)
            extcodecopy(chunk, 0, 0, 1)
            byte_ := byte(0, mload(0))
        }
    }

    /// @notice Copies a chunk's code without its first byte.
    /// @param chunk The contract.
    /// @param size The bytes of its code, one at least.
    /// @param to Where to; the caller answers for the room.
    /// @return end The place behind what was copied.
    function copy(address chunk, uint256 size, uint256 to) internal view returns (uint256 end) {
        // All but the first byte of so many.
        assembly ("memory-safe") {
            let length := sub(size, 1)
            extcodecopy(chunk, to, 1, length)
            end := add(to, length)
        }
    }
}
