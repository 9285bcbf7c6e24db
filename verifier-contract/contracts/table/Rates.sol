// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {ITable, refuse} from "../interfaces/ITable.sol";
import {Prices} from "../Submission.sol";
import {Program} from "./Program.sol";
import {MAX_DECIMALS, Table} from "./Table.sol";
import {Volatilities, Volatility} from "./Volatilities.sol";

/// A rate that follows a volatility; see docs/rules.md. Numbers are in 10^-18.
struct Rate {
    /// The number of the asset whose volatility it is.
    uint256 asset;
    /// The kind that counts, as `Volatility.kind`; 0 for each.
    uint256 kind;
    /// The spans of realised and of implied volatilities that count; 0 for each.
    uint256 window;
    uint256 tenor;
    /// The source that counts; 0 for each.
    bytes32 source;
    uint256 multiple;
    uint256 horizon;
    uint256 floor;
    uint256 ceiling;
    uint256 step;
}

/// The places of what a program has behind its clauses, where rates follow volatilities.
struct Tail {
    uint256 assetsAt;
    uint256 ratesAt;
    uint256 ordersAt;
    uint256 assets;
    uint256 rates;
    uint256 orders;
}

/// @title Rates that follow volatilities
/// @notice No root is taken. Whoever submits says how many steps each rate has, and squares of whole
/// numbers show that no fewer are enough; see `value`.
library Rates {
    // The year that a volatility is for.
    uint256 private constant YEAR = 365 days;
    uint256 private constant ONE = Volatilities.ONE;
    uint256 private constant MOST_MULTIPLE = 1000 * ONE;

    // What stands in the place of a factor's decimals where it follows a rate: 1 less the rate, and -1
    // less the rate.
    uint256 private constant LESS = 0xff;
    uint256 private constant OWED = 0xfe;

    /// @notice The places of the lists behind the clauses; all 0 if no rate follows a volatility.
    /// @param program The program, whose length `Program.head` checked.
    /// @param table Its table.
    /// @return tail The places.
    function tailOf(
        bytes memory program,
        Table memory table
    ) internal pure returns (Tail memory tail) {
        uint256 place = table.clausesAt + Program.CLAUSE_BYTES * table.clauses;
        if (place == program.length) return tail;
        (tail.assets, tail.rates, tail.orders) = Program.tail(program, place);
        tail.assetsAt = place + Program.TAIL_BYTES;
        tail.ratesAt = tail.assetsAt + Program.ASSET_BYTES * tail.assets;
        tail.ordersAt = tail.ratesAt + Program.RATE_BYTES * tail.rates;
    }

    /// @notice The factors of a program, as `Program.readFactors` has them, those that follow a
    /// volatility among them. Reverts if the volatilities that they follow are missing, if a number of
    /// steps is not the least that is enough, or if a later tier would be treated better.
    /// @param program The program.
    /// @param table Its table.
    /// @param start Where its factors are.
    /// @param prices The prices.
    /// @return factors The factors.
    function factors(
        bytes memory program,
        Table memory table,
        uint256 start,
        Prices calldata prices
    ) internal pure returns (uint256[] memory) {
        Tail memory tail = tailOf(program, table);
        if (tail.rates == 0) {
            // What nobody asks for is refused, so that there is one way to send prices.
            if (prices.steps.length != 0)
                refuse(ITable.StepsLength.selector, 0, prices.steps.length);
            return Program.readFactors(program, start, table.rowsAt);
        }
        uint256[] memory rates = _values(program, tail, prices);
        uint256[] memory list = new uint256[]((table.rowsAt - start) / Program.FACTOR_BYTES);
        for (uint256 i = 0; i < list.length; ++i) {
            uint256 word = Program.load(program, start + i * Program.FACTOR_BYTES);
            uint256 decimals = Program.part(word, 128, 8);
            int256 numerator = int256(word) >> 128;
            if (decimals <= MAX_DECIMALS) {
                list[i] = (uint256(numerator) << 128) | (10 ** decimals);
                continue;
            }
            uint256 rate = word >> 128;
            bool isRate = (decimals == LESS || decimals == OWED) && rate < rates.length;
            if (!isRate) refuse(ITable.FactorDecimals.selector, i, decimals);
            // A rate is at most 1.
            numerator = (decimals == LESS ? int256(ONE) : -int256(ONE)) - int256(rates[rate]);
            list[i] = (uint256(numerator) << 128) | ONE;
        }
        _checkOrders(program, tail, list);
        return list;
    }

    /// @notice One rate of a program. Reverts with `RateForm`.
    function read(
        bytes memory program,
        Tail memory tail,
        uint256 index
    ) internal pure returns (Rate memory one) {
        uint256 place = tail.ratesAt + Program.RATE_BYTES * index;
        uint256 word = Program.load(program, place);
        (one.asset, one.kind) = (Program.part(word, 0, 16), Program.part(word, 16, 8));
        (one.window, one.tenor) = (Program.part(word, 24, 64), Program.part(word, 88, 64));
        one.source = bytes32(Program.load(program, place + 19));
        word = Program.load(program, place + 51);
        (one.multiple, one.horizon) = (Program.part(word, 0, 128), Program.part(word, 128, 64));
        one.floor = Program.part(word, 192, 64);
        word = Program.load(program, place + 83);
        (one.ceiling, one.step) = (Program.part(word, 0, 64), Program.part(word, 64, 64));
        bool sound =
            one.asset < tail.assets &&
                one.kind <= Volatilities.IMPLIED &&
                one.multiple != 0 &&
                one.multiple <= MOST_MULTIPLE &&
                one.horizon != 0 &&
                one.floor <= one.ceiling &&
                one.ceiling <= ONE &&
                one.step != 0 &&
                one.step <= ONE;
        if (!sound) refuse(ITable.RateForm.selector, index);
    }

    /// @notice The name of an asset whose volatility is followed, hashed.
    function assetName(
        bytes memory program,
        Tail memory tail,
        uint256 asset
    ) internal pure returns (bytes32) {
        return bytes32(Program.load(program, tail.assetsAt + Program.ASSET_BYTES * asset));
    }

    /// @notice The volatility that a rate follows: the first of the largest of those that count.
    /// @param one The rate.
    /// @param stated All that the prices say of its asset.
    /// @return used Its number; the number of all if none counts.
    function follows(
        Rate memory one,
        Volatility[] memory stated
    ) internal pure returns (uint256 used) {
        uint256 most;
        used = stated.length;
        for (uint256 i = 0; i < stated.length; ++i) {
            Volatility memory each = stated[i];
            if (!counts(one, each)) continue;
            if (used == stated.length || each.annual > most) (used, most) = (i, each.annual);
        }
    }

    /// @notice Whether a volatility is of the kind and length of time that count for a rate, whoever
    /// states it.
    function measures(Rate memory one, Volatility memory each) internal pure returns (bool) {
        // A window is of what was realised, a tenor of what is implied.
        (uint256 own, uint256 other) = each.kind == Volatilities.REALISED
            ? (one.window, one.tenor)
            : (one.tenor, one.window);
        return
            other == 0 &&
            (own == 0 || own == each.span) &&
            (one.kind == 0 || one.kind == each.kind);
    }

    /// @notice Whether it counts: it is of the source as well, where the rate names one.
    function counts(Rate memory one, Volatility memory each) internal pure returns (bool) {
        return measures(one, each) && (one.source == 0 || one.source == each.source);
    }

    // What each rate comes to.
    function _values(
        bytes memory program,
        Tail memory tail,
        Prices calldata prices
    ) private pure returns (uint256[] memory values) {
        bytes calldata steps = prices.steps;
        if (steps.length != 8 * tail.rates)
            refuse(ITable.StepsLength.selector, tail.rates, steps.length);
        values = new uint256[](tail.rates);
        for (uint256 i = 0; i < values.length; ++i) {
            Rate memory one = read(program, tail, i);
            Volatility[] memory stated = Volatilities.ofAsset(
                prices.volatilities,
                assetName(program, tail, one.asset)
            );
            uint256 used = follows(one, stated);
            if (used == stated.length) refuse(ITable.NoVolatility.selector, i);
            uint64 taken = uint64(bytes8(steps[8 * i:8 * i + 8]));
            if (!isLeast(one, stated[used].annual, taken))
                refuse(ITable.RateSteps.selector, i, taken);
            values[i] = value(one, taken);
        }
    }

    /// @notice Whether a number of steps is the least that is enough at a volatility, or the least
    /// beyond the ceiling where that is not enough. With `k` steps,
    ///
    ///     (k * step)^2 * 365 days >= (multiple * annual)^2 * horizon
    ///
    /// is that they are enough. Both sides are below 2^393: see docs/program.md.
    /// @param one The rate.
    /// @param annual The volatility, at most 1000, in 10^-18.
    /// @param steps The number of steps.
    function isLeast(Rate memory one, uint256 annual, uint64 steps) internal pure returns (bool) {
        uint256 moved = one.multiple * annual;
        if (steps != 0) {
            uint256 before = (steps - 1) * one.step;
            if (before > one.ceiling || _isEnough(before, moved, one.horizon)) return false;
        }
        uint256 units = steps * one.step;
        return units > one.ceiling || _isEnough(units, moved, one.horizon);
    }

    /// @notice The rate after so many steps, in 10^-18: no more than the ceiling, no less than the
    /// floor.
    function value(Rate memory one, uint64 steps) internal pure returns (uint256) {
        return Math.max(Math.min(steps * one.step, one.ceiling), one.floor);
    }

    function _isEnough(uint256 units, uint256 moved, uint256 horizon) private pure returns (bool) {
        (uint256 high, uint256 low) = _square(units * ONE, YEAR);
        (uint256 needsHigh, uint256 needsLow) = _square(moved, horizon);
        return high == needsHigh ? low >= needsLow : high > needsHigh;
    }

    // root^2 * times. A root is below 2^184, and `times` below 2^64.
    function _square(uint256 root, uint256 times) private pure returns (uint256 high, uint256 low) {
        (uint256 squareHigh, uint256 squareLow) = Math.mul512(root, root);
        (high, low) = Math.mul512(squareLow, times);
        high += squareHigh * times;
    }

    // Later tiers are treated no better than those before them.
    function _checkOrders(
        bytes memory program,
        Tail memory tail,
        uint256[] memory list
    ) private pure {
        for (uint256 i = 0; i < tail.orders; ++i) {
            uint256 word = Program.load(program, tail.ordersAt + Program.ORDER_BYTES * i);
            (uint256 before, uint256 after_) = (
                Program.part(word, 0, 16),
                Program.part(word, 16, 16)
            );
            if (before >= list.length || after_ >= list.length)
                refuse(ITable.TierOrder.selector, i);
            // Numerators are below 2^127 in size, as are powers of ten.
            int256 one = (int256(list[before]) >> 128) * int256(uint256(uint128(list[after_])));
            int256 other = (int256(list[after_]) >> 128) * int256(uint256(uint128(list[before])));
            if (other > one) refuse(ITable.TierOrder.selector, i);
        }
    }
}
