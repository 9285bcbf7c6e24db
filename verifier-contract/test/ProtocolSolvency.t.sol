// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {ProgramHead} from "../contracts/adapters/ProgramHead.sol";
import {ProtocolSolvency, Telling} from "../contracts/adapters/ProtocolSolvency.sol";
import {IAggregatorV3} from "../contracts/interfaces/IAggregatorV3.sol";
import {IFeeds} from "../contracts/interfaces/IFeeds.sol";
import {ISolvencyProof} from "../contracts/interfaces/ISolvencyProof.sol";
import {ISolvencyRegistry, Record, State} from "../contracts/interfaces/ISolvencyRegistry.sol";
import {Test} from "./Test.sol";
import {StatedFeed} from "./mocks/StatedFeed.sol";
import {StatedRegistry} from "./mocks/StatedRegistry.sol";

contract ProtocolSolvencyTest is Test {
    bytes32 private constant VENUE = "venue";
    bytes32 private constant RULES = "rules";
    address private constant USD = address(840);
    uint64 private constant NOW = 1_800_000_000;
    uint128 private constant UNIT = 1e16;

    StatedRegistry private stated;
    StatedFeed private price;
    ProtocolSolvency private solvency;

    function setUp() external {
        vm.warp(NOW);
        stated = new StatedRegistry();
        price = new StatedFeed(8);
        price.set(2_000e8, NOW);
        list(0, 0);
        program(4, 16, "USD", 3);
        solvency = new ProtocolSolvency(
            ISolvencyRegistry(address(stated)),
            VENUE,
            telling(State.Warning)
        );
    }

    function telling(State worst) private view returns (Telling memory) {
        return
            Telling(
                IAggregatorV3(address(price)),
                keccak256("ETH"),
                keccak256("USD"),
                USD,
                6,
                10_500,
                worst
            );
    }

    function list(uint64 activeFrom, uint64 removedFrom) private {
        IFeeds.Feed memory feed;
        (feed.name, feed.feed, feed.decimals) = (keccak256("ETH"), address(price), 8);
        (feed.heartbeat, feed.least, feed.most) = (3_600, 1e8, 100_000e8);
        (feed.activeFrom, feed.removedFrom) = (activeFrom, removedFrom);
        stated.setFeed(feed);
    }

    /// Puts the head of a program behind so many prices.
    function program(uint8 version, uint8 digits, string memory quote, uint16 prices) private {
        bytes memory contents = abi.encodePacked(
            prices,
            new bytes(32 * uint256(prices)),
            version,
            uint16(4),
            digits,
            new bytes(9 + 32),
            keccak256(bytes(quote)),
            new bytes(20)
        );
        address[] memory chunks = new address[](contents.length / 24_575 + 1);
        for (uint256 i = 0; i < chunks.length; i++) {
            uint256 from = i * 24_575;
            uint256 size = contents.length - from < 24_575 ? contents.length - from : 24_575;
            bytes memory code = new bytes(size + 1);
            for (uint256 j = 0; j < size; j++) code[j + 1] = contents[from + j];
            chunks[i] = address(uint160(0xc0de00 + i));
            vm.etch(chunks[i], code);
        }
        stated.setChunks(RULES, chunks);
    }

    function recordOf(uint128 reserves, uint128 owed) private pure returns (Record memory record) {
        (record.rules, record.asOf) = (RULES, NOW - 100);
        (record.reserves, record.owed) = (reserves * UNIT, owed * UNIT);
    }

    function append(uint128 reserves, uint128 owed) private returns (Record memory record) {
        record = recordOf(reserves, owed);
        solvency.update(stated.append(record), record);
    }

    function test_figures_are_the_registrys_in_eth_of_18_digits() external {
        append(11_000_000, 10_000_000);
        ISolvencyProof.ProtocolAssets memory assets = solvency.getProtocolAssets();
        ISolvencyProof.ProtocolLiabilities memory owed = solvency.getProtocolLiabilities();
        vm.assertTrue(assets.tokens.length == 1 && assets.amounts.length == 1, "one each");
        vm.assertEq(assets.tokens[0], USD, "token");
        vm.assertEq(assets.amounts[0], uint256(11_000_000e6), "amount");
        vm.assertEq(assets.values[0], uint256(5_500 ether), "value");
        vm.assertEq(owed.tokens[0], USD, "token");
        vm.assertEq(owed.amounts[0], uint256(10_000_000e6), "amount");
        vm.assertEq(owed.values[0], uint256(5_000 ether), "value");
        vm.assertTrue(assets.timestamp == NOW && owed.timestamp == NOW, "time of the update");
        vm.assertEq(solvency.getSolvencyRatio(), uint256(11_000), "ratio");
        (bool isSolvent, uint256 health) = solvency.verifySolvency();
        vm.assertTrue(isSolvent && health == 11_000, "solvent");
    }

    function test_the_ratio_at_its_minimum_and_one_below() external {
        append(10_500, 10_000);
        (bool isSolvent, uint256 health) = solvency.verifySolvency();
        vm.assertTrue(isSolvent && health == 10_500, "at");
        append(10_499, 10_000);
        (isSolvent, health) = solvency.verifySolvency();
        vm.assertTrue(!isSolvent && health == 10_499, "below");
    }

    function test_events_and_alerts() external {
        Record memory record = recordOf(10_400, 10_000);
        uint64 round = stated.append(record);
        for (uint256 i = 0; i < 2; i++) {
            vm.expectEmit(true, true, true, true);
            emit ISolvencyProof.SolvencyMetricsUpdated(5.2 ether, 5 ether, 10_400, NOW);
        }
        vm.expectEmit(true, true, true, true);
        emit ISolvencyProof.RiskAlert("CRITICAL", 10_400, 10_500, NOW);
        solvency.update(round, record);
        record = recordOf(10_999, 10_000);
        round = stated.append(record);
        vm.expectEmit(true, true, true, true);
        emit ISolvencyProof.RiskAlert("HIGH_RISK", 10_999, 11_000, NOW);
        solvency.update(round, record);
        record = recordOf(11_999, 10_000);
        round = stated.append(record);
        vm.expectEmit(true, true, true, true);
        emit ISolvencyProof.RiskAlert("WARNING", 11_999, 12_000, NOW);
        solvency.update(round, record);
    }

    function test_before_the_first_update_nothing_is_shown() external view {
        (bool isSolvent, uint256 health) = solvency.verifySolvency();
        vm.assertTrue(!isSolvent && health == 0, "not solvent");
        vm.assertEq(solvency.getProtocolAssets().tokens.length, uint256(0), "empty");
        (uint256[] memory times, , , ) = solvency.getSolvencyHistory(0, type(uint256).max);
        vm.assertEq(times.length, uint256(0), "no history");
    }

    function test_the_ratio_falls_with_the_state_and_without_a_transaction() external {
        append(20_000, 10_000);
        for (uint8 i = 0; i <= uint8(State.Paused); i++) {
            stated.setState(State(i));
            bool isShown = State(i) == State.Healthy || State(i) == State.Warning;
            (bool isSolvent, uint256 health) = solvency.verifySolvency();
            vm.assertTrue(isSolvent == isShown, "solvent");
            vm.assertEq(health, isShown ? 20_000 : 0, "ratio");
            vm.assertEq(solvency.getSolvencyRatio(), health, "the same");
            uint256 value = solvency.getProtocolAssets().values[0];
            vm.assertEq(value, isShown ? 10 ether : 0, "assets");
        }
    }

    function test_a_newer_attestation_hides_the_older_figures_until_somebody_updates() external {
        append(20_000, 10_000);
        Record memory worse = recordOf(10_000, 10_000);
        uint64 round = stated.append(worse);
        vm.assertEq(solvency.getSolvencyRatio(), uint256(0), "hidden");
        vm.prank(address(0xabc));
        solvency.update(round, worse);
        vm.assertEq(solvency.getSolvencyRatio(), uint256(10_000), "anyone");
    }

    function test_nobody_has_a_word_in_the_figures() external {
        Record memory record = append(20_000, 10_000);
        address[] memory tokens = new address[](1);
        uint256[] memory numbers = new uint256[](1);
        tokens[0] = USD;
        bytes memory refusal = abi.encodeWithSelector(
            ProtocolSolvency.NotAuthorizedOracle.selector,
            address(this)
        );
        vm.expectRevert(refusal);
        solvency.updateAssets(tokens, numbers, numbers);
        vm.expectRevert(refusal);
        solvency.updateLiabilities(tokens, numbers, numbers);
        // The standard's lists of unequal length.
        vm.prank(address(solvency));
        vm.expectRevert(ProtocolSolvency.OtherLists.selector);
        solvency.updateAssets(tokens, new uint256[](2), numbers);
        record.reserves++;
        vm.expectRevert(abi.encodeWithSelector(ProtocolSolvency.OtherRecord.selector, 1, 1));
        solvency.update(1, record);
        Record memory older = recordOf(20_000, 10_000);
        stated.append(recordOf(1, 1));
        vm.expectRevert(abi.encodeWithSelector(ProtocolSolvency.OtherRecord.selector, 1, 2));
        solvency.update(1, older);
    }

    function test_no_price_no_update() external {
        Record memory record = recordOf(2, 1);
        uint64 round = stated.append(record);
        int256[4] memory wrong = [int256(-1), 0, 1e8, 100_000e8];
        for (uint256 i = 0; i < 4; i++) {
            price.set(wrong[i], NOW);
            vm.expectRevert(
                abi.encodeWithSelector(ProtocolSolvency.FeedDoesNotAnswer.selector, wrong[i], NOW)
            );
            solvency.update(round, record);
        }
        price.set(2_000e8, NOW - 3_601);
        vm.expectPartialRevert(ProtocolSolvency.FeedDoesNotAnswer.selector);
        solvency.update(round, record);
        price.set(2_000e8, NOW + 1);
        vm.expectPartialRevert(ProtocolSolvency.FeedDoesNotAnswer.selector);
        solvency.update(round, record);
        price.set(2_000e8, NOW - 3_600);
        solvency.update(round, record);
    }

    function test_a_feed_that_the_venue_does_not_list_is_not_read() external {
        Record memory record = recordOf(2, 1);
        uint64 round = stated.append(record);
        bytes memory refusal = abi.encodeWithSelector(
            ProtocolSolvency.FeedNotRegistered.selector,
            address(price)
        );
        list(NOW + 1, 0);
        vm.expectRevert(refusal);
        solvency.update(round, record);
        list(0, NOW);
        vm.expectRevert(refusal);
        solvency.update(round, record);
        list(NOW, NOW + 1);
        solvency.update(round, record);
    }

    function test_the_unit_of_value_and_the_quote_are_those_of_the_rules() external {
        program(4, 2, "USD", 900);
        Record memory record = recordOf(1, 1);
        (record.reserves, record.owed) = (300_00, 200_00);
        solvency.update(stated.append(record), record);
        vm.assertEq(solvency.getProtocolAssets().amounts[0], uint256(300e6), "second chunk");
        // The hash of the quote's name lies in two chunks.
        program(4, 2, "USD", 766);
        solvency.update(stated.append(record), record);
        vm.assertEq(solvency.getProtocolLiabilities().values[0], uint256(0.1 ether), "two chunks");
        program(4, 2, "EUR", 1);
        uint64 round = stated.append(record);
        vm.expectPartialRevert(ProtocolSolvency.OtherQuote.selector);
        solvency.update(round, record);
        program(5, 2, "USD", 1);
        vm.expectRevert(abi.encodeWithSelector(ProgramHead.OtherProgram.selector, 5, 4));
        solvency.update(round, record);
        stated.setChunks(RULES, new address[](0));
        vm.expectRevert(abi.encodeWithSelector(ProgramHead.OtherProgram.selector, 0, 4));
        solvency.update(round, record);
    }

    function test_history_within_a_range_of_times_inclusive() external {
        for (uint128 i = 0; i < 5; i++) {
            vm.warp(NOW + 10 * i);
            append(10_000 + i, 10_000);
        }
        (
            uint256[] memory times,
            uint256[] memory ratios,
            ISolvencyProof.ProtocolAssets[] memory assets,
            ISolvencyProof.ProtocolLiabilities[] memory owed
        ) = solvency.getSolvencyHistory(NOW + 10, NOW + 30);
        vm.assertTrue(times.length == 3 && assets.length == 3 && owed.length == 3, "three");
        for (uint256 i = 0; i < 3; i++) {
            vm.assertEq(times[i], NOW + 10 + 10 * i, "time");
            vm.assertEq(ratios[i], 10_001 + i, "ratio");
            vm.assertEq(assets[i].amounts[0], (10_001 + i) * 1e6, "assets");
            vm.assertEq(owed[i].amounts[0], uint256(10_000e6), "owed");
        }
        (times, , , ) = solvency.getSolvencyHistory(NOW + 41, NOW + 99);
        vm.assertEq(times.length, uint256(0), "none");
        (times, , , ) = solvency.getSolvencyHistory(NOW + 30, NOW + 10);
        vm.assertEq(times.length, uint256(0), "none backwards");
    }

    function test_a_stranger_cannot_flush_the_history_by_updating_again() external {
        Record memory record = append(20_000, 10_000);
        for (uint256 i = 0; i < 9; i++) solvency.update(1, record);
        (uint256[] memory times, , , ) = solvency.getSolvencyHistory(0, type(uint256).max);
        vm.assertEq(times.length, uint256(1), "one");
        stated.setState(State.Breach);
        for (uint256 i = 0; i < 9; i++) solvency.update(1, record);
        uint256[] memory ratios;
        (times, ratios, , ) = solvency.getSolvencyHistory(0, type(uint256).max);
        vm.assertTrue(times.length == 2 && ratios[0] == 20_000 && ratios[1] == 0, "and the fall");
    }

    function test_what_was_revoked_since_is_no_history_of_solvency() external {
        Record memory record = append(20_000, 10_000);
        vm.warp(NOW + 10);
        append(30_000, 10_000);
        assertHistory(20_000, 30_000);
        stated.setFound(2, true, 0);
        assertHistory(20_000, 0);
        // Found in breach later: it was shown, and what it fell to has an entry of its own.
        stated.setFound(1, false, NOW + 5);
        assertHistory(20_000, 0);
        stated.withdraw(record.rules, record.verifier);
        assertHistory(0, 0);
        (, , ISolvencyProof.ProtocolAssets[] memory assets, ) = solvency.getSolvencyHistory(0, NOW);
        vm.assertTrue(assets[0].amounts[0] == 0 && assets[0].values[0] == 0, "assets");
    }

    function assertHistory(uint256 first, uint256 second) private view {
        (, uint256[] memory ratios, , ) = solvency.getSolvencyHistory(0, type(uint256).max);
        vm.assertEq(ratios[0], first, "first");
        vm.assertEq(ratios[1], second, "second");
    }

    function test_a_feed_that_changed_its_decimals_is_not_read() external {
        Record memory record = append(20_000, 10_000);
        bytes memory question = abi.encodeCall(IAggregatorV3.decimals, ());
        vm.mockCall(address(price), question, abi.encode(18));
        vm.expectRevert(abi.encodeWithSelector(ProtocolSolvency.OtherDecimals.selector, 18, 8));
        solvency.update(1, record);
    }

    function test_the_last_512_entries_are_kept() external {
        for (uint128 i = 0; i < 515; i++) {
            Record memory record = recordOf(20_000 + i, 10_000);
            solvency.update(stated.append(record), record);
        }
        (, uint256[] memory ratios, , ) = solvency.getSolvencyHistory(0, type(uint256).max);
        vm.assertEq(ratios.length, uint256(512), "kept");
        vm.assertEq(ratios[0], uint256(20_003), "oldest");
        vm.assertEq(ratios[511], uint256(20_514), "latest");
    }

    function test_reserves_are_rounded_down_and_what_is_owed_up() external {
        price.set(3_000e8, NOW);
        Record memory record = recordOf(1, 1);
        (record.reserves, record.owed) = (UNIT + 1, UNIT + 1);
        solvency.update(stated.append(record), record);
        ISolvencyProof.ProtocolAssets memory assets = solvency.getProtocolAssets();
        ISolvencyProof.ProtocolLiabilities memory owed = solvency.getProtocolLiabilities();
        vm.assertEq(assets.amounts[0], uint256(1e6), "amount");
        vm.assertEq(owed.amounts[0], uint256(1e6 + 1), "amount");
        vm.assertEq(assets.values[0], uint256(333_333_333_333_333), "value");
        vm.assertEq(owed.values[0], uint256(333_333_333_333_334), "value");
        vm.assertEq(solvency.getSolvencyRatio(), uint256(9_999), "never better than it is");
    }

    function test_where_nothing_is_owed_the_ratio_is_the_largest() external {
        append(1, 0);
        (bool isSolvent, uint256 health) = solvency.verifySolvency();
        vm.assertTrue(isSolvent && health == type(uint256).max, "largest");
        stated.setState(State.Expired);
        (isSolvent, health) = solvency.verifySolvency();
        vm.assertTrue(!isSolvent && health == 0, "but not once it expired");
    }

    function test_it_says_that_it_has_the_interface() external view {
        vm.assertTrue(solvency.supportsInterface(type(ISolvencyProof).interfaceId), "ERC-7893");
        vm.assertTrue(solvency.supportsInterface(0x01ffc9a7), "ERC-165");
        vm.assertTrue(!solvency.supportsInterface(0xffffffff), "not this");
    }

    function test_a_sequencer_that_is_down_stops_updates() external {
        StatedFeed sequencer = new StatedFeed(0);
        IFeeds.Feed memory feed;
        (feed.name, feed.feed, feed.decimals) = (keccak256("ETH"), address(price), 8);
        (feed.heartbeat, feed.least, feed.most) = (3_600, 1e8, 100_000e8);
        (feed.sequencer, feed.grace) = (address(sequencer), 600);
        stated.setFeed(feed);
        Record memory record = recordOf(2, 1);
        uint64 round = stated.append(record);
        sequencer.set(1, NOW - 9_999);
        vm.expectPartialRevert(ProtocolSolvency.SequencerDown.selector);
        solvency.update(round, record);
        sequencer.set(0, NOW - 600);
        vm.expectPartialRevert(ProtocolSolvency.SequencerDown.selector);
        solvency.update(round, record);
        sequencer.set(0, NOW - 601);
        solvency.update(round, record);
    }
}
