// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import "./World.sol";

/// The attacks on the gate that need no false proof.
contract RegistryAttacks is World {
    function setUp() external {
        world(someLimits());
    }

    function test_attests_and_stands_healthy() external {
        assertState(State.None, "none before");
        attest();
        assertState(State.Healthy, "healthy");
        ISolvencyRegistry.Verdict memory it = registry.latest(venue);
        vm.assertEq(it.round, uint256(1), "round");
        vm.assertEq(it.coverageBps, uint256(10_000), "coverage");
        vm.assertEq(registry.recordHash(venue, 1), keccak256(abi.encode(record)), "hash");
        later(1 days);
        assertState(State.Healthy, "at the age");
        later(1);
        assertState(State.Expired, "beyond the age");
    }

    /// The lender's money is there in one block only: neither when it was marked, nor a recheck
    /// later.
    function test_loan_of_three_transactions() external {
        reserves.set(0);
        reserves.mark();
        reserves.set(100);
        submit(next(venue, RULES), PUBLISHER);
        reserves.set(0);
        assertState(State.Breach, "least of the mark and now");
        vm.assertEq(registry.latest(venue).failing, uint256(1), "failing");

        // Without a mark it is a warning at best, and rechecks end it.
        later(1 hours);
        reserves.set(100);
        reserves.forget();
        submit(next(venue, RULES), PUBLISHER);
        reserves.set(0);
        assertState(State.Warning, "unmarked");
        recheck();
        assertState(State.Warning, "found once");
        vm.expectPartialRevert(ISolvencyRegistry.RecheckTooSoon.selector);
        recheck();
        later(5 minutes);
        recheck();
        assertState(State.Breach, "found twice");
        vm.assertEq(registry.breachedAt(venue, 2), block.timestamp, "breached");
        reserves.set(100);
        recheck();
        assertState(State.Breach, "only an attestation heals");
        later(60);
        attest();
        assertState(State.Healthy, "healed");
    }

    function test_removal_of_a_reserve_closes() external {
        attest();
        later(60);
        reserves.remove();
        assertState(State.Breach, "removed");
        uint64 first = uint64(block.timestamp);
        vm.assertEq(registry.breachedAt(venue, 1), first, "known");
        registry.noteRemoval(venue);
        later(60);
        reserves.remove();
        vm.assertEq(registry.breachedAt(venue, 1), first, "a later removal moves nothing");
        vm.expectPartialRevert(ISolvencyRegistry.NothingToNote.selector);
        registry.noteRemoval(venue);
        reserves.set(100);
        later(60);
        attest();
        assertState(State.Healthy, "the next stands without it");
        vm.assertEq(registry.breachedAt(venue, 2), uint256(0), "of its own");
    }

    function test_removal_in_the_same_block_closes() external {
        attest();
        reserves.remove();
        assertState(State.Breach, "removed");
    }

    function test_removal_elsewhere_closes_what_rested_on_it() external {
        Limits memory limits = someLimits();
        limits.elsewhereBps = 5000;
        venue = registered("Two chains", limits);
        reserves.set(80);
        elsewhere.set(30);
        attest();
        assertState(State.Healthy, "covered by both");
        vm.assertEq(registry.latest(venue).coverageBps, uint256(11_000), "both count");
        vm.assertEq(needs.worth, uint256(70), "needed here");
        recheck();
        assertState(State.Healthy, "home has what is needed here");
        reserves.set(69);
        recheck();
        assertState(State.Warning, "home lacks");
        later(60);
        elsewhere.remove();
        assertState(State.Breach, "removed there");
    }

    function test_readings_elsewhere_count_nothing_unmarked_or_beyond_the_cap() external {
        Limits memory limits = someLimits();
        limits.elsewhereBps = 1000;
        venue = registered("Two chains", limits);
        reserves.set(80);
        elsewhere.set(30);
        attest();
        vm.assertEq(registry.latest(venue).coverageBps, uint256(8800), "capped");
        later(60);
        reserves.forget();
        submit(next(venue, RULES), PUBLISHER);
        vm.assertEq(registry.latest(venue).coverageBps, uint256(8000), "no window");
    }

    /// A guard that pins rules does not follow the publisher to laxer ones.
    function test_retired_rules_and_laxer_ones_in_force() external {
        attest(next(venue, OTHER_RULES), PUBLISHER);
        vm.prank(OWNER);
        venues.retireRules(venue, OTHER_RULES);
        assertState(State.Breach, "retired");
        vm.assertTrue(registry.latest(venue).revoked, "revoked");
        later(60);
        Submission memory it = next(venue, OTHER_RULES);
        reserves.mark();
        vm.expectPartialRevert(IVenues.RulesAreRetired.selector);
        atTopLevel(PUBLISHER);
        registry.submit(it, volumes(), noSignatures());
        attest();
        assertState(State.Healthy, "others are in force until the owner retires them");
        vm.assertEq(registry.latest(venue).rules, RULES, "the verdict names them for guards");
    }

    function test_frozen_verifier_and_the_corrected_one_for_the_same_key() external {
        attest();
        vm.prank(GUARDIAN);
        venues.freezeVerifier(venue, verifier);
        assertState(State.Breach, "frozen");
        verifier = address(new StubVerifier(KEY, 12, 8));
        vm.prank(OWNER);
        venues.announceVerifier(venue, verifier);
        later(DELAY);
        attest();
        assertState(State.Healthy, "the same key, another contract");
    }

    function test_publishers_theft_and_recovery() external {
        attest();
        later(60);
        // The thief proves a book that owes nothing to anybody, six times.
        evaluator.set(0, 0, 1);
        for (uint256 i = 0; i < 6; ++i) {
            attest();
            later(60);
        }
        assertState(State.Healthy, "nothing on chain knows");
        vm.startPrank(GUARDIAN, GUARDIAN);
        registry.revoke(venue, 7, "stolen key");
        vm.assertEq(uint256(registry.stateOf(venue)), uint256(State.Breach), "revoked at once");
        venues.setPublisher(venue, address(0));
        venues.pause(venue, 0, "stolen key");
        vm.stopPrank();
        assertState(State.Paused, "paused at once");
        Submission memory it = next(venue, RULES);
        vm.expectPartialRevert(ISolvencyRegistry.NoPublisher.selector);
        atTopLevel(PUBLISHER);
        registry.submit(it, volumes(), noSignatures());

        address heir = address(0x8e12);
        vm.startPrank(OWNER, OWNER);
        venues.setPublisher(venue, heir);
        registry.relink(venue, 1, bytes32(uint256(1)));
        vm.stopPrank();
        later(7 days);
        assertState(State.Breach, "the pause lapsed, the revocation stays");
        evaluator.set(100, 0, 1);
        it = next(venue, RULES);
        (it.header.sequence, it.header.previous) = (1, bytes32(uint256(1)));
        attest(it, heir);
        assertState(State.Healthy, "the venue's own numbers go on");
        vm.assertEq(registry.latest(venue).sequence, uint256(1), "number");
        vm.assertEq(registry.breachedAt(venue, 7), uint256(0), "no clock was started");
        it = next(venue, RULES);
        (it.header.sequence, it.header.previous) = (2, bytes32(uint256(8)));
        it.attestation = bytes32(uint256(9));
        (it.header.asOf, it.prices.asOf) = (it.header.asOf + 60, it.prices.asOf + 60);
        later(60);
        attest(it, heir);
    }

    function test_first_number_leaves_room_for_a_next() external {
        Submission memory it = next(venue, RULES);
        (it.header.sequence, it.header.previous) = (type(uint64).max, bytes32(uint256(5)));
        reserves.mark();
        vm.expectPartialRevert(ISolvencyRegistry.SequenceTooLarge.selector);
        atTopLevel(PUBLISHER);
        registry.submit(it, volumes(), noSignatures());
        it.header.sequence = 1 << 40;
        vm.expectPartialRevert(ISolvencyRegistry.SequenceTooLarge.selector);
        atTopLevel(PUBLISHER);
        registry.submit(it, volumes(), noSignatures());
        it.header.sequence = (1 << 40) - 1;
        attest(it, PUBLISHER);
        later(60);
        it = next(venue, RULES);
        vm.expectPartialRevert(ISolvencyRegistry.SequenceTooLarge.selector);
        atTopLevel(PUBLISHER);
        registry.submit(it, volumes(), noSignatures());
        vm.prank(OWNER);
        registry.relink(venue, 0, 0);
        (it.header.sequence, it.header.previous) = (0, 0);
        attest(it, PUBLISHER);
        vm.assertEq(registry.latest(venue).round, uint256(2), "restarted");
    }

    function test_prices_do_not_go_back() external {
        attest();
        later(60);
        Submission memory it = next(venue, RULES);
        it.prices.asOf -= 61;
        vm.expectPartialRevert(ISolvencyRegistry.PricesNotLater.selector);
        atTopLevel(PUBLISHER);
        registry.submit(it, volumes(), noSignatures());
        it.prices.asOf += 1;
        attest(it, PUBLISHER);
    }

    function test_prices_beyond_a_feed_breach_and_never_revert() external {
        IFeeds.Compared[] memory results = new IFeeds.Compared[](2);
        results[1] = IFeeds.Compared.Beyond;
        feeds.set(results);
        attest();
        assertState(State.Breach, "a price");
        vm.assertEq(record.faults, uint256(1), "the fault");
        vm.assertEq(registry.breachedAt(venue, 1), block.timestamp, "breached");
    }

    function test_record_shows_what_was_left_out() external {
        Submission memory it = next(venue, RULES);
        (it.header.accounts, it.header.accountsLeftOut) = (7, 1_000_000);
        it.header.leftOut = new AssetLeftOut[](3);
        attest(it, PUBLISHER);
        vm.assertEq(record.accounts, uint256(7), "accounts");
        vm.assertEq(record.accountsLeftOut, uint256(1_000_000), "left out");
        vm.assertEq(record.assetsLeftOut, uint256(3), "assets");
    }

    function test_one_balance_for_two_venues_in_turn() external {
        bytes32 other = registered("Other", someLimits());
        attest();
        later(60);
        // The holder leaves, and accepts for another as soon as it may.
        reserves.remove();
        assertState(State.Breach, "closed when the other may begin");
        later(DELAY);
        reserves.set(100);
        Submission memory it = next(other, RULES);
        attest(it, PUBLISHER);
        vm.assertEq(uint256(registry.stateOf(other)), uint256(State.Healthy), "the other");
        assertState(State.Breach, "never both");
    }

    function test_unreadable_token_warns_and_stops_nothing() external {
        reserves.setUnreadable(true);
        attest();
        assertState(State.Warning, "unreadable");
    }

    function test_volume_says_what_was_revoked() external {
        attest();
        bytes32[] memory phase1 = new bytes32[](1);
        phase1[0] = keccak256("proof");
        (bytes32 word, bool revoked) = registry.volume(venue, 1, record, phase1, 0);
        vm.assertTrue(word != 0 && !revoked, "stands");
        vm.prank(OWNER);
        venues.freezeVerifier(venue, verifier);
        (, revoked) = registry.volume(venue, 1, record, phase1, 0);
        vm.assertTrue(revoked, "frozen");
        phase1[0] = 0;
        vm.expectPartialRevert(ISolvencyRegistry.OtherPhase1.selector);
        registry.volume(venue, 1, record, phase1, 0);
        phase1[0] = keccak256("proof");
        vm.expectPartialRevert(ISolvencyRegistry.VolumeUnknown.selector);
        registry.volume(venue, 1, record, phase1, 1);
        record.volumes = 2;
        vm.expectPartialRevert(ISolvencyRegistry.OtherRecord.selector);
        registry.volume(venue, 1, record, phase1, 1);
    }
}
