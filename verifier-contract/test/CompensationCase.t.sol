// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {ICompensation} from "../contracts/interfaces/ICompensation.sol";
import {Fault, Record, State} from "../contracts/interfaces/ISolvencyRegistry.sol";
import {Fund} from "./compensation/Fund.sol";

/// From a breach to the attestation that is paid on: who can start it, stop it, and move it.
contract CompensationCaseTest is Fund {
    function test_opens_on_the_last_attestation_that_held() external {
        opened();
        ICompensation.Case memory found = fund.current();
        vm.assertEq(found.round, 3, "round");
        vm.assertEq(found.owed, OWED, "owed");
        vm.assertEq(found.breachAt, START + 7 days, "breach");
        isPhase(ICompensation.Phase.Claims);
    }

    function test_a_healthy_venue_cannot_be_reported() external {
        refused(ICompensation.NotInBreach.selector);
        fund.report(3);
        registry.setState(State.Warning);
        refused(ICompensation.NotInBreach.selector);
        fund.report(3);
    }

    function test_a_pause_starts_nothing() external {
        registry.setState(State.Paused);
        vm.warp(START + 4 days);
        refused(ICompensation.NotInBreach.selector);
        fund.report(3);
        // Nor does it stop what a breach started.
        registry.breach(3);
        registry.setState(State.Paused);
        fund.report(3);
    }

    function test_a_revocation_starts_nothing() external {
        registry.revoke(3);
        vm.assertEq(uint256(registry.state()), uint256(State.Breach), "state");
        refused(ICompensation.NotInBreach.selector);
        fund.report(3);
    }

    function test_a_dead_prover_starts_it_after_days_and_a_late_one_cancels() external {
        uint64 expires = held(3).asOf + 7 days;
        vm.warp(expires - 1);
        refused(ICompensation.NotInBreach.selector);
        fund.report(3);
        vm.warp(expires);
        fund.report(3);
        vm.assertEq(fund.current().breachAt, expires, "when it expired");
        Record memory late = held(11);
        registry.append(4, late);
        fund.cancel(4, late);
        isPhase(ICompensation.Phase.Waiting);
        refused(ICompensation.NotInBreach.selector);
        fund.report(4);
    }

    function test_nothing_opens_within_the_grace() external {
        breach();
        fund.nominate(3, held(3));
        vm.warp(START + 10 days - 1);
        refused(ICompensation.TooEarly.selector);
        fund.open();
    }

    function test_an_attestation_that_holds_cancels_and_a_later_breach_begins_anew() external {
        breach();
        fund.nominate(3, held(3));
        Record memory next = held(8);
        vm.warp(START + 8 days);
        registry.append(4, next);
        // Whoever opens before anyone cancels is refused as well.
        vm.warp(START + 10 days);
        refused(ICompensation.Healed.selector);
        fund.open();
        fund.cancel(4, next);
        vm.assertEq(fund.current().round, 0, "nominee");
        registry.breach(4);
        fund.report(4);
        vm.assertEq(fund.current().breachAt, START + 10 days, "anew");
        refused(ICompensation.NobodyNominated.selector);
        vm.warp(START + 13 days);
        fund.open();
    }

    function test_what_does_not_hold_does_not_cancel() external {
        breach();
        Record memory next = held(8);
        // Reserves that were not marked may be borrowed.
        next.faults = uint16(1 << uint256(Fault.Unmarked));
        registry.append(4, next);
        refused(ICompensation.NotHealthy.selector);
        fund.cancel(4, next);
        next.faults = 0;
        next.failing = 1;
        registry.append(5, next);
        refused(ICompensation.NotHealthy.selector);
        fund.cancel(5, next);
        // Nor one that was revoked, one of before, or one of somebody's own.
        next.failing = 0;
        registry.append(6, next);
        registry.revoke(6);
        refused(ICompensation.RevokedBefore.selector);
        fund.cancel(6, next);
        refused(ICompensation.NotLater.selector);
        fund.cancel(3, held(3));
        refused(ICompensation.OtherRecord.selector);
        fund.cancel(7, next);
        fund.nominate(3, held(3));
        vm.warp(START + 10 days);
        fund.open();
    }

    function test_a_warning_after_a_breach_hides_nothing() external {
        // In breach, the venue borrows reserves that nobody marked, before anyone reported.
        vm.warp(START + 7 days);
        registry.breach(3);
        Record memory next = held(8);
        next.faults = uint16(1 << uint256(Fault.Unmarked));
        vm.warp(START + 8 days);
        registry.append(4, next);
        refused(ICompensation.NotInBreach.selector);
        fund.report(4);
        fund.report(3);
        vm.assertEq(fund.current().breachAt, START + 7 days, "when it began");
    }

    function test_a_breach_that_was_healed_or_is_old_is_not_reported() external {
        registry.breach(2);
        refused(ICompensation.Healed.selector);
        fund.report(2);
        Record memory next = held(8);
        next.faults = uint16(1 << uint256(Fault.Unmarked));
        registry.append(4, next);
        vm.warp(START + 7 days + 1);
        refused(ICompensation.NotInBreach.selector);
        fund.report(2);
        refused(ICompensation.NotInBreach.selector);
        fund.report(1);
        refused(ICompensation.NotInBreach.selector);
        fund.report(0);
        refused(ICompensation.NotInBreach.selector);
        fund.report(5);
    }

    function test_what_rests_on_retired_rules_does_not_cancel() external {
        breach();
        registry.append(4, held(8));
        registry.retire();
        refused(ICompensation.NotHealthy.selector);
        fund.cancel(4, held(8));
    }

    function test_a_report_that_was_healed_lapses() external {
        breach();
        fund.nominate(3, held(3));
        // The venue attests again, and nobody cancels. Weeks later an attestation lacks its marks.
        registry.append(4, held(8));
        vm.warp(START + 40 days);
        Record memory doubtful = held(40);
        doubtful.faults = uint16(1 << uint256(Fault.Unmarked));
        registry.append(5, doubtful);
        refused(ICompensation.ReportLapsed.selector);
        fund.open();
        // Nor is what was nominated paid on when the next breach comes.
        registry.breach(5);
        refused(ICompensation.ReportLapsed.selector);
        fund.open();
        fund.report(5);
        ICompensation.Case memory found = fund.current();
        vm.assertEq(found.breached, 5, "anew");
        vm.assertEq(found.round, 0, "nominee");
        refused(ICompensation.WrongPhase.selector);
        fund.report(5);
        fund.nominate(4, held(8));
        vm.warp(START + 43 days);
        fund.open();
    }

    function test_a_report_lapses_a_week_after_the_grace() external {
        breach();
        fund.nominate(3, held(3));
        Record memory doubtful = held(8);
        doubtful.faults = uint16(1 << uint256(Fault.Unmarked));
        registry.append(4, doubtful);
        vm.warp(START + 17 days - 1);
        refused(ICompensation.WrongPhase.selector);
        fund.report(4);
        fund.open();
    }

    function test_a_report_on_which_nobody_was_nominated_can_be_cancelled_to_the_end() external {
        breach();
        registry.append(4, held(8));
        vm.warp(START + 10 days + 365 days);
        isPhase(ICompensation.Phase.Over);
        fund.cancel(4, held(8));
        isPhase(ICompensation.Phase.Waiting);
    }

    function test_a_band_that_was_confirmed_cancels() external {
        breach();
        Record memory next = held(8);
        next.faults = uint16(1 << uint256(Fault.Band));
        registry.append(4, next);
        refused(ICompensation.NotHealthy.selector);
        fund.cancel(4, next);
        registry.setState(State.Healthy);
        vm.warp(START + 10 days);
        fund.nominate(3, held(3));
        refused(ICompensation.Healed.selector);
        fund.open();
        fund.cancel(4, next);
    }

    function test_the_last_one_takes_the_place_and_none_goes_back() external {
        breach();
        fund.nominate(1, held(1));
        fund.nominate(3, held(3));
        refused(ICompensation.NotBetter.selector);
        fund.nominate(2, held(2));
        refused(ICompensation.NotBetter.selector);
        fund.nominate(3, held(3));
    }

    function test_a_thiefs_book_is_too_young() external {
        // Whoever has the publisher's key attests a book that owes friends alone, and lets it break.
        Record memory stolen = held(6);
        stolen.owed = 1_000;
        registry.append(4, stolen);
        vm.warp(START + 7 days);
        registry.breach(4);
        fund.report(4);
        refused(ICompensation.TooYoung.selector);
        fund.nominate(4, stolen);
        fund.nominate(3, held(3));
    }

    function test_a_thiefs_book_left_its_bands() external {
        Record memory stolen = held(4);
        stolen.owed = 1_000;
        stolen.faults = uint16(1 << uint256(Fault.Band));
        registry.append(4, stolen);
        vm.warp(START + 20 days);
        registry.breach(4);
        fund.report(4);
        refused(ICompensation.NotHealthy.selector);
        fund.nominate(4, stolen);
    }

    function test_revocations_after_the_breach_walk_nothing_back() external {
        vm.warp(START + 7 days);
        registry.breach(3);
        vm.warp(START + 7 days + 1);
        registry.revoke(3);
        registry.revoke(2);
        fund.report(3);
        fund.nominate(3, held(3));
        vm.warp(START + 11 days);
        fund.open();
        // Nor does one after the opening keep anybody from claiming.
        registry.revoke(1);
        claim(ALICE);
    }

    function test_what_was_revoked_before_the_breach_gives_way() external {
        vm.warp(START + 6 days);
        registry.revoke(2);
        vm.warp(START + 7 days);
        // And what was revoked in the same block.
        registry.revoke(3);
        registry.breach(3);
        fund.report(3);
        fund.nominate(3, held(3));
        fund.nominate(1, held(1));
        refused(ICompensation.NotBetter.selector);
        fund.nominate(2, held(2));
        refused(ICompensation.NotBetter.selector);
        fund.nominate(3, held(3));
        vm.assertEq(fund.current().round, 1, "round");
    }

    function test_to_revoke_all_before_a_breach_keeps_no_money() external {
        // The guardian revokes everything, or leaves an old book that owes little, and then it breaks.
        vm.warp(START + 30 days);
        registry.append(4, held(28));
        registry.append(5, held(29));
        registry.revoke(2);
        registry.revoke(3);
        registry.revoke(4);
        registry.revoke(5);
        Record memory broken = held(32);
        broken.failing = 1;
        vm.warp(START + 32 days);
        registry.append(6, broken);
        fund.report(6);
        fund.nominate(1, held(1));
        fund.nominate(4, held(28));
        fund.nominate(5, held(29));
        refused(ICompensation.NotBetter.selector);
        fund.nominate(1, held(1));
        vm.warp(START + 35 days);
        fund.open();
        vm.assertEq(fund.current().round, 5, "round");
    }

    function test_what_was_in_breach_before_is_not_paid_on() external {
        vm.warp(START + 2 days);
        registry.breach(2);
        breach();
        refused(ICompensation.BreachedBefore.selector);
        fund.nominate(2, held(2));
    }

    function test_only_true_records_are_nominated() external {
        breach();
        Record memory other = held(3);
        other.owed += 1;
        refused(ICompensation.OtherRecord.selector);
        fund.nominate(3, other);
        refused(ICompensation.OtherRecord.selector);
        fund.nominate(9, held(9));
    }

    function test_each_step_has_its_phase() external {
        refused(ICompensation.WrongPhase.selector);
        fund.nominate(3, held(3));
        refused(ICompensation.WrongPhase.selector);
        fund.cancel(3, held(3));
        refused(ICompensation.WrongPhase.selector);
        fund.open();
        breach();
        refused(ICompensation.WrongPhase.selector);
        fund.report(3);
        vm.warp(START + 10 days);
        refused(ICompensation.NobodyNominated.selector);
        fund.open();
        fund.nominate(3, held(3));
        fund.open();
        // Frozen: neither a report, nor a nominee, nor an attestation changes anything.
        refused(ICompensation.WrongPhase.selector);
        fund.report(3);
        Record memory next = held(10);
        registry.append(4, next);
        refused(ICompensation.WrongPhase.selector);
        fund.cancel(4, next);
        refused(ICompensation.WrongPhase.selector);
        fund.nominate(4, next);
        refused(ICompensation.WrongPhase.selector);
        fund.open();
        vm.assertEq(fund.current().round, 3, "round");
    }
}
