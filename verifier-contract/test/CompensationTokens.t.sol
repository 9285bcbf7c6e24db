// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Compensation} from "../contracts/Compensation.sol";
import {ICompensation, CompensationTerms} from "../contracts/interfaces/ICompensation.sol";
import {Need, Needs} from "../contracts/interfaces/IEvaluator.sol";
import {Record} from "../contracts/interfaces/ISolvencyRegistry.sol";
import {AppendedVolume} from "../contracts/interfaces/IStatementVerifier.sol";
import {Fund} from "./compensation/Fund.sol";

/// A token of a bad kind: it answers `false`, blocks accounts, takes a fee, asks the receiver, says a
/// balance of its own, or answers with a megabyte.
contract OddMoney {
    enum Kind {
        Honest,
        False,
        Blocks,
        Fee,
        Hook,
        Liar,
        Bomb
    }

    uint8 public decimals;
    Kind public kind;
    address public blocked;
    mapping(address => uint256) public balances;

    constructor(uint8 decimals_) {
        decimals = decimals_;
    }

    function mint(address to, uint256 amount) external {
        balances[to] += amount;
    }

    function turn(Kind kind_, address blocked_) external {
        (kind, blocked) = (kind_, blocked_);
    }

    function balanceOf(address account) external view returns (uint256) {
        if (kind == Kind.Liar) return type(uint256).max;
        if (kind == Kind.Bomb) {
            assembly {
                return(0, 1000000)
            }
        }
        return balances[account];
    }

    function transfer(address to, uint256 amount) external returns (bool) {
        if (kind == Kind.False) return false;
        require(kind != Kind.Blocks || to != blocked, "blocked");
        balances[msg.sender] -= amount;
        balances[to] += kind == Kind.Fee ? (amount * 99) / 100 : amount;
        if (kind == Kind.Hook && to.code.length != 0) Receiver(to).tokensReceived();
        return true;
    }
}

/// A payee that, while it is paid, tries all that a fund lets anybody do.
contract Receiver {
    Compensation public immutable FUND;
    bytes32 public immutable OWNER;
    uint256 public done;
    bytes[] private _calls;

    constructor(Compensation fund, bytes32 owner) {
        (FUND, OWNER) = (fund, owner);
    }

    function will(bytes calldata call_) external {
        _calls.push(call_);
    }

    function tokensReceived() external {
        for (uint256 i = 0; i < _calls.length; ++i) {
            (bool success, ) = address(FUND).call(_calls[i]);
            if (success) done |= 1 << i;
        }
    }
}

