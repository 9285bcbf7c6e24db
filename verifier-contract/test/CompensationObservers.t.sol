// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Observers} from "../contracts/Observers.sol";
import {ICompensation} from "../contracts/interfaces/ICompensation.sol";
import {IFundWitness} from "../contracts/interfaces/IFundWitness.sol";
import {IVenues} from "../contracts/interfaces/IVenues.sol";
import {OneVenue} from "./ObserversSetup.sol";
import {Fund} from "./compensation/Fund.sol";

/// Who shuts out ids that are no address, with the real list of observers.
contract CompensationObserversTest is Fund {
    bytes32 private constant DOMAIN = keccak256(
        "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"
    );
    string private constant IDENTITY =
        "Identity(address signer,bytes32 venue,uint64 round,bytes32 owner,address payee)";
    string private constant RECEIVED =
        "Received(address signer,bytes32 venue,uint64 round,bytes32 owner,uint128 received)";
    string private constant CUSTOMER = "customer 17";

    Observers private list;
    uint256[2] private keys;

    function setUp() public override {
        super.setUp();
        OneVenue it = new OneVenue(VENUE, OWNER, address(0x99), address(0x98), 2 days);
        it.settle(type(uint64).max);
        list = new Observers(IVenues(address(it)));
        bool ascends = vm.addr(0x21) < vm.addr(0x22);
        keys = ascends ? [uint256(0x21), 0x22] : [uint256(0x22), 0x21];
        for (uint256 i = 0; i < 2; ++i) {
            vm.prank(OWNER);
            list.announceObserver(VENUE, vm.addr(keys[i]));
        }
        vm.prank(OWNER);
        list.setThreshold(VENUE, 2);
        it.settle(0);
        vm.mockCall(
            address(registry),
            abi.encodeWithSignature("OBSERVERS()"),
            abi.encode(address(list))
        );
        statements.set(CUSTOMER, 5_000e6, 0);
    }

    /// What each of these keys signs of `kind`, behind the own address.
    function said(
        string memory kind,
        string memory name,
        uint256 word,
        uint256 first,
        uint256 count
    ) private view returns (address[] memory signers, bytes[] memory signatures) {
        bytes32 domain = keccak256(
            abi.encode(DOMAIN, keccak256("Pacioli"), keccak256("1"), block.chainid, address(fund))
        );
        (signers, signatures) = (new address[](count), new bytes[](count));
        for (uint256 i = 0; i < count; ++i) {
            signers[i] = vm.addr(keys[first + i]);
            bytes32 words = keccak256(
                abi.encode(keccak256(bytes(kind)), signers[i], VENUE, uint64(3), hashOf(name), word)
            );
            bytes32 digest = keccak256(abi.encodePacked(bytes2(0x1901), domain, words));
            (uint8 v, bytes32 r, bytes32 s) = vm.sign(keys[first + i], digest);
            signatures[i] = abi.encodePacked(r, s, v);
        }
    }

    function identified(string memory name, uint256 first, uint256 count) private {
        (address[] memory signers, bytes[] memory signatures) = said(
            IDENTITY,
            name,
            uint256(uint160(BOB)),
            first,
            count
        );
        fund.claimIdentified(0, volumeOf(3), named(name), BOB, signers, signatures);
    }

    function identified(string memory name) private {
        identified(name, 0, 2);
    }

    function isClaimed() private view {
        vm.assertEq(fund.claimOf(hashOf(CUSTOMER)).payee, BOB, "payee");
    }

    function test_the_owner_removes_observers_after_a_report_and_they_still_count() external {
        opened();
        vm.prank(OWNER);
        list.removeObserver(VENUE, vm.addr(keys[0]));
        identified(CUSTOMER);
        isClaimed();
    }

    function test_the_owner_raises_the_threshold_with_puppets_in_vain() external {
        vm.warp(START + 7 days);
        registry.breach(3);
        vm.prank(OWNER);
        list.announceObserver(VENUE, address(0x7777));
        vm.prank(OWNER);
        list.setThreshold(VENUE, 3);
        fund.report(3);
        fund.nominate(3, held(3));
        vm.assertEq(fund.WITNESS().threshold(), 2, "what was needed");
        vm.assertTrue(!fund.WITNESS().counts(address(0x7777)), "the puppet");
        vm.warp(START + 10 days);
        fund.open();
        identified(CUSTOMER);
        isClaimed();
    }

    /// The owner takes all but one observer off when the breach comes, and reports it.
    function alone() private {
        vm.warp(START + 7 days);
        registry.breach(3);
        vm.prank(OWNER);
        list.removeObserver(VENUE, vm.addr(keys[0]));
        fund.report(3);
        fund.nominate(3, held(3));
        vm.warp(START + 10 days);
        fund.open();
    }

    function test_one_that_is_left_alone_takes_no_claim() external {
        alone();
        refused(ICompensation.TooFewObservers.selector);
        identified(CUSTOMER, 1, 1);
        identified(CUSTOMER);
        isClaimed();
    }

    function test_one_that_is_left_alone_lowers_no_claim() external {
        alone();
        claim(ALICE);
        (address[] memory signers, bytes[] memory signatures) = said(
            RECEIVED,
            id(ALICE),
            4_000e6,
            1,
            1
        );
        refused(ICompensation.TooFewObservers.selector);
        fund.lowerObserved(ownerOf(ALICE), 4_000e6, signers, signatures);
    }

    function test_who_is_removed_in_the_block_of_the_attestation_still_counts() external {
        // Removed, named again and removed, just after the attestation that will be paid on.
        vm.warp(START + 3 days);
        for (uint256 i = 0; i < 3; ++i) {
            vm.prank(OWNER);
            list.removeObserver(VENUE, vm.addr(keys[i % 2]));
            if (i == 2) break;
            vm.prank(OWNER);
            list.announceObserver(VENUE, vm.addr(keys[i % 2]));
        }
        opened();
        identified(CUSTOMER);
        isClaimed();
    }

    function test_who_was_named_too_late_says_nothing() external {
        vm.warp(START + 1 days + 1);
        vm.startPrank(OWNER, OWNER);
        list.removeObserver(VENUE, vm.addr(keys[1]));
        // Counts just after the attestation.
        list.announceObserver(VENUE, vm.addr(keys[1]));
        vm.stopPrank();
        opened();
        refused(ICompensation.ObserverInvalid.selector);
        identified(CUSTOMER);
    }

    function test_who_left_by_itself_since_says_nothing() external {
        opened();
        vm.prank(vm.addr(keys[1]));
        list.removeObserver(VENUE, vm.addr(keys[1]));
        refused(ICompensation.ObserverInvalid.selector);
        identified(CUSTOMER);
        // Not even named again, by who may have its key.
        vm.prank(OWNER);
        list.announceObserver(VENUE, vm.addr(keys[1]));
        vm.warp(START + 15 days);
        refused(ICompensation.ObserverInvalid.selector);
        identified(CUSTOMER);
    }

    function test_who_was_ejected_since_says_nothing() external {
        opened();
        vm.mockCall(
            address(list),
            abi.encodeCall(list.observedAt, (VENUE, vm.addr(keys[1]), START + 3 days)),
            abi.encode(false)
        );
        refused(ICompensation.ObserverInvalid.selector);
        identified(CUSTOMER);
    }

    function test_who_became_the_owner_says_nothing() external {
        opened();
        vm.mockCall(
            address(registry),
            abi.encodeWithSignature("venueOf(bytes32)", VENUE),
            abi.encode(bytes32(0), vm.addr(keys[1]), new bytes32[](40))
        );
        refused(ICompensation.ObserverInvalid.selector);
        identified(CUSTOMER);
    }

    function test_observers_take_no_wallets_claim_while_it_can_claim() external {
        opened();
        refused(ICompensation.WalletClaimsFirst.selector);
        identified(id(ALICE));
        worth(address(0xa11cf), 1);
        claim(ALICE);
        // A wallet that is lost, or of another chain, is claimed late.
        vm.warp(START + 40 days);
        refused(ICompensation.AlreadyClaimed.selector);
        identified(id(ALICE));
        identified(id(address(0xa11cf)));
    }

    function test_only_the_fund_says_when_the_breach_was() external {
        IFundWitness witness = fund.WITNESS();
        vm.assertEq(witness.FUND(), address(fund), "fund");
        refused(ICompensation.NotFund.selector);
        witness.keep(verifier, bytes32(0), START);
    }
}
