// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import "./World.sol";

/// Sends from inside a contract, or calls again while it is called.
contract Caller {
    SolvencyRegistry private immutable REGISTRY;

    constructor(SolvencyRegistry registry) {
        REGISTRY = registry;
    }

    function submit(Submission calldata it, Volume[] calldata volumes) external {
        REGISTRY.submit(it, volumes, new Signature[](0));
    }

    function enter() external {
        REGISTRY.noteRemoval(0);
        REGISTRY.revoke(0, 1, "again");
    }
}

/// Submissions in several transactions, who may send what, and every error on the way in.
contract StagedTest is World {
    function setUp() external {
        world(someLimits());
    }

    function two() internal pure returns (Volume[] memory list, bytes[] memory totals) {
        (list, totals) = (new Volume[](2), new bytes[](2));
        (list[0], list[1]) = (Volume("a", "proof a"), Volume("b", "proof b"));
        (totals[0], totals[1]) = (bytes("a"), bytes("b"));
    }

    function rest(Submission memory it) internal pure returns (Continuation memory) {
        return Continuation(it.venue, it.header, it.prices, it.rounds);
    }

    function begin(address sender, Submission memory it) internal {
        vm.prank(sender);
        registry.beginSubmission(it, 2);
        (Volume[] memory list, ) = two();
        for (uint256 v = 0; v < 2; ++v) {
            vm.prank(sender);
            registry.addVolume(rest(it), v, list[v]);
        }
    }

    function finish(address sender, Submission memory it) internal {
        (, bytes[] memory totals) = two();
        Logs(address(vm)).recordLogs();
        atTopLevel(sender);
        registry.finishSubmission(rest(it), totals, noSignatures());
        keep(Logs(address(vm)).getRecordedLogs());
    }

    function test_several_transactions() external {
        reserves.mark();
        Submission memory it = next(venue, RULES);
        begin(PUBLISHER, it);
        later(60);
        finish(PUBLISHER, it);
        assertState(State.Healthy, "appended");
        bytes32[] memory phase1 = new bytes32[](2);
        (phase1[0], phase1[1]) = (keccak256("proof a"), keccak256("proof b"));
        registry.volume(venue, 1, record, phase1, 1);
        vm.assertEq(record.context, keccak256(abi.encode(it.header, it.prices, uint256(2))), "");
        vm.expectPartialRevert(ISolvencyRegistry.NoSubmission.selector);
        finish(PUBLISHER, it);
    }

    function test_a_strangers_submission_discards_no_other() external {
        reserves.mark();
        Submission memory it = next(venue, RULES);
        begin(PUBLISHER, it);
        begin(STRANGER, it);
        vm.prank(STRANGER);
        registry.beginSubmission(it, 1);
        vm.expectPartialRevert(MockObservers.NotSignedByPublisher.selector);
        this.finishOne(STRANGER, it);
        finish(PUBLISHER, it);
        assertState(State.Healthy, "the publisher's stands");
    }

    function finishOne(address sender, Submission memory it) external {
        (Volume[] memory list, bytes[] memory totals) = two();
        vm.prank(sender);
        registry.addVolume(rest(it), 0, list[0]);
        assembly {
            mstore(totals, 1)
        }
        atTopLevel(sender);
        registry.finishSubmission(rest(it), totals, noSignatures());
    }

    function test_beginning_again_forgets_the_volumes() external {
        Submission memory it = next(venue, RULES);
        begin(PUBLISHER, it);
        vm.prank(PUBLISHER);
        registry.beginSubmission(it, 2);
        vm.expectRevert(abi.encodeWithSelector(ISolvencyRegistry.VolumesMissing.selector, 0, 2));
        finish(PUBLISHER, it);
    }

    function test_errors_of_staged_submissions() external {
        Submission memory it = next(venue, RULES);
        (Volume[] memory list, bytes[] memory totals) = two();
        vm.prank(STRANGER);
        vm.expectPartialRevert(ISolvencyRegistry.NoSubmission.selector);
        registry.addVolume(rest(it), 0, list[0]);
        begin(PUBLISHER, it);
        vm.startPrank(PUBLISHER, PUBLISHER);
        vm.expectPartialRevert(ISolvencyRegistry.VolumeUnknown.selector);
        registry.addVolume(rest(it), 2, list[0]);
        vm.expectPartialRevert(ISolvencyRegistry.VolumeAlreadyProved.selector);
        registry.addVolume(rest(it), 1, list[0]);
        totals[1] = "c";
        vm.expectPartialRevert(ISolvencyRegistry.OtherTotals.selector);
        registry.finishSubmission(rest(it), totals, noSignatures());
        totals[1] = "b";
        Continuation memory other = rest(it);
        other.header.accountsLeftOut = 1;
        vm.expectPartialRevert(ISolvencyRegistry.OtherContinuation.selector);
        registry.finishSubmission(other, totals, noSignatures());
        registry.beginSubmission(it, 2);
        other.header.accountsLeftOut = 2;
        vm.expectPartialRevert(ISolvencyRegistry.OtherContinuation.selector);
        registry.addVolume(other, 0, list[0]);
        vm.stopPrank();
    }

    function test_what_changed_since_the_beginning_counts() external {
        reserves.mark();
        Submission memory it = next(venue, RULES);
        begin(PUBLISHER, it);
        begin(STRANGER, it);
        attest();
        vm.expectPartialRevert(ISolvencyRegistry.OutOfSequence.selector);
        this.finishBy(PUBLISHER, it);
        later(60);
        it = next(venue, RULES);
        begin(PUBLISHER, it);
        vm.prank(GUARDIAN);
        venues.retireRules(venue, RULES);
        vm.expectPartialRevert(IVenues.RulesAreRetired.selector);
        this.finishBy(PUBLISHER, it);
        it.rules = OTHER_RULES;
        begin(PUBLISHER, it);
        later(6 hours + 1);
        vm.expectPartialRevert(ISolvencyRegistry.TooOld.selector);
        this.finishBy(PUBLISHER, it);
    }

    function finishBy(address sender, Submission memory it) external {
        finish(sender, it);
    }

    function test_only_an_account_without_code_at_top_level_reads_reserves() external {
        Caller caller = new Caller(registry);
        Submission memory it = next(venue, RULES);
        vm.expectPartialRevert(ISolvencyRegistry.NotAtTopLevel.selector);
        caller.submit(it, volumes());
        attest();
        vm.expectPartialRevert(ISolvencyRegistry.NotAtTopLevel.selector);
        registry.recheck(venue, record, needs);
        // An account that delegates to a contract has code.
        vm.etch(PUBLISHER, bytes.concat(hex"ef0100", bytes20(address(caller))));
        vm.expectPartialRevert(ISolvencyRegistry.NotAtTopLevel.selector);
        atTopLevel(PUBLISHER);
        registry.submit(it, volumes(), noSignatures());
    }

    function test_reentrance_by_a_token_changes_nothing() external {
        reserves.setHook(address(new Caller(registry)));
        attest();
        assertState(State.Healthy, "read only");
    }

    function test_carrier_is_anyone_and_the_publisher_signs() external {
        Submission memory it = next(venue, RULES);
        reserves.mark();
        vm.expectPartialRevert(MockObservers.NotSignedByPublisher.selector);
        atTopLevel(STRANGER);
        registry.submit(it, volumes(), noSignatures());
        Signature[] memory signatures = new Signature[](1);
        signatures[0].signer = PUBLISHER;
        observers.set(3);
        atTopLevel(STRANGER);
        registry.submit(it, volumes(), signatures);
        assertState(State.Healthy, "carried");
    }

    function refuse(bytes4 selector, Submission memory it) internal {
        vm.expectPartialRevert(selector);
        atTopLevel(PUBLISHER);
        registry.submit(it, volumes(), noSignatures());
    }

    function test_errors_of_submissions() external {
        attest();
        later(60);
        Submission memory it = next(venue, RULES);
        it.venue = 0;
        refuse(IVenues.UnknownVenue.selector, it);
        it = next(venue, "unknown");
        refuse(IVenues.RulesUnknown.selector, it);
        it = next(venue, RULES);
        it.verifier = STRANGER;
        refuse(IVenues.VerifierUnknown.selector, it);
        it = next(venue, RULES);
        it.attestation = 0;
        refuse(ISolvencyRegistry.NoDigest.selector, it);
        it = next(venue, RULES);
        it.header.venue = 0;
        refuse(ISolvencyRegistry.OtherVenue.selector, it);
        it = next(venue, RULES);
        it.header.key = 0;
        refuse(ISolvencyRegistry.OtherKey.selector, it);
        it = next(venue, RULES);
        it.header.k = 13;
        refuse(ISolvencyRegistry.OtherShape.selector, it);
        it = next(venue, RULES);
        it.header.scenarios = 3;
        refuse(ISolvencyRegistry.OtherScenarios.selector, it);
        it = next(venue, RULES);
        it.header.sequence = 2;
        refuse(ISolvencyRegistry.OutOfSequence.selector, it);
        it = next(venue, RULES);
        it.header.previous = bytes32(uint256(9));
        refuse(ISolvencyRegistry.OtherPrevious.selector, it);
        it = next(venue, RULES);
        it.header.asOf -= 1;
        refuse(ISolvencyRegistry.NotLater.selector, it);
        it = next(venue, RULES);
        it.header.asOf += 1;
        refuse(ISolvencyRegistry.InFuture.selector, it);
        it = next(venue, RULES);
        it.prices.asOf += 1;
        refuse(ISolvencyRegistry.InFuture.selector, it);
        later(7 hours);
        it = next(venue, RULES);
        it.prices.asOf -= 6 hours + 1;
        refuse(ISolvencyRegistry.TooOld.selector, it);
        vm.expectPartialRevert(ISolvencyRegistry.NoVolume.selector);
        atTopLevel(PUBLISHER);
        registry.submit(it, new Volume[](0), noSignatures());
    }
}
