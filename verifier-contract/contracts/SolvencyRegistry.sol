// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Context} from "./Context.sol";
import {Evaluator} from "./Evaluator.sol";
import {Clause, Outcome} from "./Policy.sol";
import {Protocols} from "./Protocols.sol";
import {Header, Prices, Stated, Volume} from "./Submission.sol";
import {IEvaluator} from "./interfaces/IEvaluator.sol";
import {ISolvencyRegistry} from "./interfaces/ISolvencyRegistry.sol";
import {IVolumeVerifier} from "./interfaces/IVolumeVerifier.sol";
import {IVolumes} from "./interfaces/IVolumes.sol";

/// @title Attestations, checked on chain and appended
contract SolvencyRegistry is ISolvencyRegistry, Protocols {
    /// An accepted attestation with its lists.
    struct Accepted {
        Record record;
        mapping(uint256 scenario => Figures) figures;
        mapping(uint256 volume => bytes32) phase1;
    }

    /// The attestation that is open.
    struct Open {
        bytes32 attestation;
        bytes32 rules;
        bytes32 key;
        bytes32 previous;
        bytes32 context;
        bytes32 prices;
        bytes32 table;
        uint64 sequence;
        uint64 asOf;
        /// When the older of snapshot and prices was taken.
        uint64 oldest;
        /// How many; 0 where none is open.
        uint32 volumes;
        uint32 proved;
        uint8 scenarios;
        /// How many accounts and assets the header leaves out.
        uint64 accountsLeftOut;
        uint64 assetsLeftOut;
        /// Tells the volumes of one opening from those of another.
        uint256 number;
    }

    /// A proved volume of the attestation that is open.
    struct Proved {
        bytes32 totals;
        bytes32 phase1;
    }

    /// The attestations of one protocol.
    struct Chain {
        bool begun;
        uint64 sequence;
        /// The digest that the next attestation has to name as the one before.
        bytes32 link;
        uint256 openings;
        Open open;
        mapping(uint64 sequence => Accepted) accepted;
        mapping(uint256 opening => mapping(uint256 volume => Proved)) proved;
    }

    /// The half of this contract that has no state.
    IEvaluator public immutable EVALUATOR = new Evaluator();

    mapping(bytes32 protocol => Chain) private _chains;

    modifier onlyPublisher(bytes32 protocol) {
        if (msg.sender != _protocol(protocol).publisher) revert NotPublisher(msg.sender);
        _;
    }

    /// Reserves are read in this transaction. One that a plain key begins has no frame in which a loan
    /// is taken before and given back after; a delegated key (EIP-7702) has, and has code.
    modifier atTopLevel() {
        bool plain = msg.sender == tx.origin && msg.sender.code.length == 0;
        if (!plain) revert PublisherIsContract(msg.sender);
        _;
    }

    /// @inheritdoc ISolvencyRegistry
    function submit(Submission calldata submission, Volume[] calldata volumes)
        external
        onlyPublisher(submission.protocol)
        atTopLevel
    {
        bytes32 protocol = submission.protocol;
        Open memory opened = _begin(submission, volumes.length);
        IVolumeVerifier verifier = _verifier(protocol, opened);
        (IEvaluator.Bound memory bound, bytes32[] memory phase1, Outcome memory outcome) =
            EVALUATOR.evaluateAll(submission, volumes, verifier, reservesOf(protocol));
        _bind(opened, bound);
        _write(protocol, opened, phase1, outcome);
    }

    /// @inheritdoc ISolvencyRegistry
    function open(Submission calldata submission, uint32 volumes)
        external
        onlyPublisher(submission.protocol)
    {
        Open memory opened = _begin(submission, volumes);
        _bind(opened, EVALUATOR.bind(submission, volumes));
        Chain storage chain = _chains[submission.protocol];
        opened.number = ++chain.openings;
        chain.open = opened;
        emit Opened(submission.protocol, opened.sequence, opened.context, volumes);
    }

    /// @inheritdoc ISolvencyRegistry
    function addVolume(Again calldata again, uint256 index, Volume calldata proved)
        external
        onlyPublisher(again.protocol)
    {
        bytes32 protocol = again.protocol;
        Open memory opened = _resume(again);
        if (index >= opened.volumes) revert VolumeUnknown(index);
        Proved storage known = _chains[protocol].proved[opened.number][index];
        if (known.totals != 0) revert VolumeAlreadyProved(index);

        IVolumeVerifier verifier = _verifier(protocol, opened);
        bytes32 phase1 = EVALUATOR.prove(
            verifier, opened.context, index, again.program, again.prices, proved
        );
        known.totals = keccak256(abi.encode(proved.counts, proved.quantities));
        known.phase1 = phase1;
        _chains[protocol].open.proved = opened.proved + 1;
        emit VolumeProved(protocol, opened.sequence, index, phase1);
    }

    /// @inheritdoc ISolvencyRegistry
    function seal(Again calldata again, Totals[] calldata totals)
        external
        onlyPublisher(again.protocol)
        atTopLevel
    {
        bytes32 protocol = again.protocol;
        Open memory opened = _resume(again);
        bool all = opened.proved == opened.volumes && totals.length == opened.volumes;
        if (!all) revert VolumesMissing(opened.proved, opened.volumes);
        // Another may have been accepted since the opening, the verifier frozen, and time has passed.
        _checkOrder(protocol, opened);
        _activeVerifier(protocol, opened.key);

        bytes32[] memory phase1 = _compareTotals(protocol, opened.number, totals);
        delete _chains[protocol].open;
        Stated memory stated =
            Stated(opened.asOf, opened.accountsLeftOut, opened.assetsLeftOut);
        Outcome memory outcome = EVALUATOR.evaluate(
            again.program, again.prices, stated, totals, reservesOf(protocol)
        );
        _write(protocol, opened, phase1, outcome);
    }

    /// @inheritdoc ISolvencyRegistry
    function relink(bytes32 protocol, bytes32 attestation) external onlyOwner(protocol) {
        Chain storage chain = _chains[protocol];
        if (!chain.begun) revert NoAttestation(protocol, 0);
        if (attestation == 0) revert NoDigest();
        chain.link = attestation;
        emit Relinked(protocol, chain.sequence, attestation);
    }

    /// @inheritdoc ISolvencyRegistry
    function holds(bytes32 protocol) external view returns (bool) {
        Verdict memory verdict = latest(protocol);
        return verdict.asOf != 0 && verdict.failing == 0 && !verdict.revoked;
    }

    /// @inheritdoc ISolvencyRegistry
    function latest(bytes32 protocol) public view returns (Verdict memory verdict) {
        Chain storage chain = _chains[protocol];
        if (!chain.begun) return verdict;
        Record storage record = chain.accepted[chain.sequence].record;
        verdict.sequence = chain.sequence;
        (verdict.asOf, verdict.coverageBps) = (record.asOf, record.coverageBps);
        verdict.failing = record.failing;
        verdict.revoked = _isRevoked(protocol, record.rules, record.key);
    }

    /// @inheritdoc ISolvencyRegistry
    function recordOf(bytes32 protocol, uint64 sequence) external view returns (Record memory) {
        return _accepted(protocol, sequence).record;
    }

    /// @inheritdoc ISolvencyRegistry
    function figuresOf(bytes32 protocol, uint64 sequence)
        external
        view
        returns (Figures[] memory figures)
    {
        Accepted storage accepted = _accepted(protocol, sequence);
        figures = new Figures[](accepted.record.scenarios);
        for (uint256 s = 0; s < figures.length; s++) figures[s] = accepted.figures[s];
    }

    /// @inheritdoc IVolumes
    function volume(bytes32 protocol, uint64 sequence, uint256 v)
        external
        view
        returns (bytes32 word, bytes32 phase1, bytes32 table, address verifier)
    {
        Accepted storage accepted = _accepted(protocol, sequence);
        Record memory record = accepted.record;
        if (v >= record.volumes) revert VolumeUnknown(v);
        word = bytes32(Context.word(record.context, v));
        return (word, accepted.phase1[v], record.table, verifierOf(protocol, record.key).implementation);
    }

    /// Checks what a submission says of itself, before anything is computed from it.
    function _begin(Submission calldata submission, uint256 volumes)
        private
        view
        returns (Open memory opened)
    {
        bytes32 protocol = submission.protocol;
        Header calldata header = submission.header;
        if (volumes == 0) revert NoVolume();
        if (submission.attestation == 0) revert NoDigest();
        bytes32 venue = _protocol(protocol).venue;
        if (header.venue != venue) revert OtherVenue(header.venue, venue);
        _checkShape(header, _activeVerifier(protocol, header.key));
        _checkProgram(protocol, submission.rules, submission.program);

        (opened.attestation, opened.rules) = (submission.attestation, submission.rules);
        (opened.key, opened.previous) = (header.key, header.previous);
        (opened.sequence, opened.asOf) = (header.sequence, header.asOf);
        (opened.volumes, opened.scenarios) = (uint32(volumes), header.scenarios);
        opened.accountsLeftOut = header.accountsLeftOut;
        opened.assetsLeftOut = uint64(header.exclusions.length);
        uint64 pricesAsOf = submission.prices.asOf;
        if (pricesAsOf > block.timestamp) revert InFuture(pricesAsOf);
        opened.oldest = pricesAsOf < header.asOf ? pricesAsOf : header.asOf;
        _checkOrder(protocol, opened);
    }

    /// A verifier is for one shape; a header that says another would mislead who reads it.
    function _checkShape(Header calldata header, Verifier memory verifier) private pure {
        (uint256 k, uint256 scenarios) = (header.k, header.scenarios);
        bool same = k == verifier.k && scenarios == verifier.scenarios
            && header.pageSize == 1 << verifier.pageBits;
        if (!same) revert OtherShape(k, scenarios, header.pageSize);
    }

    function _checkProgram(bytes32 protocol, bytes32 rules, bytes calldata program) private view {
        bytes32 expected = _activeProgram(protocol, rules);
        bytes32 digest = keccak256(program);
        if (digest != expected) revert OtherProgram(digest, expected);
    }

    /// The attestation that is open, where program and prices are its own and the rules in force still.
    function _resume(Again calldata again) private view returns (Open memory opened) {
        opened = _chains[again.protocol].open;
        if (opened.volumes == 0) revert NothingOpen();
        _checkProgram(again.protocol, opened.rules, again.program);
        bytes32 digest = EVALUATOR.pricesDigest(again.prices);
        if (digest != opened.prices) revert OtherPrices(digest, opened.prices);
    }

    function _bind(Open memory opened, IEvaluator.Bound memory bound) private pure {
        // The program is for another circuit: its instance could not be one of this verifier.
        if (bound.scenarios != opened.scenarios) {
            revert OtherScenarios(bound.scenarios, opened.scenarios);
        }
        (opened.context, opened.prices) = (bound.context, bound.prices);
        opened.table = bound.table;
    }

    /// Checks that an attestation follows the latest one, and that it is of now.
    function _checkOrder(bytes32 protocol, Open memory opened) private view {
        Chain storage chain = _chains[protocol];
        if (chain.begun) {
            uint64 expected = chain.sequence + 1;
            if (opened.sequence != expected) revert OutOfSequence(opened.sequence, expected);
            if (opened.previous != chain.link) revert OtherPrevious(opened.previous, chain.link);
            uint64 last = chain.accepted[chain.sequence].record.asOf;
            if (opened.asOf <= last) revert NotLater(opened.asOf, last);
        }
        if (opened.asOf > block.timestamp) revert InFuture(opened.asOf);
        uint64 maxLag = _protocol(protocol).maxLag;
        if (block.timestamp - opened.oldest > maxLag) revert TooOld(opened.oldest, maxLag);
    }

    function _verifier(bytes32 protocol, Open memory opened) private view returns (IVolumeVerifier) {
        return IVolumeVerifier(_activeVerifier(protocol, opened.key).implementation);
    }

    /// Compares every volume's totals with those that were proved.
    function _compareTotals(bytes32 protocol, uint256 opening, Totals[] calldata totals)
        private
        view
        returns (bytes32[] memory phase1)
    {
        phase1 = new bytes32[](totals.length);
        for (uint256 v = 0; v < totals.length; v++) {
            Proved memory proved = _chains[protocol].proved[opening][v];
            bytes32 digest = keccak256(abi.encode(totals[v].counts, totals[v].quantities));
            if (digest != proved.totals) revert OtherTotals(v);
            phase1[v] = proved.phase1;
        }
    }

    /// Writes the record: the only place that does.
    function _write(
        bytes32 protocol,
        Open memory opened,
        bytes32[] memory phase1,
        Outcome memory outcome
    ) private {
        uint64 sequence = opened.sequence;
        Chain storage chain = _chains[protocol];
        (chain.begun, chain.sequence, chain.link) = (true, sequence, opened.attestation);
        Accepted storage accepted = chain.accepted[sequence];
        Record memory record = _record(opened, outcome);
        accepted.record = record;
        for (uint256 v = 0; v < phase1.length; v++) accepted.phase1[v] = phase1[v];
        emit Attested(protocol, sequence, record);
        for (uint256 s = 0; s < outcome.scenarios.length; s++) {
            accepted.figures[s] = outcome.scenarios[s];
            emit ScenarioAttested(protocol, sequence, s, outcome.scenarios[s]);
        }
        for (uint256 i = 0; i < outcome.clauses.length; i++) {
            Clause memory clause = outcome.clauses[i];
            if (outcome.failing >> i & 1 != 0) {
                emit ClauseFailed(protocol, sequence, i, clause.has, clause.needs);
            }
        }
    }

    function _record(Open memory opened, Outcome memory outcome)
        private
        view
        returns (Record memory)
    {
        return Record({
            context: opened.context,
            attestation: opened.attestation,
            rules: opened.rules,
            key: opened.key,
            table: opened.table,
            asOf: opened.asOf,
            sealedAt: _now(),
            sealedIn: uint64(block.number),
            volumes: opened.volumes,
            scenarios: uint8(outcome.scenarios.length),
            clauses: uint16(outcome.clauses.length),
            failing: outcome.failing,
            coverageBps: outcome.coverageBps,
            reserves: outcome.reserves
        });
    }

    function _accepted(bytes32 protocol, uint64 sequence) private view returns (Accepted storage it) {
        it = _chains[protocol].accepted[sequence];
        if (it.record.asOf == 0) revert NoAttestation(protocol, sequence);
    }
}
