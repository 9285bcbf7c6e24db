//! The reasons for which a contract refuses a program or prices.

use num_bigint::BigInt;
use thiserror::Error;

use crate::program::layout::{MAX_CLAUSES, MAX_DECIMALS, MAX_ROWS, MAX_SCENARIOS, VERSION};

/// Why a contract refuses a program or prices: the errors of `InstrumentTable.sol`, by its names.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum Fault {
    /// A version this code does not know.
    #[error("the program is of version {0}; this code knows {VERSION}")]
    ProgramVersion(u8),
    /// Not the length of its lists.
    #[error("the program has {0} bytes, which is not the length of its lists")]
    ProgramLength(usize),
    /// More or less of something than a program has.
    #[error(
        "the program has {scenarios} scenarios, {twins} of them twins and {cover} the cover, \
         {value_decimals} value decimals, {rows} rows and {clauses} clauses: a contract takes 1 to \
         {MAX_SCENARIOS}, fewer than that, at most 1, at most {MAX_DECIMALS}, 1 to {MAX_ROWS} and 1 \
         to {MAX_CLAUSES}"
    )]
    ProgramSizes {
        /// Scenarios, twins and cover included.
        scenarios: u16,
        /// Twins.
        twins: u16,
        /// Covers.
        cover: u8,
        /// Value decimals.
        value_decimals: u8,
        /// Rows.
        rows: u16,
        /// Clauses.
        clauses: u16,
    },
    /// A twin of a twin, of mark or of no scenario, or out of order.
    #[error("twin {0} is of scenario {1}, which does not belong there")]
    TwinOf(usize, u16),
    /// A factor with too many decimals.
    #[error("factor {0} has {1} decimals; a contract takes at most {MAX_DECIMALS}")]
    FactorDecimals(usize, u8),
    /// The prices are in another currency.
    #[error("the prices are in another currency than the rules")]
    QuoteCurrency,
    /// The quote currency has another price than 1.
    #[error("price {0} is that of the quote currency, but is not 1")]
    QuotePrice(usize),
    /// A price with too many decimals.
    #[error("price {0} has {1} decimals; a contract takes at most {MAX_DECIMALS}")]
    PriceScale(usize, u32),
    /// The prices are of other assets.
    #[error("the prices are of other assets, or in another order, than the program's")]
    PriceNames,
    /// A price that is not a whole number of units of value.
    #[error("row {0}: price {1} is not a whole number of units of value")]
    PriceDigits(usize, u16),
    /// One unit is worth too much at mark.
    #[error("row {0} is worth {1} units of value at mark, and must be below 2^64")]
    MarkBound(usize, BigInt),
    /// One unit is worth too much.
    #[error("row {0} is worth 2^64 units of value or more in scenario {1}")]
    ValueBound(usize, usize),
    /// A role out of place.
    #[error("row {0} has the role {1}, which does not belong there")]
    RowRole(usize, u8),
    /// An asset, market, contingency or scenario number out of order.
    #[error("row {0} has the number {1}, which does not belong there")]
    RowGroup(usize, u16),
    /// No such price, or not the group's.
    #[error("row {0} has the price {1}, which does not belong there")]
    RowPrice(usize, u16),
    /// Not the decimals of its group, or more than a value's.
    #[error("row {0} has {1} decimals, which do not belong there")]
    RowDecimals(usize, u8),
    /// A row of a class that does not repeat a customer row, or is out of order.
    #[error("row {0} (class {1}) does not repeat a customer row, or is out of order")]
    RowClass(usize, u8),
    /// A cap out of bounds.
    #[error(
        "row {0} has the cap {1}: a cap is below 2^90, and the empty slot has none, nor has a plain \
         or covered row"
    )]
    RowCap(usize, u128),
    /// No such factor, or one where the role fixes the values.
    #[error("row {0} has the factor {2} in scenario {1}, which does not belong there")]
    RowFactor(usize, usize, u16),
    /// A plain or covered row that stands for none of customers, or is out of order.
    #[error("row {0} stands for row {1}, which it may not, or is out of order")]
    RowHeld(usize, u16),
    /// A cover that nothing is in.
    #[error("the program has a cover, and no plain or covered row")]
    CoverWithoutRows,
    /// A scenario without closing rows.
    #[error("the table ends before scenario {0} is closed")]
    NotClosed(usize),
    /// A rate that follows a volatility with a number out of its range.
    #[error("rate {0} has a number out of its range")]
    RateForm(usize),
    /// No volatility that counts for a rate.
    #[error("the prices state no volatility that counts for rate {0}")]
    NoVolatility(usize),
    /// A later tier that would be treated better.
    #[error("at these volatilities a later tier would be treated better (order {0})")]
    TierOrder(usize),
    /// A clause of an unknown kind or about an unknown subject.
    #[error("clause {0} has an unknown kind or subject")]
    ClauseForm(usize),
}
