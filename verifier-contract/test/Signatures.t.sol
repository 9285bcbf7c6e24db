// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Attested, IObservers, Signature} from "../contracts/interfaces/IObservers.sol";
import {ObserversSetup} from "./ObserversSetup.sol";

/// Asks for a check as a registry does, and measures it.
contract OtherRegistry {
    function check(
        IObservers observers,
        Attested calldata attested,
        address publisher,
        Signature[] calldata signatures
    ) external view returns (uint256 gas_) {
        bytes memory question = abi.encodeCall(
            IObservers.requireSigned,
            (attested, publisher, msg.sender, signatures)
        );
        // Of a call to a contract that the transaction did not call before.
        gas_ = gasleft();
        (bool holds, bytes memory why) = address(observers).staticcall(question);
        gas_ -= gasleft();
        if (holds) return gas_;
        assembly ("memory-safe") {
            revert(add(why, 0x20), mload(why))
        }
    }
}

/// Whose signatures count, in which order, when, and carried by whom. All keys are plain.
contract SignaturesTest is ObserversSetup {
    uint256 internal constant ORDER =
        0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141;

    function test_counts_observers_that_signed() external view {
        vm.assertEq(check(all(2)), uint256(2), "two");
        vm.assertEq(check(all(3)), uint256(3), "three");
    }

    function test_refuses_fewer_than_the_threshold() external {
        Signature[] memory list = all(1);
        vm.expectRevert(abi.encodeWithSelector(IObservers.TooFewSignatures.selector, 1, 2));
        check(list);
    }

    function test_the_publisher_that_sends_need_not_sign() external {
        Signature[] memory list = _observersOnly();
        uint256 count = observers.requireSigned(attested, publisher, publisher, list);
        vm.assertEq(count, uint256(2), "two");
        refuses(IObservers.NotSignedByPublisher.selector, publisher);
        check(list);
        // It may sign as well, and is not counted.
        count = observers.requireSigned(attested, publisher, publisher, all(2));
        vm.assertEq(count, uint256(2), "two");
    }

    function test_no_publisher_no_attestation() external {
        Signature[] memory list = all(2);
        refuses(IObservers.NotSignedByPublisher.selector, address(0));
        observers.requireSigned(attested, address(0), carrier, list);
        list[0] = blank(address(0));
        list[0].compared = 0;
        list[0].signature = new bytes(65);
        refuses(IObservers.SignatureInvalid.selector, address(0));
        observers.requireSigned(attested, address(0), carrier, list);
    }

    function test_duplicates_and_other_orders_are_refused() external {
        Signature[] memory list = all(2);
        list[2] = list[1];
        vm.expectRevert(abi.encodeWithSelector(IObservers.SignerOrder.selector, 2));
        check(list);
        (list[1], list[2]) = (sign(keys[1]), sign(keys[0]));
        vm.expectRevert(abi.encodeWithSelector(IObservers.SignerOrder.selector, 2));
        check(list);
    }

    function test_strangers_are_refused() external {
        Signature[] memory list = all(2);
        list[2] = sign(0x77);
        if (list[2].signer < list[1].signer) (list[1], list[2]) = (list[2], list[1]);
        refuses(IObservers.ObserverUnknown.selector, vm.addr(0x77));
        check(list);
    }

    function test_the_publisher_and_the_owner_do_not_count_as_observers() external {
        Signature[] memory list = all(2);
        list[2] = list[0];
        refuses(IObservers.ObserverIsVenue.selector, publisher);
        check(list);
        list = all(2);
        // They became it after they were named.
        venues.set(observer(1), address(0), publisher, publisher);
        refuses(IObservers.ObserverIsVenue.selector, observer(1));
        check(list);
        venues.set(owner, address(0), observer(0), observer(0));
        refusesCompared(observer(0), 31);
        observers.requireSigned(attested, observer(0), carrier, _observersOnly());
    }

    function test_observers_that_are_not_yet_or_no_longer_are_refused() external {
        announce(vm.addr(0x77));
        Signature[] memory list = all(2);
        list[2] = sign(0x77);
        if (list[2].signer < list[1].signer) (list[1], list[2]) = (list[2], list[1]);
        refuses(IObservers.ObserverUnknown.selector, vm.addr(0x77));
        check(list);
        list = all(2);
        remove(guardian, observer(1));
        refuses(IObservers.ObserverUnknown.selector, observer(1));
        check(list);
    }

    function test_a_signature_is_of_all_that_is_attested() external {
        Signature[] memory list = all(2);
        Attested memory honest = attested;
        for (uint256 i = 0; i < 7; i++) {
            attested = honest;
            if (i == 4) attested.attestation = bytes32("other");
            if (i == 5) attested.verifier = address(0x78);
            if (i == 6) attested.rounds = bytes32("other");
            if (i == 0) attested.sequence++;
            if (i == 1) attested.context = bytes32("other");
            if (i == 2) attested.program = bytes32("other");
            if (i == 3) attested.totals = bytes32("other");
            refuses(IObservers.SignatureInvalid.selector, publisher);
            check(list);
        }
        attested = honest;
        attested.venue = keccak256("other");
        refuses(IObservers.SignatureInvalid.selector, publisher);
        check(list);
    }

    function test_a_signature_is_of_one_chain_and_registry() external {
        Signature[] memory list = all(2);
        OtherRegistry other = new OtherRegistry();
        refuses(IObservers.SignatureInvalid.selector, publisher);
        other.check(observers, attested, publisher, list);
        vm.chainId(block.chainid + 1);
        refuses(IObservers.SignatureInvalid.selector, publisher);
        check(list);
    }

    function test_a_signature_is_of_one_signer() external {
        // The same key signed, but another account is named.
        Signature[] memory list = all(2);
        list[2].signer = observer(2);
        refuses(IObservers.SignatureInvalid.selector, observer(2));
        check(list);
    }

    function test_times_carrier_and_what_was_compared_are_signed() external {
        for (uint256 i = 0; i < 4; i++) {
            Signature[] memory list = all(2);
            if (i == 0) list[1].signedAt--;
            if (i == 1) list[1].deadline++;
            if (i == 2) list[1].carrier = carrier;
            if (i == 3) list[1].compared = 1;
            refuses(IObservers.SignatureInvalid.selector, observer(0));
            check(list);
        }
    }

    function test_a_signature_lasts_ten_minutes_at_most() external {
        Signature[] memory list = all(2);
        list[1].deadline = now64() + 10 minutes;
        sign(keys[0], list[1], attested);
        check(list);
        list[1].deadline++;
        sign(keys[0], list[1], attested);
        refuses(IObservers.SignatureTime.selector, observer(0));
        check(list);
        // Nor does a far time of signing make it last longer.
        list[1].signedAt = now64() + 1;
        sign(keys[0], list[1], attested);
        refuses(IObservers.SignatureTime.selector, observer(0));
        check(list);
        list[1].signedAt = type(uint64).max;
        sign(keys[0], list[1], attested);
        refuses(IObservers.SignatureTime.selector, observer(0));
        check(list);
    }

    function test_a_signature_lapses() external {
        Signature[] memory list = all(2);
        vm.warp(block.timestamp + 5 minutes);
        check(list);
        uint64 deadline = now64();
        vm.warp(block.timestamp + 1);
        bytes4 selector = IObservers.SignatureExpired.selector;
        vm.expectRevert(abi.encodeWithSelector(selector, publisher, deadline));
        check(list);
    }

    function test_only_the_named_carrier_carries() external {
        Signature[] memory list = all(2);
        list[2].carrier = address(0xBAD);
        sign(keys[1], list[2], attested);
        bytes4 selector = IObservers.OtherCarrier.selector;
        vm.expectRevert(abi.encodeWithSelector(selector, observer(1), address(0xBAD)));
        check(list);
        list[2].carrier = carrier;
        sign(keys[1], list[2], attested);
        check(list);
    }

    function test_an_observer_says_what_it_compared() external {
        uint8[2] memory bad = [0, 32];
        for (uint256 i = 0; i < 2; i++) {
            Signature[] memory list = all(2);
            list[1].compared = bad[i];
            sign(keys[0], list[1], attested);
            refusesCompared(observer(0), bad[i]);
            check(list);
        }
        Signature[] memory other = all(2);
        other[0].compared = 1;
        sign(PUBLISHER_KEY, other[0], attested);
        refusesCompared(publisher, 1);
        check(other);
    }

    function test_only_the_lower_s_and_65_bytes_count() external {
        Signature[] memory list = all(2);
        bytes memory honest = list[1].signature;
        bytes32 r;
        uint256 s;
        assembly {
            r := mload(add(honest, 0x20))
            s := mload(add(honest, 0x40))
        }
        uint8 v = uint8(honest[64]);
        bytes[6] memory bad = [
            abi.encodePacked(r, ORDER - s, v == 27 ? uint8(28) : uint8(27)),
            abi.encodePacked(r, v == 28 ? bytes32(s | (1 << 255)) : bytes32(s)),
            abi.encodePacked(r, s, v, uint8(0)),
            abi.encodePacked(r, s),
            abi.encodePacked(r, s, v - 27),
            bytes("")
        ];
        for (uint256 i = 0; i < bad.length; i++) {
            list[1].signature = bad[i];
            refuses(IObservers.SignatureInvalid.selector, observer(0));
            check(list);
        }
        list[1].signature = honest;
        check(list);
    }

    function test_one_signature_of_a_plain_key_takes_less_than_15_000_gas() external {
        setThreshold(0);
        vm.warp(block.timestamp + DELAY);
        OtherRegistry registry = new OtherRegistry();
        Signature[] memory list = new Signature[](1);
        list[0] = blank(publisher);
        bytes32 hash = digest(address(registry), attestOf(attested, list[0]));
        list[0].signature = signed(PUBLISHER_KEY, hash);
        uint256 gas_ = registry.check(observers, attested, publisher, list);
        vm.assertLe(gas_, uint256(15_000), "gas");
    }

    function test_each_observer_with_a_plain_key_takes_less_than_20_000_gas() external {
        OtherRegistry registry = new OtherRegistry();
        uint256[2] memory gas_;
        for (uint256 n = 2; n < 4; n++) {
            Signature[] memory list = all(n);
            for (uint256 i = 0; i <= n; i++) {
                bytes32 hash = digest(address(registry), attestOf(attested, list[i]));
                list[i].signature = signed(i == 0 ? PUBLISHER_KEY : keys[i - 1], hash);
            }
            gas_[n - 2] = registry.check(observers, attested, publisher, list);
        }
        vm.assertLe(gas_[1] - gas_[0], uint256(20_000), "gas");
    }

    function test_a_confirmation_is_not_what_came_with_the_attestation() external {
        bytes32 record = keccak256("record");
        Signature[] memory list = _observersOnly();
        refuses(IObservers.SignatureInvalid.selector, observer(0));
        observers.requireConfirmed(VENUE, record, carrier, list);
        _signConfirmations(list, record);
        uint256 count = observers.requireConfirmed(VENUE, record, carrier, list);
        vm.assertEq(count, uint256(2), "two");
        refuses(IObservers.SignatureInvalid.selector, observer(0));
        observers.requireConfirmed(VENUE, keccak256("another"), carrier, list);
        venues.set(owner, address(0), observer(1), observer(1));
        refuses(IObservers.ObserverIsVenue.selector, observer(1));
        observers.requireConfirmed(VENUE, record, carrier, list);
    }

    function test_nobody_confirms_with_no_signature() external {
        setThreshold(0);
        vm.warp(block.timestamp + DELAY);
        vm.expectRevert(abi.encodeWithSelector(IObservers.TooFewSignatures.selector, 0, 1));
        observers.requireConfirmed(VENUE, keccak256("record"), carrier, new Signature[](0));
    }

    function test_a_reading_counts_by_observers_alone() external {
        bytes32 hash = keccak256("reading");
        vm.assertTrue(_isSigned(keys[0], hash), "an observer");
        vm.assertTrue(!_isSigned(PUBLISHER_KEY, hash), "the publisher");
        vm.assertTrue(!_isSigned(0x77, hash), "a stranger");
        bytes memory other = signed(keys[1], hash);
        vm.assertTrue(!observers.isSignedBy(VENUE, observer(0), hash, other), "another's");
        venues.set(observer(0), address(0), observer(1), observer(1));
        vm.assertTrue(!_isSigned(keys[0], hash), "who became the owner");
        vm.assertTrue(!_isSigned(keys[1], hash), "who became the publisher");
        remove(guardian, observer(2));
        vm.assertTrue(!_isSigned(keys[2], hash), "who was removed");
    }

    function refusesCompared(address who, uint8 compared) internal {
        bytes4 selector = IObservers.OtherCompared.selector;
        vm.expectRevert(abi.encodeWithSelector(selector, who, compared));
    }

    function _isSigned(uint256 key, bytes32 hash) private view returns (bool) {
        return observers.isSignedBy(VENUE, vm.addr(key), hash, signed(key, hash));
    }

    function _observersOnly() private view returns (Signature[] memory list) {
        list = new Signature[](2);
        (list[0], list[1]) = (sign(keys[0]), sign(keys[1]));
    }

    function _signConfirmations(Signature[] memory list, bytes32 record) private view {
        for (uint256 i = 0; i < list.length; i++) {
            bytes32 hash = digest(address(this), confirmOf(record, list[i]));
            list[i].signature = signed(keys[i], hash);
        }
    }
}
