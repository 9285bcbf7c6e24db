// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

/// @title A token whose balances a test sets
/// @notice For tests only.
contract MockToken {
    uint8 public immutable decimals;
    /// The balance of each account.
    mapping(address account => uint256) public balances;
    /// Whether transfers succeed.
    bool public moves = true;
    /// Whether `balanceOf` answers.
    bool public answers = true;

    /// The test set it not to answer.
    error MockIsSilent();

    constructor(uint8 decimals_) {
        decimals = decimals_;
    }

    /// Sets a balance.
    function set(address account, uint256 balance) external {
        balances[account] = balance;
    }

    /// Sets whether transfers succeed and whether `balanceOf` answers.
    function behave(bool moves_, bool answers_) external {
        (moves, answers) = (moves_, answers_);
    }

    function balanceOf(address account) external view returns (uint256) {
        if (!answers) revert MockIsSilent();
        return balances[account];
    }

    function transfer(address to, uint256 amount) external returns (bool) {
        return _move(msg.sender, to, amount);
    }

    function transferFrom(address from, address to, uint256 amount) external returns (bool) {
        return _move(from, to, amount);
    }

    function _move(address from, address to, uint256 amount) private returns (bool) {
        if (!moves) return false;
        balances[from] -= amount;
        balances[to] += amount;
        return true;
    }
}
