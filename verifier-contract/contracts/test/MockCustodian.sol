// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

/// @title A custodian that is a contract
/// @notice For tests only: it has an owner, and anyone may have it make any call.
contract MockCustodian {
    address public immutable owner;

    constructor(address owner_) {
        owner = owner_;
    }

    /// Calls `target`; reverts as the call does.
    function forward(address target, bytes calldata data) external {
        (bool done, bytes memory answer) = target.call(data);
        if (done) return;
        assembly ("memory-safe") {
            revert(add(answer, 32), mload(answer))
        }
    }
}
