// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Checkpoints} from "@openzeppelin/contracts/utils/structs/Checkpoints.sol";
import {Attested, IObservers, Signature} from "./interfaces/IObservers.sol";
import {IVenues} from "./interfaces/IVenues.sol";
import {Signatures} from "./Signatures.sol";

/// @title Who else signs for a venue's attestations
/// @notice See `IObservers`, and docs/observers.md. Calls `Venues`, and signers that are contracts,
/// all of them statically.
contract Observers is IObservers {
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
    /// The bits of `Signature.compared` that mean something.
    uint8 private constant COMPARED = 31;

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

    mapping(bytes32 venue => Settings) private _settings;
    /// In ascending order.
    mapping(bytes32 venue => address[]) private _members;
    mapping(bytes32 venue => mapping(address account => Observer)) private _observers;
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
    function eject(
        address registry,
        Attested calldata one,
        Attested calldata other,
        Signature calldata ofOne,
        Signature calldata ofOther
    ) external {
        if (!Signatures.exclude(one, other, ofOne, ofOther, MAX_VALIDITY)) revert NoEquivocation();
        address signer = ofOne.signer;
        Observer storage known = _observers[one.venue][signer];
        // Who left has a word still on what happened before.
        if (_terms[one.venue][signer].length() == 0) revert ObserverUnknown(signer);
        if (known.isEjected) revert ObserverWasEjected(signer);
        if (known.activeFrom != 0) _remove(_members[one.venue], signer);

        bytes32 domain = Signatures.domainOf(registry);
        _checkSignature(ofOne, domain, Signatures.attestOf(one, ofOne));
        _checkSignature(ofOther, domain, Signatures.attestOf(other, ofOther));
        _setActiveFrom(one.venue, signer, 0);
        (known.alarmsUntil, known.isEjected) = (0, true);
        emit ObserverEjected(one.venue, signer, one.sequence);
    }

    /// @inheritdoc IObservers
    function alarm(
        bytes32 venue,
        bytes32 reason,
        uint64 until,
        address[] calldata signers,
        bytes[] calldata signatures
    ) external {
        Settings storage it = _settings[venue];
        uint8 needed = _alarmThreshold(it);
        if (signers.length != signatures.length) {
            revert OtherLength(signers.length, signatures.length);
        }
        uint64 latest = _now() + MAX_ALARM;
        if (until > latest) revert AlarmTooLong(until, latest);
        // Later than what is over, too: an old alarm cannot be sent again.
        uint64 alarmed = it.alarmedUntil < _now() ? _now() : it.alarmedUntil;
        if (until <= alarmed) revert AlarmNotLater(until, alarmed);
        it.alarmedUntil = until;

        address[] memory counted = _countAlarms(venue, reason, until, signers, signatures);
        if (needed == 0 || counted.length < needed) {
            revert TooFewSignatures(counted.length, needed);
        }
        emit Alarmed(venue, reason, until, counted);
    }

    /// @inheritdoc IObservers
    function requireSigned(
        Attested calldata attested,
        address publisher,
        address sender,
        Signature[] calldata signatures
    ) external view returns (uint256 observers) {
        bytes32 domain = Signatures.domainOf(msg.sender);
        uint256 first = 0;
        if (signatures.length != 0 && signatures[0].signer == publisher) {
            Signature calldata by = signatures[0];
            // An observer's signature is not a publisher's, should it become one.
            if (by.compared != 0) revert OtherCompared(publisher, by.compared);
            _checkTimes(by, sender);
            _checkSignature(by, domain, Signatures.attestOf(attested, by));
            first = 1;
        } else if (sender != publisher) {
            revert NotSignedByPublisher(publisher);
        }

        for (uint256 i = first; i < signatures.length; i++) {
            Signature calldata by = signatures[i];
            if (by.signer == publisher) revert ObserverIsVenue(publisher);
            if (_owns(attested.venue, by.signer)) revert ObserverIsVenue(by.signer);
            if (i > first && by.signer <= signatures[i - 1].signer) revert SignerOrder(i);
            _checkObserver(attested.venue, by, sender);
            _checkSignature(by, domain, Signatures.attestOf(attested, by));
        }
        observers = signatures.length - first;
        uint8 needed = thresholdOf(attested.venue);
        if (observers < needed) revert TooFewSignatures(observers, needed);
    }

    /// @inheritdoc IObservers
    function requireConfirmed(
        bytes32 venue,
        bytes32 record,
        address sender,
        Signature[] calldata signatures
    ) external view returns (uint256 observers) {
        bytes32 domain = Signatures.domainOf(msg.sender);
        IVenues.VenueView memory it = VENUES.venueOf(venue);
        for (uint256 i = 0; i < signatures.length; i++) {
            Signature calldata by = signatures[i];
            bool isVenue = by.signer == it.owner || by.signer == it.publisher;
            if (isVenue) revert ObserverIsVenue(by.signer);
            if (i != 0 && by.signer <= signatures[i - 1].signer) revert SignerOrder(i);
            _checkObserver(venue, by, sender);
            _checkSignature(by, domain, Signatures.confirmOf(venue, record, by));
        }
        observers = signatures.length;
        uint8 needed = thresholdOf(venue);
        // A warning does not end by nobody's word.
        if (needed == 0) needed = 1;
        if (observers < needed) revert TooFewSignatures(observers, needed);
    }

    /// @inheritdoc IObservers
    function isSignedBy(
        bytes32 venue,
        address signer,
        bytes32 digest,
        bytes calldata signature
    ) external view returns (bool) {
        if (!isObserver(venue, signer) || _isVenue(venue, signer)) return false;
        return Signatures.isSignedBy(signer, digest, signature);
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
        Observer storage known = _observers[venue][account];
        if (time == 0 || known.isEjected || known.leftAt >= time) return false;
        uint64 activeFrom = uint64(_terms[venue][account].upperLookupRecent(uint48(time - 1)));
        return activeFrom != 0 && activeFrom < time;
    }

    /// @inheritdoc IObservers
    function thresholdAt(bytes32 venue, uint64 time) external view returns (uint8) {
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

    /// Whether an account counts for alarms, and has one left.
    function _mayAlarm(Observer storage known) private view returns (bool) {
        if (!_isActive(known) && known.alarmsUntil <= block.timestamp) return false;
        uint64 third = known.alarms[MAX_ALARMS - 1];
        return third == 0 || block.timestamp >= third + ALARM_WINDOW;
    }

    /// Who counts of those who are said to have signed an alarm. Who left meanwhile, or used up its
    /// alarms, takes no other's word away.
    function _countAlarms(
        bytes32 venue,
        bytes32 reason,
        uint64 until,
        address[] calldata signers,
        bytes[] calldata signatures
    ) private returns (address[] memory counted) {
        counted = new address[](signers.length);
        uint256 count = 0;
        for (uint256 i = 0; i < signers.length; i++) {
            address signer = signers[i];
            if (i != 0 && signer <= signers[i - 1]) revert SignerOrder(i);
            bytes32 message = Signatures.alarmOf(signer, venue, reason, until);
            bool counts = _countAlarm(_observers[venue][signer], signer, message, signatures[i]);
            if (counts) counted[count++] = signer;
        }
        // As many as were counted.
        assembly ("memory-safe") {
            mstore(counted, count)
        }
    }

    /// Counts an alarm of one observer, whose alarms nobody else can use up.
    function _countAlarm(
        Observer storage known,
        address signer,
        bytes32 message,
        bytes calldata signature
    ) private returns (bool) {
        if (!_mayAlarm(known)) return false;
        bytes32 digest = Signatures.digestOf(Signatures.domainOf(address(this)), message);
        if (!Signatures.isSignedBy(signer, digest, signature)) return false;
        (known.alarms[2], known.alarms[1]) = (known.alarms[1], known.alarms[0]);
        known.alarms[0] = _now();
        return true;
    }

    function _setActiveFrom(bytes32 venue, address account, uint64 from) private {
        _observers[venue][account].activeFrom = from;
        _terms[venue][account].push(uint48(block.timestamp), from);
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

    function _remove(address[] storage members, address observer) private {
        uint256 place = 0;
        while (members[place] != observer) place++;
        for (; place + 1 < members.length; place++) members[place] = members[place + 1];
        members.pop();
    }

    function _checkObserver(bytes32 venue, Signature calldata by, address sender) private view {
        if (!isObserver(venue, by.signer)) revert ObserverUnknown(by.signer);
        if (by.compared == 0 || by.compared > COMPARED) {
            revert OtherCompared(by.signer, by.compared);
        }
        _checkTimes(by, sender);
    }

    function _checkTimes(Signature calldata by, address sender) private view {
        (uint64 signedAt, uint64 deadline, address carrier) = (
            by.signedAt,
            by.deadline,
            by.carrier
        );
        if (deadline < block.timestamp) revert SignatureExpired(by.signer, deadline);
        if (signedAt > block.timestamp || deadline - signedAt > MAX_VALIDITY) {
            revert SignatureTime(by.signer);
        }
        if (carrier != address(0) && carrier != sender) revert OtherCarrier(by.signer, carrier);
    }

    function _checkSignature(Signature calldata by, bytes32 domain, bytes32 message) private view {
        bytes32 digest = Signatures.digestOf(domain, message);
        if (!Signatures.isSignedBy(by.signer, digest, by.signature)) {
            revert SignatureInvalid(by.signer);
        }
    }

    function _checkThreshold(bytes32 venue, uint8 threshold) private view {
        uint256 members = _members[venue].length;
        if (threshold > members) revert ThresholdOutOfRange(threshold, members);
    }

    function _alarmThreshold(Settings storage it) private view returns (uint8) {
        bool isNext = block.timestamp >= it.nextAlarmThresholdFrom;
        return isNext ? it.nextAlarmThreshold : it.alarmThreshold;
    }

    function _isActive(Observer storage known) private view returns (bool) {
        return known.activeFrom != 0 && known.activeFrom <= block.timestamp;
    }

    function _owns(bytes32 venue, address account) private view returns (bool) {
        try VENUES.requireOwner(venue, account) {
            return true;
        } catch {
            return false;
        }
    }

    function _mayRemove(bytes32 venue, address account) private view returns (bool) {
        try VENUES.requireGuardian(venue, account) {
            return true;
        } catch {
            return false;
        }
    }

    function _isVenue(bytes32 venue, address account) private view returns (bool) {
        IVenues.VenueView memory it = VENUES.venueOf(venue);
        return account == it.owner || account == it.publisher;
    }

    function _now() private view returns (uint64) {
        return uint64(block.timestamp);
    }
}
