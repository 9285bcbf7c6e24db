// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {IProtocols} from "./IProtocols.sol";
import {IVolumes} from "./IVolumes.sol";
import {Header, Prices, Volume} from "../Submission.sol";

/// @title Attestations, checked on chain and appended
/// @notice For each protocol a list of attestations. The registry recomputes all that decides what is
/// proved (instrument table, context words), sums the volumes, reads the listed reserves at that block,
/// and evaluates the rules' policy. What it appends never changes. An attestation whose policy fails is
/// appended too, with the clauses that fail: a venue cannot hide a bad day by waiting for a better one
/// without its attestations going stale.
interface ISolvencyRegistry is IProtocols, IVolumes {
    /// What is submitted besides the volumes.
    struct Submission {
        /// The protocol.
        bytes32 protocol;
        /// The digest of the attestation's file. The publisher's word: a chain cannot hash the file. It
        /// is what the next attestation's header has to name.
        bytes32 attestation;
        /// keccak256 of the rules' text.
        bytes32 rules;
        /// The digest of the attestation's reserves; zero where it has none.
        bytes32 reserves;
        /// The attestation's header.
        Header header;
        /// The attestation's prices.
        Prices prices;
        /// The program registered for the rules.
        bytes program;
    }

    /// What comes again with every transaction of an attestation that is open: kept by hash, not in full.
    struct Again {
        /// The protocol.
        bytes32 protocol;
        /// The program registered for the rules.
        bytes program;
        /// The attestation's prices.
        Prices prices;
    }

    /// The totals of one volume, as they were proved.
    struct Totals {
        /// Per instrument, how many lines hold it.
        uint64[] counts;
        /// Per instrument, the sum of their quantities.
        uint128[] quantities;
    }

    /// The figures of one scenario, in units of value. All are 0 of a constraint, which closes no
    /// account's worth. A twin, as the last scenarios are where the program says so, has those of all but
    /// the class `insurance`.
    struct Figures {
        /// What is left over for accounts: in scenario 0, mark, what is owed to them.
        uint128 owed;
        /// What accounts lack.
        uint128 badDebt;
        /// What the insurance fund is worth: the reserves for insurance, or where the rules have the class
        /// `insurance`, what all reserves exceed what all others are owed; of that, 0 where the scenario
        /// has no twin that says it.
        uint128 insurance;
        /// How many accounts have something left over.
        uint64 accountsWithEquity;
        /// How many accounts lack something.
        uint64 accountsShort;
    }

    /// An accepted attestation. Never changes.
    struct Record {
        /// The digest that every volume's proof is bound to.
        bytes32 context;
        /// The digest of the attestation's file, as the publisher claims it.
        bytes32 attestation;
        /// keccak256 of the rules' text.
        bytes32 rules;
        /// The key of the verifier that accepted the proofs.
        bytes32 key;
        /// keccak256 of the instrument table, as `volume` describes it.
        bytes32 table;
        /// When the snapshot was taken, in the publisher's word.
        uint64 asOf;
        /// When the attestation was appended, and reserves were read.
        uint64 sealedAt;
        /// The block of that.
        uint64 sealedIn;
        /// How many volumes.
        uint32 volumes;
        /// How many scenarios.
        uint8 scenarios;
        /// How many clauses the policy has, at most 256.
        uint16 clauses;
        /// One bit for each clause that fails, the first clause's the lowest.
        uint256 failing;
        /// `reserves` against what is owed in scenario 0, in 1/10,000, rounded down; the largest number
        /// where nothing is owed, and at most that.
        uint64 coverageBps;
        /// What the reserves for customers are worth in scenario 0, in units of value.
        uint128 reserves;
    }

    /// What a guard asks of a protocol's latest attestation.
    struct Verdict {
        /// Its number.
        uint64 sequence;
        /// When its snapshot was taken; 0 where there is no attestation.
        uint64 asOf;
        /// Reserves against what is owed, in 1/10,000; see `Record`.
        uint64 coverageBps;
        /// One bit for each clause of the policy that fails.
        uint256 failing;
        /// Whether its rules were retired or its verifier frozen since.
        bool revoked;
    }

