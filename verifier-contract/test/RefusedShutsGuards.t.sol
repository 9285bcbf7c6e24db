// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Demands, Solvency} from "../contracts/Solvency.sol";
import {SolvencyGuard} from "../contracts/SolvencyGuard.sol";
import {ISolvencyRegistry, State, Figures} from "../contracts/interfaces/ISolvencyRegistry.sol";
import {Bound, Clause, IEvaluator, Need, Outcome} from "../contracts/interfaces/IEvaluator.sol";
import {World} from "./World.sol";

contract RefusedPool is SolvencyGuard {
    constructor(
        ISolvencyRegistry registry,
        bytes32 venue,
        Demands memory demands
    ) SolvencyGuard(registry, venue, demands) {}

    function deposit() external view whenSolvent {}
}

/// The clause behind the last one fails where a price was refused. No guard can demand it, so every
/// guard that goes on in a breach has to stop for it.
contract RefusedShutsGuardsTest is World {
    bytes32 private constant THREE = keccak256("rules of three clauses");

    function setUp() external {
        world(someLimits());
        bytes memory code = abi.encodePacked(
            uint8(4),
            uint16(4),
            bytes5(0),
            uint16(3),
            bytes3(0),
            keccak256(abi.encode(keccak256("BTC"))),
            bytes32(0)
        );
        address[] memory list = new address[](1);
        list[0] = address(uint160(0xc1a0000));
        vm.etch(list[0], bytes.concat(hex"000001", keccak256("BTC"), code));
        vm.prank(OWNER);
        venues.announceRules(venue, THREE, keccak256(code), list);
        later(DELAY);
    }

    function fails(uint256 failing) private {
        Outcome memory outcome;
        (outcome.owed, outcome.reserves, outcome.coverageBps) = (100, 100, 10_000);
        outcome.quantities = keccak256("quantities");
        outcome.figures = new Figures[](4);
        outcome.clauses = new Clause[](4);
        outcome.failing = failing;
        outcome.needs.worth = 100;
        outcome.needs.assets = new Need[](1);
        Bound memory bound;
        (bound.context, bound.table, bound.scenarios) = (keccak256("context"), keccak256("t"), 4);
        vm.mockCall(
            address(evaluator),
            abi.encodePacked(IEvaluator.evaluateAll.selector),
            abi.encode(bound, new bytes32[](1), outcome)
        );
        attest(next(venue, THREE), PUBLISHER);
    }

    function test_what_was_refused_a_price_shuts_every_guard() external {
        RefusedPool pool = new RefusedPool(
            registry,
            venue,
            Demands(State.Breach, 1 days, 0, THREE, 7)
        );
        fails(8);
        assertState(State.Breach, "left_out.refused");
        vm.assertTrue(!pool.isSolvent(), "all clauses of the rules are demanded: open in a breach");
        vm.expectPartialRevert(Solvency.DoesNotHold.selector);
        pool.deposit();
    }

    /// A clause of others goes on to shut nothing.
    function test_clauses_of_others_shut_nothing() external {
        RefusedPool pool = new RefusedPool(
            registry,
            venue,
            Demands(State.Breach, 1 days, 0, THREE, 6)
        );
        fails(1);
        pool.deposit();
        vm.assertTrue(pool.isSolvent(), "open");
    }

    /// No guard can ask for that clause itself.
    function test_no_guard_can_demand_it() external {
        vm.expectRevert(abi.encodeWithSelector(Solvency.NoSuchClause.selector, 8, 3));
        new RefusedPool(registry, venue, Demands(State.Breach, 1 days, 0, THREE, 15));
    }
}
