// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

// What `EasResolver` needs of the Ethereum Attestation Service, with the layout and the selectors
// of
// @ethereum-attestation-service/eas-contracts 1.9.0 (MIT); a test compares them and runs its code.

/// An attestation as the service keeps it.
struct Attestation {
    bytes32 uid;
    bytes32 schema;
    /// When it was made, when it expires, and when it was revoked, in seconds since 1970; 0 for
    /// never.
    uint64 time;
    uint64 expirationTime;
    uint64 revocationTime;
    /// Another that this one refers to.
    bytes32 refUID;
    address recipient;
    address attester;
    bool revocable;
    bytes data;
}

/// What to attest.
struct AttestationRequestData {
    address recipient;
    uint64 expirationTime;
    bool revocable;
    bytes32 refUID;
    bytes data;
    /// Wei for the resolver.
    uint256 value;
}

/// What to attest under a schema.
struct AttestationRequest {
    bytes32 schema;
    AttestationRequestData data;
}

/// What to revoke.
struct RevocationRequestData {
    bytes32 uid;
    /// Wei for the resolver.
    uint256 value;
}

/// What to revoke under a schema.
struct RevocationRequest {
    bytes32 schema;
    RevocationRequestData data;
}

/// @title A contract that the service asks about each attestation under a schema
/// @notice The service's own functions may be paid; those of a resolver that takes no wei are not.
interface ISchemaResolver {
    /// @notice Whether it takes wei.
    function isPayable() external pure returns (bool);
    /// @notice Whether an attestation may be made.
    function attest(Attestation calldata attestation) external returns (bool);
    /// @notice Whether attestations may be made.
    function multiAttest(
        Attestation[] calldata attestations,
        uint256[] calldata values
    ) external returns (bool);
    /// @notice Whether an attestation may be revoked.
    function revoke(Attestation calldata attestation) external returns (bool);
    /// @notice Whether attestations may be revoked.
    function multiRevoke(
        Attestation[] calldata attestations,
        uint256[] calldata values
    ) external returns (bool);
}

/// A schema as the list keeps it.
struct SchemaRecord {
    /// keccak256 of text, resolver and whether it is revocable; 0 if it is not listed.
    bytes32 uid;
    ISchemaResolver resolver;
    bool revocable;
    string schema;
}

/// @title The list of schemas
interface ISchemaRegistry {
    /// @notice A schema; all zeros if it is not listed.
    function getSchema(bytes32 uid) external view returns (SchemaRecord memory);
    /// @notice Lists a schema.
    function register(
        string calldata schema,
        ISchemaResolver resolver,
        bool revocable
    ) external returns (bytes32);
}

/// @title The Ethereum Attestation Service
interface IEas {
    /// @notice The list of schemas.
    function getSchemaRegistry() external view returns (ISchemaRegistry);
    /// @notice Makes an attestation in the caller's name.
    function attest(AttestationRequest calldata request) external payable returns (bytes32);
    /// @notice Revokes an attestation of the caller's.
    function revoke(RevocationRequest calldata request) external payable;
    /// @notice An attestation; all zeros if there is none.
    function getAttestation(bytes32 uid) external view returns (Attestation memory);
}
