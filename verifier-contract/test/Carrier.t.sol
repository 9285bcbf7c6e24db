// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Elsewhere} from "../contracts/Elsewhere.sol";
import {Feeds} from "../contracts/Feeds.sol";
import {Observers} from "../contracts/Observers.sol";
import {Signatures} from "../contracts/Signatures.sol";
import {SolvencyRegistry} from "../contracts/SolvencyRegistry.sol";
import {Round, Submission} from "../contracts/Submission.sol";
import {Bound, IEvaluator} from "../contracts/interfaces/IEvaluator.sol";
import {IFeeds} from "../contracts/interfaces/IFeeds.sol";
import {Attested, IObservers, Signature} from "../contracts/interfaces/IObservers.sol";
import {IReserves} from "../contracts/interfaces/IReserves.sol";
import {State} from "../contracts/interfaces/ISolvencyRegistry.sol";
import {FakeFeed} from "./FakeFeed.sol";
import {World} from "./World.sol";

/// Whoever carries a signature can change nothing of what it is for.
contract CarrierTest is World {
    uint256 private constant SECRET = 0xb0b;
    Feeds private _feeds;

    function setUp() external {
        world(someLimits());
        Observers real = new Observers(venues);
        _feeds = new Feeds(venues);
        registry = new SolvencyRegistry(
            venues,
            IReserves(address(reserves)),
            real,
            _feeds,
            new Elsewhere(venues, real),
            IEvaluator(address(evaluator))
        );
        vm.startPrank(OWNER, OWNER);
        venues.setPublisher(venue, vm.addr(SECRET));
        vm.stopPrank();
        later(DELAY + 1);
    }

    function hash(
        Attested calldata attested,
        Signature calldata by
    ) external view returns (bytes32) {
        bytes32 domain = Signatures.domainOf(address(registry));
        return Signatures.digestOf(domain, Signatures.attestOf(attested, by));
    }

    function test_what_is_carried_as_signed_is_taken() external {
        Submission memory it = _submission();
        _carry(it, _signed(it));
        assertState(State.Healthy, "as signed");
    }

    function test_a_stranger_names_no_other_file() external {
        Submission memory it = _submission();
        Signature[] memory by = _signed(it);
        it.attestation = keccak256("no such file");
        _refuses(it, by);
    }

    function test_a_stranger_leaves_no_round_out() external {
        Submission memory it = _submission();
        Signature[] memory by = _signed(it);
        it.rounds = new Round[](0);
        _refuses(it, by);
    }

    function test_a_stranger_picks_no_other_verifier() external {
        address second = address(new Second());
        vm.etch(second, bytes.concat(next(venue, RULES).verifier.code, hex"00"));
        vm.startPrank(OWNER, OWNER);
        venues.announceVerifier(venue, second);
        vm.stopPrank();
        later(DELAY + 1);
        Submission memory it = _submission();
        Signature[] memory by = _signed(it);
        it.verifier = second;
        _refuses(it, by);
    }

    function _submission() private returns (Submission memory it) {
        FakeFeed feed = new FakeFeed(0);
        IFeeds.NewFeed memory listed;
        (listed.name, listed.feed, listed.heartbeat) = ("BTC", address(feed), 1 days);
        (listed.bandBps, listed.least, listed.most) = (500, 0, 1e20);
        vm.startPrank(OWNER, OWNER);
        _feeds.announceFeed(venue, listed);
        vm.stopPrank();
        later(DELAY + 1);
        feed.set(uint80((1 << 64) + 1), 7, block.timestamp - 60);
        it = next(venue, RULES);
        it.prices.list[15] = 0x07;
        it.rounds = new Round[](1);
        it.rounds[0] = Round(0, uint80((1 << 64) + 1));
    }

    /// The publisher's signature, for any carrier.
    function _signed(Submission memory it) private view returns (Signature[] memory list) {
        list = new Signature[](1);
        list[0].signer = vm.addr(SECRET);
        list[0].signedAt = uint64(block.timestamp);
        list[0].deadline = uint64(block.timestamp + 5 minutes);
        Bound memory bound = evaluator.bind(it, new address[](0), 1);
        Attested memory what = Attested({
            venue: it.venue,
            sequence: it.header.sequence,
            context: bound.context,
            program: programHash(1),
            totals: keccak256(abi.encode(uint256(100))),
            attestation: it.attestation,
            verifier: it.verifier,
            rounds: keccak256(abi.encode(it.rounds))
        });
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(SECRET, this.hash(what, list[0]));
        list[0].signature = abi.encodePacked(r, s, v);
    }

    function _carry(Submission memory it, Signature[] memory by) private {
        reserves.mark();
        atTopLevel(STRANGER);
        registry.submit(it, volumes(), by);
    }

    function _refuses(Submission memory it, Signature[] memory by) private {
        reserves.mark();
        atTopLevel(STRANGER);
        vm.expectPartialRevert(IObservers.SignatureInvalid.selector);
        registry.submit(it, volumes(), by);
    }
}

/// An address for a copy of a verifier.
contract Second {}
