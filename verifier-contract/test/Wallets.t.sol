// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Attested, IObservers, Signature} from "../contracts/interfaces/IObservers.sol";
import {ObserversSetup} from "./ObserversSetup.sol";

interface ISafe {
    function setup(
        address[] calldata owners,
        uint256 threshold,
        address to,
        bytes calldata data,
        address fallbackHandler,
        address paymentToken,
        uint256 payment,
        address payable paymentReceiver
    ) external;
}

interface ISafeHandler {
    function getMessageHashForSafe(
        address safe,
        bytes memory message
    ) external view returns (bytes32);
}

interface ICheats {
    function setEvmVersion(string calldata version) external;
}

/// A wallet that does not hash again what it is asked for: whatever its owner signed is signed.
contract PlainWallet {
    address public immutable OWNER;

    constructor(address owner) {
        OWNER = owner;
    }

    function isValidSignature(
        bytes32 hash,
        bytes calldata signature
    ) external view returns (bytes4) {
        bytes32 r = bytes32(signature[:32]);
        bytes32 s = bytes32(signature[32:64]);
        bool holds = ecrecover(hash, uint8(signature[64]), r, s) == OWNER;
        return holds ? this.isValidSignature.selector : bytes4(0);
    }
}

/// What a key delegates to: takes a word in place of the key's signature.
contract WordTaker {
    function isValidSignature(bytes32, bytes calldata signature) external pure returns (bytes4) {
        bool holds = keccak256(signature) == keccak256("open");
        return holds ? WordTaker.isValidSignature.selector : bytes4(0);
    }
}

