// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import "./World.sol";

/// What is handed from contract to contract without being encoded again, and what is kept in one
/// word.
contract HandedOnTest is World {
    /// Where things are in the calldata that the compiler encodes: the head behind the selector, the
    /// submission behind the head, and of it the places of header and prices.
    uint256 private constant HEAD = 4;
    uint256 private constant SUBMISSION = HEAD + 3 * 32;
    uint256 private constant HEADER_AT = SUBMISSION + 5 * 32;
    uint256 private constant PRICES_AT = SUBMISSION + 6 * 32;
    /// The places of these lists in header and prices.
    uint256 private constant LEFT_OUT = 6 * 32;
    uint256 private constant LIST = 4 * 32;

    function setUp() external {
        world(someLimits());
        reserves.mark();
    }

    function calldata_() private view returns (bytes memory) {
        Submission memory it = next(venue, RULES);
        return abi.encodeCall(registry.submit, (it, volumes(), noSignatures()));
    }

    function put(bytes memory data, uint256 at, uint256 word) private pure {
        assembly {
            mstore(add(add(data, 32), at), word)
        }
    }

    /// An offset from one place to another that is before it.
    function putBack(bytes memory data, uint256 at, uint256 from, uint256 to) private pure {
        unchecked {
            put(data, at, to - from);
        }
    }

    function get(bytes memory data, uint256 at) private pure returns (uint256 word) {
        assembly {
            word := mload(add(add(data, 32), at))
        }
    }

    function send(bytes memory data) private returns (bool done, bytes memory answer) {
        atTopLevel(PUBLISHER);
        (done, answer) = address(registry).call(data);
    }

    function refused(bytes memory data, bytes4 expected, string memory why) private {
        (bool done, bytes memory answer) = send(data);
        vm.assertTrue(!done, why);
        vm.assertEq(bytes32(bytes4(answer)), bytes32(expected), why);
    }

    function test_the_compilers_encoding_is_taken() external {
        (bool done, ) = send(calldata_());
        vm.assertTrue(done, "appended");
        vm.assertEq(registry.latest(venue).round, uint256(1), "round");
    }

    /// The evaluator would find one asset left out, with the submission's own words for its fields,
    /// where the registry finds none: its head ends with a 1, the submission's with the place of the
    /// signatures, which may be 0. A header is read into memory, for which the compiler takes no such
    /// offset.
    function test_a_list_in_the_head_is_refused() external {
        bytes memory data = calldata_();
        uint256 header = SUBMISSION + get(data, HEADER_AT);
        putBack(data, header + LEFT_OUT, header, SUBMISSION - 32);
        put(data, HEAD + 64, 0);
        // Room for the signatures that the first word counts.
        refused(bytes.concat(data, new bytes(8_000)), 0, "assets left out");
    }

    /// A list that is before its header, though both would read the same there.
    function test_what_points_backwards_is_refused() external {
        bytes memory data = calldata_();
        uint256 header = SUBMISSION + get(data, HEADER_AT);
        // The digest of the reserves, which is 0.
        putBack(data, header + LEFT_OUT, header, SUBMISSION + 4 * 32);
        refused(data, 0, "assets left out");

        data = calldata_();
        uint256 prices = SUBMISSION + get(data, PRICES_AT);
        putBack(data, prices + LIST, prices, SUBMISSION + 4 * 32);
        refused(data, ISolvencyRegistry.OffsetBackwards.selector, "prices");
    }

    /// Of the volumes the registry would count as many as the word says where the signatures are,
    /// here those at the digest of the reserves, of which there are none; and the evaluator would
    /// check one proof.
    function test_volumes_in_the_head_are_refused() external {
        bytes memory data = calldata_();
        put(data, HEAD + 32, 64);
        put(data, HEAD + 64, 3 * 32 + 4 * 32);
        data = bytes.concat(data, new bytes(8_000));
        refused(data, ISolvencyRegistry.OffsetBackwards.selector, "volumes");
    }

    /// Further bytes behind the arguments change nothing: nothing points there.
    function test_bytes_behind_the_arguments_change_nothing() external {
        (bool done, ) = send(bytes.concat(calldata_(), new bytes(320)));
        vm.assertTrue(done, "appended");
        vm.assertEq(registry.latest(venue).round, uint256(1), "round");
    }

    function test_times_of_an_attestation_fit_their_places() external view {
        // See `Standing.Head`.
        vm.assertLe(uint256(venues.MAX_LAG()), uint256(type(uint24).max), "lag");
        vm.assertLe(uint256(venues.MAX_DELAY()), uint256(type(uint32).max), "delay");
    }

    function test_times_are_read_as_they_were_sent() external {
        later(5 hours);
        reserves.mark();
        Submission memory it = next(venue, RULES);
        (it.header.asOf, it.prices.asOf) = (it.header.asOf - 1 hours, it.prices.asOf - 2 hours);
        submit(it, PUBLISHER);
        vm.assertEq(registry.latest(venue).asOf, uint256(it.header.asOf), "snapshot");
        later(60);
        Submission memory that = next(venue, RULES);
        that.prices.asOf = it.prices.asOf - 1;
        atTopLevel(PUBLISHER);
        vm.expectRevert(
            abi.encodeWithSelector(
                ISolvencyRegistry.PricesNotLater.selector,
                it.prices.asOf - 1,
                it.prices.asOf
            )
        );
        registry.submit(that, volumes(), noSignatures());
    }

    /// What is more than fits is said as less, never as more; where nothing is owed it is the largest
    /// number.
    function test_coverage_is_never_said_to_be_more() external {
        evaluator.set(100, 0, 1);
        uint256 most = type(uint24).max;
        for (uint256 i = 0; i < 3; ++i) {
            // 10,000 * reserves / owed below, at and above the most that fits.
            reserves.set([most / 100, most / 100 + 1, most][i]);
            attest();
            uint256 kept = registry.latest(venue).coverageBps;
            uint256 proved = record.coverageBps;
            vm.assertEq(kept, proved < most ? proved : most, "coverage");
            later(60);
        }
        evaluator.set(0, 0, 1);
        attest();
        vm.assertEq(registry.latest(venue).coverageBps, uint256(type(uint64).max), "unowed");
    }

    /// Rules and verifiers are kept by numbers: retiring one rules is not retiring others.
    function test_each_attestation_stands_under_its_own_rules() external {
        attest(next(venue, OTHER_RULES), PUBLISHER);
        vm.assertEq(registry.latest(venue).rules, OTHER_RULES, "rules");
        vm.prank(OWNER);
        venues.retireRules(venue, RULES);
        assertState(State.Healthy, "others are retired");
        vm.prank(OWNER);
        venues.retireRules(venue, OTHER_RULES);
        assertState(State.Breach, "its own are retired");
    }

    function test_each_attestation_stands_under_its_own_verifier() external {
        address other = address(new StubVerifier(KEY, 12, 8));
        vm.startPrank(OWNER, OWNER);
        venues.announceVerifier(venue, other);
        vm.stopPrank();
        vm.assertEq(venues.verifierOf(venue, verifier).number, uint256(1), "the first");
        vm.assertEq(venues.verifierOf(venue, other).number, uint256(2), "the second");
        attest();
        vm.prank(OWNER);
        venues.freezeVerifier(venue, other);
        assertState(State.Healthy, "another is frozen");
        vm.prank(OWNER);
        venues.freezeVerifier(venue, verifier);
        assertState(State.Breach, "its own is frozen");
    }

    /// Without a feed there is nothing to say of prices; with one there is an entry for each.
    function test_prices_are_told_with_feeds_alone() external {
        vm.assertEq(told(), uint256(0), "no feed");
        IFeeds.Compared[] memory results = new IFeeds.Compared[](2);
        feeds.set(results);
        later(60);
        reserves.mark();
        vm.assertEq(told(), uint256(2), "two feeds");
    }

    /// How many entries the event has; 0 without the event.
    function told() private returns (uint256 entries) {
        Submission memory it = next(venue, RULES);
        Logs(address(vm)).recordLogs();
        atTopLevel(PUBLISHER);
        registry.submit(it, volumes(), noSignatures());
        Logs.Log[] memory logs = Logs(address(vm)).getRecordedLogs();
        for (uint256 i = 0; i < logs.length; ++i) {
            if (logs[i].topics[0] != ISolvencyRegistry.PricesUsed.selector) continue;
            vm.assertEq(logs[i].topics[1], venue, "venue");
            entries = abi.decode(logs[i].data, (IFeeds.Compared[])).length;
        }
    }

    /// The record in the event is what the registry keeps the hash of, in every word, and its figures
    /// and hashes are those of the event.
    function test_the_event_has_what_was_hashed() external {
        Submission memory it = next(venue, RULES);
        Logs(address(vm)).recordLogs();
        atTopLevel(PUBLISHER);
        registry.submit(it, volumes(), noSignatures());
        Logs.Log[] memory logs = Logs(address(vm)).getRecordedLogs();
        bytes memory data = logs[0].data;
        vm.assertEq(logs[0].topics[0], ISolvencyRegistry.Attested.selector, "event");
        vm.assertEq(logs[0].topics[3], RULES, "rules");
        (Record memory found, Figures[] memory figures, bytes32[] memory phase1) = abi.decode(
            data,
            (Record, Figures[], bytes32[])
        );
        // Exactly what the compiler would have encoded.
        bytes32 encoded = keccak256(abi.encode(found, figures, phase1));
        vm.assertEq(keccak256(data), encoded, "encoding");
        vm.assertEq(keccak256(abi.encode(found)), registry.recordHash(venue, 1), "record");
        vm.assertEq(keccak256(abi.encode(figures)), found.figures, "figures");
        vm.assertEq(keccak256(abi.encodePacked(phase1)), found.phase1, "phase 1");
        vm.assertEq(found.appendedAt, uint256(block.timestamp), "time");
    }
}
