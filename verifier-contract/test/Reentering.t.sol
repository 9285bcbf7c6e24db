// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

import {Demands} from "../contracts/Solvency.sol";
import {SolventVault} from "../contracts/adapters/SolventVault.sol";
import {GuardedVault} from "../contracts/examples/GuardedVault.sol";
import {ISolvencyRegistry, State} from "../contracts/interfaces/ISolvencyRegistry.sol";
import {Test} from "./Test.sol";
import {StatedRegistry} from "./mocks/StatedRegistry.sol";
import {CallingToken, IHook} from "./mocks/Tokens.sol";

/// Calls a vault again from within its own deposit or withdrawal, once.
contract Reentering is IHook {
    CallingToken private immutable _TOKEN;
    address private _vault;
    bytes private _again;
    bool private _must;

    constructor(CallingToken token) {
        _TOKEN = token;
    }

    function act(address vault, bytes calldata first, bytes calldata again, bool must) external {
        _TOKEN.approve(vault, type(uint256).max);
        (_vault, _again, _must) = (vault, again, must);
        _TOKEN.call(true);
        send(first, true);
        _TOKEN.call(false);
    }

    function moved() external {
        bytes memory again = _again;
        delete _again;
        if (again.length != 0) send(again, _must);
    }

    function send(bytes memory data, bool must) private {
        (bool done, bytes memory answer) = _vault.call(data);
        if (must && !done) {
            assembly {
                revert(add(answer, 0x20), mload(answer))
            }
        }
    }
}

contract ReenteringTest is Test {
    CallingToken private token;
    ISolvencyRegistry private registry;
    Reentering private thief;
    Demands private demands = Demands(State.Warning, 0, 0, 0, 0);

    function setUp() external {
        StatedRegistry stated = new StatedRegistry();
        ISolvencyRegistry.Verdict memory verdict;
        (verdict.state, verdict.round) = (State.Healthy, 1);
        stated.set(verdict);
        registry = ISolvencyRegistry(address(stated));
        token = new CallingToken();
        thief = new Reentering(token);
        token.give(address(this), 1_000);
        token.give(address(thief), 1_000);
    }

    function test_a_deposit_that_is_called_again_gives_no_shares_for_nothing() external {
        SolventVault vault = new SolventVault(
            IERC20(address(token)),
            "V",
            "V",
            registry,
            "venue",
            demands
        );
        token.approve(address(vault), 1_000);
        vault.deposit(1_000, address(this));
        address self = address(thief);
        thief.act(address(vault), abi.encodeCall(vault.deposit, (500, self)), "", true);
        bytes memory first = abi.encodeCall(vault.deposit, (100, self));
        bytes[4] memory again = [
            abi.encodeCall(vault.deposit, (50, self)),
            abi.encodeCall(vault.mint, (50, self)),
            abi.encodeCall(vault.withdraw, (50, self, self)),
            abi.encodeCall(vault.redeem, (50, self, self))
        ];
        for (uint256 i = 0; i < 4; ++i) {
            vm.expectPartialRevert(SolventVault.OtherAmount.selector);
            thief.act(address(vault), first, again[i], true);
        }
        // From within a withdrawal its shares are burnt already.
        first = abi.encodeCall(vault.withdraw, (200, self, self));
        for (uint256 i = 0; i < 4; ++i) {
            thief.act(address(vault), first, again[i], true);
            thief.act(address(vault), abi.encodeCall(vault.deposit, (100, self)), "", true);
            vm.assertEq(vault.maxWithdraw(address(this)), uint256(1_000), "of the other");
            uint256 own = vault.balanceOf(self) + token.balanceOf(self);
            vm.assertEq(own, uint256(1_000), "of its own");
        }
    }

    function test_a_deposit_lends_nothing_while_it_is_made() external {
        GuardedVault vault = new GuardedVault(IERC20(address(token)), registry, "venue", demands);
        token.approve(address(vault), 1_000);
        vault.deposit(1_000);
        bytes memory deposit = abi.encodeCall(vault.deposit, (500));
        bytes memory withdraw = abi.encodeCall(vault.withdraw, (500));
        bytes4 refusal = bytes4(keccak256("ReentrancyGuardReentrantCall()"));
        vm.expectRevert(refusal);
        thief.act(address(vault), deposit, withdraw, true);
        thief.act(address(vault), deposit, withdraw, false);
        vm.expectRevert(refusal);
        thief.act(address(vault), withdraw, withdraw, true);
        thief.act(address(vault), withdraw, withdraw, false);
        vm.assertEq(token.balanceOf(address(thief)), uint256(1_000), "its own");
        vm.assertEq(vault.free(address(thief)), uint256(0), "nothing left");
        vault.withdraw(1_000);
    }
}
