// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

/// @title What is used here of a token (ERC-20)
interface IERC20 {
    /// @notice Moves tokens of the caller.
    function transfer(address to, uint256 amount) external returns (bool);

    /// @notice Moves tokens of an account that approved the caller.
    function transferFrom(address from, address to, uint256 amount) external returns (bool);
}
