// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {ElsewhereSetup} from "./ElsewhereSetup.sol";
import {Elsewhere} from "../contracts/Elsewhere.sol";
import {IElsewhere} from "../contracts/interfaces/IElsewhere.sol";
import {IObservers} from "../contracts/interfaces/IObservers.sol";
import {IVenues} from "../contracts/interfaces/IVenues.sol";

/// Readings that are refused: by time, by signer, and replayed.
contract ReadingsTest is ElsewhereSetup {
    function _refused(IElsewhere.Reading memory it, bytes4 why) private {
        (address[] memory signers, bytes[] memory signatures) = signed(it, keys[0], keys[1]);
        vm.expectPartialRevert(why);
        elsewhere.post(it, signers, signatures);
    }

    function test_aReadingOfTheFutureIsRefused() external {
        IElsewhere.Reading memory it = reading(20);
        it.time += 1;
        _refused(it, IElsewhere.ReadingTime.selector);
    }

    function test_aStaleReadingIsRefused() external {
        IElsewhere.Reading memory it = reading(20);
        later(1 hours + 1);
        _refused(it, IElsewhere.ReadingTime.selector);
    }

    function test_anExpiredReadingIsRefused() external {
        IElsewhere.Reading memory it = reading(20);
        it.deadline = it.time + 60;
        later(61);
        _refused(it, IElsewhere.ReadingTime.selector);
    }

    function test_aReadingBeforeItsTimeIsRefused() external {
        IElsewhere.Reading memory it = reading(20);
        it.notBefore = it.time + 1;
        _refused(it, IElsewhere.ReadingTime.selector);
        later(1);
        post(it);
    }

    function test_aReadingBeyondAnyBalanceIsRefused() external {
        IElsewhere.Reading memory it = reading(20);
        it.units = 1 << 248;
        _refused(it, IElsewhere.ReadingTooLarge.selector);
    }

    /// What two observers signed of one thing serves for no other.
    function test_aReadingIsNotReplayed() external {
        bytes32 other = keccak256("other");
        venues.set(other, OWNER, 1 days, 30 minutes);
        address[] memory members = new address[](2);
        (members[0], members[1]) = (vm.addr(keys[0]), vm.addr(keys[1]));
        observers.set(other, members, 2);
        vm.startPrank(OWNER, OWNER);
        elsewhere.announce(other, "BTC", CHAIN, TOKEN, CUSTODIAN);
        elsewhere.announce(VENUE, "BTC", CHAIN, TOKEN, address(0xBEEF));
        elsewhere.announce(VENUE, "BTC", CHAIN, address(0x7012), CUSTODIAN);
        elsewhere.announce(VENUE, "BTC", CHAIN + 1, TOKEN, CUSTODIAN);
        vm.stopPrank();
        IElsewhere.Reading memory it = reading(20);
        (address[] memory signers, bytes[] memory signatures) = signed(it, keys[0], keys[1]);
        bytes4 unknown = IElsewhere.ReaderUnknown.selector;

        it.venue = other;
        vm.expectPartialRevert(unknown);
        elsewhere.post(it, signers, signatures);
        (it.venue, it.asset) = (VENUE, keccak256("ETH"));
        vm.expectRevert(IElsewhere.RemoteUnknown.selector);
        elsewhere.post(it, signers, signatures);
        (it.asset, it.custodian) = (BTC, address(0xBEEF));
        vm.expectPartialRevert(unknown);
        elsewhere.post(it, signers, signatures);
        (it.custodian, it.token) = (CUSTODIAN, address(0x7012));
        vm.expectPartialRevert(unknown);
        elsewhere.post(it, signers, signatures);
        (it.token, it.chainId) = (TOKEN, CHAIN + 1);
        vm.expectPartialRevert(unknown);
        elsewhere.post(it, signers, signatures);
        (it.chainId, it.units) = (CHAIN, 21 * UNITS);
        vm.expectPartialRevert(unknown);
        elsewhere.post(it, signers, signatures);
        it.units = 20 * UNITS;
        elsewhere.post(it, signers, signatures);
    }

    function test_aReadingIsNotReplayedOnAnotherChainOrContract() external {
        IElsewhere.Reading memory it = reading(20);
        (address[] memory signers, bytes[] memory signatures) = signed(it, keys[0], keys[1]);
        Elsewhere another = new Elsewhere(IVenues(address(venues)), IObservers(address(observers)));
        vm.prank(OWNER);
        another.announce(VENUE, "BTC", CHAIN, TOKEN, CUSTODIAN);
        vm.expectPartialRevert(IElsewhere.ReaderUnknown.selector);
        another.post(it, signers, signatures);
        vm.chainId(block.chainid + 1);
        vm.expectPartialRevert(IElsewhere.ReaderUnknown.selector);
        elsewhere.post(it, signers, signatures);
    }

    function test_tooFewDoubleOrStrangeReadersAreRefused() external {
        IElsewhere.Reading memory it = reading(20);
        address[] memory one = new address[](1);
        bytes[] memory its = new bytes[](1);
        (one[0], its[0]) = (vm.addr(keys[0]), sign(elsewhere, it, keys[0]));
        vm.expectRevert(abi.encodeWithSelector(IElsewhere.TooFewReaders.selector, 1, 2));
        elsewhere.post(it, one, its);

        (address[] memory signers, bytes[] memory signatures) = signed(it, keys[0], keys[0]);
        vm.expectPartialRevert(IElsewhere.ReaderOrder.selector);
        elsewhere.post(it, signers, signatures);
        (signers, signatures) = signed(it, keys[1], keys[0]);
        vm.expectPartialRevert(IElsewhere.ReaderOrder.selector);
        elsewhere.post(it, signers, signatures);
        // Two signers and one signature.
        (signers, ) = signed(it, keys[0], keys[1]);
        vm.expectPartialRevert(IElsewhere.ReaderOrder.selector);
        elsewhere.post(it, signers, its);
        observe(2, 2);
        (signers, signatures) = signed(it, keys[0], keys[2]);
        vm.expectRevert(
            abi.encodeWithSelector(IElsewhere.ReaderUnknown.selector, vm.addr(keys[2]))
        );
        elsewhere.post(it, signers, signatures);
    }

    function test_withoutAThresholdOneReaderIsNeeded() external {
        observe(3, 0);
        IElsewhere.Reading memory it = reading(20);
        vm.expectRevert(abi.encodeWithSelector(IElsewhere.TooFewReaders.selector, 0, 1));
        elsewhere.post(it, new address[](0), new bytes[](0));
    }

    function test_theDigestIsThatOfTheStandard() external view {
        IElsewhere.Reading memory it = reading(20);
        bytes32 domain = keccak256(
            abi.encode(
                keccak256(
                    "EIP712Domain(string name,string version,uint256 chainId,"
                    "address verifyingContract)"
                ),
                keccak256("Pacioli"),
                keccak256("1"),
                block.chainid,
                address(elsewhere)
            )
        );
        bytes memory fields = bytes.concat(
            abi.encode(address(9), it.venue, it.asset, it.chainId, it.token, it.custodian),
            abi.encode(it.number, it.blockHash, it.time, it.units, it.notBefore, it.deadline)
        );
        bytes32 kind = keccak256(
            "Reading(address signer,bytes32 venue,bytes32 asset,uint64 chainId,address token,"
            "address custodian,uint64 number,bytes32 blockHash,uint64 time,uint256 units,"
            "uint64 notBefore,uint64 deadline)"
        );
        bytes32 message = keccak256(bytes.concat(kind, fields));
        vm.assertEq(
            elsewhere.digestOf(it, address(9)),
            keccak256(abi.encodePacked(hex"1901", domain, message)),
            "EIP-712"
        );
    }
}
