// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

/// @title The interface of a price oracle
/// @notice AggregatorV3Interface, as published by Chainlink and read by most circuit breakers.
interface IAggregatorV3 {
    /// @notice The number of decimals in an answer.
    /// @return The number.
    function decimals() external view returns (uint8);

    /// @notice A description of the answer.
    /// @return The text.
    function description() external view returns (string memory);

    /// @notice The version of the feed.
    /// @return The version.
    function version() external view returns (uint256);

    /// @notice The answer of one round.
    /// @param roundId The round.
    /// @return id The round.
    /// @return answer The answer.
    /// @return startedAt The time at which the round began, in seconds since 1970.
    /// @return updatedAt The time of the answer, in seconds since 1970.
    /// @return answeredIn The round in which the answer was computed.
    function getRoundData(
        uint80 roundId
    )
        external
        view
        returns (uint80 id, int256 answer, uint256 startedAt, uint256 updatedAt, uint80 answeredIn);

    /// @notice The latest answer.
    /// @return id The round.
    /// @return answer The answer.
    /// @return startedAt The time at which the round began, in seconds since 1970.
    /// @return updatedAt The time of the answer, in seconds since 1970.
    /// @return answeredIn The round in which the answer was computed.
    function latestRoundData()
        external
        view
        returns (uint80 id, int256 answer, uint256 startedAt, uint256 updatedAt, uint80 answeredIn);
}
