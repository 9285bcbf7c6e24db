// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

/// What a venue binds itself to. One word in storage.
struct Limits {
    /// An attestation whose snapshot is older has expired, in seconds.
    uint32 maxAge;
    /// The least time from one snapshot to the next, in seconds.
    uint32 minDistance;
    /// Reserves must have been marked within so many seconds after the snapshot.
    uint32 markWithin;
    /// How far below what an attestation needs reserves may be found before the finding counts
    /// towards a breach, in 1/10,000.
    uint16 toleranceBps;
    /// How far what is owed may move within the delay, up from the least and down from the
    /// greatest, before an attestation is a warning; in 1/10,000, and 0 if it may move at will. So
    /// for the next three.
    uint16 owedBandBps;
    /// How far the deposits of any asset may move.
    uint16 depositsBandBps;
    /// How far the open interest of any market may move.
    uint16 interestBandBps;
    /// How far any price may move.
    uint16 pricesBandBps;
    /// The most that reserves on other chains count, as a share of those of the same asset that are
    /// read on this one, in 1/10,000; 0 if they do not count.
    uint16 elsewhereBps;
}

/// @title Who may do what for a venue, under which rules, verifiers and limits
/// @notice Anything that could make a venue look better than it is (rules, verifiers, a new
/// publisher, other limits, a shorter delay, the end of a pause) is announced first and takes
/// effect only after the venue's delay, so that everyone can see it coming. Anything that can only
/// make it look worse (retiring rules, freezing a verifier, taking the publisher away, pausing)
/// takes effect at once. Announced rules and verifiers are never replaced, and what was retired or
/// frozen never comes back. Until `settledFrom` everything takes effect at once: no attestation can
/// be appended before, so there is nothing to protect yet.
interface IVenues {
    /// A new venue.
    struct Registration {
        /// The venue's name, exactly as in the headers of its attestations.
        string name;
        /// Signs attestations, or sends them itself. Any account, with code or without.
        address publisher;
        /// Can pause, retire, freeze and revoke at once, and nothing else; zero for none.
        address guardian;
        /// The delay of an announcement, in seconds.
        uint64 delay;
        /// The largest age of a snapshot and its prices when they are submitted, in seconds.
        uint64 maxLag;
        /// From when on attestations may be appended, and announcements wait for the delay; at most
        /// 7 days ahead. In seconds since 1970.
        uint64 settledFrom;
        Limits limits;
    }

    /// A venue without its lists.
    struct VenueView {
        /// keccak256 of the venue's name.
        bytes32 nameHash;
        /// The account that administers the venue; best a timelock or a multisig.
        address owner;
        /// The account that may become the owner by accepting; zero for none.
        address nextOwner;
        address guardian;
        /// Zero for none.
        address publisher;
        /// The publisher announced last, and from when on; equal to `publisher` if none is pending.
        address nextPublisher;
        uint64 nextPublisherFrom;
        uint64 maxLag;
        uint64 settledFrom;
        /// The delay of an announcement made now, in seconds.
        uint64 delay;
        /// The delay announced last, in seconds; equal to `delay` if no change is pending.
        uint64 nextDelay;
        /// The time from which `nextDelay` applies, in seconds since 1970.
        uint64 nextDelayFrom;
        Limits limits;
        /// The limits announced last, and from when on.
        Limits nextLimits;
        uint64 nextLimitsFrom;
    }

    /// Rules of a venue.
    struct Rules {
        /// keccak256 of the program; zero for rules that were never announced.
        bytes32 program;
        /// The time from which they may be used, in seconds since 1970.
        uint64 activeFrom;
        /// Whether they were retired, which is final.
        bool retired;
        /// The contracts whose code, each without its first byte, which is 0, is one after another:
        /// the number of prices in 2 bytes, the hash of each price's name, and the program. All but
        /// the last have 24,576 bytes of code.
        address[] chunks;
    }

    /// A verifier of a venue, and the sizes of its circuit.
    struct Verifier {
        /// The digest of its verifying key; zero for a contract that was never announced.
        bytes32 key;
        /// The hash of its code when it was announced. With other code it cannot be used.
        bytes32 codehash;
        /// The time from which it may be used, in seconds since 1970.
        uint64 activeFrom;
        /// The circuit has 2^k rows.
        uint8 k;
        /// A page has 2^pageBits slots.
        uint8 pageBits;
        /// Whether it was frozen, which is final.
        bool frozen;
        /// Its number, from 1 in the order of announcement.
        uint16 number;
    }

