// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {ICompensation} from "../contracts/interfaces/ICompensation.sol";
import {Need, Needs} from "../contracts/interfaces/IEvaluator.sol";
import {Fund} from "./compensation/Fund.sol";

/// Shares, payments, and what is left.
contract CompensationPayoutTest is Fund {
    function isPaid(address account, uint256 dollars, uint256 ether_) private view {
        vm.assertEq(usdc.balanceOf(account), dollars, "USDC");
        vm.assertEq(weth.balanceOf(account), ether_, "WETH");
    }

    function test_everybody_gets_their_part_of_what_is_owed() external {
        opened();
        claim(ALICE);
        claim(BOB);
        vm.warp(START + 50 days);
        isPhase(ICompensation.Phase.Paying);
        fund.fixShares(needs());
        fund.pay(ownerOf(ALICE), both());
        fund.pay(ownerOf(BOB), both());
        // Carol did not claim, and her part is not the others'.
        isPaid(ALICE, 400e6, 0.8 ether);
        isPaid(BOB, 300e6, 0.6 ether);
        // She is late, and gets the same part from what is left.
        claim(CAROL);
        refused(ICompensation.TooEarly.selector);
        fund.pay(ownerOf(CAROL), both());
        vm.warp(START + 60 days);
        fund.pay(ownerOf(CAROL), both());
        isPaid(CAROL, 300e6, 0.6 ether);
        isPaid(address(fund), 0, 0);
    }

    function test_a_late_claim_is_lowered_before_it_is_paid() external {
        opened();
        claim(ALICE);
        vm.warp(START + 55 days);
        fund.fixShares(needs());
        claim(CAROL);
        vm.prank(PAYER);
        fund.lower(ownerOf(CAROL), 2_000e6);
        vm.prank(PAYER);
        refused(ICompensation.ChallengeOver.selector);
        fund.lower(ownerOf(ALICE), 1);
        vm.warp(START + 65 days);
        fund.pay(ownerOf(CAROL), both());
        isPaid(CAROL, 100e6, 0.2 ether);
    }

    function test_nobody_gets_more_than_is_owed() external {
        // 30,000 USDC and 10 ETH: five times what is owed.
        usdc.mint(address(fund), 29_000e6);
        weth.mint(address(fund), 8 ether);
        opened();
        claim(ALICE);
        claim(BOB);
        vm.warp(START + 50 days);
        fund.fixShares(needs());
        fund.pay(ownerOf(ALICE), both());
        // All in dollars, which come first.
        isPaid(ALICE, 4_000e6, 0);
        fund.pay(ownerOf(BOB), both());
        isPaid(BOB, 3_000e6, 0);
    }

    function test_shares_are_rounded_down(uint128 alice, uint128 pool, uint128 received) external {
        alice = alice % (OWED + 1);
        vm.assume(alice != 0);
        usdc.burn(address(fund), 1_000e6);
        usdc.mint(address(fund), pool);
        opened();
        worth(ALICE, alice);
        worth(BOB, OWED - alice);
        claim(ALICE);
        if (alice != OWED) claim(BOB);
        if (received != 0) {
            vm.prank(PAYER);
            fund.lower(ownerOf(ALICE), received);
        }
        vm.warp(START + 50 days);
        fund.fixShares(needs());
        uint256 a = fund.shareOf(ownerOf(ALICE), numberOf(usdc));
        uint256 b = fund.shareOf(ownerOf(BOB), numberOf(usdc));
        vm.assertLe(a + b, pool, "more than there is");
        vm.assertLe(a, received > alice ? 0 : alice - received, "more than is owed");
        vm.assertLe(b, OWED - alice, "more than is owed");
        fund.pay(ownerOf(ALICE), both());
        if (alice != OWED) fund.pay(ownerOf(BOB), both());
    }

    function test_a_claim_is_paid_once_in_each_token() external {
        opened();
        claim(ALICE);
        refused(ICompensation.SharesNotFixed.selector);
        fund.pay(ownerOf(ALICE), both());
        vm.warp(START + 50 days);
        fund.fixShares(needs());
        refused(ICompensation.WrongPhase.selector);
        fund.fixShares(needs());
        refused(ICompensation.NoClaim.selector);
        fund.pay(ownerOf(BOB), both());
        uint256[] memory twice = new uint256[](2);
        refused(ICompensation.AlreadyPaid.selector);
        fund.pay(ownerOf(ALICE), twice);
        fund.pay(ownerOf(ALICE), both());
        refused(ICompensation.AlreadyPaid.selector);
        fund.pay(ownerOf(ALICE), both());
    }

    function test_a_token_that_calls_back_is_paid_once() external {
        opened();
        claim(ALICE);
        vm.warp(START + 50 days);
        fund.fixShares(needs());
        usdc.callBack(address(fund), abi.encodeCall(fund.pay, (ownerOf(ALICE), both())));
        fund.pay(ownerOf(ALICE), both());
        isPaid(ALICE, 400e6, 0.8 ether);
        usdc.callBack(address(fund), abi.encodeCall(fund.recover, (address(weth))));
    }

    function test_a_token_that_refuses_keeps_no_other_from_being_paid() external {
        opened();
        claim(ALICE);
        vm.warp(START + 50 days);
        fund.fixShares(needs());
        usdc.turn(false, true);
        vm.expectRevert("refuses");
        fund.pay(ownerOf(ALICE), both());
        uint256[] memory one = new uint256[](1);
        one[0] = numberOf(weth);
        fund.pay(ownerOf(ALICE), one);
        isPaid(ALICE, 0, 0.8 ether);
        usdc.turn(false, false);
        one[0] = numberOf(usdc);
        fund.pay(ownerOf(ALICE), one);
        isPaid(ALICE, 400e6, 0.8 ether);
    }

    function test_a_token_without_an_answer_counts_nothing_and_gas_cannot_make_one() external {
        opened();
        claim(ALICE);
        vm.warp(START + 50 days);
        refused(ICompensation.TooLittleGas.selector);
        fund.fixShares{gas: 300_000}(needs());
        usdc.turn(true, false);
        fund.fixShares(needs());
        vm.assertEq(fund.shareOf(ownerOf(ALICE), numberOf(usdc)), 0, "USDC");
        vm.assertEq(fund.shareOf(ownerOf(ALICE), numberOf(weth)), 0.8 ether, "WETH");
    }

    function test_values_are_those_of_the_attestation() external {
        opened();
        vm.warp(START + 50 days);
        Needs memory other = needs();
        other.assets[0].value = 1;
        refused(ICompensation.OtherNeeds.selector);
        fund.fixShares(other);
        other.assets = new Need[](0);
        refused(ICompensation.OtherNeeds.selector);
        fund.fixShares(other);
    }

    function test_shares_are_not_fixed_before_the_challenge_is_over() external {
        opened();
        vm.warp(START + 50 days - 1);
        isPhase(ICompensation.Phase.Challenge);
        refused(ICompensation.WrongPhase.selector);
        fund.fixShares(needs());
    }

    function test_what_nobody_claimed_goes_back_at_the_end() external {
        opened();
        claim(ALICE);
        claim(BOB);
        vm.warp(START + 50 days);
        fund.fixShares(needs());
        fund.pay(ownerOf(BOB), both());
        refused(ICompensation.WrongPhase.selector);
        fund.recover(address(usdc));
        vm.warp(START + 110 days);
        isPhase(ICompensation.Phase.Closed);
        refused(ICompensation.WrongPhase.selector);
        claim(CAROL);
        vm.warp(START + 475 days);
        isPhase(ICompensation.Phase.Over);
        // To the owner, and not what is Alice's, whom nobody paid yet.
        fund.recover(address(usdc));
        fund.recover(address(weth));
        isPaid(OWNER, 300e6, 0.6 ether);
        refused(ICompensation.NothingLeft.selector);
        fund.recover(address(usdc));
        fund.pay(ownerOf(ALICE), both());
        isPaid(ALICE, 400e6, 0.8 ether);
    }

    function test_claims_are_paid_even_if_shares_are_fixed_at_the_end() external {
        opened();
        claim(ALICE);
        vm.warp(START + 475 days);
        refused(ICompensation.SharesNotFixed.selector);
        fund.recover(address(usdc));
        fund.fixShares(needs());
        fund.recover(address(usdc));
        fund.pay(ownerOf(ALICE), both());
        isPaid(ALICE, 400e6, 0.8 ether);
    }

    function test_a_fund_that_nobody_claims_from_goes_back() external {
        opened();
        vm.warp(START + 475 days);
        fund.recover(address(usdc));
        isPaid(OWNER, 1_000e6, 0);
    }
}
