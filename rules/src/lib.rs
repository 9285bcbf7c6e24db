//! The rules of a book, and the instrument table they compile to.
//!
//! A rules file (TOML) says what accounts may hold, what it counts for in each scenario, and what
//! must hold of the whole book. With a prices file it compiles to the *instrument table*: public
//! rows with one integer value per scenario, all that the circuit knows of rules and prices.
//! Whoever verifies an attestation compiles the same two files again and gets the same table on
//! every machine. No floating point takes part.
//!
//! ```ignore
//! let rules = Rules::parse(text)?;            // form and sense; each error names its key
//! let compiled = compile(&rules, &prices)?;   // the table, checked to be sound
//! ```
//!
//! - [`Rules`] are read and checked once. They dereference to [`TableRules`], which compile, and to
//!   [`TableSchema`], the keys of the file.
//! - [`compile()`] makes the table, [`Compiled`]: rows in one fixed order, each value a price times
//!   factors, rounded down against the account.
//! - [`check_table`] says whether a table from anywhere can hide a liability.
//! - [`black76`] values options to the unit, [`diff`] compares two rules files.
//! - [`Decimal`], [`Amount`], [`SignedAmount`] and [`Prices`] are exact.
//!
//! The crate reads text and knows no files, proofs or chains. It depends on `pacioli-circuits` for
//! the types of the table alone.

mod amount;
pub mod black76;
mod closest;
mod compile;
mod decimal;
pub mod diff;
mod error;
pub mod form;
mod left_out;
mod names;
mod prices;
mod rules;
mod schema;
mod signed_amount;
mod soundness;
mod span;
pub mod strict;
mod table;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
mod unseen;
mod validate;
mod value;
mod volatility;

pub use amount::{Amount, AmountError};
pub use closest::Closest;
pub use compile::compile;
pub use decimal::{Decimal, DecimalError, MAX_DIGITS, div_floor};
pub use error::{Problem, RulesError};
pub use left_out::NotLeftOut;
pub use names::{Held, MAX_NAME, NameError, check_name};
pub use prices::{Prices, PricesError};
pub use rules::{Rules, TableRules};
pub use schema::{
    AssetRule, BadDebtLimit, Class, ClassError, ClassRule, Contingency, Delta, DrawSource,
    DrawSourceError, DrawnTime, ExpiryMoves, Kind, KnownToken, KnownTokens, LeftOut, Margin,
    MarketRule, MaxDistance, OpenInterestCaps, OptionMargin, OptionMargins, OptionRule, PerAsset,
    Policy, Rate, RatesOf, Scenario, ShortMargin, TableSchema, Tier, TokenKind, VolatilityLimits,
    VolatilityRate,
};
pub use signed_amount::SignedAmount;
pub use soundness::{CheckError, check_table};
pub use span::{Span, SpanError};
pub use table::{
    AssetRows, COVER, ClassRows, Closing, Compiled, CompiledContingency, CompiledOption,
    CompiledRate, CompiledScenario, Factor, FormRows, MarketRows, Role, Row, RowsOf, ScenarioKind,
    Valuation,
};
pub use unseen::{is_ignorable, is_unseen};
pub use volatility::{
    SourceError, Volatility, VolatilityError, VolatilityKind, check_source, source_key,
};
