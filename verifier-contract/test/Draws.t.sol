// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {RLP} from "@openzeppelin/contracts/utils/RLP.sol";
import {Draws} from "../contracts/Draws.sol";
import {IDraws} from "../contracts/interfaces/IDraws.sol";
import {Test} from "./Test.sol";

contract DrawsTest is Test {
    using RLP for *;

    struct Made {
        bytes32 parent;
        bytes difficulty;
        uint256 number;
        uint256 time;
        bytes32 prevRandao;
    }

    // 2026-11-26.
    uint32 private constant DAY = 20_783;
    uint64 private constant END = 1_795_737_600;
    uint256 private constant NUMBER = 23_880_001;
    bytes32 private constant SOURCE = keccak256("eip155:1");
    address private constant HISTORY = 0x0000F90827F1C53a10cb7A02335B175320002935;
    // Fixed by the reader of docs/drawn-times.md: 2026-11-26T20:30:32Z.
    uint256 private constant SECOND = 1_795_651_200 + 20 * 3_600 + 30 * 60 + 32;

    Draws private draws;
    Made private before;
    Made private first;

    function setUp() external {
        vm.chainId(1);
        draws = new Draws();
        // The contract's code as EIP-2935 gives it.
        vm.etch(
            HISTORY,
            hex"3373fffffffffffffffffffffffffffffffffffffffe14604657602036036042575f35600143038111604257"
            hex"611fff81430311604257611fff9006545f5260205ff35b5f5ffd5b5f35611fff60014303065500"
        );
        before = Made(bytes32(uint256(0x33)), "", NUMBER - 1, END - 5, bytes32(uint256(0x44)));
        first = Made(0, "", NUMBER, END + 7, ones());
        first.parent = keccak256(encode(before));
        vm.warp(END + 600);
        vm.roll(NUMBER + 50);
        know(NUMBER, keccak256(encode(first)));
    }

    function test_a_second_is_that_of_the_reader_of_files() external {
        (bytes memory parent, bytes memory header) = (encode(before), encode(first));
        vm.assertEq(uint256(draws.drawBlock(DAY, parent, header)), SECOND, "fixed");
        (uint64 second, bool known) = draws.secondOf(SOURCE, DAY);
        vm.assertTrue(known, "it is known");
        vm.assertEq(uint256(second), SECOND, "kept");
        bytes32 digest = keccak256(
            abi.encode(
                keccak256("pacioli.drawn.v1"),
                SOURCE,
                keccak256("2026-11-26"),
                uint256(2),
                keccak256(parent),
                keccak256(header)
            )
        );
        (bytes32 source, uint32 day, uint64 of_, bool isKnown) = draws.drawOf(digest);
        vm.assertTrue(isKnown, "by the digest of the header's `drawn` too");
        vm.assertEq(source, SOURCE, "source");
        vm.assertEq(uint256(day), uint256(DAY), "day");
        vm.assertEq(uint256(of_), SECOND, "second");
        vm.assertEq(uint256(draws.drawBlock(DAY, parent, header)), SECOND, "again, it stays");
        (, known) = draws.secondOf(SOURCE, DAY - 1);
        vm.assertTrue(!known, "no other day");
        (, , , known) = draws.drawOf(0);
        vm.assertTrue(!known, "no other digest");
    }

    function test_the_last_8191_blocks_are_known_and_older_ones_if_pinned() external {
        vm.roll(NUMBER + 8_191);
        vm.assertEq(draws.hashOf(NUMBER), keccak256(encode(first)), "the oldest that is known");
        draws.pin(NUMBER);
        vm.roll(NUMBER + 8_192);
        vm.assertEq(uint256(draws.drawBlock(DAY, encode(before), encode(first))), SECOND, "pinned");
        vm.expectRevert(abi.encodeWithSelector(IDraws.BlockUnknown.selector, NUMBER - 1));
        draws.pin(NUMBER - 1);
        vm.expectRevert(abi.encodeWithSelector(IDraws.BlockUnknown.selector, NUMBER + 8_192));
        draws.pin(NUMBER + 8_192);
        vm.expectRevert(abi.encodeWithSelector(IDraws.BlockUnknown.selector, type(uint256).max));
        draws.pin(type(uint256).max);
    }

    function test_a_block_that_nobody_pinned_is_lost() external {
        vm.roll(NUMBER + 8_192);
        bytes memory parent = encode(before);
        bytes memory header = encode(first);
        vm.expectRevert(abi.encodeWithSelector(IDraws.BlockUnknown.selector, NUMBER));
        draws.drawBlock(DAY, parent, header);
    }

    function test_a_header_that_no_chain_has_draws_nothing() external {
        first.prevRandao = bytes32(uint256(7));
        bytes memory made = encode(first);
        refuse(
            abi.encodeWithSelector(
                IDraws.OtherBlock.selector,
                NUMBER,
                keccak256(made),
                draws.hashOf(NUMBER)
            )
        );
    }

    function test_only_the_first_block_after_the_day_draws() external {
        first.time = END - 1;
        know(NUMBER, keccak256(encode(first)));
        refuse(abi.encodeWithSelector(IDraws.BlockEarly.selector, NUMBER, END - 1, END));
        (first.time, before.time) = (END + 7, END);
        link();
        refuse(abi.encodeWithSelector(IDraws.BlockLate.selector, NUMBER, END, END));
        (first.time, before.time) = (END, END - 1);
        link();
        vm.assertEq(uint256(draws.drawBlock(DAY, encode(before), encode(first))), SECOND, "ends");
    }

    function test_blocks_that_do_not_belong_together_draw_nothing() external {
        before.time -= 1;
        refuse(
            abi.encodeWithSelector(
                IDraws.OtherParent.selector,
                NUMBER,
                keccak256(encode(before)),
                first.parent
            )
        );
        before.number -= 1;
        link();
        refuse(
            abi.encodeWithSelector(IDraws.OtherParent.selector, NUMBER, first.parent, first.parent)
        );
        before.number += 1;
        first.difficulty = hex"01";
        link();
        refuse(abi.encodeWithSelector(IDraws.BlockMined.selector, NUMBER));
    }

    function test_what_is_no_header_is_refused() external {
        bytes[5] memory wrong = [bytes(""), hex"c0", hex"c2c1c0", new bytes(600), encode(first)];
        wrong[4] = bytes.concat(wrong[4], hex"00");
        bytes memory parent = encode(before);
        for (uint256 i = 0; i < 5; ++i) {
            vm.expectRevert();
            draws.drawBlock(DAY, parent, wrong[i]);
            vm.expectRevert();
            draws.drawBlock(DAY, wrong[i], parent);
        }
    }

    function test_a_rollup_draws_from_no_blocks_of_its_own() external {
        vm.chainId(42_161);
        Draws rollup = new Draws();
        bytes memory parent = encode(before);
        bytes memory header = encode(first);
        vm.expectRevert(abi.encodeWithSelector(IDraws.NoBlocksOf.selector, 42_161));
        rollup.drawBlock(DAY, parent, header);
        vm.expectRevert(abi.encodeWithSelector(IDraws.NoBlocksOf.selector, 42_161));
        rollup.pin(NUMBER);
    }

    function test_a_round_draws_once_its_day_is_over() external {
        bytes memory signature = new bytes(48);
        vm.expectRevert(abi.encodeWithSelector(IDraws.DayBeforeSource.selector, 19_591));
        draws.drawRound(19_591, signature);
        vm.expectRevert(abi.encodeWithSelector(IDraws.DayNotOver.selector, DAY + 1, END + 1 days));
        draws.drawRound(DAY + 1, signature);
        uint64 round = draws.roundOf(DAY);
        vm.assertEq(uint256(round), uint256(34_311_412), "as `pacioli draw` says");
        vm.expectRevert(abi.encodeWithSelector(IDraws.NotSigned.selector, round));
        draws.drawRound(DAY, signature);
    }

    function refuse(bytes memory why) private {
        bytes memory parent = encode(before);
        bytes memory header = encode(first);
        vm.expectRevert(why);
        draws.drawBlock(DAY, parent, header);
    }

    function link() private {
        first.parent = keccak256(encode(before));
        know(NUMBER, keccak256(encode(first)));
    }

    /// As the chain does at the start of the next block.
    function know(uint256 number, bytes32 hash) private {
        vm.store(HISTORY, bytes32(number % 8_191), hash);
        if (block.number - number <= 256) vm.setBlockhash(number, hash);
    }

    function ones() private pure returns (bytes32 word) {
        for (uint256 i = 0; i < 32; ++i) word |= bytes32(uint256(1) << (8 * i));
    }

    /// An RLP header with the fields of Prague; what is not said is of no matter.
    function encode(Made memory made) private pure returns (bytes memory) {
        bytes memory word = abi.encode(uint256(0x11)).encode();
        bytes[] memory fields = new bytes[](21);
        for (uint256 i = 0; i < 21; ++i) fields[i] = word;
        fields[0] = made.parent.encode();
        fields[2] = abi.encodePacked(address(0x22)).encode();
        fields[6] = new bytes(256).encode();
        fields[7] = made.difficulty.encode();
        fields[8] = made.number.encode();
        fields[9] = uint256(36_000_000).encode();
        fields[10] = uint256(21_000).encode();
        fields[11] = made.time.encode();
        fields[12] = bytes("made up").encode();
        fields[13] = made.prevRandao.encode();
        fields[14] = new bytes(8).encode();
        fields[15] = uint256(1_000_000_000).encode();
        fields[17] = uint256(0).encode();
        fields[18] = uint256(0).encode();
        return fields.encode();
    }
}
