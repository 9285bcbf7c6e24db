// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {FundTokens} from "./FundTokens.sol";
import {FundWitness} from "./FundWitness.sol";
import {ICompensation, Payout, CompensationTerms} from "../interfaces/ICompensation.sol";
import {IFundWitness} from "../interfaces/IFundWitness.sol";
import {IReserves} from "../interfaces/IReserves.sol";
import {ISolvencyRegistry, State} from "../interfaces/ISolvencyRegistry.sol";
import {IStatementVerifier} from "../interfaces/IStatementVerifier.sol";
import {IVenues} from "../interfaces/IVenues.sol";

/// @title What a fund is bound to, and its money while nothing is reported
abstract contract FundTerms is ICompensation {
    using SafeERC20 for IERC20;

    uint64 private constant DAY = 1 days;
    /// Times beyond are mistakes.
    uint64 private constant LONGEST = 3650 days;
    uint256 private constant MOST_STATEMENTS = 8;
    /// @inheritdoc ICompensation
    uint64 public constant WITHDRAWAL_WINDOW = 7 days;

    bytes32 internal immutable VENUE;
    ISolvencyRegistry internal immutable REGISTRY;
    IVenues internal immutable VENUES;
    address internal immutable PAYER;
    uint64 internal immutable SETTLED_FOR;
    uint64 internal immutable GRACE;
    uint64 internal immutable GRACE_AT_MOST;
    uint64 internal immutable EXPIRED_AFTER;
    uint64 internal immutable CLAIMS_FOR;
    uint64 internal immutable CHALLENGE_FOR;
    uint64 internal immutable LATE_FOR;
    uint64 internal immutable RECOVERED_AFTER;
    FundTokens internal immutable TOKENS;
    /// @inheritdoc ICompensation
    IFundWitness public immutable WITNESS;

    IStatementVerifier[] internal _statements;
    Payout[] internal _payouts;
    Case internal _case;
    /// The latest attestation that cancelled a report, and when that was.
    uint64 internal _cancelledBy;
    uint64 internal _cancelledAt;
    mapping(address token => Withdrawal) private _withdrawals;

    /// @param bound The terms, which never change.
    constructor(CompensationTerms memory bound) {
        (VENUE, REGISTRY, PAYER) = (bound.venue, bound.registry, bound.payer);
        VENUES = bound.registry.VENUES();
        if (VENUES.venueOf(bound.venue).owner == address(0)) revert NoVenue();
        _requireTerm(0, bound.settledFor, VENUES.delayOf(bound.venue));
        _requireTerm(1, bound.grace, _leastGrace());
        _requireTerm(2, bound.expiredAfter, _leastExpiry());
        _requireTerm(3, bound.claimsFor, 7 * DAY);
        _requireTerm(4, bound.challengeFor, 2 * DAY);
        _requireTerm(5, bound.lateFor, 30 * DAY);
        _requireTerm(6, bound.recoveredAfter, 180 * DAY);
        _requireTerm(7, bound.graceAtMost, bound.grace);
        (SETTLED_FOR, EXPIRED_AFTER) = (bound.settledFor, bound.expiredAfter);
        (GRACE, GRACE_AT_MOST) = (bound.grace, bound.graceAtMost);
        (CLAIMS_FOR, CHALLENGE_FOR) = (bound.claimsFor, bound.challengeFor);
        (LATE_FOR, RECOVERED_AFTER) = (bound.lateFor, bound.recoveredAfter);

        uint256 statements = bound.statements.length;
        if (statements == 0) revert NoStatements();
        if (statements > MOST_STATEMENTS) revert TooManyStatements(MOST_STATEMENTS);
        for (uint256 i = 0; i < statements; ++i) {
            IStatementVerifier each = bound.statements[i];
            if (each.VOLUMES() != address(bound.registry)) revert OtherVolumes(address(each));
            _statements.push(each);
        }
        for (uint256 i = 0; i < bound.payouts.length; ++i) _payouts.push(bound.payouts[i]);
        TOKENS = new FundTokens(bound.payouts);
        WITNESS = new FundWitness(bound.venue, bound.registry, bound.statements);
    }

    /// @inheritdoc ICompensation
    function acceptReserve(address token) external {
        IReserves reserves = REGISTRY.RESERVES();
        TOKENS.requireInsurance(reserves, VENUE, token);
        reserves.accept(VENUE, token, address(this));
    }

    /// @inheritdoc ICompensation
    function announceWithdrawal(address token, uint256 amount) external {
        VENUES.requireOwner(VENUE, msg.sender);
        _requirePhase(Phase.Waiting);
        uint64 from = uint64(block.timestamp) + SETTLED_FOR;
        _withdrawals[token] = Withdrawal(amount, from);
        emit WithdrawalAnnounced(token, amount, from);
    }

    /// @inheritdoc ICompensation
    function withdraw(address token) external {
        VENUES.requireOwner(VENUE, msg.sender);
        _requirePhase(Phase.Waiting);
        Withdrawal memory withdrawal = _withdrawals[token];
        if (withdrawal.from == 0) revert NothingLeft(token);
        // Before a breach nobody had reason to watch for what was announced.
        uint64 cancelledAt = _cancelledAt;
        bool old = cancelledAt != 0 && withdrawal.from <= cancelledAt + SETTLED_FOR;
        if (old) revert AnnounceAgain(cancelledAt);
        if (block.timestamp < withdrawal.from) revert TooEarly(withdrawal.from);
        uint64 until = withdrawal.from + WITHDRAWAL_WINDOW;
        if (block.timestamp >= until) revert WithdrawalLapsed(until);
        if (REGISTRY.stateOf(VENUE) != State.Healthy) {
            revert NotHealthy(REGISTRY.latest(VENUE).round);
        }
        delete _withdrawals[token];
        emit Withdrawn(token, msg.sender, withdrawal.amount);
        IERC20(token).safeTransfer(msg.sender, withdrawal.amount);
    }

    /// @inheritdoc ICompensation
    function withdrawalOf(address token) external view returns (Withdrawal memory) {
        return _withdrawals[token];
    }

    /// @inheritdoc ICompensation
    function terms() external view returns (CompensationTerms memory) {
        return
            CompensationTerms({
                venue: VENUE,
                registry: REGISTRY,
                statements: _statements,
                payouts: _payouts,
                payer: PAYER,
                settledFor: SETTLED_FOR,
                grace: GRACE,
                graceAtMost: GRACE_AT_MOST,
                expiredAfter: EXPIRED_AFTER,
                claimsFor: CLAIMS_FOR,
                challengeFor: CHALLENGE_FOR,
                lateFor: LATE_FOR,
                recoveredAfter: RECOVERED_AFTER
            });
    }

    /// @inheritdoc ICompensation
    function current() external view returns (Case memory) {
        return _case;
    }

    /// @inheritdoc ICompensation
    function phase() public view returns (Phase) {
        if (_case.reportedAt == 0) return Phase.Waiting;
        if (_case.openedAt == 0) {
            // Where nobody can be nominated, the money does not stay for ever.
            uint64 from = _case.opensFrom + RECOVERED_AFTER;
            bool isOver = _case.round == 0 && block.timestamp >= from;
            return isOver ? Phase.Over : Phase.Reported;
        }
        if (block.timestamp < _claimsUntil()) return Phase.Claims;
        if (block.timestamp < _fixedFrom()) return Phase.Challenge;
        if (block.timestamp < _closedFrom()) return Phase.Paying;
        return block.timestamp < _closedFrom() + RECOVERED_AFTER ? Phase.Closed : Phase.Over;
    }

    function _claimsUntil() internal view returns (uint64) {
        return _case.openedAt + CLAIMS_FOR;
    }

    function _fixedFrom() internal view returns (uint64) {
        return _claimsUntil() + CHALLENGE_FOR;
    }

    /// The last late claim is made before, so that all can be lowered and paid long before the rest
    /// goes back.
    function _closedFrom() internal view returns (uint64) {
        return _fixedFrom() + LATE_FOR;
    }

    function _requirePhase(Phase expected) internal view {
        Phase found = phase();
        if (found != expected) revert WrongPhase(found);
    }

    /// The least grace, by the limits of now.
    function _leastGrace() internal view returns (uint64) {
        uint64 distance = VENUES.limitsOf(VENUE).minDistance;
        return uint64(Math.max(VENUES.delayOf(VENUE), distance)) + DAY;
    }

    /// The least age at which an attestation counts as in breach, by the limits of now.
    function _leastExpiry() internal view returns (uint64) {
        return VENUES.limitsOf(VENUE).maxAge + 3 * DAY;
    }

    function _requireTerm(uint256 term, uint64 value, uint64 least) private pure {
        if (value < least || value > LONGEST) revert TermOutOfRange(term, least, LONGEST);
    }
}
