// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {IAggregatorV3} from "./interfaces/IAggregatorV3.sol";
import {IFeeds} from "./interfaces/IFeeds.sol";
import {IVenues} from "./interfaces/IVenues.sol";
import {Prices, Round} from "./Submission.sol";

/// @title The oracles that a venue's prices are compared with
/// @notice See `IFeeds`. Each call of a feed has 100,000 gas, all calls for one feed together
/// 400,000, and at most 160 bytes of an answer are read. So sixteen feeds that burn all they get
/// leave a submission more than half of the 2^24 gas that a transaction can have.
contract Feeds is IFeeds {
    /// A feed in four words of storage.
    struct Stored {
        bytes32 name;
        address feed;
        uint8 decimals;
        uint16 bandBps;
        uint32 heartbeat;
        uint32 grace;
        address sequencer;
        uint48 activeFrom;
        uint48 removedFrom;
        int128 least;
        int128 most;
    }

    /// An answer of a feed, word by word.
    struct Answer {
        uint256 id;
        int256 answer;
        uint256 startedAt;
        uint256 updatedAt;
        uint256 answeredIn;
    }

    /// What comparing with one feed has cost.
    struct Meter {
        /// The gas that was left when it began.
        uint256 start;
        /// Whether a call was not made because it could have cost more than there is.
        bool isOver;
    }

    /// @notice The most feeds of a venue.
    uint256 public constant MAX_FEEDS = 16;
    /// @notice The gas of each call of a feed.
    uint256 public constant FEED_GAS = 100_000;
    /// @notice The gas of all calls for one feed, what is done around them included. A call is only
    /// made while all of its own gas is left of this, however much the transaction has.
    uint256 public constant BUDGET = 400_000;
    /// @notice How many rounds of a phase may be missing one after another, less one, and how many
    /// phases may have begun after the round's: beyond, a round cannot be shown to be in force.
    uint256 public constant REACH = 3;

    // 10^38 is below 2^127: with it a number of 128 bits stays below 2^255.
    uint256 private constant MAX_DECIMALS = 38;
    // So that FEED_GAS are left when 1/64 is kept back, after the costs of the call itself.
    uint256 private constant GAS_NEEDED = FEED_GAS + FEED_GAS / 63 + 3_500;
    uint256 private constant BPS = 10_000;
    // A chunk's bytes without the first; see `IVenues.Rules`.
    uint256 private constant CHUNK = 24_575;
    // The bytes of a price; see `Prices`.
    uint256 private constant PRICE = 17;

    /// @notice Who owns which venue.
    IVenues public immutable VENUES;

    mapping(bytes32 venue => Stored[]) private _feeds;

    /// @param venues Who owns which venue.
    constructor(IVenues venues) {
        VENUES = venues;
    }

    /// @inheritdoc IFeeds
    function announceFeed(bytes32 venue, NewFeed calldata listed) external returns (uint256 feed) {
        VENUES.requireOwner(venue, msg.sender);
        if (bytes(listed.name).length == 0) revert FeedIncomplete("name");
        if (listed.feed.code.length == 0) revert FeedIncomplete("feed");
        if (listed.heartbeat == 0) revert FeedIncomplete("heartbeat");
        if (listed.bandBps == 0 || listed.bandBps >= BPS) revert FeedIncomplete("bandBps");
        if (listed.sequencer == address(0)) {
            if (listed.grace != 0) revert FeedIncomplete("grace");
        } else if (listed.sequencer.code.length == 0) {
            revert FeedIncomplete("sequencer");
        }
        if (listed.least < 0 || listed.least >= listed.most) revert FeedIncomplete("least");
        if (listed.most > type(int128).max) revert FeedIncomplete("most");
        (bool answered, uint256 decimals) = _decimals(listed.feed, Meter(gasleft(), false));
        if (!answered || decimals > MAX_DECIMALS) revert FeedIncomplete("decimals");

        uint64 from = VENUES.effectiveFrom(venue);
        Stored[] storage list = _feeds[venue];
        feed = _free(list);
        if (feed == MAX_FEEDS) revert TooManyFeeds(MAX_FEEDS);
        if (feed == list.length) list.push();
        list[feed] = Stored({
            name: keccak256(bytes(listed.name)),
            feed: listed.feed,
            decimals: uint8(decimals),
            bandBps: listed.bandBps,
            heartbeat: listed.heartbeat,
            grace: listed.grace,
            sequencer: listed.sequencer,
            activeFrom: uint48(from),
            removedFrom: 0,
            least: int128(listed.least),
            most: int128(listed.most)
        });
        emit FeedAnnounced(venue, feed, listed, uint8(decimals), from);
    }

    /// @inheritdoc IFeeds
    function removeFeed(bytes32 venue, uint256 feed) external {
        VENUES.requireOwner(venue, msg.sender);
        Stored[] storage list = _feeds[venue];
        if (feed >= list.length || list[feed].removedFrom != 0) revert FeedUnknown(feed);
        uint64 from = VENUES.effectiveFrom(venue);
        list[feed].removedFrom = uint48(from);
        emit FeedRemoved(venue, feed, from);
    }

    /// @inheritdoc IFeeds
    function feedsOf(bytes32 venue) external view returns (Feed[] memory feeds) {
        Stored[] storage list = _feeds[venue];
        feeds = new Feed[](list.length);
        for (uint256 i = 0; i < feeds.length; ++i) {
            Stored memory feed = list[i];
            feeds[i] = Feed({
                name: feed.name,
                feed: feed.feed,
                decimals: feed.decimals,
                bandBps: feed.bandBps,
                heartbeat: feed.heartbeat,
                grace: feed.grace,
                activeFrom: feed.activeFrom,
                removedFrom: feed.removedFrom,
                sequencer: feed.sequencer,
                least: feed.least,
                most: feed.most
            });
        }
    }

    /// @inheritdoc IFeeds
    function compare(
        bytes32 venue,
        address[] calldata chunks,
        Prices calldata prices,
        Round[] calldata rounds
    ) external view returns (Compared[] memory results) {
        Stored[] storage list = _feeds[venue];
        uint256 length = list.length;
        results = new Compared[](length);
        uint256 count = 0;
        for (uint256 i = 0; i < length; ++i) {
            if (!_isInForce(list[i])) continue;
            results[count] =
                count < rounds.length
                    ? _compare(list[i], chunks, prices, rounds[count])
                    : Compared.OtherRound;
            ++count;
        }
        // Fewer than there is room for.
        assembly ("memory-safe") {
            mstore(results, count)
        }
    }

    // The first place that is free; the length of the list if none is.
    function _free(Stored[] storage list) private view returns (uint256 place) {
        uint256 length = list.length;
        for (; place < length; ++place) {
            uint256 removed = list[place].removedFrom;
            if (removed != 0 && removed <= block.timestamp) break;
        }
    }

    function _isInForce(Stored storage feed) private view returns (bool) {
        uint256 removed = feed.removedFrom;
        return feed.activeFrom <= block.timestamp && (removed == 0 || removed > block.timestamp);
    }

    function _compare(
        Stored memory feed,
        address[] calldata chunks,
        Prices calldata prices,
        Round calldata round
    ) private view returns (Compared) {
        uint256 price = round.price;
        if (PRICE * (price + 1) > prices.list.length || _name(chunks, price) != feed.name) {
            return Compared.NoPrice;
        }
        bytes17 amount = bytes17(prices.list[PRICE * price:PRICE * (price + 1)]);
        if (uint8(amount[16]) > MAX_DECIMALS) return Compared.NoPrice;
        Meter memory meter = Meter(gasleft(), false);
        if (!_isUp(feed, prices.asOf, meter)) return Compared.SequencerDown;
        (bool answered, uint256 decimals) = _decimals(feed.feed, meter);
        if (!answered || decimals != feed.decimals) return Compared.NoAnswer;
        (Compared found, int256 answer) = _answerAt(feed, round.round, prices.asOf, meter);
        // What was not asked says nothing.
        if (meter.isOver) return Compared.NoAnswer;
        if (found != Compared.Within) return found;
        if (answer <= feed.least || answer >= feed.most) return Compared.Clamped;
        // Between `least` and `most`, it is above 0 and below 2^127.
        return _isWithin(amount, uint256(answer), feed) ? Compared.Within : Compared.Beyond;
    }

    // The answer of a round, if it is the one in force at a time.
    function _answerAt(
        Stored memory feed,
        uint80 round,
        uint256 time,
        Meter memory meter
    ) private view returns (Compared, int256) {
        (bool answered, Answer memory found) = _round(feed.feed, round, meter);
        if (
            !answered ||
            found.answer <= 0 ||
            found.startedAt == 0 ||
            found.startedAt > found.updatedAt ||
            found.updatedAt > block.timestamp
        ) {
            return (Compared.NoAnswer, 0);
        }
        if (
            found.updatedAt > time ||
            time - found.updatedAt > feed.heartbeat ||
            !_isLastAt(feed.feed, round, time, meter)
        ) {
            return (Compared.OtherRound, 0);
        }
        return (Compared.Within, found.answer);
    }

    // Whether no later round of a feed is of a time or before it.
    function _isLastAt(
        address feed,
        uint80 round,
        uint256 time,
        Meter memory meter
    ) private view returns (bool) {
        // A feed without phases needs no more than its next round.
        if (round >> 64 == 0) {
            uint256 next = _firstFrom(feed, uint256(round) + 1, meter);
            if (next != type(uint256).max) return next > time;
        }
        (bool answered, Answer memory latest) = _latest(feed, meter);
        if (!answered || latest.id > type(uint80).max || latest.id < round) return false;
        if (latest.id == round) return true;

        uint256 phase = round >> 64;
        uint256 last = latest.id >> 64;
        uint256 after_ = _firstFrom(feed, uint256(round) + 1, meter);
        if (after_ <= time) return false;
        // In the latest phase there is a later round.
        if (phase == last) return after_ != type(uint256).max;
        // In those after the round's there are rounds, and none is of before. One that shows none
        // may have one further on.
        if (last - phase > REACH) return false;
        while (++phase <= last) {
            after_ = _firstFrom(feed, (phase << 64) | 1, meter);
            if (after_ <= time || after_ == type(uint256).max) return false;
        }
        return true;
    }

    // The time of the first existing one of the next rounds of a phase; the largest number if the
    // next few do not exist.
    function _firstFrom(
        address feed,
        uint256 round,
        Meter memory meter
    ) private view returns (uint256) {
        uint256 phase = (round - 1) >> 64;
        for (uint256 end = round + REACH; round < end && round >> 64 == phase; ++round) {
            (bool answered, Answer memory found) = _round(feed, round, meter);
            if (answered) return found.updatedAt;
        }
        return type(uint256).max;
    }

    // Whether a sequencer is up now and was at a time, both for so long; true without one.
    function _isUp(
        Stored memory feed,
        uint256 time,
        Meter memory meter
    ) private view returns (bool) {
        if (feed.sequencer == address(0)) return true;
        (bool answered, Answer memory status) = _latest(feed.sequencer, meter);
        // 0 is up, and `startedAt` is when it came up, or 0 where that is not known yet.
        if (!answered || status.answer != 0 || status.startedAt == 0) return false;
        return status.startedAt <= time && time - status.startedAt >= feed.grace;
    }

    function _latest(address feed, Meter memory meter) private view returns (bool, Answer memory) {
        return _ask(feed, IAggregatorV3.latestRoundData.selector, 0, 160, meter);
    }

    // A round, if it exists.
    function _round(
        address feed,
        uint256 round,
        Meter memory meter
    ) private view returns (bool, Answer memory) {
        bytes4 selector = IAggregatorV3.getRoundData.selector;
        (bool answered, Answer memory found) = _ask(feed, selector, round, 160, meter);
        return (answered && found.id == round && found.updatedAt != 0, found);
    }

    function _decimals(address feed, Meter memory meter) private view returns (bool, uint256) {
        bytes4 selector = IAggregatorV3.decimals.selector;
        (bool answered, Answer memory found) = _ask(feed, selector, 0, 32, meter);
        return (answered, found.id);
    }

    // Asks a feed, and reads so many bytes of its answer.
    function _ask(
        address feed,
        bytes4 selector,
        uint256 argument,
        uint256 length,
        Meter memory meter
    ) private view returns (bool answered, Answer memory answer) {
        if (meter.start - gasleft() > BUDGET - FEED_GAS) {
            meter.isOver = true;
            return (false, answer);
        }
        if (gasleft() < GAS_NEEDED) revert TooLittleGas();
        uint256 gas_ = FEED_GAS;
        // In scratch space: a function without arguments takes no notice of one. The answer has
        // room for `length` bytes, no more are copied.
        assembly ("memory-safe") {
            mstore(0x00, selector)
            mstore(0x04, argument)
            answered := staticcall(gas_, feed, 0x00, 0x24, answer, length)
            answered := and(answered, gt(returndatasize(), sub(length, 1)))
        }
    }

    // The hash of a price's name; 0 if there is none.
    function _name(address[] calldata chunks, uint256 price) private view returns (bytes32) {
        uint256 names = uint256(_word(chunks, 0)) >> 240;
        return price < names ? _word(chunks, 2 + 32 * price) : bytes32(0);
    }

    // The 32 bytes at a place of what chunks hold together; zeros where there are none.
    function _word(address[] calldata chunks, uint256 from) private view returns (bytes32 word) {
        uint256 chunk = from / CHUNK;
        uint256 here = CHUNK - (from % CHUNK);
        if (chunk >= chunks.length) return 0;
        word = _code(chunks[chunk], CHUNK + 1 - here);
        if (here < 32) {
            word &= ~(bytes32(type(uint256).max) >> (8 * here));
            if (chunk + 1 < chunks.length) word |= _code(chunks[chunk + 1], 1) >> (8 * here);
        }
    }

    function _code(address chunk, uint256 from) private view returns (bytes32 word) {
        // Scratch space takes the word, with zeros beyond the code's end.
        assembly ("memory-safe") {
            extcodecopy(chunk, 0, from, 32)
            word := mload(0)
        }
    }

    // Whether |price - answer| <= answer * band / 10,000, exactly, for
    // price = mantissa / 10^scale and answer / 10^decimals.
    function _isWithin(
        bytes17 amount,
        uint256 answer,
        Stored memory feed
    ) private pure returns (bool) {
        uint256 price = uint128(bytes16(amount));
        uint256 scale = uint8(amount[16]);
        // Both times the larger of the two powers: below 2^128 * 10^38 < 2^255.
        if (feed.decimals > scale) price *= 10 ** (feed.decimals - scale);
        else answer *= 10 ** (scale - feed.decimals);
        uint256 distance = price > answer ? price - answer : answer - price;
        (uint256 high, uint256 low) = Math.mul512(distance, BPS);
        (uint256 mostHigh, uint256 mostLow) = Math.mul512(answer, feed.bandBps);
        return high < mostHigh || (high == mostHigh && low <= mostLow);
    }
}
