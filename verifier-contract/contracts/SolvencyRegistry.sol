// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Context} from "./Context.sol";
import {Evaluator} from "./Evaluator.sol";
import {Clause, Outcome} from "./Policy.sol";
import {Venues} from "./Venues.sol";
import {Header, Prices, Stated, Volume} from "./Submission.sol";
import {IEvaluator} from "./interfaces/IEvaluator.sol";
import {ISolvencyRegistry} from "./interfaces/ISolvencyRegistry.sol";
import {IVolumeVerifier} from "./interfaces/IVolumeVerifier.sol";
import {IVolumes} from "./interfaces/IVolumes.sol";

/// @title A registry of attestations that were checked on chain
contract SolvencyRegistry is ISolvencyRegistry, Venues {
    /// An accepted attestation with its lists.
    struct Accepted {
        Record record;
        mapping(uint256 scenario => Figures) figures;
        mapping(uint256 volume => bytes32) phase1;
    }

    /// A submission in several transactions that is not finished, or the one in progress.
    struct Pending {
        bytes32 attestation;
        bytes32 rules;
        bytes32 key;
        bytes32 previous;
        bytes32 context;
        bytes32 prices;
        bytes32 table;
        uint64 sequence;
        uint64 asOf;
        /// The time of the older of snapshot and prices, in seconds since 1970.
        uint64 oldest;
        /// The number of volumes; 0 if no submission is pending.
        uint32 volumes;
        /// The number of volumes whose proofs were accepted.
        uint32 proved;
        uint16 scenarios;
        /// The numbers of accounts and assets that the header leaves out.
        uint64 accountsLeftOut;
        uint64 assetsLeftOut;
        /// Keeps the volumes of this submission apart from those of a discarded one.
        uint256 id;
    }

    /// A proved volume of a pending submission.
    struct Proved {
        /// keccak256 of its totals; zero if it is not proved.
        bytes32 totals;
        bytes32 phase1;
    }

    /// The attestations of one venue.
    struct Chain {
        /// Whether there is an attestation.
        bool begun;
        /// The sequence number of the latest attestation.
        uint64 sequence;
        /// The digest that the next attestation must name as the previous one.
        bytes32 link;
        /// The number of submissions begun so far.
        uint256 submissions;
        Pending pending;
        mapping(uint64 sequence => Accepted) accepted;
        mapping(uint256 submission => mapping(uint256 volume => Proved)) proved;
    }

    /// @notice The part of the registry that has no state.
    /// @return Its address.
    IEvaluator public immutable EVALUATOR = new Evaluator();

    mapping(bytes32 venue => Chain) private _chains;

    modifier onlyPublisher(bytes32 venue) {
        if (msg.sender != _venue(venue).publisher) revert NotPublisher(msg.sender);
        _;
    }

    /// Reserves are read in this transaction. If an account without code sends it, no call around
    /// it can take a flash loan before and repay it after. An account that delegates to a contract
    /// (EIP-7702) could, and has code.
    modifier atTopLevel() {
        bool plain = msg.sender == tx.origin && msg.sender.code.length == 0;
        if (!plain) revert PublisherIsContract(msg.sender);
        _;
    }

    /// @inheritdoc ISolvencyRegistry
    function submit(
        Submission calldata submission,
        Volume[] calldata volumes
    ) external onlyPublisher(submission.venue) atTopLevel {
        bytes32 venue = submission.venue;
        Pending memory pending = _begin(submission, volumes.length);
        IVolumeVerifier verifier = _verifier(venue, pending);
        (IEvaluator.Bound memory bound, bytes32[] memory phase1, Outcome memory outcome) = EVALUATOR
            .evaluateAll(submission, volumes, verifier, reservesOf(venue));
        _bind(pending, bound);
        _write(venue, pending, phase1, outcome);
    }

    /// @inheritdoc ISolvencyRegistry
    function beginSubmission(
        Submission calldata submission,
        uint32 volumes
    ) external onlyPublisher(submission.venue) {
        Pending memory pending = _begin(submission, volumes);
        _bind(pending, EVALUATOR.bind(submission, volumes));
        Chain storage chain = _chains[submission.venue];
        pending.id = ++chain.submissions;
        chain.pending = pending;
        emit SubmissionBegun(submission.venue, pending.sequence, pending.context, volumes);
    }

    /// @inheritdoc ISolvencyRegistry
    function addVolume(
        Continuation calldata continuation,
        uint256 index,
        Volume calldata proved
    ) external onlyPublisher(continuation.venue) {
        bytes32 venue = continuation.venue;
        Pending memory pending = _resume(continuation);
        if (index >= pending.volumes) revert VolumeUnknown(index);
        Proved storage known = _chains[venue].proved[pending.id][index];
        if (known.totals != 0) revert VolumeAlreadyProved(index);

        IVolumeVerifier verifier = _verifier(venue, pending);
        bytes32 phase1 = EVALUATOR.prove(
            verifier,
            pending.context,
            index,
            continuation.program,
            continuation.prices,
            proved
        );
        known.totals = keccak256(abi.encode(proved.counts, proved.quantities));
        known.phase1 = phase1;
        _chains[venue].pending.proved = pending.proved + 1;
        emit VolumeProved(venue, pending.sequence, index, phase1);
    }

    /// @inheritdoc ISolvencyRegistry
    function finishSubmission(
        Continuation calldata continuation,
        Totals[] calldata totals
    ) external onlyPublisher(continuation.venue) atTopLevel {
        bytes32 venue = continuation.venue;
        Pending memory pending = _resume(continuation);
        bool all = pending.proved == pending.volumes && totals.length == pending.volumes;
        if (!all) revert VolumesMissing(pending.proved, pending.volumes);
        // Since the submission began, time has passed, another attestation may have been appended,
        // and the verifier may have been frozen.
        _checkOrder(venue, pending);
        _activeVerifier(venue, pending.key);

        bytes32[] memory phase1 = _compareTotals(venue, pending.id, totals);
        delete _chains[venue].pending;
        Stated memory stated = Stated(pending.asOf, pending.accountsLeftOut, pending.assetsLeftOut);
        Outcome memory outcome = EVALUATOR.evaluate(
            continuation.program,
            continuation.prices,
            stated,
            totals,
            reservesOf(venue)
        );
        _write(venue, pending, phase1, outcome);
    }

    /// @inheritdoc ISolvencyRegistry
    function relink(bytes32 venue, bytes32 attestation) external onlyOwner(venue) {
        Chain storage chain = _chains[venue];
        if (!chain.begun) revert NoAttestation(venue, 0);
        if (attestation == 0) revert NoDigest();
        chain.link = attestation;
        emit Relinked(venue, chain.sequence, attestation);
    }

    /// @inheritdoc ISolvencyRegistry
    function holds(bytes32 venue) external view returns (bool) {
        Verdict memory verdict = latest(venue);
        return verdict.asOf != 0 && verdict.failing == 0 && !verdict.revoked;
    }

    /// @inheritdoc ISolvencyRegistry
    function latest(bytes32 venue) public view returns (Verdict memory verdict) {
        Chain storage chain = _chains[venue];
        if (!chain.begun) return verdict;
        Record storage record = chain.accepted[chain.sequence].record;
        verdict.sequence = chain.sequence;
        (verdict.asOf, verdict.coverageBps) = (record.asOf, record.coverageBps);
        verdict.failing = record.failing;
        verdict.revoked = _isRevoked(venue, record.rules, record.key);
    }

    /// @inheritdoc ISolvencyRegistry
    function recordOf(bytes32 venue, uint64 sequence) external view returns (Record memory) {
        return _accepted(venue, sequence).record;
    }

    /// @inheritdoc ISolvencyRegistry
    function figuresOf(
        bytes32 venue,
        uint64 sequence
    ) external view returns (Figures[] memory figures) {
        Accepted storage accepted = _accepted(venue, sequence);
        figures = new Figures[](accepted.record.scenarios);
        for (uint256 s = 0; s < figures.length; s++) figures[s] = accepted.figures[s];
    }

    /// @inheritdoc IVolumes
    function volume(
        bytes32 venue,
        uint64 sequence,
        uint256 v
    ) external view returns (bytes32 word, bytes32 phase1, bytes32 table, address verifier) {
        Accepted storage accepted = _accepted(venue, sequence);
        Record memory record = accepted.record;
        if (v >= record.volumes) revert VolumeUnknown(v);
        word = bytes32(Context.word(record.context, v));
        return (
            word,
            accepted.phase1[v],
            record.table,
            verifierOf(venue, record.key).implementation
        );
    }

    /// Checks a submission before anything is computed from it.
    function _begin(
        Submission calldata submission,
        uint256 volumes
    ) private view returns (Pending memory pending) {
        bytes32 venue = submission.venue;
        Header calldata header = submission.header;
        if (volumes == 0) revert NoVolume();
        if (submission.attestation == 0) revert NoDigest();
        bytes32 nameHash = _venue(venue).nameHash;
        if (header.venue != nameHash) revert OtherVenue(header.venue, nameHash);
        _checkShape(header, _activeVerifier(venue, header.key));
        _checkProgram(venue, submission.rules, submission.program);

        (pending.attestation, pending.rules) = (submission.attestation, submission.rules);
        (pending.key, pending.previous) = (header.key, header.previous);
        (pending.sequence, pending.asOf) = (header.sequence, header.asOf);
        (pending.volumes, pending.scenarios) = (uint32(volumes), header.scenarios);
        pending.accountsLeftOut = header.accountsLeftOut;
        pending.assetsLeftOut = uint64(header.leftOut.length);
        uint64 pricesAsOf = submission.prices.asOf;
        if (pricesAsOf > block.timestamp) revert InFuture(pricesAsOf);
        pending.oldest = pricesAsOf < header.asOf ? pricesAsOf : header.asOf;
        _checkOrder(venue, pending);
    }

    /// Checks that the header states the sizes of the verifier, lest it mislead its readers.
    function _checkShape(Header calldata header, Verifier memory verifier) private pure {
        (uint256 k, uint256 pageSize) = (header.k, header.pageSize);
        bool same = k == verifier.k && pageSize == 1 << verifier.pageBits;
        if (!same) revert OtherShape(k, pageSize);
    }

    function _checkProgram(bytes32 venue, bytes32 rules, bytes calldata program) private view {
        bytes32 expected = _activeProgram(venue, rules);
        bytes32 digest = keccak256(program);
        if (digest != expected) revert OtherProgram(digest, expected);
    }

    /// The pending submission. Checks that the program and the prices are those it began with, and
    /// that its rules are still in force.
    function _resume(
        Continuation calldata continuation
    ) private view returns (Pending memory pending) {
        pending = _chains[continuation.venue].pending;
        if (pending.volumes == 0) revert NoSubmission();
        _checkProgram(continuation.venue, pending.rules, continuation.program);
        bytes32 digest = EVALUATOR.pricesDigest(continuation.prices);
        if (digest != pending.prices) revert OtherPrices(digest, pending.prices);
    }

    function _bind(Pending memory pending, IEvaluator.Bound memory bound) private pure {
        // The proofs are checked with the program's number; the header must not mislead its readers.
        if (bound.scenarios != pending.scenarios) {
            revert OtherScenarios(pending.scenarios, bound.scenarios);
        }
        (pending.context, pending.prices) = (bound.context, bound.prices);
        pending.table = bound.table;
    }

    /// Checks that an attestation follows the latest one, and is neither stale nor future-dated.
    function _checkOrder(bytes32 venue, Pending memory pending) private view {
        Chain storage chain = _chains[venue];
        if (chain.begun) {
            uint64 expected = chain.sequence + 1;
            if (pending.sequence != expected) revert OutOfSequence(pending.sequence, expected);
            if (pending.previous != chain.link) revert OtherPrevious(pending.previous, chain.link);
            uint64 last = chain.accepted[chain.sequence].record.asOf;
            if (pending.asOf <= last) revert NotLater(pending.asOf, last);
        }
        if (pending.asOf > block.timestamp) revert InFuture(pending.asOf);
        uint64 maxLag = _venue(venue).maxLag;
        if (block.timestamp - pending.oldest > maxLag) revert TooOld(pending.oldest, maxLag);
    }

    function _verifier(
        bytes32 venue,
        Pending memory pending
    ) private view returns (IVolumeVerifier) {
        return IVolumeVerifier(_activeVerifier(venue, pending.key).implementation);
    }

    /// Compares the totals of every volume with those that were proved.
    function _compareTotals(
        bytes32 venue,
        uint256 submission,
        Totals[] calldata totals
    ) private view returns (bytes32[] memory phase1) {
        phase1 = new bytes32[](totals.length);
        for (uint256 v = 0; v < totals.length; v++) {
            Proved memory proved = _chains[venue].proved[submission][v];
            bytes32 digest = keccak256(abi.encode(totals[v].counts, totals[v].quantities));
            if (digest != proved.totals) revert OtherTotals(v);
            phase1[v] = proved.phase1;
        }
    }

    /// Appends an attestation. Nothing else writes a record.
    function _write(
        bytes32 venue,
        Pending memory pending,
        bytes32[] memory phase1,
        Outcome memory outcome
    ) private {
        uint64 sequence = pending.sequence;
        Chain storage chain = _chains[venue];
        (chain.begun, chain.sequence, chain.link) = (true, sequence, pending.attestation);
        Accepted storage accepted = chain.accepted[sequence];
        Record memory record = _record(pending, outcome);
        accepted.record = record;
        for (uint256 v = 0; v < phase1.length; v++) accepted.phase1[v] = phase1[v];
        emit Attested(venue, sequence, record);
        for (uint256 s = 0; s < outcome.scenarios.length; s++) {
            accepted.figures[s] = outcome.scenarios[s];
            emit ScenarioAttested(venue, sequence, s, outcome.scenarios[s]);
        }
        for (uint256 i = 0; i < outcome.clauses.length; i++) {
            Clause memory clause = outcome.clauses[i];
            if ((outcome.failing >> i) & 1 != 0) {
                emit ClauseFailed(venue, sequence, i, clause.has, clause.needs);
            }
        }
    }

    function _record(
        Pending memory pending,
        Outcome memory outcome
    ) private view returns (Record memory) {
        return
            Record({
                context: pending.context,
                attestation: pending.attestation,
                rules: pending.rules,
                key: pending.key,
                table: pending.table,
                quantities: outcome.quantities,
                asOf: pending.asOf,
                appendedAt: _now(),
                appendedInBlock: uint64(block.number),
                volumes: pending.volumes,
                scenarios: uint16(outcome.scenarios.length),
                clauses: uint16(outcome.clauses.length),
                failing: outcome.failing,
                coverageBps: outcome.coverageBps,
                reserves: outcome.reserves
            });
    }

    function _accepted(bytes32 venue, uint64 sequence) private view returns (Accepted storage it) {
        it = _chains[venue].accepted[sequence];
        if (it.record.asOf == 0) revert NoAttestation(venue, sequence);
    }
}
