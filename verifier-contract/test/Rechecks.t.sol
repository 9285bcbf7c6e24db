// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import "./World.sol";
import {Shortage} from "../contracts/Shortage.sol";

/// What rechecks can be made to say, by whoever sends them and by a venue that evades them.
contract RechecksTest is World {
    function setUp() external {
        world(someLimits());
    }

    function refused() private {
        atTopLevel(STRANGER);
        vm.expectPartialRevert(ISolvencyRegistry.RecheckTooSoon.selector);
        registry.recheck(venue, record, needs);
    }

    function live() private view returns (State) {
        return registry.liveStateOf(venue, record, needs);
    }

    /// 25 blocks of 0.4 seconds are no time: money on its way from one wallet to another.
    function test_no_breach_within_seconds_where_blocks_are_fast() external {
        attest();
        reserves.set(50);
        recheck();
        vm.warp(block.timestamp + 10);
        vm.roll(block.number + 25);
        refused();
        reserves.set(100);
        assertState(State.Warning, "found once");
        vm.warp(block.timestamp + 290);
        reserves.set(50);
        recheck();
        assertState(State.Breach, "still, five minutes later");
    }

    /// Nor are five minutes enough where blocks are slow.
    function test_no_breach_within_few_blocks() external {
        attest();
        reserves.set(50);
        recheck();
        vm.warp(block.timestamp + 1 hours);
        vm.roll(block.number + 24);
        refused();
        vm.roll(block.number + 1);
        recheck();
        assertState(State.Breach, "25 blocks");
    }

    /// Reserves are there for the attestation alone, once a minute.
    function test_attestations_closer_than_rechecks_escape_none() external {
        attest();
        reserves.set(0);
        recheck();
        for (uint256 i = 0; i < 4; ++i) {
            later(61);
            reserves.set(100);
            attest();
            assertState(State.Healthy, "as proved and counted");
            reserves.set(0);
            recheck();
            assertState(State.Warning, "found: too soon to be a second one, and kept");
            refused();
        }
        later(61);
        recheck();
        assertState(State.Breach, "five minutes after the first");
        reserves.set(100);
        later(61);
        attest();
        assertState(State.Healthy, "an attestation heals it");
        reserves.set(0);
        recheck();
        assertState(State.Warning, "and the next begins anew");
    }

    /// What was found long before an attestation says nothing against it.
    function test_a_far_finding_of_long_ago_is_not_carried_over() external {
        attest();
        reserves.set(0);
        recheck();
        later(301);
        reserves.set(100);
        attest();
        reserves.set(0);
        recheck();
        assertState(State.Warning, "the first of this one");
    }

    function test_live_state_needs_nobody_who_looked_before() external {
        attest();
        reserves.set(99);
        vm.assertEq(uint256(live()), uint256(State.Warning), "within the tolerance");
        reserves.set(94);
        vm.assertEq(uint256(live()), uint256(State.Breach), "beyond it");
        assertState(State.Healthy, "nothing is written");
        reserves.set(100);
        vm.assertEq(uint256(live()), uint256(State.Healthy), "all there");
    }
}

/// A big asset and a small one, both with a clause of their own.
contract DustTest is World {
    bytes32 private constant BIG = keccak256("USD");
    bytes32 private constant SMALL = keccak256("DUST");

    function short(uint256 big, uint256 small) private pure returns (uint256, uint256) {
        return short(big, small, 900_000);
    }

    function short(
        uint256 big,
        uint256 small,
        uint256 worth
    ) private pure returns (uint256, uint256) {
        Needs memory all;
        all.worth = worth;
        all.assets = new Need[](2);
        all.assets[0] = Need(BIG, 0, 1, 900_000);
        all.assets[1] = Need(SMALL, 0, 1, 1);
        Holding[] memory holdings = new Holding[](2);
        holdings[0] = Holding(BIG, big * 1e36, 0);
        holdings[1] = Holding(SMALL, small * 1e36, 0);
        return Shortage.find(all, holdings);
    }

    function check(uint256 big, uint256 small, uint256 most, uint256 heavy) private pure {
        (uint256 a, uint256 b) = short(big, small);
        vm.assertEq(a, most, "short");
        vm.assertEq(b, heavy, "heavy");
    }

    function test_one_of_a_million_withdrawn_is_not_far() external pure {
        check(1_000_000, 1, 0, 0);
        check(1_000_000, 0, 10_000, 1);
        check(855_000, 1, 500, 500);
        check(0, 1, 10_000, 10_000);
        // Much of another asset makes up for none of what one clause demands of the big one.
        check(0, 2_000_000, 10_000, 10_000);
    }

    function test_without_a_clause_on_worth_assets_weigh_among_each_other() external pure {
        (uint256 a, uint256 b) = short(900_000, 0, 0);
        vm.assertEq(a, 10_000, "all of the small one");
        vm.assertEq(b, 1, "little of all");
        (, b) = short(450_000, 1, 0);
        vm.assertEq(b, 5000, "half of all");
    }
}
