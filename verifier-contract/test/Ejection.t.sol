// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Attested, IObservers, Signature} from "../contracts/interfaces/IObservers.sol";
import {ObserversSetup} from "./ObserversSetup.sol";

/// Ejection of an observer that signed two attestations of one number.
contract EjectionTest is ObserversSetup {
    Attested internal other;

    function setUp() public override {
        super.setUp();
        other = attested;
        other.context = bytes32("other context");
    }

    function test_two_contexts_of_one_number_eject_for_good() external {
        vm.prank(carrier);
        _eject(sign(keys[0]), _signOther(keys[0], now64()));
        vm.assertTrue(observers.isEjected(VENUE, observer(0)), "ejected");
        vm.assertTrue(!observers.isObserver(VENUE, observer(0)), "no member");
        vm.assertEq(observers.observersOf(VENUE).members.length, uint256(2), "of the list");
        refuses(IObservers.ObserverWasEjected.selector, observer(0));
        announce(observer(0));
        Signature[] memory list = all(2);
        refuses(IObservers.ObserverUnknown.selector, observer(0));
        check(list);
    }

    function test_two_programs_or_totals_of_one_number_eject_too() external {
        other = attested;
        other.program = bytes32("other program");
        _eject(sign(keys[0]), _signOther(keys[0], now64()));
        other = attested;
        other.totals = bytes32("other totals");
        _eject(sign(keys[1]), _signOther(keys[1], now64()));
    }

    function test_evidence_does_not_lapse() external {
        Signature memory one = sign(keys[0]);
        Signature memory two = _signOther(keys[0], now64() + 5 minutes);
        vm.warp(block.timestamp + 1000 days);
        _eject(one, two);
    }

    function test_what_is_signed_when_the_first_has_lapsed_does_not_eject() external {
        // A submission failed, and the venue made the attestation of this number again.
        Signature memory one = sign(keys[0]);
        Signature memory two = _signOther(keys[0], now64() + 5 minutes + 1);
        vm.expectRevert(IObservers.NoEquivocation.selector);
        _eject(one, two);
        vm.expectRevert(IObservers.NoEquivocation.selector);
        observers.eject(address(this), other, attested, two, one);
    }

    function test_a_signature_that_no_registry_takes_does_not_eject() external {
        Signature memory two = blank(observer(0));
        two.deadline = now64() + 10 minutes + 1;
        sign(keys[0], two, other);
        Signature memory one = sign(keys[0]);
        vm.expectRevert(IObservers.NoEquivocation.selector);
        _eject(one, two);
        two.deadline = two.signedAt - 1;
        sign(keys[0], two, other);
        vm.expectRevert(IObservers.NoEquivocation.selector);
        _eject(one, two);
    }

    function test_one_attestation_signed_twice_does_not_eject() external {
        other = attested;
        Signature memory one = sign(keys[0]);
        Signature memory two = _signOther(keys[0], now64() + 1);
        vm.expectRevert(IObservers.NoEquivocation.selector);
        _eject(one, two);
    }

    function test_other_numbers_venues_and_signers_do_not_eject() external {
        Signature memory one = sign(keys[0]);
        Signature memory two = _signOther(keys[1], now64());
        vm.expectRevert(IObservers.NoEquivocation.selector);
        _eject(one, two);
        other.sequence++;
        two = _signOther(keys[0], now64());
        vm.expectRevert(IObservers.NoEquivocation.selector);
        _eject(one, two);
        (other.sequence, other.venue) = (attested.sequence, keccak256("other"));
        two = _signOther(keys[0], now64());
        vm.expectRevert(IObservers.NoEquivocation.selector);
        _eject(one, two);
    }

    function test_nobody_is_ejected_by_what_it_did_not_sign() external {
        Signature memory one = sign(keys[0]);
        Signature memory two = _signOther(keys[0], now64());
        two.signature = _signOther(keys[1], now64()).signature;
        refuses(IObservers.SignatureInvalid.selector, observer(0));
        _eject(one, two);
        two = _signOther(keys[0], now64());
        one.signature = sign(keys[1]).signature;
        refuses(IObservers.SignatureInvalid.selector, observer(0));
        _eject(one, two);
        one = sign(keys[0]);
        refuses(IObservers.SignatureInvalid.selector, observer(0));
        observers.eject(address(0xBEEF), attested, other, one, two);
        vm.chainId(block.chainid + 1);
        refuses(IObservers.SignatureInvalid.selector, observer(0));
        _eject(one, two);
    }

    function test_who_does_not_observe_cannot_be_ejected() external {
        Signature memory one = sign(0x77);
        Signature memory two = _signOther(0x77, now64());
        refuses(IObservers.ObserverUnknown.selector, vm.addr(0x77));
        _eject(one, two);
    }

    function test_who_was_removed_is_ejected_before_it_can_come_back() external {
        setAlarmThreshold(1);
        Signature memory one = sign(keys[0]);
        Signature memory two = _signOther(keys[0], now64());
        remove(owner, observer(0));
        _eject(one, two);
        vm.expectRevert(abi.encodeWithSelector(IObservers.TooFewSignatures.selector, 0, 1));
        alarm(now64() + 1 hours, 0, 1);
        refuses(IObservers.ObserverWasEjected.selector, observer(0));
        announce(observer(0));
    }

    function test_who_left_long_ago_is_ejected_too() external {
        Signature memory one = sign(keys[0]);
        Signature memory two = _signOther(keys[0], now64());
        remove(observer(0), observer(0));
        vm.warp(block.timestamp + 100 days);
        _eject(one, two);
        vm.assertTrue(observers.isEjected(VENUE, observer(0)), "ejected");
        refuses(IObservers.ObserverWasEjected.selector, observer(0));
        _eject(one, two);
    }

    function _signOther(uint256 key, uint64 from) private view returns (Signature memory by) {
        by = blank(vm.addr(key));
        (by.signedAt, by.deadline) = (from, from + 5 minutes);
        sign(key, by, other);
    }

    function _eject(Signature memory one, Signature memory two) private {
        observers.eject(address(this), attested, other, one, two);
    }
}
