// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {MessageHashUtils} from "@openzeppelin/contracts/utils/cryptography/MessageHashUtils.sol";
import {IElsewhere} from "./interfaces/IElsewhere.sol";
import {IObservers} from "./interfaces/IObservers.sol";
import {Holding} from "./interfaces/IReserves.sol";
import {IVenues} from "./interfaces/IVenues.sol";

/// @title Reserves on other chains
/// @notice See `IElsewhere`. Of each 5 minutes of a remote the lowest reading is kept, with its
/// signers: however many are posted, and in whatever order, none can take a lower one away.
contract Elsewhere is IElsewhere {
    /// @inheritdoc IElsewhere
    uint64 public constant READING_AGE = 1 hours;
    /// @inheritdoc IElsewhere
    uint64 public constant MAX_SPAN = 6 hours;
    /// @notice The number of reserves on other chains that a venue can list.
    /// @return The number.
    uint256 public constant MAX_REMOTES = 16;

    uint256 private constant BUCKET = 5 minutes;
    /// A mark was made less than so many seconds after the time that is given for it: the longest
    /// tick is that of a lag of 7 days, 197 seconds.
    uint256 private constant MARK_WIDTH = 200;
    /// 16 of them are below 2^252.
    uint256 private constant TOO_LARGE = 1 << 248;
    uint256 private constant ALL_BPS = 10_000;
    bytes32 private constant DOMAIN_TYPE = keccak256(
        "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"
    );
    bytes32 private constant READING_TYPE = keccak256(
        "Reading(address signer,bytes32 venue,bytes32 asset,uint64 chainId,address token,"
        "address custodian,uint64 number,bytes32 blockHash,uint64 time,uint256 units,"
        "uint64 notBefore,uint64 deadline)"
    );

    /// The lowest reading of a bucket.
    struct Lowest {
        uint256 units;
        uint64 time;
        address[] signers;
    }

    /// The readings of a remote.
    struct Readings {
        /// Bit b % 256 of word b / 256 is set if there is a reading of bucket b.
        mapping(uint256 word => uint256) has;
        mapping(uint256 bucket => Lowest) lowest;
    }

    /// Who observes a venue now: of these, neither its owner nor its publisher does.
    struct Panel {
        address owner;
        address publisher;
        address[] members;
        uint64[] activeFrom;
        uint256 needed;
    }

    /// @notice Who owns a venue.
    IVenues public immutable VENUES;
    /// @notice Who observes a venue.
    IObservers public immutable OBSERVERS;

    /// @inheritdoc IElsewhere
    mapping(bytes32 venue => uint64) public removedAt;

    mapping(bytes32 venue => Remote[]) private _remotes;
    /// By venue, and by remote and the asset that it stood for.
    mapping(bytes32 venue => mapping(bytes32 key => Readings)) private _readings;
    /// Who lists a remote now, and each one's place in that, counted from 1.
    mapping(bytes32 remote => bytes32[]) private _listedBy;
    mapping(bytes32 remote => mapping(bytes32 venue => uint256)) private _placeIn;

    constructor(IVenues venues, IObservers observers) {
        (VENUES, OBSERVERS) = (venues, observers);
    }

    /// @inheritdoc IElsewhere
    function announce(
        bytes32 venue,
        string calldata asset,
        uint64 chainId,
        address token,
        address custodian
    ) external {
        VENUES.requireOwner(venue, msg.sender);
        bool isComplete = bytes(asset).length != 0 && custodian != address(0) && chainId != 0;
        if (!isComplete || chainId == block.chainid) revert RemoteIncomplete();
        if (custodian == token) revert RemoteIsWrapped();
        Remote[] storage remotes = _remotes[venue];
        if (remotes.length >= MAX_REMOTES) revert TooManyRemotes(MAX_REMOTES);
        for (uint256 i = 0; i < remotes.length; i++) {
            Remote memory other = remotes[i];
            if (other.chainId != chainId) continue;
            if (other.token == token && other.custodian == custodian) revert RemoteKnown();
            bool wrapped = other.token == custodian || other.custodian == token;
            if (wrapped) revert RemoteIsWrapped();
        }
        uint64 activeFrom = VENUES.effectiveFrom(venue);
        remotes.push(
            Remote({
                asset: keccak256(bytes(asset)),
                chainId: chainId,
                token: token,
                custodian: custodian,
                activeFrom: activeFrom
            })
        );
        bytes32 remote = remoteId(chainId, token, custodian);
        _listedBy[remote].push(venue);
        _placeIn[remote][venue] = _listedBy[remote].length;
        emit RemoteAnnounced(venue, remote, asset, chainId, token, custodian, activeFrom);
    }

    /// @inheritdoc IElsewhere
    function remove(bytes32 venue, uint64 chainId, address token, address custodian) external {
        VENUES.requireOwner(venue, msg.sender);
        Remote[] storage remotes = _remotes[venue];
        uint256 i = _find(remotes, chainId, token, custodian);
        if (remotes[i].activeFrom <= block.timestamp) removedAt[venue] = uint64(block.timestamp);
        remotes[i] = remotes[remotes.length - 1];
        remotes.pop();
        bytes32 remote = remoteId(chainId, token, custodian);
        _strike(remote, venue);
        emit RemoteRemoved(venue, remote, chainId, token, custodian);
    }

    /// @inheritdoc IElsewhere
    function post(
        Reading calldata reading,
        address[] calldata signers,
        bytes[] calldata signatures
    ) external {
        bytes32 venue = reading.venue;
        _requireListed(reading);
        bool inTime =
            reading.time <= block.timestamp &&
                block.timestamp - reading.time <= READING_AGE &&
                reading.notBefore <= block.timestamp &&
                block.timestamp <= reading.deadline;
        if (!inTime) revert ReadingTime();
        if (reading.units >= TOO_LARGE) revert ReadingTooLarge();
        _requireReaders(reading, signers, signatures);

        bytes32 remote = remoteId(reading.chainId, reading.token, reading.custodian);
        Readings storage readings = _readings[venue][_keyOf(remote, reading.asset)];
        _keep(readings, reading, signers);
        emit Read(venue, remote, reading, signers);
    }

    /// @inheritdoc IElsewhere
    function remotesOf(bytes32 venue) external view returns (Remote[] memory) {
        return _remotes[venue];
    }

    /// @inheritdoc IElsewhere
    function venuesOf(bytes32 remote) external view returns (bytes32[] memory) {
        return _listedBy[remote];
    }

    /// @inheritdoc IElsewhere
    function count(
        bytes32 venue,
        Holding[] calldata home,
        uint64 from,
        uint16 capBps
    ) external view returns (uint256[] memory units) {
        units = new uint256[](home.length);
        bool inSpan = from != 0 && from <= block.timestamp && block.timestamp - from <= MAX_SPAN;
        if (!inSpan || capBps == 0) return units;
        Remote[] memory remotes = _remotes[venue];
        if (remotes.length == 0) return units;
        Panel memory panel = _panel(venue);
        for (uint256 r = 0; r < remotes.length; r++) {
            // Like a reserve here, one that joined after the first mark does not count.
            if (remotes[r].activeFrom > from) continue;
            for (uint256 i = 0; i < home.length; i++) {
                if (home[i].asset != remotes[r].asset) continue;
                units[i] += _least(venue, remotes[r], from, panel);
                // An asset that comes again counts nothing more.
                break;
            }
        }
        for (uint256 i = 0; i < home.length; i++) {
            uint256 cap = Math.saturatingMul(home[i].customers / ALL_BPS, capBps);
            units[i] = Math.min(units[i], cap);
        }
    }

    /// @inheritdoc IElsewhere
    function remoteId(
        uint64 chainId,
        address token,
        address custodian
    ) public pure returns (bytes32) {
        return keccak256(abi.encode(chainId, token, custodian));
    }

    /// @inheritdoc IElsewhere
    function digestOf(Reading calldata reading, address signer) public view returns (bytes32) {
        // The chain's id is asked for each time: after a fork, no signature of one side is one of
        // the other.
        bytes32 domain = keccak256(
            abi.encode(
                DOMAIN_TYPE,
                keccak256("Pacioli"),
                keccak256("1"),
                block.chainid,
                address(this)
            )
        );
        // A reading is static: its fields are encoded as EIP-712 encodes them.
        bytes32 message = keccak256(abi.encode(READING_TYPE, signer, reading));
        return MessageHashUtils.toTypedDataHash(domain, message);
    }

    /// Takes a venue off those that list a remote, at the same cost however many there are.
    function _strike(bytes32 remote, bytes32 venue) private {
        bytes32[] storage venues = _listedBy[remote];
        uint256 place = _placeIn[remote][venue];
        bytes32 last = venues[venues.length - 1];
        (venues[place - 1], _placeIn[remote][last]) = (last, place);
        delete _placeIn[remote][venue];
        venues.pop();
    }

    /// Keeps a reading if it is the lowest of its bucket, or as low and signed by more who observe
    /// now. Its own signers all do.
    function _keep(
        Readings storage readings,
        Reading calldata reading,
        address[] calldata signers
    ) private {
        uint256 bucket = reading.time / BUCKET;
        uint256 units = reading.units;
        uint256 bit = 1 << (bucket % 256);
        Lowest storage lowest = readings.lowest[bucket];
        bool isFirst = readings.has[bucket / 256] & bit == 0;
        if (isFirst) readings.has[bucket / 256] |= bit;
        bool keeps = isFirst || units < lowest.units;
        if (!keeps && units == lowest.units) {
            keeps = signers.length > _standing(_panel(reading.venue), lowest.signers);
        }
        if (!keeps) return;
        (lowest.units, lowest.time, lowest.signers) = (units, reading.time, signers);
    }

    /// Reverts unless the venue lists the reserve that was read, for the asset that is named.
    function _requireListed(Reading calldata reading) private view {
        Remote[] storage remotes = _remotes[reading.venue];
        uint256 i = _find(remotes, reading.chainId, reading.token, reading.custodian);
        if (remotes[i].asset != reading.asset) revert RemoteUnknown();
    }

    /// Reverts unless enough observers signed a reading.
    function _requireReaders(
        Reading calldata reading,
        address[] calldata signers,
        bytes[] calldata signatures
    ) private view {
        uint256 needed = _needed(OBSERVERS.observersOf(reading.venue).threshold);
        if (signers.length < needed) revert TooFewReaders(signers.length, needed);
        for (uint256 i = 0; i < signers.length; i++) {
            bool isNext = i == 0 || signers[i] > signers[i - 1];
            if (!isNext || i >= signatures.length) revert ReaderOrder(i);
            bool signed = OBSERVERS.isSignedBy(
                reading.venue,
                signers[i],
                digestOf(reading, signers[i]),
                signatures[i]
            );
            if (!signed) revert ReaderUnknown(signers[i]);
        }
    }

    /// The least of a remote's readings from the last that is at or before the first mark until
    /// now; 0 unless there are readings around that mark whose signers are still enough.
    function _least(
        bytes32 venue,
        Remote memory remote,
        uint256 from,
        Panel memory panel
    ) private view returns (uint256 least) {
        bytes32 id = remoteId(remote.chainId, remote.token, remote.custodian);
        Readings storage readings = _readings[venue][_keyOf(id, remote.asset)];
        least = type(uint256).max;
        // Whether there is one after the first mark.
        bool found = false;
        uint256 earliest = (from > READING_AGE ? from - READING_AGE : 0) / BUCKET;
        for (uint256 bucket = block.timestamp / BUCKET + 1; bucket-- > earliest;) {
            if ((readings.has[bucket / 256] >> (bucket % 256)) & 1 == 0) continue;
            Lowest storage lowest = readings.lowest[bucket];
            uint256 time = lowest.time;
            if (time + READING_AGE < from) return 0;
            // Whoever signed it, what is lower lowers.
            least = Math.min(least, lowest.units);
            bool isAfter = time >= from + MARK_WIDTH && time + READING_AGE >= block.timestamp;
            bool isBefore = time <= from;
            if (isBefore && !found) return 0;
            bool isNeeded = isBefore || (isAfter && !found);
            if (!isNeeded || _standing(panel, lowest.signers) < panel.needed) continue;
            if (isBefore) return least;
            found = true;
        }
        return 0;
    }

    /// How many of these signers, of whom none is there twice, observe now.
    function _standing(
        Panel memory panel,
        address[] storage signers
    ) private view returns (uint256 standing) {
        for (uint256 i = 0; i < signers.length; i++) {
            address signer = signers[i];
            uint256 m = 0;
            while (m < panel.members.length && panel.members[m] != signer) m++;
            bool observes = m < panel.members.length && panel.activeFrom[m] <= block.timestamp;
            bool isVenue = signer == panel.owner || signer == panel.publisher;
            if (observes && !isVenue) standing++;
        }
    }

    /// Under which a remote's readings as reserves of an asset are kept: those of another asset say
    /// nothing of this one.
    function _keyOf(bytes32 remote, bytes32 asset) private pure returns (bytes32) {
        return keccak256(abi.encode(remote, asset));
    }

    function _panel(bytes32 venue) private view returns (Panel memory) {
        IObservers.ObserversView memory found = OBSERVERS.observersOf(venue);
        IVenues.VenueView memory it = VENUES.venueOf(venue);
        uint256 needed = _needed(found.threshold);
        return Panel(it.owner, it.publisher, found.members, found.activeFrom, needed);
    }

    /// A venue whose attestations need no observer needs one for readings.
    function _needed(uint256 threshold) private pure returns (uint256) {
        return threshold == 0 ? 1 : threshold;
    }

    function _find(
        Remote[] storage remotes,
        uint64 chainId,
        address token,
        address custodian
    ) private view returns (uint256 i) {
        for (; i < remotes.length; i++) {
            Remote storage it = remotes[i];
            bool same = it.chainId == chainId && it.token == token && it.custodian == custodian;
            if (same) return i;
        }
        revert RemoteUnknown();
    }
}
