// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";
import {Signatures} from "../Signatures.sol";
import {ProgramHead} from "../adapters/ProgramHead.sol";
import {ICompensation} from "../interfaces/ICompensation.sol";
import {IFundWitness} from "../interfaces/IFundWitness.sol";
import {ISolvencyRegistry} from "../interfaces/ISolvencyRegistry.sol";
import {IStatementVerifier} from "../interfaces/IStatementVerifier.sol";
import {IVolumeVerifier} from "../interfaces/IVolumeVerifier.sol";

/// @title What others say to a fund, and on what its holders can claim
/// @notice Observers sign with their own address, and those count that observed when the attestation
/// that is paid on was appended, as many as it needed then. There were enough of them: without, it
/// could not have been appended. So who removes observers, raises or lowers the threshold, or names
/// others when a breach is near, neither shuts out a holder nor speaks in the observers' place. Only
/// who left by itself or was ejected since is not heard.
contract FundWitness is IFundWitness {
    bytes32 private constant LINK = keccak256(
        "Link(address wallet,bytes32 venue,uint64 round,address payee,uint64 deadline)"
    );
    bytes32 private constant IDENTITY = keccak256(
        "Identity(address signer,bytes32 venue,uint64 round,bytes32 owner,address payee)"
    );
    bytes32 private constant RECEIVED = keccak256(
        "Received(address signer,bytes32 venue,uint64 round,bytes32 owner,uint128 received)"
    );
    /// @inheritdoc IFundWitness
    uint256 public constant MOST_WORDS = 16_384;

    /// @inheritdoc IFundWitness
    address public immutable FUND;
    bytes32 private immutable VENUE;
    ISolvencyRegistry private immutable REGISTRY;

    mapping(bytes32 key => bool) private _keys;
    /// @inheritdoc IFundWitness
    uint64 public observedAt;

    /// @param venue The fund's venue.
    /// @param registry Its registry.
    /// @param statements The contracts that check statements.
    constructor(bytes32 venue, ISolvencyRegistry registry, IStatementVerifier[] memory statements) {
        (FUND, VENUE, REGISTRY) = (msg.sender, venue, registry);
        for (uint256 i = 0; i < statements.length; ++i) _keys[statements[i].KEY()] = true;
    }

    /// @inheritdoc IFundWitness
    function keep(address verifier, bytes32 rules, uint64 appendedAt) external {
        if (msg.sender != FUND) revert ICompensation.NotFund(msg.sender);
        bytes32 key = IVolumeVerifier(verifier).KEY();
        if (!_keys[key]) revert ICompensation.KeyUnknown(key);
        address[] memory chunks = REGISTRY.VENUES().rulesOf(VENUE, rules).chunks;
        uint256 words = ProgramHead.tableWords(chunks);
        if (words > MOST_WORDS) revert ICompensation.TableTooLarge(words, MOST_WORDS);
        observedAt = appendedAt;
    }

    /// @inheritdoc IFundWitness
    function counts(address observer) public view returns (bool) {
        // Who became the owner by accepting it does not observe.
        if (observer == REGISTRY.VENUES().venueOf(VENUE).owner) return false;
        return REGISTRY.OBSERVERS().observedAt(VENUE, observer, observedAt);
    }

    /// @inheritdoc IFundWitness
    function threshold() public view returns (uint8) {
        return REGISTRY.OBSERVERS().thresholdAt(VENUE, observedAt);
    }

    /// @inheritdoc IFundWitness
    function requireLink(uint64 round, ICompensation.Link calldata link) external view {
        if (block.timestamp > link.deadline) revert ICompensation.LinkExpired(link.deadline);
        bytes32 digest = _digest(
            abi.encode(LINK, link.wallet, VENUE, round, link.payee, link.deadline)
        );
        // By its key first, which counts also where the wallet delegates to code (EIP-7702). A contract
        // gets all gas: whoever sends it wants it to be claimed.
        (address by, ECDSA.RecoverError problem, ) = ECDSA.tryRecover(digest, link.signature);
        bool signed = problem == ECDSA.RecoverError.NoError && by == link.wallet;
        if (!signed && !SignatureChecker.isValidSignatureNow(link.wallet, digest, link.signature)) {
            revert ICompensation.LinkInvalid(link.wallet);
        }
    }

    /// @inheritdoc IFundWitness
    function requireIdentified(
        uint64 round,
        bytes32 owner,
        address payee,
        address[] calldata signers,
        bytes[] calldata signatures
    ) external view {
        bytes memory words = abi.encode(VENUE, round, owner, payee);
        _requireObservers(IDENTITY, words, signers, signatures);
    }

    /// @inheritdoc IFundWitness
    function requireReceived(
        uint64 round,
        bytes32 owner,
        uint128 received,
        address[] calldata signers,
        bytes[] calldata signatures
    ) external view {
        bytes memory words = abi.encode(VENUE, round, owner, received);
        _requireObservers(RECEIVED, words, signers, signatures);
    }

    /// Checks that enough observers signed these words, each behind the own address.
    function _requireObservers(
        bytes32 kind,
        bytes memory words,
        address[] calldata signers,
        bytes[] calldata signatures
    ) private view {
        uint256 needed = threshold();
        if (needed == 0 || signers.length < needed || signatures.length != signers.length) {
            revert ICompensation.TooFewObservers(signers.length, needed);
        }
        address last = address(0);
        for (uint256 i = 0; i < signers.length; ++i) {
            address signer = signers[i];
            // In ascending order, so that none counts twice.
            bool heard = signer > last && counts(signer);
            bytes memory own = bytes.concat(kind, bytes32(uint256(uint160(signer))), words);
            if (!heard || !Signatures.isSignedBy(signer, _digest(own), signatures[i])) {
                revert ICompensation.ObserverInvalid(signer);
            }
            last = signer;
        }
    }

    /// What is signed, in the fund's domain.
    function _digest(bytes memory words) private view returns (bytes32) {
        return Signatures.digestOf(Signatures.domainOf(FUND), keccak256(words));
    }
}
