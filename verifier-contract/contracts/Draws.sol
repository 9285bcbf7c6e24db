// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Memory} from "@openzeppelin/contracts/utils/Memory.sol";
import {RLP} from "@openzeppelin/contracts/utils/RLP.sol";
import {IDraws} from "./interfaces/IDraws.sol";
import {Iso8601} from "./Iso8601.sol";
import {Quicknet} from "./Quicknet.sol";

/// @title Times that nobody chose
/// @notice See `IDraws`. Depends on no other contract and has no owner.
contract Draws is IDraws {
    using Memory for bytes;
    using RLP for Memory.Slice;

    /// A second, in one word of storage; all zeros if it was not drawn.
    struct Kept {
        uint64 second;
        uint32 day;
        bool isKnown;
        bool isOfBlock;
    }

    /// What is read of a block's header.
    struct Block {
        bytes32 hash;
        bytes32 parent;
        bool isMined;
        uint256 number;
        uint64 time;
        bytes32 prevRandao;
    }

    /// @notice The contract of EIP-2935 that knows the hashes of the last 8,191 blocks.
    address public constant HISTORY = 0x0000F90827F1C53a10cb7A02335B175320002935;
    /// @notice The name of drand's network, hashed.
    bytes32 public constant QUICKNET = keccak256("drand:quicknet");

    bytes32 private constant SECOND = keccak256("pacioli.drawn-second.v1");
    bytes32 private constant DRAWN = keccak256("pacioli.drawn.v1");
    bytes32 private constant ETHEREUM = keccak256("eip155:1");

    // Where in the list of a header's fields they are.
    uint256 private constant PARENT = 0;
    uint256 private constant DIFFICULTY = 7;
    uint256 private constant NUMBER = 8;
    uint256 private constant TIME = 11;
    uint256 private constant MIX_HASH = 13;
    // The fields that every block has; later forks appended some.
    uint256 private constant FIELDS = 15;

    /// @notice The hashes of blocks that somebody kept.
    mapping(uint256 number => bytes32) public pinned;

    mapping(bytes32 digest => Kept) private _kept;
    mapping(bytes32 source => mapping(uint32 day => bytes32)) private _digests;

    /// @inheritdoc IDraws
    function pin(uint256 number) external {
        if (blocks() == 0) revert NoBlocksOf(block.chainid);
        if (pinned[number] != 0) return;
        bytes32 hash = _known(number);
        if (hash == 0) revert BlockUnknown(number);
        pinned[number] = hash;
        emit Pinned(number, hash);
    }

    /// @inheritdoc IDraws
    function drawBlock(
        uint32 day,
        bytes calldata parent,
        bytes calldata header
    ) external returns (uint64) {
        if (blocks() == 0) revert NoBlocksOf(block.chainid);
        bytes32 source = blocks();
        Block memory first = _first(_end(day), parent, header);
        bytes32 text = _text(day);
        bytes32 digest = keccak256(
            abi.encode(DRAWN, source, text, uint256(2), first.parent, first.hash)
        );
        return _keep(source, day, digest, _second(day, first.prevRandao, text));
    }

    /// @inheritdoc IDraws
    function drawRound(uint32 day, bytes calldata signature) external returns (uint64) {
        uint64 round = roundOf(day);
        if (block.timestamp < _end(day)) revert DayNotOver(day, _end(day));
        if (!Quicknet.isSigned(round, signature)) revert NotSigned(round);
        bytes32 text = _text(day);
        bytes32 digest = keccak256(
            abi.encode(DRAWN, QUICKNET, text, uint256(1), keccak256(signature))
        );
        return _keep(QUICKNET, day, digest, _second(day, sha256(signature), text));
    }

    /// @inheritdoc IDraws
    function secondOf(
        bytes32 source,
        uint32 day
    ) external view returns (uint64 second, bool known) {
        Kept memory kept = _kept[_digests[source][day]];
        return (kept.second, kept.isKnown);
    }

    /// @inheritdoc IDraws
    function drawOf(
        bytes32 digest
    ) external view returns (bytes32 source, uint32 day, uint64 second, bool known) {
        Kept memory kept = _kept[digest];
        if (kept.isKnown) source = kept.isOfBlock ? ETHEREUM : QUICKNET;
        return (source, kept.day, kept.second, kept.isKnown);
    }

    /// @inheritdoc IDraws
    function hashOf(uint256 number) public view returns (bytes32 hash) {
        hash = pinned[number];
        if (hash == 0) hash = _known(number);
    }

    /// @inheritdoc IDraws
    function blocks() public view returns (bytes32) {
        // A test chain stands for Ethereum. Asked for each time: after a fork, the other chain's
        // blocks are nobody's.
        return block.chainid == 1 || block.chainid == 31_337 ? ETHEREUM : bytes32(0);
    }

    /// @inheritdoc IDraws
    function roundOf(uint32 day) public pure returns (uint64) {
        uint64 end = _end(day);
        if (end < Quicknet.GENESIS) revert DayBeforeSource(day);
        return Quicknet.roundAt(end);
    }

    // The block, if it is the chain's first at or after the end of a day.
    function _first(
        uint64 end,
        bytes calldata parent,
        bytes calldata header
    ) private view returns (Block memory first) {
        Block memory before = _read(parent, true);
        first = _read(header, false);
        bytes32 expected = hashOf(first.number);
        if (expected == 0) revert BlockUnknown(first.number);
        if (first.hash != expected) revert OtherBlock(first.number, first.hash, expected);
        if (first.parent != before.hash || before.number != first.number - 1) {
            revert OtherParent(first.number, before.hash, first.parent);
        }
        if (first.isMined) revert BlockMined(first.number);
        if (first.time < end) revert BlockEarly(first.number, first.time, end);
        if (before.time >= end) revert BlockLate(first.number, before.time, end);
    }

    // Keeps what was drawn. There is one second of each source and day, and one digest: a header is
    // its hash, and a round has one signature in one form.
    function _keep(
        bytes32 source,
        uint32 day,
        bytes32 digest,
        uint64 second
    ) private returns (uint64) {
        if (_digests[source][day] == 0) {
            _digests[source][day] = digest;
            _kept[digest] = Kept(second, day, true, source != QUICKNET);
            emit Drawn(source, day, second, digest);
        }
        return second;
    }

    // The hash of a block as the chain knows it; 0 if it does not. The last 256 are known to the
    // machine itself, before EIP-2935 too.
    function _known(uint256 number) private view returns (bytes32 hash) {
        hash = blockhash(number);
        if (hash != 0) return hash;
        (bool answered, bytes memory answer) = HISTORY.staticcall(abi.encode(number));
        if (answered && answer.length == 32) hash = abi.decode(answer, (bytes32));
    }

    function _read(bytes calldata header, bool isParent) private pure returns (Block memory read) {
        bytes memory copy = header;
        // What is no list of RLP reverts in the library.
        Memory.Slice[] memory fields = copy.asSlice().readList();
        if (fields.length < FIELDS) revert NoHeader(isParent);
        uint256 time = fields[TIME].readUint256();
        if (time > type(uint64).max) revert NoHeader(isParent);
        read = Block({
            hash: keccak256(header),
            parent: fields[PARENT].readBytes32(),
            isMined: fields[DIFFICULTY].readUint256() != 0,
            number: fields[NUMBER].readUint256(),
            time: uint64(time),
            prevRandao: fields[MIX_HASH].readBytes32()
        });
    }

    // The first second that is of the day after.
    function _end(uint32 day) private pure returns (uint64) {
        return (uint64(day) + 1) * 1 days;
    }

    // The hash of a day as a text such as `2026-11-26`.
    function _text(uint32 day) private pure returns (bytes32) {
        string memory text = Iso8601.text(uint256(day) * 1 days);
        // The first ten characters.
        assembly ("memory-safe") {
            mstore(text, 10)
        }
        return keccak256(bytes(text));
    }

    // The second of a day that follows from randomness.
    function _second(uint32 day, bytes32 randomness, bytes32 text) private pure returns (uint64) {
        uint256 drawn = uint256(keccak256(abi.encode(SECOND, randomness, text))) % 1 days;
        return uint64(uint256(day) * 1 days + drawn);
    }
}
