// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Test} from "./Test.sol";
import {Venues} from "../contracts/Venues.sol";
import {SolvencyRegistry} from "../contracts/SolvencyRegistry.sol";

contract VenuesTest is Test {
    function test_compile() external {
        vm.assertTrue(type(Venues).creationCode.length < 24576, "size");
        vm.assertEq(type(SolvencyRegistry).creationCode.length, uint256(1), "size");
    }
}
