// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {IReserves} from "./interfaces/IReserves.sol";

/// @title What tokens and custodians answer, with a cap on what asking may cost
/// @notice A contract that is asked gets at most `GAS` and 32 bytes of its answer are read, so it
/// can neither use up a transaction nor make it fail. What does not answer as expected is
/// unreadable, and the caller counts it as nothing. So that nobody can make an honest token
/// unreadable by sending too little gas, a question is only put while there is enough for the whole
/// cap.
library Balances {
    /// The gas that a contract gets for an answer, in units of gas.
    uint256 internal constant GAS = 200_000;
    /// The least gas that must be left before a question: a call passes on 63/64 at most, after
    /// 2,600 for an account that was not read before. 4,000 are for what is done around it.
    uint256 internal constant GAS_NEEDED = GAS + GAS / 63 + 2_600 + 4_000;
    /// A balance of so much or more is unreadable: 64 of them, in 10^-36 of a unit, would not fit.
    uint256 internal constant TOO_LARGE = 1 << 128;
    /// 10^36 fits into 120 bits; no real token has more decimals than this.
    uint256 internal constant MAX_DECIMALS = 36;

    /// @notice The balance of a custodian.
    /// @param token The token's contract; zero for the chain's own coin.
    /// @param custodian The address whose balance is read.
    /// @return readable Whether there was an answer, of less than 2^128.
    /// @return balance The balance, in the token's smallest unit; 0 if it is unreadable.
    function held(
        address token,
        address custodian
    ) internal view returns (bool readable, uint256 balance) {
        if (token == address(0)) {
            balance = custodian.balance;
            readable = true;
        } else {
            // balanceOf(address)
            (readable, balance) = _ask(token, 0x70a08231, custodian, 0x24);
        }
        if (balance >= TOO_LARGE) (readable, balance) = (false, 0);
    }

    /// @notice The decimals of a token.
    /// @param token The token's contract; zero for the chain's own coin, which has 18.
    /// @return readable Whether there was an answer, of at most 36.
    /// @return digits The number of decimals.
    function decimals(address token) internal view returns (bool readable, uint8 digits) {
        if (token == address(0)) return (true, 18);
        // decimals()
        (bool answered, uint256 answer) = _ask(token, 0x313ce567, address(0), 0x04);
        if (answered && answer <= MAX_DECIMALS) return (true, uint8(answer));
    }

    /// @notice Whether `caller` is the custodian, or the owner of the contract that is.
    function speaksFor(address caller, address custodian) internal view returns (bool) {
        if (caller == custodian) return true;
        // owner()
        (bool answered, uint256 answer) = _ask(custodian, 0x8da5cb5b, address(0), 0x04);
        return answered && answer == uint256(uint160(caller));
    }

    /// Asks a contract for one word. The selector, and `argument` if `length` has room for it, are
    /// the question. An account without code answers nothing.
    function _ask(
        address target,
        uint256 selector,
        address argument,
        uint256 length
    ) private view returns (bool answered, uint256 answer) {
        if (gasleft() < GAS_NEEDED) revert IReserves.TooLittleGas();
        // In scratch space: 0x00 to 0x24 is the question, 0x00 to 0x20 the answer.
        assembly ("memory-safe") {
            mstore(0x00, shl(224, selector))
            mstore(0x04, argument)
            answered := staticcall(GAS, target, 0x00, length, 0x00, 0x20)
            answered := and(answered, gt(returndatasize(), 31))
            if answered {
                answer := mload(0x00)
            }
        }
    }
}
