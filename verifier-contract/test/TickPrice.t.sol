// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {TickPrice} from "../contracts/feeds/TickPrice.sol";
import {Test} from "./Test.sol";

contract TickPriceTest is Test {
    function priceOf(int256 tick, int256 power) external pure returns (uint256) {
        return TickPrice.priceOf(tick, power);
    }

    function test_prices_of_ticks_are_exact_to_120_bits() external pure {
        // Computed with 120 decimal digits.
        near(0, 18, 1000000000000000000);
        near(1, 18, 1000100000000000000);
        near(-1, 18, 999900009999000099);
        near(200000, 18, 484680305025733588332716006);
        near(-200000, 38, 206321566944401848001832581497);
        near(443636, 0, 18446050711097703529);
        near(887272, -18, 340256786836388094050);
        near(-887272, 38, 0);
        near(887272, -38, 3);
        near(69081, -2, 9);
        near(-1, 38, 99990000999900009999000099990000999900);
        near(1, 38, 100010000000000000000000000000000000000);
    }

    function test_prices_that_do_not_fit_are_the_largest_number() external pure {
        uint256 none = type(uint256).max;
        vm.assertEq(TickPrice.priceOf(887_272, 0), none, "2^128");
        vm.assertEq(TickPrice.priceOf(887_272, 38), none, "far more");
        vm.assertEq(TickPrice.priceOf(-887_272, 0), uint256(0), "less than 1");
        vm.assertEq(TickPrice.priceOf(-887_272, -38), uint256(0), "far less");
    }

    function test_a_price_grows_with_its_tick(int24 tick) external pure {
        int256 one = int256(tick) % 400_000;
        uint256 less = TickPrice.priceOf(one, 18);
        uint256 more = TickPrice.priceOf(one + 1, 18);
        vm.assertLe(less, more, "grows");
        // By one in 10,000, but for the rounding of both.
        vm.assertLe((less * 10_001) / 10_000, more + 1, "by as much");
        vm.assertLe(more, (less * 10_001) / 10_000 + 2, "and no more");
    }

    function test_there_are_no_ticks_beyond_the_last() external {
        vm.expectRevert(abi.encodeWithSelector(TickPrice.TickOutOfRange.selector, 887_273));
        this.priceOf(887_273, 0);
        vm.expectRevert(abi.encodeWithSelector(TickPrice.TickOutOfRange.selector, -887_273));
        this.priceOf(-887_273, 0);
    }

    function near(int256 tick, int256 power, uint256 expected) private pure {
        uint256 price = TickPrice.priceOf(tick, power);
        vm.assertLe(price, expected + (expected >> 120), "not more");
        vm.assertGe(price + (expected >> 120) + 1, expected, "not less");
    }
}
