// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Test} from "./Test.sol";
import {Shortage} from "../contracts/Shortage.sol";
import {Need, Needs} from "../contracts/interfaces/IEvaluator.sol";
import {Holding} from "../contracts/interfaces/IReserves.sol";

/// What reserves lack, where part of what was attested counted elsewhere.
contract ShortageTest is Test {
    bytes32 private constant BTC = keccak256("BTC");
    uint256 private constant UNITS = 1e36;

    function test_roundingMakesNoShortage() external pure {
        // 50.5 here and 49.5 there are the 100 whole ones that are needed.
        vm.assertEq(
            _short(100, 0, (101 * UNITS) / 2, (99 * UNITS) / 2),
            uint256(0),
            "nothing moved"
        );
        vm.assertEq(_short(100, 0, (99 * UNITS) / 2, (99 * UNITS) / 2), uint256(200), "one lacks");
    }

    /// As attested nothing lacks; so nothing does while nothing moves, whatever the fractions are.
    function testFuzz_whatWasAttestedIsNoShortage(
        uint256 here,
        uint256 there,
        uint8 decimals
    ) external pure {
        (here, there, decimals) = (here % (1 << 200), there % (1 << 200), decimals % 37);
        uint256 need = (here + there) / 10 ** (36 - decimals);
        vm.assertEq(_short(need, decimals, here, there), uint256(0), "nothing moved");
    }

    /// One smallest unit is the most that it forgives.
    function testFuzz_twoUnitsAreAShortage(uint256 here, uint256 there) external pure {
        here = 2 * UNITS + (here % (1 << 200));
        there = there % (1 << 200);
        uint256 need = (here + there) / UNITS;
        vm.assertTrue(_short(need, 0, here - 2 * UNITS, there) != 0, "two left");
    }

    /// The fund for bad debt is no part of what a recheck compares; docs/states.md says so.
    function test_insuranceIsNotCompared() external pure {
        (Needs memory needs, Holding[] memory held) = _of(100, 0);
        held[0] = Holding(BTC, 100 * UNITS, 0);
        (uint256 short, ) = Shortage.find(needs, held);
        vm.assertEq(short, uint256(0), "without a fund");
        held[0].insurance = 50 * UNITS;
        (short, ) = Shortage.find(needs, held);
        vm.assertEq(short, uint256(0), "with one");
    }

    function _of(
        uint256 need,
        uint8 decimals
    ) private pure returns (Needs memory needs, Holding[] memory held) {
        (needs.worth, needs.assets) = (need, new Need[](1));
        needs.assets[0] = Need(BTC, decimals, 1, need);
        held = new Holding[](1);
    }

    function _short(
        uint256 need,
        uint8 decimals,
        uint256 here,
        uint256 there
    ) private pure returns (uint256 short) {
        (Needs memory needs, Holding[] memory held) = _of(need, decimals);
        held[0] = Holding(BTC, here + there, 0);
        uint256[] memory elsewhere = new uint256[](1);
        elsewhere[0] = there;
        Shortage.lower(needs, held, elsewhere);
        held[0].customers = here;
        (short, ) = Shortage.find(needs, held);
    }
}
