// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {IVenues} from "./IVenues.sol";
import {IVolumes} from "./IVolumes.sol";
import {Header, Prices, Volume} from "../Submission.sol";

/// @title A registry of attestations that were checked on chain
/// @notice Keeps a list of attestations for each venue. The registry recomputes everything that
/// decides what is proved (instrument table, context words), sums the volumes, reads the listed
/// reserves in the same block, and evaluates the policy of the rules. A record never changes once
/// it is appended. An attestation that fails its policy is appended too, together with the clauses
/// that fail: a venue that waits for a better day instead lets its latest attestation go stale.
interface ISolvencyRegistry is IVenues, IVolumes {
    /// An attestation without its volumes.
    struct Submission {
        /// The venue's id.
        bytes32 venue;
        /// The digest of the attestation's file, as claimed by the publisher: a contract cannot
        /// hash the file. The header of the next attestation must name it.
        bytes32 attestation;
        /// keccak256 of the rules' text.
        bytes32 rules;
        /// The digest of the attestation's reserves; zero if it has none.
        bytes32 reserves;
        /// The attestation's header.
        Header header;
        /// The attestation's prices.
        Prices prices;
        /// The program registered for the rules.
        bytes program;
    }

    /// What each further transaction of a submission sends again, because the registry keeps only
    /// its hash.
    struct Continuation {
        /// The venue's id.
        bytes32 venue;
        /// The program registered for the rules.
        bytes program;
        /// The attestation's prices.
        Prices prices;
    }

    /// The totals of one volume, as proved.
    struct Totals {
        /// For each instrument, the number of lines that hold it.
        uint64[] counts;
        /// For each instrument, the sum of the quantities in these lines, in its smallest unit.
        uint128[] quantities;
    }

    /// The figures of one scenario. Amounts are in units of value. All figures of a constraint and
    /// of the cover are zero, because they have neither equity nor shortfalls. If the program has
    /// twins, they are the last scenarios, before the cover; the figures of a twin leave out the
    /// accounts of class `insurance`.
    struct Figures {
        /// The sum of all positive account equities, and of what plain and covered lines are worth.
        /// In scenario 0, mark, what accounts are owed. In a margin scenario, plain and covered
        /// lines count as if all were in the first tier.
        uint128 owed;
        /// The sum of all shortfalls.
        uint128 badDebt;
        /// The value of the insurance fund. Without a class `insurance`: the reserves for
        /// insurance. With it: the excess of all reserves over what all others are owed, known only
        /// if the scenario has a twin, else 0.
        uint128 insurance;
        /// The number of accounts with positive equity; 0 if the program has a cover, because
        /// accounts of plain and covered lines are then not counted.
        uint64 accountsWithEquity;
        /// The number of accounts with a shortfall.
        uint64 accountsWithShortfall;
    }

    /// An accepted attestation. Never changes.
    struct Record {
        /// The digest that the proofs of all volumes are bound to.
        bytes32 context;
        /// The digest of the attestation's file, as claimed by the publisher.
        bytes32 attestation;
        /// keccak256 of the rules' text.
        bytes32 rules;
        /// The key of the verifier that accepted the proofs.
        bytes32 key;
        /// keccak256 of the instrument table; see `IVolumes.volume`.
        bytes32 table;
        /// keccak256 of the quantities of all volumes together, one word for each row. What is owed
        /// and what bad debt is at other prices follows from them; see `IRepricer`.
        bytes32 quantities;
        /// The time of the snapshot as claimed by the publisher, in seconds since 1970.
        uint64 asOf;
        /// The time at which the attestation was appended and reserves were read, in seconds since
        /// 1970.
        uint64 appendedAt;
        /// The number of that block.
        uint64 appendedInBlock;
        /// The number of volumes.
        uint32 volumes;
        /// The number of scenarios, twins and cover included.
        uint16 scenarios;
        /// The number of clauses in the policy, at most 256.
        uint16 clauses;
        /// The clauses that fail, as bits; the first clause is the lowest bit.
        uint256 failing;
        /// `reserves` divided by what is owed in scenario 0, in 1/10,000, rounded down and capped
        /// at the largest number; the largest number if nothing is owed.
        uint64 coverageBps;
        /// The value of the reserves for customers in scenario 0, in units of value.
        uint128 reserves;
    }

    /// What a guard needs to know about a venue's latest attestation.
    struct Verdict {
        /// The attestation's sequence number.
        uint64 sequence;
        /// The time of its snapshot, in seconds since 1970; 0 if there is no attestation.
        uint64 asOf;
        /// Reserves divided by what is owed, in 1/10,000; see `Record`.
        uint64 coverageBps;
        /// The clauses of the policy that fail, as bits.
        uint256 failing;
        /// Whether its rules were retired, or its verifier frozen, after it was appended.
        bool revoked;
    }

