// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Continuation, Submission, Volume} from "../Submission.sol";
import {Needs} from "./IEvaluator.sol";
import {IElsewhere} from "./IElsewhere.sol";
import {IEvaluator} from "./IEvaluator.sol";
import {IFeeds} from "./IFeeds.sol";
import {IObservers, Signature} from "./IObservers.sol";
import {Holding, IReserves} from "./IReserves.sol";
import {IVenues} from "./IVenues.sol";
import {IVolumes} from "./IVolumes.sol";

/// How a venue stands. A pure function of what is stored and of the time: nobody has to act for a
/// state to become worse. In the order of how much a guard may want to accept; where several are
/// true, the first of None, Paused, Breach, Expired, Warning is said. See docs/states.md.
enum State {
    /// No attestation.
    None,
    /// The latest attestation holds, is fresh, and nothing was found since.
    Healthy,
    /// It holds, and something needs a look: reserves were not marked, a band was left, or reserves
    /// were found below what it needs, within the tolerance or for the first time.
    Warning,
    /// A clause or a price fails, it was revoked, a reserve was removed, or reserves were found
    /// below what it needs twice.
    Breach,
    /// It is too old.
    Expired,
    /// Somebody who may pause has, or observers raised an alarm.
    Paused
}

/// The figures of one scenario, in units of value.
struct Figures {
    uint128 owed;
    uint128 badDebt;
    uint128 insurance;
    uint64 accountsWithEquity;
    uint64 accountsWithShortfall;
}

/// An appended attestation. The registry keeps its hash, and the event `Attested` has all of it.
struct Record {
    bytes32 context;
    /// The digest of the attestation's file, as claimed by the publisher.
    bytes32 attestation;
    bytes32 rules;
    address verifier;
    bytes32 table;
    bytes32 quantities;
    /// keccak256 of the ABI's encoding of the figures of all scenarios.
    bytes32 figures;
    /// keccak256 of one word for each volume, keccak256 of its proof's commitments of phase 1.
    bytes32 phase1;
    /// keccak256 of the ABI's encoding of `Needs`: what is needed of the reserves on this chain,
    /// after what counted elsewhere.
    bytes32 needs;
    uint64 sequence;
    uint64 asOf;
    uint64 pricesAsOf;
    uint64 appendedAt;
    uint32 volumes;
    uint16 scenarios;
    uint256 failing;
    /// See `Fault`; one bit for each.
    uint16 faults;
    uint64 coverageBps;
    uint128 reserves;
    uint128 owed;
    uint64 accounts;
    uint64 accountsLeftOut;
    uint64 assetsLeftOut;
    /// The number of observers that signed.
    uint8 observers;
}

/// What is not as it should be about an attestation, apart from its policy.
enum Fault {
    /// A price is beyond its feed's band, or cannot be compared: a breach.
    Prices,
    /// No mark near the snapshot: a warning.
    Unmarked,
    /// The token of a reserve did not answer, and counts as nothing: a warning.
    Unreadable,
    /// Something moved further than a band allows: a warning, until it is confirmed or the delay
    /// has passed.
    Band
}

/// @title A registry of attestations that were checked on chain
interface ISolvencyRegistry is IVolumes {
    /// What a guard needs to know about a venue.
    struct Verdict {
        State state;
        /// The number of the latest attestation in this registry, from 1; 0 if there is none.
        uint64 round;
        /// Its sequence number.
        uint64 sequence;
        uint64 asOf;
        uint64 coverageBps;
        uint256 failing;
        uint16 faults;
        bytes32 rules;
        /// Whether it, its rules or its verifier was revoked.
        bool revoked;
    }

