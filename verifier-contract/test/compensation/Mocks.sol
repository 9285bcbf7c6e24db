// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Ids} from "../../contracts/Ids.sol";
import {IReserves} from "../../contracts/interfaces/IReserves.sol";
import {ISolvencyRegistry, Record, State} from "../../contracts/interfaces/ISolvencyRegistry.sol";
import {AppendedVolume, Statement, Worth} from "../../contracts/interfaces/IStatementVerifier.sol";
import {IVenues, Limits} from "../../contracts/interfaces/IVenues.sol";

/// A registry of one venue, and all its parts, whose facts a test sets.
contract MockRegistry {
    address public owner;
    State public state;
    ISolvencyRegistry.Verdict private _latest;
    mapping(uint64 round => bytes32) private _hashes;
    mapping(uint64 round => uint64) private _breached;
    mapping(uint64 round => uint64) private _revoked;
    address[] private _members;
    uint64[] private _activeFrom;
    uint8 private _threshold;
    uint64 private _thresholdFrom;
    IReserves.Reserve[] private _reserves;
    mapping(bytes32 signed => bool) private _signed;
    uint64 public delay = 2 days;
    address public program;
    uint32 public maxAge = 1 days;
    uint32 public minDistance;
    mapping(address observer => bool) private _ejected;
    bool public retired;

    constructor(address owner_) {
        owner = owner_;
    }

    function append(uint64 round, Record calldata record) external {
        _hashes[round] = keccak256(abi.encode(record));
        _latest.round = round;
        _latest.asOf = record.asOf;
        _latest.failing = record.failing;
        _latest.faults = record.faults;
        if (record.failing != 0) _breached[round] = record.appendedAt;
        state = record.failing != 0 ? State.Breach : State.Healthy;
        if (record.failing == 0 && record.faults != 0) state = State.Warning;
    }

    function setState(State state_) external {
        state = state_;
    }

    function breach(uint64 round) external {
        _breached[round] = uint64(block.timestamp);
        state = State.Breach;
    }

    function revoke(uint64 round) external {
        _revoked[round] = uint64(block.timestamp);
        if (_latest.round == round) (_latest.revoked, state) = (true, State.Breach);
    }

    function observe(address member, uint8 threshold) external {
        _members.push(member);
        _activeFrom.push(uint64(block.timestamp));
        if (threshold != _threshold) _thresholdFrom = uint64(block.timestamp);
        _threshold = threshold;
    }

    function eject(address member) external {
        _ejected[member] = true;
    }

    function limit(uint64 delay_, uint32 maxAge_, uint32 minDistance_) external {
        (delay, maxAge, minDistance) = (delay_, maxAge_, minDistance_);
    }

    function list(IReserves.Reserve calldata reserve) external {
        _reserves.push(reserve);
    }

    function latest(bytes32) external view returns (ISolvencyRegistry.Verdict memory) {
        return _latest;
    }

    function stateOf(bytes32) external view returns (State) {
        return state;
    }

    function recordHash(bytes32, uint64 round) external view returns (bytes32) {
        return _hashes[round];
    }

    function breachedAt(bytes32, uint64 round) external view returns (uint64) {
        return _breached[round];
    }

    function revokedAt(bytes32, uint64 round) external view returns (uint64) {
        return _revoked[round];
    }

    // The parts.

    function VENUES() external view returns (address) {
        return address(this);
    }

    function RESERVES() external view returns (address) {
        return address(this);
    }

    function OBSERVERS() external view returns (address) {
        return address(this);
    }

    function venueOf(bytes32) external view returns (IVenues.VenueView memory venue) {
        venue.owner = owner;
    }

    function delayOf(bytes32) external view returns (uint64) {
        return delay;
    }

    function limitsOf(bytes32) external view returns (Limits memory limits) {
        limits.maxAge = maxAge;
        limits.minDistance = minDistance;
    }

    function requireOwner(bytes32, address caller) external view {
        if (caller != owner) revert IVenues.NotOwner(caller);
    }

    function reservesOf(bytes32) external view returns (IReserves.Reserve[] memory) {
        return _reserves;
    }

    function accept(bytes32, address token, address custodian) external {
        require(msg.sender == custodian, "custodian");
        for (uint256 i = 0; i < _reserves.length; ++i) {
            if (_reserves[i].token == token) _reserves[i].accepted = true;
        }
    }

    function observedAt(bytes32, address member, uint64 time) external view returns (bool) {
        for (uint256 i = 0; i < _members.length; ++i) {
            if (_members[i] == member) return _activeFrom[i] < time && !_ejected[member];
        }
        return false;
    }

    function thresholdAt(bytes32, uint64 time) external view returns (uint8) {
        return _thresholdFrom < time ? _threshold : 0;
    }

    /// Whether rules or verifiers were revoked.
    function isRevoked(bytes32, bytes32, address) external view returns (bool) {
        return retired;
    }

    function retire() external {
        retired = true;
    }

    /// The rules' program, if there is one.
    function rulesOf(bytes32, bytes32) external view returns (IVenues.Rules memory rules) {
        if (program == address(0)) return rules;
        rules.chunks = new address[](1);
        rules.chunks[0] = program;
    }

    function setProgram(address program_) external {
        program = program_;
    }
}

/// A verifier, of which a fund asks the key.
contract MockKeyed {
    bytes32 public KEY;

    constructor(bytes32 key) {
        KEY = key;
    }
}

/// Checks of statements whose answers a test sets, and of one attestation alone.
contract MockStatements {
    address public VOLUMES;
    bytes32 public KEY = keccak256("key");
    mapping(bytes32 owner => Worth) private _worths;

    constructor(address volumes) {
        VOLUMES = volumes;
    }

    function set(string calldata id, uint256 equity, uint256 shortfall) external {
        _worths[Ids.ownerOf(id)] = Worth(equity, shortfall);
    }

    function check(
        AppendedVolume calldata volume,
        Statement calldata statement
    ) external view returns (Worth memory, bool) {
        bytes32 hash = keccak256(abi.encode(volume.record));
        require(
            MockRegistry(VOLUMES).recordHash(volume.venue, volume.round) == hash,
            "another record"
        );
        bool revoked = MockRegistry(VOLUMES).revokedAt(0, volume.round) != 0;
        return (_worths[Ids.ownerOf(statement.id)], revoked);
    }
}

/// A token that can call its receiver back, refuse, or say nothing.
contract MockMoney {
    uint8 public decimals;
    bool public mute;
    bool public refuses;
    address public called;
    bytes public callback;
    mapping(address => uint256) private _balances;

    constructor(uint8 decimals_) {
        decimals = decimals_;
    }

    function mint(address to, uint256 amount) external {
        _balances[to] += amount;
    }

    function burn(address from, uint256 amount) external {
        _balances[from] -= amount;
    }

    function turn(bool mute_, bool refuses_) external {
        (mute, refuses) = (mute_, refuses_);
    }

    function callBack(address to, bytes calldata data) external {
        (called, callback) = (to, data);
    }

    function balanceOf(address account) external view returns (uint256) {
        require(!mute, "mute");
        return _balances[account];
    }

    function transfer(address to, uint256 amount) external returns (bool) {
        require(!refuses, "refuses");
        _balances[msg.sender] -= amount;
        _balances[to] += amount;
        if (called != address(0)) {
            (bool done, ) = called.call(callback);
            require(!done, "called back");
        }
        return true;
    }
}
