// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {ObserverList} from "./ObserverList.sol";
import {Attested, IObservers, Signature} from "./interfaces/IObservers.sol";
import {IVenues} from "./interfaces/IVenues.sol";
import {Signatures} from "./Signatures.sol";

/// @title Who else signs for a venue's attestations
/// @notice See `IObservers`, and docs/observers.md. Calls `Venues`, and signers that are contracts,
/// all of them statically.
contract Observers is ObserverList {
    /// The bits of `Signature.compared` that mean something.
    uint8 private constant COMPARED = 31;

    /// @param venues The venues whose observers these are.
    constructor(IVenues venues) ObserverList(venues) {}

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
        if (!_everObserved(one.venue, signer)) revert ObserverUnknown(signer);
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

    function _owns(bytes32 venue, address account) private view returns (bool) {
        try VENUES.requireOwner(venue, account) {
            return true;
        } catch {
            return false;
        }
    }
}
