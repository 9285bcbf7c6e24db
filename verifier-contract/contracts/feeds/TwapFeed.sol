// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {IAggregatorV3} from "../interfaces/IAggregatorV3.sol";
import {TickPrice} from "./TickPrice.sol";

/// @title What is read of a pool of Uniswap v3, or of one that is made like it
interface IObservedPool {
    function token0() external view returns (address);
    function token1() external view returns (address);
    function observe(
        uint32[] calldata secondsAgos
    )
        external
        view
        returns (int56[] memory tickCumulatives, uint160[] memory secondsPerLiquidityX128);
}

/// @title What is read of a pool's token
interface IDecimals {
    function decimals() external view returns (uint8);
}

/// @title The average price of a pool as a price oracle
/// @notice For prices that no oracle publishes. The number of a round is a time: round t answers
/// the geometric mean of the price over the window that ends at t. A pool keeps as many
/// observations as its cardinality; when those of a round are overwritten, it is gone, unless
/// somebody recorded it (`poke`). Reading one that is not recorded costs more the more
/// observations there are: above some hundred, more than the 100,000 gas that a registry gives a
/// feed. What happens in a block moves no round of its time or before.
///
/// The mean is no better than the pool is deep. Whoever owns most of what lies in it can move it
/// for the fees alone, and a window of n blocks averages what holds for some of them. A round
/// during which the harmonic mean of the liquidity in range was less than the least asked for does
/// not exist: so it is with an empty pool, whose price anyone moves for nothing.
///
/// The latest round is of now, whenever the pool last traded, since a price that nobody trades at
/// is the pool's price too: a reader's limit of age never trips here.
contract TwapFeed is IAggregatorV3 {
    /// Answers of two rounds, one after the other; 0 if they are not recorded.
    struct Recorded {
        uint128 here;
        uint128 next;
    }

    /// @inheritdoc IAggregatorV3
    uint8 public constant decimals = 18;
    /// @inheritdoc IAggregatorV3
    string public constant description = "Average price of a pool over a window of time";
    /// @inheritdoc IAggregatorV3
    uint256 public constant version = 1;
    /// @notice The shortest window, in seconds.
    uint32 public constant LEAST_WINDOW = 5 minutes;

    /// @notice The pool.
    IObservedPool public immutable POOL;
    /// @notice The token whose price it is, in the pool's other token.
    address public immutable BASE;
    /// @notice The seconds over which the price is averaged.
    uint32 public immutable WINDOW;
    /// @notice The least harmonic mean of the liquidity in range.
    uint128 public immutable LEAST_LIQUIDITY;

    // Whether the price is that of the pool's first token.
    bool private immutable _isFirst;
    // The power of ten from a ratio of smallest units to an answer.
    int256 private immutable _power;

    mapping(uint80 round => Recorded) private _recorded;

    /// @notice A round was recorded, and the one after it.
    event Poked(uint80 indexed round, uint128 answer, uint128 next);

    /// @notice The window is shorter than `LEAST_WINDOW`.
    error WindowTooShort(uint32 window, uint32 least);
    /// @notice 0 asks for nothing: then an empty pool would do.
    error NoLeastLiquidity();
    /// @notice The pool does not hold this token.
    error NotInPool(address token);
    /// @notice The tokens' decimals are too far apart.
    error DecimalsOutOfRange(uint8 base, uint8 quote);
    /// @notice The round's time has not come.
    error RoundInFuture(uint80 round);
    /// @notice The round's time is too long ago for the pool to know.
    error RoundTooOld(uint80 round);
    /// @notice The pool had too little in range in this round's window.
    error TooLittleLiquidity(uint80 round, uint256 liquidity, uint256 least);
    /// @notice The average price is too small or too large for an answer.
    error PriceOutOfRange(int256 tick);

    /// @param pool The pool.
    /// @param base The token whose price it is.
    /// @param window The seconds over which the price is averaged; at least `LEAST_WINDOW`.
    /// @param leastLiquidity The least harmonic mean of the liquidity in range, as the pool counts
    /// it; not 0.
    constructor(IObservedPool pool, address base, uint32 window, uint128 leastLiquidity) {
        if (window < LEAST_WINDOW) revert WindowTooShort(window, LEAST_WINDOW);
        if (leastLiquidity == 0) revert NoLeastLiquidity();
        (address first, address second) = (pool.token0(), pool.token1());
        if (base != first && base != second) revert NotInPool(base);
        uint8 ofBase = IDecimals(base).decimals();
        uint8 ofQuote = IDecimals(base == first ? second : first).decimals();
        int256 power = int256(uint256(ofBase)) - int256(uint256(ofQuote)) + 18;
        if (power < -38 || power > 38) revert DecimalsOutOfRange(ofBase, ofQuote);
        (POOL, BASE, WINDOW, LEAST_LIQUIDITY) = (pool, base, window, leastLiquidity);
        (_isFirst, _power) = (base == first, power);
    }

    /// @notice Records a round and the one after it, which is needed to see that it was in force.
    /// Anyone, while the pool still knows them.
    /// @param round The round: a time before now, in seconds since 1970.
    function poke(uint80 round) external {
        if (_recorded[round].here != 0) return;
        Recorded memory recorded = Recorded(_average(round), _average(round + 1));
        _recorded[round] = recorded;
        emit Poked(round, recorded.here, recorded.next);
    }

    /// @inheritdoc IAggregatorV3
    function latestRoundData() external view returns (uint80, int256, uint256, uint256, uint80) {
        return getRoundData(uint80(block.timestamp));
    }

    /// @inheritdoc IAggregatorV3
    function getRoundData(
        uint80 roundId
    ) public view returns (uint80, int256, uint256, uint256, uint80) {
        uint128 answer = _recorded[roundId].here;
        if (answer == 0 && roundId != 0) answer = _recorded[roundId - 1].next;
        if (answer == 0) answer = _average(roundId);
        return (roundId, int256(uint256(answer)), roundId - WINDOW, roundId, roundId);
    }

    // The average price over the window that ends at a round's time, as the pool knows it. Reverts
    // in the pool if it knows too little.
    function _average(uint80 round) private view returns (uint128) {
        if (round > block.timestamp) revert RoundInFuture(round);
        uint256 ago = block.timestamp - round;
        uint32[] memory agos = new uint32[](2);
        // The pool counts in 32 bits.
        if (ago > type(uint32).max - WINDOW) revert RoundTooOld(round);
        agos[1] = uint32(ago);
        agos[0] = agos[1] + WINDOW;
        (int56[] memory ticks, uint160[] memory inverses) = POOL.observe(agos);

        int256 window = int256(uint256(WINDOW));
        int256 sum = int256(ticks[1]) - ticks[0];
        int256 tick = sum / window;
        // Towards less, as the pool rounds its ticks.
        if (sum < 0 && sum % window != 0) --tick;
        uint160 inverse;
        // The pool's sum wraps around.
        unchecked {
            inverse = inverses[1] - inverses[0];
        }
        uint256 liquidity = (uint256(WINDOW) << 128) / inverse;
        if (liquidity < LEAST_LIQUIDITY) {
            revert TooLittleLiquidity(round, liquidity, LEAST_LIQUIDITY);
        }
        uint256 price = TickPrice.priceOf(_isFirst ? tick : -tick, _power);
        if (price == 0 || price > type(uint128).max) revert PriceOutOfRange(tick);
        return uint128(price);
    }
}