/// Contracts and delegated keys that sign.
contract WalletsTest is ObserversSetup {
    string private constant SAFE =
        "consumers/node_modules/@safe-global/safe-contracts/build/artifacts/contracts/";

    address internal handler;
    address internal singleton;

    function setUp() public override {
        super.setUp();
        singleton = _deploy("Safe.sol/Safe.json", "");
        handler = _deploy(
            "handler/CompatibilityFallbackHandler.sol/CompatibilityFallbackHandler.json",
            ""
        );
    }

    function test_a_plain_key_publishes() external view {
        vm.assertEq(check(all(2)), uint256(2), "two");
    }

    function test_a_safe_publishes() external {
        address safe = _safe(_two(0x31, 0x32), 2);
        publisher = safe;
        Signature[] memory list = new Signature[](3);
        list[0] = blank(safe);
        (list[1], list[2]) = (sign(keys[0]), sign(keys[1]));
        _signBySafe(list[0], safe, _two(0x31, 0x32));
        vm.assertEq(check(list), uint256(2), "two");
        // One of its two owners is not enough.
        _signBySafe(list[0], safe, _one(0x31));
        refuses(IObservers.SignatureInvalid.selector, safe);
        check(list);
        // Nor are others.
        _signBySafe(list[0], safe, _two(0x31, 0x33));
        refuses(IObservers.SignatureInvalid.selector, safe);
        check(list);
    }

    function test_a_safe_observes() external {
        address safe = _safe(_two(0x31, 0x32), 2);
        announce(safe);
        vm.warp(block.timestamp + DELAY);
        Signature memory by = blank(safe);
        _signBySafe(by, safe, _two(0x31, 0x32));
        Signature[] memory list = all(1);
        vm.assertEq(check(_with(list, by)), uint256(2), "two");
        // What it signed is of another number.
        attested.sequence++;
        refuses(IObservers.SignatureInvalid.selector, safe);
        check(_with(all(1), by));
    }

    function test_a_safe_is_not_signed_for_by_another_safe_of_its_owners() external {
        address safe = _safe(_one(0x31), 1);
        address other = _safe(_one(0x31), 1);
        announce(safe);
        announce(other);
        vm.warp(block.timestamp + DELAY);
        Signature memory by = blank(safe);
        _signBySafe(by, safe, _one(0x31));
        by.signer = other;
        Signature[] memory list = _with(all(1), by);
        refuses(IObservers.SignatureInvalid.selector, other);
        check(list);
    }

    function test_a_wallet_that_hashes_nothing_again_is_not_signed_for_by_another() external {
        address one = address(new PlainWallet(vm.addr(0x31)));
        address other = address(new PlainWallet(vm.addr(0x31)));
        announce(one);
        announce(other);
        announce(vm.addr(0x31));
        vm.warp(block.timestamp + DELAY);
        Signature memory by = blank(one);
        sign(0x31, by, attested);
        check(_with(all(1), by));
        by.signer = other;
        Signature[] memory list = _with(all(1), by);
        refuses(IObservers.SignatureInvalid.selector, other);
        check(list);
        by.signer = vm.addr(0x31);
        list = _with(all(1), by);
        refuses(IObservers.SignatureInvalid.selector, vm.addr(0x31));
        check(list);
    }

    /// What cannot be seen: see docs/observers.md.
    function test_a_key_and_the_safe_it_owns_count_as_two() external {
        address safe = _safe(_one(keys[0]), 1);
        announce(safe);
        vm.warp(block.timestamp + DELAY);
        Signature memory by = blank(safe);
        _signBySafe(by, safe, _one(keys[0]));
        vm.assertEq(check(_with(all(1), by)), uint256(2), "two");
    }

    function test_a_safe_is_ejected() external {
        address safe = _safe(_one(0x31), 1);
        announce(safe);
        vm.warp(block.timestamp + DELAY);
        Signature memory one = blank(safe);
        _signBySafe(one, safe, _one(0x31));
        (bytes32 context, bytes32 other) = (attested.context, bytes32("other context"));
        attested.context = other;
        Signature memory two = blank(safe);
        _signBySafe(two, safe, _one(0x31));
        attested.context = context;
        observers.eject(address(this), attested, _other(other), one, two);
        vm.assertTrue(observers.isEjected(VENUE, safe), "ejected");
    }

    function test_a_safe_alarms() external {
        address safe = _safe(_two(0x31, 0x32), 2);
        announce(safe);
        setAlarmThreshold(1);
        vm.warp(block.timestamp + DELAY);
        uint64 until = now64() + 1 hours;
        bytes32 hash = digest(address(observers), alarmOf(safe, until));
        address[] memory signers = new address[](1);
        bytes[] memory signatures = new bytes[](1);
        (signers[0], signatures[0]) = (safe, _bySafe(hash, safe, _one(0x31)));
        vm.expectRevert(abi.encodeWithSelector(IObservers.TooFewSignatures.selector, 0, 1));
        observers.alarm(VENUE, bytes32("why"), until, signers, signatures);
        signatures[0] = _bySafe(hash, safe, _two(0x31, 0x32));
        observers.alarm(VENUE, bytes32("why"), until, signers, signatures);
        vm.assertEq(uint256(observers.alarmedUntil(VENUE)), uint256(until), "until");
    }

    function test_a_key_that_delegates_publishes_by_itself_and_by_its_code() external {
        ICheats(address(vm)).setEvmVersion("prague");
        vm.signAndAttachDelegation(address(new WordTaker()), PUBLISHER_KEY);
        (bool answers, ) = publisher.call("");
        vm.assertTrue(!answers, "its code takes no money");
        vm.assertEq(publisher.code.length, uint256(23), "delegates");
        Signature[] memory list = all(2);
        vm.assertEq(check(list), uint256(2), "by its key");
        list[0].signature = "open";
        vm.assertEq(check(list), uint256(2), "by its code");
        list[0].signature = "shut";
        refuses(IObservers.SignatureInvalid.selector, publisher);
        check(list);
        list[0].signature = signed(keys[0], keccak256("other"));
        refuses(IObservers.SignatureInvalid.selector, publisher);
        check(list);
    }

    function _other(bytes32 context) private view returns (Attested memory other) {
        other = attested;
        other.context = context;
    }

    function _with(
        Signature[] memory list,
        Signature memory by
    ) private pure returns (Signature[] memory longer) {
        longer = new Signature[](list.length + 1);
        uint256 place = list.length;
        for (; place > 1 && list[place - 1].signer > by.signer; place--) {
            longer[place] = list[place - 1];
        }
        longer[place] = by;
        for (uint256 i = 0; i < place; i++) longer[i] = list[i];
    }

    function _one(uint256 key) private pure returns (uint256[] memory list) {
        list = new uint256[](1);
        list[0] = key;
    }

    function _two(uint256 one, uint256 two) private pure returns (uint256[] memory list) {
        list = new uint256[](2);
        (list[0], list[1]) = vm.addr(one) < vm.addr(two) ? (one, two) : (two, one);
    }

    function _signBySafe(Signature memory by, address safe, uint256[] memory of_) private view {
        by.signature = _bySafe(digest(address(this), attestOf(attested, by)), safe, of_);
    }

    function _bySafe(
        bytes32 hash,
        address safe,
        uint256[] memory of_
    ) private view returns (bytes memory list) {
        bytes32 own = ISafeHandler(handler).getMessageHashForSafe(safe, abi.encode(hash));
        for (uint256 i = 0; i < of_.length; i++) list = bytes.concat(list, signed(of_[i], own));
    }

    function _safe(uint256[] memory of_, uint256 threshold) private returns (address safe) {
        safe = _deploy("proxies/SafeProxy.sol/SafeProxy.json", abi.encode(singleton));
        address[] memory owners = new address[](of_.length);
        for (uint256 i = 0; i < of_.length; i++) owners[i] = vm.addr(of_[i]);
        address payable nobody = payable(address(0));
        ISafe(safe).setup(owners, threshold, nobody, "", handler, nobody, 0, nobody);
    }

    function _deploy(string memory path, bytes memory arguments) private returns (address made) {
        string memory json = vm.readFile(string.concat(SAFE, path));
        bytes memory code = bytes.concat(vm.parseJsonBytes(json, ".bytecode"), arguments);
        assembly ("memory-safe") {
            made := create(0, add(code, 0x20), mload(code))
        }
        vm.assertTrue(made != address(0), "deployed");
    }
}
