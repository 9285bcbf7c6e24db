// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {ProgramHead} from "./adapters/ProgramHead.sol";
import {ISolvencyRegistry, State} from "./interfaces/ISolvencyRegistry.sol";
import {ISolvencySource} from "./interfaces/ISolvencySource.sol";
import {IVenues} from "./interfaces/IVenues.sol";

/// @title Asks registries and sources that may answer anything
/// @notice For views that must not revert, whoever stands behind an address: a contract without
/// code, one that reverts, burns gas, or answers too little, too much or what is of another type.
/// Each question gets at most `GAS`, and of an answer no more is copied than it can have. What is
/// no answer is told apart from one; so is one that ran out of gas because its caller gave too
/// little, so nothing that harms anyone should hang on there being none.
library SolvencyAnswers {
    /// The gas of each question; a registry of this version needs less than a fifth of it.
    uint256 internal constant GAS = 500_000;

    // The bytes of `ISolvencyRegistry.Verdict`.
    uint256 private constant VERDICT = 9 * 32;
    // Before the chunks of `IVenues.Rules`, and the most chunks that rules have.
    uint256 private constant RULES = 6 * 32;
    uint256 private constant MAX_CHUNKS = 256;

    /// @notice Asks a registry for a venue's verdict.
    /// @param registry The registry.
    /// @param venue The venue's id in it.
    /// @return answered Whether there is one.
    /// @return verdict The verdict.
    function verdictOf(
        ISolvencyRegistry registry,
        bytes32 venue
    ) internal view returns (bool answered, ISolvencyRegistry.Verdict memory verdict) {
        bytes memory answer;
        (answered, answer) = _ask(
            address(registry),
            abi.encodeCall(ISolvencyRegistry.latest, (venue)),
            VERDICT
        );
        if (!answered) return (false, verdict);
        uint256[9] memory words = abi.decode(answer, (uint256[9]));
        // Round, sequence, time and coverage have 64 bits, faults 16.
        bool isNarrow =
            (words[1] | words[2] | words[3] | words[4]) >> 64 == 0 && words[6] >> 16 == 0;
        answered = _isState(words[0]) && isNarrow && words[8] < 2;
        if (answered) verdict = abi.decode(answer, (ISolvencyRegistry.Verdict));
    }

    /// @notice Asks a registry for the state of an asset or market of a venue.
    /// @param registry The registry.
    /// @param venue The venue's id in it.
    /// @param subject keccak256 of its name in the rules.
    /// @return answered Whether there is an answer.
    /// @return state The state.
    function stateFor(
        ISolvencyRegistry registry,
        bytes32 venue,
        bytes32 subject
    ) internal view returns (bool answered, State state) {
        bytes memory answer;
        (answered, answer) = _ask(
            address(registry),
            abi.encodeCall(ISolvencyRegistry.stateFor, (venue, subject)),
            32
        );
        if (!answered) return (false, state);
        uint256 word = abi.decode(answer, (uint256));
        return _isState(word) ? (true, State(word)) : (false, state);
    }

    /// @notice Asks a source which registry and venue count.
    /// @param source The source.
    /// @return registry The registry; 0 if there is no answer.
    /// @return venue The venue's id in it.
    function sourceOf(
        ISolvencySource source
    ) internal view returns (ISolvencyRegistry registry, bytes32 venue) {
        (bool answered, bytes memory answer) = _ask(
            address(source),
            abi.encodeCall(ISolvencySource.source, ()),
            64
        );
        if (!answered) return (registry, venue);
        (uint256 word, bytes32 id) = abi.decode(answer, (uint256, bytes32));
        return word >> 160 == 0 ? (ISolvencyRegistry(address(uint160(word))), id) : (registry, id);
    }

    /// @notice The number of clauses of rules.
    /// @param registry The registry.
    /// @param venue The venue's id in it.
    /// @param rules The rules' hash.
    /// @return At most 65,535; 0 where the rules are not known, their program is not as it was
    /// announced, or it is one of another version.
    function clausesOf(
        ISolvencyRegistry registry,
        bytes32 venue,
        bytes32 rules
    ) internal view returns (uint256) {
        (bool answered, bytes memory answer) = _ask(
            address(registry),
            abi.encodeCall(ISolvencyRegistry.VENUES, ()),
            32
        );
        if (!answered) return 0;
        uint256 word = abi.decode(answer, (uint256));
        if (word >> 160 != 0) return 0;
        (answered, answer) = _ask(
            address(uint160(word)),
            abi.encodeCall(IVenues.rulesOf, (venue, rules)),
            RULES + 32 * MAX_CHUNKS
        );
        return answered ? _clauses(answer) : 0;
    }

    /// What `rulesOf` answers: an offset, four members of which the last is an offset too, and the
    /// chunks. Read by words, since decoding could revert.
    function _clauses(bytes memory answer) private view returns (uint256) {
        if (answer.length < RULES || _word(answer, 0) != 32 || _word(answer, 4) != 128) return 0;
        uint256 count = _word(answer, 5);
        if (count > MAX_CHUNKS || answer.length < RULES + 32 * count) return 0;
        address[] memory chunks = new address[](count);
        for (uint256 i = 0; i < count; ++i) chunks[i] = address(uint160(_word(answer, 6 + i)));
        return ProgramHead.clauses(chunks);
    }

    function _word(bytes memory answer, uint256 index) private pure returns (uint256 word) {
        assembly ("memory-safe") {
            word := mload(add(add(answer, 0x20), mul(index, 0x20)))
        }
    }

    function _isState(uint256 word) private pure returns (bool) {
        return word <= uint256(type(State).max);
    }

    /// Asks, and copies at most so many bytes. No answer is one of less than a word, or of fewer
    /// bytes than a question of fixed size has.
    function _ask(
        address asked,
        bytes memory question,
        uint256 most
    ) private view returns (bool answered, bytes memory answer) {
        if (asked.code.length == 0) return (false, answer);
        answer = new bytes(most);
        uint256 gas_ = GAS;
        uint256 size;
        assembly ("memory-safe") {
            answered := staticcall(
                gas_,
                asked,
                add(question, 0x20),
                mload(question),
                add(answer, 0x20),
                most
            )
            size := returndatasize()
            if lt(size, most) {
                mstore(answer, size)
            }
        }
        bool isFixed = most <= VERDICT;
        if (isFixed && size < most) answered = false;
    }
}
