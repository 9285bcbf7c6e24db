// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Needs} from "./IEvaluator.sol";
import {ISolvencyRegistry, Record} from "./ISolvencyRegistry.sol";
import {IFundWitness} from "./IFundWitness.sol";
import {AppendedVolume, IStatementVerifier, Statement} from "./IStatementVerifier.sol";

/// @notice A token that a fund pays with.
struct Payout {
    /// An ERC-20 token. The chain's own coin is paid in its wrapped form.
    address token;
    /// keccak256 of the asset's name in the rules: what the token counts as a reserve of. Where no
    /// reserve of the attestation that is paid on stood for it, it is shared all the same, and counts
    /// nothing towards what is owed.
    bytes32 asset;
}

/// @notice What a fund is bound to, for good. Times are in seconds.
struct CompensationTerms {
    /// The venue's id in the registry.
    bytes32 venue;
    ISolvencyRegistry registry;
    /// The contracts that check statements, one for each key that an attestation may have.
    IStatementVerifier[] statements;
    /// What it pays with, each token once. They are used up in this order until all that is owed is
    /// paid: hard money first, and last what may lose its worth or can be made at will.
    Payout[] payouts;
    /// The contract that pays for the venue on chain and says whom it paid; zero for none.
    address payer;
    /// How long before the breach the attestation that is paid on must have been appended; at least
    /// the venue's delay.
    uint64 settledFor;
    /// From the report of a breach to the opening; a day more at least than the venue's delay and its
    /// least distance, so that a solvent venue can attest again.
    uint64 grace;
    /// The longest grace, where delay or least distance were raised since.
    uint64 graceAtMost;
    /// Without an attestation whose snapshot is younger, the venue counts as in breach; or its largest
    /// age at the time and 3 days, if that is more.
    uint64 expiredAfter;
    /// How long claims share at the same time.
    uint64 claimsFor;
    /// How long a claim may be lowered before it is paid.
    uint64 challengeFor;
    /// How long late claims are taken after the shares are fixed.
    uint64 lateFor;
    /// From then on until the owner takes back what is left.
    uint64 recoveredAfter;
}

/// @title Pays a venue's account holders after a breach
/// @notice A fund for one venue. It is itself the custodian of the venue's reserves for insurance, so
/// that what counts is what pays. Nobody rules it: every step can be taken by anyone, and follows from
/// facts of the registry.
///
/// 1. A breach is *reported*. A clause or a price fails, reserves were removed or found missing twice,
///    or there was no attestation for days. A pause starts nothing, nor does a revocation.
/// 2. During the *grace* anyone *nominates* attestations; the last one that was appended long enough
///    before the breach, held, left no band, and was not revoked at the time of the breach, is the one
///    that is paid on. If all recent ones were revoked by then, it is the last one all the same: to
///    revoke is no way to keep the money. An attestation that holds, appended after the reported one,
///    *cancels*. If none can be nominated, all goes back in the end. A report *lapses* a week after the
///    grace if the venue attested since.
/// 3. After it the fund *opens*, and neither attestation nor terms change any more.
/// 4. Account holders *claim* by their statements, once for each id. A claim is what the account is worth
///    at mark. Whoever claims assigns as much of what the venue owes them.
/// 5. A claim is *lowered* by what the holder received since the attestation, as the payer or
///    observers say, until the end of the challenge.
/// 6. Then the shares are *fixed*: each claim's part of what is owed to all, token by token until all
///    of it is paid. Claims that are late get the same part, from what is left.
/// 7. Long after, what is left goes back to the venue's owner.
interface ICompensation {
    /// Where a fund stands.
    enum Phase {
        /// No breach was reported.
        Waiting,
        /// A breach was reported; see `grace`.
        Reported,
        /// Claims are taken that share alike.
        Claims,
        /// Claims may still be lowered; those that come now are late.
        Challenge,
        /// Claims are paid, late ones taken.
        Paying,
        /// No claims are taken, those made are paid.
        Closed,
        /// What nobody claimed goes back; or all, where no attestation was nominated in that time.
        Over
    }

    /// What was reported and frozen.
    struct Case {
        /// The attestation in breach, by its number in the registry.
        uint64 breached;
        /// When it was in breach first.
        uint64 breachAt;
        uint64 reportedAt;
        /// From when on it can be opened.
        uint64 opensFrom;
        /// Without an attestation for so long it counted as in breach.
        uint64 expiredAfter;
        uint64 openedAt;
        /// The attestation that is paid on; 0 until one is nominated.
        uint64 round;
        /// Whether it is of the last days before the breach and was not revoked at that time.
        bool preferred;
        /// What it owes at mark, in units of value.
        uint128 owed;
        /// keccak256 of the ABI's encoding of its `Needs`, which have the values of assets.
        bytes32 needs;
    }

