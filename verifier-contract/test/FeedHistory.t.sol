// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {CoverageFeed, Scale} from "../contracts/CoverageFeed.sol";
import {
    Fault,
    ISolvencyRegistry,
    Record,
    State
} from "../contracts/interfaces/ISolvencyRegistry.sol";
import {StatedRegistry} from "./mocks/StatedRegistry.sol";
import {World} from "./World.sol";

/// What a feed says of rounds that were, on a registry's own code.
contract FeedHistoryTest is World {
    CoverageFeed private feed;

    function setUp() external {
        world(someLimits());
        feed = new CoverageFeed(registry, venue, State.Warning, Scale(8, 1e8, 1e18));
        attest();
        assertState(State.Healthy, "begins");
        assertAnswers(1e8, 1e8, "shown");
    }

    function assertAnswers(int256 latest, int256 round, string memory why) private view {
        (, int256 answer, , , ) = feed.latestRoundData();
        vm.assertEq(answer, latest, why);
        (answer, ) = feed.roundOf(1, record);
        vm.assertEq(answer, round, why);
    }

    function test_a_frozen_verifier_empties_the_history_of_what_it_checked() external {
        vm.prank(GUARDIAN);
        venues.freezeVerifier(venue, verifier);
        assertState(State.Breach, "frozen");
        assertAnswers(0, 0, "frozen");
    }

    function test_retired_rules_empty_the_history_of_what_was_under_them() external {
        vm.prank(GUARDIAN);
        venues.retireRules(venue, RULES);
        assertAnswers(0, 0, "retired");
        Record memory first = record;
        later(1 hours);
        attest(next(venue, OTHER_RULES), PUBLISHER);
        (int256 answer, ) = feed.roundOf(1, first);
        vm.assertEq(answer, int256(0), "and with an attestation under others");
        (answer, ) = feed.roundOf(2, record);
        vm.assertEq(answer, int256(1e8), "which counts");
    }

    function test_a_round_that_was_only_ever_a_warning_is_none_where_healthy_is_asked() external {
        CoverageFeed strict = new CoverageFeed(registry, venue, State.Healthy, Scale(8, 1e8, 1e18));
        later(1 hours);
        reserves.forget();
        submit(next(venue, RULES), PUBLISHER);
        assertState(State.Warning, "no mark");
        vm.assertTrue(record.faults & (1 << uint256(Fault.Unmarked)) != 0, "unmarked");
        (, int256 answer, , , ) = strict.latestRoundData();
        vm.assertEq(answer, int256(0), "the latest");
        (answer, ) = strict.roundOf(2, record);
        vm.assertEq(answer, int256(0), "its history");
        (answer, ) = feed.roundOf(2, record);
        vm.assertEq(answer, int256(1e8), "where a warning is accepted");
    }
}
