// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {IObservers} from "../contracts/interfaces/IObservers.sol";
import {ObserversSetup} from "./ObserversSetup.sol";

/// Who observed at a time, and how many had to sign, whatever was changed since.
contract ObserversThenTest is ObserversSetup {
    uint64 private start;

    function setUp() public override {
        super.setUp();
        start = now64();
        vm.warp(start + 10 days);
    }

    function observed(uint256 i, uint64 time) private view returns (bool) {
        return observers.observedAt(VENUE, observer(i), time);
    }

    function test_those_of_a_time_stay_those_of_that_time() external {
        uint64 then = now64();
        remove(owner, observer(0));
        vm.assertTrue(observed(0, then), "in its very block");
        vm.warp(then + 1);
        vm.assertTrue(!observed(0, then + 1), "and not after");
        announce(observer(0));
        remove(guardian, observer(0));
        announce(observer(0));
        vm.warp(then + 20 days);
        vm.assertTrue(observed(0, then), "still");
        vm.assertTrue(!observed(0, then + DELAY + 1), "not in the delay");
        vm.assertTrue(observed(0, then + DELAY + 2), "again");
        vm.assertTrue(!observed(0, 0), "never");
        vm.assertTrue(!observed(0, start), "before it was named");
        vm.assertTrue(observed(0, start + 1), "once it was");
    }

    function test_nothing_is_said_of_the_future() external {
        // Nor of a time that 48 bits would make one of the past.
        uint64[2] memory times = [now64() + 1, (1 << 48) + now64()];
        for (uint256 i = 0; i < 2; ++i) {
            vm.expectRevert(abi.encodeWithSelector(IObservers.NotYet.selector, times[i]));
            observers.observedAt(VENUE, observer(0), times[i]);
            vm.expectRevert(abi.encodeWithSelector(IObservers.NotYet.selector, times[i]));
            observers.thresholdAt(VENUE, times[i]);
        }
    }

    function test_strangers_and_other_venues_never_were() external view {
        vm.assertTrue(!observers.observedAt(VENUE, address(0x77), now64()), "stranger");
        bytes32 other = keccak256("other");
        vm.assertTrue(!observers.observedAt(other, observer(0), now64()), "venue");
        vm.assertEq(uint256(observers.thresholdAt(other, now64())), 0, "threshold");
    }

    function test_who_left_by_itself_is_not_heard_of_before() external {
        uint64 then = now64();
        vm.warp(then + 1 days);
        remove(observer(0), observer(0));
        announce(observer(0));
        vm.warp(then + 9 days);
        vm.assertTrue(!observed(0, then), "left");
        vm.assertTrue(observed(0, now64()), "named again");
    }

    function test_the_threshold_of_a_time() external {
        uint64 then = now64();
        setThreshold(3);
        vm.assertEq(uint256(observers.thresholdAt(VENUE, then)), 2, "before the block");
        vm.warp(then + 1);
        vm.assertEq(uint256(observers.thresholdAt(VENUE, then + 1)), 3, "raised at once");
        setThreshold(1);
        vm.warp(then + 10 days);
        vm.assertEq(uint256(observers.thresholdAt(VENUE, then + DELAY + 1)), 3, "not yet");
        vm.assertEq(uint256(observers.thresholdAt(VENUE, then + DELAY + 2)), 1, "lowered");
        setThreshold(0);
        vm.warp(then + 11 days);
        // Raised before the lower one applied, which it never does.
        setThreshold(2);
        vm.warp(then + 30 days);
        vm.assertEq(uint256(observers.thresholdAt(VENUE, then + 11 days)), 1, "announced");
        vm.assertEq(uint256(observers.thresholdAt(VENUE, then + 13 days)), 2, "replaced");
        vm.assertEq(uint256(observers.thresholdAt(VENUE, 0)), 0, "never");
        vm.assertEq(uint256(observers.thresholdAt(VENUE, start)), 0, "before");
    }

    /// What is said of the past is what was asked then.
    function test_the_past_is_what_it_was(uint256 seed) external {
        bool[] memory was = new bool[](24);
        uint8[] memory needed = new uint8[](24);
        uint64[] memory times = new uint64[](24);
        for (uint256 i = 0; i < 24; ++i) {
            vm.warp(now64() + 1 + (uint256(keccak256(abi.encode(seed, i))) % 30 hours));
            // As a block begins, before anything is done in it.
            times[i] = now64();
            vm.warp(times[i] - 1);
            was[i] = observers.isObserver(VENUE, observer(0));
            needed[i] = observers.thresholdOf(VENUE);
            vm.warp(times[i]);
            uint256 act = uint256(keccak256(abi.encode(seed, i, "act"))) % 6;
            if (act < 2) try this.swap() {} catch {}
            if (act > 2) try this.need(uint8(act - 3)) {} catch {}
        }
        vm.warp(now64() + 10 days);
        for (uint256 i = 0; i < 24; ++i) {
            vm.assertTrue(observed(0, times[i]) == was[i], "who");
            vm.assertEq(
                uint256(observers.thresholdAt(VENUE, times[i])),
                uint256(needed[i]),
                "how many"
            );
        }
    }

    function swap() external {
        bool known = false;
        address[] memory members = observers.observersOf(VENUE).members;
        for (uint256 i = 0; i < members.length; ++i) known = known || members[i] == observer(0);
        if (known) remove(owner, observer(0));
        else announce(observer(0));
    }

    function need(uint8 threshold) external {
        setThreshold(threshold);
    }
}