    /// An account's claim, in units of value.
    struct Claimed {
        /// Who is paid; zero if nobody has claimed.
        address payee;
        uint64 claimedAt;
        /// What the account was worth at mark.
        uint128 equity;
        /// What the holder received of it since, as far as it is known; without a claim, all that is
        /// known.
        uint128 received;
        /// The payouts that were made, as bits.
        uint16 paid;
    }

    /// An intended withdrawal.
    struct Withdrawal {
        uint256 amount;
        /// From when on it can be made, in seconds since 1970, for `WITHDRAWAL_WINDOW`.
        uint64 from;
    }

    /// A wallet's word to pay another account, of EIP-712's `Link`.
    struct Link {
        /// The address that is the id's.
        address wallet;
        /// Who is paid.
        address payee;
        /// Until when it can be used, in seconds since 1970.
        uint64 deadline;
        bytes signature;
    }

    event Reported(uint64 indexed round, uint64 breachAt, uint64 opensFrom);
    event Cancelled(uint64 indexed breached, uint64 indexed round);
    event Nominated(uint64 indexed round, uint128 owed, bool preferred);
    event Opened(uint64 indexed round, uint128 owed, uint64 claimsUntil, uint64 fixedFrom);
    /// @notice A holder claimed, and assigned what the venue owes to the account up to `equity`.
    event ClaimTaken(bytes32 indexed owner, address indexed payee, uint128 equity, bool late);
    event ClaimLowered(bytes32 indexed owner, uint128 received, bool byObservers);
    event PayeeChanged(bytes32 indexed owner, address indexed payee);
    event SharesFixed(uint256 parts, uint256[] pools);
    event Paid(bytes32 indexed owner, address indexed payee, address indexed token, uint256 amount);
    event Recovered(address indexed token, address indexed owner, uint256 amount);
    event WithdrawalAnnounced(address indexed token, uint256 amount, uint64 from);
    event Withdrawn(address indexed token, address indexed owner, uint256 amount);

    /// @notice A time of the terms is out of bounds. `term` is its place among the times.
    error TermOutOfRange(uint256 term, uint64 least, uint64 most);
    error NoVenue();
    error NoStatements();
    /// @notice A statement verifier is of another registry.
    error OtherVolumes(address statements);
    error TooManyStatements(uint256 most);
    error PayoutCount(uint256 count, uint256 most);
    /// @notice A token is named twice.
    error PayoutTwice(uint256 payout);
    /// @notice A token has more than 36 decimals.
    error PayoutDecimals(uint256 payout, uint8 decimals);
    error NotAPayout(address token);
    /// @notice The venue does not list this token of this contract as a reserve of that asset for
    /// insurance.
    error NotInsurance(address token);
    /// @notice This cannot be done in the present phase.
    error WrongPhase(Phase phase);
    /// @notice It can be done from then on, in seconds since 1970.
    error TooEarly(uint64 from);
    error NotInBreach();
    /// @notice The latest attestation is itself in breach or too old: report that one.
    error ReportLatest(uint64 round);
    /// @notice A report was cancelled by this attestation, which healed what was before it.
    error HealedBefore(uint64 round);
    /// @notice The record is not that of this attestation.
    error OtherRecord(bytes32 record, bytes32 expected);
    /// @notice A better one was nominated; see `nominate`.
    error NotBetter(uint64 round, uint64 than);
    /// @notice Only an attestation after the reported one cancels.
    error NotLater(uint64 round, uint64 than);
    /// @notice The attestation does not hold, left a band, lacks marks, or was in breach, or its rules or
    /// verifier were revoked.
    error NotHealthy(uint64 round);
    error RevokedBefore(uint64 round, uint64 revokedAt);
    /// @notice It was in breach before.
    error BreachedBefore(uint64 round, uint64 breachedAt);
    /// @notice The attestation was appended too shortly before the breach.
    error TooYoung(uint64 round, uint64 appendedAt, uint64 breachAt);
    error NobodyNominated();
    /// @notice The latest attestation holds: cancel.
    error Healed(uint64 round);
    /// @notice It was not opened within a week after the grace, and there are attestations since, any
    /// of which may have healed what was reported: report anew.
    error ReportLapsed(uint64 since);
    /// @notice No contract of the terms checks statements under this key.
    error KeyUnknown(bytes32 key);
    /// @notice The table has more words than a holder's transaction has room for.
    error TableTooLarge(uint256 words, uint256 most);
    error OtherNeeds(bytes32 needs, bytes32 expected);
    error StatementsUnknown(uint256 number);
    /// @notice Statements must be of the attestation that is paid on.
    error OtherAttestation(bytes32 venue, uint64 round);
    /// @notice The id is not the caller's, or wallet's, address in lower case.
    error NotTheCallersId();
    /// @notice The id is an address: until then only its wallet claims.
    error WalletClaimsFirst(uint64 until);
    error NotThePayee(address payee);
    error LinkExpired(uint64 deadline);
    error LinkInvalid(address wallet);
    error NoPayee();
    error AlreadyClaimed(bytes32 owner);
    error NothingOwed(bytes32 owner);
    /// @notice The claims would be more than what is owed to all.
    error AboveOwed(uint256 claims, uint128 owed);
    error NotPayer(address caller);
    /// @notice What a holder received only grows.
    error NotMore(uint128 received, uint128 known);
    error ChallengeOver(uint64 until);
    error ObserverInvalid(address signer);
    error TooFewObservers(uint256 signatures, uint256 needed);
    /// @notice Call `fixShares` first, after the challenge.
    error SharesNotFixed();
    error NoClaim(bytes32 owner);
    error AlreadyPaid(bytes32 owner, uint256 payout);
    error TooLittleGas();
    error NotOwner(address caller);
    error NothingLeft(address token);
    error WithdrawalLapsed(uint64 until);
    /// @notice It was announced before a report was cancelled: announce it again.
    error AnnounceAgain(uint64 cancelledAt);
    /// @notice Only the fund.
    error NotFund(address caller);

