// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {Holding} from "./interfaces/IReserves.sol";

/// @title Marks: what was there, kept as the lowest of each bucket of time
/// @notice A bucket is 64 ticks. For each tick there is a bit that says whether somebody marked in
/// it, and for each asset of a bucket one word with the lowest sums that were found in it. So
/// whoever marks again can lower what is there, and can neither raise it nor take away that there
/// was a mark.
///
/// The words of 64 buckets are used again and again, so that a mark costs 5,000 gas an asset and
/// not 22,000. Each says in which round it was written; a word of another round means that no
/// reserve of the asset counted when its bucket was marked: a sum of 0.
library Marks {
    /// The number of ticks in a bucket; a word has the bits of four.
    uint256 internal constant TICKS = 64;
    /// The number of buckets that are kept. Of these the last may still be open.
    uint256 internal constant BUCKETS = 64;
    /// Marks are kept in 10^-18 of a whole unit, rounded down, below 2^119 (6 * 10^17 whole units).
    uint256 internal constant SCALE = 1e18;
    uint256 private constant SUM_BITS = 119;
    uint256 private constant MAX_SUM = (1 << SUM_BITS) - 1;
    uint256 private constant MAX_ROUND = (1 << 18) - 1;
    uint256 private constant BUCKET_BITS = type(uint64).max;

    /// The marks of a venue.
    struct Book {
        /// Bit t % 256 of word t / 256 is set if there was a mark in tick t.
        mapping(uint256 word => uint256) marked;
        /// The lowest sums of the bucket in this place, by asset.
        mapping(uint256 place => mapping(bytes32 asset => uint256)) lowest;
    }

    /// @notice Lowers the marks of this bucket to what is there now.
    /// @param book The venue's marks.
    /// @param tick The length of a tick, in seconds.
    /// @param holdings What is there now, one entry for each asset, none twice.
    function lower(Book storage book, uint256 tick, Holding[] memory holdings) internal {
        uint256 now_ = block.timestamp / tick;
        uint256 bucket = now_ / TICKS;
        uint256 bits = book.marked[now_ / 256];
        bool isFirst = (bits >> ((bucket % 4) * TICKS)) & BUCKET_BITS == 0;
        mapping(bytes32 asset => uint256) storage lowest = book.lowest[bucket % BUCKETS];
        for (uint256 i = 0; i < holdings.length; i++) {
            Holding memory holding = holdings[i];
            (uint256 customers, uint256 insurance) = (
                _sum(holding.customers),
                _sum(holding.insurance)
            );
            uint256 word = lowest[holding.asset];
            if (!isFirst) {
                // Of an asset that did not count at the first mark, the lowest stays 0.
                if (word >> (2 * SUM_BITS) != _round(bucket)) continue;
                customers = Math.min(customers, (word >> SUM_BITS) & MAX_SUM);
                insurance = Math.min(insurance, word & MAX_SUM);
            }
            uint256 lowered =
                (_round(bucket) << (2 * SUM_BITS)) | (customers << SUM_BITS) | insurance;
            if (lowered != word) lowest[holding.asset] = lowered;
        }
        book.marked[now_ / 256] = bits | (1 << (now_ % 256));
    }

    /// @notice Lowers the marks of this bucket to nothing for an asset that leaves the list. Marks
    /// that come after it do not see the asset, and its word would else keep what was there before.
    /// @param book The venue's marks.
    /// @param tick The length of a tick, in seconds.
    /// @param asset The asset.
    function clear(Book storage book, uint256 tick, bytes32 asset) internal {
        uint256 now_ = block.timestamp / tick;
        uint256 bucket = now_ / TICKS;
        uint256 bits = book.marked[now_ / 256];
        // Without a mark in this bucket, its first decides what is there.
        if ((bits >> ((bucket % 4) * TICKS)) & BUCKET_BITS == 0) return;
        book.lowest[bucket % BUCKETS][asset] = _round(bucket) << (2 * SUM_BITS);
    }

    /// @notice Lowers what is there now to the least of all marks since a time. A bucket that was
    /// marked since counts as a whole, its earlier marks too.
    /// @param book The venue's marks.
    /// @param tick The length of a tick, in seconds.
    /// @param from The time, in seconds since 1970; must be covered, see `covers`.
    /// @param holdings What is there now; lowered in place.
    /// @return first The start of the first tick that is wholly at or after `from` and has a mark,
    /// in seconds since 1970; 0 if there is none.
    function least(
        Book storage book,
        uint256 tick,
        uint256 from,
        Holding[] memory holdings
    ) internal view returns (uint256 first) {
        // Words and ticks count seconds: nothing here comes near to overflowing, or to a tick of 0.
        unchecked {
            uint256 start = from / tick;
            uint256 lastWord = block.timestamp / tick / 256;
            uint256 kept = type(uint256).max << (start % 256);
            // A mark in the tick of `from` may be of before: it lowers, and is not the first.
            uint256 earlier = start * tick == from ? 0 : 1 << (start % 256);
            for (uint256 word = start / 256; word <= lastWord; ++word) {
                uint256 bits = book.marked[word] & kept;
                uint256 since = bits & ~earlier;
                if (first == 0 && since != 0) {
                    // The lowest bit.
                    first = (word * 256 + Math.log2(since & (~since + 1))) * tick;
                }
                for (uint256 bucket = word * 4; bits != 0; ++bucket) {
                    if (bits & BUCKET_BITS != 0) _lowerTo(book, bucket, holdings);
                    bits >>= TICKS;
                }
                (kept, earlier) = (type(uint256).max, 0);
            }
        }
    }

    /// @notice Whether marks since a time are all kept.
    function covers(uint256 tick, uint256 from) internal view returns (bool) {
        return
            from <= block.timestamp &&
            block.timestamp / tick / TICKS - from / tick / TICKS < BUCKETS;
    }

    function _lowerTo(Book storage book, uint256 bucket, Holding[] memory holdings) private view {
        mapping(bytes32 asset => uint256) storage lowest = book.lowest[bucket % BUCKETS];
        uint256 round = _round(bucket);
        unchecked {
            for (uint256 i = 0; i < holdings.length; ++i) {
                Holding memory holding = holdings[i];
                (uint256 customers, uint256 insurance) = (holding.customers, holding.insurance);
                // Nothing is as low as it can be.
                if (customers | insurance == 0) continue;
                uint256 word = lowest[holding.asset];
                if (word >> (2 * SUM_BITS) != round) word = 0;
                uint256 marked = _units(word >> SUM_BITS);
                if (marked < customers) holding.customers = marked;
                marked = _units(word);
                if (marked < insurance) holding.insurance = marked;
            }
        }
    }

    /// What a mark keeps of a sum in 10^-36 of a whole unit.
    function _sum(uint256 units) private pure returns (uint256) {
        return Math.min(units / SCALE, MAX_SUM);
    }

    /// The sum in the lowest bits of a word, in 10^-36 of a whole unit: below 2^179.
    function _units(uint256 word) private pure returns (uint256) {
        unchecked {
            return (word & MAX_SUM) * SCALE;
        }
    }

    /// Which use of its place a bucket is. It comes again after 160 years at the earliest.
    function _round(uint256 bucket) private pure returns (uint256) {
        return (bucket / BUCKETS) & MAX_ROUND;
    }
}
