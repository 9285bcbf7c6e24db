// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

/// @title The form in which oracles answer
/// @notice AggregatorV3Interface, as published by Chainlink and read by most circuit breakers.
interface IAggregatorV3 {
    /// @notice Digits behind the point of an answer.
    function decimals() external view returns (uint8);

    /// @notice What the answer is.
    function description() external view returns (string memory);

    /// @notice The version of the feed.
    function version() external view returns (uint256);

    /// @notice The answer of one round.
    function getRoundData(uint80 roundId)
        external
        view
        returns (uint80 id, int256 answer, uint256 startedAt, uint256 updatedAt, uint80 answeredIn);

    /// @notice The latest answer.
    function latestRoundData()
        external
        view
        returns (uint80 id, int256 answer, uint256 startedAt, uint256 updatedAt, uint80 answeredIn);
}
