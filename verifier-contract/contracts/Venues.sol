// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {IVenues} from "./interfaces/IVenues.sol";
import {IVolumeVerifier} from "./interfaces/IVolumeVerifier.sol";
import {Balances} from "./Balances.sol";

/// @title Who may publish for a venue, and with which rules, verifiers and reserves
abstract contract Venues is IVenues {
    /// @notice The shortest delay of an announcement.
    /// @return Seconds.
    uint64 public constant MIN_DELAY = 1 days;
    /// @notice The longest delay of an announcement: with a longer one, nothing could ever change.
    /// @return Seconds.
    uint64 public constant MAX_DELAY = 365 days;
    /// @notice The shortest lag: a block may be late.
    /// @return Seconds.
    uint64 public constant MIN_LAG = 1 minutes;
    /// @notice The longest lag: an older snapshot says nothing about today.
    /// @return Seconds.
    uint64 public constant MAX_LAG = 7 days;
    /// @notice The number of reserves that one transaction can read.
    /// @return The number.
    uint256 public constant MAX_RESERVES = 64;

    /// A venue with its lists; see `IVenues.VenueView`.
    struct Venue {
        bytes32 nameHash;
        address owner;
        uint64 maxLag;
        address nextOwner;
        address publisher;
        uint64 delay;
        uint64 nextDelay;
        uint64 nextDelayFrom;
        mapping(bytes32 rules => Rules) rules;
        mapping(bytes32 key => Verifier) verifiers;
        Reserve[] reserves;
    }

    /// The venue that a custodian's balance of a token backs.
    struct Pledge {
        bytes32 venue;
        /// 0 while it is in force; then the time from which it may back another venue.
        uint64 freeFrom;
    }

    mapping(bytes32 venue => Venue) private _venues;
    mapping(address token => mapping(address custodian => Pledge)) private _pledges;

    modifier onlyOwner(bytes32 venue) {
        if (msg.sender != _venue(venue).owner) revert NotOwner(msg.sender);
        _;
    }

    /// @inheritdoc IVenues
    function register(Registration calldata registration) external returns (bytes32 venue) {
        bytes32 nameHash = keccak256(bytes(registration.name));
        if (bytes(registration.name).length == 0) revert NoVenueName();
        _checkDelay(registration.delay);
        uint64 maxLag = registration.maxLag;
        if (maxLag < MIN_LAG || maxLag > MAX_LAG) revert LagOutOfRange(maxLag, MIN_LAG, MAX_LAG);
        venue = keccak256(abi.encode(msg.sender, nameHash));
        Venue storage it = _venues[venue];
        if (it.owner != address(0)) revert AlreadyRegistered(venue);

        (it.nameHash, it.owner, it.maxLag) = (nameHash, msg.sender, maxLag);
        (it.delay, it.nextDelay) = (registration.delay, registration.delay);
        emit Registered(venue, msg.sender, registration.name, maxLag);
        emit DelaySet(venue, registration.delay, _now());
        it.publisher = registration.publisher;
        emit PublisherSet(venue, registration.publisher);
        _addRules(venue, registration.rules, registration.program, _now());
        _addVerifier(venue, registration.verifier, _now());
        for (uint256 i = 0; i < registration.reserves.length; i++) {
            _addReserve(venue, registration.reserves[i], _now());
        }
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
    function setPublisher(bytes32 venue, address publisher) external onlyOwner(venue) {
        _venues[venue].publisher = publisher;
        emit PublisherSet(venue, publisher);
    }

    /// @inheritdoc IVenues
    function setDelay(bytes32 venue, uint64 delay) external onlyOwner(venue) {
        _checkDelay(delay);
        Venue storage it = _venues[venue];
        uint64 current = _delay(it);
        uint64 from = delay < current ? _now() + current : _now();
        (it.delay, it.nextDelay, it.nextDelayFrom) = (current, delay, from);
        emit DelaySet(venue, delay, from);
    }

    /// @inheritdoc IVenues
    function announceRules(
        bytes32 venue,
        bytes32 rules,
        bytes32 program
    ) external onlyOwner(venue) {
        _addRules(venue, rules, program, _afterDelay(venue));
    }

    /// @inheritdoc IVenues
    function retireRules(bytes32 venue, bytes32 rules) external onlyOwner(venue) {
        Rules storage known = _venues[venue].rules[rules];
        if (known.program == 0) revert RulesUnknown(rules);
        if (known.retired) revert RulesAreRetired(rules);
        known.retired = true;
        emit RulesRetired(venue, rules);
    }

    /// @inheritdoc IVenues
    function announceVerifier(bytes32 venue, address verifier) external onlyOwner(venue) {
        _addVerifier(venue, verifier, _afterDelay(venue));
    }

    /// @inheritdoc IVenues
    function freezeVerifier(bytes32 venue, bytes32 key) external onlyOwner(venue) {
        Verifier storage known = _venues[venue].verifiers[key];
        if (known.implementation == address(0)) revert VerifierUnknown(key);
        if (known.frozen) revert VerifierIsFrozen(key);
        known.frozen = true;
        emit VerifierFrozen(venue, key);
    }

    /// @inheritdoc IVenues
    function announceReserve(bytes32 venue, NewReserve calldata reserve) external onlyOwner(venue) {
        _addReserve(venue, reserve, _afterDelay(venue));
    }

    /// @inheritdoc IVenues
    function acceptReserve(bytes32 venue, address token, address custodian) external {
        Reserve storage reserve = _reserve(_venue(venue), token, custodian);
        if (!_speaksFor(msg.sender, custodian)) revert NotCustodian(msg.sender, custodian);
        Pledge storage pledge = _pledges[token][custodian];
        if (pledge.venue != 0 && pledge.venue != venue) {
            bool free = pledge.freeFrom != 0 && pledge.freeFrom <= block.timestamp;
            if (!free) revert ReserveClaimed(pledge.venue);
        }
        (pledge.venue, pledge.freeFrom) = (venue, 0);
        reserve.accepted = true;
        emit ReserveAccepted(venue, token, custodian);
    }

    /// @inheritdoc IVenues
    function removeReserve(bytes32 venue, address token, address custodian) external {
        Venue storage it = _venue(venue);
        Reserve storage reserve = _reserve(it, token, custodian);
        if (msg.sender != it.owner && !_speaksFor(msg.sender, custodian)) {
            revert NotOwner(msg.sender);
        }
        uint64 freeFrom = _now();
        if (reserve.accepted) {
            // One balance must not back two venues in turn.
            freeFrom = _afterDelay(venue);
            _pledges[token][custodian].freeFrom = freeFrom;
        }
        Reserve storage last = it.reserves[it.reserves.length - 1];
        (reserve.asset, reserve.token, reserve.custodian) = (
            last.asset,
            last.token,
            last.custodian
        );
        (reserve.activeFrom, reserve.decimals) = (last.activeFrom, last.decimals);
        (reserve.purpose, reserve.accepted) = (last.purpose, last.accepted);
        it.reserves.pop();
        emit ReserveRemoved(venue, token, custodian, freeFrom);
    }

    /// @inheritdoc IVenues
    function venueOf(bytes32 venue) external view returns (VenueView memory) {
        Venue storage it = _venue(venue);
        return
            VenueView({
                nameHash: it.nameHash,
                owner: it.owner,
                nextOwner: it.nextOwner,
                publisher: it.publisher,
                maxLag: it.maxLag,
                delay: _delay(it),
                nextDelay: it.nextDelay,
                nextDelayFrom: it.nextDelayFrom
            });
    }

    /// @inheritdoc IVenues
    function rulesOf(bytes32 venue, bytes32 rules) external view returns (Rules memory) {
        return _venues[venue].rules[rules];
    }

    /// @inheritdoc IVenues
    function verifierOf(bytes32 venue, bytes32 key) public view returns (Verifier memory) {
        return _venues[venue].verifiers[key];
    }

    /// @inheritdoc IVenues
    function reservesOf(bytes32 venue) public view returns (Reserve[] memory) {
        return _venues[venue].reserves;
    }

    function _venue(bytes32 venue) internal view returns (Venue storage it) {
        it = _venues[venue];
        if (it.owner == address(0)) revert UnknownVenue(venue);
    }

    /// The program of rules that may be used now.
    function _activeProgram(bytes32 venue, bytes32 rules) internal view returns (bytes32) {
        Rules memory known = _venues[venue].rules[rules];
        if (known.program == 0) revert RulesUnknown(rules);
        if (known.retired) revert RulesAreRetired(rules);
        if (known.activeFrom > block.timestamp) revert RulesNotActive(rules, known.activeFrom);
        return known.program;
    }

    /// The verifier for a key that may be used now.
    function _activeVerifier(
        bytes32 venue,
        bytes32 key
    ) internal view returns (Verifier memory known) {
        known = _venues[venue].verifiers[key];
        if (known.implementation == address(0)) revert VerifierUnknown(key);
        if (known.frozen) revert VerifierIsFrozen(key);
        if (known.activeFrom > block.timestamp) revert VerifierNotActive(key, known.activeFrom);
    }

    function _addRules(bytes32 venue, bytes32 rules, bytes32 program, uint64 activeFrom) private {
        if (rules == 0 || program == 0) revert NoRules();
        Rules storage known = _venues[venue].rules[rules];
        if (known.program != 0) revert RulesAlreadyAnnounced(rules);
        (known.program, known.activeFrom) = (program, activeFrom);
        emit RulesAnnounced(venue, rules, program, activeFrom);
    }

    function _addVerifier(bytes32 venue, address implementation, uint64 activeFrom) private {
        IVolumeVerifier verifier = IVolumeVerifier(implementation);
        bytes32 key = verifier.KEY();
        (uint256 k, uint256 pageSize) = (verifier.K(), verifier.PAGE_SIZE());
        // The bounds of a circuit: 2^11 to 2^24 rows, pages of 2 to 512 slots.
        uint8 pageBits = 1;
        while (pageBits < 9 && 1 << pageBits != pageSize) pageBits++;
        bool known = k >= 11 && k <= 24 && 1 << pageBits == pageSize;
        if (!known) revert VerifierShape(implementation, k, pageSize);
        Verifier storage slot = _venues[venue].verifiers[key];
        if (slot.implementation != address(0)) revert VerifierAlreadyAnnounced(key);
        (slot.implementation, slot.activeFrom) = (implementation, activeFrom);
        (slot.k, slot.pageBits) = (uint8(k), pageBits);
        emit VerifierAnnounced(venue, key, implementation, implementation.codehash, activeFrom);
    }

    function _addReserve(bytes32 venue, NewReserve calldata added, uint64 activeFrom) private {
        (address token, address custodian) = (added.token, added.custodian);
        if (bytes(added.asset).length == 0 || custodian == address(0)) revert ReserveIncomplete();
        Reserve[] storage reserves = _venues[venue].reserves;
        if (reserves.length >= MAX_RESERVES) revert TooManyReserves(MAX_RESERVES);
        for (uint256 i = 0; i < reserves.length; i++) {
            bool same = reserves[i].token == token && reserves[i].custodian == custodian;
            if (same) revert ReserveAlreadyListed(token, custodian);
        }
        uint8 decimals = Balances.decimals(token, custodian);
        reserves.push(
            Reserve({
                asset: keccak256(bytes(added.asset)),
                token: token,
                custodian: custodian,
                activeFrom: activeFrom,
                decimals: decimals,
                purpose: added.purpose,
                accepted: false
            })
        );
        emit ReserveAnnounced(
            venue,
            token,
            custodian,
            added.asset,
            added.purpose,
            decimals,
            activeFrom
        );
    }

    function _reserve(
        Venue storage it,
        address token,
        address custodian
    ) private view returns (Reserve storage) {
        for (uint256 i = 0; i < it.reserves.length; i++) {
            Reserve storage reserve = it.reserves[i];
            if (reserve.token == token && reserve.custodian == custodian) return reserve;
        }
        revert ReserveUnknown(token, custodian);
    }

    /// Whether `caller` is the custodian, or the owner of the contract that is.
    function _speaksFor(address caller, address custodian) private view returns (bool) {
        if (caller == custodian) return true;
        (bool answered, bytes memory answer) = custodian.staticcall(
            abi.encodeWithSignature("owner()")
        );
        if (!answered || answer.length != 32) return false;
        return abi.decode(answer, (uint256)) == uint256(uint160(caller));
    }

    function _delay(Venue storage it) private view returns (uint64) {
        return it.nextDelayFrom <= block.timestamp ? it.nextDelay : it.delay;
    }

    /// Whether rules were retired or a verifier frozen.
    function _isRevoked(bytes32 venue, bytes32 rules, bytes32 key) internal view returns (bool) {
        Venue storage it = _venues[venue];
        return it.rules[rules].retired || it.verifiers[key].frozen;
    }

    function _afterDelay(bytes32 venue) private view returns (uint64) {
        return _now() + _delay(_venues[venue]);
    }

    function _checkDelay(uint64 delay) private pure {
        bool inRange = delay >= MIN_DELAY && delay <= MAX_DELAY;
        if (!inRange) revert DelayOutOfRange(delay, MIN_DELAY, MAX_DELAY);
    }

    function _now() internal view returns (uint64) {
        return uint64(block.timestamp);
    }
}
