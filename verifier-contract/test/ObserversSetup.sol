// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Observers} from "../contracts/Observers.sol";
import {Attested, IObservers, Signature} from "../contracts/interfaces/IObservers.sol";
import {IVenues} from "../contracts/interfaces/IVenues.sol";
import {Test} from "./Test.sol";

/// What `Observers` asks of the list of venues, of which it has one.
contract OneVenue {
    bytes32 public immutable ID;
    IVenues.VenueView private _it;
    uint64 private immutable _delay;

    error NotOwner(address caller);
    error NotGuardian(address caller);
    error UnknownVenue(bytes32 venue);

    constructor(bytes32 id, address owner, address publisher, address guardian, uint64 delay) {
        ID = id;
        (_it.owner, _it.guardian, _delay) = (owner, guardian, delay);
        (_it.publisher, _it.nextPublisher) = (publisher, publisher);
    }

    function set(address owner, address nextOwner, address publisher, address next) external {
        (_it.owner, _it.nextOwner) = (owner, nextOwner);
        (_it.publisher, _it.nextPublisher) = (publisher, next);
    }

    function settle(uint64 from) external {
        _it.settledFrom = from;
    }

    function venueOf(bytes32 venue) external view returns (IVenues.VenueView memory) {
        if (venue != ID) revert UnknownVenue(venue);
        return _it;
    }

    function effectiveFrom(bytes32) external view returns (uint64) {
        uint64 now_ = uint64(block.timestamp);
        return now_ < _it.settledFrom ? now_ : now_ + _delay;
    }

    function requireOwner(bytes32 venue, address caller) external view {
        if (venue != ID) revert UnknownVenue(venue);
        if (caller != _it.owner) revert NotOwner(caller);
    }

    function requireGuardian(bytes32 venue, address caller) external view {
        if (venue != ID) revert UnknownVenue(venue);
        if (caller != _it.owner && caller != _it.guardian) revert NotGuardian(caller);
    }
}

