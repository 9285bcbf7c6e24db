// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {ElsewhereSetup} from "./ElsewhereSetup.sol";
import {IElsewhere} from "../contracts/interfaces/IElsewhere.sol";
import {Holding} from "../contracts/interfaces/IReserves.sol";
import {IVenues} from "../contracts/interfaces/IVenues.sol";

/// Readings of other chains: what counts.
contract ElsewhereTest is ElsewhereSetup {
    function test_readingsAroundTheFirstMarkCount() external {
        post(reading(20));
        later(6 minutes);
        uint64 from = now64();
        vm.assertEq(counted(from), uint256(0), "none after the mark");
        later(6 minutes);
        post(reading(30));
        vm.assertEq(counted(from), uint256(20), "the least");
        vm.assertEq(counted(0), uint256(0), "without a mark nothing counts");
    }

    /// A mark is known to within a tick. Were a reading of the tick's last seconds one of after the
    /// mark, money could be moved here once and count on both chains.
    function test_readingsOnOneSideOfTheMarkAreNotAround() external {
        post(reading(20));
        uint64 from = now64();
        vm.assertEq(counted(from), uint256(0), "one reading at the second of the mark");
        later(199);
        IElsewhere.Reading memory it = reading(20);
        post(it);
        later(301);
        vm.assertEq(counted(from), uint256(0), "the mark may have been later");
        post(reading(20));
        vm.assertEq(counted(from), uint256(20), "after it");
    }

    function test_withoutAReadingBeforeTheMarkNothingCounts() external {
        uint64 from = now64();
        later(6 minutes);
        post(reading(20));
        later(6 minutes);
        post(reading(20));
        vm.assertEq(counted(from), uint256(0), "none before");
    }

    function test_aReadingLongBeforeTheMarkIsNone() external {
        post(reading(20));
        later(1 hours + 1);
        uint64 from = now64();
        later(6 minutes);
        post(reading(20));
        vm.assertEq(counted(from), uint256(0), "more than an hour before");
    }

    function test_theLastReadingMustBeRecent() external {
        post(reading(20));
        uint64 from = now64();
        later(6 minutes);
        post(reading(20));
        later(1 hours);
        vm.assertEq(counted(from), uint256(20), "an hour old");
        later(1);
        vm.assertEq(counted(from), uint256(0), "older");
        post(reading(20));
        vm.assertEq(counted(from), uint256(20), "read again");
        later(6 hours);
        post(reading(20));
        vm.assertEq(counted(from), uint256(0), "too long after the mark");
    }

    /// The money is on the other chain before and after, and here in between, or the other way
    /// round.
    function test_moneyThatWasAwayInBetweenDoesNotCount() external {
        post(reading(20));
        later(6 minutes);
        uint64 from = now64();
        later(6 minutes);
        post(reading(0));
        later(6 minutes);
        post(reading(20));
        vm.assertEq(counted(from), uint256(0), "the least of all");
    }

    function test_aLowReadingThatIsPostedLateStillLowers() external {
        post(reading(20));
        later(6 minutes);
        uint64 from = now64();
        IElsewhere.Reading memory low = reading(3);
        later(6 minutes);
        post(reading(20));
        vm.assertEq(counted(from), uint256(20), "held back");
        post(low);
        vm.assertEq(counted(from), uint256(3), "posted by anyone");
        // In its bucket no higher one takes it away, whatever it says of the time.
        low.units = 50 * UNITS;
        low.time += 1;
        low.notBefore += 1;
        post(low);
        vm.assertEq(counted(from), uint256(3), "it stays");
    }

    function test_removingAnObserverLowersWhatRestedOnIt() external {
        post(reading(20));
        uint64 from = now64();
        later(6 minutes);
        post(reading(20));
        vm.assertEq(counted(from), uint256(20), "both observe");
        observe(1, 2);
        vm.assertEq(counted(from), uint256(0), "one of them left");
        observe(1, 1);
        vm.assertEq(counted(from), uint256(20), "one is enough now");
        observe(3, 3);
        vm.assertEq(counted(from), uint256(0), "three are needed now");
        observe(3, 2);
        vm.assertEq(counted(from), uint256(20), "as before");
    }

    function test_aShareOfWhatIsReadAtHomeCounts() external {
        post(reading(80));
        uint64 from = now64();
        later(6 minutes);
        post(reading(80));
        vm.assertEq(counted(from), uint256(50), "half of 100");
        Holding[] memory home = new Holding[](1);
        home[0] = Holding(BTC, 0, 100 * UNITS);
        vm.assertEq(elsewhere.count(VENUE, home, from, HALF)[0], uint256(0), "for customers only");
        home[0].customers = 100 * UNITS;
        vm.assertEq(elsewhere.count(VENUE, home, from, 0)[0], uint256(0), "no share");
        // Of two entries of an asset only the first counts.
        home = new Holding[](2);
        home[0] = Holding(BTC, 100 * UNITS, 0);
        home[1] = Holding(BTC, 100 * UNITS, 0);
        vm.assertEq(elsewhere.count(VENUE, home, from, HALF)[1], uint256(0), "once");
    }

    function test_twoRemotesOfAnAssetShareTheCap() external {
        announce("BTC", address(0xBEEF));
        later(1 days);
        post(reading(30));
        IElsewhere.Reading memory other = reading(15);
        other.custodian = address(0xBEEF);
        post(other);
        uint64 from = now64();
        later(6 minutes);
        post(reading(30));
        vm.assertEq(counted(from), uint256(30), "one was not read again");
        other = reading(15);
        other.custodian = address(0xBEEF);
        post(other);
        vm.assertEq(counted(from), uint256(45), "both");
        later(5 minutes);
        other = reading(40);
        other.custodian = address(0xBEEF);
        post(other);
        vm.assertEq(counted(from), uint256(45), "the least of each");
    }

    function test_aRemoteCountsAfterTheDelay() external {
        announce("BTC", address(0xBEEF));
        IElsewhere.Reading memory other = reading(15);
        other.custodian = address(0xBEEF);
        post(other);
        uint64 from = now64();
        later(6 minutes);
        other.time = other.notBefore = now64();
        post(other);
        vm.assertEq(counted(from), uint256(0), "announced");
    }

    function test_removalOfAnActiveRemoteCloses() external {
        announce("BTC", address(0xBEEF));
        vm.prank(OWNER);
        elsewhere.remove(VENUE, CHAIN, TOKEN, address(0xBEEF));
        vm.assertEq(elsewhere.removedAt(VENUE), uint256(0), "not yet active");
        post(reading(20));
        uint64 from = now64();
        later(6 minutes);
        post(reading(20));
        vm.prank(OWNER);
        elsewhere.remove(VENUE, CHAIN, TOKEN, CUSTODIAN);
        vm.assertEq(elsewhere.removedAt(VENUE), block.timestamp, "active");
        vm.assertEq(counted(from), uint256(0), "gone");
        vm.assertEq(elsewhere.remotesOf(VENUE).length, uint256(0), "empty");
        // Its readings do not come back with it.
        announce("BTC", CUSTODIAN);
        vm.assertEq(counted(from), uint256(0), "announced again");
    }

    function test_onlyTheOwnerListsAndRemoves() external {
        vm.expectRevert(abi.encodeWithSelector(IVenues.NotOwner.selector, address(this)));
        elsewhere.announce(VENUE, "BTC", CHAIN, TOKEN, address(1));
        vm.expectRevert(abi.encodeWithSelector(IVenues.NotOwner.selector, address(this)));
        elsewhere.remove(VENUE, CHAIN, TOKEN, CUSTODIAN);
    }

    function test_whatIsIncompleteKnownOrWrappedIsRefused() external {
        vm.startPrank(OWNER, OWNER);
        vm.expectRevert(IElsewhere.RemoteIncomplete.selector);
        elsewhere.announce(VENUE, "", CHAIN, TOKEN, address(1));
        vm.expectRevert(IElsewhere.RemoteIncomplete.selector);
        elsewhere.announce(VENUE, "BTC", CHAIN, TOKEN, address(0));
        uint64 here = uint64(block.chainid);
        vm.expectRevert(IElsewhere.RemoteIncomplete.selector);
        elsewhere.announce(VENUE, "BTC", here, TOKEN, address(1));
        vm.expectRevert(IElsewhere.RemoteKnown.selector);
        elsewhere.announce(VENUE, "ETH", CHAIN, TOKEN, CUSTODIAN);
        vm.expectRevert(IElsewhere.RemoteIsWrapped.selector);
        elsewhere.announce(VENUE, "BTC", CHAIN, address(2), TOKEN);
        vm.expectRevert(IElsewhere.RemoteIsWrapped.selector);
        elsewhere.announce(VENUE, "BTC", CHAIN, CUSTODIAN, address(1));
        vm.expectRevert(IElsewhere.RemoteUnknown.selector);
        elsewhere.remove(VENUE, CHAIN, TOKEN, address(1));
        for (uint160 i = 1; i < 16; i++) elsewhere.announce(VENUE, "X", CHAIN, TOKEN, address(i));
        vm.expectPartialRevert(IElsewhere.TooManyRemotes.selector);
        elsewhere.announce(VENUE, "X", CHAIN, TOKEN, address(99));
        vm.stopPrank();
    }

    /// The worst: all buckets of seven hours of sixteen remotes.
    function test_gasIsBounded() external {
        for (uint160 i = 1; i < 16; i++) announce("BTC", address(i));
        later(1 days);
        for (uint256 b = 0; b < 83; b++) {
            for (uint160 i = 1; i < 16; i++) {
                IElsewhere.Reading memory it = reading(3);
                it.custodian = address(i);
                post(it);
            }
            post(reading(3));
            later(5 minutes);
        }
        later(60);
        uint64 from = now64() - 6 hours;
        uint256 before = gasleft();
        uint256 units = counted(from);
        vm.assertLe(before - gasleft(), 6_600_000, "gas");
        vm.assertEq(units, uint256(48), "all sixteen");
    }
}
