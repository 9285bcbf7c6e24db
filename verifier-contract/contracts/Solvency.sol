// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Needs} from "./interfaces/IEvaluator.sol";
import {SolvencyAnswers} from "./SolvencyAnswers.sol";
import {Fault, ISolvencyRegistry, Record, State} from "./interfaces/ISolvencyRegistry.sol";

/// What an action asks of a venue.
struct Demands {
    /// The worst state in which the action is allowed: `Healthy` or `Warning`. `Breach` is for an
    /// action that may go on while clauses fail that do not concern it, and then needs all three of
    /// `maxAge`, `rules` and `clauses`; see `Solvency`.
    State worst;
    /// The largest age of the latest snapshot, in seconds; 0 for what the venue's limits allow.
    uint64 maxAge;
    /// The least coverage, reserves divided by what is owed, in 1/10,000.
    uint64 minCoverageBps;
    /// The rules that the latest attestation must be under; 0 for any that are in force.
    bytes32 rules;
    /// Clauses that must hold even where the state may be `Breach`: one bit for each, the first
    /// clause of the rules the lowest. In better states all hold. In a breach a bit beyond the
    /// last clause does not hold.
    uint256 clauses;
}

/// Why a venue does not show what was asked.
enum Shortfall {
    Nothing,
    NoAttestation,
    Revoked,
    State,
    Rules,
    Clauses,
    Age,
    Coverage
}

