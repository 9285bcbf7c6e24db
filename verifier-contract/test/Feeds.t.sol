// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Feeds} from "../contracts/Feeds.sol";
import {IFeeds} from "../contracts/interfaces/IFeeds.sol";
import {IVenues} from "../contracts/interfaces/IVenues.sol";
import {Prices, Round} from "../contracts/Submission.sol";
import {FakeFeed, FakeVenues} from "./FakeFeed.sol";
import {Test} from "./Test.sol";

/// What both tests of feeds share: a venue with prices of BTC and USDC, 60 seconds old, and a feed
/// of the first, which agrees.
abstract contract FeedsSetup is Test {
    bytes32 internal constant VENUE = keccak256("venue");
    uint64 internal constant NOW = 1_800_000_000;
    uint64 internal constant AT = NOW - 60;
    uint80 internal constant ROUND = (uint80(7) << 64) | 1_234;
    address internal constant OWNER = address(0xA11CE);

    FakeVenues internal venues;
    Feeds internal feeds;
    FakeFeed internal feed;
    address[] internal chunks;

    function setUp() public virtual {
        vm.warp(NOW);
        venues = new FakeVenues(OWNER, 0);
        feeds = new Feeds(IVenues(address(venues)));
        chunks = [address(0xC0DE)];
        bytes memory names = abi.encodePacked(
            uint8(0),
            uint16(2),
            keccak256("BTC"),
            keccak256("USDC"),
            "program"
        );
        vm.etch(chunks[0], names);
        feed = new FakeFeed(8);
        feed.set(ROUND, 100_000e8, AT - 30);
        feed.set(ROUND + 1, 100_100e8, AT + 20);
        feed.set(ROUND + 2, 100_200e8, AT + 40);
    }

    function newFeed(
        address oracle,
        string memory name
    ) internal pure returns (IFeeds.NewFeed memory) {
        return IFeeds.NewFeed(name, oracle, 3_600, 100, address(0), 0, 0, 1_000_000e8);
    }

    function announce(IFeeds.NewFeed memory listed) internal returns (uint256) {
        vm.prank(OWNER);
        return feeds.announceFeed(VENUE, listed);
    }

    function amount(uint128 mantissa, uint8 scale) internal pure returns (bytes memory) {
        return abi.encodePacked(mantissa, scale);
    }

    function _prices(
        uint64 asOf,
        bytes32 quote,
        bytes32 method,
        bytes memory list
    ) internal pure returns (Prices memory prices) {
        (prices.asOf, prices.quote, prices.method, prices.list) = (asOf, quote, method, list);
    }

    function pricesOf(bytes memory btc, bytes memory usdc) internal pure returns (Prices memory) {
        return _prices(AT, keccak256("USD"), keccak256("mid"), bytes.concat(btc, usdc));
    }

    function compare(
        Prices memory prices,
        uint16 price,
        uint80 round
    ) internal view returns (IFeeds.Compared) {
        Round[] memory rounds = new Round[](1);
        rounds[0] = Round(price, round);
        return feeds.compare(VENUE, chunks, prices, rounds)[0];
    }

    /// The price of BTC, and no other.
    function ofBtc(bytes memory btc) internal view returns (IFeeds.Compared) {
        return compare(pricesOf(btc, amount(1, 0)), 0, ROUND);
    }

    function inRound(uint80 round) internal view returns (IFeeds.Compared) {
        return compare(pricesOf(amount(100_000, 0), amount(1, 0)), 0, round);
    }

    function assertIs(IFeeds.Compared one, IFeeds.Compared other, string memory why) internal pure {
        vm.assertEq(uint256(one), uint256(other), why);
    }
}

