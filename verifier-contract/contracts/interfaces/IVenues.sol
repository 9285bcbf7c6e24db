// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

/// @title Who may publish for a venue, and with which rules, verifiers and reserves
/// @notice Anything that could make a venue look better than it is (rules, verifiers, reserves, a
/// shorter delay) is announced first and takes effect only after the venue's delay, so that
/// everyone can see it coming. Anything that can only make it look worse (retiring rules, freezing
/// a verifier, removing a reserve) takes effect at once. Announced rules and verifiers are never
/// replaced, and retired rules and frozen verifiers never come back.
interface IVenues {
    /// The purpose of a reserve. A reserve counts for one purpose only.
    enum Purpose {
        /// Covers what customers are owed.
        Customers,
        /// Covers bad debt.
        Insurance
    }

    /// A new venue. All of it takes effect at once: there is nothing to protect yet.
    struct Registration {
        /// The venue's name, exactly as in the headers of its attestations.
        string name;
        /// The address that submits attestations.
        address publisher;
        /// The delay of an announcement, in seconds.
        uint64 delay;
        /// The largest age of a snapshot and its prices when they are submitted, in seconds.
        uint64 maxLag;
        /// keccak256 of the rules' text.
        bytes32 rules;
        /// keccak256 of the program made from the rules and the list of prices.
        bytes32 program;
        /// The verifier of the circuit in use.
        address verifier;
        /// The first reserves.
        NewReserve[] reserves;
    }

    /// A reserve to be listed.
    struct NewReserve {
        /// The asset's name in the rules.
        string asset;
        /// The token's contract; zero for the chain's own coin.
        address token;
        /// The address whose balance counts.
        address custodian;
        /// The purpose of the reserve.
        Purpose purpose;
    }

    /// A venue without its lists.
    struct VenueView {
        /// keccak256 of the venue's name.
        bytes32 nameHash;
        /// The account that administers the venue; best a timelock or a multisig.
        address owner;
        /// The account that may become the owner by accepting; zero for none.
        address nextOwner;
        /// The address that submits attestations; zero for none.
        address publisher;
        /// The largest age of a snapshot and its prices when they are submitted, in seconds.
        uint64 maxLag;
        /// The delay of an announcement made now, in seconds.
        uint64 delay;
        /// The delay announced last, in seconds; equal to `delay` if no change is pending.
        uint64 nextDelay;
        /// The time from which `nextDelay` applies, in seconds since 1970.
        uint64 nextDelayFrom;
    }

    /// Rules of a venue.
    struct Rules {
        /// keccak256 of the program; zero for rules that were never announced.
        bytes32 program;
        /// The time from which they may be used, in seconds since 1970.
        uint64 activeFrom;
        /// Whether they were retired, which is final.
        bool retired;
    }

    /// A verifier of a venue, and the sizes of its circuit.
    struct Verifier {
        /// The contract; zero for a key that was never announced.
        address implementation;
        /// The time from which it may be used, in seconds since 1970.
        uint64 activeFrom;
        /// The circuit has 2^k rows.
        uint8 k;
        /// A page has 2^pageBits slots.
        uint8 pageBits;
        /// Whether it was frozen, which is final.
        bool frozen;
    }

    /// A listed reserve.
    struct Reserve {
        /// keccak256 of the asset's name in the rules.
        bytes32 asset;
        /// The token's contract; zero for the chain's own coin.
        address token;
        /// The address whose balance counts.
        address custodian;
        /// The time from which it may count, in seconds since 1970.
        uint64 activeFrom;
        /// The token's decimals when it was listed.
        uint8 decimals;
        /// The purpose of the reserve.
        Purpose purpose;
        /// Whether the custodian confirmed that it backs this venue; until then it does not count.
        bool accepted;
    }

