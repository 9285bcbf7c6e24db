// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

import {FollowingGuard} from "../contracts/FollowingGuard.sol";
import {Demands, Solvency} from "../contracts/Solvency.sol";
import {SolvencyAnswers} from "../contracts/SolvencyAnswers.sol";
import {SolvencySource} from "../contracts/SolvencySource.sol";
import {SolventVault} from "../contracts/adapters/SolventVault.sol";
import {ISolvencyRegistry, State} from "../contracts/interfaces/ISolvencyRegistry.sol";
import {ISolvencySource} from "../contracts/interfaces/ISolvencySource.sol";
import {IVenues} from "../contracts/interfaces/IVenues.sol";
import {World} from "./World.sol";
import {PlainToken} from "./mocks/Tokens.sol";

/// A guard that follows, and says whether one market is in order too.
contract Follower is FollowingGuard {
    constructor(
        ISolvencySource from,
        ISolvencyRegistry registry,
        bytes32 venue
    ) FollowingGuard(from, registry, venue, Demands(State.Warning, 0, 0, 0, 0)) {}

    function deposit() external view whenSolvent {}

    function close() external view whenAtMost(State.Breach) {}

    function isSolventFor(bytes32 subject) external view returns (bool) {
        (ISolvencyRegistry registry, bytes32 venue) = solvencySource();
        return Solvency.isSolventFor(registry, venue, subject, solvencyDemands());
    }
}

/// A vault that follows.
contract FollowingVault is SolventVault {
    ISolvencySource private immutable _FROM;

    constructor(
        IERC20 token,
        ISolvencySource from,
        ISolvencyRegistry registry,
        bytes32 venue
    ) SolventVault(token, "V", "V", registry, venue, Demands(State.Warning, 0, 0, 0, 0)) {
        _FROM = from;
    }

    function solvencySource() public view override returns (ISolvencyRegistry, bytes32) {
        return SolvencyAnswers.sourceOf(_FROM);
    }
}

/// Behind a proxy: answers as a registry and a source should, until it is upgraded.
contract Turning {
    uint256 public mode;
    address private immutable _registry;
    bytes32 private immutable _venue;

    /// The last mode.
    uint256 public constant LAST = 10;

    constructor(address registry, bytes32 venue) {
        (_registry, _venue) = (registry == address(0) ? address(this) : registry, venue);
    }

    function turn(uint256 mode_) external {
        mode = mode_;
    }

    fallback() external {
        (uint256 how, address registry, bytes32 venue) = (mode, _registry, _venue);
        bool isVenues = msg.sig == ISolvencyRegistry.VENUES.selector;
        bool isLimits = msg.sig == IVenues.limitsOf.selector;
        bool isSource = msg.sig == ISolvencySource.source.selector;
        assembly {
            switch how
            case 0 {
                if or(isVenues, isSource) {
                    mstore(0x00, registry)
                    mstore(0x20, venue)
                    return(0, 0x40)
                }
                if isLimits {
                    for {
                        let i := 0
                    } lt(i, 0x200) {
                        i := add(i, 0x20)
                    } {
                        mstore(i, 1)
                    }
                    return(0, 0x200)
                }
                return(0x1000, 0x400)
            }
            // Nothing, an error, an error without end, all gas.
            case 1 {
                return(0, 0)
            }
            case 2 {
                revert(0, 0)
            }
            case 3 {
                revert(0, 100000)
            }
            case 4 {
                invalid()
            }
            // Too little, no state, no numbers of 64 bits, no truth value, no faults, too much.
            case 5 {
                mstore(0, 1)
                return(0, 0x11f)
            }
            case 6 {
                mstore(0, 6)
                mstore(0x20, 1)
                return(0, 0x120)
            }
            case 7 {
                mstore(0, 1)
                mstore(0x20, not(0))
                mstore(0x40, 0)
                mstore(0x60, 0)
                return(0, 0x120)
            }
            case 8 {
                mstore(0, 1)
                mstore(0x20, 1)
                mstore(0x40, 0)
                mstore(0x60, 0)
                mstore(0x100, 2)
                return(0, 0x120)
            }
            case 9 {
                mstore(0, 1)
                mstore(0x20, 1)
                mstore(0x40, 0)
                mstore(0x60, 0)
                mstore(0xc0, 0x10000)
                return(0, 0x120)
            }
            default {
                mstore(0, not(0))
                return(0, 100000)
            }
        }
    }
}

