// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {IERC20, SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ReentrancyGuard} from "@openzeppelin/contracts/utils/ReentrancyGuard.sol";

import {Demands} from "../Solvency.sol";
import {SolvencyGuard} from "../SolvencyGuard.sol";
import {ISolvencyRegistry} from "../interfaces/ISolvencyRegistry.sol";

/// @title A vault that takes money only while its venue shows solvency
/// @notice An example. Deposits stop when the venue no longer shows what the vault demands, new
/// positions already when it is not `Healthy`; closing positions and withdrawing always work. For
/// tokens that move exactly the amount asked for, whether they return true or nothing. A token that
/// calls whom it moves from does so in the middle of a deposit: then nothing can be withdrawn.
contract GuardedVault is SolvencyGuard, ReentrancyGuard {
    using SafeERC20 for IERC20;

    /// @notice The token that is deposited.
    /// @return Its address.
    IERC20 public immutable TOKEN;
    /// @notice The amount that each account may withdraw.
    /// @return The amount, in the token's smallest unit.
    mapping(address account => uint256) public free;
    /// @notice The amount that each account has locked in its position.
    /// @return The amount, in the token's smallest unit.
    mapping(address account => uint256) public locked;

    /// @notice An account deposited.
    /// @param account The account.
    /// @param amount The amount, in the token's smallest unit.
    event Deposited(address indexed account, uint256 amount);
    /// @notice An account withdrew.
    /// @param account The account.
    /// @param amount The amount, in the token's smallest unit.
    event Withdrawn(address indexed account, uint256 amount);
    /// @notice An account locked an amount in its position.
    /// @param account The account.
    /// @param amount The amount, in the token's smallest unit.
    event PositionOpened(address indexed account, uint256 amount);
    /// @notice An account unlocked an amount of its position.
    /// @param account The account.
    /// @param amount The amount, in the token's smallest unit.
    event PositionClosed(address indexed account, uint256 amount);

    /// @notice The account has less than the amount.
    error Insufficient(uint256 has, uint256 needs);
    /// @notice There is no contract at the token's address.
    error NoToken(address token);

    /// @param token The token that is deposited.
    /// @param registry The registry that has the attestations.
    /// @param venue The venue's id in the registry.
    /// @param demands What deposits demand.
    constructor(
        IERC20 token,
        ISolvencyRegistry registry,
        bytes32 venue,
        Demands memory demands
    ) SolvencyGuard(registry, venue, demands) {
        if (address(token).code.length == 0) revert NoToken(address(token));
        TOKEN = token;
    }

    /// @notice Deposits, if the venue shows what is demanded.
    /// @param amount The amount, in the token's smallest unit.
    function deposit(uint256 amount) external whenSolvent nonReentrant {
        free[msg.sender] += amount;
        emit Deposited(msg.sender, amount);
        TOKEN.safeTransferFrom(msg.sender, address(this), amount);
    }

    /// @notice Locks an amount in the caller's position, if the venue is healthy as well.
    /// @param amount The amount, in the token's smallest unit.
    function openPosition(uint256 amount) external whenHealthy {
        _move(free, locked, amount);
        emit PositionOpened(msg.sender, amount);
    }

    /// @notice Unlocks an amount of the caller's position, always.
    /// @param amount The amount, in the token's smallest unit.
    function closePosition(uint256 amount) external {
        _move(locked, free, amount);
        emit PositionClosed(msg.sender, amount);
    }

    /// @notice Withdraws, always, but for in the middle of a deposit.
    /// @param amount The amount, in the token's smallest unit.
    function withdraw(uint256 amount) external nonReentrant {
        uint256 has = free[msg.sender];
        if (has < amount) revert Insufficient(has, amount);
        free[msg.sender] = has - amount;
        emit Withdrawn(msg.sender, amount);
        TOKEN.safeTransfer(msg.sender, amount);
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
