// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {IProtocols} from "./interfaces/IProtocols.sol";
import {IVolumeVerifier} from "./interfaces/IVolumeVerifier.sol";
import {Balances} from "./Balances.sol";

/// @title Who may publish for a protocol, and under which rules, verifiers and reserves
abstract contract Protocols is IProtocols {
    /// Shortest delay of an announcement.
    uint64 public constant MIN_DELAY = 1 days;
    /// Longest delay: an owner who asks for more than that asks for none at all.
    uint64 public constant MAX_DELAY = 365 days;
    /// Shortest and longest lag: a block may be late, and a report of last week is none.
    uint64 public constant MIN_LAG = 1 minutes;
    uint64 public constant MAX_LAG = 7 days;
    /// Reserves that are read at each attestation.
    uint256 public constant MAX_RESERVES = 64;

    struct Protocol {
        bytes32 venue;
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

    /// For which protocol a holder stands with a token, and since when no longer.
    struct Stand {
        bytes32 protocol;
        /// 0 while it stands; afterwards, from when another protocol may have it.
        uint64 freeFrom;
    }

    mapping(bytes32 protocol => Protocol) private _protocols;
    mapping(address token => mapping(address holder => Stand)) private _stands;

    modifier onlyOwner(bytes32 protocol) {
        if (msg.sender != _protocol(protocol).owner) revert NotOwner(msg.sender);
        _;
    }

    /// @inheritdoc IProtocols
    function register(Registration calldata registration) external returns (bytes32 protocol) {
        bytes32 venue = keccak256(bytes(registration.venue));
        if (bytes(registration.venue).length == 0) revert NoVenue();
        _checkDelay(registration.delay);
        uint64 maxLag = registration.maxLag;
        if (maxLag < MIN_LAG || maxLag > MAX_LAG) revert LagOutOfRange(maxLag, MIN_LAG, MAX_LAG);
        protocol = keccak256(abi.encode(msg.sender, venue));
        Protocol storage it = _protocols[protocol];
        if (it.owner != address(0)) revert AlreadyRegistered(protocol);

        (it.venue, it.owner, it.maxLag) = (venue, msg.sender, maxLag);
        (it.delay, it.nextDelay) = (registration.delay, registration.delay);
        emit Registered(protocol, msg.sender, registration.venue, maxLag);
        emit DelaySet(protocol, registration.delay, _now());
        it.publisher = registration.publisher;
        emit PublisherSet(protocol, registration.publisher);
        _addRules(protocol, registration.rules, registration.program, _now());
        _addVerifier(protocol, registration.verifier, _now());
        for (uint256 i = 0; i < registration.reserves.length; i++) {
            _addReserve(protocol, registration.reserves[i], _now());
        }
    }

    /// @inheritdoc IProtocols
    function offerOwnership(bytes32 protocol, address nextOwner) external onlyOwner(protocol) {
        _protocols[protocol].nextOwner = nextOwner;
        emit OwnershipOffered(protocol, nextOwner);
    }

    /// @inheritdoc IProtocols
    function acceptOwnership(bytes32 protocol) external {
        Protocol storage it = _protocol(protocol);
        if (msg.sender != it.nextOwner) revert NotNextOwner(msg.sender);
        (it.owner, it.nextOwner) = (msg.sender, address(0));
        emit OwnershipTransferred(protocol, msg.sender);
    }

    /// @inheritdoc IProtocols
    function setPublisher(bytes32 protocol, address publisher) external onlyOwner(protocol) {
        _protocols[protocol].publisher = publisher;
        emit PublisherSet(protocol, publisher);
    }

    /// @inheritdoc IProtocols
    function setDelay(bytes32 protocol, uint64 delay) external onlyOwner(protocol) {
        _checkDelay(delay);
        Protocol storage it = _protocols[protocol];
        uint64 current = _delay(it);
        uint64 from = delay < current ? _now() + current : _now();
        (it.delay, it.nextDelay, it.nextDelayFrom) = (current, delay, from);
        emit DelaySet(protocol, delay, from);
    }

    /// @inheritdoc IProtocols
    function announceRules(bytes32 protocol, bytes32 rules, bytes32 program)
        external
        onlyOwner(protocol)
    {
        _addRules(protocol, rules, program, _afterDelay(protocol));
    }

    /// @inheritdoc IProtocols
    function retireRules(bytes32 protocol, bytes32 rules) external onlyOwner(protocol) {
        Rules storage known = _protocols[protocol].rules[rules];
        if (known.program == 0) revert RulesUnknown(rules);
        if (known.retired) revert RulesAreRetired(rules);
        known.retired = true;
        emit RulesRetired(protocol, rules);
    }

    /// @inheritdoc IProtocols
    function announceVerifier(bytes32 protocol, address verifier) external onlyOwner(protocol) {
        _addVerifier(protocol, verifier, _afterDelay(protocol));
    }

    /// @inheritdoc IProtocols
    function freezeVerifier(bytes32 protocol, bytes32 key) external onlyOwner(protocol) {
        Verifier storage known = _protocols[protocol].verifiers[key];
        if (known.implementation == address(0)) revert VerifierUnknown(key);
        if (known.frozen) revert VerifierIsFrozen(key);
        known.frozen = true;
        emit VerifierFrozen(protocol, key);
    }

    /// @inheritdoc IProtocols
    function announceReserve(bytes32 protocol, NewReserve calldata reserve)
        external
        onlyOwner(protocol)
    {
        _addReserve(protocol, reserve, _afterDelay(protocol));
    }

    /// @inheritdoc IProtocols
    function acceptReserve(bytes32 protocol, address token, address holder) external {
        Reserve storage reserve = _reserve(_protocol(protocol), token, holder);
        if (!_speaksFor(msg.sender, holder)) revert NotHolder(msg.sender, holder);
        Stand storage stand = _stands[token][holder];
        if (stand.protocol != 0 && stand.protocol != protocol) {
            bool free = stand.freeFrom != 0 && stand.freeFrom <= block.timestamp;
            if (!free) revert ReserveClaimed(stand.protocol);
        }
        (stand.protocol, stand.freeFrom) = (protocol, 0);
        reserve.accepted = true;
        emit ReserveAccepted(protocol, token, holder);
    }

    /// @inheritdoc IProtocols
    function removeReserve(bytes32 protocol, address token, address holder) external {
        Protocol storage it = _protocol(protocol);
        Reserve storage reserve = _reserve(it, token, holder);
        if (msg.sender != it.owner && !_speaksFor(msg.sender, holder)) revert NotOwner(msg.sender);
        uint64 freeFrom = _now();
        if (reserve.accepted) {
            // One wallet does not serve two protocols in turns.
            freeFrom = _afterDelay(protocol);
            _stands[token][holder].freeFrom = freeFrom;
        }
        Reserve storage last = it.reserves[it.reserves.length - 1];
        (reserve.asset, reserve.token, reserve.holder) = (last.asset, last.token, last.holder);
        (reserve.activeFrom, reserve.decimals) = (last.activeFrom, last.decimals);
        (reserve.purpose, reserve.accepted) = (last.purpose, last.accepted);
        it.reserves.pop();
        emit ReserveRemoved(protocol, token, holder, freeFrom);
    }

    /// @inheritdoc IProtocols
    function protocolOf(bytes32 protocol) external view returns (ProtocolView memory) {
        Protocol storage it = _protocol(protocol);
        return ProtocolView({
            venue: it.venue,
            owner: it.owner,
            nextOwner: it.nextOwner,
            publisher: it.publisher,
            maxLag: it.maxLag,
            delay: _delay(it),
            nextDelay: it.nextDelay,
            nextDelayFrom: it.nextDelayFrom
        });
    }

    /// @inheritdoc IProtocols
    function rulesOf(bytes32 protocol, bytes32 rules) external view returns (Rules memory) {
        return _protocols[protocol].rules[rules];
    }

    /// @inheritdoc IProtocols
    function verifierOf(bytes32 protocol, bytes32 key) public view returns (Verifier memory) {
        return _protocols[protocol].verifiers[key];
    }

    /// @inheritdoc IProtocols
    function reservesOf(bytes32 protocol) public view returns (Reserve[] memory) {
        return _protocols[protocol].reserves;
    }

    function _protocol(bytes32 protocol) internal view returns (Protocol storage it) {
        it = _protocols[protocol];
        if (it.owner == address(0)) revert UnknownProtocol(protocol);
    }

    /// The program of rules that may be used now.
    function _activeProgram(bytes32 protocol, bytes32 rules) internal view returns (bytes32) {
        Rules memory known = _protocols[protocol].rules[rules];
        if (known.program == 0) revert RulesUnknown(rules);
        if (known.retired) revert RulesAreRetired(rules);
        if (known.activeFrom > block.timestamp) revert RulesNotActive(rules, known.activeFrom);
        return known.program;
    }

    /// The verifier for `key`, where it may be used now.
    function _activeVerifier(bytes32 protocol, bytes32 key)
        internal
        view
        returns (Verifier memory known)
    {
        known = _protocols[protocol].verifiers[key];
        if (known.implementation == address(0)) revert VerifierUnknown(key);
        if (known.frozen) revert VerifierIsFrozen(key);
        if (known.activeFrom > block.timestamp) revert VerifierNotActive(key, known.activeFrom);
    }

    function _addRules(bytes32 protocol, bytes32 rules, bytes32 program, uint64 activeFrom) private {
        if (rules == 0 || program == 0) revert NoRules();
        Rules storage known = _protocols[protocol].rules[rules];
        if (known.program != 0) revert RulesAlreadyAnnounced(rules);
        (known.program, known.activeFrom) = (program, activeFrom);
        emit RulesAnnounced(protocol, rules, program, activeFrom);
    }

    function _addVerifier(bytes32 protocol, address implementation, uint64 activeFrom) private {
        IVolumeVerifier verifier = IVolumeVerifier(implementation);
        bytes32 key = verifier.KEY();
        (uint256 k, uint256 scenarios) = (verifier.K(), verifier.SCENARIOS());
        uint256 pageSize = verifier.PAGE_SIZE();
        // The bounds of a shape: 2^11 to 2^24 rows, pages of 2 to 512 slots.
        uint8 pageBits = 1;
        while (pageBits < 9 && 1 << pageBits != pageSize) pageBits++;
        bool known = k >= 11 && k <= 24 && scenarios != 0 && scenarios <= 64 && 1 << pageBits == pageSize;
        if (!known) revert VerifierShape(implementation, k, scenarios, pageSize);
        Verifier storage slot = _protocols[protocol].verifiers[key];
        if (slot.implementation != address(0)) revert VerifierAlreadyAnnounced(key);
        (slot.implementation, slot.activeFrom) = (implementation, activeFrom);
        (slot.k, slot.scenarios, slot.pageBits) = (uint8(k), uint8(scenarios), pageBits);
        emit VerifierAnnounced(
            protocol, key, implementation, implementation.codehash, activeFrom
        );
    }

    function _addReserve(bytes32 protocol, NewReserve calldata added, uint64 activeFrom) private {
        (address token, address holder) = (added.token, added.holder);
        if (bytes(added.asset).length == 0 || holder == address(0)) revert ReserveIncomplete();
        Reserve[] storage reserves = _protocols[protocol].reserves;
        if (reserves.length >= MAX_RESERVES) revert TooManyReserves(MAX_RESERVES);
        for (uint256 i = 0; i < reserves.length; i++) {
            bool same = reserves[i].token == token && reserves[i].holder == holder;
            if (same) revert ReserveAlreadyListed(token, holder);
        }
        uint8 decimals = Balances.decimals(token, holder);
        reserves.push(
            Reserve({
                asset: keccak256(bytes(added.asset)),
                token: token,
                holder: holder,
                activeFrom: activeFrom,
                decimals: decimals,
                purpose: added.purpose,
                accepted: false
            })
        );
        emit ReserveAnnounced(
            protocol, token, holder, added.asset, added.purpose, decimals, activeFrom
        );
    }

    function _reserve(Protocol storage it, address token, address holder)
        private
        view
        returns (Reserve storage)
    {
        for (uint256 i = 0; i < it.reserves.length; i++) {
            Reserve storage reserve = it.reserves[i];
            if (reserve.token == token && reserve.holder == holder) return reserve;
        }
        revert ReserveUnknown(token, holder);
    }

    /// Whether `caller` is the holder, or owns the contract that is.
    function _speaksFor(address caller, address holder) private view returns (bool) {
        if (caller == holder) return true;
        (bool answered, bytes memory answer) = holder.staticcall(abi.encodeWithSignature("owner()"));
        if (!answered || answer.length != 32) return false;
        return abi.decode(answer, (uint256)) == uint256(uint160(caller));
    }

    function _delay(Protocol storage it) private view returns (uint64) {
        return it.nextDelayFrom <= block.timestamp ? it.nextDelay : it.delay;
    }

    /// Whether rules were retired or a verifier frozen.
    function _isRevoked(bytes32 protocol, bytes32 rules, bytes32 key) internal view returns (bool) {
        Protocol storage it = _protocols[protocol];
        return it.rules[rules].retired || it.verifiers[key].frozen;
    }

    function _afterDelay(bytes32 protocol) private view returns (uint64) {
        return _now() + _delay(_protocols[protocol]);
    }

    function _checkDelay(uint64 delay) private pure {
        bool inRange = delay >= MIN_DELAY && delay <= MAX_DELAY;
        if (!inRange) revert DelayOutOfRange(delay, MIN_DELAY, MAX_DELAY);
    }

    function _now() internal view returns (uint64) {
        return uint64(block.timestamp);
    }
}
