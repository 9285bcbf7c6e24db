// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Compensation} from "../contracts/Compensation.sol";
import {ICompensation, CompensationTerms} from "../contracts/interfaces/ICompensation.sol";
import {Need, Needs} from "../contracts/interfaces/IEvaluator.sol";
import {Record} from "../contracts/interfaces/ISolvencyRegistry.sol";
import {AppendedVolume} from "../contracts/interfaces/IStatementVerifier.sol";
import {Fund} from "./compensation/Fund.sol";
import {MockKeyed} from "./compensation/Mocks.sol";

/// What a venue's owner, a reporter or a stranger tried to keep holders from being paid.
contract CompensationHostileTest is Fund {
    function dated(uint64 round, uint64 day) private view returns (Record memory record) {
        record = held(round);
        record.asOf = START + day * 1 days - 1 hours;
        record.appendedAt = START + day * 1 days;
    }

    function test_a_crashed_token_that_is_given_takes_no_dollar_from_anybody() external {
        opened();
        claim(ALICE);
        claim(BOB);
        claim(CAROL);
        vm.warp(START + 50 days);
        // An ether was 2,000 USD in the attestation. It is worth nothing by now.
        weth.mint(address(fund), 1_000_000 ether);
        fund.fixShares(needs());
        fund.pay(ownerOf(ALICE), both());
        fund.pay(ownerOf(BOB), both());
        fund.pay(ownerOf(CAROL), both());
        vm.assertEq(usdc.balanceOf(ALICE), 400e6, "alice");
        vm.assertEq(usdc.balanceOf(BOB), 300e6, "bob");
        vm.assertEq(usdc.balanceOf(CAROL), 300e6, "carol");
        // And of it as much as is still owed, not more.
        vm.assertEq(weth.balanceOf(ALICE), 1.8 ether, "ether");
        vm.warp(START + 475 days);
        refused(ICompensation.NothingLeft.selector);
        fund.recover(address(usdc));
    }

    /// Opens on a fourth attestation, whose record this is.
    function openedOn(Record memory record) private returns (AppendedVolume memory volume) {
        registry.append(4, record);
        vm.warp(START + 7 days);
        registry.breach(4);
        fund.report(4);
        fund.nominate(4, record);
        vm.warp(START + 10 days);
        fund.open();
        volume = volumeOf(4);
        volume.record = record;
    }

    function test_what_no_reserve_stood_for_is_shared_all_the_same() external {
        Record memory other = held(4);
        Needs memory short;
        short.assets = new Need[](1);
        short.assets[0] = Need(keccak256("ETH"), 9, 2, 0);
        other.needs = keccak256(abi.encode(short));
        AppendedVolume memory volume = openedOn(other);
        vm.prank(ALICE);
        fund.claim(0, volume, named(id(ALICE)), ALICE);
        vm.warp(START + 50 days);
        fund.fixShares(short);
        fund.pay(ownerOf(ALICE), both());
        vm.assertEq(usdc.balanceOf(ALICE), 400e6, "dollars");
        vm.assertEq(weth.balanceOf(ALICE), 0.8 ether, "ether");
    }

    function test_an_attestation_under_a_key_that_nobody_checks_is_not_paid_on() external {
        Record memory other = held(4);
        other.verifier = address(new MockKeyed(keccak256("another circuit's")));
        registry.append(4, other);
        vm.warp(START + 7 days);
        registry.breach(4);
        fund.report(4);
        refused(ICompensation.KeyUnknown.selector);
        fund.nominate(4, other);
        fund.nominate(3, held(3));
    }

    /// Code that has a program's head behind no names, of so many scenarios and rows.
    function program(uint16 scenarios, uint16 rows) private returns (address made) {
        bytes memory head = abi.encodePacked(
            bytes3(0),
            uint8(4),
            scenarios,
            uint8(6),
            uint16(0),
            rows
        );
        bytes memory code = abi.encodePacked(head, new bytes(64));
        // PUSH2 length, DUP1, PUSH1 10, RETURNDATASIZE, CODECOPY, RETURNDATASIZE, RETURN.
        bytes memory creation = abi.encodePacked(
            hex"61",
            uint16(code.length),
            hex"80600a3d393df3",
            code
        );
        assembly {
            made := create(0, add(creation, 32), mload(creation))
        }
        require(made.code.length == code.length, "no program");
    }

    function test_a_table_that_fits_no_transaction_is_not_paid_on() external {
        breach();
        registry.setProgram(program(64, 253));
        refused(ICompensation.TableTooLarge.selector);
        fund.nominate(3, held(3));
        registry.setProgram(program(64, 252));
        fund.nominate(3, held(3));
    }

    function test_money_comes_back_where_nobody_can_be_nominated() external {
        CompensationTerms memory bound = terms();
        bound.settledFor = 30 days;
        fund = new Compensation(bound);
        usdc.mint(address(fund), 1_000e6);
        breach();
        refused(ICompensation.TooYoung.selector);
        fund.nominate(3, held(3));
        vm.warp(START + 10 days + 365 days - 1);
        isPhase(ICompensation.Phase.Reported);
        refused(ICompensation.WrongPhase.selector);
        fund.recover(address(usdc));
        vm.warp(START + 10 days + 365 days);
        isPhase(ICompensation.Phase.Over);
        fund.recover(address(usdc));
        vm.assertEq(usdc.balanceOf(OWNER), 1_000e6, "back");
    }

    function test_what_was_nominated_is_not_taken_back_by_waiting() external {
        breach();
        fund.nominate(3, held(3));
        vm.warp(START + 3650 days);
        isPhase(ICompensation.Phase.Reported);
        refused(ICompensation.WrongPhase.selector);
        fund.recover(address(usdc));
        fund.open();
    }

    function test_no_reporter_walks_the_breach_back_to_one_that_was_healed() external {
        vm.warp(START + 5 days);
        registry.breach(3);
        for (uint64 r = 4; r <= 8; ++r) {
            vm.warp(START + (r + 2) * 1 days);
            registry.append(r, dated(r, r + 2));
        }
        vm.warp(START + 12 days);
        Record memory broken = dated(9, 12);
        broken.failing = 1;
        registry.append(9, broken);
        // A stranger who left on day 4 reports the breach of day 5, which 4 to 8 healed.
        refused(ICompensation.ReportLatest.selector);
        fund.report(3);
        fund.report(9);
        fund.nominate(8, dated(8, 10));
        vm.assertEq(fund.current().breachAt, START + 12 days, "when it began");
    }

    function test_nor_does_one_where_the_latest_is_a_warning() external {
        vm.warp(START + 5 days);
        registry.breach(3);
        vm.warp(START + 6 days);
        registry.append(4, dated(4, 6));
        Record memory doubtful = dated(5, 7);
        doubtful.faults = 2;
        vm.warp(START + 7 days);
        registry.append(5, doubtful);
        // Nobody sees here that 4 healed it, until somebody cancels by it: then for good.
        fund.report(3);
        fund.cancel(4, dated(4, 6));
        refused(ICompensation.HealedBefore.selector);
        fund.report(3);
    }

    function test_the_grace_follows_the_delay_up_to_what_the_terms_say() external {
        CompensationTerms memory bound = terms();
        bound.grace = 3 days - 1;
        refused(ICompensation.TermOutOfRange.selector);
        new Compensation(bound);
        registry.limit(2 days, 1 days, 4 days);
        refused(ICompensation.TermOutOfRange.selector);
        new Compensation(terms());
        // Raised since: a solvent venue still has time to attest again.
        registry.limit(14 days, 1 days, 0);
        uint64 time = breach();
        vm.assertEq(fund.current().opensFrom, time + 15 days, "delay");
        registry.append(4, dated(4, 8));
        fund.cancel(4, dated(4, 8));
        registry.limit(2 days, 1 days, 20 days);
        registry.breach(4);
        fund.report(4);
        vm.assertEq(fund.current().opensFrom, time + 21 days, "distance");
        registry.append(5, dated(5, 9));
        fund.cancel(5, dated(5, 9));
        registry.limit(365 days, 1 days, 0);
        registry.breach(5);
        fund.report(5);
        vm.assertEq(fund.current().opensFrom, time + 30 days, "at most");
    }

    function test_a_venue_whose_attestations_may_be_older_is_not_reported() external {
        registry.limit(2 days, 20 days, 0);
        uint64 expires = held(3).asOf + 23 days;
        vm.warp(expires - 1);
        refused(ICompensation.NotInBreach.selector);
        fund.report(3);
        vm.warp(expires);
        fund.report(3);
        // And it is still of the last days.
        fund.nominate(3, held(3));
        vm.assertTrue(fund.current().preferred, "preferred");
    }

    function test_an_attestation_in_breach_cancels_nothing() external {
        breach();
        fund.nominate(3, held(3));
        vm.warp(START + 10 days - 1 hours);
        registry.append(4, held(9));
        vm.warp(START + 10 days);
        // The borrowed reserves went back, two rechecks found it.
        registry.breach(4);
        refused(ICompensation.NotHealthy.selector);
        fund.cancel(4, held(9));
        fund.open();
        vm.assertEq(fund.current().round, 3, "round");
    }

    function test_a_withdrawal_of_before_a_report_is_announced_again() external {
        vm.warp(START + 5 days);
        vm.prank(OWNER);
        fund.announceWithdrawal(address(usdc), 1_000e6);
        breach();
        vm.warp(START + 9 days);
        registry.append(4, held(9));
        fund.cancel(4, held(9));
        vm.prank(OWNER);
        refused(ICompensation.AnnounceAgain.selector);
        fund.withdraw(address(usdc));
        vm.warp(START + 9 days + 1);
        vm.prank(OWNER);
        fund.announceWithdrawal(address(usdc), 1_000e6);
        vm.warp(START + 11 days + 1);
        vm.prank(OWNER);
        fund.withdraw(address(usdc));
    }

    function test_a_payee_that_a_token_refuses_names_another() external {
        opened();
        claim(ALICE);
        vm.warp(START + 50 days);
        fund.fixShares(needs());
        bytes32 owner = ownerOf(ALICE);
        vm.prank(BOB);
        refused(ICompensation.NotThePayee.selector);
        fund.changePayee(owner, BOB);
        vm.prank(ALICE);
        refused(ICompensation.NoPayee.selector);
        fund.changePayee(owner, address(fund));
        vm.prank(ALICE);
        fund.changePayee(owner, BOB);
        fund.pay(owner, both());
        vm.assertEq(usdc.balanceOf(BOB), 400e6, "to another");
        vm.prank(address(0));
        refused(ICompensation.NoPayee.selector);
        fund.changePayee(ownerOf(CAROL), address(0));
    }

    function test_sums(uint128[6] memory x, uint8 order) external {
        opened();
        uint256 left = OWED;
        address[3] memory who = [ALICE, BOB, CAROL];
        uint256[3] memory equity;
        for (uint256 i = 0; i < 3; ++i) {
            equity[i] = x[i] % (left + 1);
            left -= equity[i];
            worth(who[i], equity[i]);
            if (equity[i] != 0 && (order >> i) & 1 == 0) claim(who[i]);
            uint128 low = uint128(x[3 + i] % OWED);
            vm.prank(PAYER);
            if (low != 0) fund.lower(ownerOf(who[i]), low);
        }
        vm.warp(START + 50 days);
        fund.fixShares(needs());
        for (uint256 i = 0; i < 3; ++i) {
            if (equity[i] != 0 && (order >> i) & 1 != 0) claim(who[i]);
        }
        vm.warp(START + 60 days);
        for (uint256 i = 0; i < 3; ++i) {
            if (equity[i] != 0) fund.pay(ownerOf(who[i]), both());
            uint256 got = usdc.balanceOf(who[i]) + (weth.balanceOf(who[i]) * 2_000e6) / 1 ether;
            vm.assertLe(got, equity[i], "above what is owed");
        }
        vm.warp(START + 475 days);
        if (usdc.balanceOf(address(fund)) != 0) fund.recover(address(usdc));
    }
}
