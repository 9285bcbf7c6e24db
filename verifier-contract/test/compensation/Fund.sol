// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Strings} from "@openzeppelin/contracts/utils/Strings.sol";
import {Compensation} from "../../contracts/Compensation.sol";
import {
    ICompensation,
    Payout,
    CompensationTerms
} from "../../contracts/interfaces/ICompensation.sol";
import {Need, Needs} from "../../contracts/interfaces/IEvaluator.sol";
import {ISolvencyRegistry, Record} from "../../contracts/interfaces/ISolvencyRegistry.sol";
import {
    AppendedVolume,
    IStatementVerifier,
    Statement
} from "../../contracts/interfaces/IStatementVerifier.sol";
import {Test} from "../Test.sol";
import {MockKeyed, MockMoney, MockRegistry, MockStatements} from "./Mocks.sol";

/// A venue with a fund of 1,000 USDC (6 decimals) and 2 WETH (18), and three attestations that hold,
/// a day apart, of which the second owes 10,000 USD. A unit of value is 10^-6 USD; a USDC is worth
/// 10^6 units, an ETH 2,000 USD.
abstract contract Fund is Test {
    bytes32 internal constant VENUE = keccak256("venue");
    uint64 internal constant START = 1_800_000_000;
    address internal constant OWNER = address(0xa0);
    address internal constant PAYER = address(0xb0);
    address internal constant ALICE = address(0xa11ce);
    address internal constant BOB = address(0xb0b);
    address internal constant CAROL = address(0xca401);
    uint128 internal constant OWED = 10_000e6;

    MockRegistry internal registry;
    MockStatements internal statements;
    MockStatements internal others;
    /// Whose key is that of the statements; the record's hash has its address, so it is set up first.
    address internal verifier;
    MockMoney internal usdc;
    MockMoney internal weth;
    Compensation internal fund;

    function setUp() public virtual {
        vm.warp(START);
        registry = new MockRegistry(OWNER);
        verifier = address(new MockKeyed(keccak256("key")));
        statements = new MockStatements(address(registry));
        others = new MockStatements(address(registry));
        (usdc, weth) = (new MockMoney(6), new MockMoney(18));
        fund = new Compensation(terms());
        usdc.mint(address(fund), 1_000e6);
        weth.mint(address(fund), 2 ether);
        for (uint64 round = 1; round <= 3; ++round) {
            registry.append(round, held(round));
        }
        worth(ALICE, 4_000e6);
        worth(BOB, 3_000e6);
        worth(CAROL, 3_000e6);
    }

    function terms() internal view returns (CompensationTerms memory bound) {
        bound.venue = VENUE;
        bound.registry = ISolvencyRegistry(address(registry));
        bound.statements = new IStatementVerifier[](2);
        bound.statements[0] = IStatementVerifier(address(statements));
        bound.statements[1] = IStatementVerifier(address(others));
        bound.payouts = new Payout[](2);
        Payout memory dollars = Payout(address(usdc), keccak256("USDC"));
        Payout memory ether_ = Payout(address(weth), keccak256("ETH"));
        (bound.payouts[0], bound.payouts[1]) = (dollars, ether_);
        bound.payer = PAYER;
        bound.settledFor = 2 days;
        bound.grace = 3 days;
        bound.graceAtMost = 30 days;
        bound.expiredAfter = 7 days;
        bound.claimsFor = 30 days;
        bound.challengeFor = 10 days;
        bound.lateFor = 60 days;
        bound.recoveredAfter = 365 days;
    }

    /// The number of a token among the payouts.
    function numberOf(MockMoney token) internal view returns (uint256) {
        return address(token) == address(usdc) ? 0 : 1;
    }

    function needs() internal pure returns (Needs memory found) {
        found.assets = new Need[](2);
        found.assets[0] = Need(keccak256("ETH"), 9, 2, 0);
        found.assets[1] = Need(keccak256("USDC"), 6, 1, 0);
    }

    /// The record of an attestation that holds, appended on that day.
    function held(uint64 round) internal view returns (Record memory record) {
        record.context = keccak256(abi.encode("context", round));
        record.sequence = round;
        record.asOf = START + round * 1 days - 1 hours;
        record.appendedAt = START + round * 1 days;
        record.owed = OWED;
        record.verifier = verifier;
        record.needs = keccak256(abi.encode(needs()));
        record.volumes = 1;
    }

    function id(address account) internal pure returns (string memory) {
        return Strings.toHexString(account);
    }

    function ownerOf(address account) internal pure returns (bytes32) {
        return hashOf(id(account));
    }

    function hashOf(string memory name) internal pure returns (bytes32) {
        bytes32 tag = keccak256("pacioli.owner.v1");
        return keccak256(abi.encodePacked(tag, bytes(name).length, name));
    }

    function worth(address account, uint256 equity) internal {
        statements.set(id(account), equity, 0);
        others.set(id(account), equity, 0);
    }

    function volumeOf(uint64 round) internal view returns (AppendedVolume memory volume) {
        (volume.venue, volume.round, volume.record) = (VENUE, round, held(round));
        volume.phase1 = new bytes32[](1);
    }

    function named(string memory name) internal pure returns (Statement memory statement) {
        statement.id = name;
    }

    /// The third attestation is found in breach, four days after it was appended.
    function breach() internal returns (uint64 time) {
        time = START + 7 days;
        vm.warp(time);
        registry.breach(3);
        fund.report(3);
    }

    /// The fund opens on the third attestation.
    function opened() internal returns (uint64 time) {
        breach();
        fund.nominate(3, held(3));
        time = START + 10 days;
        vm.warp(time);
        fund.open();
    }

    function claim(address account) internal {
        vm.prank(account);
        fund.claim(0, volumeOf(3), named(id(account)), account);
    }

    function both() internal pure returns (uint256[] memory numbers) {
        numbers = new uint256[](2);
        numbers[1] = 1;
    }

    function isPhase(ICompensation.Phase phase) internal view {
        vm.assertEq(uint256(fund.phase()), uint256(phase), "phase");
    }

    function refused(bytes4 selector) internal {
        vm.expectPartialRevert(selector);
    }
}
