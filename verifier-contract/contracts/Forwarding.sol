// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {AssetLeftOut, Header, Prices, Refused, Rounded, Submission, Volume} from "./Submission.sol";
import {Aside, Bound, IEvaluator, Outcome} from "./interfaces/IEvaluator.sol";
import {Holding} from "./interfaces/IReserves.sol";
import {ISolvencyRegistry} from "./interfaces/ISolvencyRegistry.sol";
import {IVolumeVerifier} from "./interfaces/IVolumeVerifier.sol";

/// @title Hands the arguments of a submission on to the evaluator
/// @notice As the bytes that they came in, behind a longer head: encoding them again costs more than
/// copying them.
library Forwarding {
    // The words of the head of a submission's arguments, and of those of the evaluator.
    uint256 private constant HEAD = 3;
    uint256 private constant EVALUATOR_HEAD = 10;

    /// @notice Asks the evaluator for all that it computes from a submission. Reverts as the evaluator
    /// does, or with `OffsetBackwards`.
    /// @param evaluator The evaluator.
    /// @param submission The first argument of this call.
    /// @param volumes The second of its three.
    /// @param chunks The contracts whose code is the program.
    /// @param holdings What reserves count.
    /// @param aside What else the registry knows.
    /// @return answer The evaluator's answer as it is.
    function ask(
        IEvaluator evaluator,
        Submission calldata submission,
        Volume[] calldata volumes,
        address[] memory chunks,
        Holding[] memory holdings,
        Aside memory aside
    ) internal view returns (bytes memory answer) {
        _requireForward(submission, volumes);
        // The compiler compares its type, so that what is written below is what it takes.
        function(
            Submission memory,
            Volume[] memory,
            address[] memory,
            IVolumeVerifier,
            Holding[] memory,
            Aside memory
        ) external view returns (Bound memory, bytes32[] memory, Outcome memory) all = evaluator
                .evaluateAll;
        bytes memory data = _arguments(
            all.selector,
            submission.verifier,
            abi.encode(chunks, holdings),
            aside
        );
        bool done;
        (done, answer) = address(evaluator).staticcall(data);
        if (done) return answer;
        // The evaluator's error as it is.
        assembly ("memory-safe") {
            revert(add(answer, 0x20), mload(answer))
        }
    }

    // A call of the evaluator with the arguments of this call behind its head, and behind them what
    // it takes besides: the encoding of the list of chunks and that of holdings, `lists`.
    function _arguments(
        bytes4 selector,
        address verifier,
        bytes memory lists,
        Aside memory aside
    ) private pure returns (bytes memory) {
        (uint256 first, uint256 second) = abi.decode(lists, (uint256, uint256));
        // The arguments' own head is left out; what they have behind it moves by the difference.
        uint256 behind = 32 * (EVALUATOR_HEAD - HEAD) + msg.data.length - 4;
        bytes memory head = abi.encode(
            uint256(bytes32(msg.data[4:36])) + 32 * (EVALUATOR_HEAD - HEAD),
            uint256(bytes32(msg.data[36:68])) + 32 * (EVALUATOR_HEAD - HEAD),
            behind + first,
            verifier,
            behind + second,
            aside
        );
        return bytes.concat(selector, head, msg.data[4 + 32 * HEAD:], lists);
    }

    // Reverts where a part that both this contract and the evaluator read could lie in the head of
    // the arguments, which is another for the evaluator, and so would the part be. Behind their end
    // each reverts by itself.
    function _requireForward(
        Submission calldata submission,
        Volume[] calldata volumes
    ) private pure {
        uint256 start = 4 + 32 * HEAD;
        bool forward;
        // The length of a list is in the word before its elements.
        assembly ("memory-safe") {
            let least := sub(start, 1)
            forward := and(gt(submission, least), gt(volumes.offset, add(least, 32)))
        }
        forward = forward && _isHeaderForward(submission, submission.header);
        forward = forward && _arePricesForward(submission, submission.prices);
        if (!forward) revert ISolvencyRegistry.OffsetBackwards();
    }

    // Whether a header and its lists are behind the submission and the header.
    function _isHeaderForward(
        Submission calldata submission,
        Header calldata header
    ) private pure returns (bool forward) {
        AssetLeftOut[] calldata leftOut = header.leftOut;
        Rounded[] calldata rounded = header.rounded;
        assembly ("memory-safe") {
            // The length of a list is in the word before its elements, and behind the header too.
            let least := add(header, 31)
            forward := and(sgt(leftOut.offset, least), sgt(rounded.offset, least))
            forward := and(forward, sgt(header, submission))
        }
    }

    // Whether prices and their lists are behind the submission and the prices.
    function _arePricesForward(
        Submission calldata submission,
        Prices calldata prices
    ) private pure returns (bool forward) {
        bytes calldata list = prices.list;
        Refused[] calldata refused = prices.refused;
        bytes calldata volatilities = prices.volatilities;
        bytes calldata steps = prices.steps;
        assembly ("memory-safe") {
            let least := add(prices, 31)
            forward := and(sgt(list.offset, least), sgt(refused.offset, least))
            forward := and(forward, sgt(volatilities.offset, least))
            forward := and(forward, sgt(steps.offset, least))
            forward := and(forward, sgt(prices, submission))
        }
    }
}
