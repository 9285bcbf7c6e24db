// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Feeds} from "../contracts/Feeds.sol";
import {IFeeds} from "../contracts/interfaces/IFeeds.sol";
import {Prices, Round} from "../contracts/Submission.sol";
import {FakeFeed, FakeVenues} from "./FakeFeed.sol";
import {FeedsSetup} from "./Feeds.t.sol";

contract FeedRoundsTest is FeedsSetup {
    uint80 private constant PHASE = uint80(1) << 64;

    function setUp() public override {
        super.setUp();
        announce(newFeed(address(feed), "BTC"));
    }

    function test_only_the_round_in_force_at_the_prices_time_counts() external {
        assertIs(inRound(ROUND), IFeeds.Compared.Within, "in force");
        assertIs(inRound(ROUND + 1), IFeeds.Compared.OtherRound, "later than the prices");
        assertIs(inRound(ROUND + 2), IFeeds.Compared.OtherRound, "the latest, of now");
        feed.set(ROUND - 1, 100_000e8, AT - 50);
        assertIs(inRound(ROUND - 1), IFeeds.Compared.OtherRound, "one before it");
        assertIs(inRound(ROUND - 2), IFeeds.Compared.NoAnswer, "none");
        feed.set(ROUND + 1, 100_000e8, AT);
        assertIs(inRound(ROUND), IFeeds.Compared.OtherRound, "the next is of that very second");
        assertIs(inRound(ROUND + 1), IFeeds.Compared.Within, "which is in force");
        feed.setLatest(ROUND + 1);
        assertIs(inRound(ROUND + 1), IFeeds.Compared.Within, "as the latest too");
    }

    function test_missing_rounds_hide_none() external {
        feed.set(ROUND + 1, 0, 0);
        assertIs(inRound(ROUND), IFeeds.Compared.Within, "the one after it is later");
        feed.set(ROUND + 2, 100_000e8, AT - 10);
        assertIs(inRound(ROUND), IFeeds.Compared.OtherRound, "a gap hides no round");
        feed.set(ROUND + 2, 0, 0);
        assertIs(inRound(ROUND), IFeeds.Compared.OtherRound, "the latest is none: not shown");
        feed.set(ROUND + 3, 100_000e8, AT + 10);
        assertIs(inRound(ROUND), IFeeds.Compared.Within, "a gap of two");
        feed.set(ROUND + 3, 0, 0);
        feed.set(ROUND + 4, 100_000e8, AT + 10);
        assertIs(inRound(ROUND), IFeeds.Compared.OtherRound, "a gap of three cannot be shown");
    }

    function test_a_phase_that_ended_is_followed_by_the_next() external {
        feed.set(ROUND + 1, 0, 0);
        feed.set(ROUND + 2, 0, 0);
        uint80 first = (((ROUND >> 64) + 1) << 64) | 1;
        feed.set(first, 100_000e8, AT + 5);
        feed.set(first + 8, 100_000e8, AT + 50);
        assertIs(inRound(ROUND), IFeeds.Compared.Within, "the next phase began later");
        feed.set(first, 100_000e8, AT);
        assertIs(inRound(ROUND), IFeeds.Compared.OtherRound, "or at that second");
        assertIs(inRound(first), IFeeds.Compared.OtherRound, "eight rounds cannot be shown");
        feed.set(first + 1, 100_000e8, AT + 1);
        assertIs(inRound(first), IFeeds.Compared.Within, "now it is in force");
    }

    function test_an_old_phase_that_goes_on_is_not_in_force() external {
        // The old aggregator still answers, and has a later round than the prices'.
        uint80 first = (((ROUND >> 64) + 1) << 64) | 1;
        feed.set(first, 100_000e8, AT - 500);
        feed.set(first + 1, 100_000e8, AT + 1);
        assertIs(inRound(ROUND), IFeeds.Compared.OtherRound, "of the old phase");
        assertIs(inRound(first), IFeeds.Compared.Within, "of the new one");
        // A phase without rounds between two.
        feed.set(first + PHASE, 100_000e8, AT + 30);
        feed.set(first, 0, 0);
        assertIs(inRound(ROUND), IFeeds.Compared.Within, "of after the prices");
        // What a phase without its first rounds holds cannot be shown.
        feed.set(first + 1, 0, 0);
        assertIs(inRound(ROUND), IFeeds.Compared.OtherRound, "none of them");
        feed.set(first + 3, 50_000e8, AT - 20);
        assertIs(inRound(ROUND), IFeeds.Compared.OtherRound, "it has a later one of before");
        feed.set(first, 100_000e8, AT + 5);
        assertIs(inRound(ROUND), IFeeds.Compared.Within, "its first is of after");
        feed.set(first + 5 * PHASE, 100_000e8, AT + 40);
        assertIs(inRound(ROUND), IFeeds.Compared.OtherRound, "so many phases cannot be shown");
    }

    /// The limit: numbers of a phase that ended must follow one another, as Chainlink's do. What
    /// comes after three missing ones is not looked for.
    function test_a_gap_of_three_at_the_end_of_an_ended_phase_is_taken_for_its_end() external {
        feed.set(ROUND + 1, 0, 0);
        feed.set(ROUND + 2, 0, 0);
        feed.set(ROUND + 4, 50_000e8, AT - 10);
        assertIs(inRound(ROUND), IFeeds.Compared.OtherRound, "in the latest phase");
        feed.set((((ROUND >> 64) + 1) << 64) | 1, 50_000e8, AT + 10);
        assertIs(inRound(ROUND), IFeeds.Compared.Within, "not seen");
    }

    function test_the_last_round_of_numbers_overflows_nothing() external {
        uint80 last = type(uint80).max;
        feed.set(last, 100_000e8, AT - 1);
        assertIs(inRound(last), IFeeds.Compared.Within, "the largest round there is");
        feed.setLatest(ROUND);
        assertIs(inRound(last), IFeeds.Compared.OtherRound, "later than the latest");
    }

    function test_a_sequencer_must_be_up_and_have_been_for_its_grace() external {
        FakeFeed sequencer = new FakeFeed(0);
        vm.prank(OWNER);
        feeds.removeFeed(VENUE, 0);
        IFeeds.NewFeed memory listed = newFeed(address(feed), "BTC");
        (listed.sequencer, listed.grace) = (address(sequencer), 3_600);
        announce(listed);
        sequencer.set(1, 0, AT - 3_600);
        assertIs(inRound(ROUND), IFeeds.Compared.Within, "up for the grace");
        sequencer.set(1, 0, AT - 3_599);
        assertIs(inRound(ROUND), IFeeds.Compared.SequencerDown, "a second short");
        sequencer.set(1, 0, AT + 30);
        assertIs(inRound(ROUND), IFeeds.Compared.SequencerDown, "down at that time");
        sequencer.set(1, 1, AT - 9_000);
        assertIs(inRound(ROUND), IFeeds.Compared.SequencerDown, "down now");
        sequencer.set(1, 0, 0);
        assertIs(inRound(ROUND), IFeeds.Compared.SequencerDown, "never known to be up");
        sequencer.setFault(FakeFeed.Fault.BurnsGas);
        assertIs(inRound(ROUND), IFeeds.Compared.SequencerDown, "no answer");
    }

    function test_a_list_changes_after_the_delay_alone() external {
        venues.setDelay(2 days);
        FakeFeed other = new FakeFeed(18);
        uint256 place = announce(newFeed(address(other), "USDC"));
        vm.prank(OWNER);
        feeds.removeFeed(VENUE, 0);
        vm.prank(OWNER);
        vm.expectRevert(abi.encodeWithSelector(IFeeds.FeedUnknown.selector, 0));
        feeds.removeFeed(VENUE, 0);
        assertIs(inRound(ROUND), IFeeds.Compared.Within, "the old one still");
        Prices memory prices = pricesOf(amount(1, 0), amount(1, 0));
        Round[] memory rounds = new Round[](1);
        vm.assertEq(feeds.compare(VENUE, chunks, prices, rounds).length, uint256(1), "alone");
        vm.warp(NOW + 2 days);
        rounds[0] = Round(1, ROUND);
        assertIs(
            feeds.compare(VENUE, chunks, prices, rounds)[0],
            IFeeds.Compared.NoAnswer,
            "the new one, which has no round"
        );
        IFeeds.Feed[] memory list = feeds.feedsOf(VENUE);
        vm.assertEq(list.length, uint256(2), "both are listed");
        vm.assertEq(uint256(list[place].decimals), uint256(18), "decimals");
        vm.assertEq(uint256(list[place].activeFrom), uint256(NOW + 2 days), "from");
        vm.assertEq(uint256(list[0].removedFrom), uint256(NOW + 2 days), "removed");
        vm.assertEq(announce(newFeed(address(other), "BTC")), uint256(0), "the place is free");
    }

    function test_what_is_listed_must_be_whole() external {
        vm.expectRevert(abi.encodeWithSelector(FakeVenues.NotOwner.selector, address(this)));
        feeds.announceFeed(VENUE, newFeed(address(feed), "BTC"));
        string[9] memory fields = [
            "name",
            "feed",
            "heartbeat",
            "bandBps",
            "bandBps",
            "grace",
            "sequencer",
            "least",
            "most"
        ];
        for (uint256 i = 0; i < 9; ++i) {
            IFeeds.NewFeed memory listed = newFeed(address(feed), "BTC");
            if (i == 0) listed.name = "";
            if (i == 1) listed.feed = address(0xDEAD);
            if (i == 2) listed.heartbeat = 0;
            if (i == 3) listed.bandBps = 0;
            if (i == 4) listed.bandBps = 10_000;
            if (i == 5) listed.grace = 1;
            if (i == 6) listed.sequencer = address(0xDEAD);
            if (i == 7) listed.least = listed.most;
            if (i == 8) listed.most = int256(1) << 127;
            refused(listed, fields[i]);
        }
        IFeeds.NewFeed memory one = newFeed(address(feed), "BTC");
        feed.setDecimals(39);
        refused(one, "decimals");
        feed.setDecimals(8);
        for (uint256 i = 1; i < feeds.MAX_FEEDS(); ++i) announce(one);
        vm.prank(OWNER);
        vm.expectRevert(abi.encodeWithSelector(IFeeds.TooManyFeeds.selector, 16));
        feeds.announceFeed(VENUE, one);
    }

    function test_gas_of_a_comparison() external {
        Prices memory prices = pricesOf(amount(100_000, 0), amount(1, 0));
        vm.assertLe(cost(prices, 1), 70_000, "one feed");
        for (uint256 i = 1; i < 4; ++i) announce(newFeed(address(new FakeFeed(8)), "BTC"));
        IFeeds.Feed[] memory list = feeds.feedsOf(VENUE);
        for (uint256 i = 1; i < 4; ++i) {
            FakeFeed(list[i].feed).set(ROUND, 100_000e8, AT - 30);
            FakeFeed(list[i].feed).set(ROUND + 1, 100_000e8, AT + 30);
            FakeFeed(list[i].feed).set(ROUND + 2, 100_000e8, AT + 40);
        }
        uint256 four = cost(prices, 4);
        vm.assertLe(four / 4, 55_000, "a feed of four");
        emit Gas(four / 4);
    }

    event Gas(uint256 ofFeed);

    function cost(Prices memory prices, uint256 count) private view returns (uint256) {
        Round[] memory rounds = new Round[](count);
        for (uint256 i = 0; i < count; ++i) rounds[i] = Round(0, ROUND);
        uint256 before = gasleft();
        IFeeds.Compared[] memory results = feeds.compare(VENUE, chunks, prices, rounds);
        before -= gasleft();
        vm.assertEq(results.length, count, "all of them");
        for (uint256 i = 0; i < count; ++i) assertIs(results[i], IFeeds.Compared.Within, "within");
        return before;
    }

    function refused(IFeeds.NewFeed memory listed, string memory field) private {
        vm.prank(OWNER);
        vm.expectRevert(abi.encodeWithSelector(IFeeds.FeedIncomplete.selector, field));
        feeds.announceFeed(VENUE, listed);
    }
}
