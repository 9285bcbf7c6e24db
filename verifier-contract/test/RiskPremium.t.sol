// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Solvency} from "../contracts/Solvency.sol";
import {Curve, RiskPremium} from "../contracts/adapters/RiskPremium.sol";
import {ISolvencyRegistry, Record, State} from "../contracts/interfaces/ISolvencyRegistry.sol";
import {Test} from "./Test.sol";
import {StatedRegistry} from "./mocks/StatedRegistry.sol";

contract RiskPremiumTest is Test {
    uint64 private constant NOW = 1_800_000_000;
    StatedRegistry private stated;
    ISolvencyRegistry private registry;
    RiskPremium private premium;

    function setUp() external {
        vm.warp(NOW);
        stated = new StatedRegistry();
        registry = ISolvencyRegistry(address(stated));
        premium = new RiskPremium(registry, curve());
    }

    function curve() private pure returns (Curve memory made) {
        made.states = [uint32(0), 100, 300, 900, 1_000, 2_000];
        made.margins = [uint32(10_000), 11_000, 12_500, 20_000, 20_000, 30_000];
        (made.freshFor, made.perHour) = (6 hours, 10);
        (made.fullCoverage, made.thinCoverage, made.thin) = (12_000, 10_000, 500);
        made.most = 3_000;
    }

    function test_examples() external view {
        vm.assertEq(premium.riskPremiumBps(State.Healthy, 0, 12_000), uint256(0), "none");
        vm.assertEq(premium.riskPremiumBps(State.Healthy, 6 hours, 11_000), uint256(250), "half");
        vm.assertEq(premium.riskPremiumBps(State.Healthy, 6 hours + 1, 12_000), uint256(10), "age");
        vm.assertEq(premium.riskPremiumBps(State.Healthy, 8 hours, 12_000), uint256(20), "age");
        vm.assertEq(premium.riskPremiumBps(State.Warning, 0, 11_999), uint256(101), "rounded up");
        vm.assertEq(premium.riskPremiumBps(State.Breach, 0, 0), uint256(1_400), "breach");
        uint256 last = type(uint256).max;
        vm.assertEq(premium.riskPremiumBps(State.None, last, 0), uint256(3_000), "most");
        vm.assertEq(premium.marginFactorBps(State.Expired), uint256(12_500), "margin");
    }

    function test_an_expired_venue_costs_less_than_one_in_breach_whatever_the_enum_says()
        external
        view
    {
        uint256 expired = premium.riskPremiumBps(State.Expired, 0, 12_000);
        vm.assertTrue(expired < premium.riskPremiumBps(State.Breach, 0, 12_000), "order");
        vm.assertTrue(State.Expired > State.Breach, "the enum's");
    }

    function test_a_venue_now() external {
        bytes32 venue = "venue";
        vm.assertEq(premium.premiumOf(venue), uint256(3_000), "no attestation costs the most");
        vm.assertEq(premium.marginFactorOf(venue), uint256(30_000), "margin");
        Record memory record;
        (record.asOf, record.coverageBps) = (NOW - 7 hours, 12_000);
        stated.append(record);
        vm.assertEq(premium.premiumOf(venue), uint256(10), "age");
        stated.setState(State.Paused);
        vm.assertEq(premium.premiumOf(venue), uint256(1_010), "paused");
        vm.assertEq(premium.marginFactorOf(venue), uint256(20_000), "margin");
    }

    function testFuzz_a_worse_venue_never_costs_less(
        uint32[6] memory states,
        uint32[6] memory margins,
        uint32[6] memory drawn,
        uint256[4] memory facts,
        uint8 one,
        uint8 other
    ) external {
        Curve memory made;
        for (uint256 i = 0; i < 6; i++) {
            uint32 step = states[i] % 1_000_000;
            uint32 rise = margins[i] % 100_000;
            made.states[i] = i == 0 ? step : made.states[i - 1] + step;
            made.margins[i] = i == 0 ? 10_000 + rise : made.margins[i - 1] + rise;
        }
        (made.freshFor, made.perHour, made.thin) = (drawn[0], drawn[1], drawn[2]);
        made.thinCoverage = drawn[3];
        made.fullCoverage = uint64(drawn[3]) + (drawn[4] % 1_000_000) + 1;
        uint32 last = made.states[5];
        made.most = drawn[5] < last ? last : drawn[5];
        RiskPremium any = new RiskPremium(registry, made);
        State better = State(one % 6);
        State worse = State(other % 6);
        if (Solvency.severity(better) > Solvency.severity(worse)) (better, worse) = (worse, better);
        (uint256 young, uint256 old) = sort(facts[0], facts[1]);
        (uint256 low, uint256 high) = sort(facts[2], facts[3]);
        vm.assertLe(
            any.riskPremiumBps(better, young, high),
            any.riskPremiumBps(worse, old, low),
            "premium"
        );
        // Near the limits as well, where steps are.
        (young, old) = sort(facts[0] % 1e10, facts[1] % 1e10);
        (low, high) = sort(facts[2] % 5e9, facts[3] % 5e9);
        vm.assertLe(
            any.riskPremiumBps(better, young, high),
            any.riskPremiumBps(worse, old, low),
            "premium"
        );
        vm.assertLe(any.marginFactorBps(better), any.marginFactorBps(worse), "margin");
        vm.assertGe(any.marginFactorBps(better), uint256(10_000), "never below one");
    }

    function sort(uint256 one, uint256 other) private pure returns (uint256, uint256) {
        return one < other ? (one, other) : (other, one);
    }

    function test_curves_that_fall_are_refused() external {
        Curve memory made = curve();
        made.states[3] = 299;
        vm.expectRevert(abi.encodeWithSelector(RiskPremium.StateFalls.selector, 3));
        new RiskPremium(registry, made);
        made = curve();
        made.margins[2] = 10_999;
        vm.expectRevert(abi.encodeWithSelector(RiskPremium.StateFalls.selector, 2));
        new RiskPremium(registry, made);
        made.margins[0] = 9_999;
        vm.expectRevert(abi.encodeWithSelector(RiskPremium.MarginOutOfRange.selector, 9_999));
        new RiskPremium(registry, made);
        made = curve();
        made.thinCoverage = 12_000;
        vm.expectPartialRevert(RiskPremium.CoverageOutOfRange.selector);
        new RiskPremium(registry, made);
        made = curve();
        made.most = 1_999;
        vm.expectRevert(abi.encodeWithSelector(RiskPremium.MostTooSmall.selector, 1_999, 2_000));
        new RiskPremium(registry, made);
    }
}
