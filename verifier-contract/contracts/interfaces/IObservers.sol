// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {IVenues} from "./IVenues.sol";

/// What a publisher and observers sign, beside their own address and times.
struct Attested {
    bytes32 venue;
    uint64 sequence;
    /// The digest that the proofs of all volumes are bound to.
    bytes32 context;
    /// keccak256 of the program.
    bytes32 program;
    /// The digest of the quantities of all volumes together; see `Record.quantities`.
    bytes32 totals;
    /// The digest of the attestation's file, which the next header must name.
    bytes32 attestation;
    /// The verifier that checks the proofs.
    address verifier;
    /// keccak256 of the ABI's encoding of the rounds of the feeds. Without these three in it, whoever
    /// carries a signature could spoil an attestation, or the chain of attestations.
    bytes32 rounds;
}

/// One signature, of EIP-712's `Attest`.
struct Signature {
    address signer;
    /// When it was made, in seconds since 1970.
    uint64 signedAt;
    /// Until when it can be used; at most `IObservers.MAX_VALIDITY` after `signedAt`.
    uint64 deadline;
    /// The only account that may send it; zero for any.
    address carrier;
    /// What the signer compared, as bits: 1 program and rules, 2 prices, 4 the list of accounts, 8
    /// reserves elsewhere, 16 balances of the book. 0 for a publisher.
    uint8 compared;
    /// 65 bytes of an account without code, or what its contract takes (ERC-1271).
    bytes signature;
}

/// @title Who else signs for a venue's attestations
/// @notice An observer is an account that the venue named and that says, by signature, that it
/// compared what a chain cannot see. A venue that has a threshold of k needs the signatures of k
/// observers for every attestation. Observers join, and the threshold falls, after the delay; an
/// observer leaves, and the threshold rises, at once. Too few observers never lower the threshold:
/// then nothing can be attested.
///
/// Signatures are EIP-712, in the domain of the registry (name `Pacioli`, version `1`, the chain's
/// id, the registry's address), of
///
/// `Attest(address signer,bytes32 venue,uint64 sequence,bytes32 context,bytes32 program,bytes32
/// totals,bytes32 attestation,address verifier,bytes32 rounds,uint64 signedAt,uint64 deadline,address
/// carrier,uint8 compared)`
///
/// and, for an attestation that left a band,
///
/// `Confirm(address signer,bytes32 venue,bytes32 record,uint64 signedAt,uint64 deadline,address
/// carrier,uint8 compared)`
///
/// with the signer's own address in it, so that a signature of a contract's owner cannot be used
/// for another contract of the same owner. An alarm is `Alarm(address signer,bytes32 venue,bytes32
/// reason,uint64 until)` in the domain of this contract.
///
/// A signer is an account without code, whose signature has 65 bytes and the lower `s`; such an
/// account that delegates to code (EIP-7702), whose key still counts; or a contract (ERC-1271). Who
/// is behind two addresses cannot be seen: a key, and a Safe that it alone owns, count as two.
interface IObservers {
    /// The observers of a venue.
    struct ObserversView {
        /// In ascending order. Not those that were removed and can still alarm.
        address[] members;
        /// From when on each counts, in seconds since 1970.
        uint64[] activeFrom;
        /// How many must sign an attestation now.
        uint8 threshold;
        uint8 nextThreshold;
        /// When it applies, in seconds since 1970; in the past if it does already.
        uint64 nextThresholdFrom;
        /// How many must sign an alarm; 0 if none can.
        uint8 alarmThreshold;
        uint8 nextAlarmThreshold;
        uint64 nextAlarmThresholdFrom;
    }

    event ObserverAnnounced(bytes32 indexed venue, address indexed observer, uint64 activeFrom);
    /// @param alarmsUntil Until when it still counts for alarms, in seconds since 1970; 0 if it
    /// left by itself.
    event ObserverRemoved(
        bytes32 indexed venue,
        address indexed observer,
        address by,
        uint64 alarmsUntil
    );
    /// @notice An observer signed two attestations of one number that could be used at one time.
    event ObserverEjected(bytes32 indexed venue, address indexed observer, uint64 sequence);
    event ThresholdSet(bytes32 indexed venue, uint8 threshold, uint64 from);
    event AlarmThresholdSet(bytes32 indexed venue, uint8 threshold, uint64 from);
    event Alarmed(bytes32 indexed venue, bytes32 reason, uint64 until, address[] signers);

