// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Solvency} from "./Solvency.sol";
import {IAggregatorV3} from "./interfaces/IAggregatorV3.sol";
import {Fault, ISolvencyRegistry, Record, State} from "./interfaces/ISolvencyRegistry.sol";

/// How a feed writes coverage.
struct Scale {
    /// The decimals of an answer; at most 38.
    uint8 decimals;
    /// The answer at a coverage of 1; above 0.
    uint128 whole;
    /// The largest answer; where nothing is owed, the answer is this. At least `whole`.
    uint128 most;
}

/// @title A venue's coverage as a price oracle
/// @notice For circuit breakers that read oracles but know no registry. A round is an attestation,
/// by its number in the registry, from 1; its time is that of the snapshot. The answer is the
/// coverage, reserves divided by what is owed, and 0 while the venue's state is worse than `WORST`:
/// any limit above 0 then trips the breaker. It falls to 0 within a round, and without a
/// transaction: whoever keeps answers by their round does not see that. Before the first
/// attestation everything is 0.
///
/// With `whole` = 10^8 and 8 decimals it is a ratio. With an amount of a token as `whole` and as
/// `most` it is the supply that a venue may stand behind, for what compares a supply with reserves.
contract CoverageFeed is IAggregatorV3 {
    uint256 private constant BPS = 10_000;
    uint8 private constant MAX_DECIMALS = 38;
    /// @notice The registry that has the attestations.
    /// @return Its address.
    ISolvencyRegistry public immutable REGISTRY;
    /// @notice The venue whose attestations these are.
    /// @return Its id in the registry.
    bytes32 public immutable VENUE;
    /// @notice The worst state in which the answer is not 0: `Healthy` or `Warning`.
    /// @return The state.
    State public immutable WORST;
    /// @notice The answer at a coverage of 1.
    /// @return The answer.
    uint128 public immutable WHOLE;
    /// @notice The largest answer.
    /// @return The answer.
    uint128 public immutable MOST;

    /// @inheritdoc IAggregatorV3
    uint8 public immutable decimals;
    /// @inheritdoc IAggregatorV3
    string public constant description = "Coverage of what is owed by reserves";
    /// @inheritdoc IAggregatorV3
    uint256 public constant version = 2;

    /// @notice A registry keeps hashes: of rounds before the latest ask `roundOf`, with the record.
    error NoRound(uint80 roundId, uint64 latest);
    /// @notice That is not the record of this round; the event `Attested` has it.
    error OtherRecord(bytes32 record, bytes32 expected);
    /// @notice A feed answers above 0 while `Healthy`, or `Warning` as well, and in no other state.
    error AcceptsTooMuch(State worst);
    /// @notice `whole` must be above 0 and at most `most`.
    error ScaleOutOfRange(uint128 whole, uint128 most);
    /// @notice A reader could not hold the power of ten.
    error DecimalsOutOfRange(uint8 decimals, uint8 most);
    /// @notice There is no contract at the registry's address.
    error NoRegistry(address registry);

    /// @param registry The registry.
    /// @param venue The venue's id in the registry.
    /// @param worst The worst state in which the answer is not 0.
    /// @param scale How to write coverage.
    constructor(ISolvencyRegistry registry, bytes32 venue, State worst, Scale memory scale) {
        if (address(registry).code.length == 0) revert NoRegistry(address(registry));
        if (worst != State.Healthy && worst != State.Warning) revert AcceptsTooMuch(worst);
        if (scale.whole == 0 || scale.whole > scale.most) {
            revert ScaleOutOfRange(scale.whole, scale.most);
        }
        if (scale.decimals > MAX_DECIMALS) {
            revert DecimalsOutOfRange(scale.decimals, MAX_DECIMALS);
        }
        REGISTRY = registry;
        VENUE = venue;
        WORST = worst;
        WHOLE = scale.whole;
        MOST = scale.most;
        decimals = scale.decimals;
    }

    /// @inheritdoc IAggregatorV3
    function latestRoundData()
        public
        view
        returns (uint80 id, int256 answer, uint256 startedAt, uint256 updatedAt, uint80 answeredIn)
    {
        ISolvencyRegistry.Verdict memory verdict = REGISTRY.latest(VENUE);
        if (verdict.round == 0) return (0, 0, 0, 0, 0);
        bool isShown = Solvency.severity(verdict.state) <= Solvency.severity(WORST);
        answer = isShown ? _answer(verdict.coverageBps) : int256(0);
        return (verdict.round, answer, verdict.asOf, verdict.asOf, verdict.round);
    }

    /// @inheritdoc IAggregatorV3
    /// @dev The latest round alone; see `roundOf`.
    function getRoundData(
        uint80 roundId
    ) external view returns (uint80 id, int256 answer, uint256, uint256 updatedAt, uint80) {
        (id, answer, , updatedAt, ) = latestRoundData();
        if (id == 0 || id != roundId) revert NoRound(roundId, uint64(id));
        return (id, answer, updatedAt, updatedAt, id);
    }

    /// @notice The answer of any round, for its history, by what is known of it now. 0 for an
    /// attestation that fails, that was revoked, itself or by its rules or its verifier, or that was
    /// found in breach; and where `WORST` is `Healthy`, for one whose reserves were not marked or
    /// not readable. Says nothing of how the venue stands now, nor of pauses, age, bands and
    /// shortages within the tolerance in its time.
    /// @param round The attestation's number in the registry.
    /// @param record Its record.
    /// @return answer The answer.
    /// @return updatedAt The time of the snapshot, in seconds since 1970.
    function roundOf(
        uint64 round,
        Record calldata record
    ) external view returns (int256 answer, uint256 updatedAt) {
        bytes32 expected = REGISTRY.recordHash(VENUE, round);
        bytes32 hash = keccak256(abi.encode(record));
        if (hash != expected) revert OtherRecord(hash, expected);
        bool failed = record.failing != 0 || _isDoubted(record.faults);
        if (failed || _isRevoked(round, record)) return (0, record.asOf);
        if (REGISTRY.breachedAt(VENUE, round) != 0) return (0, record.asOf);
        return (_answer(record.coverageBps), record.asOf);
    }

    function _isRevoked(uint64 round, Record calldata record) private view returns (bool) {
        if (REGISTRY.isRevoked(VENUE, round)) return true;
        return REGISTRY.VENUES().isRevoked(VENUE, record.rules, record.verifier);
    }

    /// Whether faults that no time heals are worse than what is accepted.
    function _isDoubted(uint16 faults) private view returns (bool) {
        if (faults & (1 << uint256(Fault.Prices)) != 0) return true;
        if (WORST != State.Healthy) return false;
        uint256 doubts = (1 << uint256(Fault.Unmarked)) | (1 << uint256(Fault.Unreadable));
        return faults & doubts != 0;
    }

    function _answer(uint64 coverageBps) private view returns (int256) {
        // 192 bits at most.
        uint256 answer = (uint256(coverageBps) * WHOLE) / BPS;
        return int256(answer < MOST ? answer : MOST);
    }
}