/// A venue with the threshold 2 and three observers with plain keys. The test is the registry.
abstract contract ObserversSetup is Test {
    bytes32 internal constant VENUE = keccak256("venue");
    uint64 internal constant DELAY = 2 days;
    uint256 internal constant PUBLISHER_KEY = 0x10;

    bytes32 private constant ATTEST = keccak256(
        "Attest(address signer,bytes32 venue,uint64 sequence,bytes32 context,bytes32 program,"
        "bytes32 totals,bytes32 attestation,address verifier,bytes32 rounds,uint64 signedAt,"
        "uint64 deadline,address carrier,uint8 compared)"
    );
    bytes32 private constant CONFIRM = keccak256(
        "Confirm(address signer,bytes32 venue,bytes32 record,uint64 signedAt,uint64 deadline,"
        "address carrier,uint8 compared)"
    );
    bytes32 private constant ALARM = keccak256(
        "Alarm(address signer,bytes32 venue,bytes32 reason,uint64 until)"
    );

    address internal owner = address(0xA1);
    address internal guardian = address(0xA2);
    address internal carrier = address(0xA3);
    address internal publisher;
    OneVenue internal venues;
    Observers internal observers;
    /// In ascending order of their addresses.
    uint256[3] internal keys;
    Attested internal attested;

    function setUp() public virtual {
        vm.warp(1_800_000_000);
        publisher = vm.addr(PUBLISHER_KEY);
        venues = new OneVenue(VENUE, owner, publisher, guardian, DELAY);
        venues.settle(type(uint64).max);
        observers = new Observers(IVenues(address(venues)));
        keys = [uint256(0x21), 0x22, 0x23];
        for (uint256 i = 0; i < 3; i++) {
            for (uint256 j = i + 1; j < 3; j++) {
                if (vm.addr(keys[j]) < vm.addr(keys[i])) (keys[i], keys[j]) = (keys[j], keys[i]);
            }
        }
        for (uint256 i = 0; i < 3; i++) announce(vm.addr(keys[i]));
        setThreshold(2);
        venues.settle(0);
        attested = Attested(
            VENUE,
            7,
            bytes32("context"),
            bytes32("program"),
            bytes32("totals"),
            bytes32("attestation"),
            address(0x77),
            bytes32("rounds")
        );
    }

    function announce(address account) internal {
        vm.prank(owner);
        observers.announceObserver(VENUE, account);
    }

    function remove(address by, address account) internal {
        vm.prank(by);
        observers.removeObserver(VENUE, account);
    }

    function setThreshold(uint8 threshold) internal {
        vm.prank(owner);
        observers.setThreshold(VENUE, threshold);
    }

    function setAlarmThreshold(uint8 threshold) internal {
        vm.prank(owner);
        observers.setAlarmThreshold(VENUE, threshold);
    }

    function now64() internal view returns (uint64) {
        return uint64(block.timestamp);
    }

    function observer(uint256 i) internal view returns (address) {
        return vm.addr(keys[i]);
    }

    function digest(address verifying, bytes32 message) internal view returns (bytes32) {
        bytes32 domain = keccak256(
            abi.encode(
                keccak256(
                    "EIP712Domain(string name,string version,uint256 chainId,"
                    "address verifyingContract)"
                ),
                keccak256("Pacioli"),
                keccak256("1"),
                block.chainid,
                verifying
            )
        );
        return keccak256(abi.encodePacked(hex"1901", domain, message));
    }

    function attestOf(Attested memory a, Signature memory by) internal pure returns (bytes32) {
        bytes memory head = abi.encode(ATTEST, by.signer, a.venue, a.sequence, a.context);
        bytes memory more = abi.encode(a.program, a.totals, a.attestation, a.verifier, a.rounds);
        bytes memory tail = abi.encode(by.signedAt, by.deadline, by.carrier, by.compared);
        return keccak256(bytes.concat(head, more, tail));
    }

    function signed(uint256 key, bytes32 hash) internal pure returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, hash);
        return abi.encodePacked(r, s, v);
    }

    /// An unsigned signature that is valid for five minutes.
    function blank(address signer) internal view returns (Signature memory by) {
        (by.signer, by.signedAt, by.deadline) = (signer, now64(), now64() + 5 minutes);
        by.compared = signer == publisher ? 0 : 31;
    }

    function sign(uint256 key, Signature memory by, Attested memory a) internal view {
        by.signature = signed(key, digest(address(this), attestOf(a, by)));
    }

    function sign(uint256 key) internal view returns (Signature memory by) {
        by = blank(vm.addr(key));
        sign(key, by, attested);
    }

    /// The publisher and the first `count` observers.
    function all(uint256 count) internal view returns (Signature[] memory list) {
        list = new Signature[](count + 1);
        list[0] = sign(PUBLISHER_KEY);
        for (uint256 i = 0; i < count; i++) list[i + 1] = sign(keys[i]);
    }

    function check(Signature[] memory list) internal view returns (uint256) {
        return observers.requireSigned(attested, publisher, carrier, list);
    }

    function confirmOf(bytes32 record, Signature memory by) internal pure returns (bytes32) {
        return
            keccak256(
                abi.encode(
                    CONFIRM,
                    by.signer,
                    VENUE,
                    record,
                    by.signedAt,
                    by.deadline,
                    by.carrier,
                    by.compared
                )
            );
    }

    function alarmOf(address signer, uint64 until) internal pure returns (bytes32) {
        return keccak256(abi.encode(ALARM, signer, VENUE, bytes32("why"), until));
    }

    function alarmBy(uint256 key, uint64 until) internal view returns (bytes memory) {
        return signed(key, digest(address(observers), alarmOf(vm.addr(key), until)));
    }

    function alarm(uint64 until, uint256 first, uint256 count) internal {
        address[] memory signers = new address[](count);
        bytes[] memory signatures = new bytes[](count);
        for (uint256 i = 0; i < count; i++) {
            signers[i] = observer(first + i);
            signatures[i] = alarmBy(keys[first + i], until);
        }
        observers.alarm(VENUE, bytes32("why"), until, signers, signatures);
    }

    function refuses(bytes4 selector, address who) internal {
        vm.expectRevert(abi.encodeWithSelector(selector, who));
    }
}