/// @title The check to make before taking money
/// @notice Reads a venue's state and reverts unless it is good enough now. Nobody needs to act for
/// a state to become worse. Check before anything that adds risk, never before a withdrawal or
/// anything that lowers risk: nobody should be locked in with a venue in trouble.
///
/// An action that accepts `Breach` accepts all that a breach can be, reserves that are gone among
/// it, but for: clauses of `clauses` that fail, prices that are not those of the oracles, and an
/// attestation that was revoked.
library Solvency {
    /// @notice The venue has no attestation yet.
    error NoAttestation(bytes32 venue);
    /// @notice The venue's state is worse than the worst that the action accepts.
    error NotAccepted(bytes32 venue, State state, State worst);
    /// @notice The snapshot of the latest attestation is too old; wait for the next one. In
    /// seconds.
    error Stale(uint256 age, uint256 maxAge);
    /// @notice Clauses that the action needs fail in the latest attestation, or its prices do, of
    /// which it then says nothing: one bit for each clause.
    error DoesNotHold(uint256 failingClauses);
    /// @notice The latest attestation, its rules or its verifier was revoked.
    error Revoked(bytes32 venue, uint64 sequence);
    /// @notice The latest attestation is under other rules than the action asks for.
    error OtherRules(bytes32 rules, bytes32 expected);
    /// @notice The coverage is below the minimum. In 1/10,000.
    error Coverage(uint256 got, uint256 min);
    /// @notice These demands accept more than they can name; see `Demands.worst`.
    error AcceptsTooMuch(State worst);
    /// @notice Clauses are demanded that the rules do not have, or the registry does not know the
    /// rules: these bits, of so many clauses.
    error NoSuchClause(uint256 clauses, uint256 count);
    /// @notice There is no contract at the registry's address, or whatever says which registry
    /// counts does not answer (then it is 0).
    error NoRegistry(address registry);

    /// @notice Reverts unless a venue's state is this one or better, by `severity`: `Expired` does
    /// not accept `Breach`. `Paused` accepts every venue that has an attestation, and `None`
    /// nothing.
    /// @param registry The registry that has the attestations.
    /// @param venue The venue's id in the registry.
    /// @param worst The worst state that is accepted.
    function requireState(ISolvencyRegistry registry, bytes32 venue, State worst) internal view {
        _requireCode(registry);
        _requireState(venue, registry.stateOf(venue), worst);
    }

    /// @notice The same, with reserves as they are now: stored facts stay healthy until somebody
    /// rechecks. Costs a reading of each reserve. Only lowers: whoever calls may have moved money
    /// in, and what was found before stays found.
    /// @param registry The registry that has the attestations.
    /// @param venue The venue's id in the registry.
    /// @param record The record of the latest attestation, as in the event `Attested`.
    /// @param needs What it needs, as in the event `ReservesCounted`.
    /// @param worst The worst state that is accepted.
    function requireLiveState(
        ISolvencyRegistry registry,
        bytes32 venue,
        Record calldata record,
        Needs calldata needs,
        State worst
    ) internal view {
        State live = registry.liveStateOf(venue, record, needs);
        _requireState(venue, worse(registry.stateOf(venue), live), worst);
    }

    /// @notice Reverts unless a venue shows all that is demanded.
    /// @param registry The registry that has the attestations.
    /// @param venue The venue's id in the registry.
    /// @param demands What is demanded.
    function requireSolvent(
        ISolvencyRegistry registry,
        bytes32 venue,
        Demands memory demands
    ) internal view {
        requireSolventFor(registry, venue, 0, demands);
    }

    /// @notice The same for a pool that depends on one asset or market: it stops as well where that
    /// one alone is paused, and others go on.
    /// @param registry The registry that has the attestations.
    /// @param venue The venue's id in the registry.
    /// @param subject keccak256 of the asset's or market's name in the rules; 0 for the whole
    /// venue.
    /// @param demands What is demanded.
    function requireSolventFor(
        ISolvencyRegistry registry,
        bytes32 venue,
        bytes32 subject,
        Demands memory demands
    ) internal view {
        requireNamed(demands);
        _requireCode(registry);
        ISolvencyRegistry.Verdict memory verdict = registry.latest(venue);
        State state = _stateFor(registry, venue, subject, verdict);
        _failUnknown(registry, venue, state, verdict, demands);
        Shortfall short = judge(verdict, state, demands);
        if (short == Shortfall.Nothing) return;
        if (short == Shortfall.NoAttestation) revert NoAttestation(venue);
        if (short == Shortfall.Revoked) revert Revoked(venue, verdict.sequence);
        if (short == Shortfall.State) revert NotAccepted(venue, state, demands.worst);
        if (short == Shortfall.Rules) revert OtherRules(verdict.rules, demands.rules);
        if (short == Shortfall.Clauses) revert DoesNotHold(verdict.failing & demands.clauses);
        if (short == Shortfall.Age) revert Stale(age(verdict), demands.maxAge);
        revert Coverage(verdict.coverageBps, demands.minCoverageBps);
    }

    /// @notice Whether `requireSolventFor` would pass. Does not revert, whatever the registry is or
    /// answers; for limits that must be 0 rather than an error.
    /// @param registry The registry that has the attestations.
    /// @param venue The venue's id in the registry.
    /// @param subject keccak256 of the asset's or market's name in the rules; 0 for the whole
    /// venue.
    /// @param demands What is demanded.
    /// @return Whether it does. False where there is no registry, where it answers what no registry
    /// does, or not within `SolvencyAnswers.GAS` or the gas that the caller gave.
    function isSolventFor(
        ISolvencyRegistry registry,
        bytes32 venue,
        bytes32 subject,
        Demands memory demands
    ) internal view returns (bool) {
        if (!_areNamed(demands)) return false;
        (bool answered, ISolvencyRegistry.Verdict memory verdict) = SolvencyAnswers.verdictOf(
            registry,
            venue
        );
        if (!answered) return false;
        State state = verdict.state;
        if (subject != 0) {
            (answered, state) = SolvencyAnswers.stateFor(registry, venue, subject);
            if (!answered) return false;
            state = worse(verdict.state, state);
        }
        _failUnknown(registry, venue, state, verdict, demands);
        return judge(verdict, state, demands) == Shortfall.Nothing;
    }

    /// @notice Reverts if demands accept more than they can name.
    /// @param demands The demands.
    function requireNamed(Demands memory demands) internal pure {
        if (!_areNamed(demands)) revert AcceptsTooMuch(demands.worst);
    }

    /// @notice Reverts if demands that accept a breach name a clause that the rules do not have, or
    /// rules that the registry does not know. For whoever sets demands: when they are used, such a
    /// clause fails.
    /// @param registry The registry that has the attestations.
    /// @param venue The venue's id in the registry.
    /// @param demands The demands.
    function requireClauses(
        ISolvencyRegistry registry,
        bytes32 venue,
        Demands memory demands
    ) internal view {
        if (demands.worst != State.Breach) return;
        uint256 count = SolvencyAnswers.clausesOf(registry, venue, demands.rules);
        uint256 beyond = demands.clauses & (type(uint256).max << count);
        if (beyond != 0) revert NoSuchClause(beyond, count);
    }

    /// @notice The first thing that is not as demanded.
    /// @param verdict What the registry says. Takes clauses that its rules do not have for ones that
    /// hold, unless `failing` says otherwise.
    /// @param state The state that counts.
    /// @param demands What is demanded.
    /// @return The first of `Shortfall` that applies.
    function judge(
        ISolvencyRegistry.Verdict memory verdict,
        State state,
        Demands memory demands
    ) internal view returns (Shortfall) {
        if (verdict.round == 0 || state == State.None) return Shortfall.NoAttestation;
        if (verdict.revoked) return Shortfall.Revoked;
        if (severity(state) > severity(demands.worst)) return Shortfall.State;
        if (demands.rules != 0 && verdict.rules != demands.rules) return Shortfall.Rules;
        bool doubted = verdict.faults & (1 << uint256(Fault.Prices)) != 0;
        if (doubted || verdict.failing & demands.clauses != 0) return Shortfall.Clauses;
        if (demands.maxAge != 0 && age(verdict) > demands.maxAge) return Shortfall.Age;
        if (verdict.coverageBps < demands.minCoverageBps) return Shortfall.Coverage;
        return Shortfall.Nothing;
    }

    /// @notice The age of the latest snapshot.
    /// @param verdict What the registry says.
    /// @return Seconds.
    function age(ISolvencyRegistry.Verdict memory verdict) internal view returns (uint256) {
        // No registry appends a snapshot of the future; a clock that steps back makes none fresh.
        return block.timestamp > verdict.asOf ? block.timestamp - verdict.asOf : 0;
    }

    /// @notice How bad a state is: `Healthy` 0, `Warning` 1, `Expired` 2, `Breach` 3, `Paused` 4,
    /// `None` 5. A registry names the worst that applies, in this order, which is not that of the
    /// enum.
    /// @param state The state.
    /// @return The number.
    function severity(State state) internal pure returns (uint256) {
        if (state == State.Healthy) return 0;
        if (state == State.Warning) return 1;
        if (state == State.Expired) return 2;
        if (state == State.Breach) return 3;
        return state == State.Paused ? 4 : 5;
    }

    /// @notice The worse of two states.
    /// @param one A state.
    /// @param other Another.
    /// @return The one of greater severity.
    function worse(State one, State other) internal pure returns (State) {
        return severity(one) > severity(other) ? one : other;
    }

    /// Where clauses are what is left to demand, those that the rules do not have fail.
    function _failUnknown(
        ISolvencyRegistry registry,
        bytes32 venue,
        State state,
        ISolvencyRegistry.Verdict memory verdict,
        Demands memory demands
    ) private view {
        if (state != State.Breach || demands.worst != State.Breach) return;
        // Of other rules nothing is asked.
        if (verdict.rules != demands.rules) return;
        uint256 count = SolvencyAnswers.clausesOf(registry, venue, verdict.rules);
        // The bit behind the last clause says that a price was refused: then no clause says anything.
        verdict.failing |= type(uint256).max << (verdict.failing >> count == 0 ? count : 0);
    }

    function _requireCode(ISolvencyRegistry registry) private view {
        if (address(registry).code.length == 0) revert NoRegistry(address(registry));
    }

    function _requireState(bytes32 venue, State state, State worst) private pure {
        if (state == State.None) revert NoAttestation(venue);
        if (worst == State.None || severity(state) > severity(worst)) {
            revert NotAccepted(venue, state, worst);
        }
    }

    function _stateFor(
        ISolvencyRegistry registry,
        bytes32 venue,
        bytes32 subject,
        ISolvencyRegistry.Verdict memory verdict
    ) private view returns (State) {
        if (subject == 0) return verdict.state;
        // The pause of one asset makes nothing else better.
        return worse(verdict.state, registry.stateFor(venue, subject));
    }

    function _areNamed(Demands memory demands) private pure returns (bool) {
        if (demands.worst == State.Healthy || demands.worst == State.Warning) return true;
        if (demands.worst != State.Breach) return false;
        return demands.maxAge != 0 && demands.rules != 0 && demands.clauses != 0;
    }
}