    /// @notice Accepts to be a custodian of the venue's reserves for insurance. Anyone.
    function acceptReserve(address token) external;
    /// @notice Announces to take insurance away, or other tokens. The venue's owner only.
    function announceWithdrawal(address token, uint256 amount) external;
    /// @notice Takes it away, while the venue is healthy and nothing is reported. The owner only.
    function withdraw(address token) external;

    /// @notice Reports that the venue's latest attestation is in breach or too old. Where it is neither
    /// and does not hold, that an earlier one is in breach since at most `expiredAfter`. Takes the place of
    /// a report that lapsed.
    /// @param round The number of the attestation in breach.
    function report(uint64 round) external;
    /// @notice Cancels a report by a later attestation that holds and was never in breach, and of which
    /// neither rules nor verifier were revoked, until the fund is opened. Nothing before it is reported
    /// again.
    function cancel(uint64 round, Record calldata record) external;
    /// @notice Nominates an attestation to be paid on, if it is better than the one before: later, or
    /// preferred where the one before is not; see `Case`. It must have been appended long enough before
    /// the breach, have held, and not have been in breach before, and holders must be able to claim on
    /// it: under a key of the terms, with a table that fits a transaction. Anyone.
    function nominate(uint64 round, Record calldata record) external;
    /// @notice Opens the fund after the grace; within a week if the venue attested since.
    function open() external;

    /// @notice Claims an account whose id is the caller's address.
    /// @param number The number of the contract that checks the statement, in the terms.
    /// @param payee Who is paid.
    function claim(
        uint256 number,
        AppendedVolume calldata volume,
        Statement calldata statement,
        address payee
    ) external;
    /// @notice Claims an account whose id is the address of a wallet that signed a link.
    function claimLinked(
        uint256 number,
        AppendedVolume calldata volume,
        Statement calldata statement,
        Link calldata link
    ) external;
    /// @notice Claims an account with any id, on the word of observers who it is; see `Identity`. Where
    /// the id is an address, only after the time in which claims share at the same time.
    function claimIdentified(
        uint256 number,
        AppendedVolume calldata volume,
        Statement calldata statement,
        address payee,
        address[] calldata signers,
        bytes[] calldata signatures
    ) external;
    /// @notice Names another account to be paid what is not paid yet. The payee only.
    function changePayee(bytes32 owner, address payee) external;
    /// @notice States all that a holder received since the attestation. The payer only.
    function lower(bytes32 owner, uint128 received) external;
    /// @notice The same on the word of observers; see `Received`.
    function lowerObserved(
        bytes32 owner,
        uint128 received,
        address[] calldata signers,
        bytes[] calldata signatures
    ) external;
    /// @notice Fixes each claim's share, after the challenge.
    /// @param needs The needs of the attestation that is paid on.
    function fixShares(Needs calldata needs) external;
    /// @notice Pays a claim. Anyone.
    /// @param payouts The numbers of the tokens, in the terms.
    function pay(bytes32 owner, uint256[] calldata payouts) external;
    /// @notice Returns what is left of a token to the venue's owner, at the end, or where nobody was
    /// nominated for so long. Anyone.
    function recover(address token) external;

    /// @notice How long a withdrawal can be made once its time has come, in seconds.
    function WITHDRAWAL_WINDOW() external view returns (uint64);
    /// @notice Which observers are heard, and what they signed.
    function WITNESS() external view returns (IFundWitness);
    function terms() external view returns (CompensationTerms memory);
    function phase() external view returns (Phase);
    function current() external view returns (Case memory);
    function claimOf(bytes32 owner) external view returns (Claimed memory);
    /// @notice What a claim gets of a token, paid or not; 0 until the shares are fixed.
    function shareOf(bytes32 owner, uint256 payout) external view returns (uint256);
    function withdrawalOf(address token) external view returns (Withdrawal memory);
}
