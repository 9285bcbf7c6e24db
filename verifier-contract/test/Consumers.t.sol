// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

import {CoverageFeed, Scale} from "../contracts/CoverageFeed.sol";
import {Demands} from "../contracts/Solvency.sol";
import {SolvencyGuard} from "../contracts/SolvencyGuard.sol";
import {ProtocolSolvency, Telling} from "../contracts/adapters/ProtocolSolvency.sol";
import {Curve, RiskPremium} from "../contracts/adapters/RiskPremium.sol";
import {SolventVault} from "../contracts/adapters/SolventVault.sol";
import {Breaker, IPausable} from "../contracts/examples/Breaker.sol";
import {IAggregatorV3} from "../contracts/interfaces/IAggregatorV3.sol";
import {Needs} from "../contracts/interfaces/IEvaluator.sol";
import {IFeeds} from "../contracts/interfaces/IFeeds.sol";
import {ISolvencyRegistry, Record, State} from "../contracts/interfaces/ISolvencyRegistry.sol";
import {Test} from "./Test.sol";
import {StatedFeed} from "./mocks/StatedFeed.sol";
import {StatedRegistry} from "./mocks/StatedRegistry.sol";
import {PlainToken} from "./mocks/Tokens.sol";

contract AllActions is SolvencyGuard {
    constructor(
        ISolvencyRegistry registry,
        Demands memory demands
    ) SolvencyGuard(registry, "venue", demands) {}

    function add() external view whenSolvent {}

    function open() external view whenHealthy {}

    function large(
        Record calldata record,
        Needs calldata needs
    ) external view whenLive(record, needs) {}

    function most(State worst) external view whenAtMost(worst) {}
}

contract PausedMarket {
    bool public paused;

    function pause() external {
        paused = true;
    }
}

/// Readers of a feed as they are found at work: each says what it would go on with.
contract Readers {
    uint256 private constant HEARTBEAT = 1 days;

    /// Asks for an answer above 0 and a fresh, complete round, as most lenders do.
    function lender(IAggregatorV3 feed) external view returns (bool) {
        (uint80 id, int256 answer, , uint256 at_, uint80 answeredIn) = feed.latestRoundData();
        return answer > 0 && answeredIn >= id && at_ != 0 && block.timestamp - at_ <= HEARTBEAT;
    }

    /// Compares with the round before, and trusts nothing where there is none.
    function careful(IAggregatorV3 feed) external view returns (bool) {
        (uint80 id, int256 answer, , uint256 at_, ) = feed.latestRoundData();
        if (id == 0 || answer <= 0 || at_ == 0 || at_ > block.timestamp) return false;
        try feed.getRoundData(id - 1) returns (uint80, int256 before, uint256, uint256, uint80) {
            return before > 0;
        } catch {
            return false;
        }
    }

    /// Asks whether a figure is negative, as what moves prices between chains does, and compares
    /// what it multiplies to 36 digits with a limit.
    function rebasing(IAggregatorV3 feed) external view returns (bool) {
        (, int256 answer, , , ) = feed.latestRoundData();
        if (answer < 0) return false;
        return uint256(answer) * 10 ** (36 - feed.decimals()) >= 10 ** 36;
    }
}

