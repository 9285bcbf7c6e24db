// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {IFeeds} from "../contracts/interfaces/IFeeds.sol";
import {Prices, Round} from "../contracts/Submission.sol";
import {FakeFeed} from "./FakeFeed.sol";
import {FeedsSetup} from "./Feeds.t.sol";

/// Answers all that is asked, rightly, and burns what each call may cost.
contract SlowFeed {
    uint256 private immutable AT;
    uint80 private immutable ROUND;
    uint80 private immutable LATEST;

    constructor(uint256 at, uint80 round, uint80 latest) {
        (AT, ROUND, LATEST) = (at, round, latest);
    }

    function _burn() private view {
        while (gasleft() > 3_000) {}
    }

    function decimals() external view returns (uint8) {
        // Announcing it is not slow.
        if (gasleft() < 99_900) _burn();
        return 8;
    }

    function latestRoundData() external view returns (uint80, int256, uint256, uint256, uint80) {
        _burn();
        return (LATEST, 1e8, AT, AT, LATEST);
    }

    function getRoundData(
        uint80 round
    ) external view returns (uint80, int256, uint256, uint256, uint80) {
        _burn();
        if (round != ROUND) return (0, 0, 0, 0, 0);
        return (round, 1e8, AT, AT, round);
    }
}

/// What the calls of a feed may cost together.
contract FeedBudgetTest is FeedsSetup {
    function test_feeds_cannot_use_up_a_transaction() external {
        // Four phases are asked for three rounds each.
        uint80 latest = (uint80(10) << 64) | 9;
        uint256 count = feeds.MAX_FEEDS();
        Round[] memory rounds = new Round[](count);
        for (uint256 i = 0; i < count; ++i) {
            announce(newFeed(address(new SlowFeed(AT - 30, ROUND, latest)), "BTC"));
            rounds[i] = Round(0, ROUND);
        }
        Prices memory prices = pricesOf(amount(1, 0), amount(1, 0));
        uint256 before = gasleft();
        IFeeds.Compared[] memory results = feeds.compare(VENUE, chunks, prices, rounds);
        before -= gasleft();
        vm.assertLe(before, count * (feeds.BUDGET() + 20_000), "gas of all");
        vm.assertLe(before, uint256(1 << 24) / 2, "half of what a transaction can have");
        for (uint256 i = 0; i < count; ++i) {
            assertIs(results[i], IFeeds.Compared.NoAnswer, "each was too dear");
        }
    }

    /// What could not be asked for is no answer, and not a round that is missing.
    function test_a_feed_that_is_too_dear_is_no_answer_with_any_gas() external {
        announce(newFeed(address(new SlowFeed(AT - 30, ROUND, ROUND + 1)), "BTC"));
        for (uint256 gas_ = 600_000; gas_ < 16_000_000; gas_ *= 2) {
            Round[] memory rounds = new Round[](1);
            rounds[0] = Round(0, ROUND);
            IFeeds.Compared found = feeds.compare{gas: gas_}(
                VENUE,
                chunks,
                pricesOf(amount(1, 0), amount(1, 0)),
                rounds
            )[0];
            assertIs(found, IFeeds.Compared.NoAnswer, "the same");
        }
    }

    /// The most that an honest feed is asked: a sequencer, and the first rounds of three phases of
    /// which each begins with two missing numbers.
    function test_the_longest_honest_comparison_fits() external {
        FakeFeed sequencer = new FakeFeed(0);
        sequencer.set(1, 0, AT - 3_600);
        FakeFeed long = new FakeFeed(8);
        long.set(ROUND, 100_000e8, AT - 30);
        for (uint80 i = 1; i <= 3; ++i) {
            long.set((((ROUND >> 64) + i) << 64) | 3, 100_000e8, AT + i);
        }
        IFeeds.NewFeed memory listed = newFeed(address(long), "BTC");
        (listed.sequencer, listed.grace) = (address(sequencer), 3_600);
        announce(listed);
        uint256 before = gasleft();
        assertIs(inRound(ROUND), IFeeds.Compared.Within, "all of it");
        vm.assertLe(before - gasleft(), feeds.BUDGET() / 2, "gas");
    }
}
