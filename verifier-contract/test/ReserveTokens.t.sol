// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {ReservesSetup, TurningToken} from "./ReservesSetup.sol";
import {Counted, IReserves, Purpose} from "../contracts/interfaces/IReserves.sol";

/// A contract in the place of an account that sends.
contract Relay {
    function relay(IReserves reserves, bytes32 venue) external {
        reserves.mark(venue);
    }
}

/// Sends a call with so much gas.
contract Starver {
    error Starved(bytes answer);

    function count(IReserves reserves, bytes32 venue, uint64 asOf, uint256 units) external view {
        try reserves.count{gas: units}(venue, asOf, 10 minutes) returns (Counted memory) {} catch (
            bytes memory answer
        ) {
            revert Starved(answer);
        }
    }
}

/// A custodian whose `owner()` answers at length.
contract LongOwner {
    fallback() external {
        assembly {
            return(0, 1000000)
        }
    }
}

/// Tokens and custodians that turn against their venue.
contract ReserveTokensTest is ReservesSetup {
    TurningToken private bad;

    function setUp() public override {
        super.setUp();
        bad = new TurningToken(8);
        list(address(token), HOT);
        list(address(bad), COLD);
        later(DELAY);
        token.set(HOT, 3 * COIN);
        bad.set(COLD, 4 * COIN);
    }

    function _turnsAndCountsNothing(TurningToken.Mood mood, uint256 maxGas) private {
        vm.assertEq(reserves.read(VENUE).holdings[0].customers, 7 * UNITS, "honest");
        bad.turn(mood);
        uint256 before = gasleft();
        Counted memory found = reserves.count(VENUE, now64(), 10 minutes);
        uint256 used = before - gasleft();
        vm.assertTrue(used < maxGas, "gas");
        vm.assertTrue(found.unreadable, "unreadable");
        vm.assertTrue(found.any, "the other counts");
        vm.assertEq(found.holdings[0].customers, 3 * UNITS, "counts nothing");
        vm.assertEq(found.balances[1], uint256(0), "counts nothing");
        mark();
        vm.assertEq(
            reserves.count(VENUE, now64(), 10 minutes).holdings[0].customers,
            3 * UNITS,
            "marked"
        );
    }

    function test_aTokenThatAnswersWithMegabytesStopsNothing() external {
        _turnsAndCountsNothing(TurningToken.Mood.Long, 300_000);
    }

    function test_aTokenThatBurnsGasStopsNothing() external {
        _turnsAndCountsNothing(TurningToken.Mood.Burning, 300_000);
    }

    function test_aTokenThatRevertsStopsNothing() external {
        _turnsAndCountsNothing(TurningToken.Mood.Reverting, 100_000);
    }

    function test_aTokenThatAnswersTooLittleStopsNothing() external {
        _turnsAndCountsNothing(TurningToken.Mood.Short, 100_000);
    }

    function test_aTokenWithTooMuchCountsNothing() external {
        _turnsAndCountsNothing(TurningToken.Mood.Large, 100_000);
    }

    function test_aTokenThatIsGoneCountsNothing() external {
        vm.etch(address(bad), "");
        _afterItsCodeIsGone();
    }

    function _afterItsCodeIsGone() private view {
        Counted memory found = reserves.count(VENUE, now64(), 10 minutes);
        vm.assertTrue(found.unreadable, "unreadable");
        vm.assertEq(found.holdings[0].customers, 3 * UNITS, "the other counts");
    }

    function test_sixtyFourBurningTokensFitIntoATransaction() external {
        for (uint160 i = 0; i < 62; i++) {
            TurningToken another = new TurningToken(8);
            list(address(another), address(0x2000 + i));
            another.turn(TurningToken.Mood.Burning);
        }
        later(DELAY);
        uint256 before = gasleft();
        Counted memory found = reserves.count(VENUE, now64(), 10 minutes);
        vm.assertTrue(before - gasleft() < 13_500_000, "gas");
        vm.assertEq(found.holdings[0].customers, 7 * UNITS, "the others count");
    }

    function test_nobodyStarvesATokenOfItsAnswer() external {
        uint64 asOf = now64();
        Starver starver = new Starver();
        // With enough gas for all but the cap: refused by name. Whatever the gas, a call that
        // succeeds read both.
        for (uint256 units = 20_000; units < 300_000; units += 3_000) {
            try starver.count(reserves, VENUE, asOf, units) {
                Counted memory found = reserves.count{gas: units}(VENUE, asOf, 10 minutes);
                vm.assertEq(found.holdings[0].customers, 7 * UNITS, "starved");
            } catch {}
        }
        vm.expectRevert(
            abi.encodeWithSelector(
                Starver.Starved.selector,
                abi.encodeWithSelector(IReserves.TooLittleGas.selector)
            )
        );
        starver.count(reserves, VENUE, asOf, 150_000);
    }

    function test_decimalsBeyondThirtySixAreRefused() external {
        TurningToken fine = new TurningToken(37);
        vm.prank(OWNER);
        vm.expectPartialRevert(IReserves.ReserveUnreadable.selector);
        reserves.announce(VENUE, IReserves.NewReserve("X", address(fine), HOT, Purpose.Customers));
        vm.prank(OWNER);
        vm.expectPartialRevert(IReserves.ReserveUnreadable.selector);
        reserves.announce(VENUE, IReserves.NewReserve("X", ANYONE, HOT, Purpose.Customers));
    }

    function test_theFinestAndTheCoarsestTokenCountExactly() external {
        TurningToken fine = new TurningToken(36);
        TurningToken coarse = new TurningToken(0);
        list(address(fine), HOT);
        list(address(coarse), HOT);
        later(DELAY);
        fine.set(HOT, 5);
        coarse.set(HOT, (1 << 128) - 1);
        Counted memory found = reserves.read(VENUE);
        vm.assertTrue(!found.unreadable, "readable");
        vm.assertEq(found.holdings[0].customers, 7 * UNITS + 5 + ((1 << 128) - 1) * UNITS, "exact");
    }

    function test_aLongOwnerIsNoOwner() external {
        LongOwner custodian = new LongOwner();
        announce(VENUE, address(token), address(custodian), Purpose.Customers);
        vm.prank(ANYONE);
        vm.expectPartialRevert(IReserves.NotCustodian.selector);
        reserves.accept(VENUE, address(token), address(custodian));
    }

    function test_onlyAnAccountWithoutCodeMarks() external {
        Relay relay = new Relay();
        atTopLevel(ANYONE);
        vm.expectRevert(abi.encodeWithSelector(IReserves.NotAtTopLevel.selector, address(relay)));
        relay.relay(reserves, VENUE);
        vm.etch(ANYONE, hex"ef0100000000000000000000000000000000000000dead");
        atTopLevel(ANYONE);
        vm.expectRevert(abi.encodeWithSelector(IReserves.NotAtTopLevel.selector, ANYONE));
        reserves.mark(VENUE);
    }
}
