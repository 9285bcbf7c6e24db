// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Solvency} from "../Solvency.sol";
import {ISolvencyRegistry, State} from "../interfaces/ISolvencyRegistry.sol";

/// How much worse a venue is to deal with, by what the registry says of it. All in 1/10,000.
struct Curve {
    /// The premium of each state alone: `Healthy`, `Warning`, `Expired`, `Breach`, `Paused`,
    /// `None`. Must not fall from one to the next.
    uint32[6] states;
    /// The factor of margins in each of these states, at least 10,000; must not fall either.
    uint32[6] margins;
    /// Up to this age of the snapshot nothing is added, in seconds.
    uint32 freshFor;
    /// What each hour beyond adds, begun hours whole.
    uint32 perHour;
    /// From this coverage on nothing is added.
    uint64 fullCoverage;
    /// At this coverage and below `thin` is added; between the two, along a straight line, rounded
    /// up.
    uint64 thinCoverage;
    uint32 thin;
    /// No premium is larger.
    uint32 most;
}

/// @title What it costs to rely on a venue, as a number that only grows as the venue gets worse
/// @notice For protocols that price risk rather than stop: a premium to add to a rate, and a factor
/// for margins. The curve is fixed at construction and checked there, so that neither can fall when
/// the state gets worse, the snapshot older or coverage smaller. States are in the order of how bad
/// they are (`Solvency.severity`), not of the enum. The numbers are its deployer's judgement; no
/// proof is in them.
contract RiskPremium {
    uint256 private constant BPS = 10_000;
    uint256 private constant STATES = 6;

    /// @notice The registry that has the attestations.
    /// @return Its address.
    ISolvencyRegistry public immutable REGISTRY;
    Curve private _curve;

    /// @notice The curve, as it will stay.
    /// @param curve The curve.
    event CurveSet(Curve curve);

    /// @notice There is no contract at the registry's address.
    error NoRegistry(address registry);
    /// @notice The premium or the margins of a state are below those of a better one. By severity.
    error StateFalls(uint256 severity);
    /// @notice A margin's factor is below 10,000, or above a thousand times.
    error MarginOutOfRange(uint256 factor);
    /// @notice `thinCoverage` is not below `fullCoverage`.
    error CoverageOutOfRange(uint256 thin, uint256 full);
    /// @notice A state's premium is above `most`, which would hide that it is worse.
    error MostTooSmall(uint256 most, uint256 needs);

    /// @param registry The registry.
    /// @param curve The curve.
    constructor(ISolvencyRegistry registry, Curve memory curve) {
        if (address(registry).code.length == 0) revert NoRegistry(address(registry));
        for (uint256 i = 0; i < STATES; i++) {
            uint256 margin = curve.margins[i];
            if (margin < BPS || margin > 1_000 * BPS) revert MarginOutOfRange(margin);
            if (i == 0) continue;
            bool falls = curve.states[i] < curve.states[i - 1];
            if (falls || margin < curve.margins[i - 1]) revert StateFalls(i);
        }
        if (curve.thinCoverage >= curve.fullCoverage) {
            revert CoverageOutOfRange(curve.thinCoverage, curve.fullCoverage);
        }
        if (curve.most < curve.states[STATES - 1]) {
            revert MostTooSmall(curve.most, curve.states[STATES - 1]);
        }
        REGISTRY = registry;
        _curve = curve;
        emit CurveSet(curve);
    }

    /// @notice The premium of a venue now.
    /// @param venue The venue's id in the registry.
    /// @return 1/10,000.
    function premiumOf(bytes32 venue) external view returns (uint256) {
        ISolvencyRegistry.Verdict memory verdict = REGISTRY.latest(venue);
        return riskPremiumBps(verdict.state, Solvency.age(verdict), verdict.coverageBps);
    }

    /// @notice The factor of margins at a venue now.
    /// @param venue The venue's id in the registry.
    /// @return 1/10,000, at least 10,000.
    function marginFactorOf(bytes32 venue) external view returns (uint256) {
        return marginFactorBps(REGISTRY.stateOf(venue));
    }

    /// @notice The premium in a state.
    /// @param state The state.
    /// @param age The age of the snapshot, in seconds.
    /// @param coverageBps Reserves divided by what is owed, in 1/10,000.
    /// @return 1/10,000; does not fall with a worse state, a greater age or a smaller coverage.
    function riskPremiumBps(
        State state,
        uint256 age,
        uint256 coverageBps
    ) public view returns (uint256) {
        Curve memory curve = _curve;
        uint256 premium = curve.states[Solvency.severity(state)];
        premium += _ofAge(curve, age) + _ofCoverage(curve, coverageBps);
        return premium < curve.most ? premium : curve.most;
    }

    /// @notice The factor of margins in a state.
    /// @param state The state.
    /// @return 1/10,000, at least 10,000; does not fall with a worse state.
    function marginFactorBps(State state) public view returns (uint256) {
        return _curve.margins[Solvency.severity(state)];
    }

    /// @notice The curve.
    /// @return As it was given.
    function curveOf() external view returns (Curve memory) {
        return _curve;
    }

    function _ofAge(Curve memory curve, uint256 age) private pure returns (uint256) {
        if (age <= curve.freshFor) return 0;
        uint256 beyond = age - curve.freshFor;
        // Rounded up, and no number is too large.
        uint256 hoursBegun = beyond / 1 hours + (beyond % 1 hours == 0 ? 0 : 1);
        if (curve.perHour == 0) return 0;
        uint256 most = curve.most;
        return hoursBegun > most / curve.perHour ? most : hoursBegun * curve.perHour;
    }

    function _ofCoverage(Curve memory curve, uint256 coverage) private pure returns (uint256) {
        if (coverage >= curve.fullCoverage) return 0;
        if (coverage <= curve.thinCoverage) return curve.thin;
        uint256 range = curve.fullCoverage - curve.thinCoverage;
        uint256 product = (curve.fullCoverage - coverage) * curve.thin;
        return product / range + (product % range == 0 ? 0 : 1);
    }
}