    event SubmissionBegun(
        bytes32 indexed venue,
        uint64 indexed sequence,
        bytes32 context,
        uint32 volumes
    );
    event VolumeProved(
        bytes32 indexed venue,
        uint64 indexed sequence,
        uint256 volume,
        bytes32 phase1
    );
    /// @notice An attestation was appended.
    event Attested(
        bytes32 indexed venue,
        uint64 indexed round,
        bytes32 indexed rules,
        Record record,
        Figures[] figures,
        bytes32[] phase1
    );
    /// @notice What the reserves of an attestation counted.
    /// @param balances What was read for each listed reserve, in its token's smallest unit.
    /// @param holdings What counts of each asset.
    /// @param elsewhere How much of what counts for customers is on other chains; one entry for
    /// each holding, or none.
    /// @param markedAt The time of the first mark; 0 if there is none.
    /// @param needs What is needed of the reserves on this chain, for `recheck`.
    event ReservesCounted(
        bytes32 indexed venue,
        uint64 indexed round,
        uint256[] balances,
        Holding[] holdings,
        uint256[] elsewhere,
        uint64 markedAt,
        Needs needs
    );
    /// @notice What the attestation's prices were, and how they compare with the feeds.
    event PricesUsed(
        bytes32 indexed venue,
        uint64 indexed round,
        bytes prices,
        IFeeds.Compared[] compared
    );
    /// @notice The time of the snapshot was drawn as the rules ask.
    /// @param day Its day, since 1970.
    /// @param missed The days between it and the last one that was drawn so; 0 for the first.
    event TimeDrawn(bytes32 indexed venue, uint64 indexed round, uint16 day, uint256 missed);
    /// @notice A clause fails. One beyond the last of the rules' is `left_out.refused`: something may
    /// have been left out because its price was refused.
    event ClauseFailed(
        bytes32 indexed venue,
        uint64 indexed round,
        uint256 indexed clause,
        uint256 has,
        uint256 needs
    );
    /// @notice Something left its band.
    /// @param subject Counts owed, the deposits of each asset, the open interest of each market,
    /// then the prices.
    /// @param least The least of the last delay, or of longer; `least` and `greatest` are 0 if
    /// there is nothing to compare this list with.
    event BandLeft(
        bytes32 indexed venue,
        uint64 indexed round,
        uint256 subject,
        uint256 least,
        uint256 greatest,
        uint256 now_
    );
    /// @notice Reserves were read again.
    /// @param state The state now.
    /// @param shortBps What lacks of what is needed, in 1/10,000 of it, rounded up; 0 if nothing.
    event Rechecked(bytes32 indexed venue, uint64 indexed round, State state, uint256 shortBps);
    /// @notice An attestation is in breach from this time on, for claims.
    event Breached(bytes32 indexed venue, uint64 indexed round, uint64 breachedAt);
    event Revoked(bytes32 indexed venue, uint64 indexed round, address by, string reason);
    event Confirmed(bytes32 indexed venue, uint64 indexed round, uint256 observers);
    event Relinked(bytes32 indexed venue, uint64 nextSequence, bytes32 previous);

    /// @notice Reserves are read in this transaction, so an account without code must send it:
    /// inside a contract's, the balances could be borrowed and given back.
    error NotAtTopLevel(address caller);
    /// @notice The venue has no publisher.
    error NoPublisher(bytes32 venue);
    error NotSettled(uint64 settledFrom);
    error OtherVenue(bytes32 nameHash, bytes32 expected);
    error OtherKey(bytes32 key, bytes32 expected);
    /// @notice Header and prices are not those that the submission began with.
    error OtherContinuation(bytes32 digest, bytes32 expected);
    error OtherShape(uint256 k, uint256 pageSize);
    error OtherScenarios(uint256 scenarios, uint256 expected);
    error NoDigest();
    /// @notice The attestation's number is not the next; `relink` restarts the numbering.
    error OutOfSequence(uint64 sequence, uint64 expected);
    /// @notice Numbers end at 2^63 - 1, so that there is always a next one.
    error SequenceTooLarge(uint64 sequence);
    error OtherPrevious(bytes32 previous, bytes32 expected);
    /// @notice The snapshot must be later than the last by the least distance.
    error NotLater(uint64 asOf, uint64 earliest);
    /// @notice Prices must not be older than those of the attestation before.
    error PricesNotLater(uint64 asOf, uint64 last);
    error InFuture(uint64 time);
    error TooOld(uint64 time, uint64 maxLag);
    error NoVolume();
    /// @notice The sender has not begun a submission of this venue.
    error NoSubmission();
    error VolumeUnknown(uint256 volume);
    error VolumeAlreadyProved(uint256 volume);
    error VolumesMissing(uint256 proved, uint256 needed);
    error OtherTotals(uint256 volume);
    error EmptyBook();
    error WorthNegative(uint256 scenario);
    error FigureTooLarge(uint256 figure);
    error NoAttestation(bytes32 venue, uint64 round);
    error OtherRecord(bytes32 record, bytes32 expected);
    error OtherNeeds(bytes32 needs, bytes32 expected);
    error OtherPhase1(bytes32 phase1, bytes32 expected);
    error AlreadyRevoked(uint64 round);
    /// @notice Nothing of this attestation is outside of its band, or it was confirmed.
    error NothingToConfirm(uint64 round);
    /// @notice No reserve was removed since the latest attestation, or it was found in breach
    /// before.
    error NothingToNote(uint64 round);
    /// @notice A recheck that counts towards a breach must be so many blocks after the one before.
    error RecheckTooSoon(uint64 fromBlock, uint64 from);

