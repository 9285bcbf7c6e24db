// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import "./World.sol";
import {States} from "../contracts/States.sol";

/// Everything that anybody may call, but for an attestation and what the owner announces. It notes
/// when a state became better, and by what.
contract Handler is World {
    bytes32 private constant SUBJECT = keccak256("BTC");

    /// What made a state better although it may not.
    string public wrong;
    uint256 public attestations;
    uint256 public confirmations;

    constructor() {
        Limits memory limits = someLimits();
        (limits.owedBandBps, limits.maxAge) = (1000, 30 days);
        world(limits);
        attest();
    }

    /// The call may not make the state better.
    modifier onlyWorse(string memory what) {
        uint256 before = States.severity(registry.stateOf(venue));
        uint256 failing = registry.latest(venue).failing;
        _;
        uint256 behind = States.severity(registry.stateOf(venue));
        if (behind < before || registry.latest(venue).failing < failing) wrong = what;
    }

    function custodianRemoves() external onlyWorse("remove") {
        reserves.remove();
    }

    function custodianLeavesThere() external onlyWorse("remove elsewhere") {
        elsewhere.remove();
    }

    function someoneMoves(uint256 units) external onlyWorse("balances") {
        reserves.set(units % 200);
    }

    function someoneMarks() external onlyWorse("mark") {
        reserves.mark();
    }

    function strangerRechecks(uint256 units, bool with) external onlyWorse("recheck") {
        if (with) reserves.set(units % 200);
        atTopLevel(STRANGER);
        try registry.recheck(venue, record, needs) {} catch {}
    }

    function strangerNotes() external onlyWorse("note") {
        try registry.noteRemoval(venue) {} catch {}
    }

    function observersAlarm(uint256 time) external onlyWorse("alarm") {
        uint64 until = uint64(block.timestamp + (time % 1 days));
        if (until > observers.alarmed()) observers.alarm(until);
    }

    function strangerConfirms() external onlyWorse("confirm without signatures") {
        try registry.confirm(venue, record, noSignatures()) {} catch {}
    }

    /// The word of enough observers ends the warning of a band, and nothing else.
    function observersConfirm() external {
        State before = registry.stateOf(venue);
        observers.allow(keccak256(abi.encode(record)));
        try registry.confirm(venue, record, noSignatures()) {
            ++confirmations;
        } catch {}
        observers.allow(0);
        State behind = registry.stateOf(venue);
        bool healed = before == State.Warning && behind == State.Healthy;
        if (before != behind && !healed) wrong = "confirm";
    }

    function guardianPauses(bool all) external onlyWorse("pause") {
        vm.prank(GUARDIAN);
        try venues.pause(venue, all ? bytes32(0) : SUBJECT, "why") {} catch {}
    }

    function guardianRevokes(uint64 round) external onlyWorse("revoke") {
        vm.prank(GUARDIAN);
        try registry.revoke(venue, round % 4, "why") {} catch {}
    }

    function guardianRetires() external onlyWorse("retire") {
        vm.prank(GUARDIAN);
        try venues.retireRules(venue, OTHER_RULES) {} catch {}
    }

    function guardianTakesPublisher(uint256 rarely) external onlyWorse("publisher") {
        if (rarely % 16 != 0) return;
        vm.prank(GUARDIAN);
        venues.setPublisher(venue, address(0));
    }

    /// What the owner may do at once makes nothing better at once.
    function ownerAtOnce(uint256 which, uint64 value) external onlyWorse("owner at once") {
        vm.startPrank(OWNER, OWNER);
        which = which % 7;
        if (which == 0) try venues.unpause(venue, 0) {} catch {}
        if (which == 1) {
            Limits memory limits = someLimits();
            limits.maxAge = 90 days;
            try venues.setLimits(venue, limits) {} catch {}
        }
        if (which == 2) try venues.setPublisher(venue, PUBLISHER) {} catch {}
        if (which == 3) try registry.relink(venue, value >> 1, bytes32(uint256(1))) {} catch {}
        if (which == 4) try venues.setDelay(venue, 1 days) {} catch {}
        if (which == 5) try venues.setGuardian(venue, GUARDIAN) {} catch {}
        if (which == 6) try venues.settle(venue) {} catch {}
        vm.stopPrank();
    }

    function strangerSubmits() external onlyWorse("a stranger's submission") {
        Submission memory it = next(venue, RULES);
        atTopLevel(STRANGER);
        try registry.submit(it, volumes(), noSignatures()) {} catch {}
        vm.prank(STRANGER);
        try registry.beginSubmission(it, 1) {} catch {}
    }

    /// An attestation, the one way to be better.
    function publisherAttests(uint256 owed, bool marked) external {
        evaluator.set(50 + (owed % 100), 0, 1);
        Submission memory it = next(venue, RULES);
        if (marked) reserves.mark();
        uint256 before = registry.latest(venue).round;
        try this.send(it) {
            ++attestations;
        } catch {}
        uint256 round = registry.latest(venue).round;
        if (round != before && registry.recordHash(venue, uint64(before)) == 0) wrong = "lost";
    }

    function send(Submission memory it) external {
        submit(it, PUBLISHER);
    }

    /// Time heals by the lapse of a pause or an alarm, the end of a band, or limits that the owner
    /// announced a delay ago.
    function timePasses(uint256 time) external {
        uint256 before = States.severity(registry.stateOf(venue));
        uint256 at = block.timestamp;
        uint64 paused = venues.pausedUntil(venue, 0);
        uint64 limits = venues.venueOf(venue).nextLimitsFrom;
        later(1 + (time % 3 days));
        if (States.severity(registry.stateOf(venue)) >= before) return;
        bool lapsed = _ended(at, paused) || _ended(at, observers.alarmed());
        lapsed = lapsed || _ended(at, registry.bandUntil(venue)) || _ended(at, limits);
        if (!lapsed) wrong = "time";
    }

    function _ended(uint256 before, uint256 until) private view returns (bool) {
        return before < until && until <= block.timestamp;
    }
}

/// Nobody makes a state better without a new attestation, but by the lapses named in
/// docs/states.md.
contract InvariantTest is Test {
    Handler private _handler;

    function setUp() external {
        _handler = new Handler();
    }

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(_handler);
    }

    function invariant_only_the_named_ways_heal() external view {
        vm.assertEq(keccak256(bytes(_handler.wrong())), keccak256(""), _handler.wrong());
    }
}

/// The same properties that `prove.sh` proves, with random facts.
contract StatesTest is Test {
    function testFuzz_worse_is_the_worse(uint8 one, uint8 other) external pure {
        (State left, State right) = (State(one % 6), State(other % 6));
        State worse = States.worse(left, right);
        assert(
            States.severity(worse) >= States.severity(left) &&
                States.severity(worse) >= States.severity(right)
        );
        assert(worse == left || worse == right);
    }
}