    /// @notice The registry's list of venues is no contract.
    error NoVenues(address venues);
    error NoObserver();
    error TooManyObservers(uint256 max);
    /// @notice It signed two attestations of one number, which is final: name another account.
    error ObserverWasEjected(address observer);
    error ObserverKnown(address observer);
    /// @notice Not an observer of this venue, or not yet or no longer one.
    error ObserverUnknown(address observer);
    /// @notice Only the observer itself, the owner and the guardian remove it; anyone, once it is
    /// the venue's owner or publisher.
    error NotRemover(address caller);
    /// @notice The publisher or the owner of a venue cannot observe it.
    error ObserverIsVenue(address observer);
    error ThresholdOutOfRange(uint8 threshold, uint256 members);
    /// @notice Neither sent nor signed by the venue's publisher; its signature comes first.
    error NotSignedByPublisher(address publisher);
    /// @notice Signers must be in strictly ascending order.
    error SignerOrder(uint256 signature);
    error SignatureInvalid(address signer);
    error SignatureExpired(address signer, uint64 deadline);
    /// @notice The signature was made in the future, or is valid for too long.
    error SignatureTime(address signer);
    error OtherCarrier(address signer, address carrier);
    /// @notice An observer must have compared something, and only what has a bit; a publisher
    /// nothing.
    error OtherCompared(address signer, uint8 compared);
    /// @notice A signer's contract could not be given all the gas that it may use.
    error TooLittleGas();
    error TooFewSignatures(uint256 signatures, uint256 needed);
    /// @notice Two signatures of the same attestation, of two numbers or venues, of two signers, or
    /// of which the one had lapsed when the other was made, show nothing against an observer.
    error NoEquivocation();
    error AlarmTooLong(uint64 until, uint64 latest);
    /// @notice An alarm must last longer than the one before: none can be sent twice.
    error AlarmNotLater(uint64 until, uint64 alarmed);
    /// @notice Nothing can be said of the future.
    error NotYet(uint64 time);
    error OtherLength(uint256 signers, uint256 signatures);

    /// @notice The longest validity of a signature, in seconds: the second in which reserves are
    /// read is not the carrier's to choose.
    function MAX_VALIDITY() external view returns (uint64);
    /// @notice The most observers of a venue.
    function MAX_OBSERVERS() external view returns (uint256);
    /// @notice The longest alarm, in seconds.
    function MAX_ALARM() external view returns (uint64);
    /// @notice The most alarms that one observer may sign for a venue within `ALARM_WINDOW`.
    function MAX_ALARMS() external view returns (uint256);
    /// @notice In seconds.
    function ALARM_WINDOW() external view returns (uint64);
    /// @notice The venues whose observers these are.
    function VENUES() external view returns (IVenues);

    /// @notice Names an observer, who counts after the delay. Owner only. Refused for the venue's
    /// owner and publisher, offered and announced ones too, and for who was ejected.
    function announceObserver(bytes32 venue, address observer) external;
    /// @notice Removes an observer, at once: owner, guardian, or the observer itself; anyone, if it
    /// has become the venue's owner or publisher. Its signature still counts for alarms until the
    /// delay has passed, so that nobody can disarm observers that are about to raise one; unless it
    /// left by itself.
    function removeObserver(bytes32 venue, address observer) external;
    /// @notice How many observers must sign an attestation; at most as many as there are. More at
    /// once, fewer after the delay. Owner only.
    function setThreshold(bytes32 venue, uint8 threshold) external;
    /// @notice How many observers must sign an alarm, 0 for none can. Fewer at once, more or none
    /// after the delay. Owner only.
    function setAlarmThreshold(bytes32 venue, uint8 threshold) external;
    /// @notice Removes an observer, or who was one, who signed two attestations of one number that
    /// could have been used at one time, for good. Anyone. Signatures of a contract count if it says
    /// so now.
    /// @param registry The registry in whose domain both were signed.
    function eject(
        address registry,
        Attested calldata one,
        Attested calldata other,
        Signature calldata ofOne,
        Signature calldata ofOther
    ) external;
    /// @notice Pauses a venue until `until`, at most 24 hours from now, on the word of enough
    /// observers. Lapses by itself; no one can end it before. Whoever does not count, or has no
    /// alarm left, or did not sign, is passed over: if one left meanwhile, the others' word stands.
    /// @param reason A short text, or the hash of a long one.
    /// @param signers In strictly ascending order.
    function alarm(
        bytes32 venue,
        bytes32 reason,
        uint64 until,
        address[] calldata signers,
        bytes[] calldata signatures
    ) external;

