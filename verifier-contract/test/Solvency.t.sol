// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Demands, Solvency} from "../contracts/Solvency.sol";
import {SolvencyGuard} from "../contracts/SolvencyGuard.sol";
import {Needs} from "../contracts/interfaces/IEvaluator.sol";
import {ISolvencyRegistry, Record, State} from "../contracts/interfaces/ISolvencyRegistry.sol";
import {Test} from "./Test.sol";
import {StatedRegistry} from "./mocks/StatedRegistry.sol";

/// A contract with one action of each kind.
contract Guarded is SolvencyGuard {
    constructor(
        ISolvencyRegistry registry,
        bytes32 venue,
        Demands memory demands
    ) SolvencyGuard(registry, venue, demands) {}

    function add() external view whenSolvent {}

    function open() external view whenHealthy {}

    function addTo(bytes32 subject) external view whenSolventFor(subject) {}

    function addLarge(
        Record calldata record,
        Needs calldata needs
    ) external view whenLive(record, needs) {}

    function most(State worst) external view whenAtMost(worst) {}

    function reduce() external pure {}
}

contract SolvencyTest is Test {
    bytes32 private constant VENUE = "venue";
    bytes32 private constant RULES = "rules";
    bytes32 private constant POOL = keccak256("ETH-PERP");
    uint64 private constant NOW = 1_800_000_000;

    StatedRegistry private stated;
    ISolvencyRegistry private registry;
    Guarded private guarded;

    function setUp() external {
        vm.warp(NOW);
        stated = new StatedRegistry();
        registry = ISolvencyRegistry(address(stated));
        // The head of a program of four clauses, and no prices.
        address[] memory chunks = new address[](1);
        chunks[0] = address(0xc0de);
        vm.etch(chunks[0], hex"000000_04_0001_00_0000_0001_0004");
        stated.setChunks(RULES, chunks);
        guarded = new Guarded(registry, VENUE, demands(State.Warning));
        put(State.Healthy);
    }

    function demands(State worst) private pure returns (Demands memory) {
        return Demands(worst, 1 hours, 10_000, RULES, 0);
    }

    function verdictOf(
        State state
    ) private pure returns (ISolvencyRegistry.Verdict memory verdict) {
        verdict.state = state;
        verdict.round = 3;
        verdict.sequence = 9;
        verdict.asOf = NOW - 1 hours;
        verdict.coverageBps = 10_000;
        verdict.rules = RULES;
    }

    function put(State state) private {
        stated.set(verdictOf(state));
    }

    function refused(State state, State worst) private {
        vm.expectRevert(abi.encodeWithSelector(Solvency.NotAccepted.selector, VENUE, state, worst));
    }

    /// By the list of the registry's documents, worst first.
    function worse(State one, State other) private pure returns (bool) {
        uint8[6] memory from = [5, 0, 1, 3, 2, 4];
        return from[uint8(one)] > from[uint8(other)];
    }

    function test_an_action_that_accepts_an_expired_venue_does_not_accept_a_breach() external {
        put(State.Breach);
        refused(State.Breach, State.Expired);
        guarded.most(State.Expired);
        put(State.Expired);
        guarded.most(State.Expired);
        guarded.most(State.Breach);
        refused(State.Expired, State.None);
        guarded.most(State.None);
    }

    function test_each_action_names_the_worst_state_that_it_accepts() external {
        for (uint8 i = 1; i <= uint8(State.Paused); i++) {
            State state = State(i);
            put(state);
            if (worse(state, State.Warning)) refused(state, State.Warning);
            guarded.add();
            if (worse(state, State.Healthy)) refused(state, State.Healthy);
            guarded.open();
            for (uint8 j = 1; j <= uint8(State.Paused); j++) {
                if (worse(state, State(j))) refused(state, State(j));
                guarded.most(State(j));
            }
            guarded.reduce();
            vm.assertTrue(
                guarded.isSolvent() == (state <= State.Warning),
                "the view says the same"
            );
        }
    }

    function test_money_that_left_after_the_attestation_stops_who_reads_reserves_now() external {
        Record memory record;
        (record.asOf, record.coverageBps, record.rules) = (NOW, 10_000, RULES);
        stated.append(record);
        Needs memory needs;
        stated.setLive(State.Healthy);
        guarded.addLarge(record, needs);
        stated.setLive(State.Breach);
        guarded.add();
        refused(State.Breach, State.Warning);
        guarded.addLarge(record, needs);
        // Money that was moved in for the length of a call makes nothing better.
        stated.setState(State.Breach);
        stated.setLive(State.Healthy);
        refused(State.Breach, State.Warning);
        guarded.addLarge(record, needs);
        stated.setState(State.Healthy);
        record.coverageBps++;
        vm.expectRevert(StatedRegistry.MockOtherRecord.selector);
        guarded.addLarge(record, needs);
    }

    function test_no_attestation_is_accepted_by_nobody() external {
        ISolvencyRegistry.Verdict memory none;
        stated.set(none);
        bytes memory expected = abi.encodeWithSelector(Solvency.NoAttestation.selector, VENUE);
        vm.expectRevert(expected);
        guarded.add();
        vm.expectRevert(expected);
        guarded.most(State.Paused);
        vm.assertTrue(!guarded.isSolvent(), "nothing is shown");
        none.state = State.Healthy;
        stated.set(none);
        vm.expectRevert(expected);
        guarded.add();
        guarded.reduce();
    }

    function test_age_and_coverage_at_their_limits() external {
        guarded.add();
        vm.warp(NOW + 1);
        vm.expectRevert(abi.encodeWithSelector(Solvency.Stale.selector, 3_601, 3_600));
        guarded.add();
        vm.warp(NOW);
        ISolvencyRegistry.Verdict memory verdict = verdictOf(State.Healthy);
        verdict.coverageBps = 9_999;
        stated.set(verdict);
        vm.expectRevert(abi.encodeWithSelector(Solvency.Coverage.selector, 9_999, 10_000));
        guarded.add();
        vm.assertTrue(!guarded.isSolvent(), "coverage");
    }

    function test_laxer_rules_of_the_same_venue_do_not_pass_a_guard_that_pins_rules() external {
        ISolvencyRegistry.Verdict memory verdict = verdictOf(State.Healthy);
        verdict.rules = "laxer";
        stated.set(verdict);
        vm.expectRevert(
            abi.encodeWithSelector(Solvency.OtherRules.selector, bytes32("laxer"), RULES)
        );
        guarded.add();
    }

    function test_what_was_revoked_passes_no_guard_whatever_state_it_accepts() external {
        Demands memory lax = demands(State.Breach);
        lax.clauses = 1;
        Guarded other = new Guarded(registry, VENUE, lax);
        ISolvencyRegistry.Verdict memory verdict = verdictOf(State.Breach);
        other.add();
        verdict.revoked = true;
        stated.set(verdict);
        vm.expectRevert(abi.encodeWithSelector(Solvency.Revoked.selector, VENUE, uint64(9)));
        other.add();
        vm.expectRevert(abi.encodeWithSelector(Solvency.Revoked.selector, VENUE, uint64(9)));
        guarded.add();
    }

    function test_one_pool_stops_where_its_market_is_paused_and_others_go_on() external {
        stated.setStateFor(POOL, State.Paused);
        refused(State.Paused, State.Warning);
        guarded.addTo(POOL);
        guarded.addTo(keccak256("BTC-PERP"));
        guarded.add();
    }

    function test_a_subject_makes_nothing_better_than_the_venue() external {
        put(State.Breach);
        stated.setStateFor(POOL, State.Healthy);
        refused(State.Breach, State.Warning);
        guarded.addTo(POOL);
    }

    function test_a_pool_may_go_on_while_a_clause_of_another_fails() external {
        Demands memory own = demands(State.Breach);
        own.clauses = 5;
        Guarded pool = new Guarded(registry, VENUE, own);
        ISolvencyRegistry.Verdict memory verdict = verdictOf(State.Breach);
        verdict.failing = 2;
        stated.set(verdict);
        pool.addTo(POOL);
        verdict.failing = 6;
        stated.set(verdict);
        vm.expectRevert(abi.encodeWithSelector(Solvency.DoesNotHold.selector, 4));
        pool.addTo(POOL);
        // With doubted prices the bits say nothing.
        (verdict.failing, verdict.faults) = (2, 1);
        stated.set(verdict);
        vm.expectRevert(abi.encodeWithSelector(Solvency.DoesNotHold.selector, 0));
        pool.addTo(POOL);
    }

    function test_demands_that_accept_a_breach_without_naming_what_holds_are_refused() external {
        Demands[5] memory wrong;
        for (uint256 i = 0; i < 5; i++) wrong[i] = Demands(State.Breach, 1, 0, RULES, 1);
        wrong[0].maxAge = 0;
        wrong[1].rules = 0;
        wrong[2].clauses = 0;
        wrong[3].worst = State.Paused;
        wrong[4].worst = State.None;
        for (uint256 i = 0; i < 5; i++) {
            vm.expectRevert(
                abi.encodeWithSelector(Solvency.AcceptsTooMuch.selector, wrong[i].worst)
            );
            new Guarded(registry, VENUE, wrong[i]);
        }
    }

    function test_a_registry_that_does_not_answer_closes_and_views_do_not_revert() external {
        stated.setSilent(true);
        vm.assertTrue(!guarded.isSolvent(), "closed");
        vm.expectRevert(StatedRegistry.MockIsSilent.selector);
        guarded.add();
        guarded.reduce();
        vm.etch(address(stated), "");
        vm.assertTrue(!guarded.isSolvent(), "gone");
        vm.expectRevert(abi.encodeWithSelector(SolvencyGuard.NoRegistry.selector, address(0xdead)));
        new Guarded(ISolvencyRegistry(address(0xdead)), VENUE, demands(State.Healthy));
    }

    function testFuzz_the_view_says_what_the_check_does(uint8[8] memory drawn) external {
        Demands memory asked = Demands(State((drawn[0] % 3) + 1), drawn[1] % 4, drawn[2] % 4, 0, 1);
        asked.rules = drawn[0] % 3 == 2 || drawn[3] % 2 == 0 ? RULES : bytes32(0);
        if (asked.worst == State.Breach && asked.maxAge == 0) asked.maxAge = 1;
        ISolvencyRegistry.Verdict memory verdict = verdictOf(State(drawn[4] % 6));
        verdict.asOf = NOW - (drawn[5] % 4);
        verdict.coverageBps = drawn[6] % 4;
        (verdict.failing, verdict.faults) = (drawn[7] % 4, (drawn[7] >> 2) % 4);
        verdict.revoked = drawn[7] >> 6 == 3;
        if (drawn[3] >> 6 == 3) verdict.rules = "other";
        stated.set(verdict);
        Guarded other = new Guarded(registry, VENUE, asked);
        bool passes;
        try other.add() {
            passes = true;
        } catch {}
        vm.assertTrue(passes == other.isSolvent(), "the same");
        bool good = !worse(verdict.state, asked.worst) && !verdict.revoked;
        vm.assertTrue(!passes || (good && verdict.failing & 1 == 0), "never better than the worst");
    }
}