/// What every consumer answers in every state, as the table of docs/integrating.md says.
contract ConsumersTest is Test {
    bytes32 private constant RULES = "rules";
    uint64 private constant NOW = 1_800_000_000;

    StatedRegistry private stated;
    ISolvencyRegistry private registry;
    Record private record;
    Needs private needs;

    function setUp() external {
        vm.warp(NOW);
        stated = new StatedRegistry();
        registry = ISolvencyRegistry(address(stated));
        address[] memory chunks = new address[](1);
        chunks[0] = address(0xc0de);
        bytes memory head = abi.encodePacked(hex"000000_04_0001_00_0000_0001_0004", bytes3(0));
        vm.etch(chunks[0], bytes.concat(head, bytes32(0), keccak256("USD"), bytes20(0)));
        stated.setChunks(RULES, chunks);
        (record.rules, record.asOf, record.coverageBps) = (RULES, NOW - 60, 10_000);
        (record.reserves, record.owed) = (100, 100);
        stated.append(record);
    }

    function demands(State worst) private pure returns (Demands memory) {
        if (worst == State.Breach) return Demands(worst, 1 hours, 0, RULES, 15);
        return Demands(worst, 0, 0, 0, 0);
    }

    /// Checks an answer for each state, in the order of the table: Healthy, Warning, Expired,
    /// Breach, Paused, None.
    function each(function() external returns (bool) ask, string memory expected) private {
        State[6] memory states = [
            State.Healthy,
            State.Warning,
            State.Expired,
            State.Breach,
            State.Paused,
            State.None
        ];
        for (uint256 i = 0; i < 6; ++i) {
            stated.setState(states[i]);
            stated.setLive(states[i]);
            bool goesOn;
            try ask() returns (bool answer) {
                goesOn = answer;
            } catch {}
            vm.assertTrue(goesOn == (bytes(expected)[i] == "y"), expected);
        }
    }

    AllActions private guard;

    function add() external view returns (bool) {
        guard.add();
        return true;
    }

    function open() external view returns (bool) {
        guard.open();
        return true;
    }

    function large() external view returns (bool) {
        guard.large(record, needs);
        return true;
    }

    function atExpired() external view returns (bool) {
        guard.most(State.Expired);
        return true;
    }

    function atBreach() external view returns (bool) {
        guard.most(State.Breach);
        return true;
    }

    function test_guards() external {
        guard = new AllActions(registry, demands(State.Warning));
        each(this.add, "yynnnn");
        each(guard.isSolvent, "yynnnn");
        each(this.open, "ynnnnn");
        each(this.large, "yynnnn");
        each(this.atExpired, "yyynnn");
        each(this.atBreach, "yyyynn");
        guard = new AllActions(registry, demands(State.Healthy));
        each(this.add, "ynnnnn");
        each(guard.isSolvent, "ynnnnn");
        guard = new AllActions(registry, demands(State.Breach));
        each(this.add, "yyyynn");
        each(guard.isSolvent, "yyyynn");
        each(this.open, "ynnnnn");
    }

    SolventVault private vault;

    function deposits() external returns (bool) {
        vault.deposit(1, address(this));
        return true;
    }

    function limits() external view returns (bool) {
        (uint256 one, uint256 other) = (vault.maxDeposit(address(0)), vault.maxMint(address(0)));
        vm.assertTrue(one == other && (one == 0 || one == type(uint256).max), "all or nothing");
        return one != 0;
    }

    function wayOut() external returns (bool) {
        vault.previewDeposit(1);
        vault.previewMint(1);
        vault.transfer(address(1), 1);
        vault.withdraw(1, address(this), address(this));
        vault.redeem(1, address(this), address(this));
        return true;
    }

    function test_a_vault() external {
        PlainToken token = new PlainToken();
        IERC20 asset = IERC20(address(token));
        vault = new SolventVault(asset, "V", "V", registry, "venue", demands(State.Warning));
        token.give(address(this), 1_000);
        token.approve(address(vault), 1_000);
        vault.deposit(100, address(this));
        each(this.deposits, "yynnnn");
        each(this.limits, "yynnnn");
        each(this.wayOut, "yyyyyy");
    }

    CoverageFeed private feed;
    Readers private readers;

    function answers() external view returns (bool) {
        (, int256 answer, , , ) = feed.latestRoundData();
        return answer == 1e8;
    }

    function lender() external view returns (bool) {
        return readers.lender(feed);
    }

    function careful() external view returns (bool) {
        return readers.careful(feed);
    }

    function rebasing() external view returns (bool) {
        return readers.rebasing(feed);
    }

    function test_a_feed_and_those_who_read_it() external {
        readers = new Readers();
        feed = new CoverageFeed(registry, "venue", State.Warning, Scale(8, 1e8, 1e18));
        each(this.answers, "yynnnn");
        each(this.lender, "yynnnn");
        each(this.rebasing, "yynnnn");
        // There is no round before the latest.
        each(this.careful, "nnnnnn");
        feed = new CoverageFeed(registry, "venue", State.Healthy, Scale(8, 1e8, 1e18));
        each(this.answers, "ynnnnn");
        each(this.lender, "ynnnnn");
        vm.warp(NOW + 1 days);
        each(this.lender, "nnnnnn");
    }

    ProtocolSolvency private solvency;

    function ratio() external view returns (bool) {
        (bool isSolvent, uint256 factor) = solvency.verifySolvency();
        bool isSame = factor == solvency.getSolvencyRatio();
        bool isZero = solvency.getProtocolAssets().values[0] == 0;
        vm.assertTrue(isSame && isSolvent == !isZero && (factor == 0) == isZero, "one answer");
        vm.assertTrue(solvency.getProtocolLiabilities().values[0] != 0, "owed in any state");
        return isSolvent;
    }

    function test_erc7893() external {
        StatedFeed price = new StatedFeed(8);
        price.set(2_000e8, NOW);
        IFeeds.Feed memory listed;
        (listed.name, listed.feed, listed.decimals) = (keccak256("ETH"), address(price), 8);
        (listed.heartbeat, listed.most) = (3_600, 100_000e8);
        stated.setFeed(listed);
        bytes32 eth = keccak256("ETH");
        bytes32 usd = keccak256("USD");
        IAggregatorV3 of_ = IAggregatorV3(address(price));
        solvency = new ProtocolSolvency(
            registry,
            "venue",
            Telling(of_, eth, usd, address(840), 6, 10_000, State.Warning)
        );
        solvency.update(1, record);
        each(this.ratio, "yynnnn");
    }

    Breaker private breaker;

    function trips() external returns (bool) {
        bool can = breaker.canTrip();
        try breaker.trip() {} catch {
            vm.assertTrue(!can, "a keeper is told");
            return false;
        }
        return can;
    }

    function test_a_breaker() external {
        breaker = new Breaker(
            registry,
            "venue",
            0,
            IPausable(address(new PausedMarket())),
            State.Warning
        );
        vm.mockCall(
            address(breaker.MARKET()),
            abi.encodeCall(IPausable.paused, ()),
            abi.encode(false)
        );
        each(this.trips, "nnyyyy");
    }

    function test_a_premium_grows_along_the_table() external {
        Curve memory curve;
        curve.states = [uint32(0), 1, 2, 3, 4, 5];
        curve.margins = [uint32(10_000), 10_001, 10_002, 10_003, 10_004, 10_005];
        (curve.fullCoverage, curve.most) = (1, 100);
        RiskPremium premium = new RiskPremium(registry, curve);
        uint8[6] memory order = [1, 2, 4, 3, 5, 0];
        for (uint256 i = 0; i < 6; ++i) {
            stated.setState(State(order[i]));
            vm.assertEq(premium.premiumOf("venue"), i, "premium");
            vm.assertEq(premium.marginFactorOf("venue"), 10_000 + i, "factor");
        }
    }
}