/// Bad tokens, and the sums of what is paid.
contract CompensationTokensTest is Fund {
    OddMoney private odd;

    function setUp() public override {
        super.setUp();
        odd = new OddMoney(18);
        CompensationTerms memory bound = terms();
        bound.payouts[1].token = address(odd);
        fund = new Compensation(bound);
        usdc.mint(address(fund), 1_000e6);
        odd.mint(address(fund), 2 ether);
    }

    function fixedShares() private {
        opened();
        claim(ALICE);
        claim(BOB);
        vm.warp(START + 50 days);
        fund.fixShares(needs());
    }

    function one(uint256 number) private pure returns (uint256[] memory numbers) {
        numbers = new uint256[](1);
        numbers[0] = number;
    }

    function test_a_token_that_says_false_is_not_paid_and_the_other_is() external {
        fixedShares();
        odd.turn(OddMoney.Kind.False, address(0));
        refused(bytes4(keccak256("SafeERC20FailedOperation(address)")));
        fund.pay(ownerOf(ALICE), both());
        fund.pay(ownerOf(ALICE), one(0));
        odd.turn(OddMoney.Kind.Honest, address(0));
        fund.pay(ownerOf(ALICE), one(1));
        vm.assertEq(odd.balanceOf(ALICE), 0.8 ether, "later");
    }

    function test_a_blocked_holder_blocks_nobody() external {
        fixedShares();
        odd.turn(OddMoney.Kind.Blocks, ALICE);
        vm.expectRevert("blocked");
        fund.pay(ownerOf(ALICE), both());
        fund.pay(ownerOf(BOB), both());
        vm.assertEq(odd.balanceOf(BOB), 0.6 ether, "bob");
        fund.pay(ownerOf(ALICE), one(0));
        bytes32 owner = ownerOf(ALICE);
        vm.prank(ALICE);
        fund.changePayee(owner, CAROL);
        fund.pay(owner, one(1));
        vm.assertEq(odd.balanceOf(CAROL), 0.8 ether, "to another");
    }

    function test_a_fee_is_the_receivers() external {
        fixedShares();
        odd.turn(OddMoney.Kind.Fee, address(0));
        fund.pay(ownerOf(ALICE), both());
        fund.pay(ownerOf(BOB), both());
        claim(CAROL);
        vm.warp(START + 60 days);
        fund.pay(ownerOf(CAROL), both());
        vm.assertEq(odd.balanceOf(CAROL), 0.594 ether, "the last one too");
    }

    function test_a_balance_without_end_shares_no_dollar_less() external {
        opened();
        claim(ALICE);
        claim(BOB);
        vm.warp(START + 50 days);
        odd.turn(OddMoney.Kind.Liar, address(0));
        fund.fixShares(needs());
        fund.pay(ownerOf(ALICE), both());
        vm.assertEq(usdc.balanceOf(ALICE), 400e6, "dollars");
        // Of the 9,000 USD that are still owed, not all is there: the last one finds too little.
        vm.assertEq(odd.balances(ALICE), 1.8 ether, "first");
        vm.expectRevert();
        fund.pay(ownerOf(BOB), both());
        fund.pay(ownerOf(BOB), one(0));
        vm.assertEq(usdc.balanceOf(BOB), 300e6, "dollars");
    }

    function test_an_answer_of_a_megabyte_is_none() external {
        opened();
        claim(ALICE);
        vm.warp(START + 50 days);
        odd.turn(OddMoney.Kind.Bomb, address(0));
        fund.fixShares{gas: 1_500_000}(needs());
        fund.pay(ownerOf(ALICE), one(0));
        vm.assertEq(usdc.balanceOf(ALICE), 400e6, "dollars");
    }

    function test_a_payee_that_is_asked_while_it_is_paid_gets_nothing_twice() external {
        opened();
        Receiver payee = new Receiver(fund, ownerOf(ALICE));
        worth(address(payee), 1_000e6);
        worth(CAROL, 2_000e6);
        vm.prank(ALICE);
        fund.claim(0, volumeOf(3), named(id(ALICE)), address(payee));
        vm.warp(START + 50 days);
        fund.fixShares(needs());
        odd.turn(OddMoney.Kind.Hook, address(0));
        payee.will(abi.encodeCall(fund.pay, (ownerOf(ALICE), both())));
        payee.will(abi.encodeCall(fund.recover, (address(odd))));
        payee.will(abi.encodeCall(fund.fixShares, (needs())));
        payee.will(
            abi.encodeCall(fund.claim, (0, volumeOf(3), named(id(address(payee))), address(payee)))
        );
        payee.will(abi.encodeCall(fund.changePayee, (ownerOf(ALICE), BOB)));
        uint256[] memory reversed = one(1);
        fund.pay(ownerOf(ALICE), reversed);
        // A late claim, which is paid after its own challenge, and another payee.
        vm.assertEq(payee.done(), 24, "what it could");
        vm.assertEq(odd.balanceOf(address(payee)), 0.8 ether, "once");
        fund.pay(ownerOf(ALICE), one(0));
        vm.assertEq(usdc.balanceOf(BOB), 400e6, "the other payee");
        refused(ICompensation.TooEarly.selector);
        fund.pay(ownerOf(address(payee)), both());
    }

    /// Whatever the decimals and values, no pool is worth more than what is owed by one smallest unit
    /// or more, none is above the balance, and the fund is never short of what it promised.
    function test_pools(uint8 digits, uint8 own, uint256[2] memory value, uint128 there) external {
        Record memory other = held(4);
        Needs memory some;
        some.assets = new Need[](2);
        some.assets[0] = Need(keccak256("USDC"), digits % 39, value[0], 0);
        some.assets[1] = Need(keccak256("ETH"), own % 39, value[1], 0);
        other.needs = keccak256(abi.encode(some));
        odd = new OddMoney(own % 37);
        CompensationTerms memory bound = terms();
        bound.payouts[1].token = address(odd);
        fund = new Compensation(bound);
        usdc.mint(address(fund), there);
        odd.mint(address(fund), there);
        registry.append(4, other);
        vm.warp(START + 7 days);
        registry.breach(4);
        fund.report(4);
        fund.nominate(4, other);
        vm.warp(START + 10 days);
        fund.open();
        AppendedVolume memory volume = volumeOf(4);
        volume.record = other;
        address[3] memory who = [ALICE, BOB, CAROL];
        for (uint256 i = 0; i < 3; ++i) {
            vm.prank(who[i]);
            fund.claim(0, volume, named(id(who[i])), who[i]);
        }
        vm.warp(START + 50 days);
        fund.fixShares(some);
        for (uint256 i = 0; i < 3; ++i) fund.pay(ownerOf(who[i]), both());
        vm.assertLe(usdc.balanceOf(address(fund)), there, "dollars");
        if (value[0] == 0) vm.assertLe(usdc.balanceOf(address(fund)), 3, "shared whole");
    }

    /// Claims in time and late, lowered before and after the shares are fixed, paid in any order:
    /// what was taken back leaves what was promised.
    function test_nothing_promised_is_taken_back(
        uint128[3] memory x,
        uint128[6] memory low,
        uint8 order
    ) external {
        opened();
        address[3] memory who = [ALICE, BOB, CAROL];
        uint256 left = OWED;
        for (uint256 i = 0; i < 3; ++i) {
            uint256 equity = x[i] % (left + 1);
            left -= equity;
            worth(who[i], equity);
            x[i] = uint128(equity);
            if (equity != 0 && (order >> i) & 1 == 0) claim(who[i]);
            lowered(who[i], low[i]);
        }
        vm.warp(START + 50 days);
        fund.fixShares(needs());
        for (uint256 i = 0; i < 3; ++i) {
            if (x[i] != 0 && (order >> i) & 1 != 0) claim(who[i]);
        }
        vm.warp(START + 55 days);
        for (uint256 i = 0; i < 3; ++i) {
            if (x[i] != 0 && (order >> i) & 1 != 0) lowered(who[i], low[3 + i]);
        }
        vm.warp(START + 475 days);
        for (uint256 i = 0; i < 3; ++i) {
            if (x[i] != 0 && (order >> (3 + i)) & 1 == 0) fund.pay(ownerOf(who[i]), both());
        }
        if (usdc.balanceOf(address(fund)) != 0) try fund.recover(address(usdc)) {} catch {}
        if (odd.balanceOf(address(fund)) != 0) try fund.recover(address(odd)) {} catch {}
        for (uint256 i = 0; i < 3; ++i) {
            if (x[i] != 0 && (order >> (3 + i)) & 1 != 0) fund.pay(ownerOf(who[i]), both());
            uint256 got = usdc.balanceOf(who[i]) + (odd.balanceOf(who[i]) * 2_000e6) / 1 ether;
            vm.assertLe(got, x[i], "above what is owed");
        }
        vm.assertLe(usdc.balanceOf(address(fund)), 3, "what is left");
        vm.assertLe(usdc.balanceOf(OWNER) + left / 10, 1_000e6 + OWED, "to the owner");
    }

    function lowered(address account, uint128 low) private {
        low = low % OWED;
        if (low <= fund.claimOf(ownerOf(account)).received) return;
        vm.prank(PAYER);
        try fund.lower(ownerOf(account), low) {} catch {}
    }
}