    /// What a submission needs to know, in one call.
    struct Terms {
        bytes32 nameHash;
        address publisher;
        uint64 maxLag;
        uint64 settledFrom;
        uint64 delay;
        Limits limits;
        /// Of the rules: their number, from 1 in the order of announcement, for `standingOf`.
        uint16 number;
        bytes32 program;
        address[] chunks;
        /// Of the verifier.
        bytes32 key;
        uint8 k;
        uint8 pageBits;
        /// Its number, likewise.
        uint16 verifier;
    }

    /// What the state of a venue rests on, in one call.
    struct VenueStanding {
        /// The rules that were asked about.
        bytes32 rules;
        /// Whether the rules were retired or the verifier frozen.
        bool revoked;
        /// When the pause of the whole venue lapses, in seconds since 1970; 0 if there never was
        /// one.
        uint64 pausedUntil;
        Limits limits;
    }

    event Registered(
        bytes32 indexed venue,
        address indexed owner,
        string name,
        uint64 maxLag,
        uint64 settledFrom
    );
    event Settled(bytes32 indexed venue);
    event OwnershipOffered(bytes32 indexed venue, address indexed nextOwner);
    event OwnershipTransferred(bytes32 indexed venue, address indexed owner);
    event GuardianSet(bytes32 indexed venue, address indexed guardian);
    event PublisherSet(bytes32 indexed venue, address indexed publisher, uint64 from);
    event DelaySet(bytes32 indexed venue, uint64 delay, uint64 from);
    event LimitsSet(bytes32 indexed venue, Limits limits, uint64 from);
    event RulesAnnounced(
        bytes32 indexed venue,
        bytes32 indexed rules,
        bytes32 program,
        address[] chunks,
        uint64 activeFrom
    );
    event RulesRetired(bytes32 indexed venue, bytes32 indexed rules, address by);
    event VerifierAnnounced(
        bytes32 indexed venue,
        bytes32 indexed key,
        address indexed verifier,
        bytes32 codehash,
        uint64 activeFrom
    );
    event VerifierFrozen(bytes32 indexed venue, address indexed verifier, address by);
    /// @notice Somebody paused a venue, or one asset or market of it.
    /// @param subject keccak256 of the asset's or market's name; 0 for the whole venue.
    /// @param until The time at which the pause lapses, in seconds since 1970.
    event Paused(
        bytes32 indexed venue,
        bytes32 indexed subject,
        address indexed by,
        uint64 until,
        string reason
    );
    /// @notice The owner ends a pause.
    /// @param from The time at which it ends, in seconds since 1970.
    event Unpaused(bytes32 indexed venue, bytes32 indexed subject, uint64 from);

    error UnknownVenue(bytes32 venue);
    error AlreadyRegistered(bytes32 venue);
    error NoVenueName();
    error NotOwner(address caller);
    /// @notice Only the owner and the guardian may do this.
    error NotGuardian(address caller);
    error NotNextOwner(address caller);
    error DelayOutOfRange(uint64 delay, uint64 min, uint64 max);
    error LagOutOfRange(uint64 maxLag, uint64 min, uint64 max);
    /// @notice A venue settles at most 7 days after it is registered.
    error SettledTooLate(uint64 settledFrom, uint64 latest);
    /// @notice The venue is settled already; announcements wait for the delay.
    error AlreadySettled(uint64 settledFrom);
    /// @notice A limit is beyond its bounds; see docs/registry.md. `limit` is its place in
    /// `Limits`.
    error LimitOutOfRange(uint256 limit);
    /// @notice Rules and their program cannot be zero.
    error NoRules();
    error RulesAlreadyAnnounced(bytes32 rules);
    error RulesUnknown(bytes32 rules);
    error RulesAreRetired(bytes32 rules);
    error RulesNotActive(bytes32 rules, uint64 activeFrom);
    /// @notice The code of the chunks is another program. See `Rules.chunks`.
    error OtherChunks(bytes32 program, bytes32 expected);
    /// @notice The code of a chunk is not what it was when the rules were announced. They can never
    /// be used again but with that code; announce others.
    error ChunksHaveChanged(bytes32 rules);
    /// @notice The names in the chunks are not those that the program was made for.
    error OtherNames(bytes32 names, bytes32 expected);
    /// @notice A chunk's code does not begin with 0, or is not of 24,576 bytes before the last, or
    /// the code ends within the names or the program's head.
    error ChunkForm(uint256 chunk, uint256 length);
    /// @notice A program needs a chunk, and may have no more than so many.
    error ChunkCount(uint256 chunks, uint256 max);
    error VerifierAlreadyAnnounced(address verifier);
    error VerifierUnknown(address verifier);
    error VerifierIsFrozen(address verifier);
    error VerifierNotActive(address verifier, uint64 activeFrom);
    error VerifierShape(address verifier, uint256 k, uint256 pageSize);
    /// @notice The code could run other code in its own place, act by what it stores, or be taken
    /// away: no generated verifier can, though bytes of a constant may read so; see
    /// docs/deploying.md.
    error VerifierCanChange(address verifier);
    /// @notice The code is not what it was when the verifier was announced.
    error VerifierHasChanged(address verifier);
    /// @notice The guardian paused this too often, and may again from this time on. The owner may
    /// pause at any time.
    error TooManyPauses(uint64 freeFrom);
    /// @notice There is no pause to end.
    error NotPaused(bytes32 subject);
    /// @notice Say why, in at most 1,024 bytes.
    error NoReason();

