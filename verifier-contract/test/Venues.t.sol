// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import "./World.sol";
import {VolumeVerifier} from "../generated/VolumeVerifier.sol";

/// Keeps what it answers in storage.
contract Stored {
    bytes32 public KEY = keccak256("key");
    uint256 public K = 12;
    uint256 public PAGE_SIZE = 8;
}

/// Administration: what waits for the delay, what is at once, and every error.
contract VenuesTest is World {
    function setUp() external {
        world(someLimits());
    }

    function registration() internal view returns (IVenues.Registration memory it) {
        (it.name, it.publisher, it.guardian) = ("Another", PUBLISHER, GUARDIAN);
        (it.delay, it.maxLag, it.limits) = (DELAY, 6 hours, someLimits());
        it.settledFrom = uint64(block.timestamp) + 7 days;
    }

    function test_register() external {
        IVenues.Registration memory it = registration();
        bytes32 id = venues.register(it);
        vm.assertEq(id, keccak256(abi.encode(address(this), keccak256("Another"))), "id");
        vm.expectPartialRevert(IVenues.AlreadyRegistered.selector);
        venues.register(it);
        it.name = "";
        vm.expectRevert(IVenues.NoVenueName.selector);
        venues.register(it);
        it = registration();
        it.settledFrom += 1;
        vm.expectPartialRevert(IVenues.SettledTooLate.selector);
        venues.register(it);
        it = registration();
        it.delay = 1 days - 1;
        vm.expectPartialRevert(IVenues.DelayOutOfRange.selector);
        venues.register(it);
        it.delay = 365 days + 1;
        vm.expectPartialRevert(IVenues.DelayOutOfRange.selector);
        venues.register(it);
        it = registration();
        it.maxLag = 59;
        vm.expectPartialRevert(IVenues.LagOutOfRange.selector);
        venues.register(it);
        it.maxLag = 7 days + 1;
        vm.expectPartialRevert(IVenues.LagOutOfRange.selector);
        venues.register(it);
    }

    function test_limits() external {
        Limits memory limits = someLimits();
        limits.maxAge = 59;
        refuseLimits(0, limits);
        limits.maxAge = 90 days + 1;
        refuseLimits(0, limits);
        (limits.maxAge, limits.minDistance) = (60, 61);
        refuseLimits(1, limits);
        (limits.minDistance, limits.markWithin) = (60, 7 days + 1);
        refuseLimits(2, limits);
        (limits.markWithin, limits.toleranceBps) = (60, 10_001);
        refuseLimits(3, limits);
        (limits.toleranceBps, limits.owedBandBps) = (0, 10_001);
        refuseLimits(4, limits);
        (limits.owedBandBps, limits.depositsBandBps) = (0, 10_001);
        refuseLimits(5, limits);
        (limits.depositsBandBps, limits.interestBandBps) = (0, 10_001);
        refuseLimits(6, limits);
        (limits.interestBandBps, limits.pricesBandBps) = (0, 10_001);
        refuseLimits(7, limits);
        (limits.pricesBandBps, limits.elsewhereBps) = (0, 10_001);
        refuseLimits(8, limits);
        limits.elsewhereBps = 10_000;
        vm.prank(OWNER);
        venues.setLimits(venue, limits);
        later(DELAY - 1);
        vm.assertEq(venues.limitsOf(venue).maxAge, uint256(1 days), "as before");
        later(1);
        vm.assertEq(venues.limitsOf(venue).maxAge, uint256(60), "after the delay");
        vm.prank(OWNER);
        venues.setLimits(venue, someLimits());
        vm.assertEq(venues.limitsOf(venue).maxAge, uint256(60), "the last stay until then");
        vm.assertEq(venues.venueOf(venue).nextLimits.maxAge, uint256(1 days), "pending");
    }

    function refuseLimits(uint256 which, Limits memory limits) internal {
        vm.expectRevert(abi.encodeWithSelector(IVenues.LimitOutOfRange.selector, which));
        vm.prank(OWNER);
        venues.setLimits(venue, limits);
    }

    function test_settling() external {
        IVenues.Registration memory it = registration();
        bytes32 id = venues.register(it);
        venues.announceVerifier(id, verifier);
        vm.assertEq(venues.verifierOf(id, verifier).activeFrom, block.timestamp, "at once");
        venues.settle(id);
        vm.expectPartialRevert(IVenues.AlreadySettled.selector);
        venues.settle(id);
        venues.announceRules(id, RULES, programHash(1), chunks(1));
        vm.assertEq(venues.rulesOf(id, RULES).activeFrom, block.timestamp + DELAY, "later");
        vm.expectPartialRevert(IVenues.RulesNotActive.selector);
        venues.termsOf(id, RULES, verifier);
    }

    function test_no_attestation_before_it_is_settled() external {
        vm.startPrank(OWNER, OWNER);
        venue = venues.register(registration());
        venues.announceRules(venue, RULES, programHash(1), chunks(1));
        venues.announceVerifier(venue, verifier);
        vm.stopPrank();
        Submission memory it = next(venue, RULES);
        reserves.mark();
        vm.expectPartialRevert(ISolvencyRegistry.NotSettled.selector);
        atTopLevel(PUBLISHER);
        registry.submit(it, volumes(), noSignatures());
        later(7 days);
        attest();
    }

    function test_publisher() external {
        vm.prank(GUARDIAN);
        vm.expectPartialRevert(IVenues.NotOwner.selector);
        venues.setPublisher(venue, STRANGER);
        vm.prank(OWNER);
        venues.setPublisher(venue, STRANGER);
        vm.assertEq(venues.venueOf(venue).publisher, PUBLISHER, "stays");
        vm.prank(GUARDIAN);
        venues.setPublisher(venue, address(0));
        later(DELAY);
        vm.assertEq(venues.venueOf(venue).publisher, address(0), "the pending one too");
        vm.prank(OWNER);
        venues.setPublisher(venue, STRANGER);
        later(DELAY - 1);
        vm.assertEq(venues.venueOf(venue).publisher, address(0), "not yet");
        later(1);
        vm.assertEq(venues.venueOf(venue).publisher, STRANGER, "after the delay");
        vm.prank(OWNER);
        venues.setPublisher(venue, PUBLISHER);
        vm.assertEq(venues.venueOf(venue).publisher, STRANGER, "until the next");
    }

    function test_delay_shrinks_only_after_itself() external {
        vm.startPrank(OWNER, OWNER);
        venues.setDelay(venue, 1 days);
        vm.assertEq(venues.delayOf(venue), uint256(DELAY), "as before");
        venues.setDelay(venue, 30 days);
        vm.assertEq(venues.delayOf(venue), uint256(30 days), "longer at once");
        venues.setDelay(venue, 1 days);
        later(30 days - 1);
        vm.assertEq(venues.effectiveFrom(venue), block.timestamp + 30 days, "still");
        later(1);
        vm.assertEq(venues.effectiveFrom(venue), block.timestamp + 1 days, "shorter");
        vm.stopPrank();
    }

    function test_pauses_lapse_and_are_few() external {
        attest();
        bytes32 btc = keccak256("BTC");
        vm.startPrank(GUARDIAN, GUARDIAN);
        vm.expectRevert(IVenues.NoReason.selector);
        venues.pause(venue, 0, "");
        venues.pause(venue, btc, "depeg");
        vm.assertEq(uint256(registry.stateOf(venue)), uint256(State.Healthy), "all");
        vm.assertEq(uint256(registry.stateFor(venue, btc)), uint256(State.Paused), "one");
        for (uint256 i = 0; i < 3; ++i) {
            venues.pause(venue, 0, "why");
            later(1 days);
        }
        vm.expectPartialRevert(IVenues.TooManyPauses.selector);
        venues.pause(venue, 0, "why");
        vm.expectPartialRevert(IVenues.NotOwner.selector);
        venues.unpause(venue, 0);
        vm.stopPrank();
        assertState(State.Paused, "paused");
        later(6 days);
        assertState(State.Expired, "lapsed");
        later(81 days);
        vm.prank(GUARDIAN);
        venues.pause(venue, 0, "again");
        vm.startPrank(OWNER, OWNER);
        venues.unpause(venue, 0);
        later(DELAY - 1);
        vm.assertEq(uint256(registry.stateOf(venue)), uint256(State.Paused), "until the delay");
        later(1);
        vm.assertEq(uint256(registry.stateOf(venue)), uint256(State.Expired), "ended");
        vm.expectPartialRevert(IVenues.NotPaused.selector);
        venues.unpause(venue, 0);
        for (uint256 i = 0; i < 5; ++i) venues.pause(venue, 0, "the owner's");
        vm.stopPrank();
    }

    function test_only_owner_and_guardian() external {
        vm.startPrank(STRANGER, STRANGER);
        refused(abi.encodeCall(venues.settle, (venue)));
        refused(abi.encodeCall(venues.offerOwnership, (venue, STRANGER)));
        refused(abi.encodeCall(venues.acceptOwnership, (venue)));
        refused(abi.encodeCall(venues.setGuardian, (venue, STRANGER)));
        refused(abi.encodeCall(venues.setPublisher, (venue, STRANGER)));
        refused(abi.encodeCall(venues.setPublisher, (venue, address(0))));
        refused(abi.encodeCall(venues.setDelay, (venue, 30 days)));
        refused(abi.encodeCall(venues.setLimits, (venue, someLimits())));
        refused(abi.encodeCall(venues.announceVerifier, (venue, verifier)));
        refused(abi.encodeCall(venues.retireRules, (venue, RULES)));
        refused(abi.encodeCall(venues.freezeVerifier, (venue, verifier)));
        refused(abi.encodeCall(venues.pause, (venue, 0, "why")));
        refused(abi.encodeCall(venues.unpause, (venue, 0)));
        vm.stopPrank();
        vm.prank(OWNER);
        venues.offerOwnership(venue, STRANGER);
        vm.prank(STRANGER);
        venues.acceptOwnership(venue);
        venues.requireOwner(venue, STRANGER);
        vm.expectPartialRevert(IVenues.NotGuardian.selector);
        venues.requireGuardian(venue, OWNER);
    }

    function refused(bytes memory data) internal {
        (bool done, ) = address(venues).call(data);
        vm.assertTrue(!done, "refused");
    }

    function test_nothing_comes_back() external {
        vm.startPrank(OWNER, OWNER);
        vm.expectPartialRevert(IVenues.RulesAlreadyAnnounced.selector);
        venues.announceRules(venue, RULES, programHash(1), chunks(1));
        vm.expectPartialRevert(IVenues.VerifierAlreadyAnnounced.selector);
        venues.announceVerifier(venue, verifier);
        venues.retireRules(venue, RULES);
        vm.expectPartialRevert(IVenues.RulesAreRetired.selector);
        venues.retireRules(venue, RULES);
        venues.freezeVerifier(venue, verifier);
        vm.expectPartialRevert(IVenues.VerifierIsFrozen.selector);
        venues.freezeVerifier(venue, verifier);
        vm.expectPartialRevert(IVenues.RulesUnknown.selector);
        venues.retireRules(venue, 0);
        vm.expectPartialRevert(IVenues.VerifierUnknown.selector);
        venues.freezeVerifier(venue, STRANGER);
        vm.stopPrank();
        vm.expectPartialRevert(IVenues.UnknownVenue.selector);
        venues.venueOf(0);
    }
}

