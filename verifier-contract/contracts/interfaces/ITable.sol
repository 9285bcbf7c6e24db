// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

/// @title Why a program or prices make no table
/// @notice Rows, scenarios, prices and clauses are numbered from 0.
interface ITable {
    /// @notice The rows of a class must follow all rows of customers and precede the rows that
    /// accounts share and plain and covered rows, one class after the other, and so must rows of
    /// customers. Each must repeat a row of customers in all but
    /// the class, in the order of these rows.
    error RowClass(uint256 row, uint256 class);
    /// @notice The clause has an unknown kind, a subject, mantissa or scale that its kind does not
    /// allow, or is about a scenario that is a twin or is closed by slack, as the cover is. A clause on the
    /// insurance fund needs a twin of its scenario if the table has the class `Insurance`.
    error ClauseForm(uint256 clause);
    /// @notice A plain or covered row must stand for a row of customers before all plain and
    /// covered rows: for a deposit, long or short in its first tier, a borrow, or the quote
    /// currency; a plain one for no debt and no short. These rows must be in the order of the rows
    /// that they stand for, plain before covered.
    error RowHeld(uint256 row, uint256 held);
    /// @notice The program has a cover, but no plain or covered row.
    error CoverWithoutRows();
    /// @notice The names of the prices are not those of the program, in its order. Prices of other
    /// assets need another program, which must be registered first.
    error PriceNames(bytes32 expected, bytes32 got);
    /// @notice The prices are in another currency than the rules.
    error QuoteCurrency(bytes32 expected, bytes32 got);
    /// @notice There must be 19 bytes for each row.
    error TotalsLength(uint256 rows, uint256 length);
    /// @notice There must be 17 bytes for each name.
    error PricesLength(uint256 names, uint256 length);
    /// @notice The price of the quote currency must be 1.
    error QuotePrice(uint256 price);
    /// @notice The price has more than 38 decimals.
    error PriceScale(uint256 price, uint256 scale);
    /// @notice This contract does not know this version of a program. Make the program with the
    /// release that the contract belongs to.
    error ProgramVersion(uint256 version);
    /// @notice The program is shorter or longer than its lists. Send its bytes unchanged.
    error ProgramLength(uint256 length);
    /// @notice A program needs a scenario that is neither a twin nor the cover, at most 1,024
    /// scenarios in all, at most one cover, at most 38 value decimals, 1 to 2,048 rows, and 1 to 256
    /// clauses. Without a clause, a policy would hold no matter what is owed.
    error ProgramSizes(
        uint256 scenarios,
        uint256 twins,
        uint256 cover,
        uint256 valueDecimals,
        uint256 rows,
        uint256 clauses
    );
    /// @notice Twins must be in the order of the scenarios that they are twins of; these must be
    /// neither mark nor twins nor the cover.
    error TwinOf(uint256 twin, uint256 scenario);
    /// @notice A factor has more than 38 decimals.
    error FactorDecimals(uint256 factor, uint256 decimals);
    /// @notice The price is not a whole number of units of value. Quote it with fewer decimals, or
    /// register rules with fewer decimals for the asset or market.
    error PriceDigits(uint256 row, uint256 price);
    /// @notice The value of one unit at mark is 2^64 units of value or more. Register rules with
    /// more decimals for it, or with fewer value decimals.
    error MarkBound(uint256 row, uint256 units);
    /// @notice The size of the value is not below 2^64.
    error ValueBound(uint256 row, uint256 scenario);
    /// @notice There is no such role, or row 0 is not the empty slot, or another row is. Plain and
    /// covered rows need a cover. These follow contingencies, and closing rows follow both.
    error RowRole(uint256 row, uint256 role);
    /// @notice The number of the asset, market, contingency or scenario is out of order. Numbers
    /// must start at 0 and have no gap, and every scenario must be closed once, mark not by slack,
    /// and the cover by nothing else.
    error RowGroup(uint256 row, uint256 group);
    /// @notice There is no such price, or the row must not have a price, or must have that of the
    /// first row of its asset or market.
    error RowPrice(uint256 row, uint256 price);
    /// @notice A row must not have more than the value decimals, a closing row must have exactly
    /// these, a row of an asset or market as many as the first, and a plain or covered row as many
    /// as the row that it stands for.
    error RowDecimals(uint256 row, uint256 decimals);
    /// @notice The cap is not below 2^90, or the empty slot or a plain or covered row has one.
    error RowCap(uint256 row, uint256 cap);
    /// @notice There is no such factor, or it is not 0 in a row whose role fixes its values.
    error RowFactor(uint256 row, uint256 scenario, uint256 factor);
    /// @notice The list of volatilities is not as `Volatilities` reads it, from this byte on: an asset
    /// has 1 to 100 entries; a volatility is at most 1000, of at most 18 decimals, and realised or
    /// implied.
    error VolatilitiesForm(uint256 place);
    /// @notice A rate that follows a volatility has a number out of its range.
    error RateForm(uint256 rate);
    /// @notice The prices state no volatility that counts for this rate.
    error NoVolatility(uint256 rate);
    /// @notice There must be 8 bytes of steps for each rate that follows a volatility.
    error StepsLength(uint256 rates, uint256 length);
    /// @notice The steps of the rate are not the fewest that are enough.
    error RateSteps(uint256 rate, uint256 steps);
    /// @notice At these volatilities a later tier would be treated better than the one before.
    error TierOrder(uint256 order);
    /// @notice The program has rates that follow volatilities. A registry makes its tables; the contract
    /// that values books at other prices does not.
    error FollowsVolatility();
    /// @notice The table ends before this scenario is closed.
    error NotClosed(uint256 scenario);
}

/// Reverts with an error of one argument. A function, because the code that it takes to revert stands
/// then once, and there are some forty places.
function refuse(bytes4 selector, uint256 one) pure {
    assembly ("memory-safe") {
        mstore(0, selector)
        mstore(4, one)
        revert(0, 36)
    }
}

/// The same of two.
function refuse(bytes4 selector, uint256 one, uint256 other) pure {
    assembly ("memory-safe") {
        let free := mload(0x40)
        mstore(free, selector)
        mstore(add(free, 4), one)
        mstore(add(free, 36), other)
        revert(free, 68)
    }
}

/// The same of three.
function refuse(bytes4 selector, uint256 one, uint256 other, uint256 third) pure {
    assembly ("memory-safe") {
        let free := mload(0x40)
        mstore(free, selector)
        mstore(add(free, 4), one)
        mstore(add(free, 36), other)
        mstore(add(free, 68), third)
        revert(free, 100)
    }
}
