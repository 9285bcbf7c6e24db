// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Checkpoints} from "@openzeppelin/contracts/utils/structs/Checkpoints.sol";
import {IObservers} from "./interfaces/IObservers.sol";
import {IVenues} from "./interfaces/IVenues.sol";

/// @title Who observes a venue, and how many must sign, now and at every time before
/// @notice See `IObservers`. `Observers` has what they sign.
abstract contract ObserverList is IObservers {
    using Checkpoints for Checkpoints.Trace208;

    /// @inheritdoc IObservers
    uint64 public constant MAX_VALIDITY = 10 minutes;
    /// @inheritdoc IObservers
    uint256 public constant MAX_OBSERVERS = 16;
    /// @inheritdoc IObservers
    uint64 public constant MAX_ALARM = 24 hours;
    /// @inheritdoc IObservers
    uint256 public constant MAX_ALARMS = 3;
    /// @inheritdoc IObservers
    uint64 public constant ALARM_WINDOW = 30 days;
    /// @inheritdoc IObservers
    IVenues public immutable VENUES;

    /// An observer of a venue, or who was one.
    struct Observer {
        /// From when on it counts, in seconds since 1970; 0 if it was removed.
        uint64 activeFrom;
        /// Until when it counts for alarms after it was removed.
        uint64 alarmsUntil;
        /// When it last left by itself; 0 if never.
        uint64 leftAt;
        bool isEjected;
        /// When it signed its latest alarms, the newest first.
        uint64[3] alarms;
    }

    /// How many must sign, and until when a venue is alarmed. One word in storage.
    struct Settings {
        uint8 threshold;
        uint8 nextThreshold;
        uint64 nextThresholdFrom;
        uint8 alarmThreshold;
        uint8 nextAlarmThreshold;
        uint64 nextAlarmThresholdFrom;
        uint64 alarmedUntil;
    }

    mapping(bytes32 venue => Settings) internal _settings;
    /// In ascending order.
    mapping(bytes32 venue => address[]) internal _members;
    mapping(bytes32 venue => mapping(address account => Observer)) internal _observers;
    /// What `Observer.activeFrom` was at each time.
    mapping(bytes32 venue => mapping(address account => Checkpoints.Trace208)) private _terms;
    /// The threshold at each time: in the lowest bits the present one (8), the next (8), from when
    /// that applies (64).
    mapping(bytes32 venue => Checkpoints.Trace208) private _thresholds;

    /// @param venues The venues whose observers these are.
    constructor(IVenues venues) {
        if (address(venues).code.length == 0) revert NoVenues(address(venues));
        VENUES = venues;
    }

    modifier onlyOwner(bytes32 venue) {
        VENUES.requireOwner(venue, msg.sender);
        _;
    }

    /// @inheritdoc IObservers
    function announceObserver(bytes32 venue, address observer) external onlyOwner(venue) {
        if (observer == address(0)) revert NoObserver();
        IVenues.VenueView memory it = VENUES.venueOf(venue);
        bool isOwner = observer == it.owner || observer == it.nextOwner;
        bool isPublisher = observer == it.publisher || observer == it.nextPublisher;
        if (isOwner || isPublisher) revert ObserverIsVenue(observer);
        Observer storage known = _observers[venue][observer];
        if (known.isEjected) revert ObserverWasEjected(observer);
        if (known.activeFrom != 0) revert ObserverKnown(observer);
        _insert(_members[venue], observer);
        _setActiveFrom(venue, observer, VENUES.effectiveFrom(venue));
        emit ObserverAnnounced(venue, observer, known.activeFrom);
    }

    /// @inheritdoc IObservers
    function removeObserver(bytes32 venue, address observer) external {
        Observer storage known = _observers[venue][observer];
        bool isActive = _isActive(known);
        if (known.activeFrom == 0) revert ObserverUnknown(observer);
        _setActiveFrom(venue, observer, 0);
        _remove(_members[venue], observer);
        if (msg.sender == observer) {
            (known.alarmsUntil, known.leftAt) = (0, _now());
        } else if (!_mayRemove(venue, msg.sender) && !_isVenue(venue, observer)) {
            revert NotRemover(msg.sender);
        } else if (isActive) {
            // One that is announced again and removed before it counts keeps what it has.
            known.alarmsUntil = VENUES.effectiveFrom(venue);
        }
        emit ObserverRemoved(venue, observer, msg.sender, known.alarmsUntil);
    }

    /// @inheritdoc IObservers
    function setThreshold(bytes32 venue, uint8 threshold) external onlyOwner(venue) {
        _checkThreshold(venue, threshold);
        Settings storage it = _settings[venue];
        uint8 current = thresholdOf(venue);
        bool isStricter = threshold >= current;
        uint64 from = isStricter ? _now() : VENUES.effectiveFrom(venue);
        it.threshold = isStricter ? threshold : current;
        (it.nextThreshold, it.nextThresholdFrom) = (threshold, from);
        uint208 both = (uint208(from) << 16) | (uint208(threshold) << 8) | it.threshold;
        _thresholds[venue].push(uint48(block.timestamp), both);
        emit ThresholdSet(venue, threshold, from);
    }

    /// @inheritdoc IObservers
    function setAlarmThreshold(bytes32 venue, uint8 threshold) external onlyOwner(venue) {
        _checkThreshold(venue, threshold);
        Settings storage it = _settings[venue];
        uint8 current = _alarmThreshold(it);
        bool isStricter = current == 0 || (threshold != 0 && threshold <= current);
        uint64 from = isStricter ? _now() : VENUES.effectiveFrom(venue);
        it.alarmThreshold = isStricter ? threshold : current;
        (it.nextAlarmThreshold, it.nextAlarmThresholdFrom) = (threshold, from);
        emit AlarmThresholdSet(venue, threshold, from);
    }

    /// @inheritdoc IObservers
    function observersOf(bytes32 venue) external view returns (ObserversView memory found) {
        found.members = _members[venue];
        found.activeFrom = new uint64[](found.members.length);
        for (uint256 i = 0; i < found.members.length; i++) {
            found.activeFrom[i] = _observers[venue][found.members[i]].activeFrom;
        }
        Settings storage it = _settings[venue];
        found.threshold = thresholdOf(venue);
        (found.nextThreshold, found.nextThresholdFrom) = (it.nextThreshold, it.nextThresholdFrom);
        found.alarmThreshold = _alarmThreshold(it);
        found.nextAlarmThreshold = it.nextAlarmThreshold;
        found.nextAlarmThresholdFrom = it.nextAlarmThresholdFrom;
    }

    /// @inheritdoc IObservers
    function isEjected(bytes32 venue, address account) external view returns (bool) {
        return _observers[venue][account].isEjected;
    }

    /// @inheritdoc IObservers
    function observedAt(bytes32 venue, address account, uint64 time) external view returns (bool) {
        _requirePast(time);
        Observer storage known = _observers[venue][account];
        if (time == 0 || known.isEjected || known.leftAt >= time) return false;
        uint64 activeFrom = uint64(_terms[venue][account].upperLookupRecent(uint48(time - 1)));
        return activeFrom != 0 && activeFrom < time;
    }

    /// @inheritdoc IObservers
    function thresholdAt(bytes32 venue, uint64 time) external view returns (uint8) {
        _requirePast(time);
        if (time == 0) return 0;
        uint208 both = _thresholds[venue].upperLookupRecent(uint48(time - 1));
        return uint8(uint64(both >> 16) < time ? both >> 8 : both);
    }

    /// @inheritdoc IObservers
    function alarmsOf(bytes32 venue, address observer) external view returns (uint64[3] memory) {
        return _observers[venue][observer].alarms;
    }

    /// @inheritdoc IObservers
    function alarmedUntil(bytes32 venue) external view returns (uint64) {
        return _settings[venue].alarmedUntil;
    }

    /// @inheritdoc IObservers
    function thresholdOf(bytes32 venue) public view returns (uint8) {
        Settings storage it = _settings[venue];
        return block.timestamp < it.nextThresholdFrom ? it.threshold : it.nextThreshold;
    }

    /// @inheritdoc IObservers
    function isObserver(bytes32 venue, address account) public view returns (bool) {
        return _isActive(_observers[venue][account]);
    }

    function _setActiveFrom(bytes32 venue, address account, uint64 from) internal {
        _observers[venue][account].activeFrom = from;
        _terms[venue][account].push(uint48(block.timestamp), from);
    }

    function _requirePast(uint64 time) private view {
        if (time > block.timestamp) revert NotYet(time);
    }

    /// Whether an account was ever named.
    function _everObserved(bytes32 venue, address account) internal view returns (bool) {
        return _terms[venue][account].length() != 0;
    }

    function _insert(address[] storage members, address observer) private {
        uint256 place = members.length;
        if (place >= MAX_OBSERVERS) revert TooManyObservers(MAX_OBSERVERS);
        members.push(observer);
        for (; place != 0 && members[place - 1] > observer; place--) {
            members[place] = members[place - 1];
        }
        members[place] = observer;
    }

    function _remove(address[] storage members, address observer) internal {
        uint256 place = 0;
        while (members[place] != observer) place++;
        for (; place + 1 < members.length; place++) members[place] = members[place + 1];
        members.pop();
    }

    function _checkThreshold(bytes32 venue, uint8 threshold) private view {
        uint256 members = _members[venue].length;
        if (threshold > members) revert ThresholdOutOfRange(threshold, members);
    }

    function _alarmThreshold(Settings storage it) internal view returns (uint8) {
        bool isNext = block.timestamp >= it.nextAlarmThresholdFrom;
        return isNext ? it.nextAlarmThreshold : it.alarmThreshold;
    }

    function _isActive(Observer storage known) internal view returns (bool) {
        return known.activeFrom != 0 && known.activeFrom <= block.timestamp;
    }

    function _mayRemove(bytes32 venue, address account) private view returns (bool) {
        try VENUES.requireGuardian(venue, account) {
            return true;
        } catch {
            return false;
        }
    }

    function _isVenue(bytes32 venue, address account) internal view returns (bool) {
        IVenues.VenueView memory it = VENUES.venueOf(venue);
        return account == it.owner || account == it.publisher;
    }

    function _now() internal view returns (uint64) {
        return uint64(block.timestamp);
    }
}