    function register(Registration calldata registration) external returns (bytes32 venue);
    /// @notice Ends the time in which announcements take effect at once. Owner only.
    function settle(bytes32 venue) external;
    function offerOwnership(bytes32 venue, address nextOwner) external;
    function acceptOwnership(bytes32 venue) external;
    /// @notice Sets or takes away the guardian, who can only do harm: at once. Owner only.
    function setGuardian(bytes32 venue, address guardian) external;
    /// @notice Zero takes the publisher away at once, a pending one too; another takes effect after
    /// the delay, and until then the present one stays. Owner only; the guardian may set zero.
    function setPublisher(bytes32 venue, address publisher) external;
    function setDelay(bytes32 venue, uint64 delay) external;
    /// @notice Other limits, after the delay. Replaces limits that are pending. Owner only.
    function setLimits(bytes32 venue, Limits calldata limits) external;
    function announceRules(
        bytes32 venue,
        bytes32 rules,
        bytes32 program,
        address[] calldata chunks
    ) external;
    /// @notice Owner or guardian, at once.
    function retireRules(bytes32 venue, bytes32 rules) external;
    function announceVerifier(bytes32 venue, address verifier) external;
    /// @notice Owner or guardian, at once.
    function freezeVerifier(bytes32 venue, address verifier) external;
    /// @notice Pauses at once for 7 days. Owner or guardian; the guardian each subject at most
    /// three times in 90 days.
    /// @param subject keccak256 of the asset's or market's name; 0 for the whole venue.
    function pause(bytes32 venue, bytes32 subject, string calldata reason) external;
    /// @notice Ends a pause after the delay. Owner only.
    function unpause(bytes32 venue, bytes32 subject) external;

    function venueOf(bytes32 venue) external view returns (VenueView memory);
    /// @notice Rules of a venue; empty if they were never announced. Reverts with
    /// `ChunksHaveChanged` where a chunk has other code than when they were announced.
    function rulesOf(bytes32 venue, bytes32 rules) external view returns (Rules memory);
    function verifierOf(bytes32 venue, address verifier) external view returns (Verifier memory);
    /// @notice What a submission under these rules and this verifier needs to know. Reverts unless
    /// both may be used now, and the code of the verifier and of every chunk is unchanged.
    function termsOf(
        bytes32 venue,
        bytes32 rules,
        address verifier
    ) external view returns (Terms memory);
    /// @notice What the state of an attestation under these rules and this verifier rests on.
    /// @param number The rules' number; see `Terms`. Of what the registry keeps, numbers leave room
    /// in one word for all else.
    /// @param verifier The verifier's number.
    function standingOf(
        bytes32 venue,
        uint16 number,
        uint16 verifier
    ) external view returns (VenueStanding memory);
    /// @notice Whether rules were retired or a verifier frozen.
    function isRevoked(bytes32 venue, bytes32 rules, address verifier) external view returns (bool);
    /// @notice When a pause of the whole venue (0), or of one asset or market, lapses; in seconds
    /// since 1970, in the past if it did.
    function pausedUntil(bytes32 venue, bytes32 subject) external view returns (uint64);
    /// @notice The limits in force.
    function limitsOf(bytes32 venue) external view returns (Limits memory);
    /// @notice From when on something that is announced now would take effect: after the delay, and
    /// at once until the venue is settled. For the other contracts of a registry.
    function effectiveFrom(bytes32 venue) external view returns (uint64);
    /// @notice The delay of an announcement made now, in seconds.
    function delayOf(bytes32 venue) external view returns (uint64);
    /// @notice Reverts with `NotOwner` unless the caller owns the venue; with `UnknownVenue`.
    function requireOwner(bytes32 venue, address caller) external view;
    /// @notice Reverts with `NotGuardian` unless the caller owns or guards the venue.
    function requireGuardian(bytes32 venue, address caller) external view;
}
