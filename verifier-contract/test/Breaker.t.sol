// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {AccessControl} from "@openzeppelin/contracts/access/AccessControl.sol";
import {Pausable} from "@openzeppelin/contracts/utils/Pausable.sol";

import {Breaker, IPausable} from "../contracts/examples/Breaker.sol";
import {ISolvencyRegistry, State} from "../contracts/interfaces/ISolvencyRegistry.sol";
import {Test} from "./Test.sol";
import {StatedRegistry} from "./mocks/StatedRegistry.sol";

/// A market as OpenZeppelin's contracts make them.
contract Market is Pausable, AccessControl {
    bytes32 public constant PAUSER = keccak256("PAUSER");

    constructor() {
        _grantRole(DEFAULT_ADMIN_ROLE, msg.sender);
    }

    function pause() external onlyRole(PAUSER) {
        _pause();
    }

    function unpause() external onlyRole(DEFAULT_ADMIN_ROLE) {
        _unpause();
    }
}

contract BreakerTest is Test {
    bytes32 private constant SUBJECT = keccak256("BTC");

    StatedRegistry private stated;
    Market private market;
    Breaker private breaker;

    function setUp() external {
        stated = new StatedRegistry();
        stated.setState(State.Healthy);
        market = new Market();
        breaker = make(State.Warning);
        market.grantRole(market.PAUSER(), address(breaker));
    }

    function make(State worst) private returns (Breaker) {
        ISolvencyRegistry registry = ISolvencyRegistry(address(stated));
        return new Breaker(registry, "venue", SUBJECT, IPausable(address(market)), worst);
    }

    function test_anyone_trips_it_in_a_bad_state_and_nobody_in_a_good_one() external {
        for (uint8 i = 0; i <= uint8(State.Paused); i++) {
            State state = State(i);
            stated.setState(state);
            bool isGood = state == State.Healthy || state == State.Warning;
            vm.assertTrue(breaker.canTrip() == !isGood, "a keeper's view");
            if (isGood) vm.expectRevert(abi.encodeWithSelector(Breaker.NoReason.selector, state));
            vm.prank(address(0xabc));
            breaker.trip();
            vm.assertTrue(market.paused() == !isGood, "paused");
            if (!isGood) {
                vm.assertTrue(!breaker.canTrip(), "once");
                market.unpause();
            }
        }
    }

    function test_it_trips_where_its_asset_alone_is_paused() external {
        stated.setStateFor(SUBJECT, State.Paused);
        breaker.trip();
        vm.assertTrue(market.paused(), "paused");
    }

    function test_an_asset_that_is_not_paused_makes_nothing_better() external {
        stated.setStateFor(SUBJECT, State.Healthy);
        stated.setState(State.Breach);
        breaker.trip();
        vm.assertTrue(market.paused(), "paused");
    }

    function test_it_never_opens_the_market_again() external {
        stated.setState(State.Breach);
        breaker.trip();
        stated.setState(State.Healthy);
        vm.expectRevert(abi.encodeWithSelector(Breaker.NoReason.selector, State.Healthy));
        breaker.trip();
        vm.assertTrue(market.paused(), "its owner opens it");
    }

    function test_a_breaker_that_would_not_trip_is_refused() external {
        vm.expectRevert(abi.encodeWithSelector(Breaker.AcceptsTooMuch.selector, State.Breach));
        make(State.Breach);
    }

    function test_a_breaker_of_no_registry_or_no_market_is_refused() external {
        ISolvencyRegistry none = ISolvencyRegistry(address(0xdead));
        vm.expectRevert(abi.encodeWithSelector(Breaker.NoContract.selector, none));
        new Breaker(none, "venue", SUBJECT, IPausable(address(market)), State.Warning);
        ISolvencyRegistry registry = ISolvencyRegistry(address(stated));
        vm.expectRevert(abi.encodeWithSelector(Breaker.NoContract.selector, address(0xdead)));
        new Breaker(registry, "venue", SUBJECT, IPausable(address(0xdead)), State.Warning);
    }
}
