// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {SolvencyGuard} from "../SolvencyGuard.sol";
import {IERC20} from "../interfaces/IERC20.sol";
import {ISolvencyRegistry} from "../interfaces/ISolvencyRegistry.sol";

/// @title A vault that takes money only while its venue shows solvency
/// @notice An example: deposits and new positions stop when the latest attestation is missing, stale,
/// failing or revoked; closing positions and withdrawals stay open. For tokens that move exactly the amount
/// asked for and return true.
contract GuardedVault is SolvencyGuard {
    /// What is deposited.
    IERC20 public immutable TOKEN;
    /// What each account may withdraw.
    mapping(address account => uint256) public free;
    /// What each account has locked in its position.
    mapping(address account => uint256) public locked;

    /// @notice An account paid in.
    event Deposited(address indexed account, uint256 amount);
    /// @notice An account was paid out.
    event Withdrawn(address indexed account, uint256 amount);
    /// @notice An account locked more in its position.
    event PositionOpened(address indexed account, uint256 amount);
    /// @notice An account locks less in its position.
    event PositionClosed(address indexed account, uint256 amount);

    /// @notice The account has less than that.
    error Insufficient(uint256 has, uint256 needs);
    /// @notice The token did not move.
    error TransferFailed();

    constructor(
        IERC20 token,
        ISolvencyRegistry registry,
        bytes32 protocol,
        uint256 maxAge,
        uint256 minCoverageBps
    ) SolvencyGuard(registry, protocol, maxAge, minCoverageBps) {
        TOKEN = token;
    }

    /// @notice Pays in; only while the venue shows solvency.
    function deposit(uint256 amount) external whenSolvent {
        free[msg.sender] += amount;
        emit Deposited(msg.sender, amount);
        if (!TOKEN.transferFrom(msg.sender, address(this), amount)) revert TransferFailed();
    }

    /// @notice Locks more in the caller's position; only while the venue shows solvency.
    function openPosition(uint256 amount) external whenSolvent {
        _move(free, locked, amount);
        emit PositionOpened(msg.sender, amount);
    }

    /// @notice Unlocks, always.
    function closePosition(uint256 amount) external {
        _move(locked, free, amount);
        emit PositionClosed(msg.sender, amount);
    }

    /// @notice Pays out, always.
    function withdraw(uint256 amount) external {
        uint256 has = free[msg.sender];
        if (has < amount) revert Insufficient(has, amount);
        free[msg.sender] = has - amount;
        emit Withdrawn(msg.sender, amount);
        if (!TOKEN.transfer(msg.sender, amount)) revert TransferFailed();
    }

    function _move(
        mapping(address => uint256) storage from,
        mapping(address => uint256) storage to,
        uint256 amount
    ) private {
        uint256 has = from[msg.sender];
        if (has < amount) revert Insufficient(has, amount);
        from[msg.sender] = has - amount;
        to[msg.sender] += amount;
    }
}
