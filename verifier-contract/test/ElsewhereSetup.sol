// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Test} from "./Test.sol";
import {VenuesDouble} from "./ReservesSetup.sol";
import {Elsewhere} from "../contracts/Elsewhere.sol";
import {IElsewhere} from "../contracts/interfaces/IElsewhere.sol";
import {IObservers} from "../contracts/interfaces/IObservers.sol";
import {Holding} from "../contracts/interfaces/IReserves.sol";
import {IVenues} from "../contracts/interfaces/IVenues.sol";

/// Observers of which a test sets who they are; plain keys.
contract ObserversDouble {
    mapping(bytes32 venue => address[]) private _members;
    mapping(bytes32 venue => uint8) private _threshold;

    function set(bytes32 venue, address[] calldata members, uint8 threshold) external {
        (_members[venue], _threshold[venue]) = (members, threshold);
    }

    function observersOf(
        bytes32 venue
    ) external view returns (IObservers.ObserversView memory found) {
        found.members = _members[venue];
        found.activeFrom = new uint64[](found.members.length);
        found.threshold = _threshold[venue];
    }

    function isSignedBy(
        bytes32 venue,
        address signer,
        bytes32 digest,
        bytes calldata signature
    ) external view returns (bool) {
        bool member = false;
        for (uint256 i = 0; i < _members[venue].length; i++) {
            if (_members[venue][i] == signer) member = true;
        }
        (bytes32 r, bytes32 s, uint8 v) = abi.decode(signature, (bytes32, bytes32, uint8));
        return member && ecrecover(digest, v, r, s) == signer;
    }
}

/// The base of tests of readings: a venue with three observers of whom two are needed, and a
/// remote.
abstract contract ElsewhereSetup is Test {
    bytes32 internal constant VENUE = keccak256("venue");
    bytes32 internal constant BTC = keccak256("BTC");
    uint64 internal constant CHAIN = 10;
    uint256 internal constant UNITS = 1e36;
    uint16 internal constant HALF = 5_000;
    address internal constant OWNER = address(0xA11CE);
    address internal constant TOKEN = address(0x7011);
    address internal constant CUSTODIAN = address(0xC01D);

    VenuesDouble internal venues;
    ObserversDouble internal observers;
    Elsewhere internal elsewhere;
    /// In ascending order of their addresses.
    uint256[] internal keys;

    function setUp() public virtual {
        vm.warp(1_790_000_000);
        venues = new VenuesDouble();
        observers = new ObserversDouble();
        elsewhere = new Elsewhere(IVenues(address(venues)), IObservers(address(observers)));
        venues.set(VENUE, OWNER, 1 days, 30 minutes);
        keys = [uint256(11), 12, 13];
        for (uint256 i = 0; i < 3; i++) {
            for (uint256 j = i + 1; j < 3; j++) {
                bool sorted = vm.addr(keys[i]) < vm.addr(keys[j]);
                if (!sorted) (keys[i], keys[j]) = (keys[j], keys[i]);
            }
        }
        observe(3, 2);
        announce("BTC", CUSTODIAN);
        later(1 days);
    }

    /// The first `n` of the keys observe.
    function observe(uint256 n, uint8 threshold) internal {
        address[] memory members = new address[](n);
        for (uint256 i = 0; i < n; i++) members[i] = vm.addr(keys[i]);
        observers.set(VENUE, members, threshold);
    }

    function announce(string memory asset, address custodian) internal {
        vm.prank(OWNER);
        elsewhere.announce(VENUE, asset, CHAIN, TOKEN, custodian);
    }

    function later(uint256 seconds_) internal {
        vm.warp(block.timestamp + seconds_);
    }

    function now64() internal view returns (uint64) {
        return uint64(block.timestamp);
    }

    /// A reading of now of so many coins.
    function reading(uint256 coins) internal view returns (IElsewhere.Reading memory it) {
        it.venue = VENUE;
        it.asset = BTC;
        (it.chainId, it.token, it.custodian) = (CHAIN, TOKEN, CUSTODIAN);
        (it.number, it.blockHash, it.time) = (7, keccak256("block"), now64());
        it.units = coins * UNITS;
        (it.notBefore, it.deadline) = (it.time, it.time + 1 days);
    }

    function sign(
        Elsewhere at_,
        IElsewhere.Reading memory it,
        uint256 key
    ) internal view returns (bytes memory) {
        bytes32 digest = at_.digestOf(it, vm.addr(key));
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, digest);
        return abi.encode(r, s, v);
    }

    function signed(
        IElsewhere.Reading memory it,
        uint256 one,
        uint256 other
    ) internal view returns (address[] memory signers, bytes[] memory signatures) {
        (signers, signatures) = (new address[](2), new bytes[](2));
        (signers[0], signers[1]) = (vm.addr(one), vm.addr(other));
        (signatures[0], signatures[1]) = (sign(elsewhere, it, one), sign(elsewhere, it, other));
    }

    function post(IElsewhere.Reading memory it) internal {
        (address[] memory signers, bytes[] memory signatures) = signed(it, keys[0], keys[1]);
        elsewhere.post(it, signers, signatures);
    }

    /// What counts beside 100 coins at home of which half may be matched.
    function counted(uint64 from) internal view returns (uint256) {
        Holding[] memory home = new Holding[](2);
        home[0] = Holding(keccak256("ETH"), 100 * UNITS, 0);
        home[1] = Holding(BTC, 100 * UNITS, 7 * UNITS);
        uint256[] memory units = elsewhere.count(VENUE, home, from, HALF);
        vm.assertEq(units[0], uint256(0), "another asset");
        return units[1] / UNITS;
    }
}
