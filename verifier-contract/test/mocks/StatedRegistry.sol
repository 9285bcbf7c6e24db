// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {IVenues, Limits} from "../../contracts/interfaces/IVenues.sol";
import {Needs} from "../../contracts/interfaces/IEvaluator.sol";
import {IFeeds} from "../../contracts/interfaces/IFeeds.sol";
import {ISolvencyRegistry, Record, State} from "../../contracts/interfaces/ISolvencyRegistry.sol";

/// A registry whose answers a test sets. It has the functions that adapters call, by the selectors
/// of `ISolvencyRegistry`, and is its own `VENUES` and `FEEDS`.
contract StatedRegistry {
    ISolvencyRegistry.Verdict private _verdict;
    mapping(bytes32 subject => State) private _states;
    mapping(uint64 round => bytes32) private _records;
    mapping(uint64 round => bool) public revoked;
    mapping(uint64 round => uint64) public breached;
    mapping(bytes32 rules => address[]) private _chunks;
    mapping(bytes32 rules => mapping(address verifier => bool)) private _withdrawn;
    IFeeds.Feed[] private _feeds;
    State private _live;
    bool public isSilent;
    uint32 public maxAge = 1 days;

    error MockIsSilent();
    error MockOtherRecord();

    function set(ISolvencyRegistry.Verdict calldata verdict) external {
        _verdict = verdict;
    }

    /// Sets the state alone.
    function setState(State state) external {
        _verdict.state = state;
    }

    function setStateFor(bytes32 subject, State state) external {
        _states[subject] = state;
    }

    /// Appends a record as the latest, and healthy.
    function append(Record calldata record) external returns (uint64 round) {
        round = _verdict.round + 1;
        _records[round] = keccak256(abi.encode(record));
        _verdict = ISolvencyRegistry.Verdict(
            State.Healthy,
            round,
            record.sequence,
            record.asOf,
            record.coverageBps,
            record.failing,
            record.faults,
            record.rules,
            false
        );
    }

    function setFound(uint64 round, bool revoked_, uint64 breachedAt_) external {
        (revoked[round], breached[round]) = (revoked_, breachedAt_);
    }

    /// Retires rules, or freezes a verifier.
    function withdraw(bytes32 rules, address verifier) external {
        _withdrawn[rules][verifier] = true;
    }

    function setMaxAge(uint32 maxAge_) external {
        maxAge = maxAge_;
    }

    function setSilent(bool silent) external {
        isSilent = silent;
    }

    function setChunks(bytes32 rules, address[] calldata chunks) external {
        _chunks[rules] = chunks;
    }

    function setFeed(IFeeds.Feed calldata feed) external {
        delete _feeds;
        _feeds.push(feed);
    }

    function latest(bytes32) external view returns (ISolvencyRegistry.Verdict memory) {
        if (isSilent) revert MockIsSilent();
        return _verdict;
    }

    function stateOf(bytes32) external view returns (State) {
        if (isSilent) revert MockIsSilent();
        return _verdict.state;
    }

    function stateFor(bytes32, bytes32 subject) external view returns (State) {
        if (isSilent) revert MockIsSilent();
        return _states[subject] == State.None ? _verdict.state : _states[subject];
    }

    function setLive(State state) external {
        _live = state;
    }

    /// What a test set, of the record that a test appended last.
    function liveStateOf(
        bytes32,
        Record calldata record,
        Needs calldata
    ) external view returns (State) {
        if (keccak256(abi.encode(record)) != _records[_verdict.round]) revert MockOtherRecord();
        return _live;
    }

    function recordHash(bytes32, uint64 round) external view returns (bytes32) {
        return _records[round];
    }

    function isRevoked(bytes32, uint64 round) external view returns (bool) {
        return revoked[round];
    }

    /// As `VENUES` says it.
    function isRevoked(bytes32, bytes32 rules, address verifier) external view returns (bool) {
        return _withdrawn[rules][verifier];
    }

    function breachedAt(bytes32, uint64 round) external view returns (uint64) {
        return breached[round];
    }

    function VENUES() external view returns (address) {
        return address(this);
    }

    function FEEDS() external view returns (address) {
        return address(this);
    }

    function limitsOf(bytes32) external view returns (Limits memory limits) {
        limits.maxAge = maxAge;
    }

    function rulesOf(bytes32, bytes32 rules) external view returns (IVenues.Rules memory found) {
        found.chunks = _chunks[rules];
    }

    function feedsOf(bytes32) external view returns (IFeeds.Feed[] memory) {
        return _feeds;
    }
}
