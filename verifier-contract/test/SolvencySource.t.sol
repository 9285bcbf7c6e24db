// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Ownable} from "@openzeppelin/contracts/access/Ownable2Step.sol";

import {FollowingGuard} from "../contracts/FollowingGuard.sol";
import {Demands, Solvency} from "../contracts/Solvency.sol";
import {SolvencySource} from "../contracts/SolvencySource.sol";
import {ISolvencyRegistry, State} from "../contracts/interfaces/ISolvencyRegistry.sol";
import {Test} from "./Test.sol";
import {StatedRegistry} from "./mocks/StatedRegistry.sol";

contract Following is FollowingGuard {
    constructor(
        SolvencySource source,
        ISolvencyRegistry registry,
        bytes32 venue,
        Demands memory demands
    ) FollowingGuard(source, registry, venue, demands) {}

    function add() external view whenSolvent {}
}

/// Answers, and not as a registry does.
contract NoRegistryAtAll {
    fallback(bytes calldata) external returns (bytes memory) {
        return abi.encode(type(uint256).max);
    }
}

contract SolvencySourceTest is Test {
    bytes32 private constant VENUE = "venue";
    bytes32 private constant NEXT_VENUE = "next";
    uint64 private constant NOW = 1_800_000_000;
    uint64 private constant DELAY = 2 days;

    StatedRegistry private first;
    StatedRegistry private second;
    SolvencySource private source;
    Following private following;

    function setUp() external {
        vm.warp(NOW);
        first = new StatedRegistry();
        second = new StatedRegistry();
        put(first, State.Healthy);
        put(second, State.Healthy);
        source = new SolvencySource(address(this), DELAY, registryAt(first), VENUE);
        following = new Following(
            source,
            registryAt(first),
            VENUE,
            Demands(State.Healthy, 0, 0, 0, 0)
        );
    }

    function registryAt(StatedRegistry stated) private pure returns (ISolvencyRegistry) {
        return ISolvencyRegistry(address(stated));
    }

    function put(StatedRegistry stated, State state) private {
        ISolvencyRegistry.Verdict memory verdict;
        (verdict.state, verdict.round, verdict.asOf) = (state, 1, NOW);
        stated.set(verdict);
    }

    function follows(StatedRegistry stated, bytes32 venue) private view {
        (ISolvencyRegistry registry, bytes32 id) = following.solvencySource();
        vm.assertEq(address(registry), address(stated), "registry");
        vm.assertEq(id, venue, "venue");
    }

    function test_a_guard_follows_only_after_the_delay() external {
        put(second, State.Breach);
        source.announceMove(registryAt(second), NEXT_VENUE);
        vm.warp(NOW + DELAY - 1);
        following.add();
        follows(first, VENUE);
        vm.warp(NOW + DELAY);
        follows(second, NEXT_VENUE);
        vm.expectRevert(
            abi.encodeWithSelector(
                Solvency.NotAccepted.selector,
                NEXT_VENUE,
                State.Breach,
                State.Healthy
            )
        );
        following.add();
    }

    function test_a_stranger_and_the_venue_cannot_move_a_guard() external {
        address stranger = address(0xbad);
        vm.startPrank(stranger, stranger);
        bytes memory refusal = abi.encodeWithSelector(
            Ownable.OwnableUnauthorizedAccount.selector,
            stranger
        );
        vm.expectRevert(refusal);
        source.announceMove(registryAt(second), VENUE);
        vm.expectRevert(refusal);
        source.cancelMove();
        vm.stopPrank();
    }

    function test_a_second_announcement_waits_anew_and_can_be_called_off() external {
        source.announceMove(registryAt(second), VENUE);
        vm.warp(NOW + DELAY - 1);
        StatedRegistry third = new StatedRegistry();
        source.announceMove(registryAt(third), VENUE);
        vm.warp(NOW + DELAY + 1);
        follows(first, VENUE);
        source.cancelMove();
        vm.warp(NOW + 9 * DELAY);
        follows(first, VENUE);
        vm.expectRevert(SolvencySource.NoMove.selector);
        source.cancelMove();
    }

    function test_a_move_that_took_effect_stays_when_the_next_is_announced_or_called_off()
        external
    {
        source.announceMove(registryAt(second), NEXT_VENUE);
        vm.warp(NOW + DELAY);
        vm.expectRevert(SolvencySource.NoMove.selector);
        source.cancelMove();
        source.announceMove(registryAt(first), VENUE);
        follows(second, NEXT_VENUE);
        source.cancelMove();
        follows(second, NEXT_VENUE);
        (, , uint64 from) = source.pending();
        vm.assertEq(from, uint256(0), "nothing pending");
    }

    function test_what_is_no_registry_or_too_soon_is_refused() external {
        ISolvencyRegistry none = ISolvencyRegistry(address(1234));
        vm.expectRevert(abi.encodeWithSelector(SolvencySource.NoRegistry.selector, none));
        source.announceMove(none, VENUE);
        vm.expectRevert(
            abi.encodeWithSelector(SolvencySource.DelayTooShort.selector, 1 days - 1, 1 days)
        );
        new SolvencySource(address(this), 1 days - 1, registryAt(first), VENUE);
        ISolvencyRegistry other = ISolvencyRegistry(address(new NoRegistryAtAll()));
        vm.expectRevert();
        source.announceMove(other, VENUE);
        Demands memory demands = Demands(State.Healthy, 0, 0, 0, 0);
        vm.expectPartialRevert(FollowingGuard.OtherSource.selector);
        new Following(source, registryAt(second), VENUE, demands);
    }

    function test_a_next_registry_without_an_attestation_closes_the_guard() external {
        source.announceMove(registryAt(new StatedRegistry()), VENUE);
        vm.warp(NOW + DELAY);
        vm.expectRevert(abi.encodeWithSelector(Solvency.NoAttestation.selector, VENUE));
        following.add();
    }
}
