// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {CoverageFeed, Scale} from "../contracts/CoverageFeed.sol";
import {ISolvencyRegistry, Record, State} from "../contracts/interfaces/ISolvencyRegistry.sol";
import {Test} from "./Test.sol";
import {StatedRegistry} from "./mocks/StatedRegistry.sol";

contract CoverageFeedTest is Test {
    bytes32 private constant VENUE = "venue";
    uint64 private constant AS_OF = 1_800_000_000;
    Scale private ratio = Scale(8, 1e8, 1e18);

    StatedRegistry private stated;
    ISolvencyRegistry private registry;
    CoverageFeed private feed;

    function setUp() external {
        stated = new StatedRegistry();
        registry = ISolvencyRegistry(address(stated));
        feed = new CoverageFeed(registry, VENUE, State.Warning, ratio);
    }

    function recordOf(uint64 coverageBps) private pure returns (Record memory record) {
        (record.sequence, record.asOf, record.coverageBps) = (70, AS_OF, coverageBps);
    }

    function answers(CoverageFeed from) private view returns (int256 answer) {
        (, answer, , , ) = from.latestRoundData();
    }

    function test_before_the_first_attestation_everything_is_zero() external {
        (uint80 id, int256 answer, uint256 startedAt, uint256 updatedAt, uint80 answeredIn) = feed
            .latestRoundData();
        vm.assertTrue(id == 0 && answer == 0 && answeredIn == 0, "answer");
        vm.assertTrue(startedAt == 0 && updatedAt == 0, "times");
        vm.expectRevert(abi.encodeWithSelector(CoverageFeed.NoRound.selector, 0, 0));
        feed.getRoundData(0);
    }

    function test_a_round_is_the_registrys_and_begins_at_one() external {
        stated.append(recordOf(13_333));
        (uint80 id, int256 answer, uint256 startedAt, uint256 updatedAt, uint80 answeredIn) = feed
            .latestRoundData();
        vm.assertTrue(id == 1 && answeredIn == 1, "round");
        vm.assertEq(answer, int256(133_330_000), "answer");
        vm.assertTrue(startedAt == AS_OF && updatedAt == AS_OF, "times");
    }

    function test_the_answer_of_every_state() external {
        CoverageFeed strict = new CoverageFeed(registry, VENUE, State.Healthy, ratio);
        stated.append(recordOf(10_000));
        for (uint8 i = 0; i <= uint8(State.Paused); i++) {
            State state = State(i);
            stated.setState(state);
            bool isHealthy = state == State.Healthy;
            vm.assertEq(answers(strict), isHealthy ? int256(1e8) : int256(0), "healthy alone");
            bool isShown = isHealthy || state == State.Warning;
            vm.assertEq(answers(feed), isShown ? int256(1e8) : int256(0), "warning too");
        }
    }

    function test_where_nothing_is_owed_the_answer_is_capped() external {
        stated.append(recordOf(type(uint64).max));
        vm.assertEq(answers(feed), int256(1e18), "not what overflows a consumer");
        Scale memory widest = Scale(18, type(uint128).max, type(uint128).max);
        CoverageFeed wide = new CoverageFeed(registry, VENUE, State.Healthy, widest);
        vm.assertEq(answers(wide), int256(uint256(type(uint128).max)), "no overflow within");
    }

    function test_getRoundData_agrees_with_the_latest_and_knows_no_other() external {
        stated.append(recordOf(9_999));
        stated.append(recordOf(12_000));
        (uint80 id, int256 answer, , uint256 updatedAt, uint80 answeredIn) = feed.getRoundData(2);
        vm.assertTrue(id == 2 && answeredIn == 2 && updatedAt == AS_OF, "round");
        vm.assertEq(answer, int256(1.2e8), "answer");
        stated.setState(State.Breach);
        (, answer, , , ) = feed.getRoundData(2);
        vm.assertEq(answer, int256(0), "falls within the round");
        for (uint80 other = 0; other < 4; other++) {
            if (other == 2) continue;
            vm.expectRevert(abi.encodeWithSelector(CoverageFeed.NoRound.selector, other, 2));
            feed.getRoundData(other);
        }
        vm.expectRevert();
        feed.getRoundData(uint80(type(uint64).max) + 3);
    }

    function test_history_takes_the_record_that_was_appended_and_no_other() external {
        Record memory record = recordOf(11_000);
        stated.append(record);
        stated.append(recordOf(12_000));
        (int256 answer, uint256 updatedAt) = feed.roundOf(1, record);
        vm.assertTrue(answer == 1.1e8 && updatedAt == AS_OF, "answer");
        stated.setFound(1, false, AS_OF + 5);
        (answer, ) = feed.roundOf(1, record);
        vm.assertEq(answer, int256(0), "found in breach");
        stated.setFound(1, true, 0);
        (answer, ) = feed.roundOf(1, record);
        vm.assertEq(answer, int256(0), "revoked");
        record.coverageBps = 20_000;
        vm.expectPartialRevert(CoverageFeed.OtherRecord.selector);
        feed.roundOf(1, record);
        vm.expectPartialRevert(CoverageFeed.OtherRecord.selector);
        feed.roundOf(3, record);
    }

    function test_a_failing_record_is_zero_in_history() external {
        Record memory record = recordOf(11_000);
        record.failing = 1;
        stated.append(record);
        (int256 answer, ) = feed.roundOf(1, record);
        vm.assertEq(answer, int256(0), "clause");
        (record.failing, record.faults) = (0, 1);
        (answer, ) = feed.roundOf(stated.append(record), record);
        vm.assertEq(answer, int256(0), "prices");
    }

    function test_feeds_that_would_not_fall_are_refused() external {
        for (uint8 i = 0; i <= uint8(State.Paused); i++) {
            if (i == uint8(State.Healthy) || i == uint8(State.Warning)) continue;
            vm.expectRevert(abi.encodeWithSelector(CoverageFeed.AcceptsTooMuch.selector, i));
            new CoverageFeed(registry, VENUE, State(i), ratio);
        }
        vm.expectPartialRevert(CoverageFeed.ScaleOutOfRange.selector);
        new CoverageFeed(registry, VENUE, State.Healthy, Scale(8, 0, 1));
        vm.expectPartialRevert(CoverageFeed.ScaleOutOfRange.selector);
        new CoverageFeed(registry, VENUE, State.Healthy, Scale(8, 2, 1));
        vm.expectRevert(abi.encodeWithSelector(CoverageFeed.DecimalsOutOfRange.selector, 39, 38));
        new CoverageFeed(registry, VENUE, State.Healthy, Scale(39, 1, 1));
    }
}
