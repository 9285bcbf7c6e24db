// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Attestation as TheirAttestation} from "@ethereum-attestation-service/eas-contracts/contracts/Common.sol";
import {
    AttestationRequest as TheirRequest,
    AttestationRequestData as TheirData,
    DelegatedAttestationRequest,
    IEAS,
    MultiAttestationRequest,
    RevocationRequest as TheirRevocation,
    RevocationRequestData as TheirRevocationData
} from "@ethereum-attestation-service/eas-contracts/contracts/IEAS.sol";
import {ISchemaResolver as TheirResolver} from "@ethereum-attestation-service/eas-contracts/contracts/resolver/ISchemaResolver.sol";

import {EasResolver} from "../contracts/adapters/EasResolver.sol";
import {Attestation, IEas, ISchemaResolver} from "../contracts/interfaces/IEas.sol";
import {ISolvencyRegistry, Record, State} from "../contracts/interfaces/ISolvencyRegistry.sol";
import {Test} from "./Test.sol";
import {StatedRegistry} from "./mocks/StatedRegistry.sol";

interface TheirSchemas {
    function register(
        string calldata schema,
        address resolver,
        bool revocable
    ) external returns (bytes32);
}

/// With the service's own code, as its package has it.
contract EasResolverTest is Test {
    string private constant ARTIFACTS =
        "consumers/node_modules/@ethereum-attestation-service/eas-contracts/artifacts/contracts/";
    bytes32 private constant VENUE = "venue";
    uint64 private constant NOW = 1_800_000_000;

    StatedRegistry private stated;
    IEAS private eas;
    EasResolver private resolver;

    function setUp() external {
        vm.warp(NOW);
        stated = new StatedRegistry();
        address schemas = deploy("SchemaRegistry.sol/SchemaRegistry.json", "");
        eas = IEAS(deploy("EAS.sol/EAS.json", abi.encode(schemas)));
        resolver = new EasResolver(IEas(address(eas)), ISolvencyRegistry(address(stated)));
    }

    function deploy(string memory path, bytes memory arguments) private returns (address made) {
        string memory json = vm.readFile(string.concat(ARTIFACTS, path));
        bytes memory code = bytes.concat(vm.parseJsonBytes(json, ".bytecode"), arguments);
        assembly {
            made := create(0, add(code, 32), mload(code))
        }
        vm.assertTrue(made != address(0), "deployed");
    }

    function append(uint64 asOf) private returns (uint64 round, Record memory record) {
        (record.context, record.asOf, record.coverageBps) = ("context", asOf, 12_345);
        round = stated.append(record);
    }

    function published() private returns (bytes32 uid, uint64 round, Record memory record) {
        (round, record) = append(NOW);
        vm.prank(address(0xabc));
        uid = resolver.publish(VENUE, round, record);
    }

    function test_what_stands_there_is_what_the_registry_says() external {
        (bytes32 uid, uint64 round, ) = published();
        TheirAttestation memory found = eas.getAttestation(uid);
        vm.assertEq(found.schema, resolver.SCHEMA_UID(), "schema");
        vm.assertEq(found.attester, address(resolver), "attester");
        vm.assertTrue(found.revocable && found.revocationTime == 0, "stands");
        vm.assertEq(uint256(found.expirationTime), uint256(NOW) + 1 days + 1, "expires");
        bytes memory expected = abi.encode(
            VENUE,
            round,
            bytes32("context"),
            uint64(12_345),
            uint256(0),
            NOW
        );
        vm.assertEq(keccak256(found.data), keccak256(expected), "data");
        (bytes32 standing, uint64 of_) = resolver.standingOf(VENUE);
        vm.assertTrue(standing == uid && of_ == round, "standing");
    }

    function test_the_last_second_before_it_expires() external {
        (uint64 round, Record memory record) = append(NOW - 1 days);
        resolver.publish(VENUE, round, record);
    }

    function test_nobody_else_attests_under_the_schema() external {
        (, , Record memory record) = published();
        bytes memory data = abi.encode(VENUE, 9, record.context, 99_999, 0, NOW);
        TheirData memory request = TheirData(address(0), 0, true, 0, data, 0);
        bytes32 schema = resolver.SCHEMA_UID();
        bytes4 refusal = bytes4(keccak256("InvalidAttestation()"));
        vm.expectRevert(refusal);
        eas.attest(TheirRequest(schema, request));
        MultiAttestationRequest[] memory many = new MultiAttestationRequest[](1);
        many[0] = MultiAttestationRequest(schema, new TheirData[](2));
        (many[0].data[0], many[0].data[1]) = (request, request);
        vm.expectRevert();
        eas.multiAttest(many);
        DelegatedAttestationRequest memory delegated;
        (delegated.schema, delegated.data) = (schema, request);
        delegated.attester = address(resolver);
        vm.expectRevert(bytes4(keccak256("InvalidSignature()")));
        eas.attestByDelegation(delegated);
        Attestation memory own;
        (own.attester, own.schema) = (address(resolver), schema);
        vm.expectRevert(abi.encodeWithSelector(EasResolver.NotEas.selector, address(this)));
        resolver.attest(own);
    }

    function test_only_a_healthy_venue_is_published() external {
        (uint64 round, Record memory record) = append(NOW);
        for (uint8 i = 0; i <= uint8(State.Paused); i++) {
            if (State(i) == State.Healthy) continue;
            stated.setState(State(i));
            vm.expectRevert(
                abi.encodeWithSelector(EasResolver.NotHealthy.selector, VENUE, State(i))
            );
            resolver.publish(VENUE, round, record);
        }
    }

    function test_another_record_or_round_is_not_published() external {
        (uint64 round, Record memory record) = append(NOW);
        (uint64 next, Record memory later) = append(NOW + 1);
        bytes4 refusal = EasResolver.OtherRecord.selector;
        vm.expectRevert(abi.encodeWithSelector(refusal, round, next));
        resolver.publish(VENUE, round, record);
        vm.expectRevert(abi.encodeWithSelector(refusal, next, next));
        resolver.publish(VENUE, next, record);
        later.coverageBps++;
        vm.expectRevert(abi.encodeWithSelector(refusal, next, next));
        resolver.publish(VENUE, next, later);
    }

    function test_anyone_withdraws_when_the_state_falls_and_nobody_before() external {
        (bytes32 uid, , ) = published();
        bytes memory refusal = abi.encodeWithSelector(EasResolver.StillHealthy.selector, VENUE);
        vm.expectRevert(refusal);
        resolver.withdraw(VENUE);
        TheirRevocation memory theirs = TheirRevocation(
            resolver.SCHEMA_UID(),
            TheirRevocationData(uid, 0)
        );
        vm.expectRevert(bytes4(keccak256("AccessDenied()")));
        eas.revoke(theirs);
        stated.setState(State.Warning);
        vm.prank(address(0xabc));
        resolver.withdraw(VENUE);
        vm.assertEq(uint256(eas.getAttestation(uid).revocationTime), uint256(NOW), "revoked");
        vm.expectRevert(abi.encodeWithSelector(EasResolver.NothingPublished.selector, VENUE));
        resolver.withdraw(VENUE);
    }

    function test_it_can_be_published_again_when_a_pause_has_passed() external {
        (bytes32 uid, uint64 round, Record memory record) = published();
        vm.expectRevert(abi.encodeWithSelector(EasResolver.AlreadyPublished.selector, uid));
        resolver.publish(VENUE, round, record);
        stated.setState(State.Paused);
        resolver.withdraw(VENUE);
        stated.setState(State.Healthy);
        bytes32 again = resolver.publish(VENUE, round, record);
        vm.assertTrue(again != uid, "another");
        vm.assertEq(uint256(eas.getAttestation(again).revocationTime), uint256(0), "stands");
    }

    function test_a_newer_attestation_withdraws_the_one_before() external {
        (bytes32 first, , ) = published();
        (uint64 round, Record memory record) = append(NOW);
        bytes32 second = resolver.publish(VENUE, round, record);
        vm.assertEq(uint256(eas.getAttestation(first).revocationTime), uint256(NOW), "first");
        vm.assertEq(eas.getAttestation(second).refUID, first, "refers to it");
        append(NOW);
        // The next is not published yet: the one before is not the latest any more.
        resolver.withdraw(VENUE);
        vm.assertEq(uint256(eas.getAttestation(second).revocationTime), uint256(NOW), "second");
    }

    function test_the_interface_is_the_services() external view {
        vm.assertTrue(
            type(ISchemaResolver).interfaceId == type(TheirResolver).interfaceId,
            "selectors"
        );
        vm.assertTrue(!resolver.isPayable(), "takes nothing");
        TheirResolver theirs = TheirResolver(address(resolver));
        vm.assertTrue(bytes(theirs.version()).length != 0, "version");
    }

    function test_a_stranger_who_lists_the_schema_first_stops_nobody() external {
        bytes memory code = bytes.concat(type(EasResolver).creationCode, abi.encode(eas, stated));
        bytes32 tail = keccak256(
            abi.encodePacked(hex"ff", address(this), bytes32(0), keccak256(code))
        );
        address expected = address(uint160(uint256(tail)));
        TheirSchemas schemas = TheirSchemas(address(eas.getSchemaRegistry()));
        string memory schema = resolver.SCHEMA();
        vm.prank(address(0xbad));
        bytes32 uid = schemas.register(schema, expected, true);
        // Nothing can be attested under it while there is no resolver.
        TheirRequest memory request;
        (request.schema, request.data.revocable) = (uid, true);
        vm.expectRevert();
        eas.attest(request);
        address made;
        assembly {
            made := create2(0, add(code, 32), mload(code), 0)
        }
        vm.assertEq(made, expected, "deployed where it was to be");
        resolver = EasResolver(made);
        vm.assertEq(resolver.SCHEMA_UID(), uid, "the schema that was listed");
        (bytes32 published_, , ) = published();
        vm.assertEq(eas.getAttestation(published_).attester, made, "and it attests");
        vm.expectRevert(bytes4(keccak256("InvalidAttestation()")));
        eas.attest(request);
        // Another's schema of the same text has another id.
        vm.prank(address(0xbad));
        vm.assertTrue(schemas.register(schema, address(0xbad), true) != uid, "another resolver");
        vm.prank(address(0xbad));
        vm.assertTrue(schemas.register(schema, made, false) != uid, "not revocable");
    }

    function test_a_longer_age_is_published_again_and_a_shorter_one_as_well() external {
        (bytes32 uid, uint64 round, Record memory record) = published();
        stated.setMaxAge(3 days);
        vm.warp(NOW + 2 days);
        vm.prank(address(0xabc));
        bytes32 longer = resolver.publish(VENUE, round, record);
        vm.assertTrue(eas.getAttestation(uid).revocationTime != 0, "the one that expired");
        uint256 expiry = eas.getAttestation(longer).expirationTime;
        vm.assertEq(expiry, uint256(NOW) + 3 days + 1, "longer");
        vm.expectRevert(abi.encodeWithSelector(EasResolver.AlreadyPublished.selector, longer));
        resolver.publish(VENUE, round, record);
        stated.setMaxAge(2 days);
        bytes32 shorter = resolver.publish(VENUE, round, record);
        expiry = eas.getAttestation(shorter).expirationTime;
        vm.assertEq(expiry, uint256(NOW) + 2 days + 1, "it does not outlive the venue's age");
    }
}
