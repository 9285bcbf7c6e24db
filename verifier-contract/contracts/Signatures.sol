// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {Attested, IObservers, Signature} from "./interfaces/IObservers.sol";

/// @title What is signed for a venue, and whether it is
/// @notice Messages are EIP-712. A contract's answer (ERC-1271) costs a bounded amount of gas, and
/// no answer of it stops whoever asks.
library Signatures {
    /// The most gas that a signer's contract may use. A Safe of ten owners needs about as much.
    uint256 internal constant CONTRACT_GAS = 100_000;
    /// All but 1/64 of the gas that is left can be passed on; the rest is for going on afterwards.
    uint256 internal constant GAS_LEFT = CONTRACT_GAS + CONTRACT_GAS / 63 + 3_000;

    bytes32 internal constant DOMAIN_TYPE = keccak256(
        "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"
    );
    bytes32 internal constant NAME = keccak256("Pacioli");
    bytes32 internal constant VERSION = keccak256("1");
    bytes32 internal constant ATTEST_TYPE = keccak256(
        // solhint-disable-next-line max-line-length
        "Attest(address signer,bytes32 venue,uint64 sequence,bytes32 context,bytes32 program,"
        "bytes32 totals,bytes32 attestation,address verifier,bytes32 rounds,uint64 signedAt,"
        "uint64 deadline,address carrier,uint8 compared)"
    );
    bytes32 internal constant CONFIRM_TYPE = keccak256(
        // solhint-disable-next-line max-line-length
        "Confirm(address signer,bytes32 venue,bytes32 record,uint64 signedAt,"
        "uint64 deadline,address carrier,uint8 compared)"
    );
    bytes32 internal constant ALARM_TYPE = keccak256(
        "Alarm(address signer,bytes32 venue,bytes32 reason,uint64 until)"
    );

    /// The domain of a contract. The chain's id is asked for each time: after a fork, no signature
    /// for the one chain counts on the other.
    /// @param verifying The contract.
    /// @return The domain's separator.
    function domainOf(address verifying) internal view returns (bytes32) {
        return keccak256(abi.encode(DOMAIN_TYPE, NAME, VERSION, block.chainid, verifying));
    }

    /// @param domain The domain's separator.
    /// @param message The hash of the message.
    /// @return What is signed.
    function digestOf(bytes32 domain, bytes32 message) internal pure returns (bytes32) {
        return keccak256(abi.encodePacked(hex"1901", domain, message));
    }

    /// @param attested What is attested.
    /// @param by Who signs, when, until when, and who may carry it.
    /// @return The hash of the message `Attest`.
    function attestOf(
        Attested calldata attested,
        Signature calldata by
    ) internal pure returns (bytes32) {
        return
            keccak256(
                abi.encode(
                    ATTEST_TYPE,
                    by.signer,
                    attested.venue,
                    attested.sequence,
                    attested.context,
                    attested.program,
                    attested.totals,
                    attested.attestation,
                    attested.verifier,
                    attested.rounds,
                    by.signedAt,
                    by.deadline,
                    by.carrier,
                    by.compared
                )
            );
    }

    /// @param venue The venue's id.
    /// @param record The hash of the attestation's record.
    /// @param by Who signs, when, until when, and who may carry it.
    /// @return The hash of the message `Confirm`.
    function confirmOf(
        bytes32 venue,
        bytes32 record,
        Signature calldata by
    ) internal pure returns (bytes32) {
        return
            keccak256(
                abi.encode(
                    CONFIRM_TYPE,
                    by.signer,
                    venue,
                    record,
                    by.signedAt,
                    by.deadline,
                    by.carrier,
                    by.compared
                )
            );
    }

    /// @param signer Who signs.
    /// @param venue The venue's id.
    /// @param reason A short text, or the hash of a long one.
    /// @param until When the alarm lapses, in seconds since 1970.
    /// @return The hash of the message `Alarm`.
    function alarmOf(
        address signer,
        bytes32 venue,
        bytes32 reason,
        uint64 until
    ) internal pure returns (bytes32) {
        return keccak256(abi.encode(ALARM_TYPE, signer, venue, reason, until));
    }

    /// Whether one signer signed two attestations of one number that could be used at one time. One
    /// may sign another for a number when the first has lapsed unused: a submission may fail.
    /// Whether they are signed is not checked here.
    /// @param one What is attested.
    /// @param other What else is attested.
    /// @param ofOne The signature of the one.
    /// @param ofOther The signature of the other.
    /// @param maxValidity The longest validity of a signature, in seconds.
    /// @return Whether no honest signer signs both.
    function exclude(
        Attested calldata one,
        Attested calldata other,
        Signature calldata ofOne,
        Signature calldata ofOther,
        uint64 maxValidity
    ) internal pure returns (bool) {
        bool isSame =
            one.context == other.context &&
                one.program == other.program &&
                one.totals == other.totals;
        if (isSame || ofOne.signer != ofOther.signer) return false;
        if (one.venue != other.venue || one.sequence != other.sequence) return false;
        if (!_isUsable(ofOne, maxValidity) || !_isUsable(ofOther, maxValidity)) return false;
        return ofOne.signedAt <= ofOther.deadline && ofOther.signedAt <= ofOne.deadline;
    }

    /// Whether an account signed. Its key is tried first, also where the account has code: code
    /// that a key delegates to (EIP-7702) takes nothing away from the key.
    /// @param signer The account.
    /// @param digest What is signed; must have the signer's address in it.
    /// @param signature 65 bytes of a key, with the lower `s`; or what the account's code takes.
    /// @return Whether it did.
    function isSignedBy(
        address signer,
        bytes32 digest,
        bytes calldata signature
    ) internal view returns (bool) {
        (address recovered, ECDSA.RecoverError problem, ) = ECDSA.tryRecoverCalldata(
            digest,
            signature
        );
        if (problem == ECDSA.RecoverError.NoError && recovered == signer) return true;
        return signer.code.length != 0 && _contractSays(signer, digest, signature);
    }

    /// Whether a registry takes a signature of these times at some time.
    function _isUsable(Signature calldata by, uint64 maxValidity) private pure returns (bool) {
        return by.deadline >= by.signedAt && by.deadline - by.signedAt <= maxValidity;
    }

    /// Asks a contract by ERC-1271. Not the library's call, which passes on all gas.
    function _contractSays(
        address signer,
        bytes32 digest,
        bytes calldata signature
    ) private view returns (bool says) {
        bytes memory question = abi.encodeCall(IERC1271.isValidSignature, (digest, signature));
        bytes32 yes = bytes32(IERC1271.isValidSignature.selector);
        if (gasleft() < GAS_LEFT) revert IObservers.TooLittleGas();
        assembly ("memory-safe") {
            // Copies 32 bytes at most, into scratch space, however long the answer is.
            says := staticcall(
                CONTRACT_GAS,
                signer,
                add(question, 0x20),
                mload(question),
                0x00,
                0x20
            )
            says := and(says, and(gt(returndatasize(), 0x1f), eq(mload(0x00), yes)))
        }
    }
}