contract FeedsTest is FeedsSetup {
    function setUp() public override {
        super.setUp();
        announce(newFeed(address(feed), "BTC"));
    }

    function test_a_depeg_is_found_and_nothing_reverts() external {
        assertIs(ofBtc(amount(100_000, 0)), IFeeds.Compared.Within, "equal");
        FakeFeed dollar = new FakeFeed(8);
        dollar.set(ROUND, 0.87e8, AT);
        announce(newFeed(address(dollar), "USDC"));
        Round[] memory rounds = new Round[](2);
        (rounds[0], rounds[1]) = (Round(0, ROUND), Round(1, ROUND));
        Prices memory prices = pricesOf(amount(100_000, 0), amount(1, 0));
        IFeeds.Compared[] memory results = feeds.compare(VENUE, chunks, prices, rounds);
        vm.assertEq(results.length, uint256(2), "both");
        assertIs(results[0], IFeeds.Compared.Within, "BTC");
        assertIs(results[1], IFeeds.Compared.Beyond, "USDC is not at 1");
    }

    function test_the_band_is_exact_on_both_sides() external view {
        // 1 % of 100,000.
        assertIs(ofBtc(amount(99_000, 0)), IFeeds.Compared.Within, "at the lower end");
        assertIs(ofBtc(amount(101_000, 0)), IFeeds.Compared.Within, "at the upper end");
        uint128 unit = 1e33;
        assertIs(ofBtc(amount(99_000 * unit, 33)), IFeeds.Compared.Within, "lower, long");
        assertIs(ofBtc(amount(99_000 * unit - 1, 33)), IFeeds.Compared.Beyond, "below");
        assertIs(ofBtc(amount(101_000 * unit, 33)), IFeeds.Compared.Within, "upper, long");
        assertIs(ofBtc(amount(101_000 * unit + 1, 33)), IFeeds.Compared.Beyond, "above");
        assertIs(ofBtc(amount(0, 0)), IFeeds.Compared.Beyond, "zero");
    }

    function test_no_price_overflows(uint128 mantissa, uint8 scale) external view {
        IFeeds.Compared result = ofBtc(amount(mantissa, scale));
        if (scale > 38) return assertIs(result, IFeeds.Compared.NoPrice, "too many places");
        // The same in another way: by bounds that are rounded towards the band.
        uint256 least = 99_000 * 10 ** uint256(scale);
        uint256 most = 101_000 * 10 ** uint256(scale);
        bool isWithin = mantissa >= least && mantissa <= most;
        assertIs(result, isWithin ? IFeeds.Compared.Within : IFeeds.Compared.Beyond, "band");
    }

    function test_the_largest_numbers_do_not_overflow() external {
        FakeFeed large = new FakeFeed(38);
        large.set(ROUND, type(int128).max - 1, AT);
        IFeeds.NewFeed memory listed = newFeed(address(large), "BTC");
        (listed.most, listed.bandBps) = (type(int128).max, 9_999);
        announce(listed);
        for (uint8 scale = 0; scale <= 38; scale += 19) {
            Round[] memory rounds = new Round[](2);
            rounds[1] = Round(0, ROUND);
            Prices memory prices = pricesOf(amount(type(uint128).max, scale), amount(1, 0));
            IFeeds.Compared result = feeds.compare(VENUE, chunks, prices, rounds)[1];
            // 2^128 is at 38 places all but twice the answer of 2^127: just beyond 99.99 %.
            assertIs(result, IFeeds.Compared.Beyond, "largest");
        }
    }

    function test_a_feed_in_another_quote_is_found_by_the_band_alone() external {
        // BTC in euros where the prices are in dollars: 8 % apart.
        FakeFeed euros = new FakeFeed(8);
        euros.set(ROUND, 92_000e8, AT);
        vm.prank(OWNER);
        feeds.removeFeed(VENUE, 0);
        announce(newFeed(address(euros), "BTC"));
        assertIs(ofBtc(amount(100_000, 0)), IFeeds.Compared.Beyond, "another currency");
        euros.set(ROUND, 100_500e8, AT);
        assertIs(ofBtc(amount(100_000, 0)), IFeeds.Compared.Within, "too near to be seen");
    }

    function test_an_answer_at_a_clamp_says_nothing() external {
        IFeeds.NewFeed memory listed = newFeed(address(feed), "BTC");
        vm.prank(OWNER);
        feeds.removeFeed(VENUE, 0);
        (listed.least, listed.most) = (100_000e8, 1_000_000e8);
        announce(listed);
        assertIs(ofBtc(amount(100_000, 0)), IFeeds.Compared.Clamped, "at the lower clamp");
        feed.set(ROUND, 100_000e8 + 1, AT - 30);
        assertIs(ofBtc(amount(100_000, 0)), IFeeds.Compared.Within, "above it");
        feed.set(ROUND, 1_000_000e8, AT - 30);
        assertIs(ofBtc(amount(1_000_000, 0)), IFeeds.Compared.Clamped, "at the upper clamp");
        feed.set(ROUND, type(int256).max, AT - 30);
        assertIs(ofBtc(amount(1_000_000, 0)), IFeeds.Compared.Clamped, "far beyond it");
    }

    function test_a_stale_round_says_nothing() external {
        feed.set(ROUND, 100_000e8, AT - 3_600);
        assertIs(inRound(ROUND), IFeeds.Compared.Within, "as old as it may be");
        feed.set(ROUND, 100_000e8, AT - 3_601);
        assertIs(inRound(ROUND), IFeeds.Compared.OtherRound, "a second older");
    }

    function test_what_is_no_answer_says_nothing() external {
        int256[3] memory answers = [int256(0), -1, type(int256).min];
        for (uint256 i = 0; i < 3; ++i) {
            feed.set(ROUND, answers[i], AT - 30);
            assertIs(inRound(ROUND), IFeeds.Compared.NoAnswer, "not above zero");
        }
        FakeFeed.Entry[5] memory wrong = [
            FakeFeed.Entry(100_000e8, AT - 30, 0),
            FakeFeed.Entry(100_000e8, 0, AT - 30),
            FakeFeed.Entry(100_000e8, AT - 29, AT - 30),
            FakeFeed.Entry(100_000e8, AT - 30, NOW + 1),
            FakeFeed.Entry(100_000e8, AT - 30, type(uint256).max)
        ];
        for (uint256 i = 0; i < 5; ++i) {
            feed.setEntry(ROUND, wrong[i]);
            assertIs(inRound(ROUND), IFeeds.Compared.NoAnswer, "times that cannot be");
        }
    }

    function test_a_feed_cannot_stop_an_attestation() external {
        for (uint256 fault = 1; fault <= uint256(FakeFeed.Fault.OtherRound); ++fault) {
            feed.setFault(FakeFeed.Fault(fault));
            IFeeds.Compared expected = IFeeds.Compared.NoAnswer;
            // An answer in front of many bytes is an answer.
            if (fault == uint256(FakeFeed.Fault.ReturnsLong)) expected = IFeeds.Compared.Within;
            uint256 before = gasleft();
            assertIs(inRound(ROUND), expected, "fault");
            vm.assertLe(before - gasleft(), 250_000, "gas is capped, and memory with it");
        }
        feed.setFault(FakeFeed.Fault.None);
        assertIs(inRound(ROUND), IFeeds.Compared.Within, "as before");
        feed.setDecimals(18);
        assertIs(inRound(ROUND), IFeeds.Compared.NoAnswer, "other decimals");
        vm.etch(address(feed), "");
        assertIs(inRound(ROUND), IFeeds.Compared.NoAnswer, "no code");
    }

    function test_nobody_starves_a_feed() external view {
        Prices memory prices = pricesOf(amount(100_000, 0), amount(1, 0));
        Round[] memory rounds = new Round[](1);
        rounds[0] = Round(0, ROUND);
        uint256 within;
        for (uint256 gas_ = 10_000; gas_ < 300_000; gas_ += 1_000) {
            try feeds.compare{gas: gas_}(VENUE, chunks, prices, rounds) returns (
                IFeeds.Compared[] memory results
            ) {
                assertIs(results[0], IFeeds.Compared.Within, "whatever gas is given");
                ++within;
            } catch {}
        }
        vm.assertGe(within, 100, "with enough gas it is compared");
    }

    function test_names_and_missing_rounds() external view {
        Prices memory prices = pricesOf(amount(100_000, 0), amount(1, 0));
        assertIs(compare(prices, 1, ROUND), IFeeds.Compared.NoPrice, "the other name");
        assertIs(compare(prices, 2, ROUND), IFeeds.Compared.NoPrice, "the program's bytes");
        assertIs(compare(prices, 65_535, ROUND), IFeeds.Compared.NoPrice, "far outside");
        IFeeds.Compared[] memory results = feeds.compare(VENUE, chunks, prices, new Round[](0));
        vm.assertEq(results.length, uint256(1), "one for the feed");
        assertIs(results[0], IFeeds.Compared.OtherRound, "no round is named");
        results = feeds.compare(VENUE, new address[](0), prices, new Round[](1));
        assertIs(results[0], IFeeds.Compared.NoPrice, "no names");
        results = feeds.compare(keccak256("another"), chunks, prices, new Round[](3));
        vm.assertEq(results.length, uint256(0), "no feeds");
    }

    function test_a_name_is_read_across_two_chunks() external {
        // The 768th name begins with the last 29 bytes of the first contract: 24,575 - 2 - 767 *
        // 32.
        bytes memory names = new bytes(2 + 800 * 32);
        (names[0], names[1]) = (bytes1(uint8(3)), bytes1(uint8(32)));
        bytes32 name = keccak256("BTC");
        for (uint256 i = 0; i < 32; ++i) names[2 + 767 * 32 + i] = name[i];
        bytes memory first = new bytes(24_576);
        for (uint256 i = 0; i < 24_575; ++i) first[i + 1] = names[i];
        bytes memory second = new bytes(1 + names.length - 24_575);
        for (uint256 i = 24_575; i < names.length; ++i) second[i - 24_574] = names[i];
        address[] memory both = new address[](2);
        (both[0], both[1]) = (address(0xC1), address(0xC2));
        vm.etch(both[0], first);
        vm.etch(both[1], second);
        bytes memory list = new bytes(17 * 800);
        bytes memory price = amount(100_000, 0);
        for (uint256 i = 0; i < 17; ++i) list[17 * 767 + i] = price[i];
        Prices memory prices = _prices(AT, 0, 0, list);
        Round[] memory rounds = new Round[](1);
        rounds[0] = Round(767, ROUND);
        assertIs(feeds.compare(VENUE, both, prices, rounds)[0], IFeeds.Compared.Within, "across");
        both[1] = address(0xC3);
        assertIs(
            feeds.compare(VENUE, both, prices, rounds)[0],
            IFeeds.Compared.NoPrice,
            "half of it"
        );
    }
}
