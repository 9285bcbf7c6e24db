//! Stress tests of a private book, in scenarios that are not proved: crashes, squeezes, depegs, and
//! sweeps that find the move at which bad debt exceeds the insurance fund.
//!
//! The figures equal those of a proof under the same rules and scenarios, to the unit: values come
//! from the rules compiler and every account is summed exactly. The number of scenarios is not
//! limited. Accounts are counted and never named; their ids are dropped before anything is evaluated.
//!
//! Prices move at once and nothing else changes: no liquidation on the way, no slippage, no funding,
//! no default of one venue on another.

mod added;
mod book;
mod columns;
mod error;
mod evaluate;
mod margin;
mod moved;
mod outcome;
mod paths;
mod scenarios;
mod shipped;
mod speed;
mod sweep;
mod values;
mod wide_int;

pub use added::{AddError, Added, add_scenarios};
pub use book::StressBook;
pub use error::StressError;
pub use outcome::{BelowMargin, Outcome, Unliquidated};
pub use paths::{CrashPath, crash_paths};
pub use scenarios::{ScenarioSet, ScenarioSetError, StressScenario};
pub use shipped::{SETS, shipped};
pub use speed::{Beyond, Lead, Moment, Speed, SpeedLimits};
pub use sweep::{Crossing, Sweep, SweepPoint};
