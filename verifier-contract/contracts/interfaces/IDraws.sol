// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

/// @title Times that nobody chose
/// @notice The second of a past day that follows from randomness which became known only after that
/// day had ended (docs/drawn-times.md). Anyone may draw it, once a day for all venues; what is
/// drawn never changes. A day is a number of days of UTC since 1970, a source the keccak256 of its
/// name:
///
/// - `drand:quicknet`: the first round of drand's network at or after the day's end. Its signature
/// is checked, on every chain that has the precompiled contracts of EIP-2537, and as late as one
/// likes.
/// - `eip155:1`: `prevRandao` of the first block of Ethereum at or after the day's end. Only
/// Ethereum knows that block's hash, for 8,191 blocks (27 hours; EIP-2935): whoever draws later
/// must have pinned it. A day of which nobody drew or pinned the block in time is missed.
///
/// A registry asks with what an attestation's header binds: `drawOf` of the header's `drawn` says
/// the source, the day and the second. The attestation's time was drawn if it is known, the source
/// is the rules', the second is the header's `asOf`, and the day is later than that of the last
/// attestation of the venue whose time was drawn. Between two such days `later - earlier - 1` days
/// were missed; the record keeps the day, so that they can be counted.
interface IDraws {
    /// @notice A second was drawn, which stays.
    /// @param digest The digest of an attestation's `drawn`; see docs/formats.md.
    event Drawn(bytes32 indexed source, uint32 indexed day, uint64 second, bytes32 indexed digest);
    /// @notice The hash of a block was kept.
    event Pinned(uint256 indexed number, bytes32 hash);

    /// @notice Times are not drawn from the blocks of this chain: whoever orders them could choose.
    error NoBlocksOf(uint256 chain);
    /// @notice The chain does not know the block's hash (any longer), and nobody pinned it.
    error BlockUnknown(uint256 number);
    /// @notice The header is not that of the chain's block.
    error OtherBlock(uint256 number, bytes32 hash, bytes32 expected);
    /// @notice Bytes that are no RLP header: the block's, or its parent's.
    error NoHeader(bool isParent);
    /// @notice The block names another one as the one before it.
    error OtherParent(uint256 number, bytes32 parent, bytes32 named);
    /// @notice The block is of the time when blocks were mined, and its `mixHash` was chosen.
    error BlockMined(uint256 number);
    /// @notice The block is of before the day's end.
    error BlockEarly(uint256 number, uint64 time, uint64 end);
    /// @notice The block before is not of before the day's end: the block is not the first.
    error BlockLate(uint256 number, uint64 parentTime, uint64 end);
    /// @notice The day has not ended.
    error DayNotOver(uint32 day, uint64 end);
    /// @notice The source is younger than the day.
    error DayBeforeSource(uint32 day);
    /// @notice It is not the signature of this round of `drand:quicknet`.
    error NotSigned(uint64 round);

    /// @notice Keeps the hash of a block while the chain still knows it.
    /// @param number The block's number.
    function pin(uint256 number) external;
    /// @notice Draws the second of a day from the blocks of this chain.
    /// @param day The day.
    /// @param parent The RLP header of the block before, which shows that no earlier one is the
    /// first.
    /// @param header The RLP header of the first block at or after the day's end.
    /// @return second The second, since 1970.
    function drawBlock(
        uint32 day,
        bytes calldata parent,
        bytes calldata header
    ) external returns (uint64 second);
    /// @notice Draws the second of a day from a round of `drand:quicknet`.
    /// @param day The day.
    /// @param signature The round's signature: 48 bytes.
    /// @return second The second, since 1970.
    function drawRound(uint32 day, bytes calldata signature) external returns (uint64 second);

    /// @notice The second of a day, once it was drawn.
    /// @param source keccak256 of the source's name.
    /// @param day The day.
    /// @return second The second, since 1970; 0 if it is not known.
    /// @return known Whether it was drawn.
    function secondOf(bytes32 source, uint32 day) external view returns (uint64 second, bool known);
    /// @notice What an attestation's `drawn` stands for, once that was drawn here.
    /// @param digest The digest of the header's `drawn`, evidence included.
    /// @return source keccak256 of the source's name; 0 if it is not known.
    /// @return day The day.
    /// @return second The second, since 1970.
    /// @return known Whether it was drawn.
    function drawOf(
        bytes32 digest
    ) external view returns (bytes32 source, uint32 day, uint64 second, bool known);
    /// @notice keccak256 of the name of the source that this chain's blocks are: `eip155:1` on Ethereum,
    /// and on a test chain (31337) that stands for it; 0 on every other, whose blocks draw nothing:
    /// whoever orders them could choose. Nothing of this is said at construction, so that the contract
    /// has one address on all chains.
    function blocks() external view returns (bytes32);
    /// @notice The round of `drand:quicknet` with which a day ends.
    function roundOf(uint32 day) external pure returns (uint64 round);
    /// @notice The hash of a block, pinned or as the chain knows it; 0 if neither.
    function hashOf(uint256 number) external view returns (bytes32);
}
