// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Attested, IObservers, Signature} from "../contracts/interfaces/IObservers.sol";
import {ObserversSetup} from "./ObserversSetup.sol";

/// Observers that leave by themselves in front of a transaction that their signature is in. They
/// cost a second one, and nothing else.
contract LeaversTest is ObserversSetup {
    function tryAlarm(uint64 until, uint256 count) external {
        alarm(until, 0, count);
    }

    function test_who_leaves_stops_no_alarm_of_enough_others() external {
        setAlarmThreshold(2);
        uint64 until = now64() + 1 hours;
        remove(observer(2), observer(2));
        // Where it is not counted, all of the call is refused, and nobody's alarm is used up.
        try this.tryAlarm(until, 3) {} catch {
            for (uint256 i = 0; i < 3; ++i) {
                vm.assertEq(uint256(observers.alarmsOf(VENUE, observer(i))[0]), uint256(0), "none");
            }
            alarm(until, 0, 2);
        }
        vm.assertEq(uint256(observers.alarmedUntil(VENUE)), uint256(until), "alarmed");
    }

    function test_too_few_are_too_few_whoever_left() external {
        setAlarmThreshold(3);
        uint64 until = now64() + 1 hours;
        remove(observer(2), observer(2));
        vm.expectRevert();
        this.tryAlarm(until, 3);
        vm.expectRevert();
        this.tryAlarm(until, 2);
        vm.assertEq(uint256(observers.alarmedUntil(VENUE)), uint256(0), "no alarm");
    }

    function test_who_leaves_before_it_is_ejected_is_ejected_when_it_comes_back() external {
        Signature memory one = sign(keys[0]);
        Signature memory two = blank(observer(0));
        (two.signedAt, two.deadline) = (now64(), now64() + 5 minutes);
        Attested memory other = attested;
        other.context = "another";
        sign(keys[0], two, other);
        remove(observer(0), observer(0));
        try observers.eject(address(this), attested, other, one, two) {} catch {
            vm.assertTrue(
                !observers.isEjected(VENUE, observer(0)),
                "not while it does not observe"
            );
            announce(observer(0));
            observers.eject(address(this), attested, other, one, two);
        }
        vm.assertTrue(observers.isEjected(VENUE, observer(0)), "for good");
        vm.expectRevert(
            abi.encodeWithSelector(IObservers.ObserverWasEjected.selector, observer(0))
        );
        announce(observer(0));
    }
}
