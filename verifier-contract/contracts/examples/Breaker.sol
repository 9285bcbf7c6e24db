// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Solvency} from "../Solvency.sol";
import {ISolvencyRegistry, State} from "../interfaces/ISolvencyRegistry.sol";

/// @title What can be paused
interface IPausable {
    /// @notice Pauses; reverts if it is paused.
    function pause() external;
    /// @notice Whether it is paused.
    function paused() external view returns (bool);
}

/// @title A breaker for a market that knows no registry but can be paused
/// @notice An example. The market gives this contract its right to pause and nothing else. Anyone
/// trips it while a venue's state is worse than `WORST`; nobody can otherwise, and this contract
/// never opens a market again. A market that can be changed uses `SolvencyGuard` instead, which
/// needs nobody to act: here the market stays open until somebody trips it.
contract Breaker {
    /// @notice The registry that has the attestations.
    /// @return Its address.
    ISolvencyRegistry public immutable REGISTRY;
    /// @notice The venue that the market depends on.
    /// @return Its id in the registry.
    bytes32 public immutable VENUE;
    /// @notice The asset or market of the venue that it depends on; 0 for the whole venue.
    /// @return keccak256 of its name in the rules.
    bytes32 public immutable SUBJECT;
    /// @notice The market that is paused.
    /// @return Its address.
    IPausable public immutable MARKET;
    /// @notice The worst state in which it stays open.
    /// @return The state.
    State public immutable WORST;

    /// @notice The market was paused.
    /// @param by Who tripped the breaker.
    /// @param state The venue's state.
    event Tripped(address indexed by, State state);

    /// @notice The venue's state is no reason to pause.
    error NoReason(State state);
    /// @notice There is no contract at one of the addresses: such a breaker would never trip.
    error NoContract(address at_);
    /// @notice A market stays open while `Healthy`, or `Warning` as well.
    error AcceptsTooMuch(State worst);

    /// @param registry The registry.
    /// @param venue The venue's id in it.
    /// @param subject keccak256 of the asset's or market's name; 0 for the whole venue.
    /// @param market The market to pause.
    /// @param worst The worst state in which it stays open: `Healthy` or `Warning`.
    constructor(
        ISolvencyRegistry registry,
        bytes32 venue,
        bytes32 subject,
        IPausable market,
        State worst
    ) {
        if (address(registry).code.length == 0) revert NoContract(address(registry));
        if (address(market).code.length == 0) revert NoContract(address(market));
        if (worst != State.Healthy && worst != State.Warning) revert AcceptsTooMuch(worst);
        (REGISTRY, VENUE, SUBJECT, MARKET, WORST) = (registry, venue, subject, market, worst);
    }

    /// @notice Pauses the market if the venue's state is a reason to. Anyone.
    function trip() external {
        State state = stateNow();
        if (Solvency.severity(state) <= Solvency.severity(WORST)) revert NoReason(state);
        emit Tripped(msg.sender, state);
        MARKET.pause();
    }

    /// @notice Whether `trip` would pause the market now; for a keeper to ask.
    /// @return Whether it would.
    function canTrip() external view returns (bool) {
        return Solvency.severity(stateNow()) > Solvency.severity(WORST) && !MARKET.paused();
    }

    /// @notice The state that counts.
    /// @return The worse of the venue's and of its asset's or market's.
    function stateNow() public view returns (State) {
        State state = REGISTRY.stateOf(VENUE);
        return SUBJECT == 0 ? state : Solvency.worse(state, REGISTRY.stateFor(VENUE, SUBJECT));
    }
}
