// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

/// @title The functions of a token (ERC-20) that the example vault uses
interface IERC20 {
    /// @notice Moves tokens of the caller.
    /// @param to The account that receives them.
    /// @param amount The amount, in the token's smallest unit.
    /// @return Whether they moved.
    function transfer(address to, uint256 amount) external returns (bool);

    /// @notice Moves tokens of an account that approved the caller.
    /// @param from The account that pays.
    /// @param to The account that receives them.
    /// @param amount The amount, in the token's smallest unit.
    /// @return Whether they moved.
    function transferFrom(address from, address to, uint256 amount) external returns (bool);
}
