// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

/// @title Who may publish for a protocol, and under which rules, verifiers and reserves
/// @notice A protocol is a venue as the registry knows it. What could flatter it (rules, verifiers,
/// reserves, a shorter delay) is announced and waits for the protocol's delay, so that everyone sees
/// it first; what can only harm it (retiring rules, freezing a verifier, taking a reserve out) is done
/// at once. Nothing announced is ever replaced, nothing retired or frozen comes back.
interface IProtocols {
    /// What a reserve is for. None counts for both.
    enum Purpose {
        /// To cover what customers are owed.
        Customers,
        /// To cover bad debt.
        Insurance
    }

    /// A protocol at its registration. What stands here is in force at once: there is nothing yet to
    /// protect.
    struct Registration {
        /// The venue's name, as it stands in its attestations' headers.
        string venue;
        /// The key that submits attestations.
        address publisher;
        /// How many seconds an announcement waits.
        uint64 delay;
        /// How many seconds old a snapshot and its prices may be when they are submitted.
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
        /// Who holds it.
        address holder;
        /// What it is for.
        Purpose purpose;
    }

    /// A protocol without its lists.
    struct ProtocolView {
        /// keccak256 of the venue's name.
        bytes32 venue;
        /// Who decides; a timelock or a multisig.
        address owner;
        /// Who may become the owner by accepting.
        address nextOwner;
        /// The key that submits attestations.
        address publisher;
        /// How many seconds old a snapshot and its prices may be when they are submitted.
        uint64 maxLag;
        /// How many seconds an announcement waits now.
        uint64 delay;
        /// The delay announced last; the same where none is waiting.
        uint64 nextDelay;
        /// From when `nextDelay` is in force.
        uint64 nextDelayFrom;
    }

    /// Rules of a protocol.
    struct Rules {
        /// keccak256 of their program; zero for rules never announced.
        bytes32 program;
        /// From when they may be used.
        uint64 activeFrom;
        /// Whether they were retired, for good.
        bool retired;
    }

    /// A verifier of a protocol, and the shape it is for.
    struct Verifier {
        /// The contract; zero for a key never announced.
        address implementation;
        /// From when it may be used.
        uint64 activeFrom;
        /// The circuit has 2^k rows.
        uint8 k;
        /// Scenarios of the circuit.
        uint8 scenarios;
        /// Slots of a page.
        uint8 pageBits;
        /// Whether it was frozen, for good.
        bool frozen;
    }

    /// A reserve of a protocol.
    struct Reserve {
        /// keccak256 of the asset's name in the rules.
        bytes32 asset;
        /// The token's contract; zero for the chain's own coin.
        address token;
        /// Who holds it.
        address holder;
        /// From when it may count.
        uint64 activeFrom;
        /// Digits of the token, as it said when it was listed.
        uint8 decimals;
        /// What it is for.
        Purpose purpose;
        /// Whether the holder said that it stands for this protocol; before, it does not count.
        bool accepted;
    }

    /// @notice A protocol was registered.
    event Registered(bytes32 indexed protocol, address indexed owner, string venue, uint64 maxLag);
    /// @notice The owner named the next owner, who has to accept; zero takes that back.
    event OwnershipOffered(bytes32 indexed protocol, address indexed nextOwner);
    /// @notice The protocol has a new owner.
    event OwnershipTransferred(bytes32 indexed protocol, address indexed owner);
    /// @notice The protocol has a new publisher; zero stops it.
    event PublisherSet(bytes32 indexed protocol, address indexed publisher);
    /// @notice Announcements wait for `delay` seconds from `from` on.
    event DelaySet(bytes32 indexed protocol, uint64 delay, uint64 from);
    /// @notice Rules may be used from `activeFrom` on. Make the program again and compare.
    event RulesAnnounced(
        bytes32 indexed protocol, bytes32 indexed rules, bytes32 program, uint64 activeFrom
    );
    /// @notice Rules will not be used again.
    event RulesRetired(bytes32 indexed protocol, bytes32 indexed rules);
    /// @notice A verifier may be used from `activeFrom` on. Compare its code with the generated one's.
    event VerifierAnnounced(
        bytes32 indexed protocol,
        bytes32 indexed key,
        address verifier,
        bytes32 codehash,
        uint64 activeFrom
    );
    /// @notice A verifier will not be used again.
    event VerifierFrozen(bytes32 indexed protocol, bytes32 indexed key);
    /// @notice A reserve may count from `activeFrom` on, once its holder accepts.
    event ReserveAnnounced(
        bytes32 indexed protocol,
        address indexed token,
        address indexed holder,
        string asset,
        Purpose purpose,
        uint8 decimals,
        uint64 activeFrom
    );
    /// @notice The holder said that the reserve stands for this protocol.
    event ReserveAccepted(bytes32 indexed protocol, address indexed token, address indexed holder);
    /// @notice The reserve is off the list; another protocol may claim it from `freeFrom` on.
    event ReserveRemoved(
        bytes32 indexed protocol, address indexed token, address indexed holder, uint64 freeFrom
    );

