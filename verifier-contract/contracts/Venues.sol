// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {IVenues, Limits} from "./interfaces/IVenues.sol";
import {IVolumeVerifier} from "./interfaces/IVolumeVerifier.sol";
import {VenueFacts} from "./VenueFacts.sol";
import {Codes} from "./Codes.sol";

/// @title Who may do what for a venue, under which rules, verifiers and limits
contract Venues is VenueFacts {
    /// @notice The shortest delay of an announcement.
    /// @return Seconds.
    uint64 public constant MIN_DELAY = 1 days;
    /// @notice The longest delay of an announcement: with a longer one, nothing could ever change.
    /// @return Seconds.
    uint64 public constant MAX_DELAY = 365 days;
    /// @notice The shortest lag and age: a block may be late.
    /// @return Seconds.
    uint64 public constant MIN_LAG = 1 minutes;
    /// @notice The longest lag: an older snapshot says nothing about today.
    /// @return Seconds.
    uint64 public constant MAX_LAG = 7 days;
    /// @notice The longest `Limits.maxAge`.
    /// @return Seconds.
    uint64 public constant MAX_AGE = 90 days;
    /// @notice How far ahead a venue may settle.
    /// @return Seconds.
    uint64 public constant MAX_SETTLING = 7 days;
    /// @notice How long a pause lasts.
    /// @return Seconds.
    uint64 public constant PAUSE = 7 days;
    /// @notice The guardian may pause the same subject three times in so long.
    /// @return Seconds.
    uint64 public constant PAUSES_WITHIN = 90 days;

    // Of 100 %.
    uint16 private constant MAX_BPS = 10_000;
    uint256 private constant MAX_REASON = 1024;

    modifier onlyOwner(bytes32 venue) {
        if (msg.sender != _venue(venue).owner) revert NotOwner(msg.sender);
        _;
    }

    modifier onlyGuardian(bytes32 venue) {
        requireGuardian(venue, msg.sender);
        _;
    }

    /// @inheritdoc IVenues
    function register(Registration calldata registration) external returns (bytes32 venue) {
        bytes32 nameHash = keccak256(bytes(registration.name));
        if (bytes(registration.name).length == 0) revert NoVenueName();
        uint64 delay = registration.delay;
        _checkDelay(delay);
        uint64 maxLag = registration.maxLag;
        if (maxLag < MIN_LAG || maxLag > MAX_LAG) revert LagOutOfRange(maxLag, MIN_LAG, MAX_LAG);
        uint64 settledFrom = registration.settledFrom;
        if (settledFrom > _now() + MAX_SETTLING) {
            revert SettledTooLate(settledFrom, _now() + MAX_SETTLING);
        }
        _checkLimits(registration.limits);
        venue = keccak256(abi.encode(msg.sender, nameHash));
        Venue storage it = _venues[venue];
        if (it.owner != address(0)) revert AlreadyRegistered(venue);

        (it.nameHash, it.owner, it.maxLag) = (nameHash, msg.sender, uint32(maxLag));
        (it.delay, it.nextDelay) = (uint32(delay), uint32(delay));
        (it.publisher, it.settledFrom) = (registration.publisher, uint48(settledFrom));
        it.guardian = registration.guardian;
        (it.limits, it.nextLimits) = (registration.limits, registration.limits);
        emit Registered(venue, msg.sender, registration.name, maxLag, settledFrom);
        emit DelaySet(venue, delay, _now());
        emit PublisherSet(venue, registration.publisher, _now());
        emit GuardianSet(venue, registration.guardian);
        emit LimitsSet(venue, registration.limits, _now());
    }

    /// @inheritdoc IVenues
    function settle(bytes32 venue) external onlyOwner(venue) {
        Venue storage it = _venues[venue];
        if (it.settledFrom <= block.timestamp) revert AlreadySettled(it.settledFrom);
        it.settledFrom = uint48(block.timestamp);
        emit Settled(venue);
    }

    /// @inheritdoc IVenues
    function offerOwnership(bytes32 venue, address nextOwner) external onlyOwner(venue) {
        _venues[venue].nextOwner = nextOwner;
        emit OwnershipOffered(venue, nextOwner);
    }

    /// @inheritdoc IVenues
    function acceptOwnership(bytes32 venue) external {
        Venue storage it = _venue(venue);
        if (msg.sender != it.nextOwner) revert NotNextOwner(msg.sender);
        (it.owner, it.nextOwner) = (msg.sender, address(0));
        emit OwnershipTransferred(venue, msg.sender);
    }

    /// @inheritdoc IVenues
    function setGuardian(bytes32 venue, address guardian) external onlyOwner(venue) {
        _venues[venue].guardian = guardian;
        emit GuardianSet(venue, guardian);
    }

    /// @inheritdoc IVenues
    function setPublisher(bytes32 venue, address publisher) external {
        Venue storage it = _venue(venue);
        if (publisher == address(0)) {
            requireGuardian(venue, msg.sender);
            (it.publisher, it.nextPublisher, it.nextPublisherFrom) = (publisher, publisher, 0);
            emit PublisherSet(venue, publisher, _now());
            return;
        }
        requireOwner(venue, msg.sender);
        uint64 from = effectiveFrom(venue);
        it.publisher = _publisher(it);
        (it.nextPublisher, it.nextPublisherFrom) = (publisher, uint48(from));
        emit PublisherSet(venue, publisher, from);
    }

    /// @inheritdoc IVenues
    function setDelay(bytes32 venue, uint64 delay) external onlyOwner(venue) {
        _checkDelay(delay);
        Venue storage it = _venues[venue];
        uint64 current = _delay(it);
        uint64 from = delay < current ? effectiveFrom(venue) : _now();
        (it.delay, it.nextDelay) = (uint32(current), uint32(delay));
        it.nextDelayFrom = uint48(from);
        emit DelaySet(venue, delay, from);
    }

    /// @inheritdoc IVenues
    function setLimits(bytes32 venue, Limits calldata limits) external onlyOwner(venue) {
        _checkLimits(limits);
        Venue storage it = _venues[venue];
        uint64 from = effectiveFrom(venue);
        it.limits = _limits(it);
        (it.nextLimits, it.nextLimitsFrom) = (limits, uint48(from));
        emit LimitsSet(venue, limits, from);
    }

    /// @inheritdoc IVenues
    function announceRules(
        bytes32 venue,
        bytes32 rules,
        bytes32 program,
        address[] calldata chunks
    ) external onlyOwner(venue) {
        if (rules == 0 || program == 0) revert NoRules();
        StoredRules storage known = _venues[venue].rules[rules];
        if (known.program != 0) revert RulesAlreadyAnnounced(rules);
        bytes32 found = Codes.program(chunks);
        if (found != program) revert OtherChunks(found, program);
        uint64 activeFrom = effectiveFrom(venue);
        (known.program, known.codes) = (program, Codes.hashOf(chunks));
        known.first = chunks[0];
        (known.activeFrom, known.others) = (uint48(activeFrom), uint8(chunks.length - 1));
        known.number = ++_venues[venue].rulesCount;
        _venues[venue].numbered[known.number] = rules;
        for (uint256 i = 1; i < chunks.length; ++i) known.more.push(chunks[i]);
        emit RulesAnnounced(venue, rules, program, chunks, activeFrom);
    }

    /// @inheritdoc IVenues
    function retireRules(bytes32 venue, bytes32 rules) external onlyGuardian(venue) {
        StoredRules storage known = _venues[venue].rules[rules];
        if (known.program == 0) revert RulesUnknown(rules);
        if (known.retired) revert RulesAreRetired(rules);
        known.retired = true;
        emit RulesRetired(venue, rules, msg.sender);
    }

    /// @inheritdoc IVenues
    function announceVerifier(bytes32 venue, address verifier) external onlyOwner(venue) {
        Verifier storage known = _venues[venue].verifiers[verifier];
        if (known.codehash != 0) revert VerifierAlreadyAnnounced(verifier);
        if (Codes.canChange(verifier)) revert VerifierCanChange(verifier);
        IVolumeVerifier asked = IVolumeVerifier(verifier);
        bytes32 key = asked.KEY();
        (uint256 k, uint256 pageSize) = (asked.K(), asked.PAGE_SIZE());
        // The bounds of a circuit: 2^11 to 2^24 rows, pages of 2 to 512 slots.
        uint8 pageBits = 1;
        while (pageBits < 9 && 1 << pageBits != pageSize) ++pageBits;
        bool fits = key != 0 && k >= 11 && k <= 24 && 1 << pageBits == pageSize;
        if (!fits) revert VerifierShape(verifier, k, pageSize);
        uint64 activeFrom = effectiveFrom(venue);
        (known.key, known.codehash) = (key, verifier.codehash);
        (known.activeFrom, known.k, known.pageBits) = (activeFrom, uint8(k), pageBits);
        known.number = ++_venues[venue].verifiersCount;
        _venues[venue].numberedVerifiers[known.number] = verifier;
        emit VerifierAnnounced(venue, key, verifier, verifier.codehash, activeFrom);
    }

    /// @inheritdoc IVenues
    function freezeVerifier(bytes32 venue, address verifier) external onlyGuardian(venue) {
        Verifier storage known = _venues[venue].verifiers[verifier];
        if (known.codehash == 0) revert VerifierUnknown(verifier);
        if (known.frozen) revert VerifierIsFrozen(verifier);
        known.frozen = true;
        emit VerifierFrozen(venue, verifier, msg.sender);
    }

    /// @inheritdoc IVenues
    function pause(
        bytes32 venue,
        bytes32 subject,
        string calldata reason
    ) external onlyGuardian(venue) {
        bool said = bytes(reason).length != 0 && bytes(reason).length <= MAX_REASON;
        if (!said) revert NoReason();
        Venue storage it = _venues[venue];
        Pauses storage pauses = it.pauses[subject];
        if (msg.sender != it.owner) {
            // Where the third last time is too near, this would be the fourth.
            uint64 freeFrom = pauses.third == 0 ? 0 : pauses.third + PAUSES_WITHIN;
            if (freeFrom > block.timestamp) revert TooManyPauses(freeFrom);
            (pauses.third, pauses.second) = (pauses.second, pauses.last);
            pauses.last = _now();
        }
        pauses.until = _now() + PAUSE;
        emit Paused(venue, subject, msg.sender, pauses.until, reason);
    }

    /// @inheritdoc IVenues
    function unpause(bytes32 venue, bytes32 subject) external onlyOwner(venue) {
        Pauses storage pauses = _venues[venue].pauses[subject];
        if (pauses.until <= block.timestamp) revert NotPaused(subject);
        uint64 from = effectiveFrom(venue);
        if (from < pauses.until) pauses.until = from;
        emit Unpaused(venue, subject, pauses.until);
    }

    function _checkDelay(uint64 delay) private pure {
        bool inRange = delay >= MIN_DELAY && delay <= MAX_DELAY;
        if (!inRange) revert DelayOutOfRange(delay, MIN_DELAY, MAX_DELAY);
    }

    function _checkLimits(Limits calldata limits) private pure {
        uint256 age = limits.maxAge;
        if (age < MIN_LAG || age > MAX_AGE) revert LimitOutOfRange(0);
        // A venue that could not attest again in time would expire each time.
        if (limits.minDistance > age) revert LimitOutOfRange(1);
        if (limits.markWithin > MAX_LAG) revert LimitOutOfRange(2);
        if (limits.toleranceBps > MAX_BPS) revert LimitOutOfRange(3);
        if (limits.owedBandBps > MAX_BPS) revert LimitOutOfRange(4);
        if (limits.depositsBandBps > MAX_BPS) revert LimitOutOfRange(5);
        if (limits.interestBandBps > MAX_BPS) revert LimitOutOfRange(6);
        if (limits.pricesBandBps > MAX_BPS) revert LimitOutOfRange(7);
        if (limits.elsewhereBps > MAX_BPS) revert LimitOutOfRange(8);
    }
}
