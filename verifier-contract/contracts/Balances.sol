// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {IProtocols} from "./interfaces/IProtocols.sol";

/// @title What a holder has of a token at this block
/// @notice The zero address stands for the chain's own coin, with 18 digits. A token that does not
/// answer is an error, never nothing.
library Balances {
    /// How much `holder` has, in the token's smallest unit.
    function held(address token, address holder) internal view returns (uint256) {
        if (token == address(0)) return holder.balance;
        bytes memory question = abi.encodeWithSignature("balanceOf(address)", holder);
        return _ask(token, holder, question);
    }

    /// Digits of the token.
    function decimals(address token, address holder) internal view returns (uint8) {
        if (token == address(0)) return 18;
        uint256 digits = _ask(token, holder, abi.encodeWithSignature("decimals()"));
        // 10^digits has to fit; no token has more than this.
        if (digits > 36) revert IProtocols.ReserveUnreadable(token, holder);
        return uint8(digits);
    }

    function _ask(address token, address holder, bytes memory question)
        private
        view
        returns (uint256)
    {
        (bool answered, bytes memory answer) = token.staticcall(question);
        // An address without code answers with nothing.
        bool unreadable = !answered || answer.length < 32;
        if (unreadable) revert IProtocols.ReserveUnreadable(token, holder);
        return abi.decode(answer, (uint256));
    }
}
