// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {IAggregatorV3} from "../../contracts/interfaces/IAggregatorV3.sol";

/// A feed whose latest answer a test sets.
contract StatedFeed is IAggregatorV3 {
    uint8 public immutable decimals;
    string public constant description = "Stated";
    uint256 public constant version = 1;
    int256 private _answer;
    uint256 private _time;

    constructor(uint8 decimals_) {
        decimals = decimals_;
    }

    function set(int256 answer, uint256 time) external {
        (_answer, _time) = (answer, time);
    }

    function getRoundData(
        uint80 roundId
    ) external view returns (uint80, int256, uint256, uint256, uint80) {
        return (roundId, _answer, _time, _time, roundId);
    }

    function latestRoundData() external view returns (uint80, int256, uint256, uint256, uint80) {
        return (1, _answer, _time, _time, 1);
    }
}
