// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Feeds} from "../contracts/Feeds.sol";
import {IObservedPool, TwapFeed} from "../contracts/feeds/TwapFeed.sol";
import {IFeeds} from "../contracts/interfaces/IFeeds.sol";
import {IVenues} from "../contracts/interfaces/IVenues.sol";
import {Prices, Round} from "../contracts/Submission.sol";
import {FakeVenues} from "./FakeFeed.sol";
import {Test} from "./Test.sol";

interface IFactory {
    function createPool(address one, address other, uint24 fee) external returns (address);
}

interface IPool {
    function initialize(uint160 sqrtPrice) external;
    function mint(
        address to,
        int24 lower,
        int24 upper,
        uint128 amount,
        bytes calldata data
    ) external returns (uint256, uint256);
    function burn(int24 lower, int24 upper, uint128 amount) external returns (uint256, uint256);
    function swap(
        address to,
        bool isZeroForOne,
        int256 amount,
        uint160 limit,
        bytes calldata data
    ) external returns (int256, int256);
    function increaseObservationCardinalityNext(uint16 next) external;
    function token0() external view returns (address);
}

/// A token of which everybody has enough.
contract Plenty {
    uint8 public immutable decimals;
    mapping(address => uint256) public balanceOf;

    constructor(uint8 decimals_) {
        decimals = decimals_;
    }

    function mint(address to, uint256 amount) external {
        balanceOf[to] += amount;
    }

    function transfer(address to, uint256 amount) external returns (bool) {
        unchecked {
            balanceOf[msg.sender] -= amount;
            balanceOf[to] += amount;
        }
        return true;
    }
}

