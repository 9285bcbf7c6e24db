// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Observers} from "../contracts/Observers.sol";
import {IObservers, Signature} from "../contracts/interfaces/IObservers.sol";
import {IVenues} from "../contracts/interfaces/IVenues.sol";
import {ObserversSetup, OneVenue} from "./ObserversSetup.sol";

/// Who is an observer, how many must sign, and from when on.
contract ObserversTest is ObserversSetup {
    address internal constant NEW = address(0xB1);

    function test_needs_a_list_of_venues() external {
        vm.expectRevert(abi.encodeWithSelector(IObservers.NoVenues.selector, address(5)));
        new Observers(IVenues(address(5)));
    }

    function test_lists_observers_in_ascending_order() external view {
        IObservers.ObserversView memory found = observers.observersOf(VENUE);
        vm.assertEq(found.members.length, uint256(3), "members");
        for (uint256 i = 0; i < 3; i++) vm.assertEq(found.members[i], observer(i), "order");
        vm.assertEq(uint256(found.threshold), uint256(2), "threshold");
    }

    function test_stays_in_order_when_observers_come_and_go(uint256 seed) external {
        venues.settle(type(uint64).max);
        setThreshold(0);
        for (uint256 i = 0; i < 24; i++) {
            address account = address(
                uint160(0xC0 + (uint256(keccak256(abi.encode(seed, i))) % 12))
            );
            if (observers.isObserver(VENUE, account)) remove(owner, account);
            else announce(account);
        }
        IObservers.ObserversView memory found = observers.observersOf(VENUE);
        for (uint256 i = 1; i < found.members.length; i++) {
            vm.assertTrue(found.members[i - 1] < found.members[i], "ascending");
        }
        for (uint256 i = 0; i < found.members.length; i++) {
            vm.assertTrue(observers.isObserver(VENUE, found.members[i]), "a member");
        }
    }

    function test_only_the_owner_names_observers_and_thresholds() external {
        bytes memory why = abi.encodeWithSelector(OneVenue.NotOwner.selector, guardian);
        vm.expectRevert(why);
        vm.prank(guardian);
        observers.announceObserver(VENUE, NEW);
        vm.expectRevert(why);
        vm.prank(guardian);
        observers.setThreshold(VENUE, 3);
        vm.expectRevert(why);
        vm.prank(guardian);
        observers.setAlarmThreshold(VENUE, 1);
    }

    function test_refuses_the_venue_itself_as_an_observer() external {
        address[4] memory its = [owner, address(0xA5), publisher, address(0xA6)];
        venues.set(its[0], its[1], its[2], its[3]);
        for (uint256 i = 0; i < 4; i++) {
            refuses(IObservers.ObserverIsVenue.selector, its[i]);
            announce(its[i]);
        }
        vm.expectRevert(IObservers.NoObserver.selector);
        announce(address(0));
    }

    function test_refuses_an_observer_twice_and_too_many() external {
        refuses(IObservers.ObserverKnown.selector, observer(1));
        announce(observer(1));
        for (uint160 i = 3; i < 16; i++) announce(address(0xD00 + i));
        vm.expectRevert(abi.encodeWithSelector(IObservers.TooManyObservers.selector, 16));
        announce(NEW);
    }

    function test_counts_an_observer_only_after_the_delay() external {
        announce(NEW);
        vm.assertTrue(!observers.isObserver(VENUE, NEW), "at once");
        vm.warp(block.timestamp + DELAY - 1);
        vm.assertTrue(!observers.isObserver(VENUE, NEW), "too early");
        vm.warp(block.timestamp + 1);
        vm.assertTrue(observers.isObserver(VENUE, NEW), "after the delay");
    }

    function test_owner_guardian_and_the_observer_itself_remove_at_once() external {
        refuses(IObservers.NotRemover.selector, carrier);
        remove(carrier, observer(0));
        remove(owner, observer(0));
        remove(guardian, observer(1));
        remove(observer(2), observer(2));
        for (uint256 i = 0; i < 3; i++) {
            vm.assertTrue(!observers.isObserver(VENUE, observer(i)), "removed");
        }
        refuses(IObservers.ObserverUnknown.selector, observer(0));
        remove(owner, observer(0));
    }

    function test_anyone_removes_an_observer_that_became_the_venue() external {
        venues.set(observer(0), address(0), observer(1), observer(1));
        remove(carrier, observer(0));
        remove(carrier, observer(1));
        refuses(IObservers.NotRemover.selector, carrier);
        remove(carrier, observer(2));
    }

    function test_removal_never_lets_fewer_than_the_threshold_pass() external {
        Signature[] memory list = all(1);
        remove(owner, observer(1));
        remove(owner, observer(2));
        vm.assertEq(uint256(observers.thresholdOf(VENUE)), uint256(2), "threshold");
        vm.expectRevert(abi.encodeWithSelector(IObservers.TooFewSignatures.selector, 1, 2));
        check(list);
        // Nor can the venue name others in their place at once.
        announce(NEW);
        vm.assertTrue(!observers.isObserver(VENUE, NEW), "at once");
    }

    function test_raises_the_threshold_at_once_and_lowers_it_after_the_delay() external {
        setThreshold(3);
        vm.assertEq(uint256(observers.thresholdOf(VENUE)), uint256(3), "raised");
        setThreshold(1);
        vm.assertEq(uint256(observers.thresholdOf(VENUE)), uint256(3), "not yet");
        vm.warp(block.timestamp + DELAY - 1);
        vm.assertEq(uint256(observers.thresholdOf(VENUE)), uint256(3), "not yet");
        vm.warp(block.timestamp + 1);
        vm.assertEq(uint256(observers.thresholdOf(VENUE)), uint256(1), "lowered");
        IObservers.ObserversView memory found = observers.observersOf(VENUE);
        vm.assertEq(uint256(found.threshold), uint256(1), "as shown");
    }

    function test_a_second_announcement_of_a_threshold_starts_the_delay_anew() external {
        setThreshold(1);
        vm.warp(block.timestamp + DELAY - 1);
        setThreshold(0);
        vm.warp(block.timestamp + 1);
        vm.assertEq(uint256(observers.thresholdOf(VENUE)), uint256(2), "neither");
        setThreshold(2);
        vm.warp(block.timestamp + 10 * DELAY);
        vm.assertEq(uint256(observers.thresholdOf(VENUE)), uint256(2), "taken back");
    }

    function test_refuses_a_threshold_that_nobody_can_reach() external {
        vm.expectRevert(abi.encodeWithSelector(IObservers.ThresholdOutOfRange.selector, 4, 3));
        setThreshold(4);
        vm.expectRevert(abi.encodeWithSelector(IObservers.ThresholdOutOfRange.selector, 4, 3));
        setAlarmThreshold(4);
    }

    function test_observers_of_one_venue_are_none_of_another() external {
        bytes32 other = keccak256("other");
        vm.assertTrue(!observers.isObserver(other, observer(0)), "unknown");
        vm.assertEq(observers.observersOf(other).members.length, uint256(0), "none");
        vm.expectRevert(abi.encodeWithSelector(OneVenue.UnknownVenue.selector, other));
        vm.prank(owner);
        observers.announceObserver(other, NEW);
    }
}
