// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import "./World.sol";

/// What the registry's own part of a submission takes; docs/registry-second.md has the figures.
contract GasTest is World {
    function setUp() external {
        world(someLimits());
        reserves.mark();
    }

    /// The gas of a submission without what every transaction pays for itself and its calldata.
    function spent() internal returns (uint256 gas) {
        Submission memory it = next(venue, RULES);
        bytes memory data = abi.encodeCall(registry.submit, (it, volumes(), noSignatures()));
        uint256 before = 21_000;
        for (uint256 i = 0; i < data.length; ++i) before += data[i] == 0 ? 4 : 16;
        atTopLevel(PUBLISHER);
        uint256 left = gasleft();
        (bool done, ) = address(registry).call(data);
        gas = left - gasleft() - before;
        vm.assertTrue(done, "appended");
    }

    function test_first_and_later_attestations() external {
        vm.assertLe(spent(), 236_000, "the first");
        later(60);
        reserves.mark();
        vm.assertLe(spent(), 208_000, "a later one");
    }

    function test_reading_the_state() external {
        attest();
        uint256 left = gasleft();
        registry.stateOf(venue);
        vm.assertLe(left - gasleft(), 52_000, "state");
    }
}
