// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Ownable, Ownable2Step} from "@openzeppelin/contracts/access/Ownable2Step.sol";

import {ISolvencyRegistry} from "./interfaces/ISolvencyRegistry.sol";
import {ISolvencySource} from "./interfaces/ISolvencySource.sol";

/// @title Where a guard finds its venue, and where it will find it next
/// @notice A registry is never replaced or changed. When a venue moves to the next version of it,
/// the guard's owner, not the venue's, names the new one; it counts only after a delay, in which
/// whoever does not agree withdraws. Nobody needs to act when the delay is over.
contract SolvencySource is ISolvencySource, Ownable2Step {
    /// @notice The least delay, in seconds.
    uint64 public constant MIN_DELAY = 1 days;
    /// @notice The delay of a move.
    /// @return Seconds.
    uint64 public immutable DELAY;

    ISolvencyRegistry private _registry;
    bytes32 private _venue;
    ISolvencyRegistry private _nextRegistry;
    uint64 private _nextFrom;
    bytes32 private _nextVenue;

    /// @notice A move was announced.
    /// @param registry The next registry.
    /// @param venue The venue's id in it.
    /// @param from The time from which it counts, in seconds since 1970.
    event MoveAnnounced(ISolvencyRegistry indexed registry, bytes32 indexed venue, uint64 from);
    /// @notice A move that was pending was called off.
    /// @param registry The registry that will not count.
    event MoveCancelled(ISolvencyRegistry indexed registry);

    /// @notice There is no registry at the address. Of a venue that it does not know it says so
    /// itself, by `IVenues.UnknownVenue`.
    error NoRegistry(address registry);
    /// @notice The delay is below the least.
    error DelayTooShort(uint64 delay, uint64 min);
    /// @notice No move is pending.
    error NoMove();

    /// @param owner The account that may announce a move; best a timelock or a multisig.
    /// @param delay The delay of a move, in seconds, at least `MIN_DELAY`.
    /// @param registry The registry to begin with.
    /// @param venue The venue's id in it.
    constructor(
        address owner,
        uint64 delay,
        ISolvencyRegistry registry,
        bytes32 venue
    ) Ownable(owner) {
        if (delay < MIN_DELAY) revert DelayTooShort(delay, MIN_DELAY);
        _requireRegistry(registry, venue);
        DELAY = delay;
        _registry = registry;
        _venue = venue;
    }

    /// @notice Announces a move. Replaces one that is pending, and its delay begins again. Owner
    /// only.
    /// @param registry The next registry.
    /// @param venue The venue's id in it, where it is registered already.
    function announceMove(ISolvencyRegistry registry, bytes32 venue) external onlyOwner {
        _requireRegistry(registry, venue);
        (_registry, _venue) = source();
        uint64 from = uint64(block.timestamp) + DELAY;
        (_nextRegistry, _nextVenue, _nextFrom) = (registry, venue, from);
        emit MoveAnnounced(registry, venue, from);
    }

    /// @notice Calls off a move that is pending. Owner only.
    function cancelMove() external onlyOwner {
        if (_nextFrom <= block.timestamp) revert NoMove();
        emit MoveCancelled(_nextRegistry);
        (_nextRegistry, _nextVenue, _nextFrom) = (ISolvencyRegistry(address(0)), 0, 0);
    }

    /// @notice The move that is pending.
    /// @return registry The next registry; 0 if none is pending.
    /// @return venue The venue's id in it.
    /// @return from The time from which it counts, in seconds since 1970.
    function pending()
        external
        view
        returns (ISolvencyRegistry registry, bytes32 venue, uint64 from)
    {
        if (_nextFrom <= block.timestamp) return (registry, venue, from);
        return (_nextRegistry, _nextVenue, _nextFrom);
    }

    /// @inheritdoc ISolvencySource
    function source() public view returns (ISolvencyRegistry registry, bytes32 venue) {
        if (_nextFrom != 0 && _nextFrom <= block.timestamp) return (_nextRegistry, _nextVenue);
        return (_registry, _venue);
    }

    /// A guard cannot read another contract's answer, and would stay closed. So it would of a venue
    /// that the registry does not know; one without an attestation yet may be announced, and closes
    /// the guard until there is one.
    function _requireRegistry(ISolvencyRegistry registry, bytes32 venue) private view {
        if (address(registry).code.length == 0) revert NoRegistry(address(registry));
        // A contract of another interface reverts here.
        if (uint8(registry.latest(venue).state) != uint8(registry.stateOf(venue))) {
            revert NoRegistry(address(registry));
        }
        // Reverts for an unknown venue. Every known one has an age.
        if (registry.VENUES().limitsOf(venue).maxAge == 0) revert NoRegistry(address(registry));
    }
}
