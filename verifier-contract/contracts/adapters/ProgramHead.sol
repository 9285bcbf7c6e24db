// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

/// @title Reads what a program says of its unit of value
/// @notice A program stands in code as `IVenues.Rules.chunks` says, behind the number and the
/// hashes of its prices' names; its layout is that of docs/program.md.
library ProgramHead {
    /// The version of a program that is read.
    uint256 private constant VERSION = 4;
    /// What a chunk holds: its code without the first byte.
    uint256 private constant CHUNK = 24_575;
    /// Where in a program the digits of a unit of value and the hash of the quote currency's name
    /// are.
    uint256 private constant DIGITS_AT = 3;
    uint256 private constant QUOTE_AT = 45;
    /// The bits of its first word behind the number of clauses.
    uint256 private constant CLAUSES_SHIFT = 176;

    /// @notice There is no program of this version there.
    error OtherProgram(uint256 version, uint256 expected);

    /// @param chunks The contracts whose code is the program.
    /// @return digits The digits of the quote currency in one unit of value, at most 38.
    /// @return quote keccak256 of the quote currency's name.
    function read(address[] memory chunks) internal view returns (uint8 digits, bytes32 quote) {
        uint256 program = 2 + 32 * (uint256(_word(chunks, 0)) >> 240);
        bytes32 head = _word(chunks, program);
        uint256 version = uint8(head[0]);
        digits = uint8(head[DIGITS_AT]);
        if (version != VERSION || digits > 38) revert OtherProgram(version, VERSION);
        return (digits, _word(chunks, program + QUOTE_AT));
    }

    /// @param chunks The contracts whose code is the program.
    /// @return The number of its policy's clauses; 0 where there is no program of this version.
    function clauses(address[] memory chunks) internal view returns (uint256) {
        bytes32 head = _word(chunks, 2 + 32 * (uint256(_word(chunks, 0)) >> 240));
        return uint8(head[0]) == VERSION ? uint16(uint256(head) >> CLAUSES_SHIFT) : 0;
    }

    /// @param chunks The contracts whose code is the program.
    /// @return The words of its instrument table: the number of scenarios, then a cap and a value in
    /// each scenario for each row. 1 where there is no program.
    function tableWords(address[] memory chunks) internal view returns (uint256) {
        uint256 head = uint256(_word(chunks, 2 + 32 * (uint256(_word(chunks, 0)) >> 240)));
        uint256 scenarios = uint16(head >> 232);
        uint256 rows = uint16(head >> 192);
        return 1 + rows * (1 + scenarios);
    }

    /// 32 bytes of the chunks' contents, one after another; zeros behind the end.
    function _word(address[] memory chunks, uint256 at_) private view returns (bytes32 word) {
        uint256 first = at_ / CHUNK;
        if (first >= chunks.length) return 0;
        uint256 offset = 1 + (at_ % CHUNK);
        word = _read(chunks[first], offset);
        uint256 has = CHUNK + 1 - offset;
        if (has < 32 && first + 1 < chunks.length) {
            // What was read behind the end of a chunk is zeros.
            word |= _read(chunks[first + 1], 1) >> (8 * has);
        }
    }

    function _read(address chunk, uint256 offset) private view returns (bytes32 word) {
        assembly ("memory-safe") {
            mstore(0, 0)
            extcodecopy(chunk, 0, offset, 32)
            word := mload(0)
        }
    }
}