    /// @notice A submission in several transactions began. It replaces one that was not finished.
    /// @param venue The venue's id.
    /// @param sequence The attestation's sequence number.
    /// @param context The digest that the proofs of all volumes are bound to.
    /// @param volumes The number of volumes to come.
    event SubmissionBegun(
        bytes32 indexed venue,
        uint64 indexed sequence,
        bytes32 context,
        uint32 volumes
    );
    /// @notice The proof of a volume was accepted.
    /// @param venue The venue's id.
    /// @param sequence The attestation's sequence number.
    /// @param volume The volume's number, from 0.
    /// @param phase1 keccak256 of the proof's commitments of phase 1.
    event VolumeProved(
        bytes32 indexed venue,
        uint64 indexed sequence,
        uint256 volume,
        bytes32 phase1
    );
    /// @notice An attestation was appended.
    /// @param venue The venue's id.
    /// @param sequence The attestation's sequence number.
    /// @param record The attestation.
    event Attested(bytes32 indexed venue, uint64 indexed sequence, Record record);
    /// @notice The figures of one scenario of an appended attestation; one event for each scenario.
    /// @param venue The venue's id.
    /// @param sequence The attestation's sequence number.
    /// @param scenario The scenario's number; 0 is mark.
    /// @param figures The figures.
    event ScenarioAttested(
        bytes32 indexed venue,
        uint64 indexed sequence,
        uint256 indexed scenario,
        Figures figures
    );
    /// @notice A clause of the policy fails; one event for each such clause. The units of `has` and
    /// `needs` depend on the kind of the clause, which is in the program (see `ClauseKind`):
    ///
    /// - `Coverage`: `has` is the value of the reserves for customers times 10^scale, `needs` the
    ///   clause's mantissa times what is owed, both in units of value times 10^scale. Fails if
    ///   `has < needs`.
    /// - `PerAsset`: the reserves for customers and the deposits of the asset, both in the smallest
    ///   unit of its quantities. Fails if `has < needs`.
    /// - `BadDebtAmount`: the bad debt and its limit, in units of value. Fails if `has > needs`.
    /// - `Insurance`: the value of all reserves, of both purposes, and what all but the insurance
    ///   fund are owed, in units of value. Fails if `has < needs`.
    /// - `OpenInterestMatched`: the long and the short open interest of the market, in the smallest
    ///   unit of its quantities. Fails if `has != needs`.
    /// - `PricesDistance`: the time between prices and snapshot and its limit, in seconds. Fails if
    ///   `has > needs`.
    /// - `ReservesDistance`: the time from the snapshot to the reading of the reserves and its
    ///   limit, in seconds; `has` is the largest number if no reserve counts. Fails if
    ///   `has > needs`.
    /// - `AccountsLeftOut`: the number of accounts left out and its limit. Fails if `has > needs`.
    /// - `NoAssetLeftOut`: the number of assets left out; `needs` is 0. Fails if `has > needs`.
    /// @param venue The venue's id.
    /// @param sequence The attestation's sequence number.
    /// @param clause The clause's number in the program, from 0.
    /// @param has What the book has.
    /// @param needs What the clause demands, or its limit.
    event ClauseFailed(
        bytes32 indexed venue,
        uint64 indexed sequence,
        uint256 indexed clause,
        uint256 has,
        uint256 needs
    );
    /// @notice The owner corrected the digest that the next attestation must name.
    /// @param venue The venue's id.
    /// @param sequence The sequence number of the latest attestation.
    /// @param attestation The digest that the next header must name as the previous one.
    event Relinked(bytes32 indexed venue, uint64 indexed sequence, bytes32 attestation);

