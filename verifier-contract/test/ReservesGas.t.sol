// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {ReservesSetup} from "./ReservesSetup.sol";
import {IReserves, Purpose} from "../contracts/interfaces/IReserves.sol";

/// A token that reads one word for an answer.
contract PlainToken {
    uint8 public constant decimals = 8;
    mapping(address account => uint256) public balanceOf;

    function set(address account, uint256 balance) external {
        balanceOf[account] = balance;
    }
}

/// Asks as a registry does.
contract Asker {
    function count(IReserves reserves, bytes32 venue, uint64 asOf) external {
        uint256 before = gasleft();
        reserves.count(venue, asOf, 10 minutes);
        used = before - gasleft();
    }

    uint256 public used;
}

/// What marks and counts cost: bounded, whatever strangers do. Accounts and words are cold, as in a
/// submission; with the call and the answer's decoding.
contract ReservesGasTest is ReservesSetup {
    Asker private asker;

    function setUp() public override {
        super.setUp();
        asker = new Asker();
    }

    function _count(uint64 asOf) private returns (uint256) {
        asker.count(reserves, VENUE, asOf);
        return asker.used();
    }

    function _mark() private returns (uint256) {
        uint256 before = gasleft();
        mark();
        return before - gasleft();
    }

    /// `n` reserves, each of an asset and a token of its own.
    function _list(uint256 n) private {
        for (uint256 i = 0; i < n; i++) {
            PlainToken another = new PlainToken();
            address custodian = address(uint160(0x3000 + i));
            vm.prank(OWNER);
            reserves.announce(
                VENUE,
                IReserves.NewReserve(
                    string(abi.encodePacked("A", bytes1(uint8(33 + i)))),
                    address(another),
                    custodian,
                    Purpose.Customers
                )
            );
            accept(VENUE, address(another), custodian);
            another.set(custodian, 10 * COIN);
        }
        later(DELAY);
    }

    function test_gasOfTwoReserves() external {
        PlainToken plain = new PlainToken();
        list(address(plain), HOT);
        list(address(0), COLD);
        later(DELAY);
        plain.set(HOT, COIN);
        vm.deal(COLD, 1 ether);
        uint64 asOf = now64();
        uint256 first = _mark();
        later(6 minutes);
        vm.assertLe(_count(asOf), 30_500, "one asset, the chain's coin and a token");
        later(64 * 320 - 6 minutes);
        vm.assertLe(_mark(), first - 12_000, "words are used again");
    }

    function test_gasOfTwoAssets() external {
        _list(2);
        uint64 asOf = now64();
        vm.assertLe(_mark(), 120_000, "mark");
        later(6 minutes);
        vm.assertLe(_count(asOf), 36_500, "two tokens of two assets");
        _fillBuckets();
        vm.assertLe(_count(now64() - 30 minutes), 68_000, "all buckets of half an hour");
    }

    function test_gasOfSixtyFourAssets() external {
        _list(64);
        uint64 asOf = now64();
        vm.assertLe(_mark(), 2_100_000, "mark");
        later(6 minutes);
        vm.assertLe(_count(asOf), 650_000, "count, one bucket");
    }

    /// The worst that strangers can do to a venue of the longest lag: a mark in each bucket.
    function test_gasOfAllBucketsOfSixtyFourAssets() external {
        venues.set(VENUE, OWNER, DELAY, 7 days);
        _list(64);
        _fillBuckets();
        vm.assertLe(_count(now64() - 7 days), 8_400_000, "count, 49 buckets");
    }

    function _fillBuckets() private {
        uint256 bucket = uint256(reserves.tickOf(VENUE)) * 64;
        for (uint256 i = 0; i < 50; i++) {
            later(bucket);
            mark();
        }
    }
}