    function observersOf(bytes32 venue) external view returns (ObserversView memory);
    /// @notice How many must sign an attestation now.
    function thresholdOf(bytes32 venue) external view returns (uint8);
    /// @notice Whether an account counts as an observer of a venue now.
    function isObserver(bytes32 venue, address account) external view returns (bool);
    /// @notice Whether an observer was ejected, which is final.
    function isEjected(bytes32 venue, address account) external view returns (bool);
    /// @notice Whether an account counted as an observer just before a time, and has neither left by
    /// itself since nor been ejected. That the owner or the guardian removed it since, even in the
    /// very block of that time, does not matter: for what is decided about the past.
    /// @param time In seconds since 1970; not in the future.
    function observedAt(bytes32 venue, address account, uint64 time) external view returns (bool);
    /// @notice How many observers had to sign an attestation just before a time.
    /// @param time In seconds since 1970; not in the future.
    function thresholdAt(bytes32 venue, uint64 time) external view returns (uint8);
    /// @notice When an observer signed its latest alarms, the newest first; 0 for none. In seconds
    /// since 1970.
    function alarmsOf(bytes32 venue, address observer) external view returns (uint64[3] memory);
    /// @notice When the latest alarm lapses, in seconds since 1970; 0 if there never was one.
    function alarmedUntil(bytes32 venue) external view returns (uint64);
    /// @notice Checks the publisher's signature, unless the publisher sends the transaction, and
    /// those of the observers, in the domain of the caller, a registry. Reverts at the first that
    /// does not hold. A signature of a contract gets at most 100,000 gas and 32 bytes of its answer
    /// count.
    /// @param attested What they sign.
    /// @param publisher The venue's publisher. Its signature comes first, if there is one.
    /// @param sender Who sent the transaction to the registry.
    /// @param signatures The publisher's, then those of observers in ascending order.
    /// @return observers The number of observers that signed; at least the threshold.
    function requireSigned(
        Attested calldata attested,
        address publisher,
        address sender,
        Signature[] calldata signatures
    ) external view returns (uint256 observers);
    /// @notice Checks the signatures of observers who confirm an attestation that left a band, of
    /// `Confirm` in the domain of the caller, a registry: those that came with the attestation are
    /// of another type, so no carrier can confirm with them. Reverts at the first that does not
    /// hold.
    /// @param record The hash of the attestation's record.
    /// @param sender Who sent the transaction to the registry.
    /// @param signatures Those of observers in ascending order.
    /// @return observers The number of observers that signed; at least the threshold, and at least
    /// one.
    function requireConfirmed(
        bytes32 venue,
        bytes32 record,
        address sender,
        Signature[] calldata signatures
    ) external view returns (uint256 observers);
    /// @notice Whether an observer who counts now, and is neither owner nor publisher, signed a
    /// message with this digest; for readings of other chains. Who asks counts the signers and
    /// refuses one that comes twice.
    /// @param digest An EIP-712 digest that the caller computed, which must have the signer's
    /// address in it.
    function isSignedBy(
        bytes32 venue,
        address signer,
        bytes32 digest,
        bytes calldata signature
    ) external view returns (bool);
}