    /// @notice A venue was registered.
    /// @param venue The venue's id.
    /// @param owner The account that registered it.
    /// @param name The venue's name.
    /// @param maxLag The largest age of a snapshot and its prices, in seconds.
    event Registered(bytes32 indexed venue, address indexed owner, string name, uint64 maxLag);
    /// @notice The owner offered the ownership to another account, which has to accept.
    /// @param venue The venue's id.
    /// @param nextOwner The account that may accept; zero if the offer was withdrawn.
    event OwnershipOffered(bytes32 indexed venue, address indexed nextOwner);
    /// @notice The venue has a new owner.
    /// @param venue The venue's id.
    /// @param owner The new owner.
    event OwnershipTransferred(bytes32 indexed venue, address indexed owner);
    /// @notice The venue has a new publisher.
    /// @param venue The venue's id.
    /// @param publisher The new publisher; zero if nobody may submit.
    event PublisherSet(bytes32 indexed venue, address indexed publisher);
    /// @notice The delay of announcements changes.
    /// @param venue The venue's id.
    /// @param delay The new delay, in seconds.
    /// @param from The time from which it applies, in seconds since 1970.
    event DelaySet(bytes32 indexed venue, uint64 delay, uint64 from);
    /// @notice Rules were announced. Rebuild the program from the rules and compare the hash.
    /// @param venue The venue's id.
    /// @param rules keccak256 of the rules' text.
    /// @param program keccak256 of their program.
    /// @param activeFrom The time from which they may be used, in seconds since 1970.
    event RulesAnnounced(
        bytes32 indexed venue,
        bytes32 indexed rules,
        bytes32 program,
        uint64 activeFrom
    );
    /// @notice Rules were retired and cannot be used again.
    /// @param venue The venue's id.
    /// @param rules keccak256 of the rules' text.
    event RulesRetired(bytes32 indexed venue, bytes32 indexed rules);
    /// @notice A verifier was announced. Generate the verifier for the key and compare the code.
    /// @param venue The venue's id.
    /// @param key The digest of the verifying key.
    /// @param verifier The contract.
    /// @param codehash The hash of the contract's code.
    /// @param activeFrom The time from which it may be used, in seconds since 1970.
    event VerifierAnnounced(
        bytes32 indexed venue,
        bytes32 indexed key,
        address verifier,
        bytes32 codehash,
        uint64 activeFrom
    );
    /// @notice A verifier was frozen and cannot be used again.
    /// @param venue The venue's id.
    /// @param key The digest of the verifying key.
    event VerifierFrozen(bytes32 indexed venue, bytes32 indexed key);
    /// @notice A reserve was announced. It counts from `activeFrom` on if its custodian accepted.
    /// @param venue The venue's id.
    /// @param token The token's contract; zero for the chain's own coin.
    /// @param custodian The address whose balance counts.
    /// @param asset The asset's name in the rules.
    /// @param purpose The purpose of the reserve.
    /// @param decimals The token's decimals.
    /// @param activeFrom The time from which it may count, in seconds since 1970.
    event ReserveAnnounced(
        bytes32 indexed venue,
        address indexed token,
        address indexed custodian,
        string asset,
        Purpose purpose,
        uint8 decimals,
        uint64 activeFrom
    );
    /// @notice The custodian confirmed that the reserve backs this venue.
    /// @param venue The venue's id.
    /// @param token The token's contract; zero for the chain's own coin.
    /// @param custodian The address whose balance counts.
    event ReserveAccepted(bytes32 indexed venue, address indexed token, address indexed custodian);
    /// @notice The reserve is no longer listed.
    /// @param venue The venue's id.
    /// @param token The token's contract; zero for the chain's own coin.
    /// @param custodian The address whose balance counted.
    /// @param freeFrom The time from which it may back another venue, in seconds since 1970.
    event ReserveRemoved(
        bytes32 indexed venue,
        address indexed token,
        address indexed custodian,
        uint64 freeFrom
    );

    /// @notice No venue has this id. The id is the hash of the registrant's address and the hash of
    /// the venue's name.
    error UnknownVenue(bytes32 venue);
    /// @notice This account has already registered a venue of this name.
    error AlreadyRegistered(bytes32 venue);
    /// @notice The venue's name is empty.
    error NoVenueName();
    /// @notice Only the venue's owner may do this; to remove a reserve, also its custodian.
    error NotOwner(address caller);
    /// @notice Only the account named by `offerOwnership` may accept the ownership.
    error NotNextOwner(address caller);
    /// @notice The delay is too short to be noticed, or so long that it would never end. In
    /// seconds.
    error DelayOutOfRange(uint64 delay, uint64 min, uint64 max);
    /// @notice The lag is not within its bounds. In seconds.
    error LagOutOfRange(uint64 maxLag, uint64 min, uint64 max);
    /// @notice The hash of the rules or of the program is zero.
    error NoRules();
    /// @notice These rules were announced before. Announced rules are never replaced: give changed
    /// rules another text, and so another hash.
    error RulesAlreadyAnnounced(bytes32 rules);
    /// @notice These rules were never announced.
    error RulesUnknown(bytes32 rules);
    /// @notice These rules were retired, which is final.
    error RulesAreRetired(bytes32 rules);
    /// @notice The delay of these rules has not passed. Try again at `activeFrom`.
    error RulesNotActive(bytes32 rules, uint64 activeFrom);
    /// @notice A verifier for this key was announced before. It is never replaced.
    error VerifierAlreadyAnnounced(bytes32 key);
    /// @notice No verifier for this key was announced.
    error VerifierUnknown(bytes32 key);
    /// @notice The verifier for this key was frozen, which is final.
    error VerifierIsFrozen(bytes32 key);
    /// @notice The delay of the verifier for this key has not passed. Try again at `activeFrom`.
    error VerifierNotActive(bytes32 key, uint64 activeFrom);
    /// @notice The verifier reports sizes that no circuit has.
    error VerifierShape(address verifier, uint256 k, uint256 pageSize);
    /// @notice One transaction cannot read more reserves than this. Remove one first.
    error TooManyReserves(uint256 max);
    /// @notice A custodian's balance of a token is listed once, for one asset and one purpose.
    error ReserveAlreadyListed(address token, address custodian);
    /// @notice The asset's name is empty, or the custodian is zero.
    error ReserveIncomplete();
    /// @notice This balance is not listed as a reserve of the venue.
    error ReserveUnknown(address token, address custodian);
    /// @notice Only the custodian may accept a reserve or, if the custodian is a contract, the
    /// account that its `owner()` names.
    error NotCustodian(address caller, address custodian);
    /// @notice This balance backs another venue. It must be removed there, and the delay of that
    /// venue must pass.
    error ReserveClaimed(bytes32 venue);
    /// @notice The token does not answer as an ERC-20 token must. If that does not change, remove
    /// the reserve.
    error ReserveUnreadable(address token, address custodian);