    /// @notice No protocol has this id. It is keccak256 of registrant and keccak256 of the venue.
    error UnknownProtocol(bytes32 protocol);
    /// @notice This account registered this venue before.
    error AlreadyRegistered(bytes32 protocol);
    /// @notice A venue has a name.
    error NoVenue();
    /// @notice Only the protocol's owner may do this.
    error NotOwner(address caller);
    /// @notice Only whom the owner named may accept; the owner has to name this caller first.
    error NotNextOwner(address caller);
    /// @notice A delay is between these: long enough to be noticed, short enough to end.
    error DelayOutOfRange(uint64 delay, uint64 min, uint64 max);
    /// @notice A lag is between these.
    error LagOutOfRange(uint64 maxLag, uint64 min, uint64 max);
    /// @notice Rules have a text and a program, so neither hash is zero.
    error NoRules();
    /// @notice These rules were announced before. They are never replaced: changed rules have another
    /// text and so another hash.
    error RulesAlreadyAnnounced(bytes32 rules);
    /// @notice These rules were never announced.
    error RulesUnknown(bytes32 rules);
    /// @notice These rules were retired; that is for good.
    error RulesAreRetired(bytes32 rules);
    /// @notice These rules still wait for their delay.
    error RulesNotActive(bytes32 rules, uint64 activeFrom);
    /// @notice A verifier for this key was announced before. It is never replaced.
    error VerifierAlreadyAnnounced(bytes32 key);
    /// @notice No verifier for this key was announced.
    error VerifierUnknown(bytes32 key);
    /// @notice The verifier for this key was frozen; that is for good.
    error VerifierIsFrozen(bytes32 key);
    /// @notice The verifier for this key still waits for its delay.
    error VerifierNotActive(bytes32 key, uint64 activeFrom);
    /// @notice The contract says that it is for a shape that no circuit has.
    error VerifierShape(address verifier, uint256 k, uint256 scenarios, uint256 pageSize);
    /// @notice There are as many reserves as one transaction can read. Remove one first.
    error TooManyReserves(uint256 max);
    /// @notice A token of one holder is listed once, for one asset and one purpose.
    error ReserveAlreadyListed(address token, address holder);
    /// @notice A reserve has an asset's name and a holder.
    error ReserveIncomplete();
    /// @notice This token of this holder is not listed.
    error ReserveUnknown(address token, address holder);
    /// @notice Only the holder, or the owner of a holder that is a contract, speaks for a reserve.
    error NotHolder(address caller, address holder);
    /// @notice The holder stands for another protocol with this token; it has to be removed there,
    /// and the delay of that protocol to pass.
    error ReserveClaimed(bytes32 protocol);
    /// @notice The token does not answer as a token does. Remove the reserve if that stays so.
    error ReserveUnreadable(address token, address holder);

    /// @notice Registers a protocol of the caller, who becomes its owner.
    /// @return protocol keccak256(abi.encode(caller, keccak256(venue))): nobody else can take it.
    function register(Registration calldata registration) external returns (bytes32 protocol);

    /// @notice Names who may become the owner; zero for nobody.
    function offerOwnership(bytes32 protocol, address nextOwner) external;

    /// @notice Makes the caller the owner, where the owner named them.
    function acceptOwnership(bytes32 protocol) external;

    /// @notice Sets the publisher, at once: a lost key has to stop at once. Zero for none.
    function setPublisher(bytes32 protocol, address publisher) external;

    /// @notice Sets the delay: a longer one at once, a shorter one after the delay in force.
    function setDelay(bytes32 protocol, uint64 delay) external;

    /// @notice Announces rules and their program.
    function announceRules(bytes32 protocol, bytes32 rules, bytes32 program) external;

    /// @notice Retires rules, at once and for good, announced ones that still wait included.
    function retireRules(bytes32 protocol, bytes32 rules) external;

    /// @notice Announces a verifier for the key that it names.
    function announceVerifier(bytes32 protocol, address verifier) external;

    /// @notice Freezes the verifier for a key, at once and for good.
    function freezeVerifier(bytes32 protocol, bytes32 key) external;

    /// @notice Announces a reserve. It counts once the delay has passed and its holder has accepted.
    function announceReserve(bytes32 protocol, NewReserve calldata reserve) external;

    /// @notice Says, as the holder or as the owner of the contract that holds, that a listed reserve
    /// stands for this protocol and for no other.
    function acceptReserve(bytes32 protocol, address token, address holder) external;

    /// @notice Takes a reserve off the list, at once: as the protocol's owner, or as its holder.
    function removeReserve(bytes32 protocol, address token, address holder) external;

    /// @notice A protocol without its lists.
    function protocolOf(bytes32 protocol) external view returns (ProtocolView memory);

    /// @notice Rules of a protocol by the hash of their text.
    function rulesOf(bytes32 protocol, bytes32 rules) external view returns (Rules memory);

    /// @notice The verifier of a protocol for a key.
    function verifierOf(bytes32 protocol, bytes32 key) external view returns (Verifier memory);

    /// @notice All listed reserves of a protocol, those that wait included.
    function reservesOf(bytes32 protocol) external view returns (Reserve[] memory);
}
