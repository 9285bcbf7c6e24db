// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Compensation} from "../contracts/Compensation.sol";
import {ICompensation, CompensationTerms, Payout} from "../contracts/interfaces/ICompensation.sol";
import {ISolvencyRegistry, Record, State} from "../contracts/interfaces/ISolvencyRegistry.sol";
import {IStatementVerifier} from "../contracts/interfaces/IStatementVerifier.sol";
import {Limits} from "../contracts/interfaces/IVenues.sol";
import {MockMoney, MockStatements} from "./compensation/Mocks.sol";
import {Submission} from "../contracts/Submission.sol";
import {World} from "./World.sol";

/// A fund of a venue in the real registry: no solvent venue's fund opens.
contract CompensationWorldTest is World {
    Compensation private fund;

    function made(Limits memory limits) private {
        world(limits);
        MockMoney money = new MockMoney(6);
        CompensationTerms memory bound;
        (bound.venue, bound.registry) = (venue, ISolvencyRegistry(address(registry)));
        bound.statements = new IStatementVerifier[](1);
        bound.statements[0] = IStatementVerifier(address(new MockStatements(address(registry))));
        bound.payouts = new Payout[](1);
        bound.payouts[0] = Payout(address(money), keccak256("USD"));
        uint64 distance = limits.minDistance;
        bound.settledFor = DELAY;
        bound.grace = (distance < DELAY ? DELAY : distance) + 1 days;
        bound.graceAtMost = 60 days;
        bound.expiredAfter = limits.maxAge + 3 days;
        (bound.claimsFor, bound.challengeFor, bound.lateFor) = (7 days, 2 days, 30 days);
        bound.recoveredAfter = 180 days;
        fund = new Compensation(bound);
        // The mock of the observers has no list.
        uint256[11] memory none = [uint256(32), 256, 288, 0, 0, 0, 0, 0, 0, 0, 0];
        vm.mockCall(
            address(observers),
            abi.encodeWithSignature("observersOf(bytes32)", venue),
            abi.encode(none)
        );
    }

    function test_the_least_distance_leaves_a_solvent_venue_time_to_heal() external {
        Limits memory limits = someLimits();
        (limits.maxAge, limits.minDistance) = (7 days, 7 days);
        made(limits);
        later(1 days);
        attest();
        later(7 days);
        attest();
        // 10 of 100 were withdrawn: owed and reserves are both 90.
        reserves.set(90);
        evaluator.set(90, 0, 1);
        recheck();
        later(10 minutes);
        recheck();
        assertState(State.Breach, "two far rechecks");
        fund.report(2);
        later(7 days);
        vm.expectPartialRevert(ICompensation.TooEarly.selector);
        fund.open();
        attest();
        fund.cancel(3, record);
        vm.assertEq(uint256(fund.phase()), uint256(ICompensation.Phase.Waiting), "cancelled");
    }

    function test_a_removal_is_not_hidden_by_a_warning() external {
        made(someLimits());
        later(1 days);
        attest();
        later(1 hours);
        reserves.remove();
        uint64 removed = uint64(block.timestamp);
        assertState(State.Breach, "removed");
        // Reserves borrowed for a moment, not marked.
        reserves.set(100);
        reserves.forget();
        later(12);
        submit(next(venue, RULES), PUBLISHER);
        assertState(State.Warning, "unmarked");
        vm.assertEq(registry.breachedAt(venue, 1), removed, "kept");
        fund.report(1);
        vm.assertEq(fund.current().breachAt, removed, "when it began");
    }

    function test_a_venue_that_is_healthy_is_not_reported_for_its_age() external {
        Limits memory limits = someLimits();
        made(limits);
        later(1 days);
        attest();
        limits.maxAge = 30 days;
        vm.prank(OWNER);
        venues.setLimits(venue, limits);
        later(DELAY);
        attest();
        later(5 days);
        assertState(State.Healthy, "healthy");
        vm.expectPartialRevert(ICompensation.NotInBreach.selector);
        fund.report(2);
    }

    function test_a_frozen_verifier_leaves_time_for_another() external {
        made(someLimits());
        vm.prank(OWNER);
        venues.setDelay(venue, 30 days);
        later(1 days);
        attest();
        later(2 days);
        vm.prank(GUARDIAN);
        venues.freezeVerifier(venue, verifier);
        later(4 days);
        fund.report(1);
        vm.assertEq(fund.current().opensFrom, block.timestamp + 31 days, "the delay and a day");
    }
}
