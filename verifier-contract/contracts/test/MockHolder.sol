// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

/// @title A contract that holds reserves, and calls what it is told
/// @notice For tests only: it has an owner, and anyone may have it call.
contract MockHolder {
    address public immutable owner;

    constructor(address owner_) {
        owner = owner_;
    }

    /// Calls `target` as itself; what that reverts with, this reverts with.
    function forward(address target, bytes calldata data) external {
        (bool done, bytes memory answer) = target.call(data);
        if (done) return;
        assembly ("memory-safe") {
            revert(add(answer, 32), mload(answer))
        }
    }
}
