// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {IObservers} from "../contracts/interfaces/IObservers.sol";
import {ObserversSetup} from "./ObserversSetup.sol";

/// Alarms: who may raise one, how long it lasts, how often. Two of three observers, once they may.
contract AlarmsTest is ObserversSetup {
    event Alarmed(bytes32 indexed venue, bytes32 reason, uint64 until, address[] signers);

    function setUp() public override {
        super.setUp();
        setAlarmThreshold(2);
    }

    function test_enough_observers_alarm_and_it_lapses() external {
        uint64 until = now64() + 24 hours;
        address[] memory signers = new address[](2);
        (signers[0], signers[1]) = (observer(0), observer(1));
        vm.expectEmit(true, true, true, true);
        emit Alarmed(VENUE, bytes32("why"), until, signers);
        alarm(until, 0, 2);
        vm.assertEq(uint256(observers.alarmedUntil(VENUE)), uint256(until), "until");
    }

    function test_fewer_than_the_threshold_do_not() external {
        vm.expectRevert(abi.encodeWithSelector(IObservers.TooFewSignatures.selector, 1, 2));
        alarm(now64() + 1 hours, 0, 1);
        // One observer twice is one.
        (address[] memory signers, bytes[] memory signatures) = _twice(now64() + 1 hours);
        vm.expectRevert(abi.encodeWithSelector(IObservers.SignerOrder.selector, 1));
        observers.alarm(VENUE, bytes32("why"), now64() + 1 hours, signers, signatures);
        bytes[] memory fewer = new bytes[](1);
        vm.expectRevert(abi.encodeWithSelector(IObservers.OtherLength.selector, 2, 1));
        observers.alarm(VENUE, bytes32("why"), now64() + 1 hours, signers, fewer);
    }

    function test_nobody_alarms_a_venue_without_an_alarm_threshold() external {
        setAlarmThreshold(0);
        vm.warp(block.timestamp + DELAY);
        vm.expectRevert(abi.encodeWithSelector(IObservers.TooFewSignatures.selector, 3, 0));
        alarm(now64() + 1 hours, 0, 3);
        vm.expectRevert(abi.encodeWithSelector(IObservers.TooFewSignatures.selector, 0, 0));
        alarm(now64() + 1 hours, 0, 0);
    }

    function test_an_alarm_is_of_one_venue_reason_time_chain_and_contract() external {
        uint64 until = now64() + 1 hours;
        (address[] memory signers, bytes[] memory signatures) = _by(until);
        _fewer(0);
        observers.alarm(VENUE, bytes32("other"), until, signers, signatures);
        _fewer(0);
        observers.alarm(VENUE, bytes32("why"), until + 1, signers, signatures);
        uint256 chain = block.chainid;
        vm.chainId(chain + 1);
        _fewer(0);
        observers.alarm(VENUE, bytes32("why"), until, signers, signatures);
        vm.chainId(chain);
        observers.alarm(VENUE, bytes32("why"), until, signers, signatures);
    }

    function test_an_alarm_lasts_a_day_at_most() external {
        uint64 latest = now64() + 24 hours;
        bytes4 selector = IObservers.AlarmTooLong.selector;
        vm.expectRevert(abi.encodeWithSelector(selector, latest + 1, latest));
        alarm(latest + 1, 0, 2);
        vm.expectRevert(abi.encodeWithSelector(selector, type(uint64).max, latest));
        alarm(type(uint64).max, 0, 2);
    }

    function test_no_alarm_is_sent_twice() external {
        uint64 until = now64() + 1 hours;
        alarm(until, 0, 2);
        bytes4 selector = IObservers.AlarmNotLater.selector;
        vm.expectRevert(abi.encodeWithSelector(selector, until, until));
        alarm(until, 0, 2);
        vm.warp(until + 1);
        vm.expectRevert(abi.encodeWithSelector(selector, until, until + 1));
        alarm(until, 0, 2);
    }

    function test_observers_cannot_pause_for_ever() external {
        uint256 paused = 0;
        for (uint256 day = 0; day < 60; day++) {
            uint64 until = now64() + 24 hours;
            for (uint256 i = 0; i < 2; i++) {
                try this.raise(until, i) {
                    paused++;
                    break;
                } catch {}
            }
            vm.warp(until);
        }
        // Each pair has the one in the middle, who has three in thirty days.
        vm.assertEq(paused, uint256(6), "days of sixty");
    }

    function raise(uint64 until, uint256 first) external {
        alarm(until, first, 2);
    }

    function test_an_observer_that_alarmed_thrice_has_to_wait_and_is_named() external {
        uint64 first = now64();
        for (uint256 i = 1; i < 4; i++) alarm(first + uint64(i) * 1 hours, 0, 2);
        _fewer(0);
        alarm(first + 4 hours, 0, 2);
        uint64[3] memory past = observers.alarmsOf(VENUE, observer(0));
        vm.assertEq(uint256(past[2]), uint256(first), "when");
        vm.warp(first + 30 days - 1);
        _fewer(0);
        alarm(now64() + 1 hours, 0, 2);
        vm.warp(first + 30 days);
        alarm(now64() + 1 hours, 0, 2);
    }

    function test_no_observer_uses_up_the_alarms_of_others() external {
        setAlarmThreshold(1);
        for (uint256 i = 1; i < 4; i++) alarm(now64() + uint64(i), 0, 1);
        alarm(now64() + 4, 1, 1);
    }

    function test_removed_observers_can_still_alarm_within_the_delay() external {
        remove(owner, observer(0));
        remove(guardian, observer(1));
        alarm(now64() + 1 hours, 0, 2);
        vm.warp(block.timestamp + DELAY);
        _fewer(0);
        alarm(now64() + 1 hours, 0, 2);
    }

    function test_naming_and_removing_again_does_not_disarm_an_observer() external {
        remove(owner, observer(0));
        announce(observer(0));
        alarm(now64() + 1, 0, 2);
        remove(owner, observer(0));
        alarm(now64() + 2, 0, 2);
    }

    function test_an_observer_that_left_by_itself_cannot_alarm() external {
        remove(observer(0), observer(0));
        _fewer(1);
        alarm(now64() + 1 hours, 0, 2);
        // Nor one that was removed, is named again, and leaves then.
        remove(owner, observer(1));
        announce(observer(1));
        remove(observer(1), observer(1));
        _fewer(1);
        alarm(now64() + 1 hours, 1, 2);
    }

    function test_an_observer_that_does_not_count_yet_cannot_alarm() external {
        remove(observer(0), observer(0));
        announce(observer(0));
        _fewer(1);
        alarm(now64() + 1 hours, 0, 2);
        remove(owner, observer(0));
        _fewer(1);
        alarm(now64() + 1 hours, 0, 2);
    }

    function test_who_left_meanwhile_takes_no_others_word_away() external {
        uint64 until = now64() + 1 hours;
        remove(observer(1), observer(1));
        address[] memory signers = new address[](2);
        (signers[0], signers[1]) = (observer(0), observer(2));
        vm.expectEmit(true, true, true, true);
        emit Alarmed(VENUE, bytes32("why"), until, signers);
        alarm(until, 0, 3);
        vm.assertEq(observers.alarmsOf(VENUE, observer(1))[0], 0, "who left used none up");
    }

    function test_whose_alarm_is_not_counted_uses_none_up() external {
        // A stranger, a used up observer, a signature of something else: the two others count.
        setAlarmThreshold(1);
        for (uint256 i = 1; i < 4; i++) alarm(now64() + uint64(i), 2, 1);
        vm.warp(block.timestamp + DELAY);
        uint64 until = now64() + 1 hours;
        (address[] memory signers, bytes[] memory signatures) = _by(until);
        signatures[1] = alarmBy(keys[1], until + 1);
        observers.alarm(VENUE, bytes32("why"), until, signers, signatures);
        vm.assertEq(observers.alarmsOf(VENUE, observer(1))[0], 0, "signed another");
        alarm(until + 1, 1, 2);
        vm.assertEq(observers.alarmsOf(VENUE, observer(2))[0], now64() - DELAY, "used up");
    }

    function test_alarms_are_made_easier_at_once_and_harder_after_the_delay() external {
        setAlarmThreshold(1);
        vm.assertEq(_alarmThreshold(), uint256(1), "easier");
        setAlarmThreshold(3);
        vm.assertEq(_alarmThreshold(), uint256(1), "not yet");
        vm.warp(block.timestamp + DELAY);
        vm.assertEq(_alarmThreshold(), uint256(3), "harder");
        setAlarmThreshold(0);
        vm.assertEq(_alarmThreshold(), uint256(3), "not yet");
        vm.warp(block.timestamp + DELAY);
        vm.assertEq(_alarmThreshold(), uint256(0), "none");
        setAlarmThreshold(3);
        vm.assertEq(_alarmThreshold(), uint256(3), "at once");
    }

    /// Of the two that are needed, so many count.
    function _fewer(uint256 count) private {
        vm.expectRevert(abi.encodeWithSelector(IObservers.TooFewSignatures.selector, count, 2));
    }

    function _alarmThreshold() private view returns (uint256) {
        return observers.observersOf(VENUE).alarmThreshold;
    }

    function _by(uint64 until) private view returns (address[] memory, bytes[] memory) {
        address[] memory signers = new address[](2);
        bytes[] memory signatures = new bytes[](2);
        for (uint256 i = 0; i < 2; i++) {
            (signers[i], signatures[i]) = (observer(i), alarmBy(keys[i], until));
        }
        return (signers, signatures);
    }

    function _twice(uint64 until) private view returns (address[] memory, bytes[] memory) {
        (address[] memory signers, bytes[] memory signatures) = _by(until);
        (signers[1], signatures[1]) = (signers[0], signatures[0]);
        return (signers, signatures);
    }
}
