//! What a program and prices come to.

use pacioli_circuits::InstrumentTable;

/// What a program and prices come to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evaluated {
    /// The instrument table.
    pub table: InstrumentTable,
    /// Digits of the quote currency in one unit of value.
    pub value_decimals: u8,
    /// What each row is.
    pub rows: Vec<Row>,
    /// What the policy demands.
    pub clauses: Vec<Clause>,
    /// How many assets there are.
    pub assets: u16,
    /// How many markets there are.
    pub markets: u16,
    /// The number of the stress that each twin is of. The twins are the last scenarios, but for the
    /// cover.
    pub twins: Vec<u16>,
}

/// What a row of a program is, by the numbers of docs/program.md.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Row {
    /// Deposit, borrow and so on.
    pub role: u8,
    /// The class of accounts that hold it.
    pub class: u8,
    /// The number of the asset, market, contingency or scenario, or of the row that it stands for.
    pub group: u16,
    /// The number of the price, or [`NO_PRICE`](super::NO_PRICE).
    pub price: u16,
    /// Digits of its quantity.
    pub decimals: u8,
}

/// A clause of a program, by the numbers of docs/program.md.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Clause {
    /// Coverage, bad debt and so on.
    pub kind: u8,
    /// The number of the asset, scenario or market.
    pub subject: u16,
    /// A number over `10^scale`, or units of value.
    pub mantissa: u128,
    /// Decimals of the number.
    pub scale: u8,
}
