// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

/// The purpose of a reserve. A reserve counts for one purpose only.
enum Purpose {
    /// Covers what customers are owed.
    Customers,
    /// Covers bad debt.
    Insurance
}

/// The reserves of one asset, in 10^-36 of one whole unit: no sum of 64 balances below 2^128 of
/// tokens with at most 36 decimals reaches 2^255.
struct Holding {
    /// keccak256 of the asset's name in the rules.
    bytes32 asset;
    uint256 customers;
    uint256 insurance;
}

/// What reserves count for an attestation.
struct Counted {
    /// One entry for each asset that a listed reserve stands for, in the order of the list; zero if
    /// none of its reserves counts. The least of what is there now and of every mark since the
    /// snapshot.
    Holding[] holdings;
    /// Whether any reserve counts, even with a balance of zero.
    bool any;
    /// Whether some token did not answer now, or with 2^128 or more. It counts as nothing.
    bool unreadable;
    /// The time of the first mark at or after the snapshot, to within a tick (see `tickOf`): the
    /// mark was made at or after it. 0 if there is none within `markWithin` of the snapshot,
    /// or if it is not yet `MARK_AGE` old.
    uint64 markedAt;
    /// What was read now for each listed reserve, in its token's smallest unit; 0 for those that do
    /// not count. For the events.
    uint256[] balances;
}

/// @title The reserves of a venue: which balances count, and how much was there when
/// @notice A balance counts once its venue announced it, the delay has passed, and its custodian
/// accepted. It is looked at twice: anyone may `mark` near the time of a snapshot, and a submission
/// counts, for each asset, the least of all marks since the snapshot and of what is there now. So
/// money that is borrowed for one block counts nothing.
///
/// Marks are kept by buckets of time, in each the lowest sum of each asset: a mark can only lower.
/// A sum is over the reserves that count at that moment. A reserve that joined after the mark does
/// not count until it was marked, and coins that move between two listed custodians stay counted.
///
/// A call of a token or of a custodian's `owner()` gets at most 200,000 gas and 32 bytes of its
/// answer are read. A token that does not answer counts as nothing; it stops nobody.
///
/// What this cannot see: a token with two contracts for the same balances (or a contract for the
/// chain's own coin) listed by both; a wrapper that another venue lists; money that is borrowed
/// anew for each moment at which somebody looks. See docs/on-chain-reserves.md.
interface IReserves {
    /// The venue that a custodian's balance of a token backs.
    struct Pledge {
        /// 0 if it never backed one.
        bytes32 venue;
        /// 0 while it is in force; then the time from which the balance may back another venue.
        uint64 freeFrom;
    }

    /// A listed reserve.
    struct Reserve {
        bytes32 asset;
        /// The token's contract; zero for the chain's own coin.
        address token;
        /// The address whose balance counts.
        address custodian;
        /// The time from which it may count, in seconds since 1970.
        uint64 activeFrom;
        /// The token's decimals when it was listed.
        uint8 decimals;
        Purpose purpose;
        /// Whether the custodian confirmed that it backs this venue; until then it does not count.
        bool accepted;
    }

    /// A reserve to be listed.
    struct NewReserve {
        /// The asset's name in the rules.
        string asset;
        address token;
        address custodian;
        Purpose purpose;
    }

    event ReserveAnnounced(
        bytes32 indexed venue,
        address indexed token,
        address indexed custodian,
        string asset,
        Purpose purpose,
        uint8 decimals,
        uint64 activeFrom
    );
    event ReserveAccepted(bytes32 indexed venue, address indexed token, address indexed custodian);
    event ReserveRemoved(
        bytes32 indexed venue,
        address indexed token,
        address indexed custodian,
        address by,
        uint64 freeFrom
    );
    event Marked(bytes32 indexed venue, uint64 time, Holding[] holdings, bool unreadable);

    /// @notice Only an account without code may send the transaction that reads reserves: a
    /// contract could borrow them for the length of the transaction.
    error NotAtTopLevel(address caller);
    error ReserveIncomplete();
    error ReserveUnknown(address token, address custodian);
    error ReserveAlreadyListed(address token, address custodian);
    /// @notice The token does not say its decimals, or has more than 36.
    error ReserveUnreadable(address token, address custodian);
    /// @notice The custodian is itself a listed token, or the token a listed custodian, or both are
    /// one: what is in a wrapper would count twice.
    error ReserveIsWrapped(address token, address custodian);
    /// @notice The balance backs another venue, or did so until a time that has not come yet.
    error ReserveClaimed(bytes32 venue);
    error NotCustodian(address caller, address custodian);
    error TooManyReserves(uint256 max);
    /// @notice The transaction has too little gas left for a token's answer: each needs 210,000 at
    /// the moment it is asked, most of which comes back.
    error TooLittleGas();
    /// @notice The venue has no reserve listed: there is nothing to mark.
    error NothingListed(bytes32 venue);
    /// @notice The time is in the future, or marks since then are no longer all kept.
    error OutsideMarks(uint64 asOf);

    /// @notice Lists a reserve, which counts after the delay if it is accepted. Owner only.
    function announce(bytes32 venue, NewReserve calldata reserve) external;
    /// @notice The custodian, or the owner of its contract, confirms that it backs this venue. One
    /// balance backs one venue at a time.
    function accept(bytes32 venue, address token, address custodian) external;
    /// @notice Takes a reserve off the list, at once. If it counted, the latest attestation is in
    /// breach until the next. If no other reserve of its asset is listed, the marks of this bucket
    /// of time say that nothing of the asset is there. Owner of the venue, custodian, or the owner of the custodian's
    /// contract. A balance that was accepted may back another venue after the venue's delay, and
    /// after 7 days at most: who owned a custodian's contract once cannot keep its next owner from
    /// it.
    function remove(bytes32 venue, address token, address custodian) external;
    /// @notice Reads all reserves that count and lowers the marks of this bucket of time. Anyone,
    /// but only an account without code at top level.
    function mark(bytes32 venue) external;

    /// @notice How old the first mark must be when it is used, in seconds.
    function MARK_AGE() external view returns (uint64);
    function reservesOf(bytes32 venue) external view returns (Reserve[] memory);
    /// @notice Which venue a balance backs.
    function pledgeOf(address token, address custodian) external view returns (Pledge memory);
    /// @notice The length of a tick, in seconds; 0 until a reserve was listed. A bucket of marks
    /// has 64: 5 minutes and 20 seconds, or 1/48 of the venue's lag if that is more.
    function tickOf(bytes32 venue) external view returns (uint64);
    /// @notice What is there now, without regard to marks.
    function read(bytes32 venue) external view returns (Counted memory);
    /// @notice What counts for an attestation whose snapshot is of this time, which is within the
    /// venue's lag. The caller answers for being at top level.
    /// @param markWithin `Limits.markWithin`, which the caller has read already.
    function count(
        bytes32 venue,
        uint64 asOf,
        uint32 markWithin
    ) external view returns (Counted memory);
    /// @notice When a reserve that counted was last removed, in seconds since 1970; 0 if never.
    function removedAt(bytes32 venue) external view returns (uint64);
}
