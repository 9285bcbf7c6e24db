// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Evaluator} from "../contracts/Evaluator.sol";
import {Prices} from "../contracts/Submission.sol";
import {ITables} from "../contracts/interfaces/ITables.sol";
import {Handover} from "../contracts/table/Handover.sol";
import {Table, TABLE_NUMBERS} from "../contracts/table/Table.sol";
import {Test} from "./Test.sol";

/// Answers with words of any number.
contract Words {
    fallback() external {
        // What is asked is two lists; the prices' time, their first word, says how many words answer.
        uint256 words = abi.decode(msg.data[4 + 96:], (uint256));
        bytes memory answer = new bytes(32 * words);
        // Two scenarios and four rows.
        if (words > 11) {
            assembly {
                mstore(add(answer, 128), 2)
                mstore(add(answer, 320), 4)
            }
        }
        assembly {
            return(add(answer, 32), mload(answer))
        }
    }
}

contract HandoverTest is Test {
    /// What stands before the lists, the scenarios' two lists, and five columns less counts and quantities.
    uint256 private constant WHOLE = 3 + TABLE_NUMBERS + 2 * 2 + 3 * 4;

    function take(ITables tables, uint64 words) external view returns (uint256) {
        Prices memory prices;
        prices.asOf = words;
        return this.taken(tables, prices);
    }

    function taken(ITables tables, Prices calldata prices) external view returns (uint256) {
        (Table memory table, ) = Handover.take(tables, new address[](0), prices, 0);
        return table.instance.length;
    }

    function test_anAnswerHasTheWordsOfItsTable() external {
        ITables words = ITables(address(new Words()));
        vm.assertEq(this.take(words, uint64(WHOLE)), 1 + 5 * 4, "words");
        for (uint64 size = 0; size < 2 * WHOLE; size++) {
            if (size == WHOLE) continue;
            (bool done, ) = address(this).call(abi.encodeCall(this.take, (words, size)));
            vm.assertTrue(!done, "an answer of another length");
        }
    }

    function test_whatHasNoCodeMakesNoTable() external {
        address none = address(0xdead);
        bytes memory expected = abi.encodeWithSelector(Handover.NoTable.selector, none);
        (bool done, bytes memory got) = address(this).call(
            abi.encodeCall(this.take, (ITables(none), 0))
        );
        vm.assertTrue(!done && keccak256(got) == keccak256(expected), "no code");
        new Evaluator(ITables(none));
    }
}
