// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Test} from "./Test.sol";
import {Reserves} from "../contracts/Reserves.sol";
import {Counted, Holding, IReserves, Purpose} from "../contracts/interfaces/IReserves.sol";
import {IVenues, Limits} from "../contracts/interfaces/IVenues.sol";

/// Venues of which a test sets what reserves ask for.
contract VenuesDouble {
    mapping(bytes32 venue => address) public ownerOf;
    mapping(bytes32 venue => uint64) public delayOf;
    mapping(bytes32 venue => uint64) private _maxLag;
    mapping(bytes32 venue => Limits) private _limits;
    mapping(bytes32 venue => address) private _publisher;

    function set(bytes32 venue, address owner, uint64 delay, uint64 maxLag) external {
        (ownerOf[venue], delayOf[venue], _maxLag[venue]) = (owner, delay, maxLag);
        _limits[venue].markWithin = 10 minutes;
    }

    function setPublisher(bytes32 venue, address publisher) external {
        _publisher[venue] = publisher;
    }

    function requireOwner(bytes32 venue, address caller) external view {
        if (ownerOf[venue] != caller) revert IVenues.NotOwner(caller);
    }

    function effectiveFrom(bytes32 venue) external view returns (uint64) {
        return uint64(block.timestamp) + delayOf[venue];
    }

    function limitsOf(bytes32 venue) external view returns (Limits memory) {
        return _limits[venue];
    }

    function venueOf(bytes32 venue) external view returns (IVenues.VenueView memory it) {
        it.maxLag = _maxLag[venue];
        (it.owner, it.publisher) = (ownerOf[venue], _publisher[venue]);
    }
}

/// A token that turns.
contract TurningToken {
    enum Mood {
        Honest,
        Long,
        Short,
        Burning,
        Reverting,
        Large
    }

    uint8 public decimals;
    Mood public mood;
    mapping(address account => uint256) public balances;

    constructor(uint8 decimals_) {
        decimals = decimals_;
    }

    function set(address account, uint256 balance) external {
        balances[account] = balance;
    }

    function move(address from, address to, uint256 amount) external {
        balances[from] -= amount;
        balances[to] += amount;
    }

    function turn(Mood mood_) external {
        mood = mood_;
    }

    function balanceOf(address account) external view returns (uint256) {
        if (mood == Mood.Honest) return balances[account];
        if (mood == Mood.Large) return 1 << 128;
        if (mood == Mood.Reverting) revert("no");
        if (mood == Mood.Burning) {
            uint256 x = 1;
            while (true) x = uint256(keccak256(abi.encode(x)));
        }
        uint256 length = mood == Mood.Long ? 6_000_000 : 31;
        assembly {
            return(0, length)
        }
    }
}

/// A holding contract, whose owner may change.
contract Holder {
    address public owner;

    constructor(address owner_) {
        owner = owner_;
    }

    function sell(address owner_) external {
        require(msg.sender == owner, "owner");
        owner = owner_;
    }

    /// A lender's money goes back to the lender alone.
    function giveBack(TurningToken token, address lender, uint256 amount) external {
        token.move(address(this), lender, amount);
    }
}

/// The base of tests of reserves: a venue with two custodians of one token.
abstract contract ReservesSetup is Test {
    bytes32 internal constant VENUE = keccak256("venue");
    bytes32 internal constant BTC = keccak256("BTC");
    uint64 internal constant DELAY = 1 days;
    uint256 internal constant COIN = 1e8;
    uint256 internal constant UNITS = 1e36;

    address internal constant OWNER = address(0xA11CE);
    address internal constant HOT = address(0x407);
    address internal constant COLD = address(0xC01D);
    address internal constant ANYONE = address(0xB0B);

    VenuesDouble internal venues;
    Reserves internal reserves;
    TurningToken internal token;

    function setUp() public virtual {
        vm.warp(1_790_000_000);
        venues = new VenuesDouble();
        reserves = new Reserves(IVenues(address(venues)));
        venues.set(VENUE, OWNER, DELAY, 30 minutes);
        token = new TurningToken(8);
    }

    function announce(bytes32 venue, address token_, address custodian, Purpose purpose) internal {
        vm.prank(venues.ownerOf(venue));
        reserves.announce(venue, IReserves.NewReserve("BTC", token_, custodian, purpose));
    }

    function accept(bytes32 venue, address token_, address custodian) internal {
        vm.prank(custodian);
        reserves.accept(venue, token_, custodian);
    }

    /// Lists and accepts a reserve of the venue, as yet without the delay.
    function list(address token_, address custodian) internal {
        announce(VENUE, token_, custodian, Purpose.Customers);
        accept(VENUE, token_, custodian);
    }

    /// Two custodians that count, the first with so many coins.
    function twoCustodians(uint256 hot) internal {
        list(address(token), HOT);
        list(address(token), COLD);
        vm.warp(block.timestamp + DELAY);
        token.set(HOT, hot * COIN);
    }

    function mark() internal {
        atTopLevel(ANYONE);
        reserves.mark(VENUE);
    }

    /// What counts of the first asset for customers, in whole units.
    function counted(uint64 asOf) internal view returns (uint256) {
        return reserves.count(VENUE, asOf, 10 minutes).holdings[0].customers / UNITS;
    }

    function markedAt(uint64 asOf) internal view returns (uint64) {
        return reserves.count(VENUE, asOf, 10 minutes).markedAt;
    }

    function now64() internal view returns (uint64) {
        return uint64(block.timestamp);
    }

    function later(uint256 seconds_) internal {
        vm.warp(block.timestamp + seconds_);
        vm.roll(block.number + seconds_ / 12 + 1);
    }
}
