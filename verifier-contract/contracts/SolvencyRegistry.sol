// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Appending} from "./Appending.sol";
import {Draft, Pending} from "./Draft.sol";
import {Intake} from "./Intake.sol";
import {Standing} from "./Standing.sol";
import {Continuation, Submission, Volume} from "./Submission.sol";
import {IElsewhere} from "./interfaces/IElsewhere.sol";
import {IEvaluator} from "./interfaces/IEvaluator.sol";
import {IFeeds} from "./interfaces/IFeeds.sol";
import {IObservers, Signature} from "./interfaces/IObservers.sol";
import {IReserves} from "./interfaces/IReserves.sol";
import {ISolvencyRegistry, Record} from "./interfaces/ISolvencyRegistry.sol";
import {IVenues} from "./interfaces/IVenues.sol";

/// @title A registry of attestations that were checked on chain
contract SolvencyRegistry is Appending {
    /// A proved volume of a pending submission.
    struct Proved {
        /// keccak256 of its totals; zero if it is not proved.
        bytes32 totals;
        bytes32 phase1;
    }

    mapping(bytes32 venue => mapping(address sender => Pending)) private _pending;
    mapping(bytes32 submission => mapping(uint256 volume => Proved)) private _proved;

    /// @notice A registry for good of these contracts.
    constructor(
        IVenues venues,
        IReserves reserves,
        IObservers observers,
        IFeeds feeds,
        IElsewhere elsewhere,
        IEvaluator evaluator
    ) Standing(venues, reserves, observers, feeds, elsewhere, evaluator) {}

    /// @inheritdoc ISolvencyRegistry
    function submit(
        Submission calldata,
        Volume[] calldata,
        Signature[] calldata signatures
    ) external atTopLevel {
        Draft memory draft = abi.decode(_handOn(Intake.submit.selector), (Draft));
        _append(draft, signatures);
    }

    /// @inheritdoc ISolvencyRegistry
    function beginSubmission(Submission calldata submission, uint32 volumes) external {
        (bytes32 digest, Record memory record) = abi.decode(
            _handOn(Intake.beginSubmission.selector),
            (bytes32, Record)
        );
        bytes32 venue = submission.venue;
        Pending storage pending = _pending[venue][msg.sender];
        (pending.digest, pending.attestation) = (digest, record.attestation);
        (pending.rules, pending.verifier) = (record.rules, record.verifier);
        (pending.context, pending.table) = (record.context, record.table);
        (pending.volumes, pending.proved, pending.id) = (volumes, 0, pending.id + 1);
        emit SubmissionBegun(venue, record.sequence, record.context, volumes);
    }

    /// @inheritdoc ISolvencyRegistry
    function addVolume(
        Continuation calldata continuation,
        uint256 index,
        Volume calldata
    ) external {
        bytes32 venue = continuation.venue;
        Pending memory pending = _pendingOf(venue);
        if (index >= pending.volumes) revert VolumeUnknown(index);
        Proved storage known = _proved[_idOf(venue, pending.id)][index];
        if (known.totals != 0) revert VolumeAlreadyProved(index);
        (known.totals, known.phase1) = INTAKE.addVolume(msg.data[4:], pending);
        _pending[venue][msg.sender].proved = pending.proved + 1;
        emit VolumeProved(venue, continuation.header.sequence, index, known.phase1);
    }

    /// @inheritdoc ISolvencyRegistry
    function finishSubmission(
        Continuation calldata continuation,
        bytes[] calldata totals,
        Signature[] calldata signatures
    ) external atTopLevel {
        bytes32 venue = continuation.venue;
        Pending memory pending = _pendingOf(venue);
        bool all = pending.proved == pending.volumes && totals.length == pending.volumes;
        if (!all) revert VolumesMissing(pending.proved, pending.volumes);
        bytes32[] memory phase1 = _compareTotals(_idOf(venue, pending.id), totals);
        // The id stays, for the next to be another.
        _pending[venue][msg.sender].volumes = 0;
        _append(INTAKE.finishSubmission(msg.data[4:], pending, phase1), signatures);
    }

    /// The sender's pending submission.
    function _pendingOf(bytes32 venue) private view returns (Pending memory pending) {
        pending = _pending[venue][msg.sender];
        if (pending.volumes == 0) revert NoSubmission();
    }

    function _idOf(bytes32 venue, uint32 id) private view returns (bytes32) {
        return keccak256(abi.encode(venue, msg.sender, id));
    }

    /// Compares the totals of every volume with those that were proved.
    function _compareTotals(
        bytes32 submission,
        bytes[] calldata totals
    ) private view returns (bytes32[] memory phase1) {
        phase1 = new bytes32[](totals.length);
        for (uint256 v = 0; v < totals.length; ++v) {
            Proved memory proved = _proved[submission][v];
            if (keccak256(totals[v]) != proved.totals) revert OtherTotals(v);
            phase1[v] = proved.phase1;
        }
    }

    /// Asks the intake with the arguments of this call, byte for byte; a function of the same
    /// parameters. Encoding them again would cost more than reading them.
    function _handOn(bytes4 selector) private view returns (bytes memory answer) {
        address intake = address(INTAKE);
        // The answer, or the intake's error as it is, is written over the question.
        assembly ("memory-safe") {
            answer := mload(0x40)
            let data := add(answer, 0x20)
            calldatacopy(data, 0, calldatasize())
            // The selector takes the place of this call's: the first four bytes.
            mstore(data, or(selector, shr(32, shl(32, mload(data)))))
            let done := staticcall(gas(), intake, data, calldatasize(), 0, 0)
            let size := returndatasize()
            returndatacopy(data, 0, size)
            if iszero(done) {
                revert(data, size)
            }
            mstore(answer, size)
            mstore(0x40, and(add(add(data, size), 31), not(31)))
        }
    }
}
