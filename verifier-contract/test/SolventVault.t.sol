// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {ERC4626} from "@openzeppelin/contracts/token/ERC20/extensions/ERC4626.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

import {Demands, Solvency} from "../contracts/Solvency.sol";
import {SolventVault} from "../contracts/adapters/SolventVault.sol";
import {GuardedVault} from "../contracts/examples/GuardedVault.sol";
import {ISolvencyRegistry, State} from "../contracts/interfaces/ISolvencyRegistry.sol";
import {Test} from "./Test.sol";
import {StatedRegistry} from "./mocks/StatedRegistry.sol";
import {FeeToken, PlainToken, SilentToken} from "./mocks/Tokens.sol";

contract SolventVaultTest is Test {
    bytes32 private constant VENUE = "venue";
    uint64 private constant NOW = 1_800_000_000;
    address private constant HOLDER = address(0xa11ce);

    StatedRegistry private stated;
    ISolvencyRegistry private registry;
    Demands private demands = Demands(State.Warning, 1 hours, 10_000, 0, 0);

    function setUp() external {
        vm.warp(NOW);
        stated = new StatedRegistry();
        registry = ISolvencyRegistry(address(stated));
        put(State.Healthy);
    }

    function put(State state) private {
        ISolvencyRegistry.Verdict memory verdict;
        (verdict.state, verdict.round, verdict.asOf) = (state, 1, NOW - 60);
        verdict.coverageBps = 10_000;
        stated.set(verdict);
    }

    function vaultOf(address token) private returns (SolventVault) {
        return new SolventVault(IERC20(token), "Vault", "vPLN", registry, VENUE, demands);
    }

    function test_while_closed_the_limits_are_zero_and_nothing_else_changes() external {
        PlainToken token = new PlainToken();
        SolventVault vault = vaultOf(address(token));
        token.give(HOLDER, 100);
        vm.startPrank(HOLDER, HOLDER);
        token.approve(address(vault), 100);
        vault.deposit(50, HOLDER);
        vm.stopPrank();
        vm.assertEq(vault.maxDeposit(HOLDER), type(uint256).max, "open");
        for (uint8 i = 0; i <= uint8(State.Paused); i++) {
            put(State(i));
            bool isOpen = State(i) == State.Healthy || State(i) == State.Warning;
            uint256 most = isOpen ? type(uint256).max : 0;
            vm.assertEq(vault.maxDeposit(HOLDER), most, "maxDeposit");
            vm.assertEq(vault.maxMint(HOLDER), most, "maxMint");
            vm.assertEq(vault.maxWithdraw(HOLDER), uint256(50), "maxWithdraw");
            vm.assertEq(vault.maxRedeem(HOLDER), uint256(50), "maxRedeem");
            vm.assertEq(vault.previewDeposit(7), uint256(7), "previewDeposit");
            vm.assertEq(vault.previewMint(7), uint256(7), "previewMint");
            vm.assertEq(vault.previewWithdraw(7), uint256(7), "previewWithdraw");
            vm.assertEq(vault.previewRedeem(7), uint256(7), "previewRedeem");
        }
    }

    function test_deposits_are_refused_by_name_and_withdrawals_stay_open() external {
        PlainToken token = new PlainToken();
        SolventVault vault = vaultOf(address(token));
        token.give(HOLDER, 1_000);
        vm.startPrank(HOLDER, HOLDER);
        token.approve(address(vault), 1_000);
        vault.deposit(600, HOLDER);
        for (uint8 i = uint8(State.Breach); i <= uint8(State.Paused); i++) {
            put(State(i));
            bytes memory refusal = abi.encodeWithSelector(
                Solvency.NotAccepted.selector,
                VENUE,
                State(i),
                State.Warning
            );
            vm.expectRevert(refusal);
            vault.deposit(1, HOLDER);
            vm.expectRevert(refusal);
            vault.mint(1, HOLDER);
            vm.expectRevert(refusal);
            vault.deposit(0, HOLDER);
            vault.withdraw(100, HOLDER, HOLDER);
            vault.redeem(100, HOLDER, HOLDER);
            vault.transfer(address(1), 0);
        }
        vm.stopPrank();
        vm.assertEq(token.balanceOf(HOLDER), uint256(1_000), "all of it is back");
    }

    function test_a_silent_registry_closes_deposits_alone() external {
        PlainToken token = new PlainToken();
        SolventVault vault = vaultOf(address(token));
        token.give(HOLDER, 10);
        vm.startPrank(HOLDER, HOLDER);
        token.approve(address(vault), 10);
        vault.deposit(10, HOLDER);
        stated.setSilent(true);
        vm.assertEq(vault.maxDeposit(HOLDER), uint256(0), "closed, and does not revert");
        vault.redeem(10, HOLDER, HOLDER);
        vm.stopPrank();
    }

    function test_a_token_that_returns_nothing() external {
        SilentToken token = new SilentToken();
        SolventVault vault = vaultOf(address(token));
        vm.assertEq(vault.decimals(), uint256(6), "decimals");
        token.give(HOLDER, 1e6);
        vm.startPrank(HOLDER, HOLDER);
        token.approve(address(vault), 1e6);
        vault.deposit(1e6, HOLDER);
        put(State.Breach);
        vault.redeem(1e6, HOLDER, HOLDER);
        vm.stopPrank();
        vm.assertEq(token.balanceOf(HOLDER), uint256(1e6), "back");
    }

    function test_a_fee_on_transfers_is_not_paid_by_the_others() external {
        FeeToken token = new FeeToken();
        SolventVault vault = vaultOf(address(token));
        token.give(HOLDER, 1_000);
        vm.startPrank(HOLDER, HOLDER);
        token.approve(address(vault), 1_000);
        vm.expectRevert(abi.encodeWithSelector(SolventVault.OtherAmount.selector, 990, 1_000));
        vault.deposit(1_000, HOLDER);
        vm.stopPrank();
    }

    function testFuzz_shares_are_those_of_the_standards_vault(
        uint64 first,
        uint64 second
    ) external {
        PlainToken token = new PlainToken();
        SolventVault vault = vaultOf(address(token));
        uint256 total = uint256(first) + second;
        token.give(address(this), total);
        token.approve(address(vault), total);
        uint256 shares = vault.deposit(first, address(this));
        vm.assertEq(shares, uint256(first), "one to one");
        uint256 assets = vault.mint(second, HOLDER);
        vm.assertEq(assets, uint256(second), "one to one");
        vm.assertEq(vault.totalAssets(), total, "assets");
    }

    function test_the_example_vault_asks_more_of_positions_than_of_deposits() external {
        SilentToken token = new SilentToken();
        GuardedVault vault = new GuardedVault(IERC20(address(token)), registry, VENUE, demands);
        token.give(HOLDER, 100);
        vm.startPrank(HOLDER, HOLDER);
        token.approve(address(vault), 100);
        vault.deposit(60);
        vault.openPosition(10);
        put(State.Warning);
        vault.deposit(40);
        vm.expectRevert(
            abi.encodeWithSelector(
                Solvency.NotAccepted.selector,
                VENUE,
                State.Warning,
                State.Healthy
            )
        );
        vault.openPosition(10);
        put(State.Breach);
        vm.expectPartialRevert(Solvency.NotAccepted.selector);
        vault.deposit(1);
        vault.closePosition(10);
        vm.expectRevert(abi.encodeWithSelector(GuardedVault.Insufficient.selector, 100, 101));
        vault.withdraw(101);
        vault.withdraw(100);
        vm.stopPrank();
        vm.assertEq(token.balanceOf(HOLDER), uint256(100), "back");
    }

    function test_a_vault_of_no_token_is_refused() external {
        vm.expectRevert(abi.encodeWithSelector(SolventVault.NoToken.selector, address(0xdead)));
        vaultOf(address(0xdead));
        vm.expectRevert(abi.encodeWithSelector(GuardedVault.NoToken.selector, address(0xdead)));
        new GuardedVault(IERC20(address(0xdead)), registry, VENUE, demands);
    }
}
