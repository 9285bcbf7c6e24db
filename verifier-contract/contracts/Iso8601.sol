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
        bytes memory digits = "0000-00-00T00:00:00Z";
        // No step over- or underflows: every number below is at most LAST.
        unchecked {
            (uint256 year, uint256 month, uint256 day) = civil(time / 1 days);
            write(digits, 2, year / 100);
            write(digits, 4, year % 100);
            write(digits, 7, month);
            write(digits, 10, day);
            write(digits, 13, (time % 1 days) / 1 hours);
            write(digits, 16, (time % 1 hours) / 1 minutes);
            write(digits, 19, time % 1 minutes);
        }
        return string(digits);
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

    // Writes two digits that end before `end`.
    function write(bytes memory digits, uint256 end, uint256 number) private pure {
        unchecked {
            digits[end - 2] = bytes1(uint8(48 + number / 10));
            digits[end - 1] = bytes1(uint8(48 + (number % 10)));
        }
    }
}
