//! The layout's sizes and bounds, as in `InstrumentTable.sol` and docs/program.md.

/// The version of the layout.
pub const VERSION: u8 = 4;
/// Version, scenarios, value decimals, factors, rows, clauses, twins, cover, names, quote; two bytes
/// for each twin follow.
pub const HEAD_BYTES: usize = 1 + 2 + 1 + 4 * 2 + 1 + 2 * 32;
/// The number of a scenario.
pub const SCENARIO_BYTES: usize = 2;
/// Numerator and decimals.
pub const FACTOR_BYTES: usize = 16 + 1;
/// Role, group, price, decimals and cap; two bytes for each scenario after mark follow, but for the
/// twins, whose values follow from those of their stresses, and for the cover, whose values follow
/// from all.
pub const ROW_BYTES: usize = 1 + 2 + 2 + 1 + 12;
/// How many bits of a row's first byte are its role; its class comes before them.
pub const ROLE_BITS: u32 = 6;
/// The role of a plain row.
pub const PLAIN: u8 = 13;
/// The role of a covered row.
pub const COVERED: u8 = 14;
/// The class of the insurance fund's rows, which are worth nothing in twins.
pub const INSURANCE: u8 = 2;
/// Kind, subject, mantissa and scale.
pub const CLAUSE_BYTES: usize = 1 + 2 + 16 + 1;

/// The numbers of followed assets, of rates and of orders, where rates follow volatilities.
pub const TAIL_BYTES: usize = 3 * 2;
/// The name of a followed asset, hashed.
pub const ASSET_BYTES: usize = 32;
/// A rate that follows a volatility: asset, kind, window, tenor, source, multiple, horizon, floor,
/// ceiling and step.
pub const RATE_BYTES: usize = 2 + 1 + 2 * 8 + 32 + 16 + 4 * 8;
/// Two factors, of which the second may not be larger.
pub const ORDER_BYTES: usize = 2 * 2;
/// Stands for the decimals of a factor that is 1 less a rate.
pub const LESS: u8 = 0xff;
/// Stands for the decimals of a factor that is -1 less a rate.
pub const OWED: u8 = 0xfe;

/// The price number of a row that has none.
pub const NO_PRICE: u16 = u16::MAX;
/// Most decimals of anything: `10^38` is below 2^127.
pub const MAX_DECIMALS: usize = 38;
/// Most rows: what a circuit has room for.
pub const MAX_ROWS: usize = pacioli_circuits::MAX_INSTRUMENTS;
/// Most scenarios: what a table may have. What a transaction has gas for is less.
pub const MAX_SCENARIOS: usize = pacioli_circuits::MAX_SCENARIOS;
/// Most clauses: a verdict is one word of bits, of which one is for what was refused a price.
pub const MAX_CLAUSES: usize = 255;
/// A cap is below this.
pub const CAP_BOUND: u128 = 1 << 90;
