// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {IVenues} from "./interfaces/IVenues.sol";

/// @title The balances of custodians in this block
/// @notice The zero address means the chain's own coin, which has 18 decimals. If a token does not
/// answer, this reverts; it never counts as a balance of zero.
library Balances {
    /// @notice The balance of a custodian. Reverts with `ReserveUnreadable` if the token does not
    /// answer.
    /// @param token The token's contract; zero for the chain's own coin.
    /// @param custodian The address whose balance is read.
    /// @return The balance, in the token's smallest unit.
    function held(address token, address custodian) internal view returns (uint256) {
        if (token == address(0)) return custodian.balance;
        bytes memory question = abi.encodeWithSignature("balanceOf(address)", custodian);
        return _ask(token, custodian, question);
    }

    /// @notice The decimals of a token. Reverts with `ReserveUnreadable` if the token does not
    /// answer, or has more than 36.
    /// @param token The token's contract; zero for the chain's own coin.
    /// @param custodian The custodian that the error names.
    /// @return The number of decimals.
    function decimals(address token, address custodian) internal view returns (uint8) {
        if (token == address(0)) return 18;
        uint256 answer = _ask(token, custodian, abi.encodeWithSignature("decimals()"));
        // 10^answer must fit into a word; no real token has more decimals than this.
        if (answer > 36) revert IVenues.ReserveUnreadable(token, custodian);
        return uint8(answer);
    }

    function _ask(
        address token,
        address custodian,
        bytes memory question
    ) private view returns (uint256) {
        (bool answered, bytes memory answer) = token.staticcall(question);
        // A call to an address without code succeeds and returns nothing.
        bool unreadable = !answered || answer.length < 32;
        if (unreadable) revert IVenues.ReserveUnreadable(token, custodian);
        return abi.decode(answer, (uint256));
    }
}
