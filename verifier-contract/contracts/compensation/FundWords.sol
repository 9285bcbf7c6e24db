// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";
import {IObservers} from "../interfaces/IObservers.sol";
import {FundCase} from "./FundCase.sol";

/// @title What others sign for a fund
/// @notice EIP-712, in the domain of the fund (name `Pacioli`, version `1`, the chain's id, the fund's
/// address). The round keeps a word about one case from being used in another. Observers sign with
/// their own address, and only those count that already observed when the breach happened.
abstract contract FundWords is FundCase, EIP712 {
    bytes32 private constant LINK = keccak256(
        "Link(address wallet,bytes32 venue,uint64 round,address payee,uint64 deadline)"
    );
    bytes32 private constant IDENTITY = keccak256(
        "Identity(address signer,bytes32 venue,uint64 round,bytes32 owner,address payee)"
    );
    bytes32 private constant RECEIVED = keccak256(
        "Received(address signer,bytes32 venue,uint64 round,bytes32 owner,uint128 received)"
    );

    constructor() EIP712("Pacioli", "1") {}

    /// Checks that the wallet signed to pay this account.
    function _requireLink(Link calldata link) internal view {
        if (block.timestamp > link.deadline) revert LinkExpired(link.deadline);
        bytes32 digest = _hashTypedDataV4(
            keccak256(abi.encode(LINK, link.wallet, VENUE, _case.round, link.payee, link.deadline))
        );
        if (!SignatureChecker.isValidSignatureNow(link.wallet, digest, link.signature)) {
            revert LinkInvalid(link.wallet);
        }
    }

    /// Checks that enough observers signed that an account is somebody's.
    function _requireIdentified(
        bytes32 owner,
        address payee,
        address[] calldata signers,
        bytes[] calldata signatures
    ) internal view {
        _requireObservers(IDENTITY, owner, uint256(uint160(payee)), signers, signatures);
    }

    /// Checks that enough observers signed what a holder received.
    function _requireReceived(
        bytes32 owner,
        uint128 received,
        address[] calldata signers,
        bytes[] calldata signatures
    ) internal view {
        _requireObservers(RECEIVED, owner, received, signers, signatures);
    }

    function _requireObservers(
        bytes32 kind,
        bytes32 owner,
        uint256 word,
        address[] calldata signers,
        bytes[] calldata signatures
    ) private view {
        uint256 needed = _case.threshold;
        if (needed == 0 || signers.length < needed || signatures.length != signers.length) {
            revert TooFewObservers(signers.length, needed);
        }
        IObservers observers = REGISTRY.OBSERVERS();
        IObservers.ObserversView memory known = observers.observersOf(VENUE);
        address last = address(0);
        for (uint256 i = 0; i < signers.length; ++i) {
            address signer = signers[i];
            // In ascending order, so that none counts twice.
            if (signer <= last || !_observed(known, signer)) revert ObserverInvalid(signer);
            last = signer;
            bytes32 digest = _digest(kind, signer, owner, word);
            if (!observers.isSignedBy(VENUE, signer, digest, signatures[i])) {
                revert ObserverInvalid(signer);
            }
        }
    }

    function _digest(
        bytes32 kind,
        address signer,
        bytes32 owner,
        uint256 word
    ) private view returns (bytes32) {
        bytes memory words = abi.encode(kind, signer, VENUE, _case.round, owner, word);
        return _hashTypedDataV4(keccak256(words));
    }

    /// Whether somebody observed the venue when the breach happened, and still does.
    function _observed(
        IObservers.ObserversView memory known,
        address signer
    ) private view returns (bool) {
        for (uint256 i = 0; i < known.members.length; ++i) {
            if (known.members[i] == signer) return known.activeFrom[i] <= _case.breachAt;
        }
        return false;
    }
}