    /// @notice Only the venue's publisher may submit.
    error NotPublisher(address caller);
    /// @notice Only an account without code may send the transaction that reads the reserves: a
    /// contract could borrow them for the length of the transaction.
    error PublisherIsContract(address caller);
    /// @notice The header belongs to another venue. Both are hashes of a venue's name.
    error OtherVenue(bytes32 nameHash, bytes32 expected);
    /// @notice The program is not the one registered for the rules. Both are hashes.
    error OtherProgram(bytes32 program, bytes32 expected);
    /// @notice The prices are not those with which the submission began. Both are digests.
    error OtherPrices(bytes32 prices, bytes32 expected);
    /// @notice The sizes in the header are not those of the verifier for its key.
    error OtherShape(uint256 k, uint256 pageSize);
    /// @notice The header names another number of scenarios than the program has, twins and cover
    /// included.
    error OtherScenarios(uint256 scenarios, uint256 expected);
    /// @notice The digest of the attestation is zero.
    error NoDigest();
    /// @notice The sequence number does not follow that of the latest attestation.
    error OutOfSequence(uint64 sequence, uint64 expected);
    /// @notice The header names another attestation as the previous one. If the publisher's claim
    /// was wrong, the owner can correct it with `relink`.
    error OtherPrevious(bytes32 previous, bytes32 expected);
    /// @notice The snapshot is not later than that of the latest attestation. In seconds since
    /// 1970.
    error NotLater(uint64 asOf, uint64 last);
    /// @notice The time of the snapshot or of its prices is in the future.
    error InFuture(uint64 time);
    /// @notice The snapshot or its prices are older than the venue's lag allows.
    error TooOld(uint64 time, uint64 maxLag);
    /// @notice An attestation needs at least one volume.
    error NoVolume();
    /// @notice No submission is pending: none was begun, or it was finished already.
    error NoSubmission();
    /// @notice There is no volume of this number.
    error VolumeUnknown(uint256 volume);
    /// @notice The proof of this volume was accepted already.
    error VolumeAlreadyProved(uint256 volume);
    /// @notice Not all volumes are proved, or the totals of some were not sent.
    error VolumesMissing(uint256 proved, uint256 needed);
    /// @notice The totals of this volume are not those that were proved.
    error OtherTotals(uint256 volume);
    /// @notice No volume has an account that holds anything. Such a book would keep any policy and
    /// say nothing about any venue.
    error EmptyBook();
    /// @notice Plain and covered lines are worth less than nothing together in this scenario. A
    /// table that the rules compile to never has such a value: register the program of the rules.
    error WorthNegative(uint256 scenario);
    /// @notice A figure exceeds 128 bits, or a number of accounts 64. Check the reserves' tokens.
    error FigureTooLarge(uint256 figure);
    /// @notice There is no attestation of this sequence number.
    error NoAttestation(bytes32 venue, uint64 sequence);

    /// @notice Submits an attestation in one transaction. Publisher only.
    /// @param submission The attestation without its volumes.
    /// @param volumes All volumes, in order.
    function submit(Submission calldata submission, Volume[] calldata volumes) external;

    /// @notice Begins a submission in several transactions. A pending submission of the venue is
    /// discarded. Publisher only.
    /// @param submission The attestation without its volumes.
    /// @param volumes The number of volumes.
    function beginSubmission(Submission calldata submission, uint32 volumes) external;

    /// @notice Checks the proof of one volume of the pending submission, in any order. Only the
    /// current publisher may continue or replace a pending submission.
    /// @param continuation The venue, the program and the prices of the submission.
    /// @param index The volume's number, from 0.
    /// @param proved The volume.
    function addVolume(
        Continuation calldata continuation,
        uint256 index,
        Volume calldata proved
    ) external;

    /// @notice Appends the attestation of the pending submission, once all its volumes are proved.
    /// Reserves are read in this transaction. Publisher only.
    /// @param continuation The venue, the program and the prices of the submission.
    /// @param totals The totals of every volume, as proved.
    function finishSubmission(
        Continuation calldata continuation,
        Totals[] calldata totals
    ) external;

    /// @notice Sets the digest that the next attestation must name as the previous one, in case the
    /// publisher's claim was wrong. The record keeps the claim. Owner only.
    /// @param venue The venue's id.
    /// @param attestation The digest.
    function relink(bytes32 venue, bytes32 attestation) external;

    /// @notice Whether all clauses of the latest attestation hold, and neither its rules nor its
    /// verifier was revoked. Says nothing about its age: use `Solvency` for that.
    /// @param venue The venue's id.
    /// @return Whether it holds; false if there is no attestation.
    function holds(bytes32 venue) external view returns (bool);

    /// @notice What a guard needs to know about the latest attestation.
    /// @param venue The venue's id.
    /// @return The verdict; all zero if there is no attestation.
    function latest(bytes32 venue) external view returns (Verdict memory);

    /// @notice An accepted attestation. Reverts if there is none of this sequence number.
    /// @param venue The venue's id.
    /// @param sequence The attestation's sequence number.
    /// @return The record.
    function recordOf(bytes32 venue, uint64 sequence) external view returns (Record memory);

    /// @notice The figures of an accepted attestation. Reverts if there is none of this sequence
    /// number.
    /// @param venue The venue's id.
    /// @param sequence The attestation's sequence number.
    /// @return The figures, one for each scenario.
    function figuresOf(bytes32 venue, uint64 sequence) external view returns (Figures[] memory);
}
