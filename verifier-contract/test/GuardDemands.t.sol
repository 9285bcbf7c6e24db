// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Demands, Solvency} from "../contracts/Solvency.sol";
import {SolvencyGuard} from "../contracts/SolvencyGuard.sol";
import {ISolvencyRegistry, State} from "../contracts/interfaces/ISolvencyRegistry.sol";
import {World} from "./World.sol";

/// A guard whose owner can demand more than it was made with.
contract Tightening is SolvencyGuard {
    State private _worst = State.Warning;

    constructor(
        ISolvencyRegistry registry,
        bytes32 venue
    ) SolvencyGuard(registry, venue, Demands(State.Warning, 0, 0, 0, 0)) {}

    function tighten() external {
        _worst = State.Healthy;
    }

    function deposit() external whenSolvent {}

    function solvencyDemands() public view override returns (Demands memory demands) {
        demands = super.solvencyDemands();
        demands.worst = _worst;
    }
}

contract GuardDemandsTest is World {
    function test_aGuardThatTightensShuts() external {
        world(someLimits());
        attest();
        Tightening guard = new Tightening(registry, venue);
        reserves.set(99);
        recheck();
        assertState(State.Warning, "short");
        guard.deposit();
        guard.tighten();
        vm.assertTrue(!guard.isSolvent(), "the view says shut");
        vm.expectPartialRevert(Solvency.NotAccepted.selector);
        guard.deposit();
    }
}
