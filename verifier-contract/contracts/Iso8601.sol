// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

/// @title Times in the form that attestations write
library Iso8601 {
    /// @notice The time is after the year 9999, the last that an attestation can write. Send
    /// seconds since 1970, not milliseconds.
    error TimeOutOfRange(uint256 time);

    // 9999-12-31T23:59:59Z
    uint256 private constant LAST = 253_402_300_799;

    /// @notice A time as a text such as `2026-01-01T00:00:00Z`.
    /// @param time Seconds since 1970.
    /// @return The text, of 20 characters.
    function text(uint256 time) internal pure returns (string memory) {
        if (time > LAST) revert TimeOutOfRange(time);
        // No step over- or underflows: every number below is at most LAST, and every pair of digits
        // is added to two characters 0.
        unchecked {
            (uint256 year, uint256 month, uint256 day) = civil(time / 1 days);
            uint256 digits = uint160(bytes20("0000-00-00T00:00:00Z"));
            digits += (pair(year / 100) << 144) + (pair(year % 100) << 128);
            digits += (pair(month) << 104) + (pair(day) << 80);
            digits += pair((time % 1 days) / 1 hours) << 56;
            digits += pair((time % 1 hours) / 1 minutes) << 32;
            digits += pair(time % 1 minutes) << 8;
            return string(bytes.concat(bytes20(uint160(digits))));
        }
    }

    // Days since 1970 as a date of the Gregorian calendar. Years begin in March, so that the leap
    // day is the last day of a year, and are counted in eras of 400: `civil_from_days` of Howard
    // Hinnant, "chrono-Compatible Low-Level Date Algorithms".
    function civil(
        uint256 sinceEpoch
    ) private pure returns (uint256 year, uint256 month, uint256 day) {
        unchecked {
            // Days since 0000-03-01.
            uint256 days_ = sinceEpoch + 719_468;
            uint256 inEra = days_ % 146_097;
            year = (inEra - inEra / 1_460 + inEra / 36_524 - inEra / 146_096) / 365;
            uint256 inYear = inEra - (365 * year + year / 4 - year / 100);
            uint256 fromMarch = (5 * inYear + 2) / 153;
            day = inYear - (153 * fromMarch + 2) / 5 + 1;
            year += 400 * (days_ / 146_097);
            if (fromMarch < 10) return (year, fromMarch + 3, day);
            return (year + 1, fromMarch - 9, day);
        }
    }

    // The two digits of a number, a byte each.
    function pair(uint256 number) private pure returns (uint256) {
        unchecked {
            return ((number / 10) << 8) | (number % 10);
        }
    }
}
