// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Attested, Signature} from "../contracts/interfaces/IObservers.sol";
import {Signatures} from "../contracts/Signatures.sol";
import {Test} from "./Test.sol";

interface IJson {
    function parseJsonBytes32(
        string calldata json,
        string calldata key
    ) external pure returns (bytes32);
    function parseJsonString(
        string calldata json,
        string calldata key
    ) external pure returns (string memory);
}

/// Digests, and the types that they are of, against those that src/signing.rs makes with another
/// implementation of EIP-712.
contract SignedTest is Test {
    string private _json;
    Attested private _attested = Attested(
        keccak256("venue"),
        7,
        keccak256("context"),
        keccak256("program"),
        keccak256("totals"),
        keccak256("attestation"),
        0x6666666666666666666666666666666666666666,
        keccak256("rounds")
    );
    Signature private _by = Signature({
        signer: 0x1111111111111111111111111111111111111111,
        signedAt: 1_800_000_000,
        deadline: 1_800_000_600,
        carrier: 0x2222222222222222222222222222222222222222,
        compared: 19,
        signature: ""
    });

    function setUp() external {
        _json = vm.readFile("test/signed.json");
        vm.chainId(31_337);
    }

    function attest(
        Attested calldata attested,
        Signature calldata by
    ) external view returns (bytes32) {
        return Signatures.digestOf(_domain(), Signatures.attestOf(attested, by));
    }

    function confirm(Signature calldata by) external view returns (bytes32) {
        bytes32 message = Signatures.confirmOf(keccak256("venue"), keccak256("record"), by);
        return Signatures.digestOf(_domain(), message);
    }

    function test_the_domain_is_that_of_another_implementation() external view {
        vm.assertEq(_domain(), _word(".domain"), "domain");
    }

    function test_an_attestation_is_signed_as_another_implementation_says() external view {
        vm.assertEq(this.attest(_attested, _by), _word(".attest.digest"), "attest");
        vm.assertEq(Signatures.ATTEST_TYPE, _type(".attest.type"), "type");
    }

    function test_a_confirmation_is_signed_as_another_implementation_says() external {
        _by.compared = 12;
        vm.assertEq(this.confirm(_by), _word(".confirm.digest"), "confirm");
        vm.assertEq(Signatures.CONFIRM_TYPE, _type(".confirm.type"), "type");
    }

    function test_an_alarm_is_signed_as_another_implementation_says() external view {
        bytes32 message = Signatures.alarmOf(
            _by.signer,
            keccak256("venue"),
            keccak256("reason"),
            1_800_086_400
        );
        vm.assertEq(Signatures.digestOf(_domain(), message), _word(".alarm.digest"), "alarm");
        vm.assertEq(Signatures.ALARM_TYPE, _type(".alarm.type"), "type");
    }

    function _domain() private view returns (bytes32) {
        return Signatures.domainOf(0x3333333333333333333333333333333333333333);
    }

    function _word(string memory key) private view returns (bytes32) {
        return IJson(address(vm)).parseJsonBytes32(_json, key);
    }

    function _type(string memory key) private view returns (bytes32) {
        return keccak256(bytes(IJson(address(vm)).parseJsonString(_json, key)));
    }
}
