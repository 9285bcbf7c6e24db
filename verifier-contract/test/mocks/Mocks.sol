// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import "../../contracts/Submission.sol";
import "../../contracts/interfaces/IEvaluator.sol";
import {Figures} from "../../contracts/interfaces/ISolvencyRegistry.sol";
import {IFeeds} from "../../contracts/interfaces/IFeeds.sol";
import {Attested, Signature} from "../../contracts/interfaces/IObservers.sol";
import {Counted, Holding} from "../../contracts/interfaces/IReserves.sol";
import {IVolumeVerifier} from "../../contracts/interfaces/IVolumeVerifier.sol";

/// Names a key and shape, and has nothing that could change.
contract StubVerifier {
    bytes32 public immutable KEY;
    uint256 public immutable K;
    uint256 public immutable PAGE_SIZE;

    constructor(bytes32 key, uint256 k, uint256 pageSize) {
        (KEY, K, PAGE_SIZE) = (key, k, pageSize);
    }
}

/// A balance that counts as the least of its mark and of what is there, as `Reserves` does.
contract MockReserves {
    bytes32 public constant ASSET = keccak256("USD");
    uint256 public balance;
    uint256 public marked;
    uint64 public markedAt;
    uint64 public removed;
    bool public unreadable;
    address public hook;

    function set(uint256 units) external {
        balance = units;
    }

    function mark() external {
        (marked, markedAt) = (balance, uint64(block.timestamp));
    }

    function forget() external {
        markedAt = 0;
    }

    function remove() external {
        (balance, removed) = (0, uint64(block.timestamp));
    }

    function setUnreadable(bool value) external {
        unreadable = value;
    }

    function setHook(address target) external {
        hook = target;
    }

    function read(bytes32) external view returns (Counted memory) {
        return _counted(balance);
    }

    function count(bytes32, uint64 asOf, uint32) external view returns (Counted memory counted) {
        bool near = markedAt >= asOf && markedAt != 0;
        counted = _counted(near && marked < balance ? marked : balance);
        if (near) counted.markedAt = markedAt;
        if (hook != address(0)) {
            // What a token could do while its balance is read.
            (bool done, ) = hook.staticcall(abi.encodeWithSignature("enter()"));
            done;
        }
    }

    function removedAt(bytes32) external view returns (uint64) {
        return removed;
    }

    function _counted(uint256 units) private view returns (Counted memory counted) {
        counted.holdings = new Holding[](1);
        counted.holdings[0] = Holding(ASSET, units * 1e36, 0);
        counted.any = true;
        counted.unreadable = unreadable;
        counted.balances = new uint256[](2);
        (counted.balances[0], counted.balances[1]) = (units, 0);
    }
}

contract MockObservers {
    uint256 public signed;
    uint64 public alarmed;
    bytes32 public confirmed;

    error NotSignedByPublisher(address publisher);
    error TooFewSignatures(uint256 signatures, uint256 needed);

    function set(uint256 signed_) external {
        signed = signed_;
    }

    function alarm(uint64 until) external {
        alarmed = until;
    }

    function allow(bytes32 record) external {
        confirmed = record;
    }

    function alarmedUntil(bytes32) external view returns (uint64) {
        return alarmed;
    }

    function requireSigned(
        Attested calldata,
        address publisher,
        address sender,
        Signature[] calldata signatures
    ) external view returns (uint256) {
        bool by = signatures.length != 0 && signatures[0].signer == publisher;
        if (sender != publisher && !by) revert NotSignedByPublisher(publisher);
        return signed;
    }

    function requireConfirmed(
        bytes32,
        bytes32 record,
        address,
        Signature[] calldata signatures
    ) external view returns (uint256) {
        if (record != confirmed) revert TooFewSignatures(signatures.length, 1);
        return 1;
    }
}

contract MockFeeds {
    IFeeds.Compared[] private _results;

    function set(IFeeds.Compared[] calldata results) external {
        _results = results;
    }

    function compare(
        bytes32,
        address[] calldata,
        Prices calldata,
        Round[] calldata
    ) external view returns (IFeeds.Compared[] memory) {
        return _results;
    }
}

contract MockElsewhere {
    uint256 public units;
    uint64 public removed;

    function set(uint256 units_) external {
        units = units_;
    }

    function remove() external {
        removed = uint64(block.timestamp);
    }

    function removedAt(bytes32) external view returns (uint64) {
        return removed;
    }

    /// As many as were set, and at most the share of what is at home.
    function count(
        bytes32,
        Holding[] calldata home,
        uint64,
        uint16 capBps
    ) external view returns (uint256[] memory counted) {
        counted = new uint256[](home.length);
        for (uint256 i = 0; i < home.length; ++i) {
            uint256 most = (home[i].customers * capBps) / 10_000;
            counted[i] = units * 1e36 < most ? units * 1e36 : most;
        }
    }
}

/// One asset in whole units at a price of 1; one clause, that reserves cover what is owed, and as
/// many deposits.
contract MockEvaluator {
    uint256 public owed = 100;
    uint256 public price = 1;
    uint256 public interest;

    function set(uint256 owed_, uint256 interest_, uint256 price_) external {
        (owed, interest, price) = (owed_, interest_, price_);
    }

    function bind(
        Submission calldata submission,
        address[] calldata,
        uint256 volumes
    ) public pure returns (Bound memory bound) {
        bound.context = keccak256(abi.encode(submission.header, submission.prices, volumes));
        bound.table = keccak256("table");
        bound.scenarios = 4;
    }

    function prove(
        IVolumeVerifier,
        bytes32,
        uint256,
        address[] calldata,
        Prices calldata,
        Volume calldata proved
    ) external pure returns (bytes32) {
        return keccak256(proved.proof);
    }

    function evaluate(
        address[] calldata,
        Prices calldata,
        Header calldata,
        bytes[] calldata,
        Holding[] calldata holdings,
        Aside calldata
    ) external view returns (Outcome memory) {
        return _outcome(holdings);
    }

    function evaluateAll(
        Submission calldata submission,
        Volume[] calldata volumes,
        address[] calldata chunks,
        IVolumeVerifier,
        Holding[] calldata holdings,
        Aside calldata
    ) external view returns (Bound memory bound, bytes32[] memory phase1, Outcome memory outcome) {
        bound = bind(submission, chunks, volumes.length);
        phase1 = new bytes32[](volumes.length);
        for (uint256 v = 0; v < volumes.length; ++v) phase1[v] = keccak256(volumes[v].proof);
        outcome = _outcome(holdings);
    }

    function _outcome(Holding[] calldata holdings) private view returns (Outcome memory outcome) {
        uint256 reserves = holdings[0].customers / 1e36;
        outcome.quantities = keccak256(abi.encode(owed));
        (outcome.owed, outcome.reserves) = (uint128(owed), uint128(reserves));
        outcome.coverageBps = owed == 0 ? type(uint64).max : uint64((reserves * 10_000) / owed);
        outcome.figures = new Figures[](4);
        outcome.clauses = new Clause[](1);
        outcome.clauses[0] = Clause(reserves, owed);
        if (reserves < owed) outcome.failing = 1;
        outcome.needs.worth = owed;
        outcome.needs.assets = new Need[](1);
        outcome.needs.assets[0] = Need(holdings[0].asset, 0, 1, owed);
        outcome.tracked.owed = owed;
        outcome.tracked.deposits = _list(owed);
        outcome.tracked.interest = _list(interest);
        outcome.tracked.prices = _list(price);
    }

    function _list(uint256 value) private pure returns (uint256[] memory list) {
        list = new uint256[](1);
        list[0] = value;
    }
}
