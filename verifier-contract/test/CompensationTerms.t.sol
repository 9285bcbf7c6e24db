// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Compensation} from "../contracts/Compensation.sol";
import {ICompensation, Payout, CompensationTerms} from "../contracts/interfaces/ICompensation.sol";
import {IReserves, Purpose} from "../contracts/interfaces/IReserves.sol";
import {State} from "../contracts/interfaces/ISolvencyRegistry.sol";
import {IStatementVerifier} from "../contracts/interfaces/IStatementVerifier.sol";
import {IVenues} from "../contracts/interfaces/IVenues.sol";
import {Fund} from "./compensation/Fund.sol";
import {MockMoney, MockRegistry, MockStatements} from "./compensation/Mocks.sol";

/// What a fund is bound to, and who moves its money while nothing is reported.
contract CompensationTermsTest is Fund {
    function listed(MockMoney token, string memory asset, Purpose purpose) private {
        IReserves.Reserve memory reserve;
        reserve.asset = keccak256(bytes(asset));
        (reserve.token, reserve.custodian) = (address(token), address(fund));
        reserve.purpose = purpose;
        registry.list(reserve);
    }

    function accepted(uint256 reserve) private view returns (bool) {
        return IReserves(address(registry)).reservesOf(VENUE)[reserve].accepted;
    }

    function test_what_pays_is_what_counts_as_insurance() external {
        refused(ICompensation.NotInsurance.selector);
        fund.acceptReserve(address(usdc));
        listed(usdc, "USDC", Purpose.Insurance);
        fund.acceptReserve(address(usdc));
        vm.assertTrue(accepted(0), "accepted");
        refused(ICompensation.NotAPayout.selector);
        fund.acceptReserve(address(this));
    }

    function test_the_fund_does_not_count_as_customers_money_or_another_asset() external {
        listed(usdc, "USDC", Purpose.Customers);
        refused(ICompensation.NotInsurance.selector);
        fund.acceptReserve(address(usdc));
        listed(weth, "BTC", Purpose.Insurance);
        refused(ICompensation.NotInsurance.selector);
        fund.acceptReserve(address(weth));
    }

    function test_the_owner_withdraws_in_the_open_and_while_healthy() external {
        refused(IVenues.NotOwner.selector);
        fund.announceWithdrawal(address(usdc), 400e6);
        vm.prank(OWNER);
        refused(ICompensation.NothingLeft.selector);
        fund.withdraw(address(usdc));
        vm.prank(OWNER);
        fund.announceWithdrawal(address(usdc), 400e6);
        vm.warp(START + 2 days - 1);
        vm.prank(OWNER);
        refused(ICompensation.TooEarly.selector);
        fund.withdraw(address(usdc));
        vm.warp(START + 2 days);
        refused(IVenues.NotOwner.selector);
        fund.withdraw(address(usdc));
        registry.setState(State.Warning);
        vm.prank(OWNER);
        refused(ICompensation.NotHealthy.selector);
        fund.withdraw(address(usdc));
        registry.setState(State.Healthy);
        vm.prank(OWNER);
        fund.withdraw(address(usdc));
        vm.assertEq(usdc.balanceOf(OWNER), 400e6, "withdrawn");
        vm.prank(OWNER);
        refused(ICompensation.NothingLeft.selector);
        fund.withdraw(address(usdc));
    }

    function test_a_withdrawal_lapses_and_none_is_made_after_a_report() external {
        vm.prank(OWNER);
        fund.announceWithdrawal(address(usdc), 400e6);
        vm.warp(START + 9 days);
        vm.prank(OWNER);
        refused(ICompensation.WithdrawalLapsed.selector);
        fund.withdraw(address(usdc));
        vm.warp(START + 5 days);
        breach();
        registry.setState(State.Healthy);
        vm.prank(OWNER);
        refused(ICompensation.WrongPhase.selector);
        fund.withdraw(address(usdc));
        vm.prank(OWNER);
        refused(ICompensation.WrongPhase.selector);
        fund.announceWithdrawal(address(usdc), 1);
    }

    function test_terms_are_within_bounds() external {
        for (uint256 term = 0; term < 8; ++term) {
            for (uint256 end = 0; end < 2; ++end) {
                CompensationTerms memory bound = terms();
                uint64 beyond = end == 0 ? 0 : 3651 days;
                if (term == 0) bound.settledFor = beyond;
                if (term == 1) bound.grace = beyond;
                if (term == 2) bound.expiredAfter = beyond;
                if (term == 3) bound.claimsFor = beyond;
                if (term == 4) bound.challengeFor = beyond;
                if (term == 5) bound.lateFor = beyond;
                if (term == 6) bound.recoveredAfter = beyond;
                if (term == 7) bound.graceAtMost = beyond;
                refused(ICompensation.TermOutOfRange.selector);
                new Compensation(bound);
            }
        }
    }

    function test_terms_name_a_venue_statements_and_payouts() external {
        CompensationTerms memory bound = terms();
        bound.statements = new IStatementVerifier[](0);
        refused(ICompensation.NoStatements.selector);
        new Compensation(bound);
        bound.statements = new IStatementVerifier[](9);
        refused(ICompensation.TooManyStatements.selector);
        new Compensation(bound);
        bound.statements = new IStatementVerifier[](1);
        MockStatements elsewhere = new MockStatements(address(this));
        bound.statements[0] = IStatementVerifier(address(elsewhere));
        refused(ICompensation.OtherVolumes.selector);
        new Compensation(bound);

        bound = terms();
        bound.payouts = new Payout[](0);
        refused(ICompensation.PayoutCount.selector);
        new Compensation(bound);
        bound = terms();
        // One token twice would be shared twice.
        bound.payouts[1].token = bound.payouts[0].token;
        refused(ICompensation.PayoutTwice.selector);
        new Compensation(bound);
        bound = terms();
        MockMoney odd = new MockMoney(37);
        bound.payouts = new Payout[](1);
        bound.payouts[0] = Payout(address(odd), keccak256("ODD"));
        refused(ICompensation.PayoutDecimals.selector);
        new Compensation(bound);
    }

    function test_a_fund_is_made_after_its_venue() external {
        // Before, the venue's delay is none.
        registry = new MockRegistry(address(0));
        CompensationTerms memory bound = terms();
        refused(ICompensation.NoVenue.selector);
        new Compensation(bound);
    }

    function test_terms_are_told() external view {
        CompensationTerms memory told = fund.terms();
        vm.assertEq(keccak256(abi.encode(told)), keccak256(abi.encode(terms())), "terms");
    }
}
