// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Holder, ReservesSetup, TurningToken} from "./ReservesSetup.sol";
import {Counted, IReserves, Purpose} from "../contracts/interfaces/IReserves.sol";

/// Reserves that are seen twice.
contract MarksTest is ReservesSetup {
    function test_aMarkAndLaterWhatIsThereCount() external {
        twoCustodians(10);
        uint64 asOf = now64();
        vm.assertEq(markedAt(asOf), uint256(0), "no mark yet");
        vm.assertEq(counted(asOf), uint256(10), "what is there");
        later(60);
        mark();
        uint64 time = now64();
        later(5 minutes - 1);
        vm.assertEq(markedAt(asOf), uint256(0), "too young");
        later(6);
        uint64 found = markedAt(asOf);
        vm.assertTrue(found <= time && time - found < reserves.tickOf(VENUE), "to within a tick");
        vm.assertEq(counted(asOf), uint256(10), "both");
        vm.assertEq(markedAt(time + 60), uint256(0), "a later snapshot");
        token.set(HOT, 4 * COIN);
        vm.assertEq(counted(asOf), uint256(4), "the least");
    }

    function test_aFirstMarkThatIsTooLateIsNone() external {
        twoCustodians(10);
        uint64 asOf = now64();
        later(10 minutes + 1);
        mark();
        later(6 minutes);
        vm.assertEq(markedAt(asOf), uint256(0), "not within");
        // It lowers all the same.
        token.set(HOT, 99 * COIN);
        vm.assertEq(counted(asOf), uint256(10), "it lowers");
    }

    /// Lender, publisher and lender again, in one block and with one loan.
    function test_aLoanOverOneBlockCountsNothing() external {
        address lender = address(0x1E4D);
        Holder holder = new Holder(HOT);
        announce(VENUE, address(token), address(holder), Purpose.Customers);
        vm.prank(HOT);
        reserves.accept(VENUE, address(token), address(holder));
        later(DELAY);
        token.set(lender, 100 * COIN);
        uint64 asOf = now64();
        later(60);
        mark();
        later(6 minutes);
        token.move(lender, address(holder), 100 * COIN);
        vm.assertEq(reserves.read(VENUE).holdings[0].customers, 100 * UNITS, "what is there now");
        vm.assertEq(counted(asOf), uint256(0), "what counts");
        // A mark in the same block helps nothing: an older one is lower, and alone it is too young.
        mark();
        vm.assertEq(counted(asOf), uint256(0), "lower");
        vm.assertEq(markedAt(now64()), uint256(0), "too young");
        holder.giveBack(token, lender, 100 * COIN);
        vm.assertEq(counted(asOf), uint256(0), "after");
    }

    /// The limit of marks: money that is borrowed anew for each look counts, unless somebody looks at
    /// another time. One mark by anyone is enough.
    function test_aMarkByAnyoneBetweenTwoLoansEndsBoth() external {
        address lender = address(0x1E4D);
        twoCustodians(0);
        token.set(lender, 100 * COIN);
        uint64 asOf = now64();
        token.move(lender, HOT, 100 * COIN);
        mark();
        token.move(HOT, lender, 100 * COIN);
        later(6 minutes);
        token.move(lender, HOT, 100 * COIN);
        vm.assertEq(counted(asOf), uint256(100), "two loans, and nobody looked");
        token.move(HOT, lender, 100 * COIN);
        mark();
        later(12);
        token.move(lender, HOT, 100 * COIN);
        vm.assertEq(counted(asOf), uint256(0), "somebody looked");
    }

    function test_depositsAfterTheSnapshotDoNotCount() external {
        twoCustodians(10);
        uint64 asOf = now64();
        later(30);
        mark();
        later(6 minutes);
        token.set(COLD, 6 * COIN);
        vm.assertEq(counted(asOf), uint256(10), "6 came later");
    }

    function test_coinsThatMoveFromHotToColdStayCounted() external {
        twoCustodians(10);
        uint64 asOf = now64();
        mark();
        later(6 minutes);
        token.move(HOT, COLD, 10 * COIN);
        vm.assertEq(counted(asOf), uint256(10), "moved");
        mark();
        later(6 minutes);
        token.move(COLD, HOT, 5 * COIN);
        vm.assertEq(counted(asOf), uint256(10), "and back");
    }

    function test_aStrangersMarksBurnNone() external {
        twoCustodians(10);
        // Before the snapshot, in each block.
        for (uint256 i = 0; i < 40; i++) {
            mark();
            later(12);
        }
        uint64 asOf = now64();
        later(24);
        uint64 time = now64();
        mark();
        // And after it.
        for (uint256 i = 0; i < 60; i++) {
            later(12);
            mark();
        }
        uint64 found = markedAt(asOf);
        vm.assertTrue(found != 0 && found <= time, "the venue's own mark stands");
        vm.assertEq(counted(asOf), uint256(10), "nothing is lost");
    }

    function test_nobodyPicksAMark() external {
        twoCustodians(10);
        uint64 asOf = now64();
        later(12);
        mark();
        later(5 minutes);
        // A stranger looks while the money is away.
        token.set(HOT, 2 * COIN);
        mark();
        later(12);
        // The publisher marks again, with money that was borrowed for it.
        token.set(HOT, 50 * COIN);
        mark();
        later(6 minutes);
        mark();
        vm.assertEq(counted(asOf), uint256(2), "the least of all marks");
    }

    function test_aLowMarkInTheSecondOfTheSnapshotCounts() external {
        twoCustodians(2);
        // Not at the start of a tick.
        vm.warp((block.timestamp / 5) * 5 + 3);
        uint64 asOf = now64();
        mark();
        later(12);
        token.set(HOT, 10 * COIN);
        mark();
        later(6 minutes);
        vm.assertEq(counted(asOf), uint256(2), "it lowers");
        vm.assertTrue(markedAt(asOf) > asOf, "and is not the first");
    }

    function test_aReserveThatJoinsAfterTheMarkDoesNotCount() external {
        twoCustodians(10);
        TurningToken ether_ = new TurningToken(18);
        vm.prank(OWNER);
        reserves.announce(
            VENUE,
            IReserves.NewReserve("ETH", address(ether_), COLD, Purpose.Customers)
        );
        later(DELAY);
        ether_.set(COLD, 1e18);
        token.set(COLD, 5 * COIN);
        uint64 asOf = now64();
        mark();
        later(12);
        accept(VENUE, address(ether_), COLD);
        // In the same bucket, and in the next.
        mark();
        vm.assertEq(
            reserves.count(VENUE, asOf, 10 minutes).holdings[1].customers,
            uint256(0),
            "same bucket"
        );
        later(6 minutes);
        mark();
        vm.assertEq(
            reserves.count(VENUE, asOf, 10 minutes).holdings[1].customers,
            uint256(0),
            "next"
        );
        vm.assertEq(counted(asOf), uint256(15), "the others do");
        asOf = now64();
        later(6 minutes);
        mark();
        vm.assertEq(
            reserves.count(VENUE, asOf, 10 minutes).holdings[1].customers,
            UNITS,
            "a later snapshot"
        );
    }

    /// The words of a bucket are used again after 64 buckets: what an asset had then is not what it
    /// has.
    function test_aStaleWordOfAnAssetThatDidNotCountIsZero() external {
        twoCustodians(10);
        uint256 round = uint256(reserves.tickOf(VENUE)) * 64 * 64;
        vm.warp((block.timestamp / round + 1) * round);
        mark();
        // One round later the list has no bitcoins that count, but another asset.
        TurningToken ether_ = new TurningToken(18);
        vm.prank(OWNER);
        reserves.announce(
            VENUE,
            IReserves.NewReserve("ETH", address(ether_), COLD, Purpose.Customers)
        );
        vm.prank(HOT);
        reserves.remove(VENUE, address(token), HOT);
        vm.prank(COLD);
        reserves.remove(VENUE, address(token), COLD);
        venues.set(VENUE, OWNER, 0, 30 minutes);
        uint64 asOf = now64() + uint64(round);
        vm.warp(asOf);
        mark();
        list(address(token), HOT);
        later(12);
        vm.assertEq(reserves.read(VENUE).holdings[1].customers, 10 * UNITS, "it is there now");
        vm.assertEq(
            reserves.count(VENUE, asOf, 10 minutes).holdings[1].customers,
            uint256(0),
            "stale"
        );
        // Nor does another mark of the bucket bring it back.
        mark();
        vm.assertEq(
            reserves.count(VENUE, asOf, 10 minutes).holdings[1].customers,
            uint256(0),
            "marked"
        );
    }

    /// Money that is borrowed for a mark goes back, and the reserve leaves with it: marks do not see
    /// an asset that is not listed. It must not come back with the mark of before.
    function test_anAssetThatLeavesAndComesBackCountsNothing() external {
        (uint64 asOf, TurningToken ether_) = _twoAssetsInALongBucket();
        mark();
        later(1000);
        vm.prank(OWNER);
        reserves.remove(VENUE, address(token), HOT);
        token.set(HOT, 0);
        mark();
        later(1000);
        mark();
        list(address(token), HOT);
        later(DELAY);
        token.set(HOT, 100 * COIN);
        vm.assertEq(_ofBitcoin(asOf), uint256(0), "two marks of nothing");
        // The other asset is as it was.
        vm.assertEq(reserves.count(VENUE, asOf, 10 minutes).holdings[0].customers, UNITS, "ether");
        vm.assertEq(ether_.balances(COLD), uint256(1e18), "all of it");
    }

    /// Nor where the last that is removed did not count.
    function test_anAssetThatLeavesInTwoStepsCountsNothing() external {
        (uint64 asOf, ) = _twoAssetsInALongBucket();
        announce(VENUE, address(token), COLD, Purpose.Customers);
        mark();
        later(1000);
        vm.startPrank(OWNER, OWNER);
        reserves.remove(VENUE, address(token), HOT);
        reserves.remove(VENUE, address(token), COLD);
        vm.stopPrank();
        mark();
        list(address(token), HOT);
        later(DELAY);
        vm.assertEq(_ofBitcoin(asOf), uint256(0), "a mark of nothing");
    }

    /// While another reserve of the asset is listed, marks see what is left of it.
    function test_aReserveThatLeavesTakesItsOwnAlone() external {
        (uint64 asOf, ) = _twoAssetsInALongBucket();
        list(address(token), COLD);
        later(DELAY);
        asOf = now64();
        token.set(COLD, 7 * COIN);
        mark();
        later(5 minutes);
        vm.prank(OWNER);
        reserves.remove(VENUE, address(token), HOT);
        mark();
        vm.assertEq(_ofBitcoin(asOf), uint256(7), "the other custodian's");
    }

    /// With a lag of 7 days a bucket is 3 hours and a half long, and counts as a whole.
    function test_aMarkOfHoursBeforeTheSnapshotLowersWithALongLag() external {
        _twoAssetsInALongBucket();
        token.set(HOT, 0);
        mark();
        later(3 hours);
        token.set(HOT, 100 * COIN);
        uint64 asOf = now64();
        later(300);
        mark();
        vm.assertEq(_ofBitcoin(asOf), uint256(0), "a mark by anyone, three hours before");
    }

    /// 100 bitcoins and one ether that count, of a venue with the longest lag, at the start of a
    /// bucket.
    function _twoAssetsInALongBucket() private returns (uint64 asOf, TurningToken ether_) {
        venues.set(VENUE, OWNER, DELAY, 7 days);
        list(address(token), HOT);
        ether_ = new TurningToken(18);
        vm.prank(OWNER);
        reserves.announce(
            VENUE,
            IReserves.NewReserve("ETH", address(ether_), COLD, Purpose.Customers)
        );
        accept(VENUE, address(ether_), COLD);
        ether_.set(COLD, 1e18);
        token.set(HOT, 100 * COIN);
        later(DELAY);
        uint256 bucket = uint256(reserves.tickOf(VENUE)) * 64;
        vm.warp((block.timestamp / bucket + 1) * bucket);
        return (now64(), ether_);
    }

    function _ofBitcoin(uint64 asOf) private view returns (uint256) {
        Counted memory found = reserves.count(VENUE, asOf, 10 minutes);
        for (uint256 i = 0; i < found.holdings.length; i++) {
            if (found.holdings[i].asset == BTC) return found.holdings[i].customers / UNITS;
        }
        revert("not listed");
    }

    function test_timesThatAreNotKeptAreRefused() external {
        twoCustodians(10);
        uint64 future = now64() + 1;
        vm.expectRevert(abi.encodeWithSelector(IReserves.OutsideMarks.selector, future));
        reserves.count(VENUE, future, 10 minutes);
        uint64 ancient = now64() - 64 * 64 * reserves.tickOf(VENUE);
        vm.expectRevert(abi.encodeWithSelector(IReserves.OutsideMarks.selector, ancient));
        reserves.count(VENUE, ancient, 10 minutes);
        // The whole lag is kept.
        reserves.count(VENUE, now64() - 30 minutes, 10 minutes);
    }

    function test_ticksFollowTheLag() external {
        twoCustodians(10);
        vm.assertEq(reserves.tickOf(VENUE), uint256(5), "5 minutes and 20 seconds");
        bytes32 slow = keccak256("slow");
        venues.set(slow, OWNER, DELAY, 7 days);
        announce(slow, address(token), ANYONE, Purpose.Customers);
        uint256 tick = reserves.tickOf(slow);
        vm.assertTrue(tick * 64 * 48 >= 7 days && (tick - 1) * 64 * 48 < 7 days, "1/48 of it");
        reserves.count(slow, now64() - 7 days, 10 minutes);
    }

    function test_whereNothingIsListedNothingIsMarked() external {
        atTopLevel(ANYONE);
        vm.expectRevert(abi.encodeWithSelector(IReserves.NothingListed.selector, VENUE));
        reserves.mark(VENUE);
        Counted memory found = reserves.count(VENUE, now64(), 10 minutes);
        vm.assertTrue(!found.any && found.markedAt == 0, "nothing");
    }

    function test_marksOfMoreThanTheyKeepLower() external {
        twoCustodians(0);
        token.set(HOT, (1 << 128) - 1);
        uint64 asOf = now64();
        mark();
        later(6 minutes);
        uint256 most = ((1 << 119) - 1) * 1e18;
        vm.assertEq(
            reserves.count(VENUE, asOf, 10 minutes).holdings[0].customers,
            most,
            "the most"
        );
    }
}
