// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

/// An oracle with the rounds that a test gives it, and each way to misbehave.
contract FakeFeed {
    enum Fault {
        None,
        Reverts,
        RevertsLong,
        ReturnsLong,
        BurnsGas,
        ReturnsShort,
        OtherRound
    }

    struct Entry {
        int256 answer;
        uint256 startedAt;
        uint256 updatedAt;
    }

    uint8 public decimals;
    Fault public fault;
    uint80 public latest;
    mapping(uint80 => Entry) public entries;

    constructor(uint8 decimals_) {
        decimals = decimals_;
    }

    function set(uint80 round, int256 answer, uint256 time) external {
        entries[round] = Entry(answer, time, time);
        if (round > latest) latest = round;
    }

    function setEntry(uint80 round, Entry calldata entry) external {
        entries[round] = entry;
        if (round > latest) latest = round;
    }

    function setLatest(uint80 round) external {
        latest = round;
    }

    function setDecimals(uint8 decimals_) external {
        decimals = decimals_;
    }

    function setFault(Fault fault_) external {
        fault = fault_;
    }

    function latestRoundData() external view returns (uint80, int256, uint256, uint256, uint80) {
        return getRoundData(latest);
    }

    function getRoundData(
        uint80 round
    ) public view returns (uint80, int256, uint256, uint256, uint80) {
        Fault how = fault;
        if (how == Fault.Reverts) revert("No data present");
        if (how == Fault.BurnsGas) while (true) {}
        if (how == Fault.ReturnsLong || how == Fault.RevertsLong) {
            // As much as can be paid for, the answer in front of it.
            Entry storage entry = entries[round];
            (int256 answer, uint256 updatedAt) = (entry.answer, entry.updatedAt);
            bool reverts = how == Fault.RevertsLong;
            assembly {
                mstore(0, round)
                mstore(32, answer)
                mstore(64, updatedAt)
                mstore(96, updatedAt)
                mstore(128, round)
                switch reverts
                case 0 {
                    return(0, 70000)
                }
                default {
                    revert(0, 70000)
                }
            }
        }
        if (how == Fault.ReturnsShort) {
            assembly {
                return(0, 159)
            }
        }
        Entry memory found = entries[round];
        uint80 id = how == Fault.OtherRound ? round + 1 : round;
        return (id, found.answer, found.startedAt, found.updatedAt, id);
    }
}

/// The part of a venue that the list of feeds asks for.
contract FakeVenues {
    address public immutable OWNER;
    uint64 public delay;

    error NotOwner(address caller);

    constructor(address owner, uint64 delay_) {
        OWNER = owner;
        delay = delay_;
    }

    function setDelay(uint64 delay_) external {
        delay = delay_;
    }

    function requireOwner(bytes32, address caller) external view {
        if (caller != OWNER) revert NotOwner(caller);
    }

    function effectiveFrom(bytes32) external view returns (uint64) {
        return uint64(block.timestamp) + delay;
    }
}
