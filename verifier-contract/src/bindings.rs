//! The contracts' types in Rust. `tests/registry` compares them with what the contracts compile to.

use alloy_sol_types::sol;

sol! {
    #![sol(all_derives = true)]

    struct Exclusion {
        bytes32 asset;
        uint64 lines;
        uint64 accounts;
        bytes32 deposits;
        bytes32 borrows;
    }

    struct Rounded {
        bytes32 instrument;
        uint64 lines;
        bytes32 bound;
    }

    struct Header {
        bytes32 venue;
        uint64 sequence;
        bytes32 previous;
        uint64 asOf;
        uint64 accounts;
        uint64 accountsLeftOut;
        Exclusion[] exclusions;
        uint64 roundingLines;
        Rounded[] rounded;
        bytes32 roundingBound;
        uint8 k;
        uint16 pageSize;
        uint8 scenarios;
        bytes32 key;
        bytes32 setup;
        bytes32 software;
    }

    struct Price {
        bytes32 name;
        uint128 mantissa;
        uint8 scale;
    }

    struct Prices {
        uint64 asOf;
        bytes32 quote;
        bytes32 method;
        bytes32 source;
        Price[] list;
    }

    struct Volume {
        uint64[] counts;
        uint128[] quantities;
        bytes proof;
    }

    /// What a reserve is for.
    enum Purpose {
        /// To cover what customers are owed.
        Customers,
        /// To cover bad debt.
        Insurance,
    }

    struct Registration {
        string venue;
        address publisher;
        uint64 delay;
        uint64 maxLag;
        bytes32 rules;
        bytes32 program;
        address verifier;
        NewReserve[] reserves;
    }

    struct NewReserve {
        string asset;
        address token;
        address holder;
        Purpose purpose;
    }

    struct ProtocolView {
        bytes32 venue;
        address owner;
        address nextOwner;
        address publisher;
        uint64 maxLag;
        uint64 delay;
        uint64 nextDelay;
        uint64 nextDelayFrom;
    }

    struct Rules {
        bytes32 program;
        uint64 activeFrom;
        bool retired;
    }

    struct Verifier {
        address implementation;
        uint64 activeFrom;
        uint8 k;
        uint8 scenarios;
        uint8 pageBits;
        bool frozen;
    }

    struct Reserve {
        bytes32 asset;
        address token;
        address holder;
        uint64 activeFrom;
        uint8 decimals;
        Purpose purpose;
        bool accepted;
    }

    struct Submission {
        bytes32 protocol;
        bytes32 attestation;
        bytes32 rules;
        bytes32 reserves;
        Header header;
        Prices prices;
        bytes program;
    }

    struct Again {
        bytes32 protocol;
        bytes program;
        Prices prices;
    }

    struct Totals {
        uint64[] counts;
        uint128[] quantities;
    }

    struct Figures {
        uint128 owed;
        uint128 badDebt;
        uint128 insurance;
        uint64 accountsWithEquity;
        uint64 accountsShort;
    }

    struct Record {
        bytes32 context;
        bytes32 attestation;
        bytes32 rules;
        bytes32 key;
        bytes32 table;
        uint64 asOf;
        uint64 sealedAt;
        uint64 sealedIn;
        uint32 volumes;
        uint8 scenarios;
        uint16 clauses;
        uint256 failing;
        uint64 coverageBps;
        uint128 reserves;
    }

    struct Verdict {
        uint64 sequence;
        uint64 asOf;
        uint64 coverageBps;
        uint256 failing;
        bool revoked;
    }

    /// `contracts/SolvencyRegistry.sol`.
    interface SolvencyRegistry {
        event Registered(bytes32 indexed protocol, address indexed owner, string venue, uint64 maxLag);
        event OwnershipOffered(bytes32 indexed protocol, address indexed nextOwner);
        event OwnershipTransferred(bytes32 indexed protocol, address indexed owner);
        event PublisherSet(bytes32 indexed protocol, address indexed publisher);
        event DelaySet(bytes32 indexed protocol, uint64 delay, uint64 from);
        event RulesAnnounced( bytes32 indexed protocol, bytes32 indexed rules, bytes32 program, uint64 activeFrom );
        event RulesRetired(bytes32 indexed protocol, bytes32 indexed rules);
        event VerifierAnnounced( bytes32 indexed protocol, bytes32 indexed key, address verifier, bytes32 codehash, uint64 activeFrom );
        event VerifierFrozen(bytes32 indexed protocol, bytes32 indexed key);
        event ReserveAnnounced( bytes32 indexed protocol, address indexed token, address indexed holder, string asset, Purpose purpose, uint8 decimals, uint64 activeFrom );
        event ReserveAccepted(bytes32 indexed protocol, address indexed token, address indexed holder);
        event ReserveRemoved( bytes32 indexed protocol, address indexed token, address indexed holder, uint64 freeFrom );
        event Opened(bytes32 indexed protocol, uint64 indexed sequence, bytes32 context, uint32 volumes);
        event VolumeProved( bytes32 indexed protocol, uint64 indexed sequence, uint256 volume, bytes32 phase1 );
        event Attested(bytes32 indexed protocol, uint64 indexed sequence, Record record);
        event ScenarioAttested( bytes32 indexed protocol, uint64 indexed sequence, uint256 indexed scenario, Figures figures );
        event ClauseFailed( bytes32 indexed protocol, uint64 indexed sequence, uint256 indexed clause, uint256 has, uint256 needs );
        event Relinked(bytes32 indexed protocol, uint64 indexed sequence, bytes32 attestation);

        error UnknownProtocol(bytes32 protocol);
        error AlreadyRegistered(bytes32 protocol);
        error NoVenue();
        error NotOwner(address caller);
        error NotNextOwner(address caller);
        error DelayOutOfRange(uint64 delay, uint64 min, uint64 max);
        error LagOutOfRange(uint64 maxLag, uint64 min, uint64 max);
        error NoRules();
        error RulesAlreadyAnnounced(bytes32 rules);
        error RulesUnknown(bytes32 rules);
        error RulesAreRetired(bytes32 rules);
        error RulesNotActive(bytes32 rules, uint64 activeFrom);
        error VerifierAlreadyAnnounced(bytes32 key);
        error VerifierUnknown(bytes32 key);
        error VerifierIsFrozen(bytes32 key);
        error VerifierNotActive(bytes32 key, uint64 activeFrom);
        error VerifierShape(address verifier, uint256 k, uint256 scenarios, uint256 pageSize);
        error TooManyReserves(uint256 max);
        error ReserveAlreadyListed(address token, address holder);
        error ReserveIncomplete();
        error ReserveUnknown(address token, address holder);
        error NotHolder(address caller, address holder);
        error ReserveClaimed(bytes32 protocol);
        error ReserveUnreadable(address token, address holder);
        error NotPublisher(address caller);
        error PublisherIsContract(address caller);
        error OtherVenue(bytes32 venue, bytes32 expected);
        error OtherProgram(bytes32 program, bytes32 expected);
        error OtherPrices(bytes32 prices, bytes32 expected);
        error OtherShape(uint256 k, uint256 scenarios, uint256 pageSize);
        error OtherScenarios(uint256 scenarios, uint256 expected);
        error NoDigest();
        error OutOfSequence(uint64 sequence, uint64 expected);
        error OtherPrevious(bytes32 previous, bytes32 expected);
        error NotLater(uint64 asOf, uint64 last);
        error InFuture(uint64 time);
        error TooOld(uint64 time, uint64 maxLag);
        error NoVolume();
        error NothingOpen();
        error VolumeUnknown(uint256 volume);
        error VolumeAlreadyProved(uint256 volume);
        error VolumesMissing(uint256 proved, uint256 needed);
        error OtherTotals(uint256 volume);
        error EmptyBook();
        error FigureTooLarge(uint256 figure);
        error NoAttestation(bytes32 protocol, uint64 sequence);

        function register(Registration registration) external returns (bytes32 protocol);
        function offerOwnership(bytes32 protocol, address nextOwner) external;
        function acceptOwnership(bytes32 protocol) external;
        function setPublisher(bytes32 protocol, address publisher) external;
        function setDelay(bytes32 protocol, uint64 delay) external;
        function announceRules(bytes32 protocol, bytes32 rules, bytes32 program) external;
        function retireRules(bytes32 protocol, bytes32 rules) external;
        function announceVerifier(bytes32 protocol, address verifier) external;
        function freezeVerifier(bytes32 protocol, bytes32 key) external;
        function announceReserve(bytes32 protocol, NewReserve reserve) external;
        function acceptReserve(bytes32 protocol, address token, address holder) external;
        function removeReserve(bytes32 protocol, address token, address holder) external;
        function protocolOf(bytes32 protocol) external view returns (ProtocolView);
        function rulesOf(bytes32 protocol, bytes32 rules) external view returns (Rules);
        function verifierOf(bytes32 protocol, bytes32 key) external view returns (Verifier);
        function reservesOf(bytes32 protocol) external view returns (Reserve[]);
        function volume(bytes32 protocol, uint64 sequence, uint256 v) external view returns (bytes32 word, bytes32 phase1, bytes32 table, address verifier);
        function submit(Submission submission, Volume[] volumes) external;
        function open(Submission submission, uint32 volumes) external;
        function addVolume(Again again, uint256 index, Volume proved) external;
        function seal(Again again, Totals[] totals) external;
        function relink(bytes32 protocol, bytes32 attestation) external;
        function holds(bytes32 protocol) external view returns (bool);
        function latest(bytes32 protocol) external view returns (Verdict);
        function recordOf(bytes32 protocol, uint64 sequence) external view returns (Record);
        function figuresOf(bytes32 protocol, uint64 sequence) external view returns (Figures[]);
        function EVALUATOR() external view returns (address);
        function MIN_DELAY() external view returns (uint64);
        function MAX_DELAY() external view returns (uint64);
        function MIN_LAG() external view returns (uint64);
        function MAX_LAG() external view returns (uint64);
        function MAX_RESERVES() external view returns (uint256);
    }
}
