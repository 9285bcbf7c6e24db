// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Test} from "./Test.sol";

contract SetupTest is Test {
    function test_time() external {
        vm.warp(5);
        vm.assertEq(block.timestamp, uint256(5), "time");
    }
}
