// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {PolicyEngine} from "@chainlink/policy-management/core/PolicyEngine.sol";
import {PolicyProtected} from "@chainlink/policy-management/core/PolicyProtected.sol";
import {ERC3643MintBurnExtractor} from "@chainlink/policy-management/extractors/ERC3643MintBurnExtractor.sol";
import {IPolicyEngine} from "@chainlink/policy-management/interfaces/IPolicyEngine.sol";
import {SecureMintPolicy} from "@chainlink/policy-management/policies/SecureMintPolicy.sol";
import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC1967Proxy} from "@openzeppelin/contracts/proxy/ERC1967/ERC1967Proxy.sol";

import {CoverageFeed, Scale} from "../contracts/CoverageFeed.sol";
import {ISolvencyRegistry, Record, State} from "../contracts/interfaces/ISolvencyRegistry.sol";
import {Test} from "./Test.sol";
import {StatedRegistry} from "./mocks/StatedRegistry.sol";

/// A token whose minting asks a policy engine, as Chainlink's examples do.
contract MintedToken is ERC20, PolicyProtected {
    constructor(address engine) ERC20("Minted", "MNT") PolicyProtected(msg.sender, engine) {}

    function mint(address account, uint256 amount) external runPolicy {
        _mint(account, amount);
    }
}

/// Chainlink's own policy engine and SecureMintPolicy, behind proxies as it deploys them, on a feed
/// of what a venue's coverage lets a token have.
contract SecureMintTest is Test {
    bytes32 private constant VENUE = "venue";
    uint64 private constant AS_OF = 1_800_000_000;
    uint128 private constant WHOLE = 1_000 ether;

    StatedRegistry private stated;
    CoverageFeed private feed;
    MintedToken private token;
    SecureMintPolicy private policy;

    function setUp() external {
        vm.warp(AS_OF + 10);
        stated = new StatedRegistry();
        feed = new CoverageFeed(
            ISolvencyRegistry(address(stated)),
            VENUE,
            State.Warning,
            Scale(18, WHOLE, WHOLE)
        );
        PolicyEngine engine = PolicyEngine(
            address(
                new ERC1967Proxy(
                    address(new PolicyEngine()),
                    abi.encodeCall(PolicyEngine.initialize, (true, address(this)))
                )
            )
        );
        token = new MintedToken(address(engine));
        bytes memory configuration = abi.encode(
            address(feed),
            SecureMintPolicy.ReserveMarginConfigs(SecureMintPolicy.ReserveMarginMode.None, 0),
            uint256(1 hours),
            SecureMintPolicy.TokenMetadata(address(token), 18)
        );
        address code = address(new SecureMintPolicy());
        bytes memory initialize = abi.encodeWithSignature(
            "initialize(address,address,bytes)",
            address(engine),
            address(this),
            configuration
        );
        policy = SecureMintPolicy(address(new ERC1967Proxy(code, initialize)));
        ERC3643MintBurnExtractor extractor = new ERC3643MintBurnExtractor();
        engine.setExtractor(MintedToken.mint.selector, address(extractor));
        bytes32[] memory parameters = new bytes32[](1);
        parameters[0] = extractor.PARAM_AMOUNT();
        engine.addPolicy(address(token), MintedToken.mint.selector, address(policy), parameters);
    }

    function append(uint64 coverageBps) private {
        Record memory record;
        (record.asOf, record.coverageBps) = (AS_OF, coverageBps);
        stated.append(record);
    }

    function refused(uint256 amount) private {
        vm.expectPartialRevert(IPolicyEngine.PolicyRunRejected.selector);
        token.mint(address(this), amount);
    }

    function test_the_supply_is_what_the_feed_lets_it_be() external {
        append(15_000);
        token.mint(address(this), 999 ether);
        refused(1 ether + 1);
        token.mint(address(this), 1 ether);
        refused(1);
    }

    function test_a_fall_of_coverage_lowers_it() external {
        append(9_000);
        refused(900 ether + 1);
        token.mint(address(this), 900 ether);
    }

    function test_nothing_is_minted_once_the_state_falls_and_without_a_transaction() external {
        append(15_000);
        token.mint(address(this), 1);
        for (uint8 i = uint8(State.Breach); i <= uint8(State.Paused); i++) {
            stated.setState(State(i));
            refused(1);
        }
        stated.setState(State.Warning);
        token.mint(address(this), 1);
    }

    function test_nothing_is_minted_before_the_first_attestation() external {
        refused(1);
    }

    function test_nothing_is_minted_on_an_old_snapshot() external {
        append(15_000);
        vm.warp(AS_OF + 1 hours);
        token.mint(address(this), 1);
        vm.warp(AS_OF + 1 hours + 1);
        refused(1);
    }
}