/// What code shows when it is announced.
contract CodesTest is World {
    function setUp() external {
        world(someLimits());
        vm.startPrank(OWNER, OWNER);
    }

    function test_generated_verifier_cannot_change() external {
        venues.announceVerifier(venue, address(new VolumeVerifier()));
    }

    function test_code_that_can_change_is_refused() external {
        bytes[9] memory codes = [
            bytes(""),
            hex"60005400",
            hex"6000600055",
            hex"f2",
            hex"f4",
            hex"ff",
            // A minimal proxy (EIP-1167).
            hex"363d3d373d3d3d363d73bebebebebebebebebebebebebebebebebebebebe"
            hex"5af43d82803e903d91602b57fd5bf3",
            // Behind an invalid instruction, where a jump may go.
            hex"fe5bff",
            // An account that delegates (EIP-7702).
            hex"ef0100bebebebebebebebebebebebebebebebebebebebe"
        ];
        for (uint256 i = 0; i < codes.length; ++i) {
            address account = address(uint160(0xbad00 + i));
            vm.etch(account, codes[i]);
            vm.expectPartialRevert(IVenues.VerifierCanChange.selector);
            venues.announceVerifier(venue, account);
        }
        address stored = address(new Stored());
        vm.expectPartialRevert(IVenues.VerifierCanChange.selector);
        venues.announceVerifier(venue, stored);
        // Bytes that an instruction pushes are none.
        address pushes = address(0xbad99);
        vm.etch(
            pushes,
            hex"7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff60ff61f4f4"
        );
        vm.expectRevert();
        venues.announceVerifier(venue, pushes);
    }

    function test_constants_that_nothing_runs_are_no_instructions() external {
        bytes[3] memory behind = [bytes(hex"54f4ff"), hex"60005b00", hex"605b55"];
        for (uint256 i = 0; i < behind.length; ++i) {
            address account = address(uint160(0x900d + i));
            vm.etch(
                account,
                bytes.concat(address(new StubVerifier(KEY, 12, 8)).code, hex"fe", behind[i])
            );
            venues.announceVerifier(venue, account);
        }
    }

    function test_other_code_than_announced_is_refused() external {
        vm.etch(verifier, address(new StubVerifier(KEY, 13, 8)).code);
        vm.expectPartialRevert(IVenues.VerifierHasChanged.selector);
        venues.termsOf(venue, RULES, verifier);
    }

    function test_shapes() external {
        uint256[2][6] memory shapes = [
            [uint256(10), 8],
            [uint256(25), 8],
            [uint256(12), 1],
            [uint256(12), 6],
            [uint256(12), 1024],
            [uint256(12), 0]
        ];
        for (uint256 i = 0; i < shapes.length; ++i) {
            address odd = address(new StubVerifier(KEY, shapes[i][0], shapes[i][1]));
            vm.expectPartialRevert(IVenues.VerifierShape.selector);
            venues.announceVerifier(venue, odd);
        }
        address nameless = address(new StubVerifier(0, 12, 8));
        vm.expectPartialRevert(IVenues.VerifierShape.selector);
        venues.announceVerifier(venue, nameless);
    }

    function refuse(bytes4 selector, bytes32 hash, address[] memory list) internal {
        vm.expectPartialRevert(selector);
        venues.announceRules(venue, "C", hash, list);
    }

    function test_chunks() external {
        address[] memory list = chunks(7);
        refuse(IVenues.NoRules.selector, 0, list);
        refuse(IVenues.OtherChunks.selector, programHash(8), list);
        refuse(IVenues.ChunkCount.selector, programHash(7), new address[](0));
        refuse(IVenues.ChunkCount.selector, programHash(7), new address[](33));
        bytes memory good = list[0].code;
        vm.etch(list[0], bytes.concat(hex"60", good));
        refuse(IVenues.ChunkForm.selector, programHash(7), list);
        vm.etch(list[0], hex"00");
        refuse(IVenues.ChunkForm.selector, programHash(7), list);
        vm.etch(list[0], hex"0000");
        refuse(IVenues.ChunkForm.selector, programHash(7), list);
        vm.etch(list[0], hex"000001");
        refuse(IVenues.ChunkForm.selector, programHash(7), list);
        vm.etch(list[0], bytes.concat(hex"00ffff", program(7)));
        refuse(IVenues.ChunkForm.selector, programHash(7), list);
        vm.etch(list[0], bytes.concat(hex"000001", keccak256("ETH"), program(7)));
        refuse(IVenues.OtherNames.selector, programHash(7), list);
        vm.etch(list[0], good);
        venues.announceRules(venue, "C", programHash(7), list);
        vm.assertEq(venues.rulesOf(venue, "C").chunks[0], list[0], "kept");
    }

    function test_several_chunks() external {
        bytes memory long = bytes.concat(program(7), new bytes(30_000));
        bytes memory all = bytes.concat(hex"0001", keccak256("BTC"), long);
        address[] memory list = new address[](2);
        (list[0], list[1]) = (address(0xc1), address(0xc2));
        bytes memory first = new bytes(24_575);
        bytes memory last = new bytes(all.length - 24_575);
        for (uint256 i = 0; i < all.length; ++i) {
            if (i < 24_575) first[i] = all[i];
            else last[i - 24_575] = all[i];
        }
        vm.etch(list[0], bytes.concat(hex"00", first));
        vm.etch(list[1], bytes.concat(hex"00", last));
        venues.announceRules(venue, "D", keccak256(long), list);
        later(DELAY);
        vm.assertEq(venues.termsOf(venue, "D", verifier).chunks[1], list[1], "in order");
        vm.etch(list[0], bytes.concat(hex"00", first, hex"00"));
        refuse(IVenues.ChunkForm.selector, keccak256(long), list);
    }
}
