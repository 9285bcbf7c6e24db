//! The rules of a book, and the instrument table they compile to.
//!
//! A rules file says what may be held, what it counts for in each scenario, and what must hold of
//! the whole ([`Rules`]). With prices it compiles to the public instrument table ([`compile()`]).
//! Whoever verifies an attestation compiles the same files again and gets the same table; a table
//! from anywhere else has to pass [`check_table`].

mod amount;
pub mod black76;
mod class;
mod compile;
mod compiled;
mod constraint;
mod decimal;
pub mod diff;
mod error;
mod expiries;
mod file;
pub mod form;
mod left_out;
mod names;
mod open_interest;
mod options;
mod policy;
mod prices;
mod scenarios;
mod signed_amount;
mod soundness;
mod span;
pub mod strict;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
mod tiers;
mod twins;
mod validate;
mod worth;

pub use amount::{Amount, AmountError};
pub use class::{Class, ClassError};
pub use compile::compile;
pub use compiled::{
    AssetRows, ClassRows, Closing, Compiled, CompiledContingency, CompiledScenario, MarketRows,
    Role, Row, RowsOf, ScenarioKind,
};
pub use constraint::{Delta, RatesOf};
pub use decimal::{Decimal, DecimalError, MAX_DIGITS, div_floor};
pub use error::{Problem, RulesError};
pub use expiries::ExpiryMoves;
pub use file::{
    AssetRule, ClassRule, Contingency, Kind, Margin, MarketRule, Rules, Scenario, Tier,
};
pub use left_out::NotLeftOut;
pub use names::{Held, MAX_NAME, NameError, check_name};
pub use open_interest::OpenInterestCaps;
pub use options::{CompiledOption, OptionMargin, OptionMargins, OptionRule, ShortMargin};
pub use policy::{BadDebtLimit, LeftOut, MaxDistance, PerAsset, Policy};
pub use prices::{Prices, PricesError};
pub use signed_amount::SignedAmount;
pub use soundness::{CheckError, check_table};
pub use span::{Span, SpanError};
pub use worth::{Factor, Valuation};
