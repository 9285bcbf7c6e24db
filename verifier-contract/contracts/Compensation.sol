// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ReentrancyGuard} from "@openzeppelin/contracts/utils/ReentrancyGuard.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {Ids} from "./Ids.sol";
import {FundTerms} from "./compensation/FundTerms.sol";
import {FundCase} from "./compensation/FundCase.sol";
import {ICompensation, CompensationTerms} from "./interfaces/ICompensation.sol";
import {Needs} from "./interfaces/IEvaluator.sol";
import {AppendedVolume, Statement, Worth} from "./interfaces/IStatementVerifier.sol";

/// @title Pays a venue's account holders after a breach
/// @notice Claims call only views, which cannot call back; payments are guarded.
contract Compensation is FundCase, ReentrancyGuard {
    using SafeERC20 for IERC20;

    mapping(bytes32 owner => Claimed) private _claims;
    /// What holders received, claimed or not.
    mapping(bytes32 owner => uint128) private _received;
    /// The sum of the claims' equity, and of what they were lowered by. Never more than `Case.owed`.
    uint128 private _claimed;
    uint128 private _lowered;
    /// What a pool is divided into: a claim's share is its net amount of so many parts. 0 until the
    /// shares are fixed.
    uint256 private _parts;
    /// How much of each token is shared, and the sum of the net amounts that it was paid for.
    mapping(uint256 payout => uint256) private _pools;
    mapping(uint256 payout => uint256) private _paid;

    /// @param bound The terms, which never change.
    constructor(CompensationTerms memory bound) FundTerms(bound) {}

    /// @inheritdoc ICompensation
    function claim(
        uint256 number,
        AppendedVolume calldata volume,
        Statement calldata statement,
        address payee
    ) external {
        if (!Ids.isOf(statement.id, msg.sender)) revert NotTheCallersId();
        _claim(number, volume, statement, payee);
    }

    /// @inheritdoc ICompensation
    function claimLinked(
        uint256 number,
        AppendedVolume calldata volume,
        Statement calldata statement,
        Link calldata link
    ) external {
        if (!Ids.isOf(statement.id, link.wallet)) revert NotTheCallersId();
        WITNESS.requireLink(_case.round, link);
        _claim(number, volume, statement, link.payee);
    }

    /// @inheritdoc ICompensation
    function claimIdentified(
        uint256 number,
        AppendedVolume calldata volume,
        Statement calldata statement,
        address payee,
        address[] calldata signers,
        bytes[] calldata signatures
    ) external {
        uint64 from = _claimsUntil();
        bool mayClaim = block.timestamp < from && Ids.isAddress(statement.id);
        if (mayClaim) revert WalletClaimsFirst(from);
        bytes32 owner = Ids.ownerOf(statement.id);
        WITNESS.requireIdentified(_case.round, owner, payee, signers, signatures);
        _claim(number, volume, statement, payee);
    }

    /// @inheritdoc ICompensation
    function changePayee(bytes32 owner, address payee) external {
        address present = _claims[owner].payee;
        if (msg.sender != present) revert NotThePayee(present);
        _requirePayee(payee);
        _claims[owner].payee = payee;
        emit PayeeChanged(owner, payee);
    }

    /// @inheritdoc ICompensation
    function lower(bytes32 owner, uint128 received) external {
        if (msg.sender != PAYER || PAYER == address(0)) revert NotPayer(msg.sender);
        _lower(owner, received, false);
    }

    /// @inheritdoc ICompensation
    function lowerObserved(
        bytes32 owner,
        uint128 received,
        address[] calldata signers,
        bytes[] calldata signatures
    ) external {
        WITNESS.requireReceived(_case.round, owner, received, signers, signatures);
        _lower(owner, received, true);
    }

    /// @inheritdoc ICompensation
    function fixShares(Needs calldata needs) external {
        Phase found = phase();
        if (found < Phase.Paying || _parts != 0) revert WrongPhase(found);
        // Whoever received what they were owed shares no more.
        uint256 rest = _case.owed - _lowered;
        (bytes32 hash, uint256[] memory pools) = TOKENS.poolsOf(needs, rest);
        if (hash != _case.needs) revert OtherNeeds(hash, _case.needs);
        uint256 parts = Math.max(rest, 1);
        _parts = parts;
        for (uint256 i = 0; i < pools.length; ++i) _pools[i] = pools[i];
        emit SharesFixed(parts, pools);
    }

    /// @inheritdoc ICompensation
    function pay(bytes32 owner, uint256[] calldata payouts) external nonReentrant {
        if (_parts == 0) revert SharesNotFixed();
        Claimed memory claimed = _claims[owner];
        if (claimed.claimedAt == 0) revert NoClaim(owner);
        uint64 from = _loweredUntil(claimed.claimedAt);
        if (block.timestamp < from) revert TooEarly(from);
        uint256 net = _net(claimed);
        uint256 parts = _parts;
        for (uint256 i = 0; i < payouts.length; ++i) {
            uint256 payout = payouts[i];
            address token = _payouts[payout].token;
            if ((claimed.paid >> payout) & 1 != 0) revert AlreadyPaid(owner, payout);
            claimed.paid |= uint16(1 << payout);
            // Before the transfer, after which anybody may call again.
            _claims[owner].paid = claimed.paid;
            _paid[payout] += net;
            uint256 amount = Math.mulDiv(_pools[payout], net, parts);
            emit Paid(owner, claimed.payee, token, amount);
            if (amount != 0) IERC20(token).safeTransfer(claimed.payee, amount);
        }
    }

    /// @inheritdoc ICompensation
    function recover(address token) external nonReentrant {
        _requirePhase(Phase.Over);
        uint256 left = IERC20(token).balanceOf(address(this));
        for (uint256 i = 0; i < _payouts.length; ++i) {
            if (_payouts[i].token != token || _claimed == 0) continue;
            // Claims that nobody had paid out keep their shares.
            if (_parts == 0) revert SharesNotFixed();
            uint256 unpaid = _claimed - _lowered - _paid[i];
            uint256 kept = Math.mulDiv(_pools[i], unpaid, _parts, Math.Rounding.Ceil);
            left = Math.saturatingSub(left, kept);
        }
        if (left == 0) revert NothingLeft(token);
        address owner = VENUES.venueOf(VENUE).owner;
        emit Recovered(token, owner, left);
        IERC20(token).safeTransfer(owner, left);
    }

    /// @inheritdoc ICompensation
    function claimOf(bytes32 owner) external view returns (Claimed memory claimed) {
        claimed = _claims[owner];
        if (claimed.claimedAt == 0) claimed.received = _received[owner];
    }

    /// @inheritdoc ICompensation
    function shareOf(bytes32 owner, uint256 payout) external view returns (uint256) {
        if (_parts == 0) return 0;
        return Math.mulDiv(_pools[payout], _net(_claims[owner]), _parts);
    }

    function _claim(
        uint256 number,
        AppendedVolume calldata volume,
        Statement calldata statement,
        address payee
    ) private {
        Phase found = phase();
        if (found < Phase.Claims || found > Phase.Paying) revert WrongPhase(found);
        if (volume.venue != VENUE || volume.round != _case.round) {
            revert OtherAttestation(volume.venue, volume.round);
        }
        _requirePayee(payee);
        if (number >= _statements.length) revert StatementsUnknown(number);
        bytes32 owner = Ids.ownerOf(statement.id);
        if (_claims[owner].claimedAt != 0) revert AlreadyClaimed(owner);
        // Whether it is revoked was decided when it was nominated.
        (Worth memory worth, ) = _statements[number].check(volume, statement);
        if (worth.equity == 0) revert NothingOwed(owner);
        uint256 claims = _claimed + worth.equity;
        if (claims > _case.owed) revert AboveOwed(claims, _case.owed);
        _claimed = uint128(claims);
        // Not above what is owed, so below 2^128.
        uint128 equity = uint128(worth.equity);
        uint128 received = uint128(Math.min(_received[owner], equity));
        _lowered += received;
        _claims[owner] = Claimed(payee, uint64(block.timestamp), equity, received, 0);
        emit ClaimTaken(owner, payee, equity, found != Phase.Claims);
    }

    function _lower(bytes32 owner, uint128 received, bool byObservers) private {
        Phase found = phase();
        if (found < Phase.Claims || found > Phase.Closed) revert WrongPhase(found);
        uint128 known = _received[owner];
        if (received <= known) revert NotMore(received, known);
        Claimed storage claimed = _claims[owner];
        uint64 claimedAt = claimed.claimedAt;
        if (claimedAt != 0) {
            uint64 until = _loweredUntil(claimedAt);
            if (block.timestamp >= until) revert ChallengeOver(until);
            uint128 most = uint128(Math.min(received, claimed.equity));
            _lowered += most - claimed.received;
            claimed.received = most;
        }
        _received[owner] = received;
        emit ClaimLowered(owner, received, byObservers);
    }

    /// Until when a claim may be lowered, and from when on it is paid.
    function _loweredUntil(uint64 claimedAt) private view returns (uint64) {
        return uint64(Math.max(_fixedFrom(), claimedAt + CHALLENGE_FOR));
    }

    /// What a claim shares by.
    function _net(Claimed memory claimed) private pure returns (uint256) {
        return claimed.equity - claimed.received;
    }

    function _requirePayee(address payee) private view {
        if (payee == address(0) || payee == address(this)) revert NoPayee();
    }
}
