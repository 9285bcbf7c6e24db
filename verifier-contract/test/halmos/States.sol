// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Facts, States} from "../../contracts/States.sol";
import {State} from "../../contracts/interfaces/ISolvencyRegistry.sol";

/// What docs/states.md says of the state, for all facts and all times. `prove.sh` proves it with
/// halmos; forge tries it with random ones.
contract StatesProof {
    function _severity(Facts memory facts, uint256 time) private pure returns (uint256) {
        return States.severity(States.judge(facts, time));
    }

    /// Time alone makes a state better only where a pause, an alarm or a band's delay ends.
    function check_time_heals_only_by_the_named_lapses(
        Facts memory facts,
        uint64 time,
        uint64 later
    ) external pure {
        if (later < time) return;
        bool paused = time < facts.pausedUntil && facts.pausedUntil <= later;
        bool alarmed = time < facts.alarmedUntil && facts.alarmedUntil <= later;
        bool banded = time < facts.bandUntil && facts.bandUntil <= later;
        if (paused || alarmed || banded) return;
        assert(_severity(facts, later) >= _severity(facts, time));
    }

    /// The end of a band heals a warning, and nothing else.
    function check_the_end_of_a_band_heals_a_warning_alone(
        Facts memory facts,
        uint64 time,
        uint64 later
    ) external pure {
        if (later < time || facts.pausedUntil > time || facts.alarmedUntil > time) return;
        State before = States.judge(facts, time);
        if (before == State.Warning) return;
        assert(_severity(facts, later) >= States.severity(before));
    }

    /// So long as it is paused, nothing else is said.
    function check_a_pause_hides_no_health(Facts memory facts, uint64 time) external pure {
        if (facts.round == 0) return;
        if (time < facts.pausedUntil || time < facts.alarmedUntil) {
            assert(States.judge(facts, time) == State.Paused);
        }
    }

    /// What anybody but an attestation can do to the facts makes none better: a longer pause or
    /// alarm, a later removal, a revocation, what a recheck finds, a price or clause that fails.
    function check_worse_facts_are_no_better(
        Facts memory facts,
        uint64 time,
        uint64 later,
        uint8 which
    ) external pure {
        uint256 before = _severity(facts, time);
        if (which == 0 && later > facts.pausedUntil) facts.pausedUntil = later;
        else if (which == 1 && later > facts.alarmedUntil) facts.alarmedUntil = later;
        else if (which == 2 && later > facts.removedAt) facts.removedAt = later;
        else if (which == 3) facts.revoked = true;
        else if (which == 4) facts.broken = true;
        else if (which == 5) facts.doubtful = true;
        else if (which == 6) facts.failing = true;
        else if (which == 7 && later > facts.bandUntil) facts.bandUntil = later;
        assert(_severity(facts, time) >= before);
    }

    /// A confirmation heals a warning, and nothing else.
    function check_a_confirmation_heals_a_warning_alone(
        Facts memory facts,
        uint64 time
    ) external pure {
        State before = States.judge(facts, time);
        facts.confirmed = true;
        State behind = States.judge(facts, time);
        assert(before == behind || (before == State.Warning && behind == State.Healthy));
    }

    /// Healthy means all of it.
    function check_healthy_is_all_of_it(Facts memory facts, uint64 time) external pure {
        if (States.judge(facts, time) != State.Healthy) return;
        assert(facts.round != 0 && !facts.failing && !facts.revoked && !facts.broken);
        assert(!facts.doubtful && facts.removedAt < facts.appendedAt);
        assert(time >= facts.pausedUntil && time >= facts.alarmedUntil);
        assert(uint256(time) <= uint256(facts.asOf) + facts.maxAge);
        assert(facts.confirmed || time >= facts.bandUntil);
    }
}
