// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import "./World.sol";

/// One deposit, no market, prices: a spot venue.
contract SpotEvaluator is MockEvaluator {
    function evaluateAllSpot(
        Submission calldata submission,
        Volume[] calldata volumes,
        address[] calldata list,
        IVolumeVerifier verifier,
        Holding[] calldata holdings,
        Aside calldata any
    ) external view returns (Bound memory bound, bytes32[] memory phase1, Outcome memory outcome) {
        (bound, phase1, outcome) = this.evaluateAll(
            submission,
            volumes,
            list,
            verifier,
            holdings,
            any
        );
        outcome.tracked.interest = new uint256[](0);
    }
}

contract SpotWrap {
    SpotEvaluator public immutable IT = new SpotEvaluator();

    function evaluateAll(
        Submission calldata submission,
        Volume[] calldata volumes,
        address[] calldata list,
        IVolumeVerifier verifier,
        Holding[] calldata holdings,
        Aside calldata any
    ) external view returns (Bound memory, bytes32[] memory, Outcome memory) {
        return IT.evaluateAllSpot(submission, volumes, list, verifier, holdings, any);
    }
}

contract SharedBandTest is World {
    SpotWrap private _it;

    function start(bool withInterest) private {
        Limits memory limits = someLimits();
        (limits.pricesBandBps, limits.maxAge) = (1000, 30 days);
        if (withInterest) limits.interestBandBps = 1000;
        world(limits);
        _it = new SpotWrap();
        registry = new SolvencyRegistry(
            venues,
            IReserves(address(reserves)),
            IObservers(address(observers)),
            IFeeds(address(feeds)),
            IElsewhere(address(elsewhere)),
            IEvaluator(address(_it))
        );
    }

    /// 1 % a delay, band 10 % a delay.
    function drift() private returns (uint256 warnings) {
        uint256 price = 1e9;
        for (uint256 i = 0; i < 40; ++i) {
            _it.IT().set(100, 0, price);
            attest();
            if (registry.stateOf(venue) != State.Healthy) ++warnings;
            later(DELAY + 1);
            price = (price * 101) / 100;
        }
    }

    function test_a_slow_drift_is_no_warning() external {
        start(false);
        vm.assertEq(drift(), 0, "as said");
    }

    function test_a_band_of_a_list_that_is_empty_shortens_no_epoch() external {
        start(true);
        vm.assertEq(drift(), 0, "no warning either");
    }

    function test_first_prices_under_other_rules_are_a_warning_beside_an_empty_list() external {
        start(true);
        _it.IT().set(100, 0, 1e9);
        attest();
        later(1 hours);
        _it.IT().set(100, 0, 1e18);
        attest(next(venue, OTHER_RULES), PUBLISHER);
        assertState(State.Warning, "nothing to compare with");
    }
}
