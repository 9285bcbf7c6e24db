// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

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
/// observer leaves, and the threshold rises, at once.
///
/// Signatures are EIP-712, in the domain of the registry (name `Pacioli`, version `1`, the chain's
/// id, the registry's address), of
///
/// `Attest(address signer,bytes32 venue,uint64 sequence,bytes32 context,bytes32 program,bytes32
/// totals,uint64 signedAt,uint64 deadline,address carrier,uint8 compared)`
///
/// with the signer's own address in it, so that a signature of a contract's owner cannot be used for
/// another contract of the same owner. An alarm is
/// `Alarm(address signer,bytes32 venue,bytes32 reason,uint64 until)` in the domain of this contract.
interface IObservers {
    /// The observers of a venue.
    struct ObserversView {
        /// In ascending order.
        address[] members;
        /// From when on each counts, in seconds since 1970.
        uint64[] activeFrom;
        /// How many must sign an attestation.
        uint8 threshold;
        uint8 nextThreshold;
        uint64 nextThresholdFrom;
        /// How many must sign an alarm; 0 if none can.
        uint8 alarmThreshold;
    }

    event ObserverAnnounced(bytes32 indexed venue, address indexed observer, uint64 activeFrom);
    event ObserverRemoved(bytes32 indexed venue, address indexed observer);
    /// @notice An observer signed two contexts of one number.
    event ObserverEjected(bytes32 indexed venue, address indexed observer, uint64 sequence);
    event ThresholdSet(bytes32 indexed venue, uint8 threshold, uint64 from);
    event AlarmThresholdSet(bytes32 indexed venue, uint8 threshold);
    event Alarmed(bytes32 indexed venue, bytes32 reason, uint64 until, address[] signers);

    error TooManyObservers(uint256 max);
    error ObserverKnown(address observer);
    error ObserverUnknown(address observer);
    /// @notice The publisher or the owner of a venue cannot observe it.
    error ObserverIsVenue(address observer);
    error ThresholdOutOfRange(uint8 threshold, uint256 members);
    /// @notice Signers must be in strictly ascending order.
    error SignerOrder(uint256 signature);
    error SignatureInvalid(address signer);
    error SignatureExpired(address signer, uint64 deadline);
    /// @notice The signature was made in the future, or is valid for too long.
    error SignatureTime(address signer);
    error OtherCarrier(address signer, address carrier);
    error TooFewSignatures(uint256 signatures, uint256 needed);
    /// @notice Two equal contexts, or of two numbers, show nothing against an observer.
    error NoEquivocation();
    error AlarmTooLong(uint64 until, uint64 latest);

    /// @notice The longest validity of a signature, in seconds: the second in which reserves are read
    /// is not the carrier's to choose.
    function MAX_VALIDITY() external view returns (uint64);

    function announceObserver(bytes32 venue, address observer) external;
    /// @notice Owner, guardian, or the observer itself.
    function removeObserver(bytes32 venue, address observer) external;
    function setThreshold(bytes32 venue, uint8 threshold) external;
    function setAlarmThreshold(bytes32 venue, uint8 threshold) external;
    /// @notice Removes an observer who signed two attestations of one number. Anyone.
    function eject(
        address registry,
        Attested calldata one,
        Attested calldata other,
        Signature calldata ofOne,
        Signature calldata ofOther
    ) external;
    /// @notice Pauses a venue until `until`, at most 24 hours from now, on the word of enough
    /// observers. Lapses by itself.
    function alarm(
        bytes32 venue,
        bytes32 reason,
        uint64 until,
        address[] calldata signers,
        bytes[] calldata signatures
    ) external;

    function observersOf(bytes32 venue) external view returns (ObserversView memory);
    /// @notice When the latest alarm lapses, in seconds since 1970; 0 if there never was one.
    function alarmedUntil(bytes32 venue) external view returns (uint64);
    /// @notice Checks the publisher's signature, unless the publisher sends the transaction, and those
    /// of the observers, in the domain of the caller, a registry. Reverts at the first that does not
    /// hold. A signature of a contract gets at most 100,000 gas and 32 bytes of its answer count.
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
    /// @notice Whether so many observers signed a message with this digest; for readings of other
    /// chains. `signers` in strictly ascending order.
    /// @param digest An EIP-712 digest, which must have each signer's address in it.
    function isSignedBy(
        bytes32 venue,
        address signer,
        bytes32 digest,
        bytes calldata signature
    ) external view returns (bool);
}
