// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {ICompensation} from "./ICompensation.sol";

/// @title What others say to a fund, and on what its holders can claim
/// @notice A part of one fund, made by it, at an address of its own. Messages are EIP-712 in the domain
/// of the fund (name `Pacioli`, version `1`, the chain's id, the fund's address). The round keeps a
/// word about one case from being used in another.
interface IFundWitness {
    /// @notice Checks that holders can claim on an attestation, and keeps when it was appended. The
    /// fund only.
    /// @param verifier The verifier, the rules and the time of the attestation's record.
    function keep(address verifier, bytes32 rules, uint64 appendedAt) external;

    /// @notice The fund that this is a part of.
    function FUND() external view returns (address);
    /// @notice The most words of a table on which a holder can claim.
    function MOST_WORDS() external view returns (uint256);
    /// @notice When the attestation that was nominated last was appended, in seconds since 1970.
    function observedAt() external view returns (uint64);
    /// @notice Whether an account observed just before that time, has neither left by itself nor been
    /// ejected since, and does not own the venue.
    function counts(address observer) external view returns (bool);
    /// @notice How many of those must sign; none can if it is 0.
    function threshold() external view returns (uint8);
    /// @notice Checks that a wallet signed to pay an account.
    function requireLink(uint64 round, ICompensation.Link calldata link) external view;
    /// @notice Checks that enough observers signed whose an account is.
    function requireIdentified(
        uint64 round,
        bytes32 owner,
        address payee,
        address[] calldata signers,
        bytes[] calldata signatures
    ) external view;
    /// @notice Checks that enough observers signed what a holder received.
    function requireReceived(
        uint64 round,
        bytes32 owner,
        uint128 received,
        address[] calldata signers,
        bytes[] calldata signatures
    ) external view;
}
