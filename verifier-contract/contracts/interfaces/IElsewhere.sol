// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Holding} from "./IReserves.sol";

/// @title Reserves on other chains, as observers read them
/// @notice Counts the least of the readings around an attestation, and at most a share of what is
/// read on this chain. Of coins that are moved from chain to chain, no two chains are read at one
/// instant: the readings of one reserve must include one at or before the first mark here and one
/// after it that is at most an hour old, and the least of these and of all between and since
/// counts.
///
/// What is counted here is there at every mark and when the attestation is appended; what is
/// counted elsewhere is there at every reading. So one coin counts on both only if it is moved
/// there and back between each reading and the looks here around it. That cannot be excluded, only
/// made dear: observers read at times of their own choice, anyone marks, and the share is capped.
interface IElsewhere {
    /// A balance on another chain. Observers sign EIP-712 in the domain of this contract (name
    /// `Pacioli`, version `1`, this chain's id, this contract's address) of
    ///
    /// `Reading(address signer,bytes32 venue,bytes32 asset,uint64 chainId,address token,address
    /// custodian,uint64 number,bytes32 blockHash,uint64 time,uint256 units,uint64 notBefore,uint64
    /// deadline)`
    ///
    /// with the signer's own address in it. A block that can still be replaced is not to be signed.
    struct Reading {
        bytes32 venue;
        /// keccak256 of the asset's name in the rules.
        bytes32 asset;
        uint64 chainId;
        address token;
        address custodian;
        /// The block that was read.
        uint64 number;
        bytes32 blockHash;
        /// The block's time, in seconds since 1970.
        uint64 time;
        /// In 10^-36 of one whole unit.
        uint256 units;
        /// From when and until when it can be posted, in seconds since 1970.
        uint64 notBefore;
        uint64 deadline;
    }

    /// A reserve on another chain, for customers. Its custodian has to say on that chain, or in a
    /// signed text, that it backs this venue at this registry; observers compare that before they
    /// sign.
    struct Remote {
        bytes32 asset;
        uint64 chainId;
        /// The token's contract there; zero for the chain's own coin.
        address token;
        address custodian;
        /// The time from which it counts, in seconds since 1970.
        uint64 activeFrom;
    }

    /// @param remote See `remoteId`. By it, whoever follows this contract finds all venues that list
    /// one balance.
    event RemoteAnnounced(
        bytes32 indexed venue,
        bytes32 indexed remote,
        string asset,
        uint64 chainId,
        address token,
        address custodian,
        uint64 activeFrom
    );
    /// @param remote See `remoteId`.
    event RemoteRemoved(
        bytes32 indexed venue,
        bytes32 indexed remote,
        uint64 chainId,
        address token,
        address custodian
    );
    /// @param remote See `remoteId`.
    event Read(bytes32 indexed venue, bytes32 indexed remote, Reading reading, address[] signers);

    error TooManyRemotes(uint256 max);
    /// @notice A remote needs the name of an asset, a custodian, and the id of another chain.
    error RemoteIncomplete();
    /// @notice No such reserve is listed, or it stands for another asset.
    error RemoteUnknown();
    error RemoteKnown();
    /// @notice The custodian is itself a listed token of that chain, or the token a listed
    /// custodian.
    error RemoteIsWrapped();
    /// @notice The reading is of the future, more than an hour old, or outside its own times.
    error ReadingTime();
    /// @notice No balance below 2^128 of a token with at most 36 decimals has 2^248 units.
    error ReadingTooLarge();
    error TooFewReaders(uint256 signers, uint256 needed);
    /// @notice Signers must be in strictly ascending order, and each needs its signature.
    error ReaderOrder(uint256 signer);
    /// @notice The signer is no observer of the venue, or signed something else.
    error ReaderUnknown(address signer);

    /// @notice Lists a reserve of another chain, after the delay. Owner only.
    function announce(
        bytes32 venue,
        string calldata asset,
        uint64 chainId,
        address token,
        address custodian
    ) external;
    /// @notice Takes a reserve off the list, at once. If it was active, the latest attestation is
    /// in breach until the next. Owner only.
    function remove(bytes32 venue, uint64 chainId, address token, address custodian) external;
    /// @notice Records a reading that as many observers signed as an attestation needs, and at
    /// least one. Anyone, in any order of time. Of each 5 minutes the lowest is kept; of equals the
    /// one that more signed who observe now, and of these the first.
    function post(
        Reading calldata reading,
        address[] calldata signers,
        bytes[] calldata signatures
    ) external;

    /// @notice How old a reading may be when it is posted, how long before the first mark one must
    /// have been, and how old the last may be when it counts; in seconds.
    function READING_AGE() external view returns (uint64);
    /// @notice How long after the first mark an attestation may count readings, in seconds.
    function MAX_SPAN() external view returns (uint64);
    function remotesOf(bytes32 venue) external view returns (Remote[] memory);
    /// @notice keccak256(abi.encode(chainId, token, custodian)).
    function remoteId(
        uint64 chainId,
        address token,
        address custodian
    ) external pure returns (bytes32);
    /// @notice Who lists a remote now, in no order. **One balance elsewhere can be listed by several
    /// venues and counts for each**: no contract here can ask its custodian which it backs. Anyone
    /// can also list a remote that is not theirs, which by itself counts nothing.
    /// @param remote See `remoteId`.
    function venuesOf(bytes32 remote) external view returns (bytes32[] memory);
    /// @notice What an observer signs.
    function digestOf(Reading calldata reading, address signer) external view returns (bytes32);
    /// @notice What counts for customers beside `home`: for each remote the least of its readings,
    /// if they are around the first mark, the last is at most `READING_AGE` old, and of those who
    /// signed each of these two enough still observe; 0 else.
    /// @param home What counts on this chain; other assets count nothing.
    /// @param from The time of the first mark on this chain; 0 if there is none: nothing counts.
    /// @param capBps See `Limits.elsewhereBps`.
    /// @return units One entry for each holding in `home`, in 10^-36 of a whole unit, below 2^252:
    /// at most `capBps` / 10,000 of its part for customers.
    function count(
        bytes32 venue,
        Holding[] calldata home,
        uint64 from,
        uint16 capBps
    ) external view returns (uint256[] memory units);
    /// @notice When a remote that was active was last removed, in seconds since 1970; 0 if never.
    function removedAt(bytes32 venue) external view returns (uint64);
}
