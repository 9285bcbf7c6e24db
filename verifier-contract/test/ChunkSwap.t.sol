// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import "./World.sol";

contract Bomb {
    fallback() external {
        selfdestruct(payable(msg.sender));
    }
}

/// Deploys what its maker hands it, after marking itself for destruction if told so.
contract Morph {
    constructor() {
        (address bomb, bytes memory code) = Owner(msg.sender).handed();
        if (bomb != address(0)) {
            (bool done, ) = bomb.delegatecall("");
            done;
        }
        assembly {
            return(add(code, 32), mload(code))
        }
    }
}

/// An owner that is a contract, and makes chunks of any code at one address.
contract Owner {
    Bomb private immutable BOMB = new Bomb();
    address private _bomb;
    bytes private _code;

    function handed() external view returns (address, bytes memory) {
        return (_bomb, _code);
    }

    function make(bool doomed, bytes memory code) public returns (address) {
        _bomb = doomed ? address(BOMB) : address(0);
        _code = code;
        return address(new Morph{salt: 0}());
    }

    function register(
        Venues venues,
        IVenues.Registration calldata it,
        address verifier
    ) external returns (bytes32 id) {
        id = venues.register(it);
        venues.announceVerifier(id, verifier);
    }

    /// One transaction: a chunk that is gone at its end.
    function announce(
        Venues venues,
        bytes32 venue,
        bytes32 rules,
        bytes calldata code,
        bytes32 hash
    ) external returns (address chunk) {
        chunk = make(true, code);
        address[] memory list = new address[](1);
        list[0] = chunk;
        venues.announceRules(venue, rules, hash, list);
    }
}

/// A program whose chunk is made, announced and destroyed in one transaction (EIP-6780), so that
/// other code can be made at its address later.
contract ChunkSwapTest is World {
    bytes32 private constant SWAPPED = keccak256("rules C");
    Owner private _owner;
    address private _chunk;

    function code(uint8 kind) private pure returns (bytes memory) {
        return bytes.concat(hex"000001", keccak256("BTC"), program(kind));
    }

    /// Each call of a test is a transaction of its own (`isolate` in foundry.toml).
    function setUp() external {
        world(someLimits());
        _owner = new Owner();
        IVenues.Registration memory it;
        (it.name, it.publisher, it.guardian) = ("Swaps", PUBLISHER, GUARDIAN);
        (it.delay, it.maxLag, it.limits) = (DELAY, 6 hours, someLimits());
        venue = _owner.register(venues, it, verifier);
        _chunk = _owner.announce(venues, venue, SWAPPED, code(100), programHash(100));
    }

    function refused() private {
        vm.expectRevert(abi.encodeWithSelector(IVenues.ChunksHaveChanged.selector, SWAPPED));
    }

    function test_a_program_is_not_swapped_without_the_delay() external {
        later(DELAY + 1);
        refused();
        venues.termsOf(venue, SWAPPED, verifier);
        vm.assertEq(_owner.make(false, code(0)), _chunk, "same address");
        refused();
        venues.termsOf(venue, SWAPPED, verifier);
        refused();
        venues.rulesOf(venue, SWAPPED);
        Submission memory it = next(venue, SWAPPED);
        reserves.mark();
        atTopLevel(PUBLISHER);
        refused();
        registry.submit(it, volumes(), noSignatures());
        atTopLevel(PUBLISHER);
        refused();
        registry.beginSubmission(it, 1);
        vm.assertEq(venues.rulesOf(venue, RULES).chunks.length, 0, "never announced: empty");
    }

    /// Code as it was announced is the announced program, whoever made it.
    function test_the_same_code_again_is_the_announced_program() external {
        later(DELAY + 1);
        vm.assertEq(_owner.make(false, code(100)), _chunk, "same address");
        vm.assertEq(venues.termsOf(venue, SWAPPED, verifier).chunks[0], _chunk, "as said");
    }
}

/// A swap between the parts of a submission in several transactions.
contract ChunkSwapStagedTest is World {
    function test_a_program_is_not_swapped_while_a_submission_is_pending() external {
        world(someLimits());
        Submission memory it = next(venue, RULES);
        vm.startPrank(PUBLISHER, PUBLISHER);
        registry.beginSubmission(it, 2);
        Continuation memory more;
        (more.venue, more.header) = (it.venue, it.header);
        (more.prices, more.rounds) = (it.prices, it.rounds);
        registry.addVolume(more, 0, volumes()[0]);
        address chunk = venues.rulesOf(venue, RULES).chunks[0];
        bytes memory announced = chunk.code;
        vm.etch(chunk, hex"00ff");
        bytes memory changed = abi.encodeWithSelector(IVenues.ChunksHaveChanged.selector, RULES);
        vm.expectRevert(changed);
        registry.addVolume(more, 1, volumes()[0]);
        vm.etch(chunk, announced);
        registry.addVolume(more, 1, volumes()[0]);
        vm.etch(chunk, hex"00ff");
        bytes[] memory totals = new bytes[](2);
        (totals[0], totals[1]) = ("totals", "totals");
        reserves.mark();
        vm.expectRevert(changed);
        registry.finishSubmission(more, totals, noSignatures());
        vm.stopPrank();
    }
}
