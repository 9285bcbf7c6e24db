// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Demands, Solvency} from "../contracts/Solvency.sol";
import {SolvencyGuard} from "../contracts/SolvencyGuard.sol";
import {ISolvencyRegistry, State} from "../contracts/interfaces/ISolvencyRegistry.sol";
import {World} from "./World.sol";

/// A pool whose owner can demand other clauses than it was made with.
contract Pool is SolvencyGuard {
    uint256 private _clauses;

    constructor(
        ISolvencyRegistry registry,
        bytes32 venue,
        Demands memory demands
    ) SolvencyGuard(registry, venue, demands) {
        _clauses = demands.clauses;
    }

    function ask(uint256 clauses) external {
        _clauses = clauses;
    }

    function deposit() external view whenSolvent {}

    function solvencyDemands() public view override returns (Demands memory demands) {
        demands = super.solvencyDemands();
        demands.clauses = _clauses;
    }
}

/// Demands of clauses that a program does not have, on a registry's own code.
contract GuardClausesTest is World {
    bytes32 private constant THREE = keccak256("rules of three clauses");

    function setUp() external {
        world(someLimits());
        announceProgram(THREE, 3, 4);
        later(DELAY);
    }

    /// Announces rules whose program has so many clauses.
    function announceProgram(bytes32 rules, uint16 clauses, uint8 version) private {
        bytes memory code = abi.encodePacked(
            version,
            uint16(4),
            bytes5(0),
            clauses,
            bytes3(0),
            keccak256(abi.encode(keccak256("BTC"))),
            bytes32(0)
        );
        address[] memory list = new address[](1);
        list[0] = address(uint160(0xc1a0000) + uint160(clauses) + version);
        vm.etch(list[0], bytes.concat(hex"000001", keccak256("BTC"), code));
        vm.prank(OWNER);
        venues.announceRules(venue, rules, keccak256(code), list);
    }

    function demands(bytes32 rules, uint256 clauses) private pure returns (Demands memory) {
        return Demands(State.Breach, 1 days, 0, rules, clauses);
    }

    function breaks(bytes32 rules) private {
        reserves.set(10);
        later(1 hours);
        attest(next(venue, rules), PUBLISHER);
        assertState(State.Breach, "a clause fails");
        vm.assertEq(record.failing, uint256(1), "the first");
    }

    function refuses(Pool pool, uint256 clauses, uint256 failing) private {
        pool.ask(clauses);
        vm.assertTrue(!pool.isSolvent(), "the view");
        vm.expectRevert(abi.encodeWithSelector(Solvency.DoesNotHold.selector, failing));
        pool.deposit();
    }

    function test_a_clause_that_the_program_does_not_have_fails() external {
        Pool pool = new Pool(registry, venue, demands(THREE, 6));
        attest(next(venue, THREE), PUBLISHER);
        pool.deposit();
        breaks(THREE);
        pool.deposit();
        vm.assertTrue(pool.isSolvent(), "clauses of others");
        refuses(pool, 7, 1);
        refuses(pool, 8, 8);
        refuses(pool, 1 << 200, 1 << 200);
        refuses(pool, (1 << 255) | 4, 1 << 255);
        pool.ask(4);
        pool.deposit();
    }

    function test_a_program_that_cannot_be_read_has_no_clause_that_holds() external {
        announceProgram(keccak256("later"), 3, 9);
        later(DELAY);
        Pool pool = new Pool(registry, venue, demands(THREE, 4));
        vm.expectRevert(abi.encodeWithSelector(Solvency.NoSuchClause.selector, 4, 0));
        new Pool(registry, venue, demands(keccak256("later"), 4));
        attest(next(venue, THREE), PUBLISHER);
        breaks(THREE);
        pool.deposit();
        // Rules whose chunks are no longer what was announced.
        vm.etch(address(uint160(0xc1a0000) + 7), hex"00");
        refuses(pool, 4, 4);
    }

    function test_clauses_are_named_when_the_guard_is_made() external {
        vm.expectRevert(abi.encodeWithSelector(Solvency.NoSuchClause.selector, 8, 3));
        new Pool(registry, venue, demands(THREE, 15));
        vm.expectRevert(abi.encodeWithSelector(Solvency.NoSuchClause.selector, 1, 0));
        new Pool(registry, venue, demands(keccak256("unknown"), 1));
        // In better states all hold, whatever they are called.
        new Pool(registry, venue, Demands(State.Warning, 0, 0, 0, 1 << 200));
        new Pool(registry, venue, demands(THREE, 7));
    }
}
