// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import "./World.sol";

/// What moves too far within the delay is a warning.
contract BandsTest is World {
    function setUp() external {
        Limits memory limits = someLimits();
        (limits.owedBandBps, limits.pricesBandBps, limits.interestBandBps) = (1000, 2000, 500);
        limits.maxAge = 10 days;
        world(limits);
        reserves.set(1_000_000);
        evaluator.set(1000, 1000, 1000);
        attest();
        assertState(State.Healthy, "nothing to compare with");
    }

    function move(uint256 owed, uint256 interest, uint256 price) internal {
        later(1 hours);
        evaluator.set(owed, interest, price);
        attest();
    }

    function test_each_list_at_its_band_and_a_unit_beyond() external {
        move(1100, 1050, 1200);
        assertState(State.Healthy, "at the bands");
        for (uint256 i = 0; i < 2; ++i) {
            later(DELAY);
            evaluator.set(1100, 1050, 1200);
            attest();
        }
        move(1211, 1050, 1200);
        assertState(State.Warning, "owed");
        vm.assertEq(registry.bandUntil(venue), block.timestamp + DELAY, "for the delay");
        later(DELAY - 1);
        assertState(State.Warning, "until the delay has passed");
        later(1);
        assertState(State.Healthy, "then no more");
        vm.assertEq(record.faults, uint256(8), "the record keeps it");
    }

    function test_falls_and_other_lists() external {
        move(899, 1000, 1000);
        assertState(State.Warning, "owed fell");
        later(2 * DELAY);
        attest();
        later(2 * DELAY);
        attest();
        assertState(State.Healthy, "used to it");
        move(899, 949, 1000);
        assertState(State.Warning, "interest fell");
        later(2 * DELAY);
        assertState(State.Healthy, "passed");
        move(899, 949, 1201);
        assertState(State.Warning, "the price rose");
    }

    /// Each step is below the band; all of them together are not.
    function test_bands_climbed_in_steps() external {
        uint256 owed = 1000;
        uint256 steps;
        while (registry.stateOf(venue) == State.Healthy) {
            owed = (owed * 1009) / 1000;
            vm.warp(block.timestamp + 60);
            evaluator.set(owed, 1000, 1000);
            attest();
            ++steps;
            vm.assertLe(steps, 20, "never stopped");
        }
        vm.assertTrue(owed > 1100, "stopped at the band");
        assertState(State.Warning, "warning");
    }

    /// Climbing over many delays moves at most a band a delay.
    function test_bands_over_epochs() external {
        uint256 owed = 1000;
        uint256 since = block.timestamp;
        for (uint256 i = 0; i < 60; ++i) {
            later(DELAY / 7);
            evaluator.set(owed + owed / 60, 1000, 1000);
            owed += owed / 60;
            attest();
            if (registry.stateOf(venue) == State.Warning) break;
        }
        assertState(State.Warning, "faster than the band");
        vm.assertTrue(block.timestamp - since <= 2 * DELAY, "found within two epochs");
    }

    /// The same again a moment later is what was warned of still.
    function test_a_second_attestation_heals_no_band() external {
        move(2000, 1000, 1000);
        uint64 until = registry.bandUntil(venue);
        move(2000, 1000, 1000);
        assertState(State.Warning, "still");
        vm.assertEq(registry.bandUntil(venue), until, "as long as the first");
        move(1000, 1000, 1000);
        assertState(State.Warning, "nor does going back");
        until = registry.bandUntil(venue);
        vm.prank(GUARDIAN);
        registry.revoke(venue, 4, "a mistake");
        move(1000, 1000, 1000);
        assertState(State.Warning, "nor a revocation");
        vm.warp(until);
        assertState(State.Healthy, "the delay does");
    }

    function test_observers_confirm() external {
        move(2000, 1000, 1000);
        vm.expectPartialRevert(MockObservers.TooFewSignatures.selector);
        registry.confirm(venue, record, noSignatures());
        observers.allow(keccak256(abi.encode(record)));
        registry.confirm(venue, record, noSignatures());
        assertState(State.Healthy, "confirmed");
        vm.expectPartialRevert(ISolvencyRegistry.NothingToConfirm.selector);
        registry.confirm(venue, record, noSignatures());
        move(2000, 1000, 1000);
        assertState(State.Healthy, "and the next with it");
        vm.expectPartialRevert(ISolvencyRegistry.NothingToConfirm.selector);
        registry.confirm(venue, record, noSignatures());
        move(4000, 1000, 1000);
        assertState(State.Warning, "another jump");
    }

    /// Other rules have another table, in which nothing is known.
    function test_other_rules_have_nothing_to_compare_with() external {
        later(1 hours);
        attest(next(venue, OTHER_RULES), PUBLISHER);
        assertState(State.Warning, "unknown");
        later(DELAY);
        move(1000, 1000, 1000);
        assertState(State.Healthy, "back, and as before");
        evaluator.set(1000, 2000, 1000);
        later(60);
        attest(next(venue, OTHER_RULES), PUBLISHER);
        assertState(State.Warning, "known by now");
    }

    function test_absurd_values_saturate() external {
        uint256 absurd = type(uint128).max;
        reserves.set(1);
        move(absurd, absurd * absurd, absurd);
        vm.assertEq(registry.latest(venue).faults, uint256(8), "a band");
        assertState(State.Breach, "and a breach");
        move(0, 0, 0);
    }
}
