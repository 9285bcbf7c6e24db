// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {
    Attestation,
    AttestationRequest,
    AttestationRequestData,
    IEas,
    ISchemaRegistry,
    ISchemaResolver,
    RevocationRequest,
    RevocationRequestData,
    SchemaRecord
} from "../interfaces/IEas.sol";
import {ISolvencyRegistry, Record, State} from "../interfaces/ISolvencyRegistry.sol";

/// @title What a registry says, as attestations of the Ethereum Attestation Service
/// @notice For readers off chain and lists that know the service and no registry. Anyone has the
/// latest attestation of a venue repeated there while the venue is `Healthy`; the figures are read
/// from the registry, and this contract alone attests, so nothing else can stand under the schema.
/// Anyone has it revoked as soon as the venue is anything but healthy or a newer attestation is
/// there. A venue has one valid attestation at most. It expires by itself, with the `maxAge` that
/// the venue had when it was published; every other fall of the state shows only once somebody
/// revokes, so a contract asks the registry instead.
contract EasResolver is ISchemaResolver {
    /// @notice The schema.
    string public constant SCHEMA =
        "bytes32 venue,uint64 round,bytes32 context,uint64 coverageBps,uint256 failing,uint64 asOf";
    /// @notice The version of the resolver, as the service asks for it.
    string public constant version = "1.0.0";

    struct Standing {
        bytes32 uid;
        uint64 round;
        uint64 expiry;
    }

    /// @notice The service.
    /// @return Its address.
    IEas public immutable EAS;
    /// @notice The registry that has the attestations.
    /// @return Its address.
    ISolvencyRegistry public immutable REGISTRY;
    /// @notice The schema's id in the service.
    /// @return The id.
    bytes32 public immutable SCHEMA_UID;

    mapping(bytes32 venue => Standing) private _standing;

    /// @notice An attestation of the registry was repeated.
    /// @param venue The venue's id.
    /// @param round Its number in the registry.
    /// @param uid Its id in the service.
    event Published(bytes32 indexed venue, uint64 indexed round, bytes32 uid);
    /// @notice It was withdrawn.
    /// @param venue The venue's id.
    /// @param round Its number in the registry.
    /// @param uid Its id in the service.
    /// @param state The venue's state.
    event Withdrawn(bytes32 indexed venue, uint64 indexed round, bytes32 uid, State state);

    /// @notice Only the service may ask.
    error NotEas(address caller);
    /// @notice There is no contract at one of the addresses.
    error NoContract();
    /// @notice The list has something else under the schema's id.
    error OtherSchema(bytes32 uid);
    /// @notice Only the attestation of a healthy venue is repeated.
    error NotHealthy(bytes32 venue, State state);
    /// @notice That is not the latest attestation of the venue, or not its record.
    error OtherRecord(uint64 round, uint64 latest);
    /// @notice It stands there already, and expires when it should.
    error AlreadyPublished(bytes32 uid);
    /// @notice Nothing of the venue stands there.
    error NothingPublished(bytes32 venue);
    /// @notice The venue is healthy, and the attestation its latest.
    error StillHealthy(bytes32 venue);

    /// @notice Lists the schema, with this contract as its resolver; or takes it as it is listed:
    /// anyone may have done so before, for an address that could be foreseen, and nobody can have
    /// attested under it while there was no code here.
    /// @param eas The service.
    /// @param registry The registry.
    constructor(IEas eas, ISolvencyRegistry registry) {
        if (address(eas).code.length == 0 || address(registry).code.length == 0)
            revert NoContract();
        EAS = eas;
        REGISTRY = registry;
        ISchemaRegistry schemas = eas.getSchemaRegistry();
        bytes32 uid = keccak256(abi.encodePacked(SCHEMA, address(this), true));
        SchemaRecord memory listed = schemas.getSchema(uid);
        if (listed.uid == 0) {
            uid = schemas.register(SCHEMA, this, true);
        } else {
            bool isOwn = listed.uid == uid && address(listed.resolver) == address(this);
            bool isText = keccak256(bytes(listed.schema)) == keccak256(bytes(SCHEMA));
            if (!isOwn || !isText || !listed.revocable) revert OtherSchema(uid);
        }
        SCHEMA_UID = uid;
    }

    /// @notice Repeats the latest attestation of a healthy venue. Anyone; the same one again only
    /// if the venue's `maxAge` has changed, and with it when it expires.
    /// @param venue The venue's id.
    /// @param round The attestation's number in the registry.
    /// @param record Its record, as in the event `Attested`.
    /// @return uid Its id in the service.
    function publish(
        bytes32 venue,
        uint64 round,
        Record calldata record
    ) external returns (bytes32 uid) {
        ISolvencyRegistry.Verdict memory verdict = REGISTRY.latest(venue);
        if (verdict.state != State.Healthy) revert NotHealthy(venue, verdict.state);
        bool isIt = REGISTRY.recordHash(venue, round) == keccak256(abi.encode(record));
        if (round == 0 || round != verdict.round || !isIt) revert OtherRecord(round, verdict.round);
        Standing memory before = _standing[venue];
        // The service wants a time in the future, and at this age the venue has not expired yet.
        uint64 expiry = record.asOf + REGISTRY.VENUES().limitsOf(venue).maxAge + 1;
        bool isSame = before.round == round && before.expiry == expiry;
        if (before.uid != 0 && isSame) revert AlreadyPublished(before.uid);
        if (before.uid != 0) _withdraw(venue, before, verdict.state);
        bytes memory data = abi.encode(
            venue,
            round,
            record.context,
            verdict.coverageBps,
            verdict.failing,
            verdict.asOf
        );
        uid = EAS.attest(
            AttestationRequest(
                SCHEMA_UID,
                AttestationRequestData(address(0), expiry, true, before.uid, data, 0)
            )
        );
        _standing[venue] = Standing(uid, round, expiry);
        emit Published(venue, round, uid);
    }

    /// @notice Revokes what stands there of a venue that is no longer healthy or has a newer
    /// attestation. Anyone.
    /// @param venue The venue's id.
    function withdraw(bytes32 venue) external {
        Standing memory standing = _standing[venue];
        if (standing.uid == 0) revert NothingPublished(venue);
        ISolvencyRegistry.Verdict memory verdict = REGISTRY.latest(venue);
        if (verdict.state == State.Healthy && verdict.round == standing.round) {
            revert StillHealthy(venue);
        }
        delete _standing[venue];
        _withdraw(venue, standing, verdict.state);
    }

    /// @inheritdoc ISchemaResolver
    /// @dev The service asks during `publish`; of whatever else it is asked, the attester is
    /// another.
    function attest(Attestation calldata attestation) external view returns (bool) {
        return _isOwn(attestation);
    }

    /// @inheritdoc ISchemaResolver
    function multiAttest(
        Attestation[] calldata attestations,
        uint256[] calldata
    ) external view returns (bool) {
        return _areOwn(attestations);
    }

    /// @inheritdoc ISchemaResolver
    function revoke(Attestation calldata attestation) external view returns (bool) {
        return _isOwn(attestation);
    }

    /// @inheritdoc ISchemaResolver
    function multiRevoke(
        Attestation[] calldata attestations,
        uint256[] calldata
    ) external view returns (bool) {
        return _areOwn(attestations);
    }

    /// @notice What stands in the service of a venue.
    /// @param venue The venue's id.
    /// @return uid Its id in the service; 0 if nothing does. It may have expired.
    /// @return round The attestation's number in the registry.
    function standingOf(bytes32 venue) external view returns (bytes32 uid, uint64 round) {
        return (_standing[venue].uid, _standing[venue].round);
    }

    /// @inheritdoc ISchemaResolver
    function isPayable() external pure returns (bool) {
        return false;
    }

    function _withdraw(bytes32 venue, Standing memory standing, State state) private {
        emit Withdrawn(venue, standing.round, standing.uid, state);
        EAS.revoke(RevocationRequest(SCHEMA_UID, RevocationRequestData(standing.uid, 0)));
    }

    function _isOwn(Attestation calldata attestation) private view returns (bool) {
        if (msg.sender != address(EAS)) revert NotEas(msg.sender);
        return attestation.attester == address(this) && attestation.schema == SCHEMA_UID;
    }

    function _areOwn(Attestation[] calldata attestations) private view returns (bool) {
        for (uint256 i = 0; i < attestations.length; i++) {
            if (!_isOwn(attestations[i])) return false;
        }
        return true;
    }
}
