// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC20Metadata} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Metadata.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {ICompensation, Payout} from "../interfaces/ICompensation.sol";
import {Need, Needs} from "../interfaces/IEvaluator.sol";
import {IReserves, Purpose} from "../interfaces/IReserves.sol";

/// @title The tokens of a fund: which is a reserve for insurance, and how much of each is shared
/// @notice A part of one fund, made by it, at an address of its own. It keeps nothing but the list of
/// tokens, and changes nothing.
contract FundTokens {
    uint256 private constant MOST_PAYOUTS = 16;
    uint8 private constant MOST_DECIMALS = 36;
    /// What a token may spend on saying a balance.
    uint256 private constant BALANCE_GAS = 200_000;
    /// A pool is at most this, so that no product overflows.
    uint256 private constant MOST = type(uint128).max;

    address private immutable FUND;

    Payout[] private _payouts;
    /// Of the payouts' tokens, when the fund was made.
    uint8[] private _decimals;

    /// @param payouts What the fund pays with, in the order in which it is used up.
    constructor(Payout[] memory payouts) {
        FUND = msg.sender;
        uint256 count = payouts.length;
        if (count == 0 || count > MOST_PAYOUTS) {
            revert ICompensation.PayoutCount(count, MOST_PAYOUTS);
        }
        for (uint256 i = 0; i < count; ++i) {
            address token = payouts[i].token;
            for (uint256 j = 0; j < i; ++j) {
                if (payouts[j].token == token) revert ICompensation.PayoutTwice(i);
            }
            uint8 decimals = IERC20Metadata(token).decimals();
            if (decimals > MOST_DECIMALS) revert ICompensation.PayoutDecimals(i, decimals);
            _payouts.push(payouts[i]);
            _decimals.push(decimals);
        }
    }

    /// @notice Reverts unless the venue lists this token, held by the fund, as a reserve of the token's
    /// asset for insurance.
    /// @param reserves Where the venue lists its reserves.
    /// @param venue The venue's id.
    /// @param token The token.
    function requireInsurance(IReserves reserves, bytes32 venue, address token) external view {
        bytes32 asset = bytes32(0);
        for (uint256 i = 0; i < _payouts.length; ++i) {
            if (_payouts[i].token == token) asset = _payouts[i].asset;
        }
        if (asset == bytes32(0)) revert ICompensation.NotAPayout(token);
        IReserves.Reserve[] memory listed = reserves.reservesOf(venue);
        for (uint256 i = 0; i < listed.length; ++i) {
            IReserves.Reserve memory each = listed[i];
            // A token of a custodian is listed once.
            if (each.token != token || each.custodian != FUND) continue;
            if (each.asset == asset && each.purpose == Purpose.Insurance) return;
        }
        revert ICompensation.NotInsurance(token);
    }

    /// @notice How much of each token is shared. Nobody gets more than is owed. What comes later in
    /// the terms takes nothing from what comes before: a token may have lost its worth since, or
    /// somebody may have made it.
    /// @param needs What has the values of assets.
    /// @param owed What is still owed, in units of value, below 2^128.
    /// @return hash keccak256 of the ABI's encoding of the needs.
    /// @return pools For each token, in its smallest unit.
    function poolsOf(
        Needs calldata needs,
        uint256 owed
    ) external view returns (bytes32 hash, uint256[] memory pools) {
        hash = keccak256(abi.encode(needs));
        uint256 count = _payouts.length;
        pools = new uint256[](count);
        for (uint256 i = 0; i < count; ++i) {
            Payout memory payout = _payouts[i];
            (uint256 value, uint256 decimals) = _valueOf(needs.assets, payout.asset);
            uint256 balance = _balance(payout.token);
            (pools[i], owed) = _used(balance, owed, _decimals[i], value, decimals);
        }
    }

    /// The value at mark of the smallest unit of an asset's quantities, and its decimals; 0 if no
    /// reserve stood for it.
    function _valueOf(
        Need[] calldata assets,
        bytes32 asset
    ) private pure returns (uint256 value, uint256 decimals) {
        for (uint256 i = 0; i < assets.length; ++i) {
            if (assets[i].asset == asset) return (assets[i].value, assets[i].decimals);
        }
    }

    /// How much of a balance is used for what is still owed, in units of value, and what is owed then.
    /// All of it where it has no value.
    function _used(
        uint256 balance,
        uint256 owed,
        uint256 own,
        uint256 value,
        uint256 decimals
    ) private pure returns (uint256 pool, uint256 rest) {
        if (value == 0) return (balance, owed);
        // An asset has at most 38 decimals, a token at most 36.
        (uint256 up, uint256 down) = (1, 1);
        if (decimals >= own) up = 10 ** (decimals - own);
        else down = 10 ** (own - decimals);
        value = Math.saturatingMul(value, up);
        pool = Math.min(balance, Math.mulDiv(owed, down, value));
        rest = Math.saturatingSub(owed, Math.mulDiv(pool, value, down, Math.Rounding.Ceil));
    }

    /// The fund's balance of a token: 0 if it does not say.
    function _balance(address token) private view returns (uint256) {
        bytes memory question = abi.encodeCall(IERC20.balanceOf, (FUND));
        return Math.min(_ask(token, question), MOST);
    }

    /// A token's answer of one word; 0 if it gives none. One that turned bad must not keep the others
    /// from being paid, and nobody can make one fail with too little gas.
    function _ask(address token, bytes memory question) private view returns (uint256 answer) {
        if (gasleft() < 2 * BALANCE_GAS) revert ICompensation.TooLittleGas();
        assembly ("memory-safe") {
            mstore(0, 0)
            let done := staticcall(BALANCE_GAS, token, add(question, 32), mload(question), 0, 32)
            if and(done, gt(returndatasize(), 31)) {
                answer := mload(0)
            }
        }
    }
}
