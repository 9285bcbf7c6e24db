// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Holding} from "./IReserves.sol";

/// @title Reserves on other chains, as observers read them
/// @notice Counts the least of the readings around an attestation, and at most a share of what is read
/// on this chain. Of coins that are moved from chain to chain, no two chains are read at one instant:
/// the readings of one reserve must include one at or before the first mark here and one at or after
/// the last, and the least of all of them counts.
interface IElsewhere {
    /// A balance on another chain. EIP-712 in the domain of this contract, with the signer's address
    /// first.
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
        uint64 notBefore;
        uint64 deadline;
    }

    /// A reserve on another chain. Its custodian's acceptance there names this registry; observers
    /// compare that before they sign.
    struct Remote {
        bytes32 asset;
        uint64 chainId;
        address token;
        address custodian;
        uint64 activeFrom;
    }

    event RemoteAnnounced(
        bytes32 indexed venue,
        string asset,
        uint64 chainId,
        address token,
        address custodian,
        uint64 activeFrom
    );
    event RemoteRemoved(bytes32 indexed venue, uint64 chainId, address token, address custodian);
    event Read(bytes32 indexed venue, uint256 indexed remote, Reading reading, address[] signers);

    error RemoteUnknown();
    error RemoteKnown();
    error ReadingTime();
    error TooFewReaders(uint256 signers, uint256 needed);

    function announce(
        bytes32 venue,
        string calldata asset,
        uint64 chainId,
        address token,
        address custodian
    ) external;
    function remove(bytes32 venue, uint64 chainId, address token, address custodian) external;
    /// @notice Records a reading that as many observers signed as an attestation needs. Anyone.
    function post(
        Reading calldata reading,
        address[] calldata signers,
        bytes[] calldata signatures
    ) external;
    function remotesOf(bytes32 venue) external view returns (Remote[] memory);
    /// @notice What counts for customers beside `home`, by asset, before the cap: for each remote the
    /// least of its readings, if they are around `[from, now]` and their signers still observe; 0 else.
    /// @param home What counts on this chain; other assets count nothing.
    /// @param from The time of the first mark on this chain.
    /// @param capBps See `Limits.elsewhereBps`.
    /// @return units One entry for each holding in `home`, capped.
    function count(
        bytes32 venue,
        Holding[] calldata home,
        uint64 from,
        uint16 capBps
    ) external view returns (uint256[] memory units);
    function removedAt(bytes32 venue) external view returns (uint64);
}
