// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {State} from "./interfaces/ISolvencyRegistry.sol";

/// What the state of a venue follows from. Times are in seconds since 1970.
struct Facts {
    /// The number of the latest attestation; 0 if there is none.
    uint64 round;
    /// The time of its snapshot.
    uint64 asOf;
    uint64 appendedAt;
    /// See `Limits.maxAge`.
    uint64 maxAge;
    /// When the pause of the whole venue lapses.
    uint64 pausedUntil;
    /// When the latest alarm of observers lapses.
    uint64 alarmedUntil;
    /// When an accepted reserve was last removed, here or, where the attestation counts reserves
    /// elsewhere, there; 0 if never.
    uint64 removedAt;
    /// Until when it is a warning that something left its band; 0 if nothing did.
    uint64 bandUntil;
    /// A clause fails, or a price against its feed.
    bool failing;
    /// It, its rules or its verifier was revoked.
    bool revoked;
    /// Reserves were found far below what it needs twice.
    bool broken;
    /// Reserves were not marked, or not readable, or found below what it needs.
    bool doubtful;
    /// Observers confirmed it after something had left its band.
    bool confirmed;
}

/// @title The state of a venue as a function of facts and time
/// @notice Reads and writes nothing, so that what is said of it in docs/states.md can be proved;
/// see test/halmos/States.sol.
library States {
    /// @notice The state. Of what is not as it should be, the worst counts: no attestation, then a
    /// pause, a breach, age, a warning.
    /// @param facts What is known.
    /// @param time The time, in seconds since 1970.
    /// @return The state.
    function judge(Facts memory facts, uint256 time) internal pure returns (State) {
        if (facts.round == 0) return State.None;
        if (time < facts.pausedUntil || time < facts.alarmedUntil) return State.Paused;
        bool removed = facts.removedAt >= facts.appendedAt;
        if (facts.failing || facts.revoked || facts.broken || removed) return State.Breach;
        if (time > uint256(facts.asOf) + facts.maxAge) return State.Expired;
        bool banded = !facts.confirmed && time < facts.bandUntil;
        return facts.doubtful || banded ? State.Warning : State.Healthy;
    }

    /// @notice How bad a state is: of two facts the worse decides. The order of the enumeration is
    /// another.
    /// @param state The state.
    /// @return 0 for Healthy, then Warning, Expired, Breach, Paused, and 5 for None.
    function severity(State state) internal pure returns (uint256) {
        if (state == State.Healthy) return 0;
        if (state == State.Warning) return 1;
        if (state == State.Expired) return 2;
        if (state == State.Breach) return 3;
        if (state == State.Paused) return 4;
        return 5;
    }

    /// @notice The worse of two states.
    function worse(State one, State other) internal pure returns (State) {
        return severity(one) < severity(other) ? other : one;
    }
}
