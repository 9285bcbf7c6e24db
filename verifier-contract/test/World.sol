// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Test, Vm} from "./Test.sol";
import "./mocks/Mocks.sol";
import {SolvencyRegistry} from "../contracts/SolvencyRegistry.sol";
import {Venues} from "../contracts/Venues.sol";
import {IElsewhere} from "../contracts/interfaces/IElsewhere.sol";
import {IObservers} from "../contracts/interfaces/IObservers.sol";
import {IReserves} from "../contracts/interfaces/IReserves.sol";
import {
    Fault,
    ISolvencyRegistry,
    Record,
    State
} from "../contracts/interfaces/ISolvencyRegistry.sol";
import {IVenues, Limits} from "../contracts/interfaces/IVenues.sol";

interface Logs {
    struct Log {
        bytes32[] topics;
        bytes data;
        address emitter;
    }

    function recordLogs() external;
    function getRecordedLogs() external returns (Log[] memory);
}

/// A venue with a registry, the other contracts as mocks, and the calls of all who may act.
abstract contract World is Test {
    address internal constant OWNER = address(0xa11ce);
    address internal constant GUARDIAN = address(0x60a2d);
    address internal constant PUBLISHER = address(0x9b);
    address internal constant STRANGER = address(0x57);
    bytes32 internal constant KEY = keccak256("key");
    bytes32 internal constant RULES = keccak256("rules A");
    bytes32 internal constant OTHER_RULES = keccak256("rules B");
    uint64 internal constant DELAY = 2 days;
    uint256 internal constant START = 1_800_000_000;

    Venues internal venues;
    MockReserves internal reserves;
    MockObservers internal observers;
    MockFeeds internal feeds;
    MockElsewhere internal elsewhere;
    MockEvaluator internal evaluator;
    SolvencyRegistry internal registry;
    address internal verifier;
    bytes32 internal venue;

    /// What was appended last.
    Record internal record;
    Needs internal needs;

    function world(Limits memory limits) internal {
        vm.warp(START);
        vm.roll(1000);
        venues = new Venues();
        reserves = new MockReserves();
        observers = new MockObservers();
        feeds = new MockFeeds();
        elsewhere = new MockElsewhere();
        evaluator = new MockEvaluator();
        registry = new SolvencyRegistry(
            venues,
            IReserves(address(reserves)),
            IObservers(address(observers)),
            IFeeds(address(feeds)),
            IElsewhere(address(elsewhere)),
            IEvaluator(address(evaluator))
        );
        verifier = address(new StubVerifier(KEY, 12, 8));
        venue = registered("Venue", limits);
        reserves.set(100);
    }

    function someLimits() internal pure returns (Limits memory limits) {
        (limits.maxAge, limits.markWithin) = (1 days, 1 hours);
        (limits.minDistance, limits.toleranceBps) = (60, 500);
    }

    function registered(string memory name, Limits memory limits) internal returns (bytes32 id) {
        IVenues.Registration memory it;
        (it.name, it.publisher, it.guardian) = (name, PUBLISHER, GUARDIAN);
        (it.delay, it.maxLag, it.limits) = (DELAY, 6 hours, limits);
        it.settledFrom = uint64(block.timestamp) + 1 days;
        vm.startPrank(OWNER, OWNER);
        id = venues.register(it);
        venues.announceRules(id, RULES, programHash(1), chunks(1));
        venues.announceRules(id, OTHER_RULES, programHash(2), chunks(2));
        venues.announceVerifier(id, verifier);
        venues.settle(id);
        vm.stopPrank();
    }

    function program(uint8 kind) internal pure returns (bytes memory) {
        bytes32 names = keccak256(abi.encode(keccak256("BTC")));
        return bytes.concat(bytes13(0), names, bytes32(uint256(kind)));
    }

    function programHash(uint8 kind) internal pure returns (bytes32) {
        return keccak256(program(kind));
    }

    function chunks(uint8 kind) internal returns (address[] memory list) {
        list = new address[](1);
        list[0] = address(uint160(0xc0de00) + kind);
        bytes memory code = bytes.concat(hex"000001", keccak256("BTC"), program(kind));
        vm.etch(list[0], code);
    }

    /// The next attestation, of now.
    function next(bytes32 id, bytes32 rules) internal view returns (Submission memory it) {
        ISolvencyRegistry.Verdict memory last = registry.latest(id);
        (it.venue, it.rules, it.verifier) = (id, rules, verifier);
        it.header.venue = venues.venueOf(id).nameHash;
        it.header.sequence = last.round == 0 ? 0 : last.sequence + 1;
        it.header.previous = last.round == 0 ? bytes32(0) : bytes32(uint256(last.round));
        it.attestation = bytes32(uint256(last.round) + 1);
        it.header.asOf = uint64(block.timestamp);
        (it.header.k, it.header.pageSize, it.header.scenarios) = (12, 8, 4);
        (it.header.key, it.prices.asOf) = (KEY, uint64(block.timestamp));
        it.prices.list = new bytes(3 * 17);
    }

    function volumes() internal pure returns (Volume[] memory list) {
        list = new Volume[](1);
        list[0] = Volume("totals", "proof");
    }

    function noSignatures() internal pure returns (Signature[] memory list) {}

    /// Marks and appends the next attestation, and keeps its record and needs.
    function attest() internal {
        attest(next(venue, RULES), PUBLISHER);
    }

    function attest(Submission memory it, address sender) internal {
        reserves.mark();
        submit(it, sender);
    }

    function submit(Submission memory it, address sender) internal {
        Logs(address(vm)).recordLogs();
        atTopLevel(sender);
        registry.submit(it, volumes(), noSignatures());
        keep(Logs(address(vm)).getRecordedLogs());
    }

    function keep(Logs.Log[] memory logs) internal {
        for (uint256 i = 0; i < logs.length; ++i) {
            bytes32 topic = logs[i].topics[0];
            if (topic == ISolvencyRegistry.Attested.selector) {
                (Record memory found, , ) = abi.decode(
                    logs[i].data,
                    (Record, Figures[], bytes32[])
                );
                record = found;
            }
            if (topic == ISolvencyRegistry.ReservesCounted.selector) {
                (, , , , Needs memory found) = abi.decode(
                    logs[i].data,
                    (uint256[], Holding[], uint256[], uint64, Needs)
                );
                needs.worth = found.worth;
                delete needs.assets;
                for (uint256 j = 0; j < found.assets.length; ++j) {
                    needs.assets.push(found.assets[j]);
                }
            }
        }
    }

    function recheck() internal {
        atTopLevel(STRANGER);
        registry.recheck(venue, record, needs);
    }

    function later(uint256 time) internal {
        vm.warp(block.timestamp + time);
        vm.roll(block.number + time / 12);
    }

    function assertState(State expected, string memory why) internal view {
        vm.assertEq(uint256(registry.stateOf(venue)), uint256(expected), why);
    }
}
