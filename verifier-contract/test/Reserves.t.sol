// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Holder, ReservesSetup, TurningToken} from "./ReservesSetup.sol";
import {Counted, IReserves, Purpose} from "../contracts/interfaces/IReserves.sol";
import {IVenues} from "../contracts/interfaces/IVenues.sol";

/// The list: who may do what, and when a balance counts.
contract ReservesTest is ReservesSetup {
    bytes32 private constant OTHER = keccak256("other");

    function test_aReserveCountsAfterTheDelayAndOnceItIsAccepted() external {
        token.set(HOT, 3 * COIN);
        announce(VENUE, address(token), HOT, Purpose.Customers);
        later(DELAY);
        Counted memory found = reserves.read(VENUE);
        vm.assertTrue(!found.any, "not accepted");
        vm.assertEq(found.holdings[0].customers, uint256(0), "not accepted");
        accept(VENUE, address(token), HOT);
        vm.assertEq(reserves.read(VENUE).holdings[0].customers, 3 * UNITS, "accepted");
        vm.assertEq(reserves.read(VENUE).balances[0], 3 * COIN, "balance");

        list(address(token), COLD);
        token.set(COLD, COIN);
        vm.assertEq(reserves.read(VENUE).holdings[0].customers, 3 * UNITS, "before the delay");
        later(DELAY - 1);
        vm.assertEq(reserves.read(VENUE).holdings[0].customers, 3 * UNITS, "a second before");
        later(1);
        vm.assertEq(reserves.read(VENUE).holdings[0].customers, 4 * UNITS, "after the delay");
    }

    function test_onlyTheOwnerAnnounces() external {
        vm.prank(ANYONE);
        vm.expectRevert(abi.encodeWithSelector(IVenues.NotOwner.selector, ANYONE));
        reserves.announce(
            VENUE,
            IReserves.NewReserve("BTC", address(token), HOT, Purpose.Customers)
        );
    }

    function test_onlyTheCustodianOrItsOwnerAccepts() external {
        Holder holder = new Holder(HOT);
        announce(VENUE, address(token), address(holder), Purpose.Customers);
        vm.prank(OWNER);
        vm.expectRevert(
            abi.encodeWithSelector(IReserves.NotCustodian.selector, OWNER, address(holder))
        );
        reserves.accept(VENUE, address(token), address(holder));
        vm.prank(HOT);
        reserves.accept(VENUE, address(token), address(holder));
        vm.assertTrue(reserves.reservesOf(VENUE)[0].accepted, "the owner of the holder");
    }

    function test_incompleteAndRepeatedReservesAreRefused() external {
        vm.prank(OWNER);
        vm.expectRevert(IReserves.ReserveIncomplete.selector);
        reserves.announce(VENUE, IReserves.NewReserve("", address(token), HOT, Purpose.Customers));
        vm.prank(OWNER);
        vm.expectRevert(IReserves.ReserveIncomplete.selector);
        reserves.announce(
            VENUE,
            IReserves.NewReserve("BTC", address(token), address(0), Purpose.Customers)
        );
        announce(VENUE, address(token), HOT, Purpose.Customers);
        vm.prank(OWNER);
        vm.expectPartialRevert(IReserves.ReserveAlreadyListed.selector);
        reserves.announce(
            VENUE,
            IReserves.NewReserve("BTC", address(token), HOT, Purpose.Insurance)
        );
    }

    function test_sixtyFourReservesAreRoundTrips() external {
        for (uint160 i = 0; i < 64; i++) {
            vm.prank(OWNER);
            string memory asset =
                i % 3 == 0
                    ? "BTC"
                    : i % 3 == 1
                        ? "ETH"
                        : "USD";
            Purpose purpose = i % 2 == 0 ? Purpose.Customers : Purpose.Insurance;
            address custodian = address(0x1000 + i);
            reserves.announce(
                VENUE,
                IReserves.NewReserve(asset, address(token), custodian, purpose)
            );
            if (i % 5 == 0) accept(VENUE, address(token), custodian);
        }
        vm.prank(OWNER);
        vm.expectPartialRevert(IReserves.TooManyReserves.selector);
        reserves.announce(
            VENUE,
            IReserves.NewReserve("BTC", address(token), HOT, Purpose.Customers)
        );
        // Taking one from the middle moves no other.
        vm.prank(OWNER);
        reserves.remove(VENUE, address(token), address(0x1000 + 7));
        IReserves.Reserve[] memory listed = reserves.reservesOf(VENUE);
        vm.assertEq(listed.length, uint256(63), "one less");
        for (uint160 i = 0; i < 64; i++) {
            if (i == 7) continue;
            IReserves.Reserve memory it = listed[i < 7 ? i : i - 1];
            string memory asset =
                i % 3 == 0
                    ? "BTC"
                    : i % 3 == 1
                        ? "ETH"
                        : "USD";
            vm.assertEq(it.asset, keccak256(bytes(asset)), "asset");
            vm.assertEq(it.token, address(token), "token");
            vm.assertEq(it.custodian, address(0x1000 + i), "custodian");
            vm.assertTrue(it.accepted == (i % 5 == 0), "accepted");
            vm.assertEq(uint256(it.purpose), uint256(i % 2), "purpose");
            vm.assertEq(it.decimals, uint256(8), "decimals");
            vm.assertEq(it.activeFrom, block.timestamp + DELAY, "active");
        }
        vm.assertEq(reserves.read(VENUE).holdings.length, uint256(3), "assets");
    }

    function test_oneBalanceBacksOneVenueAtATime() external {
        venues.set(OTHER, OWNER, DELAY, 30 minutes);
        list(address(token), HOT);
        announce(OTHER, address(token), HOT, Purpose.Customers);
        vm.prank(HOT);
        vm.expectRevert(abi.encodeWithSelector(IReserves.ReserveClaimed.selector, VENUE));
        reserves.accept(OTHER, address(token), HOT);
        // Another token of the same custodian is another balance.
        TurningToken second = new TurningToken(6);
        announce(OTHER, address(second), HOT, Purpose.Customers);
        accept(OTHER, address(second), HOT);
        vm.assertEq(reserves.pledgeOf(address(token), HOT).venue, VENUE, "the first");
        vm.assertEq(reserves.pledgeOf(address(second), HOT).venue, OTHER, "the second");
    }

    /// At the minimum delay a balance serves two venues in turn only if the first is in breach
    /// while the second counts it.
    function test_aBalanceForTwoVenuesInTurnClosesTheFirst() external {
        venues.set(OTHER, OWNER, DELAY, 30 minutes);
        list(address(token), HOT);
        announce(OTHER, address(token), HOT, Purpose.Customers);
        later(DELAY);
        vm.assertEq(reserves.removedAt(VENUE), uint256(0), "never");
        vm.prank(HOT);
        reserves.remove(VENUE, address(token), HOT);
        vm.assertEq(reserves.removedAt(VENUE), block.timestamp, "what rested on it is closed");
        later(DELAY - 1);
        vm.prank(HOT);
        vm.expectRevert(abi.encodeWithSelector(IReserves.ReserveClaimed.selector, VENUE));
        reserves.accept(OTHER, address(token), HOT);
        later(1);
        accept(OTHER, address(token), HOT);
        vm.assertEq(reserves.pledgeOf(address(token), HOT).venue, OTHER, "after the delay");
    }

    function test_aFormerOwnerCannotBlockAHolder() external {
        venues.set(OTHER, ANYONE, 365 days, 30 minutes);
        Holder holder = new Holder(ANYONE);
        announce(OTHER, address(token), address(holder), Purpose.Customers);
        vm.prank(ANYONE);
        reserves.accept(OTHER, address(token), address(holder));
        vm.prank(ANYONE);
        holder.sell(HOT);
        vm.prank(HOT);
        reserves.remove(OTHER, address(token), address(holder));
        announce(VENUE, address(token), address(holder), Purpose.Customers);
        later(7 days);
        vm.prank(HOT);
        reserves.accept(VENUE, address(token), address(holder));
        vm.assertEq(reserves.read(VENUE).holdings.length, uint256(1), "it counts");
    }

    function test_aFormerOwnerWhoRemovesFirstCannotBlockAHolder() external {
        venues.set(OTHER, ANYONE, 365 days, 30 minutes);
        Holder holder = new Holder(ANYONE);
        announce(OTHER, address(token), address(holder), Purpose.Customers);
        vm.prank(ANYONE);
        reserves.accept(OTHER, address(token), address(holder));
        vm.prank(ANYONE);
        holder.sell(HOT);
        vm.prank(ANYONE);
        reserves.remove(OTHER, address(token), address(holder));
        announce(VENUE, address(token), address(holder), Purpose.Customers);
        later(7 days);
        vm.prank(HOT);
        reserves.accept(VENUE, address(token), address(holder));
    }

    function test_removalClosesOnlyIfTheReserveCounted() external {
        announce(VENUE, address(token), HOT, Purpose.Customers);
        vm.prank(OWNER);
        reserves.remove(VENUE, address(token), HOT);
        vm.assertEq(reserves.removedAt(VENUE), uint256(0), "not accepted");
        list(address(token), HOT);
        vm.prank(OWNER);
        reserves.remove(VENUE, address(token), HOT);
        vm.assertEq(reserves.removedAt(VENUE), uint256(0), "not active");
        list(address(token), HOT);
        later(DELAY);
        vm.prank(ANYONE);
        vm.expectRevert(abi.encodeWithSelector(IVenues.NotOwner.selector, ANYONE));
        reserves.remove(VENUE, address(token), HOT);
        vm.prank(OWNER);
        reserves.remove(VENUE, address(token), HOT);
        vm.assertEq(reserves.removedAt(VENUE), block.timestamp, "counted");
        vm.assertEq(reserves.reservesOf(VENUE).length, uint256(0), "empty");
        vm.assertTrue(!reserves.count(VENUE, now64(), 10 minutes).any, "nothing counts");
    }

    function test_whatIsInAWrapperIsNotCountedTwice() external {
        TurningToken wrapper = new TurningToken(8);
        // The wrapper holds the token and is itself held.
        announce(VENUE, address(token), address(wrapper), Purpose.Customers);
        vm.prank(OWNER);
        vm.expectPartialRevert(IReserves.ReserveIsWrapped.selector);
        reserves.announce(
            VENUE,
            IReserves.NewReserve("BTC", address(wrapper), HOT, Purpose.Insurance)
        );
        // The other way round.
        vm.prank(OWNER);
        reserves.remove(VENUE, address(token), address(wrapper));
        announce(VENUE, address(wrapper), HOT, Purpose.Customers);
        vm.prank(OWNER);
        vm.expectPartialRevert(IReserves.ReserveIsWrapped.selector);
        reserves.announce(
            VENUE,
            IReserves.NewReserve("BTC", address(token), address(wrapper), Purpose.Customers)
        );
        // A token that holds itself.
        vm.prank(OWNER);
        vm.expectPartialRevert(IReserves.ReserveIsWrapped.selector);
        reserves.announce(
            VENUE,
            IReserves.NewReserve("BTC", address(token), address(token), Purpose.Customers)
        );
    }

    function test_purposesAndAssetsAreAddedUpApart() external {
        TurningToken dollar = new TurningToken(6);
        list(address(token), HOT);
        announce(VENUE, address(token), COLD, Purpose.Insurance);
        accept(VENUE, address(token), COLD);
        // The quote currency is an asset like others, by its name.
        vm.prank(OWNER);
        reserves.announce(
            VENUE,
            IReserves.NewReserve("USD", address(dollar), HOT, Purpose.Customers)
        );
        accept(VENUE, address(dollar), HOT);
        // The chain's own coin.
        list(address(0), COLD);
        later(DELAY);
        token.set(HOT, 2 * COIN);
        token.set(COLD, 5 * COIN);
        dollar.set(HOT, 1_500_000);
        vm.deal(COLD, 1 ether / 4);
        Counted memory found = reserves.read(VENUE);
        vm.assertEq(found.holdings.length, uint256(2), "assets");
        vm.assertEq(found.holdings[0].asset, BTC, "the first");
        vm.assertEq(found.holdings[0].customers, (9 * UNITS) / 4, "customers");
        vm.assertEq(found.holdings[0].insurance, 5 * UNITS, "insurance");
        vm.assertEq(found.holdings[1].asset, keccak256("USD"), "the quote");
        vm.assertEq(found.holdings[1].customers, (3 * UNITS) / 2, "customers");
        vm.assertEq(found.balances[3], uint256(1 ether / 4), "the coin");
    }
}
