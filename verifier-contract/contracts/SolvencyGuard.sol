// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Demands, Solvency} from "./Solvency.sol";
import {Needs} from "./interfaces/IEvaluator.sol";
import {ISolvencyRegistry, Record, State} from "./interfaces/ISolvencyRegistry.sol";

/// @title The base of a contract that takes money only while a venue shows solvency
/// @notice Each action names the worst state that it accepts. Put `whenSolvent` on deposits and
/// `whenHealthy` on new positions. Put nothing on withdrawals, or on what lowers risk: nobody
/// should be locked in with a venue in trouble.
abstract contract SolvencyGuard {
    ISolvencyRegistry private immutable _REGISTRY;
    bytes32 private immutable _VENUE;
    State private immutable _WORST;
    uint64 private immutable _MAX_AGE;
    uint64 private immutable _MIN_COVERAGE_BPS;
    bytes32 private immutable _RULES;
    uint256 private immutable _CLAUSES;

    /// @notice There is no contract at the registry's address.
    error NoRegistry(address registry);

    /// @param registry The registry that has the attestations.
    /// @param venue The venue's id in the registry.
    /// @param demands What `whenSolvent` demands. Clauses must be those of rules that the registry
    /// knows already.
    constructor(ISolvencyRegistry registry, bytes32 venue, Demands memory demands) {
        if (address(registry).code.length == 0) revert NoRegistry(address(registry));
        Solvency.requireNamed(demands);
        Solvency.requireClauses(registry, venue, demands);
        _REGISTRY = registry;
        _VENUE = venue;
        _WORST = demands.worst;
        _MAX_AGE = demands.maxAge;
        _MIN_COVERAGE_BPS = demands.minCoverageBps;
        _RULES = demands.rules;
        _CLAUSES = demands.clauses;
    }

    /// @notice Reverts with an error of `Solvency` unless the venue shows all that is demanded.
    modifier whenSolvent() {
        _requireSolvent(0, solvencyDemands().worst);
        _;
    }

    /// @notice The same, and demands that the state is `Healthy`.
    modifier whenHealthy() {
        _requireSolvent(0, State.Healthy);
        _;
    }

    /// @notice As `whenSolvent`, and stops too where one asset or market alone is paused.
    /// @param subject keccak256 of its name in the rules.
    modifier whenSolventFor(bytes32 subject) {
        _requireSolvent(subject, solvencyDemands().worst);
        _;
    }

    /// @notice As `whenSolvent`, and reads the venue's reserves now; see
    /// `Solvency.requireLiveState`. For what is large enough to pay for it.
    /// @param record The record of the latest attestation.
    /// @param needs What it needs.
    modifier whenLive(Record calldata record, Needs calldata needs) {
        State worst = solvencyDemands().worst;
        _requireSolvent(0, worst);
        (ISolvencyRegistry registry, bytes32 venue) = solvencySource();
        Solvency.requireLiveState(registry, venue, record, needs, worst);
        _;
    }

    /// @notice Reverts unless the venue's state is this one or better, and demands nothing else.
    /// For what lowers risk and is owed to nobody; `Breach`, say, stops an action only in a pause.
    /// @param worst The worst state that is accepted.
    modifier whenAtMost(State worst) {
        (ISolvencyRegistry registry, bytes32 venue) = solvencySource();
        Solvency.requireState(registry, venue, worst);
        _;
    }

    /// @notice Which attestations count. An override must not revert, or views of whatever inherits
    /// this do: see `SolvencyAnswers.sourceOf`.
    /// @return The registry; 0 if that is not known, which closes the guard.
    /// @return The venue's id in it.
    function solvencySource() public view virtual returns (ISolvencyRegistry, bytes32) {
        return (_REGISTRY, _VENUE);
    }

    /// @notice What `whenSolvent` demands. An override must not revert; whoever changes demands asks
    /// `Solvency.requireNamed` and `Solvency.requireClauses` then.
    /// @return The demands.
    function solvencyDemands() public view virtual returns (Demands memory) {
        return Demands(_WORST, _MAX_AGE, _MIN_COVERAGE_BPS, _RULES, _CLAUSES);
    }

    /// @notice Whether `whenSolvent` would let an action pass now. Does not revert, whatever the
    /// venue or its registry is; see `Solvency.isSolventFor`.
    /// @return Whether it would. False as well where the caller gives too little gas: nothing that
    /// harms anyone should follow from it.
    function isSolvent() public view virtual returns (bool) {
        (ISolvencyRegistry registry, bytes32 venue) = solvencySource();
        return Solvency.isSolventFor(registry, venue, 0, solvencyDemands());
    }

    function _requireSolvent(bytes32 subject, State worst) private view {
        (ISolvencyRegistry registry, bytes32 venue) = solvencySource();
        Demands memory demands = solvencyDemands();
        demands.worst = worst;
        Solvency.requireSolventFor(registry, venue, subject, demands);
    }
}
