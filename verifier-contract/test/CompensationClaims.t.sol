// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {ICompensation} from "../contracts/interfaces/ICompensation.sol";
import {AppendedVolume} from "../contracts/interfaces/IStatementVerifier.sol";
import {Fund} from "./compensation/Fund.sol";

/// Who claims what, how claims are lowered, and by whose word.
contract CompensationClaimsTest is Fund {
    bytes32 private constant DOMAIN = keccak256(
        "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"
    );

    function digestOf(bytes32 structHash, address contract_) private view returns (bytes32) {
        bytes32 domain = keccak256(
            abi.encode(DOMAIN, keccak256("Pacioli"), keccak256("1"), block.chainid, contract_)
        );
        return keccak256(abi.encodePacked(bytes2(0x1901), domain, structHash));
    }

    function signed(uint256 key, bytes32 digest) private pure returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, digest);
        return abi.encodePacked(r, s, v);
    }

    function linkOf(
        uint256 key,
        uint64 round,
        address payee
    ) private view returns (ICompensation.Link memory link) {
        (link.wallet, link.payee, link.deadline) = (vm.addr(key), payee, START + 20 days);
        bytes32 kind = keccak256(
            "Link(address wallet,bytes32 venue,uint64 round,address payee,uint64 deadline)"
        );
        bytes32 words = keccak256(
            abi.encode(kind, link.wallet, VENUE, round, payee, link.deadline)
        );
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, digestOf(words, address(fund)));
        link.signature = abi.encodePacked(r, s, v);
    }

    /// Signatures of observers with these keys, which are in the order of their addresses.
    function observed(
        string memory kind,
        bytes32 owner,
        uint256 word,
        uint256[2] memory keys
    ) private view returns (address[] memory signers, bytes[] memory signatures) {
        (signers, signatures) = (new address[](2), new bytes[](2));
        for (uint256 i = 0; i < 2; ++i) {
            signers[i] = vm.addr(keys[i]);
            bytes32 words = keccak256(
                abi.encode(keccak256(bytes(kind)), signers[i], VENUE, uint64(3), owner, word)
            );
            signatures[i] = signed(keys[i], digestOf(words, address(fund)));
        }
    }

    function ascending(uint256 one, uint256 other) private pure returns (uint256[2] memory keys) {
        keys = vm.addr(one) < vm.addr(other) ? [one, other] : [other, one];
    }

    string private constant RECEIVED =
        "Received(address signer,bytes32 venue,uint64 round,bytes32 owner,uint128 received)";
    string private constant IDENTITY =
        "Identity(address signer,bytes32 venue,uint64 round,bytes32 owner,address payee)";

    function test_nothing_is_claimed_before_the_opening() external {
        refused(ICompensation.WrongPhase.selector);
        claim(ALICE);
        breach();
        fund.nominate(3, held(3));
        refused(ICompensation.WrongPhase.selector);
        claim(ALICE);
    }

    function test_a_holder_claims_once() external {
        opened();
        claim(ALICE);
        ICompensation.Claimed memory kept = fund.claimOf(ownerOf(ALICE));
        vm.assertEq(kept.equity, 4_000e6, "equity");
        vm.assertEq(kept.payee, ALICE, "payee");
        refused(ICompensation.AlreadyClaimed.selector);
        claim(ALICE);
        // Nor by the other contract that checks statements.
        vm.prank(ALICE);
        refused(ICompensation.AlreadyClaimed.selector);
        fund.claim(1, volumeOf(3), named(id(ALICE)), ALICE);
        vm.prank(BOB);
        fund.claim(1, volumeOf(3), named(id(BOB)), BOB);
        vm.prank(CAROL);
        refused(ICompensation.StatementsUnknown.selector);
        fund.claim(2, volumeOf(3), named(id(CAROL)), CAROL);
    }

    function test_nobody_claims_for_another() external {
        opened();
        vm.prank(BOB);
        refused(ICompensation.NotTheCallersId.selector);
        fund.claim(0, volumeOf(3), named(id(ALICE)), BOB);
        // A sub-account is its own.
        statements.set(string.concat(id(ALICE), "/desk"), 5, 0);
        vm.prank(BOB);
        refused(ICompensation.NotTheCallersId.selector);
        fund.claim(0, volumeOf(3), named(string.concat(id(ALICE), "/desk")), BOB);
        vm.prank(ALICE);
        fund.claim(0, volumeOf(3), named(string.concat(id(ALICE), "/desk")), BOB);
        vm.prank(ALICE);
        refused(ICompensation.NoPayee.selector);
        fund.claim(0, volumeOf(3), named(id(ALICE)), address(0));
    }

    function test_statements_of_other_attestations_are_refused() external {
        opened();
        vm.prank(ALICE);
        refused(ICompensation.OtherAttestation.selector);
        fund.claim(0, volumeOf(2), named(id(ALICE)), ALICE);
        AppendedVolume memory other = volumeOf(3);
        other.venue = keccak256("another");
        vm.prank(ALICE);
        refused(ICompensation.OtherAttestation.selector);
        fund.claim(0, other, named(id(ALICE)), ALICE);
        other = volumeOf(2);
        other.round = 3;
        vm.prank(ALICE);
        vm.expectRevert("another record");
        fund.claim(0, other, named(id(ALICE)), ALICE);
    }

    function test_who_lacks_or_has_nothing_claims_nothing() external {
        opened();
        statements.set(id(ALICE), 0, 7);
        refused(ICompensation.NothingOwed.selector);
        claim(ALICE);
    }

    function test_claims_are_never_above_what_is_owed() external {
        opened();
        claim(ALICE);
        claim(BOB);
        worth(CAROL, 3_000e6 + 1);
        refused(ICompensation.AboveOwed.selector);
        claim(CAROL);
        worth(CAROL, type(uint256).max - 7_000e6);
        refused(ICompensation.AboveOwed.selector);
        claim(CAROL);
        worth(CAROL, 3_000e6);
        claim(CAROL);
    }

    function test_a_wallet_links_its_accounts_to_another() external {
        opened();
        address wallet = vm.addr(77);
        worth(wallet, 1_000e6);
        ICompensation.Link memory link = linkOf(77, 3, BOB);
        // Anybody may send it; the payee is signed.
        vm.prank(CAROL);
        fund.claimLinked(0, volumeOf(3), named(id(wallet)), link);
        vm.assertEq(fund.claimOf(ownerOf(wallet)).payee, BOB, "payee");
    }

    function test_a_link_is_of_one_wallet_payee_and_attestation() external {
        opened();
        address wallet = vm.addr(77);
        worth(wallet, 1_000e6);
        ICompensation.Link memory link = linkOf(77, 3, BOB);
        link.payee = CAROL;
        refused(ICompensation.LinkInvalid.selector);
        fund.claimLinked(0, volumeOf(3), named(id(wallet)), link);
        link = linkOf(77, 2, BOB);
        refused(ICompensation.LinkInvalid.selector);
        fund.claimLinked(0, volumeOf(3), named(id(wallet)), link);
        link = linkOf(78, 3, BOB);
        refused(ICompensation.NotTheCallersId.selector);
        fund.claimLinked(0, volumeOf(3), named(id(wallet)), link);
        link.wallet = wallet;
        refused(ICompensation.LinkInvalid.selector);
        fund.claimLinked(0, volumeOf(3), named(id(wallet)), link);
        link = linkOf(77, 3, BOB);
        vm.warp(START + 21 days);
        refused(ICompensation.LinkExpired.selector);
        fund.claimLinked(0, volumeOf(3), named(id(wallet)), link);
    }

    function test_a_wallet_that_delegates_to_code_links_by_its_key() external {
        opened();
        address wallet = vm.addr(77);
        worth(wallet, 1_000e6);
        ICompensation.Link memory link = linkOf(77, 3, BOB);
        // EIP-7702: code that knows nothing of signatures.
        vm.etch(wallet, hex"fe");
        fund.claimLinked(0, volumeOf(3), named(id(wallet)), link);
        vm.assertEq(fund.claimOf(ownerOf(wallet)).payee, BOB, "payee");
    }

    function test_observers_say_whose_another_id_is() external {
        registry.observe(vm.addr(1), 2);
        registry.observe(vm.addr(2), 2);
        opened();
        statements.set("customer 17", 500e6, 0);
        bytes32 owner = hashOf("customer 17");
        (address[] memory signers, bytes[] memory signatures) = observed(
            IDENTITY,
            owner,
            uint256(uint160(BOB)),
            ascending(1, 2)
        );
        refused(ICompensation.ObserverInvalid.selector);
        fund.claimIdentified(0, volumeOf(3), named("customer 17"), CAROL, signers, signatures);
        fund.claimIdentified(0, volumeOf(3), named("customer 17"), BOB, signers, signatures);
        vm.assertEq(fund.claimOf(owner).payee, BOB, "payee");
    }

    function test_those_who_left_do_not_dilute_those_who_stayed() external {
        opened();
        // Alice withdrew all she had before the breach, Bob half of it.
        vm.prank(PAYER);
        fund.lower(ownerOf(ALICE), 9_000e6);
        claim(ALICE);
        claim(BOB);
        vm.prank(PAYER);
        fund.lower(ownerOf(BOB), 1_500e6);
        claim(CAROL);
        vm.warp(START + 50 days);
        fund.fixShares(needs());
        // 1,000 USDC on 10,000 - 4,000 - 1,500 that are still owed.
        vm.assertEq(fund.shareOf(ownerOf(ALICE), numberOf(usdc)), 0, "alice");
        uint256 carol = fund.shareOf(ownerOf(CAROL), numberOf(usdc));
        // 1,000 USDC on the 4,500 that are still owed, and of the ether the other 3,500.
        vm.assertEq(carol, uint256(1_000e6 * 3_000e6) / 4_500e6, "carol");
        carol = fund.shareOf(ownerOf(CAROL), numberOf(weth));
        vm.assertEq(carol, uint256(1.75 ether * 3_000e6) / 4_500e6, "carol");
    }

    function test_only_the_payer_or_observers_lower_and_only_more() external {
        opened();
        bytes32 owner = ownerOf(ALICE);
        refused(ICompensation.NotPayer.selector);
        vm.prank(OWNER);
        fund.lower(owner, 1);
        vm.prank(PAYER);
        fund.lower(owner, 5);
        // What was received is a sum: the same again lowers nothing, and nothing is taken back.
        vm.prank(PAYER);
        refused(ICompensation.NotMore.selector);
        fund.lower(owner, 5);
        vm.prank(PAYER);
        refused(ICompensation.NotMore.selector);
        fund.lower(owner, 4);
        vm.prank(PAYER);
        fund.lower(owner, 8);
        claim(ALICE);
        vm.assertEq(fund.claimOf(owner).received, 8, "received");
        vm.warp(START + 50 days);
        vm.prank(PAYER);
        refused(ICompensation.ChallengeOver.selector);
        fund.lower(owner, 9);
    }

    function test_observers_lower_together() external {
        registry.observe(vm.addr(1), 2);
        registry.observe(vm.addr(2), 2);
        opened();
        claim(ALICE);
        bytes32 owner = ownerOf(ALICE);
        uint256[2] memory keys = ascending(1, 2);
        (address[] memory signers, bytes[] memory signatures) = observed(
            RECEIVED,
            owner,
            100e6,
            keys
        );
        fund.lowerObserved(owner, 100e6, signers, signatures);
        vm.assertEq(fund.claimOf(owner).received, 100e6, "received");
        // Not for another amount or account, and none counts twice.
        refused(ICompensation.ObserverInvalid.selector);
        fund.lowerObserved(owner, 200e6, signers, signatures);
        refused(ICompensation.ObserverInvalid.selector);
        fund.lowerObserved(ownerOf(BOB), 100e6, signers, signatures);
        (signers, signatures) = observed(RECEIVED, owner, 200e6, [keys[0], keys[0]]);
        refused(ICompensation.ObserverInvalid.selector);
        fund.lowerObserved(owner, 200e6, signers, signatures);
        refused(ICompensation.TooFewObservers.selector);
        fund.lowerObserved(owner, 200e6, new address[](1), new bytes[](1));
    }

    function test_observers_named_after_the_breach_say_nothing() external {
        opened();
        registry.observe(vm.addr(1), 1);
        (address[] memory signers, bytes[] memory signatures) = observed(
            RECEIVED,
            ownerOf(ALICE),
            100e6,
            ascending(1, 2)
        );
        // There was no threshold, and with one they would still be too late.
        refused(ICompensation.TooFewObservers.selector);
        fund.lowerObserved(ownerOf(ALICE), 100e6, signers, signatures);
    }

    function test_late_observers_of_a_known_threshold_say_nothing() external {
        registry.observe(vm.addr(9), 2);
        breach();
        vm.warp(START + 8 days);
        registry.observe(vm.addr(1), 2);
        registry.observe(vm.addr(2), 2);
        fund.nominate(3, held(3));
        vm.warp(START + 10 days);
        fund.open();
        (address[] memory signers, bytes[] memory signatures) = observed(
            RECEIVED,
            ownerOf(ALICE),
            100e6,
            ascending(1, 2)
        );
        refused(ICompensation.ObserverInvalid.selector);
        fund.lowerObserved(ownerOf(ALICE), 100e6, signers, signatures);
    }
}