    /// @notice Several transactions will bring an attestation of so many volumes. What was opened before
    /// is discarded.
    event Opened(bytes32 indexed protocol, uint64 indexed sequence, bytes32 context, uint32 volumes);
    /// @notice A volume was proved.
    event VolumeProved(
        bytes32 indexed protocol, uint64 indexed sequence, uint256 volume, bytes32 phase1
    );
    /// @notice An attestation was appended.
    event Attested(bytes32 indexed protocol, uint64 indexed sequence, Record record);
    /// @notice The figures of one scenario of it; one event for each.
    event ScenarioAttested(
        bytes32 indexed protocol, uint64 indexed sequence, uint256 indexed scenario, Figures figures
    );
    /// @notice A clause of its policy fails: `has` falls short of `needs`, or exceeds it where it is a
    /// limit. Clauses stand in the order of the program.
    event ClauseFailed(
        bytes32 indexed protocol,
        uint64 indexed sequence,
        uint256 indexed clause,
        uint256 has,
        uint256 needs
    );
    /// @notice The next attestation has to name this digest as the one before, not the publisher's.
    event Relinked(bytes32 indexed protocol, uint64 indexed sequence, bytes32 attestation);

    /// @notice Only the protocol's publisher submits.
    error NotPublisher(address caller);
    /// @notice Reserves are read only in a transaction that a plain key begins: inside a contract's, the
    /// balances could be borrowed for its length.
    error PublisherIsContract(address caller);
    /// @notice The header is another venue's.
    error OtherVenue(bytes32 venue, bytes32 expected);
    /// @notice The program is not the one registered for the rules.
    error OtherProgram(bytes32 program, bytes32 expected);
    /// @notice The prices are not those with which the attestation was opened.
    error OtherPrices(bytes32 prices, bytes32 expected);
    /// @notice The header's sizes are not those of the verifier for its key.
    error OtherShape(uint256 k, uint256 scenarios, uint256 pageSize);
    /// @notice The program is for another number of scenarios than the verifier for the header's key.
    error OtherScenarios(uint256 scenarios, uint256 expected);
    /// @notice The attestation's digest is missing.
    error NoDigest();
    /// @notice Attestations follow each other without a gap.
    error OutOfSequence(uint64 sequence, uint64 expected);
    /// @notice The header names another attestation as the one before. Where the publisher's claim was
    /// wrong, the owner corrects it with `relink`.
    error OtherPrevious(bytes32 previous, bytes32 expected);
    /// @notice The snapshot is not later than the one before.
    error NotLater(uint64 asOf, uint64 last);
    /// @notice The snapshot or its prices are of a time to come.
    error InFuture(uint64 time);
    /// @notice The snapshot or its prices are older than the protocol's lag allows.
    error TooOld(uint64 time, uint64 maxLag);
    /// @notice An attestation has a volume.
    error NoVolume();
    /// @notice Nothing was opened, or it was sealed or is out of sequence by now.
    error NothingOpen();
    /// @notice The attestation that is open has no such volume.
    error VolumeUnknown(uint256 volume);
    /// @notice This volume was proved already.
    error VolumeAlreadyProved(uint256 volume);
    /// @notice Not all volumes are proved.
    error VolumesMissing(uint256 proved, uint256 needed);
    /// @notice These are not the totals that were proved.
    error OtherTotals(uint256 volume);
    /// @notice Nobody holds anything in any volume. Such a book would keep every policy, and says nothing of
    /// any venue.
    error EmptyBook();
    /// @notice A figure of the book has more than 128 bits. Check the reserves' tokens.
    error FigureTooLarge(uint256 figure);
    /// @notice No such attestation was accepted.
    error NoAttestation(bytes32 protocol, uint64 sequence);

    /// @notice Submits an attestation in one transaction.
    function submit(Submission calldata submission, Volume[] calldata volumes) external;

    /// @notice Begins an attestation whose volumes come in transactions of their own.
    function open(Submission calldata submission, uint32 volumes) external;

    /// @notice Proves one volume of the attestation that is open. Whoever was the publisher before, it is
    /// the publisher of now who goes on, or opens another.
    function addVolume(Again calldata again, uint256 index, Volume calldata proved) external;

    /// @notice Appends the attestation that is open, all of whose volumes were proved.
    /// @param totals Those of every volume, as they were proved.
    function seal(Again calldata again, Totals[] calldata totals) external;

    /// @notice As the owner, says which digest the next attestation has to name as the one before, where
    /// the publisher's claim was wrong. The record keeps the claim.
    function relink(bytes32 protocol, bytes32 attestation) external;

    /// @notice Whether the latest attestation's clauses all hold and nothing it rests on was revoked. Says
    /// nothing of its age: use a guard.
    function holds(bytes32 protocol) external view returns (bool);

    /// @notice What a guard asks of the latest attestation.
    function latest(bytes32 protocol) external view returns (Verdict memory);

    /// @notice An accepted attestation.
    function recordOf(bytes32 protocol, uint64 sequence) external view returns (Record memory);

    /// @notice Its figures, one for each scenario.
    function figuresOf(bytes32 protocol, uint64 sequence) external view returns (Figures[] memory);
}
