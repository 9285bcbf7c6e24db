// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

/// @title Says of a time what it is told to
contract MockDraws {
    struct Draw {
        bytes32 source;
        uint32 day;
        uint64 second;
        bool known;
    }

    mapping(bytes32 digest => Draw) public drawOf;

    function set(bytes32 digest, bytes32 source, uint32 day, uint64 second) external {
        drawOf[digest] = Draw(source, day, second, true);
    }
}
