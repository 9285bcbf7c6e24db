// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Balances} from "./Balances.sol";
import {Marks} from "./Marks.sol";
import {ReserveList} from "./ReserveList.sol";
import {Counted, Holding, IReserves} from "./interfaces/IReserves.sol";
import {IVenues} from "./interfaces/IVenues.sol";

/// @title The reserves of venues
/// @notice See `IReserves`.
contract Reserves is IReserves {
    using Marks for Marks.Book;

    /// @inheritdoc IReserves
    uint64 public constant MARK_AGE = 5 minutes;
    /// @notice The number of reserves that one transaction can read.
    /// @return The number.
    uint256 public constant MAX_RESERVES = 64;
    /// @notice The longest time from removal until a balance may back another venue.
    /// @return Seconds.
    uint64 public constant MAX_HOLD = 7 days;

    uint256 private constant MIN_TICK = 5;
    /// A lag is at most so many buckets, which leaves room for the two at its ends.
    uint256 private constant BUCKETS_OF_LAG = 48;

    /// The reserves of a venue. One word in storage.
    struct Venue {
        /// The account whose code is the list; zero for an empty one.
        address list;
        /// When a reserve that counted was last removed.
        uint40 removedAt;
        /// The length of a tick in seconds; 0 until a reserve was listed.
        uint16 tick;
    }

    /// @notice Who owns a venue, and its delay and limits.
    IVenues public immutable VENUES;

    mapping(bytes32 venue => Venue) private _venues;
    mapping(bytes32 venue => Marks.Book) private _marks;
    mapping(address token => mapping(address custodian => Pledge)) private _pledges;

    constructor(IVenues venues) {
        VENUES = venues;
    }

    /// @inheritdoc IReserves
    function announce(bytes32 venue, NewReserve calldata reserve) external {
        VENUES.requireOwner(venue, msg.sender);
        (address token, address custodian) = (reserve.token, reserve.custodian);
        if (bytes(reserve.asset).length == 0 || custodian == address(0)) revert ReserveIncomplete();
        Venue storage it = _venues[venue];
        Reserve[] memory listed = ReserveList.decode(it.list);
        if (listed.length >= MAX_RESERVES) revert TooManyReserves(MAX_RESERVES);
        if (custodian == token) revert ReserveIsWrapped(token, custodian);
        Reserve[] memory extended = new Reserve[](listed.length + 1);
        for (uint256 i = 0; i < listed.length; i++) {
            Reserve memory other = listed[i];
            bool same = other.token == token && other.custodian == custodian;
            if (same) revert ReserveAlreadyListed(token, custodian);
            bool wrapped = other.token == custodian || other.custodian == token;
            if (wrapped) revert ReserveIsWrapped(token, custodian);
            extended[i] = other;
        }
        (bool readable, uint8 decimals) = Balances.decimals(token);
        if (!readable) revert ReserveUnreadable(token, custodian);
        uint64 activeFrom = VENUES.effectiveFrom(venue);
        extended[listed.length] = Reserve({
            asset: keccak256(bytes(reserve.asset)),
            token: token,
            custodian: custodian,
            activeFrom: activeFrom,
            decimals: decimals,
            purpose: reserve.purpose,
            accepted: false
        });
        if (it.tick == 0) it.tick = uint16(_tickFor(VENUES.venueOf(venue).maxLag));
        it.list = ReserveList.store(extended);
        emit ReserveAnnounced(
            venue,
            token,
            custodian,
            reserve.asset,
            reserve.purpose,
            decimals,
            activeFrom
        );
    }

    /// @inheritdoc IReserves
    function accept(bytes32 venue, address token, address custodian) external {
        Venue storage it = _venues[venue];
        Reserve[] memory listed = ReserveList.decode(it.list);
        uint256 i = _find(listed, token, custodian);
        if (!Balances.speaksFor(msg.sender, custodian)) revert NotCustodian(msg.sender, custodian);
        Pledge storage pledge = _pledges[token][custodian];
        if (pledge.venue != 0 && pledge.venue != venue) {
            bool free = pledge.freeFrom != 0 && pledge.freeFrom <= block.timestamp;
            if (!free) revert ReserveClaimed(pledge.venue);
        }
        (pledge.venue, pledge.freeFrom) = (venue, 0);
        if (!listed[i].accepted) {
            listed[i].accepted = true;
            it.list = ReserveList.store(listed);
        }
        emit ReserveAccepted(venue, token, custodian);
    }

    /// @inheritdoc IReserves
    function remove(bytes32 venue, address token, address custodian) external {
        Venue storage it = _venues[venue];
        Reserve[] memory listed = ReserveList.decode(it.list);
        uint256 found = _find(listed, token, custodian);
        bool isCustodian = Balances.speaksFor(msg.sender, custodian);
        if (!isCustodian) VENUES.requireOwner(venue, msg.sender);
        uint64 freeFrom = uint64(block.timestamp);
        if (listed[found].accepted) {
            // One balance must not back two venues in turn.
            uint64 delay = VENUES.delayOf(venue);
            freeFrom += delay < MAX_HOLD ? delay : MAX_HOLD;
            _pledges[token][custodian].freeFrom = freeFrom;
            bool counted = listed[found].activeFrom <= block.timestamp;
            if (counted) it.removedAt = uint40(block.timestamp);
        }
        Reserve[] memory shortened = new Reserve[](listed.length - 1);
        bool stays = false;
        for (uint256 i = 0; i < shortened.length; i++) {
            shortened[i] = listed[i < found ? i : i + 1];
            if (shortened[i].asset == listed[found].asset) stays = true;
        }
        if (!stays) _marks[venue].clear(it.tick, listed[found].asset);
        it.list = ReserveList.store(shortened);
        emit ReserveRemoved(venue, token, custodian, msg.sender, freeFrom);
    }

    /// @inheritdoc IReserves
    function mark(bytes32 venue) external {
        bool isTop = msg.sender == tx.origin && msg.sender.code.length == 0;
        if (!isTop) revert NotAtTopLevel(msg.sender);
        Venue memory it = _venues[venue];
        if (it.list == address(0)) revert NothingListed(venue);
        Counted memory found = _read(it.list);
        _marks[venue].lower(it.tick, found.holdings);
        emit Marked(venue, uint64(block.timestamp), found.holdings, found.unreadable);
    }

    /// @inheritdoc IReserves
    function reservesOf(bytes32 venue) external view returns (Reserve[] memory) {
        return ReserveList.decode(_venues[venue].list);
    }

    /// @inheritdoc IReserves
    function pledgeOf(address token, address custodian) external view returns (Pledge memory) {
        return _pledges[token][custodian];
    }

    /// @inheritdoc IReserves
    function tickOf(bytes32 venue) external view returns (uint64) {
        return _venues[venue].tick;
    }

    /// @inheritdoc IReserves
    function read(bytes32 venue) external view returns (Counted memory) {
        return _read(_venues[venue].list);
    }

    /// @inheritdoc IReserves
    function count(
        bytes32 venue,
        uint64 asOf,
        uint32 markWithin
    ) external view returns (Counted memory found) {
        Venue memory it = _venues[venue];
        // Without a list nothing counts, and marks say nothing.
        if (it.list == address(0)) return found;
        if (!Marks.covers(it.tick, asOf)) revert OutsideMarks(asOf);
        found = _read(it.list);
        uint256 first = _marks[venue].least(it.tick, asOf, found.holdings);
        if (first == 0) return found;
        // The latest moment at which the mark of this tick may have been.
        uint256 latest = first + it.tick - 1;
        bool isNear = latest <= uint256(asOf) + markWithin;
        bool isOld = latest + MARK_AGE <= block.timestamp;
        if (isNear && isOld) found.markedAt = uint64(first);
    }

    /// @inheritdoc IReserves
    function removedAt(bytes32 venue) external view returns (uint64) {
        return _venues[venue].removedAt;
    }

    /// What is there now.
    function _read(address list) private view returns (Counted memory found) {
        bytes memory entries = ReserveList.load(list);
        uint256 length = entries.length / ReserveList.ENTRY;
        uint256[] memory balances = new uint256[](length);
        Holding[] memory holdings = new Holding[](length);
        uint256 assets = 0;
        // A balance is below 2^128 and 10^36 below 2^120, and 64 of them are below 2^254.
        unchecked {
            for (uint256 i = 0; i < length; ++i) {
                (bytes32 asset, uint256 word, address custodian) = ReserveList.entryAt(entries, i);
                Holding memory holding = holdings[ReserveList.placeOf(word)];
                if (ReserveList.placeOf(word) == assets) {
                    holding.asset = asset;
                    ++assets;
                }
                if (!ReserveList.countsNow(word)) continue;
                found.any = true;
                (bool readable, uint256 balance) = Balances.held(
                    ReserveList.tokenOf(word),
                    custodian
                );
                if (!readable) {
                    found.unreadable = true;
                    continue;
                }
                balances[i] = balance;
                uint256 digits = Balances.MAX_DECIMALS - ReserveList.decimalsOf(word);
                balance *= 10 ** digits;
                if (ReserveList.isInsurance(word)) holding.insurance += balance;
                else holding.customers += balance;
            }
        }
        // As many entries as there are assets.
        assembly ("memory-safe") {
            mstore(holdings, assets)
        }
        (found.holdings, found.balances) = (holdings, balances);
    }

    /// The place of a reserve in the list.
    function _find(
        Reserve[] memory listed,
        address token,
        address custodian
    ) private pure returns (uint256 i) {
        while (i < listed.length) {
            if (listed[i].token == token && listed[i].custodian == custodian) return i;
            i++;
        }
        revert ReserveUnknown(token, custodian);
    }

    /// The length of a tick for a venue of this lag. Below 2^16: a lag is at most 7 days.
    function _tickFor(uint256 maxLag) private pure returns (uint256 tick) {
        uint256 ticks = BUCKETS_OF_LAG * Marks.TICKS;
        tick = (maxLag + ticks - 1) / ticks;
        if (tick < MIN_TICK) tick = MIN_TICK;
    }
}
