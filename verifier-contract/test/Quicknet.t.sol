// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Draws} from "../contracts/Draws.sol";
import {IDraws} from "../contracts/interfaces/IDraws.sol";
import {Quicknet} from "../contracts/Quicknet.sol";
import {Test} from "./Test.sol";

/// With the precompiled contracts of EIP-2537.
/// forge-config: default.evm_version = "osaka"
contract QuicknetTest is Test {
    // Published: https://api3.drand.sh/52db9ba7...84e971/public/123
    bytes private constant ROUND_123 =
        hex"b75c69d0b72a5d906e854e808ba7e2accb1542ac355ae486d591aa9d43765482"
        hex"e26cd02df835d3546d23c4b13e0dfc92";

    function isSigned(uint64 round, bytes calldata signature) external view returns (bool) {
        return Quicknet.isSigned(round, signature);
    }

    function roundAt(uint256 time) external pure returns (uint64) {
        return Quicknet.roundAt(time);
    }

    function test_a_published_round_is_signed_by_the_network() external view {
        uint256 before = gasleft();
        vm.assertTrue(this.isSigned(123, ROUND_123), "of this round");
        vm.assertLe(before - gasleft(), 400_000, "gas");
        vm.assertTrue(!this.isSigned(124, ROUND_123), "of another round");
        bytes memory negated = ROUND_123;
        negated[0] ^= 0x20;
        vm.assertTrue(!this.isSigned(123, negated), "the point's negative");
    }

    function test_what_is_no_point_of_the_group_is_no_signature() external view {
        bytes memory one = ROUND_123;
        one[0] &= 0x7f;
        vm.assertTrue(!this.isSigned(123, one), "not compressed");
        bytes memory identity = new bytes(48);
        identity[0] = 0xc0;
        vm.assertTrue(!this.isSigned(123, identity), "infinity");
        // The least x on the curve, in another group than ours.
        identity[0] = 0x80;
        vm.assertTrue(!this.isSigned(123, identity), "outside");
        for (uint256 i = 0; i < 48; ++i) identity[i] = 0xff;
        vm.assertTrue(!this.isSigned(123, identity), "all ones");
        identity[0] = 0x9f;
        vm.assertTrue(!this.isSigned(123, identity), "x of p or more");
        vm.assertTrue(!this.isSigned(123, ""), "nothing");
        vm.assertTrue(!this.isSigned(123, bytes.concat(ROUND_123, hex"00")), "49 bytes");
        vm.assertTrue(!this.isSigned(123, new bytes(47)), "47 bytes");
    }

    function test_the_round_is_the_first_at_or_after_a_time() external view {
        vm.assertEq(uint256(this.roundAt(1_692_803_367)), uint256(1), "the first");
        vm.assertEq(uint256(this.roundAt(1_692_803_368)), uint256(2), "then the second");
        vm.assertEq(uint256(this.roundAt(1_692_803_370)), uint256(2), "on time");
        // The end of 2023-08-23, the network's first day, and of 2023-08-24.
        vm.assertEq(uint256(this.roundAt(1_692_835_200)), uint256(10_612), "its first day");
        vm.assertEq(uint256(this.roundAt(1_692_921_600)), uint256(39_412), "its second");
    }

    function test_randomness_is_the_hash_of_the_signature() external {
        // No signature of a round that ends a day is at hand: the pairing's answer is made up.
        vm.mockCall(address(0x0f), "", abi.encode(uint256(1)));
        vm.warp(1_795_737_600);
        Draws draws = new Draws();
        uint64 second = draws.drawRound(20_783, ROUND_123);
        bytes32 source = keccak256("drand:quicknet");
        bytes32 text = keccak256("2026-11-26");
        bytes32 words = keccak256(
            abi.encode(keccak256("pacioli.drawn-second.v1"), sha256(ROUND_123), text)
        );
        vm.assertEq(uint256(second), 1_795_651_200 + (uint256(words) % 86_400), "second");
        bytes32 digest = keccak256(
            abi.encode(
                keccak256("pacioli.drawn.v1"),
                source,
                text,
                uint256(1),
                keccak256(ROUND_123)
            )
        );
        (bytes32 from, uint32 day, uint64 kept, bool known) = draws.drawOf(digest);
        vm.assertTrue(known, "known");
        vm.assertEq(from, source, "source");
        vm.assertEq(uint256(day), uint256(20_783), "day");
        vm.assertEq(uint256(kept), uint256(second), "kept");
        vm.clearMockedCalls();
    }

    function test_a_round_of_another_day_draws_nothing() external {
        vm.warp(1_795_737_600);
        Draws draws = new Draws();
        uint64 round = draws.roundOf(20_783);
        vm.expectRevert(abi.encodeWithSelector(IDraws.NotSigned.selector, round));
        draws.drawRound(20_783, ROUND_123);
    }
}

contract QuicknetLackingTest is Test {
    function isSigned(uint64 round, bytes calldata signature) external view returns (bool) {
        return Quicknet.isSigned(round, signature);
    }

    function test_a_chain_without_pairings_says_so() external {
        bytes memory signature = new bytes(48);
        signature[0] = 0x80;
        vm.expectRevert(Quicknet.NoPairings.selector);
        this.isSigned(123, signature);
    }
}
