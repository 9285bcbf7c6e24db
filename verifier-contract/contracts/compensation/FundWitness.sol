// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";
import {Signatures} from "../Signatures.sol";
import {ProgramHead} from "../adapters/ProgramHead.sol";
import {ICompensation} from "../interfaces/ICompensation.sol";
import {IFundWitness} from "../interfaces/IFundWitness.sol";
import {IObservers} from "../interfaces/IObservers.sol";
import {ISolvencyRegistry, Record} from "../interfaces/ISolvencyRegistry.sol";
import {IStatementVerifier} from "../interfaces/IStatementVerifier.sol";
import {IVolumeVerifier} from "../interfaces/IVolumeVerifier.sol";

/// @title What others say to a fund, and on what its holders can claim
/// @notice Observers sign with their own address, and those count that observed when the breach
/// happened, as they were when it was reported: to remove them afterwards, or to raise their threshold,
/// shuts out no holder. Only who was ejected since is not heard.
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
    address[] private _members;
    /// @inheritdoc IFundWitness
    uint8 public threshold;

    /// @param venue The fund's venue.
    /// @param registry Its registry.
    /// @param statements The contracts that check statements.
    constructor(bytes32 venue, ISolvencyRegistry registry, IStatementVerifier[] memory statements) {
        (FUND, VENUE, REGISTRY) = (msg.sender, venue, registry);
        for (uint256 i = 0; i < statements.length; ++i) _keys[statements[i].KEY()] = true;
    }

    /// @inheritdoc IFundWitness
    function keep(uint64 breachAt) external {
        if (msg.sender != FUND) revert ICompensation.NotFund(msg.sender);
        IObservers.ObserversView memory known = REGISTRY.OBSERVERS().observersOf(VENUE);
        // Who became the owner by accepting it does not observe.
        address owner = REGISTRY.VENUES().venueOf(VENUE).owner;
        delete _members;
        for (uint256 i = 0; i < known.members.length; ++i) {
            bool early = known.activeFrom[i] <= breachAt;
            if (early && known.members[i] != owner) _members.push(known.members[i]);
        }
        // No more than there are: it can be raised at once, with observers who do not count yet.
        uint256 count = _members.length;
        threshold = known.threshold < count ? known.threshold : uint8(count);
    }

    /// @inheritdoc IFundWitness
    function members() external view returns (address[] memory) {
        return _members;
    }

    /// @inheritdoc IFundWitness
    function requireClaimable(Record calldata record) external view {
        bytes32 key = IVolumeVerifier(record.verifier).KEY();
        if (!_keys[key]) revert ICompensation.KeyUnknown(key);
        address[] memory chunks = REGISTRY.VENUES().rulesOf(VENUE, record.rules).chunks;
        uint256 words = ProgramHead.tableWords(chunks);
        if (words > MOST_WORDS) revert ICompensation.TableTooLarge(words, MOST_WORDS);
    }

    /// @inheritdoc IFundWitness
    function requireLink(uint64 round, ICompensation.Link calldata link) external view {
        if (block.timestamp > link.deadline) revert ICompensation.LinkExpired(link.deadline);
        bytes32 digest = _digest(
            abi.encode(LINK, link.wallet, VENUE, round, link.payee, link.deadline)
        );
        if (!SignatureChecker.isValidSignatureNow(link.wallet, digest, link.signature)) {
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
        uint256 needed = threshold;
        if (needed == 0 || signers.length < needed || signatures.length != signers.length) {
            revert ICompensation.TooFewObservers(signers.length, needed);
        }
        address[] memory known = _members;
        address last = address(0);
        for (uint256 i = 0; i < signers.length; ++i) {
            address signer = signers[i];
            // In ascending order, so that none counts twice.
            bool counts = signer > last && _isIn(known, signer);
            bytes memory own = bytes.concat(kind, bytes32(uint256(uint160(signer))), words);
            if (!counts || !_signed(signer, own, signatures[i])) {
                revert ICompensation.ObserverInvalid(signer);
            }
            last = signer;
        }
    }

    /// Whether somebody who was not ejected signed these words.
    function _signed(
        address signer,
        bytes memory words,
        bytes calldata signature
    ) private view returns (bool) {
        if (REGISTRY.OBSERVERS().isEjected(VENUE, signer)) return false;
        return Signatures.isSignedBy(signer, _digest(words), signature);
    }

    /// What is signed, in the fund's domain.
    function _digest(bytes memory words) private view returns (bytes32) {
        return Signatures.digestOf(Signatures.domainOf(FUND), keccak256(words));
    }

    function _isIn(address[] memory known, address signer) private pure returns (bool) {
        for (uint256 i = 0; i < known.length; ++i) {
            if (known[i] == signer) return true;
        }
        return false;
    }
}
