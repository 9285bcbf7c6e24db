// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Codes} from "./Codes.sol";
import {IVenues, Limits} from "./interfaces/IVenues.sol";

/// @title What is stored about venues, and what others may ask
abstract contract VenueFacts is IVenues {
    /// A venue as it is stored, with times and lengths in seconds. The members fill one slot after
    /// another; a submission reads the first four.
    struct Venue {
        bytes32 nameHash;
        address publisher;
        uint48 settledFrom;
        /// 0 if no publisher is pending.
        uint48 nextPublisherFrom;
        uint32 maxLag;
        uint32 delay;
        uint32 nextDelay;
        uint48 nextDelayFrom;
        /// 0 if no limits are pending.
        uint48 nextLimitsFrom;
        /// How many rules and how many verifiers were announced.
        uint16 rulesCount;
        uint16 verifiersCount;
        Limits limits;
        Limits nextLimits;
        address owner;
        address guardian;
        address nextPublisher;
        address nextOwner;
        mapping(bytes32 rules => StoredRules) rules;
        /// The rules by their numbers, from 1.
        mapping(uint256 number => bytes32) numbered;
        mapping(address verifier => Verifier) verifiers;
        /// The verifiers by their numbers, from 1.
        mapping(uint256 number => address) numberedVerifiers;
        mapping(bytes32 subject => Pauses) pauses;
    }

    /// Rules as they are stored: three slots where one chunk is enough.
    struct StoredRules {
        bytes32 program;
        /// `Codes.hashOf` of the chunks when they were announced.
        bytes32 codes;
        address first;
        uint48 activeFrom;
        bool retired;
        /// The length of `more`.
        uint8 others;
        /// See `Venue.numbered`.
        uint16 number;
        /// The chunks after the first.
        address[] more;
    }

    /// The pauses of one subject, in one slot.
    struct Pauses {
        /// When the present one lapses.
        uint64 until;
        /// When the guardian last paused, the time before, and the time before that; 0 if never.
        uint64 last;
        uint64 second;
        uint64 third;
    }

    mapping(bytes32 venue => Venue) internal _venues;

    /// @inheritdoc IVenues
    function venueOf(bytes32 venue) external view returns (VenueView memory) {
        Venue storage it = _venue(venue);
        bool pending = it.nextPublisherFrom != 0;
        return
            VenueView({
                nameHash: it.nameHash,
                owner: it.owner,
                nextOwner: it.nextOwner,
                guardian: it.guardian,
                publisher: _publisher(it),
                nextPublisher: pending ? it.nextPublisher : it.publisher,
                nextPublisherFrom: it.nextPublisherFrom,
                maxLag: it.maxLag,
                settledFrom: it.settledFrom,
                delay: _delay(it),
                nextDelay: it.nextDelay,
                nextDelayFrom: it.nextDelayFrom,
                limits: _limits(it),
                nextLimits: it.nextLimits,
                nextLimitsFrom: it.nextLimitsFrom
            });
    }

    /// @inheritdoc IVenues
    function rulesOf(bytes32 venue, bytes32 rules) external view returns (Rules memory) {
        StoredRules storage known = _venues[venue].rules[rules];
        return Rules(known.program, known.activeFrom, known.retired, _chunks(rules, known));
    }

    /// @inheritdoc IVenues
    function verifierOf(bytes32 venue, address verifier) external view returns (Verifier memory) {
        return _venues[venue].verifiers[verifier];
    }

    /// @inheritdoc IVenues
    function termsOf(
        bytes32 venue,
        bytes32 rules,
        address verifier
    ) external view returns (Terms memory terms) {
        Venue storage it = _venues[venue];
        terms.nameHash = it.nameHash;
        if (terms.nameHash == 0) revert UnknownVenue(venue);
        StoredRules storage known = it.rules[rules];
        (terms.program, terms.number) = (known.program, known.number);
        if (terms.program == 0) revert RulesUnknown(rules);
        if (known.retired) revert RulesAreRetired(rules);
        if (known.activeFrom > block.timestamp) revert RulesNotActive(rules, known.activeFrom);
        terms.chunks = _chunks(rules, known);

        Verifier memory asked = it.verifiers[verifier];
        if (asked.codehash == 0) revert VerifierUnknown(verifier);
        if (asked.frozen) revert VerifierIsFrozen(verifier);
        if (asked.activeFrom > block.timestamp) {
            revert VerifierNotActive(verifier, asked.activeFrom);
        }
        if (verifier.codehash != asked.codehash) revert VerifierHasChanged(verifier);
        (terms.key, terms.k, terms.pageBits) = (asked.key, asked.k, asked.pageBits);
        terms.verifier = asked.number;

        terms.publisher = _publisher(it);
        (terms.maxLag, terms.settledFrom) = (it.maxLag, it.settledFrom);
        (terms.delay, terms.limits) = (_delay(it), _limits(it));
    }

    /// @inheritdoc IVenues
    function standingOf(
        bytes32 venue,
        uint16 number,
        uint16 verifier
    ) external view returns (VenueStanding memory standing) {
        Venue storage it = _venues[venue];
        standing.rules = it.numbered[number];
        standing.revoked = isRevoked(venue, standing.rules, it.numberedVerifiers[verifier]);
        standing.pausedUntil = it.pauses[0].until;
        standing.limits = _limits(it);
    }

    /// @inheritdoc IVenues
    function isRevoked(bytes32 venue, bytes32 rules, address verifier) public view returns (bool) {
        Venue storage it = _venues[venue];
        return it.rules[rules].retired || it.verifiers[verifier].frozen;
    }

    /// @inheritdoc IVenues
    function pausedUntil(bytes32 venue, bytes32 subject) external view returns (uint64) {
        return _venues[venue].pauses[subject].until;
    }

    /// @inheritdoc IVenues
    function limitsOf(bytes32 venue) external view returns (Limits memory) {
        return _limits(_venue(venue));
    }

    /// @inheritdoc IVenues
    function effectiveFrom(bytes32 venue) public view returns (uint64) {
        Venue storage it = _venue(venue);
        return block.timestamp < it.settledFrom ? _now() : _now() + _delay(it);
    }

    /// @inheritdoc IVenues
    function delayOf(bytes32 venue) external view returns (uint64) {
        return _delay(_venue(venue));
    }

    /// @inheritdoc IVenues
    function requireOwner(bytes32 venue, address caller) public view {
        if (caller != _venue(venue).owner) revert NotOwner(caller);
    }

    /// @inheritdoc IVenues
    function requireGuardian(bytes32 venue, address caller) public view {
        Venue storage it = _venue(venue);
        if (caller != it.owner && caller != it.guardian) revert NotGuardian(caller);
    }

    function _venue(bytes32 venue) internal view returns (Venue storage it) {
        it = _venues[venue];
        if (it.owner == address(0)) revert UnknownVenue(venue);
    }

    function _publisher(Venue storage it) internal view returns (address) {
        uint256 from = it.nextPublisherFrom;
        return from != 0 && from <= block.timestamp ? it.nextPublisher : it.publisher;
    }

    function _delay(Venue storage it) internal view returns (uint64) {
        return it.nextDelayFrom <= block.timestamp ? it.nextDelay : it.delay;
    }

    function _limits(Venue storage it) internal view returns (Limits memory) {
        uint256 from = it.nextLimitsFrom;
        return from != 0 && from <= block.timestamp ? it.nextLimits : it.limits;
    }

    /// The chunks, if each has the code that it was announced with.
    function _chunks(
        bytes32 rules,
        StoredRules storage known
    ) internal view returns (address[] memory chunks) {
        if (known.program == 0) return chunks;
        chunks = new address[](uint256(known.others) + 1);
        chunks[0] = known.first;
        for (uint256 i = 1; i < chunks.length; ++i) chunks[i] = known.more[i - 1];
        if (Codes.hashOf(chunks) != known.codes) revert ChunksHaveChanged(rules);
    }

    function _now() internal view returns (uint64) {
        return uint64(block.timestamp);
    }
}