    /// @notice Registers a venue. The caller becomes its owner.
    /// @param registration The venue.
    /// @return venue The venue's id, keccak256(abi.encode(caller, keccak256(name))): no other
    /// account can take it.
    function register(Registration calldata registration) external returns (bytes32 venue);

    /// @notice Offers the ownership to another account. Owner only.
    /// @param venue The venue's id.
    /// @param nextOwner The account that may accept; zero withdraws an offer.
    function offerOwnership(bytes32 venue, address nextOwner) external;

    /// @notice Makes the caller the owner. Only for the account to which the ownership was offered.
    /// @param venue The venue's id.
    function acceptOwnership(bytes32 venue) external;

    /// @notice Sets the publisher, at once, so that a lost key can be stopped. Owner only.
    /// @param venue The venue's id.
    /// @param publisher The address that submits attestations; zero for none.
    function setPublisher(bytes32 venue, address publisher) external;

    /// @notice Sets the delay of announcements. A longer delay applies at once, a shorter one after
    /// the delay in force. Owner only.
    /// @param venue The venue's id.
    /// @param delay The new delay, in seconds.
    function setDelay(bytes32 venue, uint64 delay) external;

    /// @notice Announces rules and their program. Owner only.
    /// @param venue The venue's id.
    /// @param rules keccak256 of the rules' text.
    /// @param program keccak256 of the program made from the rules and the list of prices.
    function announceRules(bytes32 venue, bytes32 rules, bytes32 program) external;

    /// @notice Retires rules, at once and for good, whether they are active yet or not. Owner only.
    /// @param venue The venue's id.
    /// @param rules keccak256 of the rules' text.
    function retireRules(bytes32 venue, bytes32 rules) external;

    /// @notice Announces a verifier, for the key that it reports. Owner only.
    /// @param venue The venue's id.
    /// @param verifier The contract, an `IVolumeVerifier`.
    function announceVerifier(bytes32 venue, address verifier) external;

    /// @notice Freezes the verifier for a key, at once and for good. Owner only.
    /// @param venue The venue's id.
    /// @param key The digest of the verifying key.
    function freezeVerifier(bytes32 venue, bytes32 key) external;

    /// @notice Announces a reserve. It counts once the delay has passed and its custodian has
    /// accepted. Owner only.
    /// @param venue The venue's id.
    /// @param reserve The reserve.
    function announceReserve(bytes32 venue, NewReserve calldata reserve) external;

    /// @notice Confirms that a listed reserve backs this venue and no other. Only for the custodian
    /// or, if the custodian is a contract, for the account that its `owner()` names.
    /// @param venue The venue's id.
    /// @param token The token's contract; zero for the chain's own coin.
    /// @param custodian The address whose balance counts.
    function acceptReserve(bytes32 venue, address token, address custodian) external;

    /// @notice Removes a reserve from the list, at once. Only for the venue's owner and for those
    /// who may accept the reserve.
    /// @param venue The venue's id.
    /// @param token The token's contract; zero for the chain's own coin.
    /// @param custodian The address whose balance counted.
    function removeReserve(bytes32 venue, address token, address custodian) external;

    /// @notice A venue without its lists. Reverts if there is no such venue.
    /// @param venue The venue's id.
    /// @return The venue.
    function venueOf(bytes32 venue) external view returns (VenueView memory);

    /// @notice Rules of a venue by the hash of their text.
    /// @param venue The venue's id.
    /// @param rules keccak256 of the rules' text.
    /// @return The rules; all zero if they were never announced.
    function rulesOf(bytes32 venue, bytes32 rules) external view returns (Rules memory);

    /// @notice The verifier of a venue for a key.
    /// @param venue The venue's id.
    /// @param key The digest of the verifying key.
    /// @return The verifier; all zero if none was announced.
    function verifierOf(bytes32 venue, bytes32 key) external view returns (Verifier memory);

    /// @notice The listed reserves of a venue, including those that do not count yet.
    /// @param venue The venue's id.
    /// @return The reserves.
    function reservesOf(bytes32 venue) external view returns (Reserve[] memory);
}
