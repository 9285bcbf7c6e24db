// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {IERC165} from "@openzeppelin/contracts/utils/introspection/IERC165.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

import {Solvency} from "../Solvency.sol";
import {IAggregatorV3} from "../interfaces/IAggregatorV3.sol";
import {IFeeds} from "../interfaces/IFeeds.sol";
import {ISolvencyProof} from "../interfaces/ISolvencyProof.sol";
import {ISolvencyRegistry, Record, State} from "../interfaces/ISolvencyRegistry.sol";
import {ProgramHead} from "./ProgramHead.sol";

/// In what a venue's figures are told.
struct Telling {
    /// The feed of the price of ETH in the quote currency; the venue must have it listed.
    IAggregatorV3 feed;
    /// The price's name, hashed: `keccak256("ETH")`.
    bytes32 price;
    /// The name of the rules' quote currency, hashed.
    bytes32 quote;
    /// The address that stands for the quote currency: a token of it, or one by convention.
    address token;
    /// Its decimals, at most 38.
    uint8 decimals;
    /// The least ratio that is solvent, in 1/10,000; at least 10,000.
    uint64 minRatio;
    /// The worst state in which assets are shown: `Healthy` or `Warning`.
    State worst;
}

/// @title A venue's solvency by ERC-7893
/// @notice Anyone may `update` it from the registry's latest attestation; nobody else can, and
/// nobody has a word in the figures: the authorised oracle of the standard is this contract alone.
/// The one asset is all reserves, and the one liability all that is owed, at the attestation's
/// prices at mark, in the quote currency; that is what the registry proves. Values are in ETH at
/// the feed's latest answer, reserves rounded down and what is owed rounded up.
///
/// Assets count 0, and with them the ratio, while the venue's state is worse than `WORST`, and from
/// a newer attestation until somebody updates. The ratio falls without a transaction.
///
/// History: one entry each time an update finds a new attestation, or finds assets shown that were
/// not or the other way round; the last 512 entries are kept. An entry is what was shown then, but
/// for one whose attestation was revoked since, itself or by its rules or its verifier: its assets
/// count 0.
contract ProtocolSolvency is ISolvencyProof, IERC165 {
    uint256 private constant SCALE = 10_000;
    uint256 private constant CRITICAL = 10_500;
    uint256 private constant HIGH_RISK = 11_000;
    uint256 private constant WARNING = 12_000;
    /// @notice The number of entries of history that are kept.
    uint256 public constant RETENTION = 512;

    struct Entry {
        uint64 timestamp;
        uint64 round;
        uint64 asOf;
        bool isShown;
        uint128 assets;
        uint128 assetsInEth;
        uint128 owed;
        uint128 owedInEth;
        bytes32 rules;
        address verifier;
    }

    /// @notice The registry that has the attestations.
    /// @return Its address.
    ISolvencyRegistry public immutable REGISTRY;
    /// @notice The venue whose attestations these are.
    /// @return Its id in the registry.
    bytes32 public immutable VENUE;
    /// @notice The feed of the price of ETH.
    /// @return Its address.
    IAggregatorV3 public immutable FEED;
    /// @notice The name of that price, hashed.
    /// @return keccak256 of the name.
    bytes32 public immutable PRICE;
    /// @notice The name of the quote currency, hashed.
    /// @return keccak256 of the name.
    bytes32 public immutable QUOTE;
    /// @notice The address that stands for the quote currency.
    /// @return Its address.
    address public immutable TOKEN;
    /// @notice The decimals of amounts.
    /// @return The number.
    uint8 public immutable DECIMALS;
    /// @notice The least ratio that is solvent.
    /// @return 1/10,000.
    uint64 public immutable MIN_RATIO;
    /// @notice The worst state in which assets are shown.
    /// @return The state.
    State public immutable WORST;

    Entry private _current;
    Entry[RETENTION] private _history;
    uint256 private _entries;

    /// @notice Only this contract itself updates assets and liabilities; call `update`.
    error NotAuthorizedOracle(address caller);
    /// @notice The lists have not one entry each, of the quote currency.
    error OtherLists();
    /// @notice That is not the latest attestation of the venue, or not its record.
    error OtherRecord(uint64 round, uint64 latest);
    /// @notice The venue does not list the feed, or does not yet or no longer.
    error FeedNotRegistered(address feed);
    /// @notice The feed's answer is no price, at its clamp, or older than its heartbeat.
    error FeedDoesNotAnswer(int256 answer, uint256 updatedAt);
    /// @notice The feed answers in other decimals than when the venue listed it.
    error OtherDecimals(uint8 decimals, uint8 expected);
    /// @notice The rollup's sequencer is down, or not up for long enough.
    error SequencerDown(address sequencer);
    /// @notice The rules of the attestation are in another quote currency.
    error OtherQuote(bytes32 quote, bytes32 expected);
    /// @notice A parameter is out of its range; see `Telling`.
    error OutOfRange();

    /// @param registry The registry.
    /// @param venue The venue's id in the registry.
    /// @param telling In what its figures are told.
    constructor(ISolvencyRegistry registry, bytes32 venue, Telling memory telling) {
        bool isState = telling.worst == State.Healthy || telling.worst == State.Warning;
        bool isCode = address(registry).code.length != 0 && address(telling.feed).code.length != 0;
        bool isRange = telling.minRatio >= SCALE && telling.decimals <= 38;
        if (!isState || !isCode || !isRange) revert OutOfRange();
        REGISTRY = registry;
        VENUE = venue;
        FEED = telling.feed;
        PRICE = telling.price;
        QUOTE = telling.quote;
        TOKEN = telling.token;
        DECIMALS = telling.decimals;
        MIN_RATIO = telling.minRatio;
        WORST = telling.worst;
    }

    /// @notice Takes over the registry's latest attestation, at the feed's price of ETH now.
    /// Anyone.
    /// @param round Its number in the registry.
    /// @param record Its record, as in the event `Attested`.
    function update(uint64 round, Record calldata record) external {
        ISolvencyRegistry.Verdict memory verdict = REGISTRY.latest(VENUE);
        bytes32 hash = REGISTRY.recordHash(VENUE, round);
        bool isLatest = round != 0 && round == verdict.round;
        if (!isLatest || hash != keccak256(abi.encode(record))) {
            revert OtherRecord(round, verdict.round);
        }
        Entry memory entry = _entryOf(round, record, _isAccepted(verdict.state));
        (bool isFirst, bool wasShown) = (_current.round != round, _current.isShown);
        _current = entry;
        ISolvencyProof self = ISolvencyProof(address(this));
        self.updateAssets(_one(TOKEN), _list(entry.assets), _list(entry.assetsInEth));
        self.updateLiabilities(_one(TOKEN), _list(entry.owed), _list(entry.owedInEth));
        if (isFirst || wasShown != entry.isShown) {
            _history[_entries % RETENTION] = entry;
            _entries++;
        }
        _alert(_ratio(entry));
    }

    /// @inheritdoc ISolvencyProof
    function updateAssets(
        address[] calldata tokens,
        uint256[] calldata amounts,
        uint256[] calldata values
    ) external {
        _requireUpdate(tokens, amounts, values);
        _current.assets = SafeCast.toUint128(amounts[0]);
        _current.assetsInEth = SafeCast.toUint128(values[0]);
        _updated();
    }

    /// @inheritdoc ISolvencyProof
    function updateLiabilities(
        address[] calldata tokens,
        uint256[] calldata amounts,
        uint256[] calldata values
    ) external {
        _requireUpdate(tokens, amounts, values);
        _current.owed = SafeCast.toUint128(amounts[0]);
        _current.owedInEth = SafeCast.toUint128(values[0]);
        _updated();
    }

    /// @inheritdoc ISolvencyProof
    function getProtocolAssets() external view returns (ProtocolAssets memory) {
        return _assets(_now());
    }

    /// @inheritdoc ISolvencyProof
    function getProtocolLiabilities() external view returns (ProtocolLiabilities memory) {
        return _liabilities(_now());
    }

    /// @inheritdoc ISolvencyProof
    /// @dev 0 while nothing is shown; the largest number if nothing is owed.
    function getSolvencyRatio() external view returns (uint256) {
        return _ratio(_now());
    }

    /// @inheritdoc ISolvencyProof
    function verifySolvency() external view returns (bool isSolvent, uint256 healthFactor) {
        healthFactor = _ratio(_now());
        return (healthFactor >= MIN_RATIO, healthFactor);
    }

    /// @inheritdoc ISolvencyProof
    function getSolvencyHistory(
        uint256 startTime,
        uint256 endTime
    )
        external
        view
        returns (
            uint256[] memory timestamps,
            uint256[] memory ratios,
            ProtocolAssets[] memory assets,
            ProtocolLiabilities[] memory liabilities
        )
    {
        uint256 from = _entries > RETENTION ? _entries - RETENTION : 0;
        // Times do not decrease from entry to entry.
        while (from < _entries && _history[from % RETENTION].timestamp < startTime) from++;
        uint256 to = from;
        while (to < _entries && _history[to % RETENTION].timestamp <= endTime) to++;
        timestamps = new uint256[](to - from);
        ratios = new uint256[](to - from);
        assets = new ProtocolAssets[](to - from);
        liabilities = new ProtocolLiabilities[](to - from);
        for (uint256 i = from; i < to; i++) {
            Entry memory entry = _unlessRevoked(_history[i % RETENTION]);
            timestamps[i - from] = entry.timestamp;
            ratios[i - from] = _ratio(entry);
            assets[i - from] = _assets(entry);
            liabilities[i - from] = _liabilities(entry);
        }
    }

    /// @notice Of which attestation the figures are.
    /// @return round Its number in the registry; 0 before the first update.
    /// @return asOf The time of its snapshot, in seconds since 1970.
    function shownRound() external view returns (uint64 round, uint64 asOf) {
        return (_current.round, _current.asOf);
    }

    /// @inheritdoc IERC165
    function supportsInterface(bytes4 id) external pure returns (bool) {
        return id == type(ISolvencyProof).interfaceId || id == type(IERC165).interfaceId;
    }

    function _entryOf(
        uint64 round,
        Record calldata record,
        bool isShown
    ) private view returns (Entry memory entry) {
        (uint8 digits, bytes32 quote) = ProgramHead.read(
            REGISTRY.VENUES().rulesOf(VENUE, record.rules).chunks
        );
        if (quote != QUOTE) revert OtherQuote(quote, QUOTE);
        (uint256 price, uint8 priceDecimals) = _price();
        uint256 unit = 10 ** digits;
        entry.timestamp = uint64(block.timestamp);
        (entry.round, entry.asOf, entry.isShown) = (round, record.asOf, isShown);
        (entry.rules, entry.verifier) = (record.rules, record.verifier);
        uint256 worth = isShown ? record.reserves : 0;
        entry.assets = SafeCast.toUint128(Math.mulDiv(worth, 10 ** DECIMALS, unit));
        // 10^72 and 2^128 * 10^38 at most: both below 2^256.
        (uint256 eth, uint256 quoted) = (10 ** (18 + uint256(priceDecimals)), price * unit);
        entry.assetsInEth = SafeCast.toUint128(Math.mulDiv(worth, eth, quoted));
        Math.Rounding up = Math.Rounding.Ceil;
        entry.owed = SafeCast.toUint128(Math.mulDiv(record.owed, 10 ** DECIMALS, unit, up));
        entry.owedInEth = SafeCast.toUint128(Math.mulDiv(record.owed, eth, quoted, up));
    }

    /// The price of ETH, and its decimals.
    function _price() private view returns (uint256, uint8) {
        IFeeds.Feed memory feed = _feed();
        if (feed.sequencer != address(0)) {
            (, int256 down, uint256 since, , ) = IAggregatorV3(feed.sequencer).latestRoundData();
            bool isUp = down == 0 && since != 0 && since <= block.timestamp;
            if (!isUp || block.timestamp - since <= feed.grace)
                revert SequencerDown(feed.sequencer);
        }
        uint8 decimals = FEED.decimals();
        if (decimals != feed.decimals) revert OtherDecimals(decimals, feed.decimals);
        (, int256 answer, , uint256 updatedAt, ) = FEED.latestRoundData();
        bool isPrice = answer > 0 && answer <= int256(uint256(type(uint128).max));
        bool isWithin = answer > feed.least && answer < feed.most && feed.decimals <= 54;
        bool isFresh =
            updatedAt <= block.timestamp && block.timestamp - updatedAt <= feed.heartbeat;
        if (!isPrice || !isWithin || !isFresh) revert FeedDoesNotAnswer(answer, updatedAt);
        return (uint256(answer), feed.decimals);
    }

    function _feed() private view returns (IFeeds.Feed memory) {
        IFeeds.Feed[] memory feeds = REGISTRY.FEEDS().feedsOf(VENUE);
        for (uint256 i = 0; i < feeds.length; i++) {
            IFeeds.Feed memory feed = feeds[i];
            bool isIt = feed.name == PRICE && feed.feed == address(FEED);
            bool isRemoved = feed.removedFrom != 0 && feed.removedFrom <= block.timestamp;
            if (isIt && feed.activeFrom <= block.timestamp && !isRemoved) return feed;
        }
        revert FeedNotRegistered(address(FEED));
    }

    /// What is shown now.
    function _now() private view returns (Entry memory entry) {
        entry = _current;
        ISolvencyRegistry.Verdict memory verdict = REGISTRY.latest(VENUE);
        if (verdict.round == entry.round && _isAccepted(verdict.state)) return entry;
        return _empty(entry);
    }

    function _unlessRevoked(Entry memory entry) private view returns (Entry memory) {
        bool revoked =
            REGISTRY.isRevoked(VENUE, entry.round) ||
                REGISTRY.VENUES().isRevoked(VENUE, entry.rules, entry.verifier);
        return revoked ? _empty(entry) : entry;
    }

    function _empty(Entry memory entry) private pure returns (Entry memory) {
        (entry.isShown, entry.assets, entry.assetsInEth) = (false, 0, 0);
        return entry;
    }

    function _isAccepted(State state) private view returns (bool) {
        return Solvency.severity(state) <= Solvency.severity(WORST);
    }

    function _requireUpdate(
        address[] calldata tokens,
        uint256[] calldata amounts,
        uint256[] calldata values
    ) private view {
        if (msg.sender != address(this)) revert NotAuthorizedOracle(msg.sender);
        bool isOne = tokens.length == 1 && amounts.length == 1 && values.length == 1;
        if (!isOne || tokens[0] != TOKEN) revert OtherLists();
    }

    function _updated() private {
        _current.timestamp = uint64(block.timestamp);
        Entry memory entry = _current;
        emit SolvencyMetricsUpdated(
            entry.assetsInEth,
            entry.owedInEth,
            _ratio(entry),
            block.timestamp
        );
    }

    function _alert(uint256 ratio) private {
        if (ratio < CRITICAL) emit RiskAlert("CRITICAL", ratio, CRITICAL, block.timestamp);
        else if (ratio < HIGH_RISK) emit RiskAlert("HIGH_RISK", ratio, HIGH_RISK, block.timestamp);
        else if (ratio < WARNING) emit RiskAlert("WARNING", ratio, WARNING, block.timestamp);
    }

    function _assets(Entry memory entry) private view returns (ProtocolAssets memory) {
        if (entry.round == 0) return ProtocolAssets(_none(), new uint256[](0), new uint256[](0), 0);
        uint256[] memory values = _list(entry.assetsInEth);
        return ProtocolAssets(_one(TOKEN), _list(entry.assets), values, entry.timestamp);
    }

    function _liabilities(Entry memory entry) private view returns (ProtocolLiabilities memory) {
        if (entry.round == 0) {
            return ProtocolLiabilities(_none(), new uint256[](0), new uint256[](0), 0);
        }
        uint256[] memory values = _list(entry.owedInEth);
        return ProtocolLiabilities(_one(TOKEN), _list(entry.owed), values, entry.timestamp);
    }

    function _ratio(Entry memory entry) private pure returns (uint256) {
        if (!entry.isShown) return 0;
        if (entry.owedInEth == 0) return type(uint256).max;
        return (uint256(entry.assetsInEth) * SCALE) / entry.owedInEth;
    }

    function _none() private pure returns (address[] memory) {
        return new address[](0);
    }

    function _one(address token) private pure returns (address[] memory list) {
        list = new address[](1);
        list[0] = token;
    }

    function _list(uint256 number) private pure returns (uint256[] memory list) {
        list = new uint256[](1);
        list[0] = number;
    }
}
