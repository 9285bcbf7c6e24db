// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import "./World.sol";
import {Elsewhere} from "../contracts/Elsewhere.sol";
import {Feeds} from "../contracts/Feeds.sol";
import {Observers} from "../contracts/Observers.sol";
import {Reserves} from "../contracts/Reserves.sol";
import {Purpose} from "../contracts/interfaces/IReserves.sol";
import {PlainToken} from "./mocks/Tokens.sol";

/// A holder whose owner confirms for it, and which only ever pays back to the lender.
contract Holder {
    address public immutable owner;

    constructor(address owner_) {
        owner = owner_;
    }

    function back(PlainToken token, address lender) external {
        token.transfer(lender, token.balanceOf(address(this)));
    }
}

/// The registry with the contracts that it is deployed with, but for the evaluation.
contract JoinedTest is World {
    address private constant LENDER = address(0x1e4d);
    PlainToken private _token;
    Holder private _holder;
    Reserves private _reserves;

    function setUp() external {
        world(someLimits());
        _reserves = new Reserves(venues);
        Observers real = new Observers(venues);
        registry = new SolvencyRegistry(
            venues,
            _reserves,
            real,
            new Feeds(venues),
            new Elsewhere(venues, real),
            IEvaluator(address(evaluator))
        );
        _token = new PlainToken();
        _holder = new Holder(OWNER);
        list(venue);
        later(DELAY);
    }

    function list(bytes32 id) private {
        vm.startPrank(OWNER, OWNER);
        _reserves.announce(
            id,
            IReserves.NewReserve("USD", address(_token), address(_holder), Purpose.Customers)
        );
        _reserves.accept(id, address(_token), address(_holder));
        vm.stopPrank();
    }

    function mark() private {
        atTopLevel(STRANGER);
        _reserves.mark(venue);
    }

    /// Three transactions of one block: the lender's, somebody's, and back.
    function lend() private {
        _token.give(LENDER, 100e18);
        vm.prank(LENDER);
        _token.transfer(address(_holder), 100e18);
    }

    function back() private {
        _holder.back(_token, LENDER);
    }

    function snapshot() private view returns (Submission memory it) {
        return next(venue, RULES);
    }

    function test_own_money_stands() external {
        _token.give(address(_holder), 100e18);
        Submission memory it = snapshot();
        later(2 minutes);
        mark();
        later(20 minutes);
        submit(it, PUBLISHER);
        assertState(State.Healthy, "its own");
    }

    function test_loan_of_three_transactions_with_marks_by_others() external {
        Submission memory it = snapshot();
        later(2 minutes);
        mark();
        later(20 minutes);
        lend();
        submit(it, PUBLISHER);
        back();
        assertState(State.Breach, "the least of the mark and now");
    }

    function test_loan_of_three_transactions_around_mark_and_submission() external {
        Submission memory it = snapshot();
        later(2 minutes);
        lend();
        mark();
        back();
        later(20 minutes);
        lend();
        submit(it, PUBLISHER);
        back();
        assertState(State.Healthy, "nobody looked");
        vm.assertEq(
            uint256(registry.liveStateOf(venue, record, needs)),
            uint256(State.Breach),
            "who looks sees it"
        );
        recheck();
        assertState(State.Warning, "found");
        later(5 minutes);
        recheck();
        assertState(State.Breach, "shut");
    }

    function test_loan_without_a_mark_is_a_warning() external {
        Submission memory it = snapshot();
        lend();
        submit(it, PUBLISHER);
        back();
        assertState(State.Warning, "unmarked");
    }

    function test_removal_closes_and_one_balance_backs_one_venue_at_a_time() external {
        _token.give(address(_holder), 100e18);
        Submission memory it = snapshot();
        later(2 minutes);
        mark();
        later(20 minutes);
        submit(it, PUBLISHER);
        vm.prank(address(_holder));
        _reserves.remove(venue, address(_token), address(_holder));
        assertState(State.Breach, "removed");
        bytes32 first = venue;
        venue = registered("Other", someLimits());
        vm.startPrank(OWNER, OWNER);
        _reserves.announce(
            venue,
            IReserves.NewReserve("USD", address(_token), address(_holder), Purpose.Customers)
        );
        vm.expectPartialRevert(IReserves.ReserveClaimed.selector);
        _reserves.accept(venue, address(_token), address(_holder));
        later(DELAY);
        _reserves.accept(venue, address(_token), address(_holder));
        vm.stopPrank();
        it = snapshot();
        later(2 minutes);
        mark();
        later(20 minutes);
        submit(it, PUBLISHER);
        assertState(State.Healthy, "the other");
        venue = first;
        assertState(State.Breach, "the first");
    }
}
