// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {ISolvencyRegistry} from "./interfaces/ISolvencyRegistry.sol";

/// The least and the greatest of each value of a list since the epoch before the present one began.
/// An epoch lasts the venue's delay at least, and ends with the first attestation after that. So
/// what the two epochs together know of reaches back a whole delay, and is never nothing.
struct Band {
    /// When the present epoch began, in seconds since 1970; 0 if no value is known.
    uint64 start;
    /// Which of the two words of a value is the present epoch's.
    bool odd;
    /// Two words for each value, at twice its place and one more: bit 255 set, the greatest in 127
    /// bits, and the least in 128.
    mapping(uint256 => uint256) extremes;
}

/// @title How far what a venue attests may move within its delay
/// @notice A value is outside of its band if it is too far above the least or below the greatest of
/// the last delay: many small steps count as the large one that they make. What is outside begins a
/// history of its own, in which it is the only value; the attestation is a warning for the delay,
/// and so is each after it until then (see `Appending`).
library Bands {
    uint256 private constant KNOWN = 1 << 255;
    uint256 private constant MOST = (1 << 127) - 1;
    uint256 private constant BPS = 10_000;

    /// @notice Compares values with those of the present and the last epoch, then counts them among
    /// them. Emits `ISolvencyRegistry.BandLeft` for each value that is outside.
    /// @param band Where the values of this list are kept.
    /// @param place Where the list is, and how far its values may move.
    /// @param values The values. Above 2^127 - 1 they count as that.
    /// @return left Whether a value is outside, or the list has none to compare with and the venue
    /// has attested before.
    function move(
        Band storage band,
        Place memory place,
        uint256[] memory values
    ) internal returns (bool left) {
        if (values.length == 0) return false;
        bool first = band.start == 0;
        if (first && place.round > 1) {
            left = true;
            _tell(place, 0, values[0], 0, 0);
        }
        bool fresh = first || block.timestamp >= uint256(band.start) + place.delay;
        if (fresh) (band.start, band.odd) = (uint64(block.timestamp), !band.odd);
        uint256 present = band.odd ? 1 : 0;
        for (uint256 i = 0; i < values.length; ++i) {
            uint256 value = values[i] < MOST ? values[i] : MOST;
            uint256 other = band.extremes[2 * i + 1 - present];
            uint256 one = band.extremes[2 * i + present];
            // The word of a fresh epoch is of the one before the last: nothing is kept of it.
            uint256 kept = fresh ? 0 : one;
            if (_isOutside(place, i, value, kept, other)) {
                left = true;
                kept = 0;
                if (other != 0) band.extremes[2 * i + 1 - present] = 0;
            }
            (uint256 least, uint256 greatest) = _span(kept, _word(value, value));
            uint256 next = _word(least, greatest);
            if (next != one) band.extremes[2 * i + present] = next;
        }
    }

    /// Compares one value.
    /// @param kept What is known of the present epoch; 0 if nothing.
    /// @param other What is known of the last epoch.
    function _isOutside(
        Place memory place,
        uint256 i,
        uint256 value,
        uint256 kept,
        uint256 other
    ) private returns (bool outside) {
        (uint256 least, uint256 greatest) = _span(kept, other);
        if (least > greatest) return false;
        outside = value * BPS < greatest * (BPS - place.bps);
        outside = outside || value * BPS > least * (BPS + place.bps);
        if (outside) _tell(place, i, value, least, greatest);
    }

    function _tell(
        Place memory place,
        uint256 i,
        uint256 value,
        uint256 least,
        uint256 greatest
    ) private {
        uint256 subject = place.subject + i;
        emit ISolvencyRegistry.BandLeft(place.venue, place.round, subject, least, greatest, value);
    }

    /// The span of two words that may be unknown; its least is above its greatest if both are.
    function _span(uint256 one, uint256 other) private pure returns (uint256, uint256) {
        (uint256 least, uint256 greatest) = _of(one);
        (uint256 least2, uint256 greatest2) = _of(other);
        return (least < least2 ? least : least2, greatest > greatest2 ? greatest : greatest2);
    }

    function _word(uint256 least, uint256 greatest) private pure returns (uint256) {
        return KNOWN | (greatest << 128) | least;
    }

    function _of(uint256 word) private pure returns (uint256 least, uint256 greatest) {
        if (word & KNOWN == 0) return (type(uint256).max, 0);
        return (uint128(word), (word >> 128) & MOST);
    }
}

/// A list of values of an attestation.
struct Place {
    bytes32 venue;
    /// The attestation's number in the registry.
    uint64 round;
    /// The number of the list's first value, for `ISolvencyRegistry.BandLeft`.
    uint256 subject;
    /// How far above the least and below the greatest a value may be, in 1/10,000; at most 10,000.
    uint256 bps;
    /// The least length of an epoch, in seconds.
    uint64 delay;
}