/// A pool of Uniswap v3 as it is deployed, with 18 and 6 decimals and a price near 2,000.
contract TwapFeedTest is Test {
    uint256 private constant START = 1_800_000_000;
    uint32 private constant WINDOW = 30 minutes;
    uint128 private constant DEPTH = 1e18;
    string private constant ARTIFACTS =
        "consumers/node_modules/@uniswap/v3-core/artifacts/contracts/";

    Plenty private base;
    Plenty private quote;
    IPool private pool;
    TwapFeed private feed;
    bool private isFirst;

    function setUp() external {
        vm.warp(START);
        bytes memory code = vm.parseJsonBytes(
            vm.readFile(string.concat(ARTIFACTS, "UniswapV3Factory.sol/UniswapV3Factory.json")),
            ".bytecode"
        );
        address factory;
        assembly {
            factory := create(0, add(code, 32), mload(code))
        }
        (base, quote) = (new Plenty(18), new Plenty(6));
        pool = IPool(IFactory(factory).createPool(address(base), address(quote), 3_000));
        isFirst = pool.token0() == address(base);
        // sqrt(2,000 * 10^-12) * 2^96, or its inverse.
        uint256 root = (uint256(44_721_359_549_996) * 2 ** 96) / 10 ** 18;
        pool.initialize(uint160(isFirst ? root : 2 ** 192 / root));
        pool.mint(address(this), -887_220, 887_220, DEPTH, "");
        pool.increaseObservationCardinalityNext(20);
        feed = new TwapFeed(IObservedPool(address(pool)), address(base), WINDOW, DEPTH / 2);
        vm.warp(START + 2 hours);
    }

    function uniswapV3MintCallback(uint256 one, uint256 two, bytes calldata) external {
        pay(int256(one), int256(two));
    }

    function uniswapV3SwapCallback(int256 one, int256 two, bytes calldata) external {
        pay(one, two);
    }

    function test_the_price_of_a_quiet_pool_is_its_price() external view {
        uint256 price = answer(uint80(block.timestamp));
        vm.assertGe(price, 1_999.7e18, "at most a tick below");
        vm.assertLe(price, 2_000.3e18, "or above");
        (uint80 id, int256 latest, uint256 from, uint256 to, uint80 of_) = feed.latestRoundData();
        vm.assertEq(uint256(latest), price, "the latest is now's");
        vm.assertEq(uint256(id), block.timestamp, "a round is a time");
        vm.assertEq(to, block.timestamp, "it ends then");
        vm.assertEq(to - from, uint256(WINDOW), "it began a window before");
        vm.assertEq(uint256(of_), uint256(id), "and is its own");
    }

    function test_the_other_token_has_the_inverse_price() external {
        TwapFeed other = new TwapFeed(
            IObservedPool(address(pool)),
            address(quote),
            WINDOW,
            DEPTH / 2
        );
        (, int256 price, , , ) = other.latestRoundData();
        vm.assertGe(uint256(price), 0.00049992e18, "1 / 2,000");
        vm.assertLe(uint256(price), 0.00050008e18, "not more");
    }

    function test_what_happens_in_a_block_does_not_move_its_round() external {
        uint80 now_ = uint80(block.timestamp);
        uint256 before = answer(now_);
        trade(4);
        vm.assertEq(answer(now_), before, "of this block's time");
        // For one block of 12 seconds at four times the price: ln 4 * 12 / 1800 = 0.92 %.
        vm.warp(now_ + 12);
        uint256 moved = answer(now_ + 12);
        vm.assertGe(moved, before, "up");
        vm.assertLe(moved, (before * 10_100) / 10_000, "by less than a hundredth");
        vm.assertEq(answer(now_), before, "and the past stays");
        trade(-4);
        vm.warp(now_ + 12 + WINDOW);
        vm.assertLe(answer(now_ + 12 + WINDOW), (before * 10_010) / 10_000, "forgotten");
    }

    function test_a_round_is_gone_when_its_observations_are() external {
        uint80 round = uint80(block.timestamp);
        uint256 kept = answer(round);
        crowd();
        vm.expectRevert(bytes("OLD"));
        feed.getRoundData(round);
        vm.assertTrue(kept != 0, "it was there");
    }

    function test_a_recorded_round_stays_with_the_one_after_it() external {
        uint80 round = uint80(block.timestamp);
        uint256 kept = answer(round);
        vm.expectRevert(abi.encodeWithSelector(TwapFeed.RoundInFuture.selector, round + 1));
        feed.poke(round);
        trade(2);
        vm.warp(round + 1);
        uint256 next = answer(round + 1);
        feed.poke(round);
        crowd();
        vm.assertEq(answer(round), kept, "it");
        vm.assertEq(answer(round + 1), next, "and the one after it");
        feed.poke(round);
        vm.expectRevert(bytes("OLD"));
        feed.getRoundData(round + 2);
        vm.expectRevert(bytes("OLD"));
        feed.poke(round - 1);
        vm.assertEq(answer(round), kept, "nobody changes it");
    }

    function test_an_empty_pool_has_no_price() external {
        pool.burn(-887_220, 887_220, DEPTH);
        vm.warp(block.timestamp + 1);
        // A second without liquidity weighs as much as all the rest of the window.
        vm.expectPartialRevert(TwapFeed.TooLittleLiquidity.selector);
        feed.latestRoundData();
        uint80 round = uint80(block.timestamp);
        vm.expectPartialRevert(TwapFeed.TooLittleLiquidity.selector);
        feed.poke(round);
        pool.mint(address(this), -887_220, 887_220, DEPTH, "");
        vm.warp(round + WINDOW - 1);
        vm.expectPartialRevert(TwapFeed.TooLittleLiquidity.selector);
        feed.latestRoundData();
        vm.warp(round + WINDOW);
        feed.latestRoundData();
    }

    function test_numbers_that_are_no_time_of_the_pool_are_no_rounds() external {
        vm.expectRevert(bytes("OLD"));
        feed.getRoundData(uint80(START + WINDOW - 1));
        vm.expectRevert();
        feed.getRoundData(0);
        vm.expectRevert();
        feed.getRoundData(type(uint80).max);
        vm.expectRevert();
        feed.poke(type(uint80).max);
        feed.getRoundData(uint80(START + WINDOW));
    }

    function test_a_feed_asks_for_window_and_depth() external {
        IObservedPool of_ = IObservedPool(address(pool));
        vm.expectPartialRevert(TwapFeed.WindowTooShort.selector);
        new TwapFeed(of_, address(base), 299, 1);
        vm.expectPartialRevert(TwapFeed.NoLeastLiquidity.selector);
        new TwapFeed(of_, address(base), WINDOW, 0);
        vm.expectPartialRevert(TwapFeed.NotInPool.selector);
        new TwapFeed(of_, address(this), WINDOW, 1);
    }

    function test_a_price_is_compared_with_a_pool() external {
        bytes32 venue = keccak256("venue");
        Feeds feeds = new Feeds(IVenues(address(new FakeVenues(address(this), 0))));
        feeds.announceFeed(
            venue,
            IFeeds.NewFeed("ETH", address(feed), 60, 100, address(0), 0, 0, 1e24)
        );
        address[] memory chunks = new address[](1);
        chunks[0] = address(0xC0DE);
        vm.etch(chunks[0], abi.encodePacked(uint8(0), uint16(1), keccak256("ETH")));
        bytes memory list = abi.encodePacked(uint128(2_000), uint8(0));
        uint64 at_ = uint64(block.timestamp) - 600;
        Round[] memory rounds = new Round[](1);
        rounds[0] = Round(0, at_);
        Prices memory prices;
        (prices.asOf, prices.list) = (at_, list);
        uint256 before = gasleft();
        IFeeds.Compared result = feeds.compare(venue, chunks, prices, rounds)[0];
        vm.assertLe(before - gasleft(), 200_000, "gas of a feed");
        vm.assertTrue(result == IFeeds.Compared.Within, "near");
        rounds[0] = Round(0, at_ - 1);
        result = feeds.compare(venue, chunks, prices, rounds)[0];
        vm.assertTrue(result == IFeeds.Compared.OtherRound, "a second before");
        feed.poke(at_);
        crowd();
        rounds[0] = Round(0, at_);
        result = feeds.compare(venue, chunks, prices, rounds)[0];
        vm.assertTrue(result == IFeeds.Compared.Within, "recorded, and long gone from the pool");
    }

    function test_gas_of_a_round_of_a_busy_pool() external {
        pool.increaseObservationCardinalityNext(120);
        for (uint256 i = 0; i < 160; ++i) {
            vm.warp(block.timestamp + 30);
            trade(i % 2 == 0 ? int256(4) : int256(-4));
        }
        uint80 round = uint80(block.timestamp - 1_000);
        uint256 before = gasleft();
        answer(round);
        uint256 live = before - gasleft();
        feed.poke(round);
        before = gasleft();
        answer(round);
        uint256 recorded = before - gasleft();
        vm.assertLe(recorded, 12_000, "recorded");
        vm.assertLe(live, 100_000, "what a registry gives it");
        emit Gas(live, recorded);
    }

    event Gas(uint256 live, uint256 recorded);

    function answer(uint80 round) private view returns (uint256) {
        (, int256 price, , , ) = feed.getRoundData(round);
        return uint256(price);
    }

    /// Trades until the price is so many times as high, or as low.
    function trade(int256 times) private {
        bool up = times > 0;
        uint256 root = (uint256(44_721_359_549_996) * 2 ** 96) / 10 ** 18;
        // Twice the root is four times the price; back to where it began.
        uint256 to = up ? root * (times == 4 ? 2 : 1) : root;
        if (times == 2) to = (root * 141) / 100;
        if (!isFirst) to = 2 ** 192 / to;
        pool.swap(address(this), isFirst != up, type(int128).max, uint160(to), "");
    }

    /// As many trades, each in a block of its own, as overwrite all observations.
    function crowd() private {
        for (uint256 i = 0; i < 24; ++i) {
            vm.warp(block.timestamp + 200);
            // A pool observes when its tick changes.
            trade(i % 2 == 0 ? int256(4) : int256(-4));
        }
    }

    function pay(int256 one, int256 two) private {
        (Plenty first, Plenty second) = isFirst ? (base, quote) : (quote, base);
        if (one > 0) first.mint(msg.sender, uint256(one));
        if (two > 0) second.mint(msg.sender, uint256(two));
    }
}
