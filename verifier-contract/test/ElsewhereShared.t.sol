// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {ElsewhereSetup} from "./ElsewhereSetup.sol";
import {IElsewhere} from "../contracts/interfaces/IElsewhere.sol";
import {Holding} from "../contracts/interfaces/IReserves.sol";

/// Readings of one balance: by whom, for which venue, and as what.
contract ElsewhereSharedTest is ElsewhereSetup {
    bytes32 private constant OTHER = keccak256("other");

    event RemoteAnnounced(
        bytes32 indexed venue,
        bytes32 indexed remote,
        string asset,
        uint64 chainId,
        address token,
        address custodian,
        uint64 activeFrom
    );
    event RemoteRemoved(
        bytes32 indexed venue,
        bytes32 indexed remote,
        uint64 chainId,
        address token,
        address custodian
    );

    /// No contract here can tell whom a balance elsewhere backs. It counts for both, and whoever
    /// looks finds both.
    function test_allVenuesThatListOneBalanceAreFound() external {
        bytes32 remote = elsewhere.remoteId(CHAIN, TOKEN, CUSTODIAN);
        vm.assertEq(elsewhere.venuesOf(remote).length, uint256(1), "one");
        venues.set(OTHER, OWNER, 1 days, 30 minutes);
        address[] memory members = new address[](3);
        for (uint256 i = 0; i < 3; i++) members[i] = vm.addr(keys[i]);
        observers.set(OTHER, members, 2);
        vm.expectEmit(true, true, false, true);
        uint64 from = now64() + 1 days;
        emit RemoteAnnounced(OTHER, remote, "WBTC", CHAIN, TOKEN, CUSTODIAN, from);
        vm.prank(OWNER);
        elsewhere.announce(OTHER, "WBTC", CHAIN, TOKEN, CUSTODIAN);
        bytes32[] memory both = elsewhere.venuesOf(remote);
        vm.assertEq(both.length, uint256(2), "both");
        vm.assertTrue(both[0] == VENUE && both[1] == OTHER, "by name");

        later(1 days);
        _postFor(OTHER);
        from = now64();
        later(10 minutes);
        _postFor(OTHER);
        Holding[] memory home = new Holding[](1);
        home[0] = Holding(keccak256("WBTC"), 100 * UNITS, 0);
        uint256 units = elsewhere.count(OTHER, home, from, HALF)[0];
        vm.assertEq(counted(from) + units / UNITS, uint256(80), "40 coins count 80");

        vm.expectEmit(true, true, false, true);
        emit RemoteRemoved(VENUE, remote, CHAIN, TOKEN, CUSTODIAN);
        vm.prank(OWNER);
        elsewhere.remove(VENUE, CHAIN, TOKEN, CUSTODIAN);
        both = elsewhere.venuesOf(remote);
        vm.assertTrue(both.length == 1 && both[0] == OTHER, "the other stays");
        announce("BTC", CUSTODIAN);
        vm.prank(OWNER);
        elsewhere.remove(VENUE, CHAIN, TOKEN, CUSTODIAN);
        both = elsewhere.venuesOf(remote);
        vm.assertTrue(both.length == 1 && both[0] == OTHER, "the last goes as well as the first");
        vm.prank(OWNER);
        elsewhere.remove(OTHER, CHAIN, TOKEN, CUSTODIAN);
        vm.assertEq(elsewhere.venuesOf(remote).length, uint256(0), "none");
    }

    function _postFor(bytes32 other) private {
        IElsewhere.Reading memory it = reading(40);
        post(it);
        (it.venue, it.asset) = (other, keccak256("WBTC"));
        post(it);
    }

    /// A third observer adds its signature to what two read, and leaves.
    function test_anObserverThatLeavesDoesNotVoidWhatEnoughOthersSigned() external {
        _postBy(3);
        uint64 from = now64();
        later(10 minutes);
        _postBy(3);
        vm.assertEq(counted(from), uint256(40), "while all three observe");
        observe(2, 2);
        vm.assertEq(counted(from), uint256(40), "two of two stand by it");
        observe(2, 3);
        vm.assertEq(counted(from), uint256(0), "three are needed");
    }

    /// What two signed of whom one left can be posted again with those who stay.
    function test_anEqualReadingOfMoreWhoObserveReplaces() external {
        _postByTwo(keys[0], keys[2]);
        uint64 from = now64();
        later(10 minutes);
        _postByTwo(keys[0], keys[2]);
        vm.assertEq(counted(from), uint256(40), "both observe");
        observe(2, 2);
        vm.assertEq(counted(from), uint256(0), "the second of them left");
        IElsewhere.Reading memory first = reading(40);
        first.time = first.notBefore = from;
        post(first);
        post(reading(40));
        vm.assertEq(counted(from), uint256(40), "two who observe read the same");
        // Neither fewer nor a higher one replace it.
        observe(3, 1);
        address[] memory one = new address[](1);
        bytes[] memory by = new bytes[](1);
        (one[0], by[0]) = (vm.addr(keys[2]), sign(elsewhere, reading(40), keys[2]));
        elsewhere.post(reading(40), one, by);
        observe(2, 2);
        vm.assertEq(counted(from), uint256(40), "not by fewer");
        post(reading(50));
        vm.assertEq(counted(from), uint256(40), "not by more");
    }

    /// Readings as reserves of one asset say nothing of another, though the venue is not settled
    /// and changes its list at once.
    function test_readingsOfAnotherAssetDoNotCount() external {
        venues.set(VENUE, OWNER, 0, 30 minutes);
        vm.prank(OWNER);
        elsewhere.remove(VENUE, CHAIN, TOKEN, CUSTODIAN);
        announce("DOGE", CUSTODIAN);
        IElsewhere.Reading memory it = reading(40);
        it.asset = keccak256("DOGE");
        post(it);
        vm.prank(OWNER);
        elsewhere.remove(VENUE, CHAIN, TOKEN, CUSTODIAN);
        announce("BTC", CUSTODIAN);
        uint64 from = now64();
        later(10 minutes);
        post(reading(40));
        vm.assertEq(counted(from), uint256(0), "the one before the mark was of DOGE");
    }

    function _postByTwo(uint256 one, uint256 other) private {
        IElsewhere.Reading memory it = reading(40);
        (address[] memory signers, bytes[] memory signatures) = signed(it, one, other);
        elsewhere.post(it, signers, signatures);
    }

    /// By the first `n` of the keys.
    function _postBy(uint256 n) private {
        address[] memory signers = new address[](n);
        bytes[] memory signatures = new bytes[](n);
        IElsewhere.Reading memory it = reading(40);
        for (uint256 i = 0; i < n; i++) {
            (signers[i], signatures[i]) = (vm.addr(keys[i]), sign(elsewhere, it, keys[i]));
        }
        elsewhere.post(it, signers, signatures);
    }

    function _read() private returns (uint64 from) {
        post(reading(40));
        from = now64();
        later(10 minutes);
        post(reading(40));
        vm.assertEq(counted(from), 40, "counts");
    }

    /// Who became the venue reads nothing for it any longer.
    function test_whatWasReadByWhoBecameThePublisherCountsNothing() external {
        uint64 from = _read();
        venues.setPublisher(VENUE, vm.addr(keys[0]));
        vm.assertEq(counted(from), 0, "publisher");
    }

    function test_whatWasReadByWhoBecameTheOwnerCountsNothing() external {
        uint64 from = _read();
        venues.set(VENUE, vm.addr(keys[1]), 1 days, 30 minutes);
        vm.assertEq(counted(from), 0, "owner");
    }

    /// Two that stay are enough: the one who became the publisher voids nothing that they signed.
    function test_whatOthersReadStillCounts() external {
        uint64 from = _read();
        venues.setPublisher(VENUE, vm.addr(keys[2]));
        vm.assertEq(counted(from), 40, "the others");
    }
}
