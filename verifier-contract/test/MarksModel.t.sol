// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {ReservesSetup} from "./ReservesSetup.sol";
import {Counted} from "../contracts/interfaces/IReserves.sol";

/// Marks against a list of all of them.
contract MarksModelTest is ReservesSetup {
    struct Seen {
        uint256 time;
        uint256 units;
    }

    Seen[] private _seen;

    /// What counts is never more than the least of all marks since the snapshot and now, and never
    /// less than the least of all marks since the bucket of the snapshot began.
    function testFuzz_marksAreTheLeast(uint256 seed, uint64 lag) external {
        uint64 maxLag = 1 minutes + (lag % 7 days);
        venues.set(VENUE, OWNER, DELAY, maxLag);
        twoCustodians(1000);
        uint256 tick = reserves.tickOf(VENUE);
        for (uint256 i = 0; i < 24; i++) {
            seed = uint256(keccak256(abi.encode(seed)));
            later((seed >> 8) % (maxLag / 8 + 2));
            uint256 units = (seed >> 128) % 1000;
            token.set(HOT, units * COIN);
            if (seed % 4 != 0) {
                mark();
                _seen.push(Seen(block.timestamp, units));
            }
            uint64 asOf = now64() - uint64((seed >> 192) % (maxLag + 1));
            _compare(asOf, tick, units);
        }
    }

    function _compare(uint64 asOf, uint256 tick, uint256 there) private view {
        (uint256 most, uint256 least, uint256 first) = (there, there, 0);
        uint256 bucket = tick * 64;
        for (uint256 i = 0; i < _seen.length; i++) {
            Seen memory it = _seen[i];
            if (it.time >= asOf && it.units < most) most = it.units;
            if (it.time >= asOf && first == 0) first = it.time;
            if (it.time >= (asOf / bucket) * bucket && it.units < least) least = it.units;
        }
        Counted memory found = reserves.count(VENUE, asOf, 10 minutes);
        uint256 units = found.holdings[0].customers / UNITS;
        vm.assertLe(units, most, "more than was seen");
        vm.assertGe(units, least, "less than was seen");
        if (found.markedAt == 0) return;
        vm.assertTrue(found.markedAt >= asOf, "before the snapshot");
        vm.assertTrue(first != 0 && first < found.markedAt + tick, "no such mark");
        vm.assertTrue(first + 5 minutes <= block.timestamp, "too young");
        vm.assertTrue(first <= uint256(asOf) + 10 minutes, "too late");
    }
}
