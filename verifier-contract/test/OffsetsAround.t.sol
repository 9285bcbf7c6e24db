// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import "./World.sol";

/// Offsets that go round below 0: behind the end of all calldata for a comparison without a sign, and
/// in the head of the arguments once 192 is added.
contract OffsetsAroundTest is World {
    uint256 private constant HEAD = 4;
    uint256 private constant SUBMISSION = HEAD + 3 * 32;
    uint256 private constant PRICES_AT = SUBMISSION + 6 * 32;

    function setUp() external {
        world(someLimits());
        reserves.mark();
    }

    function put(bytes memory data, uint256 at, uint256 word) private pure {
        assembly {
            mstore(add(add(data, 32), at), word)
        }
    }

    function get(bytes memory data, uint256 at) private pure returns (uint256 word) {
        assembly {
            word := mload(add(add(data, 32), at))
        }
    }

    /// The feeds would read an empty list of prices (its length lies before the calldata), and the
    /// evaluator some thousand bytes: its third head word is the length.
    function aliased(uint256 field) private {
        Submission memory it = next(venue, RULES);
        bytes memory data = abi.encodeCall(registry.submit, (it, volumes(), noSignatures()));
        uint256 prices = SUBMISSION + get(data, PRICES_AT);
        unchecked {
            put(data, prices + field, type(uint256).max - (123 + prices));
        }
        atTopLevel(PUBLISHER);
        (bool done, bytes memory answer) = address(registry).call(data);
        vm.assertTrue(!done, "appended, from other bytes than the feeds read");
        vm.assertEq(
            bytes32(bytes4(answer)),
            bytes32(ISolvencyRegistry.OffsetBackwards.selector),
            "why"
        );
    }

    function test_prices_before_the_calldata() external {
        aliased(4 * 32);
    }

    function test_volatilities_before_the_calldata() external {
        aliased(6 * 32);
    }

    function test_steps_before_the_calldata() external {
        aliased(7 * 32);
    }
}
