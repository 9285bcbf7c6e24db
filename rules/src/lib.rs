//! The rules of a book, and the instrument table they compile to.
//!
//! A rules file says what may be held, what it counts for in each scenario, and what must hold of
//! the whole ([`Rules`]). With prices it compiles to the public instrument table ([`compile()`]).
//! Whoever verifies an attestation compiles the same files again and gets the same table; a table
//! from anywhere else has to pass [`check_table`].

mod amount;
pub mod black76;
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
mod validate;
mod value;

pub use amount::{Amount, AmountError};
pub use compile::compile;
pub use decimal::{Decimal, DecimalError, MAX_DIGITS, div_floor};
pub use error::{Problem, RulesError};
pub use left_out::NotLeftOut;
pub use names::{Held, MAX_NAME, NameError, check_name};
pub use prices::{Prices, PricesError};
pub use rules::{Rules, TableRules};
pub use schema::{
    AssetRule, BadDebtLimit, Class, ClassError, ClassRule, Contingency, Delta, ExpiryMoves, Kind,
    LeftOut, Margin, MarketRule, MaxDistance, OpenInterestCaps, OptionMargin, OptionMargins,
    OptionRule, PerAsset, Policy, RatesOf, Scenario, ShortMargin, TableSchema, Tier,
};
pub use signed_amount::SignedAmount;
pub use soundness::{CheckError, check_table};
pub use span::{Span, SpanError};
pub use table::{
    AssetRows, ClassRows, Closing, Compiled, CompiledContingency, CompiledOption, CompiledScenario,
    Factor, MarketRows, Role, Row, RowsOf, ScenarioKind, Valuation,
};