/// Guards that follow to a registry or ask a source that is changed under them.
contract GuardAnswersTest is World {
    bytes32 private constant SUBJECT = keccak256("ETH-PERP");
    Turning private turning;

    function setUp() external {
        world(someLimits());
        attest();
    }

    function assertShut(Follower guard) private {
        for (uint256 i = 1; i <= turning.LAST(); ++i) {
            turning.turn(i);
            uint256 before = gasleft();
            vm.assertTrue(!guard.isSolvent(), "the whole venue");
            vm.assertTrue(!guard.isSolventFor(SUBJECT), "one market");
            vm.assertLe(before - gasleft(), 2_500_000, "gas");
            vm.expectRevert();
            guard.deposit();
        }
    }

    function test_a_next_registry_that_changes_shuts_and_reverts_no_view() external {
        SolvencySource source = new SolvencySource(OWNER, 1 days, registry, venue);
        Follower guard = new Follower(source, registry, venue);
        turning = new Turning(address(0), 0);
        vm.prank(OWNER);
        source.announceMove(ISolvencyRegistry(address(turning)), venue);
        vm.assertTrue(guard.isSolvent() && guard.isSolventFor(SUBJECT), "before");
        later(1 days);
        assertShut(guard);
    }

    function test_a_source_that_changes_shuts_and_reverts_no_view() external {
        turning = new Turning(address(registry), venue);
        Follower guard = new Follower(ISolvencySource(address(turning)), registry, venue);
        vm.assertTrue(guard.isSolvent() && guard.isSolventFor(SUBJECT), "before");
        guard.deposit();
        assertShut(guard);
        vm.etch(address(turning), "");
        vm.assertTrue(!guard.isSolvent(), "gone");
        bytes memory refusal = abi.encodeWithSelector(Solvency.NoRegistry.selector, address(0));
        vm.expectRevert(refusal);
        guard.deposit();
        vm.expectRevert(refusal);
        guard.close();
    }

    function test_a_vault_behind_either_is_closed_and_lets_everybody_out() external {
        PlainToken token = new PlainToken();
        turning = new Turning(address(registry), venue);
        FollowingVault vault = new FollowingVault(
            IERC20(address(token)),
            ISolvencySource(address(turning)),
            registry,
            venue
        );
        token.give(address(this), 100);
        token.approve(address(vault), 100);
        vault.deposit(100, address(this));
        vm.assertTrue(vault.maxDeposit(STRANGER) != 0 && vault.maxMint(STRANGER) != 0, "open");
        for (uint256 i = 1; i <= turning.LAST(); ++i) {
            turning.turn(i);
            vm.assertEq(vault.maxDeposit(STRANGER), uint256(0), "deposit");
            vm.assertEq(vault.maxMint(STRANGER), uint256(0), "mint");
            vm.assertTrue(vault.previewDeposit(5) == 5 && vault.previewMint(5) == 5, "previews");
            vm.expectRevert();
            vault.deposit(1, address(this));
            vm.expectRevert();
            vault.mint(1, address(this));
            vault.withdraw(2, address(this), address(this));
            vault.redeem(2, address(this), address(this));
        }
        vm.assertEq(vault.maxWithdraw(address(this)), uint256(60), "the way out");
    }

    function test_too_little_gas_closes_and_opens_nothing() external {
        SolvencySource source = new SolvencySource(OWNER, 1 days, registry, venue);
        Follower guard = new Follower(source, registry, venue);
        vm.prank(GUARDIAN);
        venues.freezeVerifier(venue, verifier);
        assertState(State.Breach, "revoked");
        for (uint256 gas_ = 20_000; gas_ < 150_000; gas_ += 1_000) {
            try guard.isSolvent{gas: gas_}() returns (bool open) {
                vm.assertTrue(!open, "whatever the gas");
            } catch {}
        }
    }

    function test_a_registry_costs_a_small_part_of_what_a_view_gives_it() external {
        Follower guard = new Follower(
            new SolvencySource(OWNER, 1 days, registry, venue),
            registry,
            venue
        );
        uint256 before = gasleft();
        vm.assertTrue(guard.isSolvent(), "healthy");
        vm.assertLe(before - gasleft(), 100_000, "gas");
    }

    function test_a_move_to_a_venue_that_the_registry_does_not_know_is_refused() external {
        SolvencySource source = new SolvencySource(OWNER, 1 days, registry, venue);
        bytes memory refusal = abi.encodeWithSelector(
            IVenues.UnknownVenue.selector,
            keccak256("typo")
        );
        vm.prank(OWNER);
        vm.expectRevert(refusal);
        source.announceMove(registry, keccak256("typo"));
        vm.expectRevert(refusal);
        new SolvencySource(OWNER, 1 days, registry, keccak256("typo"));
    }
}