    /// @notice Two findings that make a breach are at least so many blocks apart.
    function RECHECK_BLOCKS() external view returns (uint256);
    /// @notice The least time between them, in seconds: some chains have many blocks in one.
    function RECHECK_TIME() external view returns (uint256);
    function VENUES() external view returns (IVenues);
    function RESERVES() external view returns (IReserves);
    function OBSERVERS() external view returns (IObservers);
    function FEEDS() external view returns (IFeeds);
    function ELSEWHERE() external view returns (IElsewhere);
    function EVALUATOR() external view returns (IEvaluator);

    /// @notice Submits an attestation in one transaction. Any account without code carries it, at
    /// top level; the publisher signs, or is that account.
    function submit(
        Submission calldata submission,
        Volume[] calldata volumes,
        Signature[] calldata signatures
    ) external;
    /// @notice Begins a submission in several transactions. Anyone: what is pending belongs to its
    /// sender, and discards only the sender's own of the same venue.
    function beginSubmission(Submission calldata submission, uint32 volumes) external;
    /// @notice Has the proof of one volume checked, for the sender's submission.
    function addVolume(
        Continuation calldata continuation,
        uint256 index,
        Volume calldata proved
    ) external;
    /// @notice Compares the totals with those that were proved, reads reserves, and appends. At top
    /// level, as `submit`.
    function finishSubmission(
        Continuation calldata continuation,
        bytes[] calldata totals,
        Signature[] calldata signatures
    ) external;

    /// @notice Reads reserves again and compares them with what the latest attestation needs. Only
    /// lowers. Anyone, at top level. Below what is needed within the tolerance: a warning. Further
    /// below, twice and at least `RECHECK_BLOCKS` and `RECHECK_TIME` apart: a breach. What lacks of
    /// single assets is as far below as its worth is a part of all that is needed. Only an
    /// attestation heals either, and a far finding counts on beyond one that is appended within
    /// that distance. What was revoked or is too old is not compared.
    function recheck(bytes32 venue, Record calldata record, Needs calldata needs) external;
    /// @notice Observers of the threshold, and one at least, confirm the latest attestation, which
    /// left a band. See `IObservers.requireConfirmed`. Anyone sends it.
    function confirm(
        bytes32 venue,
        Record calldata record,
        Signature[] calldata signatures
    ) external;
    /// @notice Revokes one attestation, at once and for good. Owner or guardian.
    function revoke(bytes32 venue, uint64 round, string calldata reason) external;
    /// @notice Sets the number and the digest that the next attestation must have and name. Owner
    /// only. The state stays what it is until that attestation.
    function relink(bytes32 venue, uint64 nextSequence, bytes32 previous) external;
    /// @notice Keeps when the removal of a reserve put the latest attestation in breach, so that a
    /// later removal does not move that time. Anyone; the next attestation keeps it as well.
    function noteRemoval(bytes32 venue) external;

    function stateOf(bytes32 venue) external view returns (State);
    /// @notice `stateOf`, or that of one asset or market where it alone is paused.
    function stateFor(bytes32 venue, bytes32 subject) external view returns (State);
    /// @notice The worse of `stateOf` and of what is there now: stored facts stay healthy until
    /// somebody rechecks. Below what is needed within the tolerance: a warning. Further below, a
    /// breach, already where a recheck would be the first to find it. Whoever calls may have moved balances; see
    /// docs/registry.md.
    function liveStateOf(
        bytes32 venue,
        Record calldata record,
        Needs calldata needs
    ) external view returns (State);
    function latest(bytes32 venue) external view returns (Verdict memory);
    /// @notice keccak256 of the ABI's encoding of a record; 0 if there is none of this number.
    function recordHash(bytes32 venue, uint64 round) external view returns (bytes32);
    /// @notice Whether this attestation itself was revoked, apart from its rules and verifier.
    function isRevoked(bytes32 venue, uint64 round) external view returns (bool);
    /// @notice When this attestation itself was revoked; 0 if it was not.
    function revokedAt(bytes32 venue, uint64 round) external view returns (uint64);
    /// @notice The last attestation whose time was drawn as its rules asked: its day, since 1970, and
    /// the most days that these rules let be missed, 255 where they are more. Zeros if there is none.
    /// What is appended later without a drawn time changes neither.
    function lastDrawn(bytes32 venue) external view returns (uint16 day, uint8 most);
    /// @notice Until when the latest attestation is a warning because something left its band,
    /// unless it is confirmed; 0 if nothing did.
    function bandUntil(bytes32 venue) external view returns (uint64);
    /// @notice When an attestation was first found in breach: as it was appended, if a clause or a
    /// price fails; by the second far recheck; or by the removal of a reserve, the last one unless
    /// an earlier one was noted. 0 if it was not. A pause, age and what was revoked are no breach
    /// here. For claims.
    function breachedAt(bytes32 venue, uint64 round) external view returns (uint64);
}
